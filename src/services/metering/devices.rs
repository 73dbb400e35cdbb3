//! Instruments are fitted at a meter's place, exchanged and described; what their displays showed
//! is read anew with every change.

use super::intake::Source;
use super::quarantine::checked_reason;
use super::registers;
use super::served;
use super::written::{self, Written};
use crate::db::metering::devices::{self, Device, RegisterReading};
use crate::db::metering::meters::{self, Meter};
use crate::db::trail::Change;
use crate::db::{Chain, Db, Tx};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::*;
use crate::domain::message::Message;
use crate::domain::metering::meter::{Reads, RegisterState};
use crate::domain::metering::method::Method;
use crate::domain::units::{WattHours, Watts};
use crate::error::{Error, FieldError, Result, require};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::collections::HashMap;

const MAX_TEXT: usize = 200;
/// A display of more digits than 64 bits of watt-hours hold.
pub const MOST_DIGITS: i64 = 12;
pub const MOST_RATIO: i64 = 1_000_000;

/// An instrument that is to be fitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDevice {
    pub serial: String,
    pub from: Instant,
    /// Whole digits of the display; 0 of an instrument without one.
    pub digits: i64,
    pub unit_wh: WattHours,
    pub ratio: i64,
    /// Accuracy class in percent.
    pub accuracy: Option<Decimal>,
    pub rated: Option<Watts>,
    pub initial: Option<WattHours>,
    pub verified_until: Option<NaiveDate>,
    pub note: String,
}

/// What is wrong with it, by field.
pub fn faults(device: &NewDevice, reads: Reads) -> Vec<FieldError> {
    let mut errors = vec![];
    let mut wrong = |field: &str, key: &str| {
        errors.push(FieldError {
            field: field.to_owned(),
            message: Message::new(key),
        });
    };
    let least = i64::from(reads == Reads::Register);
    if !(least..=MOST_DIGITS).contains(&device.digits) {
        wrong("digits", "device-digits");
    }
    if !(1..=MOST_RATIO).contains(&device.ratio) {
        wrong("ratio", "device-ratio");
    }
    if ![1, 1_000, 1_000_000].contains(&device.unit_wh.0) {
        wrong("unit", "form-choice");
    }
    if device.serial.chars().count() > MAX_TEXT {
        wrong("serial", "field-too-long");
    }
    let range = 10_i64
        .checked_pow(u32::try_from(device.digits).unwrap_or(0))
        .and_then(|it| it.checked_mul(device.unit_wh.0))
        .unwrap_or(i64::MAX);
    if device
        .initial
        .is_some_and(|it| it.0 < 0 || (reads == Reads::Register && it.0 >= range))
    {
        wrong("initial", "device-beyond-digits");
    }
    errors
}

/// Inside the transaction of whoever fits it.
pub fn insert(
    tx: &mut Tx,
    who: &Actor,
    now: Instant,
    meter: &Meter,
    new: &NewDevice,
) -> Result<DeviceId> {
    let mut row = Device {
        id: DeviceId(0),
        meter_id: meter.id,
        site_id: meter.site_id,
        serial: new.serial.trim().to_owned(),
        from_at: new.from,
        to_at: None,
        digits: new.digits,
        unit_wh: new.unit_wh,
        ratio: new.ratio,
        accuracy: new.accuracy.map_or(String::new(), |it| it.to_string()),
        rated_watts: new.rated,
        initial_wh: new.initial,
        final_wh: None,
        verified_until: new.verified_until,
        note: new.note.trim().to_owned(),
        created_at: now,
        created_by: who.user,
    };
    row.id = devices::insert(tx.conn, &row)?;
    let change = Change {
        action: "fit",
        noun: "meter",
        id: meter.id.0,
        before: &(),
        after: &row,
    };
    tx.record(who, now, change)?;
    Ok(row.id)
}

/// Fits an instrument, and takes the one away that stood there: with what it showed last.
///
/// # Errors
/// `Invalid` by field: `from` before the present one was fitted or still to come, `final`.
pub fn exchange(
    db: &Db,
    who: &Actor,
    now: Instant,
    id: MeterId,
    last: Option<WattHours>,
    new: &NewDevice,
) -> Result<()> {
    require(who, Permission::EditMeters)?;
    db.write(Chain::Operator, |tx| {
        let meter = meters::get(tx.conn, id)?;
        let errors = faults(new, meter.reads);
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        if new.from > now {
            return Err(Error::field("from", "device-ahead"));
        }
        let old = devices::of_meters(tx.conn, &[id])?.pop();
        if let Some(old) = old {
            if new.from <= old.from_at || old.to_at.is_some_and(|to| new.from < to) {
                return Err(Error::field("from", "device-before-present"));
            }
            if old.to_at.is_none() {
                take_away(tx, who, now, &old, new.from, last)?;
            }
        }
        insert(tx, who, now, &meter, new)?;
        again(tx, who, now, id, new.from, "")
    })
}

fn take_away(
    tx: &mut Tx,
    who: &Actor,
    now: Instant,
    old: &Device,
    at: Instant,
    last: Option<WattHours>,
) -> Result<()> {
    let after = Device {
        to_at: Some(at),
        final_wh: last,
        ..old.clone()
    };
    devices::update(tx.conn, &after)?;
    let change = Change {
        action: "unfit",
        noun: "meter",
        id: old.meter_id.0,
        before: old,
        after: &after,
    };
    tx.record(who, now, change)
}

/// Mends what is known of an instrument; times stay.
///
/// # Errors
/// `Invalid` by field.
pub fn describe(db: &Db, who: &Actor, now: Instant, id: DeviceId, new: &NewDevice) -> Result<()> {
    require(who, Permission::EditMeters)?;
    db.write(Chain::Operator, |tx| {
        let before = devices::get(tx.conn, id)?;
        let meter = meters::get(tx.conn, before.meter_id)?;
        let errors = faults(new, meter.reads);
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        let after = Device {
            serial: new.serial.trim().to_owned(),
            digits: new.digits,
            unit_wh: new.unit_wh,
            ratio: new.ratio,
            accuracy: new.accuracy.map_or(String::new(), |it| it.to_string()),
            rated_watts: new.rated,
            initial_wh: new.initial,
            verified_until: new.verified_until,
            note: new.note.trim().to_owned(),
            ..before.clone()
        };
        if after == before {
            return Ok(());
        }
        devices::update(tx.conn, &after)?;
        let change = Change {
            action: "describe",
            noun: "meter",
            id: meter.id.0,
            before: &before,
            after: &after,
        };
        tx.record(who, now, change)?;
        again(tx, who, now, meter.id, before.from_at, "")
    })
}

/// What a person makes of what a display showed: it is right, or it never counts.
///
/// # Errors
/// `Invalid` without a reason; a rule where it is not held.
pub fn decide(
    db: &Db,
    who: &Actor,
    now: Instant,
    meter: MeterId,
    at: Instant,
    accept: bool,
    reason: &str,
) -> Result<()> {
    require(who, Permission::ImportReadings)?;
    let reason = checked_reason(reason)?;
    db.write(Chain::Operator, |tx| {
        let before = devices::shown_at(tx.conn, meter, at)?;
        if before.state != RegisterState::Held {
            return Err(Error::rule("quarantine-decided"));
        }
        let state = if accept {
            RegisterState::Confirmed
        } else {
            RegisterState::Discarded
        };
        let after = RegisterReading { state, ..before };
        devices::replace_shown(tx.conn, &after)?;
        let change = Change {
            action: if accept {
                "accept_reading"
            } else {
                "discard_reading"
            },
            noun: "meter",
            id: meter.0,
            before: &before,
            after: &Decided {
                reading: &after,
                reason,
            },
        };
        tx.record(who, now, change)?;
        again(tx, who, now, meter, at, reason)
    })
}

#[derive(serde::Serialize)]
struct Decided<'a> {
    #[serde(flatten)]
    reading: &'a RegisterReading,
    reason: &'a str,
}

/// Makes the energy of a register again, from an instant on.
fn again(
    tx: &mut Tx,
    who: &Actor,
    now: Instant,
    id: MeterId,
    from: Instant,
    reason: &str,
) -> Result<()> {
    let of = served::one(tx.conn, id)?;
    if of.meter.reads != Reads::Register {
        return Ok(());
    }
    let source = Source {
        who,
        import: ImportId(0),
        method: Method::Register,
        confirmed: false,
        reason,
        now,
    };
    let mut changes = Written::default();
    registers::derive(tx.conn, &of, from, &source, &mut changes)?;
    written::write(tx, &HashMap::from([(id, of)]), changes, now)
}
