//! Data of a site in and out: every noun as a file, and files that are tried before they are written.

pub mod files;
pub mod import;
pub mod netbox;
pub mod report;

use super::common::{self, page_of, tabs};
use crate::db::metering::imports::Import;
use crate::db::site::sites::{self, Site};
use crate::domain::ids::SiteId;
use crate::domain::site::sheet::Noun;
use crate::services::site::data::{self, upload};
use crate::web::door::Visit;
use crate::web::page::{Page, html};
use crate::web::parts::Tab;
use crate::web::visit::Answer;
use actix_web::web;
use askama::Template;

/// Fifty thousand racks with long names; more is another file by mistake.
const MOST_MIB: u64 = 16;
/// NetBox writes three kilobytes of JSON for a device.
const MOST_NETBOX_MIB: u64 = 64;

/// The latest uploads that the page lists.
const LISTED: i64 = 10;

struct Line {
    noun: Noun,
    count: usize,
    /// Where the pages show it.
    href: String,
}

#[derive(Template)]
#[template(path = "site/data/index.html")]
struct Index {
    page: Page,
    site: Site,
    tabs: Vec<Tab>,
    lines: Vec<Line>,
    uploads: Vec<Import>,
    edits: bool,
}

pub async fn index(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = SiteId(*id);
    let edits = visit.edits_site();
    let (site, counts, uploads) = visit
        .read(move |conn| {
            // Whoever may not open them is shown none.
            let uploads = upload::latest(conn, id, if edits { LISTED } else { 0 })?;
            Ok((sites::get(conn, id)?, data::counts(conn, id)?, uploads))
        })
        .await?;
    let page = page_of(&visit, "", site.zone()).titled("site-data");
    let lines = counts.into_iter().map(|(noun, count)| Line {
        noun,
        count,
        href: match noun {
            Noun::Halls | Noun::Rows => format!("/sites/{id}/halls"),
            Noun::Power => format!("/sites/{id}/power"),
            Noun::Zones => format!("/sites/{id}/cooling"),
            Noun::Racks => format!("/racks?site={id}"),
        },
    });
    html(&Index {
        tabs: tabs(&page, id, "data"),
        lines: lines.collect(),
        uploads,
        edits,
        page,
        site,
    })
}
