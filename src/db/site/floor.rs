//! What a hall's drawing needs: each of these is one query for the whole hall.

use crate::db::Conn;
use crate::db::schema::{allocations, halls, leases, power_nodes, racks, reservations, tenants};
use crate::db::stays::{ends, live_sql, stands, stands_sql};
use crate::domain::calendar::Instant;
use crate::domain::ids::*;
use crate::domain::leasing::state::ReservationState;
use crate::domain::site::{Leg, SlotsEach, Supply};
use crate::domain::units::Watts;
use crate::error::Result;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use std::collections::{BTreeSet, HashMap};

use super::racks::Rack;

pub fn racks_of(conn: &mut Conn, hall: HallId) -> Result<Vec<Rack>> {
    Ok(racks::table
        .filter(racks::hall_id.eq(hall))
        .order(racks::id)
        .load(conn)?)
}

/// A booking's units on one rack and leg.
#[derive(Clone, Debug, Queryable)]
pub struct Booked {
    pub rack: RackId,
    pub reservation: ReservationId,
    pub tenant: TenantId,
    pub tenant_name: String,
    pub model: String,
    pub leg: Option<Leg>,
    pub units: i64,
    pub watts_each: Watts,
    pub supply: Supply,
    pub to: Option<NaiveDate>,
    pub lease: Option<LeaseId>,
    /// Of the whole booking: its usage is shared out by units.
    pub all_units: i64,
    pub slots_each: SlotsEach,
}

/// A hall's racks, or one of them.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    Hall(HallId),
    Rack(RackId),
}

/// What is booked on these racks on a date: leased, or held at `now`.
pub fn booked(conn: &mut Conn, part: Part, now: Instant, on: NaiveDate) -> Result<Vec<Booked>> {
    use reservations::dsl as r;
    let held = r::state
        .eq(ReservationState::Held)
        .and(r::hold_until.gt(now));
    let query = allocations::table
        .inner_join(reservations::table.on(r::id.eq(allocations::reservation_id)))
        .inner_join(racks::table.on(racks::id.eq(allocations::rack_id)))
        .inner_join(tenants::table.on(tenants::id.eq(allocations::tenant_id)))
        .left_join(leases::table.on(leases::reservation_id.eq(allocations::reservation_id)))
        .filter(r::state.eq(ReservationState::Leased).or(held))
        .filter(r::from_date.le(on))
        .filter(r::to_date.is_null().or(r::to_date.gt(on)))
        .filter(stands!(on))
        .order((r::id, allocations::id))
        .select((
            allocations::rack_id,
            r::id,
            allocations::tenant_id,
            tenants::name,
            r::model_name,
            allocations::leg,
            allocations::units,
            r::watts_each,
            r::supply,
            ends(allocations::to_date, r::to_date),
            leases::id.nullable(),
            r::units,
            r::slots_each,
        ))
        .into_boxed();
    let query = match part {
        Part::Hall(hall) => query.filter(racks::hall_id.eq(hall)),
        Part::Rack(rack) => query.filter(racks::id.eq(rack)),
    };
    Ok(query.load(conn)?)
}

/// The names of tenants and the leases of reservations, for bookings that are known already.
#[derive(Debug, Default)]
pub struct Holders {
    pub tenants: HashMap<TenantId, String>,
    pub leases: HashMap<ReservationId, LeaseId>,
}

pub fn holders(
    conn: &mut Conn,
    tenants: BTreeSet<TenantId>,
    leased: BTreeSet<ReservationId>,
) -> Result<Holders> {
    let mut found = Holders::default();
    let tenants: Vec<TenantId> = tenants.into_iter().collect();
    for part in tenants.chunks(super::CHUNK) {
        let rows: Vec<(TenantId, String)> = tenants::table
            .filter(tenants::id.eq_any(part.to_vec()))
            .select((tenants::id, tenants::name))
            .load(conn)?;
        found.tenants.extend(rows);
    }
    let leased: Vec<ReservationId> = leased.into_iter().collect();
    for part in leased.chunks(super::CHUNK) {
        let rows: Vec<(ReservationId, LeaseId)> = leases::table
            .filter(leases::reservation_id.eq_any(part.to_vec()))
            .select((leases::reservation_id, leases::id))
            .load(conn)?;
        found.leases.extend(rows);
    }
    Ok(found)
}

#[derive(QueryableByName)]
struct ZoneSum {
    #[diesel(sql_type = BigInt)]
    zone_id: ZoneId,
    #[diesel(sql_type = BigInt)]
    watts: Watts,
}

/// The names of the feeds of a hall's racks.
pub fn feed_names(conn: &mut Conn, hall: HallId) -> Result<Vec<(NodeId, String)>> {
    let first = racks::table
        .filter(racks::hall_id.eq(hall))
        .select(racks::feed_a);
    let second = racks::table
        .filter(racks::hall_id.eq(hall))
        .select(racks::feed_b);
    Ok(power_nodes::table
        .filter(
            power_nodes::id
                .eq_any(first)
                .or(power_nodes::id.nullable().eq_any(second)),
        )
        .select((power_nodes::id, power_nodes::name))
        .load(conn)?)
}

/// What is sold on a date in each cooling zone of a hall's racks, wherever it stands in the zone.
pub fn zones_sold(
    conn: &mut Conn,
    hall: HallId,
    now: Instant,
    on: NaiveDate,
) -> Result<Vec<(ZoneId, Watts)>> {
    let (hall, live, stands) = (hall.0, live_sql(now), stands_sql(on));
    let query = format!(
        "SELECT k.zone_id, CAST(SUM(a.units * r.watts_each) AS BIGINT) AS watts FROM racks k \
         JOIN allocations a ON a.rack_id = k.id JOIN reservations r ON r.id = a.reservation_id \
         WHERE k.zone_id IN (SELECT zone_id FROM racks WHERE hall_id = {hall}) \
         AND {live} AND {stands} GROUP BY k.zone_id"
    );
    let rows: Vec<ZoneSum> = diesel::sql_query(query).load(conn)?;
    Ok(rows
        .into_iter()
        .map(|row| (row.zone_id, row.watts))
        .collect())
}

/// Writes where racks stand: all of a hall's in one go.
pub fn place(
    conn: &mut Conn,
    id: RackId,
    cell: Option<(i64, i64)>,
    turn: Option<i64>,
) -> Result<()> {
    diesel::update(racks::table.find(id))
        .set((
            racks::x.eq(cell.map(|(x, _)| x)),
            racks::y.eq(cell.map(|(_, y)| y)),
            racks::turn.eq(turn),
        ))
        .execute(conn)?;
    Ok(())
}

pub fn resize(conn: &mut Conn, id: HallId, width: Option<i64>, depth: Option<i64>) -> Result<()> {
    diesel::update(halls::table.find(id))
        .set((halls::width.eq(width), halls::depth.eq(depth)))
        .execute(conn)?;
    Ok(())
}

/// The first hall by site and name: where the way to the floor begins.
pub fn first(conn: &mut Conn) -> Result<Option<HallId>> {
    let Some(site) = halls::table
        .select(halls::site_id)
        .order(halls::site_id)
        .first::<SiteId>(conn)
        .optional()?
    else {
        return Ok(None);
    };
    let standing: Vec<(HallId, i64)> = racks::table
        .filter(racks::site_id.eq(site))
        .group_by(racks::hall_id)
        .select((racks::hall_id, diesel::dsl::count_star()))
        .load(conn)?;
    let halls: Vec<HallId> = halls::table
        .filter(halls::site_id.eq(site))
        .order(halls::name)
        .select(halls::id)
        .load(conn)?;
    let racks = |hall: HallId| {
        let of = standing.iter().find(|(id, _)| *id == hall);
        of.map_or(0, |(_, count)| *count)
    };
    // Of several with as many racks the first by name.
    let fullest = halls.into_iter().rev().max_by_key(|hall| racks(*hall));
    Ok(fullest)
}
