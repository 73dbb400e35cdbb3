## The register of machines

machine-add = Add a machine
machine-new = New machine
machine-new-lead = A single machine. Many at once are entered on the booking's page: “Register machines”.
machine-lead-list = Every machine by its serial number: whose it is, where it stands and how it is.
machine-lead-own = Your machines: where they stand and how they are.
machine-search = Serial number or model
machine-none = No machines yet
machine-none-text = Open a booking and paste serial numbers: slots and legs are chosen for you.
machine-none-own = They appear here once the site's staff have received them.
machine-total =
    { $count ->
        [one] Total: { $count } machine
       *[other] Total: { $count } machines
    }
machine-only-rack = Rack { $rack }
machine-only-booking = Booking { $booking }
machine-serial = Serial number
machine-serial-hint = Unique for the whole operator, whatever the case of its letters.
machine-slot = Slot
machine-changed = Changed
machine-owner = Owner
machine-booking = Booking
machine-booking-number = Booking no.
machine-booking-hint = The machine is racked under it. It may be chosen later.
machine-model = Model from the catalogue
machine-model-hint = Gives the name and the cooling.
machine-model-name = Another model
machine-model-name-hint = If the catalogue does not have it.
machine-power = Power
machine-power-hint = Empty: as in the catalogue.
machine-catalogue-hint = The catalogue prevails where it says so.
machine-watts = { $watts } W
machine-about = About the machine
machine-no-rack = not in a rack
machine-by-house = the site's staff
machine-slot-of = { $rack }, slot { $slot }
machine-state-expected = expected
machine-state-received = received
machine-state-racked = racked
machine-state-repair = in repair
machine-state-removed = removed

## Steps

machine-step-expected = Expect
machine-step-received = Receive
machine-step-racked = Rack
machine-step-repair = To repair
machine-step-removed = Remove
machine-step-move = Move
machine-step-store = To the store
machine-rack-of = Rack { $serial }
machine-move-of = Move { $serial }
machine-place-lead = A machine stands where its booking has units left. What you leave empty is chosen for you.
machine-place-none = There is nowhere to put it: the machine has no booking, or the booking has no racks.
machine-place-choose = Choose a booking
machine-rack-hint = Only racks of its booking, with the units booked there.
machine-share-leg = { $leg } × { $units }
machine-share = { $units } units
machine-slot-hint = Empty: the first free one.
machine-leg-hint = Empty: where most is left.
machine-do-racked = Rack it
machine-do-move = Move it
machine-do-received = Receive
machine-do-repair = Send to repair
machine-do-removed = Remove
machine-confirm-received = Receive { $serial }
machine-confirm-repair = Repair { $serial }
machine-confirm-removed = Remove { $serial }
machine-lead-received = The machine will be in the site's store.
machine-lead-repair = The machine will be in repair.
machine-lead-removed = The machine leaves the site. Its entry stays; receiving it brings it back.
machine-lead-standing-received = The machine is taken out of its rack to the store; its slot becomes free.
machine-lead-standing-repair = The machine goes to repair; its slot in the rack is kept for it.
machine-lead-standing-removed = The machine leaves the site; its slot in the rack becomes free. Its entry stays.
machine-history-create = Entered: { $who }
machine-history-update = Changed: { $who }
machine-history-rack = Racked: { $who }
machine-history-receive = Received: { $who }
machine-history-repair = To repair: { $who }
machine-history-remove = Removed: { $who }
machine-history-register = Entered together with other machines
machine-history-table = Changed by a table of the site
history-reservation-register = { $who }: machines registered

## Many at once

machine-batch = Register machines
machine-batch-of = Machines of booking { $booking }
machine-batch-lead = Paste serial numbers: slots and legs of the assigned racks are filled in order. You see first what would be written.
machine-serials = Serial numbers
machine-serials-hint = One per line, up to 2,000.
machine-batch-where = Where they are
machine-batch-state-racked = they go into the booking's racks
machine-batch-state-received = received, in the store
machine-batch-state-expected = expected
machine-batch-try = Show what would be written
machine-batch-preview =
    { $count ->
        [one] { $count } machine will be written
       *[other] { $count } machines will be written
    }
machine-batch-racks =
    { $count ->
        [one] { $count } rack
       *[other] { $count } racks
    }
machine-batch-unwritten = nothing is written yet
machine-batch-write =
    { $count ->
        [one] Write { $count } machine
       *[other] Write { $count } machines
    }
machine-batch-change = Change
machine-booked = Booked
machine-registered = In the register already

## Refusals

machine-refused-booking = A machine stands under a booking of its owner: choose the booking first.
machine-refused-held = Booking { $booking } is not assigned yet: assign its racks first.
machine-refused-gone = Booking { $booking } is cancelled or has expired: choose another.
machine-refused-early = Booking { $booking } begins on { $from }: until then the machine can wait in the store.
machine-refused-over = Booking { $booking } ended on { $to }: a new one is needed.
machine-refused-no-units = Booking { $booking } has no units on rack { $rack }. { $other ->
        [some] Its racks: { $racks }.
       *[none] Assign racks to it.
    }
machine-refused-cooling = The machine needs { $needs ->
        [air] air
        [hydro] hydro
       *[immersion] immersion
    } cooling, rack { $rack } has { $has ->
        [air] air
        [hydro] hydro
       *[immersion] immersion
    }. Choose another booking or mend the machine.
machine-refused-supply = The machine takes { $needs ->
        [single] one leg
       *[three] three legs
    }, booking { $booking } is for { $has ->
        [single] one leg
       *[three] three legs
    }. Choose another booking or mend the machine.
machine-refused-watts = The machine draws { $watts } W, booking { $booking } has { $booked } W each: { $over } W too much. It needs a booking of that power.
machine-refused-budget = The machine draws { $watts } W, booking { $booking } has { $left } W left on rack { $rack }. Put it into another rack or book more power.
machine-refused-taken = All units of booking { $booking } on rack { $rack } are taken ({ $units }). { $other ->
        [some] Its other racks: { $racks }.
       *[none] It has no other racks.
    }
machine-refused-full = Rack { $rack } has no free slot: take out what does not belong there.
machine-refused-three = A three-phase machine takes all three legs: leave the leg empty.
machine-refused-leg = Booking { $booking } has nothing left on { $leg } of rack { $rack }. Left: { $open }.
machine-refused-slot = Rack { $rack } has slots 1 to { $slots }. { $open ->
        [0] None is free.
       *[other] The nearest free one: { $open }.
    }
machine-refused-slot-taken = Slot { $slot } of rack { $rack } is taken. { $open ->
        [0] None is free.
       *[other] The nearest free one: { $open }.
    }
machine-refused-way = That cannot be done to the machine: it is { $from ->
        [expected] expected
        [received] received
        [racked] racked
        [repair] in repair
       *[removed] removed
    }.
machine-refused-turn = { $from ->
        [expected] An expected machine becomes received, racked or removed
        [received] A received machine becomes racked, in repair or removed
        [racked] A racked machine becomes in repair, received or removed
        [repair] A machine in repair becomes racked, received or removed
       *[removed] A removed machine has to be received first
    }, not { $to ->
        [expected] expected
        [received] received
        [racked] racked
        [repair] in repair
       *[removed] removed
    }.
machine-refused-room = { $wanted } numbers, but booking { $booking } has room for { $fit }. Leave some out, or write them as received.
machine-error-taken = A machine with this serial number is in the register: find it in the list.
machine-error-watts = From 1 to 1,000,000 W.
machine-error-booking = That booking is another tenant's or another site's.
machine-error-many = At most { $most } numbers at once.
machine-error-long = Line { $line }: “{ $serial }” is longer than { $most } characters.
machine-error-twice = Line { $line }: “{ $serial }” stands in line { $first } already.
machine-error-known =
    { $count ->
        [one] { $count } number is in the register already: { $serials }
       *[other] { $count } numbers are in the register already: { $serials }
    }. Leave them out.

## Done

done-machine-added = The machine is added.
done-machine-saved = Saved.
done-machine-racked = The machine is in its rack.
done-machine-received = The machine is in the store.
done-machine-repair = The machine is in repair.
done-machine-removed = The machine is removed.
done-machines-added = The machines are written.

machine-place = Place
machine-stray = where its tenant holds nothing
