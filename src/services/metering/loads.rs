//! What meters and leases drew, interval by interval, from the dates that keep it packed.

use crate::db::Conn;
use crate::db::metering::days::{self, MeterDay};
use crate::db::metering::drawn::{self, Among, Measured, Taken};
use crate::db::metering::lease_days::{self, LeaseDay};
use crate::db::metering::meters;
use crate::db::metering::readings::{self, Reading};
use crate::domain::calendar::{Instant, Span, Zone};
use crate::domain::ids::*;
use crate::domain::metering::Interval;
use crate::domain::metering::packed::{Packed, pack, unpack};
use crate::domain::units::WattHours;
use crate::error::{Error, Result};
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap};

/// Energy of `[start_at, end_at)`, of several meters or leases together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    pub start_at: Instant,
    pub end_at: Instant,
    pub wh: WattHours,
    pub estimated_wh: WattHours,
}

/// A meter's interval and how it came to be: see `Method::number`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    pub interval: Interval,
    pub method: i32,
}

impl Kept {
    pub fn of(row: &Reading) -> Self {
        Self {
            interval: super::written::interval(row),
            method: row.method,
        }
    }

    fn packed(self) -> Packed {
        let Interval {
            start,
            seconds,
            wh,
            estimated,
        } = self.interval;
        Packed {
            start,
            seconds,
            wh,
            more: i64::from(self.method) << 1 | i64::from(estimated),
        }
    }

    fn unpacked(it: Packed) -> Self {
        Self {
            interval: it.interval(it.more & 1 == 1),
            method: i32::try_from(it.more >> 1).unwrap_or(0),
        }
    }
}

/// A meter's date with these intervals, by start.
pub fn meter_day(meter: MeterId, day: NaiveDate, all: &[Kept]) -> MeterDay {
    let estimated = all.iter().filter(|it| it.interval.estimated);
    let packed: Vec<Packed> = all.iter().map(|it| it.packed()).collect();
    MeterDay {
        meter_id: meter,
        day,
        wh: all.iter().map(|it| it.interval.wh).sum(),
        estimated_wh: estimated.map(|it| it.interval.wh).sum(),
        seconds: all.iter().map(|it| it.interval.seconds).sum(),
        intervals: Some(pack(&packed)),
    }
}

/// A lease's dates with these loads, by start.
pub fn lease_days(lease: LeaseId, zone: Zone, all: &[Load]) -> Vec<LeaseDay> {
    let by_day = all.chunk_by(|a, b| zone.date(a.start_at) == zone.date(b.start_at));
    let day = |of: &[Load]| {
        let packed: Vec<Packed> = of
            .iter()
            .map(|it| Packed {
                start: it.start_at,
                seconds: it.end_at.0 - it.start_at.0,
                wh: it.wh,
                more: it.estimated_wh.0,
            })
            .collect();
        LeaseDay {
            lease_id: lease,
            day: zone.date(of[0].start_at),
            wh: of.iter().map(|it| it.wh).sum(),
            estimated_wh: of.iter().map(|it| it.estimated_wh).sum(),
            intervals: pack(&packed),
        }
    };
    by_day.map(day).collect()
}

fn broken(whose: &str) -> Error {
    Error::Internal(anyhow::anyhow!("the intervals of {whose} cannot be read"))
}

/// The intervals of a date; `None` where they are not counted yet.
pub fn of_day(day: &MeterDay) -> Result<Option<Vec<Kept>>> {
    let Some(bytes) = &day.intervals else {
        return Ok(None);
    };
    let all = unpack(bytes).ok_or_else(|| broken(&format!("meter {}", day.meter_id)))?;
    Ok(Some(all.into_iter().map(Kept::unpacked).collect()))
}

/// Meters with a date whose intervals cannot be read or do not add up to its sums.
pub fn unlike_their_sums(conn: &mut Conn) -> Result<Vec<MeterId>> {
    let meters: Vec<MeterId> = meters::all(conn)?.iter().map(|it| it.id).collect();
    let mut found = vec![];
    for part in meters.chunks(AT_ONCE) {
        let (from, to) = dates(Span {
            from: Instant(0),
            to: LAST,
        });
        for day in days::of_meters(conn, part, from, to)? {
            let same = of_day(&day).is_ok_and(|all| {
                all.is_none_or(|all| meter_day(day.meter_id, day.day, &all) == day)
            });
            if !same && found.last() != Some(&day.meter_id) {
                found.push(day.meter_id);
            }
        }
    }
    Ok(found)
}

/// What each meter of these racks measured last: one entry a meter.
pub fn last_of_racks(
    conn: &mut Conn,
    among: Among,
    taken: Taken,
) -> Result<Vec<(RackId, Measured)>> {
    let days = drawn::of_racks(conn, among, taken)?;
    days.into_iter()
        .filter_map(|(rack, day)| last(rack, &day, taken).transpose())
        .collect()
}

/// The last settled usage of each lease with units on these racks.
pub fn last_of_leases(
    conn: &mut Conn,
    among: Among,
    taken: Taken,
) -> Result<Vec<(LeaseId, Measured)>> {
    let days = drawn::of_leases(conn, among, taken)?;
    days.into_iter()
        .filter_map(|(lease, day)| last(lease, &day, taken).transpose())
        .collect()
}

/// The last interval of a date that began before the end of what is taken, if it is late enough.
fn last<K: std::fmt::Display>(whose: K, day: &[u8], taken: Taken) -> Result<Option<(K, Measured)>> {
    let all = unpack(day).ok_or_else(|| broken(&format!("number {whose}")))?;
    let last = all.into_iter().rev().find(|it| it.start < taken.until);
    let last = last.filter(|it| it.end() >= taken.since);
    Ok(last.map(|it| {
        let measured = Measured {
            start: it.start,
            end: it.end(),
            energy: it.wh,
        };
        (whose, measured)
    }))
}

fn load(it: Packed) -> Load {
    Load {
        start_at: it.start,
        end_at: it.end(),
        wh: it.wh,
        estimated_wh: WattHours(it.more),
    }
}

/// Meters whose dates are in memory at the same time when all are looked at.
const AT_ONCE: usize = 20;
/// The end of the last year of four figures: SQLite compares dates as texts.
const LAST: Instant = Instant(253_402_300_799);

/// Local dates in which something that starts in the span may be kept, whatever the zone.
fn dates(span: Span) -> (NaiveDate, NaiveDate) {
    let date = |at: Instant| at.clamp(Instant(0), LAST).utc().date();
    (
        date(span.from.plus_hours(-24)),
        date(span.to.plus_hours(48)),
    )
}

/// What starts in the span, by meter and start.
pub fn intervals(
    conn: &mut Conn,
    meters: &[MeterId],
    span: Span,
) -> Result<HashMap<MeterId, Vec<Kept>>> {
    let (from, to) = dates(span);
    let mut found: HashMap<MeterId, Vec<Kept>> = HashMap::with_capacity(meters.len());
    let mut uncounted = vec![];
    for day in days::of_meters(conn, meters, from, to)? {
        match of_day(&day)? {
            Some(all) => {
                let within = all
                    .into_iter()
                    .filter(|it| span.contains(it.interval.start));
                found.entry(day.meter_id).or_default().extend(within);
            }
            None if uncounted.last() == Some(&day.meter_id) => {}
            None => uncounted.push(day.meter_id),
        }
    }
    for meter in &uncounted {
        found.remove(meter);
    }
    for row in readings::of_meters(conn, &uncounted, span)? {
        found.entry(row.meter_id).or_default().push(Kept::of(&row));
    }
    Ok(found)
}

/// What starts in the span, of all these meters together, by start.
pub fn of_meters(conn: &mut Conn, meters: &[MeterId], span: Span) -> Result<Vec<Load>> {
    let mut sums = Sums::default();
    for all in intervals(conn, meters, span)?.into_values() {
        for Kept { interval, .. } in all {
            sums.add(Load {
                start_at: interval.start,
                end_at: interval.end(),
                wh: interval.wh,
                estimated_wh: match interval.estimated {
                    true => interval.wh,
                    false => WattHours::ZERO,
                },
            });
        }
    }
    Ok(sums.all())
}

/// The same of leases, as their months were settled.
pub fn of_leases(conn: &mut Conn, leases: &[LeaseId], span: Span) -> Result<Vec<Load>> {
    let (from, to) = dates(span);
    let mut sums = Sums::default();
    for day in lease_days::of_leases(conn, leases, from, to)? {
        let all = unpack(&day.intervals);
        let all = all.ok_or_else(|| broken(&format!("lease {}", day.lease_id)))?;
        for it in all.into_iter().filter(|it| span.contains(it.start)) {
            sums.add(load(it));
        }
    }
    Ok(sums.all())
}

#[derive(Default)]
struct Sums(BTreeMap<Instant, Load>);

impl Sums {
    fn add(&mut self, it: Load) {
        match self.0.entry(it.start_at) {
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(it);
            }
            std::collections::btree_map::Entry::Occupied(mut known) => {
                let known = known.get_mut();
                known.end_at = known.end_at.max(it.end_at);
                known.wh += it.wh;
                known.estimated_wh += it.estimated_wh;
            }
        }
    }

    fn all(self) -> Vec<Load> {
        self.0.into_values().collect()
    }
}
