//! A watched folder: whether it is read, and what became of its last files.

use super::sources::{HISTORY, Sums, state};
use crate::db::metering::imports::{self, Import};
use crate::db::metering::sources::{self as rows, Slot, Source};
use crate::db::site::sites::{self, Site};
use crate::db::trail;
use crate::domain::identity::access::Permission;
use crate::domain::ids::*;
use crate::domain::metering::source::SourceKind;
use crate::error::{Error, Result};
use crate::text::Message;
use crate::web::door::Visit;
use crate::web::leasing::history;
use crate::web::page::{Page, html};
use crate::web::parts::{Fact, Happening};
use crate::web::site::common::page_of;
use crate::web::visit::Answer;
use actix_web::web;
use askama::Template;

/// Files on the page.
const LATEST: i64 = 50;

#[derive(Template)]
#[template(path = "metering/folder.html")]
struct Show {
    page: Page,
    site: SiteId,
    source: Source,
    facts: Vec<Fact>,
    sums: Sums,
    tone: &'static str,
    state: String,
    /// When it could last not be read, and why.
    error: Option<String>,
    files: Vec<Import>,
    history: Vec<Happening>,
    edits: bool,
    imports: bool,
}

/// A source that is a folder.
pub fn folder(conn: &mut crate::db::Conn, id: SourceId) -> Result<Source> {
    let source = rows::get(conn, id)?;
    match source.kind {
        SourceKind::Folder => Ok(source),
        SourceKind::Mqtt => Err(Error::NotFound),
    }
}

type Found = (Source, Site, Vec<Slot>, Vec<Import>, Vec<Happened>);
type Happened = (trail::TrailRow, Option<String>);

pub async fn show(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = SourceId(*id);
    let (source, site, slots, files, done): Found = visit
        .read(move |conn| {
            let source = folder(conn, id)?;
            let site = sites::get(conn, source.site_id)?;
            let slots = rows::slots(conn, id)?;
            let files = imports::of_source(conn, id, LATEST)?;
            let done = trail::of(conn, "reading_source", id.0, HISTORY)?;
            Ok((source, site, slots, files, done))
        })
        .await?;
    let page = page_of(&visit, &source.name, site.zone());
    let sums = Sums::of(slots.iter(), visit.now);
    let (tone, state) = state(&source, &sums);
    let error = sums.error.as_ref().map(|(at, text)| {
        let why = serde_json::from_str::<Message>(text);
        let why = why.map_or_else(|_| text.clone(), |it| page.say(&it));
        format!("{} · {why}", page.dt(*at))
    });
    html(&Show {
        site: site.id,
        facts: facts(&page, &source)?,
        state: page.t(state),
        history: history(&page, &done),
        edits: visit.who.may(Permission::EditMeters),
        imports: visit.who.may(Permission::ImportReadings),
        sums,
        tone,
        error,
        files,
        source,
        page,
    })
}

fn facts(page: &Page, source: &Source) -> Result<Vec<Fact>> {
    let rules = source.folder()?;
    let fact = |key: &str, value: String| Fact::new(page.t(key), value);
    let keep = rules.keep.code().replace('_', "-");
    Ok(vec![
        fact("source-kind", page.code("source-kind", source.kind)),
        fact("folder-path", source.address.clone()),
        fact("folder-pattern", rules.pattern),
        fact("folder-form", page.code("folder-form", rules.form)),
        fact("import-keep", page.code("import-keep", keep)),
    ])
}
