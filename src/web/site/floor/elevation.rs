//! A rack's elevation: a page of its own that prints, and the card beside the floor and on the rack's page.

use super::show::{asked_date, steps};
use crate::db::site::racks;
use crate::domain::ids::RackId;
use crate::domain::site::Leg;
use crate::domain::site::machine::MachineState;
use crate::domain::units::Watts;
use crate::services::site::elevation::{Elevation, Holds, LegLoad, Slot};
use crate::services::site::floor::{Floor, RackOn};
use crate::web::door::Visit;
use crate::web::page::{Page, html};
use crate::web::parts::{Choice, Step};
use crate::web::problem::Problem;
use crate::web::site::common::page_of;
use crate::web::visit::Answer;
use actix_web::web;
use askama::Template;

/// A slot as it is drawn.
pub struct SlotLine {
    pub number: i64,
    /// `leg-1`, or nothing where it is on all three.
    pub class: &'static str,
    pub leg: String,
    pub name: String,
    pub href: Option<String>,
    pub note: String,
    pub watts: String,
    /// Whether a machine has it; else it is booked, or free.
    pub kind: &'static str,
}

pub struct LegTotal {
    pub leg: &'static str,
    pub class: &'static str,
    pub sold: Watts,
    pub limit: Watts,
    pub percent: i64,
    pub tone: &'static str,
}

/// Everything that the card says.
pub struct Card {
    pub id: RackId,
    pub name: String,
    pub tenants: String,
    pub slots: Vec<SlotLine>,
    pub legs: Vec<LegTotal>,
    pub sold: Watts,
    pub limit: Watts,
    pub racked: Watts,
    pub drawn: Option<Watts>,
    pub machines: usize,
    pub feeds: String,
    pub zone: String,
}

fn class(leg: Option<Leg>) -> &'static str {
    match leg {
        Some(Leg::L1) => "leg-1",
        Some(Leg::L2) => "leg-2",
        Some(Leg::L3) => "leg-3",
        None => "",
    }
}

/// `stands_on`: the names of its feeds and of its zone.
pub fn card(
    page: &Page,
    rack: &RackOn,
    elevation: &Elevation,
    (feeds, zone): (String, String),
) -> Card {
    Card {
        id: rack.rack.id,
        name: rack.rack.name.clone(),
        tenants: super::picture::tenants(rack).unwrap_or_default(),
        slots: elevation
            .slots
            .iter()
            .map(|slot| line(page, slot))
            .collect(),
        legs: Leg::ALL
            .iter()
            .filter(|leg| elevation.legs[leg.index()].limit.0 > 0)
            .map(|leg| total(*leg, &elevation.legs[leg.index()]))
            .collect(),
        sold: rack.look.sold,
        limit: rack.look.limit,
        racked: elevation.racked,
        drawn: rack.look.drawn,
        machines: elevation.machines,
        feeds,
        zone,
    }
}

fn total(leg: Leg, load: &LegLoad) -> LegTotal {
    let percent = match load.limit.0 {
        ..=0 => 0,
        all => load.sold.0 * 100 / all,
    };
    LegTotal {
        leg: leg.code(),
        class: class(Some(leg)),
        sold: load.sold,
        limit: load.limit,
        percent,
        tone: match percent {
            101.. => "danger",
            95..=100 => "warn",
            _ => "",
        },
    }
}

fn line(page: &Page, slot: &Slot) -> SlotLine {
    let leg = match (&slot.holds, slot.leg) {
        (_, Some(leg)) => leg.code().to_owned(),
        (Holds::Free, None) => page.t("floor-any-leg"),
        (_, None) => page.t("floor-three-legs"),
    };
    let base = SlotLine {
        number: slot.number,
        class: class(slot.leg),
        leg,
        name: page.t("floor-slot-free"),
        href: None,
        note: String::new(),
        watts: String::new(),
        kind: "free",
    };
    match &slot.holds {
        Holds::Free => base,
        Holds::Booked {
            reservation,
            tenant,
            model,
            watts,
        } => SlotLine {
            name: page.t1("floor-slot-booked", "tenant", tenant),
            href: Some(format!("/reservations/{reservation}")),
            note: model.clone(),
            watts: watts.map_or(String::new(), |watts| page.kw(watts)),
            kind: "booked",
            ..base
        },
        Holds::Machine { machine, tenant } => SlotLine {
            name: machine.serial.clone(),
            href: Some(format!("/machines/{}", machine.id)),
            note: format!("{} · {tenant}", machine.model_name),
            watts: match machine.state {
                MachineState::Repair => page.code("machine-state", machine.state),
                _ => page.kw(machine.watts),
            },
            kind: if machine.state == MachineState::Repair {
                "repair"
            } else {
                "machine"
            },
            ..base
        },
    }
}

#[derive(Template)]
#[template(path = "site/elevation.html")]
struct ElevationPage {
    page: Page,
    floor: Floor,
    card: Card,
    date: String,
    action: String,
    by: String,
    chosen: Option<RackId>,
    steps: Vec<Step>,
    colours: Vec<Choice>,
    range: (i64, i64, i64),
}

pub async fn show(visit: Visit, id: web::Path<i64>) -> Answer {
    let (id, now, on) = (RackId(*id), visit.now, asked_date(&visit));
    let (floor, elevation) = visit
        .run(move |app| {
            app.db.read(|conn| {
                let hall = racks::get(conn, id)?.hall_id;
                let floor = Floor::load(&app.db, conn, hall, on, now)?;
                let rack = crate::error::found(floor.rack(id))?;
                let elevation = Elevation::load(conn, rack, floor.today)?;
                Ok((floor, elevation))
            })
        })
        .await?;
    let rack = floor.rack(id).ok_or(Problem::NotFound)?;
    let page = page_of(&visit, "", floor.site.zone());
    let title = page.t1("floor-rack", "rack", &rack.rack.name);
    let card = card(&page, rack, &elevation, floor.stands_on(&rack.rack));
    let action = format!("/racks/{id}/elevation");
    html(&ElevationPage {
        steps: steps(&page, &floor, &action, &[]),
        date: floor.on.to_string(),
        range: super::show::range(&floor),
        page: page.named(title),
        by: String::new(),
        chosen: None,
        colours: vec![],
        floor,
        card,
        action,
    })
}
