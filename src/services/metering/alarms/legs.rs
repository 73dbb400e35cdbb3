//! What the legs of power nodes draw, held against what they may carry and against each other.

use super::observe::{Drawn, Seen};
use crate::db::metering::watched;
use crate::db::site::power::PowerNode;
use crate::db::site::sites::Site;
use crate::db::{Conn, Db};
use crate::domain::calendar::Instant;
use crate::domain::ids::{NodeId, RackId};
use crate::domain::leasing::place;
use crate::domain::metering::alarm::Kind;
use crate::domain::metering::legs::{imbalance_percent, load_percent};
use crate::domain::site::{Leg, NodeKind};
use crate::domain::units::Watts;
use crate::error::Result;
use crate::services::leasing::house::House;
use crate::services::leasing::ready::Ready;
use crate::services::metering::curve::Subject;
use crate::services::site::drawn::{Occupancy, legs_by_node};
use std::collections::HashMap;

/// The node that an alarm about legs is about: `node-3`, or `node-3-L2` for one of its legs.
pub fn node_of(subject: &str) -> Option<NodeId> {
    let whole = match subject.rsplit_once('-') {
        Some((node, leg)) if Leg::parse(leg).is_some() => node,
        _ => subject,
    };
    match Subject::parse(whole) {
        Some(Subject::Node(id)) => Some(id),
        _ => None,
    }
}

/// Each leg of each node, and the balance of each panel and feed.
pub(super) fn observe(
    db: &Db,
    conn: &mut Conn,
    site: &Site,
    racks: &HashMap<RackId, Drawn>,
    kinds: &[Kind],
    now: Instant,
) -> Result<Vec<Seen>> {
    let ready = Ready::load(db, conn, site.id, now)?;
    let house = &ready.house;
    let there = Occupancy {
        reservations: &ready.reservations,
        bookings: ready.standing.bookings(),
        machines: &watched::on_legs(conn, site.id)?,
    };
    let drawn: HashMap<RackId, Watts> = racks.iter().map(|(id, it)| (*id, it.watts)).collect();
    let legs = legs_by_node(house, &there, house.today, &drawn);
    let ends = ends(house, racks);
    let mut seen = vec![];
    for (at, node) in house.nodes.iter().enumerate() {
        let usable = house.plan.nodes[at].legs;
        let at = (legs[at], ends[at].unwrap_or(now));
        if kinds.contains(&Kind::LegOver) {
            seen.extend(
                Leg::ALL
                    .iter()
                    .filter_map(|leg| over(node, *leg, usable, at)),
            );
        }
        let balanced = matches!(node.kind, NodeKind::Panel | NodeKind::Feed);
        if kinds.contains(&Kind::LegImbalance) && balanced {
            seen.extend(imbalance(node, usable, at));
        }
    }
    Ok(seen)
}

/// When the latest interval under each node ended.
fn ends(house: &House, racks: &HashMap<RackId, Drawn>) -> Vec<Option<Instant>> {
    let mut ends = vec![None; house.nodes.len()];
    for (at, row) in house.racks.iter().enumerate() {
        if let Some(it) = racks.get(&row.id) {
            for node in place::chain(&house.plan, at) {
                ends[node] = ends[node].max(Some(it.end));
            }
        }
    }
    ends
}

/// `None`: the node has no such leg.
fn over(
    node: &PowerNode,
    leg: Leg,
    usable: [i64; 3],
    (drawn, at): (Option<[Watts; 3]>, Instant),
) -> Option<Seen> {
    let usable = usable[leg.index()];
    let percent = |legs: [Watts; 3]| load_percent(legs[leg.index()], usable);
    (usable > 0).then(|| Seen {
        kind: Kind::LegOver,
        subject: format!("{}-{leg}", Subject::Node(node.id).code()),
        label: format!("{} · {leg}", node.name),
        at,
        value: drawn.and_then(percent),
    })
}

/// `None`: the node has not all three legs.
fn imbalance(
    node: &PowerNode,
    usable: [i64; 3],
    (drawn, at): (Option<[Watts; 3]>, Instant),
) -> Option<Seen> {
    imbalance_percent([Watts::ZERO; 3], usable)?;
    Some(Seen {
        kind: Kind::LegImbalance,
        subject: Subject::Node(node.id).code(),
        label: node.name.clone(),
        at,
        value: drawn.and_then(|legs| imbalance_percent(legs, usable)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leg_is_of_its_node() {
        assert_eq!(node_of("node-3-L2"), Some(NodeId(3)));
        assert_eq!(node_of("node-3"), Some(NodeId(3)));
        assert_eq!(node_of("lease-3"), None);
        assert_eq!(node_of("node-L2"), None);
    }
}
