//! Readings enter the house here, whatever their door: judged next to what is known, then written.

use super::loads::{self, Kept};
use super::served::Served;
use super::written::{self, Written};
use super::{edits, quarantine, registers};
use crate::db::metering::readings::{self, Reading};
use crate::db::{Conn, Tx};
use crate::domain::calendar::{Instant, Span};
use crate::domain::identity::access::Actor;
use crate::domain::ids::*;
use crate::domain::metering::Interval;
use crate::domain::metering::accept::{Known, Verdict};
use crate::domain::metering::meter::{QuarantineWhy, Reads};
use crate::domain::metering::method::Method;
use crate::domain::metering::validate::{self, Rule, Rules};
use crate::domain::units::WattHours;
use crate::error::Result;
use std::collections::HashMap;

/// No interval is longer: a local date has 25 hours when the clocks go back.
pub const LONGEST_SECONDS: i64 = 25 * 3_600;

/// A reading on its way in; of a register, start and end are the moment at which its display was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Incoming {
    pub meter: MeterId,
    pub start: Instant,
    /// Place in the file: of two values for one interval the later one counts.
    pub line: u64,
    pub end: Instant,
    pub wh: WattHours,
}

impl Incoming {
    pub fn span(&self) -> Span {
        Span {
            from: self.start,
            to: self.end,
        }
    }

    /// Whether it is what a display showed.
    pub fn is_shown(&self) -> bool {
        self.start == self.end
    }
}

/// What becomes of an incoming reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    Taken(Verdict),
    OutOfService,
    /// An interval of a register, or a display of a meter that says intervals.
    OtherKind,
    /// It may be right, but a person must say so.
    Waits(QuarantineWhy),
}

impl Judgement {
    /// The key of the reason why it is not taken.
    pub fn fault(self) -> Option<&'static str> {
        match self {
            Self::OutOfService => Some("imp-reason-out-of-service"),
            Self::OtherKind => Some("imp-reason-other-kind"),
            Self::Waits(QuarantineWhy::Negative) => Some("imp-reason-negative"),
            Self::Waits(_) => Some("imp-reason-over-rating"),
            Self::Taken(Verdict::Overlap { .. }) => Some("imp-reason-overlap"),
            Self::Taken(Verdict::Measured) => Some("imp-reason-measured"),
            Self::Taken(_) => None,
        }
    }
}

/// Where readings come from and why.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    pub who: &'a Actor,
    pub import: ImportId,
    pub method: Method,
    /// A person has said that they are right, however much they are.
    pub confirmed: bool,
    pub reason: &'a str,
    pub now: Instant,
}

impl Source<'_> {
    fn estimates(&self) -> bool {
        self.method.is_estimate()
    }
}

/// How many rows became what; those that wait are among the bad ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub new: i64,
    pub same: i64,
    pub corrected: i64,
    pub bad: i64,
}

impl Counts {
    pub fn add(&mut self, judgement: Judgement) {
        match judgement {
            Judgement::Taken(Verdict::New) => self.new += 1,
            Judgement::Taken(Verdict::Same) => self.same += 1,
            Judgement::Taken(Verdict::Corrected { .. }) => self.corrected += 1,
            _ => self.bad += 1,
        }
    }

    pub fn of(judged: &[Judgement]) -> Self {
        let mut counts = Self::default();
        for judgement in judged {
            counts.add(*judgement);
        }
        counts
    }
}

/// Judges rows that stand in order of meter, start and line, next to what is stored.
pub fn judge(
    conn: &mut Conn,
    served: &HashMap<MeterId, Served>,
    rows: &[Incoming],
    source: &Source,
) -> Result<Vec<Judgement>> {
    let mut judged = Vec::with_capacity(rows.len());
    let mut stored = Stored::beside(conn, rows)?;
    for chunk in rows.chunk_by(|a, b| a.meter == b.meter) {
        match served.get(&chunk[0].meter) {
            None => judged.extend(chunk.iter().map(|_| Judgement::OutOfService)),
            Some(of) if of.meter.reads == Reads::Register && !source.estimates() => {
                judged.extend(registers::judge(conn, of, chunk)?);
            }
            Some(of) => {
                let stored = stored.of(conn, chunk)?;
                judged.extend(judge_intervals(conn, of, (chunk, &stored), source)?);
            }
        }
    }
    Ok(judged)
}

/// From when on what is stored may touch these rows, and until when.
fn around(rows: &[Incoming]) -> Option<Span> {
    let from = rows.iter().map(|row| row.start).min()?;
    Some(Span {
        from: from.plus_seconds(-LONGEST_SECONDS),
        to: rows.iter().map(|row| row.end).max()?,
    })
}

/// What is stored around the rows of a batch: of all its meters at once where that is little.
struct Stored(Option<HashMap<MeterId, Vec<Kept>>>);

impl Stored {
    /// Dates of meters that are asked for at once.
    const MOST: i64 = 10_000;

    fn beside(conn: &mut Conn, rows: &[Incoming]) -> Result<Self> {
        let meters = rows.chunk_by(|a, b| a.meter == b.meter);
        let meters: Vec<MeterId> = meters.map(|of| of[0].meter).collect();
        let Some(span) = around(rows) else {
            return Ok(Self(None));
        };
        let days = (span.seconds() / 86_400).saturating_add(1);
        if meters.len() < 2 || days.saturating_mul(meters.len() as i64) > Self::MOST {
            return Ok(Self(None));
        }
        Ok(Self(Some(loads::intervals(conn, &meters, span)?)))
    }

    fn of(&mut self, conn: &mut Conn, rows: &[Incoming]) -> Result<Vec<Kept>> {
        let meter = rows[0].meter;
        let found = match (&mut self.0, around(rows)) {
            (Some(all), _) => all.remove(&meter),
            (None, Some(span)) => loads::intervals(conn, &[meter], span)?.remove(&meter),
            (None, None) => None,
        };
        Ok(found.unwrap_or_default())
    }
}

fn judge_intervals(
    conn: &mut Conn,
    of: &Served,
    (rows, stored): (&[Incoming], &[Kept]),
    source: &Source,
) -> Result<Vec<Judgement>> {
    let mut known = Known::of(stored.iter().map(|it| it.interval));
    let edited = Method::Edited.number();
    let said = match (stored.iter().any(|it| it.method == edited), around(rows)) {
        (true, Some(span)) => edits::said_before(conn, of.meter.id, span)?,
        _ => HashMap::new(),
    };
    let judge = |row: &Incoming| {
        if row.is_shown() {
            Judgement::OtherKind
        } else if !of.holds(row.span()) {
            Judgement::OutOfService
        } else if !source.confirmed && said.get(&row.start) == Some(&row.wh) {
            Judgement::Taken(Verdict::Same)
        } else {
            let interval = Interval {
                start: row.start,
                seconds: row.span().seconds(),
                wh: row.wh,
                estimated: source.estimates(),
            };
            match waits(of, interval).filter(|_| !source.confirmed) {
                Some(why) => Judgement::Waits(why),
                None => Judgement::Taken(known.accept(interval)),
            }
        }
    };
    Ok(rows.iter().map(judge).collect())
}

/// Why an interval needs a person's word, by the instrument that stood there.
fn waits(of: &Served, interval: Interval) -> Option<QuarantineWhy> {
    let rules = Rules {
        rated: of.device(interval.start).and_then(|it| it.rated_watts),
        ..Rules::default()
    };
    match validate::held(interval, &rules)? {
        Rule::Negative => Some(QuarantineWhy::Negative),
        _ => Some(QuarantineWhy::OverRating),
    }
}

/// Judges and writes one batch inside a transaction, keeps what was replaced, and marks the months
/// that it touches. Doing it twice writes nothing the second time. Rows by meter, start and line.
pub fn take(
    tx: &mut Tx,
    served: &HashMap<MeterId, Served>,
    rows: &[Incoming],
    source: &Source,
) -> Result<Vec<Judgement>> {
    let judged = judge(tx.conn, served, rows, source)?;
    let mut written = Written::default();
    let mut waiting = vec![];
    let mut shown: Vec<Incoming> = vec![];
    for (row, judgement) in rows.iter().zip(&judged) {
        match judgement {
            Judgement::Taken(Verdict::New | Verdict::Corrected { .. }) if row.is_shown() => {
                shown.push(*row);
            }
            Judgement::Taken(Verdict::New) => written.new.push(reading(row, source)),
            Judgement::Taken(Verdict::Corrected {
                old_wh,
                old_estimated,
            }) => {
                let after = reading(row, source);
                let before = Reading {
                    wh: *old_wh,
                    estimated: *old_estimated,
                    // The file that it came with is filled in below.
                    import_id: ImportId(0),
                    ..after
                };
                let correction = written::correction(&before, Some(&after), source);
                written.corrections.push(correction);
            }
            Judgement::Waits(why) => waiting.push(quarantine::of_row(served, row, *why, source)),
            _ => {}
        }
    }
    settle_twice(tx.conn, &mut written, source)?;
    for of_meter in shown.chunk_by(|a, b| a.meter == b.meter) {
        if let Some(of) = served.get(&of_meter[0].meter) {
            registers::take(tx, of, of_meter, source, &mut written)?;
        }
    }
    quarantine::put(tx.conn, &waiting)?;
    written::write(tx, served, written, source.now)?;
    Ok(judged)
}

/// A value that is new in this batch and corrected in it again counts with the last one.
fn settle_twice(conn: &mut Conn, written: &mut Written, source: &Source) -> Result<()> {
    let new = written.new.iter().enumerate();
    let places: HashMap<(MeterId, Instant), usize> = new
        .map(|(at, row)| ((row.meter_id, row.start_at), at))
        .collect();
    for correction in &mut written.corrections {
        let (meter, start) = (correction.meter_id, correction.start_at);
        let latest = Reading {
            meter_id: meter,
            start_at: start,
            end_at: correction.end_at,
            wh: correction.new_wh,
            estimated: correction.new_estimated,
            import_id: correction.new_import_id,
            method: source.method.number(),
        };
        match places.get(&(meter, start)) {
            Some(at) => {
                correction.old_import_id = latest.import_id;
                written.new[*at] = latest;
            }
            None => {
                correction.old_import_id = readings::import_of(conn, meter, start)?;
                written.replaced.push(latest);
            }
        }
    }
    Ok(())
}

fn reading(row: &Incoming, source: &Source) -> Reading {
    Reading {
        meter_id: row.meter,
        start_at: row.start,
        end_at: row.end,
        wh: row.wh,
        estimated: source.estimates(),
        import_id: source.import,
        method: source.method.number(),
    }
}
