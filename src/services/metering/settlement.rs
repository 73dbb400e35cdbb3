//! **settle** with what it needs: the racks that a lease stands on, their meters and readings.

use super::intake::LONGEST_SECONDS;
use super::loads;
use crate::db::Conn;
use crate::db::leasing::leases::Lease;
use crate::db::leasing::reservations;
use crate::db::metering::meters::{self, Meter};
use crate::db::metering::usage;
use crate::db::site::racks;
use crate::domain::billing::rate::RateError;
use crate::domain::calendar::{Instant, Month, Span, Window, Zone};
use crate::domain::ids::*;
use crate::domain::metering::settle::{
    LeaseMeter, RackAllocation, RackInput, Register, lease_usage, settle_rack,
};
use crate::domain::metering::{Interval, MeterUsage, without};
use crate::domain::units::Watts;
use crate::error::Result;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One lease's usage, or why its readings cannot be summed.
pub type Settled = std::result::Result<Vec<MeterUsage>, RateError>;

/// Everything that stands around one lease's racks.
struct Surroundings {
    zone: Zone,
    span: Span,
    /// Ids with names, by id.
    racks: BTreeMap<RackId, String>,
    meters: Vec<Meter>,
    readings: HashMap<MeterId, Vec<Interval>>,
    standing: Vec<usage::Standing>,
}

/// What the lease used while it was active; racks are settled for the whole month around it.
pub fn settle(
    conn: &mut Conn,
    lease: &Lease,
    zone: Zone,
    month: Month,
    active: Span,
) -> Result<Settled> {
    let mut span = zone.month_span(month);
    // What began before the month counts before it, and covers the month's beginning.
    span.from = span.from.plus_seconds(-LONGEST_SECONDS);
    let around = load(conn, lease, zone, span)?;
    let own = around.lease_meters(|meter| meter.lease_id == Some(lease.id));
    let mut settled = vec![];
    for (rack, name) in &around.racks {
        let meters = around.registers(|it| it.rack_id == Some(*rack) && it.lease_id.is_none());
        let behind = around.lease_meters(|it| it.rack_id == Some(*rack));
        let allocations = around.allocations(*rack, &behind);
        let input = RackInput {
            rack: name,
            span,
            meters: &meters,
            behind: &behind,
            allocations: &allocations,
        };
        match settle_rack(&input) {
            Ok(usage) => settled.push(usage),
            Err(_) => {
                let what = "the readings of a rack";
                return Ok(Err(RateError::Overflow { what }));
            }
        }
    }
    Ok(Ok(lease_usage(lease.id, active, &settled, &own)))
}

fn load(conn: &mut Conn, lease: &Lease, zone: Zone, span: Span) -> Result<Surroundings> {
    let allocated = reservations::allocations_of(conn, lease.reservation_id)?;
    let ids: BTreeSet<RackId> = allocated.iter().map(|it| it.rack_id).collect();
    let ids: Vec<RackId> = ids.into_iter().collect();
    let named = racks::by_ids(conn, &ids)?.into_iter();
    let named: BTreeMap<RackId, String> = named.map(|rack| (rack.id, rack.name)).collect();
    let mut all = meters::of_racks(conn, &ids)?;
    all.extend(meters::of_lease(conn, lease.id)?);
    all.sort_by_key(|meter| meter.id);
    all.dedup_by_key(|meter| meter.id);
    let meter_ids: Vec<MeterId> = all.iter().map(|meter| meter.id).collect();
    let mut by_meter: HashMap<MeterId, Vec<Interval>> = HashMap::new();
    for (meter, kept) in loads::intervals(conn, &meter_ids, span)? {
        by_meter.insert(meter, kept.into_iter().map(|it| it.interval).collect());
    }
    Ok(Surroundings {
        zone,
        span,
        standing: usage::standing_on(conn, &ids)?,
        racks: named,
        meters: all,
        readings: by_meter,
    })
}

impl Surroundings {
    fn register(&self, meter: &Meter) -> Register {
        Register {
            meter: meter.code.clone(),
            service: vec![self.days(meter.from_date, meter.to_date)],
            intervals: self.readings.get(&meter.id).cloned().unwrap_or_default(),
        }
    }

    fn registers(&self, of: impl Fn(&Meter) -> bool) -> Vec<Register> {
        let meters = self.meters.iter().filter(|meter| of(meter));
        let serving = meters.filter(|it| self.serves(it));
        serving.map(|meter| self.register(meter)).collect()
    }

    fn lease_meters(&self, of: impl Fn(&Meter) -> bool) -> Vec<LeaseMeter<LeaseId>> {
        let meters = self.meters.iter().filter(|it| of(it) && self.serves(it));
        meters
            .filter_map(|meter| {
                Some(LeaseMeter {
                    lease: meter.lease_id?,
                    register: self.register(meter),
                })
            })
            .collect()
    }

    fn serves(&self, meter: &Meter) -> bool {
        let service = self.days(meter.from_date, meter.to_date);
        service.intersect(self.span).is_some()
    }

    fn days(&self, from: NaiveDate, to: Option<NaiveDate>) -> Span {
        self.zone.span(Window { from, to })
    }

    /// Who shares what the rack's meters measure: not a lease whose own meter on it serves then.
    fn allocations(
        &self,
        rack: RackId,
        behind: &[LeaseMeter<LeaseId>],
    ) -> Vec<RackAllocation<LeaseId>> {
        let mut found = vec![];
        for it in self.standing.iter().filter(|it| it.rack_id == rack) {
            let mut windows = vec![self.days(it.start_date, it.end_date)];
            for meter in behind.iter().filter(|meter| meter.lease == it.lease_id) {
                for service in &meter.register.service {
                    let left = windows.into_iter().flat_map(|span| without(span, *service));
                    windows = left.collect();
                }
            }
            let watts = Watts(it.units.saturating_mul(it.watts_each.0));
            found.extend(windows.into_iter().map(|window| RackAllocation {
                lease: it.lease_id,
                watts,
                window,
            }));
        }
        found
    }
}

/// All meters' intervals of a lease together, by start: start, end, energy, estimated energy, and
/// how many meters spoke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    pub start: Instant,
    pub end: Instant,
    pub wh: i64,
    pub estimated_wh: i64,
    pub meters: usize,
}

pub fn buckets(usage: &[MeterUsage], span: Span) -> Vec<Bucket> {
    let mut found: BTreeMap<Instant, Bucket> = BTreeMap::new();
    let intervals = usage.iter().flat_map(|meter| &meter.intervals);
    for it in intervals.filter(|it| span.contains(it.start)) {
        let bucket = found.entry(it.start).or_insert(Bucket {
            start: it.start,
            end: it.end(),
            wh: 0,
            estimated_wh: 0,
            meters: 0,
        });
        bucket.end = bucket.end.max(it.end());
        bucket.wh += it.wh.0;
        bucket.estimated_wh += if it.estimated { it.wh.0 } else { 0 };
        bucket.meters += 1;
    }
    found.into_values().collect()
}
