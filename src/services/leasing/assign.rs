//! Staff confirm where a reservation stands: the proposed racks, or others that are as good.

use super::answer::Refused;
use super::conflicts;
use super::house::{Book, House};
use super::reserve::swap_witnesses;
use crate::db::leasing::reservations::{self, Reservation};
use crate::db::trail::Change;
use crate::db::{Chain, Db};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::ReservationId;
use crate::domain::leasing::place::{self, Limits, Piece};
use crate::domain::leasing::state::{ReservationStatus, status};
use crate::domain::site::Leg;
use crate::error::{Error, Result, require};

/// Units on one rack by its name; `leg` for single-phase machines on a three-phase rack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub rack: String,
    pub leg: Option<Leg>,
    pub units: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assigned {
    Done,
    Refused(Refused),
}

/// Confirms `wanted` for the whole window. Unassigned reservations may be moved to make room.
pub fn assign(
    db: &Db,
    who: &Actor,
    now: Instant,
    id: ReservationId,
    wanted: &[Wanted],
) -> Result<Assigned> {
    require(who, Permission::Assign)?;
    let site = reservations::get(&mut *db.get()?, id)?.site_id;
    db.write(Chain::Site(site), |tx| {
        let before = reservations::get(tx.conn, id)?;
        assignable(&before, now)?;
        let house = House::since(tx.conn, site, now, before.from_date)?;
        let mut book = house.book(tx.conn, now)?;
        let at = position(&book, id)?;
        // Staff may give it racks of any hall.
        book.bookings[at].demand = house.demand(&before);
        let pieces = pieces(&house, wanted)?;
        let limits = Limits::default();
        let placement =
            match place::check_assignment(&house.plan, &book.bookings, at, &pieces, &limits) {
                Ok(placement) => placement,
                Err(refusal) => return Ok(Assigned::Refused(Refused::of(&house, &refusal))),
            };
        let rows = house.allocations(&before, &placement.pieces);
        reservations::replace_allocations(tx.conn, id, &rows)?;
        swap_witnesses(tx, &house, &book.reservations, &placement.moved)?;
        let after = Reservation {
            assigned_at: Some(now),
            assigned_by: who.user,
            ..before.clone()
        };
        reservations::update(tx.conn, &after)?;
        let change = Change {
            action: "assign",
            noun: "reservation",
            id: id.0,
            before: &before,
            after: &rows,
        };
        tx.record(who, now, change)?;
        conflicts::refresh(tx, who, now, site)?;
        Ok(Assigned::Done)
    })
}

fn assignable(row: &Reservation, now: Instant) -> Result<()> {
    match status(row.state, row.hold_until, row.assigned_at.is_some(), now) {
        ReservationStatus::Held | ReservationStatus::Assigned => Ok(()),
        ReservationStatus::Expired => Err(Error::rule("leasing-error-expired")),
        ReservationStatus::Cancelled => Err(Error::rule("leasing-error-cancelled")),
        ReservationStatus::Leased => Err(Error::rule("leasing-error-leased")),
    }
}

fn position(book: &Book, id: ReservationId) -> Result<usize> {
    book.reservations
        .iter()
        .position(|r| r.id == id)
        .ok_or_else(|| Error::rule("leasing-error-expired"))
}

/// Names become racks; lines without units say nothing.
pub(super) fn pieces(house: &House, wanted: &[Wanted]) -> Result<Vec<Piece>> {
    wanted
        .iter()
        .filter(|w| w.units > 0)
        .map(|w| {
            let rack = house
                .racks
                .iter()
                .position(|r| r.name == w.rack)
                .ok_or_else(|| Error::field("racks", "leasing-error-rack"))?;
            Ok(Piece {
                rack,
                leg: w.leg,
                units: w.units,
            })
        })
        .collect()
}
