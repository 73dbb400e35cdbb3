//! Halls and rows of a site.

use super::common::{Fields, NAME_MAX, Saved, codes, page_of, saved, tabs};
use crate::db::Conn;
use crate::db::leasing::lists::tenant_names;
use crate::db::site::halls::{self, Hall, Row};
use crate::db::site::sites::{self, Site};
use crate::domain::ids::{HallId, RowId, SiteId, TenantId};
use crate::domain::site::OfferedTo;
use crate::domain::units::Watts;
use crate::error::Result;
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
use std::collections::HashMap;

struct HallCard {
    hall: Hall,
    /// To whom it is offered, where that is not everybody.
    offered: Option<String>,
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
    let (figures, rows, chosen) = visit
        .run(move |app| {
            app.db.read(|conn| {
                let figures = Figures::load(conn, site, now)?;
                let rows = halls::rows_of_site(conn, site)?;
                Ok((figures, rows, chosen_names(conn, site)?))
            })
        })
        .await?;
    let site = figures.house.site.clone();
    let page = page_of(visit, &site.name, site.zone());
    let halls: Vec<HallCard> = figures
        .house
        .halls
        .iter()
        .map(|hall| HallCard {
            offered: offered(&page, hall, &chosen),
            ..card(&figures, hall, &rows)
        })
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

/// The names of those that halls are offered to by name.
fn chosen_names(conn: &mut Conn, site: SiteId) -> Result<Vec<(HallId, String)>> {
    let chosen = halls::offers_of_site(conn, site)?;
    if chosen.is_empty() {
        return Ok(vec![]);
    }
    let names: HashMap<TenantId, String> = tenant_names(conn)?.into_iter().collect();
    let named = chosen.into_iter();
    Ok(named
        .filter_map(|(hall, tenant)| Some((hall, names.get(&tenant)?.clone())))
        .collect())
}

fn offered(page: &Page, hall: &Hall, chosen: &[(HallId, String)]) -> Option<String> {
    match hall.offered {
        OfferedTo::All => None,
        OfferedTo::Nobody => Some(page.t("site-offered-nobody-said")),
        OfferedTo::Chosen => {
            let mut names: Vec<&str> = chosen
                .iter()
                .filter(|(at, _)| *at == hall.id)
                .map(|(_, name)| name.as_str())
                .collect();
            names.sort_unstable();
            Some(page.t1("site-offered-chosen-said", "tenants", names.join(", ")))
        }
    }
}

fn card(figures: &Figures, hall: &Hall, rows: &[Row]) -> HallCard {
    let mut own: Vec<&Row> = rows.iter().filter(|row| row.hall_id == hall.id).collect();
    own.sort_by_cached_key(|row| natural(&row.name));
    let rows: Vec<RowLine> = own.into_iter().map(|row| line(figures, row)).collect();
    HallCard {
        hall: hall.clone(),
        offered: None,
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
        offered: OfferedTo::All,
    };
    let (actor, now) = (visit.who.actor, visit.now);
    let result = visit
        .save_once(&form, move |app| {
            sites::get(&mut *app.db.get()?, site_id)?;
            service::halls::save(&app.db, &actor, now, &hall, &[])?;
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

#[derive(Template)]
#[template(path = "site/hall_form.html")]
struct HallForm {
    page: Page,
    form: Form,
    id: HallId,
    /// The site's halls.
    back: String,
    offered: Vec<Choice>,
    /// The names of their fields, and theirs.
    tenants: Vec<(String, String)>,
}

/// The field of one tenant.
fn tenant_field(id: TenantId) -> String {
    format!("tenant-{id}")
}

fn hall_form(
    visit: &Visit,
    form: Form,
    hall: Hall,
    tenants: &[(TenantId, String)],
    status: StatusCode,
) -> Answer {
    let page = visit.page("site-hall-edit");
    let tenants = tenants.iter();
    html_with(
        status,
        &HallForm {
            offered: codes(&page, "site-offered", OfferedTo::ALL),
            tenants: tenants
                .map(|(id, name)| (tenant_field(*id), name.clone()))
                .collect(),
            page,
            form,
            id: hall.id,
            back: format!("/sites/{}/halls", hall.site_id),
        },
    )
}

pub async fn edit(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = HallId(*id);
    let (hall, chosen, tenants) = visit
        .read(move |conn| {
            let hall = halls::get(conn, id)?;
            Ok((hall, halls::offers_of(conn, &[id])?, tenant_names(conn)?))
        })
        .await?;
    let mut form = Form::blank()
        .with("name", &hall.name)
        .with("offered", hall.offered);
    for (_, tenant) in chosen {
        form = form.with(&tenant_field(tenant), "yes");
    }
    hall_form(&visit, form, hall, &tenants, StatusCode::OK)
}

pub async fn update(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let id = HallId(*id);
    let (before, tenants) = visit
        .read(move |conn| Ok((halls::get(conn, id)?, tenant_names(conn)?)))
        .await?;
    let site = before.site_id;
    let mut form = Form::from_values(fields.into_inner());
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    let name = form.text("name", NAME_MAX);
    let offered = form.choice("offered", OfferedTo::parse);
    if let (Some(name), Some(offered)) = (name, offered) {
        let hall = Hall {
            name,
            offered,
            ..before.clone()
        };
        let ids = tenants.iter().map(|(id, _)| *id);
        let chosen: Vec<TenantId> = ids.filter(|id| form.checked(&tenant_field(*id))).collect();
        let (actor, now) = (visit.who.actor, visit.now);
        let result = visit
            .save_once(&form, move |app| {
                service::halls::save(&app.db, &actor, now, &hall, &chosen)?;
                Ok(format!("/sites/{site}/halls?done=site-saved"))
            })
            .await;
        match saved(&visit.page("nav-sites"), &mut form, result)? {
            Saved::Yes(path) => return Ok(see_other(&path)),
            Saved::No(refused, _) => status = refused,
        }
    }
    hall_form(&visit, form, before, &tenants, status)
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
