//! A month is issued: in numbers before it is done, with its progress while it runs.

use super::run::{Loaded, load};
use super::words;
use crate::db::billing::runs::{ISSUING, Run};
use crate::domain::ids::RunId;
use crate::domain::message::Message;
use crate::domain::money::{Currency, Minor};
use crate::services::billing::runs::{self as months, Confirmed, Preview};
use crate::web::door::Visit;
use crate::web::form::{Form, new_form_key};
use crate::web::page::{Page, Tone, html, see_other};
use crate::web::parts::{self, Confirm, ConfirmPage, Fact, Progress};
use crate::web::problem::Problem;
use crate::web::visit::Answer;
use actix_web::web;
use std::collections::HashMap;

/// Months that one look computes.
const HELPED: usize = 4;

pub async fn confirm(visit: Visit, id: web::Path<i64>) -> Answer {
    let (id, now) = (RunId(*id), visit.now);
    let loaded = visit.read(move |conn| load(conn, id, now)).await?;
    let confirmed = loaded.preview.ready();
    let ready: i64 = confirmed.values().map(|(count, _)| count).sum();
    if loaded.preview.waiting() > 0 {
        return Err(Problem::Conflict(Message::new("run-still-computed")));
    }
    if ready == 0 {
        return Err(Problem::Conflict(Message::new("bill-run-nothing")));
    }
    let page = visit.page("bill-run-issue-title");
    let confirm = Confirm {
        lead: page.t2(
            "bill-run-issue-lead",
            "count",
            ready,
            "month",
            page.month(loaded.preview.month),
        ),
        facts: facts(&page, &loaded),
        warning: Some(page.t("bill-run-issue-warning")),
        action: format!("/runs/{id}/issue"),
        fields: vec![("confirmed".to_owned(), written(&confirmed))],
        submit: page.t1("bill-run-issue", "count", ready),
        cancel: format!("/runs/{id}"),
        danger: false,
    };
    html(&ConfirmPage {
        page,
        confirm,
        form_key: new_form_key(),
    })
}

fn facts(page: &Page, loaded: &Loaded) -> Vec<Fact> {
    let preview = &loaded.preview;
    let mut facts = vec![];
    for (currency, sums) in preview.sums() {
        if sums.ready > 0 {
            let count = page.t1("bill-count-invoices", "count", sums.ready);
            facts.push(Fact::new(count, page.money(sums.ready_total, currency)));
        }
    }
    let blocked = page.count(preview.blocked());
    facts.push(Fact::new(page.t("bill-run-stay-blocked"), blocked));
    facts
}

/// `RUB 3 2635200`: count and minor units of each currency.
fn written(confirmed: &Confirmed) -> String {
    let each = confirmed.iter();
    let each =
        each.map(|(currency, (count, sum))| format!("{} {count} {}", currency.code(), sum.0));
    each.collect::<Vec<_>>().join(", ")
}

fn read(text: &str) -> Option<Confirmed> {
    let each = text.split(", ").map(|part| {
        let mut words = part.split(' ');
        let currency = Currency::parse(words.next()?)?;
        let (count, sum) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        Some((currency, (count, Minor(sum))))
    });
    each.collect()
}

pub async fn order(
    visit: Visit,
    id: web::Path<i64>,
    fields: web::Form<HashMap<String, String>>,
) -> Answer {
    let form = Form::from_values(fields.into_inner());
    let (actor, now, id) = (visit.who.actor, visit.now, RunId(*id));
    let confirmed = read(form.value("confirmed"));
    let path = words::once(&visit, &form.form_key, move |app| {
        months::issue(&app.db, &actor, now, id, confirmed.as_ref())?;
        Ok(format!("/runs/{id}"))
    });
    Ok(see_other(&path.await?))
}

/// The card of the running work alone.
pub async fn progress(visit: Visit, id: web::Path<i64>) -> Answer {
    let loaded = moved_on(&visit, RunId(*id)).await?;
    let page = visit.page("nav-runs");
    let (run, preview) = (&loaded.run, &loaded.preview);
    let progress = match progress_of(&page, run, preview) {
        Some(progress) => progress,
        None => ended(&page, run, preview),
    };
    parts::progress(page, progress)
}

/// The run as it is; whoever looks at months that are still computed helps with a few of them, so
/// that they come to an end whatever became of the jobs.
pub async fn moved_on(visit: &Visit, id: RunId) -> std::result::Result<Loaded, Problem> {
    let now = visit.now;
    let loaded = visit.read(move |conn| load(conn, id, now)).await?;
    if loaded.preview.waiting() == 0 {
        return Ok(loaded);
    }
    let month = loaded.preview.month;
    visit
        .run(move |app| months::compute(&app.db, month, now, HELPED))
        .await?;
    visit.read(move |conn| load(conn, id, now)).await
}

/// What is under way; nothing where all is computed and no issue was ordered.
pub fn progress_of(page: &Page, run: &Run, preview: &Preview) -> Option<Progress> {
    let all = preview.entries.len() as i64;
    let (title, done, all) = if run.state == ISSUING {
        ("bill-progress-issue", run.done, run.total)
    } else if preview.waiting() > 0 {
        let waiting = preview.waiting() as i64;
        ("bill-progress-compute", all - waiting, all)
    } else {
        return None;
    };
    Some(Progress {
        title: page.t(title),
        note: page.t2("bill-progress-of", "done", done, "all", all),
        percent: done.saturating_mul(100) / all.max(1),
        tone: Tone::Info,
        poll: Some(format!("/runs/{}/progress", run.id)),
        cancel: None,
        report: None,
    })
}

fn ended(page: &Page, run: &Run, preview: &Preview) -> Progress {
    let issued: i64 = preview.sums().values().map(|it| it.issued).sum();
    Progress {
        title: page.t("bill-progress-done"),
        note: page.t2(
            "bill-progress-result",
            "issued",
            issued,
            "blocked",
            preview.blocked() as i64,
        ),
        percent: 100,
        tone: Tone::Ok,
        poll: None,
        cancel: None,
        report: Some(format!("/runs/{}", run.id)),
    }
}
