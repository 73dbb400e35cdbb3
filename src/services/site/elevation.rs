//! A rack from its top slot down: machines, booked units that nothing stands in yet, free slots.

use super::floor::{RackOn, on_legs};
use crate::db::Conn;
use crate::db::site::floor::Booked;
use crate::db::site::machines::{self, Machine};
use crate::domain::ids::*;
use crate::domain::site::machine::MachineState;
use crate::domain::site::{Leg, RackPhase, SlotsEach, Supply};
use crate::domain::units::Watts;
use crate::error::Result;
use chrono::NaiveDate;

/// What a slot holds on the date.
#[derive(Clone, Debug)]
pub enum Holds {
    Machine {
        machine: Box<Machine>,
        tenant: String,
    },
    /// Sold, but no machine has this slot yet.
    Booked {
        reservation: ReservationId,
        tenant: String,
        model: String,
        /// Empty where the whole rack is booked: its slots share the power.
        watts: Option<Watts>,
    },
    Free,
}

#[derive(Clone, Debug)]
pub struct Slot {
    pub number: i64,
    /// Empty: all three, or for a free slot whichever.
    pub leg: Option<Leg>,
    pub holds: Holds,
}

/// One leg of a rack: what it may carry, what is sold on it, what its machines are rated at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LegLoad {
    pub limit: Watts,
    pub sold: Watts,
    pub racked: Watts,
}

#[derive(Clone, Debug)]
pub struct Elevation {
    /// From the top down.
    pub slots: Vec<Slot>,
    pub legs: [LegLoad; 3],
    pub machines: usize,
    /// What its machines are rated at.
    pub racked: Watts,
}

impl Elevation {
    /// `today` decides whose machines stand there: on another date only those whose booking holds then.
    pub fn load(conn: &mut Conn, rack: &RackOn, today: NaiveDate) -> Result<Self> {
        let rows = machines::on_racks(conn, &[rack.rack.id])?;
        Ok(elevation(rack, rows, today))
    }
}

fn elevation(rack: &RackOn, rows: Vec<(Machine, String)>, today: NaiveDate) -> Elevation {
    let stays = |machine: &Machine| {
        rack.look.on == today
            || rack
                .booked
                .iter()
                .any(|b| Some(b.reservation) == machine.reservation_id)
    };
    let rows: Vec<(Machine, String)> = rows.into_iter().filter(|(m, _)| stays(m)).collect();
    let mut legs = [LegLoad::default(); 3];
    for leg in Leg::ALL {
        let at = leg.index();
        legs[at].limit = match rack.rack.phase.leg() {
            None => Watts(rack.rack.limit_watts.0 / 3),
            Some(own) if own == *leg => rack.rack.limit_watts,
            Some(_) => Watts::ZERO,
        };
        legs[at].sold = rack
            .booked
            .iter()
            .map(|b| on_legs(rack.rack.phase, b)[at])
            .sum();
        legs[at].racked = rows.iter().map(|(m, _)| of_machine(m)[at]).sum();
    }
    let (count, racked) = (rows.len(), rows.iter().map(|(m, _)| m.watts).sum());
    let mut open = unfilled(rack, &rows).into_iter();
    let mut slots: Vec<Slot> = (1..=rack.rack.slots)
        .map(
            |number| match rows.iter().find(|(m, _)| m.slot == Some(number)) {
                Some((machine, tenant)) => Slot {
                    number,
                    leg: machine.leg,
                    holds: Holds::Machine {
                        machine: Box::new(machine.clone()),
                        tenant: tenant.clone(),
                    },
                },
                None => open.next().map_or_else(
                    || free(rack.rack.phase, number),
                    |(b, leg)| booked(number, b, leg),
                ),
            },
        )
        .collect();
    slots.reverse();
    Elevation {
        slots,
        legs,
        machines: count,
        racked,
    }
}

fn of_machine(machine: &Machine) -> [Watts; 3] {
    let watts = match machine.state {
        MachineState::Racked => machine.watts.0,
        // Out of its slot for a while, but the slot is kept for it.
        _ => 0,
    };
    match machine.leg {
        Some(leg) => {
            let mut legs = [Watts::ZERO; 3];
            legs[leg.index()] = Watts(watts);
            legs
        }
        None => [
            Watts(watts / 3),
            Watts(watts / 3),
            Watts(watts - watts / 3 * 2),
        ],
    }
}

/// Booked units without a machine, one by one, legs in turn.
fn unfilled<'a>(rack: &'a RackOn, rows: &[(Machine, String)]) -> Vec<(&'a Booked, Option<Leg>)> {
    let mut left: Vec<(&Booked, Option<Leg>, i64)> = vec![];
    for row in &rack.booked {
        if row.slots_each == SlotsEach::WholeRack {
            let own = |m: &Machine| m.reservation_id == Some(row.reservation);
            let here = rows.iter().filter(|(m, _)| own(m)).count();
            let free = rack.rack.slots - i64::try_from(here).unwrap_or(i64::MAX);
            left.push((row, rack.rack.phase.leg(), free));
            continue;
        }
        let leg = match row.supply {
            Supply::Three => None,
            Supply::Single => row.leg.or(rack.rack.phase.leg()),
        };
        let here = rows
            .iter()
            .filter(|(m, _)| m.reservation_id == Some(row.reservation) && m.leg == leg);
        left.push((
            row,
            leg,
            row.units - i64::try_from(here.count()).unwrap_or(i64::MAX),
        ));
    }
    let mut units = vec![];
    while left.iter().any(|(_, _, count)| *count > 0) {
        for (row, leg, count) in left.iter_mut().filter(|(_, _, count)| *count > 0) {
            *count -= 1;
            units.push((*row, *leg));
        }
    }
    units
}

fn booked(number: i64, row: &Booked, leg: Option<Leg>) -> Slot {
    Slot {
        number,
        leg,
        holds: Holds::Booked {
            reservation: row.reservation,
            tenant: row.tenant_name.clone(),
            model: row.model.clone(),
            watts: (row.slots_each == SlotsEach::One).then_some(row.watts_each),
        },
    }
}

fn free(phase: RackPhase, number: i64) -> Slot {
    Slot {
        number,
        leg: phase.leg(),
        holds: Holds::Free,
    }
}
