//! Reserve and cancel: the booking itself.

use super::answer::{Answer, AnswerAll};
use super::conflicts;
use super::house::House;
use super::together::{Part, reserve_all};
use crate::db::leasing::reservations::{self, Reservation};
use crate::db::trail::Change;
use crate::db::{Chain, Db, Tx};
use crate::domain::calendar::{Instant, Month, Window};
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::*;
use crate::domain::leasing::place::Piece;
use crate::domain::leasing::state::{ReservationState, ReservationStatus, status};
use crate::domain::site::{CoolingKind, Supply, Workload};
use crate::domain::units::Watts;
use crate::error::{Error, Result, require};
use chrono::{Months, NaiveDate};

/// The most machines of one wish: a typing error is not a site.
pub const MOST_UNITS: u32 = 100_000;

/// How many whole months back a contract that already runs may have begun.
const MONTHS_BACK: u32 = 12;

/// What somebody wants to put where and when.
#[derive(Clone, Debug)]
pub struct Wish {
    pub tenant: TenantId,
    pub site: SiteId,
    pub hall: Option<HallId>,
    pub model: Option<ModelId>,
    pub model_name: String,
    pub workload: Workload,
    pub cooling: CoolingKind,
    pub supply: Supply,
    pub units: u32,
    pub watts_each: Watts,
    pub window: Window,
}

/// Whether a wish that does not fit leaves a request for staff behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfRefused {
    KeepRequest,
    Forget,
}

/// Places a wish at once, or says why not. Atomic: nobody sees half of it, nothing is oversold.
pub fn reserve(
    db: &Db,
    who: &Actor,
    now: Instant,
    wish: &Wish,
    if_refused: IfRefused,
) -> Result<Answer> {
    let parts = [Part::of(wish.clone())];
    Ok(match reserve_all(db, who, now, &parts, if_refused)? {
        AnswerAll::Accepted(ids) => Answer::Accepted(ids[0]),
        AnswerAll::Refused(refused) => Answer::Refused(refused.whole),
    })
}

/// The first day on which a booking of this actor may start: staff enter contracts that already run.
pub fn earliest_start(who: &Actor, today: NaiveDate) -> NaiveDate {
    if who.may(Permission::EnterContract) {
        Month::of(today).first() - Months::new(MONTHS_BACK)
    } else {
        today
    }
}

/// # Errors
/// `Invalid` beside `from`.
pub fn starts_in_time(who: &Actor, from: NaiveDate, today: NaiveDate) -> Result<()> {
    let earliest = earliest_start(who, today);
    if from >= earliest {
        return Ok(());
    }
    let why = match earliest == today {
        true => "leasing-error-past",
        false => "leasing-error-long-past",
    };
    Err(Error::field("from", why))
}

pub(super) fn sane(house: &House, who: &Actor, wish: &Wish) -> Result<()> {
    if wish.units == 0 || wish.units > MOST_UNITS {
        return Err(Error::field("units", "leasing-error-units"));
    }
    if wish.watts_each.0 <= 0 || wish.watts_each.0 > 1_000_000 {
        return Err(Error::field("watts", "leasing-error-watts"));
    }
    // What is ahead is reserved, by whoever may; what runs is entered.
    if wish.window.from >= house.today && !who.may(Permission::Reserve) {
        return Err(Error::field("from", "leasing-error-not-begun"));
    }
    starts_in_time(who, wish.window.from, house.today)?;
    if wish.window.to.is_some_and(|to| to <= wish.window.from) {
        return Err(Error::field("to", "leasing-error-window"));
    }
    if wish.window.to.is_some_and(|to| to <= house.today) {
        return Err(Error::field("to", "leasing-error-ended"));
    }
    // One that is not offered is answered as one that does not exist.
    if wish
        .hall
        .is_some_and(|hall| !house.halls_for(who).any(|h| h.id == hall))
    {
        return Err(Error::field("hall", "leasing-error-hall"));
    }
    Ok(())
}

/// Writes the new places of the unassigned bookings that made room.
pub fn swap_witnesses(
    tx: &mut Tx,
    house: &House,
    live: &[Reservation],
    moved: &[(usize, Vec<Piece>)],
) -> Result<()> {
    for (at, pieces) in moved {
        let row = &live[*at];
        reservations::replace_allocations(tx.conn, row.id, &house.allocations(row, pieces))?;
    }
    Ok(())
}

/// Frees what a reservation holds, and what was reserved together with it and is no lease yet.
/// Doing it twice is harmless; a lease is ended by notice instead.
pub fn cancel(db: &Db, who: &Actor, now: Instant, id: ReservationId) -> Result<()> {
    require(who, Permission::CancelReservation)?;
    let site = reservations::get(&mut *db.get()?, id)?.site_id;
    db.write(Chain::Site(site), |tx| {
        let row = reservations::get(tx.conn, id)?;
        if !who.sees(row.tenant_id) {
            return Err(Error::NotFound);
        }
        match state_of(&row, now) {
            ReservationStatus::Cancelled => return Ok(()),
            ReservationStatus::Leased => return Err(Error::rule("leasing-error-cancel-leased")),
            ReservationStatus::Held | ReservationStatus::Assigned | ReservationStatus::Expired => {}
        }
        let all = match row.bundle_id {
            Some(bundle) => reservations::of_bundle(tx.conn, bundle)?,
            None => vec![row],
        };
        let ended = |status| {
            matches!(
                status,
                ReservationStatus::Cancelled | ReservationStatus::Leased
            )
        };
        for before in all.iter().filter(|row| !ended(state_of(row, now))) {
            cancel_one(tx, who, now, before)?;
        }
        conflicts::refresh(tx, who, now, site)
    })
}

fn state_of(row: &Reservation, now: Instant) -> ReservationStatus {
    status(row.state, row.hold_until, row.assigned_at.is_some(), now)
}

fn cancel_one(tx: &mut Tx, who: &Actor, now: Instant, before: &Reservation) -> Result<()> {
    let after = Reservation {
        state: ReservationState::Cancelled,
        cancelled_at: Some(now),
        cancelled_by: who.user,
        ..before.clone()
    };
    reservations::update(tx.conn, &after)?;
    let change = Change {
        action: "cancel",
        noun: "reservation",
        id: before.id.0,
        before,
        after: &after,
    };
    tx.record(who, now, change)
}
