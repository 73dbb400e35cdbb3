//! The register of machines.

use crate::db::Conn;
use crate::db::schema::{allocations, machines, racks, reservations, sites, tenants};
use crate::domain::calendar::Instant;
use crate::domain::fold::fold;
use crate::domain::ids::*;
use crate::domain::site::machine::{MachineState, Share, Standing};
use crate::domain::site::{CoolingKind, Leg, SlotsEach, Supply};
use crate::domain::units::Watts;
use crate::error::{Error, Result, found};
use crate::on_each;
use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::sql_types::BigInt;
use serde::Serialize;

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
        .filter(
            allocations::from_date
                .is_null()
                .or(allocations::from_date.le(on)),
        )
        .filter(
            allocations::to_date
                .is_null()
                .or(allocations::to_date.gt(on)),
        )
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

/// What a list of machines is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct MachineFilter {
    /// In any part of the serial number or of the model's name, whatever the case.
    pub search: String,
    pub site: Option<SiteId>,
    pub tenant: Option<TenantId>,
    pub rack: Option<RackId>,
    pub reservation: Option<ReservationId>,
    pub state: Option<MachineState>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MachineOrder {
    Serial,
    Model,
    Watts,
    Changed,
}

/// Where a page starts and how long it is; `after`: the value ordered by, and the id.
#[derive(Clone, Debug)]
pub struct MachinePage {
    pub order: MachineOrder,
    pub descending: bool,
    pub after: Option<(String, i64)>,
    pub limit: i64,
}

/// A machine with the names that a reader knows its places and its owner by.
#[derive(Clone, Debug, Queryable)]
pub struct ListedMachine {
    pub machine: Machine,
    pub tenant: String,
    pub site: String,
    pub rack: Option<String>,
}

/// Sums over all that is filtered, whatever the page shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MachineTotals {
    pub machines: i64,
    pub watts: Watts,
}

macro_rules! machines_where {
    ($filter:expr) => {{
        let filter: &MachineFilter = $filter;
        let mut query = machines::table
            .inner_join(tenants::table.on(tenants::id.eq(machines::tenant_id)))
            .inner_join(sites::table.on(sites::id.eq(machines::site_id)))
            .left_join(racks::table.on(machines::rack_id.eq(racks::id.nullable())))
            .into_boxed::<<Conn as diesel::Connection>::Backend>();
        if !filter.search.is_empty() {
            let pattern = format!("%{}%", super::escaped(&fold(&filter.search)));
            query = query.filter(
                machines::serial_folded
                    .like(pattern.clone())
                    .escape('\\')
                    .or(machines::model_folded.like(pattern).escape('\\')),
            );
        }
        if let Some(site) = filter.site {
            query = query.filter(machines::site_id.eq(site));
        }
        if let Some(tenant) = filter.tenant {
            query = query.filter(machines::tenant_id.eq(tenant));
        }
        if let Some(rack) = filter.rack {
            query = query.filter(machines::rack_id.eq(rack));
        }
        if let Some(reservation) = filter.reservation {
            query = query.filter(machines::reservation_id.eq(reservation));
        }
        if let Some(state) = filter.state {
            query = query.filter(machines::state.eq(state));
        }
        query
    }};
}

/// Orders by a column and then by id, and starts after the key.
macro_rules! in_order {
    ($query:expr, $page:expr, $column:expr, $parse:expr) => {{
        let mut query = $query;
        let id = machines::id;
        let key = $page
            .after
            .as_ref()
            .and_then(|(value, id)| Some((($parse)(value.as_str())?, MachineId(*id))));
        if $page.descending {
            if let Some((value, last)) = key {
                query = query.filter(
                    $column
                        .lt(value.clone())
                        .or($column.eq(value).and(id.lt(last))),
                );
            }
            query.order(($column.desc(), id.desc()))
        } else {
            if let Some((value, last)) = key {
                query = query.filter(
                    $column
                        .gt(value.clone())
                        .or($column.eq(value).and(id.gt(last))),
                );
            }
            query.order(($column.asc(), id.asc()))
        }
    }};
}

pub fn page(
    conn: &mut Conn,
    filter: &MachineFilter,
    page: &MachinePage,
) -> Result<Vec<ListedMachine>> {
    let text = |value: &str| Some(value.to_owned());
    let number = |value: &str| value.parse::<i64>().ok();
    let query = machines_where!(filter);
    let query = match page.order {
        MachineOrder::Serial => in_order!(query, page, machines::serial_folded, text),
        MachineOrder::Model => in_order!(query, page, machines::model_folded, text),
        MachineOrder::Watts => {
            in_order!(query, page, machines::watts, |v| number(v).map(Watts))
        }
        MachineOrder::Changed => {
            in_order!(query, page, machines::changed_at, |v| number(v)
                .map(Instant))
        }
    };
    Ok(query
        .select((
            machines::all_columns,
            tenants::name,
            sites::name,
            racks::name.nullable(),
        ))
        .limit(page.limit)
        .load(conn)?)
}

pub fn totals(conn: &mut Conn, filter: &MachineFilter) -> Result<MachineTotals> {
    let (machines, watts) = machines_where!(filter)
        .select((
            sql::<BigInt>("COUNT(*)"),
            sql::<BigInt>("CAST(COALESCE(SUM(machines.watts), 0) AS BIGINT)"),
        ))
        .first::<(i64, Watts)>(conn)?;
    Ok(MachineTotals { machines, watts })
}

/// One machine with its names.
pub fn named(conn: &mut Conn, id: MachineId) -> Result<ListedMachine> {
    let row = machines_where!(&MachineFilter::default())
        .filter(machines::id.eq(id))
        .select((
            machines::all_columns,
            tenants::name,
            sites::name,
            racks::name.nullable(),
        ))
        .first(conn)
        .optional()?;
    found(row)
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
