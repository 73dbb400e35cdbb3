//! A list as CSV that a spreadsheet of the reader's language opens right: UTF-8 with a byte order
//! mark; Russian with semicolons, decimal commas and `dd.mm.yyyy`, English with commas, points and
//! ISO dates.

use std::borrow::Cow;

use chrono::NaiveDateTime;
use rust_decimal::{Decimal, RoundingStrategy};

use super::table::{Cell, Kind, Table};
use crate::text::Locale;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Header and rows, lines ended by CRLF (RFC 4180). Sums are left to the reader's program.
pub fn csv(table: &Table, locale: Locale) -> Vec<u8> {
    let delimiter = match locale {
        Locale::Ru => b';',
        Locale::En => b',',
    };
    let mut writer = ::csv::WriterBuilder::new()
        .delimiter(delimiter)
        .terminator(::csv::Terminator::CRLF)
        .from_writer(BYTE_ORDER_MARK.to_vec());
    let written = write_rows(&mut writer, table, locale);
    debug_assert!(written.is_ok(), "memory takes every row");
    writer.into_inner().unwrap_or_default()
}

fn write_rows(
    writer: &mut ::csv::Writer<Vec<u8>>,
    table: &Table,
    locale: Locale,
) -> ::csv::Result<()> {
    writer.write_record(
        table
            .columns
            .iter()
            .map(|column| harmless(&column.header).into_owned()),
    )?;
    for row in &table.rows {
        let cells = table.columns.iter().zip(row);
        writer.write_record(cells.map(|(column, cell)| field(cell, column.kind, locale)))?;
    }
    writer.flush()?;
    Ok(())
}

fn field(cell: &Cell, kind: Kind, locale: Locale) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => harmless(text).into_owned(),
        Cell::Integer(number) => number.to_string(),
        Cell::Decimal(number) => decimal(*number, kind, locale),
        Cell::Money(amount) => decimal(amount.major(), Kind::Decimal(2), locale),
        Cell::Date(day) => day.format(date_format(locale)).to_string(),
        Cell::DateTime(at) => date_time(*at, locale),
    }
}

/// Plain digits, no groups: a program reads them back. Rounded half away from zero to the column.
fn decimal(number: Decimal, kind: Kind, locale: Locale) -> String {
    let text = match kind {
        Kind::Decimal(places) => {
            let rounded =
                number.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
            format!("{rounded:.*}", places as usize)
        }
        _ => number.to_string(),
    };
    match locale {
        Locale::Ru => text.replace('.', ","),
        Locale::En => text,
    }
}

fn date_format(locale: Locale) -> &'static str {
    match locale {
        Locale::Ru => "%d.%m.%Y",
        Locale::En => "%Y-%m-%d",
    }
}

fn date_time(at: NaiveDateTime, locale: Locale) -> String {
    format!("{} {}", at.format(date_format(locale)), at.format("%H:%M"))
}

/// A text that a spreadsheet would run as a formula gets an apostrophe before it (OWASP, "CSV
/// injection"); numbers come from typed cells and keep their minus.
fn harmless(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::Column;
    use super::*;
    use crate::domain::money::{Currency, Minor};

    fn table() -> Table {
        let mut table = Table::new(
            "Счета",
            vec![
                Column::new("№", Kind::Integer),
                Column::new("Арендатор", Kind::Text),
                Column::new("кВт·ч", Kind::Decimal(3)),
                Column::summed("Итого", Kind::Money(Currency::Rub)),
                Column::new("Дата", Kind::Date),
                Column::new("Выставлен", Kind::DateTime),
            ],
        );
        let day: chrono::NaiveDate = "2026-11-01".parse().unwrap();
        table.push(vec![
            1.into(),
            "ООО «Север; \"хэш\"»".into(),
            Decimal::new(12_345, 1).into(),
            Minor(-123_456_789).into(),
            day.into(),
            day.and_hms_opt(9, 5, 0).unwrap().into(),
        ]);
        table.push(vec![2.into(), "=1+1".into()]);
        table
    }

    #[test]
    fn russian_and_english_spreadsheets_open_it_right() {
        assert_eq!(
            String::from_utf8(csv(&table(), Locale::Ru)).unwrap(),
            "\u{feff}№;Арендатор;кВт·ч;Итого;Дата;Выставлен\r\n\
             1;\"ООО «Север; \"\"хэш\"\"»\";1234,500;-1234567,89;01.11.2026;01.11.2026 09:05\r\n2;'=1+1;;;;\r\n"
        );
        assert_eq!(
            String::from_utf8(csv(&table(), Locale::En)).unwrap(),
            "\u{feff}№,Арендатор,кВт·ч,Итого,Дата,Выставлен\r\n\
             1,\"ООО «Север; \"\"хэш\"\"»\",1234.500,-1234567.89,2026-11-01,2026-11-01 09:05\r\n2,'=1+1,,,,\r\n"
        );
    }

    #[test]
    fn formulas_are_made_harmless() {
        for text in ["=cmd|' /C calc'!A0", "+7", "-1", "@SUM(A1)", "\tx", "\r=1"] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        assert_eq!(harmless("ООО «А-1»"), "ООО «А-1»");
    }
}
