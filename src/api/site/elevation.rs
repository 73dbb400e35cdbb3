//! A rack from its top slot down: what stands there, what is booked, what is free.

use super::super::ask::Ask;
use super::super::reply::Reply;
use super::super::routes::Answer;
use crate::db::site::racks;
use crate::domain::ids::*;
use crate::domain::site::Leg;
use crate::domain::site::machine::MachineState;
use crate::domain::units::Watts;
use crate::error::found;
use crate::services::site::elevation::{Elevation, Holds, Slot};
use crate::services::site::floor::Floor;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct RackElevation {
    pub rack: RackId,
    pub name: String,
    /// What slots, sold and drawn stand for.
    pub date: NaiveDate,
    pub limit_watts: Watts,
    pub sold_watts: Watts,
    /// What the machines in it are rated at.
    pub racked_watts: Watts,
    /// What its meters said last; null where none spoke, and of another day.
    pub drawn_watts: Option<Watts>,
    pub feeds: Vec<Feed>,
    pub zone: ZoneId,
    pub zone_name: String,
    /// Those that the rack is fed by.
    pub legs: Vec<ElevationLeg>,
    /// From the top down.
    pub slots: Vec<ElevationSlot>,
}

#[derive(Serialize, ToSchema)]
pub struct Feed {
    pub node: NodeId,
    pub name: String,
}

#[derive(Serialize, ToSchema)]
pub struct ElevationLeg {
    pub leg: Leg,
    pub limit_watts: Watts,
    pub sold_watts: Watts,
    pub racked_watts: Watts,
}

#[derive(Serialize, ToSchema)]
pub struct ElevationSlot {
    pub slot: i64,
    pub holds: Held,
    /// Null: all three; of a free slot: whichever.
    pub leg: Option<Leg>,
    pub reservation: Option<ReservationId>,
    pub tenant_name: Option<String>,
    pub model_name: Option<String>,
    /// Null where nothing is held, and of a rack that is booked as a whole: its slots share the power.
    pub watts: Option<Watts>,
    pub machine: Option<MachineId>,
    pub serial: Option<String>,
    pub state: Option<MachineState>,
}

#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Held {
    Machine,
    /// Sold, but no machine has this slot yet.
    Booked,
    Free,
}

fn slot(slot: Slot) -> ElevationSlot {
    let free = ElevationSlot {
        slot: slot.number,
        holds: Held::Free,
        leg: slot.leg,
        reservation: None,
        tenant_name: None,
        model_name: None,
        watts: None,
        machine: None,
        serial: None,
        state: None,
    };
    match slot.holds {
        Holds::Free => free,
        Holds::Booked {
            reservation,
            tenant,
            model,
            watts,
        } => ElevationSlot {
            holds: Held::Booked,
            reservation: Some(reservation),
            tenant_name: Some(tenant),
            model_name: Some(model),
            watts,
            ..free
        },
        Holds::Machine { machine, tenant } => ElevationSlot {
            holds: Held::Machine,
            reservation: machine.reservation_id,
            tenant_name: Some(tenant),
            model_name: Some(machine.model_name),
            watts: Some(machine.watts),
            machine: Some(machine.id),
            serial: Some(machine.serial),
            state: Some(machine.state),
            ..free
        },
    }
}

pub async fn show(ask: Ask) -> Answer<RackElevation> {
    let (id, now, day) = (RackId(ask.id()?), ask.now, ask.query.day("date"));
    let (floor, elevation) = ask
        .run(move |app| {
            app.db.read(|conn| {
                let hall = racks::get(conn, id)?.hall_id;
                let floor = Floor::load(&app.db, conn, hall, day, now)?;
                let elevation = Elevation::load(conn, found(floor.rack(id))?, floor.today)?;
                Ok((floor, elevation))
            })
        })
        .await?;
    let rack = found(floor.rack(id))?;
    let name = |id: &NodeId| floor.nodes.get(id).cloned().unwrap_or_default();
    let feeds = [Some(rack.rack.feed_a), rack.rack.feed_b];
    let zone = rack.rack.zone_id;
    let legs = Leg::ALL.iter().map(|leg| {
        let load = &elevation.legs[leg.index()];
        ElevationLeg {
            leg: *leg,
            limit_watts: load.limit,
            sold_watts: load.sold,
            racked_watts: load.racked,
        }
    });
    Reply::ok(&RackElevation {
        rack: id,
        name: rack.rack.name.clone(),
        date: floor.on,
        limit_watts: rack.look.limit,
        sold_watts: rack.look.sold,
        racked_watts: elevation.racked,
        drawn_watts: rack.look.drawn,
        feeds: feeds
            .into_iter()
            .flatten()
            .map(|node| Feed {
                name: name(&node),
                node,
            })
            .collect(),
        zone,
        zone_name: floor.zones.get(&zone).cloned().unwrap_or_default(),
        legs: legs.filter(|leg| leg.limit_watts.0 > 0).collect(),
        slots: elevation.slots.into_iter().map(slot).collect(),
    })
}
