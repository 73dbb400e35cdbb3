//! Where the search ran out: everything that may move is placed anew, one booking after the other.
//! So no site is sold worse than by filling its racks in turn, as far as the effort allows.

use super::fit::Room;
use super::ground::Families;
use super::profile::Profile;
use super::scene::{Outcome, Scene};
use super::spread::tidy;
use super::types::{Demand, Piece};
use super::verify::holders;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Bookings times racks that are looked at.
const EFFORT: usize = 100_000;

/// How everything is placed: the request last or the heaviest first, in turn or the roomiest first.
const WAYS: [(bool, bool); 3] = [(false, true), (false, false), (true, false)];

/// Improves `best` where one of the ways gives the request more units.
pub(super) fn anew(
    scene: &Scene,
    request: (&Demand, &[usize], u32),
    families: Families,
    movable: &[usize],
    best: &mut Outcome,
) {
    let (demand, racks, want) = request;
    if movable.len().saturating_mul(racks.len()) > EFFORT {
        return;
    }
    for (heaviest, in_turn) in WAYS {
        if best.units == want.min(best.upper) {
            return;
        }
        let order = order(scene, demand, movable, heaviest);
        let Some(mut found) = placed(scene, request, families, &order, in_turn) else {
            continue;
        };
        found.upper = best.upper;
        if found.units > best.units && scene.holds(demand, &found, families) {
            found.cut = std::mem::take(&mut best.cut);
            *best = found;
        }
    }
}

/// Positions of the bookings; `None` is the request.
fn order(scene: &Scene, demand: &Demand, movable: &[usize], heaviest: bool) -> Vec<Option<usize>> {
    let mut order: Vec<Option<usize>> = movable.iter().copied().map(Some).collect();
    order.push(None);
    if heaviest {
        let weight = |at: &Option<usize>| {
            let of = at.map_or(demand, |at| &scene.bookings[at].demand);
            Reverse((of.needs.slots_each, of.watts_each.0 * i64::from(of.units)))
        };
        order.sort_by_key(weight);
    }
    order
}

/// `None` where a booking finds no place for all its units.
fn placed(
    scene: &Scene,
    (demand, racks, want): (&Demand, &[usize], u32),
    families: Families,
    order: &[Option<usize>],
    in_turn: bool,
) -> Option<Outcome> {
    let ground = &scene.ground;
    let moves = |at: &usize| order.contains(&Some(*at));
    let others = holders(scene.bookings).enumerate();
    let others = others.filter(|(at, _)| !moves(at));
    let mut profile = Profile::new(ground, others.map(|(_, holder)| holder));
    let mut pieces: BTreeMap<Option<usize>, Vec<Piece>> = BTreeMap::new();
    for &at in order {
        let of = at.map_or(demand, |at| &scene.bookings[at].demand);
        let racks = at.map_or_else(|| racks.to_vec(), |_| ground.eligible(of));
        let units = at.map_or(want, |_| of.units);
        let room = Room::new(ground, &profile, of, racks, families);
        let found = if in_turn {
            room.in_turn(units)
        } else {
            room.greedy(units)
        };
        let whole = found.iter().map(|piece| piece.units).sum::<u32>() == units;
        if at.is_some() && !whole {
            return None;
        }
        profile.put(ground, of, &found);
        pieces.insert(at, tidy(found));
    }
    let own = pieces.remove(&None).unwrap_or_default();
    let changed = |(at, new): (Option<usize>, Vec<Piece>)| {
        let at = at?;
        (new != tidy(scene.bookings[at].witness.clone())).then_some((at, new))
    };
    Some(Outcome {
        units: own.iter().map(|piece| piece.units).sum(),
        pieces: own,
        moved: pieces.into_iter().filter_map(changed).collect(),
        ..Outcome::default()
    })
}
