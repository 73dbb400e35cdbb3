//! What is nearly sold out today: power nodes and cooling zones.

use super::house::House;
use crate::db::Conn;
use crate::domain::calendar::Instant;
use crate::domain::ids::SiteId;
use crate::domain::leasing::place;
use crate::error::Result;

/// From this share of its capacity on, a resource is near its limit.
pub const NEAR_PERCENT: i64 = 90;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Node,
    Zone,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Near {
    pub kind: Kind,
    pub name: String,
    /// Of its fullest leg, or of the zone.
    pub percent: i64,
}

/// Fullest first.
pub fn near(conn: &mut Conn, site: SiteId, now: Instant) -> Result<Vec<Near>> {
    let house = House::load(conn, site, now)?;
    let book = house.book(conn, now)?;
    let there = place::capacity_on(&house.plan, house.today);
    let sold = place::usage_on(&house.plan, &book.bookings, house.today);
    let percent = |sold: i64, there: i64| {
        if there > 0 {
            sold.saturating_mul(100) / there
        } else {
            0
        }
    };
    let nodes = house.nodes.iter().enumerate().map(|(at, node)| {
        let legs = (0..3).map(|leg| percent(sold.legs[at][leg], there.legs[at][leg]));
        Near {
            kind: Kind::Node,
            name: node.name.clone(),
            percent: legs.max().unwrap_or(0),
        }
    });
    let zones = house.zones.iter().enumerate().map(|(at, zone)| Near {
        kind: Kind::Zone,
        name: zone.name.clone(),
        percent: percent(sold.zones[at].0, there.zones[at].0),
    });
    let mut found: Vec<Near> = nodes
        .chain(zones)
        .filter(|near| near.percent >= NEAR_PERCENT)
        .collect();
    found.sort_by_key(|near| std::cmp::Reverse(near.percent));
    Ok(found)
}
