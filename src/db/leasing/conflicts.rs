//! Conflicts: bookings that a change left where they may not stand, until that is resolved.

use crate::db::Conn;
use crate::db::leasing::lists::{Slice, in_order, pattern};
use crate::db::schema::{conflicts, leases, reservations, sites, tenants};
use crate::domain::calendar::Instant;
use crate::domain::cursor::Cursor;
use crate::domain::fold::fold;
use crate::domain::ids::*;
use crate::domain::leasing::conflicts::{CauseNoun, ConflictKind, Resolution};
use crate::domain::leasing::state::ReservationState;
use crate::domain::site::Leg;
use crate::error::Result;
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Serialize;

type Backend = <Conn as diesel::Connection>::Backend;

/// `resource_id`: the row that `kind` names. `excess` is what is used above what there is and `own`
/// what this booking puts there: watts, slots for `rack_slots`, machines for `place`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = conflicts)]
#[diesel(treat_none_as_null = true)]
pub struct Conflict {
    #[diesel(skip_insertion)]
    pub id: ConflictId,
    pub site_id: SiteId,
    pub reservation_id: ReservationId,
    pub tenant_id: TenantId,
    pub kind: ConflictKind,
    pub resource_id: i64,
    pub resource_name: String,
    pub leg: Option<Leg>,
    pub from_date: NaiveDate,
    pub to_date: Option<NaiveDate>,
    pub excess: i64,
    pub own: i64,
    pub cause_noun: CauseNoun,
    pub cause_id: i64,
    pub cause_words: String,
    pub opened_at: Instant,
    pub opened_by: Option<UserId>,
    pub resolved_at: Option<Instant>,
    pub resolved_by: Option<UserId>,
    pub resolution: Option<Resolution>,
}

/// Those of a site that are not resolved, in the order in which they were opened.
pub fn open_of_site(conn: &mut Conn, site: SiteId) -> Result<Vec<Conflict>> {
    Ok(conflicts::table
        .filter(conflicts::site_id.eq(site))
        .filter(conflicts::resolved_at.is_null())
        .order(conflicts::id)
        .load(conn)?)
}

/// Those of a reservation that are not resolved, the first day first.
pub fn open_of(conn: &mut Conn, reservation: ReservationId) -> Result<Vec<Conflict>> {
    Ok(conflicts::table
        .filter(conflicts::reservation_id.eq(reservation))
        .filter(conflicts::resolved_at.is_null())
        .order((conflicts::from_date, conflicts::id))
        .load(conn)?)
}

pub fn insert(conn: &mut Conn, row: &Conflict) -> Result<ConflictId> {
    Ok(diesel::insert_into(conflicts::table)
        .values(row)
        .returning(conflicts::id)
        .get_result(conn)?)
}

pub fn update(conn: &mut Conn, row: &Conflict) -> Result<()> {
    diesel::update(conflicts::table.find(row.id))
        .set(row)
        .execute(conn)?;
    Ok(())
}

/// A conflict with what its list shows: the booking, and the names that people use.
#[derive(Clone, Debug, Queryable)]
pub struct Listed {
    pub row: Conflict,
    pub tenant: String,
    pub site: String,
    pub model: String,
    pub units: i64,
    pub state: ReservationState,
    pub lease: Option<LeaseId>,
}

/// What narrows the list; `open: None` is both.
#[derive(Clone, Debug, Default)]
pub struct Narrow {
    pub site: Option<SiteId>,
    pub open: Option<bool>,
    pub cause: Option<CauseNoun>,
}

macro_rules! conflicts_where {
    ($narrow:expr, $q:expr) => {{
        use conflicts::dsl as c;
        let mut query = conflicts::table
            .inner_join(tenants::table.on(tenants::id.eq(c::tenant_id)))
            .inner_join(sites::table.on(sites::id.eq(c::site_id)))
            .inner_join(reservations::table.on(reservations::id.eq(c::reservation_id)))
            .left_join(leases::table.on(leases::reservation_id.eq(c::reservation_id)))
            .into_boxed::<Backend>();
        if let Some(site) = $narrow.site {
            query = query.filter(c::site_id.eq(site));
        }
        query = match $narrow.open {
            Some(true) => query.filter(c::resolved_at.is_null()),
            Some(false) => query.filter(c::resolved_at.is_not_null()),
            None => query,
        };
        if let Some(cause) = $narrow.cause {
            query = query.filter(c::cause_noun.eq(cause));
        }
        if !$q.is_empty() {
            let id = ReservationId($q.parse().unwrap_or(0));
            query = query.filter(
                tenants::name_folded
                    .like(pattern(&$q))
                    .or(c::resource_name.eq($q.clone()))
                    .or(c::reservation_id.eq(id)),
            );
        }
        query
    }};
}

/// Sorts: `from`, `excess`, `tenant`.
pub fn list(conn: &mut Conn, narrow: &Narrow, slice: &Slice) -> Result<Vec<Listed>> {
    use conflicts::dsl as c;
    let query = conflicts_where!(narrow, slice.q);
    let query = match slice.sort {
        "excess" => in_order!(query, slice, c::excess, c::id, |v: &str| v
            .parse::<i64>()
            .ok()),
        "tenant" => in_order!(query, slice, tenants::name_folded, c::id, |v: &str| Some(
            v.to_owned()
        )),
        _ => in_order!(query, slice, c::from_date, c::id, |v: &str| v
            .parse::<NaiveDate>()
            .ok()),
    };
    Ok(query
        .select((
            conflicts::all_columns,
            tenants::name,
            sites::name,
            reservations::model_name,
            reservations::units,
            reservations::state,
            leases::id.nullable(),
        ))
        .limit(slice.limit)
        .load(conn)?)
}

impl Listed {
    /// Where a list in this order goes on after it.
    pub fn cursor(&self, sort: &str) -> Cursor {
        let id = self.row.id.0;
        match sort {
            "excess" => Cursor::new(self.row.excess, id),
            "tenant" => Cursor::new(fold(&self.tenant), id),
            _ => Cursor::new(self.row.from_date, id),
        }
    }
}

/// Rows and bookings of everything that is filtered.
pub fn count(conn: &mut Conn, narrow: &Narrow, q: &str) -> Result<(i64, i64)> {
    use diesel::dsl::sql;
    use diesel::sql_types::BigInt;
    let q = q.to_owned();
    Ok(conflicts_where!(narrow, q)
        .select((
            sql::<BigInt>("COUNT(*)"),
            sql::<BigInt>("COUNT(DISTINCT conflicts.reservation_id)"),
        ))
        .first(conn)?)
}

/// Sites with a conflict that is not resolved.
pub fn sites_with_open(conn: &mut Conn) -> Result<Vec<SiteId>> {
    Ok(conflicts::table
        .filter(conflicts::resolved_at.is_null())
        .select(conflicts::site_id)
        .distinct()
        .order(conflicts::site_id)
        .load(conn)?)
}
