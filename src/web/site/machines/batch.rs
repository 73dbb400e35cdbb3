//! Many machines of one booking: paste serial numbers, see what would be written, write it.

use super::form::{NOTE_MAX, of_booking, unfielded};
use crate::db::leasing::lists::tenant_contact;
use crate::db::leasing::reservations::{self, Reservation};
use crate::db::site::machines::{self, MachineFilter};
use crate::db::site::sites::{self, Site};
use crate::domain::ids::ReservationId;
use crate::domain::site::machine::MachineState;
use crate::domain::units::Watts;
use crate::services::site::machine_batch::{self, Batch, Planned, lines};
use crate::services::site::machines::MOST_WATTS;
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, html_with, see_other};
use crate::web::parts::{Choice, Fact};
use crate::web::problem::Problem;
use crate::web::site::common::{Fields, NAME_MAX, Saved, codes, page_of, saved};
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;

const STATES: [MachineState; 3] = [
    MachineState::Racked,
    MachineState::Received,
    MachineState::Expected,
];

#[derive(Template)]
#[template(path = "site/machine_batch.html")]
struct BatchPage {
    page: Page,
    form: Form,
    id: ReservationId,
    facts: Vec<Fact>,
    states: Vec<Choice>,
    /// What would be written; the fields are then shown below it, as typed.
    preview: Vec<Line>,
    racks: usize,
    cancel: String,
}

struct Line {
    serial: String,
    rack: String,
    slot: Option<i64>,
    leg: String,
}

struct Loaded {
    row: Reservation,
    site: Site,
    tenant: String,
    registered: i64,
}

async fn load(visit: &Visit, id: ReservationId) -> Result<Loaded, Problem> {
    visit
        .read(move |conn| {
            let row = reservations::get(conn, id)?;
            let filter = MachineFilter {
                reservation: Some(id),
                ..MachineFilter::default()
            };
            Ok(Loaded {
                site: sites::get(conn, row.site_id)?,
                tenant: tenant_contact(conn, row.tenant_id)?.0,
                registered: machines::totals(conn, &filter)?.machines,
                row,
            })
        })
        .await
}

fn shown(
    visit: &Visit,
    loaded: &Loaded,
    form: Form,
    planned: Option<Planned>,
    status: StatusCode,
) -> Answer {
    let row = &loaded.row;
    let page = page_of(visit, "", loaded.site.zone());
    let title = page.t1("machine-batch-of", "booking", row.id.to_string());
    let what = page.t2(
        "site-breaks-what",
        "model",
        &row.model_name,
        "units",
        row.units,
    );
    let preview: Vec<Line> = planned.map_or(vec![], |planned| lines_of(&page, &planned));
    let mut racks: Vec<&str> = preview
        .iter()
        .map(|l| l.rack.as_str())
        .filter(|r| !r.is_empty())
        .collect();
    racks.dedup();
    let racks = racks.len();
    html_with(
        status,
        &BatchPage {
            id: row.id,
            facts: vec![
                Fact::new(page.t("site-tenant"), &loaded.tenant),
                Fact::new(page.t("site-noun"), &loaded.site.name),
                Fact::new(page.t("machine-booked"), what),
                Fact::new(page.t("machine-registered"), page.int(loaded.registered))
                    .linked(of_booking(row.id)),
            ],
            states: codes(&page, "machine-batch-state", &STATES),
            preview,
            racks,
            cancel: format!("/reservations/{}", row.id),
            form,
            page: page.named(title),
        },
    )
}

fn lines_of(page: &Page, planned: &Planned) -> Vec<Line> {
    planned
        .rows
        .iter()
        .map(|row| Line {
            serial: row.serial.clone(),
            rack: row
                .rack_id
                .and_then(|id| planned.racks.get(&id).cloned())
                .unwrap_or_default(),
            slot: row.slot,
            leg: match (row.rack_id, row.leg) {
                (Some(_), Some(leg)) => leg.code().to_owned(),
                (Some(_), None) => page.t("site-legs-all"),
                _ => String::new(),
            },
        })
        .collect()
}

pub async fn blank(visit: Visit, id: web::Path<i64>) -> Answer {
    let loaded = load(&visit, ReservationId(*id)).await?;
    let form = Form::blank()
        .with("model_name", &loaded.row.model_name)
        .with("watts", loaded.row.watts_each.0)
        .with("state", MachineState::Racked);
    shown(&visit, &loaded, form, None, StatusCode::OK)
}

fn parse(form: &mut Form, row: &Reservation) -> Option<Batch> {
    let name = form.text("model_name", NAME_MAX);
    let watts = form.integer("watts", 1..=MOST_WATTS);
    let state = form.choice("state", |code| {
        MachineState::parse(code).filter(|s| STATES.contains(s))
    });
    let note = form.optional("note", |form| form.text("note", NOTE_MAX));
    let serials = lines(form.value("serials"));
    let name = name?;
    Some(Batch {
        reservation: row.id,
        // The catalogue's entry, as long as the name is still its own.
        model_id: row.model_id.filter(|_| name == row.model_name),
        model_name: name,
        watts: Watts(watts?),
        state: state?,
        serials,
        note: note?.unwrap_or_default(),
    })
}

/// `step=write` writes what the preview showed; anything else shows it.
pub async fn save(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let loaded = load(&visit, ReservationId(*id)).await?;
    let mut form = Form::from_values(fields.into_inner());
    let Some(batch) = parse(&mut form, &loaded.row) else {
        return shown(
            &visit,
            &loaded,
            form,
            None,
            StatusCode::UNPROCESSABLE_ENTITY,
        );
    };
    let (actor, now, booking) = (visit.who.actor, visit.now, loaded.row.id);
    if form.value("step") != "write" {
        let planned = visit
            .run(move |app| machine_batch::plan(&app.db, &actor, now, &batch))
            .await;
        return match planned {
            Ok(planned) => shown(&visit, &loaded, form, Some(planned), StatusCode::OK),
            Err(error) => {
                form.absorb(error)?;
                unfielded(&mut form, &["reservation", "rack"]);
                shown(
                    &visit,
                    &loaded,
                    form,
                    None,
                    StatusCode::UNPROCESSABLE_ENTITY,
                )
            }
        };
    }
    let result = visit
        .save_once(&form, move |app| {
            machine_batch::write(&app.db, &actor, now, &batch)?;
            Ok(format!("{}&done=machines-added", of_booking(booking)))
        })
        .await;
    let outcome = saved(&visit.page("nav-machines"), &mut form, result)?;
    unfielded(&mut form, &["reservation", "rack"]);
    match outcome {
        Saved::Yes(path) => Ok(see_other(&path)),
        Saved::No(status, _) => shown(&visit, &loaded, form, None, status),
    }
}
