//! One-off charges: entered by finance, taken back with a trace.

use crate::db::billing::charges::{self, Charge};
use crate::db::billing::invoices;
use crate::db::leasing::leases;
use crate::db::trail::Change;
use crate::db::{Chain, Conn, Db};
use crate::domain::calendar::{Instant, Month};
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::*;
use crate::domain::money::Minor;
use crate::error::{Error, Result, require};
use crate::services::metering::usage;
use chrono::NaiveDate;
use rust_decimal::Decimal;

const MAX_DESCRIPTION: usize = 200;
const MAX_DECIMALS: u32 = 6;

/// `quantity` below zero is a credit.
#[derive(Clone, Debug)]
pub struct NewCharge {
    pub lease: LeaseId,
    pub date: NaiveDate,
    pub description: String,
    pub quantity: Decimal,
    pub unit_price: Decimal,
}

/// # Errors
/// `Invalid` by field; a date in a month of the lease that is billed already.
pub fn enter(db: &Db, who: &Actor, now: Instant, new: &NewCharge) -> Result<ChargeId> {
    require(who, Permission::EnterCharges)?;
    let description = new.description.trim();
    if description.is_empty() {
        return Err(Error::field("description", "form-required"));
    }
    if description.chars().count() > MAX_DESCRIPTION {
        return Err(Error::field("description", "field-too-long"));
    }
    if new.quantity.is_zero() || new.quantity.normalize().scale() > MAX_DECIMALS {
        return Err(Error::field("quantity", "charge-quantity"));
    }
    if new.unit_price < Decimal::ZERO || new.unit_price.normalize().scale() > MAX_DECIMALS {
        return Err(Error::field("unit_price", "charge-price"));
    }
    let amount = new.quantity.checked_mul(new.unit_price);
    if amount.and_then(Minor::round2).is_none() {
        return Err(Error::field("unit_price", "field-too-large"));
    }
    db.write(Chain::Operator, |tx| {
        let lease = leases::get(tx.conn, new.lease)?;
        refuse_billed(tx.conn, lease.id, new.date)?;
        // A month without an active day makes no invoice that could carry the charge.
        if usage::active(&lease, Month::of(new.date)).is_none() {
            return Err(Error::field("date", "charge-outside-lease"));
        }
        let mut row = Charge {
            id: ChargeId(0),
            lease_id: lease.id,
            tenant_id: lease.tenant_id,
            site_id: lease.site_id,
            date: new.date,
            description: description.to_owned(),
            quantity: new.quantity.to_string(),
            unit_price: new.unit_price.to_string(),
            created_at: now,
            created_by: who.user,
            removed_at: None,
            removed_by: None,
        };
        row.id = charges::insert(tx.conn, &row)?;
        let change = Change {
            action: "create",
            noun: "charge",
            id: row.id.0,
            before: &(),
            after: &row,
        };
        tx.record(who, now, change)?;
        usage::mark_stale(tx, lease.id, Month::of(new.date), now)?;
        Ok(row.id)
    })
}

/// Takes a charge back that was not billed yet.
pub fn remove(db: &Db, who: &Actor, now: Instant, id: ChargeId) -> Result<()> {
    require(who, Permission::EnterCharges)?;
    db.write(Chain::Operator, |tx| {
        let before = charges::get(tx.conn, id)?;
        if before.removed_at.is_some() {
            return Ok(());
        }
        refuse_billed(tx.conn, before.lease_id, before.date)?;
        let after = Charge {
            removed_at: Some(now),
            removed_by: who.user,
            ..before.clone()
        };
        charges::update(tx.conn, &after)?;
        let change = Change {
            action: "remove",
            noun: "charge",
            id: id.0,
            before: &before,
            after: &after,
        };
        tx.record(who, now, change)?;
        usage::mark_stale(tx, after.lease_id, Month::of(after.date), now)
    })
}

fn refuse_billed(conn: &mut Conn, lease: LeaseId, date: NaiveDate) -> Result<()> {
    if invoices::of_lease_month(conn, lease, Month::of(date))?.is_empty() {
        Ok(())
    } else {
        Err(Error::field("date", "charge-month-billed"))
    }
}
