//! The table of lines, over as many pages as it needs, and the sums under it.

use super::super::document::{InvoiceDocument, describe, quantity, unit, unit_price};
use super::sheet::{Align, LEFT, RIGHT, Sheet, Style};
use crate::text::{Locale, format, t};

const TEXT: Style = Style::new(9.0);
const HEAD: Style = Style::new(9.0).bold();
const PAD: f32 = 4.0;
const OUTER: f32 = 1.2;
const HAIR: f32 = 0.5;

/// Left edges of the columns number, description, quantity, unit, price and net; then the right edge.
const EDGES: [f32; 7] = [
    LEFT,
    LEFT + 24.0,
    RIGHT - 278.0,
    RIGHT - 206.0,
    RIGHT - 146.0,
    RIGHT - 78.0,
    RIGHT,
];
const HEADERS: [&str; 6] = [
    "doc-column-no",
    "doc-column-description",
    "doc-column-quantity",
    "doc-column-unit",
    "doc-column-price",
    "doc-column-net",
];
const ALIGNS: [Align; 6] = [
    Align::Right,
    Align::Left,
    Align::Right,
    Align::Left,
    Align::Right,
    Align::Right,
];

pub(super) fn table(sheet: &mut Sheet, invoice: &InvoiceDocument) {
    let locale = invoice.locale;
    header(sheet, locale);
    let mut top = sheet.y;
    for (index, line) in invoice.plan.lines.iter().enumerate() {
        let cells = [
            (index + 1).to_string(),
            describe(locale, line),
            quantity(locale, line),
            unit(locale, line),
            unit_price(locale, line),
            format::amount(locale, line.net),
        ];
        let cells: Vec<Vec<String>> = (0..6)
            .map(|at| sheet.wrap(&cells[at], inner(at), TEXT))
            .collect();
        // A text longer than a page is no line of an invoice; the limit keeps each row on one page.
        let rows = cells.iter().map(Vec::len).max().unwrap_or(1).min(40);
        let height = rows as f32 * TEXT.leading() + 2.0 * PAD - 2.0;
        if !sheet.fits(height) {
            close(sheet, top);
            sheet.new_page();
            header(sheet, locale);
            top = sheet.y;
        }
        row(sheet, &cells, rows, TEXT, ALIGNS);
        sheet.y += height;
        sheet.rule((LEFT, sheet.y), (RIGHT, sheet.y), HAIR);
    }
    close(sheet, top);
    sheet.y += 6.0;
}

fn inner(column: usize) -> f32 {
    EDGES[column + 1] - EDGES[column] - 2.0 * PAD
}

fn row(sheet: &mut Sheet, cells: &[Vec<String>], rows: usize, style: Style, aligns: [Align; 6]) {
    for (column, lines) in cells.iter().enumerate() {
        let x = match aligns[column] {
            Align::Left => EDGES[column] + PAD,
            Align::Right => EDGES[column + 1] - PAD,
            Align::Center => (EDGES[column] + EDGES[column + 1]) / 2.0,
        };
        for (index, line) in lines.iter().take(rows).enumerate() {
            let y = sheet.y + PAD - 1.0 + index as f32 * style.leading();
            sheet.text(x, y, line, style.align(aligns[column]));
        }
    }
}

fn header(sheet: &mut Sheet, locale: Locale) {
    let top = sheet.y;
    sheet.rule((LEFT, top), (RIGHT, top), OUTER);
    let cells: Vec<Vec<String>> = (0..6)
        .map(|at| sheet.wrap(&t(locale, HEADERS[at]), inner(at), HEAD))
        .collect();
    let rows = cells.iter().map(Vec::len).max().unwrap_or(1);
    row(sheet, &cells, rows, HEAD, [Align::Center; 6]);
    sheet.y += rows as f32 * HEAD.leading() + 2.0 * PAD;
    sheet.rule((LEFT, sheet.y), (RIGHT, sheet.y), HAIR);
    verticals(sheet, top);
}

fn verticals(sheet: &mut Sheet, top: f32) {
    let bottom = sheet.y;
    for (index, x) in EDGES.into_iter().enumerate() {
        let weight = if index == 0 || index == 6 {
            OUTER
        } else {
            HAIR
        };
        sheet.rule((x, top), (x, bottom), weight);
    }
}

/// The frame around the rows of this page.
fn close(sheet: &mut Sheet, top: f32) {
    verticals(sheet, top);
    sheet.rule((LEFT, sheet.y), (RIGHT, sheet.y), OUTER);
}

/// Net, VAT and total under the amounts.
pub(super) fn sums(sheet: &mut Sheet, invoice: &InvoiceDocument) {
    let style = Style::new(9.5).bold();
    let sums = invoice.sums();
    sheet.keep(sums.len() as f32 * (style.leading() + 3.0));
    let widest = sums
        .iter()
        .map(|(_, amount)| sheet.width(amount, style))
        .fold(72.0, f32::max);
    for (label, amount) in sums {
        let right = style.align(Align::Right);
        sheet.text(RIGHT - PAD - widest - 14.0, sheet.y, &label, right);
        sheet.text(RIGHT - PAD, sheet.y, &amount, right);
        sheet.y += style.leading() + 3.0;
    }
    sheet.y += 6.0;
}
