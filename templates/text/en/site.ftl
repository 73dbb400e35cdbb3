## Sites

site-noun = Site
site-lead = Capacity, and how much of it is sold today.
site-add = Add a site
site-new = New site
site-none = No sites yet
site-none-text = A site is one facility with its time zone and region. Power, cooling, halls and racks come next.
site-count-halls =
    { $count ->
        [one] { $count } hall
       *[other] { $count } halls
    }
site-usable = Incoming power
site-sold-today = Sold today
site-free = Free
site-free-note = by the scarcest: power, cooling or racks
site-sold-percent = { $percent }% sold
site-sold-of = sold of { $usable } kW
site-sold-racks = sold of { $usable } kW, racks: { $racks }
site-sold-of-free = Removes { $usable }, { $free } free
site-share = Share sold
site-views = Views of the site
site-crumbs = Path to this page
site-about = About the site
site-name = Name
site-code = Code
site-code-hint = Short and unique, such as SB.
site-address = Address
site-region = Region
site-region-hint = Code of the region, such as US-TX. Its restrictions apply.
site-zone = Time zone
site-zone-hint = IANA name, such as Europe/Moscow.
site-hold = Hold
site-plan = Published price plan
site-plan-none = not chosen
site-plan-hint = Tenants' quotes are made from it.
site-choose = Choose
site-edit-of = Edit { $name }
site-state = State
site-note = Note
site-from = From
site-last-day = To
site-open-end = open-ended
site-days = Days
site-history = History
site-trail-house = the system
site-trail-created = Created by { $who }
site-trail-changed = Changed by { $who }
site-tab-overview = Overview
site-tab-halls = Halls
site-tab-racks = Racks
site-tab-power = Power
site-tab-cooling = Cooling
site-tab-outages = Outages

## Halls and rows

site-hall = Hall
site-row = Row
site-hall-row = Hall and row
site-halls-lead = Halls, their rows, and the racks in them.
site-hall-add = Add a hall
site-hall-none = No halls yet
site-hall-none-text = Add a hall and rows, or import racks from a file: halls and rows that are missing are created.
site-hall-edit = Hall
site-hall-edit-of = Edit hall { $name }
site-offered = Offered to
site-offered-all = all tenants
site-offered-chosen = chosen tenants only
site-offered-nobody = nobody: only staff book in it
site-offered-hint = Tenants see and book only what is offered to them. Whoever has a place in the hall already keeps it.
site-offered-tenants = Chosen tenants
site-offered-nobody-said = Offered to nobody: only staff book in it.
site-offered-chosen-said = Offered only to { $tenants }.
site-error-offered = Choose at least one tenant below, or offer the hall to all or to nobody.
site-row-add = Add a row
site-row-name = Name of the row
site-row-none = No rows yet: add one to put racks in it.
site-row-rename = Rename the row
site-row-rename-of = Rename row { $name }
site-rename = Rename

## Racks

site-rack = Rack
site-racks-lead = Limits of the racks, and how much of them is sold today.
site-rack-add = Add a rack
site-rack-new = New rack
site-rack-first-lead = A rack stands in a row, hangs on a feed and belongs to a cooling zone. What this site still lacks:
site-rack-first-row = A row
site-rack-first-row-note = add a hall and its first row
site-rack-first-feed = A feed
site-rack-first-feed-note = add the grid connection, a panel and a feed
site-rack-first-zone = A cooling zone
site-rack-first-zone-note = add a zone and its units
site-rack-first-file = Or load all of it from tables at once
site-rack-no-site = A rack stands in a hall of a site: add the site first.
site-rack-search = Name of a rack
site-rack-none = No racks yet
site-rack-none-text = Import them from a file, or add them one by one on the site's page.
site-rack-name = Name
site-rack-name-hint = Unique on the site, up to 120 characters.
site-rack-kind = Kind
site-rack-kind-frame = frame
site-rack-kind-tank = tank
site-rack-kind-container = container
site-rack-phase = Phases
site-rack-phase-hint = One phase takes single-phase machines only.
site-rack-phase-three = three phases
site-rack-phase-L1 = L1 only
site-rack-phase-L2 = L2 only
site-rack-phase-L3 = L3 only
site-rack-needs = A rack needs a row, a feed and a cooling zone. Add what is missing first:
site-rack-free-note = the rack's limit less what is sold
site-place = Place
site-slots = Slots
site-slots-free = Free slots
site-slots-note = { $used } of { $all } taken
site-limit = Limit
site-limit-kw = Limit, kW
site-sold-kw = Sold, kW
site-free-kw = Free, kW
site-usable-kw = Usable, kW
site-hint-kw = Above 0, up to { $max } kW.
site-feed = Feed
site-feeds = Feeds
site-feed-a = Feed A
site-feed-b = Feed B
site-feed-b-hint = A second supply: each of the two must carry the rack alone.
site-feed-way = Supply up to the grid
site-feed-way-of = Supply { $number }, up to the grid
site-total-racks =
    { $count ->
        [one] Total: { $count } rack
       *[other] Total: { $count } racks
    }
site-guests = Who stands here
site-guests-aside = now and later
site-guests-none = The rack is free
site-guests-none-text = No reservation and no lease takes it, now or later.
site-booking = Booking
site-booking-number = Reservation { $number }
site-tenant = Tenant
site-machines = Machines
site-leg = Leg
site-legs-all = all three
site-reservation-held = held
site-reservation-assigned = assigned
site-reservation-leased = leased
site-meters-none = No meters on this rack.
site-meter-since = since { $from }
site-meter-until = { $from } to { $to }

## Racks from a file

site-import-lead = A trial first: what would be created, what would change, and which rows are bad. Nothing is written until you confirm.
site-import-file = CSV or XLSX file
site-import-hint = CSV: comma or semicolon, UTF-8 or Windows-1251; XLSX: the first sheet. Up to 16 MB and 50,000 rows.
site-import-template = Template:
site-import-try = Try the file
site-import-trial-lead = Trial of “{ $name }”: nothing is written yet.
site-import-done-lead = “{ $name }” is written.
site-import-created = New
site-import-updated = Changed
site-import-same = Unchanged
site-import-bad = Bad rows
site-import-nothing = The file says what the site already has: there is nothing to write.
site-import-all-good = All rows are good: { $created } to create, { $updated } to change.
site-import-some-bad = Bad rows: { $count }. Mend the file and upload it again, or write the good rows only.
site-import-write = Write
site-import-write-good = Write the good rows only: { $count }
site-import-other = Another file
site-import-more = Import more
site-import-stopped = Nothing was written: the file has bad rows.
site-import-line = Line
site-import-column = Column
site-import-value = Value
site-import-reason = What is wrong

## Power

site-power-lead = From the grid to the feeds: what each node carries and what is sold today, leg by leg.
site-power-note = The columns of the legs show free kW; the bar is the share sold. Today's outages are taken off. No more can be sold than every node up to the grid has free.
site-node = Node
site-node-kind = Kind of node
site-node-kind-grid = grid connection
site-node-kind-transformer = transformer
site-node-kind-panel = panel
site-node-kind-feed = feed
site-node-add = Add a node
site-node-new = New power node
site-node-none = No power nodes yet
site-node-none-text = Start with the grid connection; hang transformers, panels and feeds under it.
site-node-parent = Fed by
site-node-parent-hint = Empty for a grid connection only.
site-node-top = nothing, it is the grid connection
site-node-three = three phases
site-node-leg = one phase, { $leg }
site-rating = Rating
site-rating-three = { $volts } V × { $amps } A
site-rating-leg = { $volts } V × { $amps } A, { $leg }
site-rating-usable = { $rating }, { $share }
site-rating-kw = Power
site-way = Given by
site-way-kw = Power
site-way-supply = Voltage and current
site-volts = Voltage
site-volts-hint = Line to line on three phases, line to neutral on one.
site-amps = Current
site-amps-hint = The breaker's rating, per leg.
site-phases = Phases
site-unit-v = V
site-unit-a = A
site-usable-share = Use
site-usable-hint = The share of the rating to sell: 0.1 to 100%.
site-leg-free = { $leg } free, kW
site-leg-bar = { $sold } of { $usable } sold, { $percent }%

## Cooling

site-cooling-lead = The heat that each zone removes, and what is sold in it, for the year ahead.
site-cooling-zone = Cooling zone
site-cooling-kind = Cooling
site-cooling-air = air
site-cooling-hydro = hydro
site-cooling-immersion = immersion
site-cooling-today = Removes today
site-zone-add = Add a zone
site-zone-new = New cooling zone
site-zone-none = No cooling zones yet
site-zone-none-text = A zone is the units that remove the heat of its racks. A rack needs one.
site-units = Units
site-units-hint = One a line: name; kW. For example: Chiller 1; 400
site-units-line = Units: { $count }, spare: { $spare }
site-spare = Spare
site-spare-hint = How many of the largest units are not sold; fewer than there are.
site-derating = Derating by month
site-derating-hint = The share that is left in that month of every year, 0 to 100%.
site-derating-none = none
site-derating-month = { $month } to { $share }
site-months-head = kW
site-months-of = { $name } by month
site-removes = Removes
site-sold-peak = Sold, peak
site-month-1 = Jan
site-month-2 = Feb
site-month-3 = Mar
site-month-4 = Apr
site-month-5 = May
site-month-6 = Jun
site-month-7 = Jul
site-month-8 = Aug
site-month-9 = Sep
site-month-10 = Oct
site-month-11 = Nov
site-month-12 = Dec

## Outages

site-outages-lead = Planned outages, for whole days of the site.
site-outage-add = Plan an outage
site-outage-new = Planned outage
site-outage-new-lead = The node and all below it lose power. If that breaks live bookings, you are shown which before anything is written.
site-outage-plan = Plan
site-outage-none = No outages planned
site-outage-none-text = A planned outage takes the node's power off sale for those days.
site-outage-node = Node
site-outage-node-hint = It goes off with all that it feeds.
site-outage-from = First day
site-outage-last = Last day
site-outage-last-hint = Inclusive.
site-outage-reason = Reason
site-outage-racks = Racks below the node
site-outage-state-planned = planned
site-outage-state-now = under way
site-outage-state-over = over
site-outage-state-cancelled = called off
site-outage-call-off = Call off
site-outage-cancel = Call off the outage
site-outage-cancel-of = Call off the outage of { $node } from { $from }
site-outage-cancel-lead = The node's power goes back on sale for those days. If you need it off later, plan the outage again.
site-outage-cancel-do = Call off the outage

## Restrictions

site-restrictions = Regional restrictions
site-restrictions-lead = What regions forbid, and when. What is only announced is shown, not applied.
site-rules = Restrictions of the region
site-rule-none = No restrictions in this region.
site-rule-from = { $what } from { $from }, open-ended.
site-rule-until = { $what } from { $from } to { $to }.
site-rule-days = from { $from } to { $to }
site-rule-season = { $what } every year { $days }.
site-rule-season-until = { $what } every year { $days }, until { $to }.
site-workload-mining = Mining is forbidden
site-workload-compute = Compute is forbidden
site-workload-noun-mining = mining
site-workload-noun-compute = compute
site-announced-badge = announced, not applied
site-restriction-add = Add a restriction
site-restriction-new = New restriction
site-restriction-edit = Restriction of a region
site-restriction-none = No restrictions
site-restriction-none-text = What the regions of your sites forbid is shown here.
site-restriction-what = What is forbidden
site-restriction-workload = What is forbidden
site-restriction-over = over
site-restriction-status-in_force = in force
site-restriction-status-announced = announced, not applied
site-restriction-status-hint = An announced one is shown and closes nothing.
site-region-code = Code of the region
site-region-code-hint = The same as the site's.
site-region-name = Name of the region
site-valid-from = In force from
site-valid-to = Last day
site-valid-to-hint = Empty: open-ended.
site-season = Season, unless it is all year round
site-season-from = From that day of the year
site-season-to = To that day
site-season-hint = Day and month, such as 15.11. It comes back every year.
site-season-to-hint = Inclusive, such as 15.03. It may pass the new year.
site-region-da = Dagestan
site-region-in = Ingushetia
site-region-kb = Kabardino-Balkaria
site-region-kc = Karachay-Cherkessia
site-region-se = North Ossetia
site-region-ce = Chechnya
site-region-donetsk = Donetsk (occupied part)
site-region-luhansk = Luhansk (occupied part)
site-region-zaporizhzhia = Zaporizhzhia (occupied part)
site-region-kherson = Kherson (occupied part)
site-region-irkutsk = Irkutsk oblast (south)
site-region-buryatia = Buryatia (listed districts)
site-region-zabaykalsky-listed = Zabaykalsky krai (listed districts)
site-region-zabaykalsky = Zabaykalsky krai
site-note-whole = whole territory
site-note-analogy = supply by analogy
site-note-bins = sources differ by bin
site-note-nameplate = supply not published: check the nameplate
site-note-derived = watts derived from hashrate and efficiency
site-note-allocation = watts from a site allocation, not the nameplate
site-note-announced = as announced by the Russian government
site-note-first-season = first season
site-note-year-round = year-round
site-note-winters = every autumn and winter
site-note-no-act = year-round ban announced; no signed act found

## Models

site-models-lead = The catalogue that reservations choose from. Reservations keep what they were made with.
site-model = Model
site-maker = Maker
site-model-add = Add a model
site-model-new = New model
site-model-edit = Model of the catalogue
site-model-form-lead = Power is the nameplate's, at the wall.
site-model-search = Maker or model
site-model-none = The catalogue is empty
site-model-none-text = Add models so that they can be reserved by name.
site-model-watts = Power
site-model-hashrate = Hashrate
site-watts = Power, W
site-hashrate = Hashrate, TH/s
site-efficiency = J/TH
site-unit-th = TH/s
site-supply = Supply
site-supply-single = one phase
site-supply-three = three phases
site-supply-choose = choose on booking
site-supply-hint = Leave it blank where the maker does not say: then the tenant chooses.

## Refusals and errors

site-error-breaks =
    { $count ->
        [one] Not saved yet: the change breaks { $count } live booking
       *[other] Not saved yet: the change breaks { $count } live bookings
    }
site-breaks-sum = Conflicts that would open: { $count }; tenants affected: { $tenants }; bookings that would only get other racks: { $moved }.
site-breaks-next = Change the dates and numbers below and save again, or apply the change as it is: the conflicts stay listed until each is resolved, and nothing new is sold onto what is short.
site-breaks-apply =
    { $count ->
        [one] Apply and open { $count } conflict
       *[other] Apply and open { $count } conflicts
    }
site-breaks-moved =
    { $count ->
        [one] { $count } booking would get other racks and lose nothing
       *[other] { $count } bookings would get other racks and lose nothing
    }
site-breaks-list = Bookings that the change breaks
site-breaks-what = { $model } × { $units }
site-breaks-why = What would be short
site-breaks-days = Days
site-error-taken = This name is taken here: choose another.
site-error-zone = There is no such time zone: choose one from the list.
site-error-hold = 1 to 8,760 hours.
site-error-usable = Above 0 and up to 100%.
site-error-rating = Above zero and within what exists: check the number.
site-error-rating-way = Give either the power, or voltage and current.
site-error-parent = A node cannot be fed by itself or by what is below it.
site-error-window = The last day is not before the first.
site-error-season = Day and month, such as 15.11; give both the start and the end.
site-error-slots = 1 to 10,000 slots.
site-error-same-feed = The second feed is another one than the first.
site-error-units = At least one unit with a power above zero is needed.
site-error-unit-line = Line { $line }: write a name, a semicolon and kW, such as “Chiller 1; 400”.
site-error-unit-twice = “{ $name }” is there twice: give the units different names.
site-error-units-many = At most { $most } units.
site-error-spare = Fewer units must be spare than there are.
site-error-derating = 0 to 100%.

## Done

done-data-imported = The file is written.
done-outage = The outage is planned.
done-outage-cancelled = The outage is called off.
done-site-saved = Saved.
done-site-added = Added.

## What if it fails

site-tab-failures = Failures
site-tab-balance = Energy balance
site-failures = Single failures
site-failures-lead = What if this is lost: who loses power, what rides through on its other feed, which zone goes over.
site-failure-ask = What if it fails
site-failure-kind = Kind
site-failure-short = If it fails
site-failure-ask-of = If it fails: { $name }
site-failure-lost = What fails
site-failure-also = And at the same time
site-failure-alone = Nothing else
site-failure-from = On this day
site-failure-to = Until (last day)
site-failure-to-hint = Empty: one day. The worst day counts.
site-failure-window = The last day must not be before the first, and at most { $most } days later.
site-failure-unit = Cooling unit · { $name }
site-failure-unit-kind = Cooling unit
site-failure-title = { $name } lost: { $days }
site-failure-worst = The worst day is { $day }. Planned outages are counted in.
site-failure-nothing = No live booking feels it.
site-failure-plan = Plan an outage
site-failure-dark = Loses power
site-failure-tenants = Tenants affected
site-failure-riding = Ride through
site-failure-machines-note =
    { $count ->
        [one] { $count } machine
       *[other] { $count } machines
    }
site-failure-racks-note =
    { $count ->
        [one] { $count } rack without power
       *[other] { $count } racks without power
    }
site-failure-riding-note =
    { $count ->
        [one] machines, in { $count } rack on two feeds
       *[other] machines, in { $count } racks on two feeds
    }
site-failure-leg = { $name } carries { $excess } too much: it was oversold before.
site-failure-zones = Cooling without it
site-failure-zone = Zone
site-failure-removes = Still removes, kW
site-failure-heat = Heat, kW
site-failure-over-kw = Over, kW
site-failure-spare = Spare units left
site-failure-holds = holds
site-failure-who = Who feels it
site-failure-rest = { $count } more ride through
site-failure-dark-kw = Dark, kW
site-failure-machines = Dark machines
site-failure-hot = In a zone that is over
site-failure-bookings = Bookings hit
site-failure-riding-racks = Racks that ride through
site-failure-dark-racks =
    { $count ->
        [one] { $count } rack loses power
       *[other] { $count } racks lose power
    }
site-failure-riding-list =
    { $count ->
        [one] { $count } rack rides through on its other feed
       *[other] { $count } racks ride through on their other feed
    }
site-failure-every = Every single failure on { $day }
site-failure-what = What fails
site-failure-day = Day
site-failure-more = { $count } more
site-failure-all = Show all
site-failure-note = Power by sold load. A rack on two feeds is sold so that each carries it alone; the two are never added up. A zone fails over when all its other units together remove less than its machines give.
