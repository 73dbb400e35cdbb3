//! A running lease moves to other racks from a day on; until then it stands where it stood.

use super::assign::{Assigned, Wanted, pieces};
use super::house::{Book, House};
use super::reserve::swap_witnesses;
use super::{answer::Refused, conflicts};
use crate::db::leasing::reservations::{self, Allocation, Reservation};
use crate::db::metering::usage as usage_rows;
use crate::db::trail::Change;
use crate::db::{Chain, Conn, Db, Tx};
use crate::domain::calendar::{Instant, Month, Window};
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::{RackId, ReservationId};
use crate::domain::leasing::place::{self, Limits};
use crate::domain::leasing::state::ReservationState;
use crate::error::{Error, Result, require};
use crate::services::metering::usage::mark_stale_from;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// From `from` on all units of the lease stand on `wanted`, whatever was planned for later.
/// Unassigned reservations may be moved to make room.
///
/// # Errors
/// `from` before today or outside the lease; no lease.
pub fn relocate(
    db: &Db,
    who: &Actor,
    now: Instant,
    id: ReservationId,
    from: NaiveDate,
    wanted: &[Wanted],
) -> Result<Assigned> {
    require(who, Permission::Assign)?;
    let site = reservations::get(&mut *db.get()?, id)?.site_id;
    db.write(Chain::Site(site), |tx| {
        let row = reservations::get(tx.conn, id)?;
        let house = House::load(tx.conn, site, now)?;
        let from = moving_day(&row, from, house.today)?;
        let before = reservations::allocations_of(tx.conn, id)?;
        let stays = until(&row, &before, from);
        let book = book_without(tx.conn, &house, (&row, &stays), from, now)?;
        let last = book.bookings.len() - 1;
        let pieces = pieces(&house, wanted)?;
        let checked = place::check_assignment(
            &house.plan,
            &book.bookings,
            last,
            &pieces,
            &Limits::default(),
        );
        let placement = match checked {
            Ok(placement) => placement,
            Err(refusal) => return Ok(Assigned::Refused(Refused::of(&house, &refusal))),
        };
        let mut after = stays;
        after.extend(
            house
                .allocations(&row, &placement.pieces)
                .into_iter()
                .map(|piece| Allocation {
                    from_date: (from > row.from_date).then_some(from),
                    ..piece
                }),
        );
        reservations::replace_allocations(tx.conn, id, &after)?;
        swap_witnesses(tx, &house, &book.reservations, &placement.moved)?;
        let change = Change {
            action: "move",
            noun: "reservation",
            id: id.0,
            before: &before,
            after: &after,
        };
        tx.record(who, now, change)?;
        settle_anew(tx, now, from, &before, &after)?;
        conflicts::refresh(tx, who, now, site)?;
        Ok(Assigned::Done)
    })
}

/// The day from which a lease moves that is asked to move on `from`.
fn moving_day(row: &Reservation, from: NaiveDate, today: NaiveDate) -> Result<NaiveDate> {
    if row.state != ReservationState::Leased {
        return Err(Error::rule("leasing-error-no-lease"));
    }
    if from < today {
        return Err(Error::field("from", "leasing-error-move-past"));
    }
    if row.to_date.is_some_and(|to| to <= from) {
        return Err(Error::field("from", "leasing-error-move-ended"));
    }
    Ok(from.max(row.from_date))
}

/// What remains of where it stands before a day.
fn until(row: &Reservation, before: &[Allocation], day: NaiveDate) -> Vec<Allocation> {
    let earlier = Window::new(row.from_date, Some(day));
    let cut = |piece: &Allocation| {
        Some(Allocation {
            to_date: piece.within(earlier?)?.to,
            ..piece.clone()
        })
    };
    before.iter().filter_map(cut).collect()
}

/// Everything live, the lease only as long as it stays; last of all what has to find a place.
fn book_without(
    conn: &mut Conn,
    house: &House,
    (row, stays): (&Reservation, &[Allocation]),
    from: NaiveDate,
    now: Instant,
) -> Result<Book> {
    let live = reservations::live(conn, house.site.id, now, house.today)?;
    let mut allocations = reservations::allocations_of_site(conn, house.site.id)?;
    allocations.retain(|piece| piece.reservation_id != row.id);
    allocations.extend_from_slice(stays);
    let Book {
        reservations,
        bookings,
    } = house.booked(live, allocations)?;
    let seats = reservations.into_iter().zip(bookings);
    let stays =
        seats.filter(|(held, booking)| held.id != row.id || booking.demand.window.from < from);
    let (reservations, bookings) = stays.unzip();
    let mut book = Book {
        reservations,
        bookings,
    };
    let moving = Reservation {
        from_date: from,
        ..row.clone()
    };
    book.bookings.push(place::Booking {
        demand: house.demand(&moving),
        witness: vec![],
        assigned: true,
    });
    book.reservations.push(moving);
    Ok(book)
}

/// Energy of racks is shared by who stands there: whoever did or does is settled anew.
fn settle_anew(
    tx: &mut Tx,
    now: Instant,
    from: NaiveDate,
    before: &[Allocation],
    after: &[Allocation],
) -> Result<()> {
    let racks: BTreeSet<RackId> = before.iter().chain(after).map(|it| it.rack_id).collect();
    let racks: Vec<RackId> = racks.into_iter().collect();
    let standing = usage_rows::standing_on(tx.conn, &racks)?;
    let touched: BTreeSet<_> = standing.iter().map(|it| it.lease_id).collect();
    for lease in touched {
        mark_stale_from(tx, lease, Month::of(from), now)?;
    }
    Ok(())
}
