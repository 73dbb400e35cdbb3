//! Halls and their rows.

use crate::db::Conn;
use crate::db::schema::{hall_offers, halls, rack_rows};
use crate::domain::ids::{HallId, RowId, SiteId, TenantId};
use crate::domain::site::OfferedTo;
use crate::error::{Result, found};
use crate::on_each;
use diesel::prelude::*;
use serde::Serialize;

#[derive(Clone, Debug, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = halls)]
#[diesel(treat_none_as_default_value = false)]
#[diesel(treat_none_as_null = true)]
pub struct Hall {
    #[diesel(skip_insertion)]
    pub id: HallId,
    pub site_id: SiteId,
    pub name: String,
    /// Cells of its grid, across and down; empty: as many as its racks need.
    pub width: Option<i64>,
    pub depth: Option<i64>,
    pub offered: OfferedTo,
}

/// A tenant to whom a hall is offered that is offered to chosen ones.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = hall_offers)]
struct HallOffer {
    hall_id: HallId,
    tenant_id: TenantId,
    site_id: SiteId,
}

#[derive(Clone, Debug, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = rack_rows)]
#[diesel(treat_none_as_default_value = false)]
pub struct Row {
    #[diesel(skip_insertion)]
    pub id: RowId,
    pub site_id: SiteId,
    pub hall_id: HallId,
    pub name: String,
}

pub fn of_site(conn: &mut Conn, site: SiteId) -> Result<Vec<Hall>> {
    Ok(halls::table
        .filter(halls::site_id.eq(site))
        .order(halls::name)
        .load(conn)?)
}

pub fn get(conn: &mut Conn, id: HallId) -> Result<Hall> {
    found(halls::table.find(id).first(conn).optional()?)
}

pub fn insert(conn: &mut Conn, hall: &Hall) -> Result<HallId> {
    Ok(diesel::insert_into(halls::table)
        .values(hall)
        .returning(halls::id)
        .get_result(conn)?)
}

/// Many at once: a statement for each few hundred.
pub fn insert_all(conn: &mut Conn, all: &[Hall]) -> Result<()> {
    for part in all.chunks(super::CHUNK) {
        on_each!(conn, c => diesel::insert_into(halls::table).values(part).execute(c))?;
    }
    Ok(())
}

pub fn update(conn: &mut Conn, hall: &Hall) -> Result<()> {
    diesel::update(halls::table.find(hall.id))
        .set(hall)
        .execute(conn)?;
    Ok(())
}

pub fn rows_of_site(conn: &mut Conn, site: SiteId) -> Result<Vec<Row>> {
    Ok(rack_rows::table
        .filter(rack_rows::site_id.eq(site))
        .order((rack_rows::hall_id, rack_rows::name))
        .load(conn)?)
}

pub fn rows_of(conn: &mut Conn, hall: HallId) -> Result<Vec<Row>> {
    Ok(rack_rows::table
        .filter(rack_rows::hall_id.eq(hall))
        .order(rack_rows::name)
        .load(conn)?)
}

pub fn row(conn: &mut Conn, id: RowId) -> Result<Row> {
    found(rack_rows::table.find(id).first(conn).optional()?)
}

pub fn offers_of_site(conn: &mut Conn, site: SiteId) -> Result<Vec<(HallId, TenantId)>> {
    Ok(hall_offers::table
        .filter(hall_offers::site_id.eq(site))
        .order((hall_offers::hall_id, hall_offers::tenant_id))
        .select((hall_offers::hall_id, hall_offers::tenant_id))
        .load(conn)?)
}

/// The same of some halls.
pub fn offers_of(conn: &mut Conn, of: &[HallId]) -> Result<Vec<(HallId, TenantId)>> {
    let mut found = vec![];
    for part in of.chunks(super::CHUNK) {
        let rows: Vec<(HallId, TenantId)> = hall_offers::table
            .filter(hall_offers::hall_id.eq_any(part))
            .order((hall_offers::hall_id, hall_offers::tenant_id))
            .select((hall_offers::hall_id, hall_offers::tenant_id))
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}

/// To exactly these tenants.
pub fn replace_offers(conn: &mut Conn, hall: &Hall, tenants: &[TenantId]) -> Result<()> {
    diesel::delete(hall_offers::table.filter(hall_offers::hall_id.eq(hall.id))).execute(conn)?;
    for &tenant_id in tenants {
        let row = HallOffer {
            hall_id: hall.id,
            tenant_id,
            site_id: hall.site_id,
        };
        diesel::insert_into(hall_offers::table)
            .values(&row)
            .execute(conn)?;
    }
    Ok(())
}

/// Halls by id, after one of them; for a tenant those that are offered to it.
pub fn page(
    conn: &mut Conn,
    site: Option<SiteId>,
    tenant: Option<TenantId>,
    after: HallId,
    limit: i64,
) -> Result<Vec<Hall>> {
    let mut query = halls::table.filter(halls::id.gt(after)).into_boxed();
    if let Some(site) = site {
        query = query.filter(halls::site_id.eq(site));
    }
    if let Some(tenant) = tenant {
        let named = hall_offers::table
            .filter(hall_offers::tenant_id.eq(tenant))
            .select(hall_offers::hall_id);
        let chosen = halls::offered.eq(OfferedTo::Chosen);
        let to_all = halls::offered.eq(OfferedTo::All);
        query = query.filter(to_all.or(chosen.and(halls::id.eq_any(named))));
    }
    Ok(query.order(halls::id).limit(limit).load(conn)?)
}

/// Rows by id, after one of them.
pub fn rows_page(
    conn: &mut Conn,
    site: Option<SiteId>,
    hall: Option<HallId>,
    after: RowId,
    limit: i64,
) -> Result<Vec<Row>> {
    let mut query = rack_rows::table
        .filter(rack_rows::id.gt(after))
        .into_boxed();
    if let Some(site) = site {
        query = query.filter(rack_rows::site_id.eq(site));
    }
    if let Some(hall) = hall {
        query = query.filter(rack_rows::hall_id.eq(hall));
    }
    Ok(query.order(rack_rows::id).limit(limit).load(conn)?)
}

pub fn insert_row(conn: &mut Conn, row: &Row) -> Result<RowId> {
    Ok(diesel::insert_into(rack_rows::table)
        .values(row)
        .returning(rack_rows::id)
        .get_result(conn)?)
}

/// Many at once: a statement for each few hundred.
pub fn insert_rows(conn: &mut Conn, all: &[Row]) -> Result<()> {
    for part in all.chunks(super::CHUNK) {
        on_each!(conn, c => diesel::insert_into(rack_rows::table).values(part).execute(c))?;
    }
    Ok(())
}

pub fn update_row(conn: &mut Conn, row: &Row) -> Result<()> {
    diesel::update(rack_rows::table.find(row.id))
        .set(row)
        .execute(conn)?;
    Ok(())
}
