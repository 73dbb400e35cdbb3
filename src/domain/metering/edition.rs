//! **edition**: which message about a day counts. Who sends the half-hours of an area numbers the
//! messages: one with a higher number takes the place of those before it, in whatever order they come.

use crate::domain::message::Message;
use chrono::NaiveDate;

/// What a message speaks of: a day of an area, by INN or else by name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Subject {
    pub sender: String,
    pub area: String,
    pub day: NaiveDate,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    pub subject: Subject,
    pub number: i64,
}

impl Edition {
    /// Why it counts no more, where the message of number `taken` was taken before. The same number
    /// again is a repeat.
    pub fn superseded(&self, taken: Option<i64>) -> Option<Superseded> {
        let taken = taken.filter(|taken| self.number < *taken)?;
        Some(Superseded {
            number: self.number,
            taken,
        })
    }
}

/// A message that came after one with a higher number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Superseded {
    pub number: i64,
    pub taken: i64,
}

impl Superseded {
    /// Said of a row.
    pub fn reason(self) -> Message {
        self.said(Message::new("imp-reason-superseded"))
    }

    /// Said of the message as a whole.
    pub fn refusal(self, subject: &Subject) -> Message {
        let day = subject.day.to_string();
        self.said(Message::new("imp-file-superseded").with("day", day))
    }

    /// Numbers are names here: they are written without spaces.
    fn said(self, message: Message) -> Message {
        message
            .with("number", self.number.to_string())
            .with("taken", self.taken.to_string())
    }
}
