## What binds

bound-node_leg = { $name }, leg { $leg }: { $free } free from { $date }, { $needed } needed.
bound-zone = Cooling zone { $name }: { $free } free from { $date }, { $needed } needed.
bound-rack_slots = Rack { $name }: { $free } slots free from { $date }, { $needed } needed.
bound-rack_leg = Rack { $name }, leg { $leg }: { $free } free from { $date }, { $needed } needed.
bound-restriction = { $name }: such a workload is forbidden from { $date }.
bound-cooling_kind = No rack here has cooling of this kind.
bound-supply = No rack here has this supply.

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
leasing-error-leased = The reservation is a lease already.
leasing-error-units = From 1 to 100,000 machines.
leasing-error-watts = More than 0 and at most 1,000,000 W.
leasing-error-contracted = More than zero and at most the reserved power.
leasing-error-days = From 0 to 365 days.
leasing-error-past = This day has passed: start today or later.
leasing-error-window = The end must be after the start.
leasing-error-hall = There is no such hall on this site.
leasing-error-supply = Choose the supply: its maker does not state it.
