//! A change of what is sold must leave every live booking its place.

use crate::db::Tx;
use crate::db::identity::tenants;
use crate::db::leasing::reservations;
use crate::domain::calendar::Instant;
use crate::domain::ids::{ReservationId, SiteId, TenantId};
use crate::domain::leasing::place::{self, Booking, Limits, Resource, Violation};
use crate::error::{Error, Result};
use crate::services::leasing::answer::Bound;
use crate::services::leasing::house::{Book, House};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// A live booking that a change would break, from when and at what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    pub reservation: ReservationId,
    pub tenant: TenantId,
    pub tenant_name: String,
    pub units: i64,
    pub model_name: String,
    pub from: NaiveDate,
    pub at: Option<Bound>,
}

/// Called after the change is written and before it is committed: what cannot stay and cannot be
/// moved (unassigned bookings can) refuses the change.
pub fn ensure_kept(tx: &mut Tx, site: SiteId, now: Instant) -> Result<()> {
    let house = House::load(tx.conn, site, now)?;
    let mut book = house.book(tx.conn, now)?;
    let mut broken = broken(&house, &book);
    if broken.is_empty() {
        return Ok(());
    }
    let movable: Vec<usize> = broken
        .keys()
        .copied()
        .filter(|&at| !book.bookings[at].assigned)
        .collect();
    let moved = replace_all(&house, &mut book, &movable);
    if moved.is_some() {
        broken = self::broken(&house, &book);
    }
    if broken.is_empty() {
        for at in moved.unwrap_or_default() {
            let row = &book.reservations[at];
            let rows = house.allocations(row, &book.bookings[at].witness);
            reservations::replace_allocations(tx.conn, row.id, &rows)?;
        }
        return Ok(());
    }
    let mut list = vec![];
    for (at, (from, bound)) in broken {
        let row = &book.reservations[at];
        list.push(Broken {
            reservation: row.id,
            tenant: row.tenant_id,
            tenant_name: tenants::get(tx.conn, row.tenant_id)?.name,
            units: row.units,
            model_name: row.model_name.clone(),
            from,
            at: bound,
        });
    }
    Err(Error::Breaks(list))
}

/// Places the broken unassigned bookings anew, one after the other; returns all that moved.
fn replace_all(house: &House, book: &mut Book, broken: &[usize]) -> Option<BTreeSet<usize>> {
    let mut moved = BTreeSet::new();
    let mut waiting: Vec<usize> = broken.to_vec();
    while let Some(at) = waiting.pop() {
        let others: Vec<usize> = (0..book.bookings.len())
            .filter(|other| *other != at && !waiting.contains(other))
            .collect();
        let live: Vec<Booking> = others.iter().map(|&o| book.bookings[o].clone()).collect();
        let demand = &book.bookings[at].demand;
        let placement = place::place(&house.plan, &live, demand, &Limits::default()).ok()?;
        book.bookings[at].witness = placement.pieces;
        moved.insert(at);
        for (index, pieces) in placement.moved {
            book.bookings[others[index]].witness = pieces;
            moved.insert(others[index]);
        }
    }
    Some(moved)
}

/// Each broken booking with the first day and the resource.
fn broken(house: &House, book: &Book) -> BTreeMap<usize, (NaiveDate, Option<Bound>)> {
    let mut found: BTreeMap<usize, (NaiveDate, Option<Bound>)> = BTreeMap::new();
    for (at, from, bound) in forbidden(house, book) {
        found.insert(at, (from, Some(bound)));
    }
    for violation in place::verify(&house.plan, &book.bookings) {
        match violation {
            Violation::Oversold {
                resource,
                from,
                used,
                capacity,
                bookings,
            } => {
                let bound = bound(house, resource, from, used, capacity);
                for at in bookings {
                    found.entry(at).or_insert((from, Some(bound.clone())));
                }
            }
            Violation::Units { booking, .. } | Violation::Misplaced { booking, .. } => {
                let from = book.reservations[booking].from_date.max(house.today);
                found.entry(booking).or_insert((from, None));
            }
        }
    }
    found
}

fn bound(house: &House, resource: Resource, at: NaiveDate, used: i64, capacity: i64) -> Bound {
    let thirds = matches!(resource, Resource::NodeLeg(..) | Resource::RackLeg(..));
    let scale = if thirds { 3 } else { 1 };
    let binding = place::Binding {
        resource,
        at,
        free: capacity / scale,
        needed: used / scale,
    };
    Bound::of(house, &binding)
}

/// Bookings whose workload is forbidden on a day of their window, with the first such day.
pub fn forbidden(house: &House, book: &Book) -> Vec<(usize, NaiveDate, Bound)> {
    let mut found = vec![];
    for (at, booking) in book.bookings.iter().enumerate() {
        let demand = &booking.demand;
        let hits = house
            .plan
            .restrictions
            .iter()
            .enumerate()
            .filter_map(|(index, rule)| {
                let both = rule.window.intersect(demand.window)?;
                (rule.workload == demand.workload).then_some((both.from, index))
            });
        if let Some((from, index)) = hits.min() {
            let resource = Resource::Restriction(index);
            found.push((at, from, bound(house, resource, from, 0, 0)));
        }
    }
    found
}
