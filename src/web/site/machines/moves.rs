//! A machine's steps: into a rack or to another place, received, to repair, away.

use super::form::unfielded;
use super::show::{Loaded, facts, load, page_of, takes_leg};
use crate::db::site::{machines, sites};
use crate::domain::ids::{MachineId, RackId};
use crate::domain::site::Leg;
use crate::domain::site::machine::{MachineState, Wish};
use crate::services::site::machines as service;
use crate::web::door::Visit;
use crate::web::form::{Form, new_form_key};
use crate::web::page::{Page, html, html_with, see_other};
use crate::web::parts::{Choice, Confirm, ConfirmPage, Fact};
use crate::web::site::common::{Fields, Saved, saved};
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;

#[derive(Template)]
#[template(path = "site/machine_place.html")]
struct PlacePage {
    page: Page,
    form: Form,
    id: MachineId,
    facts: Vec<Fact>,
    /// Racks where its booking has units; none: what must come first.
    racks: Vec<Choice>,
    legs: Vec<Choice>,
    booking: Option<String>,
    moves: bool,
    cancel: String,
}

async fn asked(visit: &Visit, loaded: &Loaded, form: Form, status: StatusCode) -> Answer {
    let machine = &loaded.row.machine;
    let (booking, site, now) = (machine.reservation_id, machine.site_id, visit.now);
    let shares = visit
        .read(move |conn| {
            let Some(id) = booking else {
                return Ok(vec![]);
            };
            let today = sites::get(conn, site)?.zone().date(now);
            machines::shares(conn, id, today)
        })
        .await?;
    let page = page_of(visit, loaded);
    let moves = machine.state == MachineState::Racked;
    let title = if moves {
        "machine-move-of"
    } else {
        "machine-rack-of"
    };
    let title = page.t1(title, "serial", &machine.serial);
    let mut racks: Vec<Choice> = vec![];
    for (id, name, share) in &shares {
        let value = id.to_string();
        match racks.iter_mut().find(|choice| choice.value == value) {
            Some(choice) => {
                choice.label = format!(
                    "{}, {}",
                    choice.label,
                    share_words(&page, share.leg, share.units)
                )
            }
            None => racks.push(Choice::new(
                value,
                format!("{name}: {}", share_words(&page, share.leg, share.units)),
            )),
        }
    }
    html_with(
        status,
        &PlacePage {
            id: machine.id,
            facts: facts(&page, visit, loaded),
            racks,
            legs: match takes_leg(machine.supply) {
                true => Leg::ALL
                    .iter()
                    .map(|leg| Choice::new(leg.code(), leg.code()))
                    .collect(),
                false => vec![],
            },
            booking: booking.map(|id| format!("/reservations/{id}")),
            moves,
            cancel: format!("/machines/{}", machine.id),
            form,
            page: page.named(title),
        },
    )
}

fn share_words(page: &Page, leg: Option<Leg>, units: i64) -> String {
    match leg {
        Some(leg) => page.t2("machine-share-leg", "leg", leg.code(), "units", units),
        None => page.t1("machine-share", "units", units),
    }
}

pub async fn place(visit: Visit, id: web::Path<i64>) -> Answer {
    let loaded = load(&visit, MachineId(*id)).await?;
    let machine = &loaded.row.machine;
    let text = |value: Option<i64>| value.map_or(String::new(), |v| v.to_string());
    let form = Form::blank()
        .with("rack", text(machine.rack_id.map(|id| id.0)))
        .with("slot", text(machine.slot))
        .with("leg", machine.leg.map_or("", Leg::code));
    asked(&visit, &loaded, form, StatusCode::OK).await
}

pub async fn put(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let id = MachineId(*id);
    let loaded = load(&visit, id).await?;
    let mut form = Form::from_values(fields.into_inner());
    let rack = form.choice("rack", |id| id.parse::<RackId>().ok());
    let slot = form.optional("slot", |form| form.integer("slot", 1..=10_000));
    let leg = form.optional("leg", |form| form.choice("leg", Leg::parse));
    let (Some(rack), Some(slot), Some(leg)) = (rack, slot, leg) else {
        return asked(&visit, &loaded, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let (actor, now) = (visit.who.actor, visit.now);
    let result = visit
        .save_once(&form, move |app| {
            service::rack(&app.db, &actor, now, id, rack, Wish { slot, leg })?;
            Ok(format!("/machines/{id}?done=machine-racked"))
        })
        .await;
    let outcome = saved(&visit.page("nav-machines"), &mut form, result)?;
    unfielded(&mut form, &["reservation", "watts"]);
    match outcome {
        Saved::Yes(path) => Ok(see_other(&path)),
        Saved::No(status, _) => asked(&visit, &loaded, form, status).await,
    }
}

/// What a step without a form does, said before it is done.
async fn confirm(visit: &Visit, id: i64, to: MachineState, path: &str) -> Answer {
    let loaded = load(visit, MachineId(id)).await?;
    let page = page_of(visit, &loaded);
    let machine = &loaded.row.machine;
    let title = page.t1(&format!("machine-confirm-{to}"), "serial", &machine.serial);
    let mut facts = facts(&page, visit, &loaded);
    let place = loaded.row.rack.as_ref().zip(machine.slot);
    let lead = match place {
        Some((rack, slot)) => {
            let text = page.t2("machine-slot-of", "rack", rack, "slot", slot);
            facts.push(Fact::new(page.t("site-place"), text));
            page.code("machine-lead-standing", to)
        }
        None => page.code("machine-lead", to),
    };
    let confirm = Confirm {
        lead,
        facts,
        warning: None,
        action: format!("/machines/{id}/{path}"),
        fields: vec![],
        submit: page.code("machine-do", to),
        cancel: format!("/machines/{id}"),
        danger: to == MachineState::Removed,
    };
    html(&ConfirmPage {
        page: page.named(title),
        confirm,
        form_key: new_form_key(),
    })
}

async fn done(visit: Visit, id: i64, to: MachineState) -> Answer {
    let (id, actor, now) = (MachineId(id), visit.who.actor, visit.now);
    visit
        .run(move |app| service::turn(&app.db, &actor, now, id, to))
        .await?;
    Ok(see_other(&format!("/machines/{id}?done=machine-{to}")))
}

pub async fn confirm_receipt(visit: Visit, id: web::Path<i64>) -> Answer {
    confirm(&visit, *id, MachineState::Received, "receipt").await
}

pub async fn receive(visit: Visit, id: web::Path<i64>) -> Answer {
    done(visit, *id, MachineState::Received).await
}

pub async fn confirm_repair(visit: Visit, id: web::Path<i64>) -> Answer {
    confirm(&visit, *id, MachineState::Repair, "repair").await
}

pub async fn repair(visit: Visit, id: web::Path<i64>) -> Answer {
    done(visit, *id, MachineState::Repair).await
}

pub async fn confirm_removal(visit: Visit, id: web::Path<i64>) -> Answer {
    confirm(&visit, *id, MachineState::Removed, "removal").await
}

pub async fn remove(visit: Visit, id: web::Path<i64>) -> Answer {
    done(visit, *id, MachineState::Removed).await
}
