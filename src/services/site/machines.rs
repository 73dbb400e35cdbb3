//! The register of machines: every step of one machine through the house.

use crate::db::leasing::reservations::{self, Reservation};
use crate::db::site::machines::{self, Machine};
use crate::db::site::racks::{self, Rack};
use crate::db::site::{catalogue, cooling, sites};
use crate::db::trail::Change;
use crate::db::{Chain, Conn, Db, Tx};
use crate::domain::calendar::Instant;
use crate::domain::fold::fold;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::*;
use crate::domain::leasing::state::{ReservationStatus, status};
use crate::domain::message::Message;
use crate::domain::site::machine::{
    Candidate, Ground, MachineState, Refused, Share, Standing, Wish,
};
use crate::domain::site::{CoolingKind, Supply};
use crate::domain::units::Watts;
use crate::error::{Error, FieldError, Result, require};

pub const SERIAL_MAX: usize = 64;
pub const MOST_WATTS: i64 = 1_000_000;

/// What is known of a machine wherever it stands. What `model_id` names gives name and cooling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    pub tenant: TenantId,
    pub reservation: Option<ReservationId>,
    pub model_id: Option<ModelId>,
    pub model_name: String,
    pub serial: String,
    pub watts: Watts,
    pub cooling: CoolingKind,
    pub supply: Supply,
    pub note: String,
}

/// A booking that machines may stand under today, with its units on every rack.
pub struct Booked {
    pub row: Reservation,
    pub shares: Vec<(RackId, String, Share)>,
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        wrong(refused.field, refused.message)
    }
}

pub(super) fn wrong(field: &str, message: Message) -> Error {
    Error::Invalid(vec![FieldError {
        field: field.to_owned(),
        message,
    }])
}

impl Booked {
    /// Refuses one that is not assigned, has ended, or has not begun.
    pub fn load(conn: &mut Conn, id: ReservationId, now: Instant) -> Result<Self> {
        let row = reservations::get(conn, id)?;
        let said = |key: &str| Message::new(key).with("booking", id.to_string());
        match status(row.state, row.hold_until, row.assigned_at.is_some(), now) {
            ReservationStatus::Assigned | ReservationStatus::Leased => {}
            ReservationStatus::Held => {
                return Err(wrong("reservation", said("machine-refused-held")));
            }
            ReservationStatus::Expired | ReservationStatus::Cancelled => {
                return Err(wrong("reservation", said("machine-refused-gone")));
            }
        }
        let today = sites::get(conn, row.site_id)?.zone().date(now);
        if row.from_date > today {
            let early = said("machine-refused-early").with("from", row.from_date.to_string());
            return Err(wrong("reservation", early));
        }
        if let Some(to) = row.to_date.filter(|to| *to <= today) {
            let over = said("machine-refused-over").with("to", to.to_string());
            return Err(wrong("reservation", over));
        }
        let shares = machines::shares(conn, id, today)?;
        Ok(Self { row, shares })
    }

    /// The racks it has units on, in the order in which one walks past them.
    pub fn racks(&self) -> Vec<RackId> {
        let mut ids: Vec<RackId> = self.shares.iter().map(|(rack, ..)| *rack).collect();
        ids.dedup();
        ids
    }

    /// A rack with what this booking has there and what stands in it.
    pub fn ground(&self, rack: &Rack, cooling: CoolingKind, standing: Vec<Standing>) -> Ground {
        let here = self.shares.iter().filter(|(id, ..)| *id == rack.id);
        let mut elsewhere: Vec<String> = self
            .shares
            .iter()
            .filter(|(id, ..)| *id != rack.id)
            .map(|(_, name, _)| name.clone())
            .collect();
        elsewhere.dedup();
        Ground {
            rack: rack.name.clone(),
            slots: rack.slots,
            phase: rack.phase,
            cooling,
            shares: here.map(|(_, _, share)| *share).collect(),
            standing,
            elsewhere,
        }
    }
}

pub(super) fn candidate(row: &Machine) -> Candidate {
    Candidate {
        id: row.id,
        reservation: row.reservation_id,
        watts: row.watts,
        cooling: row.cooling,
        supply: row.supply,
    }
}

/// Writes a machine that is on its way or has come; it gets a slot by `rack`.
pub fn register(
    db: &Db,
    who: &Actor,
    now: Instant,
    site: SiteId,
    details: &Details,
    state: MachineState,
) -> Result<MachineId> {
    require(who, Permission::EditMachines)?;
    if !matches!(state, MachineState::Expected | MachineState::Received) {
        return Err(Error::field("state", "form-choice"));
    }
    db.write(Chain::Site(site), |tx| {
        let blank = unborn(who, now, site, state);
        let row = filled(tx, blank, details)?;
        let id = machines::insert(tx.conn, &row)?;
        let after = Machine { id, ..row };
        record(tx, who, now, "create", None, &after)?;
        Ok(id)
    })
}

pub(super) fn unborn(who: &Actor, now: Instant, site: SiteId, state: MachineState) -> Machine {
    Machine {
        id: MachineId(0),
        site_id: site,
        tenant_id: TenantId(0),
        reservation_id: None,
        model_id: None,
        model_name: String::new(),
        model_folded: String::new(),
        serial: String::new(),
        serial_folded: String::new(),
        watts: Watts::ZERO,
        cooling: CoolingKind::Air,
        supply: Supply::Single,
        state,
        rack_id: None,
        slot: None,
        leg: None,
        note: String::new(),
        created_at: now,
        created_by: who.user,
        changed_at: now,
        changed_by: who.user,
    }
}

/// Puts details into a row once they hold together.
fn filled(tx: &mut Tx, row: Machine, details: &Details) -> Result<Machine> {
    let row = described(tx.conn, row, details)?;
    let known = machines::by_serials(tx.conn, std::slice::from_ref(&row.serial_folded))?;
    if known.iter().any(|(_, id)| *id != row.id) {
        return Err(Error::field("serial", "machine-error-taken"));
    }
    Ok(row)
}

/// The same without a look at the serial number: a batch asks for all of them at once.
pub(super) fn described(conn: &mut Conn, row: Machine, details: &Details) -> Result<Machine> {
    if details.watts.0 <= 0 || details.watts.0 > MOST_WATTS {
        return Err(Error::field("watts", "machine-error-watts"));
    }
    if let Some(id) = details.reservation {
        let booking = reservations::get(conn, id)?;
        if booking.site_id != row.site_id || booking.tenant_id != details.tenant {
            return Err(Error::field("reservation", "machine-error-booking"));
        }
    }
    crate::db::identity::tenants::get(conn, details.tenant)?;
    let model = details
        .model_id
        .map(|id| catalogue::get(conn, id))
        .transpose()?;
    let name = match &model {
        Some(model) => model.name(),
        None => details.model_name.trim().to_owned(),
    };
    if name.is_empty() {
        return Err(Error::field("model_name", "form-required"));
    }
    let serial = details
        .serial
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    Ok(Machine {
        tenant_id: details.tenant,
        reservation_id: details.reservation,
        model_id: details.model_id,
        model_folded: fold(&name),
        model_name: name,
        serial_folded: fold(&serial),
        serial,
        watts: details.watts,
        cooling: model.as_ref().map_or(details.cooling, |m| m.cooling),
        supply: model.and_then(|m| m.supply).unwrap_or(details.supply),
        note: details.note.trim().to_owned(),
        ..row
    })
}

/// Changes what is known of a machine; one that has a slot must still suit it.
pub fn edit(db: &Db, who: &Actor, now: Instant, id: MachineId, details: &Details) -> Result<()> {
    change(db, who, now, id, "update", |tx, before| {
        let row = filled(tx, before.clone(), details)?;
        let keeps = (
            before.reservation_id,
            before.watts,
            before.cooling,
            before.supply,
        ) == (row.reservation_id, row.watts, row.cooling, row.supply);
        match row.rack_id {
            Some(rack) if !keeps => {
                let wish = Wish {
                    slot: row.slot,
                    leg: row.leg.filter(|_| row.supply == Supply::Single),
                };
                placed(tx, row, rack, wish, now)
            }
            _ => Ok(row),
        }
    })
}

/// Puts a machine into a rack, or moves it to another place; what the wish leaves open is chosen.
pub fn rack(
    db: &Db,
    who: &Actor,
    now: Instant,
    id: MachineId,
    rack: RackId,
    wish: Wish,
) -> Result<()> {
    change(db, who, now, id, "rack", |tx, before| {
        may(before, MachineState::Racked)?;
        let row = Machine {
            state: MachineState::Racked,
            ..before.clone()
        };
        placed(tx, row, rack, wish, now)
    })
}

fn placed(tx: &mut Tx, row: Machine, rack: RackId, wish: Wish, now: Instant) -> Result<Machine> {
    let Some(reservation) = row.reservation_id else {
        return Err(Error::field("reservation", "machine-refused-booking"));
    };
    let booked = Booked::load(tx.conn, reservation, now)?;
    let rack = racks::get(tx.conn, rack)?;
    if rack.site_id != row.site_id {
        return Err(Error::field("rack", "form-choice"));
    }
    let cooling = cooling::get(tx.conn, rack.zone_id)?.kind;
    let standing = machines::standing(tx.conn, &[rack.id])?;
    let standing = standing.into_iter().map(|(_, standing)| standing).collect();
    let spot = booked
        .ground(&rack, cooling, standing)
        .spot(&candidate(&row), wish)?;
    Ok(Machine {
        rack_id: Some(rack.id),
        slot: Some(spot.slot),
        leg: spot.leg,
        ..row
    })
}

/// Received, in repair (keeping its slot, if it has one), or removed.
pub fn turn(db: &Db, who: &Actor, now: Instant, id: MachineId, to: MachineState) -> Result<()> {
    change(db, who, now, id, action(to), |_, before| {
        may(before, to)?;
        let row = Machine {
            state: to,
            ..before.clone()
        };
        if to.may_stand() {
            return Ok(row);
        }
        Ok(Machine {
            rack_id: None,
            slot: None,
            leg: None,
            ..row
        })
    })
}

fn action(to: MachineState) -> &'static str {
    match to {
        MachineState::Expected => "expect",
        MachineState::Received => "receive",
        MachineState::Racked => "rack",
        MachineState::Repair => "repair",
        MachineState::Removed => "remove",
    }
}

fn may(row: &Machine, to: MachineState) -> Result<()> {
    if row.state.may_become(to) {
        return Ok(());
    }
    let next: Vec<&str> = row.state.next().iter().map(|state| state.code()).collect();
    let message = Message::new("machine-refused-way")
        .with("from", row.state.code())
        .with("to", to.code())
        .with("next", next.join(", "));
    Err(Error::Rule(message))
}

fn change(
    db: &Db,
    who: &Actor,
    now: Instant,
    id: MachineId,
    action: &str,
    mut work: impl FnMut(&mut Tx, &Machine) -> Result<Machine>,
) -> Result<()> {
    require(who, Permission::EditMachines)?;
    let site = machines::get(&mut *db.get()?, id)?.site_id;
    db.write(Chain::Site(site), |tx| {
        let before = machines::get(tx.conn, id)?;
        let after = Machine {
            changed_at: now,
            changed_by: who.user,
            ..work(tx, &before)?
        };
        machines::update(tx.conn, &after)?;
        record(tx, who, now, action, Some(&before), &after)
    })
}

fn record(
    tx: &mut Tx,
    who: &Actor,
    now: Instant,
    action: &str,
    before: Option<&Machine>,
    after: &Machine,
) -> Result<()> {
    let change = Change {
        action,
        noun: "machine",
        id: after.id.0,
        before: &before,
        after,
    };
    tx.record(who, now, change)
}
