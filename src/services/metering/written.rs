//! What a batch changes of the readings, and everything that hangs on it, in one transaction.

use super::intake::Source;
use super::loads::{self, Kept};
use super::served::Served;
use super::{touched, usage};
use crate::db::metering::days::{self, MeterDay};
use crate::db::metering::meters::Meter;
use crate::db::metering::readings::{self, Correction, Reading};
use crate::db::{Conn, Tx};
use crate::domain::calendar::{Instant, Month};
use crate::domain::ids::*;
use crate::domain::metering::Interval;
use crate::domain::units::WattHours;
use crate::error::Result;
use chrono::{Days, NaiveDate};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Readings that are new, that took another's place and that are gone, with what is said of it.
#[derive(Clone, Debug, Default)]
pub struct Written {
    pub new: Vec<Reading>,
    /// Every one of them has a correction that says what was there before, for as long a time.
    pub replaced: Vec<Reading>,
    pub gone: Vec<Reading>,
    pub corrections: Vec<Correction>,
}

pub fn interval(row: &Reading) -> Interval {
    Interval {
        start: row.start_at,
        seconds: row.end_at.0 - row.start_at.0,
        wh: row.wh,
        estimated: row.estimated,
    }
}

/// That a value took another's place, or that there is none any more. Its site, and whether it is
/// billed already, are filled in when it is written.
pub fn correction(old: &Reading, new: Option<&Reading>, source: &Source) -> Correction {
    Correction {
        id: 0,
        meter_id: old.meter_id,
        site_id: SiteId(0),
        start_at: old.start_at,
        end_at: new.map_or(old.end_at, |it| it.end_at),
        old_wh: old.wh,
        new_wh: new.map_or(WattHours::ZERO, |it| it.wh),
        old_estimated: old.estimated,
        new_estimated: new.is_some_and(|it| it.estimated),
        old_import_id: old.import_id,
        new_import_id: source.import,
        reason: source.reason.to_owned(),
        after_issue: false,
        at: source.now,
        by_user: source.who.user,
    }
}

/// Writes, keeps the days of the meters, and marks the months that are touched.
pub fn write(
    tx: &mut Tx,
    served: &HashMap<MeterId, Served>,
    mut written: Written,
    now: Instant,
) -> Result<()> {
    let rows = || {
        let all = written.new.iter().chain(&written.replaced);
        all.chain(&written.gone)
    };
    let ids: BTreeSet<MeterId> = rows().map(|it| it.meter_id).collect();
    let meters = ids.iter().filter_map(|id| served.get(id));
    let meters: Vec<Meter> = meters.map(|it| it.meter.clone()).collect();
    let touched = touched::load(tx.conn, &meters)?;
    let mut months: BTreeSet<(LeaseId, Month)> = BTreeSet::new();
    for row in rows() {
        months.extend(touched.months(row.meter_id, row.start_at));
    }
    let changed = changed(tx.conn, served, &written)?;
    for row in &mut written.corrections {
        row.after_issue = touched.is_billed(row.meter_id, row.start_at);
        let of = served.get(&row.meter_id);
        row.site_id = of.map_or(row.site_id, |it| it.meter.site_id);
    }
    for gone in written.gone.chunk_by(|a, b| a.meter_id == b.meter_id) {
        let starts: Vec<Instant> = gone.iter().map(|it| it.start_at).collect();
        readings::delete(tx.conn, gone[0].meter_id, &starts)?;
    }
    for row in &written.replaced {
        readings::replace(tx.conn, row)?;
    }
    readings::insert(tx.conn, &written.new)?;
    readings::insert_corrections(tx.conn, &written.corrections)?;
    days::delete(tx.conn, &changed.known)?;
    days::insert(tx.conn, &changed.rows)?;
    for (lease, month) in months {
        usage::mark_stale(tx, lease, month, now)?;
    }
    Ok(())
}

/// The dates that a batch changes: those that are there already, and how all of them stand afterwards.
#[derive(Default)]
struct Changed {
    known: Vec<(MeterId, NaiveDate)>,
    rows: Vec<MeterDay>,
}

/// What becomes of the interval that starts at each of these times: `None` where it is gone.
type Changes = BTreeMap<Instant, Option<Kept>>;

/// Asked before anything is written.
fn changed(
    conn: &mut Conn,
    served: &HashMap<MeterId, Served>,
    written: &Written,
) -> Result<Changed> {
    let mut changes: BTreeMap<(MeterId, NaiveDate), Changes> = BTreeMap::new();
    let gone = written.gone.iter().map(|row| (row, false));
    let stay = written.replaced.iter().chain(&written.new);
    for (row, stays) in gone.chain(stay.map(|row| (row, true))) {
        if let Some(of) = served.get(&row.meter_id) {
            let key = (row.meter_id, of.zone.date(row.start_at));
            let kept = stays.then(|| Kept::of(row));
            changes.entry(key).or_default().insert(row.start_at, kept);
        }
    }
    let keys: Vec<(MeterId, NaiveDate)> = changes.keys().copied().collect();
    let mut found = Changed::default();
    let mut known = known(conn, served, &keys)?;
    for ((meter, day), changes) in changes {
        let mut all: BTreeMap<Instant, Kept> = BTreeMap::new();
        if let Some(there) = known.remove(&(meter, day)) {
            found.known.push((meter, day));
            all.extend(there.into_iter().map(|it| (it.interval.start, it)));
        }
        for (start, kept) in changes {
            match kept {
                Some(kept) => all.insert(start, kept),
                None => all.remove(&start),
            };
        }
        if !all.is_empty() {
            let all: Vec<Kept> = all.into_values().collect();
            found.rows.push(loads::meter_day(meter, day, &all));
        }
    }
    Ok(found)
}

/// What is kept of these dates of meters.
fn known(
    conn: &mut Conn,
    served: &HashMap<MeterId, Served>,
    keys: &[(MeterId, NaiveDate)],
) -> Result<HashMap<(MeterId, NaiveDate), Vec<Kept>>> {
    let mut found = HashMap::new();
    for row in days::of_keys(conn, keys)? {
        let key = (row.meter_id, row.day);
        let all = match (loads::of_day(&row)?, served.get(&row.meter_id)) {
            (Some(all), _) => all,
            (None, Some(of)) => {
                let span = of.zone.span_of(row.day, row.day + Days::new(1));
                let rows = readings::of_meter(conn, row.meter_id, span)?;
                rows.iter().map(Kept::of).collect()
            }
            (None, None) => continue,
        };
        found.insert(key, all);
    }
    Ok(found)
}

/// The dates of a meter as its readings say, by start.
pub fn days_of(of: &Served, rows: &[Reading]) -> Vec<MeterDay> {
    let day = |row: &Reading| of.zone.date(row.start_at);
    let by_day = rows.chunk_by(|a, b| day(a) == day(b));
    let meter_day = |rows: &[Reading]| {
        let all: Vec<Kept> = rows.iter().map(Kept::of).collect();
        loads::meter_day(of.meter.id, day(&rows[0]), &all)
    };
    by_day.map(meter_day).collect()
}
