//! What stands where it may not: bookings on a resource that is over its capacity, under a rule
//! that forbids them, or in a rack that does not suit them. Pure: from a site and its bookings.
//!
//! A change of what is sold makes conflicts instead of overselling in silence; new bookings never do.

use super::place::{
    self, Booking, Limits, Resource, Restriction, Site, Violation, overloads, verify,
};
use crate::codes;
use crate::domain::calendar::Window;
use chrono::{Days, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};

codes!(
    /// What a booking is in conflict with.
    ConflictKind {
        NodeLeg = "node_leg",
        Zone = "zone",
        RackSlots = "rack_slots",
        RackLeg = "rack_leg",
        Restriction = "restriction",
        Place = "place",
    }
);
codes!(
    /// What was changed when a conflict opened.
    CauseNoun {
        Node = "node",
        Outage = "outage",
        Rack = "rack",
        Zone = "zone",
        Site = "site",
        Restriction = "restriction",
        Import = "import",
    }
);
codes!(
    /// How a conflict ended.
    Resolution {
        Cancelled = "cancelled",
        Ended = "ended",
        Moved = "moved",
        Restored = "restored",
    }
);

/// Later ends than this are none: rules that recur are laid out to a horizon that moves with time.
const FOR_EVER_DAYS: u64 = 30 * 365;
/// Unassigned bookings that one change tries to move, each by itself and then together.
const MOST_MOVED: usize = 60;

/// Why a booking cannot stay: by positions of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trouble {
    /// More is used than there is, or (`Restriction`) the workload is forbidden.
    Short(Resource),
    /// A rack whose cooling, supply or phase no longer suits the machines.
    Misplaced(usize),
}

/// From the first to the last day, and the worst of them. Whole watts (rounded up), slots for
/// `RackSlots`, machines for a rack that does not suit them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    pub window: Window,
    /// What is used above what there is, by all bookings together.
    pub excess: i64,
    /// What this booking puts there.
    pub own: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub booking: usize,
    pub trouble: Trouble,
    pub extent: Extent,
}

/// Every conflict, one for each booking and trouble, in this order.
pub fn conflicts(site: &Site, bookings: &[Booking]) -> Vec<Conflict> {
    let mut found = vec![];
    for over in overloads(site, bookings) {
        let excess = over.used - over.capacity;
        for (booking, own) in over.holders {
            let extent = Extent {
                window: over.window,
                excess: whole(over.resource, excess),
                own: whole(over.resource, own),
            };
            found.push(((booking, Trouble::Short(over.resource)), extent));
        }
    }
    for (booking, rule, window) in forbidden(site, bookings) {
        let watts = watts(&bookings[booking]);
        let extent = Extent {
            window,
            excess: watts,
            own: watts,
        };
        let resource = Resource::Restriction(rule);
        found.push(((booking, Trouble::Short(resource)), extent));
    }
    for violation in verify(site, bookings) {
        if let Violation::Misplaced { booking, rack } = violation {
            let units = machines(&bookings[booking], rack);
            let extent = Extent {
                window: bookings[booking].demand.window,
                excess: units,
                own: units,
            };
            found.push(((booking, Trouble::Misplaced(rack)), extent));
        }
    }
    let merged = merged(found.into_iter()).into_iter();
    merged
        .map(|((booking, trouble), extent)| Conflict {
            booking,
            trouble,
            extent,
        })
        .collect()
}

/// One extent for each key: from the first day to the last, the worst of all.
pub fn merged<K: Ord>(found: impl Iterator<Item = (K, Extent)>) -> BTreeMap<K, Extent> {
    let mut all: BTreeMap<K, Extent> = BTreeMap::new();
    for (key, extent) in found {
        let extent = Extent {
            window: bounded(extent.window),
            ..extent
        };
        let kept = all.entry(key).or_insert(extent);
        *kept = Extent {
            window: Window {
                from: kept.window.from.min(extent.window.from),
                to: kept.window.to.zip(extent.window.to).map(|(a, b)| a.max(b)),
            },
            excess: kept.excess.max(extent.excess),
            own: kept.own.max(extent.own),
        };
    }
    all
}

fn bounded(window: Window) -> Window {
    let last = window.from + Days::new(FOR_EVER_DAYS);
    Window {
        to: window.to.filter(|to| *to < last),
        ..window
    }
}

/// Bookings whose workload a rule forbids, with the rule's position and the days of both.
pub fn forbidden<'a>(
    site: &'a Site,
    bookings: &'a [Booking],
) -> impl Iterator<Item = (usize, usize, Window)> + 'a {
    bookings.iter().enumerate().flat_map(move |(at, booking)| {
        let rules = site.restrictions.iter().enumerate();
        rules.filter_map(move |(rule, ban)| Some((at, rule, banned(ban, booking)?)))
    })
}

fn banned(ban: &Restriction, booking: &Booking) -> Option<Window> {
    let same = ban.workload == booking.demand.workload;
    ban.window.intersect(booking.demand.window).filter(|_| same)
}

fn whole(resource: Resource, amount: i64) -> i64 {
    match resource {
        Resource::NodeLeg(..) | Resource::RackLeg(..) => (amount + 2).div_euclid(3),
        _ => amount,
    }
}

/// What all machines of a booking draw.
fn watts(booking: &Booking) -> i64 {
    let demand = &booking.demand;
    demand.watts_each.0.saturating_mul(demand.units.into())
}

fn machines(booking: &Booking, rack: usize) -> i64 {
    let here = booking.witness.iter().filter(|piece| piece.rack == rack);
    here.map(|piece| i64::from(piece.units)).sum()
}

/// Whether a booking still puts anything on what a conflict was about.
pub fn stands_on(site: &Site, booking: &Booking, trouble: Trouble) -> bool {
    let chain = |rack: usize| {
        let (first, second) = site.racks[rack].feeds;
        std::iter::once(first).chain(second).collect::<Vec<_>>()
    };
    let under = |node: usize, rack: usize| {
        chain(rack).into_iter().any(|feed| {
            let mut above = std::iter::successors(Some(feed), |&at| site.nodes[at].parent);
            above.any(|at| at == node)
        })
    };
    let known = |rack: usize| rack < site.racks.len();
    let mut pieces = booking.witness.iter().filter(|piece| known(piece.rack));
    pieces.any(|piece| {
        let on = |leg| piece.leg.is_none_or(|own| own == leg);
        match trouble {
            Trouble::Misplaced(rack) | Trouble::Short(Resource::RackSlots(rack)) => {
                piece.rack == rack
            }
            Trouble::Short(Resource::RackLeg(rack, leg)) => piece.rack == rack && on(leg),
            Trouble::Short(Resource::NodeLeg(node, leg)) => on(leg) && under(node, piece.rack),
            Trouble::Short(Resource::Zone(zone)) => site.racks[piece.rack].zone == zone,
            Trouble::Short(_) => true,
        }
    })
}

/// Moves unassigned bookings out of conflict where they find room beside all others: those that
/// came last first, each by itself, then together. Nothing gets worse. Returns those that moved.
pub fn relieve(site: &Site, bookings: &mut Vec<Booking>, limits: &Limits) -> BTreeSet<usize> {
    let mut moved = BTreeSet::new();
    let mut tried = BTreeSet::new();
    while tried.len() < MOST_MOVED {
        let last = movable(site, bookings).into_iter().rev();
        let Some(at) = last.into_iter().find(|at| !tried.contains(at)) else {
            break;
        };
        tried.insert(at);
        moved.extend(place_anew(site, bookings, &[at], limits).unwrap_or_default());
    }
    let stuck = movable(site, bookings);
    if (2..=MOST_MOVED).contains(&stuck.len()) {
        let mut other = bookings.clone();
        let together = place_anew(site, &mut other, &stuck, limits);
        if let Some(also) = together
            && conflicts(site, &other).len() < conflicts(site, bookings).len()
        {
            *bookings = other;
            moved.extend(also);
        }
    }
    moved
}

/// Unassigned bookings in a conflict that another place could end.
fn movable(site: &Site, bookings: &[Booking]) -> Vec<usize> {
    let rule = |c: &Conflict| matches!(c.trouble, Trouble::Short(Resource::Restriction(_)));
    let found = conflicts(site, bookings);
    let banned: BTreeSet<usize> = found
        .iter()
        .filter(|c| rule(c))
        .map(|c| c.booking)
        .collect();
    let mut open: Vec<usize> = found.iter().map(|c| c.booking).collect();
    open.dedup();
    open.retain(|at| !bookings[*at].assigned && !banned.contains(at));
    open
}

/// Takes the bookings out and places one after the other; all of them, or nothing is changed.
fn place_anew(
    site: &Site,
    bookings: &mut [Booking],
    out: &[usize],
    limits: &Limits,
) -> Option<BTreeSet<usize>> {
    let mut after = bookings.to_vec();
    let mut moved = BTreeSet::new();
    let mut waiting = out.to_vec();
    while let Some(at) = waiting.pop() {
        let others: Vec<usize> = (0..after.len())
            .filter(|other| *other != at && !waiting.contains(other))
            .collect();
        let live: Vec<Booking> = others.iter().map(|&o| after[o].clone()).collect();
        let placement = place::place(site, &live, &after[at].demand, limits).ok()?;
        after[at].witness = placement.pieces;
        moved.insert(at);
        for (index, pieces) in placement.moved {
            after[others[index]].witness = pieces;
            moved.insert(others[index]);
        }
    }
    bookings.clone_from_slice(&after);
    Some(moved)
}

/// Whether one extent lies within another: what was agreed to covers what there is.
pub fn covers(agreed: &Extent, now: &Extent) -> bool {
    let ends = |window: Window| window.to.unwrap_or(NaiveDate::MAX);
    agreed.window.from <= now.window.from
        && ends(now.window) <= ends(agreed.window)
        && now.excess <= agreed.excess
}

#[cfg(test)]
mod tests;
