//! Many machines of one booking at once: tried first, then written as a whole.

use super::machines::{Booked, Details, SERIAL_MAX, candidate, described, unborn, wrong};
use crate::db::leasing::reservations::{self, Reservation};
use crate::db::site::machines::{self, Machine};
use crate::db::site::{cooling, racks};
use crate::db::trail::Change;
use crate::db::{Chain, Conn, Db};
use crate::domain::calendar::Instant;
use crate::domain::fold::fold;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::*;
use crate::domain::message::Message;
use crate::domain::site::machine::{Ground, MachineState, fill};
use crate::domain::units::Watts;
use crate::error::{Error, Result, require};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// Machines of one paste: a lorry brings fewer.
pub const MOST: usize = 2_000;

/// Serial numbers for a booking, and what the machines are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    pub reservation: ReservationId,
    pub model_id: Option<ModelId>,
    pub model_name: String,
    pub watts: Watts,
    /// `Racked` gives each a slot and a leg.
    pub state: MachineState,
    pub serials: Vec<String>,
    pub note: String,
}

/// What will be written, in the order of the paste.
#[derive(Clone, Debug)]
pub struct Planned {
    pub rows: Vec<Machine>,
    pub racks: HashMap<RackId, String>,
}

/// One serial number a line; empty lines count nothing.
pub fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|line| !line.is_empty())
        .collect()
}

/// What writing the batch would do now.
pub fn plan(db: &Db, who: &Actor, now: Instant, batch: &Batch) -> Result<Planned> {
    require(who, Permission::EditMachines)?;
    db.read(|conn| planned(conn, who, now, batch))
}

/// Writes the batch, all of it or nothing; returns how many there are.
pub fn write(db: &Db, who: &Actor, now: Instant, batch: &Batch) -> Result<usize> {
    require(who, Permission::EditMachines)?;
    let site = reservations::get(&mut *db.get()?, batch.reservation)?.site_id;
    db.write(Chain::Site(site), |tx| {
        let planned = planned(tx.conn, who, now, batch)?;
        machines::insert_all(tx.conn, &planned.rows)?;
        let summary: Vec<Line> = planned.rows.iter().map(Line::of).collect();
        let change = Change {
            action: "register",
            noun: "reservation",
            id: batch.reservation.0,
            before: &(),
            after: &summary,
        };
        tx.record(who, now, change)?;
        Ok(planned.rows.len())
    })
}

/// A machine as the trail keeps it.
#[derive(Serialize)]
struct Line<'a> {
    serial: &'a str,
    rack: Option<RackId>,
    slot: Option<i64>,
}

impl<'a> Line<'a> {
    fn of(row: &'a Machine) -> Self {
        Self {
            serial: &row.serial,
            rack: row.rack_id,
            slot: row.slot,
        }
    }
}

fn planned(conn: &mut Conn, who: &Actor, now: Instant, batch: &Batch) -> Result<Planned> {
    let booking = reservations::get(conn, batch.reservation)?;
    serials_hold(conn, &batch.serials)?;
    let like = described(
        conn,
        unborn(who, now, booking.site_id, batch.state),
        &details(&booking, batch),
    )?;
    let mut rows: Vec<Machine> = batch
        .serials
        .iter()
        .map(|serial| Machine {
            serial: serial.clone(),
            serial_folded: fold(serial),
            ..like.clone()
        })
        .collect();
    let mut names = HashMap::new();
    match batch.state {
        MachineState::Expected | MachineState::Received => {}
        MachineState::Racked => names = placed(conn, now, &like, &mut rows)?,
        _ => return Err(Error::field("state", "form-choice")),
    }
    Ok(Planned { rows, racks: names })
}

fn details(booking: &Reservation, batch: &Batch) -> Details {
    Details {
        tenant: booking.tenant_id,
        reservation: Some(booking.id),
        model_id: batch.model_id,
        model_name: batch.model_name.clone(),
        serial: String::new(),
        watts: batch.watts,
        cooling: booking.cooling,
        supply: booking.supply,
        note: batch.note.clone(),
    }
}

fn serials_hold(conn: &mut Conn, serials: &[String]) -> Result<()> {
    if serials.is_empty() {
        return Err(Error::field("serials", "form-required"));
    }
    if serials.len() > MOST {
        let most = i64::try_from(MOST).unwrap_or(i64::MAX);
        return Err(wrong(
            "serials",
            Message::new("machine-error-many").with("most", most),
        ));
    }
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (at, serial) in serials.iter().enumerate() {
        let said = |key: &str| {
            Message::new(key)
                .with("serial", serial.as_str())
                .with("line", i64::try_from(at + 1).unwrap_or(i64::MAX))
        };
        if serial.chars().count() > SERIAL_MAX {
            let most = i64::try_from(SERIAL_MAX).unwrap_or(i64::MAX);
            return Err(wrong(
                "serials",
                said("machine-error-long").with("most", most),
            ));
        }
        if let Some(first) = seen.insert(fold(serial), at + 1) {
            let first = i64::try_from(first).unwrap_or(i64::MAX);
            return Err(wrong(
                "serials",
                said("machine-error-twice").with("first", first),
            ));
        }
    }
    let folded: Vec<String> = seen.into_keys().collect();
    let known = machines::by_serials(conn, &folded)?;
    if known.is_empty() {
        return Ok(());
    }
    let count = i64::try_from(known.len()).unwrap_or(i64::MAX);
    let first: Vec<&str> = serials
        .iter()
        .filter(|serial| known.iter().any(|(known, _)| *known == fold(serial)))
        .take(5)
        .map(String::as_str)
        .collect();
    let message = Message::new("machine-error-known")
        .with("count", count)
        .with("serials", first.join(", "));
    Err(wrong("serials", message))
}

/// Gives every row its rack, slot and leg; refuses where the booking has no room for all of them.
fn placed(
    conn: &mut Conn,
    now: Instant,
    like: &Machine,
    rows: &mut [Machine],
) -> Result<HashMap<RackId, String>> {
    let booked = Booked::load(conn, like.reservation_id.unwrap_or(ReservationId(0)), now)?;
    let ids = booked.racks();
    let zones = cooling::of_site(conn, like.site_id)?;
    let mut standing: HashMap<RackId, Vec<_>> = HashMap::new();
    for (rack, machine) in machines::standing(conn, &ids)? {
        standing.entry(rack).or_default().push(machine);
    }
    let mut grounds: Vec<Ground> = vec![];
    let mut names = HashMap::new();
    for rack in racks::by_ids(conn, &ids)? {
        let kind = zones
            .iter()
            .find(|z| z.id == rack.zone_id)
            .map_or(like.cooling, |z| z.kind);
        names.insert(rack.id, rack.name.clone());
        grounds.push(booked.ground(&rack, kind, standing.remove(&rack.id).unwrap_or_default()));
    }
    let machine = candidate(like);
    let spots = fill(&mut grounds, &machine, rows.len());
    if spots.len() < rows.len() {
        return Err(no_room(&grounds, like, rows.len(), spots.len()));
    }
    for (row, (at, spot)) in rows.iter_mut().zip(spots) {
        row.rack_id = Some(ids[at]);
        row.slot = Some(spot.slot);
        row.leg = spot.leg;
    }
    Ok(names)
}

/// Where none fits the rule that refuses speaks; else how many do.
fn no_room(grounds: &[Ground], like: &Machine, wanted: usize, fit: usize) -> Error {
    let rule = grounds
        .first()
        .map(|ground| ground.spot(&candidate(like), Default::default()));
    if let (0, Some(Err(refused))) = (fit, rule) {
        let field = match refused.field {
            "watts" => "watts",
            _ => "serials",
        };
        return wrong(field, refused.message);
    }
    let message = Message::new("machine-refused-room")
        .with("wanted", i64::try_from(wanted).unwrap_or(i64::MAX))
        .with("fit", i64::try_from(fit).unwrap_or(i64::MAX))
        .with(
            "booking",
            like.reservation_id
                .map_or(String::new(), |id| id.to_string()),
        );
    wrong("serials", message)
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn a_paste_is_one_serial_number_a_line() {
        let pasted = "  WM-0301 \r\n\n\tWM-0302\nWM  03 \n";
        assert_eq!(lines(pasted), ["WM-0301", "WM-0302", "WM 03"]);
    }
}
