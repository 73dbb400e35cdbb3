//! The rows of one noun of a site, from CSV or from the first sheet of a workbook.
//!
//! Names are given as written; whether they exist is for the plan to say, with bad rows of its own.

mod value;

use super::columns::{Column, Places, Records};
use super::workbook::{self, Grid};
use super::{BadRow, FileError};
use crate::domain::rows::Reason;
use crate::domain::site::sheet::{Cell, FileRow, Need, Noun, Sheet, Value};

pub use value::parse;

/// A site has thousands of rows of a kind; more is another file by mistake.
pub const MAX_ROWS: usize = 50_000;

/// Reads a whole file of a noun's rows.
///
/// Errors: everything for which the file is refused as a whole, also more than [`MAX_ROWS`] rows.
pub fn read(noun: Noun, bytes: &[u8]) -> Result<Sheet, FileError> {
    if workbook::looks_like_one(bytes) {
        from_workbook(noun, bytes)
    } else {
        from_text(noun, bytes)
    }
}

fn wanted(noun: Noun) -> Vec<Column> {
    let columns = noun.columns().iter();
    columns
        .map(|column| Column {
            code: column.code,
            names: column.names,
            required: matches!(column.need, Need::Key),
        })
        .collect()
}

fn from_text(noun: Noun, bytes: &[u8]) -> Result<Sheet, FileError> {
    let mut records = Records::open(bytes, &wanted(noun))?;
    let mut sheet = Sheet::empty(noun);
    while let Some(next) = records.next_row()? {
        let row = next.and_then(|()| {
            row(noun, records.line(), |column| {
                records.has(column).then(|| unharmed(records.get(column)))
            })
        });
        push(&mut sheet, row)?;
    }
    Ok(sheet)
}

fn from_workbook(noun: Noun, bytes: &[u8]) -> Result<Sheet, FileError> {
    let Grid { lines } = workbook::read(bytes, MAX_ROWS + 1)?;
    let mut lines = lines.into_iter();
    let (_, header) = lines.next().ok_or(FileError::Empty)?;
    let places = Places::read(header.iter().map(String::as_str), &wanted(noun)).complete()?;
    let mut sheet = Sheet::empty(noun);
    for (line, fields) in lines {
        let row = row(noun, line, |column| {
            let place = places[column]?;
            Some(fields.get(place).map_or("", |text| text.trim()))
        });
        push(&mut sheet, row)?;
    }
    if sheet.rows.is_empty() && sheet.bad.is_empty() {
        return Err(FileError::HeaderOnly);
    }
    Ok(sheet)
}

fn push(sheet: &mut Sheet, row: Result<FileRow, BadRow>) -> Result<(), FileError> {
    if sheet.rows.len() + sheet.bad.len() >= MAX_ROWS {
        return Err(FileError::TooManyRows(MAX_ROWS));
    }
    match row {
        Ok(row) => sheet.rows.push(row),
        Err(bad) => sheet.bad.push(bad),
    }
    Ok(())
}

/// `text`: what stands in a column; `None` where the file has no such column.
fn row<'a>(
    noun: Noun,
    line: u64,
    text: impl Fn(usize) -> Option<&'a str>,
) -> Result<FileRow, BadRow> {
    let cell = |(at, column): (usize, &'static crate::domain::site::sheet::Column)| match text(at) {
        None => Ok(Cell::Absent),
        Some("") if matches!(column.need, Need::Key | Need::Required) => {
            Err(BadRow::new(line, column.code, "", Reason::Empty))
        }
        Some("") => Ok(Cell::Given(Value::Empty)),
        Some(text) => parse(&column.kind, text)
            .map(Cell::Given)
            .map_err(|reason| BadRow::new(line, column.code, text, reason)),
    };
    let cells = noun.columns().iter().enumerate().map(cell);
    Ok(FileRow {
        line,
        cells: cells.collect::<Result<_, _>>()?,
    })
}

/// Without the apostrophe that our own CSV puts before what a spreadsheet would run.
fn unharmed(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests;
