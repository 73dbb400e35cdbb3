//! Meters are put into service on a rack or for a lease, and taken out of it.

use super::{touched, usage};
use crate::db::leasing::leases;
use crate::db::metering::meters::{self, Meter};
use crate::db::metering::readings;
use crate::db::site::{racks, sites};
use crate::db::trail::Change;
use crate::db::{Chain, Conn, Db, Tx};
use crate::domain::calendar::{Instant, Month, Span};
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::*;
use crate::domain::message::Message;
use crate::error::{Error, FieldError, Result, require};
use chrono::NaiveDate;

/// The longest name of a meter.
const MAX_CODE: usize = 60;

/// A meter that is to be put into service.
///
/// With a rack alone it measures the whole rack; with a lease alone, all that lease's machines;
/// with both, that lease's machines behind the rack's own meter.
#[derive(Clone, Debug)]
pub struct NewMeter {
    pub site: SiteId,
    pub code: String,
    pub rack: Option<RackId>,
    pub lease: Option<LeaseId>,
    /// The first local date of service.
    pub from: NaiveDate,
    pub note: String,
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
            rack_id: new.rack,
            lease_id: new.lease,
            from_date: new.from,
            to_date: None,
            note: new.note.trim().to_owned(),
            created_at: now,
            created_by: who.user,
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
        mark_from(tx, &row, new.from, now)?;
        Ok(row.id)
    })
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
    sites::get(conn, new.site)?;
    if let Some(rack) = new.rack
        && racks::get(conn, rack)?.site_id != new.site
    {
        wrong("rack", "meter-rack-elsewhere");
    }
    if let Some(lease) = new.lease
        && leases::get(conn, lease)?.site_id != new.site
    {
        wrong("lease", "meter-lease-elsewhere");
    }
    if new.rack.is_none() && new.lease.is_none() {
        wrong("rack", "meter-place-required");
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(errors))
    }
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
