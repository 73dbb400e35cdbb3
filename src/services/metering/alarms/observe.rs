//! What is looked at: how long meters are silent, what leases draw, what a month's balance lacks.

use super::legs;
use crate::db::metering::drawn::Among;
use crate::db::metering::watched::{self, Spoken, Stands};
use crate::db::site::sites::Site;
use crate::db::{Conn, Db};
use crate::domain::calendar::{Instant, Month, Zone};
use crate::domain::ids::*;
use crate::domain::metering::alarm::Kind;
use crate::domain::metering::balance::Verdict;
use crate::domain::metering::meter::Reads;
use crate::domain::units::Watts;
use crate::error::Result;
use crate::services::metering::balance;
use crate::services::metering::curve::Subject;
use crate::services::metering::loads;
use crate::services::site::drawn::taken;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A value at a moment. What is still there and not measured has none: nothing changes by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub kind: Kind,
    pub subject: String,
    pub label: String,
    pub at: Instant,
    pub value: Option<i64>,
}

/// Everything that these kinds watch at a site.
pub fn observe(
    db: &Db,
    conn: &mut Conn,
    site: &Site,
    kinds: &[Kind],
    now: Instant,
) -> Result<Vec<Seen>> {
    let mut seen = vec![];
    let today = site.zone().date(now);
    let wanted = |some: &[Kind]| some.iter().any(|kind| kinds.contains(kind));
    let of_leases = wanted(&[Kind::OverAllocation, Kind::IdleRack]);
    let of_legs = wanted(&[Kind::LegOver, Kind::LegImbalance]);
    let racks = match of_leases || of_legs {
        true => racks(conn, site, now)?,
        false => HashMap::new(),
    };
    if kinds.contains(&Kind::Silent) {
        let spoken = watched::spoken(conn, site.id, today)?;
        seen.extend(spoken.iter().map(|it| silent(it, site.zone(), now)));
    }
    if of_leases {
        for lease in leases(conn, site, &racks, now)? {
            seen.extend(kinds.iter().filter_map(|kind| lease.seen(*kind, now)));
        }
    }
    if of_legs {
        seen.extend(legs::observe(db, conn, site, &racks, kinds, now)?);
    }
    if kinds.contains(&Kind::Unaccounted) {
        let found = balance::of_month(conn, site.id, Month::of(today), now)?;
        seen.extend(found.balance.nodes.into_iter().map(|node| {
            let value = match node.verdict {
                Verdict::Lost => Some(node.own.0 / 1_000),
                Verdict::Adds | Verdict::Gained => Some(0),
                Verdict::Unknown => None,
            };
            Seen {
                kind: Kind::Unaccounted,
                subject: Subject::Node(NodeId(node.id)).code(),
                label: node.name,
                at: now,
                value,
            }
        }));
    }
    Ok(seen)
}

/// Whole minutes since it spoke. A display is read when somebody reads it: what counts is how much
/// longer than the time before.
fn silent(meter: &Spoken, zone: Zone, now: Instant) -> Seen {
    let begun = zone.start_of(meter.from_date);
    let since = match meter.reads {
        Reads::Interval => Some(meter.last_at.map_or(begun, |last| last.max(begun))),
        Reads::Register => meter
            .shown_at
            .zip(meter.shown_before)
            .map(|(last, before)| last.plus_seconds(last.0 - before.0)),
    };
    Seen {
        kind: Kind::Silent,
        subject: Subject::Meter(meter.id).code(),
        label: meter.code.clone(),
        at: now,
        value: since.map(|since| (now.0 - since.0).max(0) / 60),
    }
}

/// A lease that runs, what its machines may draw, and what they drew.
struct Lease {
    id: LeaseId,
    number: String,
    allocated: Watts,
    drawn: Option<Drawn>,
}

/// Mean power of an interval, and when that ended.
#[derive(Clone, Copy)]
pub(super) struct Drawn {
    pub watts: Watts,
    pub end: Instant,
}

impl Lease {
    fn seen(&self, kind: Kind, now: Instant) -> Option<Seen> {
        let of_hundred = |watts: Watts| watts.0.saturating_mul(100);
        let allocated = self.allocated.0.max(1);
        let value = |drawn: Drawn| match kind {
            // Both count a part of a percent as one that is passed.
            Kind::OverAllocation => Some((of_hundred(drawn.watts) + allocated - 1) / allocated),
            Kind::IdleRack => Some(100 - of_hundred(drawn.watts) / allocated),
            _ => None,
        };
        if !matches!(kind, Kind::OverAllocation | Kind::IdleRack) {
            return None;
        }
        Some(Seen {
            kind,
            subject: Subject::Lease(self.id).code(),
            label: self.number.clone(),
            at: self.drawn.map_or(now, |it| it.end),
            value: self.drawn.and_then(value),
        })
    }
}

/// What the meters of each rack said last, together.
fn racks(conn: &mut Conn, site: &Site, now: Instant) -> Result<HashMap<RackId, Drawn>> {
    let taken = taken(now, site.zone().date(now));
    let mut racks: HashMap<RackId, Drawn> = HashMap::new();
    for (rack, measured) in loads::last_of_racks(conn, Among::Site(site.id), taken)? {
        let of_meter = Drawn {
            watts: measured.power(),
            end: measured.end,
        };
        let sum = racks.get(&rack).map_or(of_meter, |it| it.with(of_meter));
        racks.insert(rack, sum);
    }
    Ok(racks)
}

/// By what was settled, or by the meters of racks that a lease has to itself: whichever is later.
fn leases(
    conn: &mut Conn,
    site: &Site,
    racks: &HashMap<RackId, Drawn>,
    now: Instant,
) -> Result<Vec<Lease>> {
    let today = site.zone().date(now);
    let (among, taken) = (Among::Site(site.id), taken(now, today));
    let mut settled: HashMap<LeaseId, Drawn> = HashMap::new();
    for (lease, measured) in loads::last_of_leases(conn, among, taken)? {
        let (watts, end) = (measured.power(), measured.end);
        settled.insert(lease, Drawn { watts, end });
    }
    let standing = watched::standing(conn, site.id, today)?;
    let mut holders: HashMap<RackId, BTreeSet<LeaseId>> = HashMap::new();
    let mut of_lease: BTreeMap<LeaseId, Vec<Stands>> = BTreeMap::new();
    for it in standing {
        holders.entry(it.rack_id).or_default().insert(it.lease_id);
        of_lease.entry(it.lease_id).or_default().push(it);
    }
    let found = of_lease.into_iter().map(|(id, places)| {
        let measured = own_racks(&places, &holders, racks);
        let both = [settled.get(&id).copied(), measured];
        Lease {
            id,
            number: places[0].number.clone(),
            allocated: places.iter().map(Stands::watts).sum(),
            drawn: both.into_iter().flatten().max_by_key(|it| it.end),
        }
    });
    Ok(found.collect())
}

impl Drawn {
    fn with(self, other: Self) -> Self {
        Self {
            watts: Watts(self.watts.0.saturating_add(other.watts.0)),
            end: self.end.min(other.end),
        }
    }
}

/// All racks of a lease together, where it has each to itself and all are measured.
fn own_racks(
    places: &[Stands],
    holders: &HashMap<RackId, BTreeSet<LeaseId>>,
    racks: &HashMap<RackId, Drawn>,
) -> Option<Drawn> {
    let of: BTreeSet<RackId> = places.iter().map(|it| it.rack_id).collect();
    let mut sum: Option<Drawn> = None;
    for rack in of {
        if holders.get(&rack)?.len() > 1 {
            return None;
        }
        let drawn = *racks.get(&rack)?;
        sum = Some(sum.map_or(drawn, |it| it.with(drawn)));
    }
    sum
}
