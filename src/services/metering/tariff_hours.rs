//! When another price begins: where what is spread evenly is only an estimate.

use super::served::Served;
use super::touched;
use crate::db::Conn;
use crate::db::billing::plans;
use crate::db::leasing::leases;
use crate::domain::billing::plan::{DayTime, PlanVersion};
use crate::domain::calendar::{Instant, Month, Span, Zone};
use crate::error::Result;
use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};
use std::collections::BTreeSet;

/// Month starts, new versions and hours of the tariffs of whoever stands behind a meter, ascending.
pub fn boundaries(conn: &mut Conn, of: &Served, span: Span) -> Result<Vec<Instant>> {
    let mut found: BTreeSet<Instant> = BTreeSet::new();
    let mut month = Month::of(of.zone.date(span.from)).next();
    while of.zone.start_of(month.first()) < span.to {
        found.insert(of.zone.start_of(month.first()));
        month = month.next();
    }
    let behind = touched::load(conn, std::slice::from_ref(&of.meter))?;
    let mut read = BTreeSet::new();
    for lease in behind.leases_of(of.meter.id) {
        let plan = leases::get(conn, lease)?.plan_id;
        if read.insert(plan) {
            let versions = plans::published(conn, plan)?;
            found.extend(of_versions(&versions, of.zone, span));
        }
    }
    found.retain(|at| span.from < *at && *at < span.to);
    Ok(found.into_iter().collect())
}

fn at(time: DayTime) -> Option<NaiveTime> {
    let minutes = u32::from(time.minutes());
    NaiveTime::from_hms_opt(minutes / 60, minutes % 60, 0)
}

fn of_versions(versions: &[PlanVersion], zone: Zone, span: Span) -> Vec<Instant> {
    let mut found = vec![];
    let mut times: BTreeSet<NaiveTime> = BTreeSet::new();
    for version in versions {
        found.push(zone.start_of(version.effective_from));
        if version.energy.zones.len() > 1 {
            let zones = version.energy.zones.iter();
            times.extend(zones.flat_map(|it| [it.from, it.to]).filter_map(at));
        }
    }
    let mut day: NaiveDate = zone.date(span.from);
    while !times.is_empty() && zone.start_of(day) < span.to {
        for time in &times {
            found.extend(zone.instants(NaiveDateTime::new(day, *time)));
        }
        day = day + Days::new(1);
    }
    found
}
