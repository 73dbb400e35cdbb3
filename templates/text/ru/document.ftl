## Счёт: документ, строки, суммы

doc-invoice = Счёт
doc-title = Счёт на оплату №{"\u00A0"}{ $number } от { $date } г.
doc-total = Итого
doc-page = Страница { $page } из { $pages }
doc-footer = Счёт № { $number } от { $date }

doc-bank-of-payee = Банк получателя
doc-payee = Получатель
doc-bic = БИК
doc-account = Сч. №
doc-inn = ИНН
doc-kpp = КПП
doc-ogrn = ОГРН
doc-ogrn-person = ОГРНИП
doc-registry = реестр
doc-supplier = Исполнитель
doc-customer = Заказчик
doc-basis = Основание
doc-basis-text = Договор аренды № { $lease }, { $site }, { $month } г.
doc-pay-by = Оплатить до

doc-column-no = №
doc-column-description = Наименование
doc-column-quantity = Количество
doc-column-unit = Ед.
doc-column-price = Цена
doc-column-net = Сумма

doc-since = тариф с { $date }
doc-line-energy = Электроэнергия, { $since }
doc-line-energy-zone = Электроэнергия, зона «{ $zone }», { $since }
doc-line-shortfall = Недобор до минимума по условию «бери или плати», { $since }
doc-line-capacity = Мощность { $kw } кВт, { $days } из { $of } { $of ->
        [one] дня
       *[other] дней
    }, цена за кВт в месяц
doc-line-losses = , с потерями ×{"\u00A0"}{ $factor }
doc-line-rack-rent = Место в стойках, { $since }, цена за стойку в месяц
doc-line-sla-credit = Скидка { $credit } за доступность { $availability }
doc-unit-kw-month = кВт·мес.
doc-unit-rack-month = стойко-мес.

doc-net = Итого без НДС
doc-vat = НДС{"\u00A0"}{ $rate }
doc-no-vat = Без НДС
doc-payable = Всего к оплате, { $sign }
doc-vat-phrase = в том числе НДС{"\u00A0"}{ $rate } — { $vat }
doc-no-vat-phrase = НДС не облагается
doc-summary = Всего наименований { $count }, на сумму { $total }
doc-purpose-label = Назначение платежа
doc-purpose = Оплата по счёту № { $number } от { $date }, договор аренды № { $lease }, { $vat }
doc-estimated = В том числе по оценке, а не по показаниям счётчиков: { $energy }, или { $share } потребления.
doc-director = Руководитель
doc-accountant = Главный бухгалтер
