use super::super::document::{InvoiceDocument, samples};
use super::*;
use crate::text::Locale;

fn long(locale: Locale) -> InvoiceDocument {
    let mut invoice = samples::october(locale);
    let name = "Приём, распаковка, проверка, установка и пусконаладка машин с доставкой со склада в зал № 2, партия";
    for batch in 1..=60 {
        let line = samples::charge(&format!("{name} {batch}"), "12", "1450.50", 1_740_600);
        invoice.plan.lines.insert(4, line);
        invoice.plan.net.0 += 1_740_600;
        invoice.plan.total.0 += 1_740_600;
    }
    invoice
}

#[test]
fn the_same_invoice_gives_the_same_bytes() {
    for locale in Locale::ALL {
        let invoice = samples::october(*locale);
        let bytes = invoice_pdf(&invoice).unwrap();
        assert_eq!(bytes, invoice_pdf(&invoice).unwrap());
        assert!(
            bytes.starts_with(b"%PDF-") && bytes.len() < 100_000,
            "{} bytes",
            bytes.len()
        );
    }
}

#[test]
fn other_content_gives_other_bytes() {
    let invoice = samples::october(Locale::Ru);
    let other = InvoiceDocument {
        number: "2026-000413".into(),
        ..invoice.clone()
    };
    assert_ne!(invoice_pdf(&invoice).unwrap(), invoice_pdf(&other).unwrap());
}

#[test]
fn long_tables_break_over_pages() {
    assert_eq!(layout(&samples::october(Locale::Ru)).unwrap().pages(), 1);
    assert_eq!(layout(&long(Locale::Ru)).unwrap().pages(), 5);
}

#[test]
fn strange_content_is_still_a_document() {
    let mut invoice = samples::october(Locale::En);
    invoice.tenant.name = "Ш".repeat(900);
    invoice.director = "й".repeat(300);
    invoice.bank = Default::default();
    invoice
        .plan
        .lines
        .push(samples::charge(&"слово ".repeat(2_000), "1", "1", 100));
    invoice
        .plan
        .lines
        .push(samples::charge("漢字 😀 \u{0} \u{202e}", "1", "1", 100));
    assert!(invoice_pdf(&invoice).is_ok());
    invoice.plan.lines.clear();
    assert!(invoice_pdf(&invoice).is_ok());
}
