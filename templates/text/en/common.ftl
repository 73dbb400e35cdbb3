## Counts

count-machines =
    { $count ->
        [one] { $count } machine
       *[other] { $count } machines
    }
count-racks =
    { $count ->
        [one] { $count } rack
       *[other] { $count } racks
    }
count-days =
    { $count ->
        [one] { $count } day
       *[other] { $count } days
    }
count-hours =
    { $count ->
        [one] { $count } hour
       *[other] { $count } hours
    }
count-months =
    { $count ->
        [one] { $count } month
       *[other] { $count } months
    }
count-rows =
    { $count ->
        [one] { $count } row
       *[other] { $count } rows
    }

## Money

money-gross = incl. VAT
money-net = excl. VAT
money-no-vat = no VAT

## Actions

action-save = Save
action-cancel = Cancel
action-back = Go back
action-edit = Edit
action-add = Add
action-delete = Delete
action-continue = Continue
action-download = Download

## Units

unit-kw = kW
unit-kwh = kWh
unit-w = W
unit-pcs = pcs
unit-hours = h
unit-days = d

## Lists

list-search = Search
list-find = Find
list-reset = Reset
list-all = all
list-pages = Pages of the list
list-first = Back to the start
list-next = Next
list-shown =
    { $count ->
        [one] { $count } row shown
       *[other] { $count } rows shown
    }
list-nothing = Nothing found
list-nothing-text = No row matches this search and these filters. Change them or reset them.
list-total = Total

## Refusals

refusal-nearest = The nearest that would fit:

## Long work

progress-report = Open the report
progress-stop = Stop
progress-refresh = Refresh

yes = yes
no = no
none = —

history = History
