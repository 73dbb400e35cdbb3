//! Refused wishes: why, and what staff answered.

use super::listed;
use super::reserve::asked_for;
use super::words;
use crate::db::leasing::lists::{self, Named};
use crate::db::leasing::requests::{self as rows, OPEN, Request};
use crate::db::trail;
use crate::domain::identity::access::Permission;
use crate::domain::ids::RequestId;
use crate::domain::leasing::place::Reason;
use crate::error::Error;
use crate::services::leasing::answer::Bound;
use crate::services::leasing::requests::close as close_request;
use crate::services::leasing::together::parts_of;
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::list::{ListParams, ListSpec, page_of};
use crate::web::page::{Page, html, html_with, see_other};
use crate::web::parts::{Choice, Fact, Happening};
use crate::web::problem::Problem;
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use std::collections::HashMap;

pub const SPEC: ListSpec = ListSpec {
    sorts: &["id", "tenant", "from"],
    descending: true,
    filters: &["state"],
};
const ANSWER_MAX: usize = 1_000;

#[derive(Template)]
#[template(path = "leasing/requests.html")]
struct ListPage {
    page: Page,
    list: ListParams,
    rows: Vec<Line>,
    next: Option<String>,
    states: Vec<Choice>,
    operator: bool,
}

/// A row as it is read.
pub struct Line {
    pub id: RequestId,
    pub tenant: String,
    pub site: String,
    pub machines: String,
    pub window: String,
    pub why: String,
    /// How many would have fitted, of each kind.
    pub fit: String,
    pub state: String,
    pub open: bool,
    pub at: String,
}

pub async fn list(visit: Visit) -> Answer {
    let list = visit.list(SPEC);
    let narrow = listed::narrow(&list, &visit.who);
    let slice = listed::slice(&list);
    let found = visit
        .read(move |conn| lists::requests(conn, &narrow, &slice))
        .await?;
    let (found, next) = page_of(found, &list, |row| lists::after_request(list.sort, row));
    let page = visit.page("nav-requests");
    html(&ListPage {
        rows: found.iter().map(|row| line(&page, row)).collect(),
        states: [rows::OPEN, rows::CLOSED]
            .iter()
            .map(|code| Choice::new(*code, page.code("request-state", code)))
            .collect(),
        operator: visit.who.actor.tenant.is_none(),
        page,
        list,
        next,
    })
}

pub fn line(page: &Page, (row, tenant, site): &Named<Request>) -> Line {
    let why: Vec<String> = reasons(row)
        .iter()
        .map(|reason| page.code("reason-short", reason))
        .collect();
    Line {
        id: row.id,
        tenant: tenant.clone(),
        site: site.clone(),
        machines: machines(page, row),
        window: words::window(page, row.from_date, row.to_date),
        why: why.join(", "),
        fit: fits(page, row),
        state: page.code("request-state", &row.state),
        open: row.state == OPEN,
        at: page.dt(row.created_at),
    }
}

/// The kinds that were asked for together.
fn machines(page: &Page, row: &Request) -> String {
    let kinds: Vec<String> = parts_of(row)
        .iter()
        .map(|(part, _)| words::machines(page, &part.wish))
        .collect();
    kinds.join(" + ")
}

fn fits(page: &Page, row: &Request) -> String {
    let each: Vec<String> = parts_of(row)
        .iter()
        .map(|(_, fits)| page.int(i64::from(*fits)))
        .collect();
    each.join(" + ")
}

fn reasons(row: &Request) -> Vec<Reason> {
    row.reasons.split(',').filter_map(Reason::parse).collect()
}

#[derive(Template)]
#[template(path = "leasing/request.html")]
struct ShowPage {
    page: Page,
    id: RequestId,
    state: String,
    open: bool,
    why: Vec<String>,
    asked: Vec<Fact>,
    answer: String,
    again: String,
    history: Vec<Happening>,
    form: Form,
    may_answer: bool,
    may_withdraw: bool,
}

struct Loaded {
    row: Request,
    tenant: String,
    trail: Vec<(trail::TrailRow, Option<String>)>,
}

async fn load(visit: &Visit, id: RequestId) -> Result<Loaded, Problem> {
    let actor = visit.who.actor;
    visit
        .read(move |conn| {
            let row = rows::get(conn, id)?;
            if !actor.sees(row.tenant_id) {
                return Err(Error::NotFound);
            }
            Ok(Loaded {
                tenant: lists::tenant_contact(conn, row.tenant_id)?.0,
                trail: trail::of(conn, "request", id.0, 20)?,
                row,
            })
        })
        .await
}

pub async fn show(visit: Visit, id: web::Path<i64>) -> Answer {
    let loaded = load(&visit, RequestId(*id)).await?;
    html(&shown(&visit, &loaded, Form::blank()))
}

fn shown(visit: &Visit, loaded: &Loaded, form: Form) -> ShowPage {
    let row = &loaded.row;
    let page = super::numbered(visit.page("nav-requests"), "request-title", row.id);
    let parts = parts_of(row);
    let wish = &parts[0].0.wish;
    let operator = visit.who.actor.tenant.is_none();
    let mut asked = match row.parts.as_str() {
        "" => asked_for(&page, wish),
        _ => words::parts_asked(&page, &parts),
    };
    if operator {
        asked.insert(0, Fact::new(page.t("wish-tenant"), &loaded.tenant));
    }
    let open = row.state == OPEN;
    ShowPage {
        id: row.id,
        state: page.code("request-state", &row.state),
        open,
        why: why(&page, row),
        asked,
        answer: row.answer.clone(),
        again: match row.parts.as_str() {
            "" => words::availability_link(wish),
            _ => words::parts_link(&parts),
        },
        history: listed::history(&page, &loaded.trail),
        form,
        may_answer: open && operator && visit.who.may(Permission::AnswerRequests),
        may_withdraw: open && !operator,
        page,
    }
}

/// The reasons at that moment, what bound, and how many would have fitted.
fn why(page: &Page, row: &Request) -> Vec<String> {
    let mut why: Vec<String> = reasons(row)
        .iter()
        .map(|reason| words::reason_sentence(page, *reason))
        .collect();
    let bound: Option<Bound> = serde_json::from_str(&row.binding).unwrap_or_default();
    why.extend(bound.map(|bound| words::bound_sentence(page, &bound)));
    if row.parts.is_empty() && row.available_units > 0 {
        why.push(page.t1("refusal-fits", "count", row.available_units));
    }
    why
}

/// Staff close a request with an answer; its tenant withdraws it without one.
pub async fn close(
    visit: Visit,
    id: web::Path<i64>,
    fields: web::Form<HashMap<String, String>>,
) -> Answer {
    let id = RequestId(*id);
    let loaded = load(&visit, id).await?;
    let mut form = Form::from_values(fields.into_inner());
    let operator = visit.who.actor.tenant.is_none();
    let answer = if operator {
        form.text("answer", ANSWER_MAX)
    } else {
        Some(String::new())
    };
    if let Some(answer) = answer {
        let (actor, now) = (visit.who.actor, visit.now);
        let closed = visit.run(move |app| close_request(&app.db, &actor, now, id, &answer));
        match closed.await {
            Ok(()) => {
                let done = if operator {
                    "request-answered"
                } else {
                    "request-withdrawn"
                };
                return Ok(see_other(&format!("/requests/{id}?done={done}")));
            }
            Err(error) => form.absorb(error)?,
        }
    }
    html_with(
        StatusCode::UNPROCESSABLE_ENTITY,
        &shown(&visit, &loaded, form),
    )
}
