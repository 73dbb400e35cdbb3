//! Sites and their sums.

use super::super::ask::Ask;
use super::super::reply::Reply;
use super::super::routes::Answer;
use super::super::schema::{Listed, utc};
use crate::db::site::sites as rows;
use crate::domain::ids::SiteId;
use crate::domain::units::Watts;
use crate::services::site::figures::{self, Load};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct Site {
    pub id: SiteId,
    pub code: String,
    pub name: String,
    pub region_code: String,
    pub address: String,
    /// Of the IANA database: dates of this site are local to it.
    pub time_zone: String,
    /// How long a reservation holds its capacity before it must become a lease.
    pub hold_hours: i64,
    pub created_at: DateTime<Utc>,
}

impl From<rows::Site> for Site {
    fn from(row: rows::Site) -> Self {
        Self {
            id: row.id,
            code: row.code,
            name: row.name,
            region_code: row.region_code,
            address: row.address,
            time_zone: row.time_zone,
            hold_hours: row.hold_hours,
            created_at: utc(row.created_at),
        }
    }
}

pub async fn list(ask: Ask) -> Answer<Listed<Site>> {
    let all = ask.read(rows::all).await?;
    Reply::page_of_all(&ask, all, |row| row.id.0, Site::from)
}

pub async fn show(ask: Ask) -> Answer<Site> {
    let id = SiteId(ask.id()?);
    let row = ask.read(move |conn| rows::get(conn, id)).await?;
    Reply::ok(&row.into())
}

/// What there is of something on a day, and what of it is sold.
#[derive(Serialize, ToSchema)]
pub struct Share {
    pub usable_watts: Watts,
    pub sold_watts: Watts,
    pub free_watts: Watts,
}

impl From<Load> for Share {
    fn from(load: Load) -> Self {
        Self {
            usable_watts: load.usable,
            sold_watts: load.sold,
            free_watts: load.free(),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct Figures {
    pub site: SiteId,
    pub date: NaiveDate,
    pub power: Share,
    pub cooling: Share,
    pub racks: Share,
    /// What the scarcest of the three leaves.
    pub free_watts: Watts,
    pub rack_count: i64,
    pub slots: i64,
    pub sold_slots: i64,
}

pub async fn figures(ask: Ask) -> Answer<Figures> {
    let (id, now, day) = (SiteId(ask.id()?), ask.now, ask.query.day("date"));
    let found = ask
        .read(move |conn| figures::Figures::on(conn, id, now, day))
        .await?;
    Reply::ok(&Figures {
        site: id,
        date: found.day,
        power: found.power().into(),
        cooling: found.cooling().into(),
        racks: found.racks().into(),
        free_watts: found.free(),
        rack_count: i64::try_from(found.house.racks.len()).unwrap_or(i64::MAX),
        slots: found.house.racks.iter().map(|rack| rack.slots).sum(),
        sold_slots: found
            .sold
            .racks
            .iter()
            .map(|rack| i64::from(rack.slots))
            .sum(),
    })
}
