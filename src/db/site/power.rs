//! Power nodes and their planned outages.

use crate::db::Conn;
use crate::db::schema::{outages, power_nodes};
use crate::domain::calendar::Instant;
use crate::domain::ids::{NodeId, OutageId, SiteId, UserId};
use crate::domain::site::{Leg, NodeKind};
use crate::domain::units::Watts;
use crate::error::{Result, found};
use crate::on_each;
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Serialize;

/// Rated by `rating_watts` (then `volts` and `amps` are what its plate says), or by `volts` and
/// `amps` (decimals): on three phases, or on one `leg`.
/// `usable` is the share of the rating that may be sold, a decimal in (0, 1].
#[derive(Clone, Debug, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = power_nodes)]
#[diesel(treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub struct PowerNode {
    #[diesel(skip_insertion)]
    pub id: NodeId,
    pub site_id: SiteId,
    pub parent_id: Option<NodeId>,
    pub kind: NodeKind,
    pub name: String,
    pub rating_watts: Option<Watts>,
    pub volts: Option<String>,
    pub amps: Option<String>,
    pub leg: Option<Leg>,
    pub usable: String,
}

#[derive(Clone, Debug, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = outages)]
#[diesel(treat_none_as_null = true)]
pub struct Outage {
    #[diesel(skip_insertion)]
    pub id: OutageId,
    pub site_id: SiteId,
    pub node_id: NodeId,
    pub from_date: NaiveDate,
    pub to_date: NaiveDate,
    pub reason: String,
    pub created_at: Instant,
    pub created_by: Option<UserId>,
    pub cancelled_at: Option<Instant>,
    pub cancelled_by: Option<UserId>,
}

pub fn of_site(conn: &mut Conn, site: SiteId) -> Result<Vec<PowerNode>> {
    Ok(power_nodes::table
        .filter(power_nodes::site_id.eq(site))
        .order(power_nodes::id)
        .load(conn)?)
}

/// The first feeds of a site by name.
pub fn feeds(conn: &mut Conn, site: SiteId, most: i64) -> Result<Vec<(NodeId, String)>> {
    Ok(power_nodes::table
        .filter(power_nodes::site_id.eq(site))
        .filter(power_nodes::kind.eq(NodeKind::Feed))
        .order(power_nodes::name)
        .limit(most)
        .select((power_nodes::id, power_nodes::name))
        .load(conn)?)
}

pub fn get(conn: &mut Conn, id: NodeId) -> Result<PowerNode> {
    found(find(conn, id)?)
}

pub fn find(conn: &mut Conn, id: NodeId) -> Result<Option<PowerNode>> {
    Ok(power_nodes::table.find(id).first(conn).optional()?)
}

pub fn insert(conn: &mut Conn, node: &PowerNode) -> Result<NodeId> {
    Ok(diesel::insert_into(power_nodes::table)
        .values(node)
        .returning(power_nodes::id)
        .get_result(conn)?)
}

/// Many at once: a statement for each few hundred.
pub fn insert_all(conn: &mut Conn, all: &[PowerNode]) -> Result<()> {
    for part in all.chunks(super::CHUNK) {
        on_each!(conn, c => diesel::insert_into(power_nodes::table).values(part).execute(c))?;
    }
    Ok(())
}

pub fn update(conn: &mut Conn, node: &PowerNode) -> Result<()> {
    diesel::update(power_nodes::table.find(node.id))
        .set(node)
        .execute(conn)?;
    Ok(())
}

/// Outages that were not called off.
pub fn outages_of_site(conn: &mut Conn, site: SiteId) -> Result<Vec<Outage>> {
    Ok(outages::table
        .filter(
            outages::site_id
                .eq(site)
                .and(outages::cancelled_at.is_null()),
        )
        .order((outages::from_date, outages::id))
        .load(conn)?)
}

/// Also those that are over or were called off, the latest first.
pub fn outage_history(conn: &mut Conn, site: SiteId, most: i64) -> Result<Vec<Outage>> {
    Ok(outages::table
        .filter(outages::site_id.eq(site))
        .order((outages::from_date.desc(), outages::id.desc()))
        .limit(most)
        .load(conn)?)
}

/// All of them by id, after one.
pub fn outages_page(
    conn: &mut Conn,
    site: Option<SiteId>,
    after: OutageId,
    limit: i64,
) -> Result<Vec<Outage>> {
    let mut query = outages::table.filter(outages::id.gt(after)).into_boxed();
    if let Some(site) = site {
        query = query.filter(outages::site_id.eq(site));
    }
    Ok(query.order(outages::id).limit(limit).load(conn)?)
}

pub fn outage(conn: &mut Conn, id: OutageId) -> Result<Outage> {
    found(outages::table.find(id).first(conn).optional()?)
}

pub fn insert_outage(conn: &mut Conn, outage: &Outage) -> Result<OutageId> {
    Ok(diesel::insert_into(outages::table)
        .values(outage)
        .returning(outages::id)
        .get_result(conn)?)
}

pub fn update_outage(conn: &mut Conn, outage: &Outage) -> Result<()> {
    diesel::update(outages::table.find(outage.id))
        .set(outage)
        .execute(conn)?;
    Ok(())
}
