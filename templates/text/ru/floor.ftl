## Зал на плане

nav-floor = Зал
nav-floor-link = План зала
floor-by = Цвет
floor-by-sold = проданная мощность
floor-by-drawn = потребление
floor-by-slots = свободные места
floor-by-legs = перекос фаз
floor-by-cooling = запас охлаждения
floor-by-tenant = арендатор
floor-by-end = конец аренды
floor-date = На дату
floor-show = Показать
floor-today = сегодня
floor-steps = Другие даты
floor-slider = Дата: сдвиг от сегодня, по неделям
floor-step-month-back = −1 мес.
floor-step-week-back = −1 нед.
floor-step-today = Сегодня
floor-step-week = +1 нед.
floor-step-month = +1 мес.
floor-sum-sold = продано { $sold } из { $limit }
floor-sum-empty =
    { $count ->
        [one] свободна { $count } стойка
        [few] свободны { $count } стойки
       *[many] свободно { $count } стоек
    }
floor-measured = последнее показание { $at }
floor-picture = План зала: { $hall }
floor-none = Стоек в зале пока нет
floor-none-text = Загрузите их из файла или добавьте по одной: они встанут на план ряд за рядом.
floor-table = То же таблицей
floor-drawn-kw = Потребление, кВт
floor-percent = { $percent } %
floor-several = ×{ $count }
floor-others = остальные
floor-title-sold = { $rack }: продано { $sold } из { $limit }
floor-title-drawn = потребляет { $drawn }
floor-title-slots = свободно мест { $free } из { $all }
floor-title-end = по { $last }
floor-aisle-cold = холодный коридор
floor-aisle-hot = горячий коридор
floor-band-sold-empty = пусто
floor-band-sold-low = до 50 %
floor-band-sold-mid = до 80 %
floor-band-sold-high = до 95 %
floor-band-sold-full = у предела
floor-band-drawn-unknown = нет данных
floor-band-drawn-low = до 50 %
floor-band-drawn-mid = до 80 %
floor-band-drawn-high = до 95 %
floor-band-drawn-full = у предела
floor-band-slots-all = все свободны
floor-band-slots-many = половина и больше
floor-band-slots-some = от пятой части
floor-band-slots-few = почти нет
floor-band-slots-none = мест нет
floor-band-legs-free = нечего сравнивать
floor-band-legs-even = до 5 %
floor-band-legs-slight = до 15 %
floor-band-legs-uneven = до 30 %
floor-band-legs-strong = больше 30 %
floor-band-cooling-plenty = запас от 50 %
floor-band-cooling-fair = от 20 %
floor-band-cooling-scarce = меньше 20 %
floor-band-cooling-none = запаса нет
floor-band-tenant-free = свободно
floor-band-tenant-several = несколько
floor-band-end-free = свободно
floor-band-end-open = без срока
floor-band-end-later = больше года
floor-band-end-year = в течение года
floor-band-end-quarter = в течение 3 месяцев
floor-band-end-month = в течение месяца

## Стойка

floor-rack = Стойка { $rack }
floor-slots-of = Места сверху вниз
floor-slot-free = свободно
floor-slot-booked = продано: { $tenant }
floor-any-leg = любая фаза
floor-three-legs = 3 фазы
floor-sold-of = продано из { $limit }
floor-draws = потребляет { $drawn }
floor-draws-unknown = потребление не измерено
floor-racked =
    { $count ->
        [one] в стойке { $count } машина на { $watts }
        [few] в стойке { $count } машины на { $watts }
       *[many] в стойке { $count } машин на { $watts }
    }
floor-leg-of = из { $limit }, { $percent } %
floor-leg-over = больше своей трети
floor-fed-by = Питание: { $feeds } · охлаждение: { $zone }
floor-elevation = Что где стоит
floor-print = Для печати
floor-labels = Этикетки с QR, PDF
floor-label-rack =
    { $slots ->
        [one] { $slots } место, { $limit }
        [few] { $slots } места, { $limit }
       *[many] { $slots } мест, { $limit }
    }

## Расстановка

floor-plan = Расставить стойки
floor-plan-of = Расстановка: { $hall }
floor-plan-lead = Тяните стойки по сетке или задавайте клетки полями; ряд целиком — одной кнопкой. Ничего не записано, пока вы не сохраните.
floor-plan-note = Клетки считаются от левого верхнего угла, с нуля. Пунктиром — стойки, которым место ещё не задали. Жирная кромка — лицевая сторона.
floor-plan-save = Сохранить расстановку
floor-plan-undo = Вернуть как было
floor-lay = Выложить ряд
floor-lay-lead = только заполняет поля
floor-lay-step = Дальше
floor-lay-right = вправо
floor-lay-down = вниз
floor-lay-do = Выложить ряд
floor-lay-auto = Взять автоматическую
floor-lay-clear = Очистить всё
floor-turn = Лицом
floor-turn-0 = вниз
floor-turn-90 = влево
floor-turn-180 = вверх
floor-turn-270 = вправо
floor-size = Размер зала
floor-size-lead = в клетках; пусто: сколько нужно
floor-width = Поперёк
floor-depth = Вглубь
floor-row = Ряд { $row }
floor-error-size = От 1 до { $most } клеток.
floor-error-outside = За пределами зала: X до { $x }, Y до { $y }.
floor-error-taken = В этой клетке уже стоит { $rack }.
floor-error-half = Задайте и X, и Y, или ни одного.
done-floor-saved = Расстановка сохранена.
