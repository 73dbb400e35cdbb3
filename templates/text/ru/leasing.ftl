## Что не даёт разместить

bound-node_leg = { $name }, фаза { $leg }: с { $date } свободно { $free }, а нужно { $needed }.
bound-zone = Зона охлаждения { $name }: с { $date } свободно { $free }, а нужно { $needed }.
bound-rack_slots = Стойка { $name }: с { $date } свободно мест — { $free }, а нужно { $needed }.
bound-rack_leg = Стойка { $name }, фаза { $leg }: с { $date } свободно { $free }, а нужно { $needed }.
bound-restriction = { $name }: с { $date } действует запрет на такое назначение.
bound-cooling_kind = Здесь нет стоек с таким охлаждением.
bound-supply = Здесь нет стоек с таким подключением.

reason-restriction = В эти сроки такое назначение запрещено в регионе площадки.
reason-cooling_kind = Нет охлаждения нужного вида.
reason-space = Не хватает мест в стойках или предела мощности стойки.
reason-power = Не хватает питания.
reason-cooling = Не хватает охлаждения.

refusal-title =
    { $count ->
        [one] Не помещается: { $count } машина { $model }
        [few] Не помещаются: { $count } машины { $model }
       *[many] Не помещаются: { $count } машин { $model }
    }
refusal-fits =
    { $count ->
        [one] На этот срок поместилась бы { $count } машина.
        [few] На этот срок поместились бы { $count } машины.
       *[many] На этот срок поместилось бы { $count } машин.
    }
refusal-not-proven = Место не нашлось за отведённое время поиска: возможно, сотрудники разместят вручную.
alternative-fewer =
    { $count ->
        [one] { $count } машина на тот же срок
        [few] { $count } машины на тот же срок
       *[many] { $count } машин на тот же срок
    }
alternative-later = Все с { $date }
alternative-hall = Все, но в зале «{ $hall }»
alternative-anywhere = Все, в разных залах

window-until = { $from } — { $to }
window-open = с { $from }, бессрочно
left-days =
    { $count ->
        [one] ещё { $count } день
        [few] ещё { $count } дня
       *[many] ещё { $count } дней
    }
left-hours =
    { $count ->
        [one] ещё { $count } час
        [few] ещё { $count } часа
       *[many] ещё { $count } часов
    }
left-minutes =
    { $count ->
        [one] ещё { $count } минута
        [few] ещё { $count } минуты
       *[many] ещё { $count } минут
    }

leasing-cooling-air = воздух
leasing-cooling-hydro = гидро
leasing-cooling-immersion = иммерсия
leasing-supply-single = 1 фаза
leasing-supply-three = 3 фазы
leasing-workload-mining = майнинг
leasing-workload-compute = вычисления

reservation-status-held = ждёт размещения
reservation-status-assigned = размещена
reservation-status-expired = истекла
reservation-status-cancelled = отменена
reservation-status-leased = в аренде

## Ошибки

leasing-error-rack = Такой стойки на площадке нет.
leasing-error-notice = Слишком рано: сначала должен пройти срок уведомления.
leasing-error-later = Аренда уже кончается раньше этой даты.
leasing-error-cancel-leased = Это уже аренда: она кончается по уведомлению, а не отменой брони.
leasing-error-answer = Напишите арендатору ответ.
leasing-error-unassigned = Сначала назначьте стойки всем машинам.
leasing-error-expired = Бронь истекла, места снова свободны. Забронируйте заново.
leasing-error-cancelled = Бронь отменена. Забронируйте заново.
leasing-error-leased = Бронь уже стала арендой.
leasing-error-units = От 1 до 100 000 машин.
leasing-error-watts = Больше 0 и не больше 1 000 000 Вт.
leasing-error-contracted = Больше нуля и не больше забронированной мощности.
leasing-error-days = От 0 до 365 дней.
leasing-error-past = Этот день уже прошёл: начните с сегодняшнего или более позднего.
leasing-error-window = Конец должен быть позже начала.
leasing-error-hall = Такого зала на площадке нет.
leasing-error-supply = Выберите подключение: производитель его не указал.
