//! Replays the witnesses against the bare capacities, in whole numbers.

use super::ground::{Ground, Unit};
use super::profile::Profile;
use super::types::{Booking, Demand, Peaks, Piece, RackUsage, Site, Usage, Violation};
use crate::domain::calendar::Window;
use crate::domain::site::Leg;
use crate::domain::units::Watts;
use chrono::{Days, NaiveDate};

/// Everything that is wrong with these bookings: a leg, zone or rack that carries more than it
/// can at some moment (one entry per span of constant use), units that are not placed, and
/// pieces where the machines cannot stand. Empty when nothing is oversold.
pub fn verify(site: &Site, bookings: &[Booking]) -> Vec<Violation> {
    let ground = Ground::new(site);
    let mut found = vec![];
    for (at, booking) in bookings.iter().enumerate() {
        let placed: u64 = booking
            .witness
            .iter()
            .map(|piece| u64::from(piece.units))
            .sum();
        let wanted = booking.demand.units;
        if placed != u64::from(wanted) {
            found.push(Violation::Units {
                booking: at,
                placed,
                wanted,
            });
        }
        let strays = booking
            .witness
            .iter()
            .filter(|piece| !ground.allows(&booking.demand, piece));
        found.extend(strays.map(|piece| Violation::Misplaced {
            booking: at,
            rack: piece.rack,
        }));
    }
    let profile = Profile::new(&ground, holders(bookings));
    for over in profile.oversold(&ground) {
        let involved = |booking: &Booking| {
            booking.demand.window.overlaps(over.span) && loads(&ground, booking, over.res)
        };
        found.push(Violation::Oversold {
            resource: ground.name(over.res),
            from: over.day,
            used: over.used,
            capacity: over.capacity,
            bookings: (0..bookings.len())
                .filter(|&at| involved(&bookings[at]))
                .collect(),
        });
    }
    found
}

/// Every rack and leg on which the demand's units may stand, whatever is booked there.
pub fn spots(site: &Site, demand: &Demand) -> Vec<(usize, Option<Leg>)> {
    let ground = Ground::new(site);
    let unit = Unit::of(demand);
    let racks = ground.eligible(demand).into_iter();
    racks
        .flat_map(|rack| ground.spots(rack, unit).iter().map(move |&leg| (rack, leg)))
        .collect()
}

/// What the bookings' witnesses use on one day.
pub fn usage_on(site: &Site, bookings: &[Booking], day: NaiveDate) -> Usage {
    let ground = Ground::new(site);
    let alive = || {
        bookings
            .iter()
            .filter(|booking| booking.demand.window.contains(day))
    };
    let profile = Profile::new(&ground, alive().map(|b| (&b.demand, &b.witness[..])));
    let mut racks = vec![RackUsage::default(); site.racks.len()];
    for booking in alive() {
        let unit = Unit::of(&booking.demand);
        for piece in booking
            .witness
            .iter()
            .filter(|piece| piece.rack < site.racks.len())
        {
            let slots = ground.slots_of(piece.rack, unit) * i64::from(piece.units);
            racks[piece.rack].slots += u32::try_from(slots).unwrap_or(u32::MAX);
            racks[piece.rack].watts += Watts(booking.demand.watts_each.0 * i64::from(piece.units));
        }
    }
    let used = |res| profile.steps(res).used_on(day);
    Usage {
        legs: (0..site.nodes.len())
            .map(|node| [Leg::L1, Leg::L2, Leg::L3].map(|leg| used(ground.node_leg(node, leg))))
            .collect(),
        zones: (0..site.zones.len())
            .map(|zone| Watts(used(ground.zone(zone))))
            .collect(),
        racks,
    }
}

/// The most that the bookings' witnesses put on each leg and zone on any day of a window.
pub fn peaks_in(site: &Site, bookings: &[Booking], window: Window) -> Peaks {
    let ground = Ground::new(site);
    let profile = Profile::new(&ground, holders(bookings));
    let most = |res| profile.steps(res).most_used(window).0;
    Peaks {
        legs: (0..site.nodes.len())
            .map(|node| [Leg::L1, Leg::L2, Leg::L3].map(|leg| most(ground.node_leg(node, leg))))
            .collect(),
        zones: (0..site.zones.len())
            .map(|zone| Watts(most(ground.zone(zone))))
            .collect(),
    }
}

/// What there is on one day, in the shape of `usage_on`: outages and deratings taken off.
pub fn capacity_on(site: &Site, day: NaiveDate) -> Usage {
    let ground = Ground::new(site);
    let on = |res| ground.capacity(res, day, Some(day + Days::new(1))).0;
    Usage {
        legs: (0..site.nodes.len())
            .map(|node| [Leg::L1, Leg::L2, Leg::L3].map(|leg| on(ground.node_leg(node, leg))))
            .collect(),
        zones: (0..site.zones.len())
            .map(|zone| Watts(on(ground.zone(zone))))
            .collect(),
        racks: site
            .racks
            .iter()
            .map(|r| RackUsage {
                slots: r.slots,
                watts: r.limit,
            })
            .collect(),
    }
}

pub(super) fn holders(
    bookings: &[Booking],
) -> impl Iterator<Item = (&super::types::Demand, &[Piece])> {
    bookings
        .iter()
        .map(|booking| (&booking.demand, &booking.witness[..]))
}

/// Whether a booking's witness puts anything on a resource.
pub(super) fn loads(ground: &Ground, booking: &Booking, res: super::ground::Res) -> bool {
    let mut found = false;
    for piece in booking
        .witness
        .iter()
        .filter(|piece| piece.rack < ground.site.racks.len())
    {
        ground.loads(
            piece.rack,
            piece.leg,
            Unit::of(&booking.demand),
            |at, load| {
                found |= at == res && load > 0 && piece.units > 0;
            },
        );
    }
    found
}
