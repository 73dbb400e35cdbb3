//! An exact solver for tiny sites that shares nothing with the real one: every distribution of
//! every booking's units is tried, and every day on which anything changes is added up.

use super::types::{Booking, CoolingZone, Demand, Piece, Reason, Site};
use crate::domain::site::{Leg, RackPhase, Redundancy, SlotsEach, Supply};
use chrono::{Datelike, Days, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::cell::Cell;

type Held = (Demand, Vec<Piece>);

const FAMILIES: [Reason; 3] = [Reason::Space, Reason::Power, Reason::Cooling];

/// A booking that may stand anywhere.
fn loose(part: &Demand, units: u32) -> Booking {
    Booking {
        demand: Demand {
            units,
            ..part.clone()
        },
        witness: vec![],
        assigned: false,
    }
}

pub(super) struct Oracle<'a> {
    site: &'a Site,
    families: Vec<Reason>,
    days: Vec<NaiveDate>,
    /// Watts of each zone by day.
    zones: Vec<Vec<i64>>,
    effort: Cell<u32>,
}

/// Tries after which a case is given up as too large to enumerate.
const EFFORT: u32 = 800;

impl<'a> Oracle<'a> {
    pub fn new(site: &'a Site, families: &[Reason], demands: &[&Demand]) -> Self {
        let outages = site.outages.iter().map(|outage| outage.window);
        let windows = demands.iter().map(|demand| demand.window).chain(outages);
        let mut days: Vec<NaiveDate> = windows
            .flat_map(|window| [Some(window.from), window.to])
            .flatten()
            .collect();
        let (first, last) = (*days.iter().min().unwrap(), *days.iter().max().unwrap());
        let months = (0..).map(|days| first + Days::new(days));
        let months = months.take_while(|day| *day < last + Days::new(400));
        days.extend(months.filter(|day| day.day() == 1));
        days.sort_unstable();
        days.dedup();
        let zones = days.iter().map(|day| zones(site, *day)).collect();
        Self {
            site,
            families: families.to_vec(),
            days,
            zones,
            effort: Cell::new(EFFORT),
        }
    }

    /// The most units of the request up to its own, beside bookings that may move unless
    /// assigned; `None` where there is too much to try.
    pub fn most(
        site: &Site,
        families: &[Reason],
        bookings: &[Booking],
        request: &Demand,
    ) -> Option<u32> {
        let mut demands: Vec<&Demand> = bookings.iter().map(|booking| &booking.demand).collect();
        demands.push(request);
        let oracle = Oracle::new(site, families, &demands);
        let fixed = bookings.iter().filter(|booking| booking.assigned);
        let held: Vec<Held> = fixed
            .map(|b| (b.demand.clone(), b.witness.clone()))
            .collect();
        let loose: Vec<&Demand> = bookings
            .iter()
            .filter(|b| !b.assigned)
            .map(|b| &b.demand)
            .collect();
        let fits = |units: &u32| {
            let request = Demand {
                units: *units,
                ..request.clone()
            };
            let mut all = vec![&request];
            all.extend(&loose);
            oracle.fits(&mut held.clone(), &all)
        };
        let most = (1..=request.units).rev().find(fits).unwrap_or(0);
        (oracle.effort.get() > 0).then_some(most)
    }

    /// The most of each part in turn, all before it kept whole.
    pub fn most_each(site: &Site, bookings: &[Booking], parts: &[Demand]) -> Option<Vec<u32>> {
        let mut all = bookings.to_vec();
        let mut units = vec![];
        for part in parts {
            let most = Self::most(site, &FAMILIES, &all, part)?;
            units.push(most);
            all.push(loose(part, most));
        }
        Some(units)
    }

    /// Whether all parts fit in full with only these families' limits.
    pub fn all_fit(
        site: &Site,
        families: &[Reason],
        bookings: &[Booking],
        parts: &[Demand],
    ) -> Option<bool> {
        let (last, first) = parts.split_last()?;
        let mut all = bookings.to_vec();
        all.extend(first.iter().map(|part| loose(part, part.units)));
        Self::most(site, families, &all, last).map(|most| most == last.units)
    }

    /// Whether all the demands can be placed beside what is held.
    pub fn fits(&self, held: &mut Vec<Held>, demands: &[&Demand]) -> bool {
        let Some((first, rest)) = demands.split_first() else {
            return self.holds(held);
        };
        held.push(((*first).clone(), vec![]));
        let found = self.place(held, &self.spots(first), first.units, rest);
        held.pop();
        found
    }

    fn place(
        &self,
        held: &mut Vec<Held>,
        spots: &[(usize, Option<Leg>)],
        units: u32,
        rest: &[&Demand],
    ) -> bool {
        self.effort.set(self.effort.get().saturating_sub(1));
        if self.effort.get() == 0 {
            return false;
        }
        if units == 0 {
            return self.fits(held, rest);
        }
        let Some((&(rack, leg), others)) = spots.split_first() else {
            return false;
        };
        for here in 0..=units {
            held.last_mut().unwrap().1.push(Piece {
                rack,
                leg,
                units: here,
            });
            let holds = self.holds(held);
            let found = holds && self.place(held, others, units - here, rest);
            held.last_mut().unwrap().1.pop();
            if found || !holds {
                return found;
            }
        }
        false
    }

    fn spots(&self, demand: &Demand) -> Vec<(usize, Option<Leg>)> {
        let mut spots = vec![];
        for (at, rack) in self.site.racks.iter().enumerate() {
            let hall = demand
                .racks
                .as_ref()
                .is_none_or(|racks| racks.contains(&at));
            if !hall || self.site.zones[rack.zone].kind != demand.cooling || !self.suits(at, demand)
            {
                continue;
            }
            let whole = demand.needs.slots_each == SlotsEach::WholeRack;
            match (demand.supply, rack.phase) {
                (Supply::Single, RackPhase::Three) if whole => {}
                (Supply::Three, RackPhase::Three) => spots.push((at, None)),
                (Supply::Three, _) => {}
                (Supply::Single, RackPhase::Three) => {
                    spots.extend([Leg::L1, Leg::L2, Leg::L3].map(|leg| (at, Some(leg))));
                }
                (Supply::Single, phase) => spots.push((at, phase.leg())),
            }
        }
        spots
    }

    fn suits(&self, at: usize, demand: &Demand) -> bool {
        let rack = &self.site.racks[at];
        let two = rack.feeds.1.is_some();
        let spare = self.site.zones[rack.zone].spare_units > 0;
        let apart = (0..self.site.nodes.len()).all(|node| {
            let both = rack
                .feeds
                .1
                .is_some_and(|second| self.rises(rack.feeds.0, node) && self.rises(second, node));
            !both || self.site.nodes[node].grid
        });
        let rule = match demand.needs.redundancy {
            Redundancy::N => true,
            Redundancy::NPlusOne => two && spare,
            Redundancy::TwoN => two && spare && apart,
        };
        rule && (two || !demand.needs.two_feeds)
    }

    fn holds(&self, held: &[Held]) -> bool {
        self.days.iter().enumerate().all(|(at, &day)| {
            let alive: Vec<&Held> = held
                .iter()
                .filter(|(demand, _)| demand.window.contains(day))
                .collect();
            self.families.iter().all(|family| match family {
                Reason::Space => self.space(&alive),
                Reason::Power => self.power(&alive, day),
                _ => self.cooling(&alive, at),
            })
        })
    }

    fn sum(
        alive: &[&Held],
        on: impl Fn(usize) -> bool,
        each: impl Fn(&Demand, &Piece) -> i64,
    ) -> i64 {
        let all = alive
            .iter()
            .flat_map(|(demand, pieces)| pieces.iter().map(move |p| (demand, p)));
        all.filter(|(_, piece)| on(piece.rack))
            .map(|(d, p)| each(d, p) * i64::from(p.units))
            .sum()
    }

    /// Thirds of a watt of one machine on a leg.
    fn on_leg(demand: &Demand, piece: &Piece, leg: Leg) -> i64 {
        match piece.leg {
            None => demand.watts_each.0,
            Some(own) if own == leg => 3 * demand.watts_each.0,
            Some(_) => 0,
        }
    }

    fn space(&self, alive: &[&Held]) -> bool {
        self.site.racks.iter().enumerate().all(|(at, rack)| {
            let legs = Leg::ALL.iter().all(|&leg| {
                let capacity = if rack.phase == RackPhase::Three {
                    rack.limit.0
                } else {
                    3 * rack.limit.0
                };
                Self::sum(alive, |on| on == at, |d, p| Self::on_leg(d, p, leg)) <= capacity
            });
            let slots = |demand: &Demand, _: &Piece| match demand.needs.slots_each {
                SlotsEach::One => 1,
                SlotsEach::WholeRack => i64::from(rack.slots),
            };
            legs && Self::sum(alive, |on| on == at, slots) <= i64::from(rack.slots)
        })
    }

    fn power(&self, alive: &[&Held], day: NaiveDate) -> bool {
        (0..self.site.nodes.len()).all(|node| {
            let out = self
                .site
                .outages
                .iter()
                .any(|o| o.node == node && o.window.contains(day));
            Leg::ALL.iter().all(|&leg| {
                let capacity = if out {
                    0
                } else {
                    self.site.nodes[node].legs[leg as usize]
                };
                let under = |rack: usize| self.above(rack, node);
                Self::sum(alive, under, |d, p| Self::on_leg(d, p, leg)) <= capacity
            })
        })
    }

    fn above(&self, rack: usize, node: usize) -> bool {
        let (first, second) = self.site.racks[rack].feeds;
        self.rises(first, node) || second.is_some_and(|second| self.rises(second, node))
    }

    fn rises(&self, feed: usize, node: usize) -> bool {
        let mut at = Some(feed);
        while at.is_some_and(|at| at != node) {
            at = at.and_then(|at| self.site.nodes[at].parent);
        }
        at.is_some()
    }

    fn cooling(&self, alive: &[&Held], at: usize) -> bool {
        self.zones[at].iter().enumerate().all(|(zone, capacity)| {
            let here = |rack: usize| self.site.racks[rack].zone == zone;
            Self::sum(alive, here, |demand, _| demand.watts_each.0) <= *capacity
        })
    }
}

fn zones(site: &Site, day: NaiveDate) -> Vec<i64> {
    let capacity = |zone: &CoolingZone| {
        let mut units: Vec<i64> = zone.units.iter().map(|unit| unit.0).collect();
        for _ in 0..zone.spare_units {
            let largest = units.iter().copied().max();
            units
                .iter()
                .position(|unit| Some(*unit) == largest)
                .map(|at| units.remove(at));
        }
        let whole = Decimal::from(units.iter().sum::<i64>());
        (whole * zone.derate[day.month0() as usize])
            .floor()
            .to_i64()
            .unwrap()
    };
    site.zones.iter().map(capacity).collect()
}
