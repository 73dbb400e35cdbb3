//! The first sheet of a workbook (XLSX) as lines of text, cell by cell: a sheet whose last cell
//! stands in the millionth column costs no more than its cells.

use super::{FileError, FileKind};
use calamine::{DataRef, Reader, Xlsx, XlsxError};
use std::io::Cursor;

/// No table of ours is wider.
const MOST_COLUMNS: u32 = 256;
/// What a workbook may be when unpacked.
const MOST_UNPACKED: u64 = 256 << 20;

/// Lines that are not blank, each with its number in the sheet.
pub struct Grid {
    pub lines: Vec<(u64, Vec<String>)>,
}

/// An archive: of the tables that are uploaded, only a workbook is one.
pub fn looks_like_one(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Reads the first sheet, at most so many lines.
pub fn read(bytes: &[u8], most: usize) -> Result<Grid, FileError> {
    if unpacked(bytes).is_none_or(|size| size > MOST_UNPACKED) {
        return Err(FileError::Workbook);
    }
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsxError::FileNotFound(_) => FileError::Binary(FileKind::Zip),
        _ => FileError::Workbook,
    })?;
    let name = book.sheet_names().first().cloned();
    let name = name.ok_or(FileError::Empty)?;
    let broken = |_| FileError::Workbook;
    let mut cells = book.worksheet_cells_reader(&name).map_err(broken)?;
    let mut lines: Vec<(u64, Vec<String>)> = vec![];
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (row, column) = cell.get_position();
        let text = text(cell.get_value());
        if column >= MOST_COLUMNS || text.is_empty() {
            continue;
        }
        let number = u64::from(row) + 1;
        if lines.last().is_none_or(|(last, _)| *last != number) {
            if lines.len() > most {
                return Err(FileError::TooManyRows(most - 1));
            }
            lines.push((number, vec![]));
        }
        let fields = &mut lines.last_mut().expect("a line was begun").1;
        let at = column as usize;
        if fields.len() <= at {
            fields.resize(at + 1, String::new());
        }
        fields[at] = text;
    }
    Ok(Grid { lines })
}

fn text(value: &DataRef) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => float(*number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.trim().to_owned()
        }
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(flag) => flag.to_string(),
        DataRef::DateTime(at) => float(at.as_f64()),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// With the fifteen digits that a spreadsheet shows: what is behind them is noise of the binary float.
fn float(number: f64) -> String {
    let before = number.abs().log10().floor().clamp(0.0, 14.0) as usize + 1;
    let text = format!("{number:.*}", 15 - before);
    let plain = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => &text,
    };
    if plain == "-0" { "0" } else { plain }.to_owned()
}

/// What the archive says its files take, from its central directory; `None` where there is none.
fn unpacked(bytes: &[u8]) -> Option<u64> {
    const END: usize = 22;
    const ENTRY: usize = 46;
    let number = |at: usize, width: usize| -> Option<u64> {
        let part = bytes.get(at..at + width)?;
        Some(part.iter().rev().fold(0, |sum, b| sum << 8 | u64::from(*b)))
    };
    let last = bytes.len().checked_sub(END)?;
    let end = (last.saturating_sub(0xFFFF)..=last)
        .rev()
        .find(|&at| bytes[at..].starts_with(b"PK\x05\x06"))?;
    let count = number(end + 10, 2)?;
    let mut at = usize::try_from(number(end + 16, 4)?).ok()?;
    let mut sum = 0_u64;
    for _ in 0..count {
        if !bytes.get(at..)?.starts_with(b"PK\x01\x02") {
            return None;
        }
        sum = sum.checked_add(number(at + 24, 4)?)?;
        let tail = number(at + 28, 2)? + number(at + 30, 2)? + number(at + 32, 2)?;
        at = at.checked_add(ENTRY)?.checked_add(tail as usize)?;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_they_are_shown() {
        for (number, text) in [
            (28.5, "28.5"),
            (0.1 + 0.2, "0.3"),
            (8_000.0 + 875.53, "8875.53"),
            (400.0, "400"),
            (1_000_000.0, "1000000"),
            (1e20, "100000000000000000000"),
            (-0.0, "0"),
        ] {
            assert_eq!(float(number), text);
        }
    }

    #[test]
    fn what_is_no_workbook_is_refused() {
        for bytes in [
            &b"PK\x03\x04"[..],
            b"PK\x03\x04 and nothing that an archive has at all",
        ] {
            assert!(matches!(read(bytes, 10), Err(FileError::Workbook)));
        }
    }
}
