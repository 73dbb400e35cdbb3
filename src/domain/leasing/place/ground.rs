//! The site as numbered resources: what each can carry, and what a machine puts on each.

use super::rating::watts_without_spare;
use super::types::{Demand, Piece, Reason, Resource, Site};
use crate::domain::calendar::{Month, Window};
use crate::domain::site::{Leg, RackPhase, Redundancy, SlotsEach, Supply};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::borrow::Cow;

/// A resource's number: legs of nodes, then zones, then of each rack its slots and three legs.
pub(super) type Res = usize;

/// The families whose limits hold; lifting some tells what a refusal is due to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Families {
    pub space: bool,
    pub power: bool,
    pub cooling: bool,
}

impl Families {
    pub const ALL: Self = Self {
        space: true,
        power: true,
        cooling: true,
    };

    pub fn only(family: Reason) -> Self {
        Self {
            space: family == Reason::Space,
            power: family == Reason::Power,
            cooling: family == Reason::Cooling,
        }
    }

    pub fn without(family: Reason) -> Self {
        Self {
            space: family != Reason::Space,
            power: family != Reason::Power,
            cooling: family != Reason::Cooling,
        }
    }
}

/// What one unit of a demand is to a rack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    pub watts: i64,
    pub supply: Supply,
    pub whole: bool,
}

impl Unit {
    pub fn of(demand: &Demand) -> Self {
        Self {
            watts: demand.watts_each.0,
            supply: demand.supply,
            whole: demand.needs.slots_each == SlotsEach::WholeRack,
        }
    }
}

/// A site with its chains of nodes, outages and monthly capacities looked up once.
#[derive(Clone)]
pub(super) struct Ground<'a> {
    pub site: Cow<'a, Site>,
    chains: Vec<Vec<usize>>,
    /// The strictest rule that each rack meets.
    redundancy: Vec<Redundancy>,
    outages: Vec<Vec<Window>>,
    /// Watts of each zone, January first.
    months: Vec<[i64; 12]>,
}

impl<'a> Ground<'a> {
    pub fn new(site: &'a Site) -> Self {
        Self::of(Cow::Borrowed(site))
    }

    /// On a site of its own, to be kept between requests.
    pub fn of(site: Cow<'a, Site>) -> Self {
        let mut outages = vec![vec![]; site.nodes.len()];
        for outage in &site.outages {
            if let Some(windows) = outages.get_mut(outage.node) {
                windows.push(outage.window);
            }
        }
        Self {
            chains: (0..site.racks.len())
                .map(|rack| chain(&site, rack))
                .collect(),
            redundancy: (0..site.racks.len())
                .map(|rack| redundancy(&site, rack))
                .collect(),
            outages,
            months: site.zones.iter().map(monthly).collect(),
            site,
        }
    }

    /// The windows in which a node has no power.
    pub fn outages_of(&self, node: usize) -> &[Window] {
        &self.outages[node]
    }

    fn zones_at(&self) -> usize {
        3 * self.site.nodes.len()
    }

    fn racks_at(&self) -> usize {
        self.zones_at() + self.site.zones.len()
    }

    /// How many resources there are.
    pub fn resources(&self) -> usize {
        self.racks_at() + 4 * self.site.racks.len()
    }

    pub fn node_leg(&self, node: usize, leg: Leg) -> Res {
        3 * node + leg.index()
    }

    pub fn zone(&self, zone: usize) -> Res {
        self.zones_at() + zone
    }

    pub fn slots(&self, rack: usize) -> Res {
        self.racks_at() + 4 * rack
    }

    pub fn rack_leg(&self, rack: usize, leg: Leg) -> Res {
        self.slots(rack) + 1 + leg.index()
    }

    pub fn name(&self, res: Res) -> Resource {
        if res < self.zones_at() {
            return Resource::NodeLeg(res / 3, Leg::ALL[res % 3]);
        }
        if res < self.racks_at() {
            return Resource::Zone(res - self.zones_at());
        }
        let at = res - self.racks_at();
        match at % 4 {
            0 => Resource::RackSlots(at / 4),
            leg => Resource::RackLeg(at / 4, Leg::ALL[leg - 1]),
        }
    }

    pub fn family(&self, res: Res) -> Reason {
        match self.name(res) {
            Resource::NodeLeg(..) => Reason::Power,
            Resource::Zone(_) => Reason::Cooling,
            _ => Reason::Space,
        }
    }

    pub fn is_of_rack(&self, res: Res) -> bool {
        res >= self.racks_at()
    }

    pub fn holds(&self, families: Families, res: Res) -> bool {
        if res < self.zones_at() {
            families.power
        } else if res < self.racks_at() {
            families.cooling
        } else {
            families.space
        }
    }

    /// Every node above a rack's feeds, each once.
    pub fn chain(&self, rack: usize) -> &[usize] {
        &self.chains[rack]
    }

    /// What one unit on this rack and leg puts on each resource.
    pub fn loads(&self, rack: usize, leg: Option<Leg>, unit: Unit, mut each: impl FnMut(Res, i64)) {
        let watts = unit.watts;
        let (legs, load) = match &leg {
            Some(leg) => (std::slice::from_ref(leg), 3 * watts),
            None => (Leg::ALL, watts),
        };
        for &leg in legs {
            for &node in &self.chains[rack] {
                each(self.node_leg(node, leg), load);
            }
            each(self.rack_leg(rack, leg), load);
        }
        each(self.zone(self.site.racks[rack].zone), watts);
        each(self.slots(rack), self.slots_of(rack, unit));
    }

    /// The slots of this rack that one unit takes.
    pub fn slots_of(&self, rack: usize, unit: Unit) -> i64 {
        if unit.whole {
            i64::from(self.site.racks[rack].slots)
        } else {
            1
        }
    }

    /// The racks a demand's machines may stand in: in its hall, with its cooling and supply, and
    /// as it needs them.
    pub fn eligible(&self, demand: &Demand) -> Vec<usize> {
        self.fitting(demand).collect()
    }

    /// The same one after another, for who needs only the first of them.
    pub fn fitting<'d>(&'d self, demand: &'d Demand) -> impl Iterator<Item = usize> + 'd {
        let unit = Unit::of(demand);
        self.offered(demand).filter(move |&rack| {
            self.cools(rack, demand)
                && !self.spots(rack, unit).is_empty()
                && self.suits(rack, demand)
        })
    }

    pub fn offered(&self, demand: &Demand) -> impl Iterator<Item = usize> + use<> {
        let known = self.site.racks.len();
        let chosen = demand.racks.clone();
        let all = if chosen.is_none() { 0..known } else { 0..0 };
        all.chain(
            chosen
                .into_iter()
                .flatten()
                .filter(move |&rack| rack < known),
        )
    }

    pub fn cools(&self, rack: usize, demand: &Demand) -> bool {
        self.site.zones[self.site.racks[rack].zone].kind == demand.cooling
    }

    /// The legs on which a unit can sit in this rack.
    pub fn spots(&self, rack: usize, unit: Unit) -> &'static [Option<Leg>] {
        let rack = &self.site.racks[rack];
        if unit.whole && rack.slots == 0 {
            return &[];
        }
        spots(rack.phase, unit)
    }

    pub fn suits(&self, rack: usize, demand: &Demand) -> bool {
        self.feeds(rack, demand) && self.redundancy[rack] >= demand.needs.redundancy
    }

    pub fn feeds(&self, rack: usize, demand: &Demand) -> bool {
        !demand.needs.two_feeds || self.site.racks[rack].feeds.1.is_some()
    }

    /// Whether a piece names a rack and leg on which the demand's machines can stand.
    pub fn allows(&self, demand: &Demand, piece: &Piece) -> bool {
        if piece.rack >= self.site.racks.len() {
            return false;
        }
        let chosen = demand
            .racks
            .as_ref()
            .is_none_or(|racks| racks.contains(&piece.rack));
        let spots = self.spots(piece.rack, Unit::of(demand));
        chosen
            && self.cools(piece.rack, demand)
            && self.suits(piece.rack, demand)
            && spots.contains(&piece.leg)
    }

    /// The least capacity within `[from, to)` and the first day that has it.
    pub fn capacity(&self, res: Res, from: NaiveDate, to: Option<NaiveDate>) -> (i64, NaiveDate) {
        match self.name(res) {
            Resource::NodeLeg(node, leg) => {
                let span = Window { from, to };
                let out = self.outages[node]
                    .iter()
                    .filter_map(|outage| outage.intersect(span));
                match out.map(|outage| outage.from).min() {
                    Some(day) => (0, day),
                    None => (self.site.nodes[node].legs[leg.index()], from),
                }
            }
            Resource::Zone(zone) => self.coolest(zone, from, to),
            Resource::RackSlots(rack) => (i64::from(self.site.racks[rack].slots), from),
            Resource::RackLeg(rack, leg) => (self.rack_leg_capacity(rack, leg), from),
            _ => (0, from),
        }
    }

    /// What a resource carries on every day, where that never changes.
    pub fn constant(&self, res: Res) -> Option<i64> {
        let steady = match self.name(res) {
            Resource::NodeLeg(node, _) => self.outages[node].is_empty(),
            Resource::Zone(zone) => self.months[zone].iter().all(|w| *w == self.months[zone][0]),
            _ => true,
        };
        steady.then(|| self.capacity(res, NaiveDate::MIN, Some(NaiveDate::MIN)).0)
    }

    /// The days after `from` and before `to` on which the capacity of a resource may change.
    pub fn turns(&self, res: Res, from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
        let mut days = match self.name(res) {
            Resource::NodeLeg(node, _) => {
                let ends = self.outages[node].iter();
                ends.flat_map(|outage| [Some(outage.from), outage.to])
                    .flatten()
                    .collect()
            }
            Resource::Zone(_) => {
                let months = std::iter::successors(Some(Month::of(from)), |m| Some(m.next()));
                let firsts = months.map(Month::first);
                firsts.take_while(|day| *day < to).collect()
            }
            _ => vec![],
        };
        days.retain(|day| from < *day && *day < to);
        days.sort_unstable();
        days
    }

    /// Thirds of a watt: a three-phase rack has a third of its limit on each leg.
    fn rack_leg_capacity(&self, rack: usize, leg: Leg) -> i64 {
        let rack = &self.site.racks[rack];
        match rack.phase.leg() {
            None => rack.limit.0,
            Some(only) if only == leg => 3 * rack.limit.0,
            Some(_) => 0,
        }
    }

    /// Deratings recur every year, so twelve months from the start tell all.
    fn coolest(&self, zone: usize, from: NaiveDate, to: Option<NaiveDate>) -> (i64, NaiveDate) {
        let mut month = Month::of(from);
        let mut least = (self.months[zone][month.month as usize - 1], from);
        for _ in 0..11 {
            month = month.next();
            let first = month.first();
            if to.is_some_and(|to| to <= first) {
                break;
            }
            let watts = self.months[zone][month.month as usize - 1];
            if watts < least.0 {
                least = (watts, first);
            }
        }
        least
    }
}

/// The legs on which one machine can sit in a rack of this phase; a whole rack is of one kind.
fn spots(phase: RackPhase, unit: Unit) -> &'static [Option<Leg>] {
    match (phase, unit.supply) {
        (RackPhase::Three, Supply::Three) => &[None],
        (RackPhase::Three, Supply::Single) if unit.whole => &[],
        (_, Supply::Three) => &[],
        (RackPhase::Three, Supply::Single) => &[Some(Leg::L1), Some(Leg::L2), Some(Leg::L3)],
        (RackPhase::L1, Supply::Single) => &[Some(Leg::L1)],
        (RackPhase::L2, Supply::Single) => &[Some(Leg::L2)],
        (RackPhase::L3, Supply::Single) => &[Some(Leg::L3)],
    }
}

/// A rack's feeds and the nodes over them, each once.
pub fn chain(site: &Site, rack: usize) -> Vec<usize> {
    let (first, second) = site.racks[rack].feeds;
    let mut nodes = above(site, first);
    nodes.extend(second.into_iter().flat_map(|feed| above(site, feed)));
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}

/// A feed and the nodes over it.
fn above(site: &Site, feed: usize) -> Vec<usize> {
    let mut nodes = vec![];
    let mut at = Some(feed);
    while let Some(node) = at.filter(|node| !nodes.contains(node)) {
        nodes.push(node);
        at = site.nodes[node].parent;
    }
    nodes
}

fn redundancy(site: &Site, rack: usize) -> Redundancy {
    let rack = &site.racks[rack];
    let zone = &site.zones[rack.zone];
    let spare = zone.spare_units > 0 && !zone.units.is_empty();
    let Some(second) = rack.feeds.1.filter(|_| spare) else {
        return Redundancy::N;
    };
    let first = above(site, rack.feeds.0);
    let shared = above(site, second)
        .into_iter()
        .any(|node| first.contains(&node) && !site.nodes[node].grid);
    if shared {
        Redundancy::NPlusOne
    } else {
        Redundancy::TwoN
    }
}

/// Watts by month: the units but the spare largest, derated, rounded down.
fn monthly(zone: &super::types::CoolingZone) -> [i64; 12] {
    let whole = Decimal::from(watts_without_spare(zone.units.clone(), zone.spare_units).0);
    zone.derate.map(|share| {
        let left = whole
            .checked_mul(share)
            .and_then(|watts| watts.floor().to_i64());
        left.unwrap_or(0).max(0)
    })
}
