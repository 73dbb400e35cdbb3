//! The outbox: what was mailed, what waits, what could not be sent and why.

use super::{history, part};
use crate::db::identity::lists;
use crate::db::identity::mails::{self as rows, Mail};
use crate::db::trail;
use crate::domain::identity::MailState;
use crate::domain::ids::MailId;
use crate::error::Error;
use crate::services::outbox as service;
use crate::web::door::Visit;
use crate::web::list::{Cursor, ListParams, ListSpec, page_of};
use crate::web::page::{Page, html, see_other};
use crate::web::parts::{Choice, Fact, Happening};
use crate::web::problem::Problem;
use crate::web::visit::Answer;
use actix_web::web::Path;
use askama::Template;

const SPEC: ListSpec = ListSpec {
    sorts: &["id"],
    descending: true,
    filters: &["state"],
};

#[derive(Template)]
#[template(path = "identity/outbox.html")]
struct Outbox {
    page: Page,
    list: ListParams,
    rows: Vec<Line>,
    next: Option<String>,
    states: Vec<Choice>,
}

struct Line {
    id: MailId,
    at: String,
    to: String,
    subject: String,
    kind: String,
    state: String,
    tone: &'static str,
    note: String,
}

fn tone(mail: &Mail) -> &'static str {
    match mail.state {
        MailState::Sent => "ok",
        MailState::Failed => "danger",
        MailState::Waiting if mail.attempts > 0 => "warn",
        MailState::Waiting => "info",
    }
}

fn kind(page: &Page, mail: &Mail) -> String {
    let key = format!("outbox-kind-{}", mail.kind);
    match crate::text::has(page.locale, &key) {
        true => page.t(&key),
        false => mail.kind.clone(),
    }
}

/// When it went, or when it is tried again.
fn note(page: &Page, mail: &Mail) -> String {
    match (mail.state, mail.sent_at) {
        (MailState::Sent, Some(at)) => page.dt(at),
        (MailState::Waiting, _) if mail.attempts > 0 => {
            page.t1("outbox-again-at", "at", page.dt(mail.next_at))
        }
        _ => String::new(),
    }
}

fn line(page: &Page, mail: &Mail) -> Line {
    Line {
        id: mail.id,
        at: page.dt(mail.created_at),
        to: mail.to_address.clone(),
        subject: mail.subject.clone(),
        kind: kind(page, mail),
        state: page.code("outbox-state", mail.state),
        tone: tone(mail),
        note: note(page, mail),
    }
}

pub async fn list(visit: Visit) -> Answer {
    let list = visit.list(SPEC);
    let (state, wanted) = (MailState::parse(list.filter("state")), part(&list));
    let rows = visit
        .read(move |conn| lists::mails(conn, state, &wanted))
        .await?;
    let (rows, next) = page_of(rows, &list, |row| Cursor::new("", row.id.0));
    let page = visit.page("nav-outbox");
    let states = MailState::ALL
        .iter()
        .map(|state| Choice::new(state.code(), page.code("outbox-state", state)))
        .collect();
    html(&Outbox {
        rows: rows.iter().map(|mail| line(&page, mail)).collect(),
        states,
        page,
        list,
        next,
    })
}

#[derive(Template)]
#[template(path = "identity/mail.html")]
struct MailPage {
    page: Page,
    id: MailId,
    facts: Vec<Fact>,
    state: String,
    tone: &'static str,
    error: String,
    body: String,
    may_retry: bool,
    history: Vec<Happening>,
}

pub async fn show(visit: Visit, id: Path<i64>) -> Answer {
    let id = MailId(*id);
    let (mail, happened) = visit
        .read(move |conn| Ok((rows::get(conn, id)?, trail::of(conn, "mail", id.0, 20)?)))
        .await?;
    let page = visit.page("nav-outbox").named(mail.subject.clone());
    let mut facts = vec![
        Fact::new(page.t("outbox-to"), &mail.to_address),
        Fact::new(page.t("outbox-kind"), kind(&page, &mail)),
        Fact::new(page.t("outbox-written"), page.dt(mail.created_at)),
        Fact::new(
            page.t("outbox-attempts"),
            page.int(i64::from(mail.attempts)),
        ),
    ];
    match (mail.state, mail.sent_at) {
        (MailState::Sent, Some(at)) => facts.push(Fact::new(page.t("outbox-sent"), page.dt(at))),
        (MailState::Waiting, _) => {
            facts.push(Fact::new(page.t("outbox-next"), page.dt(mail.next_at)));
        }
        _ => {}
    }
    if let Some(invoice) = mail.invoice_id {
        let fact = Fact::new(page.t("outbox-invoice"), page.t("outbox-invoice-open"));
        facts.push(fact.linked(format!("/invoices/{invoice}")));
    }
    html(&MailPage {
        id,
        facts,
        state: page.code("outbox-state", mail.state),
        tone: tone(&mail),
        body: service::without_secret(&mail),
        may_retry: mail.state != MailState::Sent,
        error: mail.last_error,
        history: history(&page, &happened),
        page,
    })
}

pub async fn retry(visit: Visit, id: Path<i64>) -> Answer {
    let (id, who, now) = (MailId(*id), visit.who.actor, visit.now);
    let retried = visit
        .run(move |app| service::retry(&app.db, &who, now, id))
        .await;
    match retried {
        Ok(()) => Ok(see_other(&format!("/outbox/{id}?done=mail-queued"))),
        Err(Error::Rule(message)) => Err(Problem::Conflict(message)),
        Err(error) => Err(error.into()),
    }
}
