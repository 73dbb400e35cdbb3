//! One machine: what it is, where it stands, what happened to it, and its next steps.

use super::list::tone;
use crate::db::site::machines::{self, ListedMachine};
use crate::db::site::sites;
use crate::db::trail::{self, TrailRow};
use crate::domain::calendar::Zone;
use crate::domain::ids::MachineId;
use crate::domain::site::Supply;
use crate::domain::site::machine::MachineState;
use crate::error::Error;
use crate::web::door::Visit;
use crate::web::page::{Page, html};
use crate::web::parts::{Fact, Happening, Step};
use crate::web::problem::Problem;
use crate::web::visit::Answer;
use actix_web::web;
use askama::Template;

/// Entries of the history that a page shows.
const HISTORY: i64 = 20;

#[derive(Template)]
#[template(path = "site/machine.html")]
struct MachinePage {
    page: Page,
    id: MachineId,
    state: String,
    tone: &'static str,
    place: Vec<Fact>,
    facts: Vec<Fact>,
    note: String,
    steps: Vec<Step>,
    history: Vec<Happening>,
    edits: bool,
}

/// A machine with what its pages say of it. Another tenant's looks the same as none.
pub struct Loaded {
    pub row: ListedMachine,
    pub zone: Zone,
    trail: Vec<(TrailRow, Option<String>)>,
}

pub async fn load(visit: &Visit, id: MachineId) -> Result<Loaded, Problem> {
    let actor = visit.who.actor;
    visit
        .read(move |conn| {
            let row = machines::named(conn, id)?;
            if !actor.sees(row.machine.tenant_id) {
                return Err(Error::NotFound);
            }
            Ok(Loaded {
                zone: sites::get(conn, row.machine.site_id)?.zone(),
                trail: trail::of(conn, "machine", id.0, HISTORY)?,
                row,
            })
        })
        .await
}

/// A page about a machine, in its site's time.
pub fn page_of(visit: &Visit, loaded: &Loaded) -> Page {
    let mut page = visit.page("nav-machines").named(&loaded.row.machine.serial);
    page.zone = loaded.zone;
    page
}

pub async fn show(visit: Visit, id: web::Path<i64>) -> Answer {
    let loaded = load(&visit, MachineId(*id)).await?;
    let page = page_of(&visit, &loaded);
    let machine = &loaded.row.machine;
    let edits = visit.who.may_open("/machines/{id}/edit");
    html(&MachinePage {
        id: machine.id,
        state: page.code("machine-state", machine.state),
        tone: tone(&machine.state),
        place: place(&page, &visit, &loaded),
        facts: facts(&page, &visit, &loaded),
        note: machine.note.clone(),
        steps: match edits {
            true => steps(&page, machine.id, machine.state),
            false => vec![],
        },
        history: history(&page, &visit, &loaded),
        edits,
        page,
    })
}

fn place(page: &Page, visit: &Visit, loaded: &Loaded) -> Vec<Fact> {
    let (row, machine) = (&loaded.row, &loaded.row.machine);
    let mut facts = vec![];
    let site = Fact::new(page.t("site-noun"), &row.site);
    facts.push(match visit.who.may_open("/sites/{id}") {
        true => site.linked(format!("/sites/{}", machine.site_id)),
        false => site,
    });
    let Some((id, name)) = machine.rack_id.zip(row.rack.as_ref()) else {
        facts.push(Fact::new(page.t("site-rack"), page.t("machine-no-rack")));
        return facts;
    };
    let rack = Fact::new(page.t("site-rack"), name);
    facts.push(match visit.who.may_open("/racks/{id}") {
        true => rack.linked(format!("/racks/{id}")),
        false => rack,
    });
    let slot = machine.slot.map_or(page.t("none"), |slot| page.int(slot));
    facts.push(Fact::new(page.t("machine-slot"), slot));
    let leg = match machine.leg {
        Some(leg) => leg.code().to_owned(),
        None => page.t("site-legs-all"),
    };
    facts.push(Fact::new(page.t("site-leg"), leg));
    facts
}

/// What the machine is; each confirmation shows the same.
pub fn facts(page: &Page, visit: &Visit, loaded: &Loaded) -> Vec<Fact> {
    let (row, machine) = (&loaded.row, &loaded.row.machine);
    let mut facts = vec![Fact::new(page.t("site-model"), &machine.model_name)];
    if visit.who.actor.tenant.is_none() {
        let owner = Fact::new(page.t("machine-owner"), &row.tenant);
        facts.push(owner.linked(format!("/tenants/{}", machine.tenant_id)));
    }
    if let Some(id) = machine.reservation_id {
        let booking = Fact::new(
            page.t("machine-booking"),
            page.t1("site-booking-number", "number", id.to_string()),
        );
        facts.push(booking.linked(format!("/reservations/{id}")));
    }
    facts.push(Fact::new(
        page.t("machine-power"),
        page.t1("machine-watts", "watts", machine.watts.0),
    ));
    facts.push(Fact::new(
        page.t("site-cooling-kind"),
        page.code("site-cooling", machine.cooling),
    ));
    facts.push(Fact::new(
        page.t("site-supply"),
        page.code("site-supply", machine.supply),
    ));
    facts
}

/// Where each state is entered.
fn steps(page: &Page, id: MachineId, state: MachineState) -> Vec<Step> {
    let way = |to: &MachineState| match to {
        MachineState::Racked => "place",
        MachineState::Received => "receipt",
        MachineState::Repair => "repair",
        _ => "removal",
    };
    let label = |to: &MachineState| match (state, to) {
        (MachineState::Racked, MachineState::Racked) => page.t("machine-step-move"),
        (MachineState::Racked | MachineState::Repair, MachineState::Received) => {
            page.t("machine-step-store")
        }
        _ => page.code("machine-step", to),
    };
    state
        .next()
        .iter()
        .map(|to| Step {
            label: label(to),
            href: format!("/machines/{id}/{}", way(to)),
        })
        .collect()
}

/// A machine that came with many others has no entry of its own: who wrote it is in its row.
fn history(page: &Page, visit: &Visit, loaded: &Loaded) -> Vec<Happening> {
    let own = visit.who.actor.tenant.is_some();
    let who = |name: &Option<String>| match (own, name) {
        (false, Some(name)) => name.clone(),
        _ => page.t("machine-by-house"),
    };
    let mut entries: Vec<Happening> = loaded
        .trail
        .iter()
        .map(|(row, name)| Happening {
            at: page.dt(row.at),
            text: page.t1(&format!("machine-history-{}", row.action), "who", who(name)),
        })
        .collect();
    let machine = &loaded.row.machine;
    let told = loaded
        .trail
        .iter()
        .any(|(row, _)| row.at >= machine.changed_at);
    if machine.changed_at > machine.created_at && !told {
        let entry = Happening {
            at: page.dt(machine.changed_at),
            text: page.t("machine-history-table"),
        };
        entries.insert(0, entry);
    }
    if !loaded.trail.iter().any(|(row, _)| row.action == "create") {
        entries.push(Happening {
            at: page.dt(loaded.row.machine.created_at),
            text: page.t("machine-history-register"),
        });
    }
    entries
}

/// How a supply is called where legs are chosen.
pub fn takes_leg(supply: Supply) -> bool {
    supply == Supply::Single
}
