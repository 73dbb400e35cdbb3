//! Moves of unassigned bookings that free capacity, and what they change.

use super::fit::Room;
use super::ground::{Families, Ground};
use super::profile::Profile;
use super::quality::better_place;
use super::scene::{firm, no_worse};
use super::spread::tidy;
use super::together::place_all;
use super::types::{Booking, Demand, Limits, Piece, Site};
use super::verify::holders;
use crate::domain::site::Leg;
use crate::domain::units::Watts;

/// How often every booking is looked at.
const ROUNDS: usize = 3;
/// The most bookings that are looked at in a round.
const LOOKED_AT: usize = 400;

/// What the moves are for.
#[derive(Clone, Debug, PartialEq)]
pub enum Aim {
    /// Few racks in use, so that whole ones are free.
    WholeRacks,
    /// Room for these, without anybody moving when they are booked.
    Fit(Vec<Demand>),
}

/// A site as it stands or would stand, over all that is booked ahead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub racks_open: u32,
    pub racks_free: u32,
    /// The most by which a leg of a feed carries more than another, each at its peak.
    pub imbalance: Watts,
    /// Units of the demand that is asked about that fit while everything stays where it is.
    pub fits: u32,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Replan {
    /// By position; nothing assigned among them.
    pub moves: Vec<(usize, Vec<Piece>)>,
    pub before: Figures,
    pub after: Figures,
}

/// Proposes moves towards an aim; none where nothing is gained. `asked` is what `Figures::fits`
/// counts. The same for the same bookings, and checked in whole numbers.
pub fn replan(
    site: &Site,
    bookings: &[Booking],
    aim: &Aim,
    asked: &Demand,
    limits: &Limits,
) -> Replan {
    let ground = Ground::new(site);
    let moved = match aim {
        Aim::WholeRacks => compacted(&ground, bookings),
        Aim::Fit(parts) => match place_all(site, bookings, parts, limits) {
            Ok(placed) => with(bookings, &placed.moved),
            Err(_) => compacted(&ground, bookings),
        },
    };
    let changed = |at: &usize| {
        let old = tidy(bookings[*at].witness.clone());
        tidy(moved[*at].witness.clone()) != old
    };
    let moves: Vec<(usize, Vec<Piece>)> = (0..bookings.len())
        .filter(changed)
        .map(|at| (at, moved[at].witness.clone()))
        .collect();
    let before = figures(&ground, bookings, asked);
    if moves.is_empty() || !may_move(site, bookings, &moves) {
        let moves = vec![];
        return Replan {
            moves,
            before,
            after: before,
        };
    }
    let after = figures(&ground, &moved, asked);
    Replan {
        moves,
        before,
        after,
    }
}

/// Whether these moves hold: nothing assigned moves, all units stay placed, nothing is oversold.
pub fn may_move(site: &Site, bookings: &[Booking], moves: &[(usize, Vec<Piece>)]) -> bool {
    let ground = Ground::new(site);
    let before = Profile::new(&ground, holders(bookings));
    let firm = firm(&ground, bookings, &before);
    let whole = |(at, pieces): &(usize, Vec<Piece>)| {
        let demand = &bookings[*at].demand;
        let units: u64 = pieces.iter().map(|piece| u64::from(piece.units)).sum();
        let fits = pieces.iter().all(|piece| ground.allows(demand, piece));
        !firm[*at] && units == u64::from(demand.units) && fits
    };
    let after = with(bookings, moves);
    let after = Profile::new(&ground, holders(&after));
    moves.iter().all(whole) && no_worse(&ground, &before, &after, Families::ALL)
}

fn with(bookings: &[Booking], moves: &[(usize, Vec<Piece>)]) -> Vec<Booking> {
    let mut after = bookings.to_vec();
    for (at, pieces) in moves {
        after[*at].witness.clone_from(pieces);
    }
    after
}

/// Each movable booking in turn, the smallest first, goes where it opens fewer racks or stands
/// better, until a round changes nothing.
fn compacted(ground: &Ground, bookings: &[Booking]) -> Vec<Booking> {
    let mut after = bookings.to_vec();
    let mut profile = Profile::new(ground, holders(bookings));
    let firm = firm(ground, bookings, &profile);
    let mut order: Vec<usize> = (0..bookings.len()).filter(|&at| !firm[at]).collect();
    order.sort_by_key(|&at| (bookings[at].demand.units, at));
    order.truncate(LOOKED_AT);
    for _ in 0..ROUNDS {
        let mut any = false;
        for &at in &order {
            let own = &after[at];
            profile.lift(ground, &own.demand, &own.witness);
            let racks = ground.eligible(&own.demand);
            let room = Room::new(ground, &profile, &own.demand, racks, Families::ALL);
            let better = better_place(&room, &own.witness);
            any |= better.is_some();
            if let Some(pieces) = better {
                after[at].witness = pieces;
            }
            profile.put(ground, &after[at].demand, &after[at].witness);
        }
        if !any {
            break;
        }
    }
    after
}

fn figures(ground: &Ground, bookings: &[Booking], asked: &Demand) -> Figures {
    let profile = Profile::new(ground, holders(bookings));
    let racks = 0..ground.site.racks.len();
    let open = racks
        .clone()
        .filter(|&rack| profile.steps(ground.slots(rack)).most() > 0);
    let open = open.count();
    let feeds = ground
        .site
        .racks
        .iter()
        .flat_map(|rack| [Some(rack.feeds.0), rack.feeds.1]);
    let spread = |node: usize| {
        let three = ground.site.nodes[node].legs.iter().all(|&leg| leg > 0);
        let peak = |leg: &Leg| profile.steps(ground.node_leg(node, *leg)).most();
        let (most, least) = (
            Leg::ALL.iter().map(peak).max(),
            Leg::ALL.iter().map(peak).min(),
        );
        if three {
            most.unwrap_or(0) - least.unwrap_or(0)
        } else {
            0
        }
    };
    let worst = feeds.flatten().map(spread).max().unwrap_or(0);
    let eligible = ground.eligible(asked);
    let all: i64 = eligible
        .iter()
        .map(|&rack| i64::from(ground.site.racks[rack].slots))
        .sum();
    let room = Room::new(ground, &profile, asked, eligible, Families::ALL);
    let found = room.most(u32::try_from(all).unwrap_or(u32::MAX));
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Figures {
        racks_open: count(open),
        racks_free: count(racks.len() - open),
        imbalance: Watts(worst / 3),
        fits: found.pieces.iter().map(|piece| piece.units).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{book, pair};
    use super::*;
    use crate::domain::leasing::place::{place, verify};

    /// One machine in each of two racks of two slots.
    fn apart() -> (Site, Vec<Booking>, Demand) {
        let (site, demand) = pair();
        let one = Demand { units: 1, ..demand };
        let mut live = vec![];
        for rack in 0..2 {
            let placed = place(&site, &live, &one, &Limits::default()).unwrap();
            book(&mut live, &one, placed);
            live[rack].witness[0].rack = rack;
        }
        assert_eq!(verify(&site, &live), []);
        (site, live, one)
    }

    #[test]
    fn bookings_move_together_until_a_rack_is_free() {
        let (site, mut live, one) = apart();
        let limits = Limits::default();
        let plan = replan(&site, &live, &Aim::WholeRacks, &one, &limits);
        assert_eq!(plan.moves.len(), 1);
        assert_eq!((plan.before.racks_free, plan.after.racks_free), (0, 1));
        assert!(may_move(&site, &live, &plan.moves));
        live[0].assigned = true;
        let plan = replan(&site, &live, &Aim::WholeRacks, &one, &limits);
        assert_eq!(
            plan.moves.iter().map(|(at, _)| *at).collect::<Vec<_>>(),
            [1]
        );
        live[1].assigned = true;
        let plan = replan(&site, &live, &Aim::WholeRacks, &one, &limits);
        assert_eq!((plan.moves.len(), plan.before), (0, plan.after));
    }

    #[test]
    fn what_is_assigned_or_would_oversell_may_not_move() {
        let (site, mut live, _) = apart();
        let to = |rack, units| {
            vec![Piece {
                rack,
                leg: None,
                units,
            }]
        };
        assert!(may_move(&site, &live, &[(0, to(1, 1))]));
        assert!(!may_move(&site, &live, &[(0, to(1, 2))]));
        assert!(!may_move(&site, &live, &[(0, to(7, 1))]));
        live[0].assigned = true;
        assert!(!may_move(&site, &live, &[(0, to(1, 1))]));
    }

    #[test]
    fn room_is_made_for_what_was_refused() {
        let (site, live, one) = apart();
        let mut whole = one.clone();
        whole.needs.slots_each = crate::domain::site::SlotsEach::WholeRack;
        let aim = Aim::Fit(vec![whole.clone()]);
        let plan = replan(&site, &live, &aim, &whole, &Limits::default());
        assert_eq!((plan.before.fits, plan.after.fits), (0, 1));
    }
}
