## Счётчики

meter = Счётчик
meter-title = Счётчик { $code }
meter-new = Завести счётчик
meter-new-lead = С одной стойкой он измеряет её всю, с одной арендой — все её машины, с обеими — машины аренды за счётчиком стойки.
meter-add = Завести
meter-code = Номер счётчика
meter-code-hint = Как в файлах показаний.
meter-site = Площадка
meter-rack = Стойка
meter-rack-hint = Название стойки на этой площадке.
meter-lease = Аренда
meter-lease-hint = Номер аренды, если счётчик стоит только на её машинах.
meter-from = В работе с
meter-from-hint = Первый день: с него счётчик обязан иметь показания.
meter-to = Снят с
meter-note = Примечание
meter-last = Последнее показание
meter-state = Состояние
meter-state-serving = передаёт
meter-state-silent = молчит
meter-state-closed = снят
meter-state-coming = ещё не в работе
meter-about = О счётчике
meter-readings = Последние показания
meter-readings-none = Показаний ещё нет. Загрузите файл.
meter-kind = Вид
meter-close = Снять счётчик
meter-close-title = Снять счётчик { $code }
meter-close-lead = С этого дня счётчик больше не обязан иметь показания. То, что он показал раньше, останется.
meter-close-from = Первый день без счётчика
meter-close-hint = Показаний на этот день и позже быть не должно.
meters-lead = Счётчики стоек и аренд и когда они последний раз передали показания.
meters-search = Номер, стойка или аренда
meters-shown = Показать
meters-with-closed = вместе со снятыми
meters-none = Счётчиков ещё нет
meters-none-text = Заведите счётчик на стойку, чтобы загружать показания и выставлять счета.
meter-code-taken = Счётчик с таким номером уже есть.
meter-rack-elsewhere = Эта стойка на другой площадке.
meter-lease-elsewhere = Эта аренда на другой площадке.
meter-place-required = Укажите стойку, аренду или обе.
meter-rack-unknown = Такой стойки на площадке нет.
meter-lease-unknown = Аренды с таким номером нет.
meter-closed-already = Счётчик уже снят.
meter-close-before-start = День должен быть позже первого дня работы.
meter-close-has-readings = На этот день или позже есть показания: выберите более поздний день.
done-meter-added = Счётчик заведён.
done-meter-closed = Счётчик снят.
history-meter-create = { $who }: счётчик заведён
history-meter-close = { $who }: счётчик снят
history-meter-estimate = { $who }: пропуск заполнен оценкой
reading-estimated = оценка
reading-measured = показание
corrections = Исправления
correction-old = было, кВт·ч
correction-new = стало, кВт·ч
correction-at = Когда
correction-by = Кто
correction-late = после счёта

## Загрузка показаний

readings-title = Загрузка показаний
readings-lead = Файл можно загрузить повторно: показания учитываются один раз.
readings-file = Файл показаний
readings-file-hint = CSV до { $most } МБ: счётчик, начало, конец, значение, единица.
readings-template = Скачать шаблон
readings-send = Загрузить
import-keep = Что сделать
import-keep-hint = Плохие строки перечислит отчёт.
import-keep-check-only = Только проверить и показать, что изменится
import-keep-all-or-nothing = Записать, если плохих строк нет
import-keep-good-rows = Записать хорошие строки
imports = Последние загрузки
imports-none = Загрузок ещё не было
imports-none-text = Выберите файл показаний выше или начните с шаблона.
import-file = Файл
import-at = Загружен
import-by = { $who }, { $at }
import-state = Состояние
import-state-running = идёт
import-state-checked = проверен
import-state-done = записан
import-state-refused = не записан
import-state-cancelled = остановлен
import-state-failed = не прочитан
import-new = Новые
import-same = Без изменений
import-corrected = Исправления
import-bad = Плохие строки
import-line = Строка
import-column = Столбец
import-value = Значение
import-reason = Что не так
import-another = Загрузить другой файл
import-progress-title = Файл «{ $name }»
import-progress-check = Проверка строк
import-progress-write = Записано строк: { $rows }
import-checked = Ничего ещё не записано. Новых показаний: { $new }, исправлений: { $corrected }, плохих строк: { $bad }.
import-write = Записать
import-write-good = Записать хорошие строки: { $count }
import-discard = Не записывать
import-refused = Плохих строк: { $count }, поэтому ничего не записано. Исправьте их и загрузите файл снова или запишите только хорошие строки.
import-cancelled = Загрузка остановлена. Записанное до этого осталось; тот же файл продолжит с этого места.
import-done = Показания записаны.
import-broken = Файл дошёл не до конца. Загрузите его ещё раз.
import-ended-already = Эта загрузка уже закончена.
done-import-cancelled = Загрузка остановлена.
imp-file-too-large = Файл больше { $most } МБ. Разделите его на части.
imp-reason-overlap = время пересекается с другим показанием этого счётчика
imp-reason-out-of-service = счётчик в это время не в работе
imp-reason-measured = за это время есть показание счётчика

## Потребление

usage-title = Потребление по аренде { $number }
usage-search = Аренда или арендатор
usage-month = Месяц
usage-none = В этом месяце аренд нет
usage-none-text = Выберите другой месяц.
usage-lease = Аренда
usage-tenant = Арендатор
usage-currency = Валюта
usage-total = Итого с НДС
usage-state = Данные
usage-kwh = кВт·ч
usage-estimated-kwh = по оценке, кВт·ч
usage-waiting = считается
usage-whole = полные
usage-now = Последняя мощность
usage-now-note = { $at } · договор { $kw }
usage-energy = За месяц
usage-energy-note = { $share } по оценке
usage-so-far = Начислено с начала месяца
usage-forecast = прогноз { $money }: доля прошедших дней
usage-cost = Стоимость месяца
usage-with-vat = в том числе НДС { $money }
usage-chart = Мощность и энергия
usage-view = Вид графика
usage-view-power = Мощность
usage-view-days = По дням
usage-nothing = Показаний за этот месяц ещё нет.
usage-contract = договор { $kw }
usage-estimated = оценка
usage-legend-tariff = дешёвые часы тарифа
usage-legend-estimated = оценка
usage-legend-outage = отключение
usage-legend-curtailment = ограничение
usage-download = Получасы:
usage-gaps = Пропуски показаний
usage-more-gaps = и ещё { $count }
usage-from = Начало
usage-to = Конец
usage-day = День
usage-by-day = По дням
usage-reasons = Почему нельзя выставить счёт
usage-zones = По зонам тарифа
usage-zone = Зона
usage-price = Цена
usage-net = Сумма
usage-events = События
usage-events-none = Отключений и ограничений не было.
usage-invoices = Счета за месяц
gap-title = Заполнить пропуск: { $code }
gap-lead = Значение пометится как оценка и так и войдёт в счёт. Показание, которое придёт позже, его заменит.
gap-fill = Заполнить пропуск
gap-from = Начало, дата
gap-to = Конец, дата
gap-value = Энергия за весь пропуск
gap-value-hint = Разделится по интервалам без остатка.
gap-reason = Почему такое значение
gap-reason-hint = Останется в истории счётчика.
done-gap-filled = Пропуск заполнен оценкой.
estimate-span = Время должно быть в прошлом, не длиннее месяца, а конец — позже начала.
estimate-not-a-gap = За это время есть показания, или счётчик не в работе.
time-of-day = Время
time-hint = Например 07:30.
form-time = Введите время, например 07:30.
form-time-skipped = Такого времени в этот день не было: часы перевели вперёд.

## События

event-title = Событие на аренде { $number }
event-lead = Мощность, которую аренда не могла взять. Событие меняет деньги, но не ёмкость.
event-from = Начало
event-to = Конец
event-kw = Недоступная мощность
event-kw-hint = По договору { $kw }.
event-cause = Причина
event-cause-hint = Площадка снижает доступность; ограничение — только минимум оплаты.
event-cause-host = отключение площадкой
event-cause-curtailment = ограничение мощности
event-cause-tenant = отключение арендатором
event-note = Примечание
event-record = Записать событие
event-remove = Убрать
event-remove-title = Убрать событие
event-remove-lead = Событие перестанет влиять на деньги. В истории останется, кто его записал и кто убрал.
event-span = Конец должен быть позже начала, и не больше чем на год.
event-before-lease = Аренда тогда ещё не началась.
event-after-lease = Аренда к тому времени закончилась.
event-above-contract = Больше договорной мощности.
event-month-billed = Счёт за этот месяц уже выставлен.
done-event-recorded = Событие записано.
done-event-removed = Событие убрано.

## Почему нельзя выставить счёт

blocker-hole = Нет показаний { $place }: с { $from } по { $to }
blocker-overlap = Показания { $place } пересекаются: с { $from } по { $to }
blocker-negative = { $place } показывает меньше, чем счётчики за ним: с { $from } по { $to }
blocker-unmetered = На стойке { $place } нет счётчика: с { $from } по { $to }
blocker-no-meter = У аренды нет счётчика
blocker-no-active-day = В месяце { $month } нет ни одного дня аренды
blocker-no-version = Нет действующей редакции тарифа с { $from }
blocker-no-contracted-power = Не указана договорная мощность с { $from }
blocker-no-zone = Ни одна зона тарифа не включает { $time } ({ $day })
blocker-no-vat-rate = Нет ставки НДС на { $day }
blocker-overflow = Показания слишком велики, чтобы их посчитать
blocker-month-open = Месяц ещё не закончился, счёт можно выставить с { $until }
blocker-no-operator = Не заполнены реквизиты оператора
blocker-operator-details = У оператора не указаны название или ИНН
blocker-tenant-inn = У арендатора не указан ИНН
blocker-tenant-address = У арендатора не указан адрес

field-positive = Должно быть больше нуля.
field-negative = Не может быть меньше нуля.
field-too-long = Слишком длинно.
field-too-large = Слишком большое число.
usage-blockers =
    { $count ->
        [one] { $count } причина
        [few] { $count } причины
       *[many] { $count } причин
    }
blocker-more =
    { $count ->
        [one] И ещё { $count } причина
        [few] И ещё { $count } причины
       *[many] И ещё { $count } причин
    }
