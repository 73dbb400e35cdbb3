//! Meters are put into service on a rack or for a lease, and taken out of it.

use super::devices::{self, NewDevice};
use super::{quarantine, served, touched, usage, written};
use crate::db::leasing::leases;
use crate::db::metering::days;
use crate::db::metering::meters::{self, Meter};
use crate::db::metering::readings;
use crate::db::site::{cooling, power, racks, sites};
use crate::db::trail::Change;
use crate::db::{Chain, Conn, Db, Tx};
use crate::domain::calendar::{Instant, Month, Span};
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::*;
use crate::domain::message::Message;
use crate::domain::metering::meter::{Place, Purpose, Reads};
use crate::error::{Error, FieldError, Result, require};
use chrono::NaiveDate;

/// The longest name of a meter.
const MAX_CODE: usize = 60;

/// A meter that is to be put into service.
///
/// With a rack alone it measures the whole rack; with a lease alone, all that lease's machines;
/// with both, that lease's machines behind the rack's own meter. With a power node it measures what
/// flows through it or, if it is for the house's own running, what hangs on it.
#[derive(Clone, Debug)]
pub struct NewMeter {
    pub site: SiteId,
    pub code: String,
    /// The code of its measuring point in 80020 messages.
    pub exchange_code: Option<String>,
    pub place: Place,
    pub purpose: Purpose,
    pub reads: Reads,
    /// The instrument that stands there; a register has one.
    pub device: Option<NewDevice>,
    /// The first local date of service.
    pub from: NaiveDate,
    pub note: String,
}

impl NewMeter {
    /// One that says intervals of what is sold.
    pub fn of_intervals(site: SiteId, code: &str, place: Place, from: NaiveDate) -> Self {
        Self {
            site,
            code: code.to_owned(),
            exchange_code: None,
            place,
            purpose: Purpose::Supply,
            reads: Reads::Interval,
            device: None,
            from,
            note: String::new(),
        }
    }
}

/// Puts a meter into service.
///
/// # Errors
/// `Invalid` by field: code, rack, lease. `Forbidden` without the right to edit meters.
pub fn create(db: &Db, who: &Actor, now: Instant, new: &NewMeter) -> Result<MeterId> {
    require(who, Permission::EditMeters)?;
    db.write(Chain::Operator, |tx| {
        check(tx.conn, new)?;
        let mut row = Meter {
            id: MeterId(0),
            site_id: new.site,
            code: new.code.trim().to_owned(),
            rack_id: new.place.rack,
            lease_id: new.place.lease,
            from_date: new.from,
            to_date: None,
            note: new.note.trim().to_owned(),
            created_at: now,
            created_by: who.user,
            node_id: new.place.node,
            zone_id: new.place.zone,
            purpose: new.purpose,
            reads: new.reads,
            exchange_code: exchange_code(new).map(str::to_owned),
        };
        row.id = meters::insert(tx.conn, &row)?;
        tx.record(
            who,
            now,
            Change {
                action: "create",
                noun: "meter",
                id: row.id.0,
                before: &(),
                after: &row,
            },
        )?;
        if let Some(device) = &new.device {
            devices::insert(tx, who, now, &row, device)?;
        }
        mark_from(tx, &row, new.from, now)?;
        quarantine::promise(tx, &row, now)?;
        Ok(row.id)
    })
}

fn exchange_code(new: &NewMeter) -> Option<&str> {
    let code = new.exchange_code.as_deref().map(str::trim);
    code.filter(|it| !it.is_empty())
}

fn check(conn: &mut Conn, new: &NewMeter) -> Result<()> {
    let mut errors = vec![];
    let mut wrong = |field: &str, key: &str| {
        errors.push(FieldError {
            field: field.to_owned(),
            message: Message::new(key),
        });
    };
    let code = new.code.trim();
    if code.is_empty() {
        wrong("code", "form-required");
    } else if code.chars().count() > MAX_CODE {
        wrong("code", "field-too-long");
    } else if meters::by_code(conn, code)?.is_some() {
        wrong("code", "meter-code-taken");
    }
    if let Some(exchange) = exchange_code(new) {
        if exchange.chars().count() > MAX_CODE {
            wrong("exchange_code", "field-too-long");
        } else if meters::by_name(conn, exchange)?.is_some() {
            wrong("exchange_code", "meter-code-taken");
        }
    }
    sites::get(conn, new.site)?;
    for (field, key) in elsewhere(conn, new)? {
        wrong(field, key);
    }
    if let Some((field, key)) = new.place.fault(new.purpose) {
        wrong(field, key);
    }
    match &new.device {
        None if new.reads == Reads::Register => wrong("digits", "meter-register-device"),
        Some(device) => errors.extend(devices::faults(device, new.reads)),
        None => {}
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(errors))
    }
}

/// What of its place belongs to another site.
fn elsewhere(conn: &mut Conn, new: &NewMeter) -> Result<Vec<(&'static str, &'static str)>> {
    let mut found = vec![];
    if let Some(rack) = new.place.rack
        && racks::get(conn, rack)?.site_id != new.site
    {
        found.push(("rack", "meter-rack-elsewhere"));
    }
    if let Some(lease) = new.place.lease
        && leases::get(conn, lease)?.site_id != new.site
    {
        found.push(("lease", "meter-lease-elsewhere"));
    }
    if let Some(node) = new.place.node
        && power::get(conn, node)?.site_id != new.site
    {
        found.push(("node", "meter-node-elsewhere"));
    }
    if let Some(zone) = new.place.zone
        && cooling::get(conn, zone)?.site_id != new.site
    {
        found.push(("zone", "meter-zone-elsewhere"));
    }
    Ok(found)
}

/// Gives a meter another exchange code or note; what waited for that code is applied.
///
/// # Errors
/// `Invalid` where another meter is called so.
pub fn rename(
    db: &Db,
    who: &Actor,
    now: Instant,
    id: MeterId,
    exchange_code: Option<&str>,
    note: &str,
) -> Result<()> {
    require(who, Permission::EditMeters)?;
    let exchange = exchange_code.map(str::trim).filter(|it| !it.is_empty());
    db.write(Chain::Operator, |tx| {
        let before = meters::get(tx.conn, id)?;
        if let Some(code) = exchange
            && meters::by_name(tx.conn, code)?.is_some_and(|it| it.id != id)
        {
            return Err(Error::field("exchange_code", "meter-code-taken"));
        }
        let after = Meter {
            exchange_code: exchange.map(str::to_owned),
            note: note.trim().to_owned(),
            ..before.clone()
        };
        if after.exchange_code == before.exchange_code && after.note == before.note {
            return Ok(());
        }
        meters::update(tx.conn, &after)?;
        quarantine::promise(tx, &after, now)?;
        let change = Change {
            action: "update",
            noun: "meter",
            id: id.0,
            before: &before,
            after: &after,
        };
        tx.record(who, now, change)
    })
}

/// Sums the days of every meter anew from its readings: harmless to repeat.
pub fn count_days(db: &Db) -> Result<()> {
    let ids: Vec<MeterId> =
        db.read(|conn| Ok(meters::all(conn)?.iter().map(|it| it.id).collect()))?;
    for id in ids {
        db.write(Chain::Operator, |tx| {
            let of = served::one(tx.conn, id)?;
            let whole = Span {
                from: Instant(i64::MIN),
                to: Instant(i64::MAX),
            };
            let rows = readings::of_meter(tx.conn, id, whole)?;
            days::replace(tx.conn, id, &written::days_of(&of, &rows))
        })?;
    }
    Ok(())
}

/// Takes a meter out of service from a local date on; what it read before stays.
///
/// # Errors
/// `Invalid` where the date is before the first day of service or readings lie behind it.
pub fn close(db: &Db, who: &Actor, now: Instant, id: MeterId, to: NaiveDate) -> Result<()> {
    require(who, Permission::EditMeters)?;
    db.write(Chain::Operator, |tx| {
        let before = meters::get(tx.conn, id)?;
        if before.to_date.is_some() {
            return Err(Error::rule("meter-closed-already"));
        }
        if to <= before.from_date {
            return Err(Error::field("to", "meter-close-before-start"));
        }
        let zone = sites::get(tx.conn, before.site_id)?.zone();
        let behind = Span {
            from: zone.start_of(to),
            to: Instant(i64::MAX),
        };
        if !readings::of_meter(tx.conn, id, behind)?.is_empty() {
            return Err(Error::field("to", "meter-close-has-readings"));
        }
        let after = Meter {
            to_date: Some(to),
            ..before.clone()
        };
        meters::update(tx.conn, &after)?;
        tx.record(
            who,
            now,
            Change {
                action: "close",
                noun: "meter",
                id: id.0,
                before: &before,
                after: &after,
            },
        )?;
        mark_from(tx, &after, to, now)
    })
}

/// What a meter that comes or goes changes: every month from then on of the leases behind it.
fn mark_from(tx: &mut Tx, meter: &Meter, from: NaiveDate, now: Instant) -> Result<()> {
    let touched = touched::load(tx.conn, std::slice::from_ref(meter))?;
    for lease in touched.leases_of(meter.id) {
        usage::mark_stale_from(tx, lease, Month::of(from), now)?;
    }
    Ok(())
}
