//! What racks draw, as their meters said last.

use crate::db::Conn;
use crate::db::leasing::reservations::Reservation;
use crate::db::metering::drawn::{Among, Taken};
use crate::db::metering::watched::OnLeg;
use crate::domain::calendar::Instant;
use crate::domain::ids::{RackId, ReservationId};
use crate::domain::leasing::place::{self, Booking, Piece};
use crate::domain::leasing::state::ReservationState;
use crate::domain::metering::legs::{Share, apportion, up_the_tree, weights};
use crate::domain::site::SlotsEach;
use crate::domain::units::Watts;
use crate::error::Result;
use crate::services::leasing::house::House;
use crate::services::metering::loads;
use chrono::NaiveDate;
use std::collections::HashMap;

/// A reading older than this says nothing about its moment.
const FRESH_HOURS: i64 = 24;

/// The values that count at a moment of a local day.
pub fn taken(until: Instant, day: NaiveDate) -> Taken {
    Taken {
        since: until.plus_hours(-FRESH_HOURS),
        until,
        day,
    }
}

/// The mean power of the latest interval of each rack whose meters spoke, several meters of one rack
/// summed; and when the latest of these intervals ended.
pub fn by_rack(
    conn: &mut Conn,
    among: Among,
    taken: Taken,
) -> Result<(HashMap<RackId, Watts>, Option<Instant>)> {
    let mut found: HashMap<RackId, Watts> = HashMap::new();
    let mut last = None;
    for (rack, measured) in loads::last_of_racks(conn, among, taken)? {
        *found.entry(rack).or_default() += measured.power();
        last = last.max(Some(measured.end));
    }
    Ok((found, last))
}

/// What the racks under each node draw, by position; `None` where no rack under it has a meter that
/// spoke. A rack on two feeds counts under both, for either may carry it.
pub fn by_node(house: &House, drawn: &HashMap<RackId, Watts>) -> Vec<Option<Watts>> {
    let mut found = vec![None; house.plan.nodes.len()];
    for (at, row) in house.racks.iter().enumerate() {
        let Some(&watts) = drawn.get(&row.id) else {
            continue;
        };
        for node in place::chain(&house.plan, at) {
            *found[node].get_or_insert(Watts::ZERO) += watts;
        }
    }
    found
}

/// What stands where: live reservations with their bookings, position by position, and the machines
/// in whole racks.
pub struct Occupancy<'a> {
    pub reservations: &'a [Reservation],
    pub bookings: &'a [Booking],
    pub machines: &'a [OnLeg],
}

/// The same leg by leg: no meter tells legs apart, so what a rack draws is apportioned by what is
/// allocated to its legs on a day.
pub fn legs_by_node(
    house: &House,
    there: &Occupancy,
    day: NaiveDate,
    drawn: &HashMap<RackId, Watts>,
) -> Vec<Option<[Watts; 3]>> {
    let mut shares = there.shares(house, day);
    let racks: Vec<(Vec<usize>, [Watts; 3])> = house
        .racks
        .iter()
        .enumerate()
        .filter_map(|(at, row)| {
            let &watts = drawn.get(&row.id)?;
            let of_rack = shares.remove(&at).unwrap_or_default();
            let legs = apportion(watts, weights(row.phase, &of_rack));
            Some((place::chain(&house.plan, at), legs))
        })
        .collect();
    let racks = racks.iter().map(|(way, legs)| (&way[..], *legs));
    up_the_tree(house.plan.nodes.len(), racks)
}

impl Occupancy<'_> {
    /// By the position of the rack: what is leased there; where nothing is, what is reserved.
    fn shares(&self, house: &House, day: NaiveDate) -> HashMap<usize, Vec<Share>> {
        let mut machines: HashMap<(ReservationId, RackId), Vec<Share>> = HashMap::new();
        for it in self.machines {
            let (leg, watts) = (it.leg, it.watts);
            let of_rack = machines.entry((it.reservation_id, it.rack_id)).or_default();
            of_rack.push(Share { leg, watts });
        }
        let mut leased: HashMap<usize, Vec<Share>> = HashMap::new();
        let mut reserved: HashMap<usize, Vec<Share>> = HashMap::new();
        let live = self.reservations.iter().zip(self.bookings);
        for (row, booking) in live.filter(|(_, it)| it.demand.window.contains(day)) {
            let found = match row.state {
                ReservationState::Leased => &mut leased,
                _ => &mut reserved,
            };
            for piece in &booking.witness {
                let rack = house.racks[piece.rack].id;
                let whole = booking.demand.needs.slots_each == SlotsEach::WholeRack;
                let known = machines.get(&(row.id, rack)).filter(|_| whole);
                let of_rack = found.entry(piece.rack).or_default();
                match known {
                    Some(known) => of_rack.extend(known),
                    None => of_rack.push(share(booking, piece)),
                }
            }
        }
        for (rack, of_rack) in reserved {
            leased.entry(rack).or_insert(of_rack);
        }
        leased
    }
}

fn share(booking: &Booking, piece: &Piece) -> Share {
    let each = booking.demand.watts_each.0;
    Share {
        leg: piece.leg,
        watts: Watts(each.saturating_mul(i64::from(piece.units))),
    }
}
