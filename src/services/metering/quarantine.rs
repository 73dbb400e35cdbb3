//! Readings that wait: for their meter, for the time that they name, or for a person's word.

use super::intake::{self, Incoming, Judgement, Source};
use super::served::{self, Served};
use crate::db::metering::meters::Meter;
use crate::db::metering::quarantine::{self as rows, Waiting};
use crate::db::trail::Change;
use crate::db::{Chain, Conn, Db, Tx};
use crate::domain::calendar::{Instant, Zone};
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::*;
use crate::domain::metering::meter::{QuarantineState, QuarantineWhy};
use crate::domain::metering::method::Method;
use crate::domain::rows::{Aside, Reason};
use crate::error::{Error, Result, require};
use crate::services::jobs::{self, JobKind};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// Rows that are applied in one transaction.
const BATCH: usize = 5_000;
const MAX_REASON: usize = 500;

/// A row of a known meter that needs a person's word.
pub fn of_row(
    served: &HashMap<MeterId, Served>,
    row: &Incoming,
    why: QuarantineWhy,
    source: &Source,
) -> Waiting {
    let meter = served.get(&row.meter).map(|it| &it.meter);
    let aside = Aside {
        code: meter.map_or(String::new(), |it| it.code.clone()),
        start: row.start,
        end: row.end,
        wh: row.wh,
        zone: None,
    };
    Waiting {
        site_id: meter.map(|it| it.site_id),
        meter_id: Some(row.meter),
        ..waiting(&aside, why, source.import, source.now)
    }
}

/// A row that its file could not place: its meter is not known, or its clock is ahead.
pub fn of_aside(aside: &Aside, reason: Reason, import: ImportId, now: Instant) -> Waiting {
    let why = match reason {
        Reason::Future => QuarantineWhy::Clock,
        _ => QuarantineWhy::UnknownMeter,
    };
    waiting(aside, why, import, now)
}

fn waiting(aside: &Aside, why: QuarantineWhy, import: ImportId, now: Instant) -> Waiting {
    Waiting {
        id: QuarantineId(0),
        site_id: None,
        meter_id: None,
        code: aside.code.clone(),
        start_at: aside.start,
        end_at: aside.end,
        wh: aside.wh,
        zone: aside.zone.map_or("", Zone::name).to_owned(),
        why,
        state: QuarantineState::Waiting,
        import_id: import,
        received_at: now,
        decided_at: None,
        decided_by: None,
        reason: String::new(),
    }
}

/// Keeps rows that wait. Of one that comes again while it waits the latest value counts.
pub fn put(conn: &mut Conn, waiting: &[Waiting]) -> Result<usize> {
    let mut last: BTreeMap<(&str, Instant, Instant), &Waiting> = BTreeMap::new();
    for row in waiting {
        last.insert((&row.code, row.start_at, row.end_at), row);
    }
    let last: Vec<Waiting> = last.into_values().cloned().collect();
    rows::put(conn, &last)
}

/// What waits for a meter that is now known is applied in the background.
pub fn promise(tx: &mut Tx, meter: &Meter, now: Instant) -> Result<()> {
    if rows::of_unknown(tx.conn, &names(meter), 1)?.is_empty() {
        return Ok(());
    }
    jobs::enqueue(tx, JobKind::ApplyQuarantine, meter.id.0, "", now)?;
    Ok(())
}

fn names(meter: &Meter) -> Vec<&str> {
    let exchange = meter.exchange_code.as_deref();
    [Some(meter.code.as_str()), exchange]
        .into_iter()
        .flatten()
        .collect()
}

/// Applies everything that waits for a meter; what cannot be taken is discarded with the reason.
pub fn apply(db: &Db, id: MeterId, now: Instant) -> Result<usize> {
    let mut applied = 0;
    loop {
        let done = db.write(Chain::Operator, |tx| apply_batch(tx, id, now))?;
        if done == 0 {
            return Ok(applied);
        }
        applied += done;
    }
}

fn apply_batch(tx: &mut Tx, id: MeterId, now: Instant) -> Result<usize> {
    let served = HashMap::from([(id, served::one(tx.conn, id)?)]);
    let of = &served[&id];
    let found = rows::of_unknown(tx.conn, &names(&of.meter), BATCH)?;
    let count = found.len();
    // By the file with which they came, so that each keeps where it is from.
    let mut by_import: BTreeMap<ImportId, Vec<(Incoming, Waiting)>> = BTreeMap::new();
    for (line, row) in (0..).zip(found) {
        let part = by_import.entry(row.import_id).or_default();
        part.push((incoming(of, &row, line), row));
    }
    for (import, mut part) in by_import {
        part.sort_by_key(|(incoming, _)| *incoming);
        let incoming: Vec<Incoming> = part.iter().map(|(it, _)| *it).collect();
        let source = Source {
            who: &Actor::HOUSE,
            import,
            method: Method::Measured,
            confirmed: false,
            reason: "",
            now,
        };
        let judged = intake::take(tx, &served, &incoming, &source)?;
        for ((_, row), judgement) in part.into_iter().zip(judged) {
            rows::update(tx.conn, &decided(row, judgement, now))?;
        }
    }
    Ok(count)
}

/// Local times mean those of the meter's site.
fn incoming(of: &Served, row: &Waiting, line: u64) -> Incoming {
    let shift = |at: Instant| match Zone::parse(&row.zone) {
        Some(zone) if zone != of.zone => {
            let local = of.zone.instants(zone.local(at));
            local.first().copied().unwrap_or(at)
        }
        _ => at,
    };
    Incoming {
        meter: of.meter.id,
        start: shift(row.start_at),
        line,
        end: shift(row.end_at),
        wh: row.wh,
    }
}

fn decided(row: Waiting, judgement: Judgement, now: Instant) -> Waiting {
    let fault = judgement.fault();
    let state = match (judgement, fault) {
        (Judgement::Waits(_), _) => QuarantineState::Waiting,
        (_, None) => QuarantineState::Applied,
        _ => QuarantineState::Discarded,
    };
    let why = match judgement {
        Judgement::Waits(why) => why,
        _ => row.why,
    };
    Waiting {
        state,
        why,
        decided_at: (state != QuarantineState::Waiting).then_some(now),
        reason: fault.unwrap_or_default().to_owned(),
        ..row
    }
}

/// What a person makes of a reading that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It counts.
    Accept,
    /// It never counts.
    Discard,
}

/// Decides on readings that wait; those that wait for an unknown meter can only be discarded.
///
/// # Errors
/// `Invalid` without a reason; a rule where one is decided already or cannot be taken.
pub fn decide(
    db: &Db,
    who: &Actor,
    now: Instant,
    ids: &[QuarantineId],
    decision: Decision,
    reason: &str,
) -> Result<()> {
    require(who, Permission::ImportReadings)?;
    let reason = checked_reason(reason)?;
    db.write(Chain::Operator, |tx| {
        for id in ids {
            let row = rows::get(tx.conn, *id)?;
            if row.state != QuarantineState::Waiting {
                return Err(Error::rule("quarantine-decided"));
            }
            if decision == Decision::Accept {
                accept(tx, who, now, &row, reason)?;
            }
            settle(tx, who, now, row, decision, reason)?;
        }
        Ok(())
    })
}

/// A reason that a person gives for an edit, trimmed.
///
/// # Errors
/// `Invalid` on `reason` where it is missing or too long.
pub fn checked_reason(reason: &str) -> Result<&str> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::field("reason", "form-required"));
    }
    if reason.chars().count() > MAX_REASON {
        return Err(Error::field("reason", "field-too-long"));
    }
    Ok(reason)
}

#[derive(Serialize)]
struct DiscardedAll<'a> {
    code: &'a str,
    rows: usize,
    reason: &'a str,
}

/// Discards all that waits for a meter that nobody knows.
///
/// # Errors
/// `Invalid` without a reason.
pub fn discard_unknown(db: &Db, who: &Actor, now: Instant, code: &str, reason: &str) -> Result<()> {
    require(who, Permission::ImportReadings)?;
    let reason = checked_reason(reason)?;
    db.write(Chain::Operator, |tx| {
        let rows = rows::discard_unknown(tx.conn, code, now, who.user, reason)?;
        let change = Change {
            action: "discard_readings",
            noun: "quarantine",
            id: 0,
            before: &(),
            after: &DiscardedAll { code, rows, reason },
        };
        tx.record(who, now, change)
    })
}

fn accept(tx: &mut Tx, who: &Actor, now: Instant, row: &Waiting, reason: &str) -> Result<()> {
    let known = match row.meter_id {
        Some(id) => Some(id),
        None => crate::db::metering::meters::by_name(tx.conn, &row.code)?.map(|it| it.id),
    };
    let Some(id) = known else {
        return Err(Error::rule("quarantine-unknown"));
    };
    if row.end_at > now {
        return Err(Error::rule("quarantine-ahead"));
    }
    let served = HashMap::from([(id, served::one(tx.conn, id)?)]);
    let source = Source {
        who,
        import: row.import_id,
        method: Method::Measured,
        confirmed: true,
        reason,
        now,
    };
    let judged = intake::take(tx, &served, &[incoming(&served[&id], row, 0)], &source)?;
    match judged.first().and_then(|it| it.fault()) {
        Some(fault) => Err(Error::rule(fault)),
        None => Ok(()),
    }
}

fn settle(
    tx: &mut Tx,
    who: &Actor,
    now: Instant,
    row: Waiting,
    decision: Decision,
    reason: &str,
) -> Result<()> {
    let (state, action) = match decision {
        Decision::Accept => (QuarantineState::Applied, "accept_reading"),
        Decision::Discard => (QuarantineState::Discarded, "discard_reading"),
    };
    let after = Waiting {
        state,
        decided_at: Some(now),
        decided_by: who.user,
        reason: reason.to_owned(),
        ..row.clone()
    };
    rows::update(tx.conn, &after)?;
    let change = Change {
        action,
        noun: "quarantine",
        id: row.id.0,
        before: &row,
        after: &after,
    };
    tx.record(who, now, change)
}
