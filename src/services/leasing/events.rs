//! Power that a lease could not draw: it affects money, never capacity.

use crate::db::billing::invoices;
use crate::db::leasing::leases::{self, Lease, LeaseEvent};
use crate::db::site::sites;
use crate::db::trail::Change;
use crate::db::{Chain, Conn, Db, Tx};
use crate::domain::billing::rate::Cause;
use crate::domain::calendar::{Instant, Month, Span, Zone};
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::*;
use crate::domain::units::Watts;
use crate::error::{Error, Result, require};
use crate::services::metering::usage;

const MAX_NOTE: usize = 500;
/// The longest event that makes sense as one: a year.
const LONGEST_SECONDS: i64 = 366 * 86_400;

#[derive(Clone, Debug)]
pub struct NewEvent {
    pub lease: LeaseId,
    pub span: Span,
    pub watts: Watts,
    pub cause: Cause,
    pub note: String,
}

/// Staff record what happened; the months that it touches are priced again.
///
/// # Errors
/// `Invalid` by field; a time in a month of the lease that is billed already.
pub fn record(db: &Db, who: &Actor, now: Instant, new: &NewEvent) -> Result<EventId> {
    require(who, Permission::RecordEvents)?;
    if new.span.to <= new.span.from || new.span.seconds() > LONGEST_SECONDS {
        return Err(Error::field("to", "event-span"));
    }
    if new.watts <= Watts::ZERO {
        return Err(Error::field("kw", "field-positive"));
    }
    if new.note.chars().count() > MAX_NOTE {
        return Err(Error::field("note", "field-too-long"));
    }
    let site = db.read(|conn| Ok(leases::get(conn, new.lease)?.site_id))?;
    db.write(Chain::Site(site), |tx| {
        let lease = leases::get(tx.conn, new.lease)?;
        let zone = sites::get(tx.conn, lease.site_id)?.zone();
        within_term(&lease, zone, new.span)?;
        let most = leases::terms(tx.conn, lease.id)?;
        let most = most.iter().map(|term| term.contracted_watts).max();
        if most.is_some_and(|most| new.watts > most) {
            return Err(Error::field("kw", "event-above-contract"));
        }
        refuse_billed(tx.conn, lease.id, zone, new.span)?;
        let mut row = LeaseEvent {
            id: EventId(0),
            lease_id: lease.id,
            tenant_id: lease.tenant_id,
            site_id: lease.site_id,
            from_at: new.span.from,
            to_at: new.span.to,
            watts: new.watts,
            cause: new.cause.code().to_owned(),
            note: new.note.trim().to_owned(),
            created_at: now,
            created_by: who.user,
            removed_at: None,
            removed_by: None,
        };
        row.id = leases::insert_event(tx.conn, &row)?;
        let change = Change {
            action: "create",
            noun: "lease_event",
            id: row.id.0,
            before: &(),
            after: &row,
        };
        tx.record(who, now, change)?;
        touch(tx, lease.id, zone, new.span, now)?;
        Ok(row.id)
    })
}

/// Takes an event back that no invoice rests on; the row stays with who and when.
pub fn remove(db: &Db, who: &Actor, now: Instant, id: EventId) -> Result<()> {
    require(who, Permission::RecordEvents)?;
    let site = db.read(|conn| Ok(leases::event(conn, id)?.site_id))?;
    db.write(Chain::Site(site), |tx| {
        let before = leases::event(tx.conn, id)?;
        if before.removed_at.is_some() {
            return Ok(());
        }
        let zone = sites::get(tx.conn, before.site_id)?.zone();
        let span = Span {
            from: before.from_at,
            to: before.to_at,
        };
        refuse_billed(tx.conn, before.lease_id, zone, span)?;
        let after = LeaseEvent {
            removed_at: Some(now),
            removed_by: who.user,
            ..before.clone()
        };
        leases::update_event(tx.conn, &after)?;
        let change = Change {
            action: "remove",
            noun: "lease_event",
            id: id.0,
            before: &before,
            after: &after,
        };
        tx.record(who, now, change)?;
        touch(tx, before.lease_id, zone, span, now)
    })
}

fn within_term(lease: &Lease, zone: Zone, span: Span) -> Result<()> {
    let end = lease.end_date.map(|day| zone.start_of(day));
    if span.from < zone.start_of(lease.start_date) {
        return Err(Error::field("from", "event-before-lease"));
    }
    if end.is_some_and(|end| span.to > end) {
        return Err(Error::field("to", "event-after-lease"));
    }
    Ok(())
}

fn refuse_billed(conn: &mut Conn, lease: LeaseId, zone: Zone, span: Span) -> Result<()> {
    for month in months(zone, span) {
        if !invoices::of_lease_month(conn, lease, month)?.is_empty() {
            return Err(Error::field("from", "event-month-billed"));
        }
    }
    Ok(())
}

fn touch(tx: &mut Tx, lease: LeaseId, zone: Zone, span: Span, now: Instant) -> Result<()> {
    for month in months(zone, span) {
        usage::mark_stale(tx, lease, month, now)?;
    }
    Ok(())
}

/// The local months that a span touches.
fn months(zone: Zone, span: Span) -> Vec<Month> {
    let last = Month::of(zone.date(span.to.plus_seconds(-1)));
    let first = Month::of(zone.date(span.from));
    std::iter::successors(Some(first), |month| Some(month.next()))
        .take_while(|month| *month <= last)
        .collect()
}
