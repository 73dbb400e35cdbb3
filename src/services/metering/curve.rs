//! A load curve over any time: of a meter, a rack, a power node, a lease, a tenant or a whole site, in
//! steps that suit its length.

use super::loads::{self, Load};
use super::usage;
use crate::db::identity::tenants;
use crate::db::leasing::{leases, reservations};
use crate::db::metering::{meters, sums};
use crate::db::site::{power, racks, sites};
use crate::db::{Conn, Db};
use crate::domain::calendar::{Instant, Month, Span, Zone};
use crate::domain::ids::*;
use crate::domain::metering::meter::Purpose;
use crate::domain::units::{WattHours, Watts};
use crate::error::Result;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Whose load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Meter(MeterId),
    Rack(RackId),
    Node(NodeId),
    Lease(LeaseId),
    Tenant(TenantId),
    Site(SiteId),
}

impl Subject {
    /// `meter-7`, `lease-12`.
    pub fn parse(text: &str) -> Option<Self> {
        let (noun, id) = text.split_once('-')?;
        let id: i64 = id.parse().ok()?;
        match noun {
            "meter" => Some(Self::Meter(MeterId(id))),
            "rack" => Some(Self::Rack(RackId(id))),
            "node" => Some(Self::Node(NodeId(id))),
            "lease" => Some(Self::Lease(LeaseId(id))),
            "tenant" => Some(Self::Tenant(TenantId(id))),
            "site" => Some(Self::Site(SiteId(id))),
            _ => None,
        }
    }

    pub fn code(self) -> String {
        match self {
            Self::Meter(id) => format!("meter-{id}"),
            Self::Rack(id) => format!("rack-{id}"),
            Self::Node(id) => format!("node-{id}"),
            Self::Lease(id) => format!("lease-{id}"),
            Self::Tenant(id) => format!("tenant-{id}"),
            Self::Site(id) => format!("site-{id}"),
        }
    }
}

/// How long one point of a curve is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// As it was read.
    Interval,
    Hour,
    Day,
    Month,
}

impl Step {
    /// At most about 1 500 points.
    pub fn of_days(days: i64) -> Self {
        match days {
            ..=14 => Self::Interval,
            15..=62 => Self::Hour,
            63..=1_200 => Self::Day,
            _ => Self::Month,
        }
    }
}

/// Energy of `[start, end)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    pub start: Instant,
    pub end: Instant,
    pub wh: WattHours,
    pub estimated_wh: WattHours,
}

impl Point {
    /// Mean power, rounded down to a watt.
    pub fn power(&self) -> Watts {
        let seconds = (self.end.0 - self.start.0).max(1);
        Watts(self.wh.0.saturating_mul(3_600) / seconds)
    }
}

#[derive(Clone, Debug)]
pub struct Curve {
    pub zone: Zone,
    pub step: Step,
    pub points: Vec<Point>,
}

/// What a curve is about: its name, its zone, and the power that it is held to.
#[derive(Clone, Debug)]
pub struct About {
    pub name: String,
    /// `None` of a tenant, whose leases may stand on several.
    pub site: Option<SiteId>,
    pub zone: Zone,
    /// A rack's limit, a lease's nameplate, a node's rating.
    pub limit: Option<Watts>,
    pub tenant: Option<TenantId>,
}

pub fn about(conn: &mut Conn, subject: Subject) -> Result<About> {
    let (name, site, limit, tenant) = match subject {
        Subject::Meter(id) => {
            let meter = meters::get(conn, id)?;
            (meter.code, meter.site_id, None, None)
        }
        Subject::Rack(id) => {
            let rack = racks::get(conn, id)?;
            (rack.name, rack.site_id, Some(rack.limit_watts), None)
        }
        Subject::Node(id) => {
            let node = power::get(conn, id)?;
            (node.name, node.site_id, node.rating_watts, None)
        }
        Subject::Lease(id) => {
            let lease = leases::get(conn, id)?;
            let held = reservations::get(conn, lease.reservation_id)?;
            let plate = Watts(held.units.saturating_mul(held.watts_each.0));
            let tenant = Some(lease.tenant_id);
            (lease.number, lease.site_id, Some(plate), tenant)
        }
        Subject::Tenant(id) => return of_tenant(conn, id),
        Subject::Site(id) => (sites::get(conn, id)?.name, id, None, None),
    };
    Ok(About {
        name,
        site: Some(site),
        zone: sites::get(conn, site)?.zone(),
        limit,
        tenant,
    })
}

/// A tenant's dates are those of the site of its latest lease.
fn of_tenant(conn: &mut Conn, id: TenantId) -> Result<About> {
    let latest = leases::of_tenant(conn, id)?.into_iter().next();
    let zone = match latest {
        Some(lease) => sites::get(conn, lease.site_id)?.zone(),
        None => Zone(chrono_tz::UTC),
    };
    Ok(About {
        name: tenants::get(conn, id)?.name,
        site: None,
        zone,
        limit: None,
        tenant: Some(id),
    })
}

/// Settles what a curve of leases over local dates `[from, to)` reads; of meters there is nothing to
/// settle.
pub fn settle(db: &Db, subject: Subject, days: (NaiveDate, NaiveDate), now: Instant) -> Result<()> {
    if let Summed::Leases(leases) = db.read(|conn| summed(conn, subject))? {
        for lease in leases {
            usage::settle_days(db, lease, days, now)?;
        }
    }
    Ok(())
}

/// What a subject's energy is the sum of.
enum Summed {
    Meters(Vec<MeterId>),
    Leases(Vec<LeaseId>),
}

fn summed(conn: &mut Conn, subject: Subject) -> Result<Summed> {
    Ok(match subject {
        Subject::Lease(id) => Summed::Leases(vec![id]),
        Subject::Tenant(id) => {
            let all = leases::of_tenant(conn, id)?;
            Summed::Leases(all.iter().map(|it| it.id).collect())
        }
        _ => Summed::Meters(meters_of(conn, subject)?),
    })
}

/// The curve of local dates `[from, to)`.
pub fn curve(
    conn: &mut Conn,
    subject: Subject,
    zone: Zone,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Curve> {
    let step = Step::of_days(to.signed_duration_since(from).num_days());
    let span = zone.span_of(from, to);
    let coarse = matches!(step, Step::Day | Step::Month);
    let points = match (summed(conn, subject)?, coarse) {
        (Summed::Meters(ids), true) => of_days(sums::days(conn, &ids, from, to)?, zone),
        (Summed::Leases(ids), true) => of_days(sums::lease_days(conn, &ids, from, to)?, zone),
        (Summed::Meters(ids), false) => of_loads(loads::of_meters(conn, &ids, span)?),
        (Summed::Leases(ids), false) => of_loads(loads::of_leases(conn, &ids, span)?),
    };
    Ok(Curve {
        points: stepped(points, step, zone),
        zone,
        step,
    })
}

fn of_days(days: Vec<sums::DaySum>, zone: Zone) -> Vec<Point> {
    let point = |it: sums::DaySum| {
        let span = zone.span_of(it.day, it.day + chrono::Days::new(1));
        Point {
            start: span.from,
            end: span.to,
            wh: it.wh,
            estimated_wh: it.estimated_wh,
        }
    };
    days.into_iter().map(point).collect()
}

fn of_loads(rows: Vec<Load>) -> Vec<Point> {
    let point = |it: Load| Point {
        start: it.start_at,
        end: it.end_at,
        wh: it.wh,
        estimated_wh: it.estimated_wh,
    };
    rows.into_iter().map(point).collect()
}

/// Points joined to the step: by the time at which they begin.
fn stepped(points: Vec<Point>, step: Step, zone: Zone) -> Vec<Point> {
    if step == Step::Interval {
        return points;
    }
    let mut found: BTreeMap<Instant, Point> = BTreeMap::new();
    for point in points {
        let span = cell(point.start, step, zone);
        let joined = found.entry(span.from).or_insert(Point {
            start: span.from,
            end: span.to,
            wh: WattHours::ZERO,
            estimated_wh: WattHours::ZERO,
        });
        joined.wh += point.wh;
        joined.estimated_wh += point.estimated_wh;
    }
    found.into_values().collect()
}

fn cell(at: Instant, step: Step, zone: Zone) -> Span {
    let day = zone.date(at);
    match step {
        Step::Interval | Step::Hour => {
            let from = Instant(at.0 - at.0.rem_euclid(3_600));
            Span {
                from,
                to: from.plus_seconds(3_600),
            }
        }
        Step::Day => zone.span_of(day, day + chrono::Days::new(1)),
        Step::Month => zone.month_span(Month::of(day)),
    }
}

/// What is summed: of a site the grid's meters or, where it has none, its racks'.
pub(super) fn meters_of(conn: &mut Conn, subject: Subject) -> Result<Vec<MeterId>> {
    let supply = |all: Vec<meters::Meter>| -> Vec<meters::Meter> {
        let supply = all.into_iter();
        supply.filter(|it| it.purpose == Purpose::Supply).collect()
    };
    let whole = |it: &&meters::Meter| it.lease_id.is_none();
    Ok(match subject {
        Subject::Meter(id) => vec![id],
        Subject::Rack(id) => {
            let all = supply(meters::of_rack(conn, id)?);
            all.iter().filter(whole).map(|it| it.id).collect()
        }
        Subject::Node(id) => {
            let site = power::get(conn, id)?.site_id;
            let all = supply(meters::of_site(conn, site)?);
            let of_node = all.iter().filter(|it| it.node_id == Some(id));
            of_node.map(|it| it.id).collect()
        }
        Subject::Lease(id) => meters::of_lease(conn, id)?.iter().map(|it| it.id).collect(),
        Subject::Tenant(_) => vec![],
        Subject::Site(id) => {
            let tops = power::of_site(conn, id)?.into_iter();
            let tops: Vec<NodeId> = tops
                .filter(|it| it.parent_id.is_none())
                .map(|it| it.id)
                .collect();
            let all = supply(meters::of_site(conn, id)?);
            let grid = all
                .iter()
                .filter(|it| it.node_id.is_some_and(|node| tops.contains(&node)));
            let grid: Vec<MeterId> = grid.map(|it| it.id).collect();
            if grid.is_empty() {
                let racks = all.iter().filter(|it| it.rack_id.is_some());
                racks.filter(whole).map(|it| it.id).collect()
            } else {
                grid
            }
        }
    })
}

/// The last point of the last two days at which something was read.
pub fn latest(
    conn: &mut Conn,
    subject: Subject,
    zone: Zone,
    now: Instant,
) -> Result<Option<Point>> {
    let today = zone.date(now);
    let days = (today - chrono::Days::new(2), today + chrono::Days::new(1));
    let mut curve = curve(conn, subject, zone, days)?;
    curve.points.retain(|it| it.start <= now);
    Ok(curve.points.pop())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_joined_by_local_dates_and_lose_nothing() {
        let zone = Zone::parse("Europe/Berlin").unwrap();
        let day = NaiveDate::from_ymd_opt(2026, 10, 25).unwrap();
        let night = zone.span_of(day, day + chrono::Days::new(1));
        let points: Vec<Point> = (0..50)
            .map(|at| Point {
                start: night.from.plus_seconds(at * 1_800),
                end: night.from.plus_seconds((at + 1) * 1_800),
                wh: WattHours(at + 1),
                estimated_wh: WattHours(at % 2),
            })
            .collect();
        let days = stepped(points.clone(), Step::Day, zone);
        assert_eq!(days.len(), 1, "a date of 25 hours is one date");
        assert_eq!(days[0].end.0 - days[0].start.0, 25 * 3_600);
        assert_eq!(days[0].wh, WattHours(50 * 51 / 2));
        assert_eq!(days[0].estimated_wh, WattHours(25));
        let hours = stepped(points, Step::Hour, zone);
        assert_eq!(hours.len(), 25);
        assert_eq!(hours.iter().map(|it| it.wh.0).sum::<i64>(), 50 * 51 / 2);
    }
}
