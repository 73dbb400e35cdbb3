//! From units per class of racks to units per rack, and from items to their bookings.

use super::ground::{Ground, Unit};
use super::model::{Model, Setting};
use super::profile::Steps;
use super::types::{Booking, Piece};
use crate::domain::site::Leg;
use std::collections::{BTreeMap, BTreeSet};

/// The pieces of each item.
pub(super) type Spread = Vec<Vec<Piece>>;

/// Packs each class's units into its racks. The error names the racks of the classes for which
/// no packing was found (there may be one).
pub(super) fn spread(
    setting: &Setting,
    model: &Model,
    values: &[u32],
    bookings: &[Booking],
) -> Result<Spread, BTreeSet<usize>> {
    let mut pieces = vec![vec![]; model.items.len()];
    let mut failed = BTreeSet::new();
    for class in 0..model.classes.len() {
        let parts: Vec<Part> = (model.vars.iter().zip(values))
            .filter(|(var, units)| var.class == class && **units > 0)
            .map(|(var, &units)| (var.item, var.leg, units))
            .collect();
        match pack(setting, model, class, parts, bookings) {
            Some(packed) => packed
                .into_iter()
                .for_each(|(item, piece)| pieces[item].push(piece)),
            None => failed.extend(&model.classes[class]),
        }
    }
    if failed.is_empty() {
        Ok(pieces)
    } else {
        Err(failed)
    }
}

/// An item's units on a leg of a class.
type Part = (usize, Option<Leg>, u32);

fn pack(
    setting: &Setting,
    model: &Model,
    class: usize,
    mut parts: Vec<Part>,
    bookings: &[Booking],
) -> Option<Vec<(usize, Piece)>> {
    let racks = &model.classes[class];
    if racks.len() == 1 {
        let piece = |&(item, leg, units): &Part| {
            (
                item,
                Piece {
                    rack: racks[0],
                    leg,
                    units,
                },
            )
        };
        return Some(parts.iter().map(piece).collect());
    }
    // Whole racks before machines, then the heavier first.
    let watts = |part: &Part| {
        let demand = model.items[part.0].demand;
        std::cmp::Reverse((demand.needs.slots_each, demand.watts_each))
    };
    let window = |part: &Part| model.items[part.0].window;
    parts.sort_by_key(|part| (window(part).from, watts(part), part.0));
    let by_start = fill(setting, model, racks, &parts, bookings);
    by_start.or_else(|| {
        parts.sort_by_key(|part| (watts(part), window(part).from, part.0));
        fill(setting, model, racks, &parts, bookings)
    })
}

/// First fit, beginning with the racks where an item already stands.
fn fill(
    setting: &Setting,
    model: &Model,
    racks: &[usize],
    parts: &[Part],
    bookings: &[Booking],
) -> Option<Vec<(usize, Piece)>> {
    let ground = setting.ground;
    let mut used: BTreeMap<usize, Steps> = BTreeMap::new();
    let mut packed = vec![];
    for &(at, leg, units) in parts {
        let item = &model.items[at];
        let unit = Unit::of(item.demand);
        let stood = |rack: usize| {
            let witness = item
                .members
                .iter()
                .flat_map(|&member| &bookings[member].witness);
            witness
                .filter(|piece| piece.rack == rack && piece.leg == leg)
                .count()
        };
        let mut order = racks.to_vec();
        order.sort_by_key(|&rack| (std::cmp::Reverse(stood(rack)), rack));
        let mut left = units;
        for rack in order {
            let mut most = i64::from(left);
            ground.loads(rack, leg, unit, |res, load| {
                if load > 0 && counts(ground, setting, res) {
                    let steps = used.get(&res).unwrap_or_else(|| setting.fixed.steps(res));
                    most = most.min(steps.tightest(ground, res, item.window).0.max(0) / load);
                }
            });
            if most == 0 {
                continue;
            }
            ground.loads(rack, leg, unit, |res, load| {
                if counts(ground, setting, res) {
                    let steps = used
                        .entry(res)
                        .or_insert_with(|| setting.fixed.steps(res).clone());
                    steps.add(item.window, load * most);
                }
            });
            packed.push((
                at,
                Piece {
                    rack,
                    leg,
                    units: most as u32,
                },
            ));
            left -= most as u32;
            if left == 0 {
                break;
            }
        }
        if left > 0 {
            return None;
        }
    }
    Some(packed)
}

fn counts(ground: &Ground, setting: &Setting, res: usize) -> bool {
    ground.is_of_rack(res) && ground.holds(setting.families, res)
}

/// Divides an item's pieces among its bookings, each keeping what it can of where it stands.
pub(super) fn share(
    mut pieces: Vec<Piece>,
    members: &[usize],
    bookings: &[Booking],
) -> Vec<(usize, Vec<Piece>)> {
    let mut shares: Vec<(usize, Vec<Piece>)> = members.iter().map(|&at| (at, vec![])).collect();
    for (at, share) in &mut shares {
        for old in &bookings[*at].witness {
            let same = pieces
                .iter_mut()
                .find(|new| new.rack == old.rack && new.leg == old.leg);
            if let Some(new) = same {
                take(new, old.units, share);
            }
        }
    }
    for (at, share) in &mut shares {
        let held: u32 = share.iter().map(|piece| piece.units).sum();
        let mut left = bookings[*at].demand.units - held;
        for new in &mut pieces {
            left -= take(new, left, share);
        }
        *share = tidy(std::mem::take(share));
    }
    shares
}

fn take(from: &mut Piece, most: u32, into: &mut Vec<Piece>) -> u32 {
    let units = from.units.min(most);
    if units > 0 {
        from.units -= units;
        into.push(Piece {
            units,
            ..from.clone()
        });
    }
    units
}

/// Sorted, one piece per rack and leg, none empty.
pub(super) fn tidy(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut sums: BTreeMap<(usize, Option<Leg>), u32> = BTreeMap::new();
    for piece in pieces {
        *sums.entry((piece.rack, piece.leg)).or_default() += piece.units;
    }
    let kept = sums.into_iter().filter(|(_, units)| *units > 0);
    kept.map(|((rack, leg), units)| Piece { rack, leg, units })
        .collect()
}
