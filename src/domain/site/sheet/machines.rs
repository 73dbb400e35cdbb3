//! Machines of a file: what the catalogue fills in, whether their ways exist, and whether every place
//! holds once the whole file is written. Lines have no order: two machines may change places.

mod court;

use super::{Cell, Noun, Value};
use crate::domain::fold::fold;
use crate::domain::ids::{MachineId, ReservationId};
use crate::domain::message::Message;
use crate::domain::rows::Reason;
use crate::domain::site::machine::{Candidate, MachineState, Share, Standing};
use crate::domain::site::{CoolingKind, Leg, Supply};
use crate::domain::units::Watts;
use std::collections::{HashMap, HashSet};

pub(super) use court::settle;

/// What machines are judged by, beyond the rows of the site.
#[derive(Clone, Debug, Default)]
pub struct Register {
    /// Names of tenants by their folded form; `None` where several are called so.
    pub tenants: HashMap<String, Option<String>>,
    /// The catalogue by its folded names.
    pub models: HashMap<String, Model>,
    pub bookings: HashMap<i64, Booking>,
    /// Serial numbers (folded) that machines of other sites have.
    pub elsewhere: HashSet<String>,
}

#[derive(Clone, Debug)]
pub struct Model {
    pub name: String,
    pub watts: Watts,
    pub cooling: CoolingKind,
    pub supply: Option<Supply>,
}

/// A booking of the site, whatever became of it.
#[derive(Clone, Debug)]
pub struct Booking {
    pub tenant: String,
    /// Why nothing may be put under it now.
    pub closed: Option<Message>,
    /// Its units, by the name of the rack.
    pub shares: Vec<(String, Share)>,
}

type Fault = (usize, Value, Reason);

fn at(code: &str) -> usize {
    Noun::Machines.at(code)
}

impl Model {
    fn says(&self, code: &str) -> Option<Value> {
        match code {
            "watts" => Some(Value::Whole(self.watts.0)),
            "cooling" => Some(Value::Word(self.cooling.code())),
            _ => self.supply.map(|supply| Value::Word(supply.code())),
        }
    }
}

/// Names as the house writes them, what the file leaves to the catalogue, and the places that it
/// leaves open. `given`: the file's cells, `there`: the machine as it is.
pub(super) fn complete(
    register: &Register,
    cells: &mut [Value],
    given: &[Cell],
    there: Option<&[Value]>,
) -> Result<(), Fault> {
    if let Some(there) = there {
        // Found whatever its case: its spelling stays.
        cells[at("serial")] = there[at("serial")].clone();
    }
    owned(register, cells, there)?;
    described(register, cells, given, there)?;
    open_places(cells, given, there);
    Ok(())
}

/// Whose it is, and under which of the owner's bookings.
fn owned(register: &Register, cells: &mut [Value], there: Option<&[Value]>) -> Result<(), Fault> {
    let (tenant, booking) = (at("tenant"), at("booking"));
    let keeps = |at: usize| there.is_some_and(|there| there[at] == cells[at]);
    if keeps(tenant) && keeps(booking) {
        return Ok(());
    }
    let booked = match &cells[booking] {
        Value::Whole(number) => Some(register.bookings.get(number).ok_or((
            booking,
            cells[booking].clone(),
            Reason::UnknownBooking,
        ))?),
        _ => None,
    };
    let name = fold(cells[tenant].name());
    let is_own = booked.is_some_and(|booked| fold(&booked.tenant) == name);
    let known = match register.tenants.get(&name) {
        Some(Some(known)) => known.clone(),
        // Whose booking it is says which of them is meant.
        Some(None) => match booked.filter(|_| is_own) {
            Some(booked) => booked.tenant.clone(),
            None if keeps(tenant) => cells[tenant].name().to_owned(),
            None => return Err((tenant, cells[tenant].clone(), Reason::SeveralTenants)),
        },
        None => return Err((tenant, cells[tenant].clone(), Reason::UnknownTenant)),
    };
    if booked.is_some() && !is_own {
        return Err((booking, cells[booking].clone(), Reason::OthersBooking));
    }
    if !keeps(tenant) {
        cells[tenant] = Value::Text(known);
    }
    Ok(())
}

/// What the catalogue says of the model: it fills what is empty, and nothing may contradict it.
fn described(
    register: &Register,
    cells: &mut [Value],
    given: &[Cell],
    there: Option<&[Value]>,
) -> Result<(), Fault> {
    let model = at("model");
    let is_same = |cells: &[Value]| there.is_some_and(|there| there[model] == cells[model]);
    let known = register.models.get(&fold(cells[model].name()));
    if let (Some(known), false) = (known, is_same(cells)) {
        cells[model] = Value::Text(known.name.clone());
    }
    let same = is_same(cells);
    for code in ["watts", "cooling", "supply"] {
        let at = at(code);
        let says = known.and_then(|known| known.says(code));
        let changes = there.is_some() && !same && code != "watts";
        match &says {
            // Another model brings its own cooling and supply along.
            Some(says) if changes && !matches!(given[at], Cell::Given(_)) => {
                cells[at] = says.clone();
            }
            _ => {}
        }
        if cells[at] == Value::Empty {
            cells[at] = says
                .clone()
                .ok_or((at, Value::Empty, Reason::NotInCatalogue))?;
        }
        let kept = same && there.is_some_and(|there| there[at] == cells[at]);
        let differs = says.is_some_and(|says| says != cells[at]);
        if differs && !kept && code != "watts" {
            return Err((at, cells[at].clone(), Reason::Catalogue));
        }
    }
    Ok(())
}

/// A machine that leaves its rack leaves its slot; one that stays keeps what the file does not name.
fn open_places(cells: &mut [Value], given: &[Cell], there: Option<&[Value]>) {
    let (rack, slot, leg) = (at("rack"), at("slot"), at("leg"));
    let named = |at: usize| matches!(&given[at], Cell::Given(value) if *value != Value::Empty);
    if !state(cells).may_stand() && !named(rack) {
        cells[rack] = Value::Empty;
    }
    let same = |code: &str| there.is_some_and(|there| there[at(code)] == cells[at(code)]);
    let stays = cells[rack] != Value::Empty && same("rack");
    let on_its_leg = stays && same("booking") && same("supply");
    for (at, keeps) in [(slot, stays), (leg, on_its_leg)] {
        if !named(at) {
            let before = there.filter(|_| keeps).map(|there| there[at].clone());
            cells[at] = before.unwrap_or(Value::Empty);
        }
    }
}

/// What a whole row must obey: a rack for who stands, none for who does not.
pub(super) fn objection(cells: &[Value]) -> Option<(usize, Reason)> {
    let is_empty = |code: &str| cells[at(code)] == Value::Empty;
    let state = state(cells);
    if !is_empty("rack") {
        return (!state.may_stand()).then(|| (at("rack"), Reason::NotStanding));
    }
    if state == MachineState::Racked {
        return Some((at("rack"), Reason::NoRack));
    }
    let placed = ["slot", "leg"].into_iter().find(|code| !is_empty(code));
    placed.map(|code| (at(code), Reason::NoRack))
}

fn state(cells: &[Value]) -> MachineState {
    word(cells, "state", MachineState::parse).unwrap_or(MachineState::Received)
}

fn word<T>(cells: &[Value], code: &str, parse: fn(&str) -> Option<T>) -> Option<T> {
    match &cells[at(code)] {
        Value::Word(word) => parse(word),
        _ => None,
    }
}

fn whole(cells: &[Value], code: &str) -> Option<i64> {
    match &cells[at(code)] {
        Value::Whole(number) => Some(*number),
        _ => None,
    }
}

fn candidate(id: MachineId, cells: &[Value]) -> Candidate {
    Candidate {
        id,
        reservation: whole(cells, "booking").map(ReservationId),
        watts: Watts(whole(cells, "watts").unwrap_or_default()),
        cooling: word(cells, "cooling", CoolingKind::parse).unwrap_or(CoolingKind::Air),
        supply: word(cells, "supply", Supply::parse).unwrap_or(Supply::Single),
    }
}

/// Where a machine stands: the rack's name, and what the rack sees of it.
fn standing(id: MachineId, cells: &[Value]) -> Option<(&str, Standing)> {
    let slot = whole(cells, "slot")?;
    let rack = cells[at("rack")].name();
    let machine = candidate(id, cells);
    let here = Standing {
        machine: id,
        reservation: machine.reservation,
        slot,
        leg: word(cells, "leg", Leg::parse),
        watts: machine.watts,
    };
    (!rack.is_empty()).then_some((rack, here))
}

#[cfg(test)]
mod tests;
