//! The most units for many starts at once, where everything stays where it is.
//!
//! Each resource's steps are passed once, whatever the number of starts; each start is then one
//! walk through the grove of nodes and zones, in which a rack counts anew only where its room
//! changed since the start before.

use super::fit::{BOUNDLESS, Room, legs};
use super::ground::{Families, Ground, Res, Unit};
use super::grove::{Caps, Cut, Grove, Sets, Walk, rack};
use super::lows::{Lows, Own};
use super::profile::Profile;
use super::types::{Binding, Demand, Resource};
use crate::domain::calendar::Window;
use crate::domain::site::Leg;
use std::collections::BTreeSet;

/// Racks looked at for the name of what binds, where only racks do.
const NAMED_RACKS: usize = 8;

/// The most units for one start beside what stands, and what binds.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Most {
    pub units: u32,
    pub binding: Option<Binding>,
}

/// One demand on the racks it may use, at windows that step forward.
pub(super) struct Sweep<'s> {
    ground: &'s Ground<'s>,
    demand: &'s Demand,
    racks: &'s [usize],
    windows: &'s [Window],
    grove: Option<Grove>,
    /// Its machines sit on one leg each, rather than on all three.
    single: bool,
    /// How many legs are on offer to them.
    legs: i64,
}

impl<'s> Sweep<'s> {
    /// `racks` are sorted, `windows` in order of their starts and of their ends.
    pub fn new(
        ground: &'s Ground<'s>,
        demand: &'s Demand,
        racks: &'s [usize],
        windows: &'s [Window],
    ) -> Self {
        let on_offer = racks
            .iter()
            .flat_map(|&rack| legs(ground, rack, Unit::of(demand)));
        let on_offer: BTreeSet<Leg> = on_offer.copied().flatten().collect();
        let single = !on_offer.is_empty();
        Self {
            ground,
            demand,
            racks,
            windows,
            grove: Grove::new(ground, racks),
            single,
            legs: on_offer.len().max(1) as i64,
        }
    }

    /// Whether the sets of racks nest.
    pub fn exact(&self) -> bool {
        self.grove.is_some()
    }

    /// The most units of each window: exact where the sets of racks nest, else those found, or
    /// with `above` those not ruled out.
    pub fn most(&self, profile: &Profile, above: bool) -> Vec<Most> {
        match &self.grove {
            Some(grove) => self.walk(grove, profile, !above),
            None => self.one_by_one(profile, above),
        }
    }

    fn walk(&self, grove: &Grove, profile: &Profile, named: bool) -> Vec<Most> {
        let caps = self.caps(grove, profile);
        let changes = self.changes(grove, profile);
        let (count, vertices) = (self.windows.len(), grove.vertices.len());
        let mut own: Vec<Sets> = vec![[0; 8]; vertices];
        let mut walk = Walk::new(grove, if self.single { 7 } else { 1 });
        let mut found = Vec::with_capacity(count);
        for (at, &window) in self.windows.iter().enumerate() {
            for (vertex, own) in own.iter_mut().enumerate() {
                let more = &changes[vertex * count + at];
                own.iter_mut()
                    .zip(more)
                    .for_each(|(sum, more)| *sum += more);
            }
            let cap = |vertex: usize| caps[vertex * count + at];
            let units = walk.most(&own, cap);
            let units = u32::try_from(units).unwrap_or(u32::MAX);
            let binding = named
                .then(|| {
                    let cut = walk.cut(cap);
                    self.binding(grove, profile, cap, &cut, (window, units))
                })
                .flatten();
            found.push(Most { units, binding });
        }
        found
    }

    /// Where sets of racks cross: a filling and a flow for each window.
    fn one_by_one(&self, profile: &Profile, above: bool) -> Vec<Most> {
        let all: u32 = self
            .racks
            .iter()
            .map(|&r| self.ground.site.racks[r].slots)
            .sum();
        let each = |&window: &Window| {
            let demand = Demand {
                window,
                ..self.demand.clone()
            };
            let room = Room::new(
                self.ground,
                profile,
                &demand,
                self.racks.to_vec(),
                Families::ALL,
            );
            let fit = room.most(all.saturating_add(1));
            let placed: u32 = fit.pieces.iter().map(|piece| piece.units).sum();
            let units = if above { fit.upper } else { placed };
            let roomy = |res: &Res| profile.tightest(self.ground, *res, window).0;
            let bound = fit.cut.into_iter().max_by_key(roomy);
            let binding = bound.map(|res| self.bound(profile, res, window, placed));
            Most { units, binding }
        };
        self.windows.iter().map(each).collect()
    }

    /// Units that each vertex lets pass, vertex by vertex and window by window.
    fn caps(&self, grove: &Grove, profile: &Profile) -> Vec<Caps> {
        let free = Caps {
            legs: [BOUNDLESS; 3],
            zone: BOUNDLESS,
        };
        let count = self.windows.len();
        let mut caps = vec![free; grove.vertices.len() * count];
        let mut lows = Lows::new(self.ground, profile, self.windows);
        let watts = self.demand.watts_each.0.max(1);
        let load = if self.single { 3 * watts } else { watts };
        for (at, vertex) in grove.vertices.iter().enumerate() {
            let caps = &mut caps[at * count..(at + 1) * count];
            for &node in &vertex.nodes {
                for (number, &leg) in Leg::ALL.iter().enumerate() {
                    let slot = if self.single { number } else { 0 };
                    lows.each(self.ground.node_leg(node, leg), |window, free| {
                        let cap = &mut caps[window].legs[slot];
                        *cap = (*cap).min(free / load);
                    });
                }
            }
            for &zone in &vertex.zones {
                lows.each(self.ground.zone(zone), |window, free| {
                    let cap = &mut caps[window].zone;
                    *cap = (*cap).min(free / watts);
                });
            }
        }
        caps
    }

    /// What the racks under each vertex take, as changes from window to window.
    fn changes(&self, grove: &Grove, profile: &Profile) -> Vec<Sets> {
        let count = self.windows.len();
        let mut changes: Vec<Sets> = vec![[0; 8]; grove.vertices.len() * count];
        let mut own = vec![];
        for (at, &number) in self.racks.iter().enumerate() {
            self.resources_of(number, profile, &mut own);
            let changes = &mut changes[grove.over[at] * count..][..count];
            let mut before: Sets = [0; 8];
            for (number, (change, &window)) in changes.iter_mut().zip(self.windows).enumerate() {
                let mut moved = number == 0;
                for own in &mut own {
                    moved |= own.step_to(window);
                }
                if !moved {
                    continue;
                }
                let (mut legs, mut slots) = ([0; 3], BOUNDLESS);
                for own in &own {
                    match own.leg {
                        Some(leg) => legs[leg] = own.units(),
                        None => slots = own.units(),
                    }
                }
                let now = rack(legs, slots);
                for set in 0..8 {
                    change[set] += now[set] - before[set];
                }
                before = now;
            }
        }
        changes
    }

    /// The resources of one rack that the demand loads: its slots, and what carries each leg.
    fn resources_of<'p>(&self, number: usize, profile: &'p Profile, own: &mut Vec<Own<'p>>) {
        own.clear();
        let slots = self.ground.slots(number);
        for &leg in legs(self.ground, number, Unit::of(self.demand)) {
            let place = leg.map_or(0, Leg::index);
            loads_in(self.ground, number, leg, self.demand, |res, load| {
                let leg = (res != slots).then_some(place);
                // All legs of a three-phase machine are loaded alike: the tightest counts.
                let free = self.ground.constant(res).unwrap_or(0);
                let new = Own::new(&profile.steps(res).0, free, load, leg);
                match own.iter_mut().find(|own| own.leg == leg) {
                    None => own.push(new),
                    Some(_) if leg.is_none() => {}
                    Some(known) => known.others.push(new),
                }
            });
        }
    }

    /// The roomiest of what cuts the demand off; racks only where nothing above them does.
    fn binding(
        &self,
        grove: &Grove,
        profile: &Profile,
        caps: impl Fn(usize) -> Caps,
        cut: &[Cut],
        (window, units): (Window, u32),
    ) -> Option<Binding> {
        let free = |res: &Res| profile.tightest(self.ground, *res, window).0;
        let above = cut.iter().filter(|cut| !matches!(cut, Cut::Racks(_)));
        let above = above.max_by_key(|cut| match **cut {
            Cut::Leg(vertex, leg) => caps(vertex).legs[leg.index()],
            Cut::Zone(vertex) => caps(vertex).zone,
            Cut::Racks(_) => 0,
        });
        let above = above.and_then(|cut| match *cut {
            Cut::Leg(vertex, leg) => {
                let legs = if self.single {
                    std::slice::from_ref(&leg)
                } else {
                    Leg::ALL
                };
                let nodes = grove.vertices[vertex].nodes.iter();
                let all =
                    nodes.flat_map(|&n| legs.iter().map(move |&leg| self.ground.node_leg(n, leg)));
                all.min_by_key(free)
            }
            Cut::Zone(vertex) => {
                let zones = grove.vertices[vertex].zones.iter();
                zones.map(|&zone| self.ground.zone(zone)).min_by_key(free)
            }
            Cut::Racks(_) => None,
        });
        let bound = above.or_else(|| {
            let full = |at: &usize| cut.contains(&Cut::Racks(grove.over[*at]));
            let racks = (0..self.racks.len()).filter(full).take(NAMED_RACKS);
            racks
                .map(|at| self.of_rack(profile, self.racks[at], window))
                .max_by_key(free)
        });
        bound.map(|res| self.bound(profile, res, window, units))
    }

    /// Of a rack, what lets fewest units in.
    fn of_rack(&self, profile: &Profile, number: usize, window: Window) -> Res {
        let mut least = (BOUNDLESS, self.ground.slots(number));
        for &leg in legs(self.ground, number, Unit::of(self.demand)) {
            loads_in(self.ground, number, leg, self.demand, |res, load| {
                let units = profile.tightest(self.ground, res, window).0 / load;
                // Single-phase machines fill the slots from all legs together.
                let times = if self.single && res != self.ground.slots(number) {
                    3
                } else {
                    1
                };
                least = least.min((units * times, res));
            });
        }
        least.1
    }

    /// What one unit more than fits would need of a resource.
    fn bound(&self, profile: &Profile, res: Res, window: Window, units: u32) -> Binding {
        let (free, at) = profile.tightest(self.ground, res, window);
        let (units, watts) = (i64::from(units) + 1, self.demand.watts_each.0);
        let resource = self.ground.name(res);
        let (free, needed) = match resource {
            Resource::RackSlots(_) => (free, units),
            Resource::Zone(_) => (free, units * watts),
            _ if self.single => (
                free.div_euclid(3),
                (units + self.legs - 1) / self.legs * watts,
            ),
            _ => (free.div_euclid(3), units * watts / 3),
        };
        Binding {
            resource,
            at,
            free: free.max(0),
            needed,
        }
    }
}

/// What one unit puts on the rack's own resources.
fn loads_in(
    ground: &Ground,
    rack: usize,
    leg: Option<Leg>,
    demand: &Demand,
    mut each: impl FnMut(Res, i64),
) {
    ground.loads(rack, leg, Unit::of(demand), |res, load| {
        if load > 0 && ground.is_of_rack(res) {
            each(res, load);
        }
    });
}

#[cfg(test)]
mod tests;
