//! Cooling zones, their units and their derating by month.

use crate::db::Conn;
use crate::db::schema::{cooling_units, cooling_zones, racks, zone_deratings};
use crate::domain::ids::{HallId, SiteId, ZoneId};
use crate::domain::site::CoolingKind;
use crate::domain::units::Watts;
use crate::error::{Result, found};
use diesel::prelude::*;
use serde::Serialize;

#[derive(Clone, Debug, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = cooling_zones)]
pub struct CoolingZone {
    #[diesel(skip_insertion)]
    pub id: ZoneId,
    pub site_id: SiteId,
    pub name: String,
    pub kind: CoolingKind,
    /// How many of the largest units are kept in reserve.
    pub spare_units: i64,
}

#[derive(Clone, Debug, Queryable, Insertable, Serialize)]
#[diesel(table_name = cooling_units)]
pub struct CoolingUnit {
    #[diesel(skip_insertion)]
    pub id: i64,
    pub site_id: SiteId,
    pub zone_id: ZoneId,
    pub name: String,
    pub watts: Watts,
}

/// `factor`: a decimal in [0, 1] that multiplies what is left in that calendar month, every year.
#[derive(Clone, Debug, Queryable, Insertable, Serialize)]
#[diesel(table_name = zone_deratings)]
pub struct Derating {
    pub site_id: SiteId,
    pub zone_id: ZoneId,
    pub month: i32,
    pub factor: String,
}

pub fn of_site(conn: &mut Conn, site: SiteId) -> Result<Vec<CoolingZone>> {
    Ok(cooling_zones::table
        .filter(cooling_zones::site_id.eq(site))
        .order(cooling_zones::name)
        .load(conn)?)
}

pub fn get(conn: &mut Conn, id: ZoneId) -> Result<CoolingZone> {
    found(cooling_zones::table.find(id).first(conn).optional()?)
}

pub fn units_of_site(conn: &mut Conn, site: SiteId) -> Result<Vec<CoolingUnit>> {
    Ok(cooling_units::table
        .filter(cooling_units::site_id.eq(site))
        .order((cooling_units::zone_id, cooling_units::name))
        .load(conn)?)
}

pub fn deratings_of_site(conn: &mut Conn, site: SiteId) -> Result<Vec<Derating>> {
    Ok(zone_deratings::table
        .filter(zone_deratings::site_id.eq(site))
        .order((zone_deratings::zone_id, zone_deratings::month))
        .load(conn)?)
}

/// The zones that cool a hall's racks.
pub fn of_hall(conn: &mut Conn, hall: HallId) -> Result<Vec<CoolingZone>> {
    Ok(cooling_zones::table
        .filter(cooling_zones::id.eq_any(zones_of(hall)))
        .order(cooling_zones::name)
        .load(conn)?)
}

pub fn units_of_hall(conn: &mut Conn, hall: HallId) -> Result<Vec<CoolingUnit>> {
    Ok(cooling_units::table
        .filter(cooling_units::zone_id.eq_any(zones_of(hall)))
        .order((cooling_units::zone_id, cooling_units::name))
        .load(conn)?)
}

pub fn deratings_of_hall(conn: &mut Conn, hall: HallId) -> Result<Vec<Derating>> {
    Ok(zone_deratings::table
        .filter(zone_deratings::zone_id.eq_any(zones_of(hall)))
        .order((zone_deratings::zone_id, zone_deratings::month))
        .load(conn)?)
}

#[diesel::dsl::auto_type]
fn zones_of(hall: HallId) -> _ {
    racks::table
        .filter(racks::hall_id.eq(hall))
        .select(racks::zone_id)
}

pub fn insert(conn: &mut Conn, zone: &CoolingZone) -> Result<ZoneId> {
    Ok(diesel::insert_into(cooling_zones::table)
        .values(zone)
        .returning(cooling_zones::id)
        .get_result(conn)?)
}

pub fn update(conn: &mut Conn, zone: &CoolingZone) -> Result<()> {
    diesel::update(cooling_zones::table.find(zone.id))
        .set(zone)
        .execute(conn)?;
    Ok(())
}

/// Replaces the zone's units and deratings as a whole.
pub fn replace_parts(
    conn: &mut Conn,
    zone: ZoneId,
    units: &[CoolingUnit],
    deratings: &[Derating],
) -> Result<()> {
    diesel::delete(cooling_units::table.filter(cooling_units::zone_id.eq(zone))).execute(conn)?;
    diesel::delete(zone_deratings::table.filter(zone_deratings::zone_id.eq(zone))).execute(conn)?;
    for unit in units {
        diesel::insert_into(cooling_units::table)
            .values(unit)
            .execute(conn)?;
    }
    insert_deratings(conn, deratings)
}

/// Replaces the zone's deratings alone.
pub fn replace_deratings(conn: &mut Conn, zone: ZoneId, deratings: &[Derating]) -> Result<()> {
    diesel::delete(zone_deratings::table.filter(zone_deratings::zone_id.eq(zone))).execute(conn)?;
    insert_deratings(conn, deratings)
}

fn insert_deratings(conn: &mut Conn, deratings: &[Derating]) -> Result<()> {
    for derating in deratings {
        diesel::insert_into(zone_deratings::table)
            .values(derating)
            .execute(conn)?;
    }
    Ok(())
}
