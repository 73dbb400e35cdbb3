//! Writing a machine into the register, and mending what is known of it.

use crate::db::Conn;
use crate::db::leasing::lists::tenant_names;
use crate::db::site::catalogue;
use crate::db::site::machines::{self, BookingLine, Machine};
use crate::db::site::sites::{self, Site};
use crate::domain::calendar::Instant;
use crate::domain::ids::*;
use crate::domain::site::machine::MachineState;
use crate::domain::site::{CoolingKind, Supply};
use crate::domain::units::Watts;
use crate::error::Result;
use crate::services::site::machines::{self as service, Details, MOST_WATTS, SERIAL_MAX};
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::list::encode;
use crate::web::page::{Page, html_with, see_other};
use crate::web::parts::{Choice, Tab};
use crate::web::problem::Problem;
use crate::web::site::common::{Fields, NAME_MAX, Saved, codes, page_of, saved};
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;

pub const NOTE_MAX: usize = 500;
const PLACES: [MachineState; 2] = [MachineState::Received, MachineState::Expected];

#[derive(Template)]
#[template(path = "site/machine_form.html")]
struct MachineForm {
    page: Page,
    form: Form,
    /// Machines of one site: the switch stands above a new one.
    sites: Vec<Tab>,
    site: SiteId,
    action: String,
    cancel: String,
    tenants: Vec<Choice>,
    bookings: Vec<Choice>,
    models: Vec<Choice>,
    coolings: Vec<Choice>,
    supplies: Vec<Choice>,
    /// Only a new one: later the steps say it.
    states: Vec<Choice>,
}

struct Known {
    sites: Vec<Site>,
    site: Site,
    tenants: Vec<(TenantId, String)>,
    bookings: Vec<BookingLine>,
    models: Vec<catalogue::MachineModel>,
}

fn known(conn: &mut Conn, site: Option<SiteId>, now: Instant) -> Result<Known> {
    let sites = sites::all(conn)?;
    let first = sites
        .iter()
        .find(|s| site.is_none_or(|id| id == s.id))
        .cloned();
    let site = crate::error::found(first)?;
    let today = site.zone().date(now);
    Ok(Known {
        bookings: machines::bookings(conn, site.id, now, today)?,
        tenants: tenant_names(conn)?,
        models: catalogue::all(conn)?,
        sites,
        site,
    })
}

async fn shown(
    visit: &Visit,
    site: Option<SiteId>,
    machine: Option<&Machine>,
    form: Form,
    status: StatusCode,
) -> Answer {
    let now = visit.now;
    let known = visit.read(move |conn| known(conn, site, now)).await?;
    let page = match machine {
        Some(machine) => page_of(visit, &machine.serial, known.site.zone()),
        None => visit.page("machine-new"),
    };
    let (action, cancel) = match machine {
        Some(machine) => (
            format!("/machines/{}", machine.id),
            format!("/machines/{}", machine.id),
        ),
        None => (
            "/machines".to_owned(),
            format!("/machines?site={}", known.site.id),
        ),
    };
    let sites = known.sites.iter().map(|site| Tab {
        href: format!("/machines/new?site={}", site.id),
        label: site.name.clone(),
        active: site.id == known.site.id,
    });
    let is_new = machine.is_none();
    html_with(
        status,
        &MachineForm {
            sites: sites.filter(|_| is_new && known.sites.len() > 1).collect(),
            site: known.site.id,
            action,
            cancel,
            tenants: known
                .tenants
                .iter()
                .map(|(id, name)| Choice::new(id.to_string(), name))
                .collect(),
            bookings: known
                .bookings
                .iter()
                .map(|line| booking(&page, line))
                .collect(),
            models: known
                .models
                .iter()
                .map(|m| Choice::new(m.id.to_string(), m.name()))
                .collect(),
            coolings: codes(&page, "site-cooling", CoolingKind::ALL),
            supplies: codes(&page, "site-supply", Supply::ALL),
            states: match is_new {
                true => codes(&page, "machine-state", &PLACES),
                false => vec![],
            },
            page,
            form,
        },
    )
}

fn booking(page: &Page, line: &BookingLine) -> Choice {
    let what = page.t2(
        "site-breaks-what",
        "model",
        &line.model,
        "units",
        line.units,
    );
    Choice::new(
        line.id.to_string(),
        format!("№ {} · {} · {what}", line.id, line.tenant),
    )
}

pub async fn blank(visit: Visit) -> Answer {
    let wanted = |name: &str| {
        let pair = visit
            .query
            .split('&')
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        pair.and_then(|id| id.parse::<i64>().ok())
    };
    let form = Form::blank()
        .with("state", MachineState::Received)
        .with("cooling", CoolingKind::Air)
        .with("supply", Supply::Single);
    shown(
        &visit,
        wanted("site").map(SiteId),
        None,
        form,
        StatusCode::OK,
    )
    .await
}

pub async fn edit(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = MachineId(*id);
    let machine = visit.read(move |conn| machines::get(conn, id)).await?;
    let text = |id: Option<i64>| id.map_or(String::new(), |id| id.to_string());
    let form = Form::blank()
        .with("serial", &machine.serial)
        .with("tenant", machine.tenant_id)
        .with("reservation", text(machine.reservation_id.map(|id| id.0)))
        .with("model", text(machine.model_id.map(|id| id.0)))
        .with(
            "model_name",
            if machine.model_id.is_none() {
                machine.model_name.as_str()
            } else {
                ""
            },
        )
        .with("watts", machine.watts.0)
        .with("cooling", machine.cooling)
        .with("supply", machine.supply)
        .with("note", &machine.note);
    shown(
        &visit,
        Some(machine.site_id),
        Some(&machine),
        form,
        StatusCode::OK,
    )
    .await
}

fn parse(form: &mut Form, models: &[catalogue::MachineModel]) -> Option<Details> {
    let serial = form.text("serial", SERIAL_MAX);
    let tenant = form.choice("tenant", |id| id.parse().ok());
    let reservation = form.optional("reservation", |form| {
        form.choice("reservation", |id| id.parse().ok())
    });
    let model: Option<Option<ModelId>> =
        form.optional("model", |form| form.choice("model", |id| id.parse().ok()));
    let listed = model
        .flatten()
        .and_then(|id| models.iter().find(|m| m.id == id));
    // What the catalogue knows need not be typed.
    let (name, watts) = match listed {
        Some(model) if form.value("watts").trim().is_empty() => {
            (Some(model.name()), Some(model.watts.0))
        }
        Some(model) => (Some(model.name()), form.integer("watts", 1..=MOST_WATTS)),
        None => (
            form.text("model_name", NAME_MAX),
            form.integer("watts", 1..=MOST_WATTS),
        ),
    };
    let cooling = form.choice("cooling", CoolingKind::parse);
    let supply = form.choice("supply", Supply::parse);
    let note = form.optional("note", |form| form.text("note", NOTE_MAX));
    Some(Details {
        serial: serial?,
        tenant: tenant?,
        reservation: reservation?,
        model_id: model?,
        model_name: name?,
        watts: Watts(watts?),
        cooling: cooling?,
        supply: supply?,
        note: note?.unwrap_or_default(),
    })
}

pub async fn create(visit: Visit, fields: Fields) -> Answer {
    let site = fields
        .get("site")
        .and_then(|id| id.parse().ok())
        .ok_or(Problem::NotFound)?;
    let mut form = Form::from_values(fields.into_inner());
    let models = visit.read(catalogue::all).await?;
    let details = parse(&mut form, &models);
    let state = form.choice("state", |code| {
        MachineState::parse(code).filter(|s| PLACES.contains(s))
    });
    let (Some(details), Some(state)) = (details, state) else {
        return shown(
            &visit,
            Some(site),
            None,
            form,
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await;
    };
    let (actor, now) = (visit.who.actor, visit.now);
    let result = visit
        .save_once(&form, move |app| {
            sites::get(&mut *app.db.get()?, site)?;
            let id = service::register(&app.db, &actor, now, site, &details, state)?;
            Ok(format!("/machines/{id}?done=machine-added"))
        })
        .await;
    match saved(&visit.page("nav-machines"), &mut form, result)? {
        Saved::Yes(path) => Ok(see_other(&path)),
        Saved::No(status, _) => shown(&visit, Some(site), None, form, status).await,
    }
}

pub async fn update(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let id = MachineId(*id);
    let (machine, models) = visit
        .read(move |conn| Ok((machines::get(conn, id)?, catalogue::all(conn)?)))
        .await?;
    let mut form = Form::from_values(fields.into_inner());
    let site = Some(machine.site_id);
    let Some(details) = parse(&mut form, &models) else {
        return shown(
            &visit,
            site,
            Some(&machine),
            form,
            StatusCode::UNPROCESSABLE_ENTITY,
        )
        .await;
    };
    let (actor, now) = (visit.who.actor, visit.now);
    let result = visit
        .save_once(&form, move |app| {
            service::edit(&app.db, &actor, now, id, &details)?;
            Ok(format!("/machines/{id}?done=machine-saved"))
        })
        .await;
    let mut whole = saved(&visit.page("nav-machines"), &mut form, result)?;
    unfielded(&mut form, &["rack", "slot", "leg"]);
    match &mut whole {
        Saved::Yes(path) => Ok(see_other(path)),
        Saved::No(status, _) => shown(&visit, site, Some(&machine), form, *status).await,
    }
}

/// What is wrong with a field that this form does not have is said of the whole.
pub fn unfielded(form: &mut Form, names: &[&str]) {
    for name in names {
        if let Some(message) = form.error(name).cloned() {
            form.fail_all(message);
        }
    }
}

/// The list of one booking's machines.
pub fn of_booking(id: ReservationId) -> String {
    format!("/machines?booking={}", encode(&id.to_string()))
}
