## The floor

nav-floor = Floor
nav-floor-link = Floor plan
floor-by = Colour
floor-by-sold = sold power
floor-by-drawn = drawn power
floor-by-slots = free slots
floor-by-legs = leg imbalance
floor-by-cooling = cooling headroom
floor-by-tenant = tenant
floor-by-end = end of lease
floor-date = On date
floor-show = Show
floor-today = today
floor-steps = Other dates
floor-slider = Date: weeks from today
floor-step-month-back = −1 month
floor-step-week-back = −1 week
floor-step-today = Today
floor-step-week = +1 week
floor-step-month = +1 month
floor-sum-sold = { $sold } of { $limit } sold
floor-sum-empty =
    { $count ->
        [one] { $count } rack empty
       *[other] { $count } racks empty
    }
floor-measured = last reading { $at }
floor-picture = Plan of the hall { $hall }
floor-none = No racks in the hall yet
floor-none-text = Import them from a file, or add them one by one: they stand on the plan row by row.
floor-table = The same as a table
floor-drawn-kw = Drawn, kW
floor-percent = { $percent }%
floor-several = ×{ $count }
floor-others = others
floor-title-sold = { $rack }: { $sold } of { $limit } sold
floor-title-drawn = draws { $drawn }
floor-title-slots = { $free } of { $all } slots free
floor-title-end = until { $last }
floor-aisle-cold = cold aisle
floor-aisle-hot = hot aisle
floor-band-sold-empty = empty
floor-band-sold-low = up to 50%
floor-band-sold-mid = up to 80%
floor-band-sold-high = up to 95%
floor-band-sold-full = at the limit
floor-band-drawn-unknown = no data
floor-band-drawn-low = up to 50%
floor-band-drawn-mid = up to 80%
floor-band-drawn-high = up to 95%
floor-band-drawn-full = at the limit
floor-band-slots-all = all free
floor-band-slots-many = half or more
floor-band-slots-some = a fifth or more
floor-band-slots-few = nearly none
floor-band-slots-none = no slots
floor-band-legs-free = nothing to compare
floor-band-legs-even = up to 5%
floor-band-legs-slight = up to 15%
floor-band-legs-uneven = up to 30%
floor-band-legs-strong = above 30%
floor-band-cooling-plenty = 50% or more left
floor-band-cooling-fair = 20% or more
floor-band-cooling-scarce = less than 20%
floor-band-cooling-none = nothing left
floor-band-tenant-free = free
floor-band-tenant-several = several
floor-band-end-free = free
floor-band-end-open = no end
floor-band-end-later = in more than a year
floor-band-end-year = within a year
floor-band-end-quarter = within 3 months
floor-band-end-month = within a month

## The rack

floor-rack = Rack { $rack }
floor-slots-of = Slots from the top down
floor-slot-free = free
floor-slot-booked = sold: { $tenant }
floor-any-leg = any leg
floor-three-legs = 3 legs
floor-sold-of = sold of { $limit }
floor-draws = draws { $drawn }
floor-draws-unknown = what it draws is not measured
floor-racked =
    { $count ->
        [one] { $count } machine of { $watts } in it
       *[other] { $count } machines of { $watts } in it
    }
floor-leg-of = of { $limit }, { $percent }%
floor-leg-over = above its third
floor-fed-by = Power: { $feeds } · cooling: { $zone }
floor-elevation = What stands where
floor-print = To print
floor-labels = QR labels, PDF
floor-label-rack =
    { $slots ->
        [one] { $slots } slot, { $limit }
       *[other] { $slots } slots, { $limit }
    }

## Where racks stand

floor-plan = Place the racks
floor-plan-of = Where racks stand: { $hall }
floor-plan-lead = Drag racks over the grid or type their cells; a whole row goes with one button. Nothing is written until you save.
floor-plan-note = Cells count from the upper left corner, from zero. Dashed: racks that nobody has placed yet. The thick edge is the front.
floor-plan-save = Save the plan
floor-plan-undo = Back to how it was
floor-lay = Lay out a row
floor-lay-lead = only fills the fields
floor-lay-step = Going on
floor-lay-right = to the right
floor-lay-down = down
floor-lay-do = Lay out the row
floor-lay-auto = Take the automatic one
floor-lay-clear = Clear all
floor-turn = Facing
floor-turn-0 = down
floor-turn-90 = left
floor-turn-180 = up
floor-turn-270 = right
floor-size = Size of the hall
floor-size-lead = in cells; empty: as many as needed
floor-width = Across
floor-depth = Down
floor-row = Row { $row }
floor-error-size = From 1 to { $most } cells.
floor-error-outside = Outside the hall: X up to { $x }, Y up to { $y }.
floor-error-taken = { $rack } stands in this cell already.
floor-error-half = Give both X and Y, or neither.
done-floor-saved = The plan is saved.
