home-tabs = Что показать
home-tab-site = Площадка
home-tab-finance = Финансы
home-tab-tenants = Арендаторы
home-all = Все
home-late = просрочено

## Арендатор

home-leases =
    { $count ->
        [one] { $count } аренда
        [few] { $count } аренды
       *[many] { $count } аренд
    }
home-now = Сейчас
home-no-meter = ни у одной аренды нет счётчика: измерять нечем
home-now-note = { $percent } от договорных { $kw }
home-energy = С начала месяца
home-estimated = из них по оценке { $kwh } кВт·ч
home-estimated-share = { $percent } по оценке
home-money = Начислено с начала месяца
home-charged = Начислено, { $month }
home-forecast = { $vat }; прогноз месяца { $money }
home-due = К оплате
home-due-by = до { $date }
home-due-none = неоплаченных счетов нет
home-overdue = просрочено { $money }
home-advance = аванс { $money }
home-week = Мощность за неделю, кВт
home-contract = договор { $kw }
home-legend-tariff = дешёвые часы тарифа
home-mark-estimated = оценка
home-mark-curtailment = ограничение
home-mark-outage = отключение
home-mark-tenant = арендатор
home-no-readings = Показаний за неделю ещё нет.
home-usage = Потребление по арендам и получасам
home-attention = Требует внимания
home-attention-none = Сейчас ничего не нужно решать.
home-invoice-due = Счёт { $number } к оплате до { $date }
home-invoice-late = Счёт { $number } просрочен с { $date }
home-held = Бронь: { $count } × { $model }
home-held-waits = сотрудники назначают стойки
home-held-assigned = стойки назначены, осталось оформить аренду
home-answered = Ответ на заявку № { $id }
home-col-now = кВт сейчас / договор
home-col-share = Доля договорной мощности
home-col-kwh = кВт·ч за месяц
home-col-money = Начислено за месяц, { $vat }

## Площадка

home-staff-title = Сегодня на площадке
home-requests = Заявки без ответа
home-requests-none = Все заявки с ответом.
home-request = { $tenant }: { $count } × { $model }
home-request-note = с { $from }, поместилось бы { $fit }
home-holds = Брони: назначить и оформить
home-holds-none = Ни одна бронь не ждёт стоек или подписи.
home-to-assign = назначить стойки
home-to-sign = оформить аренду
home-near =
    { $count ->
        [0] У предела
        [one] У предела: { $count }
       *[other] У предела: { $count }
    }
home-near-none = Нигде не продано 90 % и больше.
home-more-rows = Ещё { $count }
first-steps = Первые шаги
first-steps-done = сделано { $done } из { $all }
first-step-done = готово
first-step-go = Перейти
first-step-operator = Реквизиты оператора
first-step-operator-text = Название, ИНН, адрес и банк: они стоят в каждом счёте.
first-step-site = Площадка
first-step-site-text = Регион, часовой пояс и правила бронирования.
first-step-racks = Залы, питание, охлаждение, стойки
first-step-racks-text = По одной или таблицами CSV и XLSX, в том числе из NetBox.
first-step-plan = Тариф
first-step-plan-text = Цены по зонам суток и редакция, которая опубликована.
first-step-tenant = Арендатор
first-step-tenant-text = Кому сдаются стойки; его людей пригласите на его странице.
home-near-node = { $name }: продано { $percent }
home-near-zone = Охлаждение { $name }: продано { $percent }
home-meters = Молчащие счётчики
home-meters-none =
    { $count ->
        [one] Все счётчики дали показания за последний { $count } час.
        [few] Все счётчики дали показания за последние { $count } часа.
       *[many] Все счётчики дали показания за последние { $count } часов.
    }
home-meters-others = Молчат только те счётчики, о которых говорят тревоги.
home-silent = { $meter } молчит
home-silent-since =
    { $hours ->
        [one] последнее показание { $at }, { $hours } час назад
        [few] последнее показание { $at }, { $hours } часа назад
       *[many] последнее показание { $at }, { $hours } часов назад
    }
home-silent-never = ещё ни одного показания
home-conflicts =
    { $count ->
        [0] Открытые конфликты
        [one] Открытые конфликты: { $count }
       *[other] Открытые конфликты: { $count }
    }
home-conflicts-none = У каждой брони есть место.
home-outages = Отключения впереди
home-outages-none = Отключений не запланировано.
home-outage = { $node }: с { $from } до { $to }

## Чего не хватает текущему месяцу

home-lacks = Чего пока не хватает: { $month }
home-lacks-none = Показания всех счётчиков до сегодняшнего дня есть.
home-lacks-lead =
    { $meters ->
        [0] Аренд без счётчика: { $leases }
        [one] Нет показаний { $meters } счётчика за { $hours } ч; затронуто аренд: { $leases }
        [few] Нет показаний { $meters } счётчиков за { $hours } ч; затронуто аренд: { $leases }
       *[many] Нет показаний { $meters } счётчиков за { $hours } ч; затронуто аренд: { $leases }
    }
home-lacks-of =
    { $meters ->
        [one] { $meters } счётчик, { $hours } ч без показаний
        [few] { $meters } счётчика, { $hours } ч без показаний
       *[many] { $meters } счётчиков, { $hours } ч без показаний
    }
home-lacks-least =
    { $meters ->
        [one] { $meters } счётчик, не меньше { $hours } ч без показаний
        [few] { $meters } счётчика, не меньше { $hours } ч без показаний
       *[many] { $meters } счётчиков, не меньше { $hours } ч без показаний
    }
home-lacks-no-meter = измерять нечем: добавьте счётчик
home-lacks-waiting =
    { $count ->
        [one] { $count } аренда ещё считается.
        [few] { $count } аренды ещё считаются.
       *[many] { $count } аренд ещё считаются.
    }

## Финансы

home-finance-title = Финансы сегодня
home-run-title = Расчёт: { $month }
home-run-none = не начат
home-run-open = Открыть расчёт
home-run-issued =
    { $count ->
        [one] Выставлен { $count } счёт
        [few] Выставлено { $count } счёта
       *[many] Выставлено { $count } счетов
    }
home-run-ready =
    { $count ->
        [one] Готов { $count } счёт
        [few] Готовы { $count } счёта
       *[many] Готово { $count } счетов
    }
home-run-state-open = открыт
home-run-state-issuing = счета выставляются
home-run-state-issued = счета выставлены
home-run-leases = Аренд в месяце
home-run-blocked = Нельзя выставить
home-run-waiting = Ещё не посчитано
home-corrections =
    { $count ->
        [one] { $count } поздняя поправка показаний после счёта
        [few] { $count } поздние поправки показаний после счёта
       *[many] { $count } поздних поправок показаний после счёта
    }
home-overdue-title = Просрочено
home-overdue-none = Просроченных счетов нет.
home-currency = Валюта
home-age-30 = до 30 дней
home-age-60 = 31–60
home-age-90 = 61–90
home-age-more = больше 90
home-invoices =
    { $count ->
        [one] { $count } счёт
        [few] { $count } счёта
       *[many] { $count } счетов
    }
home-invoice = Счёт
home-due-date = Оплатить до
home-late-days = Дней просрочки
home-to-pay = Остаток
home-blocked-title = Пока нельзя выставить
home-blocked-none = Всё, что есть, можно выставить.
home-why = Почему
home-mend = Исправить
home-more =
    { $count ->
        [one] и ещё { $count } причина
        [few] и ещё { $count } причины
       *[many] и ещё { $count } причин
    }

## Настройки

settings-people = Люди и организации
settings-site = Площадка и измерения
settings-money = Деньги и учёт
settings-profile = Профиль
settings-profile-text = Имя, пароль, выход на всех устройствах
settings-users = Пользователи
settings-users-text = Кто входит в систему и с какими правами
settings-tokens = Токены сервисов
settings-tokens-text = Программы, которые читают и действуют через API с собственной ролью
settings-tenants = Арендаторы
settings-tenants-text = Реквизиты, контакты, запись в реестре
settings-operator = Оператор
settings-operator-text = Реквизиты, банк и НДС, как они стоят в счетах
settings-requests = Заявки
settings-requests-text = Пожелания, которым не нашлось места
settings-conflicts = Конфликты
settings-conflicts-text = Брони, которым после изменения мощностей негде стоять
settings-models = Модели машин
settings-models-text = Каталог: мощность, охлаждение, подключение
settings-restrictions = Запреты в регионах
settings-restrictions-text = Где и когда майнинг запрещён
settings-imports = Загрузки
settings-imports-text = Файлы с показаниями и их отчёты
settings-corrections = Поправки показаний
settings-corrections-text = Что изменилось после счёта и на сколько
settings-plans = Тарифы
settings-plans-text = Цены и редакции тарифов
settings-vat = НДС
settings-vat-text = Ставки по датам
settings-charges = Начисления
settings-charges-text = Разовые суммы в счетах
settings-ledger = Журнал проводок
settings-ledger-text = Двойная запись по каждому счёту и платежу
settings-outbox = Почта
settings-outbox-text = Письма: отправленные, ожидающие, с ошибками
settings-trail = История изменений
settings-trail-text = Кто, когда и что изменил

## Тревоги

home-alarms =
    { $count ->
        [0] Тревоги
        [one] Тревоги продолжаются: { $count }
       *[other] Тревоги продолжаются: { $count }
    }
home-alarms-none = Всё в своих пределах.
home-alarms-known = Всё, что продолжается, уже принято к сведению.
home-alarm-note = { $site } · с { $at }
home-over-since = с { $at }
