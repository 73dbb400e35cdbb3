//! Leases: the list, one of them, a new one, and its end.

use super::super::ask::{Ask, Done};
use super::super::post::Post;
use super::super::query::{Kind, Param};
use super::super::reply::Reply;
use super::super::routes::Answer;
use super::super::schema::{Day, Listed, utc};
use super::conflicts::{Conflict, open_of};
use super::reservations::{Allocation, SORTS, Totals, allocation, narrow, slice};
use super::steps::chain_of;
use crate::api::ROOT;
use crate::api::history::{Happening, history};
use crate::db::leasing::leases as rows;
use crate::db::leasing::lists::{self, LeaseRow, Narrow};
use crate::db::leasing::reservations;
use crate::db::metering::usage::LeaseMonth;
use crate::db::site::sites;
use crate::db::{Chain, Conn, Db};
use crate::domain::calendar::{Instant, Month};
use crate::domain::identity::access::Actor;
use crate::domain::ids::*;
use crate::domain::leasing::state::{LeaseState, lease_state};
use crate::domain::units::Watts;
use crate::error::{Error, Result};
use crate::services::leasing::leases::{
    self as service, DEFAULT_NOTICE_DAYS, DEFAULT_PAYMENT_DAYS, Terms,
};
use crate::services::metering::usage;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::ToSchema;

pub const FILTERS: &[Param] = &[
    Param::optional("state", Kind::Word(states), "In this state only."),
    Param::optional(
        "q",
        Kind::Text,
        "In the number, the tenant's or the model's name.",
    ),
];

fn states() -> Vec<&'static str> {
    LeaseState::ALL.iter().map(|word| word.code()).collect()
}

#[derive(Serialize, ToSchema)]
pub struct Lease {
    pub id: LeaseId,
    pub number: String,
    pub reservation: ReservationId,
    pub tenant: TenantId,
    pub tenant_name: String,
    pub site: SiteId,
    pub site_name: String,
    pub plan: PlanId,
    pub model_name: String,
    pub units: i64,
    /// On this day, or from its start on.
    pub contracted_watts: Watts,
    pub from: NaiveDate,
    /// Exclusive; null while open-ended.
    pub to: Option<NaiveDate>,
    pub state: LeaseState,
    pub payment_days: i64,
    pub notice_days: i64,
    pub billing_email: String,
    pub signed_at: DateTime<Utc>,
    pub notice_at: Option<DateTime<Utc>>,
}

fn lease(((row, held), tenant, site): LeaseRow, contracted: Watts, today: NaiveDate) -> Lease {
    let noticed = row.notice_at.is_some();
    Lease {
        state: lease_state(row.start_date, row.end_date, noticed, today),
        id: row.id,
        number: row.number,
        reservation: row.reservation_id,
        tenant: row.tenant_id,
        tenant_name: tenant,
        site: row.site_id,
        site_name: site,
        plan: row.plan_id,
        model_name: held.model_name,
        units: held.units,
        contracted_watts: contracted,
        from: row.start_date,
        to: row.end_date,
        payment_days: row.payment_days,
        notice_days: row.notice_days,
        billing_email: row.billing_email,
        signed_at: utc(row.signed_at),
        notice_at: row.notice_at.map(utc),
    }
}

#[derive(Serialize, ToSchema)]
pub struct OneLease {
    #[serde(flatten)]
    pub lease: Lease,
    pub plan_name: String,
    pub terms: Vec<Term>,
    pub allocations: Vec<Allocation>,
    pub events: Vec<Event>,
    /// The running month so far, once the lease has begun; null in the answer to a POST.
    pub month: Option<MonthSoFar>,
    /// Not resolved yet.
    pub conflicts: Vec<Conflict>,
    pub history: Vec<Happening>,
}

/// What is drawn, metered and owed so far.
#[derive(Serialize, ToSchema)]
pub struct MonthSoFar {
    /// `2026-12`.
    pub month: String,
    /// As last read.
    pub drawn_watts: Watts,
    pub last_reading_at: Option<DateTime<Utc>>,
    pub energy_wh: i64,
    /// Of it, not read but estimated.
    pub estimated_wh: i64,
    /// ISO 4217; empty where no plan prices the month.
    pub currency: String,
    /// In minor units, VAT included.
    pub total: i64,
    /// The same at the end of the month, if it goes on like this.
    pub forecast_total: i64,
}

/// What is contracted from a date on.
#[derive(Serialize, ToSchema)]
pub struct Term {
    pub from: NaiveDate,
    pub contracted_watts: Watts,
}

/// Power that could not be drawn.
#[derive(Serialize, ToSchema)]
pub struct Event {
    pub id: EventId,
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    pub watts: Watts,
    /// `host`, `curtailment` or `tenant`.
    pub cause: String,
    pub note: String,
}

/// Today at the house's first site: what lists are drawn for.
fn today(conn: &mut Conn, now: Instant) -> Result<NaiveDate> {
    let mut all = sites::all(conn)?;
    all.sort_by_key(|site| site.id);
    let first = all.first().map(|site| site.zone().date(now));
    Ok(first.unwrap_or_else(|| now.utc().date()))
}

/// What a list of leases is narrowed to; `None`: to nothing.
fn asked(ask: &Ask) -> Option<Narrow> {
    let state = ask.query.text("state").unwrap_or_default().to_owned();
    narrow(ask).map(|narrow| Narrow { state, ..narrow })
}

pub async fn list(ask: Ask) -> Answer<Listed<Lease>> {
    let (slice, now, narrow) = (slice(&ask, SORTS), ask.now, asked(&ask));
    let sort = slice.sort;
    let (found, contracted, today) = ask
        .read(move |conn| {
            let today = today(conn, now)?;
            let found = match narrow {
                Some(narrow) => lists::leases(conn, &narrow, &slice, today)?,
                None => vec![],
            };
            let ids: Vec<LeaseId> = found.iter().map(|((row, _), ..)| row.id).collect();
            Ok((found, lists::contracted(conn, &ids, today)?, today))
        })
        .await?;
    Reply::page(
        &ask,
        found,
        |row| lists::after_lease(sort, row),
        |row| {
            let watts = contracted_of(&contracted, row.0.0.id);
            lease(row, watts, today)
        },
    )
}

/// Watts are what is contracted today.
pub async fn totals(ask: Ask) -> Answer<Totals> {
    let (slice, now, narrow) = (slice(&ask, SORTS), ask.now, asked(&ask));
    let found = ask.read(move |conn| {
        let today = today(conn, now)?;
        match narrow {
            Some(narrow) => lists::lease_totals(conn, &narrow, &slice, today),
            None => Ok(lists::Totals::default()),
        }
    });
    Reply::ok(&Totals::from(found.await?))
}

fn contracted_of(all: &HashMap<LeaseId, Watts>, id: LeaseId) -> Watts {
    all.get(&id).copied().unwrap_or(Watts::ZERO)
}

pub async fn show(ask: Ask) -> Answer<OneLease> {
    let (id, actor, now) = (LeaseId(ask.id()?), ask.actor(), ask.now);
    let mut found = ask.read(move |conn| one(conn, &actor, now, id)).await?;
    let (from, site) = (found.lease.from, found.lease.site);
    let month = ask.run(move |app| {
        let today = sites::get(&mut *app.db.get()?, site)?.zone().date(now);
        match from <= today {
            true => usage::fresh(&app.db, id, Month::of(today), now).map(Some),
            false => Ok(None),
        }
    });
    found.month = month.await?.map(MonthSoFar::from);
    Reply::ok(&found)
}

impl From<LeaseMonth> for MonthSoFar {
    fn from(row: LeaseMonth) -> Self {
        Self {
            month: row.month,
            drawn_watts: row.last_watts,
            last_reading_at: row.last_reading_at.map(utc),
            energy_wh: row.wh.0,
            estimated_wh: row.estimated_wh.0,
            currency: row.currency,
            total: row.total.0,
            forecast_total: row.forecast_total.0,
        }
    }
}

/// Another tenant's lease looks the same as none.
fn one(conn: &mut Conn, who: &Actor, now: Instant, id: LeaseId) -> Result<OneLease> {
    let row = rows::get(conn, id)?;
    if !who.sees(row.tenant_id) {
        return Err(Error::NotFound);
    }
    let held = reservations::get(conn, row.reservation_id)?;
    let tenant = lists::tenant_contact(conn, row.tenant_id)?.0;
    let site = sites::get(conn, row.site_id)?;
    let today = site.zone().date(now);
    let contracted = contracted_of(&lists::contracted(conn, &[id], today)?, id);
    let terms = rows::terms(conn, id)?.into_iter().map(|term| Term {
        from: term.from_date,
        contracted_watts: term.contracted_watts,
    });
    let events = rows::events(conn, id)?.into_iter().map(|event| Event {
        id: event.id,
        from: utc(event.from_at),
        to: utc(event.to_at),
        watts: event.watts,
        cause: event.cause,
        note: event.note,
    });
    let standing = lists::standing(conn, row.reservation_id)?;
    Ok(OneLease {
        plan_name: lists::plan_name(conn, row.plan_id)?,
        month: None,
        conflicts: open_of(conn, row.reservation_id)?,
        history: history(conn, who, "lease", id.0)?,
        terms: terms.collect(),
        events: events.collect(),
        allocations: standing.into_iter().map(allocation).collect(),
        lease: lease(((row, held), tenant, site.name), contracted, today),
    })
}

/// What both sides sign.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLease {
    /// A price plan with a published version.
    pub plan: PlanId,
    /// Everything that was reserved if not said.
    #[schema(minimum = 1)]
    pub contracted_watts: Option<i64>,
    #[schema(minimum = 0, maximum = 365)]
    pub payment_days: Option<i64>,
    #[schema(minimum = 0, maximum = 365)]
    pub notice_days: Option<i64>,
    /// The tenant's address if not said.
    #[schema(
        min_length = 3,
        max_length = 254,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]*$"
    )]
    pub billing_email: Option<String>,
}

pub async fn sign(ask: Ask, post: Post<NewLease>) -> Answer<OneLease> {
    let (id, actor, now) = (ReservationId(ask.id()?), ask.actor(), ask.now);
    let new = post.body;
    let chain = move |conn: &mut Conn| chain_of(conn, &actor, id);
    ask.once(&post.given, chain, move |db| {
        let terms = terms(db, id, &new)?;
        let lease = service::sign(db, &actor, now, id, &terms)?;
        Ok(Done::Made {
            location: format!("{ROOT}/leases/{lease}"),
            value: one(&mut *db.get()?, &actor, now, lease)?,
        })
    })
    .await
}

fn terms(db: &Db, id: ReservationId, new: &NewLease) -> Result<Terms> {
    let conn = &mut *db.get()?;
    let plans = lists::published_plans(conn)?;
    if !plans.iter().any(|(plan, _)| *plan == new.plan) {
        return Err(Error::field("plan", "form-choose"));
    }
    let tenant = reservations::get(conn, id)?.tenant_id;
    let billing_email = match &new.billing_email {
        Some(address) => address.trim().to_owned(),
        None => lists::tenant_contact(conn, tenant)?.1,
    };
    Ok(Terms {
        contracted: new.contracted_watts.map(Watts),
        plan: new.plan,
        payment_days: new.payment_days.unwrap_or(DEFAULT_PAYMENT_DAYS),
        notice_days: new.notice_days.unwrap_or(DEFAULT_NOTICE_DAYS),
        billing_email,
    })
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNotice {
    /// The first day that is free again.
    pub end: Day,
}

pub async fn notice(ask: Ask, post: Post<NewNotice>) -> Answer<OneLease> {
    let (id, actor, now) = (LeaseId(ask.id()?), ask.actor(), ask.now);
    let end = post.body.end.0;
    let chain = move |conn: &mut Conn| {
        let row = rows::get(conn, id)?;
        match actor.sees(row.tenant_id) {
            true => Ok(Chain::Site(row.site_id)),
            false => Err(Error::NotFound),
        }
    };
    ask.once(&post.given, chain, move |db| {
        service::give_notice(db, &actor, now, id, end)?;
        Ok(Done::Changed(one(&mut *db.get()?, &actor, now, id)?))
    })
    .await
}
