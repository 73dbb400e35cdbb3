//! Why a row of a file cannot be taken: a value that every reader and every plan of files gives.

use crate::codes;

/// How much of a bad value is kept and shown.
const SHOWN: usize = 80;

codes!(
    /// Why a row cannot be taken. The text of a code is `imp-reason-<code>`.
    Reason {
        Fields = "fields",
        TooLong = "too-long",
        OpenQuote = "open-quote",
        Encoding = "encoding",
        Control = "control",
        Empty = "empty",
        UnknownMeter = "unknown-meter",
        Time = "time",
        MissingTime = "missing-time",
        Year = "year",
        Future = "future",
        Order = "order",
        Duration = "duration",
        Number = "number",
        Negative = "negative",
        TooLarge = "too-large",
        Unit = "unit",
        Word = "word",
        Whole = "whole",
        Positive = "positive",
        Repeated = "repeated",
        UnknownName = "unknown-name",
        Needed = "needed",
        Exists = "exists",
        Loop = "loop",
        SameFeed = "same-feed",
        Rating = "rating",
        Spare = "spare",
        Percent = "percent",
        Units = "units",
    }
);

/// A row that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// Line of the file, from 1 (the header is usually line 1).
    pub line: u64,
    /// Code of the column; empty where the line as a whole is wrong.
    pub column: &'static str,
    /// What stands there, at most 80 characters of it.
    pub value: String,
    pub reason: Reason,
}

impl BadRow {
    pub fn new(line: u64, column: &'static str, value: &str, reason: Reason) -> Self {
        // A control character would break the page or the report that shows it.
        let shown = value
            .chars()
            .take(SHOWN)
            .map(|c| if c.is_control() { '\u{fffd}' } else { c });
        Self {
            line,
            column,
            value: shown.collect(),
            reason,
        }
    }
}
