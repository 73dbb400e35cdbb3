//! Import from NetBox: several files at once, what they become, and what is left out and why.

use super::super::common::{codes, page_of};
use super::MOST_NETBOX_MIB;
use super::report::{SHOWN, Shown, View};
use crate::db::Conn;
use crate::db::metering::imports::{self, Import};
use crate::db::site::sites::{self, Site};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::Actor;
use crate::domain::ids::SiteId;
use crate::domain::message::Message;
use crate::domain::site::CoolingKind;
use crate::domain::units::Watts;
use crate::error::{Error, Result};
use crate::import::netbox::{Left, Note, Options, Refused, Table, read};
use crate::services::site::data::netbox::{self as service, why};
use crate::services::site::data::upload;
use crate::text::Locale;
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, html_with, see_other};
use crate::web::parts::Choice;
use crate::web::problem::Problem;
use crate::web::upload::{ReceivedFiles, received_files};
use crate::web::visit::Answer;
use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use rust_decimal::Decimal;

/// What a report of NetBox has beyond the rows.
#[derive(Default)]
pub struct Extra {
    left: Vec<Left>,
    notes: Vec<(Note, i64, String)>,
    tenants: usize,
    feeds: usize,
    power: Watts,
}

/// A row that is left out, in the reader's words.
pub struct LeftLine {
    pub table: String,
    pub name: String,
    pub reason: String,
}

impl Extra {
    pub fn told(self, page: &Page) -> (Vec<LeftLine>, Vec<String>) {
        let left = self.left.iter().map(|left| LeftLine {
            table: page.code("netbox-table", left.table),
            name: left.name.clone(),
            reason: page.say(&why(left)),
        });
        let mut notes = vec![];
        if self.feeds > 0 {
            notes.push(page.t2(
                "netbox-feeds",
                "count",
                self.feeds as i64,
                "power",
                page.kw(self.power),
            ));
        }
        if self.tenants > 0 {
            notes.push(page.t1("netbox-new-tenants", "count", self.tenants as i64));
        }
        let said = self.notes.iter().map(|(note, count, text)| {
            let key = format!("netbox-note-{note}");
            let text = match Table::parse(text) {
                Some(table) => page.code("netbox-table", table),
                None => text.clone(),
            };
            page.say(&Message::new(&key).with("count", *count).with("text", text))
        });
        notes.extend(said);
        (left.collect(), notes)
    }
}

#[derive(Template)]
#[template(path = "site/data/netbox.html")]
struct UploadPage {
    page: Page,
    form: Form,
    site: Site,
    cooling: Vec<Choice>,
    cancel: String,
}

async fn asked(visit: &Visit, site: SiteId, form: Form, status: StatusCode) -> Answer {
    let site = visit.read(move |conn| sites::get(conn, site)).await?;
    let page = page_of(visit, "", site.zone()).titled("site-data-netbox");
    html_with(
        status,
        &UploadPage {
            cooling: codes(&page, "site-cooling", CoolingKind::ALL),
            cancel: format!("/sites/{}/data", site.id),
            page,
            form,
            site,
        },
    )
}

pub async fn blank(visit: Visit, id: web::Path<i64>) -> Answer {
    let form = Form::blank().with("cooling", CoolingKind::Air);
    asked(&visit, SiteId(*id), form, StatusCode::OK).await
}

fn parse(form: &mut Form) -> Option<Options> {
    let site = form.optional("netbox_site", |form| form.text("netbox_site", 100));
    let cooling = form.choice("cooling", CoolingKind::parse);
    let slots = form.optional("slots", |form| form.integer("slots", 1..=10_000));
    let most = Decimal::from(100_000);
    let limit = form.optional("limit_kw", |form| {
        form.decimal("limit_kw", Decimal::new(1, 3)..=most, 3)
    });
    Some(Options {
        site: site?.unwrap_or_default(),
        cooling: cooling?,
        slots: slots?,
        limit: limit?.and_then(Watts::from_kilo),
        unfed_on_panel: form.checked("unfed_on_panel"),
    })
}

/// Why the files cannot be taken, in the reader's words.
fn refused(error: &Refused, locale: Locale) -> Message {
    match error {
        Refused::File(name, error) => Message::new("netbox-refused")
            .with("name", name.as_str())
            .with("reason", error.sentence(locale)),
        Refused::Unknown(name) => Message::new("netbox-unknown-table").with("name", name.as_str()),
    }
}

pub async fn upload(
    visit: Visit,
    id: web::Path<i64>,
    request: HttpRequest,
    parts: Multipart,
) -> Answer {
    let site = SiteId(*id);
    let ReceivedFiles { mut form, files } =
        received_files(&request, parts, MOST_NETBOX_MIB).await?;
    let options = parse(&mut form);
    let (locale, status) = (visit.reader.locale, StatusCode::UNPROCESSABLE_ENTITY);
    let (read, files) = web::block(move || (read(&files), files))
        .await
        .map_err(Problem::internal)?;
    if let Err(error) = &read {
        form.fail("file", refused(error, locale));
    }
    let (Ok(export), Some(options), true) = (read, options, form.ok()) else {
        return asked(&visit, site, form, status).await;
    };
    let (actor, now) = (visit.who.actor, visit.now);
    let result = visit
        .run(move |app| {
            // Tried before it is kept: which site is meant must be clear.
            service::propose(&mut *app.db.get()?, (&actor, now), site, &export, &options)?;
            service::keep(&app.db, &actor, now, site, &files, &options)
        })
        .await;
    match result {
        Ok(id) => Ok(see_other(&format!("/sites/{site}/data/imports/{id}"))),
        Err(Error::Rule(message)) => {
            form.fail("netbox_site", message);
            asked(&visit, site, form, status).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What the kept files would do now, or did.
pub fn load(conn: &mut Conn, site: Site, row: Import, by: (&Actor, Instant)) -> Result<Shown> {
    if upload::is_written(&row) {
        return Ok(Shown {
            errors: imports::errors(conn, row.id, None, SHOWN as i64)?,
            view: View::NetBox(Extra::default()),
            plan: None,
            seen: String::new(),
            site,
            row,
        });
    }
    let (export, options) = service::kept(conn, &row)?;
    let proposal = service::propose(conn, by, site.id, &export, &options)?;
    let mapped = proposal.mapped;
    let extra = Extra {
        tenants: proposal.tenants.len(),
        feeds: mapped.feeds.len(),
        power: mapped.feeds.iter().map(|feed| feed.power).sum(),
        left: mapped.left,
        notes: mapped.notes,
    };
    Ok(Shown {
        errors: vec![],
        view: View::NetBox(extra),
        plan: Some(proposal.plan),
        seen: proposal.digest,
        site,
        row,
    })
}
