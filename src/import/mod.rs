//! Files that come in: rows of text under a header, checked one by one.
//!
//! A file is refused as a whole ([`FileError`]) or gives rows, good ones and bad ones
//! ([`BadRow`]: line, column, value and reason). Reading keeps one line in memory, whatever the
//! size of the file. The formats are those that spreadsheets write: comma, semicolon or tab;
//! UTF-8 or Windows-1251; decimal comma or point.

pub(crate) mod columns;
pub mod decode;
pub mod messages;
pub mod netbox;
pub(crate) mod number;
pub mod readings;
pub mod sheet;
pub(crate) mod time;
pub mod workbook;

use std::io;

use crate::codes;
use crate::domain::message::Message;
use crate::text::{Locale, say, t, t_with};

pub use crate::domain::rows::{BadRow, Reason};
pub use decode::Encoding;

codes!(
    /// What an uploaded file is when it is no text.
    FileKind {
        Pdf = "pdf",
        Workbook = "workbook",
        Zip = "zip",
        Image = "image",
        Other = "other",
    }
);

impl BadRow {
    /// The reason in the reader's language.
    pub fn reason_text(&self, locale: Locale) -> String {
        say(locale, &self.message())
    }

    /// One sentence with line, column, value and reason.
    pub fn sentence(&self, locale: Locale) -> String {
        let key = if self.column.is_empty() {
            "imp-bad-line"
        } else {
            "imp-bad-value"
        };
        let line = self.line.to_string();
        t_with(
            locale,
            key,
            &[
                ("line", line.into()),
                ("column", column_name(locale, self.column).into()),
                ("value", (&self.value).into()),
                ("reason", self.reason_text(locale).into()),
            ],
        )
    }
}

/// What the reader calls a column, given by its code.
pub fn column_name(locale: Locale, code: &str) -> String {
    if code.is_empty() {
        String::new()
    } else {
        t(locale, &format!("imp-column-{code}"))
    }
}

/// Why a file is refused as a whole; nothing of it was taken.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("the file is empty")]
    Empty,
    #[error("the file has a header and no rows")]
    HeaderOnly,
    #[error("columns are missing: {}", .0.join(", "))]
    MissingColumns(Vec<&'static str>),
    #[error("the column {0} stands there twice")]
    RepeatedColumn(&'static str),
    #[error("the first line is longer than {} bytes", decode::MAX_LINE)]
    HeaderTooLong,
    #[error("the text is UTF-16")]
    Utf16,
    #[error("the encoding of the header is neither UTF-8 nor Windows-1251")]
    Encoding,
    #[error("not a text but: {0}")]
    Binary(FileKind),
    #[error("the text is no JSON of lists")]
    Json,
    #[error("the workbook cannot be read")]
    Workbook,
    #[error("the XML is broken on line {0}")]
    Xml(u64),
    #[error("the XML declares types or entities")]
    Declarations,
    #[error("the XML is neither an 80020 message nor a Green Button feed")]
    UnknownXml,
    #[error("the message does not say of which day it is")]
    NoDay,
    #[error("what gzip packed cannot be unpacked")]
    Gzip,
    #[error("unpacked, the file is larger than {0} bytes")]
    Unpacked(usize),
    #[error("more than {0} rows")]
    TooManyRows(usize),
    #[error("the file cannot be read")]
    Read(#[from] io::Error),
}

impl FileError {
    /// The cause and the next step, without a language yet; columns by their codes.
    pub fn message(&self) -> Message {
        match self {
            Self::Empty => Message::new("imp-file-empty"),
            Self::HeaderOnly => Message::new("imp-file-header-only"),
            Self::MissingColumns(columns) => {
                Message::new("imp-file-missing-columns").with("columns", columns.join(", "))
            }
            Self::RepeatedColumn(column) => {
                Message::new("imp-file-repeated-column").with("column", *column)
            }
            Self::HeaderTooLong => Message::new("imp-file-header-too-long"),
            Self::Utf16 => Message::new("imp-file-utf16"),
            Self::Encoding => Message::new("imp-file-encoding"),
            Self::Binary(kind) => Message::new(&format!("imp-file-binary-{kind}")),
            Self::Json => Message::new("imp-file-json"),
            Self::Workbook => Message::new("imp-file-workbook"),
            Self::Xml(line) => Message::new("imp-file-xml").with("line", line.to_string()),
            Self::Declarations => Message::new("imp-file-declarations"),
            Self::UnknownXml => Message::new("imp-file-unknown-xml"),
            Self::NoDay => Message::new("imp-file-no-day"),
            Self::Gzip => Message::new("imp-file-gzip"),
            Self::Unpacked(most) => {
                Message::new("imp-file-unpacked").with("most", (most >> 20) as i64)
            }
            Self::TooManyRows(most) => {
                Message::new("imp-file-too-many-rows").with("most", *most as i64)
            }
            Self::Read(_) => Message::new("imp-file-read"),
        }
    }

    /// The same in the reader's language, columns by their names.
    pub fn sentence(&self, locale: Locale) -> String {
        let name = |code: &&'static str| column_name(locale, code);
        match self {
            Self::MissingColumns(columns) => {
                let names: Vec<_> = columns.iter().map(name).collect();
                let names = names.join(", ");
                t_with(
                    locale,
                    "imp-file-missing-columns",
                    &[("columns", names.into())],
                )
            }
            Self::RepeatedColumn(column) => t_with(
                locale,
                "imp-file-repeated-column",
                &[("column", name(column).into())],
            ),
            other => say(locale, &other.message()),
        }
    }
}

/// What a row may be instead of good.
#[derive(Debug)]
pub enum RowError {
    /// Reading goes on behind it.
    Bad(BadRow),
    /// The source failed; no rows follow, and what was read is not the whole file.
    Read(io::Error),
}

#[cfg(test)]
mod tests;
