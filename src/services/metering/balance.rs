//! The energy balance of a site's month, with all that it is made of.

use super::served::{self, Served};
use crate::db::metering::days::{self, Total};
use crate::db::metering::losses::{self, Losses};
use crate::db::metering::meters::{self, Meter};
use crate::db::metering::usage;
use crate::db::site::power::{self, PowerNode};
use crate::db::site::racks::{self, Rack};
use crate::db::site::sites;
use crate::db::trail::Change;
use crate::db::{Chain, Conn, Db};
use crate::domain::calendar::{Instant, Month, Zone};
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::*;
use crate::domain::metering::balance::{Balance, Branch, Leaf, LeafKind, Metered, balance};
use crate::domain::metering::meter::Purpose;
use crate::domain::units::WattHours;
use crate::error::{Error, Result, require};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A month of a site, so far as it has passed.
#[derive(Clone, Debug)]
pub struct SiteBalance {
    pub balance: Balance,
    /// Nodes in the order of the tree, with how deep each stands.
    pub tree: Vec<(PowerNode, usize)>,
    /// Racks with something sold on them and no meter.
    pub unmetered: Vec<String>,
    pub heat: WattHours,
    pub losses: HashMap<NodeId, Decimal>,
    /// The first date that is not in it.
    pub until: NaiveDate,
}

/// Class of a meter whose instrument states none: percent.
const USUAL_CLASS: Decimal = Decimal::ONE;

/// Reads the days of all meters of the site; an open month up to the last whole date.
pub fn of_month(conn: &mut Conn, site: SiteId, month: Month, now: Instant) -> Result<SiteBalance> {
    let zone = sites::get(conn, site)?.zone();
    let until = month.end().min(zone.date(now)).max(month.first());
    let all = meters::of_site(conn, site)?;
    let served = served::with_devices(conn, all.clone())?;
    let totals = days::totals(conn, site, month.first(), until)?.into_iter();
    let sums: HashMap<MeterId, Total> = totals.map(|it| (it.meter_id, it)).collect();
    let serving = all
        .iter()
        .filter(|it| it.from_date < until && it.to_date.is_none_or(|to| to > month.first()));
    let period = Period {
        zone,
        from: month.first(),
        until,
        served: &served,
        sums: &sums,
    };
    let serving: Vec<&Meter> = serving.collect();
    let nodes = power::of_site(conn, site)?;
    let racks = racks::of_site(conn, site)?;
    let sold = sold(conn, &racks, month, until)?;
    let losses = losses::of_site(conn, site)?;
    let parents: Parents = nodes.iter().map(|it| (it.id, it.parent_id)).collect();
    let (leaves, unmetered) = leaves(&period, &serving, &parents, &racks, &sold);
    let branches = branches(&period, &serving, (&nodes, &parents), &losses, &leaves);
    let heat = serving.iter().filter(|it| it.purpose == Purpose::Heat);
    Ok(SiteBalance {
        balance: balance(&branches, &leaves),
        heat: heat.map(|it| period.wh(it)).sum(),
        tree: in_order(&nodes),
        unmetered,
        losses,
        until,
    })
}

/// Racks on which a lease stands within the month.
fn sold(
    conn: &mut Conn,
    racks: &[Rack],
    month: Month,
    until: NaiveDate,
) -> Result<BTreeSet<RackId>> {
    let ids: Vec<RackId> = racks.iter().map(|it| it.id).collect();
    let standing = usage::standing_on(conn, &ids)?.into_iter();
    let within = standing
        .filter(|it| it.start_date < until && it.end_date.is_none_or(|end| end > month.first()));
    Ok(within.map(|it| it.rack_id).collect())
}

/// What each node hangs on.
type Parents = HashMap<NodeId, Option<NodeId>>;

struct Period<'a> {
    zone: Zone,
    from: NaiveDate,
    until: NaiveDate,
    served: &'a HashMap<MeterId, Served>,
    sums: &'a HashMap<MeterId, Total>,
}

impl Period<'_> {
    fn wh(&self, meter: &Meter) -> WattHours {
        let sum = self.sums.get(&meter.id);
        sum.map_or(WattHours::ZERO, |it| it.wh)
    }

    /// Whether something is known of all the time in which it served.
    fn complete(&self, meter: &Meter) -> bool {
        let from = self.zone.start_of(self.from.max(meter.from_date));
        let to = meter.to_date.map_or(self.until, |to| to.min(self.until));
        let seconds = self.zone.start_of(to).0 - from.0;
        self.sums.get(&meter.id).map_or(0, |it| it.seconds) >= seconds
    }

    fn class(&self, meter: &Meter) -> Decimal {
        let device = self.served.get(&meter.id).and_then(|it| it.devices.last());
        device
            .and_then(|it| it.accuracy.parse().ok())
            .unwrap_or(USUAL_CLASS)
    }

    /// Several meters of one place together: the worst class, complete if all are.
    fn together(&self, meters: &[&Meter]) -> Option<Metered> {
        let classes = meters.iter().map(|it| self.class(it));
        Some(Metered {
            class: classes.max()?,
            wh: meters.iter().map(|it| self.wh(it)).sum(),
            complete: meters.iter().all(|it| self.complete(it)),
        })
    }
}

/// What hangs on the nodes, and racks that are sold and not measured. A rack on two feeds hangs on
/// the nearest node above both, for nobody measures how it draws from each.
fn leaves(
    period: &Period,
    serving: &[&Meter],
    parents: &Parents,
    racks: &[Rack],
    sold: &BTreeSet<RackId>,
) -> (Vec<Leaf>, Vec<String>) {
    let mut on_rack: HashMap<RackId, (Vec<&Meter>, Vec<&Meter>)> = HashMap::new();
    for meter in serving.iter().filter(|it| it.purpose == Purpose::Supply) {
        if let Some(rack) = meter.rack_id {
            let (whole, behind) = on_rack.entry(rack).or_default();
            match meter.lease_id {
                None => whole.push(meter),
                Some(_) => behind.push(meter),
            }
        }
    }
    let (mut leaves, mut unmetered) = (vec![], vec![]);
    for rack in racks {
        let node = rack.feed_b.map_or(rack.feed_a, |other| {
            common(parents, rack.feed_a, other).unwrap_or(rack.feed_a)
        });
        // Meters of leases stand for a rack that has none of its own.
        let metered = on_rack.get(&rack.id).and_then(|(whole, behind)| {
            period.together(if whole.is_empty() { behind } else { whole })
        });
        if metered.is_none() {
            if !sold.contains(&rack.id) {
                continue;
            }
            unmetered.push(rack.name.clone());
        }
        leaves.push(leaf(node, LeafKind::Rack, &rack.name, metered));
    }
    for meter in serving.iter().filter(|it| it.purpose.is_auxiliary()) {
        if let Some(node) = meter.node_id {
            let metered = period.together(&[*meter]);
            leaves.push(leaf(node, LeafKind::Auxiliary, &meter.code, metered));
        }
    }
    (leaves, unmetered)
}

fn leaf(node: NodeId, kind: LeafKind, name: &str, metered: Option<Metered>) -> Leaf {
    Leaf {
        node: node.0,
        kind,
        name: name.to_owned(),
        wh: metered.map_or(WattHours::ZERO, |it| it.wh),
        class: metered.map_or(Decimal::ZERO, |it| it.class),
        complete: metered.is_some_and(|it| it.complete),
    }
}

/// The nodes with what their meters said; spare ones, with nothing on them, are left out.
fn branches(
    period: &Period,
    serving: &[&Meter],
    (nodes, parents): (&[PowerNode], &Parents),
    losses: &HashMap<NodeId, Decimal>,
    leaves: &[Leaf],
) -> Vec<Branch> {
    let mut of_node: HashMap<NodeId, Vec<&Meter>> = HashMap::new();
    for meter in serving.iter().filter(|it| it.purpose == Purpose::Supply) {
        if let Some(node) = meter.node_id {
            of_node.entry(node).or_default().push(meter);
        }
    }
    let busy = leaves.iter().map(|it| NodeId(it.node));
    let mut used: BTreeSet<NodeId> = BTreeSet::new();
    for node in busy.chain(of_node.keys().copied()) {
        used.extend(above(parents, node));
    }
    let found = nodes.iter().filter(|it| used.contains(&it.id));
    found
        .map(|node| Branch {
            id: node.id.0,
            parent: node.parent_id.map(|it| it.0),
            name: node.name.clone(),
            metered: of_node.get(&node.id).and_then(|it| period.together(it)),
            losses: losses.get(&node.id).copied().unwrap_or_default(),
        })
        .collect()
}

/// The node and everything above it, upwards.
fn above(parents: &Parents, node: NodeId) -> Vec<NodeId> {
    let mut found = vec![node];
    let mut at = node;
    while let Some(Some(parent)) = parents.get(&at) {
        if found.contains(parent) {
            break;
        }
        found.push(*parent);
        at = *parent;
    }
    found
}

fn common(parents: &Parents, a: NodeId, b: NodeId) -> Option<NodeId> {
    let of_b = above(parents, b);
    above(parents, a).into_iter().find(|it| of_b.contains(it))
}

/// Depth first, as the single line draws it.
fn in_order(nodes: &[PowerNode]) -> Vec<(PowerNode, usize)> {
    let mut below: BTreeMap<Option<NodeId>, Vec<&PowerNode>> = BTreeMap::new();
    for node in nodes {
        below.entry(node.parent_id).or_default().push(node);
    }
    let mut found = vec![];
    let mut stack: Vec<(&PowerNode, usize)> = vec![];
    for top in below.get(&None).into_iter().flatten().rev() {
        stack.push((top, 0));
    }
    while let Some((node, depth)) = stack.pop() {
        found.push((node.clone(), depth));
        for child in below.get(&Some(node.id)).into_iter().flatten().rev() {
            stack.push((child, depth + 1));
        }
    }
    found
}

/// States what a node loses by its nature, in percent of what flows in; none takes it away.
///
/// # Errors
/// `Invalid` outside 0 to 50.
pub fn set_losses(
    db: &Db,
    who: &Actor,
    now: Instant,
    node: NodeId,
    percent: Option<Decimal>,
) -> Result<SiteId> {
    require(who, Permission::EditSite)?;
    if percent.is_some_and(|it| it < Decimal::ZERO || it > Decimal::from(50)) {
        return Err(Error::field("percent", "balance-losses-range"));
    }
    db.write(Chain::Operator, |tx| {
        let node = power::get(tx.conn, node)?;
        let row = |percent: Option<&Decimal>| Losses {
            node_id: node.id,
            site_id: node.site_id,
            percent: percent.map_or(String::new(), Decimal::to_string),
        };
        let before = losses::of_site(tx.conn, node.site_id)?;
        let before = row(before.get(&node.id));
        let after = row(percent.as_ref());
        if before == after {
            return Ok(node.site_id);
        }
        losses::put(tx.conn, &after, percent)?;
        let change = Change {
            action: "losses",
            noun: "node",
            id: node.id.0,
            before: &before,
            after: &after,
        };
        tx.record(who, now, change)?;
        Ok(node.site_id)
    })
}
