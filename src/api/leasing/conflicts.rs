//! Bookings that a change left where they may not stand.

use super::super::ask::Ask;
use super::super::query::{DIR, Kind, Param};
use super::super::reply::Reply;
use super::super::routes::Answer;
use super::super::schema::{Listed, utc};
use crate::db::Conn;
use crate::db::leasing::conflicts::{self as rows, Narrow};
use crate::db::leasing::lists::{Slice, tenant_contact};
use crate::domain::ids::*;
use crate::domain::leasing::conflicts::{CauseNoun, ConflictKind, Resolution};
use crate::domain::site::Leg;
use crate::error::Result;
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
    of_row(listed.row, listed.tenant)
}

/// Of one reservation, those that are not resolved.
pub fn open_of(conn: &mut Conn, id: ReservationId) -> Result<Vec<Conflict>> {
    let open = rows::open_of(conn, id)?;
    let Some(first) = open.first() else {
        return Ok(vec![]);
    };
    let tenant = tenant_contact(conn, first.tenant_id)?.0;
    let all = open.into_iter();
    Ok(all.map(|row| of_row(row, tenant.clone())).collect())
}

fn of_row(row: rows::Conflict, tenant: String) -> Conflict {
    Conflict {
        id: row.id,
        site: row.site_id,
        reservation: row.reservation_id,
        tenant: row.tenant_id,
        tenant_name: tenant,
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

pub const SORTS: &[&str] = &["from", "excess", "tenant"];
/// How the list may be ordered.
pub const ORDER: &[Param] = &[
    Param::optional(
        "sort",
        Kind::Word(|| SORTS.to_vec()),
        "By what; by the first day on which they hurt if not said.",
    ),
    DIR,
];

fn asked(ask: &Ask) -> (Narrow, Slice) {
    let query = &ask.query;
    let narrow = Narrow {
        site: query.id("site"),
        open: query.text("state").map(|state| state == "open"),
        cause: query.word("cause", CauseNoun::parse),
    };
    let (sort, descending) = query.order(SORTS, false);
    let slice = Slice {
        q: query.text("q").unwrap_or_default().to_owned(),
        sort,
        descending,
        after: query.after().map(|cursor| (cursor.value, cursor.id)),
        limit: query.limit() + 1,
    };
    (narrow, slice)
}

pub async fn list(ask: Ask) -> Answer<Listed<Conflict>> {
    let (narrow, slice) = asked(&ask);
    let sort = slice.sort;
    let found = ask
        .read(move |conn| rows::list(conn, &narrow, &slice))
        .await?;
    Reply::page(&ask, found, |listed| listed.cursor(sort), conflict)
}

/// Over all that is filtered.
#[derive(Serialize, ToSchema)]
pub struct ConflictTotals {
    pub conflicts: i64,
    /// Bookings that are in them.
    pub reservations: i64,
}

pub async fn totals(ask: Ask) -> Answer<ConflictTotals> {
    let (narrow, slice) = asked(&ask);
    let found = ask.read(move |conn| rows::count(conn, &narrow, &slice.q));
    let (conflicts, reservations) = found.await?;
    Reply::ok(&ConflictTotals {
        conflicts,
        reservations,
    })
}
