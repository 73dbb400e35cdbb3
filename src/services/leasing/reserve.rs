//! Reserve and cancel: the booking itself.

use super::answer::{Answer, Refused};
use super::conflicts;
use super::house::{Book, House};
use crate::db::leasing::requests::{self, Request};
use crate::db::leasing::reservations::{self, Reservation};
use crate::db::trail::Change;
use crate::db::{Chain, Db, Tx};
use crate::domain::calendar::{Instant, Window};
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::*;
use crate::domain::leasing::place::{self, Limits, Placement};
use crate::domain::leasing::state::{ReservationState, ReservationStatus, status};
use crate::domain::site::{CoolingKind, Supply, Workload};
use crate::domain::units::Watts;
use crate::error::{Error, Result, require};

/// The most machines of one wish: a typing error is not a site.
pub const MOST_UNITS: u32 = 100_000;

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
    require(who, Permission::Reserve)?;
    if !who.sees(wish.tenant) {
        return Err(Error::Forbidden);
    }
    db.write(Chain::Site(wish.site), |tx| {
        let house = House::load(tx.conn, wish.site, now)?;
        sane(&house, wish)?;
        let book = house.book(tx.conn, now)?;
        let draft = draft(&house, who, now, wish);
        match place::place(
            &house.plan,
            &book.bookings,
            &house.demand(&draft),
            &Limits::default(),
        ) {
            Ok(placement) => accept(tx, &house, &book, who, now, draft, &placement),
            Err(refusal) => {
                let mut refused = Refused::of(&house, &refusal);
                if if_refused == IfRefused::KeepRequest {
                    refused.request = Some(keep_request(tx, who, now, wish, &refused)?);
                }
                Ok(Answer::Refused(refused))
            }
        }
    })
}

fn sane(house: &House, wish: &Wish) -> Result<()> {
    if wish.units == 0 || wish.units > MOST_UNITS {
        return Err(Error::field("units", "leasing-error-units"));
    }
    if wish.watts_each.0 <= 0 || wish.watts_each.0 > 1_000_000 {
        return Err(Error::field("watts", "leasing-error-watts"));
    }
    if wish.window.from < house.today {
        return Err(Error::field("from", "leasing-error-past"));
    }
    if wish.window.to.is_some_and(|to| to <= wish.window.from) {
        return Err(Error::field("to", "leasing-error-window"));
    }
    if wish
        .hall
        .is_some_and(|hall| !house.halls.iter().any(|h| h.id == hall))
    {
        return Err(Error::field("hall", "leasing-error-hall"));
    }
    Ok(())
}

fn draft(house: &House, who: &Actor, now: Instant, wish: &Wish) -> Reservation {
    Reservation {
        id: ReservationId(0),
        tenant_id: wish.tenant,
        site_id: wish.site,
        hall_id: wish.hall,
        model_id: wish.model,
        model_name: wish.model_name.clone(),
        workload: wish.workload,
        cooling: wish.cooling,
        supply: wish.supply,
        units: wish.units.into(),
        watts_each: wish.watts_each,
        from_date: wish.window.from,
        to_date: wish.window.to,
        state: ReservationState::Held,
        hold_until: now.plus_hours(house.site.hold_hours),
        assigned_at: None,
        assigned_by: None,
        created_at: now,
        created_by: who.user,
        cancelled_at: None,
        cancelled_by: None,
    }
}

fn accept(
    tx: &mut Tx,
    house: &House,
    book: &Book,
    who: &Actor,
    now: Instant,
    mut row: Reservation,
    placement: &Placement,
) -> Result<Answer> {
    row.id = reservations::insert(tx.conn, &row)?;
    let allocations = house.allocations(&row, &placement.pieces);
    reservations::replace_allocations(tx.conn, row.id, &allocations)?;
    swap_witnesses(tx, house, book, placement)?;
    let change = Change {
        action: "reserve",
        noun: "reservation",
        id: row.id.0,
        before: &(),
        after: &row,
    };
    tx.record(who, now, change)?;
    conflicts::refresh(tx, who, now, row.site_id)?;
    Ok(Answer::Accepted(row.id))
}

/// Writes the new places of the unassigned bookings that made room.
pub fn swap_witnesses(
    tx: &mut Tx,
    house: &House,
    book: &Book,
    placement: &Placement,
) -> Result<()> {
    for (at, pieces) in &placement.moved {
        let row = &book.reservations[*at];
        reservations::replace_allocations(tx.conn, row.id, &house.allocations(row, pieces))?;
    }
    Ok(())
}

fn keep_request(
    tx: &mut Tx,
    who: &Actor,
    now: Instant,
    wish: &Wish,
    refused: &Refused,
) -> Result<RequestId> {
    let reasons: Vec<_> = refused.reasons.iter().map(|r| r.code()).collect();
    let mut row = Request {
        id: RequestId(0),
        tenant_id: wish.tenant,
        site_id: wish.site,
        hall_id: wish.hall,
        model_id: wish.model,
        model_name: wish.model_name.clone(),
        workload: wish.workload,
        cooling: wish.cooling,
        supply: wish.supply,
        units: wish.units.into(),
        watts_each: wish.watts_each,
        from_date: wish.window.from,
        to_date: wish.window.to,
        reasons: reasons.join(","),
        available_units: refused.available_units.into(),
        binding: serde_json::to_string(&refused.bound).map_err(anyhow::Error::from)?,
        state: requests::OPEN.to_owned(),
        answer: String::new(),
        created_at: now,
        created_by: who.user,
        closed_at: None,
        closed_by: None,
    };
    row.id = requests::insert(tx.conn, &row)?;
    let change = Change {
        action: "request",
        noun: "request",
        id: row.id.0,
        before: &(),
        after: &row,
    };
    tx.record(who, now, change)?;
    Ok(row.id)
}

/// Frees what a reservation holds. Doing it twice is harmless; a lease is ended by notice instead.
pub fn cancel(db: &Db, who: &Actor, now: Instant, id: ReservationId) -> Result<()> {
    require(who, Permission::CancelReservation)?;
    let site = reservations::get(&mut *db.get()?, id)?.site_id;
    db.write(Chain::Site(site), |tx| {
        let before = reservations::get(tx.conn, id)?;
        if !who.sees(before.tenant_id) {
            return Err(Error::NotFound);
        }
        match status(
            before.state,
            before.hold_until,
            before.assigned_at.is_some(),
            now,
        ) {
            ReservationStatus::Cancelled => return Ok(()),
            ReservationStatus::Leased => return Err(Error::rule("leasing-error-cancel-leased")),
            ReservationStatus::Held | ReservationStatus::Assigned | ReservationStatus::Expired => {}
        }
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
            id: id.0,
            before: &before,
            after: &after,
        };
        tx.record(who, now, change)?;
        conflicts::refresh(tx, who, now, site)
    })
}
