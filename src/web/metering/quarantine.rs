//! Readings that wait: what came for meters that nobody knows, what the rules do not believe, what
//! displays showed that cannot be.

use super::words::Fields;
use crate::db::metering::devices::{self, RegisterReading};
use crate::db::metering::meters::{self, Meter};
use crate::db::metering::quarantine::{self as rows, Filter, Waiting};
use crate::db::site::sites;
use crate::domain::calendar::{Instant, Zone};
use crate::domain::identity::access::Permission;
use crate::domain::ids::*;
use crate::domain::metering::meter::{QuarantineState, QuarantineWhy, RegisterState};
use crate::domain::units::WattHours;
use crate::services::metering::devices as registers;
use crate::services::metering::quarantine::{self as service, Decision};
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::list::{Cursor, ListParams, ListSpec, PAGE_SIZE, encode, page_of};
use crate::web::page::{Page, html, html_with, see_other};
use crate::web::parts::Choice;
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;

pub const SPEC: ListSpec = ListSpec {
    sorts: &["id"],
    descending: false,
    filters: &["why", "state"],
};
const REASON_MAX: usize = 500;
/// Names of unknown meters and held readings that are shown at once.
const MOST: i64 = 200;

/// What came for a meter that nobody knows.
struct Stranger {
    code: String,
    count: i64,
    from: Instant,
    to: Instant,
    /// Where the meter is added, and where its readings are discarded.
    add: String,
    discard: String,
}

struct Held {
    reading: RegisterReading,
    meter: String,
}

#[derive(Template)]
#[template(path = "metering/quarantine.html")]
struct List {
    page: Page,
    list: ListParams,
    rows: Vec<Waiting>,
    next: Option<String>,
    whys: Vec<Choice>,
    states: Vec<Choice>,
    strangers: Vec<Stranger>,
    held: Vec<Held>,
    edits: bool,
}

pub async fn list(visit: Visit) -> Answer {
    let list = visit.list(SPEC);
    let state = QuarantineState::parse(list.filter("state"));
    let filter = Filter {
        state: Some(state.unwrap_or(QuarantineState::Waiting)),
        why: QuarantineWhy::parse(list.filter("why")),
        code: list.q.clone(),
        after: list.after.as_ref().map(|it| QuarantineId(it.id)),
        limit: PAGE_SIZE + 1,
    };
    let first = list.after.is_none() && !list.narrowed();
    let (found, strangers, held) = visit
        .read(move |conn| {
            let found = rows::list(conn, &filter)?;
            if !first {
                return Ok((found, vec![], vec![]));
            }
            let strangers = rows::unknown_codes(conn, MOST)?;
            let mut held = vec![];
            for reading in devices::held(conn, MOST)? {
                let meter = meters::get(conn, reading.meter_id)?.code;
                held.push(Held { reading, meter });
            }
            Ok((found, strangers, held))
        })
        .await?;
    let (rows, next) = page_of(found, &list, |row| Cursor::new(&row.code, row.id.0));
    let page = visit.page("quarantine-title");
    let why = |it: &QuarantineWhy| Choice::new(it.code(), page.code("quarantine-why", it.code()));
    let state =
        |it: &QuarantineState| Choice::new(it.code(), page.code("quarantine-state", it.code()));
    let strangers = strangers
        .into_iter()
        .map(|(code, count, from, to)| Stranger {
            add: format!("/meters/new?code={}", encode(&code)),
            discard: format!("/quarantine/{}/discarding", encode(&code)),
            code,
            count,
            from,
            to,
        });
    html(&List {
        whys: QuarantineWhy::ALL.iter().map(why).collect(),
        states: QuarantineState::ALL.iter().map(state).collect(),
        strangers: strangers.collect(),
        held,
        edits: visit.who.may(Permission::EditMeters),
        page,
        list,
        rows,
        next,
    })
}

/// One reading that waits, as its page shows it.
struct One {
    meter: Option<(MeterId, String)>,
    code: String,
    from: Option<Instant>,
    to: Instant,
    wh: WattHours,
    why: String,
    open: bool,
    accepts: bool,
    action: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "metering/quarantined.html")]
struct Show {
    page: Page,
    form: Form,
    one: One,
}

async fn shown_page(visit: &Visit, id: QuarantineId, form: Form, status: StatusCode) -> Answer {
    let (row, meter, zone) = visit
        .read(move |conn| {
            let row = rows::get(conn, id)?;
            let meter = match row.meter_id {
                Some(id) => Some(meters::get(conn, id)?),
                None => meters::by_name(conn, &row.code)?,
            };
            let site = meter.as_ref().map(|it| it.site_id);
            let zone = site.map(|id| sites::get(conn, id)).transpose()?;
            Ok((row, meter, zone.map(|it| it.zone())))
        })
        .await?;
    let mut page = visit.page("quarantine-title");
    page.zone = zone.unwrap_or(page.zone);
    let one = One {
        accepts: meter.is_some() && row.end_at <= visit.now,
        meter: meter.map(|it| (it.id, it.code)),
        from: (row.start_at != row.end_at).then_some(row.start_at),
        to: row.end_at,
        wh: row.wh,
        why: page.code("quarantine-why", row.why.code()),
        open: row.state == QuarantineState::Waiting,
        action: format!("/quarantine/{id}"),
        reason: reason(&page, &row.reason),
        code: row.code,
    };
    html_with(status, &Show { page, form, one })
}

/// A person's words, or the key of a rule's.
fn reason(page: &Page, text: &str) -> String {
    if text.starts_with("imp-reason-") {
        page.t(text)
    } else {
        text.to_owned()
    }
}

pub async fn show(visit: Visit, id: web::Path<i64>) -> Answer {
    shown_page(&visit, QuarantineId(*id), Form::blank(), StatusCode::OK).await
}

/// Accept or discard, with the reason.
fn decision(form: &mut Form) -> Option<(Decision, String)> {
    let reason = form.text("reason", REASON_MAX);
    let decision = form.choice("decision", |text| match text {
        "accept" => Some(Decision::Accept),
        "discard" => Some(Decision::Discard),
        _ => None,
    });
    Some((decision?, reason?))
}

pub async fn decide(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let id = QuarantineId(*id);
    let mut form = Form::from_values(fields.into_inner());
    let Some((decision, reason)) = decision(&mut form) else {
        return shown_page(&visit, id, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let (actor, now) = (visit.who.actor, visit.now);
    match visit
        .run(move |app| service::decide(&app.db, &actor, now, &[id], decision, &reason))
        .await
    {
        Ok(()) => Ok(see_other("/quarantine?done=quarantine-decided")),
        Err(error) => {
            form.absorb(error)?;
            shown_page(&visit, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

#[derive(Template)]
#[template(path = "metering/quarantine_discarding.html")]
struct Discarding {
    page: Page,
    form: Form,
    count: i64,
    action: String,
}

async fn discarding_page(visit: &Visit, code: String, form: Form, status: StatusCode) -> Answer {
    let asked = code.clone();
    let count = visit
        .read(move |conn| rows::count_of_unknown(conn, &asked))
        .await?;
    let page = visit.page("quarantine-title");
    let title = page.t1("quarantine-discard-title", "code", &code);
    let page = page.named(title);
    let action = format!("/quarantine/{}/discarding", encode(&code));
    let template = Discarding {
        page,
        form,
        count,
        action,
    };
    html_with(status, &template)
}

pub async fn discarding(visit: Visit, code: web::Path<String>) -> Answer {
    discarding_page(&visit, code.into_inner(), Form::blank(), StatusCode::OK).await
}

pub async fn discard_all(visit: Visit, code: web::Path<String>, fields: Fields) -> Answer {
    let code = code.into_inner();
    let mut form = Form::from_values(fields.into_inner());
    let Some(reason) = form.text("reason", REASON_MAX) else {
        return discarding_page(&visit, code, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let (actor, now, asked) = (visit.who.actor, visit.now, code.clone());
    match visit
        .run(move |app| service::discard_unknown(&app.db, &actor, now, &asked, &reason))
        .await
    {
        Ok(()) => Ok(see_other("/quarantine?done=quarantine-decided")),
        Err(error) => {
            form.absorb(error)?;
            discarding_page(&visit, code, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

async fn held_page(
    visit: &Visit,
    (id, at): (MeterId, Instant),
    form: Form,
    status: StatusCode,
) -> Answer {
    let (meter, reading, zone): (Meter, RegisterReading, Zone) = visit
        .read(move |conn| {
            let meter = meters::get(conn, id)?;
            let reading = devices::shown_at(conn, id, at)?;
            let zone = sites::get(conn, meter.site_id)?.zone();
            Ok((meter, reading, zone))
        })
        .await?;
    let mut page = visit.page("quarantine-title");
    page.zone = zone;
    let open = reading.state == RegisterState::Held;
    let one = One {
        accepts: true,
        meter: Some((id, meter.code.clone())),
        from: None,
        to: at,
        wh: reading.wh,
        why: page.code("register-state", reading.state.code()),
        open,
        action: format!("/meters/{id}/shown/{}", at.0),
        reason: String::new(),
        code: meter.code,
    };
    html_with(status, &Show { page, form, one })
}

pub async fn shown(visit: Visit, path: web::Path<(i64, i64)>) -> Answer {
    let (id, at) = path.into_inner();
    let of = (MeterId(id), Instant(at));
    held_page(&visit, of, Form::blank(), StatusCode::OK).await
}

pub async fn decide_shown(visit: Visit, path: web::Path<(i64, i64)>, fields: Fields) -> Answer {
    let (id, at) = (MeterId(path.0), Instant(path.1));
    let mut form = Form::from_values(fields.into_inner());
    let Some((decision, reason)) = decision(&mut form) else {
        return held_page(&visit, (id, at), form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let (actor, now, accept) = (visit.who.actor, visit.now, decision == Decision::Accept);
    match visit
        .run(move |app| registers::decide(&app.db, &actor, now, id, at, accept, &reason))
        .await
    {
        Ok(()) => Ok(see_other(&format!("/meters/{id}?done=quarantine-decided"))),
        Err(error) => {
            form.absorb(error)?;
            held_page(&visit, (id, at), form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}
