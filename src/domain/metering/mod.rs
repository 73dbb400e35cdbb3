//! Readings become usage: intervals of energy, with what is missing named.

pub mod accept;
pub mod alarm;
pub mod balance;
pub mod edition;
pub mod estimate;
pub mod flow;
pub mod folder;
pub mod legs;
pub mod meter;
pub mod method;
pub mod packed;
pub mod register;
pub mod settle;
pub mod source;
pub mod spread;
pub mod validate;
pub mod webhook;

use crate::codes;
use crate::domain::calendar::{Instant, Span, Window};
use crate::domain::units::WattHours;
use serde::{Deserialize, Serialize};

/// Energy of `[start, start + seconds)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Interval {
    pub start: Instant,
    pub seconds: i64,
    pub wh: WattHours,
    /// A value that staff filled in, with a reason.
    pub estimated: bool,
}

impl Interval {
    pub fn end(self) -> Instant {
        self.start.plus_seconds(self.seconds)
    }

    pub fn span(self) -> Span {
        Span {
            from: self.start,
            to: self.end(),
        }
    }
}

codes!(
    /// Why there is no usage for a time.
    HoleKind {
        Missing = "hole",
        Overlap = "overlap",
        Negative = "negative",
        Unmetered = "unmetered",
    }
);

/// A time without usable readings, named by the meter (or, unmetered, the rack) that lacks them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hole {
    pub meter: String,
    pub span: Span,
    pub kind: HoleKind,
}

/// One meter's intervals as one lease is billed for them, in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MeterUsage {
    /// Entries with the same name are one meter.
    pub meter: String,
    /// Local dates in which it must have readings; none is the lease's active span.
    pub service: Option<Vec<Window>>,
    pub intervals: Vec<Interval>,
    /// Holes that settling already found and named by the meter that is to blame.
    pub holes: Vec<Hole>,
}

/// The parts of `span` that no interval covers. `intervals` by start, ascending.
pub fn gaps(intervals: &[Interval], span: Span) -> Vec<Span> {
    let mut found = vec![];
    let mut covered = span.from;
    for interval in intervals {
        if covered >= span.to || interval.start >= span.to {
            break;
        }
        if interval.start > covered {
            found.push(Span {
                from: covered,
                to: interval.start,
            });
        }
        covered = covered.max(interval.end());
    }
    if covered < span.to {
        found.push(Span {
            from: covered,
            to: span.to,
        });
    }
    found
}

/// The parts of `span` that more than one interval covers. `intervals` by start, ascending.
pub fn overlaps(intervals: &[Interval], span: Span) -> Vec<Span> {
    let mut found: Vec<Span> = vec![];
    let mut reach = Instant(i64::MIN);
    for interval in intervals {
        let both = Span {
            from: interval.start,
            to: reach.min(interval.end()),
        };
        if let Some(both) = both.intersect(span) {
            match found.last_mut() {
                Some(last) if both.from <= last.to => last.to = last.to.max(both.to),
                _ => found.push(both),
            }
        }
        reach = reach.max(interval.end());
    }
    found
}

/// What is left of `whole` outside `part`: nothing, one span or two.
pub fn without(whole: Span, part: Span) -> impl Iterator<Item = Span> {
    let before = Span {
        from: whole.from,
        to: whole.to.min(part.from),
    };
    let after = Span {
        from: whole.from.max(part.to),
        to: whole.to,
    };
    [before, after]
        .into_iter()
        .filter(|span| span.from < span.to)
}
