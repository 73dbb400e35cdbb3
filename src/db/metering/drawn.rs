//! What meters and leases drew last: one look at the end of each one's dates.

use crate::db::Conn;
use crate::db::prepared::Prepared;
use crate::domain::calendar::Instant;
use crate::domain::ids::*;
use crate::domain::units::{WattHours, Watts};
use crate::error::Result;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary};

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

impl Taken {
    /// A date no later than that of `since` in any zone, nor than that of an interval that ends then.
    fn earliest(&self) -> NaiveDate {
        self.since.plus_hours(-48).utc().date()
    }
}

/// Whose, and a date's intervals, packed.
type Columns = (BigInt, Binary);

/// The last date of each meter of a rack in service; meters of single leases behind a rack's meters
/// are not among them.
pub fn of_racks(conn: &mut Conn, among: Among, taken: Taken) -> Result<Vec<(RackId, Vec<u8>)>> {
    let ((whose, id), day, since) = (among.of(), taken.day, taken.earliest());
    let query = format!(
        "SELECT m.rack_id, d.intervals FROM racks k JOIN meters m ON m.rack_id = k.id \
         JOIN meter_days d ON d.meter_id = m.id AND d.day = (SELECT MAX(x.day) FROM meter_days x \
         WHERE x.meter_id = m.id AND x.day <= '{day}') \
         WHERE {whose} AND m.lease_id IS NULL AND m.from_date <= '{day}' \
         AND (m.to_date IS NULL OR m.to_date > '{day}') AND d.day >= '{since}' \
         AND d.intervals IS NOT NULL"
    );
    let rows: Vec<(i64, Vec<u8>)> = Prepared::<Columns>::new(query, &[id]).load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, day)| (RackId(id), day))
        .collect())
}

/// The last date of each lease with units on these racks that was settled.
pub fn of_leases(conn: &mut Conn, among: Among, taken: Taken) -> Result<Vec<(LeaseId, Vec<u8>)>> {
    let ((whose, id), day, since) = (among.of(), taken.day, taken.earliest());
    let query = format!(
        "SELECT l.id, d.intervals FROM leases l JOIN lease_days d ON d.lease_id = l.id \
         AND d.day = (SELECT MAX(x.day) FROM lease_days x WHERE x.lease_id = l.id \
         AND x.day <= '{day}') WHERE d.day >= '{since}' AND l.reservation_id IN \
         (SELECT a.reservation_id FROM allocations a JOIN racks k ON k.id = a.rack_id \
         WHERE {whose})"
    );
    let rows: Vec<(i64, Vec<u8>)> = Prepared::<Columns>::new(query, &[id]).load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, day)| (LeaseId(id), day))
        .collect())
}
