//! What hangs on one rack: its meters, and tenants' units.

use crate::db::Conn;
use crate::db::schema::{allocations, leases, meters, reservations, tenants};
use crate::db::stays::{begins, ends, lasts};
use crate::domain::calendar::Instant;
use crate::domain::ids::*;
use crate::domain::leasing::state::ReservationState;
use crate::domain::site::Leg;
use crate::domain::units::Watts;
use crate::error::Result;
use chrono::NaiveDate;
use diesel::prelude::*;

/// A meter on a rack, until it is taken off.
#[derive(Clone, Debug, Queryable)]
pub struct RackMeter {
    pub id: MeterId,
    pub code: String,
    pub from_date: NaiveDate,
    pub to_date: Option<NaiveDate>,
}

pub fn meters_on(conn: &mut Conn, rack: RackId) -> Result<Vec<RackMeter>> {
    Ok(meters::table
        .filter(meters::rack_id.eq(rack))
        .order((meters::from_date.desc(), meters::id.desc()))
        .select((meters::id, meters::code, meters::from_date, meters::to_date))
        .load(conn)?)
}

/// A tenant's units on a rack: held, or leased under a number.
#[derive(Clone, Debug, Queryable)]
pub struct Standing {
    pub reservation: ReservationId,
    pub tenant: String,
    pub model: String,
    pub state: ReservationState,
    pub leg: Option<Leg>,
    pub units: i64,
    pub watts_each: Watts,
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
    pub assigned_at: Option<Instant>,
    pub lease: Option<LeaseId>,
    pub lease_number: Option<String>,
}

/// What stands on a rack at `now`, or will.
pub fn standing(
    conn: &mut Conn,
    rack: RackId,
    now: Instant,
    today: NaiveDate,
) -> Result<Vec<Standing>> {
    use reservations::dsl as r;
    let held = r::state
        .eq(ReservationState::Held)
        .and(r::hold_until.gt(now));
    Ok(allocations::table
        .inner_join(reservations::table.on(r::id.eq(allocations::reservation_id)))
        .inner_join(tenants::table.on(tenants::id.eq(allocations::tenant_id)))
        .left_join(leases::table.on(leases::reservation_id.eq(allocations::reservation_id)))
        .filter(allocations::rack_id.eq(rack))
        .filter(r::state.eq(ReservationState::Leased).or(held))
        .filter(r::to_date.is_null().or(r::to_date.gt(today)))
        .filter(lasts!(today))
        .order((r::from_date, r::id, allocations::leg, allocations::id))
        .select((
            r::id,
            tenants::name,
            r::model_name,
            r::state,
            allocations::leg,
            allocations::units,
            r::watts_each,
            begins(allocations::from_date, r::from_date),
            ends(allocations::to_date, r::to_date),
            r::assigned_at,
            leases::id.nullable(),
            leases::number.nullable(),
        ))
        .load(conn)?)
}
