//! A watched folder: whether it is read, and what became of its last files.

use super::readings::dashed;
use super::sources::{Sums, around, of_kind, state};
use crate::db::metering::imports::{self, Import};
use crate::db::metering::sources::Source;
use crate::domain::identity::access::Permission;
use crate::domain::ids::*;
use crate::domain::metering::source::SourceKind;
use crate::error::Result;
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
    of_kind(conn, id, SourceKind::Folder)
}

pub async fn show(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = SourceId(*id);
    let (source, (site, slots, done), files) = visit
        .read(move |conn| {
            let source = folder(conn, id)?;
            let around = around(conn, &source)?;
            Ok((source, around, imports::of_source(conn, id, LATEST)?))
        })
        .await?;
    let page = page_of(&visit, &source.name, site.zone());
    let sums = Sums::of(slots.iter(), visit.now);
    let (tone, state) = state(&source, &sums);
    let error = sums.error.as_ref();
    let error = error.map(|(at, why)| format!("{} · {}", page.dt(*at), page.say_kept(why)));
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
    let keep = dashed(rules.keep.code());
    Ok(vec![
        fact("source-kind", page.code("source-kind", source.kind)),
        fact("folder-path", source.address.clone()),
        fact("folder-pattern", rules.pattern),
        fact("folder-form", page.code("folder-form", rules.form)),
        fact("import-keep", page.code("import-keep", keep)),
    ])
}
