//! Staff put another value in a reading's place, with a reason; what the meter said stays.

use super::intake::Source;
use super::quarantine::checked_reason;
use super::served;
use super::written::{self, Written};
use crate::db::metering::readings::{self, Reading};
use crate::db::trail::Change;
use crate::db::{Chain, Conn, Db};
use crate::domain::calendar::{Instant, Span};
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::*;
use crate::domain::metering::method::Method;
use crate::domain::units::WattHours;
use crate::error::{Error, Result, require};
use serde::Serialize;
use std::collections::HashMap;

#[derive(Serialize)]
struct Edit<'a> {
    #[serde(flatten)]
    reading: &'a Reading,
    reason: &'a str,
}

/// Puts a value in a reading's place.
///
/// # Errors
/// `Invalid` by field: `reason`, `value` below zero; `NotFound` where nothing was read then.
pub fn edit(
    db: &Db,
    who: &Actor,
    now: Instant,
    (meter, start): (MeterId, Instant),
    wh: WattHours,
    reason: &str,
) -> Result<()> {
    require(who, Permission::ImportReadings)?;
    let reason = checked_reason(reason)?;
    if wh < WattHours::ZERO {
        return Err(Error::field("value", "field-negative"));
    }
    db.write(Chain::Operator, |tx| {
        let before = readings::get(tx.conn, meter, start)?;
        if before.wh == wh {
            return Err(Error::field("value", "edit-same"));
        }
        let after = Reading {
            wh,
            estimated: false,
            import_id: ImportId(0),
            method: Method::Edited.number(),
            ..before
        };
        let served = HashMap::from([(meter, served::one(tx.conn, meter)?)]);
        let source = Source {
            who,
            import: ImportId(0),
            method: Method::Edited,
            confirmed: true,
            reason,
            now,
        };
        let written = Written {
            replaced: vec![after],
            corrections: vec![written::correction(&before, Some(&after), &source)],
            ..Written::default()
        };
        written::write(tx, &served, written, now)?;
        let change = Change {
            action: "edit",
            noun: "meter",
            id: meter.0,
            before: &before,
            after: &Edit {
                reading: &after,
                reason,
            },
        };
        tx.record(who, now, change)
    })
}

/// What the meter itself said last of the times that staff edited since: sent again, it changes
/// nothing.
pub fn said_before(
    conn: &mut Conn,
    meter: MeterId,
    span: Span,
) -> Result<HashMap<Instant, WattHours>> {
    let mut said: HashMap<Instant, Option<WattHours>> = HashMap::new();
    for row in readings::corrections_within(conn, meter, span)? {
        let of = said.entry(row.start_at).or_default();
        match (row.new_import_id, *of) {
            (ImportId(0), None) => *of = Some(row.old_wh),
            (ImportId(0), Some(_)) => {}
            _ => *of = None,
        }
    }
    let known = said.into_iter();
    Ok(known.filter_map(|(at, wh)| Some((at, wh?))).collect())
}
