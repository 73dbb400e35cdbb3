site-description = Innkeeper: учёт ёмкости, потребления и счетов майнинг-отеля
skip-to-content = К содержанию
nav-label = Разделы

## Разделы арендатора

nav-home = Обзор
nav-capacity = Ёмкость
nav-leases = Аренда
nav-machines = Машины
nav-usage = Потребление
nav-invoices = Счета
nav-users = Пользователи

## Разделы площадки

nav-shift = Смена
nav-racks = Стойки
nav-halls = Залы
nav-power = Питание
nav-cooling = Охлаждение
nav-requests = Заявки
nav-reservations = Брони
nav-outages = Отключения
nav-events = События
nav-meters = Счётчики
nav-readings = Показания
nav-models = Модели

## Разделы финансов

nav-month = Месяц
nav-runs = Расчёты
nav-payments = Платежи
nav-plans = Тарифы
nav-ledger = Журнал
nav-exports = Выгрузки
nav-charges = Начисления

## Разделы администратора

nav-tenants = Арендаторы
nav-operator = Оператор
nav-outbox = Почта
nav-trail = История
nav-sites = Площадки
nav-settings = Настройки

## Меню разделов

nav-booking = Брони и аренда
nav-metering = Учёт
nav-place = Площадка
nav-money = Финансы
nav-more = Ещё
nav-replan = Перепланирование
nav-restrictions = Запреты в регионах
nav-corrections = Поправки показаний
nav-vat = НДС

## Меню пользователя

user-menu = Меню пользователя: { $name }
user-profile = Профиль
language = Язык
language-switch = Switch to English
theme = Тема
theme-auto = Как в системе
theme-light = Светлая
theme-dark = Тёмная
sign-out = Выйти
sign-in = Войти
