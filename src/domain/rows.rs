//! Why a row of a file cannot be taken: a value that every reader and every plan of files gives.

use crate::codes;
use crate::domain::calendar::{Instant, Zone};
use crate::domain::message::Message;
use crate::domain::units::WattHours;

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
        Serial = "serial",
        UnknownTenant = "unknown-tenant",
        SeveralTenants = "several-tenants",
        UnknownBooking = "unknown-booking",
        NotChosen = "not-chosen",
        OthersBooking = "others-booking",
        NotInCatalogue = "not-in-catalogue",
        Catalogue = "catalogue",
        NoRack = "no-rack",
        NotStanding = "not-standing",
        Elsewhere = "elsewhere",
        Rule = "rule",
    }
);

codes!(
    /// What to do where a file has bad rows.
    /// `CheckOnly` says what the file would do and waits to be told.
    Keep {
        CheckOnly = "check_only",
        AllOrNothing = "all_or_nothing",
        GoodRows = "good_rows",
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
    /// What binds and by how much, where a rule of the house says so: in place of the reason's text.
    pub said: Option<Message>,
    /// A reading that is whole and may count later: its meter is not known yet, or its clock is ahead.
    pub aside: Option<Box<Aside>>,
}

/// A reading that waits; start and end are the same for what a display showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    pub code: String,
    pub start: Instant,
    pub end: Instant,
    pub wh: WattHours,
    /// In which its local times were understood; none where they were given with their offset.
    pub zone: Option<Zone>,
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
            said: None,
            aside: None,
        }
    }

    /// A row that a rule of the house refuses, with what it says.
    pub fn refused(line: u64, column: &'static str, value: &str, said: Message) -> Self {
        Self {
            said: Some(said),
            ..Self::new(line, column, value, Reason::Rule)
        }
    }

    /// Why, as a sentence that has no language yet.
    pub fn message(&self) -> Message {
        match &self.said {
            Some(said) => said.clone(),
            None => Message::new(&format!("imp-reason-{}", self.reason)),
        }
    }
}
