//! What stands above and below the lines: bank, title, parties, amount in words, signatures.

use super::super::document::{InvoiceDocument, Party};
use super::super::words::amount_in_words;
use super::sheet::{Align, FOOT, LEFT, RIGHT, Sheet, Style};
use crate::text::{Locale, format, t, t_with};

const TEXT: Style = Style::new(9.5);
const SMALL: Style = Style::new(7.5).grey();
const HAIR: f32 = 0.6;

pub(super) fn head(sheet: &mut Sheet, invoice: &InvoiceDocument) {
    if !invoice.bank.account.is_empty() {
        bank(sheet, invoice);
    }
    let title = Style::new(15.0).bold();
    sheet.y += sheet.paragraph(LEFT, sheet.y, RIGHT - LEFT, &invoice.title(), title) + 4.0;
    sheet.rule((LEFT, sheet.y), (RIGHT, sheet.y), 1.4);
    sheet.y += 8.0;
    let locale = invoice.locale;
    let month = format::month(locale, invoice.period());
    let basis = t_with(
        locale,
        "doc-basis-text",
        &[
            ("lease", (&invoice.lease_number).into()),
            ("site", (&invoice.site_name).into()),
            ("month", month.into()),
        ],
    );
    entry(
        sheet,
        &t(locale, "doc-supplier"),
        &party(locale, &invoice.operator),
        TEXT.bold(),
    );
    entry(
        sheet,
        &t(locale, "doc-customer"),
        &party(locale, &invoice.tenant),
        TEXT.bold(),
    );
    entry(sheet, &t(locale, "doc-basis"), &basis, TEXT);
    let due = format::date_long(locale, invoice.due_date);
    entry(sheet, &t(locale, "doc-pay-by"), &due, TEXT.bold());
    sheet.y += 4.0;
}

/// A label and what it says, wrapped beside it.
fn entry(sheet: &mut Sheet, label: &str, text: &str, style: Style) {
    const LABEL_WIDTH: f32 = 82.0;
    sheet.text(LEFT, sheet.y, label, TEXT.grey());
    let width = RIGHT - LEFT - LABEL_WIDTH;
    sheet.y += sheet.paragraph(LEFT + LABEL_WIDTH, sheet.y, width, text, style) + 5.0;
}

/// Name, tax ids, register and address in one sentence, as on a Russian invoice.
fn party(locale: Locale, party: &Party) -> String {
    // A sole trader's number (ОГРНИП) has fifteen digits, a company's thirteen.
    let ogrn = if party.ogrn.len() == 15 {
        "doc-ogrn-person"
    } else {
        "doc-ogrn"
    };
    let mut parts = vec![party.name.clone()];
    for (key, value) in [
        ("doc-inn", &party.inn),
        ("doc-kpp", &party.kpp),
        (ogrn, &party.ogrn),
        ("doc-registry", &party.registry_number),
    ] {
        if !value.is_empty() {
            parts.push(format!("{}{}{value}", t(locale, key), format::NBSP));
        }
    }
    parts.extend(
        [&party.address, &party.email]
            .into_iter()
            .filter(|part| !part.is_empty())
            .cloned(),
    );
    parts.join(", ")
}

/// The block that a payment order is filled in from: bank and its accounts, payee and its account.
fn bank(sheet: &mut Sheet, invoice: &InvoiceDocument) {
    let (locale, bank, payee) = (invoice.locale, &invoice.bank, &invoice.operator);
    let (label, value) = (LEFT + 300.0, LEFT + 346.0);
    let top = sheet.y;
    let width = label - LEFT - 10.0;
    let name = |sheet: &mut Sheet, y: f32, text: &str, caption: &str| {
        let height = sheet
            .paragraph(LEFT + 5.0, y + 4.0, width, text, TEXT)
            .max(TEXT.leading());
        sheet.text(LEFT + 5.0, y + height + 6.0, &t(locale, caption), SMALL);
        y + height + 19.0
    };
    let middle = name(sheet, top, &bank.name, "doc-bank-of-payee").max(top + 34.0);
    let ids = middle + 18.0;
    let bottom = name(sheet, ids, &payee.name, "doc-payee");
    sheet.frame((LEFT, top), (RIGHT, bottom), HAIR);
    sheet.rule((LEFT, middle), (RIGHT, middle), HAIR);
    sheet.rule((LEFT, ids), (label, ids), HAIR);
    sheet.rule((label, top), (label, bottom), HAIR);
    sheet.rule((value, top), (value, bottom), HAIR);
    sheet.rule((label, top + 17.0), (value, top + 17.0), HAIR);
    let account = t(locale, "doc-account");
    for (y, text, what) in [
        (top, t(locale, "doc-bic"), &bank.bic),
        (top + 17.0, account.clone(), &bank.correspondent_account),
        (middle, account, &bank.account),
    ] {
        sheet.text(label + 5.0, y + 4.0, &text, TEXT);
        sheet.text(value + 5.0, y + 4.0, what, TEXT);
    }
    let half = LEFT + 150.0;
    sheet.text(
        LEFT + 5.0,
        middle + 4.0,
        &format!("{} {}", t(locale, "doc-inn"), payee.inn),
        TEXT,
    );
    if !payee.kpp.is_empty() {
        sheet.rule((half, middle), (half, ids), HAIR);
        sheet.text(
            half + 5.0,
            middle + 4.0,
            &format!("{} {}", t(locale, "doc-kpp"), payee.kpp),
            TEXT,
        );
    }
    sheet.y = bottom + 18.0;
}

/// Amount in words, purpose of payment, note of estimates, signatures.
pub(super) fn foot(sheet: &mut Sheet, invoice: &InvoiceDocument) {
    let (locale, plan) = (invoice.locale, &invoice.plan);
    let width = RIGHT - LEFT;
    let total = format::money(locale, plan.total, plan.currency);
    let count = plan.lines.len();
    let summary = t_with(
        locale,
        "doc-summary",
        &[("count", count.into()), ("total", total.into())],
    );
    let words = amount_in_words(locale, plan.total, plan.currency);
    let purpose = format!(
        "{}: {}",
        t(locale, "doc-purpose-label"),
        invoice.payment_purpose()
    );
    let note = invoice.estimated_note().unwrap_or_default();
    let mut height = 0.0;
    for (text, style) in [
        (&summary, TEXT),
        (&words, TEXT.bold()),
        (&purpose, TEXT),
        (&note, TEXT.grey()),
    ] {
        height += sheet.wrap(text, width, style).len() as f32 * style.leading() + 8.0;
    }
    sheet.keep(height);
    sheet.y += sheet.paragraph(LEFT, sheet.y, width, &summary, TEXT) + 1.0;
    sheet.y += sheet.paragraph(LEFT, sheet.y, width, &words, TEXT.bold()) + 8.0;
    sheet.y += sheet.paragraph(LEFT, sheet.y, width, &purpose, TEXT) + 5.0;
    if !note.is_empty() {
        sheet.y += sheet.paragraph(LEFT, sheet.y, width, &note, TEXT.grey()) + 5.0;
    }
    signatures(sheet, invoice);
}

fn signatures(sheet: &mut Sheet, invoice: &InvoiceDocument) {
    const HEIGHT: f32 = 64.0;
    const NAME_WIDTH: f32 = 90.0;
    sheet.keep(HEIGHT);
    sheet.rule((LEFT, sheet.y + 2.0), (RIGHT, sheet.y + 2.0), 1.4);
    let y = sheet.y + 26.0;
    let half = (RIGHT - LEFT) / 2.0;
    for (x, label, name) in [
        (LEFT, "doc-director", &invoice.director),
        (LEFT + half + 12.0, "doc-accountant", &invoice.accountant),
    ] {
        let label = t(invoice.locale, label);
        sheet.text(x, y, &label, TEXT);
        let end = x + half - 12.0;
        let name = sheet.wrap(name, NAME_WIDTH, TEXT);
        for (index, part) in name.iter().take(3).enumerate() {
            sheet.text(
                end,
                y + index as f32 * TEXT.leading(),
                part,
                TEXT.align(Align::Right),
            );
        }
        let widest = name
            .iter()
            .map(|part| sheet.width(part, TEXT))
            .fold(0.0, f32::max);
        let (line_from, line_to) = (x + sheet.width(&label, TEXT) + 6.0, end - widest - 6.0);
        sheet.rule((line_from, y + 11.0), (line_to, y + 11.0), HAIR);
    }
    sheet.y = y + TEXT.leading();
}

/// Number of the invoice and of the page, where there is more than one.
pub(super) fn page_numbers(sheet: &mut Sheet, invoice: &InvoiceDocument) {
    let (locale, pages) = (invoice.locale, sheet.pages());
    let date = format::date(locale, invoice.issue_date);
    let number = t_with(
        locale,
        "doc-footer",
        &[("number", (&invoice.number).into()), ("date", date.into())],
    );
    for page in (0..pages).filter(|_| pages > 1) {
        sheet.turn_to(page);
        let text = t_with(
            locale,
            "doc-page",
            &[("page", (page + 1).into()), ("pages", pages.into())],
        );
        sheet.text(LEFT, FOOT, &number, SMALL);
        sheet.text(RIGHT, FOOT, &text, SMALL.align(Align::Right));
    }
}
