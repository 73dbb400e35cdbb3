## Количества

count-machines =
    { $count ->
        [one] { $count } машина
        [few] { $count } машины
       *[many] { $count } машин
    }
count-racks =
    { $count ->
        [one] { $count } стойка
        [few] { $count } стойки
       *[many] { $count } стоек
    }
count-days =
    { $count ->
        [one] { $count } день
        [few] { $count } дня
       *[many] { $count } дней
    }
count-hours =
    { $count ->
        [one] { $count } час
        [few] { $count } часа
       *[many] { $count } часов
    }
count-months =
    { $count ->
        [one] { $count } месяц
        [few] { $count } месяца
       *[many] { $count } месяцев
    }
count-rows =
    { $count ->
        [one] { $count } строка
        [few] { $count } строки
       *[many] { $count } строк
    }

## Деньги

money-gross = с НДС
money-net = без НДС
money-no-vat = НДС не облагается

## Действия

action-save = Сохранить
action-cancel = Отмена
action-back = Назад
action-edit = Изменить
action-add = Добавить
action-delete = Удалить
action-continue = Продолжить
action-download = Скачать

## Единицы

unit-kw = кВт
unit-kwh = кВт·ч
unit-w = Вт
unit-pcs = шт.
unit-hours = ч
unit-days = дн.

## Списки

list-search = Поиск
list-find = Найти
list-reset = Сбросить
list-all = все
list-pages = Страницы списка
list-first = В начало
list-next = Дальше
list-shown =
    { $count ->
        [one] Показана { $count } строка
        [few] Показаны { $count } строки
       *[many] Показано { $count } строк
    }
list-nothing = Ничего не нашлось
list-nothing-text = Под этот поиск и фильтры не подходит ни одна строка. Измените условия или сбросьте их.
list-total = Итого

## Отказы

refusal-nearest = Ближайшее, что подойдёт:

## Длительная работа

progress-report = Открыть отчёт
progress-stop = Остановить
progress-refresh = Обновить

yes = да
no = нет
none = —

history = История
