//! Gaps that staff fill: with a value and a reason, or with what a rule proposes.

use super::intake::{self, Incoming, Source};
use super::served;
use super::written::interval;
use crate::db::leasing::leases::Lease;
use crate::db::leasing::reservations::{self, Allocation};
use crate::db::metering::meters;
use crate::db::metering::readings;
use crate::db::site::sites;
use crate::db::trail::Change;
use crate::db::{Chain, Conn, Db, Tx};
use crate::domain::calendar::{Instant, Span, Window, Zone};
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::*;
use crate::domain::metering::estimate::{Proposal, propose};
use crate::domain::metering::method::Method;
use crate::domain::metering::settle::split;
use crate::domain::metering::{Interval, gaps};
use crate::domain::units::WattHours;
use crate::error::{Error, Result, require};
use serde::Serialize;
use std::collections::HashMap;

/// Meters are read every half-hour unless their own readings say otherwise.
const HALF_HOUR: i64 = 1_800;
/// The longest time that one value may fill: a month with its longest day.
const LONGEST_SECONDS: i64 = 32 * 86_400;
/// How far around a gap a rule looks: 28 days and the gap's own day.
const AROUND_SECONDS: i64 = 29 * 86_400;

/// A time of one meter without readings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    pub meter: MeterId,
    pub code: String,
    pub span: Span,
    /// What a rule proposes, once it was asked (`propose_all`); none where too little was measured.
    pub proposal: Option<Proposed>,
}

/// How a rule fills a gap, and with how much in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proposed {
    pub method: Method,
    pub wh: WattHours,
}

/// What fills a gap: the energy of the whole span, and why it is believed.
#[derive(Clone, Debug)]
pub struct Filling {
    pub meter: MeterId,
    pub span: Span,
    pub wh: WattHours,
    pub reason: String,
}

#[derive(Serialize)]
struct Estimate<'a> {
    from: Instant,
    to: Instant,
    wh: WattHours,
    method: Method,
    reason: &'a str,
}

/// Fills a span that has no readings, or only estimates; the value is spread over its intervals in
/// proportion to their length, by largest remainder.
///
/// # Errors
/// `Invalid` by field; a reading within the span, a span outside the meter's service.
pub fn fill(db: &Db, who: &Actor, now: Instant, filling: &Filling) -> Result<()> {
    require(who, Permission::ImportReadings)?;
    let span = filling.span;
    if filling.reason.trim().is_empty() {
        return Err(Error::field("reason", "form-required"));
    }
    if filling.wh < WattHours::ZERO {
        return Err(Error::field("value", "field-negative"));
    }
    if span.to <= span.from || span.seconds() > LONGEST_SECONDS || span.to > now {
        return Err(Error::field("to", "estimate-span"));
    }
    db.write(Chain::Operator, |tx| {
        let rows = slices(tx.conn, filling)?;
        put(tx, who, now, filling, Method::ByHand, &rows)
    })
}

/// Fills a gap with what the rule proposes now, marked with the rule.
///
/// # Errors
/// A rule where too little was measured around it, or there are readings in it.
pub fn fill_by_rule(db: &Db, who: &Actor, now: Instant, meter: MeterId, span: Span) -> Result<()> {
    require(who, Permission::ImportReadings)?;
    if span.to <= span.from || span.seconds() > LONGEST_SECONDS || span.to > now {
        return Err(Error::field("to", "estimate-span"));
    }
    db.write(Chain::Operator, |tx| {
        let Some(proposal) = proposal(tx.conn, meter, span)? else {
            return Err(Error::rule("estimate-no-rule"));
        };
        let incoming = |it: &Interval| Incoming {
            meter,
            start: it.start,
            line: 0,
            end: it.end(),
            wh: it.wh,
        };
        let rows: Vec<Incoming> = proposal.intervals.iter().map(incoming).collect();
        let filling = Filling {
            meter,
            span,
            wh: proposal.intervals.iter().map(|it| it.wh).sum(),
            reason: String::new(),
        };
        put(tx, who, now, &filling, proposal.method, &rows)
    })
}

fn put(
    tx: &mut Tx,
    who: &Actor,
    now: Instant,
    filling: &Filling,
    method: Method,
    rows: &[Incoming],
) -> Result<()> {
    let served = HashMap::from([(filling.meter, served::one(tx.conn, filling.meter)?)]);
    let reason = filling.reason.trim();
    let source = Source {
        who,
        import: ImportId(0),
        method,
        confirmed: true,
        reason,
        now,
    };
    let judged = intake::judge(tx.conn, &served, rows, &source)?;
    if judged.iter().any(|it| it.fault().is_some()) {
        return Err(Error::field("from", "estimate-not-a-gap"));
    }
    intake::take(tx, &served, rows, &source)?;
    let change = Change {
        action: "estimate",
        noun: "meter",
        id: filling.meter.0,
        before: &(),
        after: &Estimate {
            from: filling.span.from,
            to: filling.span.to,
            wh: filling.wh,
            method,
            reason,
        },
    };
    tx.record(who, now, change)
}

/// What the rule proposes from what was measured four weeks around.
fn proposal(conn: &mut Conn, meter: MeterId, span: Span) -> Result<Option<Proposal>> {
    let zone = {
        let site = meters::get(conn, meter)?.site_id;
        sites::get(conn, site)?.zone()
    };
    let around = Span {
        from: span.from.plus_seconds(-AROUND_SECONDS),
        to: span.to.plus_seconds(AROUND_SECONDS),
    };
    let known = intervals(conn, meter, around)?;
    Ok(propose(span, step(conn, meter, span)?, &known, zone))
}

/// The span in steps of the meter's own readings, each with its part of the value.
fn slices(conn: &mut Conn, filling: &Filling) -> Result<Vec<Incoming>> {
    let span = filling.span;
    let step = step(conn, filling.meter, span)?;
    let mut lengths = vec![];
    let mut left = span.seconds();
    while left > 0 {
        lengths.push(step.min(left));
        left -= step;
    }
    let mut start = span.from;
    let parts = lengths.iter().zip(split(filling.wh, &lengths));
    let rows = parts.map(|(seconds, wh)| {
        let row = Incoming {
            meter: filling.meter,
            start,
            line: 0,
            end: start.plus_seconds(*seconds),
            wh,
        };
        start = row.end;
        row
    });
    Ok(rows.collect())
}

/// How long the meter's own readings are, seconds.
fn step(conn: &mut Conn, meter: MeterId, span: Span) -> Result<i64> {
    let before = Span {
        from: span.from.plus_seconds(-intake::LONGEST_SECONDS),
        to: span.from,
    };
    let last = readings::of_meter(conn, meter, before)?.pop();
    Ok(last.map_or(HALF_HOUR, |it| (it.end_at.0 - it.start_at.0).max(60)))
}

/// The gaps of every meter behind a lease within a span, up to `until`, by meter and time.
pub fn gaps_of(conn: &mut Conn, lease: &Lease, span: Span, until: Instant) -> Result<Vec<Gap>> {
    let zone = sites::get(conn, lease.site_id)?.zone();
    let allocated = reservations::allocations_of(conn, lease.reservation_id)?;
    let racks: Vec<RackId> = allocated.iter().map(|it| it.rack_id).collect();
    let mut all = meters::of_racks(conn, &racks)?;
    all.retain(|meter| meter.lease_id.is_none_or(|it| it == lease.id));
    all.extend(meters::of_lease(conn, lease.id)?);
    all.sort_by_key(|meter| meter.id);
    all.dedup_by_key(|meter| meter.id);
    let mut found = vec![];
    for (meter, serving) in times(lease, zone, span, all, &allocated) {
        let until = Span {
            from: serving.from,
            to: serving.to.min(until),
        };
        for gap in gaps(&intervals(conn, meter.id, serving)?, until) {
            found.push(Gap {
                meter: meter.id,
                code: meter.code.clone(),
                span: gap,
                proposal: None,
            });
        }
    }
    Ok(found)
}

/// When each meter counts for the lease: a rack's as long as the lease stands there.
fn times(
    lease: &Lease,
    zone: Zone,
    span: Span,
    all: Vec<meters::Meter>,
    allocated: &[Allocation],
) -> Vec<(meters::Meter, Span)> {
    let term = lease.term();
    let stays = |rack: RackId| -> Vec<Span> {
        let here = allocated.iter().filter(|it| it.rack_id == rack);
        let mut windows: Vec<Window> = here.filter_map(|it| it.within(term)).collect();
        windows.sort_by_key(|it| it.from);
        windows.dedup();
        windows.into_iter().map(|it| zone.span(it)).collect()
    };
    let mut found = vec![];
    for meter in all {
        let Some(serving) = service(&meter, zone).intersect(span) else {
            continue;
        };
        let times = match (meter.lease_id, meter.rack_id) {
            (None, Some(rack)) => stays(rack),
            _ => vec![serving],
        };
        let times = times.into_iter().filter_map(|it| it.intersect(serving));
        found.extend(times.map(|it| (meter.clone(), it)));
    }
    found
}

fn service(meter: &meters::Meter, zone: Zone) -> Span {
    zone.span(Window {
        from: meter.from_date,
        to: meter.to_date,
    })
}

fn intervals(conn: &mut Conn, meter: MeterId, span: Span) -> Result<Vec<Interval>> {
    let rows = readings::of_meter(conn, meter, span)?;
    Ok(rows.iter().map(interval).collect())
}

/// Asks the rule about the gaps that are shown: it reads the weeks around each.
pub fn propose_all(conn: &mut Conn, gaps: &mut [Gap]) -> Result<()> {
    for gap in gaps {
        gap.proposal = proposed(conn, gap.meter, gap.span)?;
    }
    Ok(())
}

fn proposed(conn: &mut Conn, meter: MeterId, gap: Span) -> Result<Option<Proposed>> {
    if gap.seconds() > LONGEST_SECONDS {
        return Ok(None);
    }
    Ok(proposal(conn, meter, gap)?.map(|it| Proposed {
        method: it.method,
        wh: it.intervals.iter().map(|it| it.wh).sum(),
    }))
}
