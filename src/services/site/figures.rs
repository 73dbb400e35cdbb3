//! What a site has and what of it is sold: read for its pages.

use crate::db::Conn;
use crate::db::site::power::PowerNode;
use crate::domain::calendar::{Instant, Month};
use crate::domain::ids::{HallId, NodeId, SiteId};
use crate::domain::leasing::place::{self, Usage};
use crate::domain::units::Watts;
use crate::error::Result;
use crate::services::leasing::house::{Book, House, legs};
use chrono::NaiveDate;
use std::collections::HashMap;

/// A site on a day: capacity after outages and derating, and what the live bookings take of it.
pub struct Figures {
    pub house: House,
    pub book: Book,
    pub day: NaiveDate,
    pub capacity: Usage,
    pub sold: Usage,
}

/// What there is of something, and what of it is sold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    pub usable: Watts,
    pub sold: Watts,
}

impl Load {
    pub fn free(self) -> Watts {
        Watts((self.usable.0 - self.sold.0).max(0))
    }

    /// Whole percents sold, rounded up: 100 only where nothing is left.
    pub fn percent(self) -> i64 {
        match (self.usable.0, self.sold.0) {
            (_, 0) => 0,
            (usable, _) if usable <= 0 => 101,
            (usable, sold) if sold >= usable => sold * 100 / usable,
            (usable, sold) => (sold * 100 / usable).max(1),
        }
    }
}

/// A node, its three legs, and how deep it stands in the tree.
#[derive(Clone, Debug)]
pub struct NodeLoad {
    /// Its position in `house.nodes`.
    pub at: usize,
    pub depth: usize,
    pub whole: Load,
    pub legs: [Load; 3],
}

impl NodeLoad {
    pub(super) fn of(at: usize, depth: usize, usable: [i64; 3], sold: [i64; 3]) -> Self {
        Self {
            at,
            depth,
            whole: load(usable.iter().sum(), sold.iter().sum()),
            legs: [0, 1, 2].map(|leg| load(usable[leg], sold[leg])),
        }
    }
}

/// A hall's racks together.
pub struct HallLoad {
    pub id: HallId,
    pub name: String,
    pub racks: usize,
    pub load: Load,
}

impl Figures {
    pub fn load(conn: &mut Conn, site: SiteId, now: Instant) -> Result<Self> {
        Self::on(conn, site, now, None)
    }

    /// On a local day, as it looks at `now`; today where none is given.
    pub fn on(conn: &mut Conn, site: SiteId, now: Instant, day: Option<NaiveDate>) -> Result<Self> {
        let house = House::load(conn, site, now)?;
        let book = house.book(conn, now)?;
        let day = day.unwrap_or(house.today);
        let capacity = place::capacity_on(&house.plan, day);
        let sold = place::usage_on(&house.plan, &book.bookings, day);
        Ok(Self {
            house,
            book,
            day,
            capacity,
            sold,
        })
    }

    /// All the power that comes in.
    pub fn power(&self) -> Load {
        let roots =
            (0..self.house.nodes.len()).filter(|&at| self.house.plan.nodes[at].parent.is_none());
        roots.fold(Load::default(), |sum, at| sum + self.node(at, 0).whole)
    }

    pub fn cooling(&self) -> Load {
        Load {
            usable: self.capacity.zones.iter().copied().sum(),
            sold: self.sold.zones.iter().copied().sum(),
        }
    }

    /// All racks' limits.
    pub fn racks(&self) -> Load {
        (0..self.house.racks.len()).fold(Load::default(), |sum, at| sum + self.rack(at))
    }

    /// The racks of each hall.
    pub fn halls(&self) -> Vec<HallLoad> {
        let halls = self.house.halls.iter().map(|hall| {
            let racks = self.house.racks_of_hall(hall.id);
            HallLoad {
                id: hall.id,
                name: hall.name.clone(),
                racks: racks.len(),
                load: racks
                    .iter()
                    .fold(Load::default(), |sum, &at| sum + self.rack(at)),
            }
        });
        halls.collect()
    }

    pub fn rack(&self, at: usize) -> Load {
        Load {
            usable: self.capacity.racks[at].watts,
            sold: self.sold.racks[at].watts,
        }
    }

    pub fn zone(&self, at: usize) -> Load {
        Load {
            usable: self.capacity.zones[at],
            sold: self.sold.zones[at],
        }
    }

    /// What the scarcest of power, cooling and racks leaves.
    pub fn free(&self) -> Watts {
        let all = [self.power(), self.cooling(), self.racks()];
        all.map(Load::free).into_iter().min().unwrap_or_default()
    }

    /// Thirds of a watt become watts, rounded down for what there is and up for what is sold.
    pub fn node(&self, at: usize, depth: usize) -> NodeLoad {
        NodeLoad::of(at, depth, self.capacity.legs[at], self.sold.legs[at])
    }

    /// What a node is rated for as a whole, before the share that may be sold.
    pub fn rated(&self, at: usize) -> Result<Watts> {
        let bare = PowerNode {
            usable: "1".to_owned(),
            ..self.house.nodes[at].clone()
        };
        Ok(load(legs(&bare)?.iter().sum(), 0).usable)
    }

    /// Every node under its parent, the whole tree from the grid down, names in order.
    pub fn tree(&self) -> Vec<NodeLoad> {
        let order = in_tree(&self.house).into_iter();
        order.map(|(at, depth)| self.node(at, depth)).collect()
    }

    /// A node and all above it, up to the grid.
    pub fn chain(&self, id: NodeId) -> Vec<NodeLoad> {
        let mut at = self.house.node_position(id);
        let mut chain = vec![];
        while let Some(here) = at {
            chain.push(self.node(here, 0));
            at = self.house.plan.nodes[here].parent;
        }
        chain
    }

    /// Each zone's months: what it removes then, and the most that is sold in it on any day.
    pub fn zone_months(&self, first: Month, count: usize) -> Vec<Vec<(Month, Load)>> {
        let mut months = vec![vec![]; self.house.zones.len()];
        let mut month = first;
        for _ in 0..count {
            let usable = place::capacity_on(&self.house.plan, month.first()).zones;
            let sold = self.zone_peaks(month);
            for (zone, row) in months.iter_mut().enumerate() {
                let load = Load {
                    usable: usable[zone],
                    sold: sold[zone],
                };
                row.push((month, load));
            }
            month = month.next();
        }
        months
    }

    /// The load only rises where a booking starts: those days and the first are enough.
    fn zone_peaks(&self, month: Month) -> Vec<Watts> {
        let starts = self.book.bookings.iter().map(|b| b.demand.window.from);
        let mut days: Vec<NaiveDate> = starts.filter(|day| month.window().contains(*day)).collect();
        days.push(month.first());
        days.sort_unstable();
        days.dedup();
        let mut peaks = vec![Watts::ZERO; self.house.zones.len()];
        for day in days {
            for (peak, sold) in peaks.iter_mut().zip(self.zones_on(day)) {
                *peak = sold.max(*peak);
            }
        }
        peaks
    }

    fn zones_on(&self, day: NaiveDate) -> Vec<Watts> {
        let mut sold = vec![Watts::ZERO; self.house.zones.len()];
        let live = self
            .book
            .bookings
            .iter()
            .filter(|b| b.demand.window.contains(day));
        for booking in live {
            for piece in &booking.witness {
                let watts = booking.demand.watts_each.0 * i64::from(piece.units);
                sold[self.house.plan.racks[piece.rack].zone] += Watts(watts);
            }
        }
        sold
    }
}

/// Every node under its parent, from the grid down, names in order: its position and its depth.
pub(super) fn in_tree(house: &House) -> Vec<(usize, usize)> {
    let mut order: Vec<usize> = (0..house.nodes.len()).collect();
    order.sort_by_cached_key(|&at| natural(&house.nodes[at].name));
    let mut under: HashMap<Option<usize>, Vec<usize>> = HashMap::new();
    for at in order {
        under
            .entry(house.plan.nodes[at].parent)
            .or_default()
            .push(at);
    }
    let mut rows = vec![];
    let mut open: Vec<(usize, usize)> = vec![];
    let push = |open: &mut Vec<(usize, usize)>, parent: Option<usize>, depth: usize| {
        let children = under.get(&parent).into_iter().flatten().rev();
        open.extend(children.map(|&at| (at, depth)));
    };
    push(&mut open, None, 0);
    while let Some((at, depth)) = open.pop() {
        rows.push((at, depth));
        push(&mut open, Some(at), depth + 1);
    }
    rows
}

impl std::ops::Add for Load {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            usable: self.usable + other.usable,
            sold: self.sold + other.sold,
        }
    }
}

pub(super) fn load(usable: i64, sold: i64) -> Load {
    Load {
        usable: Watts(usable / 3),
        sold: Watts((sold + 2) / 3),
    }
}

/// Orders `P-2` before `P-10`: runs of digits count as numbers.
pub fn natural(name: &str) -> Vec<(String, u64)> {
    let mut parts = vec![];
    let mut rest = name;
    while !rest.is_empty() {
        let digits = rest
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(rest.len());
        let (text, tail) = rest.split_at(digits);
        let end = tail
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(tail.len());
        parts.push((text.to_lowercase(), tail[..end].parse().unwrap_or(0)));
        rest = &tail[end..];
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_numbers_stand_in_the_order_people_count() {
        let mut names = ["Щ-10", "Щ-2.10", "Щ-2.9", "щ-1", "А"];
        names.sort_by_key(|name| natural(name));
        assert_eq!(names, ["А", "щ-1", "Щ-2.9", "Щ-2.10", "Щ-10"]);
    }

    #[test]
    fn a_leg_without_power_is_over_its_limit_as_soon_as_something_is_sold() {
        assert_eq!(load(0, 0).percent(), 0);
        assert_eq!(load(0, 3_000).percent(), 101);
        assert_eq!(load(300_000, 300).percent(), 1);
        assert_eq!(load(300_000, 299_997).percent(), 99);
        assert_eq!(load(300_000, 300_000).percent(), 100);
    }
}
