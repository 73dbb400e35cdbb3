//! What if it fails: a node, a cooling unit, or several at once, on a day or for a while. Pure.
//!
//! A rack on two feeds is sold so that each of them carries it alone, so it rides through on the
//! other one and nothing that survives carries more than it was sold. What is out by a planned
//! outage on the same day is out as well; what that alone takes is not counted as lost here.

use super::place::{Booking, CoolingZone, Site, capacity_on};
use crate::domain::calendar::{Month, Window};
use crate::domain::site::Leg;
use chrono::{Datelike, Days, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::collections::{BTreeMap, BTreeSet};

/// Something that fails: by its position, a unit by its zone's and its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lost {
    Node(usize),
    Unit(usize, usize),
}

/// A booking that feels it. Machines on the worst day of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hit {
    pub booking: usize,
    /// Without power, and what they would draw.
    pub dark: u32,
    pub dark_watts: i64,
    /// On the other feed of their racks.
    pub riding: u32,
    /// With power, in a zone that removes less than they give.
    pub hot: u32,
}

/// A zone without its units on its worst day: what the others remove together, spares running,
/// and the heat of the machines that have power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone {
    pub zone: usize,
    pub day: NaiveDate,
    pub removes: i64,
    pub heat: i64,
    /// Units still in reserve.
    pub spare_left: u32,
}

impl Zone {
    pub fn over(&self) -> i64 {
        (self.heat - self.removes).max(0)
    }
}

/// A surviving leg that carries more than it can, in thirds of a watt: only where it was oversold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OverLeg {
    pub node: usize,
    pub leg: Leg,
    pub used: i64,
    pub capacity: i64,
}

/// What a failure takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Toll {
    /// Those that lose power first, the most power first; then those whose zone is over, then
    /// those that ride through.
    pub hits: Vec<Hit>,
    /// The zones that lost a unit, the worst first.
    pub zones: Vec<Zone>,
    /// Racks with machines in them that lost one feed and live on the other; that lost all power.
    pub riding: Vec<usize>,
    pub dark: Vec<usize>,
    /// The most that is dark on one day, and that day.
    pub dark_watts: i64,
    pub worst: NaiveDate,
    pub over_legs: Vec<OverLeg>,
}

/// What a failure takes while it lasts.
pub fn failure(site: &Site, bookings: &[Booking], lost: &[Lost], window: Window) -> Toll {
    let mut hits: BTreeMap<usize, Hit> = BTreeMap::new();
    let mut zones: BTreeMap<usize, Zone> = BTreeMap::new();
    let mut over_legs: BTreeMap<(usize, Leg), OverLeg> = BTreeMap::new();
    let (mut riding, mut dark) = (BTreeSet::new(), BTreeSet::new());
    let mut worst = (0, window.from);
    for day in days(site, bookings, window) {
        let then = Then::new(site, bookings, lost, day);
        for hit in then.hits() {
            let kept = hits.entry(hit.booking).or_insert(hit);
            kept.dark_watts = kept.dark_watts.max(hit.dark_watts);
            kept.dark = kept.dark.max(hit.dark);
            kept.riding = kept.riding.max(hit.riding);
            kept.hot = kept.hot.max(hit.hot);
        }
        for &zone in &then.zones {
            let kept = zones.entry(zone.zone).or_insert(zone);
            if zone.heat - zone.removes > kept.heat - kept.removes {
                *kept = zone;
            }
        }
        for leg in then.over_legs() {
            over_legs.entry((leg.node, leg.leg)).or_insert(leg);
        }
        let taken = then.racks(State::Dark);
        let total: i64 = taken.iter().map(|&rack| then.watts[rack]).sum();
        if total > worst.0 {
            worst = (total, day);
        }
        dark.extend(taken);
        riding.extend(then.racks(State::Rides));
    }
    let mut hits: Vec<Hit> = hits.into_values().collect();
    let order = |hit: &Hit| (hit.dark_watts, hit.hot, hit.riding);
    hits.sort_by_key(|hit| (std::cmp::Reverse(order(hit)), hit.booking));
    let mut zones: Vec<Zone> = zones.into_values().collect();
    zones.sort_by_key(|zone| (std::cmp::Reverse(zone.heat - zone.removes), zone.zone));
    Toll {
        hits,
        zones,
        riding: riding.difference(&dark).copied().collect(),
        dark: dark.into_iter().collect(),
        dark_watts: worst.0,
        worst: worst.1,
        over_legs: over_legs.into_values().collect(),
    }
}

/// The days of a window on which anything begins to be different.
fn days(site: &Site, bookings: &[Booking], window: Window) -> Vec<NaiveDate> {
    let mut days = BTreeSet::from([window.from]);
    let edges = |other: Window| [Some(other.from), other.to].into_iter().flatten();
    days.extend(bookings.iter().flat_map(|b| edges(b.demand.window)));
    days.extend(site.outages.iter().flat_map(|outage| edges(outage.window)));
    let mut month = Month::of(window.from).next();
    let end = window.to.unwrap_or(window.from + Days::new(366));
    while month.first() < end {
        days.insert(month.first());
        month = month.next();
    }
    let within = Window {
        from: window.from,
        to: Some(end),
    };
    days.into_iter()
        .filter(|day| within.contains(*day))
        .collect()
}

/// A rack on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nothing changes for it: it has all its power, or a planned outage took it anyway.
    Same,
    Rides,
    Dark,
}

/// One day of a failure.
struct Then<'a> {
    site: &'a Site,
    alive: Vec<(usize, &'a Booking)>,
    states: Vec<State>,
    /// Feeds that have power, of each rack.
    feeds: Vec<Vec<usize>>,
    /// What the machines of each rack would draw.
    watts: Vec<i64>,
    zones: Vec<Zone>,
    day: NaiveDate,
}

impl<'a> Then<'a> {
    fn new(site: &'a Site, bookings: &'a [Booking], lost: &[Lost], day: NaiveDate) -> Self {
        let planned = out_on(site, day);
        let mut out = planned.clone();
        for what in lost {
            if let Lost::Node(node) = what {
                out[*node] = true;
            }
        }
        let before: Vec<Vec<usize>> = live_feeds(site, &planned);
        let feeds = live_feeds(site, &out);
        let states = before.iter().zip(&feeds);
        let states = states.map(|(before, after)| match (before.len(), after.len()) {
            (had, has) if had == has => State::Same,
            (_, 0) => State::Dark,
            _ => State::Rides,
        });
        let states = states.collect();
        let alive: Vec<_> = bookings
            .iter()
            .enumerate()
            .filter(|(_, b)| b.demand.window.contains(day))
            .collect();
        let watts = rack_watts(site, alive.iter().map(|(_, b)| *b));
        let mut then = Self {
            site,
            alive,
            states,
            feeds,
            watts,
            zones: vec![],
            day,
        };
        then.zones = then.zones_without(lost);
        then
    }

    fn racks(&self, state: State) -> Vec<usize> {
        let all = 0..self.states.len();
        all.filter(|&rack| self.states[rack] == state && self.watts[rack] > 0)
            .collect()
    }

    fn zones_without(&self, lost: &[Lost]) -> Vec<Zone> {
        let mut gone: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for what in lost {
            if let Lost::Unit(zone, unit) = what {
                gone.entry(*zone).or_default().insert(*unit);
            }
        }
        let mut heat = vec![0; self.site.zones.len()];
        for (rack, watts) in self.watts.iter().enumerate() {
            if !self.feeds[rack].is_empty() {
                heat[self.site.racks[rack].zone] += watts;
            }
        }
        let zone = |(zone, units): (usize, BTreeSet<usize>)| {
            let row = &self.site.zones[zone];
            let spent = u32::try_from(units.len()).unwrap_or(u32::MAX);
            Zone {
                zone,
                day: self.day,
                removes: removes(row, &units, self.day),
                heat: heat[zone],
                spare_left: row.spare_units.saturating_sub(spent),
            }
        };
        gone.into_iter().map(zone).collect()
    }

    fn hits(&self) -> Vec<Hit> {
        let hot: BTreeSet<usize> = self
            .zones
            .iter()
            .filter(|zone| zone.over() > 0)
            .map(|zone| zone.zone)
            .collect();
        let mut hits = vec![];
        for (at, booking) in &self.alive {
            let mut hit = Hit {
                booking: *at,
                ..Hit::default()
            };
            for piece in known(self.site, booking) {
                match self.states[piece.rack] {
                    State::Dark => {
                        hit.dark += piece.units;
                        hit.dark_watts += booking.demand.watts_each.0 * i64::from(piece.units);
                    }
                    State::Rides => hit.riding += piece.units,
                    State::Same => {}
                }
                let powered = !self.feeds[piece.rack].is_empty();
                if powered && hot.contains(&self.site.racks[piece.rack].zone) {
                    hit.hot += piece.units;
                }
            }
            if hit.dark + hit.riding + hit.hot > 0 {
                hits.push(hit);
            }
        }
        hits
    }

    /// Each rack on each feed that it has left: more than any sharing between them would give.
    fn over_legs(&self) -> Vec<OverLeg> {
        let mut used = vec![[0; 3]; self.site.nodes.len()];
        for (_, booking) in &self.alive {
            for piece in known(self.site, booking) {
                let watts = booking.demand.watts_each.0 * i64::from(piece.units);
                let nodes: BTreeSet<usize> = self.feeds[piece.rack]
                    .iter()
                    .flat_map(|&feed| chain(self.site, feed))
                    .collect();
                for node in nodes {
                    for &leg in Leg::ALL {
                        used[node][leg.index()] += match piece.leg {
                            None => watts,
                            Some(own) if own == leg => 3 * watts,
                            Some(_) => 0,
                        };
                    }
                }
            }
        }
        let there = capacity_on(self.site, self.day).legs;
        let all = used.iter().zip(&there).enumerate();
        let legs = all.flat_map(|(node, (used, there))| {
            Leg::ALL.iter().map(move |&leg| OverLeg {
                node,
                leg,
                used: used[leg.index()],
                capacity: there[leg.index()],
            })
        });
        legs.filter(|leg| leg.used > leg.capacity).collect()
    }
}

fn out_on(site: &Site, day: NaiveDate) -> Vec<bool> {
    let mut out = vec![false; site.nodes.len()];
    for outage in site.outages.iter().filter(|o| o.window.contains(day)) {
        if let Some(node) = out.get_mut(outage.node) {
            *node = true;
        }
    }
    out
}

/// A node and all above it.
fn chain(site: &Site, node: usize) -> impl Iterator<Item = usize> + '_ {
    std::iter::successors(Some(node), |&at| site.nodes[at].parent).take(site.nodes.len())
}

fn live_feeds(site: &Site, out: &[bool]) -> Vec<Vec<usize>> {
    let live = |feed: &usize| !chain(site, *feed).any(|node| out[node]);
    let feeds = |(first, second): (usize, Option<usize>)| std::iter::once(first).chain(second);
    let racks = site.racks.iter();
    racks
        .map(|rack| feeds(rack.feeds).filter(live).collect())
        .collect()
}

fn known<'b>(
    site: &Site,
    booking: &'b Booking,
) -> impl Iterator<Item = &'b super::place::Piece> + use<'b> {
    let racks = site.racks.len();
    booking
        .witness
        .iter()
        .filter(move |piece| piece.rack < racks)
}

fn rack_watts<'b>(site: &Site, alive: impl Iterator<Item = &'b Booking>) -> Vec<i64> {
    let mut watts = vec![0; site.racks.len()];
    for booking in alive {
        for piece in known(site, booking) {
            watts[piece.rack] += booking.demand.watts_each.0 * i64::from(piece.units);
        }
    }
    watts
}

/// What all units but these remove on a day, in whole watts: a failure is what spares are for.
fn removes(zone: &CoolingZone, gone: &BTreeSet<usize>, day: NaiveDate) -> i64 {
    let left = zone.units.iter().enumerate();
    let left = left
        .filter(|(at, _)| !gone.contains(at))
        .map(|(_, unit)| unit.0);
    let whole = Decimal::from(left.sum::<i64>());
    let derate = zone.derate[day.month0() as usize];
    let left = whole
        .checked_mul(derate)
        .and_then(|watts| watts.floor().to_i64());
    left.unwrap_or(0)
}

/// One thing that could fail by itself, and what it would take on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Single {
    pub lost: Lost,
    pub dark_watts: i64,
    pub dark: u32,
    /// Bookings that lose power, or stand in a zone that is over.
    pub bookings: usize,
    pub riding_racks: usize,
    /// What its zone would be over by.
    pub over: i64,
}

impl Single {
    /// Power that is lost or cannot be cooled.
    pub fn impact(&self) -> i64 {
        self.dark_watts + self.over
    }
}

/// Every node and unit that could fail on a day, the worst first. One pass over the bookings.
pub fn singles(site: &Site, bookings: &[Booking], day: NaiveDate) -> Vec<Single> {
    let planned = out_on(site, day);
    let live = live_feeds(site, &planned);
    let bonds: Vec<Bond> = live.iter().map(|feeds| bond(site, feeds)).collect();
    let blank = |lost| Single {
        lost,
        dark_watts: 0,
        dark: 0,
        bookings: 0,
        riding_racks: 0,
        over: 0,
    };
    let mut nodes: Vec<Single> = (0..site.nodes.len())
        .map(|at| blank(Lost::Node(at)))
        .collect();
    let mut heat = vec![0; site.zones.len()];
    let mut guests = vec![0; site.zones.len()];
    let mut taken = vec![false; site.racks.len()];
    for booking in bookings.iter().filter(|b| b.demand.window.contains(day)) {
        let (mut hit, mut stands) = (BTreeSet::new(), BTreeSet::new());
        for piece in known(site, booking) {
            let watts = booking.demand.watts_each.0 * i64::from(piece.units);
            for &node in &bonds[piece.rack].needed {
                nodes[node].dark_watts += watts;
                nodes[node].dark += piece.units;
                hit.insert(node);
            }
            taken[piece.rack] |= watts > 0;
            if !live[piece.rack].is_empty() {
                heat[site.racks[piece.rack].zone] += watts;
                stands.insert(site.racks[piece.rack].zone);
            }
        }
        hit.into_iter().for_each(|node| nodes[node].bookings += 1);
        stands.into_iter().for_each(|zone| guests[zone] += 1);
    }
    for (rack, bond) in bonds.iter().enumerate().filter(|(rack, _)| taken[*rack]) {
        debug_assert!(rack < site.racks.len());
        bond.spared
            .iter()
            .for_each(|&node| nodes[node].riding_racks += 1);
    }
    let units = site.zones.iter().enumerate().flat_map(|(zone, row)| {
        let (heat, guests) = (heat[zone], guests[zone]);
        (0..row.units.len()).map(move |unit| {
            let over = (heat - removes(row, &BTreeSet::from([unit]), day)).max(0);
            Single {
                over,
                bookings: if over > 0 { guests } else { 0 },
                ..blank(Lost::Unit(zone, unit))
            }
        })
    });
    nodes.extend(units);
    nodes.sort_by_key(|single| (std::cmp::Reverse(single.impact()), single.lost));
    nodes
}

/// The nodes without which a rack is dark, and those that it can do without.
struct Bond {
    needed: BTreeSet<usize>,
    spared: BTreeSet<usize>,
}

fn bond(site: &Site, feeds: &[usize]) -> Bond {
    let mut chains = feeds.iter().map(|&feed| chain(site, feed).collect());
    let mut needed: BTreeSet<usize> = chains.next().unwrap_or_default();
    let mut all = needed.clone();
    for chain in chains {
        let chain: BTreeSet<usize> = chain;
        needed.retain(|node| chain.contains(node));
        all.extend(chain);
    }
    let spared = all.difference(&needed).copied().collect();
    Bond { needed, spared }
}

#[cfg(test)]
mod tests;
