//! Lists of requests, reservations and leases: searched, filtered, in order, from a key on.

use crate::db::Conn;
use crate::db::leasing::leases::{Lease, LeaseTerm};
use crate::db::leasing::requests::Request;
use crate::db::leasing::reservations::Reservation;
use crate::db::schema::{
    allocations, halls, lease_terms, leases, plan_versions, plans, rack_rows, racks, requests,
    reservations, sites, tenants,
};
use crate::domain::calendar::Instant;
use crate::domain::cursor::Cursor;
use crate::domain::fold::fold;
use crate::domain::ids::*;
use crate::domain::leasing::state::{ReservationState, ReservationStatus};
use crate::domain::site::Leg;
use crate::domain::units::Watts;
use crate::error::Result;
use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use std::collections::HashMap;

type Backend = <Conn as diesel::Connection>::Backend;

/// Which part of a list, in which order: rows after a key, at most `limit`.
#[derive(Clone, Debug, Default)]
pub struct Slice {
    pub q: String,
    pub sort: &'static str,
    pub descending: bool,
    /// The value that the last row was ordered by, and its id.
    pub after: Option<(String, i64)>,
    pub limit: i64,
}

/// What narrows each of the three lists.
#[derive(Clone, Debug, Default)]
pub struct Narrow {
    pub tenant: Option<TenantId>,
    pub site: Option<SiteId>,
    pub status: Option<ReservationStatus>,
    /// Requests: `open` or `closed`. Leases: `active`, `upcoming`, `notice` or `ended`.
    pub state: String,
}

/// A row with the names that a reader knows it by.
pub type Named<T> = (T, String, String);

/// Rows, machines and watts of everything that is filtered.
#[derive(Clone, Copy, Debug, Default)]
pub struct Totals {
    pub rows: i64,
    pub units: i64,
    pub watts: Watts,
}

/// `%` and `\` mean something to the database and stand for any one character instead.
pub(super) fn pattern(q: &str) -> String {
    let plain: String = fold(q)
        .chars()
        .map(|c| if c == '%' || c == '\\' { '_' } else { c })
        .collect();
    format!("%{plain}%")
}

/// Orders by a column and then by id, and starts after the key.
macro_rules! in_order {
    ($query:expr, $slice:expr, $column:expr, $id:expr, $parse:expr) => {{
        let mut query = $query;
        let key = $slice
            .after
            .as_ref()
            .and_then(|(value, id)| Some((($parse)(value.as_str())?, *id)));
        if $slice.descending {
            if let Some((value, id)) = key {
                query = query.filter(
                    $column
                        .lt(value.clone())
                        .or($column.eq(value).and($id.lt(id))),
                );
            }
            query.order(($column.desc(), $id.desc()))
        } else {
            if let Some((value, id)) = key {
                query = query.filter(
                    $column
                        .gt(value.clone())
                        .or($column.eq(value).and($id.gt(id))),
                );
            }
            query.order(($column.asc(), $id.asc()))
        }
    }};
}
pub(super) use in_order;

fn text(value: &str) -> Option<String> {
    Some(value.to_owned())
}

fn number(value: &str) -> Option<i64> {
    value.parse().ok()
}

fn day(value: &str) -> Option<NaiveDate> {
    value.parse().ok()
}

macro_rules! reservations_where {
    ($narrow:expr, $slice:expr, $now:expr) => {{
        use reservations::dsl as r;
        let mut query = reservations::table
            .inner_join(tenants::table.on(tenants::id.eq(r::tenant_id)))
            .inner_join(sites::table.on(sites::id.eq(r::site_id)))
            .into_boxed::<Backend>();
        if let Some(tenant) = $narrow.tenant {
            query = query.filter(r::tenant_id.eq(tenant));
        }
        if let Some(site) = $narrow.site {
            query = query.filter(r::site_id.eq(site));
        }
        if !$slice.q.is_empty() {
            let pattern = pattern(&$slice.q);
            let id = ReservationId($slice.q.parse().unwrap_or(0));
            query = query.filter(
                tenants::name_folded
                    .like(pattern.clone())
                    .or(lower(r::model_name).like(pattern))
                    .or(r::id.eq(id)),
            );
        }
        let held = r::state.eq(ReservationState::Held);
        match $narrow.status {
            None => query,
            Some(ReservationStatus::Held) => query.filter(
                held.and(r::hold_until.gt($now))
                    .and(r::assigned_at.is_null()),
            ),
            Some(ReservationStatus::Assigned) => query.filter(
                held.and(r::hold_until.gt($now))
                    .and(r::assigned_at.is_not_null()),
            ),
            Some(ReservationStatus::Expired) => query.filter(held.and(r::hold_until.le($now))),
            Some(ReservationStatus::Cancelled) => {
                query.filter(r::state.eq(ReservationState::Cancelled))
            }
            Some(ReservationStatus::Leased) => query.filter(r::state.eq(ReservationState::Leased)),
        }
    }};
}

diesel::define_sql_function! { fn lower(value: diesel::sql_types::Text) -> diesel::sql_types::Text; }

/// Sorts: `id`, `tenant`, `from`, `units`.
pub fn reservations(
    conn: &mut Conn,
    narrow: &Narrow,
    slice: &Slice,
    now: Instant,
) -> Result<Vec<Named<Reservation>>> {
    use reservations::dsl as r;
    let query = reservations_where!(narrow, slice, now);
    let query = match slice.sort {
        "tenant" => in_order!(query, slice, tenants::name_folded, r::id, text),
        "from" => in_order!(query, slice, r::from_date, r::id, day),
        "units" => in_order!(query, slice, r::units, r::id, number),
        _ => in_order!(query, slice, r::id, r::id, |v| number(v).map(ReservationId)),
    };
    Ok(query
        .select((reservations::all_columns, tenants::name, sites::name))
        .limit(slice.limit)
        .load(conn)?)
}

pub fn reservation_totals(
    conn: &mut Conn,
    narrow: &Narrow,
    slice: &Slice,
    now: Instant,
) -> Result<Totals> {
    let (rows, units, watts) = reservations_where!(narrow, slice, now)
        .select((
            sql::<BigInt>("COUNT(*)"),
            sql::<BigInt>("COALESCE(CAST(SUM(reservations.units) AS BIGINT), 0)"),
            sql::<BigInt>(
                "COALESCE(CAST(SUM(reservations.units * reservations.watts_each) AS BIGINT), 0)",
            ),
        ))
        .first::<(i64, i64, Watts)>(conn)?;
    Ok(Totals { rows, units, watts })
}

/// Sorts: `id`, `tenant`, `from`.
pub fn requests(conn: &mut Conn, narrow: &Narrow, slice: &Slice) -> Result<Vec<Named<Request>>> {
    use requests::dsl as r;
    let mut query = requests::table
        .inner_join(tenants::table.on(tenants::id.eq(r::tenant_id)))
        .inner_join(sites::table.on(sites::id.eq(r::site_id)))
        .into_boxed::<Backend>();
    if let Some(tenant) = narrow.tenant {
        query = query.filter(r::tenant_id.eq(tenant));
    }
    if !narrow.state.is_empty() {
        query = query.filter(r::state.eq(narrow.state.clone()));
    }
    if !slice.q.is_empty() {
        let pattern = pattern(&slice.q);
        query = query.filter(
            tenants::name_folded
                .like(pattern.clone())
                .or(lower(r::model_name).like(pattern)),
        );
    }
    let query = match slice.sort {
        "tenant" => in_order!(query, slice, tenants::name_folded, r::id, text),
        "from" => in_order!(query, slice, r::from_date, r::id, day),
        _ => in_order!(query, slice, r::id, r::id, |v| number(v).map(RequestId)),
    };
    Ok(query
        .select((requests::all_columns, tenants::name, sites::name))
        .limit(slice.limit)
        .load(conn)?)
}

macro_rules! leases_where {
    ($narrow:expr, $slice:expr, $today:expr) => {{
        use leases::dsl as l;
        let mut query = leases::table
            .inner_join(reservations::table.on(reservations::id.eq(l::reservation_id)))
            .inner_join(tenants::table.on(tenants::id.eq(l::tenant_id)))
            .inner_join(sites::table.on(sites::id.eq(l::site_id)))
            .into_boxed::<Backend>();
        if let Some(tenant) = $narrow.tenant {
            query = query.filter(l::tenant_id.eq(tenant));
        }
        if let Some(site) = $narrow.site {
            query = query.filter(l::site_id.eq(site));
        }
        let running = l::start_date
            .le($today)
            .and(l::end_date.is_null().or(l::end_date.gt($today)));
        query = match $narrow.state.as_str() {
            "active" => query.filter(running),
            "upcoming" => query.filter(l::start_date.gt($today)),
            "notice" => query.filter(running.and(l::notice_at.is_not_null())),
            "ended" => query.filter(l::end_date.le($today)),
            _ => query,
        };
        if !$slice.q.is_empty() {
            let pattern = pattern(&$slice.q);
            query = query.filter(
                tenants::name_folded
                    .like(pattern.clone())
                    .or(lower(l::number).like(pattern.clone()))
                    .or(lower(reservations::model_name).like(pattern)),
            );
        }
        query
    }};
}

/// A lease with the reservation whose places it holds.
pub type LeaseRow = Named<(Lease, Reservation)>;

/// Sorts: `id`, `tenant`, `from`, `units`. `today` decides what is active.
pub fn leases(
    conn: &mut Conn,
    narrow: &Narrow,
    slice: &Slice,
    today: NaiveDate,
) -> Result<Vec<LeaseRow>> {
    use leases::dsl as l;
    let query = leases_where!(narrow, slice, today);
    let query = match slice.sort {
        "tenant" => in_order!(query, slice, tenants::name_folded, l::id, text),
        "from" => in_order!(query, slice, l::start_date, l::id, day),
        "units" => in_order!(query, slice, reservations::units, l::id, number),
        _ => in_order!(query, slice, l::id, l::id, |v| number(v).map(LeaseId)),
    };
    Ok(query
        .select((
            (leases::all_columns, reservations::all_columns),
            tenants::name,
            sites::name,
        ))
        .limit(slice.limit)
        .load(conn)?)
}

/// The sums over everything that is filtered, contracted watts as of `today`.
pub fn lease_totals(
    conn: &mut Conn,
    narrow: &Narrow,
    slice: &Slice,
    today: NaiveDate,
) -> Result<Totals> {
    let rows: Vec<(LeaseId, i64)> = leases_where!(narrow, slice, today)
        .select((leases::id, reservations::units))
        .load(conn)?;
    let ids: Vec<LeaseId> = rows.iter().map(|(id, _)| *id).collect();
    Ok(Totals {
        rows: i64::try_from(rows.len()).unwrap_or(i64::MAX),
        units: rows.iter().map(|(_, units)| units).sum(),
        watts: contracted(conn, &ids, today)?.into_values().sum(),
    })
}

/// What each lease has contracted on a day; one that starts later has its first term.
pub fn contracted(
    conn: &mut Conn,
    ids: &[LeaseId],
    today: NaiveDate,
) -> Result<HashMap<LeaseId, Watts>> {
    let mut found = HashMap::new();
    for part in ids.chunks(500) {
        let rows: Vec<LeaseTerm> = lease_terms::table
            .filter(lease_terms::lease_id.eq_any(part))
            .order((lease_terms::lease_id, lease_terms::from_date))
            .load(conn)?;
        for term in rows {
            if term.from_date <= today || !found.contains_key(&term.lease_id) {
                found.insert(term.lease_id, term.contracted_watts);
            }
        }
    }
    Ok(found)
}

/// Where a list of reservations in this order goes on after a row.
pub fn after_reservation(sort: &str, (row, tenant, _): &Named<Reservation>) -> Cursor {
    let id = row.id.0;
    match sort {
        "tenant" => Cursor::new(fold(tenant), id),
        "from" => Cursor::new(row.from_date, id),
        "units" => Cursor::new(row.units, id),
        _ => Cursor::new(id, id),
    }
}

/// The same of requests.
pub fn after_request(sort: &str, (row, tenant, _): &Named<Request>) -> Cursor {
    let id = row.id.0;
    match sort {
        "tenant" => Cursor::new(fold(tenant), id),
        "from" => Cursor::new(row.from_date, id),
        _ => Cursor::new(id, id),
    }
}

/// The same of leases.
pub fn after_lease(sort: &str, ((row, held), tenant, _): &LeaseRow) -> Cursor {
    let id = row.id.0;
    match sort {
        "tenant" => Cursor::new(fold(tenant), id),
        "from" => Cursor::new(row.start_date, id),
        "units" => Cursor::new(held.units, id),
        _ => Cursor::new(id, id),
    }
}

/// Tenants by name, for a choice.
pub fn tenant_names(conn: &mut Conn) -> Result<Vec<(TenantId, String)>> {
    Ok(tenants::table
        .order((tenants::name_folded, tenants::id))
        .select((tenants::id, tenants::name))
        .load(conn)?)
}

/// A tenant's name and the address that its bills go to.
pub fn tenant_contact(conn: &mut Conn, id: TenantId) -> Result<(String, String)> {
    Ok(tenants::table
        .find(id)
        .select((tenants::name, tenants::email))
        .first(conn)?)
}

/// Machines of a reservation on one rack, with the names of where it stands.
#[derive(Clone, Debug, Queryable)]
pub struct Standing {
    pub hall: String,
    pub row: String,
    pub rack_id: RackId,
    pub rack: String,
    pub slots: i64,
    pub leg: Option<Leg>,
    pub units: i64,
    /// Where it has moved, or will: the dates between which it stands here.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

/// In order of time, then in the order in which one walks past the racks.
pub fn standing(conn: &mut Conn, id: ReservationId) -> Result<Vec<Standing>> {
    Ok(allocations::table
        .inner_join(racks::table.on(racks::id.eq(allocations::rack_id)))
        .inner_join(halls::table.on(halls::id.eq(racks::hall_id)))
        .inner_join(rack_rows::table.on(rack_rows::id.eq(racks::row_id)))
        .filter(allocations::reservation_id.eq(id))
        .order((
            allocations::to_date.is_null(),
            allocations::to_date,
            halls::name,
            racks::name,
            allocations::leg,
            allocations::id,
        ))
        .select((
            halls::name,
            rack_rows::name,
            racks::id,
            racks::name,
            racks::slots,
            allocations::leg,
            allocations::units,
            allocations::from_date,
            allocations::to_date,
        ))
        .load(conn)?)
}

/// Plans that have a published version: only these can be signed.
pub fn published_plans(conn: &mut Conn) -> Result<Vec<(PlanId, String)>> {
    let ready = plan_versions::table
        .filter(plan_versions::published_at.is_not_null())
        .select(plan_versions::plan_id);
    Ok(plans::table
        .filter(plans::id.eq_any(ready))
        .order((plans::name, plans::id))
        .select((plans::id, plans::name))
        .load(conn)?)
}

pub fn plan_name(conn: &mut Conn, id: PlanId) -> Result<String> {
    Ok(plans::table.find(id).select(plans::name).first(conn)?)
}
