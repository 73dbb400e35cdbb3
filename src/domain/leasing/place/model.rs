//! The joint packing problem in whole numbers: bookings that may move and the request, on
//! classes of racks that are alike, with one row per resource and set of bookings alive together.

use super::fit::legs;
use super::ground::{Families, Ground, Res, Unit};
use super::profile::{Profile, Steps};
use super::types::Demand;
use crate::domain::calendar::Window;
use crate::domain::site::Leg;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// Equal machines in one window: one booking's, or those of several that are interchangeable.
pub(super) struct Item<'b> {
    pub demand: &'b Demand,
    pub window: Window,
    pub racks: Vec<usize>,
    pub units: u32,
    /// Positions of the bookings; empty for the request.
    pub members: Vec<usize>,
}

/// Units of an item on the racks of a class and one leg of them.
pub(super) struct Var {
    pub item: usize,
    pub class: usize,
    pub leg: Option<Leg>,
    pub most: u32,
}

/// `Σ load × units ≤ cap`.
pub(super) struct Row {
    pub terms: Vec<(usize, i64)>,
    pub cap: i64,
}

pub(super) struct Model<'b> {
    pub items: Vec<Item<'b>>,
    pub classes: Vec<Vec<usize>>,
    pub vars: Vec<Var>,
    pub rows: Vec<Row>,
    /// The item whose units are maximised; every other one is placed in full.
    pub target: Option<usize>,
}

/// What a model is made on: the ground, what stays there, and which limits hold.
pub(super) struct Setting<'a, 'g> {
    pub ground: &'g Ground<'a>,
    pub fixed: &'g Profile,
    pub families: Families,
}

impl<'b> Model<'b> {
    /// `apart`: racks that form no class with others. `None` where there are more variables
    /// than `most`.
    pub fn new(
        setting: &Setting,
        items: Vec<Item<'b>>,
        target: Option<usize>,
        apart: &BTreeSet<usize>,
        most: usize,
    ) -> Option<Self> {
        // Racks seldom merge to less than an eighth, and a look at each is dear.
        if items.iter().map(|item| item.racks.len()).sum::<usize>() > 8 * most {
            return None;
        }
        let classes = classes(setting, &items, apart);
        let mut model = Self {
            items,
            classes,
            vars: vec![],
            rows: vec![],
            target,
        };
        model.add_vars(setting);
        if model.vars.len() > most {
            return None;
        }
        model.add_rows(setting);
        Some(model)
    }

    fn add_vars(&mut self, setting: &Setting) {
        for (at, item) in self.items.iter().enumerate() {
            for (class, racks) in self.classes.iter().enumerate() {
                if item.racks.binary_search(&racks[0]).is_err() {
                    continue;
                }
                for &leg in legs(setting.ground, racks[0], Unit::of(item.demand)) {
                    let each = alone(setting, item, racks[0], leg);
                    let most = each
                        .saturating_mul(racks.len() as i64)
                        .min(i64::from(item.units));
                    if most > 0 {
                        self.vars.push(Var {
                            item: at,
                            class,
                            leg,
                            most: most as u32,
                        });
                    }
                }
            }
        }
    }

    fn add_rows(&mut self, setting: &Setting) {
        let mut on: BTreeMap<Res, (i64, Vec<(usize, i64)>)> = BTreeMap::new();
        for (at, var) in self.vars.iter().enumerate() {
            let racks = &self.classes[var.class];
            let unit = Unit::of(self.items[var.item].demand);
            setting.ground.loads(racks[0], var.leg, unit, |res, load| {
                if load > 0 && setting.ground.holds(setting.families, res) {
                    let times = if setting.ground.is_of_rack(res) {
                        racks.len() as i64
                    } else {
                        1
                    };
                    on.entry(res).or_insert((times, vec![])).1.push((at, load));
                }
            });
        }
        let mut rows = BTreeMap::new();
        for (res, (times, terms)) in on {
            for (alive, cap) in self.caps(setting, res, times, &terms) {
                self.keep_row(&mut rows, &terms, &alive, cap);
            }
        }
        self.rows = rows
            .into_iter()
            .map(|(terms, cap)| Row { terms, cap })
            .collect();
    }

    /// The least capacity for each set of items alive together that no larger set implies.
    fn caps(
        &self,
        setting: &Setting,
        res: Res,
        times: i64,
        terms: &[(usize, i64)],
    ) -> Vec<(Vec<usize>, i64)> {
        let here: BTreeSet<usize> = terms.iter().map(|(var, _)| self.vars[*var].item).collect();
        let steps = setting.fixed.steps(res);
        let mut caps: BTreeMap<Vec<usize>, i64> = BTreeMap::new();
        for span in spans(here.iter().map(|&item| self.items[item].window), steps) {
            let alive = here
                .iter()
                .filter(|&&item| self.items[item].window.contains(span.from));
            let alive: Vec<usize> = alive.copied().collect();
            if alive.is_empty() {
                continue;
            }
            let capacity = setting.ground.capacity(res, span.from, span.to).0;
            let free = (capacity - steps.used_on(span.from)).max(0) * times;
            let cap = caps.entry(alive).or_insert(free);
            *cap = free.min(*cap);
        }
        let all: Vec<(Vec<usize>, i64)> = caps.into_iter().collect();
        let implied = |(items, cap): &(Vec<usize>, i64)| {
            all.iter().any(|(more, less)| {
                more.len() > items.len()
                    && less <= cap
                    && items.iter().all(|item| more.binary_search(item).is_ok())
            })
        };
        all.iter().filter(|row| !implied(row)).cloned().collect()
    }

    /// Keeps a row that can bind, divided by what its loads have in common.
    fn keep_row(
        &self,
        rows: &mut BTreeMap<Vec<(usize, i64)>, i64>,
        terms: &[(usize, i64)],
        alive: &[usize],
        cap: i64,
    ) {
        let counts = |term: &&(usize, i64)| alive.binary_search(&self.vars[term.0].item).is_ok();
        let terms: Vec<(usize, i64)> = terms.iter().filter(counts).copied().collect();
        let mut heaviest: BTreeMap<usize, (i64, i64)> = BTreeMap::new();
        for &(var, load) in &terms {
            let var = &self.vars[var];
            let entry = heaviest.entry(var.item).or_default();
            entry.0 += load * i64::from(var.most);
            entry.1 = entry.1.max(load * i64::from(self.items[var.item].units));
        }
        if heaviest
            .values()
            .map(|(placed, wanted)| placed.min(wanted))
            .sum::<i64>()
            <= cap
        {
            return;
        }
        let common = terms
            .iter()
            .fold(0, |common, (_, load)| gcd(common, *load))
            .max(1);
        let terms = terms
            .iter()
            .map(|&(var, load)| (var, load / common))
            .collect();
        let kept = rows.entry(terms).or_insert(cap / common);
        *kept = (cap / common).min(*kept);
    }

    /// Units that a solution gives an item.
    pub fn placed(&self, values: &[u32], item: usize) -> u32 {
        let vars = self.vars.iter().zip(values);
        vars.filter(|(var, _)| var.item == item)
            .map(|(_, units)| units)
            .sum()
    }
}

/// Machines of an item on one rack and leg beside what is fixed, were it alone.
fn alone(setting: &Setting, item: &Item, rack: usize, leg: Option<Leg>) -> i64 {
    let mut most = i64::from(item.units);
    setting
        .ground
        .loads(rack, leg, Unit::of(item.demand), |res, load| {
            if load > 0
                && setting.ground.is_of_rack(res)
                && setting.ground.holds(setting.families, res)
            {
                let free = setting
                    .fixed
                    .tightest(setting.ground, res, item.window)
                    .0
                    .max(0);
                most = most.min(free / load);
            }
        });
    most
}

/// What makes racks alike: chain, zone, way of supply, own capacities, use by others, and the
/// items that may stand there. What is lifted does not tell racks apart.
type Likeness = (
    Vec<usize>,
    Option<usize>,
    usize,
    Vec<i64>,
    Vec<Steps>,
    Vec<usize>,
    Option<usize>,
);

fn classes(setting: &Setting, items: &[Item], apart: &BTreeSet<usize>) -> Vec<Vec<usize>> {
    let ground = setting.ground;
    let mut users: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        for &rack in &item.racks {
            users.entry(rack).or_default().push(at);
        }
    }
    let mut alike: BTreeMap<Likeness, Vec<usize>> = BTreeMap::new();
    for (rack, users) in users {
        let own = &ground.site.racks[rack];
        let families = setting.families;
        let chain = if families.power {
            ground.chain(rack).to_vec()
        } else {
            vec![]
        };
        let (mut limits, mut used) = (vec![], vec![]);
        if families.space {
            limits = vec![i64::from(own.slots), own.limit.0];
            let all = Leg::ALL.iter().map(|&leg| ground.rack_leg(rack, leg));
            let all = all.chain([ground.slots(rack)]);
            used = all.map(|res| setting.fixed.steps(res).clone()).collect();
        }
        let zone = families.cooling.then_some(own.zone);
        let single = apart.contains(&rack).then_some(rack);
        let likeness = (chain, zone, own.phase as usize, limits, used, users, single);
        alike.entry(likeness).or_default().push(rack);
    }
    let mut classes: Vec<Vec<usize>> = alike.into_values().collect();
    classes.sort_unstable();
    classes
}

/// The spans between the days on which a window or the fixed use begins, ends or changes.
fn spans(windows: impl Iterator<Item = Window>, steps: &Steps) -> Vec<Window> {
    let mut days: BTreeSet<NaiveDate> = BTreeSet::new();
    let mut open = false;
    for window in windows {
        days.insert(window.from);
        days.extend(window.to);
        open |= window.to.is_none();
    }
    let Some(&first) = days.first() else {
        return vec![];
    };
    days.extend(steps.0.iter().map(|step| step.0).filter(|&day| day > first));
    let days: Vec<NaiveDate> = days.into_iter().collect();
    let mut spans: Vec<Window> = days
        .windows(2)
        .map(|pair| Window {
            from: pair[0],
            to: Some(pair[1]),
        })
        .collect();
    if open {
        spans.extend(days.last().map(|&from| Window { from, to: None }));
    }
    spans
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
