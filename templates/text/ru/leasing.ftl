## Что не даёт разместить

bound-node_leg = { $name }, фаза { $leg }: с { $date } свободно { $free }, а нужно { $needed }.
bound-zone = Зона охлаждения { $name }: с { $date } свободно { $free }, а нужно { $needed }.
bound-rack_slots = Стойка { $name }: с { $date } свободно мест — { $free }, а нужно { $needed }.
bound-rack_leg = Стойка { $name }, фаза { $leg }: с { $date } свободно { $free }, а нужно { $needed }.
bound-restriction = { $name }: с { $date } действует запрет на такое назначение.
bound-cooling_kind = Здесь нет стоек с таким охлаждением.
bound-supply = Здесь нет стоек с таким подключением.
bound-feeds = Стоек с двумя фидерами здесь нет.
bound-redundancy = Здесь действует правило { $name }: стоек, которые ему отвечают, хватает на { $free } из { $needed }. Запросите столько или обсудите правило с персоналом площадки.

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
leasing-error-no-lease = Переезжает только аренда; брони стойки назначаются.
leasing-error-move-past = Прошлое не перенести: самое раннее — сегодня.
leasing-error-move-ended = К этому дню аренда уже закончится.
leasing-error-leased = Бронь уже стала арендой.
leasing-error-units = От 1 до 100 000 машин.
leasing-error-watts = Больше 0 и не больше 1 000 000 Вт.
leasing-error-contracted = Больше нуля и не больше забронированной мощности.
leasing-error-days = От 0 до 365 дней.
leasing-error-long-past = Договор, который уже действует, мог начаться не раньше чем 12 полных месяцев назад.
leasing-error-ended = Такой договор уже закончился: вносят только действующие.
leasing-error-not-begun = Здесь вносят только действующие договоры: укажите день, когда договор начался.
leasing-error-past = Этот день уже прошёл: начните с сегодняшнего или более позднего.
leasing-error-window = Конец должен быть позже начала.
leasing-error-hall = Такого зала на площадке нет.
leasing-error-catalogue = В каталоге указано иное: уберите это поле или модель.
leasing-error-model-or = Укажите модель из каталога или мощность, питание и охлаждение машин.
leasing-error-supply = Выберите подключение: производитель его не указал.

## Чего хотят

wish-tenant = Арендатор
wish-site = Площадка
wish-hall = Зал
wish-any-hall = Любой зал
wish-model = Модель
wish-custom = Другая модель…
wish-model-name = Название модели
wish-watts = Мощность одной машины
wish-each = Мощность одной машины
wish-cooling = Охлаждение
wish-supply = Подключение
wish-workload = Назначение
wish-units = Штук
wish-machines = Машины
wish-power = Мощность
wish-from = С даты
contract-enter = Внести договор и назначить стойки
contract-new = Внести действующий договор
wish-from-hint = Можно и прошлое число, если договор уже действует: до 12 месяцев назад.
wish-term = Срок
wish-term-open = бессрочно
wish-term-until = до даты…
wish-to = До даты
wish-window = Срок
wish-waits = Заполните новые поля, и здесь появится, что и когда поместится.
wish-show = Показать
leasing-supply-open = подключение уточните

## Ёмкость

availability-sub = Что поместится, где и когда. Числа — сколько таких машин ещё войдёт на весь срок.
availability-title = Свободно по неделям начала
availability-plenty = с запасом
availability-fits = хватает
availability-part = часть
availability-little = мало
availability-site = Вся площадка
availability-no-cooling = Здесь нет охлаждения для таких машин
availability-cell =
    { $count ->
        [one] С { $date }: { $count } машина.
        [few] С { $date }: { $count } машины.
       *[many] С { $date }: { $count } машин.
    }
availability-lead =
    { $count ->
        [one] { $hall }, с { $date }: { $count } машина.
        [few] { $hall }, с { $date }: { $count } машины.
       *[many] { $hall }, с { $date }: { $count } машин.
    }
availability-fits-from =
    { $count ->
        [one] { $count } войдёт с { $date }.
        [few] { $count } войдут с { $date }.
       *[many] { $count } войдут с { $date }.
    }
availability-fits-in =
    { $count ->
        [one] { $count } войдёт в другом месте: { $place }, с { $date }.
        [few] { $count } войдут в другом месте: { $place }, с { $date }.
       *[many] { $count } войдут в другом месте: { $place }, с { $date }.
    }
availability-otherwise =
    { $count ->
        [one] { $count } машина той же мощности с другим охлаждением войдёт сюда: { $place }, с { $date }.
        [few] { $count } машины той же мощности с другим охлаждением войдут сюда: { $place }, с { $date }.
       *[many] { $count } машин той же мощности с другим охлаждением войдут сюда: { $place }, с { $date }.
    }
availability-search = Искать везде
availability-never = В ближайшие 12 недель полностью не поместится.
availability-not-proven = Число найдено за отведённое время поиска: возможно, войдёт и больше.
availability-card = { $hall }, с { $date }
availability-short = входит { $fit } из { $units }
availability-of = { $units } из { $fit }
availability-spots = Встанут так: { $racks }
availability-spots-more =
    { $count ->
        [one] Встанут так: { $racks } и ещё { $count } стойка
        [few] Встанут так: { $racks } и ещё { $count } стойки
       *[many] Встанут так: { $racks } и ещё { $count } стоек
    }
availability-reserve =
    { $count ->
        [one] Забронировать на { $count } час
        [few] Забронировать на { $count } часа
       *[many] Забронировать на { $count } часов
    }
availability-request = Оставить заявку

## Что, где и когда поместится

search-page-title = Что, где и когда поместится
search-sub = Оставьте открытым то, что не важно: площадку, модель, охлаждение, начало. Сначала то, где войдёт всё, — с самого раннего начала.
search-kw = Или мощность
search-kw-hint = Тогда каждой модели берётся столько машин, на сколько хватит этой мощности.
search-earliest = Начало с
search-latest = Начало не позже
search-any-model = любая модель
search-any-cooling = любое охлаждение
search-any-site = любая площадка
search-similar = и модели близкой мощности
search-go = Найти
search-found =
    { $count ->
        [0] Ничего не поместится
        [one] { $count } ответ
        [few] { $count } ответа
       *[many] { $count } ответов
    }
search-none = Ни при одном из этих начал ничего не поместится. Попросите меньше машин, более позднее начало или меньший срок.
search-where = Где
search-fits = Войдёт
search-price = Месяц с НДС, оценка
search-next = Что дальше
search-of = { $fit } (нужно { $asked })
search-open = Посмотреть и забронировать
search-look = Посмотреть
nothing-site = Площадки ещё нет
nothing-site-text = Когда будет заведена площадка с залами и стойками, здесь станет видно, что, где и когда поместится.
nothing-site-go = Завести площадку
nothing-racks = Стоек ещё нет
nothing-racks-text = На площадке нет ни залов, ни стоек. Заведите их или загрузите таблицами: щиты и фидеры, зоны охлаждения, залы, ряды, стойки.
nothing-racks-go = К данным площадки
search-more =
    { $count ->
        [one] Ещё { $count } ответ: сузьте поиск, чтобы его увидеть.
        [few] Ещё { $count } ответа: сузьте поиск, чтобы их увидеть.
       *[many] Ещё { $count } ответов: сузьте поиск, чтобы их увидеть.
    }
search-note = Числа верны на весь срок. Месяц посчитан по паспортной мощности и опубликованному тарифу площадки; точно — когда предложены стойки.

quote-energy = Энергия, { $zone }: { $kwh } кВт·ч × { $price }/кВт·ч
quote-capacity = Мощность: { $kw } кВт × { $price }/кВт
quote-rent = Место: { $racks } стойки × { $price }/стойка
quote-line-shortfall = До минимальной оплаты
quote-line-charge = Начисление
quote-line-sla_credit = Скидка за доступность
quote-vat = НДС { $rate }
quote-total = Обычный месяц, { $vat }, оценка
quote-note = По паспортной мощности, тариф «{ $plan }», { $month }.
quote-none = Цены пока нет: для площадки не опубликован тариф на эти даты.

reserve-new = Забронировать ёмкость

## Отказ

refused-page-title = Бронь не создана
refused-asked = Что нужно
refused-next = Что дальше
refused-kept = Заявка сохранена: сотрудники площадки увидят её и ответят.
refused-change = Изменить условия
refused-request = Открыть заявку

## Брони

list-kw = кВт
list-status = Состояние
reservations-search = Арендатор, модель или номер
reservations-none = Броней пока нет
reservations-none-text = Выберите машины и срок: место закрепляется сразу, без согласования.
reservations-none-go = Посмотреть ёмкость
reservation-title = Бронь № { $id }
reservation-machines = { $count } × { $model }
reservation-what = Что забронировано
reservation-hold = держится до { $until }, { $left }
reservation-held-until = Держится до
reservation-racks = Стоек
reservation-assign = Назначить стойки
reservation-reassign = Изменить стойки
reservation-sign = Оформить аренду
reservation-again = Забронировать снова
reservation-cancel = Отменить бронь
reservation-cancel-title = Отменить бронь № { $id }?
reservation-cancel-lead = Места освободятся сразу, и их сможет занять кто угодно.
reservation-cancel-warning = Отмену нельзя вернуть: понадобится новая бронь, если место ещё будет.
places = Стойки
places-proposed = предложены, могут измениться до назначения
places-assigned = назначены
places-gone = места освобождены
place-rack = Стойка
place-where = Место
place-row = { $hall }, ряд { $row }
place-leg = Фаза
place-legs = L1 / L2 / L3
place-three = 3 фазы
leasing-history = История
history-house = Система
history-reservation-reserve = { $who }: забронировано
history-reservation-move = { $who }: перенос в другие стойки
history-reservation-assign = { $who }: стойки назначены
history-reservation-cancel = { $who }: бронь отменена
history-request-request = { $who }: заявка подана
history-request-close = { $who }: заявка закрыта
history-lease-sign = { $who }: аренда оформлена
history-lease-notice = { $who }: подано уведомление об окончании
history-other = { $who }: { $action }

done-reserved = Забронировано. Сотрудники назначат стойки; до конца брони место закреплено за вами.
done-reservation-cancelled = Бронь отменена, места свободны.
done-lease-moved = Аренда переезжает в выбранные стойки.
done-reservation-assigned = Стойки назначены.
done-lease-signed = Аренда оформлена.
done-lease-noticed = Уведомление принято: дата окончания записана.
done-request-answered = Ответ отправлен, заявка закрыта.
done-request-withdrawn = Заявка отозвана.

## Назначение стоек

assign-title = Стойки брони № { $id }
assign-sub = Предложенное размещение уже заполнено. Можно выбрать любое другое, которое держится весь срок.
assign-search = Стойка или зал
assign-slots = Свободно мест
assign-room = до { $fits } · { $free }
assign-units-on = Сколько машин поставить в { $rack }
assign-placed = Расставлено
assign-hidden =
    { $count ->
        [one] Ещё { $count } стойка не показана: найдите её по имени.
        [few] Ещё { $count } стойки не показаны: найдите нужную по имени.
       *[many] Ещё { $count } стоек не показано: найдите нужную по имени.
    }
relocate-title = Переезд аренды по брони № { $id }
relocate-sub = С выбранного дня все машины стоят в других стойках, до него остаются на месте.
relocate-from = С какого дня
relocate-from-hint = Первый день в новых стойках. «Найти» покажет, что свободно с этого дня.
relocate-save = Переместить
assign-save = Назначить
assign-refused = Так разместить нельзя
assign-error-count = Расставлено { $placed }, а в брони машин — { $count }.

## Оформление аренды

sign-title = Аренда по брони № { $id }
sign-contracted = Договорная мощность
sign-contracted-hint = До { $most }: столько забронировано
sign-payment-hint = Сколько дней после счёта на оплату
sign-notice-hint = За сколько дней предупреждают об окончании
sign-email-hint = Сюда приходят счета
sign-no-plans = Нет ни одного опубликованного тарифа. Попросите финансы опубликовать его.
sign-save = Оформить аренду

## Аренда

lease-name = Аренда
lease-title = Аренда { $number }
lease-state-active = действует
lease-state-upcoming = начнётся
lease-state-notice = заканчивается
lease-state-ended = закончилась
leases-search = Номер, арендатор или модель
leases-none = Аренды пока нет
leases-none-text = Аренда появляется, когда у брони назначены все стойки и подписаны условия.
leases-none-go = Открыть брони
lease-contracted-kw = Договор, кВт
lease-contracted = Договорная мощность с { $date }
lease-contracted-from = Договорная мощность, с { $date }
lease-plan = Тариф
lease-payment-days = Срок оплаты
lease-notice-days = Срок уведомления
lease-billing-email = Почта для счетов
lease-reservation = Бронь
lease-terms = Условия
lease-usage = Потребление
lease-meter-new = Завести счётчик
lease-no-meter = Счётчика нет
lease-no-meter-note = Договорная мощность { $kw }; потребление появится, когда счётчик заведут.
lease-invoices = Счета аренды
lease-move = Перенести в другие стойки
lease-end = Закончить аренду
lease-events = События
lease-events-none = Отключений и ограничений не записано.
lease-event-new = Записать событие
lease-event-when = Когда
lease-event-cause = Причина
lease-event-remove = Убрать
lease-event-note = Примечание
lease-event-cause-host = площадка
lease-event-cause-curtailment = ограничение мощности
lease-event-cause-tenant = арендатор

notice-title = Закончить аренду { $number }?
notice-lead = С указанного дня машины нужно отключить, а места станут свободны для других.
notice-end = Дата окончания
notice-hint = Не раньше { $date }; этот день уже не входит в аренду
notice-earliest = Самая ранняя дата
notice-frees = Освободится мощность
notice-warning = Дату потом можно только приблизить, отложить её нельзя.

## Заявки

requests-sub = Пожелания, которым не нашлось места.
requests-search = Арендатор или модель
requests-none = Заявок нет
requests-none-text = Заявка остаётся, когда машины не помещаются: сотрудники видят её и отвечают.
request-title = Заявка № { $id }
request-why = Почему не поместилось
request-fit = Вошло бы
request-state-open = ждёт ответа
request-state-closed = закрыта
request-again = Попробовать снова
request-answer = Ответ
request-to-answer = Ответить арендатору
request-answer-hint = Что и когда возможно. Ответ закроет заявку.
request-send = Ответить и закрыть
request-withdraw = Отозвать заявку
request-withdraw-text = Если место больше не нужно, отзовите заявку.
reason-short-restriction = запрет в регионе
reason-short-cooling_kind = нет такого охлаждения
reason-short-space = места
reason-short-power = питание
reason-short-cooling = охлаждение

## Конфликты

nav-conflicts = Конфликты
conflicts-sub = Брони, которым после изменения мощностей негде стоять. Каждый конфликт остаётся в списке, пока не решён; на то, чего не хватает, ничего нового не продаётся.
conflicts-search = Арендатор, номер брони или ресурс
conflicts-none = Открытых конфликтов нет
conflicts-none-text = У каждой живой брони есть место. Изменение, которое ломает брони, сначала показывает их; всё, на что вы согласились, появится здесь.
conflicts-none-go = Решённые конфликты
conflicts-total =
    { $count ->
        [one] { $count } конфликт
        [few] { $count } конфликта
       *[other] { $count } конфликтов
    } у { $bookings ->
        [one] { $bookings } брони
       *[other] { $bookings } броней
    }
conflicts-of-booking = Открытые конфликты
conflict-booking = № { $id }
conflict-state-open = Открыт
conflict-state-resolved = Решён
conflict-state-all = Все
conflict-since = с { $at }
conflict-resolution-cancelled = Бронь отменена
conflict-resolution-ended = Закончился
conflict-resolution-moved = Машины переставлены
conflict-resolution-restored = Мощности снова хватает
conflict-node_leg = { $name }, фаза { $leg }: не хватает { $excess }
conflict-zone = Охлаждение { $name }: не хватает { $excess }
conflict-rack_slots = Стойка { $name }: не хватает { $excess }
conflict-rack_leg = Стойка { $name }, фаза { $leg }: не хватает { $excess }
conflict-restriction = { $name }: под запретом { $excess }
conflict-place = Стойка { $name } больше не подходит: { $excess }
conflict-own = у этой брони здесь { $own }
conflict-slots =
    { $count ->
        [one] { $count } место
        [few] { $count } места
       *[other] { $count } мест
    }
conflict-machines =
    { $count ->
        [one] { $count } машина
        [few] { $count } машины
       *[other] { $count } машин
    }
conflict-noun-node = Узел питания
conflict-noun-outage = Отключение
conflict-noun-rack = Стойка
conflict-noun-zone = Зона охлаждения
conflict-noun-weather = Расчётная погода
conflict-noun-site = Площадка
conflict-noun-restriction = Запрет
conflict-noun-import = Импорт стоек
conflict-cause-node = Изменён узел питания { $words }
conflict-cause-outage = Отключение { $words }
conflict-cause-rack = Изменена стойка { $words }
conflict-cause-zone = Изменена зона охлаждения { $words }
conflict-cause-weather = Изменена расчётная погода, { $words }
conflict-cause-site = Изменена площадка { $words }
conflict-cause-restriction = Запрет: { $words }
conflict-cause-import = Стойки загружены из файла
conflict-step-move = Выбрать другие стойки
conflict-step-cancel = Отменить бронь
conflict-step-end = Завершить аренду
conflict-step-call-off = Отменить отключение
conflict-step-reverse = Вернуть как было
conflict-step-racks = Открыть стойки
conflict-col-booking = Бронь
conflict-col-what = Чего не хватает
conflict-col-days = Дни
conflict-col-from = Первый день
conflict-col-last = Последний день
conflict-col-kw = Не хватает, кВт
conflict-col-count = Не хватает мест или машин
conflict-col-cause = Причина
conflict-col-opened = Открыт
conflict-col-resolved = Решён в
conflict-col-steps = Что сделать
conflict-calm = С { $from } мощность вашей брони ограничена. Оператор знает об этом и решает вопрос; от вас ничего не требуется.
## Несколько видов сразу

parts-open = Несколько видов, стойки целиком, выбор стоек…
parts-title = Бронь на несколько видов сразу
parts-sub = Все части размещаются вместе и на один срок — или не размещается ни одна.
parts-when = Где и когда
parts-check = Проверить, что поместится
parts-part = Часть { $number }
parts-what = Что
parts-rack = стойки целиком для себя
parts-rack-name = стойка целиком, до { $power }
parts-units = Машин или стоек
parts-name = Название
parts-watts = Мощность одной машины или стойки
parts-supply-hint = Стойка целиком: трёхфазная или на одной фазе
parts-racks = Только эти стойки
parts-racks-hint = Имена через запятую; диапазон — А-01..А-10
parts-feeds = на двух фидерах
parts-feeds-hint = Только стойки с двумя фидерами, каждый из которых несёт их целиком
parts-among =
    { $count ->
        [one] в { $count } названной стойке
        [few] среди { $count } названных стоек
        [many] среди { $count } названных стоек
       *[other] среди { $count } названных стоек
    }
parts-asks = Условия
parts-remove = Убрать часть { $number }
parts-add = Добавить часть
parts-reserve = Забронировать всё
parts-take-offer = Взять то, что помещается
parts-fit = Всё помещается:
parts-refused = Всё вместе не помещается
parts-fits = { $model }: рядом с предыдущими частями помещается { $fits } из { $units }.
parts-would-fit =
    { $count ->
        [one] поместилась бы { $count }
        [few] поместились бы { $count }
        [many] поместилось бы { $count }
       *[other] поместилось бы { $count }
    }
parts-error-rack = Стойки «{ $rack }» на этой площадке нет.
leasing-error-parts = От 1 до 8 частей.
leasing-error-together = У частей одной заявки общие арендатор, площадка, зал и срок.
reservation-together = Забронировано вместе
reservation-other = № { $id }: { $machines }
reservation-cancelled-too = Отменяются вместе с ней

## Резервирование

redundancy-section = Допуск
redundancy-rule = Резервирование
redundancy-n = N: любая стойка
redundancy-n-plus-one = N+1: два фидера и запасная установка охлаждения
redundancy-two-n = 2N: два фидера, у которых общий только ввод, и запасная установка охлаждения
redundancy-site-hint = Чему должна отвечать любая стойка, которую здесь бронируют. Правило арендатора действует, если оно строже.
redundancy-tenant-hint = Чему должна отвечать любая стойка, которую бронирует этот арендатор. Правило площадки действует, если оно строже.

## Насколько удачно место

quality-now = Место сейчас
quality-racks =
    { $count ->
        [one] { $count } стойка
        [few] { $count } стойки
        [many] { $count } стоек
       *[other] { $count } стойки
    }
quality-opened =
    { $count ->
        [0] новых не занято
        [one] { $count } занята впервые
        [few] { $count } заняты впервые
        [many] { $count } занято впервые
       *[other] { $count } занято впервые
    }
quality-rows =
    { $count ->
        [1] один ряд
        [one] { $count } ряд
        [few] { $count } ряда
        [many] { $count } рядов
       *[other] { $count } ряда
    }
quality-legs = наибольший перекос фаз { $power }
quality-left =
    { $count ->
        [one] другим остаётся { $count } стойка целиком
        [few] другим остаются { $count } стойки целиком
        [many] другим остаётся { $count } стоек целиком
       *[other] другим остаётся { $count } стойки целиком
    }

## Перепланирование

replan-open-page = Перепланировать
replan-title = Перепланирование
replan-sub = Какие брони без назначенных стоек переставить, чтобы свободное место собралось вместе.
replan-goal = Освободить место под
replan-goal-racks = стойки целиком
replan-goal-request = заявку № { $id }, { $tenant }: { $machines }
replan-model = Считать, сколько поместится
replan-moves = Перестановки
replan-count =
    { $count ->
        [one] { $count } бронь
        [few] { $count } брони
        [many] { $count } броней
       *[other] { $count } брони
    }
replan-none = Выигрыша нет: перестановкой броней без назначенных стоек больше места не освободить.
replan-from = Стоит в
replan-to = Встанет в
replan-effect = Что изменится
replan-before = Было
replan-after = Станет
replan-open = Занято стоек
replan-free = Свободно стоек целиком
replan-legs = Наибольший перекос фаз
replan-fits = { $model }: поместится без перестановок
replan-warning = Меняются только предложенные стойки. Назначенное и сданное в аренду остаётся на месте.
replan-apply =
    { $count ->
        [one] Переставить { $count } бронь
        [few] Переставить { $count } брони
        [many] Переставить { $count } броней
       *[other] Переставить { $count } брони
    }
replan-error-changed = Брони с тех пор изменились: посмотрите новое предложение.
done-replanned = Брони переставлены.
history-reservation-replan = { $who }: переставлено в другие стойки

left-title = Остались на прежних местах
left-text = Эти машины стоят в стойках, где у их арендатора сегодня ничего не занято: аренда переехала или закончилась. Каждой нужно место в стойках, занятых сейчас.
left-place = стойка { $rack }, место { $slot }
left-move = Переставить
left-move-of = Переставить машину { $serial }
left-all = В реестре
left-more = Показаны не все.
left-count = { $count ->
    [one] { $count } машина стоит там, где у её арендатора ничего не занято
    [few] { $count } машины стоят там, где у их арендаторов ничего не занято
   *[many] { $count } машин стоят там, где у их арендаторов ничего не занято
  }
