//! Bookings that a change left where they may not stand.

use super::super::ask::Ask;
use super::super::query::{Kind, Param};
use super::super::reply::Reply;
use super::super::routes::Answer;
use super::super::schema::{Listed, utc};
use crate::db::leasing::conflicts::{self as rows, Narrow};
use crate::db::leasing::lists::Slice;
use crate::domain::cursor::Cursor;
use crate::domain::ids::*;
use crate::domain::leasing::conflicts::{CauseNoun, ConflictKind, Resolution};
use crate::domain::site::Leg;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

pub const FILTERS: &[Param] = &[
    Param::optional(
        "cause",
        Kind::Word(causes),
        "Opened by a change of this noun only.",
    ),
    Param::optional(
        "state",
        Kind::Word(|| vec!["open", "resolved"]),
        "In this state only; both if not said.",
    ),
    Param::optional(
        "q",
        Kind::Text,
        "The tenant, the resource, or the reservation's id.",
    ),
];

fn causes() -> Vec<&'static str> {
    CauseNoun::ALL.iter().map(|cause| cause.code()).collect()
}

#[derive(Serialize, ToSchema)]
pub struct Conflict {
    pub id: ConflictId,
    pub site: SiteId,
    pub reservation: ReservationId,
    pub tenant: TenantId,
    pub tenant_name: String,
    pub kind: ConflictKind,
    /// The row that the kind names.
    pub resource: i64,
    pub resource_name: String,
    pub leg: Option<Leg>,
    pub from: NaiveDate,
    /// Exclusive; null where it does not end by itself.
    pub to: Option<NaiveDate>,
    /// What is used above what there is: watts; slots for `rack_slots`, machines for `place`.
    pub excess: i64,
    /// What this booking puts there.
    pub own: i64,
    /// What was changed when it opened.
    pub cause: CauseNoun,
    pub opened_at: DateTime<Utc>,
    pub resolved_at: Option<DateTime<Utc>>,
    pub resolution: Option<Resolution>,
}

fn conflict(listed: rows::Listed) -> Conflict {
    let row = listed.row;
    Conflict {
        id: row.id,
        site: row.site_id,
        reservation: row.reservation_id,
        tenant: row.tenant_id,
        tenant_name: listed.tenant,
        kind: row.kind,
        resource: row.resource_id,
        resource_name: row.resource_name,
        leg: row.leg,
        from: row.from_date,
        to: row.to_date,
        excess: row.excess,
        own: row.own,
        cause: row.cause_noun,
        opened_at: utc(row.opened_at),
        resolved_at: row.resolved_at.map(utc),
        resolution: row.resolution,
    }
}

/// In the order of the first day on which they hurt.
pub async fn list(ask: Ask) -> Answer<Listed<Conflict>> {
    let query = &ask.query;
    let narrow = Narrow {
        site: query.id("site"),
        open: query.text("state").map(|state| state == "open"),
        cause: query.word("cause", CauseNoun::parse),
    };
    let slice = Slice {
        q: query.text("q").unwrap_or_default().to_owned(),
        sort: "from",
        descending: false,
        after: query.after().map(|cursor| (cursor.value, cursor.id)),
        limit: query.limit() + 1,
    };
    let found = ask
        .read(move |conn| rows::list(conn, &narrow, &slice))
        .await?;
    Reply::page(
        &ask,
        found,
        |listed| Cursor::new(listed.row.from_date, listed.row.id.0),
        conflict,
    )
}
