//! Readings enter the house here, whatever their door: judged next to what is known, then written.

use super::{touched, usage};
use crate::db::metering::meters::Meter;
use crate::db::metering::readings::{self, Correction, Reading};
use crate::db::{Conn, Tx};
use crate::domain::calendar::{Instant, Month, Span, Zone};
use crate::domain::identity::access::Actor;
use crate::domain::ids::*;
use crate::domain::metering::Interval;
use crate::domain::metering::accept::{Known, Verdict};
use crate::domain::units::WattHours;
use crate::error::Result;
use std::collections::{BTreeSet, HashMap};

/// No interval is longer: a local date has 25 hours when the clocks go back.
pub const LONGEST_SECONDS: i64 = 25 * 3_600;

/// A reading on its way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Incoming {
    pub meter: MeterId,
    pub start: Instant,
    /// Place in the file: of two values for one interval the later one counts.
    pub line: u64,
    pub end: Instant,
    pub wh: WattHours,
}

/// What a meter is to the importer.
#[derive(Clone, Debug)]
pub struct Served {
    pub meter: Meter,
    pub zone: Zone,
}

impl Served {
    /// Whether the meter serves for all of the interval.
    fn holds(&self, span: Span) -> bool {
        let from = self.zone.start_of(self.meter.from_date);
        let to = self.meter.to_date.map(|day| self.zone.start_of(day));
        from <= span.from && to.is_none_or(|to| span.to <= to)
    }
}

/// What becomes of an incoming reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    Taken(Verdict),
    OutOfService,
}

impl Judgement {
    /// The key of the reason why it is not taken.
    pub fn fault(self) -> Option<&'static str> {
        match self {
            Self::OutOfService => Some("imp-reason-out-of-service"),
            Self::Taken(Verdict::Overlap { .. }) => Some("imp-reason-overlap"),
            Self::Taken(Verdict::Measured) => Some("imp-reason-measured"),
            Self::Taken(_) => None,
        }
    }
}

/// Judges rows that stand in order of meter, start and line, next to what is stored.
pub fn judge(
    conn: &mut Conn,
    served: &HashMap<MeterId, Served>,
    rows: &[Incoming],
    estimated: bool,
) -> Result<Vec<Judgement>> {
    let mut judged = Vec::with_capacity(rows.len());
    for chunk in rows.chunk_by(|a, b| a.meter == b.meter) {
        let meter = chunk[0].meter;
        let Some(of) = served.get(&meter) else {
            judged.extend(chunk.iter().map(|_| Judgement::OutOfService));
            continue;
        };
        let last = chunk
            .iter()
            .map(|row| row.end)
            .max()
            .unwrap_or(chunk[0].end);
        let span = Span {
            from: chunk[0].start.plus_seconds(-LONGEST_SECONDS),
            to: last,
        };
        let stored = readings::of_meter(conn, meter, span)?;
        let mut known = Known::of(stored.iter().map(|row| Interval {
            start: row.start_at,
            seconds: row.end_at.0 - row.start_at.0,
            wh: row.wh,
            estimated: row.estimated,
        }));
        for row in chunk {
            let (from, to) = (row.start, row.end);
            judged.push(if of.holds(Span { from, to }) {
                Judgement::Taken(known.accept(Interval {
                    start: from,
                    seconds: to.0 - from.0,
                    wh: row.wh,
                    estimated,
                }))
            } else {
                Judgement::OutOfService
            });
        }
    }
    Ok(judged)
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
}

/// Where readings come from and why.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    pub who: &'a Actor,
    pub import: ImportId,
    pub estimated: bool,
    pub reason: &'a str,
    pub now: Instant,
}

/// How many rows became what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub new: i64,
    pub same: i64,
    pub corrected: i64,
    pub bad: i64,
}

/// Judges and writes one batch inside a transaction, keeps what was replaced, and marks the months
/// that it touches. Doing it twice writes nothing the second time.
pub fn take(
    tx: &mut Tx,
    served: &HashMap<MeterId, Served>,
    rows: &[Incoming],
    source: &Source,
) -> Result<Counts> {
    let judged = judge(tx.conn, served, rows, source.estimated)?;
    let ids: BTreeSet<MeterId> = rows.iter().map(|row| row.meter).collect();
    let meters = ids.iter().filter_map(|id| served.get(id));
    let meters: Vec<Meter> = meters.map(|it| it.meter.clone()).collect();
    let touched = touched::load(tx.conn, &meters)?;
    let mut counts = Counts::default();
    let mut new: Vec<Reading> = vec![];
    let mut corrections: Vec<Correction> = vec![];
    let mut months: BTreeSet<(LeaseId, Month)> = BTreeSet::new();
    for (row, judgement) in rows.iter().zip(&judged) {
        counts.add(*judgement);
        match judgement {
            Judgement::Taken(Verdict::New) => {
                new.push(reading(row, source));
            }
            Judgement::Taken(Verdict::Corrected {
                old_wh,
                old_estimated,
            }) => {
                corrections.push(Correction {
                    after_issue: touched.is_billed(row.meter, row.start),
                    old_wh: *old_wh,
                    old_estimated: *old_estimated,
                    ..correction(row, served, source)
                });
            }
            _ => continue,
        }
        months.extend(touched.months(row.meter, row.start));
    }
    write(tx, new, corrections)?;
    for (lease, month) in months {
        usage::mark_stale(tx, lease, month, source.now)?;
    }
    Ok(counts)
}

/// A value that is new in this batch and corrected in it again counts with the last one.
fn write(tx: &mut Tx, mut new: Vec<Reading>, mut corrections: Vec<Correction>) -> Result<()> {
    let places: HashMap<(MeterId, Instant), usize> = new
        .iter()
        .enumerate()
        .map(|(at, row)| ((row.meter_id, row.start_at), at))
        .collect();
    for correction in &mut corrections {
        let latest = Reading {
            meter_id: correction.meter_id,
            start_at: correction.start_at,
            end_at: correction.end_at,
            wh: correction.new_wh,
            estimated: correction.new_estimated,
            import_id: correction.new_import_id,
        };
        match places.get(&(correction.meter_id, correction.start_at)) {
            Some(at) => {
                correction.old_import_id = latest.import_id;
                new[*at] = latest;
            }
            None => {
                let old = readings::import_of(tx.conn, latest.meter_id, latest.start_at)?;
                correction.old_import_id = old;
                readings::replace(tx.conn, &latest)?;
            }
        }
    }
    readings::insert(tx.conn, &new)?;
    readings::insert_corrections(tx.conn, &corrections)
}

fn reading(row: &Incoming, source: &Source) -> Reading {
    Reading {
        meter_id: row.meter,
        start_at: row.start,
        end_at: row.end,
        wh: row.wh,
        estimated: source.estimated,
        import_id: source.import,
    }
}

fn correction(row: &Incoming, served: &HashMap<MeterId, Served>, source: &Source) -> Correction {
    Correction {
        id: 0,
        meter_id: row.meter,
        site_id: served
            .get(&row.meter)
            .map_or(SiteId(0), |it| it.meter.site_id),
        start_at: row.start,
        end_at: row.end,
        old_wh: WattHours::ZERO,
        new_wh: row.wh,
        old_estimated: false,
        new_estimated: source.estimated,
        old_import_id: ImportId(0),
        new_import_id: source.import,
        reason: source.reason.to_owned(),
        after_issue: false,
        at: source.now,
        by_user: source.who.user,
    }
}
