//! Cooling zones of a site, and what of them is sold month by month.

use super::super::ask::Ask;
use super::super::reply::Reply;
use super::super::routes::Answer;
use super::super::schema::Listed;
use super::sites::Share;
use crate::db::site::cooling::{self, CoolingUnit, CoolingZone, Derating};
use crate::domain::calendar::Month;
use crate::domain::ids::{SiteId, ZoneId};
use crate::domain::site::CoolingKind;
use crate::domain::units::Watts;
use crate::services::site::figures::{Figures, Load};
use serde::Serialize;
use utoipa::ToSchema;

/// How many months are shown, the running one first.
const MONTHS: usize = 12;

#[derive(Serialize, ToSchema)]
pub struct Zone {
    pub id: ZoneId,
    pub site: SiteId,
    pub name: String,
    pub kind: CoolingKind,
    /// How many of the largest units are kept in reserve.
    pub spare_units: i64,
    pub units: Vec<Unit>,
    pub deratings: Vec<MonthFactor>,
    pub months: Vec<ZoneMonth>,
}

#[derive(Serialize, ToSchema)]
pub struct Unit {
    pub name: String,
    pub watts: Watts,
}

/// What multiplies the zone's capacity in a month, every year.
#[derive(Serialize, ToSchema)]
pub struct MonthFactor {
    /// 1 is January.
    pub month: i32,
    /// A decimal in [0, 1].
    pub factor: String,
}

/// What a zone removes in a month, and the most that is sold in it on any day.
#[derive(Serialize, ToSchema)]
pub struct ZoneMonth {
    /// `2026-12`.
    pub month: String,
    pub heat: Share,
}

struct Known {
    row: CoolingZone,
    months: Vec<(Month, Load)>,
}

pub async fn list(ask: Ask) -> Answer<Listed<Zone>> {
    let (id, now) = (SiteId(ask.id()?), ask.now);
    let (all, units, deratings) = ask
        .read(move |conn| {
            let figures = Figures::load(conn, id, now)?;
            let months = figures.zone_months(Month::of(figures.day), MONTHS);
            let rows = figures.house.zones.iter().cloned();
            let all: Vec<Known> = rows
                .zip(months)
                .map(|(row, months)| Known { row, months })
                .collect();
            let units = cooling::units_of_site(conn, id)?;
            Ok((all, units, cooling::deratings_of_site(conn, id)?))
        })
        .await?;
    Reply::page_of_all(
        &ask,
        all,
        |known| known.row.id.0,
        |known| zone(known, &units, &deratings),
    )
}

fn zone(known: Known, units: &[CoolingUnit], deratings: &[Derating]) -> Zone {
    let Known { row, months } = known;
    let units = units.iter().filter(|unit| unit.zone_id == row.id);
    let deratings = deratings
        .iter()
        .filter(|derating| derating.zone_id == row.id);
    Zone {
        id: row.id,
        site: row.site_id,
        name: row.name,
        kind: row.kind,
        spare_units: row.spare_units,
        units: units
            .map(|unit| Unit {
                name: unit.name.clone(),
                watts: unit.watts,
            })
            .collect(),
        deratings: deratings
            .map(|derating| MonthFactor {
                month: derating.month,
                factor: derating.factor.clone(),
            })
            .collect(),
        months: months
            .into_iter()
            .map(|(month, load)| ZoneMonth {
                month: month.to_string(),
                heat: load.into(),
            })
            .collect(),
    }
}
