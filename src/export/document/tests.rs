use super::*;

fn texts(locale: Locale) -> Vec<String> {
    let invoice = samples::october(locale);
    let line = |line| {
        let parts = [
            describe(locale, line),
            quantity(locale, line),
            unit(locale, line),
            unit_price(locale, line),
        ];
        parts.join(" | ").replace('\u{a0}', " ")
    };
    invoice.plan.lines.iter().map(line).collect()
}

#[test]
fn lines_read_naturally_in_russian() {
    assert_eq!(
        texts(Locale::Ru),
        [
            "Электроэнергия, зона «день», тариф с 1 октября 2026 | 571 204,118 | кВт·ч | 5,4321",
            "Электроэнергия, зона «ночь», тариф с 1 октября 2026 | 284 113,420 | кВт·ч | 3,2150",
            "Мощность 1 250 кВт, 31 из 31 дня, цена за кВт в месяц | 1 250 | кВт·мес. | 350,00",
            "Место в стойках, тариф с 1 октября 2026, цена за стойку в месяц | 30 | стойко-мес. | 4 000,00",
            "Удалённые руки: замена блоков питания | 1,5 |  | 2 400,00",
            "Скидка 5 % за доступность 98,41 % |  |  | ",
        ]
    );
}

#[test]
fn lines_read_naturally_in_english() {
    let texts = texts(Locale::En);
    assert_eq!(
        texts[0],
        "Electricity, zone “день”, price since 1 October 2026 | 571,204.118 | kWh | 5.4321"
    );
    assert_eq!(
        texts[2],
        "Capacity 1,250 kW, 31 of 31 days, price per kW and month | 1,250 | kW-months | 350.00"
    );
    assert_eq!(texts[5], "Credit of 5% for availability of 98.41% |  |  | ");
}

#[test]
fn a_part_of_a_month_is_a_part_of_the_quantity() {
    let mut line = samples::october(Locale::Ru).plan.lines[2].clone();
    if let Explain::Capacity(capacity) = &mut line.explain {
        (capacity.days, capacity.days_in_month) = (10, 31);
    }
    assert_eq!(
        quantity(Locale::En, &line),
        "403.225806",
        "1 250 kW for 10 of 31 days"
    );
}

#[test]
fn the_document_keeps_its_value_through_json() {
    let invoice = samples::october(Locale::Ru);
    let text = serde_json::to_string(&invoice).unwrap();
    let back: InvoiceDocument = serde_json::from_str(&text).unwrap();
    assert_eq!(back, invoice);
    assert_eq!(serde_json::to_string(&back).unwrap(), text);
}

#[test]
fn notes_and_purpose() {
    let mut invoice = samples::october(Locale::Ru);
    let plain = |text: String| text.replace('\u{a0}', " ");
    assert_eq!(
        plain(invoice.title()),
        "Счёт на оплату № 2026-000412 от 1 ноября 2026 г."
    );
    assert_eq!(
        plain(invoice.payment_purpose()),
        "Оплата по счёту № 2026-000412 от 01.11.2026, договор аренды № А-2026-0007, в том числе НДС 22 % — 956 708,37 ₽"
    );
    assert_eq!(
        plain(invoice.estimated_note().unwrap()),
        "В том числе по оценке, а не по показаниям счётчиков: 3 118 кВт·ч, или 0,36 % потребления."
    );
    invoice.vat_payer = false;
    assert!(invoice.payment_purpose().ends_with("НДС не облагается"));
    assert_eq!(invoice.sums()[1], ("Без НДС".to_owned(), "—".to_owned()));
    invoice.plan.estimated_wh.0 = 0;
    assert_eq!(invoice.estimated_note(), None);
}

#[test]
fn the_list_of_lines_sums_to_the_net() {
    let invoice = samples::october(Locale::En);
    let table = invoice.lines_table();
    assert_eq!(table.sum(5), Some(invoice.plan.net.major()));
}
