//! **balance**: what flows into each power node must come out of it.
//!
//! in = Σ meters below + racks + auxiliaries + technical losses ± tolerance, for every node with a
//! meter; nodes without one are looked through. What does not add up is ranked.

mod tree;

use crate::codes;
use crate::domain::units::WattHours;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tree::{Below, Tree};

/// What a meter counted in the period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metered {
    pub wh: WattHours,
    /// Accuracy class: percent of what it shows, 0.5 as a rule.
    pub class: Decimal,
    /// Whether it covers the whole period.
    pub complete: bool,
}

/// A power node in the period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    pub id: i64,
    pub parent: Option<i64>,
    pub name: String,
    pub metered: Option<Metered>,
    /// Technical losses in percent of what flows in, from 0 to below 100.
    pub losses: Decimal,
}

codes!(
    /// What hangs on a node and is no node.
    LeafKind {
        Rack = "rack",
        Auxiliary = "auxiliary",
    }
);

/// A rack's or an auxiliary's meter. A load without one is a leaf that is not complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaf {
    pub node: i64,
    pub kind: LeafKind,
    pub name: String,
    pub wh: WattHours,
    pub class: Decimal,
    pub complete: bool,
}

codes!(
    /// Whether a node adds up: more flowed in than out, more out than in, or nobody can tell.
    Verdict {
        Adds = "adds",
        Lost = "lost",
        Gained = "gained",
        Unknown = "unknown",
    }
);

/// One node with a meter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeBalance {
    pub id: i64,
    pub name: String,
    pub inflow: WattHours,
    /// The nearest nodes below that have meters.
    pub meters: WattHours,
    pub racks: WattHours,
    pub auxiliaries: WattHours,
    /// Technical losses of the node and of those looked through, rounded half away from zero.
    pub losses: WattHours,
    /// What flowed in less all of the above.
    pub difference: WattHours,
    /// Σ class × energy of all meters involved, as if all erred the same way; rounded up.
    pub tolerance: WattHours,
    pub verdict: Verdict,
    /// The branches and meters without which nobody can tell, by name.
    pub unknown: Vec<String>,
    /// How far beyond the tolerance the difference is; 0 unless lost or gained.
    pub excess: WattHours,
    /// The excess that no meter below explains: one that errs fails its own node and, the other way,
    /// the node above.
    pub own: WattHours,
    /// `own` ÷ tolerance (of at least 1 Wh), three places.
    pub likelihood: Decimal,
}

/// All nodes with meters, in the order of the branches, and the figures of the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    pub nodes: Vec<NodeBalance>,
    /// What flowed into the topmost nodes (where they have no meter, what the nearest below say).
    pub grid: WattHours,
    pub racks: WattHours,
    pub auxiliaries: WattHours,
    /// Whether all that the figures of the site are made of is known.
    pub complete: bool,
    /// grid ÷ racks, three places, half away from zero.
    pub pue: Option<Decimal>,
    /// (grid − auxiliaries) ÷ racks, four places, half away from zero: for the price plan.
    pub loss_factor: Option<Decimal>,
}

codes!(
    /// What those that do not add up are ranked by.
    By {
        Energy = "energy",
        Likelihood = "likelihood",
    }
);

impl Balance {
    /// What does not add up, the worst first; a node that fails only by what a meter below it got
    /// wrong comes after all that fail by themselves.
    pub fn ranked(&self, by: By) -> Vec<&NodeBalance> {
        let failing = |node: &&NodeBalance| matches!(node.verdict, Verdict::Lost | Verdict::Gained);
        let mut ranked: Vec<_> = self.nodes.iter().filter(failing).collect();
        ranked.sort_by(|a, b| {
            let by = match by {
                By::Energy => b.own.cmp(&a.own),
                By::Likelihood => b.likelihood.cmp(&a.likelihood),
            };
            let explained = (a.own == WattHours::ZERO).cmp(&(b.own == WattHours::ZERO));
            explained.then(by).then(b.excess.cmp(&a.excess))
        });
        ranked
    }
}

/// Balances a site's power tree over one period.
///
/// Each branch once, its parent among them or none; a branch without a meter and without anything
/// metered below it is unknown.
pub fn balance(branches: &[Branch], leaves: &[Leaf]) -> Balance {
    let tree = Tree::of(branches, leaves);
    let mut nodes = vec![];
    let mut below = vec![];
    for branch in branches {
        if let Some(metered) = branch.metered {
            let under = tree.below(branch.id);
            nodes.push(node(branch, metered, &under));
            below.push(under.nodes);
        }
    }
    explain(&mut nodes, &below);
    let site = tree.site();
    let ratio = |energy: Decimal, places| {
        let racks = Some(Decimal::from(leaves_of(leaves, LeafKind::Rack)));
        let racks = racks.filter(|racks| *racks > Decimal::ZERO)?;
        let energy = Some(energy).filter(|energy| *energy > Decimal::ZERO)?;
        Some(rounded(energy.checked_div(racks)?, places))
    };
    let auxiliaries = leaves_of(leaves, LeafKind::Auxiliary);
    let grid = site.energy();
    let all_leaves = leaves.iter().all(|leaf| leaf.complete);
    Balance {
        nodes,
        grid: whole(grid),
        racks: narrow(leaves_of(leaves, LeafKind::Rack)),
        auxiliaries: narrow(auxiliaries),
        complete: all_leaves && site.unknown.is_empty(),
        pue: ratio(grid, 3),
        loss_factor: ratio(grid - Decimal::from(auxiliaries), 4),
    }
}

fn node(branch: &Branch, metered: Metered, below: &Below) -> NodeBalance {
    let inflow = Decimal::from(metered.wh.0);
    let losses = whole(below.losses + inflow * tree::share(branch.losses));
    let out = below.meters + below.racks + below.auxiliaries + i128::from(losses.0);
    let difference = narrow(i128::from(metered.wh.0) - out);
    let tolerance = below.tolerance + tree::tolerance(metered.wh, metered.class);
    let tolerance = whole(tolerance.ceil());
    let mut unknown = below.unknown.clone();
    if !metered.complete || below.is_empty() {
        unknown.insert(0, branch.name.clone());
    }
    let beyond = i128::from(difference.0).abs() - i128::from(tolerance.0);
    let verdict = match difference.0.signum() {
        _ if !unknown.is_empty() => Verdict::Unknown,
        _ if beyond <= 0 => Verdict::Adds,
        1 => Verdict::Lost,
        _ => Verdict::Gained,
    };
    let fails = matches!(verdict, Verdict::Lost | Verdict::Gained);
    NodeBalance {
        id: branch.id,
        name: branch.name.clone(),
        inflow: metered.wh,
        meters: narrow(below.meters),
        racks: narrow(below.racks),
        auxiliaries: narrow(below.auxiliaries),
        losses,
        difference,
        tolerance,
        verdict,
        unknown,
        excess: if fails {
            narrow(beyond)
        } else {
            WattHours::ZERO
        },
        own: WattHours::ZERO,
        likelihood: Decimal::ZERO,
    }
}

/// Takes off each excess what failing meters just below account for, from the bottom up.
fn explain(nodes: &mut [NodeBalance], below: &[Vec<i64>]) {
    let places: BTreeMap<i64, usize> = (0..)
        .zip(nodes.iter())
        .map(|(at, it)| (it.id, at))
        .collect();
    let under = |at: usize| below[at].iter().filter_map(|id| places.get(id).copied());
    let mut done = vec![false; nodes.len()];
    let mut open: Vec<usize> = (0..nodes.len()).collect();
    while !open.is_empty() {
        let ready = |at: &usize| under(*at).all(|below| done[below]);
        let (mut now, mut later): (Vec<usize>, Vec<usize>) = open.iter().partition(|at| ready(at));
        if now.is_empty() {
            // Nodes in a ring have no bottom: they stand for themselves.
            std::mem::swap(&mut now, &mut later);
        }
        for at in now {
            let opposite =
                |it: &&NodeBalance| it.own > WattHours::ZERO && it.verdict != nodes[at].verdict;
            let others = under(at).map(|below| &nodes[below]).filter(opposite);
            let explained: i128 = others.map(|it| i128::from(it.difference.0).abs()).sum();
            let own = (i128::from(nodes[at].excess.0) - explained).max(0);
            let least = Decimal::from(nodes[at].tolerance.0.max(1));
            let likelihood = Decimal::from(own).checked_div(least);
            nodes[at].own = narrow(own);
            nodes[at].likelihood = rounded(likelihood.unwrap_or(Decimal::ZERO), 3);
            done[at] = true;
        }
        open = later;
    }
}

fn leaves_of(leaves: &[Leaf], kind: LeafKind) -> i128 {
    let of_kind = leaves.iter().filter(|leaf| leaf.kind == kind);
    of_kind.map(|leaf| i128::from(leaf.wh.0)).sum()
}

fn rounded(value: Decimal, places: u32) -> Decimal {
    value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
}

/// Half away from zero; what 64 bits do not hold is their end.
fn whole(energy: Decimal) -> WattHours {
    let end = if energy.is_sign_negative() {
        i64::MIN
    } else {
        i64::MAX
    };
    WattHours::from_decimal(energy).unwrap_or(WattHours(end))
}

fn narrow(energy: i128) -> WattHours {
    let end = if energy < 0 { i64::MIN } else { i64::MAX };
    WattHours(i64::try_from(energy).unwrap_or(end))
}

#[cfg(test)]
mod tests;
