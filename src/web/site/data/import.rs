//! The rows of a noun from a file: upload, see what it would do, then have it written.

use super::super::common::{Fields, MayBreak, Saved, codes, consent, page_of, saved};
use super::MOST_MIB;
use super::report::{self, Shown, View};
use crate::db::metering::imports::{self, Import};
use crate::db::site::sites::{self, Site};
use crate::domain::ids::{ImportId, SiteId};
use crate::domain::message::Message;
use crate::domain::site::sheet::{Noun, OnExisting};
use crate::error::{Error, Result};
use crate::import::sheet::read;
use crate::services::site::data::upload::{self, Upload};
use crate::services::site::data::{Decided, Rows, digest, netbox};
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, html_with, see_other};
use crate::web::parts::Choice;
use crate::web::problem::Problem;
use crate::web::upload::{Received, received};
use crate::web::visit::Answer;
use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

#[derive(Template)]
#[template(path = "site/data/upload.html")]
struct UploadPage {
    page: Page,
    form: Form,
    site: Site,
    noun: Noun,
    choices: Vec<Choice>,
    cancel: String,
}

async fn asked(visit: &Visit, site: SiteId, noun: Noun, form: Form, status: StatusCode) -> Answer {
    let site = visit.read(move |conn| sites::get(conn, site)).await?;
    let mut page = page_of(visit, "", site.zone());
    page.title = page.code("site-data-import", noun);
    html_with(
        status,
        &UploadPage {
            choices: codes(&page, "site-data-on", OnExisting::ALL),
            cancel: format!("/sites/{}/data", site.id),
            page,
            form,
            site,
            noun,
        },
    )
}

pub async fn blank(visit: Visit, path: web::Path<(i64, String)>) -> Answer {
    let (site, noun) = path.into_inner();
    let noun = Noun::parse(&noun).ok_or(Problem::NotFound)?;
    let form = Form::blank().with("on", OnExisting::Update);
    asked(&visit, SiteId(site), noun, form, StatusCode::OK).await
}

pub async fn upload(
    visit: Visit,
    path: web::Path<(i64, String)>,
    request: HttpRequest,
    parts: Multipart,
) -> Answer {
    let (site, noun) = path.into_inner();
    let (site, noun) = (SiteId(site), Noun::parse(&noun).ok_or(Problem::NotFound)?);
    let Received {
        form,
        name,
        content,
    } = received(&request, parts, MOST_MIB).await?;
    let on = OnExisting::parse(form.value("on")).unwrap_or(OnExisting::Update);
    let mut form = form.with("on", on);
    if !form.ok() {
        return asked(&visit, site, noun, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let locale = visit.reader.locale;
    let read = web::block(move || (read(noun, &content).map(|_| ()), content));
    let (read, content) = read.await.map_err(Problem::internal)?;
    if let Err(error) = read {
        let said = Message::new("imp-file-refused").with("reason", error.sentence(locale));
        form.fail("file", said);
        return asked(&visit, site, noun, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let (actor, now) = (visit.who.actor, visit.now);
    let id = visit
        .run(move |app| {
            sites::get(&mut *app.db.get()?, site)?;
            let upload = Upload {
                kind: noun.code(),
                keep: on.code().to_owned(),
                name: &name,
                content: &content,
            };
            upload::keep(&app.db, &actor, now, site, &upload)
        })
        .await?;
    Ok(see_other(&format!("/sites/{site}/data/imports/{id}")))
}

pub async fn show(visit: Visit, path: web::Path<(i64, i64)>) -> Answer {
    let (site, id) = path.into_inner();
    let answer = (StatusCode::OK, None);
    tried(&visit, SiteId(site), ImportId(id), Form::blank(), answer).await
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
    let found = visit
        .run(move |app| {
            app.db.read(|conn| {
                let place = sites::get(conn, site)?;
                let row = upload::get(conn, site, id)?;
                if upload::choice(&row).is_none() {
                    return super::netbox::load(conn, place, row, (&actor, now));
                }
                load(conn, place, row, now)
            })
        })
        .await?;
    report::answer(visit, found, form, status, broken)
}

fn load(
    conn: &mut crate::db::Conn,
    site: Site,
    row: Import,
    now: crate::domain::calendar::Instant,
) -> Result<Shown> {
    let errors = imports::errors(conn, row.id, None, report::SHOWN as i64)?;
    let plan = match upload::is_written(&row) {
        true => None,
        false => Some(upload::trial(conn, site.id, &row, now)?),
    };
    Ok(Shown {
        seen: plan.as_ref().map(digest).unwrap_or_default(),
        view: View::File,
        site,
        row,
        errors,
        plan,
    })
}

pub async fn write(visit: Visit, path: web::Path<(i64, i64)>, fields: Fields) -> Answer {
    let (site, id) = path.into_inner();
    let (site, id) = (SiteId(site), ImportId(id));
    let mut form = Form::from_values(fields.into_inner());
    let rows = match form.value("rows") {
        "good" => Rows::Good,
        _ => Rows::Whole,
    };
    let seen = Some(form.value("seen").to_owned()).filter(|seen| !seen.is_empty());
    let (actor, now, consent) = (visit.who.actor, visit.now, consent(&form));
    let result = visit
        .run(move |app| {
            let row = upload::get(&mut *app.db.get()?, site, id)?;
            let how = Decided {
                rows,
                seen,
                consent,
            };
            let done = match upload::choice(&row) {
                Some(_) => upload::write(&app.db, &actor, now, site, id, &how)?,
                None => netbox::write(&app.db, &actor, now, site, id, &how)?,
            };
            match done {
                Some(_) => Ok(format!(
                    "/sites/{site}/data/imports/{id}?done=data-imported"
                )),
                None => Err(Error::rule("site-import-stopped")),
            }
        })
        .await;
    match saved(&visit.page("nav-sites"), &mut form, result)? {
        Saved::Yes(path) => Ok(see_other(&path)),
        Saved::No(status, broken) => tried(&visit, site, id, form, (status, broken)).await,
    }
}
