//! The weather that a site is designed for.

use super::super::ask::Ask;
use super::super::reply::Reply;
use super::super::routes::Answer;
use crate::db::site::sites;
use crate::domain::ids::SiteId;
use crate::domain::site::climate::{DesignMonth, Moisture};
use crate::services::site::climate;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct Weather {
    pub site: SiteId,
    /// Above the sea; null where no weather is entered.
    pub altitude_metres: Option<i64>,
    /// Where the numbers are from.
    pub source: String,
    /// January first; empty where no weather is entered.
    pub months: Vec<MonthOfDesign>,
}

/// Decimals; one of `humidity` and `wet_bulb` is there.
#[derive(Serialize, ToSchema)]
pub struct MonthOfDesign {
    /// 1 is January.
    pub month: i32,
    /// °C.
    pub dry_bulb: String,
    /// Relative, 0 to 1.
    pub humidity: Option<String>,
    /// °C.
    pub wet_bulb: Option<String>,
}

fn month((month, design): (i32, &DesignMonth)) -> MonthOfDesign {
    let (humidity, wet_bulb) = match design.moisture {
        Moisture::Relative(relative) => (Some(relative.to_string()), None),
        Moisture::WetBulb(wet) => (None, Some(wet.to_string())),
    };
    MonthOfDesign {
        month,
        dry_bulb: design.dry_bulb.to_string(),
        humidity,
        wet_bulb,
    }
}

pub async fn show(ask: Ask) -> Answer<Weather> {
    let id = SiteId(ask.id()?);
    let found = ask
        .read(move |conn| {
            sites::get(conn, id)?;
            climate::load(conn, id)
        })
        .await?;
    let months = found.iter().flat_map(|climate| &climate.months);
    Reply::ok(&Weather {
        site: id,
        altitude_metres: found.as_ref().map(|climate| climate.altitude),
        months: (1..).zip(months).map(month).collect(),
        source: found.as_ref().map_or(String::new(), |c| c.source.clone()),
    })
}
