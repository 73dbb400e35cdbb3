//! The months that were run, and the form that opens one.

use super::words;
use crate::db::Conn;
use crate::db::billing::invoices::{self, Filter, Totals};
use crate::db::billing::runs::{self, Run};
use crate::domain::calendar::{Instant, Month};
use crate::domain::identity::access::Permission;
use crate::domain::ids::RunId;
use crate::error::Result;
use crate::services::billing::{operator_today, runs as months};
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, Tone, html, html_with, see_other};
use crate::web::problem::Problem;
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use std::collections::HashMap;

#[derive(Template)]
#[template(path = "billing/runs.html")]
struct ListPage {
    page: Page,
    rows: Vec<Row>,
    form: Form,
    may_run: bool,
}

struct Row {
    id: RunId,
    month: String,
    state: String,
    tone: &'static str,
    issued: String,
    invoices: i64,
    sums: Vec<[String; 3]>,
}

pub fn tone(state: &str) -> Tone {
    match state {
        runs::ISSUED => Tone::Ok,
        runs::ISSUING => Tone::Info,
        _ => Tone::Warn,
    }
}

type Known = (Vec<(Run, Vec<Totals>)>, Month);

fn load(conn: &mut Conn, now: Instant) -> Result<Known> {
    let today = operator_today(conn, now)?;
    let mut rows = vec![];
    for run in runs::all(conn)? {
        let mut filter = Filter::new(today);
        filter.run = Some(run.id);
        let totals = invoices::totals(conn, &filter)?;
        rows.push((run, totals));
    }
    Ok((rows, Month::of(today).previous()))
}

fn row(page: &Page, (run, totals): &(Run, Vec<Totals>)) -> Row {
    let sums = totals.iter().map(|it| {
        let currency = words::currency(&it.currency);
        [it.net, it.vat, it.total].map(|minor| page.money(minor, currency))
    });
    let issued = run.issued_at.map(|at| page.dt(at));
    Row {
        id: run.id,
        month: words::month(page, &run.month),
        state: page.code("bill-run-state", &run.state),
        tone: tone(&run.state).code(),
        issued: issued.unwrap_or_else(|| page.t("none")),
        invoices: totals.iter().map(|it| it.count).sum(),
        sums: sums.collect(),
    }
}

async fn shown(visit: &Visit, form: Form) -> std::result::Result<ListPage, Problem> {
    let now = visit.now;
    let (rows, last) = visit.read(move |conn| load(conn, now)).await?;
    let page = visit.page("nav-runs");
    let form = if form.value("month").is_empty() && form.ok() {
        form.with("month", last)
    } else {
        form
    };
    Ok(ListPage {
        rows: rows.iter().map(|it| row(&page, it)).collect(),
        may_run: visit.who.may(Permission::RunMonth),
        form,
        page,
    })
}

pub async fn list(visit: Visit) -> Answer {
    html(&shown(&visit, Form::blank()).await?)
}

pub async fn open(visit: Visit, fields: web::Form<HashMap<String, String>>) -> Answer {
    let mut form = Form::from_values(fields.into_inner());
    if let Some(month) = form.month("month") {
        let (actor, now) = (visit.who.actor, visit.now);
        let opened = visit.run(move |app| months::open(&app.db, &actor, now, month));
        match opened.await {
            Ok(id) => return Ok(see_other(&format!("/runs/{id}"))),
            Err(error) => form.absorb(error)?,
        }
    }
    html_with(
        StatusCode::UNPROCESSABLE_ENTITY,
        &shown(&visit, form).await?,
    )
}
