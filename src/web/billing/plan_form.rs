//! A version of a plan is written: prices as fields, with what a typical month would come to.

use super::explain::{self, Priced};
use super::plan_terms::{self, SLA_ROWS, Typed, ZONES};
use super::words;
use crate::db::Conn;
use crate::db::billing::plans::{self, Plan, Version};
use crate::domain::billing::invoice_plan::InvoicePlan;
use crate::domain::calendar::{Instant, Month};
use crate::domain::ids::*;
use crate::domain::units::Watts;
use crate::error::{Error, Result};
use crate::services::billing::plans::{Sample, preview, preview_zone, save_draft};
use crate::services::billing::{operator_today, rating};
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, html, html_with, see_other};
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use rust_decimal::Decimal;
use std::collections::HashMap;

const MOST_KW: i64 = 1_000_000;

#[derive(Template)]
#[template(path = "billing/plan_form.html")]
struct FormPage {
    page: Page,
    form: Form,
    plan: Plan,
    sign: &'static str,
    action: String,
    zones: Vec<Vec<Cell>>,
    sla: Vec<Vec<Cell>>,
    priced: Option<Priced>,
    priced_note: String,
}

/// One input of a row.
struct Cell {
    name: String,
    label: String,
    kind: &'static str,
    value: String,
    error: Option<String>,
    unit: &'static str,
}

struct Known {
    plan: Plan,
    draft: Option<Version>,
    latest: Option<Version>,
    next: Month,
}

fn load(
    conn: &mut Conn,
    plan: PlanId,
    draft: Option<PlanVersionId>,
    now: Instant,
) -> Result<Known> {
    let row = plans::get(conn, plan)?;
    let versions = plans::versions(conn, plan)?;
    let draft = match draft {
        None => None,
        Some(id) => {
            let found = versions.iter().find(|it| it.id == id).cloned();
            let found = found.ok_or(Error::NotFound)?;
            if found.published_at.is_some() {
                return Err(Error::rule("plan-version-published"));
            }
            Some(found)
        }
    };
    Ok(Known {
        plan: row,
        draft,
        latest: versions.into_iter().next_back(),
        next: Month::of(operator_today(conn, now)?).next(),
    })
}

pub async fn new(visit: Visit, id: web::Path<i64>) -> Answer {
    let (id, now) = (PlanId(*id), visit.now);
    let known = visit.read(move |conn| load(conn, id, None, now)).await?;
    let mut form = Form::blank();
    match &known.latest {
        Some(version) => form = plan_terms::fill(form, &version.terms()?),
        None => form = form.with("zone_0_from", "00:00").with("zone_0_to", "00:00"),
    }
    let form = sample(form.with("effective_from", known.next.first()), &known);
    html(&shown(&visit, known, form, None))
}

pub async fn edit(visit: Visit, path: web::Path<(i64, i64)>) -> Answer {
    let (plan, version, now) = (PlanId(path.0), PlanVersionId(path.1), visit.now);
    let known = visit
        .read(move |conn| load(conn, plan, Some(version), now))
        .await?;
    let mut form = Form::blank();
    if let Some(draft) = &known.draft {
        form = plan_terms::fill(form, &draft.terms()?);
    }
    let form = sample(form, &known);
    html(&shown(&visit, known, form, None))
}

/// The month that a preview is made of, until another is typed.
fn sample(form: Form, known: &Known) -> Form {
    form.with("sample_month", known.next)
        .with("sample_kw", 100)
        .with("sample_racks", 2)
        .with("sample_load", 95)
}

fn shown(visit: &Visit, known: Known, form: Form, quote: Option<(InvoicePlan, bool)>) -> FormPage {
    let page = visit.page("nav-plans");
    let title = page.t1("bill-plan-version-title", "name", &known.plan.name);
    let page = page.named(title);
    let sign = words::currency(&known.plan.currency).sign();
    let action = match &known.draft {
        Some(draft) => format!("/plans/{}/versions/{}", known.plan.id, draft.id),
        None => format!("/plans/{}/versions", known.plan.id),
    };
    let note = quote.as_ref().map(|(plan, _)| page.month(plan.period));
    FormPage {
        zones: zone_cells(&page, &form, sign),
        sla: sla_cells(&page, &form),
        priced: quote.map(|(plan, payer)| explain::priced(&page, &plan, payer, None)),
        priced_note: note.unwrap_or_default(),
        plan: known.plan,
        sign,
        action,
        form,
        page,
    }
}

fn zone_cells(page: &Page, form: &Form, sign: &'static str) -> Vec<Vec<Cell>> {
    let columns = [
        ("name", "bill-plan-zone", "text", ""),
        ("from", "bill-plan-zone-from", "time", ""),
        ("to", "bill-plan-zone-to", "time", ""),
        ("price", "bill-plan-zone-price", "number", sign),
    ];
    let row = |at| columns.map(|it| cell(page, form, ("zone", at), it));
    (0..ZONES).map(|at| row(at).into()).collect()
}

fn sla_cells(page: &Page, form: &Form) -> Vec<Vec<Cell>> {
    let columns = [
        ("below", "bill-plan-sla-below", "number", "%"),
        ("credit", "bill-plan-sla-credit", "number", "%"),
    ];
    let row = |at| columns.map(|it| cell(page, form, ("sla", at), it));
    (0..SLA_ROWS).map(|at| row(at).into()).collect()
}

fn cell(
    page: &Page,
    form: &Form,
    (row, at): (&str, usize),
    (what, label, kind, unit): (&str, &str, &'static str, &'static str),
) -> Cell {
    let name = format!("{row}_{at}_{what}");
    let label = crate::text::t(page.locale, label);
    Cell {
        label: format!("{label}, {}", at + 1),
        kind,
        value: form.value(&name).to_owned(),
        error: form.error(&name).map(|it| page.say(it)),
        unit,
        name,
    }
}

pub async fn create(
    visit: Visit,
    id: web::Path<i64>,
    fields: web::Form<HashMap<String, String>>,
) -> Answer {
    put(visit, PlanId(*id), None, fields.into_inner()).await
}

pub async fn save(
    visit: Visit,
    path: web::Path<(i64, i64)>,
    fields: web::Form<HashMap<String, String>>,
) -> Answer {
    let (plan, version) = path.into_inner();
    let version = Some(PlanVersionId(version));
    put(visit, PlanId(plan), version, fields.into_inner()).await
}

async fn put(
    visit: Visit,
    plan: PlanId,
    version: Option<PlanVersionId>,
    fields: HashMap<String, String>,
) -> Answer {
    let now = visit.now;
    let known = visit
        .read(move |conn| load(conn, plan, version, now))
        .await?;
    let mut form = Form::from_values(fields);
    let looks = form.value("step") == "preview";
    let typed = plan_terms::parse(&mut form);
    let asked = if looks { asked(&mut form) } else { None };
    let mut quote = None;
    match typed {
        Some(typed) if looks => {
            if let Some(sample) = asked {
                quote = quoted(&visit, &known, &typed, sample, &mut form).await?;
            }
        }
        Some(typed) => match saved(&visit, plan, version, &typed, &form.form_key).await {
            Ok(path) => return Ok(see_other(&path)),
            Err(error) => form.absorb(typed.rename(error))?,
        },
        None => {}
    }
    let status = if form.ok() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    html_with(status, &shown(&visit, known, form, quote))
}

async fn saved(
    visit: &Visit,
    plan: PlanId,
    version: Option<PlanVersionId>,
    typed: &Typed,
    key: &str,
) -> Result<String> {
    let (actor, now, terms) = (visit.who.actor, visit.now, typed.terms.clone());
    words::once(visit, key, move |app| {
        save_draft(&app.db, &actor, now, plan, version, &terms)?;
        Ok(format!("/plans/{plan}?done=bill-plan-draft"))
    })
    .await
}

fn asked(form: &mut Form) -> Option<Sample> {
    let month = form.month("sample_month");
    let kw = form.decimal("sample_kw", Decimal::ZERO..=Decimal::from(MOST_KW), 3);
    let racks = form.decimal("sample_racks", Decimal::ZERO..=Decimal::from(10_000), 3);
    let load = form.decimal("sample_load", Decimal::ZERO..=Decimal::ONE_HUNDRED, 2);
    let (kw, load) = (kw?, load?);
    Some(Sample {
        month: month?,
        kw,
        racks: racks?,
        watts: Watts::from_kilo(kw * load / Decimal::ONE_HUNDRED)?,
    })
}

async fn quoted(
    visit: &Visit,
    known: &Known,
    typed: &Typed,
    sample: Sample,
    form: &mut Form,
) -> std::result::Result<Option<(InvoicePlan, bool)>, crate::web::problem::Problem> {
    let terms = typed.terms.clone();
    let currency = words::currency(&known.plan.currency);
    let (priced, payer) = visit
        .read(move |conn| {
            let zone = preview_zone(conn)?;
            let rates = rating::vat_rates(conn)?;
            let payer = rates.iter().any(|it| !it.rate.is_zero());
            Ok((preview(conn, &terms, currency, zone, sample)?, payer))
        })
        .await?;
    match priced {
        Ok(plan) => Ok(Some((plan, payer))),
        Err(errors) => {
            for error in errors.iter().take(3) {
                let key = format!("bill-quote-{}", error.code().replace('_', "-"));
                let known = crate::text::has(visit.reader.locale, &key);
                let key = if known {
                    key
                } else {
                    "bill-quote-other".to_owned()
                };
                form.fail_all(crate::domain::message::Message::new(&key));
            }
            Ok(None)
        }
    }
}
