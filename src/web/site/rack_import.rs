//! Racks from a file: upload, see what it would do, then write it.

use super::common::{Fields, MayBreak, Saved, consent, page_of, saved};
use crate::db::metering::imports::{self, BadRow, Import};
use crate::db::site::sites::{self, Site};
use crate::domain::ids::{ImportId, SiteId};
use crate::domain::message::Message;
use crate::error::Error;
use crate::import::{column_name, racks};
use crate::services::site::rack_import::{Mode, Report};
use crate::services::site::rack_upload;
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, html_with, see_other};
use crate::web::problem::Problem;
use crate::web::visit::Answer;
use actix_multipart::Multipart;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use askama::Template;
use futures_util::TryStreamExt;

/// Fifty thousand racks with long names; more is another file by mistake.
const MOST_BYTES: usize = 16 * 1024 * 1024;
const NAME_MAX: usize = 120;
/// Bad rows that a page shows.
const SHOWN: usize = 200;

#[derive(Template)]
#[template(path = "site/rack_upload.html")]
struct UploadPage {
    page: Page,
    form: Form,
    site: Site,
    cancel: String,
}

async fn asked(visit: &Visit, site: SiteId, form: Form, status: StatusCode) -> Answer {
    let site = visit.read(move |conn| sites::get(conn, site)).await?;
    let page = visit.page("site-import");
    let cancel = format!("/racks?site={}", site.id);
    html_with(
        status,
        &UploadPage {
            page,
            form,
            site,
            cancel,
        },
    )
}

pub async fn blank(visit: Visit, id: web::Path<i64>) -> Answer {
    asked(&visit, SiteId(*id), Form::blank(), StatusCode::OK).await
}

pub async fn template(visit: Visit) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"racks.csv\"",
        ))
        .body(racks::template(visit.reader.locale))
}

/// The file's name and bytes; an empty one where none was chosen.
async fn received(mut parts: Multipart) -> Result<(String, Vec<u8>), Problem> {
    let broken = |_| Problem::BadRequest(Message::new("site-import-broken"));
    let (mut name, mut content) = (String::new(), Vec::new());
    while let Some(mut part) = parts.try_next().await.map_err(broken)? {
        let is_file = part.name() == Some("file");
        let sent = part
            .content_disposition()
            .and_then(|c| c.get_filename())
            .unwrap_or_default()
            .to_owned();
        while let Some(bytes) = part.try_next().await.map_err(broken)? {
            if content.len() + bytes.len() > MOST_BYTES {
                return Err(Problem::TooLarge);
            }
            if is_file {
                content.extend_from_slice(&bytes);
            }
        }
        if is_file {
            name = sent.chars().take(NAME_MAX).collect();
        }
    }
    Ok((name, content))
}

pub async fn upload(visit: Visit, id: web::Path<i64>, parts: Multipart) -> Answer {
    let site = SiteId(*id);
    let mut form = Form::blank();
    let (name, content) = received(parts).await?;
    let locale = visit.reader.locale;
    let read = web::block(move || (racks::read(content.as_slice()).map(|_| ()), content));
    let (read, content) = read.await.map_err(Problem::internal)?;
    if let Err(error) = read {
        form.fail(
            "file",
            Message::new("site-import-refused").with("reason", error.sentence(locale)),
        );
        return asked(&visit, site, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let (actor, now) = (visit.who.actor, visit.now);
    let id = visit
        .run(move |app| {
            sites::get(&mut *app.db.get()?, site)?;
            rack_upload::keep(&app.db, &actor, now, site, &name, &content)
        })
        .await?;
    Ok(see_other(&format!("/sites/{site}/racks/import/{id}")))
}

/// A bad row in the reader's words.
struct BadLine {
    line: i64,
    column: String,
    value: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "site/rack_trial.html")]
struct Trial {
    page: Page,
    form: Form,
    site: Site,
    upload: Import,
    written: bool,
    created: i64,
    updated: i64,
    same: i64,
    bad_count: i64,
    new_halls: i64,
    new_rows: i64,
    bad: Vec<BadLine>,
    /// More rows are bad than the page shows.
    shortened: bool,
    broken: MayBreak,
}

pub async fn show(visit: Visit, path: web::Path<(i64, i64)>) -> Answer {
    let (site, import) = path.into_inner();
    tried(
        &visit,
        SiteId(site),
        ImportId(import),
        Form::blank(),
        (StatusCode::OK, None),
    )
    .await
}

/// What the file would do now, or what it did.
async fn tried(
    visit: &Visit,
    site: SiteId,
    id: ImportId,
    form: Form,
    (status, broken): (StatusCode, MayBreak),
) -> Answer {
    let (actor, now) = (visit.who.actor, visit.now);
    let (site, upload, errors, report) = visit
        .run(move |app| {
            let (place, upload, errors) = app.db.read(|conn| {
                let upload = rack_upload::get(conn, site, id)?;
                let errors = imports::errors(conn, id, None, SHOWN as i64)?;
                Ok((sites::get(conn, site)?, upload, errors))
            })?;
            let report = match rack_upload::is_written(&upload) {
                true => Report::default(),
                false => rack_upload::trial(&app.db, &actor, now, site, id)?,
            };
            Ok((place, upload, errors, report))
        })
        .await?;
    let page = page_of(visit, "", site.zone()).titled("site-import");
    html_with(
        status,
        &trial(page, form, site, upload, (&errors, &report), broken),
    )
}

fn trial(
    page: Page,
    form: Form,
    site: Site,
    upload: Import,
    (errors, report): (&[BadRow], &Report),
    broken: MayBreak,
) -> Trial {
    let written = rack_upload::is_written(&upload);
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let pick = |kept: i64, found: u64| if written { kept } else { count(found) };
    let bad = bad_lines(&page, errors, report);
    let bad_count = pick(upload.rows_bad, report.bad.len() as u64);
    Trial {
        written,
        created: pick(upload.rows_new, report.created),
        updated: pick(upload.rows_corrected, report.updated),
        same: pick(upload.rows_same, report.same),
        new_halls: count(report.new_halls),
        new_rows: count(report.new_rows),
        shortened: bad_count > bad.len() as i64,
        bad_count,
        bad,
        page,
        form,
        site,
        upload,
        broken,
    }
}

fn bad_lines(page: &Page, errors: &[BadRow], report: &Report) -> Vec<BadLine> {
    let kept = errors.iter().map(|row| BadLine {
        line: row.line,
        column: column_name(page.locale, &row.column_name),
        value: row.value.clone(),
        reason: serde_json::from_str(&row.reason)
            .map_or_else(|_| row.reason.clone(), |said: Message| page.say(&said)),
    });
    let found = report.bad.iter().take(SHOWN).map(|row| BadLine {
        line: i64::try_from(row.line).unwrap_or(i64::MAX),
        column: column_name(page.locale, row.column),
        value: row.value.clone(),
        reason: row.reason_text(page.locale),
    });
    kept.chain(found).collect()
}

pub async fn write(visit: Visit, path: web::Path<(i64, i64)>, fields: Fields) -> Answer {
    let (site, id) = path.into_inner();
    let (site, id) = (SiteId(site), ImportId(id));
    let mut form = Form::from_values(fields.into_inner());
    let mode = match form.value("rows") {
        "good" => Mode::GoodRows,
        _ => Mode::Whole,
    };
    let (actor, now, agreed) = (visit.who.actor, visit.now, consent(&form));
    let result = visit
        .run(
            move |app| match rack_upload::write(&app.db, &actor, now, site, id, mode, &agreed)? {
                Some(_) => Ok(format!(
                    "/sites/{site}/racks/import/{id}?done=racks-imported"
                )),
                None => Err(Error::rule("site-import-stopped")),
            },
        )
        .await;
    match saved(&visit.page("nav-sites"), &mut form, result)? {
        Saved::Yes(path) => Ok(see_other(&path)),
        Saved::No(status, broken) => tried(&visit, site, id, form, (status, broken)).await,
    }
}
