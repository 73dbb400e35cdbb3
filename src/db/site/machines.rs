//! The register of machines.

use crate::db::Conn;
use crate::db::schema::{allocations, machines, racks, reservations, tenants};
use crate::db::stays::stands;
use crate::domain::calendar::Instant;
use crate::domain::ids::*;
use crate::domain::site::machine::{MachineState, Share, Standing};
use crate::domain::site::{CoolingKind, Leg, SlotsEach, Supply};
use crate::domain::units::Watts;
use crate::error::{Error, Result, found};
use crate::on_each;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use serde::Serialize;

pub use super::machine_list::{
    ListedMachine, MachineFilter, MachineOrder, MachinePage, MachineTotals, named, page, totals,
};

/// A physical machine. `rack_id`, `slot` and `leg` are where it stands; a three-phase machine has no leg.
#[derive(Clone, Debug, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = machines)]
#[diesel(treat_none_as_null = true)]
pub struct Machine {
    #[diesel(skip_insertion)]
    pub id: MachineId,
    pub site_id: SiteId,
    pub tenant_id: TenantId,
    pub reservation_id: Option<ReservationId>,
    pub model_id: Option<ModelId>,
    pub model_name: String,
    pub model_folded: String,
    pub serial: String,
    pub serial_folded: String,
    pub watts: Watts,
    pub cooling: CoolingKind,
    pub supply: Supply,
    pub state: MachineState,
    pub rack_id: Option<RackId>,
    pub slot: Option<i64>,
    pub leg: Option<Leg>,
    pub note: String,
    pub created_at: Instant,
    pub created_by: Option<UserId>,
    pub changed_at: Instant,
    pub changed_by: Option<UserId>,
}

/// Rows of one INSERT: SQLite binds at most 32 766 values.
const ROWS_PER_INSERT: usize = 500;
/// Values of one IN.
const CHUNK: usize = 500;

pub fn get(conn: &mut Conn, id: MachineId) -> Result<Machine> {
    found(machines::table.find(id).first(conn).optional()?)
}

/// Two sites do not wait for each other: the same serial number may come from both at once.
fn kept<T>(result: QueryResult<T>) -> Result<T> {
    match result {
        Err(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {
            Err(Error::field("serial", "machine-error-taken"))
        }
        other => Ok(other?),
    }
}

pub fn insert(conn: &mut Conn, row: &Machine) -> Result<MachineId> {
    let inserted = diesel::insert_into(machines::table)
        .values(row)
        .returning(machines::id)
        .get_result(conn);
    kept(inserted)
}

pub fn insert_all(conn: &mut Conn, rows: &[Machine]) -> Result<()> {
    for part in rows.chunks(ROWS_PER_INSERT) {
        let inserted =
            on_each!(conn, c => diesel::insert_into(machines::table).values(part).execute(c));
        kept(inserted)?;
    }
    Ok(())
}

pub fn update(conn: &mut Conn, row: &Machine) -> Result<()> {
    let updated = diesel::update(machines::table.find(row.id))
        .set(row)
        .execute(conn);
    kept(updated).map(|_| ())
}

/// Every machine of a site.
pub fn of_site(conn: &mut Conn, site: SiteId) -> Result<Vec<Machine>> {
    Ok(machines::table
        .filter(machines::site_id.eq(site))
        .order(machines::id)
        .load(conn)?)
}

/// Takes machines out of their slots, so that others may be put there.
pub fn clear_places(conn: &mut Conn, ids: &[MachineId]) -> Result<()> {
    for part in ids.chunks(CHUNK) {
        diesel::update(machines::table.filter(machines::id.eq_any(part)))
            .set((
                machines::rack_id.eq(None::<RackId>),
                machines::slot.eq(None::<i64>),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Which of these serial numbers (folded) the register has.
pub fn by_serials(conn: &mut Conn, folded: &[String]) -> Result<Vec<(String, MachineId)>> {
    let mut known = vec![];
    for part in folded.chunks(CHUNK) {
        let rows: Vec<(String, MachineId)> = machines::table
            .filter(machines::serial_folded.eq_any(part))
            .select((machines::serial_folded, machines::id))
            .load(conn)?;
        known.extend(rows);
    }
    Ok(known)
}

/// Who has the slots of these racks.
pub fn standing(conn: &mut Conn, ids: &[RackId]) -> Result<Vec<(RackId, Standing)>> {
    let mut all = vec![];
    for part in ids.chunks(CHUNK) {
        type Row = (
            RackId,
            MachineId,
            Option<ReservationId>,
            i64,
            Option<Leg>,
            Watts,
        );
        let rows: Vec<Row> = machines::table
            .filter(machines::rack_id.eq_any(part))
            .order((machines::rack_id, machines::slot))
            .select((
                machines::rack_id.assume_not_null(),
                machines::id,
                machines::reservation_id,
                machines::slot.assume_not_null(),
                machines::leg,
                machines::watts,
            ))
            .load(conn)?;
        all.extend(
            rows.into_iter()
                .map(|(rack, machine, reservation, slot, leg, watts)| {
                    let standing = Standing {
                        machine,
                        reservation,
                        slot,
                        leg,
                        watts,
                    };
                    (rack, standing)
                }),
        );
    }
    Ok(all)
}

/// A booking's units on a day, rack by rack in the order in which one walks past them.
pub fn shares(
    conn: &mut Conn,
    id: ReservationId,
    on: NaiveDate,
) -> Result<Vec<(RackId, String, Share)>> {
    type Row = (RackId, String, Option<Leg>, i64, Watts, Supply, SlotsEach);
    let rows: Vec<Row> = allocations::table
        .inner_join(reservations::table.on(reservations::id.eq(allocations::reservation_id)))
        .inner_join(racks::table.on(racks::id.eq(allocations::rack_id)))
        .filter(allocations::reservation_id.eq(id))
        .filter(stands!(on))
        .order((racks::hall_id, racks::row_id, racks::name, allocations::leg))
        .select((
            racks::id,
            racks::name,
            allocations::leg,
            allocations::units,
            reservations::watts_each,
            reservations::supply,
            reservations::slots_each,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(rack, name, leg, units, watts_each, supply, each)| {
            let share = Share {
                reservation: id,
                leg,
                units,
                watts_each,
                supply,
                whole: each == SlotsEach::WholeRack,
            };
            (rack, name, share)
        })
        .collect())
}

/// The units of every booking of a site, by rack.
pub fn shares_of_site(conn: &mut Conn, site: SiteId) -> Result<Vec<(RackId, Share)>> {
    type Row = (
        RackId,
        ReservationId,
        Option<Leg>,
        i64,
        Watts,
        Supply,
        SlotsEach,
    );
    let rows: Vec<Row> = allocations::table
        .inner_join(reservations::table.on(reservations::id.eq(allocations::reservation_id)))
        .filter(allocations::site_id.eq(site))
        .order(allocations::id)
        .select((
            allocations::rack_id,
            reservations::id,
            allocations::leg,
            allocations::units,
            reservations::watts_each,
            reservations::supply,
            reservations::slots_each,
        ))
        .load(conn)?;
    let share = |(rack, reservation, leg, units, watts_each, supply, each): Row| {
        let share = Share {
            reservation,
            leg,
            units,
            watts_each,
            supply,
            whole: each == SlotsEach::WholeRack,
        };
        (rack, share)
    };
    Ok(rows.into_iter().map(share).collect())
}

/// Every machine in these racks, slot by slot, with its owner's name.
pub fn on_racks(conn: &mut Conn, ids: &[RackId]) -> Result<Vec<(Machine, String)>> {
    let mut all = vec![];
    for part in ids.chunks(CHUNK) {
        let rows: Vec<(Machine, String)> = machines::table
            .inner_join(tenants::table.on(tenants::id.eq(machines::tenant_id)))
            .filter(machines::rack_id.eq_any(part))
            .order((machines::rack_id, machines::slot))
            .select((machines::all_columns, tenants::name))
            .load(conn)?;
        all.extend(rows);
    }
    Ok(all)
}

/// A booking under which machines may be registered: who, which and until when.
#[derive(Clone, Debug, Queryable)]
pub struct BookingLine {
    pub id: ReservationId,
    pub tenant: String,
    pub model: String,
    pub units: i64,
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
}

/// Assigned or leased bookings of a site that have not ended, by tenant and number.
pub fn bookings(
    conn: &mut Conn,
    site: SiteId,
    now: Instant,
    today: NaiveDate,
) -> Result<Vec<BookingLine>> {
    use crate::domain::leasing::state::ReservationState;
    use reservations::dsl as r;
    let assigned = r::state
        .eq(ReservationState::Held)
        .and(r::hold_until.gt(now))
        .and(r::assigned_at.is_not_null());
    Ok(reservations::table
        .inner_join(tenants::table.on(tenants::id.eq(r::tenant_id)))
        .filter(r::site_id.eq(site))
        .filter(r::state.eq(ReservationState::Leased).or(assigned))
        .filter(r::to_date.is_null().or(r::to_date.gt(today)))
        .order((tenants::name_folded, r::id))
        .select((
            r::id,
            tenants::name,
            r::model_name,
            r::units,
            r::from_date,
            r::to_date,
        ))
        .load(conn)?)
}
