//! Sites and the restrictions of their regions.

use crate::db::Conn;
use crate::db::schema::{plan_versions, plans, restrictions, sites};
use crate::domain::calendar::{Instant, Zone};
use crate::domain::ids::{PlanId, RestrictionId, SiteId};
use crate::domain::site::{Redundancy, Workload};
use crate::error::{Result, found};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Serialize;

#[derive(Clone, Debug, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = sites)]
pub struct Site {
    #[diesel(skip_insertion)]
    pub id: SiteId,
    pub code: String,
    pub name: String,
    pub region_code: String,
    pub address: String,
    pub time_zone: String,
    /// How long a reservation holds its capacity before it must become a lease.
    pub hold_hours: i64,
    /// The published price plan that quotes are made from.
    #[diesel(treat_none_as_null = true)]
    pub plan_id: Option<PlanId>,
    pub created_at: Instant,
    /// The rule of admission that holds for whoever books here.
    pub redundancy: Redundancy,
}

impl Site {
    /// The site's zone; names are checked when a site is written.
    pub fn zone(&self) -> Zone {
        Zone::parse(&self.time_zone).unwrap_or(Zone(chrono_tz::UTC))
    }
}

/// `season_from`, `season_to`: `MM-DD`, exclusive end, every year within the validity.
#[derive(Clone, Debug, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = restrictions)]
pub struct Restriction {
    #[diesel(skip_insertion)]
    pub id: RestrictionId,
    pub region_code: String,
    pub region_name: String,
    pub workload: Workload,
    pub valid_from: NaiveDate,
    #[diesel(treat_none_as_null = true)]
    pub valid_to: Option<NaiveDate>,
    #[diesel(treat_none_as_null = true)]
    pub season_from: Option<String>,
    #[diesel(treat_none_as_null = true)]
    pub season_to: Option<String>,
    /// `in_force` or `announced` (shown, not applied).
    pub status: String,
    pub note: String,
}

pub const IN_FORCE: &str = "in_force";
pub const ANNOUNCED: &str = "announced";

pub fn all(conn: &mut Conn) -> Result<Vec<Site>> {
    Ok(sites::table.order(sites::name).load(conn)?)
}

pub fn get(conn: &mut Conn, id: SiteId) -> Result<Site> {
    found(sites::table.find(id).first(conn).optional()?)
}

pub fn insert(conn: &mut Conn, site: &Site) -> Result<SiteId> {
    Ok(diesel::insert_into(sites::table)
        .values(site)
        .returning(sites::id)
        .get_result(conn)?)
}

pub fn update(conn: &mut Conn, site: &Site) -> Result<()> {
    diesel::update(sites::table.find(site.id))
        .set(site)
        .execute(conn)?;
    Ok(())
}

pub fn restrictions(conn: &mut Conn) -> Result<Vec<Restriction>> {
    Ok(restrictions::table
        .order((
            restrictions::region_name,
            restrictions::valid_from,
            restrictions::id,
        ))
        .load(conn)?)
}

pub fn restrictions_of(conn: &mut Conn, region: &str) -> Result<Vec<Restriction>> {
    Ok(restrictions::table
        .filter(restrictions::region_code.eq(region))
        .order((restrictions::valid_from, restrictions::id))
        .load(conn)?)
}

/// All of them by id, after one.
pub fn restrictions_page(
    conn: &mut Conn,
    after: RestrictionId,
    limit: i64,
) -> Result<Vec<Restriction>> {
    Ok(restrictions::table
        .filter(restrictions::id.gt(after))
        .order(restrictions::id)
        .limit(limit)
        .load(conn)?)
}

pub fn restriction(conn: &mut Conn, id: RestrictionId) -> Result<Restriction> {
    found(restrictions::table.find(id).first(conn).optional()?)
}

pub fn insert_restriction(conn: &mut Conn, row: &Restriction) -> Result<RestrictionId> {
    Ok(diesel::insert_into(restrictions::table)
        .values(row)
        .returning(restrictions::id)
        .get_result(conn)?)
}

pub fn update_restriction(conn: &mut Conn, row: &Restriction) -> Result<()> {
    diesel::update(restrictions::table.find(row.id))
        .set(row)
        .execute(conn)?;
    Ok(())
}

/// The oldest site: its clock stands in the header.
pub fn first(conn: &mut Conn) -> diesel::QueryResult<Site> {
    sites::table.order(sites::id).first(conn)
}

/// Price plans with a published version, by name.
pub fn published_plans(conn: &mut Conn) -> Result<Vec<(PlanId, String)>> {
    let published = plan_versions::table
        .filter(plan_versions::published_at.is_not_null())
        .select(plan_versions::plan_id);
    Ok(plans::table
        .filter(plans::id.eq_any(published))
        .order(plans::name)
        .select((plans::id, plans::name))
        .load(conn)?)
}
