## The list of invoices

invoices-title = Invoices
invoices-number = Number
invoices-issued = Issued
invoices-tenant = Tenant
invoices-lease = Lease
invoices-month = Month
invoices-kwh = kWh
invoices-due-date = Due date
invoices-state = State
invoices-net = Excl. VAT
invoices-vat = VAT
invoices-total = Total incl. VAT
invoices-paid = Paid
invoices-due = Due
invoice-standing-open = open
invoice-standing-partly-paid = partly paid
invoice-standing-overdue = overdue
invoice-standing-paid = paid
bill-invoices-search = Number or tenant
bill-invoices-none = No invoices yet
bill-invoices-none-text = Invoices appear once the first month is run and issued.
bill-invoices-none-go = Run a month
bill-invoices-none-own = The first invoice comes after the end of the month; it will be here and in your billing mailbox.
bill-total-of =
    { $count ->
        [one] Total, { $count } row
       *[other] Total, { $count } rows
    }

## An invoice

bill-invoice-title = Invoice { $number }
bill-invoice-subtitle = { $month } · issued { $issued } · due { $due }
bill-position = Item
bill-quantity = Quantity
bill-price = Price
bill-sum = Amount
bill-net = Excl. VAT
bill-vat-at = VAT{"\u00A0"}{ $rate }
bill-vat-none = No VAT
bill-total = Total
bill-left-to-pay = Left to pay
bill-paid-of = { $paid } of { $total } paid
bill-advance-there = The tenant has paid { $sum } ahead.
bill-advance-apply = Apply the advance
bill-advance-title = Applying an advance
bill-advance-lead = { $sum } of the advance will be put to invoice { $number }.
bill-advance-now = Advance now
bill-advance-then = Advance afterwards
bill-advance-left = Left to pay afterwards
bill-payment-take = Record a payment
bill-invoice-facts = Details
bill-site = Site
bill-metered = Consumed
bill-estimated-note = By estimate, not by meter readings: { $kwh }, or { $share } of the consumption.
bill-mails = Mails
bill-mail-waiting = Waiting to be sent to { $to }
bill-mail-sent = Sent to { $to }
bill-mail-failed = Could not be sent to { $to }

## Lines and what they were computed from

bill-line-energy = Electricity
bill-line-energy-zone = Electricity, { $zone }
bill-line-shortfall = Shortfall to the minimum
bill-line-capacity =
    { $count ->
        [one] Capacity, { $kw } kW, { $count } day
       *[other] Capacity, { $kw } kW, { $count } days
    }
bill-line-rent = Rack space
bill-line-credit = Availability { $availability }, credit { $credit }
bill-x-from-what = What it is made of
bill-x-readings =
    { $count ->
        [one] Readings of { $count } meter, { $hours }
       *[other] Readings of { $count } meters, { $hours }
    }
bill-x-all-day = all day
bill-x-loss = Loss factor { $factor }
bill-x-billed = Billed
bill-x-estimated = Of them by estimate
bill-x-all-measured = none, all metered
bill-x-intervals = Intervals
bill-x-by-day = By day, the largest is { $most } kWh
bill-x-meter = Meter
bill-x-of-them-estimated = estimated
bill-x-half-hours = Open the half-hours
bill-x-reliefs =
    { $count ->
        [one] Relief for { $count } outage
       *[other] Relief for { $count } outages
    }
bill-x-minimum = Had to be taken
bill-x-taken = Was taken
bill-x-short = Shortfall
bill-x-stretch = When
bill-x-load = share
bill-x-contracted = Contracted power
bill-x-days-of = { $days } of { $of } days
bill-x-formula = Computed as
bill-x-formula-capacity = kW × price × days ÷ days of the month
bill-x-formula-rent = rack-days × price ÷ days of the month
bill-x-rack-days = Rack-days
bill-x-month-days = Days of the month
bill-x-rack = Rack
bill-x-share = share
bill-x-days = days
bill-x-date = Date
bill-x-version = Prices
bill-x-version-from = in force from { $date }
bill-x-lost = Not supplied by the site's fault
bill-x-promised = Promised by the contract
bill-x-availability = Availability
bill-x-below = Credit for availability under { $below }
bill-x-base-energy = Base: electricity
bill-x-base-capacity = Base: capacity
bill-x-base-rent = Base: rack space
bill-x-base = Base of the credit
bill-x-outage = Outage

## A month's run

bill-run-title = Run of { $month }
bill-run-state-open = open
bill-run-state-issuing = being issued
bill-run-state-issued = issued
bill-run-open = Run a month
bill-run-open-hint = Usually the last full month.
bill-run-open-go = Run
bill-run-invoices = Invoices
bill-runs-none = No month has been run yet
bill-runs-none-text = Choose a month: you will see every line first, issuing is a step of its own.
run-month-ahead = This month has not begun.
bill-run-ready = Ready to be issued
bill-run-issued = Issued
bill-run-blocked = Cannot be issued
bill-run-of-leases =
    { $count ->
        [one] of { $count } lease
       *[other] of { $count } leases
    }
bill-count-invoices =
    { $count ->
        [one] { $count } invoice
       *[other] { $count } invoices
    }
bill-run-to-invoices = To the invoices
bill-run-recompute = Recompute
bill-run-issue =
    { $count ->
        [one] Issue { $count } invoice
       *[other] Issue { $count } invoices
    }
bill-run-issue-more =
    { $count ->
        [one] Issue { $count } more invoice
       *[other] Issue { $count } more invoices
    }
bill-run-cannot = Cannot be billed yet
bill-run-cannot-note = Mend the cause and the run updates itself.
bill-run-leases = Leases
bill-run-leases-note = A row opens down to the readings.
bill-run-empty = No lease in this month
bill-run-empty-text = Leases with at least one day in the month are billed.
bill-by-estimate = estimated
bill-difference = Change
bill-difference-short = Difference
bill-entry-state-issued = issued
bill-entry-state-blocked = blocked
bill-entry-state-ready = ready
bill-entry-state-waiting = computing
run-month-empty = Nothing was leased in that month.
run-still-computed = The month is still being computed: it can be issued when that is done.
run-changed-since = The sums have changed while you looked: look and confirm again.
bill-run-nothing = There is nothing to issue: what is ready was issued, the rest waits to be mended.
bill-run-issue-title = Issue invoices
bill-run-issue-lead =
    { $count ->
        [one] { $count } invoice for { $month } will be issued.
       *[other] { $count } invoices for { $month } will be issued.
    }
bill-run-issue-warning = Invoices get their numbers, are posted and mailed to the tenants. They cannot be withdrawn; corrections go as charges of the next month.
bill-run-stay-blocked = Stay blocked
bill-progress-issue = Invoices are being issued
bill-progress-compute = The month is being computed
bill-progress-of = { $done } of { $all }
bill-progress-done = Done
bill-progress-result = Invoices issued: { $issued }, blocked: { $blocked }

## Why a month cannot be billed

blocker-no-active-day = The lease has no day in { $month }.
blocker-no-version = The plan has no prices in force from { $from }.
blocker-no-contracted-power = No contracted power is stated from { $from }.
blocker-no-zone = No price zone of the plan holds { $day }, { $time }.
blocker-no-vat-rate = There is no VAT rate for { $day }.
blocker-no-meter = The lease has no meter.
blocker-hole = { $place }: no readings from { $from } to { $to }.
blocker-overlap = { $place }: readings overlap from { $from } to { $to }.
blocker-negative = { $place }: less than the meters behind it from { $from } to { $to }.
blocker-unmetered = Rack { $place } has no meter from { $from } to { $to }.
blocker-overflow = The numbers are too large to compute.
blocker-more =
    { $count ->
        [one] And { $count } more reason.
       *[other] And { $count } more reasons.
    }
blocker-month-open = The month is not over: it can be issued from { $until }.
blocker-no-operator = The operator's details are not filled in.
blocker-operator-details = The operator has no name or tax number.
blocker-tenant-inn = The tenant has no tax number.
blocker-tenant-address = The tenant has no address.
bill-mend-lease = Open the lease
bill-mend-tenant = Complete the tenant's details
bill-mend-meter = Open the meter
bill-mend-rack = Open the rack
bill-mend-plan = Open the plan
bill-mend-vat = Add a VAT rate
bill-mend-operator = Fill in the operator's details

## Payments

bill-payments-search = Tenant or payment order
bill-payments-none = No payments yet
bill-payments-none-text = Record the first one: it pays open invoices, the rest becomes an advance.
bill-payment-title = Payment No. { $id } of { $date }
bill-payment-date = Date
bill-payment-amount = Amount
bill-payment-amount-hint = For example, 125000.50
bill-payment-reference = Payment order
bill-payment-reference-hint = Number or text of the statement
bill-payment-invoice = Invoice
bill-payment-invoice-hint = None chosen: the oldest open invoices are paid first.
bill-payment-oldest = The oldest first
bill-payment-applied = Put to invoices
bill-payment-advance = Advance
bill-payment-parts = What it was put to
bill-payment-where = What it will be put to
bill-payment-where-none = Choose the tenant and the amount and press “Show” to see which invoices are paid.
bill-payment-due-left = { $due } due, { $left } left
bill-payment-record = Record the payment
bill-payment-preview = Show what it is put to
bill-payment-reversed = Reversed
bill-reversal-open = Reverse the payment
bill-reversal-title = Reversing a payment
bill-reversal-lead = Payment No. { $id } of { $date } for { $sum } will be taken back.
bill-reversal-owed = These invoices are owed again; what is due on them, now and afterwards:
bill-reversal-part = loses { $sum } of what was paid
bill-reversal-advance = The tenant's advance
bill-reversal-then = { $now } → { $then }
bill-reversal-date = Reversal date
bill-reversal-date-hint = When the bank gave the money back; for a slip of the keys, today.
bill-reversal-reason = Reason of the reversal
bill-reversal-reason-hint = The bank returned it, a wrong amount, a wrong tenant
bill-reversal-warning = The reversal is posted to the ledger and cannot be undone: record the right payment afterwards. This one stays in the list, struck.
bill-reversal-do = Reverse the payment
bill-reversed-on = reversed { $date }
bill-reversed-why = Reversed on { $date }: { $reason }
payment-reversed-already = This payment was reversed before.
payment-reversal-early = Not before the payment itself.
bill-currency = Currency
payment-other-currency = The invoice is in another currency.
payment-other-tenant = This is another tenant's invoice.
payment-long-ago = This date is more than three years ago: check the year.
payment-ahead = This date is yet to come.
payment-no-advance = Nothing to apply: there is no advance, or the invoice is paid.

## Price plans

bill-plan = Plan
bill-plan-new = New plan
bill-plans-none = No price plans yet
bill-plans-none-text = Every lease needs a plan with prices: without one it cannot be billed.
bill-plan-since = Prices since
bill-plan-not-in-force = not in force yet
bill-plan-drafts = Drafts
bill-plan-leases = Leases with this plan
bill-plan-leases-none = No lease uses this plan yet.
bill-plan-name = Name
bill-plan-currency-hint = Invoices will be in this currency.
bill-plan-prices-in = Prices without VAT, { $currency }
bill-plan-no-versions = No prices yet
bill-plan-no-versions-text = Add a version: from which date which prices hold.
bill-plan-version-new = New prices
bill-plan-version-title = Prices: { $name }
bill-plan-from = From { $date }
bill-plan-draft = draft
bill-plan-in-force = in force
bill-plan-ahead = to come
bill-plan-past = past
bill-plan-publish = Publish
bill-plan-effective = In force from
bill-plan-effective-hint = After the version before, and not in a billed month.
bill-plan-energy = Electricity, per kWh
bill-plan-zone = Zone
bill-plan-zone-from = From
bill-plan-zone-to = To
bill-plan-zone-price = Price per kWh
bill-plan-zone-of = { $name }, { $hours }, per kWh
bill-plan-zones-hint = Local time of the site. Equal ends mean the whole day; a zone may pass midnight. The first zone that holds a time prices it. Empty rows are left out.
bill-plan-zone-needed = At least one zone is needed.
bill-plan-time = A time such as 07:00.
bill-plan-loss = Loss factor
bill-plan-loss-hint = Consumption is multiplied by it; empty is 1.
bill-plan-fixed = Fixed prices, per month
bill-plan-capacity = Capacity, per kW and month
bill-plan-capacity-hint = For contracted power.
bill-plan-rack = Rack space, per rack and month
bill-plan-rack-hint = A part of a rack counts as its share.
bill-plan-minimum = Take or pay
bill-plan-minimum-share = Minimum of the contracted energy
bill-plan-minimum-price = Price of the shortfall per kWh
bill-plan-minimum-hint = 0 to 100; empty means no minimum.
bill-plan-minimum-of = Minimum { $share }, shortfall per kWh
bill-plan-sla = Availability credit
bill-plan-sla-below = Availability under
bill-plan-sla-credit = Credit
bill-plan-sla-hint = The lowest row that the availability falls under holds. Empty rows are left out.
bill-plan-sla-of = Credit for availability under { $below }
bill-plan-save = Save the draft
bill-plan-try = Try it: a month at these prices
bill-plan-try-kw = Power
bill-plan-try-load = Load
bill-plan-try-racks = Racks
bill-plan-try-go = Compute
bill-quote-no-zone = The zones do not cover the whole day.
bill-quote-no-vat-rate = There is no VAT rate for this month.
bill-quote-other = This month cannot be computed at these prices.
bill-publish-title = Publish prices
bill-publish-lead = The prices of “{ $name }” come into force on { $date }.
bill-publish-warning = Published prices never change: only a later version can replace them.
bill-draft-remove-title = Delete a draft
bill-draft-remove-lead = The draft of “{ $name }” from { $date } will be deleted.
plan-name-taken = There is a plan of this name already.
plan-version-published = These prices are published and never change. Add a new version.
plan-month-billed = A month with this plan is billed already.
plan-fault-empty = Fill in this field.
plan-fault-repeated = Another row has this already.
plan-fault-negative = Not less than zero.
plan-fault-too-many-decimals = At most { $most } decimals.
plan-fault-not-a-share = 0 to 100%.
plan-fault-not-positive = More than zero.
plan-fault-late = The date must be after the version before.

## VAT rates

bill-vat-title = VAT rates
bill-vat-country = Country
bill-vat-country-hint = Two letters: RU, KZ.
bill-vat-rate = Rate
bill-vat-from = In force from
bill-vat-from-hint = Not in a month that is billed.
bill-vat-add = Add a rate
bill-vat-empty = No rates yet
bill-vat-empty-text = Nothing can be billed without a VAT rate.
bill-vat-remove-title = Delete a VAT rate
bill-vat-remove-lead = The rate will be deleted; no invoice rests on it.
vat-country = Two letters, such as RU.
vat-date-taken = There is a rate for this date already.
vat-month-billed = This month is billed already: choose a later date.

## Charges

bill-charges-none = No charges yet
bill-charges-none-text = One-off work and credits are entered here and go into the invoice of their month.
bill-charge-new = New charge
bill-charge-date = Date
bill-charge-date-hint = Goes into the invoice of this month.
bill-charge-description = What for
bill-charge-description-hint = The line will be called so on the invoice.
bill-charge-quantity-hint = Below zero is a credit.
bill-charge-price = Unit price, without VAT
bill-charge-price-hint = In the currency of the lease's plan.
bill-charge-enter = Enter
bill-charge-invoice = Invoice
bill-charge-remove = Remove
bill-charge-remove-title = Remove a charge
bill-charge-remove-lead = The charge will not be billed; the history keeps it.
charge-quantity = Not zero, at most 6 decimals.
charge-price = Not less than zero, at most 6 decimals.
charge-before-lease = The lease starts after this date.
charge-after-lease = The lease has ended before this month.
charge-month-billed = This month of the lease is billed: choose a date in the next.

## Corrected readings

bill-corrections = Corrections after issue
bill-corrections-note = Issued invoices never change: settle the difference with a charge.
bill-corrections-money = Invoices whose month is worth something else now
bill-corrections-readings = Changed readings
bill-corrections-billed = Billed
bill-corrections-now = Would be now
bill-corrections-none = No corrections
bill-corrections-none-text = Readings that changed after their invoice will be listed here.
bill-correction-when = Time
bill-correction-old = Was, kWh
bill-correction-new = Is, kWh
bill-correction-difference = Difference, kWh
bill-correction-reason = Reason
bill-correction-at = Corrected

## The ledger

bill-ledger-note = Double entry: all accounts together are always zero.
bill-ledger-none = No entries yet
bill-ledger-none-text = They come with the first invoice or payment.
bill-ledger-date = Date
bill-ledger-document = Document
bill-ledger-account = Account
bill-ledger-debit = Debit
bill-ledger-credit = Credit
bill-ledger-balances = Balances, { $currency }
bill-ledger-tenants = Owed by tenants
bill-ledger-ahead = { $sum } ahead
bill-account-receivable = Receivable
bill-account-advance = Advances
bill-account-revenue = Revenue
bill-account-vat = VAT
bill-account-bank = Bank
bill-entry-invoice = Invoice
bill-entry-payment = Payment
bill-entry-reversal = Reversal of payment
bill-entry-application = Advance applied

## History

bill-history = History
history-invoice-issue = { $who }: issued
history-invoice-pay = { $who }: { $amount } put to it
history-invoice-unpay = { $who }: payment reversed, { $amount } owed again
history-payment-record = { $who }: recorded
history-payment-reverse = { $who }: reversed
history-plan-create = { $who }: plan created
history-plan-draft = { $who }: draft of prices saved
history-plan-publish = { $who }: prices published
history-plan-delete-draft = { $who }: draft deleted

## What was done

done-bill-advance = The advance is applied.
done-bill-payment = The payment is recorded.
done-bill-reversal = The payment is reversed: what it had paid is owed again.
done-bill-plan-draft = The draft is saved. Its prices hold once you publish them.
done-bill-plan-published = The prices are published.
done-bill-vat = The rate is added.
done-bill-vat-removed = The rate is deleted.
done-bill-charge = The charge is entered.
done-bill-charge-removed = The charge is removed.

## Errors of fields

field-required = Fill in this field.
field-too-long = Too long.
field-positive = More than zero.
field-too-large = The number is too large.

charge-outside-lease = The date is outside the lease
