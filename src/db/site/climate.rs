//! The air that a site is designed for, and how its zones give off their heat.

use crate::db::Conn;
use crate::db::schema::{design_months, site_climates, zone_designs};
use crate::domain::ids::{SiteId, ZoneId};
use crate::domain::site::climate::HeatRejection;
use crate::error::Result;
use diesel::prelude::*;
use serde::Serialize;

/// `altitude` in metres; `source`: where the figures come from, for whoever reads them.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, Serialize)]
#[diesel(table_name = site_climates)]
pub struct SiteClimate {
    pub site_id: SiteId,
    pub altitude: i64,
    pub source: String,
}

/// Decimals in °C; `humidity` from 0 to 1. One of `humidity` and `wet_bulb` is there.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, Serialize)]
#[diesel(table_name = design_months)]
pub struct MonthRow {
    pub site_id: SiteId,
    pub month: i32,
    pub dry_bulb: String,
    pub humidity: Option<String>,
    pub wet_bulb: Option<String>,
}

/// `approach` in kelvin, `curve` as JSON, `airflow` in m³/h, `exhaust` in °C.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, Serialize)]
#[diesel(table_name = zone_designs)]
pub struct DesignRow {
    pub zone_id: ZoneId,
    pub site_id: SiteId,
    pub rejection: HeatRejection,
    pub approach: String,
    pub curve: String,
    pub airflow: i64,
    pub exhaust: String,
}

pub fn get(conn: &mut Conn, site: SiteId) -> Result<Option<SiteClimate>> {
    Ok(site_climates::table.find(site).first(conn).optional()?)
}

/// January first.
pub fn months(conn: &mut Conn, site: SiteId) -> Result<Vec<MonthRow>> {
    Ok(design_months::table
        .filter(design_months::site_id.eq(site))
        .order(design_months::month)
        .load(conn)?)
}

/// Replaces a site's climate and its months as a whole.
pub fn replace(conn: &mut Conn, climate: &SiteClimate, months: &[MonthRow]) -> Result<()> {
    let site = climate.site_id;
    diesel::delete(site_climates::table.find(site)).execute(conn)?;
    diesel::delete(design_months::table.filter(design_months::site_id.eq(site))).execute(conn)?;
    diesel::insert_into(site_climates::table)
        .values(climate)
        .execute(conn)?;
    for month in months {
        diesel::insert_into(design_months::table)
            .values(month)
            .execute(conn)?;
    }
    Ok(())
}

pub fn design(conn: &mut Conn, zone: ZoneId) -> Result<Option<DesignRow>> {
    Ok(zone_designs::table.find(zone).first(conn).optional()?)
}

pub fn designs(conn: &mut Conn, site: SiteId) -> Result<Vec<DesignRow>> {
    Ok(zone_designs::table
        .filter(zone_designs::site_id.eq(site))
        .order(zone_designs::zone_id)
        .load(conn)?)
}

/// Replaces a zone's design; `None` leaves its deratings to be set by hand.
pub fn set_design(conn: &mut Conn, zone: ZoneId, design: Option<&DesignRow>) -> Result<()> {
    diesel::delete(zone_designs::table.find(zone)).execute(conn)?;
    if let Some(design) = design {
        diesel::insert_into(zone_designs::table)
            .values(design)
            .execute(conn)?;
    }
    Ok(())
}
