//! Files that come in: rows of text under a header, checked one by one.
//!
//! A file is refused as a whole ([`FileError`]) or gives rows, good ones and bad ones
//! ([`BadRow`]: line, column, value and reason). Reading keeps one line in memory, whatever the
//! size of the file. The formats are those that spreadsheets write: comma, semicolon or tab;
//! UTF-8 or Windows-1251; decimal comma or point.

pub(crate) mod columns;
pub mod decode;
pub mod netbox;
pub(crate) mod number;
pub mod readings;
pub mod sheet;
pub(crate) mod time;
pub mod workbook;

use std::io;

use crate::codes;
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
    /// The cause and the next step, in the reader's language.
    pub fn sentence(&self, locale: Locale) -> String {
        match self {
            Self::Empty => t(locale, "imp-file-empty"),
            Self::HeaderOnly => t(locale, "imp-file-header-only"),
            Self::MissingColumns(columns) => {
                let names: Vec<_> = columns
                    .iter()
                    .map(|code| column_name(locale, code))
                    .collect();
                t_with(
                    locale,
                    "imp-file-missing-columns",
                    &[("columns", names.join(", ").into())],
                )
            }
            Self::RepeatedColumn(column) => t_with(
                locale,
                "imp-file-repeated-column",
                &[("column", column_name(locale, column).into())],
            ),
            Self::HeaderTooLong => t(locale, "imp-file-header-too-long"),
            Self::Utf16 => t(locale, "imp-file-utf16"),
            Self::Encoding => t(locale, "imp-file-encoding"),
            Self::Binary(kind) => t(locale, &format!("imp-file-binary-{kind}")),
            Self::Json => t(locale, "imp-file-json"),
            Self::Workbook => t(locale, "imp-file-workbook"),
            Self::Xml(line) => {
                let line = line.to_string();
                t_with(locale, "imp-file-xml", &[("line", line.into())])
            }
            Self::Declarations => t(locale, "imp-file-declarations"),
            Self::UnknownXml => t(locale, "imp-file-unknown-xml"),
            Self::NoDay => t(locale, "imp-file-no-day"),
            Self::Gzip => t(locale, "imp-file-gzip"),
            Self::Unpacked(most) => {
                let most = most >> 20;
                t_with(locale, "imp-file-unpacked", &[("most", most.into())])
            }
            Self::TooManyRows(most) => t_with(
                locale,
                "imp-file-too-many-rows",
                &[("most", (*most).into())],
            ),
            Self::Read(_) => t(locale, "imp-file-read"),
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
