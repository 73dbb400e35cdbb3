//! Weather: the months that a site is designed for, and zones whose derating follows them.

use super::guard::{Consent, ensure_kept};
use super::zones;
use crate::db::site::climate::{self, DesignRow, MonthRow, SiteClimate};
use crate::db::site::cooling;
use crate::db::site::sites;
use crate::db::trail::Change;
use crate::db::{Chain, Conn, Db};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::{SiteId, ZoneId};
use crate::domain::leasing::conflicts::CauseNoun;
use crate::domain::leasing::place;
use crate::domain::site::climate::{
    ClimateError, DesignMonth, HeatRejection, Moisture, ZoneDesign, deratings,
};
use crate::domain::units::Watts;
use crate::error::{Error, Result, require};
use crate::services::leasing::conflicts::Cause;
use crate::services::leasing::house::decimal;
use rust_decimal::Decimal;
use serde::Serialize;

/// The year that a site is designed for, January first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Climate {
    pub site: SiteId,
    /// Metres above the sea.
    pub altitude: i64,
    pub source: String,
    pub months: [DesignMonth; 12],
}

/// What the trail keeps of a change.
#[derive(Serialize)]
struct Kept {
    climate: Option<SiteClimate>,
    months: Vec<MonthRow>,
}

pub fn load(conn: &mut Conn, site: SiteId) -> Result<Option<Climate>> {
    let Some(row) = climate::get(conn, site)? else {
        return Ok(None);
    };
    let months = climate::months(conn, site)?;
    let months: Vec<DesignMonth> = months.iter().map(month).collect::<Result<_>>()?;
    let months = months.try_into();
    Ok(Some(Climate {
        site,
        altitude: row.altitude,
        source: row.source,
        months: months
            .map_err(|_| Error::Internal(anyhow::anyhow!("site {site} has no twelve months")))?,
    }))
}

fn month(row: &MonthRow) -> Result<DesignMonth> {
    let moisture = match (&row.wet_bulb, &row.humidity) {
        (Some(wet), _) => Moisture::WetBulb(decimal(wet)?),
        (None, Some(relative)) => Moisture::Relative(decimal(relative)?),
        (None, None) => Err(anyhow::anyhow!("month {} has no moisture", row.month))?,
    };
    Ok(DesignMonth {
        dry_bulb: decimal(&row.dry_bulb)?,
        moisture,
    })
}

/// Saves the weather and derates every zone that follows it; what that breaks, `consent` must name.
pub fn save(db: &Db, who: &Actor, now: Instant, wanted: &Climate, consent: &Consent) -> Result<()> {
    require(who, Permission::EditSite)?;
    let site = wanted.site;
    db.write(Chain::Site(site), |tx| {
        let before = kept(tx.conn, site)?;
        let row = SiteClimate {
            site_id: site,
            altitude: wanted.altitude,
            source: wanted.source.clone(),
        };
        climate::replace(tx.conn, &row, &rows(wanted))?;
        for design in climate::designs(tx.conn, site)? {
            follow(tx.conn, design.zone_id)?;
        }
        let name = sites::get(tx.conn, site)?.name;
        let cause = Cause::new(CauseNoun::Weather, site.0, &name);
        ensure_kept(tx, who, now, &[site], &cause, consent)?;
        let change = Change {
            action: "update",
            noun: "weather",
            id: site.0,
            before: &before,
            after: &kept(tx.conn, site)?,
        };
        tx.record(who, now, change)
    })
}

fn kept(conn: &mut Conn, site: SiteId) -> Result<Kept> {
    Ok(Kept {
        climate: climate::get(conn, site)?,
        months: climate::months(conn, site)?,
    })
}

fn rows(wanted: &Climate) -> Vec<MonthRow> {
    let text = |number: Decimal| number.normalize().to_string();
    let row = |(month, design): (i32, &DesignMonth)| {
        let (humidity, wet_bulb) = match design.moisture {
            Moisture::Relative(relative) => (Some(text(relative)), None),
            Moisture::WetBulb(wet) => (None, Some(text(wet))),
        };
        MonthRow {
            site_id: wanted.site,
            month,
            dry_bulb: text(design.dry_bulb),
            humidity,
            wet_bulb,
        }
    };
    (1..).zip(&wanted.months).map(row).collect()
}

pub fn design(row: &DesignRow) -> Result<ZoneDesign> {
    Ok(ZoneDesign {
        rejection: row.rejection,
        approach: decimal(&row.approach)?,
        curve: serde_json::from_str(&row.curve).map_err(anyhow::Error::from)?,
        airflow: row.airflow,
        exhaust: decimal(&row.exhaust)?,
    })
}

/// Lets a zone follow the weather, or (`manual`) keeps its last derating to be changed by hand.
pub fn save_design(
    db: &Db,
    who: &Actor,
    now: Instant,
    zone: ZoneId,
    wanted: &ZoneDesign,
    consent: &Consent,
) -> Result<()> {
    require(who, Permission::EditSite)?;
    let site = db.read(|conn| Ok(cooling::get(conn, zone)?.site_id))?;
    db.write(Chain::Site(site), |tx| {
        let before = climate::design(tx.conn, zone)?;
        let row = design_row(site, zone, wanted)?;
        let row = (wanted.rejection != HeatRejection::Manual).then_some(row);
        climate::set_design(tx.conn, zone, row.as_ref())?;
        follow(tx.conn, zone)?;
        let name = cooling::get(tx.conn, zone)?.name;
        let cause = Cause::new(CauseNoun::Zone, zone.0, &name);
        ensure_kept(tx, who, now, &[site], &cause, consent)?;
        let change = Change {
            action: "update",
            noun: "zone_design",
            id: zone.0,
            before: &before,
            after: &row,
        };
        tx.record(who, now, change)
    })
}

fn design_row(site_id: SiteId, zone_id: ZoneId, design: &ZoneDesign) -> Result<DesignRow> {
    Ok(DesignRow {
        zone_id,
        site_id,
        rejection: design.rejection,
        approach: design.approach.normalize().to_string(),
        curve: serde_json::to_string(&design.curve).map_err(anyhow::Error::from)?,
        airflow: design.airflow,
        exhaust: design.exhaust.normalize().to_string(),
    })
}

/// Brings the derating of a zone that follows the weather up to date; another is left alone.
pub fn follow(conn: &mut Conn, id: ZoneId) -> Result<()> {
    let Some(row) = climate::design(conn, id)? else {
        return Ok(());
    };
    let climate = load(conn, row.site_id)?;
    let climate = climate.ok_or_else(|| Error::field("rejection", "site-error-no-weather"))?;
    let nominal = nominal(conn, id)?;
    let design = design(&row)?;
    let factors = deratings(&design, nominal, &climate.months, climate.altitude).map_err(said)?;
    let factors: Vec<(i32, Decimal)> = (1..).zip(factors).collect();
    let rows = zones::rows(row.site_id, id, &factors);
    cooling::replace_deratings(conn, id, &rows)
}

/// The watts of a zone less its spare units.
fn nominal(conn: &mut Conn, id: ZoneId) -> Result<Watts> {
    let zone = cooling::get(conn, id)?;
    let units = cooling::units_of_site(conn, zone.site_id)?;
    let units = units.iter().filter(|unit| unit.zone_id == id);
    let spare = u32::try_from(zone.spare_units).unwrap_or(u32::MAX);
    Ok(place::watts_without_spare(
        units.map(|unit| unit.watts).collect(),
        spare,
    ))
}

fn said(error: ClimateError) -> Error {
    match error {
        ClimateError::Manual => Error::field("rejection", "site-error-no-weather"),
        ClimateError::Curve => Error::field("curve", "site-error-curve"),
        ClimateError::Airflow => Error::field("airflow", "site-error-airflow"),
        ClimateError::Air => Error::field("rejection", "site-error-air"),
    }
}
