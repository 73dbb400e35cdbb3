//! The power tree, and what hangs below a node as far as the nearest meters.

use super::{Branch, Leaf, LeafKind, Metered};
use crate::domain::units::WattHours;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct Tree<'a> {
    /// By parent; the topmost have none.
    children: BTreeMap<Option<i64>, Vec<&'a Branch>>,
    leaves: BTreeMap<i64, Vec<&'a Leaf>>,
}

impl<'a> Tree<'a> {
    pub fn of(branches: &'a [Branch], leaves: &'a [Leaf]) -> Self {
        let known: BTreeSet<i64> = branches.iter().map(|branch| branch.id).collect();
        let mut tree = Self {
            children: BTreeMap::new(),
            leaves: BTreeMap::new(),
        };
        for branch in branches {
            let parent = branch.parent.filter(|id| known.contains(id));
            tree.children.entry(parent).or_default().push(branch);
        }
        for leaf in leaves {
            tree.leaves.entry(leaf.node).or_default().push(leaf);
        }
        tree
    }

    /// What flowed into the topmost nodes.
    pub fn site(&self) -> Below {
        let mut site = Below::default();
        self.gather(None, &mut site);
        site
    }

    /// What hangs on a node, directly or through nodes without a meter.
    pub fn below(&self, id: i64) -> Below {
        let mut below = Below::default();
        for leaf in self.leaves.get(&id).into_iter().flatten() {
            below.leaf(leaf);
        }
        self.gather(Some(id), &mut below);
        below
    }

    fn gather(&self, parent: Option<i64>, into: &mut Below) {
        for child in self.children.get(&parent).into_iter().flatten() {
            match child.metered {
                Some(metered) => into.meter(child, metered),
                None => into.through(child, self.below(child.id)),
            }
        }
    }
}

/// Sums over the nearest meters.
#[derive(Default)]
pub(super) struct Below {
    /// The nodes whose meters they are.
    pub nodes: Vec<i64>,
    pub meters: i128,
    pub racks: i128,
    pub auxiliaries: i128,
    /// Of the nodes looked through.
    pub losses: Decimal,
    pub tolerance: Decimal,
    pub unknown: Vec<String>,
    leaves: usize,
}

impl Below {
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty() && self.leaves == 0
    }

    /// All that flows through here.
    pub fn energy(&self) -> Decimal {
        Decimal::from(self.meters + self.racks + self.auxiliaries) + self.losses
    }

    fn leaf(&mut self, leaf: &Leaf) {
        let sum = match leaf.kind {
            LeafKind::Rack => &mut self.racks,
            LeafKind::Auxiliary => &mut self.auxiliaries,
        };
        *sum += i128::from(leaf.wh.0);
        self.leaves += 1;
        self.tolerance += tolerance(leaf.wh, leaf.class);
        if !leaf.complete {
            self.unknown.push(leaf.name.clone());
        }
    }

    fn meter(&mut self, branch: &Branch, metered: Metered) {
        self.nodes.push(branch.id);
        self.meters += i128::from(metered.wh.0);
        self.tolerance += tolerance(metered.wh, metered.class);
        if !metered.complete {
            self.unknown.push(branch.name.clone());
        }
    }

    fn through(&mut self, branch: &Branch, inner: Below) {
        if inner.is_empty() && inner.unknown.is_empty() {
            self.unknown.push(branch.name.clone());
        }
        // Its inflow is not metered: what comes out is the rest after its losses.
        let share = share(branch.losses);
        self.losses += inner.losses + inner.energy() * share / (Decimal::ONE - share);
        self.nodes.extend(inner.nodes);
        self.meters += inner.meters;
        self.racks += inner.racks;
        self.auxiliaries += inner.auxiliaries;
        self.tolerance += inner.tolerance;
        self.unknown.extend(inner.unknown);
        self.leaves += inner.leaves;
    }
}

/// Technical losses as a part of one; no node loses all that flows in.
pub(super) fn share(percent: Decimal) -> Decimal {
    percent.clamp(Decimal::ZERO, Decimal::from(99)) / Decimal::ONE_HUNDRED
}

/// class × energy
pub(super) fn tolerance(wh: WattHours, class: Decimal) -> Decimal {
    Decimal::from(wh.0).abs() * share(class)
}
