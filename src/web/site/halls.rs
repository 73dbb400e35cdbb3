//! Halls and rows of a site.

use super::common::{Fields, NAME_MAX, Saved, page_of, saved, tabs};
use crate::db::site::halls::{self, Hall, Row};
use crate::db::site::sites::{self, Site};
use crate::domain::ids::{HallId, RowId, SiteId};
use crate::domain::units::Watts;
use crate::services::site as service;
use crate::services::site::figures::{Figures, natural};
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, html_with, see_other};
use crate::web::parts::{Choice, Tab};
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;

struct HallCard {
    hall: Hall,
    racks: usize,
    limit: Watts,
    rows: Vec<RowLine>,
}

struct RowLine {
    row: Row,
    racks: usize,
    slots: i64,
    limit: Watts,
    sold: Watts,
}

#[derive(Template)]
#[template(path = "site/halls.html")]
struct Halls {
    page: Page,
    site: Site,
    tabs: Vec<Tab>,
    edits: bool,
    halls: Vec<HallCard>,
    hall_form: Form,
    row_form: Form,
    hall_choices: Vec<Choice>,
}

/// The list with its two short forms below.
async fn shown(
    visit: &Visit,
    site: SiteId,
    hall_form: Form,
    row_form: Form,
    status: StatusCode,
) -> Answer {
    let now = visit.now;
    let (figures, rows) = visit
        .run(move |app| {
            app.db.read(|conn| {
                let figures = Figures::load(conn, site, now)?;
                Ok((figures, halls::rows_of_site(conn, site)?))
            })
        })
        .await?;
    let site = figures.house.site.clone();
    let page = page_of(visit, &site.name, site.zone());
    let halls: Vec<HallCard> = figures
        .house
        .halls
        .iter()
        .map(|hall| card(&figures, hall, &rows))
        .collect();
    let hall_choices = halls
        .iter()
        .map(|c| Choice::new(c.hall.id.to_string(), &c.hall.name))
        .collect();
    let list = Halls {
        tabs: tabs(&page, site.id, "halls"),
        edits: visit.edits_site(),
        page,
        site,
        halls,
        hall_form,
        row_form,
        hall_choices,
    };
    html_with(status, &list)
}

fn card(figures: &Figures, hall: &Hall, rows: &[Row]) -> HallCard {
    let mut own: Vec<&Row> = rows.iter().filter(|row| row.hall_id == hall.id).collect();
    own.sort_by_cached_key(|row| natural(&row.name));
    let rows: Vec<RowLine> = own.into_iter().map(|row| line(figures, row)).collect();
    HallCard {
        hall: hall.clone(),
        racks: rows.iter().map(|row| row.racks).sum(),
        limit: rows.iter().map(|row| row.limit).sum(),
        rows,
    }
}

fn line(figures: &Figures, row: &Row) -> RowLine {
    let racks = &figures.house.racks;
    let here: Vec<usize> = (0..racks.len())
        .filter(|&at| racks[at].row_id == row.id)
        .collect();
    RowLine {
        row: row.clone(),
        racks: here.len(),
        slots: here.iter().map(|&at| racks[at].slots).sum(),
        limit: here.iter().map(|&at| racks[at].limit_watts).sum(),
        sold: here.iter().map(|&at| figures.rack(at).sold).sum(),
    }
}

pub async fn list(visit: Visit, id: web::Path<i64>) -> Answer {
    shown(
        &visit,
        SiteId(*id),
        Form::blank(),
        Form::blank(),
        StatusCode::OK,
    )
    .await
}

pub async fn add(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let site_id = SiteId(*id);
    let mut form = Form::from_values(fields.into_inner());
    let Some(name) = form.text("name", NAME_MAX) else {
        return shown(
            &visit,
            site_id,
            form,
            Form::blank(),
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await;
    };
    let hall = Hall {
        id: HallId(0),
        site_id,
        name,
        width: None,
        depth: None,
    };
    let (actor, now) = (visit.who.actor, visit.now);
    let result = visit
        .save_once(&form, move |app| {
            sites::get(&mut *app.db.get()?, site_id)?;
            service::halls::save(&app.db, &actor, now, &hall)?;
            Ok(format!("/sites/{site_id}/halls?done=site-added"))
        })
        .await;
    match saved(&visit.page("nav-sites"), &mut form, result)? {
        Saved::Yes(path) => Ok(see_other(&path)),
        Saved::No(status, _) => shown(&visit, site_id, form, Form::blank(), status).await,
    }
}

pub async fn add_row(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let site_id = SiteId(*id);
    let mut form = Form::from_values(fields.into_inner());
    let hall = form.choice("hall", |id| id.parse().ok());
    let name = form.text("row_name", NAME_MAX);
    let (Some(hall_id), Some(name)) = (hall, name) else {
        return shown(
            &visit,
            site_id,
            Form::blank(),
            form,
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await;
    };
    let row = Row {
        id: RowId(0),
        site_id,
        hall_id,
        name,
    };
    let (actor, now) = (visit.who.actor, visit.now);
    let result = visit
        .save_once(&form, move |app| {
            service::halls::save_row(&app.db, &actor, now, &row)?;
            Ok(format!("/sites/{site_id}/halls?done=site-added"))
        })
        .await;
    match saved(&visit.page("nav-sites"), &mut form, result)? {
        Saved::Yes(path) => Ok(see_other(&path)),
        Saved::No(status, _) => {
            // The service calls both names "name"; this page has two such fields.
            if let Some(message) = form.error("name").cloned() {
                form.fail("row_name", message);
            }
            shown(&visit, site_id, Form::blank(), form, status).await
        }
    }
}

#[derive(Template)]
#[template(path = "site/rename.html")]
struct Rename {
    page: Page,
    form: Form,
    label: String,
    action: String,
    cancel: String,
}

fn renamed(
    visit: &Visit,
    key: &str,
    form: Form,
    action: String,
    site: SiteId,
    status: StatusCode,
) -> Answer {
    let page = visit.page(key);
    let label = page.t("site-name");
    let cancel = format!("/sites/{site}/halls");
    html_with(
        status,
        &Rename {
            page,
            form,
            label,
            action,
            cancel,
        },
    )
}

pub async fn edit(visit: Visit, id: web::Path<i64>) -> Answer {
    let hall = visit
        .read(move |conn| halls::get(conn, HallId(*id)))
        .await?;
    let form = Form::blank().with("name", &hall.name);
    renamed(
        &visit,
        "site-hall-rename",
        form,
        format!("/halls/{}", hall.id),
        hall.site_id,
        StatusCode::OK,
    )
}

pub async fn rename(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let mut hall = visit
        .read(move |conn| halls::get(conn, HallId(*id)))
        .await?;
    let (id, site) = (hall.id, hall.site_id);
    let mut form = Form::from_values(fields.into_inner());
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(name) = form.text("name", NAME_MAX) {
        hall.name = name;
        let (actor, now) = (visit.who.actor, visit.now);
        let result = visit
            .save_once(&form, move |app| {
                service::halls::save(&app.db, &actor, now, &hall)?;
                Ok(format!("/sites/{site}/halls?done=site-saved"))
            })
            .await;
        match saved(&visit.page("nav-sites"), &mut form, result)? {
            Saved::Yes(path) => return Ok(see_other(&path)),
            Saved::No(refused, _) => status = refused,
        }
    }
    renamed(
        &visit,
        "site-hall-rename",
        form,
        format!("/halls/{id}"),
        site,
        status,
    )
}

pub async fn edit_row(visit: Visit, id: web::Path<i64>) -> Answer {
    let row = visit.read(move |conn| halls::row(conn, RowId(*id))).await?;
    let form = Form::blank().with("name", &row.name);
    renamed(
        &visit,
        "site-row-rename",
        form,
        format!("/rows/{}", row.id),
        row.site_id,
        StatusCode::OK,
    )
}

pub async fn rename_row(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let mut row = visit.read(move |conn| halls::row(conn, RowId(*id))).await?;
    let (id, site) = (row.id, row.site_id);
    let mut form = Form::from_values(fields.into_inner());
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(name) = form.text("name", NAME_MAX) {
        row.name = name;
        let (actor, now) = (visit.who.actor, visit.now);
        let result = visit
            .save_once(&form, move |app| {
                service::halls::save_row(&app.db, &actor, now, &row)?;
                Ok(format!("/sites/{site}/halls?done=site-saved"))
            })
            .await;
        match saved(&visit.page("nav-sites"), &mut form, result)? {
            Saved::Yes(path) => return Ok(see_other(&path)),
            Saved::No(refused, _) => status = refused,
        }
    }
    renamed(
        &visit,
        "site-row-rename",
        form,
        format!("/rows/{id}"),
        site,
        status,
    )
}
