## Реестр машин

machine-add = Добавить машину
machine-new = Новая машина
machine-new-lead = Одна машина. Много сразу заводят со страницы брони: «Зарегистрировать машины».
machine-lead-list = Каждая машина с серийным номером: чья, где стоит и что с ней.
machine-lead-own = Ваши машины: где стоят и в каком состоянии.
machine-search = Серийный номер или модель
machine-none = Машин пока нет
machine-none-text = Откройте бронь и вставьте серийные номера: места и фазы подберутся сами.
machine-none-own = Они появятся здесь, когда сотрудники площадки примут их.
machine-total =
    { $count ->
        [one] Итого: { $count } машина
        [few] Итого: { $count } машины
       *[many] Итого: { $count } машин
    }
machine-only-rack = Стойка { $rack }
machine-only-booking = Бронь { $booking }
machine-serial = Серийный номер
machine-serial-hint = Один раз на всего оператора; регистр букв не важен.
machine-slot = Место
machine-changed = Изменена
machine-owner = Владелец
machine-booking = Бронь
machine-booking-number = Бронь, №
machine-booking-hint = Под ней машина встаёт в стойку. Можно выбрать позже.
machine-model = Модель из каталога
machine-model-hint = Даёт название и охлаждение.
machine-model-name = Другая модель
machine-model-name-hint = Если в каталоге её нет.
machine-power = Мощность
machine-power-hint = Пусто: как в каталоге.
machine-catalogue-hint = Каталог важнее, если там указано.
machine-watts = { $watts } Вт
machine-about = О машине
machine-no-rack = не в стойке
machine-by-house = сотрудник площадки
machine-slot-of = { $rack }, место { $slot }
machine-state-expected = ожидается
machine-state-received = принята
machine-state-racked = в стойке
machine-state-repair = в ремонте
machine-state-removed = вывезена

## Шаги

machine-step-expected = Ожидать
machine-step-received = Принять
machine-step-racked = Поставить в стойку
machine-step-repair = В ремонт
machine-step-removed = Вывезти
machine-step-move = Переставить
machine-step-store = Снять на склад
machine-rack-of = Поставить в стойку: { $serial }
machine-move-of = Переставить: { $serial }
machine-place-lead = Машина встаёт туда, где у её брони остались места. Пустые поля заполнятся сами.
machine-place-none = Ставить некуда: у машины нет брони или у брони нет назначенных стоек.
machine-place-choose = Выбрать бронь
machine-rack-hint = Только стойки её брони; рядом — сколько на них забронировано.
machine-share-leg = { $leg } × { $units }
machine-share = мест { $units }
machine-slot-hint = Пусто: первое свободное.
machine-leg-hint = Пусто: где осталось больше.
machine-do-racked = Поставить
machine-do-move = Переставить
machine-do-received = Принять
machine-do-repair = Отправить в ремонт
machine-do-removed = Вывезти
machine-confirm-received = Принять: { $serial }
machine-confirm-repair = В ремонт: { $serial }
machine-confirm-removed = Вывезти: { $serial }
machine-lead-received = Машина будет числиться на складе площадки.
machine-lead-repair = Машина будет числиться в ремонте.
machine-lead-removed = Машина уедет с площадки. Запись останется, вернуть её можно приёмкой.
machine-lead-standing-received = Машину снимут из стойки на склад, её место освободится.
machine-lead-standing-repair = Машина уйдёт в ремонт, её место в стойке останется за ней.
machine-lead-standing-removed = Машина уедет с площадки, её место в стойке освободится. Запись останется.
machine-history-create = Заведена: { $who }
machine-history-update = Изменена: { $who }
machine-history-rack = Поставлена: { $who }
machine-history-receive = Принята: { $who }
machine-history-repair = В ремонт: { $who }
machine-history-remove = Вывезена: { $who }
machine-history-register = Внесена вместе с другими машинами
machine-history-table = Изменена таблицей площадки
history-reservation-register = { $who }: машины зарегистрированы

## Много сразу

machine-batch = Зарегистрировать машины
machine-batch-of = Машины брони { $booking }
machine-batch-lead = Вставьте серийные номера: места и фазы назначенных стоек заполнятся по порядку. Сначала вы увидите, что будет записано.
machine-serials = Серийные номера
machine-serials-hint = По одному в строке, до 2 000.
machine-batch-where = Где они
machine-batch-state-racked = встают в стойки брони
machine-batch-state-received = приняты, на складе
machine-batch-state-expected = ожидаются
machine-batch-try = Показать, что запишется
machine-batch-preview =
    { $count ->
        [one] { $count } машина будет записана
        [few] { $count } машины будут записаны
       *[many] { $count } машин будут записаны
    }
machine-batch-racks =
    { $count ->
        [one] { $count } стойка
        [few] { $count } стойки
       *[many] { $count } стоек
    }
machine-batch-unwritten = пока ничего не записано
machine-batch-write =
    { $count ->
        [one] Записать { $count } машину
        [few] Записать { $count } машины
       *[many] Записать { $count } машин
    }
machine-batch-change = Изменить
machine-booked = Забронировано
machine-registered = Уже в реестре

## Отказы

machine-refused-booking = Машина стоит под бронью своего владельца: сначала выберите бронь.
machine-refused-held = Бронь { $booking } ещё не размещена: сначала назначьте ей стойки.
machine-refused-gone = Бронь { $booking } отменена или истекла: выберите другую.
machine-refused-early = Бронь { $booking } начнётся { $from }: до этого дня машина может ждать на складе.
machine-refused-over = Бронь { $booking } закончилась { $to }: нужна новая.
machine-refused-no-units = На стойке { $rack } у брони { $booking } нет мест. { $other ->
        [some] Её стойки: { $racks }.
       *[none] Назначьте ей стойки.
    }
machine-refused-cooling = Машине нужно охлаждение «{ $needs ->
        [air] воздух
        [hydro] вода
       *[immersion] иммерсия
    }», а на стойке { $rack } — «{ $has ->
        [air] воздух
        [hydro] вода
       *[immersion] иммерсия
    }». Выберите другую бронь или исправьте машину.
machine-refused-supply = Машина подключается { $needs ->
        [single] к одной фазе
       *[three] к трём фазам
    }, а бронь { $booking } — { $has ->
        [single] на одну фазу
       *[three] на три фазы
    }. Выберите другую бронь или исправьте машину.
machine-refused-watts = Машина берёт { $watts } Вт, а бронь { $booking } — по { $booked } Вт: больше на { $over } Вт. Нужна бронь на такую мощность.
machine-refused-budget = Машина берёт { $watts } Вт, а у брони { $booking } на стойке { $rack } осталось { $left } Вт. Поставьте её на другую стойку или увеличьте бронь.
machine-refused-taken = Все места брони { $booking } на стойке { $rack } заняты ({ $units }). { $other ->
        [some] Ещё её стойки: { $racks }.
       *[none] Других стоек у неё нет.
    }
machine-refused-full = В стойке { $rack } нет свободного места: снимите то, что в ней лишнее.
machine-refused-three = Трёхфазная машина берёт все три фазы: оставьте фазу пустой.
machine-refused-leg = На { $leg } стойки { $rack } у брони { $booking } мест не осталось. Есть: { $open }.
machine-refused-slot = В стойке { $rack } места от 1 до { $slots }. { $open ->
        [0] Свободных нет.
       *[other] Ближайшее свободное: { $open }.
    }
machine-refused-slot-taken = Место { $slot } стойки { $rack } занято. { $open ->
        [0] Свободных нет.
       *[other] Ближайшее свободное: { $open }.
    }
machine-refused-way = Так с машиной поступить нельзя: сейчас она { $from ->
        [expected] ожидается
        [received] принята
        [racked] в стойке
        [repair] в ремонте
       *[removed] вывезена
    }.
machine-refused-turn = { $from ->
        [expected] Ожидаемую машину можно принять, поставить в стойку или вывезти
        [received] Принятую машину можно поставить в стойку, отдать в ремонт или вывезти
        [racked] Машину в стойке можно отдать в ремонт, снять на склад («принята») или вывезти
        [repair] Машину в ремонте можно поставить в стойку, принять на склад или вывезти
       *[removed] Вывезенную машину сначала надо принять
    }; состояние «{ $to ->
        [expected] ожидается
        [received] принята
        [racked] в стойке
        [repair] в ремонте
       *[removed] вывезена
    }» отсюда недоступно.
machine-refused-room = Номеров { $wanted }, а у брони { $booking } осталось мест: { $fit }. Уберите лишние или запишите их как принятые.
machine-error-taken = Машина с таким серийным номером уже в реестре: найдите её в списке.
machine-error-watts = От 1 до 1 000 000 Вт.
machine-error-booking = Эта бронь другого арендатора или другой площадки.
machine-error-many = Не больше { $most } номеров за раз.
machine-error-long = Строка { $line }: «{ $serial }» длиннее { $most } знаков.
machine-error-twice = Строка { $line }: «{ $serial }» уже стоит в строке { $first }.
machine-error-known =
    { $count ->
        [one] { $count } номер уже в реестре: { $serials }
        [few] { $count } номера уже в реестре: { $serials }
       *[many] { $count } номеров уже в реестре: { $serials }
    }. Уберите их.

## Сделано

done-machine-added = Машина добавлена.
done-machine-saved = Сохранено.
done-machine-racked = Машина в стойке.
done-machine-received = Машина на складе.
done-machine-repair = Машина в ремонте.
done-machine-removed = Машина вывезена.
done-machines-added = Машины записаны.

machine-place = Место
machine-stray = где у арендатора ничего не занято
