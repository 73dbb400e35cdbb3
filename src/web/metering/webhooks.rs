//! Addresses of programs that a site's incidents are told to: added, tried, taken away, and what
//! became of each message.

use super::words::Fields;
use crate::db::identity::users;
use crate::db::metering::alarms::{self as incidents, Incident};
use crate::db::metering::webhooks::{self as rows, Delivery, Webhook};
use crate::db::site::sites::{self, Site};
use crate::domain::cursor::Cursor;
use crate::domain::identity::MailState;
use crate::domain::ids::*;
use crate::domain::metering::webhook::{Event, host};
use crate::services::metering::webhooks as service;
use crate::web::door::Visit;
use crate::web::form::{Form, new_form_key};
use crate::web::list::{ListParams, ListSpec, PAGE_SIZE, page_of as part_of};
use crate::web::page::{Page, Tone, html, html_with, no_store, see_other};
use crate::web::parts::{Confirm, ConfirmPage, Fact};
use crate::web::problem::Problem;
use crate::web::site::common::page_of;
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use std::collections::HashMap;

const SPEC: ListSpec = ListSpec {
    sorts: &["id"],
    descending: true,
    filters: &[],
};

/// An address of a site with what is the matter with it.
pub struct Summary {
    pub id: WebhookId,
    pub host: String,
    pub waiting: i64,
    pub failed: i64,
}

/// The addresses of a site, for the page of its rules.
pub fn summaries(conn: &mut crate::db::Conn, site: SiteId) -> crate::error::Result<Vec<Summary>> {
    let unsent = rows::unsent_of_site(conn, site)?;
    let count = |id: WebhookId, state: MailState| {
        let of = unsent.iter().find(|it| (it.0, it.1) == (id, state));
        of.map_or(0, |it| it.2)
    };
    let all = rows::of_site(conn, site)?.into_iter();
    Ok(all
        .map(|row| Summary {
            id: row.id,
            host: host(&row.url).to_owned(),
            waiting: count(row.id, MailState::Waiting),
            failed: count(row.id, MailState::Failed),
        })
        .collect())
}

#[derive(Template)]
#[template(path = "metering/webhook_form.html")]
struct New {
    page: Page,
    form: Form,
    site: SiteId,
}

async fn asked(visit: &Visit, id: SiteId, form: Form, status: StatusCode) -> Answer {
    let site = visit.read(move |conn| sites::get(conn, id)).await?;
    let page = page_of(visit, &site.name, site.zone());
    let title = page.t("webhook-new");
    let page = page.named(title);
    let site = id;
    html_with(status, &New { page, form, site })
}

pub async fn blank(visit: Visit, id: web::Path<i64>) -> Answer {
    asked(&visit, SiteId(*id), Form::blank(), StatusCode::OK).await
}

/// Fields: `url`. Answers with the page of the address, with its secret on it.
pub async fn create(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let id = SiteId(*id);
    let mut form = Form::from_values(fields.into_inner());
    let Some(url) = form.text("url", 500) else {
        return asked(&visit, id, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let (who, now, key) = (visit.who.actor, visit.now, form.form_key.clone());
    let added = visit
        .run(move |app| service::add(&app.db, &who, now, id, &url, &key))
        .await;
    match added {
        Ok(row) => no_store(shown(&visit, row.id, Some(row.secret)).await),
        Err(error) => {
            form.absorb(error)?;
            asked(&visit, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// A message as it is read.
struct Line {
    id: DeliveryId,
    at: String,
    event: String,
    /// The incident's page with its sentence.
    incident: Option<(IncidentId, String)>,
    state: String,
    tone: &'static str,
    note: String,
    error: String,
    attempts: String,
    /// Whether it may be sent again: it was tried before.
    again: bool,
}

#[derive(Template)]
#[template(path = "metering/webhook.html")]
struct Show {
    page: Page,
    id: WebhookId,
    site: SiteId,
    facts: Vec<Fact>,
    /// Shown now and never again.
    secret: Option<String>,
    list: ListParams,
    rows: Vec<Line>,
    next: Option<String>,
}

fn tone(row: &Delivery) -> &'static str {
    match row.state {
        MailState::Sent => "ok",
        MailState::Failed => "danger",
        MailState::Waiting if row.attempts > 0 => "warn",
        MailState::Waiting => "info",
    }
}

fn line(page: &Page, row: &Delivery, known: &HashMap<IncidentId, Incident>) -> Line {
    let incident = row.incident_id.and_then(|id| known.get(&id));
    let note = match (row.state, row.sent_at) {
        (MailState::Sent, Some(at)) => page.dt(at),
        (MailState::Waiting, _) if row.attempts > 0 => {
            page.t1("webhook-again-at", "at", page.dt(row.next_at))
        }
        _ => String::new(),
    };
    Line {
        id: row.id,
        at: page.dt(row.created_at),
        event: page.t(event_key(row.event)),
        incident: incident.map(|it| {
            let said = crate::services::metering::alarms::line(page.locale, it);
            (it.id, said)
        }),
        state: page.code("webhook-state", row.state),
        tone: tone(row),
        note,
        error: row.last_error.clone(),
        attempts: page.int(i64::from(row.attempts)),
        again: row.state != MailState::Waiting || row.attempts > 0,
    }
}

fn event_key(event: Event) -> &'static str {
    match event {
        Event::Opened => "webhook-event-opened",
        Event::Acknowledged => "webhook-event-acknowledged",
        Event::Cleared => "webhook-event-cleared",
        Event::Test => "webhook-event-test",
    }
}

struct Seen {
    row: Webhook,
    site: Site,
    by: Option<String>,
    messages: Vec<Delivery>,
    incidents: HashMap<IncidentId, Incident>,
}

fn see(
    conn: &mut crate::db::Conn,
    id: WebhookId,
    before: Option<DeliveryId>,
) -> crate::error::Result<Seen> {
    let row = rows::get(conn, id)?;
    let messages = rows::deliveries(conn, id, before, PAGE_SIZE + 1)?;
    let about: Vec<IncidentId> = messages.iter().filter_map(|it| it.incident_id).collect();
    let known = incidents::by_ids(conn, &about)?;
    Ok(Seen {
        site: sites::get(conn, row.site_id)?,
        by: match row.created_by {
            Some(user) => Some(users::get(conn, user)?.name),
            None => None,
        },
        incidents: known.into_iter().map(|it| (it.id, it)).collect(),
        messages,
        row,
    })
}

async fn shown(visit: &Visit, id: WebhookId, secret: Option<String>) -> Answer {
    let list = ListParams::parse(&format!("/webhooks/{id}"), &visit.query, SPEC);
    let before = list.after.as_ref().map(|it| DeliveryId(it.id));
    let seen = visit.read(move |conn| see(conn, id, before)).await?;
    let (messages, next) = part_of(seen.messages, &list, |it| Cursor::new("", it.id.0));
    let mut page = page_of(visit, host(&seen.row.url), seen.site.zone());
    if secret.is_some() {
        let said = page.t("done-webhook-added");
        page = page.flash(Tone::Ok, said);
    }
    let added = page.t2(
        "incident-who-when",
        "who",
        seen.by.unwrap_or_else(|| page.t("history-house")),
        "at",
        page.dt(seen.row.created_at),
    );
    let template = Show {
        facts: vec![
            Fact::new(page.t("webhook-url"), seen.row.url),
            Fact::new(page.t("wish-site"), seen.site.name)
                .linked(format!("/sites/{}/alarm-rules", seen.site.id)),
            Fact::new(page.t("webhook-added"), added),
        ],
        rows: messages
            .iter()
            .map(|it| line(&page, it, &seen.incidents))
            .collect(),
        site: seen.site.id,
        id,
        page,
        secret,
        list,
        next,
    };
    html(&template)
}

pub async fn show(visit: Visit, id: web::Path<i64>) -> Answer {
    shown(&visit, WebhookId(*id), None).await
}

pub async fn test(visit: Visit, id: web::Path<i64>) -> Answer {
    let (id, who, now) = (WebhookId(*id), visit.who.actor, visit.now);
    visit
        .run(move |app| service::test(&app.db, &who, now, id))
        .await
        .map_err(Problem::from)?;
    Ok(see_other(&format!("/webhooks/{id}?done=webhook-tested")))
}

pub async fn send_again(visit: Visit, id: web::Path<i64>) -> Answer {
    let (id, who, now) = (DeliveryId(*id), visit.who.actor, visit.now);
    let of = visit
        .run(move |app| service::send_again(&app.db, &who, now, id))
        .await
        .map_err(Problem::from)?;
    Ok(see_other(&format!("/webhooks/{of}?done=webhook-again")))
}

pub async fn removing(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = WebhookId(*id);
    let row = visit.read(move |conn| rows::get(conn, id)).await?;
    let page = visit.page("webhook-remove-title");
    let confirm = Confirm {
        lead: page.t1("webhook-remove-lead", "host", host(&row.url)),
        facts: vec![Fact::new(page.t("webhook-url"), &row.url)],
        warning: Some(page.t("webhook-remove-warning")),
        action: format!("/webhooks/{id}/removal"),
        fields: vec![],
        submit: page.t("webhook-remove"),
        cancel: format!("/webhooks/{id}"),
        danger: true,
    };
    html(&ConfirmPage {
        page,
        confirm,
        form_key: new_form_key(),
    })
}

pub async fn remove(visit: Visit, id: web::Path<i64>) -> Answer {
    let (id, who, now) = (WebhookId(*id), visit.who.actor, visit.now);
    let site = visit
        .run(move |app| service::remove(&app.db, &who, now, id))
        .await
        .map_err(Problem::from)?;
    Ok(see_other(&format!(
        "/sites/{site}/alarm-rules?done=webhook-removed"
    )))
}
