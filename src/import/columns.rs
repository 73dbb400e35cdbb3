//! From lines to named columns: the header decides the delimiter and where each column stands.

use std::io::{self, Read};

use super::decode::{Decoder, Encoding, Found, Lines, Row, sniff};
use super::{BadRow, FileError, Reason};

/// A column that a file may have: its code and the names by which a header may call it, in lower
/// case with е for ё and one blank between words.
pub struct Column {
    pub code: &'static str,
    pub names: &'static [&'static str],
    pub required: bool,
}

const UNIT_SEPARATOR: u8 = 0x1f;
const DELIMITERS: [u8; 3] = [b';', b',', b'\t'];

/// The rows of a delimited text under a header, one at a time.
pub(crate) struct Records<R> {
    lines: Lines<R>,
    decoder: Decoder,
    delimiter: u8,
    width: usize,
    places: Vec<Option<usize>>,
    row: Row,
    primed: Option<Result<(), BadRow>>,
}

impl<R: Read> Records<R> {
    /// Reads the header and up to the first row.
    ///
    /// Errors: everything for which the whole file is refused (see [`FileError`]).
    pub(crate) fn open(source: R, columns: &[Column]) -> Result<Self, FileError> {
        let mut lines = Lines::new(source);
        let mark = sniff(lines.head()?)?;
        lines.skip(mark);
        let mut records = Self {
            lines,
            decoder: Decoder {
                encoding: (mark > 0).then_some(Encoding::Utf8),
            },
            delimiter: DELIMITERS[0],
            width: 0,
            places: Vec::new(),
            row: Row::default(),
            primed: None,
        };
        records.read_header(columns)?;
        match records.read_row()? {
            Some(first) => records.primed = Some(first),
            None => return Err(FileError::HeaderOnly),
        }
        Ok(records)
    }

    fn read_header(&mut self, columns: &[Column]) -> Result<(), FileError> {
        loop {
            match self.lines.advance()? {
                None => return Err(FileError::Empty),
                Some(Found::TooLong) => return Err(FileError::HeaderTooLong),
                Some(Found::Line(range)) => {
                    let decoded = self
                        .decoder
                        .decode(self.lines.slice(range), &mut self.row.text);
                    decoded.map_err(|_| FileError::Encoding)?;
                }
            }
            if !self.row.text.trim().is_empty() {
                break;
            }
        }
        let header = self.row.text.clone();
        let mut best: Option<Header> = None;
        for delimiter in DELIMITERS {
            self.row.text.clone_from(&header);
            if self.row.split(delimiter).is_err() {
                continue;
            }
            let fields = (0..self.row.len()).map(|at| self.row.field(at));
            let header = Header {
                delimiter,
                width: self.row.len(),
                found: Places::read(fields, columns),
            };
            if best.as_ref().is_none_or(|best| header.is_better(best)) {
                best = Some(header);
            }
        }
        let header = best.ok_or(FileError::Encoding)?;
        // A table of one column has nothing to part: a name may hold any delimiter.
        self.delimiter = if header.width == 1 {
            UNIT_SEPARATOR
        } else {
            header.delimiter
        };
        self.width = header.width;
        self.places = header.found.complete()?;
        Ok(())
    }

    /// The next row that is not blank; its fields are then read with [`Self::get`].
    pub(crate) fn next_row(&mut self) -> io::Result<Option<Result<(), BadRow>>> {
        match self.primed.take() {
            Some(first) => Ok(Some(first)),
            None => self.read_row(),
        }
    }

    fn read_row(&mut self) -> io::Result<Option<Result<(), BadRow>>> {
        while let Some(found) = self.lines.advance()? {
            let Found::Line(range) = found else {
                self.row.text.clear();
                return Ok(Some(Err(self.bad_line(Reason::TooLong))));
            };
            let decoded = self
                .decoder
                .decode(self.lines.slice(range), &mut self.row.text);
            if let Err(reason) = decoded.and_then(|()| self.row.split(self.delimiter)) {
                return Ok(Some(Err(self.bad_line(reason))));
            }
            if self.row.is_blank() {
                continue;
            }
            let surplus = (self.width..self.row.len()).any(|at| !self.row.field(at).is_empty());
            if surplus || self.row.len() < self.least_width() {
                return Ok(Some(Err(self.bad_line(Reason::Fields))));
            }
            return Ok(Some(Ok(())));
        }
        Ok(None)
    }

    fn least_width(&self) -> usize {
        // A row may be cut short where only unknown columns follow.
        self.places
            .iter()
            .flatten()
            .max()
            .map_or(0, |last| last + 1)
    }

    /// The field of the column that stands at `column` in the list given to `open`.
    pub(crate) fn get(&self, column: usize) -> &str {
        self.places[column].map_or("", |place| self.row.field(place))
    }

    /// Whether the header has that column.
    pub(crate) fn has(&self, column: usize) -> bool {
        self.places[column].is_some()
    }

    pub(crate) fn line(&self) -> u64 {
        self.lines.number()
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.lines.bytes()
    }

    fn bad_line(&self, reason: Reason) -> BadRow {
        BadRow::new(self.line(), "", &self.row.text, reason)
    }
}

struct Header {
    delimiter: u8,
    width: usize,
    found: Places,
}

impl Header {
    /// Misses fewer columns, or, missing as many, knows more of what stands there.
    fn is_better(&self, other: &Self) -> bool {
        let missing = (self.found.missing.len(), other.found.missing.len());
        missing.0 < missing.1 || missing.0 == missing.1 && self.found.known() > other.found.known()
    }
}

/// Where each column stands under a header.
pub(crate) struct Places {
    places: Vec<Option<usize>>,
    missing: Vec<&'static str>,
    repeated: Option<&'static str>,
}

impl Places {
    pub(crate) fn read<'a>(header: impl Iterator<Item = &'a str>, columns: &[Column]) -> Self {
        let mut places = vec![None; columns.len()];
        let mut repeated = None;
        for (at, name) in header.enumerate() {
            let name = folded(name);
            let Some(column) = columns
                .iter()
                .position(|c| c.names.contains(&name.as_str()))
            else {
                continue;
            };
            if places[column].replace(at).is_some() {
                repeated = Some(columns[column].code);
            }
        }
        let absent = columns
            .iter()
            .zip(&places)
            .filter(|(c, place)| c.required && place.is_none());
        let missing = absent.map(|(column, _)| column.code).collect();
        Self {
            places,
            missing,
            repeated,
        }
    }

    /// Errors: a column that stands there twice, or a required one that is missing.
    pub(crate) fn complete(self) -> Result<Vec<Option<usize>>, FileError> {
        if let Some(code) = self.repeated {
            return Err(FileError::RepeatedColumn(code));
        }
        if !self.missing.is_empty() {
            return Err(FileError::MissingColumns(self.missing));
        }
        Ok(self.places)
    }

    fn known(&self) -> usize {
        self.places.iter().flatten().count()
    }
}

/// Lower case, е for ё, one blank between words, none for `_`: how names and words are compared.
pub(crate) fn folded(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|character| if character == '_' { ' ' } else { character })
        .flat_map(char::to_lowercase)
        .map(|character| if character == 'ё' { 'е' } else { character })
        .filter(|character| *character != '\u{feff}')
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
