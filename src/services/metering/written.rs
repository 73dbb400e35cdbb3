//! What a batch changes of the readings, and everything that hangs on it, in one transaction.

use super::intake::Source;
use super::served::Served;
use super::{touched, usage};
use crate::db::Tx;
use crate::db::metering::days::{self, MeterDay};
use crate::db::metering::meters::Meter;
use crate::db::metering::readings::{self, Correction, Reading};
use crate::domain::calendar::{Instant, Month};
use crate::domain::ids::*;
use crate::domain::metering::Interval;
use crate::domain::units::WattHours;
use crate::error::Result;
use chrono::NaiveDate;
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
    let differences = differences(served, &written);
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
    days::add(tx.conn, &differences)?;
    for (lease, month) in months {
        usage::mark_stale(tx, lease, month, now)?;
    }
    Ok(())
}

/// By how much the days of the meters change.
fn differences(served: &HashMap<MeterId, Served>, written: &Written) -> Vec<MeterDay> {
    let mut days = Days::default();
    for row in &written.new {
        days.add(served, row, 1);
    }
    for row in &written.gone {
        days.add(served, row, -1);
    }
    let new: BTreeSet<(MeterId, Instant)> = written
        .new
        .iter()
        .chain(&written.gone)
        .map(|it| (it.meter_id, it.start_at))
        .collect();
    for it in &written.corrections {
        if new.contains(&(it.meter_id, it.start_at)) {
            continue;
        }
        let row = |wh, estimated| Reading {
            meter_id: it.meter_id,
            start_at: it.start_at,
            end_at: it.end_at,
            wh,
            estimated,
            import_id: it.new_import_id,
            method: 0,
        };
        days.add(served, &row(it.old_wh, it.old_estimated), -1);
        days.add(served, &row(it.new_wh, it.new_estimated), 1);
    }
    days.0.into_values().collect()
}

#[derive(Default)]
struct Days(BTreeMap<(MeterId, NaiveDate), MeterDay>);

impl Days {
    fn add(&mut self, served: &HashMap<MeterId, Served>, row: &Reading, times: i64) {
        let Some(of) = served.get(&row.meter_id) else {
            return;
        };
        let day = of.zone.date(row.start_at);
        let entry = self.0.entry((row.meter_id, day)).or_insert(MeterDay {
            meter_id: row.meter_id,
            day,
            wh: WattHours::ZERO,
            estimated_wh: WattHours::ZERO,
            seconds: 0,
        });
        add(entry, row, times);
    }
}

fn add(day: &mut MeterDay, row: &Reading, times: i64) {
    day.wh.0 += times * row.wh.0;
    day.seconds += times * (row.end_at.0 - row.start_at.0);
    if row.estimated {
        day.estimated_wh.0 += times * row.wh.0;
    }
}

/// The days of a meter as its readings say.
pub fn days_of(of: &Served, rows: &[Reading]) -> Vec<MeterDay> {
    let served = HashMap::from([(of.meter.id, of.clone())]);
    let mut days = Days::default();
    for row in rows {
        days.add(&served, row, 1);
    }
    days.0.into_values().collect()
}
