//! Meters: on racks, on one lease's machines, on nodes of the power tree, on what the house draws itself.

use crate::db::Conn;
use crate::db::schema::{leases, meters, power_nodes, racks, readings};
use crate::domain::calendar::{Instant, Window};
use crate::domain::ids::*;
use crate::domain::metering::meter::{Purpose, Reads};
use crate::error::{Result, found};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Serialize;

/// Serves from a local date of its site to another, or until it is closed.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = meters)]
#[diesel(treat_none_as_null = true)]
pub struct Meter {
    #[diesel(skip_insertion)]
    pub id: MeterId,
    pub site_id: SiteId,
    pub code: String,
    pub rack_id: Option<RackId>,
    pub lease_id: Option<LeaseId>,
    pub from_date: NaiveDate,
    pub to_date: Option<NaiveDate>,
    pub note: String,
    pub created_at: Instant,
    pub created_by: Option<UserId>,
    pub node_id: Option<NodeId>,
    pub zone_id: Option<ZoneId>,
    pub purpose: Purpose,
    pub reads: Reads,
    /// The code of its measuring point in 80020 messages.
    pub exchange_code: Option<String>,
}

impl Meter {
    pub fn window(&self) -> Window {
        Window {
            from: self.from_date,
            to: self.to_date,
        }
    }
}

/// A meter as a list shows it.
#[derive(Clone, Debug, Queryable)]
pub struct Listed {
    pub meter: Meter,
    pub rack: Option<String>,
    pub lease: Option<String>,
    pub node: Option<String>,
}

/// `after`: the code that the page before ended with.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub site: Option<SiteId>,
    pub search: String,
    pub purpose: Option<Purpose>,
    pub open_on: Option<NaiveDate>,
    pub after: Option<String>,
    pub limit: i64,
}

pub fn get(conn: &mut Conn, id: MeterId) -> Result<Meter> {
    found(meters::table.find(id).first(conn).optional()?)
}

pub fn by_code(conn: &mut Conn, code: &str) -> Result<Option<Meter>> {
    Ok(meters::table
        .filter(meters::code.eq(code))
        .first(conn)
        .optional()?)
}

/// By its number, or the code of its measuring point.
pub fn by_name(conn: &mut Conn, name: &str) -> Result<Option<Meter>> {
    Ok(meters::table
        .filter(meters::code.eq(name).or(meters::exchange_code.eq(name)))
        .order(meters::id)
        .first(conn)
        .optional()?)
}

pub fn all(conn: &mut Conn) -> Result<Vec<Meter>> {
    Ok(meters::table.order(meters::id).load(conn)?)
}

pub fn of_rack(conn: &mut Conn, rack: RackId) -> Result<Vec<Meter>> {
    of_racks(conn, &[rack])
}

pub fn of_racks(conn: &mut Conn, racks: &[RackId]) -> Result<Vec<Meter>> {
    let mut rows = vec![];
    for part in racks.chunks(1_000) {
        rows.extend(
            meters::table
                .filter(meters::rack_id.eq_any(part.iter().copied().map(Some)))
                .order(meters::id)
                .load::<Meter>(conn)?,
        );
    }
    Ok(rows)
}

pub fn of_site(conn: &mut Conn, site: SiteId) -> Result<Vec<Meter>> {
    Ok(meters::table
        .filter(meters::site_id.eq(site))
        .order(meters::id)
        .load(conn)?)
}

pub fn of_lease(conn: &mut Conn, lease: LeaseId) -> Result<Vec<Meter>> {
    Ok(meters::table
        .filter(meters::lease_id.eq(lease))
        .order(meters::id)
        .load(conn)?)
}

pub fn list(conn: &mut Conn, filter: &Filter) -> Result<Vec<Listed>> {
    let mut query = meters::table
        .left_join(racks::table.on(racks::id.nullable().eq(meters::rack_id)))
        .left_join(leases::table.on(leases::id.nullable().eq(meters::lease_id)))
        .left_join(power_nodes::table.on(power_nodes::id.nullable().eq(meters::node_id)))
        .select((
            meters::all_columns,
            racks::name.nullable(),
            leases::number.nullable(),
            power_nodes::name.nullable(),
        ))
        .into_boxed();
    if let Some(site) = filter.site {
        query = query.filter(meters::site_id.eq(site));
    }
    if !filter.search.is_empty() {
        let folded = format!("%{}%", filter.search.to_lowercase());
        let exact = format!("%{}%", filter.search);
        query = query.filter(
            meters::code
                .like(exact.clone())
                .or(racks::name_folded.nullable().like(folded))
                .or(power_nodes::name.nullable().like(exact.clone()))
                .or(meters::exchange_code.like(exact.clone()))
                .or(leases::number.nullable().like(exact)),
        );
    }
    if let Some(purpose) = filter.purpose {
        query = query.filter(meters::purpose.eq(purpose));
    }
    if let Some(day) = filter.open_on {
        query = query.filter(meters::to_date.is_null().or(meters::to_date.gt(day)));
    }
    if let Some(after) = &filter.after {
        query = query.filter(meters::code.gt(after.clone()));
    }
    Ok(query.order(meters::code).limit(filter.limit).load(conn)?)
}

pub fn insert(conn: &mut Conn, row: &Meter) -> Result<MeterId> {
    Ok(diesel::insert_into(meters::table)
        .values(row)
        .returning(meters::id)
        .get_result(conn)?)
}

pub fn update(conn: &mut Conn, row: &Meter) -> Result<()> {
    diesel::update(meters::table.find(row.id))
        .set(row)
        .execute(conn)?;
    Ok(())
}

/// The end of the latest reading of each of these meters.
pub fn last_readings(conn: &mut Conn, ids: &[MeterId]) -> Result<Vec<(MeterId, Instant)>> {
    let mut rows = vec![];
    for id in ids {
        let last = readings::table
            .filter(readings::meter_id.eq(id))
            .order(readings::start_at.desc())
            .select(readings::end_at)
            .first(conn)
            .optional()?;
        rows.extend(last.map(|at| (*id, at)));
    }
    Ok(rows)
}
