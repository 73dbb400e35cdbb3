## What binds

bound-node_leg = { $name }, leg { $leg }: { $free } free from { $date }, { $needed } needed.
bound-zone = Cooling zone { $name }: { $free } free from { $date }, { $needed } needed.
bound-rack_slots = Rack { $name }: { $free } slots free from { $date }, { $needed } needed.
bound-rack_leg = Rack { $name }, leg { $leg }: { $free } free from { $date }, { $needed } needed.
bound-restriction = { $name }: such a workload is forbidden from { $date }.
bound-cooling_kind = No rack here has cooling of this kind.
bound-supply = No rack here has this supply.
bound-feeds = No rack here has two feeds.
bound-redundancy = Rule { $name } holds here: { $free } of { $needed } find racks that meet it. Ask for that many, or ask the site's staff about the rule.

reason-restriction = The region forbids this workload in that time.
reason-cooling_kind = There is no cooling of this kind.
reason-space = There are not enough slots, or the racks' own limits are too low.
reason-power = There is not enough power.
reason-cooling = There is not enough cooling.

refusal-title =
    { $count ->
        [one] { $count } machine { $model } does not fit
       *[other] { $count } machines { $model } do not fit
    }
refusal-fits =
    { $count ->
        [one] { $count } machine would fit for this term.
       *[other] { $count } machines would fit for this term.
    }
refusal-not-proven = No place was found within the search limit: staff may still find one by hand.
alternative-fewer =
    { $count ->
        [one] { $count } machine, same term
       *[other] { $count } machines, same term
    }
alternative-later = All from { $date }
alternative-hall = All, in hall “{ $hall }”
alternative-anywhere = All, across halls

window-until = { $from } – { $to }
window-open = from { $from }, open-ended
left-days =
    { $count ->
        [one] { $count } day left
       *[other] { $count } days left
    }
left-hours =
    { $count ->
        [one] { $count } hour left
       *[other] { $count } hours left
    }
left-minutes =
    { $count ->
        [one] { $count } minute left
       *[other] { $count } minutes left
    }

leasing-cooling-air = air
leasing-cooling-hydro = hydro
leasing-cooling-immersion = immersion
leasing-supply-single = 1 phase
leasing-supply-three = 3 phases
leasing-workload-mining = mining
leasing-workload-compute = compute

reservation-status-held = to be assigned
reservation-status-assigned = assigned
reservation-status-expired = expired
reservation-status-cancelled = cancelled
reservation-status-leased = leased

## Errors

leasing-error-rack = There is no such rack on this site.
leasing-error-notice = Too early: the notice period must pass first.
leasing-error-later = The lease already ends before this date.
leasing-error-cancel-leased = This is a lease now: it ends with notice, not by cancelling the reservation.
leasing-error-answer = Write an answer to the tenant.
leasing-error-unassigned = Assign racks to every machine first.
leasing-error-expired = The reservation has expired and its places are free again. Reserve anew.
leasing-error-cancelled = The reservation is cancelled. Reserve anew.
leasing-error-no-lease = Only a lease is moved; the racks of a reservation are assigned.
leasing-error-move-past = What is past cannot be moved: today at the earliest.
leasing-error-move-ended = The lease has ended by then.
leasing-error-leased = The reservation is a lease already.
leasing-error-units = From 1 to 100,000 machines.
leasing-error-watts = More than 0 and at most 1,000,000 W.
leasing-error-contracted = More than zero and at most the reserved power.
leasing-error-days = From 0 to 365 days.
leasing-error-long-past = A contract that already runs may have begun at most 12 whole months ago.
leasing-error-ended = This contract has ended: only one that still runs is entered.
leasing-error-not-begun = Only a contract that already runs is entered here: give the day on which it began.
leasing-error-past = This day has passed: start today or later.
leasing-error-window = The end must be after the start.
leasing-error-hall = There is no such hall on this site.
leasing-error-catalogue = The catalogue says otherwise: leave this out, or leave out the model.
leasing-error-model-or = Give a model of the catalogue, or watts, supply and cooling of the machines.
leasing-error-supply = Choose the supply: its maker does not state it.

## What is wished for

wish-tenant = Tenant
wish-site = Site
wish-hall = Hall
wish-any-hall = Any hall
wish-model = Model
wish-custom = Another model…
wish-model-name = Name of the model
wish-watts = Power of one machine
wish-each = Power of one machine
wish-cooling = Cooling
wish-supply = Supply
wish-workload = Workload
wish-units = Units
wish-machines = Machines
wish-power = Power
wish-from = From
contract-enter = Enter the contract and assign racks
contract-new = Enter a running contract
wish-from-hint = Also a past day, for a contract that already runs: up to 12 months back.
wish-term = Term
wish-term-open = open-ended
wish-term-until = until a date…
wish-to = To
wish-window = Term
wish-waits = Fill in the new fields to see what fits and when.
wish-show = Show
leasing-supply-open = choose the supply

## Capacity

availability-sub = What fits, where and when. The numbers say how many such machines fit for the whole term.
availability-title = Free by start week
availability-plenty = plenty
availability-fits = enough
availability-part = some
availability-little = few
availability-site = Whole site
availability-no-cooling = There is no cooling for such machines here
availability-cell =
    { $count ->
        [one] From { $date }: { $count } machine.
       *[other] From { $date }: { $count } machines.
    }
availability-lead =
    { $count ->
        [one] { $hall }, from { $date }: { $count } machine.
       *[other] { $hall }, from { $date }: { $count } machines.
    }
availability-fits-from =
    { $count ->
        [one] { $count } fits from { $date }.
       *[other] { $count } fit from { $date }.
    }
availability-fits-in =
    { $count ->
        [one] { $count } fits in { $place }, from { $date }.
       *[other] { $count } fit in { $place }, from { $date }.
    }
availability-otherwise =
    { $count ->
        [one] { $count } machine of the same power with other cooling fits in { $place }, from { $date }.
       *[other] { $count } machines of the same power with other cooling fit in { $place }, from { $date }.
    }
availability-search = Search everywhere
availability-never = All of them fit in none of the next 12 weeks.
availability-not-proven = Found within the search limit: more may fit.
availability-card = { $hall }, from { $date }
availability-short = { $fit } of { $units } fit
availability-of = { $units } of { $fit }
availability-spots = They would stand in { $racks }
availability-spots-more =
    { $count ->
        [one] They would stand in { $racks } and { $count } more rack
       *[other] They would stand in { $racks } and { $count } more racks
    }
availability-reserve =
    { $count ->
        [one] Reserve for { $count } hour
       *[other] Reserve for { $count } hours
    }
availability-request = Leave a request

## What fits where and when

search-page-title = What fits where and when
search-sub = Leave open what may differ: site, model, cooling, start. All that fit come first, the earliest on top.
search-kw = Or power
search-kw-hint = Then each model in as many machines as this power is enough for.
search-earliest = Start from
search-latest = Start until
search-any-model = any model
search-any-cooling = any cooling
search-any-site = any site
search-similar = and models of similar power
search-go = Search
search-found =
    { $count ->
        [0] Nothing fits
        [one] { $count } answer
       *[other] { $count } answers
    }
search-none = Nothing fits at any of these starts. Ask for fewer machines, a later start or a shorter term.
search-where = Where
search-fits = Fit
search-price = A month incl. VAT, estimated
search-next = Next step
search-of = { $fit } (asked for { $asked })
search-open = Look and reserve
search-look = Look
nothing-site = There is no site yet
nothing-site-text = Once there is a site with halls and racks, this page shows what fits, where and when.
nothing-site-go = Add a site
nothing-racks = There are no racks yet
nothing-racks-text = The site has neither halls nor racks. Add them or load them as tables: panels and feeds, cooling zones, halls, rows, racks.
nothing-racks-go = To the site’s data
search-more =
    { $count ->
        [one] { $count } more answer: narrow the search to see it.
       *[other] { $count } more answers: narrow the search to see them.
    }
search-note = Numbers hold for the whole term. A month is priced on nominal load by the site’s published plan; it is exact once racks are proposed.

quote-energy = Energy, { $zone }: { $kwh } kWh × { $price }/kWh
quote-capacity = Power: { $kw } kW × { $price }/kW
quote-rent = Space: { $racks } racks × { $price }/rack
quote-line-shortfall = Up to the minimum
quote-line-charge = Charge
quote-line-sla_credit = Availability credit
quote-vat = VAT { $rate }
quote-total = A typical month, { $vat }, estimated
quote-note = On nominal load, plan “{ $plan }”, { $month }.
quote-none = No price yet: the site has no published plan for these dates.

reserve-new = Reserve capacity

## Refused

refused-page-title = Not reserved
refused-asked = What was asked for
refused-next = What next
refused-kept = Your request is kept: the site's staff see it and will answer.
refused-change = Change the wish
refused-request = Open the request

## Reservations

list-kw = kW
list-status = State
reservations-search = Tenant, model or number
reservations-none = No reservations yet
reservations-none-text = Choose machines and a term: the places are yours at once, without approval.
reservations-none-go = See what is free
reservation-title = Reservation No. { $id }
reservation-machines = { $count } × { $model }
reservation-what = What is reserved
reservation-hold = held until { $until }, { $left }
reservation-held-until = Held until
reservation-racks = Racks
reservation-assign = Assign racks
reservation-reassign = Change racks
reservation-sign = Sign the lease
reservation-again = Reserve again
reservation-cancel = Cancel the reservation
reservation-cancel-title = Cancel reservation No. { $id }?
reservation-cancel-lead = The places become free at once, for anybody.
reservation-cancel-warning = This cannot be undone: it takes a new reservation, if there still is room.
places = Racks
places-proposed = proposed, may change until they are assigned
places-assigned = assigned
places-gone = the places are free again
place-rack = Rack
place-where = Place
place-row = { $hall }, row { $row }
place-leg = Leg
place-legs = L1 / L2 / L3
place-three = 3 phases
leasing-history = History
history-house = The system
history-reservation-reserve = { $who }: reserved
history-reservation-move = { $who }: moved to other racks
history-reservation-assign = { $who }: racks assigned
history-reservation-cancel = { $who }: cancelled
history-request-request = { $who }: request left
history-request-close = { $who }: request closed
history-lease-sign = { $who }: lease signed
history-lease-notice = { $who }: notice given
history-other = { $who }: { $action }

done-reserved = Reserved. Staff will assign the racks; until the hold ends the places are yours.
done-reservation-cancelled = The reservation is cancelled, its places are free.
done-lease-moved = The lease moves to the chosen racks.
done-reservation-assigned = The racks are assigned.
done-lease-signed = The lease is signed.
done-lease-noticed = Notice taken: the end date is recorded.
done-request-answered = The answer is sent and the request closed.
done-request-withdrawn = The request is withdrawn.

## Assigning racks

assign-title = Racks of reservation No. { $id }
assign-sub = The proposed placement is filled in. Any other that holds for the whole term is as good.
assign-search = Rack or hall
assign-slots = Free slots
assign-room = up to { $fits } · { $free }
assign-units-on = How many machines go to { $rack }
assign-placed = Placed
assign-hidden =
    { $count ->
        [one] { $count } more rack is not shown: search for a rack by its name.
       *[other] { $count } more racks are not shown: search for a rack by its name.
    }
relocate-title = Move the lease of reservation No. { $id }
relocate-sub = From the chosen day all machines stand on other racks. Until then they stay where they are.
relocate-from = From
relocate-from-hint = The first day on the new racks. “Find” shows what is free from then on.
relocate-save = Move
assign-save = Assign
assign-refused = This placement is not possible
assign-error-count = Placed: { $placed }; the reservation has { $count }.

## Signing

sign-title = Lease for reservation No. { $id }
sign-contracted = Contracted power
sign-contracted-hint = Up to { $most }, as reserved
sign-payment-hint = Days to pay after an invoice
sign-notice-hint = Days of notice before the end
sign-email-hint = Invoices go here
sign-no-plans = There is no published price plan. Ask finance to publish one.
sign-save = Sign the lease

## Leases

lease-name = Lease
lease-title = Lease { $number }
lease-state-active = active
lease-state-upcoming = to start
lease-state-notice = ending
lease-state-ended = ended
leases-search = Number, tenant or model
leases-none = No leases yet
leases-none-text = A lease is signed once all racks of a reservation are assigned.
leases-none-go = Open the reservations
lease-contracted-kw = Contracted, kW
lease-contracted = Contracted power since { $date }
lease-contracted-from = Contracted power from { $date }
lease-plan = Price plan
lease-payment-days = Payment within
lease-notice-days = Notice
lease-billing-email = Billing e-mail
lease-reservation = Reservation
lease-terms = Terms
lease-usage = Usage
lease-meter-new = Put a meter into service
lease-no-meter = No meter yet
lease-no-meter-note = { $kw } contracted; usage shows once a meter serves.
lease-invoices = Invoices of the lease
lease-move = Move to other racks
lease-end = End the lease
lease-events = Events
lease-events-none = No outages or curtailments are recorded.
lease-event-new = Record an event
lease-event-when = When
lease-event-cause = Cause
lease-event-remove = Remove
lease-event-note = Note
lease-event-cause-host = site
lease-event-cause-curtailment = curtailment
lease-event-cause-tenant = tenant

notice-title = End lease { $number }?
notice-lead = From this day on the machines have to be off, and the places are free for others.
notice-end = Ends on
notice-hint = Not before { $date }; that day is no longer part of the lease
notice-earliest = Earliest date
notice-frees = Power that becomes free
notice-warning = The date can later only be brought forward, not put off.

## Requests

requests-sub = Wishes that found no place.
requests-search = Tenant or model
requests-none = No requests
requests-none-text = A request is left where machines do not fit: staff see it and answer.
request-title = Request No. { $id }
request-why = Why it did not fit
request-fit = Would fit
request-state-open = to be answered
request-state-closed = closed
request-again = Try again
request-answer = Answer
request-to-answer = Answer the tenant
request-answer-hint = What is possible and when. The answer closes the request.
request-send = Answer and close
request-withdraw = Withdraw the request
request-withdraw-text = If the place is no longer needed, withdraw the request.
reason-short-restriction = regional restriction
reason-short-cooling_kind = no such cooling
reason-short-space = slots
reason-short-power = power
reason-short-cooling = cooling

## Conflicts

nav-conflicts = Conflicts
conflicts-sub = Bookings that a change of capacity left where they cannot stay. Each is listed until it is resolved; nothing new is sold onto what is over.
conflicts-search = Tenant, booking or resource
conflicts-none = No open conflicts
conflicts-none-text = Every live booking has its place. A change that breaks one says so before it is made, and what is agreed to is listed here.
conflicts-none-go = Resolved conflicts
conflicts-total =
    { $count ->
        [one] { $count } conflict
       *[other] { $count } conflicts
    } of { $bookings ->
        [one] { $bookings } booking
       *[other] { $bookings } bookings
    }
conflicts-of-booking = Open conflicts
conflict-booking = No. { $id }
conflict-state-open = Open
conflict-state-resolved = Resolved
conflict-state-all = All
conflict-since = since { $at }
conflict-resolution-cancelled = Booking cancelled
conflict-resolution-ended = Ended
conflict-resolution-moved = Moved
conflict-resolution-restored = Capacity is enough again
conflict-node_leg = { $name }, leg { $leg }: short by { $excess }
conflict-zone = Cooling { $name }: short by { $excess }
conflict-rack_slots = Rack { $name }: short by { $excess }
conflict-rack_leg = Rack { $name }, leg { $leg }: short by { $excess }
conflict-restriction = { $name }: { $excess } forbidden by a restriction
conflict-place = Rack { $name } no longer suits { $excess }
conflict-own = this booking has { $own } there
conflict-slots =
    { $count ->
        [one] { $count } slot
       *[other] { $count } slots
    }
conflict-machines =
    { $count ->
        [one] { $count } machine
       *[other] { $count } machines
    }
conflict-noun-node = Power node
conflict-noun-outage = Outage
conflict-noun-rack = Rack
conflict-noun-zone = Cooling zone
conflict-noun-weather = Design weather
conflict-noun-site = Site
conflict-noun-restriction = Restriction
conflict-noun-import = Rack import
conflict-cause-node = Power node { $words } changed
conflict-cause-outage = Outage { $words }
conflict-cause-rack = Rack { $words } changed
conflict-cause-zone = Cooling zone { $words } changed
conflict-cause-weather = Design weather of { $words } changed
conflict-cause-site = Site { $words } changed
conflict-cause-restriction = Restriction: { $words }
conflict-cause-import = Racks imported from a file
conflict-step-move = Choose other racks
conflict-step-cancel = Cancel the booking
conflict-step-end = End the lease
conflict-step-call-off = Call the outage off
conflict-step-reverse = Change it back
conflict-step-racks = Open the racks
conflict-col-booking = Booking
conflict-col-what = What is short
conflict-col-days = Days
conflict-col-from = First day
conflict-col-last = Last day
conflict-col-kw = Short, kW
conflict-col-count = Short, slots or machines
conflict-col-cause = Cause
conflict-col-opened = Opened
conflict-col-resolved = Resolved at
conflict-col-steps = What to do
conflict-calm = The capacity of your booking is limited from { $from }. The operator knows and is resolving it; you need not do anything.
## Several kinds at once

parts-open = Several kinds, whole racks, chosen racks…
parts-title = Reserve several kinds at once
parts-sub = All parts are placed together for the same term, or none of them.
parts-when = Where and when
parts-check = Check what fits
parts-part = Part { $number }
parts-what = What
parts-rack = whole racks for own use
parts-rack-name = whole rack, up to { $power }
parts-units = Machines or racks
parts-name = Name
parts-watts = Power of one machine or rack
parts-supply-hint = A whole rack: three-phase, or on one phase
parts-racks = Only these racks
parts-racks-hint = Names by comma; a range as A-01..A-10
parts-feeds = on two feeds
parts-feeds-hint = Only racks that two feeds supply, each able to carry them alone
parts-among =
    { $count ->
        [one] in { $count } named rack
       *[other] among { $count } named racks
    }
parts-asks = Asks for
parts-remove = Remove part { $number }
parts-add = Add a part
parts-reserve = Reserve all
parts-take-offer = Take over what fits
parts-fit = All of it fits:
parts-refused = All of it together does not fit
parts-fits = { $model }: { $fits } of { $units } fit beside the parts before it.
parts-would-fit =
    { $count ->
        [one] { $count } would fit
       *[other] { $count } would fit
    }
parts-error-rack = There is no rack “{ $rack }” on this site.
leasing-error-parts = From 1 to 8 parts.
leasing-error-together = Parts of one request share their tenant, site, hall and term.
reservation-together = Reserved together
reservation-other = No. { $id }: { $machines }
reservation-cancelled-too = Cancelled with it

## Redundancy

redundancy-section = Admission
redundancy-rule = Redundancy
redundancy-n = N: any rack
redundancy-n-plus-one = N+1: two feeds and a spare cooling unit
redundancy-two-n = 2N: two feeds with nothing in common but the grid, and a spare cooling unit
redundancy-site-hint = What every rack must have that is booked here. A tenant's own rule holds where it is stricter.
redundancy-tenant-hint = What every rack must have that this tenant books. A site's rule holds where it is stricter.

## How good a place is

quality-now = Place as it is now
quality-racks =
    { $count ->
        [one] { $count } rack
       *[other] { $count } racks
    }
quality-opened =
    { $count ->
        [0] none of them newly opened
        [one] { $count } newly opened
       *[other] { $count } newly opened
    }
quality-rows =
    { $count ->
        [1] one row
       *[other] { $count } rows
    }
quality-legs = worst leg difference { $power }
quality-left =
    { $count ->
        [one] { $count } whole rack left for others
       *[other] { $count } whole racks left for others
    }

## Re-planning

replan-open-page = Re-plan
replan-title = Re-plan
replan-sub = Moves of reservations that are not assigned yet, so that capacity is free in one piece.
replan-goal = Make room for
replan-goal-racks = whole racks
replan-goal-request = Request No. { $id }, { $tenant }: { $machines }
replan-model = Count how many fit
replan-moves = Moves
replan-count =
    { $count ->
        [one] { $count } reservation
       *[other] { $count } reservations
    }
replan-none = Nothing to gain: no move of an unassigned reservation frees more.
replan-from = Stands in
replan-to = Would stand in
replan-effect = What it changes
replan-before = Before
replan-after = After
replan-open = Racks in use
replan-free = Whole racks free
replan-legs = Worst leg difference
replan-fits = { $model }: fit with nobody moving
replan-warning = Only the proposed racks change. Nothing that is assigned or leased moves.
replan-apply =
    { $count ->
        [one] Move { $count } reservation
       *[other] Move { $count } reservations
    }
replan-error-changed = The reservations have changed since: look at the new proposal.
done-replanned = The reservations are moved.
history-reservation-replan = { $who }: moved to other racks

left-title = Left behind
left-text = These machines stand in racks where their tenant holds nothing today: the lease has moved or ended. Each gets a place in the racks that are held now.
left-place = rack { $rack }, slot { $slot }
left-move = Move
left-move-of = Move machine { $serial }
left-all = In the register
left-more = There are more.
left-count = { $count ->
    [one] { $count } machine stands where its tenant holds nothing
   *[other] { $count } machines stand where their tenants hold nothing
  }
