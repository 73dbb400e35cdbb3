//! A month before and after it is issued: every lease with its lines, what cannot be billed and why.

use super::explain::{self, Priced};
use super::{issue, runs as list, words};
use crate::db::Conn;
use crate::db::billing::runs::{ISSUING, Run};
use crate::db::billing::{invoices, runs};
use crate::db::identity::operators;
use crate::domain::billing::invoice_plan::InvoicePlan;
use crate::domain::calendar::Instant;
use crate::domain::identity::access::Permission;
use crate::domain::ids::*;
use crate::domain::money::{Currency, Minor};
use crate::error::Result;
use crate::services::billing::runs::{self as months, Entry, Preview};
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, Tone, html, see_other};
use crate::web::parts::{Notice, Progress};
use crate::web::visit::Answer;
use actix_web::web;
use askama::Template;
use std::collections::HashMap;

#[derive(Template)]
#[template(path = "billing/run.html")]
struct ShowPage {
    page: Page,
    id: RunId,
    month: String,
    state: String,
    tone: &'static str,
    form_key: String,
    stats: Vec<Stat>,
    rows: Vec<Row>,
    blocked: Vec<Blocked>,
    progress: Option<Progress>,
    may_run: bool,
    /// Only then is it known what would be issued.
    computed: bool,
    ready: i64,
    issued: i64,
}

struct Stat {
    label: String,
    value: String,
    note: String,
    tone: &'static str,
}

/// One lease of the month.
struct Row {
    lease: LeaseId,
    number: String,
    tenant: String,
    state: String,
    tone: &'static str,
    invoice: Option<(InvoiceId, String)>,
    kwh: String,
    estimated: String,
    net: String,
    vat: String,
    total: String,
    difference: String,
    priced: Option<Priced>,
    notices: Vec<Notice>,
    usage: String,
}

/// A lease that cannot be billed, with what to mend.
struct Blocked {
    name: String,
    notices: Vec<Notice>,
}

pub struct Loaded {
    pub run: Run,
    pub preview: Preview,
    before: HashMap<LeaseId, Minor>,
    vat_payer: bool,
}

pub fn load(conn: &mut Conn, id: RunId, now: Instant) -> Result<Loaded> {
    let run = runs::get(conn, id)?;
    let month = run.month()?;
    let before = invoices::billed(conn, month.previous())?.into_iter();
    let operator = operators::get(conn)?;
    Ok(Loaded {
        preview: months::preview(conn, month, now)?,
        before: before.map(|(lease, _, _, total)| (lease, total)).collect(),
        vat_payer: operator.is_none_or(|it| it.vat_payer),
        run,
    })
}

pub async fn show(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = RunId(*id);
    let loaded = issue::moved_on(&visit, id).await?;
    let (run, preview) = (&loaded.run, &loaded.preview);
    let page = visit.page("nav-runs");
    let title = page.t1("bill-run-title", "month", page.month(preview.month));
    let page = page.named(title);
    let sums = preview.sums();
    let rows = preview.entries.iter();
    html(&ShowPage {
        id,
        month: run.month.clone(),
        state: page.code("bill-run-state", &run.state),
        tone: list::tone(&run.state).code(),
        form_key: crate::web::form::new_form_key(),
        stats: stats(&page, preview),
        rows: rows.map(|it| row(&page, &visit, &loaded, it)).collect(),
        blocked: blocked(&page, &visit, preview),
        progress: issue::progress_of(&page, run, preview),
        computed: preview.waiting() == 0,
        may_run: visit.who.may(Permission::RunMonth) && run.state != ISSUING,
        ready: sums.values().map(|it| it.ready).sum(),
        issued: sums.values().map(|it| it.issued).sum(),
        page,
    })
}

fn stats(page: &Page, preview: &Preview) -> Vec<Stat> {
    let stat = |label: String, value: String, note: String, tone| Stat {
        label,
        value,
        note,
        tone,
    };
    let mut stats = vec![];
    for (currency, sums) in preview.sums() {
        if sums.ready > 0 || sums.issued == 0 {
            stats.push(stat(
                page.t("bill-run-ready"),
                page.money(sums.ready_total, currency),
                page.t1("bill-count-invoices", "count", sums.ready),
                "",
            ));
        }
        if sums.issued > 0 {
            stats.push(stat(
                page.t("bill-run-issued"),
                page.money(sums.issued_total, currency),
                page.t1("bill-count-invoices", "count", sums.issued),
                "ok",
            ));
        }
    }
    stats.push(stat(
        page.t("bill-run-blocked"),
        page.count(preview.blocked()),
        page.t1("bill-run-of-leases", "count", preview.entries.len() as i64),
        if preview.blocked() > 0 { "warn" } else { "" },
    ));
    stats
}

fn state(entry: &Entry) -> (&'static str, Tone) {
    if entry.invoice.is_some() {
        ("bill-entry-state-issued", Tone::Ok)
    } else if !entry.blockers.is_empty() {
        ("bill-entry-state-blocked", Tone::Warn)
    } else if entry.is_ready() {
        ("bill-entry-state-ready", Tone::Info)
    } else {
        ("bill-entry-state-waiting", Tone::Muted)
    }
}

fn row(page: &Page, visit: &Visit, loaded: &Loaded, entry: &Entry) -> Row {
    let (state, tone) = state(entry);
    let lease = &entry.lease;
    let usage = format!("/leases/{}/usage?month={}", lease.id, loaded.run.month);
    let plan = entry.month.as_ref().filter(|it| !it.plan.is_empty());
    let plan = plan.and_then(|it| serde_json::from_str::<InvoicePlan>(&it.plan).ok());
    let money = |minor: Option<Minor>, currency: Currency| match minor {
        Some(minor) => page.money(minor, currency),
        None => page.t("none"),
    };
    let currency = plan.as_ref().map_or(Currency::Rub, |it| it.currency);
    let before = loaded.before.get(&lease.id).copied();
    let total = plan.as_ref().map(|it| it.total);
    let difference = total.zip(before).map(|(now, before)| now - before);
    let month = entry.month.as_ref();
    let priced = plan
        .as_ref()
        .map(|it| explain::priced(page, it, loaded.vat_payer, Some(&usage)));
    Row {
        lease: lease.id,
        number: lease.number.clone(),
        tenant: entry.tenant.clone(),
        state: page.t(state),
        tone: tone.code(),
        invoice: entry.invoice.as_ref().map(|it| (it.0, it.1.clone())),
        kwh: month.map_or_else(|| page.t("none"), |it| page.kwh_num(it.wh, 0)),
        estimated: month
            .map(|it| explain::estimated_share(page, it.estimated_wh, it.wh))
            .unwrap_or_default(),
        net: money(plan.as_ref().map(|it| it.net), currency),
        vat: money(plan.as_ref().map(|it| it.vat), currency),
        total: money(total, currency),
        difference: match difference {
            Some(more) if more > Minor::ZERO => format!("+{}", page.money(more, currency)),
            other => money(other, currency),
        },
        notices: words::blockers(page, visit, &entry.blockers),
        priced,
        usage,
    }
}

fn blocked(page: &Page, visit: &Visit, preview: &Preview) -> Vec<Blocked> {
    let open = preview.entries.iter().filter(|it| it.invoice.is_none());
    open.filter(|it| !it.blockers.is_empty())
        .map(|it| Blocked {
            name: format!("{} · {}", it.lease.number, it.tenant),
            notices: words::blockers(page, visit, &it.blockers),
        })
        .collect()
}

pub async fn recompute(
    visit: Visit,
    id: web::Path<i64>,
    fields: web::Form<HashMap<String, String>>,
) -> Answer {
    let form = Form::from_values(fields.into_inner());
    let (actor, now, id) = (visit.who.actor, visit.now, RunId(*id));
    let path = words::once(&visit, &form.form_key, move |app| {
        months::recompute(&app.db, &actor, now, id)?;
        Ok(format!("/runs/{id}"))
    });
    Ok(see_other(&path.await?))
}
