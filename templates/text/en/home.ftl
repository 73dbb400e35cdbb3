home-tabs = What to show
home-tab-site = Site
home-tab-finance = Finance
home-tab-tenants = Tenants
home-all = All
home-late = overdue

## The tenant

home-leases =
    { $count ->
        [one] { $count } lease
       *[other] { $count } leases
    }
home-now = Now
home-no-meter = no lease has a meter yet: nothing is measured
home-now-note = { $percent } of { $kw } contracted
home-energy = This month so far
home-estimated = of which estimated { $kwh } kWh
home-estimated-share = { $percent } estimated
home-money = Charged this month
home-charged = Charged, { $month }
home-forecast = { $vat }; forecast for the month { $money }
home-due = To pay
home-due-by = by { $date }
home-due-none = no unpaid invoices
home-overdue = { $money } overdue
home-advance = advance { $money }
home-week = Power this week, kW
home-contract = contract { $kw }
home-legend-tariff = cheap tariff hours
home-mark-estimated = estimate
home-mark-curtailment = curtailment
home-mark-outage = outage
home-mark-tenant = tenant
home-no-readings = There are no readings for this week yet.
home-usage = Usage by lease and half-hour
home-attention = Needs attention
home-attention-none = Nothing needs a decision now.
home-invoice-due = Invoice { $number } is due by { $date }
home-invoice-late = Invoice { $number } was due on { $date }
home-held = Reserved: { $count } × { $model }
home-held-waits = staff are assigning racks
home-held-assigned = racks are assigned, the lease is to be signed
home-answered = Request No. { $id } was answered
home-col-now = kW now / contracted
home-col-share = Share of the contracted power
home-col-kwh = kWh this month
home-col-money = Charged this month, { $vat }

## The site

home-staff-title = Today on site
home-requests = Requests to answer
home-requests-none = Every request has its answer.
home-request = { $tenant }: { $count } × { $model }
home-request-note = from { $from }, { $fit } would fit
home-holds = Reservations to assign and to sign
home-holds-none = No reservation waits for racks or a signature.
home-to-assign = assign racks
home-to-sign = sign the lease
home-near =
    { $count ->
        [0] Near a limit
       *[other] Near a limit: { $count }
    }
home-near-none = Nothing is sold to 90% or more.
home-more-rows = { $count } more
first-steps = First steps
first-steps-done = { $done } of { $all } done
first-step-done = done
first-step-go = Go there
first-step-operator = The operator’s details
first-step-operator-text = Name, tax numbers, address and bank: they stand on every invoice.
first-step-site = A site
first-step-site-text = Region, time zone and the rules of booking.
first-step-racks = Halls, power, cooling, racks
first-step-racks-text = One by one, or as CSV and XLSX tables, also from NetBox.
first-step-plan = A price plan
first-step-plan-text = Prices by tariff hours, and a version that is published.
first-step-tenant = A tenant
first-step-tenant-text = Who leases the racks; invite its people on its page.
home-near-node = { $name }: { $percent } sold
home-near-zone = Cooling { $name }: { $percent } sold
home-meters = Silent meters
home-meters-none =
    { $count ->
        [one] Every meter was read within the last { $count } hour.
       *[other] Every meter was read within the last { $count } hours.
    }
home-meters-others = No meter is silent but those that alarms tell of.
home-silent = { $meter } is silent
home-silent-since =
    { $hours ->
        [one] last read { $at }, { $hours } hour ago
       *[other] last read { $at }, { $hours } hours ago
    }
home-silent-never = never read yet
home-conflicts =
    { $count ->
        [0] Open conflicts
       *[other] Open conflicts: { $count }
    }
home-conflicts-none = No booking is in conflict with its place.
home-outages = Outages ahead
home-outages-none = No outages are planned.
home-outage = { $node }: { $from } to { $to }

## What the running month lacks

home-lacks = Missing so far: { $month }
home-lacks-none = Every meter has given its readings up to today.
home-lacks-lead =
    { $meters ->
        [0] Leases without a meter: { $leases }
        [one] { $meters } meter lacks readings of { $hours } hours; leases concerned: { $leases }
       *[other] { $meters } meters lack readings of { $hours } hours; leases concerned: { $leases }
    }
home-lacks-of =
    { $meters ->
        [one] { $meters } meter, { $hours } h without readings
       *[other] { $meters } meters, { $hours } h without readings
    }
home-lacks-least =
    { $meters ->
        [one] { $meters } meter, at least { $hours } h without readings
       *[other] { $meters } meters, at least { $hours } h without readings
    }
home-lacks-no-meter = nothing measures it: add a meter
home-lacks-waiting =
    { $count ->
        [one] { $count } lease is still being computed.
       *[other] { $count } leases are still being computed.
    }

## Finance

home-finance-title = Finance today
home-run-title = Billing run: { $month }
home-run-none = not started
home-run-open = Open the run
home-run-issued =
    { $count ->
        [one] { $count } invoice issued
       *[other] { $count } invoices issued
    }
home-run-ready =
    { $count ->
        [one] { $count } invoice ready
       *[other] { $count } invoices ready
    }
home-run-state-open = open
home-run-state-issuing = invoices are being issued
home-run-state-issued = invoices are issued
home-run-leases = Leases in the month
home-run-blocked = Cannot be billed
home-run-waiting = Not computed yet
home-corrections =
    { $count ->
        [one] { $count } late correction of readings after its invoice
       *[other] { $count } late corrections of readings after their invoices
    }
home-overdue-title = Overdue
home-overdue-none = No invoice is overdue.
home-currency = Currency
home-age-30 = up to 30 days
home-age-60 = 31–60
home-age-90 = 61–90
home-age-more = over 90
home-invoices =
    { $count ->
        [one] { $count } invoice
       *[other] { $count } invoices
    }
home-invoice = Invoice
home-due-date = Due
home-late-days = Days late
home-to-pay = Open amount
home-blocked-title = Cannot be billed yet
home-blocked-none = Everything can be billed.
home-why = Why
home-mend = Mend
home-more =
    { $count ->
        [one] and { $count } more reason
       *[other] and { $count } more reasons
    }

## Settings

settings-people = People and parties
settings-site = Site and metering
settings-money = Money and records
settings-profile = Profile
settings-profile-text = Name, password, signing out everywhere
settings-users = Users
settings-users-text = Who signs in, and with which rights
settings-tokens = Tokens of services
settings-tokens-text = Programs that read and act through the API by a role of their own
settings-tenants = Tenants
settings-tenants-text = Details, contacts, the state's register
settings-operator = Operator
settings-operator-text = Legal details, bank and VAT as invoices show them
settings-requests = Requests
settings-requests-text = Wishes that found no place
settings-conflicts = Conflicts
settings-conflicts-text = Bookings that a change of capacity broke, until they are resolved
settings-models = Machine models
settings-models-text = The catalogue: power, cooling, supply
settings-restrictions = Regional restrictions
settings-restrictions-text = Where and when mining is forbidden
settings-imports = Imports
settings-imports-text = Files of readings and their reports
settings-corrections = Corrected readings
settings-corrections-text = What changed after an invoice, and by how much
settings-plans = Price plans
settings-plans-text = Prices and their versions
settings-vat = VAT
settings-vat-text = Rates by date
settings-charges = Charges
settings-charges-text = One-off amounts on invoices
settings-ledger = Ledger
settings-ledger-text = Double entries of every invoice and payment
settings-outbox = Mail
settings-outbox-text = Messages sent, waiting and failed
settings-trail = History of changes
settings-trail-text = Who changed what, and when

## Alarms

home-alarms =
    { $count ->
        [0] Alarms
       *[other] Alarms going on: { $count }
    }
home-alarms-none = Nothing is out of its limits.
home-alarms-known = All that goes on is acknowledged.
home-alarm-note = { $site } · since { $at }
home-over-since = since { $at }
