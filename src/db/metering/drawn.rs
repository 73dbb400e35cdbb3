//! What meters said last: one look at the end of each meter's key instead of a pass over all readings.

use crate::db::Conn;
use crate::db::prepared::Prepared;
use crate::domain::calendar::Instant;
use crate::domain::ids::*;
use crate::domain::units::{WattHours, Watts};
use crate::error::Result;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};

/// The last interval that was measured before an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured {
    pub start: Instant,
    pub end: Instant,
    pub energy: WattHours,
}

impl Measured {
    /// Mean power, rounded down to a watt.
    pub fn power(&self) -> Watts {
        Watts(self.energy.0.saturating_mul(3_600) / (self.end.0 - self.start.0).max(1))
    }
}

/// Whose racks.
#[derive(Clone, Copy, Debug)]
pub enum Among {
    Site(SiteId),
    Hall(HallId),
    Rack(RackId),
}

impl Among {
    /// As SQL about the racks `k`, and the number in it.
    fn of(self) -> (&'static str, i64) {
        match self {
            Self::Site(site) => ("k.site_id = ?", site.0),
            Self::Hall(hall) => ("k.hall_id = ?", hall.0),
            Self::Rack(rack) => ("k.id = ?", rack.0),
        }
    }
}

/// From when on a value counts, and before when it was taken.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    pub since: Instant,
    pub until: Instant,
    /// The local day of `until`: meters that were out of service say nothing.
    pub day: NaiveDate,
}

/// Whose, from, to, watt-hours.
type Columns = (BigInt, BigInt, BigInt, Nullable<BigInt>);
type Last = (i64, Instant, Instant, Option<WattHours>);

fn measured(rows: Vec<Last>) -> impl Iterator<Item = (i64, Measured)> {
    rows.into_iter().filter_map(|(id, start, end, energy)| {
        let measured = Measured {
            start,
            end,
            energy: energy?,
        };
        Some((id, measured))
    })
}

/// One row a meter of a rack in service; meters of single leases behind a rack's meters are not among them.
pub fn of_racks(conn: &mut Conn, among: Among, taken: Taken) -> Result<Vec<(RackId, Measured)>> {
    let ((whose, id), day) = (among.of(), taken.day);
    let query = format!(
        "SELECT m.rack_id, r.start_at, r.end_at, r.wh FROM racks k \
         JOIN meters m ON m.rack_id = k.id JOIN readings r ON r.meter_id = m.id AND r.start_at = \
         (SELECT MAX(x.start_at) FROM readings x WHERE x.meter_id = m.id AND x.start_at < ?) \
         WHERE {whose} AND m.lease_id IS NULL AND m.from_date <= '{day}' \
         AND (m.to_date IS NULL OR m.to_date > '{day}') AND r.end_at >= ?"
    );
    let numbers = [taken.until.0, id, taken.since.0];
    let rows: Vec<Last> = Prepared::<Columns>::new(query, &numbers).load(conn)?;
    Ok(measured(rows).map(|(id, m)| (RackId(id), m)).collect())
}

/// The last settled usage of each lease with units on these racks.
pub fn of_leases(conn: &mut Conn, among: Among, taken: Taken) -> Result<Vec<(LeaseId, Measured)>> {
    let (whose, id) = among.of();
    let query = format!(
        "SELECT l.id, u.start_at, u.end_at, u.wh FROM leases l JOIN usage u ON u.lease_id = l.id \
         AND u.start_at = (SELECT MAX(x.start_at) FROM usage x WHERE x.lease_id = l.id \
         AND x.start_at < ?) WHERE u.end_at >= ? AND l.reservation_id IN \
         (SELECT a.reservation_id FROM allocations a JOIN racks k ON k.id = a.rack_id \
         WHERE {whose})"
    );
    let numbers = [taken.until.0, taken.since.0, id];
    let rows: Vec<Last> = Prepared::<Columns>::new(query, &numbers).load(conn)?;
    Ok(measured(rows).map(|(id, m)| (LeaseId(id), m)).collect())
}
