//! VAT rates by country and date.

use crate::db::billing::invoices;
use crate::db::billing::vat::{self, STANDARD, VatRow};
use crate::db::leasing::leases;
use crate::db::trail::Change;
use crate::db::{Chain, Db, Tx};
use crate::domain::calendar::{Instant, Month};
use crate::domain::identity::access::{Actor, Permission};
use crate::error::{Error, Result, require};
use crate::services::metering::usage;
use anyhow::Context;
use chrono::NaiveDate;
use rust_decimal::Decimal;

const SEED: &str = include_str!("../../seed/vat_rates.csv");

/// Fills the table of a house that has none yet.
pub fn seed(db: &Db) -> Result<()> {
    db.write(Chain::Operator, |tx| {
        if !vat::all(tx.conn)?.is_empty() {
            return Ok(());
        }
        for row in csv::Reader::from_reader(SEED.as_bytes()).deserialize() {
            let (country, category, rate, effective_from) = row.context("the seeded VAT rates")?;
            let row = VatRow {
                id: 0,
                country,
                category,
                rate,
                effective_from,
            };
            vat::insert(tx.conn, &row)?;
        }
        Ok(())
    })
}

/// Adds a country's standard rate from a date on.
///
/// # Errors
/// `Invalid` by field; a date in a month that is billed already.
pub fn add(
    db: &Db,
    who: &Actor,
    now: Instant,
    country: &str,
    rate: Decimal,
    from: NaiveDate,
) -> Result<i64> {
    require(who, Permission::EditVat)?;
    let country = country.trim().to_ascii_uppercase();
    if country.len() != 2 || !country.bytes().all(|it| it.is_ascii_alphabetic()) {
        return Err(Error::field("country", "vat-country"));
    }
    if rate < Decimal::ZERO || rate > Decimal::ONE || rate.normalize().scale() > 6 {
        return Err(Error::field("rate", "plan-fault-not-a-share"));
    }
    db.write(Chain::Operator, |tx| {
        let mut row = VatRow {
            id: 0,
            country: country.clone(),
            category: STANDARD.to_owned(),
            rate: rate.to_string(),
            effective_from: from,
        };
        if vat::exists(tx.conn, &row)? {
            return Err(Error::field("effective_from", "vat-date-taken"));
        }
        refuse_billed(tx, from)?;
        row.id = vat::insert(tx.conn, &row)?;
        record(tx, who, now, "create", &(), &row, row.id)?;
        touch(tx, from, now)?;
        Ok(row.id)
    })
}

/// Takes a rate back that no invoice can have used.
pub fn remove(db: &Db, who: &Actor, now: Instant, id: i64) -> Result<()> {
    require(who, Permission::EditVat)?;
    db.write(Chain::Operator, |tx| {
        let row = vat::get(tx.conn, id)?;
        refuse_billed(tx, row.effective_from)?;
        vat::delete(tx.conn, id)?;
        record(tx, who, now, "delete", &row, &(), id)?;
        touch(tx, row.effective_from, now)
    })
}

fn refuse_billed(tx: &mut Tx, from: NaiveDate) -> Result<()> {
    let month = Month::of(from).to_string();
    if invoices::latest_month(tx.conn)?.is_some_and(|billed| billed >= month) {
        return Err(Error::field("effective_from", "vat-month-billed"));
    }
    Ok(())
}

fn touch(tx: &mut Tx, from: NaiveDate, now: Instant) -> Result<()> {
    for lease in leases::all(tx.conn)? {
        usage::mark_stale_from(tx, lease.id, Month::of(from), now)?;
    }
    Ok(())
}

fn record<B: serde::Serialize, A: serde::Serialize>(
    tx: &mut Tx,
    who: &Actor,
    now: Instant,
    action: &str,
    before: &B,
    after: &A,
    id: i64,
) -> Result<()> {
    let change = Change {
        action,
        noun: "vat_rate",
        id,
        before,
        after,
    };
    tx.record(who, now, change)
}
