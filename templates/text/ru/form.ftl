form-optional = необязательно
form-errors =
    { $count ->
        [one] Не сохранено: исправьте { $count } поле.
        [few] Не сохранено: исправьте { $count } поля.
       *[many] Не сохранено: исправьте { $count } полей.
    }
form-unanswered =
    { $count ->
        [one] Чтобы получить ответ, исправьте { $count } поле.
        [few] Чтобы получить ответ, исправьте { $count } поля.
       *[many] Чтобы получить ответ, исправьте { $count } полей.
    }
form-required = Заполните это поле.
form-too-long =
    { $max ->
        [one] Не длиннее { $max } символа.
       *[other] Не длиннее { $max } символов.
    }
form-too-short =
    { $min ->
        [one] Не короче { $min } символа.
       *[other] Не короче { $min } символов.
    }
form-integer = Введите целое число, например 20.
form-number = Введите число, например 12,5.
form-places =
    { $places ->
        [0] Введите число без дробной части.
        [one] Не больше { $places } знака после запятой.
       *[other] Не больше { $places } знаков после запятой.
    }
form-range = Допустимо от { $min } до { $max }.
form-date = Введите дату, например 20.11.2026.
form-month = Введите месяц, например 11.2026.
form-email = Введите адрес вида name@example.com.
form-choose = Выберите значение.
form-choice = Такого значения нет в списке: выберите другое.
form-taken = Такое значение уже занято.
form-before = Конец должен быть позже начала.
form-hint-range = От { $min } до { $max }

form-error-email = Это не адрес электронной почты
