//! Power that will be off, and what regions forbid.

use super::super::ask::Ask;
use super::super::reply::Reply;
use super::super::routes::Answer;
use super::super::schema::{Listed, utc};
use crate::db::site::{power, sites};
use crate::domain::cursor::Cursor;
use crate::domain::ids::{NodeId, OutageId, RestrictionId, SiteId};
use crate::domain::site::Workload;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A node without power for whole local dates.
#[derive(Serialize, ToSchema)]
pub struct Outage {
    pub id: OutageId,
    pub site: SiteId,
    pub node: NodeId,
    pub from: NaiveDate,
    /// Exclusive.
    pub to: NaiveDate,
    pub reason: String,
    pub created_at: DateTime<Utc>,
    pub cancelled_at: Option<DateTime<Utc>>,
}

impl From<power::Outage> for Outage {
    fn from(row: power::Outage) -> Self {
        Self {
            id: row.id,
            site: row.site_id,
            node: row.node_id,
            from: row.from_date,
            to: row.to_date,
            reason: row.reason,
            created_at: utc(row.created_at),
            cancelled_at: row.cancelled_at.map(utc),
        }
    }
}

/// A workload that a region forbids; with a season, in these months every year.
#[derive(Serialize, ToSchema)]
pub struct Restriction {
    pub id: RestrictionId,
    pub region_code: String,
    pub region_name: String,
    pub workload: Workload,
    pub valid_from: NaiveDate,
    /// Exclusive; null for ever.
    pub valid_to: Option<NaiveDate>,
    /// `MM-DD`.
    pub season_from: Option<String>,
    /// `MM-DD`, exclusive.
    pub season_to: Option<String>,
    /// `in_force`, or `announced`: shown and not applied.
    pub status: String,
    pub note: String,
}

impl From<sites::Restriction> for Restriction {
    fn from(row: sites::Restriction) -> Self {
        Self {
            id: row.id,
            region_code: row.region_code,
            region_name: row.region_name,
            workload: row.workload,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            season_from: row.season_from,
            season_to: row.season_to,
            status: row.status,
            note: row.note,
        }
    }
}

pub async fn list(ask: Ask) -> Answer<Listed<Outage>> {
    let (site, limit) = (ask.query.id("site"), ask.query.limit() + 1);
    let after = OutageId(ask.query.after_id().unwrap_or(0));
    let found = ask
        .read(move |conn| power::outages_page(conn, site, after, limit))
        .await?;
    Reply::page(&ask, found, |row| Cursor::new("", row.id.0), Outage::from)
}

pub async fn restrictions(ask: Ask) -> Answer<Listed<Restriction>> {
    let after = RestrictionId(ask.query.after_id().unwrap_or(0));
    let limit = ask.query.limit() + 1;
    let found = ask
        .read(move |conn| sites::restrictions_page(conn, after, limit))
        .await?;
    Reply::page(
        &ask,
        found,
        |row| Cursor::new("", row.id.0),
        Restriction::from,
    )
}
