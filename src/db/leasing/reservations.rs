//! Reservations and their allocations.

use crate::db::Conn;
use crate::db::schema::{allocations, bundles, leases, reservations, tenants};
use crate::domain::calendar::{Instant, Window};
use crate::domain::ids::*;
use crate::domain::leasing::state::ReservationState;
use crate::domain::site::{CoolingKind, Leg, Redundancy, SlotsEach, Supply, Workload};
use crate::domain::units::Watts;
use crate::error::{Result, found};
use crate::on_each;
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Serialize;

/// Capacity that is held: until `hold_until` while `held`, for its whole window once `leased`.
#[derive(Clone, Debug, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = reservations)]
#[diesel(treat_none_as_null = true)]
pub struct Reservation {
    #[diesel(skip_insertion)]
    pub id: ReservationId,
    pub tenant_id: TenantId,
    pub site_id: SiteId,
    pub hall_id: Option<HallId>,
    pub model_id: Option<ModelId>,
    pub model_name: String,
    pub workload: Workload,
    pub cooling: CoolingKind,
    pub supply: Supply,
    pub units: i64,
    pub watts_each: Watts,
    pub from_date: NaiveDate,
    pub to_date: Option<NaiveDate>,
    pub state: ReservationState,
    pub hold_until: Instant,
    pub assigned_at: Option<Instant>,
    pub assigned_by: Option<UserId>,
    pub created_at: Instant,
    pub created_by: Option<UserId>,
    pub cancelled_at: Option<Instant>,
    pub cancelled_by: Option<UserId>,
    /// What was reserved with it, held and cancelled together.
    pub bundle_id: Option<BundleId>,
    /// Whole racks: `units` counts racks, `watts_each` is what each may draw.
    pub slots_each: SlotsEach,
    pub two_feeds: bool,
    /// JSON of the rack ids among which it must stand.
    pub rack_range: Option<String>,
    /// The rule of admission that was promised.
    pub redundancy: Redundancy,
}

/// Several reservations that were asked for as one.
#[derive(Clone, Debug, Queryable, Insertable, Serialize)]
#[diesel(table_name = bundles)]
pub struct Bundle {
    #[diesel(skip_insertion)]
    pub id: BundleId,
    pub tenant_id: TenantId,
    pub site_id: SiteId,
    pub created_at: Instant,
    pub created_by: Option<UserId>,
}

/// Units of a reservation on one rack; `leg` is empty for three-phase machines. A lease that has moved
/// has some for each time.
#[derive(Clone, Debug, Queryable, Insertable, Serialize)]
#[diesel(table_name = allocations)]
pub struct Allocation {
    #[diesel(skip_insertion)]
    pub id: AllocationId,
    pub reservation_id: ReservationId,
    pub tenant_id: TenantId,
    pub site_id: SiteId,
    pub rack_id: RackId,
    pub leg: Option<Leg>,
    pub units: i64,
    /// `None`: from the first day of the booking.
    pub from_date: Option<NaiveDate>,
    /// `None`: until the booking ends.
    pub to_date: Option<NaiveDate>,
}

impl Allocation {
    /// Its days within the window of its booking; `None` where it has none of them.
    pub fn within(&self, booking: Window) -> Option<Window> {
        within(booking, self.from_date, self.to_date)
    }
}

/// The days of a booking that fall between the dates of one of its allocations.
pub fn within(booking: Window, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Option<Window> {
    let own = Window {
        from: from.unwrap_or(booking.from),
        to,
    };
    booking.intersect(own)
}

/// Six values each, well under what either database takes.
const ALLOCATIONS_AT_ONCE: usize = 500;

pub fn get(conn: &mut Conn, id: ReservationId) -> Result<Reservation> {
    found(reservations::table.find(id).first(conn).optional()?)
}

/// Every reservation of a site, whatever became of it.
pub fn of_site(conn: &mut Conn, site: SiteId) -> Result<Vec<Reservation>> {
    Ok(reservations::table
        .filter(reservations::site_id.eq(site))
        .order(reservations::id)
        .load(conn)?)
}

pub fn insert(conn: &mut Conn, row: &Reservation) -> Result<ReservationId> {
    Ok(diesel::insert_into(reservations::table)
        .values(row)
        .returning(reservations::id)
        .get_result(conn)?)
}

pub fn insert_bundle(conn: &mut Conn, row: &Bundle) -> Result<BundleId> {
    Ok(diesel::insert_into(bundles::table)
        .values(row)
        .returning(bundles::id)
        .get_result(conn)?)
}

/// The reservations that were asked for together, in the order of the parts.
pub fn of_bundle(conn: &mut Conn, id: BundleId) -> Result<Vec<Reservation>> {
    Ok(reservations::table
        .filter(reservations::bundle_id.eq(id))
        .order(reservations::id)
        .load(conn)?)
}

pub fn update(conn: &mut Conn, row: &Reservation) -> Result<()> {
    diesel::update(reservations::table.find(row.id))
        .set(row)
        .execute(conn)?;
    Ok(())
}

/// What commits capacity of a site at `now`, or will, and has not ended before `today`.
pub fn live(
    conn: &mut Conn,
    site: SiteId,
    now: Instant,
    today: NaiveDate,
) -> Result<Vec<Reservation>> {
    use reservations::dsl as r;
    let held = r::state
        .eq(ReservationState::Held)
        .and(r::hold_until.gt(now));
    Ok(reservations::table
        .filter(r::site_id.eq(site))
        .filter(r::state.eq(ReservationState::Leased).or(held))
        .filter(r::to_date.is_null().or(r::to_date.gt(today)))
        .order(r::id)
        .load(conn)?)
}

pub fn allocations_of(conn: &mut Conn, id: ReservationId) -> Result<Vec<Allocation>> {
    Ok(allocations::table
        .filter(allocations::reservation_id.eq(id))
        .order((allocations::rack_id, allocations::leg, allocations::id))
        .load(conn)?)
}

pub fn allocations_of_site(conn: &mut Conn, site: SiteId) -> Result<Vec<Allocation>> {
    Ok(allocations::table
        .filter(allocations::site_id.eq(site))
        .order(allocations::id)
        .load(conn)?)
}

pub fn replace_allocations(conn: &mut Conn, id: ReservationId, rows: &[Allocation]) -> Result<()> {
    diesel::delete(allocations::table.filter(allocations::reservation_id.eq(id))).execute(conn)?;
    insert_allocations(conn, rows)
}

pub fn insert_allocations(conn: &mut Conn, rows: &[Allocation]) -> Result<()> {
    for rows in rows.chunks(ALLOCATIONS_AT_ONCE) {
        on_each!(conn, c => diesel::insert_into(allocations::table).values(rows).execute(c))?;
    }
    Ok(())
}

/// After a booking has got an earlier end: nothing stands anywhere from then on.
pub fn end_allocations(conn: &mut Conn, id: ReservationId, end: NaiveDate) -> Result<()> {
    let own = allocations::table.filter(allocations::reservation_id.eq(id));
    diesel::delete(own.filter(allocations::from_date.ge(end))).execute(conn)?;
    diesel::update(own.filter(allocations::to_date.ge(end)))
        .set(allocations::to_date.eq(None::<NaiveDate>))
        .execute(conn)?;
    Ok(())
}

/// Whose a live reservation is, and its lease, by the names that people use.
#[derive(Clone, Debug, Queryable)]
pub struct Holder {
    pub reservation: ReservationId,
    pub tenant: TenantId,
    pub tenant_name: String,
    pub lease: Option<LeaseId>,
    pub lease_number: Option<String>,
}

/// The holders of everything on a site that has not ended before `today`.
pub fn holders(conn: &mut Conn, site: SiteId, today: NaiveDate) -> Result<Vec<Holder>> {
    use reservations::dsl as r;
    Ok(reservations::table
        .inner_join(tenants::table.on(tenants::id.eq(r::tenant_id)))
        .left_join(leases::table.on(leases::reservation_id.eq(r::id)))
        .filter(r::site_id.eq(site))
        .filter(r::state.ne(ReservationState::Cancelled))
        .filter(r::to_date.is_null().or(r::to_date.gt(today)))
        .order(r::id)
        .select((
            r::id,
            r::tenant_id,
            tenants::name,
            leases::id.nullable(),
            leases::number.nullable(),
        ))
        .load(conn)?)
}
