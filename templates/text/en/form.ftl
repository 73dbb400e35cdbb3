form-optional = optional
form-errors =
    { $count ->
        [one] Not saved: correct { $count } field.
       *[other] Not saved: correct { $count } fields.
    }
form-unanswered =
    { $count ->
        [one] No answer yet: put { $count } field right.
       *[other] No answer yet: put { $count } fields right.
    }
form-required = Fill in this field.
form-too-long =
    { $max ->
        [one] At most { $max } character.
       *[other] At most { $max } characters.
    }
form-too-short =
    { $min ->
        [one] At least { $min } character.
       *[other] At least { $min } characters.
    }
form-integer = Enter a whole number, such as 20.
form-number = Enter a number, such as 12.5.
form-places =
    { $places ->
        [0] Enter a number without decimals.
        [one] At most { $places } decimal.
       *[other] At most { $places } decimals.
    }
form-range = Allowed: { $min } to { $max }.
form-date = Enter a date, such as 2026-11-20.
form-month = Enter a month, such as 2026-11.
form-email = Enter an address such as name@example.com.
form-choose = Choose a value.
form-choice = This value is not in the list: choose another.
form-taken = This value is already taken.
form-before = The end must be after the start.
form-hint-range = { $min } to { $max }

form-error-email = This is not an e-mail address
