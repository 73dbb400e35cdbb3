//! Sources of a site's readings: who listens, what came in, what could not be taken, and a box to try
//! a message in.

use super::words::Fields;
use crate::db::metering::sources::{self as rows, Refusal, Slot, Source};
use crate::db::site::sites::{self, Site};
use crate::db::{Conn, trail};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::Permission;
use crate::domain::ids::*;
use crate::domain::metering::source::SourceKind;
use crate::error::{Error, Result};
use crate::services::metering::sources::{self as service, Arrival, REFUSALS_KEPT, Tried};
use crate::web::door::Visit;
use crate::web::form::{Form, new_form_key};
use crate::web::leasing::history;
use crate::web::page::{Page, html, html_with, see_other};
use crate::web::parts::{Confirm, ConfirmPage, Fact, Happening, Tab};
use crate::web::site::common::{page_of, tabs};
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;

const TOPIC_MAX: usize = 500;
const PAYLOAD_MAX: usize = 100_000;
const HISTORY: i64 = 20;

/// What came through all slots of a source together.
#[derive(Default)]
pub(super) struct Sums {
    listening: usize,
    /// Or files.
    pub messages: i64,
    pub new: i64,
    pub same: i64,
    pub corrected: i64,
    waiting: i64,
    pub refused: i64,
    pub last: Option<Instant>,
    pub since: Option<Instant>,
    pub error: Option<(Instant, String)>,
}

impl Sums {
    pub fn of<'a>(slots: impl Iterator<Item = &'a Slot>, now: Instant) -> Self {
        let mut sums = Self::default();
        for slot in slots {
            if slot.is_held(now) && slot.connected_at.is_some() {
                sums.listening += 1;
                sums.since = sums.since.max(slot.connected_at);
            }
            sums.messages += slot.messages;
            sums.new += slot.rows_new;
            sums.same += slot.rows_same;
            sums.corrected += slot.rows_corrected;
            sums.waiting += slot.rows_waiting;
            sums.refused += slot.refused;
            sums.last = sums.last.max(slot.last_message_at);
            let error = slot.error_at.map(|at| (at, slot.last_error.clone()));
            sums.error = sums.error.max(error);
        }
        sums
    }
}

/// Switched off, listening, or on and not connected; of a folder whether it is read.
pub(super) fn state(source: &Source, sums: &Sums) -> (&'static str, &'static str) {
    match (source.enabled, source.kind, sums.listening) {
        (false, ..) => ("muted", "source-state-off"),
        (true, SourceKind::Mqtt, 0) => ("warn", "source-state-waiting"),
        (true, SourceKind::Mqtt, _) => ("ok", "source-state-listening"),
        (true, SourceKind::Folder, 0) if sums.error.is_some() => {
            ("danger", "folder-state-unreadable")
        }
        (true, SourceKind::Folder, 0) => ("warn", "folder-state-waiting"),
        (true, SourceKind::Folder, _) => ("ok", "folder-state-watched"),
    }
}

/// The page of a source.
pub(super) fn path_of(source: &Source) -> String {
    match source.kind {
        SourceKind::Mqtt => format!("/sources/{}", source.id),
        SourceKind::Folder => format!("/folders/{}", source.id),
    }
}

/// A source of one kind: the pages of another one do not have it.
pub(super) fn of_kind(conn: &mut Conn, id: SourceId, kind: SourceKind) -> Result<Source> {
    let source = rows::get(conn, id)?;
    match source.kind == kind {
        true => Ok(source),
        false => Err(Error::NotFound),
    }
}

/// A source that is a broker.
pub(super) fn broker(conn: &mut Conn, id: SourceId) -> Result<Source> {
    of_kind(conn, id, SourceKind::Mqtt)
}

/// What stands beside a source on its page: its site, its slots and what was done with it.
pub(super) type Around = (Site, Vec<Slot>, Vec<(trail::TrailRow, Option<String>)>);

pub(super) fn around(conn: &mut Conn, source: &Source) -> Result<Around> {
    Ok((
        sites::get(conn, source.site_id)?,
        rows::slots(conn, source.id)?,
        trail::of(conn, "reading_source", source.id.0, HISTORY)?,
    ))
}

struct Line {
    source: Source,
    path: String,
    tone: &'static str,
    state: String,
    sums: Sums,
}

#[derive(Template)]
#[template(path = "metering/sources.html")]
struct List {
    page: Page,
    tabs: Vec<Tab>,
    site: SiteId,
    lines: Vec<Line>,
    edits: bool,
    imports: bool,
}

pub async fn list(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = SiteId(*id);
    let (site, found, slots) = visit
        .read(move |conn| {
            let site = sites::get(conn, id)?;
            Ok((
                site,
                rows::of_site(conn, id)?,
                rows::slots_of_site(conn, id)?,
            ))
        })
        .await?;
    let page = page_of(&visit, &site.name, site.zone());
    let line = |source: Source| {
        let own = slots.iter().filter(|it| it.source_id == source.id);
        let sums = Sums::of(own, visit.now);
        let (tone, state) = state(&source, &sums);
        Line {
            path: path_of(&source),
            state: page.t(state),
            source,
            tone,
            sums,
        }
    };
    html(&List {
        tabs: tabs(&page, id, "sources"),
        lines: found.into_iter().map(line).collect(),
        edits: visit.who.may(Permission::EditMeters),
        imports: visit.who.may(Permission::ImportReadings),
        site: id,
        page,
    })
}

struct Refused {
    row: Refusal,
    why: String,
}

/// What a message in the box would become.
struct Outcome {
    rows: Vec<Tried>,
    refused: Vec<String>,
}

#[derive(Template)]
#[template(path = "metering/source.html")]
struct Show {
    page: Page,
    site: SiteId,
    source: Source,
    facts: Vec<Fact>,
    sums: Sums,
    tone: &'static str,
    state: String,
    refusals: Vec<Refused>,
    history: Vec<Happening>,
    form: Form,
    tried: Option<Outcome>,
    edits: bool,
    imports: bool,
}

async fn shown(visit: &Visit, id: SourceId, form: Form, tried: Option<Outcome>) -> Answer {
    let (source, (site, slots, done), refusals) = visit
        .read(move |conn| {
            let source = broker(conn, id)?;
            let around = around(conn, &source)?;
            Ok((source, around, rows::refusals(conn, id, REFUSALS_KEPT)?))
        })
        .await?;
    let page = page_of(visit, &source.name, site.zone());
    let sums = Sums::of(slots.iter(), visit.now);
    let (tone, state) = state(&source, &sums);
    let refused = |row: Refusal| Refused {
        why: page.say_kept(&row.reason),
        row,
    };
    let status = if form.ok() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let template = Show {
        site: site.id,
        facts: facts(&page, &source)?,
        state: page.t(state),
        refusals: refusals.into_iter().map(refused).collect(),
        history: history(&page, &done),
        edits: visit.who.may(Permission::EditMeters),
        imports: visit.who.may(Permission::ImportReadings),
        sums,
        tone,
        source,
        form,
        tried,
        page,
    };
    html_with(status, &template)
}

/// What a source is, in words; its password is told nobody.
fn facts(page: &Page, source: &Source) -> Result<Vec<Fact>> {
    let fact = |key: &str, value: String| Fact::new(page.t(key), value);
    let mapping = source.mapping()?;
    let mut facts = vec![
        fact("source-kind", page.code("source-kind", source.kind)),
        fact("source-address", source.address.clone()),
        fact(
            "source-protocol",
            page.code("source-protocol", source.protocol),
        ),
        fact("source-tls", page.t(if source.tls { "yes" } else { "no" })),
        fact(
            "source-subscription",
            service::subscription(source, &mapping),
        ),
        fact(
            "source-payload",
            page.code("source-payload", mapping.payload),
        ),
    ];
    if !source.username.is_empty() {
        facts.insert(4, fact("source-username", source.username.clone()));
    }
    Ok(facts)
}

pub async fn show(visit: Visit, id: web::Path<i64>) -> Answer {
    shown(&visit, SourceId(*id), Form::blank(), None).await
}

/// What a pasted message would become; nothing is written.
pub async fn try_out(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let id = SourceId(*id);
    let mut form = Form::from_values(fields.into_inner());
    let (topic, payload) = (
        form.text("topic", TOPIC_MAX),
        form.text("payload", PAYLOAD_MAX),
    );
    let (Some(topic), Some(payload)) = (topic, payload) else {
        return shown(&visit, id, form, None).await;
    };
    let now = visit.now;
    let (found, refused) = visit
        .read(move |conn| {
            let source = broker(conn, id)?;
            let arrival = Arrival {
                topic,
                payload: payload.as_bytes(),
                at: now,
                retained: false,
            };
            service::try_out(conn, &source, &arrival, now)
        })
        .await?;
    let page = visit.page("nav-sites");
    let outcome = Outcome {
        rows: found,
        refused: refused.iter().map(|it| page.say(it)).collect(),
    };
    shown(&visit, id, form, Some(outcome)).await
}

pub async fn removal(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = SourceId(*id);
    let (source, slots) = visit
        .read(move |conn| Ok((rows::get(conn, id)?, rows::slots(conn, id)?)))
        .await?;
    let sums = Sums::of(slots.iter(), visit.now);
    let page = visit.page("source-remove-title");
    let confirm = Confirm {
        lead: page.t(match source.kind {
            SourceKind::Mqtt => "source-remove-lead",
            SourceKind::Folder => "folder-remove-lead",
        }),
        facts: vec![
            Fact::new(page.t("source-name"), &source.name),
            Fact::new(page.t("source-arrived"), page.int(sums.messages)),
        ],
        warning: (source.kind == SourceKind::Mqtt).then(|| page.t("source-remove-warning")),
        action: format!("/sources/{id}/removal"),
        fields: vec![],
        submit: page.t("source-remove"),
        cancel: path_of(&source),
        danger: true,
    };
    html(&ConfirmPage {
        page,
        confirm,
        form_key: new_form_key(),
    })
}

pub async fn remove(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = SourceId(*id);
    let source = visit.read(move |conn| rows::get(conn, id)).await?;
    let (actor, now) = (visit.who.actor, visit.now);
    visit
        .run(move |app| service::remove(&app.db, &actor, now, id))
        .await?;
    Ok(see_other(&format!(
        "/sites/{}/sources?done=source-removed",
        source.site_id
    )))
}
