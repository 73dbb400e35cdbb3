//! Readings as they arrived become one value for each interval.

use crate::domain::calendar::{Instant, Span};
use crate::domain::metering::{Interval, overlaps};
use crate::domain::units::WattHours;

/// A raw reading of one meter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    pub start: Instant,
    /// After `start`.
    pub end: Instant,
    pub wh: WattHours,
    pub estimated: bool,
}

/// Another value for an interval that had one: both are kept, the newer counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Correction {
    pub start: Instant,
    pub end: Instant,
    pub old: WattHours,
    pub new: WattHours,
}

/// One meter's readings, put in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Normalised {
    /// By start, ascending; one for each (start, end).
    pub intervals: Vec<Interval>,
    /// Readings that said again what was known.
    pub duplicates: usize,
    /// By start, each interval's in order of arrival.
    pub corrections: Vec<Correction>,
    /// Times that different intervals both claim.
    pub overlaps: Vec<Span>,
}

/// Readings in order of arrival, each interval counted once: the same value again changes nothing,
/// another value (or an estimate replaced by a reading) replaces the one before and is recorded.
pub fn normalise(readings: &[Reading]) -> Normalised {
    let mut ordered: Vec<&Reading> = readings.iter().collect();
    // Stable: within one interval the order of arrival stays.
    ordered.sort_by_key(|reading| (reading.start, reading.end));
    let mut found = Normalised::default();
    found.intervals.reserve(ordered.len());
    for reading in ordered {
        let Reading {
            start,
            end,
            wh,
            estimated,
        } = *reading;
        let seconds = end.0.saturating_sub(start.0);
        match found.intervals.last_mut() {
            Some(known) if known.start == start && known.seconds == seconds => {
                if known.wh == wh && known.estimated == estimated {
                    found.duplicates += 1;
                } else {
                    found.corrections.push(Correction {
                        start,
                        end,
                        old: known.wh,
                        new: wh,
                    });
                    (known.wh, known.estimated) = (wh, estimated);
                }
            }
            _ => found.intervals.push(Interval {
                start,
                seconds,
                wh,
                estimated,
            }),
        }
    }
    let (first, last) = (Instant(i64::MIN), Instant(i64::MAX));
    found.overlaps = overlaps(
        &found.intervals,
        Span {
            from: first,
            to: last,
        },
    );
    found
}
