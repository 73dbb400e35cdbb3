## Роли

role-owner = Владелец
role-member = Сотрудник арендатора
role-staff = Эксплуатация
role-finance = Финансы
role-administrator = Администратор
role-can-owner = бронирует, отменяет, расторгает, ведёт пользователей арендатора
role-can-member = бронирует и отменяет
role-can-staff = ведёт площадку: стойки, размещение, аренду, показания
role-can-finance = тарифы, начисления, расчёты, платежи, выгрузки; видит всё
role-can-administrator = пользователи, реквизиты оператора и всё остальное

## Вход

sign-in-title = Вход
sign-in-forgotten = Забыли пароль?
sign-in-no-account = Нет учётной записи? Приглашение пришлёт администратор или владелец учётной записи вашей компании.
done-signed-out = Вы вышли.
done-password-set = Пароль задан. Войдите с ним.
forgotten-title = Новый пароль
forgotten-lead = Введите почту учётной записи: мы пришлём ссылку, по которой можно задать новый пароль.
forgotten-send = Прислать ссылку
reset-sent-title = Проверьте почту
reset-sent-lead = Если учётная запись { $email } есть, ссылка уже отправлена. Она сработает один раз в течение часа. Письма нет? Загляните в спам.
invitation-title = Добро пожаловать
invitation-lead = придумайте пароль — и учётная запись готова.
reset-title = Новый пароль
reset-lead = придумайте новый пароль. На всех других устройствах вы выйдете из системы.
link-dead-title = Ссылка больше не работает
link-dead-invitation = Ею уже воспользовались, срок её истёк, или прислана более новая. Если пароль уже задан, войдите; если нет, попросите новую ссылку у того, кто вас пригласил.
link-dead-reset = Ею уже воспользовались, срок её истёк, или прислана более новая. Запросите новую.

## Профиль

profile-self = О вас
profile-account = Учётная запись
profile-password = Пароль
profile-password-note = Здесь вы останетесь в системе, на других устройствах придётся войти заново.
profile-password-change = Сменить пароль
done-profile-saved = Профиль сохранён.
done-password-changed = Пароль изменён, остальные сеансы закрыты.

## Пользователи

users-search = Почта, имя или арендатор
users-crumbs = Вы здесь
users-state-active = Активен
users-state-invited = Приглашён
users-state-inactive = Отключён
user-email = Почта
user-name = Имя
user-role = Роль
user-tenant = Арендатор
user-tenant-hint = Только для владельцев и сотрудников арендатора; у людей оператора его нет.
user-state = Состояние
user-since = Создан
user-signed-in = Последний вход
user-locale = Язык
user-locale-hint = Страниц и писем.
user-password = Пароль
user-password-current = Текущий пароль
user-password-new = Новый пароль
user-password-again = Новый пароль ещё раз
user-password-hint =
    { $shortest ->
        [one] Не короче { $shortest } знака.
        [few] Не короче { $shortest } знаков. Несколько случайных слов легко запомнить и трудно угадать.
       *[many] Не короче { $shortest } знаков. Несколько случайных слов легко запомнить и трудно угадать.
    }
user-password-set = Задать пароль
user-invite = Пригласить
user-invite-title = Приглашение пользователя
user-invite-lead = На почту придёт ссылка, по которой задают пароль; она действует семь дней.
user-invite-send = Отправить приглашение
user-invite-again = Отправить приглашение ещё раз
user-role-set = Сменить роль
user-deactivate = Отключить
user-deactivate-title = Отключение пользователя
user-deactivate-lead = { $name } сразу выйдет из системы на всех устройствах и больше не сможет войти. Всё сделанное под этим именем останется; позже доступ можно вернуть.
user-reactivate = Вернуть доступ
done-invited = Приглашение отправляется.
done-role-set = Роль изменена.
done-user-deactivated = Пользователь отключён, все его сеансы закрыты.
done-user-reactivated = Пользователь снова может войти.

## Арендаторы

tenants-search = Название, ИНН или почта
tenants-none = Арендаторов пока нет
tenants-none-text = Арендатор бронирует мощность, подписывает аренду и получает счета. Добавьте первого и пригласите его владельца.
tenant-add = Добавить арендатора
tenant-new = Новый арендатор
tenant-edit = Арендатор: изменение реквизитов
tenant-name = Название
tenant-name-hint = Так, как оно должно стоять в счетах.
tenant-kind = Вид
tenant-kind-company = Организация
tenant-kind-sole_trader = ИП
tenant-kind-person = Физическое лицо
tenant-details = Реквизиты
tenant-legal = Регистрация и банк
tenant-contacts = Контакты
tenant-compliance = Реестр майнеров
tenant-inn = ИНН
tenant-inn-hint = 10 цифр у организации, 12 у ИП и физического лица.
tenant-kpp = КПП
tenant-kpp-hint = Только у организаций.
tenant-ogrn = ОГРН
tenant-ogrnip = ОГРНИП
tenant-ogrn-any = ОГРН или ОГРНИП
tenant-ogrn-hint = 13 цифр у организации, 15 у ИП.
tenant-address = Адрес
tenant-bank = Банковские реквизиты
tenant-email = Почта
tenant-email-hint = Сюда приходят счета, если в аренде не указан другой адрес.
tenant-phone = Телефон
tenant-contact = Контактное лицо
tenant-locale = Язык
tenant-locale-hint = Счетов и писем.
tenant-registry = Номер в реестре
tenant-registry-hint = Реестр лиц, осуществляющих майнинг цифровой валюты.
tenant-registry-date = Дата записи
tenant-no-registry = нет в реестре майнеров
tenant-since = Добавлен
tenant-no-users = Никто от этого арендатора ещё не может войти. Пригласите владельца.
done-tenant-saved = Арендатор сохранён.

## Оператор

operator-lead = Эти реквизиты стоят в каждом новом счёте. Выставленные счета сохраняют прежние.
operator-legal-name = Полное наименование
operator-short-name = Краткое наименование
operator-rules = Правила
operator-country = Страна
operator-country-hint = Две буквы, например RU. От страны зависят ставки НДС и проверка регистрационных номеров.
operator-zone = Часовой пояс
operator-zone-hint = Даты и номера счетов — по местной дате этого пояса.
operator-locale = Язык
operator-vat = Плательщик НДС
operator-vat-hint = Без отметки счета выставляются без НДС.
operator-bank = Банк
operator-bank-name = Наименование банка
operator-bic = БИК
operator-account = Расчётный счёт
operator-corr-account = Корреспондентский счёт
operator-signatures = Подписи
operator-director = Руководитель
operator-accountant = Главный бухгалтер
done-operator-saved = Реквизиты оператора сохранены.

## Почта

outbox-search = Адрес или тема
outbox-none = Писем пока нет
outbox-none-text = Приглашения, ссылки для смены пароля и счета появятся здесь, как только будут написаны.
outbox-written = Написано
outbox-to = Кому
outbox-subject = Тема
outbox-kind = Вид
outbox-kind-invitation = Приглашение
outbox-kind-reset = Смена пароля
outbox-kind-invoice = Счёт
outbox-state-waiting = Ждёт отправки
outbox-state-sent = Отправлено
outbox-state-failed = Не отправлено
outbox-again-at = снова { $at }
outbox-sent = Отправлено
outbox-next = Следующая попытка
outbox-attempts = Попыток
outbox-invoice = Вложение
outbox-invoice-open = счёт
outbox-error = Последняя попытка не удалась:
outbox-text = Текст
outbox-delivery = Доставка
outbox-retry = Отправить сейчас
done-mail-queued = Письмо поставлено в начало очереди.

## История

trail-lead = Каждое изменение: кто, когда, что было до и стало после. Записи не меняются, и каждая скрепляет предыдущую.
trail-search = Номер
trail-chain = Цепочка
trail-chain-operator = Дела оператора
trail-none = Пока ничего не произошло
trail-none-text = Здесь появится первое изменение.
trail-at = Когда
trail-who = Кто
trail-house = Система
trail-action = Что
trail-noun = Предмет
trail-changes = Поля
trail-fields =
    { $count ->
        [one] { $count } поле
        [few] { $count } поля
       *[many] { $count } полей
    }
trail-of-row = История
trail-action-create = создано
trail-action-update = изменено
trail-action-remove = удалено
trail-action-assign = назначены стойки
trail-action-cancel = отменено
trail-action-close = закрыто
trail-action-estimate = пропуск заполнен оценкой
trail-action-import = загружено
trail-action-issue = выставлено
trail-action-notice = подано уведомление о расторжении
trail-action-pay = внесён платёж
trail-action-record = записано
trail-action-request = оставлена заявка
trail-action-reserve = забронировано
trail-action-retry = отправляется снова
trail-action-sign = подписано
trail-action-accept_invitation = приглашение принято
trail-action-request_reset = запрошена смена пароля
trail-action-reset_password = пароль сменён по ссылке
trail-action-set_password = пароль задан
trail-action-change_password = пароль изменён
trail-action-change_profile = профиль изменён
trail-action-set_role = роль изменена
trail-action-deactivate = доступ отключён
trail-action-reactivate = доступ возвращён
trail-action-invite_again = приглашение отправлено снова
trail-noun-billing_run = Расчёт месяца
trail-noun-charge = Начисление
trail-noun-hall = Зал
trail-noun-import = Загрузка
trail-noun-invoice = Счёт
trail-noun-lease = Аренда
trail-noun-lease_event = Событие
trail-noun-mail = Письмо
trail-noun-meter = Счётчик
trail-noun-model = Модель
trail-noun-node = Узел питания
trail-noun-operator = Оператор
trail-noun-outage = Отключение
trail-noun-payment = Платёж
trail-noun-plan = Тариф
trail-noun-plan_version = Редакция тарифа
trail-noun-rack = Стойка
trail-noun-reading = Показание
trail-noun-request = Заявка
trail-noun-reservation = Бронь
trail-noun-restriction = Запрет
trail-noun-row = Ряд
trail-noun-site = Площадка
trail-noun-tenant = Арендатор
trail-noun-user = Пользователь
trail-noun-vat_rate = Ставка НДС

## Что не так с полем

identity-required = Заполните это поле.
identity-too-long =
    { $longest ->
        [one] Не больше { $longest } знака.
        [few] Не больше { $longest } знаков.
       *[many] Не больше { $longest } знаков.
    }
identity-choose = Выберите значение из списка.
identity-email-form = Введите адрес латинскими буквами, например name@example.com.
identity-email-taken = Учётная запись с этим адресом уже есть.
identity-country-form = Две латинские буквы, например RU.
identity-zone-unknown = Такого часового пояса нет; пример: Europe/Moscow.
identity-inn-company = ИНН организации — 10 цифр, последняя должна сходиться с остальными. Проверьте номер.
identity-inn-person = ИНН ИП и физического лица — 12 цифр, две последние должны сходиться с остальными. Проверьте номер.
identity-kpp-form = КПП — 9 знаков, например 773601001.
identity-kpp-company-only = КПП бывает только у организаций: оставьте поле пустым.
identity-ogrn-form = ОГРН — 13 цифр, последняя должна сходиться с остальными. Проверьте номер.
identity-ogrnip-form = ОГРНИП — 15 цифр, последняя должна сходиться с остальными. Проверьте номер.
identity-ogrn-no-person = У физического лица нет ОГРН: оставьте поле пустым.
identity-bic-form = БИК — 9 цифр.
identity-account-key = В счёте 20 цифр, и он не сходится с БИК банка. Проверьте оба номера.
identity-registry-number = Укажите и номер записи.
identity-registry-date = Укажите и дату записи.
identity-role-needs-tenant = Владельцы и сотрудники относятся к арендатору: выберите его.
identity-role-no-tenant = Люди оператора не относятся к арендатору: оставьте поле пустым или выберите роль владельца либо сотрудника арендатора.
identity-role-other-side = Пользователь арендатора остаётся у арендатора, люди оператора — у оператора. Пригласите нового пользователя.
identity-password-short = Не короче { $shortest } знаков.
identity-password-long = Не длиннее { $longest } знаков.
identity-password-is-email = Пароль не должен совпадать с почтой.
identity-password-common = Такие пароли угадывают в первую очередь. Придумайте другой.
identity-password-wrong = Это не ваш текущий пароль.
identity-password-again = Пароли не совпадают. Введите один и тот же дважды.

## В чём отказано

identity-sign-in-wrong = Почта или пароль не подходят. Проверьте оба поля; после пяти неудач придётся подождать.
identity-sign-in-wait =
    { $minutes ->
        [one] Слишком много попыток. Подождите { $minutes } минуту и попробуйте снова.
        [few] Слишком много попыток. Подождите { $minutes } минуты и попробуйте снова.
       *[many] Слишком много попыток. Подождите { $minutes } минут и попробуйте снова.
    }
identity-link-dead = Ссылкой уже воспользовались, срок её истёк, или прислана более новая.
identity-not-invited = Этот пользователь уже задал пароль или отключён: приглашать некуда.
identity-not-yourself = Себя отключить нельзя. Попросите другого администратора или владельца.
identity-last-administrator = Это последний администратор: некому будет открывать доступ. Сначала назначьте администратором кого-то ещё.
identity-last-owner = Это последний владелец у арендатора. Сначала назначьте владельцем кого-то ещё.
identity-mail-sent-already = Это письмо уже отправлено.
identity-form-in-progress = Эта форма уже отправлена и ещё обрабатывается. Посмотрите список, прежде чем отправлять её снова.
identity-job-lost = Эту работу забрал другой процесс.
