//! Racks.

use crate::db::Conn;
use crate::db::schema::racks;
use crate::domain::ids::{HallId, NodeId, RackId, RowId, SiteId, ZoneId};
use crate::domain::site::{RackKind, RackPhase};
use crate::domain::units::Watts;
use crate::error::{Result, found};
use diesel::prelude::*;
use serde::Serialize;

/// A rack on two feeds counts in full on each of them.
#[derive(Clone, Debug, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = racks)]
#[diesel(treat_none_as_null = true)]
pub struct Rack {
    #[diesel(skip_insertion)]
    pub id: RackId,
    pub site_id: SiteId,
    pub hall_id: HallId,
    pub row_id: RowId,
    pub name: String,
    pub name_folded: String,
    pub kind: RackKind,
    pub slots: i64,
    pub limit_watts: Watts,
    pub phase: RackPhase,
    pub feed_a: NodeId,
    pub feed_b: Option<NodeId>,
    pub zone_id: ZoneId,
}

pub fn of_site(conn: &mut Conn, site: SiteId) -> Result<Vec<Rack>> {
    Ok(racks::table
        .filter(racks::site_id.eq(site))
        .order(racks::id)
        .load(conn)?)
}

pub fn get(conn: &mut Conn, id: RackId) -> Result<Rack> {
    found(racks::table.find(id).first(conn).optional()?)
}

pub fn by_name(conn: &mut Conn, site: SiteId, name: &str) -> Result<Option<Rack>> {
    Ok(racks::table
        .filter(racks::site_id.eq(site).and(racks::name.eq(name)))
        .first(conn)
        .optional()?)
}

pub fn insert(conn: &mut Conn, rack: &Rack) -> Result<RackId> {
    Ok(diesel::insert_into(racks::table)
        .values(rack)
        .returning(racks::id)
        .get_result(conn)?)
}

pub fn update(conn: &mut Conn, rack: &Rack) -> Result<()> {
    diesel::update(racks::table.find(rack.id))
        .set(rack)
        .execute(conn)?;
    Ok(())
}
