//! Price plans: the list, and one with its versions and the leases that use it.

use super::{plan_terms, words};
use crate::db::Conn;
use crate::db::billing::plans::{self, Plan, Version};
use crate::db::leasing::leases;
use crate::db::trail::{self, TrailRow};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::Permission;
use crate::domain::ids::*;
use crate::domain::money::Currency;
use crate::error::Result;
use crate::services::billing::{operator_today, plans as prices};
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, Tone, html, html_with, see_other};
use crate::web::parts::{Choice, Fact, Happening};
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use chrono::NaiveDate;
use std::collections::HashMap;

#[derive(Template)]
#[template(path = "billing/plans.html")]
struct ListPage {
    page: Page,
    rows: Vec<Row>,
    may_edit: bool,
}

struct Row {
    id: PlanId,
    name: String,
    currency: String,
    since: String,
    drafts: usize,
    leases: usize,
}

type Known = (Plan, Vec<Version>, Vec<LeaseId>);

fn all(conn: &mut Conn, now: Instant) -> Result<(Vec<Known>, NaiveDate)> {
    let mut found = vec![];
    for plan in plans::all(conn)? {
        let versions = plans::versions(conn, plan.id)?;
        let leases = plans::leases_on(conn, plan.id)?;
        found.push((plan, versions, leases));
    }
    Ok((found, operator_today(conn, now)?))
}

pub async fn list(visit: Visit) -> Answer {
    let now = visit.now;
    let (found, today) = visit.read(move |conn| all(conn, now)).await?;
    let page = visit.page("nav-plans");
    let row = |(plan, versions, leases): &Known| {
        let mut published = versions.iter().filter(|it| it.published_at.is_some());
        let since = published.rfind(|it| it.effective_from <= today);
        Row {
            id: plan.id,
            name: plan.name.clone(),
            currency: plan.currency.clone(),
            since: since.map_or_else(
                || page.t("bill-plan-not-in-force"),
                |it| page.date(it.effective_from),
            ),
            drafts: versions
                .iter()
                .filter(|it| it.published_at.is_none())
                .count(),
            leases: leases.len(),
        }
    };
    html(&ListPage {
        rows: found.iter().map(row).collect(),
        may_edit: visit.who.may(Permission::EditPlans),
        page,
    })
}

#[derive(Template)]
#[template(path = "billing/plan_new.html")]
struct NewPage {
    page: Page,
    form: Form,
    currencies: Vec<Choice>,
}

fn new_page(visit: &Visit, form: Form) -> NewPage {
    NewPage {
        page: visit.page("bill-plan-new"),
        form,
        currencies: words::currencies(),
    }
}

pub async fn new(visit: Visit) -> Answer {
    let form = Form::blank().with("currency", Currency::Rub);
    html(&new_page(&visit, form))
}

pub async fn create(visit: Visit, fields: web::Form<HashMap<String, String>>) -> Answer {
    let mut form = Form::from_values(fields.into_inner());
    let (name, currency) = (
        form.text("name", 80),
        form.choice("currency", Currency::parse),
    );
    if let (Some(name), Some(currency)) = (name, currency) {
        let (actor, now) = (visit.who.actor, visit.now);
        let created = words::once(&visit, &form.form_key, move |app| {
            let id = prices::create(&app.db, &actor, now, &name, currency)?;
            Ok(format!("/plans/{id}/versions/new"))
        });
        match created.await {
            Ok(path) => return Ok(see_other(&path)),
            Err(error) => form.absorb(error)?,
        }
    }
    html_with(StatusCode::UNPROCESSABLE_ENTITY, &new_page(&visit, form))
}

#[derive(Template)]
#[template(path = "billing/plan.html")]
struct ShowPage {
    page: Page,
    id: PlanId,
    currency: String,
    versions: Vec<Shown>,
    leases: Vec<Fact>,
    history: Vec<Happening>,
    may_edit: bool,
}

struct Shown {
    id: PlanVersionId,
    title: String,
    state: String,
    tone: &'static str,
    draft: bool,
    facts: Vec<Fact>,
}

struct Loaded {
    plan: Plan,
    versions: Vec<Version>,
    leases: Vec<(LeaseId, String)>,
    history: Vec<(TrailRow, Option<String>)>,
    today: NaiveDate,
}

fn load(conn: &mut Conn, id: PlanId, now: Instant) -> Result<Loaded> {
    let plan = plans::get(conn, id)?;
    let mut found = vec![];
    for lease in plans::leases_on(conn, id)? {
        found.push((lease, leases::get(conn, lease)?.number));
    }
    Ok(Loaded {
        plan,
        versions: plans::versions(conn, id)?,
        leases: found,
        history: trail::of(conn, "plan", id.0, 50)?,
        today: operator_today(conn, now)?,
    })
}

pub async fn show(visit: Visit, id: web::Path<i64>) -> Answer {
    let (id, now) = (PlanId(*id), visit.now);
    let loaded = visit.read(move |conn| load(conn, id, now)).await?;
    let page = visit.page("nav-plans").named(&loaded.plan.name);
    let currency = words::currency(&loaded.plan.currency);
    let mut versions = vec![];
    for version in loaded.versions.iter().rev() {
        versions.push(version_shown(&page, &loaded, version, currency)?);
    }
    let lease =
        |(id, number): &(LeaseId, String)| Fact::new(number, "").linked(format!("/leases/{id}"));
    html(&ShowPage {
        id,
        currency: currency.code().to_owned(),
        versions,
        leases: loaded.leases.iter().map(lease).collect(),
        history: words::history(&page, &loaded.history, currency),
        may_edit: visit.who.may(Permission::EditPlans),
        page,
    })
}

fn version_shown(
    page: &Page,
    loaded: &Loaded,
    version: &Version,
    currency: Currency,
) -> Result<Shown> {
    let in_force = loaded
        .versions
        .iter()
        .filter(|it| it.published_at.is_some() && it.effective_from <= loaded.today)
        .max_by_key(|it| it.effective_from);
    let (state, tone) = if version.published_at.is_none() {
        ("bill-plan-draft", Tone::Warn)
    } else if in_force.is_some_and(|it| it.id == version.id) {
        ("bill-plan-in-force", Tone::Ok)
    } else if version.effective_from > loaded.today {
        ("bill-plan-ahead", Tone::Info)
    } else {
        ("bill-plan-past", Tone::Muted)
    };
    Ok(Shown {
        id: version.id,
        title: page.t1(
            "bill-plan-from",
            "date",
            page.date_long(version.effective_from),
        ),
        state: page.t(state),
        tone: tone.code(),
        draft: version.published_at.is_none(),
        facts: plan_terms::facts(page, &version.terms()?, currency.sign()),
    })
}
