## Список счетов

invoices-title = Счета
invoices-number = Номер
invoices-issued = Выставлен
invoices-tenant = Арендатор
invoices-lease = Аренда
invoices-month = Месяц
invoices-kwh = кВт·ч
invoices-due-date = Оплатить до
invoices-state = Состояние
invoices-net = Без НДС
invoices-vat = НДС
invoices-total = Всего с НДС
invoices-paid = Оплачено
invoices-due = К оплате
invoice-standing-open = выставлен
invoice-standing-partly-paid = частично оплачен
invoice-standing-overdue = просрочен
invoice-standing-paid = оплачен
bill-invoices-search = Номер или арендатор
bill-invoices-none = Счетов ещё нет
bill-invoices-none-text = Счета появятся, когда вы рассчитаете и выставите первый месяц.
bill-invoices-none-go = Рассчитать месяц
bill-invoices-none-own = Первый счёт придёт после окончания месяца; он появится здесь и на почте для счетов.
bill-total-of =
    { $count ->
        [one] Итого, { $count } строка
        [few] Итого, { $count } строки
       *[many] Итого, { $count } строк
    }

## Счёт

bill-invoice-title = Счёт { $number }
bill-invoice-subtitle = { $month } · выставлен { $issued } · оплатить до { $due }
bill-position = Позиция
bill-quantity = Количество
bill-price = Цена
bill-sum = Сумма
bill-net = Без НДС
bill-vat-at = НДС{"\u00A0"}{ $rate }
bill-vat-none = НДС не облагается
bill-total = Итого
bill-left-to-pay = Осталось оплатить
bill-paid-of = Оплачено { $paid } из { $total }
bill-advance-there = У арендатора есть аванс { $sum }.
bill-advance-apply = Зачесть аванс
bill-advance-title = Зачёт аванса
bill-advance-lead = { $sum } аванса будет зачтено в счёт { $number }.
bill-advance-now = Аванс сейчас
bill-advance-then = Аванс после зачёта
bill-advance-left = Останется оплатить
bill-payment-take = Принять платёж
bill-invoice-facts = Основание
bill-site = Площадка
bill-metered = Потреблено
bill-estimated-note = По оценке, а не по показаниям счётчиков: { $kwh }, или { $share } потребления.
bill-mails = Письма
bill-mail-waiting = Ждёт отправки на { $to }
bill-mail-sent = Отправлено на { $to }
bill-mail-failed = Не удалось отправить на { $to }

## Строки счёта и из чего они сложились

bill-line-energy = Электроэнергия
bill-line-energy-zone = Электроэнергия, { $zone }
bill-line-shortfall = Недобор до минимума
bill-line-capacity =
    { $count ->
        [one] Мощность, { $kw } кВт, { $count } день
        [few] Мощность, { $kw } кВт, { $count } дня
       *[many] Мощность, { $kw } кВт, { $count } дней
    }
bill-line-rent = Место в стойках
bill-line-credit = Доступность { $availability }, скидка { $credit }
bill-x-from-what = Из чего сложилось
bill-x-readings =
    { $count ->
        [one] Показания { $count } счётчика, { $hours }
        [few] Показания { $count } счётчиков, { $hours }
       *[many] Показания { $count } счётчиков, { $hours }
    }
bill-x-all-day = круглосуточно
bill-x-loss = Коэффициент потерь { $factor }
bill-x-billed = К оплате
bill-x-estimated = Из них по оценке
bill-x-all-measured = нет, всё по счётчикам
bill-x-intervals = Интервалов
bill-x-by-day = По дням, наибольший день { $most } кВт·ч
bill-x-meter = Счётчик
bill-x-of-them-estimated = по оценке
bill-x-half-hours = Открыть получасовки
bill-x-reliefs =
    { $count ->
        [one] Льгота за { $count } отключение
        [few] Льгота за { $count } отключения
       *[many] Льгота за { $count } отключений
    }
bill-x-minimum = Надо было взять
bill-x-taken = Взято
bill-x-short = Недобор
bill-x-stretch = Когда
bill-x-load = доля
bill-x-contracted = Договорная мощность
bill-x-days-of = { $days } из { $of } дн.
bill-x-formula = Считается
bill-x-formula-capacity = кВт × цена × дни ÷ дни месяца
bill-x-formula-rent = стойко-дни × цена ÷ дни месяца
bill-x-rack-days = Стойко-дней
bill-x-month-days = Дней в месяце
bill-x-rack = Стойка
bill-x-share = доля
bill-x-days = дней
bill-x-date = Дата
bill-x-version = Цены
bill-x-version-from = действуют с { $date }
bill-x-lost = Не отдано по вине площадки
bill-x-promised = Обещано по договору
bill-x-availability = Доступность
bill-x-below = Скидка при доступности ниже { $below }
bill-x-base-energy = База: электроэнергия
bill-x-base-capacity = База: мощность
bill-x-base-rent = База: место
bill-x-base = База скидки
bill-x-outage = Отключение

## Расчёт месяца

bill-run-title = Расчёт за { $month }
bill-run-state-open = открыт
bill-run-state-issuing = выставляется
bill-run-state-issued = выставлен
bill-run-open = Рассчитать месяц
bill-run-open-hint = Обычно это последний полный месяц.
bill-run-open-go = Рассчитать
bill-run-invoices = Счетов
bill-runs-none = Ни один месяц ещё не рассчитан
bill-runs-none-text = Выберите месяц: сначала вы увидите каждую строку, счета выставляются отдельным шагом.
run-month-ahead = Этот месяц ещё не начался.
bill-run-ready = Готово к выставлению
bill-run-issued = Выставлено
bill-run-blocked = Нельзя выставить
bill-run-of-leases =
    { $count ->
        [one] из { $count } аренды
        [few] из { $count } аренд
       *[many] из { $count } аренд
    }
bill-count-invoices =
    { $count ->
        [one] { $count } счёт
        [few] { $count } счёта
       *[many] { $count } счетов
    }
bill-run-to-invoices = К счетам
bill-run-recompute = Пересчитать
bill-run-issue =
    { $count ->
        [one] Выставить { $count } счёт
        [few] Выставить { $count } счёта
       *[many] Выставить { $count } счетов
    }
bill-run-issue-more =
    { $count ->
        [one] Выставить ещё { $count } счёт
        [few] Выставить ещё { $count } счёта
       *[many] Выставить ещё { $count } счетов
    }
bill-run-cannot = Пока нельзя выставить
bill-run-cannot-note = Исправьте причину, и расчёт обновится сам.
bill-run-leases = Аренды
bill-run-leases-note = Строка открывается до показаний.
bill-run-empty = В этом месяце нет аренд
bill-run-empty-text = Счета выставляются по арендам, у которых в месяце есть хотя бы один день.
bill-by-estimate = по оценке
bill-difference = К прошлому
bill-difference-short = Разница
bill-entry-state-issued = выставлен
bill-entry-state-blocked = нельзя
bill-entry-state-ready = готов
bill-entry-state-waiting = считается
run-month-empty = Аренд в этом месяце не было.
run-still-computed = Месяц ещё считается: выставить счета можно, когда он посчитан.
run-changed-since = Пока вы смотрели, суммы изменились: посмотрите и подтвердите ещё раз.
bill-run-nothing = Сейчас нечего выставлять: всё готовое уже выставлено, остальное ждёт исправлений.
bill-run-issue-title = Выставить счета
bill-run-issue-lead =
    { $count ->
        [one] Будет выставлен { $count } счёт за { $month }.
        [few] Будет выставлено { $count } счёта за { $month }.
       *[many] Будет выставлено { $count } счетов за { $month }.
    }
bill-run-issue-warning = Счета получат номера, попадут в журнал и уйдут арендаторам по почте. Отозвать их нельзя; исправления идут начислениями следующего месяца.
bill-run-stay-blocked = Останутся заблокированными
bill-progress-issue = Счета выставляются
bill-progress-compute = Месяц считается
bill-progress-of = { $done } из { $all }
bill-progress-done = Готово
bill-progress-result = Выставлено счетов: { $issued }, заблокировано: { $blocked }

## Почему месяц нельзя выставить

blocker-no-active-day = В { $month } у аренды нет ни одного дня.
blocker-no-version = С { $from } у тарифа нет действующих цен.
blocker-no-contracted-power = С { $from } не указана договорная мощность.
blocker-no-zone = Ни одна зона тарифа не охватывает { $day }, { $time }.
blocker-no-vat-rate = На { $day } нет ставки НДС.
blocker-no-meter = У аренды нет ни одного счётчика.
blocker-hole = { $place }: нет показаний с { $from } до { $to }.
blocker-overlap = { $place }: показания накладываются с { $from } до { $to }.
blocker-negative = { $place }: с { $from } до { $to } меньше, чем на счётчиках за ним.
blocker-unmetered = Стойка { $place } без счётчика с { $from } до { $to }.
blocker-overflow = Числа слишком велики, чтобы посчитать.
blocker-more =
    { $count ->
        [one] И ещё { $count } причина.
        [few] И ещё { $count } причины.
       *[many] И ещё { $count } причин.
    }
blocker-month-open = Месяц ещё идёт: выставить можно с { $until }.
blocker-no-operator = Не заполнены реквизиты оператора.
blocker-operator-details = У оператора нет названия или ИНН.
blocker-tenant-inn = У арендатора нет ИНН.
blocker-tenant-address = У арендатора нет адреса.
bill-mend-lease = Открыть аренду
bill-mend-tenant = Дополнить реквизиты арендатора
bill-mend-meter = Открыть счётчик
bill-mend-rack = Открыть стойку
bill-mend-plan = Открыть тариф
bill-mend-vat = Добавить ставку НДС
bill-mend-operator = Заполнить реквизиты оператора

## Платежи

bill-payments-search = Арендатор или номер платёжки
bill-payments-none = Платежей ещё нет
bill-payments-none-text = Запишите первый платёж: он погасит открытые счета, остаток станет авансом.
bill-payment-title = Платёж № { $id } от { $date }
bill-payment-date = Дата
bill-payment-amount = Сумма
bill-payment-amount-hint = Например, 125 000,50
bill-payment-reference = Платёжное поручение
bill-payment-reference-hint = Номер или текст из выписки
bill-payment-invoice = Счёт
bill-payment-invoice-hint = Не выбран: платёж погасит самые ранние открытые счета.
bill-payment-oldest = Сначала самые ранние
bill-payment-applied = Зачтено в счета
bill-payment-advance = Аванс
bill-payment-parts = Куда пошли деньги
bill-payment-where = Куда пойдут деньги
bill-payment-where-none = Выберите арендатора и сумму и нажмите «Показать», чтобы увидеть, какие счета погасит платёж.
bill-payment-due-left = к оплате { $due }, останется { $left }
bill-payment-record = Записать платёж
bill-payment-preview = Показать, куда пойдут деньги
bill-payment-reversed = Сторнировано
bill-reversal-open = Сторнировать платёж
bill-reversal-title = Сторно платежа
bill-reversal-lead = Платёж № { $id } от { $date } на { $sum } будет сторнирован.
bill-reversal-owed = Эти счета снова станут неоплаченными; к оплате по ним сейчас и после:
bill-reversal-part = потеряет { $sum } оплаты
bill-reversal-advance = Аванс арендатора
bill-reversal-then = { $now } → { $then }
bill-reversal-date = Дата сторно
bill-reversal-date-hint = Когда банк вернул деньги; если это опечатка — сегодня.
bill-reversal-reason = Причина сторно
bill-reversal-reason-hint = Банк вернул платёж, не та сумма, не тот арендатор
bill-reversal-warning = Сторно попадёт в журнал проводок, отменить его нельзя: верный платёж запишите после. Этот останется в списке зачёркнутым.
bill-reversal-do = Сторнировать платёж
bill-reversed-on = сторно { $date }
bill-reversed-why = Сторнирован { $date }: { $reason }
payment-reversed-already = Этот платёж уже сторнирован.
payment-reversal-early = Не раньше даты самого платежа.
bill-currency = Валюта
payment-other-currency = Счёт в другой валюте.
payment-other-tenant = Это счёт другого арендатора.
payment-long-ago = Этой дате больше трёх лет: проверьте год.
payment-ahead = Эта дата ещё не наступила.
payment-no-advance = Зачитывать нечего: аванса нет или счёт уже оплачен.

## Тарифы

bill-plan = Тариф
bill-plan-new = Новый тариф
bill-plans-none = Тарифов ещё нет
bill-plans-none-text = Тариф с ценами нужен каждой аренде: без него её нельзя рассчитать.
bill-plan-since = Цены с
bill-plan-not-in-force = ещё не действует
bill-plan-drafts = Черновиков
bill-plan-leases = Аренды с этим тарифом
bill-plan-leases-none = Тариф пока никому не назначен.
bill-plan-name = Название
bill-plan-currency-hint = Счета будут в этой валюте.
bill-plan-prices-in = Цены без НДС, { $currency }
bill-plan-no-versions = Цен ещё нет
bill-plan-no-versions-text = Добавьте версию: с какой даты и какие цены действуют.
bill-plan-version-new = Новые цены
bill-plan-version-title = Цены: { $name }
bill-plan-from = С { $date }
bill-plan-draft = черновик
bill-plan-in-force = действует
bill-plan-ahead = вступит в силу
bill-plan-past = прошлые цены
bill-plan-publish = Ввести в действие
bill-plan-effective = Действуют с
bill-plan-effective-hint = Позже предыдущей версии и не в выставленном месяце.
bill-plan-energy = Электроэнергия, за кВт·ч
bill-plan-zone = Зона
bill-plan-zone-from = С
bill-plan-zone-to = До
bill-plan-zone-price = Цена за кВт·ч
bill-plan-zone-of = { $name }, { $hours }, за кВт·ч
bill-plan-zones-hint = Время площадки. Одинаковые «с» и «до» — круглые сутки; зона может переходить через полночь. Время оценивает первая подходящая зона. Пустые строки не в счёт.
bill-plan-zone-needed = Нужна хотя бы одна зона.
bill-plan-time = Время в виде 07:00.
bill-plan-loss = Коэффициент потерь
bill-plan-loss-hint = На него умножается потребление; пусто — 1.
bill-plan-fixed = Постоянная плата, за месяц
bill-plan-capacity = Мощность, за кВт в месяц
bill-plan-capacity-hint = За договорную мощность.
bill-plan-rack = Место, за стойку в месяц
bill-plan-rack-hint = Часть стойки считается долей.
bill-plan-minimum = Бери или плати
bill-plan-minimum-share = Минимум от договорной мощности
bill-plan-minimum-price = Цена недобора за кВт·ч
bill-plan-minimum-hint = От 0 до 100; пусто — без минимума.
bill-plan-minimum-of = Минимум { $share }, недобор за кВт·ч
bill-plan-sla = Скидка за доступность
bill-plan-sla-below = Доступность ниже
bill-plan-sla-credit = Скидка
bill-plan-sla-hint = Действует самая низкая строка, под которую подошла доступность. Пустые строки не в счёт.
bill-plan-sla-of = Скидка при доступности ниже { $below }
bill-plan-save = Сохранить черновик
bill-plan-try = Примерка: месяц по этим ценам
bill-plan-try-kw = Мощность
bill-plan-try-load = Загрузка
bill-plan-try-racks = Стоек
bill-plan-try-go = Посчитать
bill-quote-no-zone = Зоны не покрывают все сутки.
bill-quote-no-vat-rate = На этот месяц нет ставки НДС.
bill-quote-other = По этим ценам месяц посчитать нельзя.
bill-publish-title = Ввести цены в действие
bill-publish-lead = Цены тарифа «{ $name }» вступят в силу с { $date }.
bill-publish-warning = Действующие цены не меняются: исправить их можно только новой версией с более поздней даты.
bill-draft-remove-title = Удалить черновик
bill-draft-remove-lead = Черновик цен тарифа «{ $name }» с { $date } будет удалён.
plan-name-taken = Тариф с таким названием уже есть.
plan-version-published = Эти цены уже действуют и не меняются. Добавьте новую версию.
plan-month-billed = За этот месяц по тарифу уже выставлены счета.
plan-fault-empty = Заполните это поле.
plan-fault-repeated = Это уже есть в другой строке.
plan-fault-negative = Не меньше нуля.
plan-fault-too-many-decimals = Не больше { $most } знаков после запятой.
plan-fault-not-a-share = От 0 до 100 %.
plan-fault-not-positive = Больше нуля.
plan-fault-late = Дата должна быть позже предыдущей версии.

## Ставки НДС

bill-vat-title = Ставки НДС
bill-vat-country = Страна
bill-vat-country-hint = Две латинские буквы: RU, KZ.
bill-vat-rate = Ставка
bill-vat-from = Действует с
bill-vat-from-hint = Не раньше ещё не выставленного месяца.
bill-vat-add = Добавить ставку
bill-vat-empty = Ставок ещё нет
bill-vat-empty-text = Без ставки НДС счета выставить нельзя.
bill-vat-remove-title = Удалить ставку НДС
bill-vat-remove-lead = Ставка будет удалена; ни один счёт на неё не опирается.
vat-country = Две латинские буквы, например RU.
vat-date-taken = На эту дату ставка уже есть.
vat-month-billed = Этот месяц уже выставлен: выберите более позднюю дату.

## Начисления

bill-charges-none = Начислений ещё нет
bill-charges-none-text = Разовые работы и скидки вносятся сюда и попадают в счёт за месяц их даты.
bill-charge-new = Новое начисление
bill-charge-date = Дата
bill-charge-date-hint = Попадёт в счёт за этот месяц.
bill-charge-description = За что
bill-charge-description-hint = Так строка будет называться в счёте.
bill-charge-quantity-hint = Меньше нуля — скидка.
bill-charge-price = Цена за единицу, без НДС
bill-charge-price-hint = В валюте тарифа аренды.
bill-charge-enter = Внести
bill-charge-invoice = Счёт
bill-charge-remove = Убрать
bill-charge-remove-title = Убрать начисление
bill-charge-remove-lead = Начисление не попадёт в счёт; запись о нём останется в истории.
charge-quantity = Не ноль и не больше 6 знаков после запятой.
charge-price = Не меньше нуля и не больше 6 знаков после запятой.
charge-before-lease = Аренда начинается позже этой даты.
charge-after-lease = В этом месяце аренда уже кончилась.
charge-month-billed = Этот месяц аренды уже выставлен: выберите дату следующего.

## Поправки к показаниям

bill-corrections = Поправки после выставления
bill-corrections-note = Выставленные счета не меняются: разницу возвращают или добирают начислением.
bill-corrections-money = Счета, месяц которых теперь стоит иначе
bill-corrections-readings = Изменённые показания
bill-corrections-billed = Выставлено
bill-corrections-now = Сейчас было бы
bill-corrections-none = Поправок нет
bill-corrections-none-text = Здесь появятся показания, которые изменились после выставления счёта.
bill-correction-when = Время
bill-correction-old = Было, кВт·ч
bill-correction-new = Стало, кВт·ч
bill-correction-difference = Разница, кВт·ч
bill-correction-reason = Причина
bill-correction-at = Исправлено

## Журнал

bill-ledger-note = Двойная запись: сумма по всем счетам всегда ноль.
bill-ledger-none = Проводок ещё нет
bill-ledger-none-text = Они появятся с первым счётом или платежом.
bill-ledger-date = Дата
bill-ledger-document = Документ
bill-ledger-account = Счёт учёта
bill-ledger-debit = Дебет
bill-ledger-credit = Кредит
bill-ledger-balances = Остатки, { $currency }
bill-ledger-tenants = Долг арендаторов
bill-ledger-ahead = аванс { $sum }
bill-account-receivable = Расчёты с арендаторами
bill-account-advance = Авансы
bill-account-revenue = Выручка
bill-account-vat = НДС
bill-account-bank = Банк
bill-entry-invoice = Счёт
bill-entry-payment = Платёж
bill-entry-reversal = Сторно платежа
bill-entry-application = Зачёт аванса

## История

bill-history = История
history-invoice-issue = { $who }: выставлен
history-invoice-pay = { $who }: зачтено { $amount }
history-invoice-unpay = { $who }: платёж сторнирован, снова к оплате { $amount }
history-payment-record = { $who }: записан
history-payment-reverse = { $who }: сторнирован
history-plan-create = { $who }: тариф создан
history-plan-draft = { $who }: сохранён черновик цен
history-plan-publish = { $who }: цены введены в действие
history-plan-delete-draft = { $who }: черновик удалён

## Что сделано

done-bill-advance = Аванс зачтён.
done-bill-payment = Платёж записан.
done-bill-reversal = Платёж сторнирован: оплаченное им снова числится долгом.
done-bill-plan-draft = Черновик сохранён. Цены вступят в силу, когда вы введёте их в действие.
done-bill-plan-published = Цены введены в действие.
done-bill-vat = Ставка добавлена.
done-bill-vat-removed = Ставка удалена.
done-bill-charge = Начисление внесено.
done-bill-charge-removed = Начисление убрано.

## Общие ошибки полей

field-required = Заполните это поле.
field-too-long = Слишком длинно.
field-positive = Больше нуля.
field-too-large = Слишком большое число.

charge-outside-lease = Дата вне срока аренды
