//! The form of a watched folder: where it is, which files are its, and what becomes of their bad rows.

use super::folders::folder;
use super::readings::dashed;
use super::sources::path_of;
use super::words::Fields;
use crate::db::metering::sources::Source;
use crate::db::site::sites;
use crate::domain::ids::*;
use crate::domain::metering::folder::{FileForm, FolderRules};
use crate::domain::rows::Keep;
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

const TEXT_MAX: usize = 300;

#[derive(Template)]
#[template(path = "metering/folder_form.html")]
struct FolderForm {
    page: Page,
    form: Form,
    action: String,
    back: String,
    site: SiteId,
    /// Empty: the settings name none, and no folder can be watched.
    base: String,
    forms: Vec<Choice>,
    keeps: Vec<Choice>,
}

fn filled(source: &Source, rules: &FolderRules) -> Form {
    let form = Form::blank()
        .with("name", &source.name)
        .with("address", &source.address)
        .with("pattern", &rules.pattern)
        .with("form", rules.form)
        .with("keep", rules.keep);
    match source.enabled {
        true => form.with("enabled", "yes"),
        false => form,
    }
}

/// `source`: the one that is changed, or none of the site's yet.
async fn asked(visit: &Visit, site: SiteId, source: Option<Source>, form: Form) -> Answer {
    let row = visit.read(move |conn| sites::get(conn, site)).await?;
    let page = page_of(visit, "", row.zone());
    let title = match &source {
        Some(source) => source.name.clone(),
        None => page.t("folder-new"),
    };
    let page = page.named(title);
    let (action, back) = match &source {
        Some(source) => (path_of(source), path_of(source)),
        None => (
            format!("/sites/{site}/folders"),
            format!("/sites/{site}/sources"),
        ),
    };
    let keep = |it: Keep| Choice::new(it.code(), page.code("import-keep", dashed(it.code())));
    let status = match form.ok() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let base = visit.app.config.readings_folder_base.display().to_string();
    let template = FolderForm {
        forms: codes(&page, "folder-form", FileForm::ALL),
        keeps: [Keep::AllOrNothing, Keep::GoodRows].map(keep).into(),
        base,
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
    let form = filled(&Source::usual_folder(site), &FolderRules::default());
    asked(&visit, site, None, form).await
}

pub async fn edit(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = SourceId(*id);
    let source = visit.read(move |conn| folder(conn, id)).await?;
    let form = filled(&source, &source.folder()?);
    asked(&visit, source.site_id, Some(source), form).await
}

fn parse(form: &mut Form, known: Source) -> Option<Source> {
    let name = form.text("name", TEXT_MAX);
    let address = form.text("address", TEXT_MAX);
    let pattern = form.text("pattern", TEXT_MAX);
    let what = form.choice("form", FileForm::parse);
    let keep = form.choice("keep", Keep::parse);
    let rules = FolderRules {
        pattern: pattern?,
        form: what?,
        keep: keep?,
    };
    Some(Source {
        name: name?,
        enabled: form.checked("enabled"),
        address: address?,
        mapping: serde_json::to_string(&rules).ok()?,
        ..known
    })
}

pub async fn create(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let site = SiteId(*id);
    let mut form = Form::from_values(fields.into_inner());
    let Some(source) = parse(&mut form, Source::usual_folder(site)) else {
        return asked(&visit, site, None, form).await;
    };
    let (actor, now) = (visit.who.actor, visit.now);
    let saved = visit
        .save_once(&form, move |app| {
            let base = &app.config.readings_folder_base;
            let id = service::save_folder(&app.db, &actor, now, &source, base)?;
            Ok(format!("/folders/{id}?done=source-saved"))
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
    let known = visit.read(move |conn| folder(conn, id)).await?;
    let site = known.site_id;
    let mut form = Form::from_values(fields.into_inner());
    let Some(source) = parse(&mut form, known.clone()) else {
        return asked(&visit, site, Some(known), form).await;
    };
    let (actor, now) = (visit.who.actor, visit.now);
    let saved = visit
        .run(move |app| {
            let base = &app.config.readings_folder_base;
            service::save_folder(&app.db, &actor, now, &source, base)
        })
        .await;
    match saved {
        Ok(id) => Ok(see_other(&format!("/folders/{id}?done=source-saved"))),
        Err(error) => {
            form.absorb(error)?;
            asked(&visit, site, Some(known), form).await
        }
    }
}
