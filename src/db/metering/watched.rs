//! What alarms look at: when meters spoke last, and which leases stand on which racks.

use crate::db::Conn;
use crate::domain::calendar::Instant;
use crate::domain::ids::*;
use crate::domain::metering::meter::Reads;
use crate::domain::site::Leg;
use crate::domain::units::Watts;
use crate::error::Result;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text};

/// A meter in service and what it said last; an estimate is nothing that it said.
#[derive(Clone, Debug, QueryableByName)]
pub struct Spoken {
    #[diesel(sql_type = BigInt)]
    pub id: MeterId,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Text)]
    pub reads: Reads,
    #[diesel(sql_type = Date)]
    pub from_date: NaiveDate,
    /// The end of the last interval.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub last_at: Option<Instant>,
    /// When its display was read last, and the time before.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub shown_at: Option<Instant>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub shown_before: Option<Instant>,
}

/// One look at the end of each meter's key instead of a pass over all readings.
pub fn spoken(conn: &mut Conn, site: SiteId, today: NaiveDate) -> Result<Vec<Spoken>> {
    let shown = |skip: i64| {
        format!(
            "(SELECT s.at FROM register_readings s WHERE s.meter_id = m.id \
             ORDER BY s.at DESC LIMIT 1 OFFSET {skip})"
        )
    };
    let query = format!(
        "SELECT m.id, m.code, m.reads, m.from_date, \
         (SELECT r.end_at FROM readings r WHERE r.meter_id = m.id AND NOT r.estimated \
         ORDER BY r.start_at DESC LIMIT 1) AS last_at, {} AS shown_at, {} AS shown_before \
         FROM meters m WHERE m.site_id = {} AND m.from_date <= '{today}' \
         AND (m.to_date IS NULL OR m.to_date > '{today}') ORDER BY m.id",
        shown(0),
        shown(1),
        site.0
    );
    Ok(diesel::sql_query(query).load(conn)?)
}

/// Machines of a lease that stand on one rack.
#[derive(Clone, Debug, QueryableByName)]
pub struct Stands {
    #[diesel(sql_type = BigInt)]
    pub lease_id: LeaseId,
    #[diesel(sql_type = Text)]
    pub number: String,
    #[diesel(sql_type = BigInt)]
    pub rack_id: RackId,
    #[diesel(sql_type = BigInt)]
    pub units: i64,
    #[diesel(sql_type = BigInt)]
    pub watts_each: Watts,
}

impl Stands {
    /// What its machines there may draw.
    pub fn watts(&self) -> Watts {
        Watts(self.units.saturating_mul(self.watts_each.0))
    }
}

/// Leases that run on this local date, with the racks on which they stand then.
pub fn standing(conn: &mut Conn, site: SiteId, today: NaiveDate) -> Result<Vec<Stands>> {
    let within = |from: &str, to: &str| {
        format!("({from} IS NULL OR {from} <= '{today}') AND ({to} IS NULL OR {to} > '{today}')")
    };
    let query = format!(
        "SELECT l.id AS lease_id, l.number, a.rack_id, a.units, v.watts_each FROM leases l \
         JOIN reservations v ON v.id = l.reservation_id \
         JOIN allocations a ON a.reservation_id = v.id \
         WHERE l.site_id = {} AND {} AND {} ORDER BY l.id, a.id",
        site.0,
        within("l.start_date", "l.end_date"),
        within("a.from_date", "a.to_date"),
    );
    Ok(diesel::sql_query(query).load(conn)?)
}

/// Machines in a rack that a booking has to itself, together by the leg that they are on: its
/// allocation does not say.
#[derive(Clone, Debug, QueryableByName)]
pub struct OnLeg {
    #[diesel(sql_type = BigInt)]
    pub rack_id: RackId,
    #[diesel(sql_type = BigInt)]
    pub reservation_id: ReservationId,
    #[diesel(sql_type = Nullable<Text>)]
    pub leg: Option<Leg>,
    #[diesel(sql_type = BigInt)]
    pub watts: Watts,
}

pub fn on_legs(conn: &mut Conn, site: SiteId) -> Result<Vec<OnLeg>> {
    let query = format!(
        "SELECT m.rack_id, m.reservation_id, m.leg, CAST(SUM(m.watts) AS BIGINT) AS watts \
         FROM machines m JOIN reservations v ON v.id = m.reservation_id \
         WHERE m.site_id = {} AND m.state = 'racked' AND m.rack_id IS NOT NULL \
         AND v.slots_each = 'whole_rack' GROUP BY m.rack_id, m.reservation_id, m.leg",
        site.0
    );
    Ok(diesel::sql_query(query).load(conn)?)
}
