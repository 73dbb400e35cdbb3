//! Power nodes and cooling zones over some racks as a forest, and the most units that pass it.
//!
//! What a rack takes from each leg is a polymatroid: of any set of legs, at most the slots and at
//! most what those legs carry. Sums of such sets, cut by what a node's legs or a zone carry, are
//! such sets again; so where the sets of racks nest, one walk from the racks to the roots gives
//! what a largest flow would.

use super::ground::Ground;
use crate::domain::site::Leg;
use std::collections::HashMap;

/// The most units of each set of legs; the number of a set has a bit for each leg.
pub(super) type Sets = [i64; 8];

/// What binds one vertex: units on each leg, and in the zone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caps {
    pub legs: [i64; 3],
    pub zone: i64,
}

/// Nodes and zones that carry the same racks.
#[derive(Debug, Default)]
pub(super) struct Vertex {
    pub nodes: Vec<usize>,
    pub zones: Vec<usize>,
    pub parent: Option<usize>,
}

/// A vertex stands behind its parent.
#[derive(Debug)]
pub(super) struct Grove {
    pub vertices: Vec<Vertex>,
    /// By position among the racks: the lowest vertex above.
    pub over: Vec<usize>,
}

/// What binds: legs of a vertex's nodes, its zones, or racks below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    Leg(usize, Leg),
    Zone(usize),
    Racks(usize),
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Key {
    Node(usize),
    Zone(usize),
}

impl Grove {
    /// `None` where the sets of racks cross.
    pub fn new(ground: &Ground, racks: &[usize]) -> Option<Self> {
        let mut under: HashMap<Key, Vec<usize>> = HashMap::new();
        for (at, &rack) in racks.iter().enumerate() {
            let nodes = ground.chain(rack).iter().map(|&node| Key::Node(node));
            for key in nodes.chain([Key::Zone(ground.site.racks[rack].zone)]) {
                under.entry(key).or_default().push(at);
            }
        }
        let mut sets: Vec<(Vec<usize>, Key)> = under.into_iter().map(|(k, r)| (r, k)).collect();
        sets.sort_unstable_by(|a, b| (b.0.len(), &a.0, a.1).cmp(&(a.0.len(), &b.0, b.1)));
        let mut vertices: Vec<Vertex> = vec![];
        let mut over: Vec<Option<usize>> = vec![None; racks.len()];
        let mut last: &[usize] = &[];
        for (set, key) in &sets {
            if set[..] != *last {
                let parent = over[set[0]];
                if set.iter().any(|&rack| over[rack] != parent) {
                    return None;
                }
                set.iter()
                    .for_each(|&rack| over[rack] = Some(vertices.len()));
                vertices.push(Vertex {
                    parent,
                    ..Vertex::default()
                });
                last = set;
            }
            let vertex = vertices.last_mut()?;
            match *key {
                Key::Node(node) => vertex.nodes.push(node),
                Key::Zone(zone) => vertex.zones.push(zone),
            }
        }
        let over = over.into_iter().collect::<Option<Vec<usize>>>()?;
        Some(Self { vertices, over })
    }
}

/// What one rack takes: `legs` units on each leg, `slots` in all.
pub(super) fn rack(legs: [i64; 3], slots: i64) -> Sets {
    std::array::from_fn(|set| sum(&legs, set).min(slots))
}

fn sum(legs: &[i64; 3], set: usize) -> i64 {
    (0..3)
        .filter(|leg| set >> leg & 1 == 1)
        .map(|leg| legs[leg])
        .sum()
}

/// Cut by legs: of each set, some legs at what they carry and the others as before.
fn by_legs(sets: &Sets, legs: &[i64; 3]) -> Sets {
    let mut cut = *sets;
    // One leg after another: a leg binds by itself.
    for (leg, &cap) in legs.iter().enumerate() {
        let bit = 1 << leg;
        for set in (0..8).filter(|set| set & bit != 0) {
            cut[set] = cut[set].min(cut[set & !bit].saturating_add(cap));
        }
    }
    cut
}

/// One moment's walk through a grove.
pub(super) struct Walk<'w> {
    grove: &'w Grove,
    /// All legs that a demand can use.
    all: usize,
    /// Units that come up to each vertex, and those that pass it.
    below: Vec<Sets>,
    passed: Vec<Sets>,
}

impl<'w> Walk<'w> {
    pub fn new(grove: &'w Grove, all: usize) -> Self {
        let none = vec![[0; 8]; grove.vertices.len()];
        Self {
            grove,
            all,
            below: none.clone(),
            passed: none,
        }
    }

    /// The most units; `own`: what the racks right under each vertex take.
    pub fn most(&mut self, own: &[Sets], caps: impl Fn(usize) -> Caps) -> i64 {
        self.below.copy_from_slice(own);
        let mut total = 0;
        for at in (0..own.len()).rev() {
            let cap = caps(at);
            let cut = by_legs(&self.below[at], &cap.legs).map(|units| units.min(cap.zone));
            self.passed[at] = cut;
            match self.grove.vertices[at].parent {
                Some(parent) => {
                    for (sum, units) in self.below[parent].iter_mut().zip(cut) {
                        *sum += units;
                    }
                }
                None => total += cut[self.all],
            }
        }
        total
    }

    /// What cuts the walk off, nearest to the roots first.
    pub fn cut(&self, caps: impl Fn(usize) -> Caps) -> Vec<Cut> {
        let mut found = vec![];
        // The set of legs that each vertex lets its parent ask for; a parent comes first.
        let mut asked = vec![0_usize; self.below.len()];
        for at in 0..self.below.len() {
            let set = self.grove.vertices[at]
                .parent
                .map_or(self.all, |parent| asked[parent]);
            if set == 0 {
                continue;
            }
            let cap = caps(at);
            let legs = by_legs(&self.below[at], &cap.legs)[set];
            if cap.zone < legs {
                found.push(Cut::Zone(at));
                continue;
            }
            let rest = self.rest(at, set, legs, &cap);
            let bound = Leg::ALL
                .iter()
                .filter(|leg| (set & !rest) >> leg.index() & 1 == 1);
            found.extend(bound.map(|&leg| Cut::Leg(at, leg)));
            asked[at] = rest;
            if rest != 0 {
                found.push(Cut::Racks(at));
            }
        }
        found
    }

    /// The fewest legs of a set whose own limits are not what binds it.
    fn rest(&self, at: usize, set: usize, units: i64, cap: &Caps) -> usize {
        let binds = |rest: &usize| {
            rest & !set == 0
                && self.below[at][*rest].saturating_add(sum(&cap.legs, set & !rest)) == units
        };
        (0..8_usize)
            .filter(binds)
            .min_by_key(|rest| rest.count_ones())
            .unwrap_or(set)
    }
}
