//! The rows of a noun as the table that an import reads back: the same columns, words in the
//! reader's language.

use super::table::{Cell, Column, Kind, Table};
use crate::domain::site::sheet::{Column as Sheeted, Kind as Holds, Noun, Value, units_text};
use crate::text::{Locale, t};
use rust_decimal::Decimal;

/// What a file calls a column.
pub fn header(column: &Sheeted, locale: Locale) -> String {
    t(locale, &format!("imp-column-{}", column.code))
}

/// `rows`: a value for each column of the noun.
pub fn table(noun: Noun, rows: &[Vec<Value>], title: &str, locale: Locale) -> Table {
    let columns = noun.columns().iter().enumerate().map(|(at, column)| {
        let numbers = rows.iter().filter_map(|row| number(&row[at]));
        let places = numbers.map(|n| n.scale()).max();
        let kind = match (&column.kind, places) {
            (Holds::Whole { .. }, _) => Kind::Integer,
            (Holds::Kilowatts { .. } | Holds::Decimal { .. } | Holds::Percent { .. }, places) => {
                Kind::Decimal(places.unwrap_or(0))
            }
            _ => Kind::Text,
        };
        Column::new(header(column, locale), kind)
    });
    let mut table = Table::new(title, columns.collect());
    for row in rows {
        let cells = noun.columns().iter().zip(row);
        table.push(
            cells
                .map(|(column, value)| cell(column, value, locale))
                .collect(),
        );
    }
    table
}

/// Header and one row of examples.
pub fn template(noun: Noun, title: &str, locale: Locale) -> Table {
    let language = match locale {
        Locale::Ru => 0,
        Locale::En => 1,
    };
    let columns = noun.columns();
    let headers = columns
        .iter()
        .map(|c| Column::new(header(c, locale), Kind::Text));
    let mut table = Table::new(title, headers.collect());
    table.push(columns.iter().map(|c| c.sample[language].into()).collect());
    table
}

fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Watts(watts) => Some(watts.kilo().normalize()),
        Value::Decimal(number) => Some(number.normalize()),
        _ => None,
    }
}

fn cell(column: &Sheeted, value: &Value, locale: Locale) -> Cell {
    match value {
        Value::Empty => Cell::Empty,
        Value::Text(text) => text.as_str().into(),
        Value::Whole(number) => (*number).into(),
        Value::Watts(_) | Value::Decimal(_) => number(value).into(),
        Value::Word(code) => word(column, code, locale).into(),
        Value::Units(units) => units_text(units).into(),
    }
}

/// The word of a closed list in a language.
pub fn word(column: &Sheeted, code: &'static str, locale: Locale) -> &'static str {
    let Holds::Word(words) = &column.kind else {
        return code;
    };
    let found = words.iter().find(|word| word.code == code);
    found.map_or(code, |word| match locale {
        Locale::Ru => word.ru,
        Locale::En => word.en,
    })
}
