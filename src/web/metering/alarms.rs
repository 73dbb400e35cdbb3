//! Alarms: incidents that go on and that are over, and taking note of one.

use super::words::Fields;
use crate::db::identity::users;
use crate::db::metering::alarms::{self as rows, Filter, Incident};
use crate::db::site::sites;
use crate::domain::identity::access::Permission;
use crate::domain::ids::*;
use crate::domain::metering::alarm::Kind;
use crate::export::table::{Column, Kind as Shape, Table};
use crate::services::metering::alarms as service;
use crate::services::metering::curve::Subject;
use crate::web::door::Visit;
use crate::web::files;
use crate::web::form::Form;
use crate::web::leasing::listed::{EXPORT_ROWS, site_choices};
use crate::web::list::{ListParams, ListSpec, PAGE_SIZE, page_of};
use crate::web::page::{Page, Tone, html, html_with, see_other};
use crate::web::parts::{Choice, Fact};
use crate::web::site::common::codes;
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;

/// From the largest on: those that go on first, then the newest.
const SPEC: ListSpec = ListSpec {
    sorts: &["raised"],
    descending: true,
    filters: &["kind", "state", "site"],
};
const OPEN: &str = "open";
const UNSEEN: &str = "unseen";
const OVER: &str = "over";
const NOTE_MAX: usize = 500;

/// One incident as it is read.
struct Line {
    id: IncidentId,
    label: String,
    kind: String,
    site: String,
    value: String,
    limit: String,
    raised: String,
    state: String,
    tone: &'static str,
    /// When it was over.
    over: String,
    note: String,
}

#[derive(Template)]
#[template(path = "metering/alarms.html")]
struct List {
    page: Page,
    list: ListParams,
    rows: Vec<Line>,
    next: Option<String>,
    count: i64,
    kinds: Vec<Choice>,
    states: Vec<Choice>,
    sites: Vec<Choice>,
}

fn filter(list: &ListParams) -> Filter {
    let state = list.filter("state");
    let key = |it: &crate::web::list::Cursor| {
        let value = it.value.parse().ok()?;
        Some((value, IncidentId(it.id)))
    };
    Filter {
        site: list.filter("site").parse().ok().map(SiteId),
        kind: Kind::parse(list.filter("kind")),
        open: match state {
            OPEN | UNSEEN => Some(true),
            OVER => Some(false),
            _ => None,
        },
        unseen: state == UNSEEN,
        label: list.q.clone(),
        descending: list.descending,
        after: list.after.as_ref().and_then(key),
        limit: PAGE_SIZE + 1,
    }
}

/// Goes on, is known, or is over.
fn state(page: &Page, row: &Incident) -> (String, &'static str) {
    match (row.cleared_at, row.acknowledged_at) {
        (Some(_), _) => (page.t("incident-over"), Tone::Muted.code()),
        (None, Some(_)) => (page.t("incident-known"), Tone::Warn.code()),
        (None, None) => (page.t("incident-open"), Tone::Danger.code()),
    }
}

fn line(page: &Page, (row, site): &(Incident, String)) -> Line {
    let said = |value| service::said(page.locale, row.kind, value);
    let (state, tone) = state(page, row);
    Line {
        id: row.id,
        label: row.label.clone(),
        kind: page.code("alarm-kind", row.kind),
        site: site.clone(),
        value: said(row.value),
        limit: said(row.raise),
        raised: page.dt(row.raised_at),
        state,
        tone,
        over: row.cleared_at.map_or(String::new(), |at| page.dt(at)),
        note: row.note.clone(),
    }
}

pub async fn list(visit: Visit) -> Answer {
    let list = visit.list(SPEC);
    let filter = filter(&list);
    let (found, count, sites) = visit
        .read(move |conn| {
            let found = rows::list(conn, &filter)?;
            Ok((found, rows::count(conn, &filter)?, site_choices(conn)?))
        })
        .await?;
    let (found, next) = page_of(found, &list, |(row, _)| row.cursor());
    let page = visit.page("nav-alarms");
    html(&List {
        rows: found.iter().map(|row| line(&page, row)).collect(),
        kinds: codes(&page, "alarm-kind", Kind::ALL),
        states: codes(&page, "incident-filter", &[OPEN, UNSEEN, OVER]),
        page,
        list,
        next,
        count,
        sites,
    })
}

pub async fn export(visit: Visit, format: web::Path<String>) -> Answer {
    let filter = Filter {
        after: None,
        limit: EXPORT_ROWS,
        ..filter(&visit.list(SPEC))
    };
    let found = visit.read(move |conn| rows::list(conn, &filter)).await?;
    let page = visit.page("nav-alarms");
    let text = |key| Column::new(page.t(key), Shape::Text);
    let columns = vec![
        text("incident-kind"),
        text("incident-subject"),
        text("wish-site"),
        text("incident-value"),
        text("incident-limit"),
        Column::new(page.t("incident-raised"), Shape::DateTime),
        Column::new(page.t("incident-cleared"), Shape::DateTime),
        text("list-status"),
        text("incident-note"),
    ];
    let mut table = Table::new(&page.title, columns);
    for found in &found {
        let (row, line) = (&found.0, line(&page, found));
        table.push(vec![
            line.kind.into(),
            line.label.into(),
            line.site.into(),
            line.value.into(),
            line.limit.into(),
            page.zone.local(row.raised_at).into(),
            row.cleared_at.map(|at| page.zone.local(at)).into(),
            line.state.into(),
            line.note.into(),
        ]);
    }
    files::table(&visit, &table, "alarms", &format)
}

#[derive(Template)]
#[template(path = "metering/incident.html")]
struct Show {
    page: Page,
    form: Form,
    id: IncidentId,
    facts: Vec<Fact>,
    state: String,
    tone: &'static str,
    /// Whether this reader may take note of it.
    asks: bool,
}

/// Where one sees what it is about.
fn href(row: &Incident) -> String {
    if let (Kind::LegOver | Kind::LegImbalance, Some(node)) =
        (row.kind, service::node_of(&row.subject))
    {
        return format!("/sites/{}/power?show=drawn#node-{node}", row.site_id);
    }
    match Subject::parse(&row.subject) {
        Some(Subject::Meter(id)) => format!("/meters/{id}"),
        Some(Subject::Lease(_) | Subject::Tenant(_)) => format!("/load?of={}", row.subject),
        _ => format!("/sites/{}/balance", row.site_id),
    }
}

fn facts(page: &Page, row: &Incident, site: &str, who: Option<String>) -> Vec<Fact> {
    let said = |value| service::said(page.locale, row.kind, value);
    let fact = |key, value: String| Fact::new(page.t(key), value);
    let mut facts = vec![
        fact("incident-kind", page.code("alarm-kind", row.kind)),
        fact("incident-subject", row.label.clone()).linked(href(row)),
        fact("wish-site", site.to_owned()).linked(format!("/sites/{}/alarm-rules", row.site_id)),
        fact("incident-value", said(row.value)),
        fact("incident-limit", said(row.raise)),
        fact("incident-raised", page.dt(row.raised_at)),
    ];
    if let Some(at) = row.cleared_at {
        facts.push(fact("incident-cleared", page.dt(at)));
    }
    if let Some(at) = row.acknowledged_at {
        let who = who.unwrap_or_else(|| page.t("history-house"));
        facts.push(fact(
            "incident-known-by",
            page.t2("incident-who-when", "who", who, "at", page.dt(at)),
        ));
        facts.push(fact("incident-note", row.note.clone()));
    }
    facts
}

async fn shown(visit: &Visit, id: IncidentId, form: Form, status: StatusCode) -> Answer {
    let (row, site, who) = visit
        .read(move |conn| {
            let row = rows::get(conn, id)?;
            let site = sites::get(conn, row.site_id)?;
            let who = match row.acknowledged_by {
                Some(user) => Some(users::get(conn, user)?.name),
                None => None,
            };
            Ok((row, site, who))
        })
        .await?;
    let mut page = visit.page("nav-alarms");
    page.zone = site.zone();
    let title = service::line(page.locale, &row);
    let page = page.named(title);
    let (state, tone) = state(&page, &row);
    let template = Show {
        facts: facts(&page, &row, &site.name, who),
        asks: row.acknowledged_at.is_none() && visit.who.may(Permission::RecordEvents),
        id,
        page,
        form,
        state,
        tone,
    };
    html_with(status, &template)
}

pub async fn show(visit: Visit, id: web::Path<i64>) -> Answer {
    shown(&visit, IncidentId(*id), Form::blank(), StatusCode::OK).await
}

pub async fn acknowledge(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let id = IncidentId(*id);
    let mut form = Form::from_values(fields.into_inner());
    let Some(note) = form.text("note", NOTE_MAX) else {
        return shown(&visit, id, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let (actor, now) = (visit.who.actor, visit.now);
    let saved = visit.save_once(&form, move |app| {
        service::acknowledge(&app.db, &app.config.base_url(), &actor, now, id, &note)?;
        Ok(format!("/alarms/{id}?done=incident-known"))
    });
    match saved.await {
        Ok(path) => Ok(see_other(&path)),
        Err(error) => {
            form.absorb(error)?;
            shown(&visit, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}
