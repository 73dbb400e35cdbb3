//! A noun of a site as a file: all that there is, or an example to fill in.

use super::super::common::page_of;
use crate::db::site::sites;
use crate::domain::ids::SiteId;
use crate::domain::site::sheet::Noun;
use crate::export::sheet;
use crate::export::table::Table;
use crate::services::site::data;
use crate::web::door::Visit;
use crate::web::files;
use crate::web::page::Page;
use crate::web::problem::Problem;
use crate::web::visit::Answer;
use actix_web::web;

pub async fn export(visit: Visit, path: web::Path<(i64, String, String)>) -> Answer {
    let (site, noun, format) = path.into_inner();
    let (site, noun) = (SiteId(site), Noun::parse(&noun).ok_or(Problem::NotFound)?);
    let now = visit.now;
    let (place, rows) = visit
        .read(move |conn| Ok((sites::get(conn, site)?, data::rows(conn, site, noun, now)?)))
        .await?;
    let page = page_of(&visit, "", place.zone());
    let table = sheet::table(noun, &rows, &title(&page, noun), page.locale);
    sent(&visit, noun, &table, &format, &place.code)
}

pub async fn template(visit: Visit, path: web::Path<(i64, String, String)>) -> Answer {
    let (_, noun, format) = path.into_inner();
    let noun = Noun::parse(&noun).ok_or(Problem::NotFound)?;
    let page = visit.page("site-data");
    let table = sheet::template(noun, &title(&page, noun), page.locale);
    sent(&visit, noun, &table, &format, "template")
}

fn title(page: &Page, noun: Noun) -> String {
    page.code("site-data-noun", noun)
}

fn sent(visit: &Visit, noun: Noun, table: &Table, format: &str, of: &str) -> Answer {
    // A site's code may hold letters that a header does not.
    let of: String = of.chars().filter(char::is_ascii_alphanumeric).collect();
    let between = if of.is_empty() { "" } else { "-" };
    files::table(visit, table, &format!("{noun}{between}{of}"), format)
}
