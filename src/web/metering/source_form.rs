//! The form of a source: its broker, and how a message becomes readings.

use super::sources::{broker, path_of};
use super::words::Fields;
use crate::db::metering::sources::Source;
use crate::db::site::sites;
use crate::domain::ids::*;
use crate::domain::metering::source::{Mapping, Payload, Protocol, SaidOf, SourceUnit, TimeForm};
use crate::services::metering::sources as service;
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, html_with, see_other};
use crate::web::parts::Choice;
use crate::web::site::common::{codes, page_of};
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;

const TEXT_MAX: usize = 500;
const SECRET_MAX: usize = 200;
const LONGEST_SECONDS: i64 = 25 * 3_600;

#[derive(Template)]
#[template(path = "metering/source_form.html")]
struct SourceForm {
    page: Page,
    form: Form,
    site: SiteId,
    action: String,
    back: String,
    protocols: Vec<Choice>,
    payloads: Vec<Choice>,
    times: Vec<Choice>,
    said_of: Vec<Choice>,
    units: Vec<Choice>,
    has_password: bool,
}

fn filled(source: &Source, mapping: &Mapping) -> Form {
    let mut form = Form::blank()
        .with("name", &source.name)
        .with("protocol", source.protocol)
        .with("address", &source.address)
        .with("username", &source.username)
        .with("client_prefix", &source.client_prefix)
        .with("topic_filter", &source.topic_filter)
        .with("share_group", &source.share_group)
        .with("pattern", &mapping.pattern)
        .with("payload", mapping.payload)
        .with("rows", &mapping.rows)
        .with("meter", &mapping.meter)
        .with("time", &mapping.time)
        .with("end", &mapping.end)
        .with("value", &mapping.value)
        .with("time_form", mapping.time_form)
        .with("said_of", mapping.said_of)
        .with("unit", mapping.unit)
        .with("seconds", mapping.seconds);
    for (name, is_on) in [("enabled", source.enabled), ("tls", source.tls)] {
        if is_on {
            form = form.with(name, "yes");
        }
    }
    form
}

/// `source`: the one that is changed, or none of the site's yet.
async fn asked(visit: &Visit, site: SiteId, source: Option<Source>, form: Form) -> Answer {
    let row = visit.read(move |conn| sites::get(conn, site)).await?;
    let page = page_of(visit, "", row.zone());
    let title = match &source {
        Some(source) => source.name.clone(),
        None => page.t("source-new"),
    };
    let page = page.named(title);
    let (action, back) = match &source {
        Some(source) => (path_of(source), path_of(source)),
        None => (
            format!("/sites/{site}/sources"),
            format!("/sites/{site}/sources"),
        ),
    };
    let status = match form.ok() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let template = SourceForm {
        protocols: codes(&page, "source-protocol", Protocol::ALL),
        payloads: codes(&page, "source-payload", Payload::ALL),
        times: codes(&page, "source-time", TimeForm::ALL),
        said_of: codes(&page, "source-said", SaidOf::ALL),
        units: codes(&page, "source-unit", SourceUnit::ALL),
        has_password: source.is_some_and(|it| !it.password.is_empty()),
        site,
        action,
        back,
        form,
        page,
    };
    html_with(status, &template)
}

pub async fn blank(visit: Visit, id: web::Path<i64>) -> Answer {
    let site = SiteId(*id);
    let form = filled(&Source::usual(site), &Mapping::default());
    asked(&visit, site, None, form).await
}

pub async fn edit(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = SourceId(*id);
    let source = visit.read(move |conn| broker(conn, id)).await?;
    let form = filled(&source, &source.mapping()?);
    asked(&visit, source.site_id, Some(source), form).await
}

/// A field that may be empty, as text.
fn maybe(form: &mut Form, name: &str) -> Option<String> {
    let text = form.optional(name, |form| form.text(name, TEXT_MAX))?;
    Some(text.unwrap_or_default())
}

fn mapping(form: &mut Form) -> Option<Mapping> {
    let pattern = form.text("pattern", TEXT_MAX);
    let payload = form.choice("payload", Payload::parse);
    let (rows, meter) = (maybe(form, "rows"), maybe(form, "meter"));
    let (time, end) = (maybe(form, "time"), maybe(form, "end"));
    let value = maybe(form, "value");
    let time_form = form.choice("time_form", TimeForm::parse);
    let said_of = form.choice("said_of", SaidOf::parse);
    let unit = form.choice("unit", SourceUnit::parse);
    let seconds = form.integer("seconds", 1..=LONGEST_SECONDS);
    Some(Mapping {
        pattern: pattern?,
        payload: payload?,
        rows: rows?,
        meter: meter?,
        time: time?,
        end: end?,
        value: value?,
        time_form: time_form?,
        said_of: said_of?,
        unit: unit?,
        seconds: seconds?,
    })
}

/// The source and its password, if another one was typed or it is to be forgotten.
fn parse(form: &mut Form, known: Source) -> Option<(Source, Option<String>)> {
    let name = form.text("name", TEXT_MAX);
    let protocol = form.choice("protocol", Protocol::parse);
    let address = form.text("address", TEXT_MAX);
    let username = maybe(form, "username");
    let client_prefix = form.text("client_prefix", TEXT_MAX);
    let (topic_filter, share_group) = (maybe(form, "topic_filter"), maybe(form, "share_group"));
    let password = match (form.value("password"), form.checked("forget_password")) {
        ("", false) => Some(None),
        ("", true) => Some(Some(String::new())),
        _ => form.secret("password", 1..=SECRET_MAX).map(Some),
    };
    let mapping = mapping(form)?;
    let source = Source {
        name: name?,
        enabled: form.checked("enabled"),
        protocol: protocol?,
        address: address?,
        tls: form.checked("tls"),
        username: username?,
        client_prefix: client_prefix?,
        topic_filter: topic_filter?,
        share_group: share_group?,
        mapping: serde_json::to_string(&mapping).ok()?,
        ..known
    };
    Some((source, password?))
}

pub async fn create(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let site = SiteId(*id);
    let mut form = Form::from_values(fields.into_inner());
    let Some((source, password)) = parse(&mut form, Source::usual(site)) else {
        return asked(&visit, site, None, form).await;
    };
    let (actor, now) = (visit.who.actor, visit.now);
    let saved = visit
        .save_once(&form, move |app| {
            let id = service::save(&app.db, &actor, now, &source, password.as_deref())?;
            Ok(format!("/sources/{id}?done=source-saved"))
        })
        .await;
    match saved {
        Ok(path) => Ok(see_other(&path)),
        Err(error) => {
            form.absorb(error)?;
            asked(&visit, site, None, form).await
        }
    }
}

pub async fn update(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let id = SourceId(*id);
    let known = visit.read(move |conn| broker(conn, id)).await?;
    let site = known.site_id;
    let mut form = Form::from_values(fields.into_inner());
    let Some((source, password)) = parse(&mut form, known.clone()) else {
        return asked(&visit, site, Some(known), form).await;
    };
    let (actor, now) = (visit.who.actor, visit.now);
    let saved = visit
        .run(move |app| service::save(&app.db, &actor, now, &source, password.as_deref()))
        .await;
    match saved {
        Ok(id) => Ok(see_other(&format!("/sources/{id}?done=source-saved"))),
        Err(error) => {
            form.absorb(error)?;
            asked(&visit, site, Some(known), form).await
        }
    }
}
