//! Refused wishes that staff answer.

use super::super::ask::{Ask, Done};
use super::super::history::{Happening, history};
use super::super::post::Post;
use super::super::query::{DIR, Kind, Param};
use super::super::reply::Reply;
use super::super::routes::Answer;
use super::super::schema::{Listed, utc};
use super::refusal::Bound;
use super::reservations::{narrow, slice};
use super::wished::Wished;
use crate::db::leasing::lists::{self, Named, Narrow};
use crate::db::leasing::requests as rows;
use crate::db::site::sites;
use crate::db::{Chain, Conn};
use crate::domain::identity::access::Actor;
use crate::domain::ids::*;
use crate::domain::leasing::place::Reason;
use crate::error::{Error, Result};
use crate::services::leasing::answer;
use crate::services::leasing::requests as service;
use crate::services::leasing::together::{Part, parts_of};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub const FILTERS: &[Param] = &[
    Param::optional(
        "state",
        Kind::Word(|| vec![rows::OPEN, rows::CLOSED]),
        "In this state only.",
    ),
    Param::optional("q", Kind::Text, "In the tenant's or the model's name."),
];

pub const SORTS: &[&str] = &["id", "tenant", "from"];
/// How the list may be ordered.
pub const ORDER: &[Param] = &[
    Param::optional(
        "sort",
        Kind::Word(|| SORTS.to_vec()),
        "By what; by id, the latest first, if not said.",
    ),
    DIR,
];

#[derive(Serialize, ToSchema)]
pub struct Request {
    pub id: RequestId,
    pub tenant: TenantId,
    pub tenant_name: String,
    pub site: SiteId,
    pub site_name: String,
    pub hall: Option<HallId>,
    #[serde(flatten)]
    pub wished: Wished,
    pub from: NaiveDate,
    /// Exclusive; null while open-ended.
    pub to: Option<NaiveDate>,
    /// What was wanted together, line by line; the fields above are the first one's.
    pub lines: Vec<RequestLine>,
    /// Why it was refused.
    pub reasons: Vec<Reason>,
    pub available_units: i64,
    pub binding: Option<Bound>,
    /// `open` or `closed`.
    pub state: String,
    pub answer: String,
    pub created_at: DateTime<Utc>,
    pub closed_at: Option<DateTime<Utc>>,
}

/// One kind of machines, or of racks.
#[derive(Serialize, ToSchema)]
pub struct RequestLine {
    #[serde(flatten)]
    pub wished: Wished,
    pub whole_racks: bool,
    pub two_feeds: bool,
    /// Only these were wanted; null where any would do.
    pub racks: Option<Vec<RackId>>,
    /// What would have fitted beside the lines before it.
    pub available_units: i64,
}

fn line((part, fits): (Part, u32)) -> RequestLine {
    let Part { wish, asks } = part;
    RequestLine {
        wished: Wished::from(wish),
        whole_racks: asks.whole_racks,
        two_feeds: asks.two_feeds,
        racks: asks.racks,
        available_units: fits.into(),
    }
}

fn request((row, tenant, site): Named<rows::Request>) -> Request {
    // An old row whose bound reads otherwise is shown without it.
    let bound: Option<answer::Bound> = serde_json::from_str(&row.binding).unwrap_or_default();
    Request {
        lines: parts_of(&row).into_iter().map(line).collect(),
        wished: Wished::from(&row),
        id: row.id,
        tenant: row.tenant_id,
        tenant_name: tenant,
        site: row.site_id,
        site_name: site,
        hall: row.hall_id,
        from: row.from_date,
        to: row.to_date,
        reasons: row.reasons.split(',').filter_map(Reason::parse).collect(),
        available_units: row.available_units,
        binding: bound.map(Bound::from),
        state: row.state,
        answer: row.answer,
        created_at: utc(row.created_at),
        closed_at: row.closed_at.map(utc),
    }
}

pub async fn list(ask: Ask) -> Answer<Listed<Request>> {
    let slice = slice(&ask, SORTS);
    let sort = slice.sort;
    let state = ask.query.text("state").unwrap_or_default().to_owned();
    let narrow = narrow(&ask).map(|narrow| Narrow { state, ..narrow });
    let found = ask
        .read(move |conn| match narrow {
            Some(narrow) => lists::requests(conn, &narrow, &slice),
            None => Ok(vec![]),
        })
        .await?;
    Reply::page(&ask, found, |row| lists::after_request(sort, row), request)
}

#[derive(Serialize, ToSchema)]
pub struct OneRequest {
    #[serde(flatten)]
    pub request: Request,
    pub history: Vec<Happening>,
}

pub async fn show(ask: Ask) -> Answer<OneRequest> {
    let (id, actor) = (RequestId(ask.id()?), ask.actor());
    let found = ask.read(move |conn| one(conn, &actor, id)).await?;
    Reply::ok(&found)
}

fn one(conn: &mut Conn, who: &Actor, id: RequestId) -> Result<OneRequest> {
    let row = rows::get(conn, id)?;
    if !who.sees(row.tenant_id) {
        return Err(Error::NotFound);
    }
    let tenant = lists::tenant_contact(conn, row.tenant_id)?.0;
    let site = sites::get(conn, row.site_id)?.name;
    Ok(OneRequest {
        history: history(conn, who, "request", id.0)?,
        request: request((row, tenant, site)),
    })
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAnswer {
    /// What the tenant reads; a tenant that withdraws its own wish may leave it empty.
    #[schema(max_length = 4_000)]
    pub answer: String,
}

pub async fn answer(ask: Ask, post: Post<NewAnswer>) -> Answer<OneRequest> {
    let (id, actor, now) = (RequestId(ask.id()?), ask.actor(), ask.now);
    let text = post.body.answer;
    let chain = move |conn: &mut Conn| {
        let row = rows::get(conn, id)?;
        match actor.sees(row.tenant_id) {
            true => Ok(Chain::Site(row.site_id)),
            false => Err(Error::NotFound),
        }
    };
    ask.once(&post.given, chain, move |db| {
        service::close(db, &actor, now, id, &text)?;
        Ok(Done::Changed(one(&mut *db.get()?, &actor, id)?))
    })
    .await
}
