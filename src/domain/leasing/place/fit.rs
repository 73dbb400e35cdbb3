//! One request beside bookings that stay where they are: a greedy filling that keeps to few
//! racks, and a largest flow that is exact where the nodes above the racks nest.

use super::flow::Network;
use super::ground::{Families, Ground, Res, Unit};
use super::profile::Profile;
use super::types::{Demand, Piece};
use crate::domain::site::Leg;
use std::collections::BTreeMap;

/// More than any site holds: for what has no limit.
pub(super) const BOUNDLESS: i64 = 1 << 60;

/// What is free for one demand in its window on the resources it may touch.
pub(super) struct Room<'a, 'g> {
    pub ground: &'g Ground<'a>,
    pub racks: Vec<usize>,
    pub unit: Unit,
    /// Free amount by resource; `BOUNDLESS` where the demand cannot be or the family is lifted.
    pub free: Vec<i64>,
}

/// More than `upper` units are impossible, `pieces` were found; `cut` are the resources that
/// cut the flow off.
pub(super) struct Fit {
    pub upper: u32,
    pub pieces: Vec<Piece>,
    pub cut: Vec<Res>,
}

impl<'a, 'g> Room<'a, 'g> {
    /// `racks` are those the demand may use (its eligible ones, or fewer).
    pub fn new(
        ground: &'g Ground<'a>,
        profile: &Profile,
        demand: &Demand,
        racks: Vec<usize>,
        families: Families,
    ) -> Self {
        let unit = Unit::of(demand);
        let mut free = vec![BOUNDLESS; ground.resources()];
        let mut seen = vec![false; ground.resources()];
        for &rack in &racks {
            for &leg in legs(ground, rack, unit) {
                ground.loads(rack, leg, unit, |res, _| {
                    if !std::mem::replace(&mut seen[res], true) && ground.holds(families, res) {
                        free[res] = profile.tightest(ground, res, demand.window).0.max(0);
                    }
                });
            }
        }
        Self {
            ground,
            racks,
            unit,
            free,
        }
    }

    /// Machines that fit on a rack and leg by themselves.
    fn units_on(&self, free: &[i64], rack: usize, leg: Option<Leg>) -> i64 {
        let mut most = BOUNDLESS;
        self.ground.loads(rack, leg, self.unit, |res, load| {
            if load > 0 {
                most = most.min(free[res] / load);
            }
        });
        most
    }

    /// Machines that fit in a rack by themselves, over all its legs.
    pub fn units_in(&self, free: &[i64], rack: usize) -> i64 {
        let legs = legs(self.ground, rack, self.unit);
        let sum: i64 = legs.iter().map(|&leg| self.units_on(free, rack, leg)).sum();
        let slots = free[self.ground.slots(rack)] / self.ground.slots_of(rack, self.unit).max(1);
        let zone = free[self.ground.zone(self.ground.site.racks[rack].zone)];
        let cooled = zone.checked_div(self.unit.watts).unwrap_or(BOUNDLESS);
        sum.min(slots).min(cooled)
    }

    /// Fills racks one after another, the roomiest first, each with its legs in balance.
    pub fn greedy(&self, units: u32) -> Vec<Piece> {
        let mut free = self.free.clone();
        let mut racks: Vec<(i64, usize)> = self
            .racks
            .iter()
            .map(|&rack| (self.units_in(&free, rack), rack))
            .collect();
        racks.sort_by_key(|&(room, rack)| (std::cmp::Reverse(room.min(i64::from(units))), rack));
        let mut left = units;
        let mut pieces = vec![];
        for (_, rack) in racks {
            if left == 0 {
                break;
            }
            left -= self.fill(&mut free, rack, left, &mut pieces);
        }
        pieces.sort_unstable();
        pieces
    }

    /// Fills racks and their legs in turn.
    pub fn in_turn(&self, units: u32) -> Vec<Piece> {
        let mut free = self.free.clone();
        let mut left = i64::from(units);
        let mut pieces = vec![];
        for &rack in &self.racks {
            for &leg in legs(self.ground, rack, self.unit) {
                let most = self.units_on(&free, rack, leg).min(left);
                if most > 0 {
                    let units = most as u32;
                    let piece = Piece { rack, leg, units };
                    self.take(&mut free, std::slice::from_ref(&piece));
                    pieces.push(piece);
                    left -= most;
                }
            }
        }
        pieces
    }

    /// Puts up to `most` machines in a rack, each on the leg with most room left.
    pub fn fill(&self, free: &mut [i64], rack: usize, most: u32, pieces: &mut Vec<Piece>) -> u32 {
        let legs = legs(self.ground, rack, self.unit);
        let mut placed = vec![0_u32; legs.len()];
        let mut total = 0;
        while total < most {
            let room = |at: usize| (self.units_on(free, rack, legs[at]), legs.len() - at);
            let Some(best) = (0..legs.len()).max_by_key(|&at| room(at)) else {
                break;
            };
            let room = self.units_on(free, rack, legs[best]);
            if room == 0 {
                break;
            }
            // A single way in takes all at once; several are balanced in small steps.
            let left = room.min(i64::from(most - total));
            let take = if legs.len() == 1 {
                left
            } else {
                (left / 24).max(1)
            } as u32;
            self.ground.loads(rack, legs[best], self.unit, |res, load| {
                if free[res] < BOUNDLESS {
                    free[res] -= load * i64::from(take);
                }
            });
            placed[best] += take;
            total += take;
        }
        let filled = placed.iter().enumerate().filter(|(_, units)| **units > 0);
        pieces.extend(filled.map(|(at, &units)| Piece {
            rack,
            leg: legs[at],
            units,
        }));
        total
    }

    /// Whether these pieces fit the room together.
    pub fn holds(&self, pieces: &[Piece]) -> bool {
        let mut free = self.free.clone();
        self.take(&mut free, pieces);
        free.iter().all(|&free| free >= 0)
    }

    /// What is left with these pieces.
    pub fn take(&self, free: &mut [i64], pieces: &[Piece]) {
        for piece in pieces {
            self.ground
                .loads(piece.rack, piece.leg, self.unit, |res, load| {
                    free[res] -= load * i64::from(piece.units);
                });
        }
    }

    /// The most units up to `want`. `upper` always holds; `pieces` reach it where the sets of
    /// racks under the nodes nest (integral flow), and often elsewhere.
    pub fn most(&self, want: u32) -> Fit {
        let greedy = self.greedy(want);
        if greedy.iter().map(|piece| piece.units).sum::<u32>() == want {
            return Fit {
                upper: want,
                pieces: greedy,
                cut: vec![],
            };
        }
        let nest = Nest::new(self.ground, &self.racks);
        let (upper, flowed, cut) = self.flow(&nest, want);
        let reached: u32 = greedy.iter().map(|piece| piece.units).sum();
        let whole = if reached < upper && self.holds(&flowed) {
            flowed
        } else {
            greedy
        };
        Fit {
            upper,
            pieces: whole,
            cut,
        }
    }

    fn flow(&self, nest: &Nest, want: u32) -> (u32, Vec<Piece>, Vec<Res>) {
        let mut net = Net {
            network: Network::new(2),
            vertices: BTreeMap::new(),
            named: vec![],
        };
        let mut ways = vec![];
        for (&rack, chain) in self.racks.iter().zip(&nest.chains) {
            let zone = self.ground.zone(self.ground.site.racks[rack].zone);
            let zone_units = self.free[zone]
                .checked_div(self.unit.watts)
                .unwrap_or(BOUNDLESS);
            let slots = self.ground.slots(rack);
            let (zone_at, _) = net.below(1, Key::Res(zone), zone_units, zone, true);
            let each = self.ground.slots_of(rack, self.unit).max(1);
            let room = self.free[slots] / each;
            let (rack_at, _) = net.below(zone_at, Key::Res(slots), room, slots, true);
            for &leg in legs(self.ground, rack, self.unit) {
                let mut at = 0;
                for &node in chain {
                    let (units, res) = self.narrowest(&nest.alike[&node], leg);
                    at = net.below(at, Key::Node(node, leg), units, res, false).0;
                }
                let (units, res) = self.rack_legs(rack, leg);
                ways.push((rack, leg, net.edge(at, rack_at, units, res)));
            }
        }
        let total = net.network.run(0, 1, i64::from(want));
        let pieces = ways.iter().map(|&(rack, leg, edge)| Piece {
            rack,
            leg,
            units: net.network.flow(edge) as u32,
        });
        let pieces = pieces.filter(|piece| piece.units > 0).collect();
        let inside = net.network.reached(0);
        let cut = net
            .named
            .iter()
            .filter(|(from, to, _)| inside[*from] && !inside[*to]);
        let cut = if total < i64::from(want) {
            cut.map(|edge| edge.2).collect()
        } else {
            vec![]
        };
        (total as u32, pieces, cut)
    }

    /// Units under nodes that carry the same racks, and the leg that allows fewest.
    fn narrowest(&self, nodes: &[usize], leg: Option<Leg>) -> (i64, Res) {
        let all = nodes
            .iter()
            .flat_map(|&node| each_leg(leg).map(move |leg| self.ground.node_leg(node, leg)));
        self.least(all, leg)
    }

    fn rack_legs(&self, rack: usize, leg: Option<Leg>) -> (i64, Res) {
        self.least(
            each_leg(leg).map(|leg| self.ground.rack_leg(rack, leg)),
            leg,
        )
    }

    fn least(&self, all: impl Iterator<Item = Res>, leg: Option<Leg>) -> (i64, Res) {
        let load = if leg.is_some() {
            3 * self.unit.watts
        } else {
            self.unit.watts
        };
        let units = |res: Res| self.free[res].checked_div(load).unwrap_or(BOUNDLESS);
        let units = all.map(|res| (units(res), res)).min();
        units.unwrap_or((BOUNDLESS, 0))
    }
}

fn each_leg(leg: Option<Leg>) -> impl Iterator<Item = Leg> {
    Leg::ALL
        .iter()
        .copied()
        .filter(move |&one| leg.is_none_or(|leg| leg == one))
}

/// The ways for a machine to be supplied in a rack; where only other supplies are offered (all
/// limits of space lifted), a three-phase machine loads all legs.
pub(super) fn legs(ground: &Ground, rack: usize, unit: Unit) -> &'static [Option<Leg>] {
    match ground.spots(rack, unit) {
        [] => &[None],
        found => found,
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Res(Res),
    Node(usize, Option<Leg>),
}

struct Net {
    network: Network,
    vertices: BTreeMap<Key, usize>,
    /// Edges that stand for a resource: from, to, which.
    named: Vec<(usize, usize, Res)>,
}

impl Net {
    /// The vertex of a key and whether it is new; a new one hangs on `parent` by one edge
    /// (towards it when `inward`).
    fn below(
        &mut self,
        parent: usize,
        key: Key,
        cap: i64,
        res: Res,
        inward: bool,
    ) -> (usize, bool) {
        if let Some(&at) = self.vertices.get(&key) {
            return (at, false);
        }
        let at = self.network.vertex();
        self.vertices.insert(key, at);
        let (from, to) = if inward { (at, parent) } else { (parent, at) };
        self.edge(from, to, cap, res);
        (at, true)
    }

    fn edge(&mut self, from: usize, to: usize, cap: i64, res: Res) -> usize {
        self.named.push((from, to, res));
        self.network.edge(from, to, cap)
    }
}

/// The nodes above some racks as a forest: nodes that carry the same racks are one.
struct Nest {
    /// Per rack, from the widest node down.
    chains: Vec<Vec<usize>>,
    /// The nodes that a node stands for.
    alike: BTreeMap<usize, Vec<usize>>,
}

impl Nest {
    /// Where feeds cross, the second feeds are left out: the flow is then an upper bound.
    fn new(ground: &Ground, racks: &[usize]) -> Self {
        let chains: Vec<Vec<usize>> = racks.iter().map(|&r| ground.chain(r).to_vec()).collect();
        Self::nested(&chains).unwrap_or_else(|| {
            let first = |&rack: &usize| {
                let mut at = Some(ground.site.racks[rack].feeds.0);
                let mut nodes = vec![];
                while let Some(node) = at.filter(|node| !nodes.contains(node)) {
                    nodes.push(node);
                    at = ground.site.nodes[node].parent;
                }
                nodes
            };
            let chains: Vec<Vec<usize>> = racks.iter().map(first).collect();
            Self::nested(&chains).unwrap_or(Self {
                chains: vec![vec![]; racks.len()],
                alike: BTreeMap::new(),
            })
        })
    }

    fn nested(chains: &[Vec<usize>]) -> Option<Self> {
        let mut under: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, chain) in chains.iter().enumerate() {
            for &node in chain {
                under.entry(node).or_default().push(at);
            }
        }
        let mut by_racks: BTreeMap<&[usize], Vec<usize>> = BTreeMap::new();
        for (&node, racks) in &under {
            by_racks.entry(racks).or_default().push(node);
        }
        let mut kept: Vec<(&[usize], usize)> = by_racks
            .iter()
            .map(|(racks, nodes)| (*racks, nodes[0]))
            .collect();
        kept.sort_by_key(|(racks, node)| (std::cmp::Reverse(racks.len()), *node));
        let mut found: Vec<Vec<usize>> = vec![vec![]; chains.len()];
        for (racks, node) in kept {
            // The racks of a nested node have all come the same way so far.
            if racks.iter().any(|&rack| found[rack] != found[racks[0]]) {
                return None;
            }
            for &rack in racks {
                found[rack].push(node);
            }
        }
        let alike = by_racks
            .into_values()
            .map(|nodes| (nodes[0], nodes))
            .collect();
        Some(Self {
            chains: found,
            alike,
        })
    }
}
