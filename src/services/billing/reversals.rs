//! A payment taken back: the bank returned it, or it was entered wrongly. Its row stays; what it had
//! paid is owed again.

use super::operator_today;
use super::payments::post;
use crate::db::billing::invoices::{self, Head};
use crate::db::billing::ledger::{Account, Kind};
use crate::db::billing::payments::{self, Payment, Reversal};
use crate::db::trail::Change;
use crate::db::{Chain, Conn, Db, Tx};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::*;
use crate::domain::money::{Currency, Minor};
use crate::error::{Error, Result, require};
use chrono::NaiveDate;
use serde::Serialize;

pub const MAX_REASON: usize = 300;

/// When and why, as finance enters it.
#[derive(Clone, Debug)]
pub struct NewReversal {
    /// By which the bank account is lessened.
    pub date: NaiveDate,
    pub reason: String,
}

/// What taking a payment back does: a preview is this value, and so is what is written.
#[derive(Clone, Debug)]
pub struct Undo {
    pub payment: Payment,
    /// Invoices as they stand, with how much of the payment each loses.
    pub invoices: Vec<(Head, Minor)>,
    /// What of it had not been put to any invoice.
    pub advance: Minor,
    pub today: NaiveDate,
}

impl Undo {
    pub fn currency(&self) -> Currency {
        Currency::parse(&self.payment.currency).unwrap_or(Currency::Rub)
    }
}

/// # Errors
/// `Rule` where it was taken back before.
pub fn preview(conn: &mut Conn, now: Instant, id: PaymentId) -> Result<Undo> {
    let payment = payments::get(conn, id)?;
    if payments::reversal(conn, id)?.is_some() {
        return Err(Error::rule("payment-reversed-already"));
    }
    let mut affected: Vec<(Head, Minor)> = vec![];
    for part in payments::parts_of_payment(conn, id)? {
        match affected.iter_mut().find(|it| it.0.id == part.invoice_id) {
            Some((_, sum)) => *sum = *sum + part.amount,
            None => affected.push((invoices::head(conn, part.invoice_id)?, part.amount)),
        }
    }
    let applied: Minor = affected.iter().map(|(_, sum)| *sum).sum();
    Ok(Undo {
        advance: payment.amount - applied,
        invoices: affected,
        today: operator_today(conn, now)?,
        payment,
    })
}

/// Takes a payment back.
///
/// # Errors
/// `Invalid` by field: date, reason. `Rule` where it was taken back before.
pub fn reverse(
    db: &Db,
    who: &Actor,
    now: Instant,
    id: PaymentId,
    new: &NewReversal,
) -> Result<Undo> {
    require(who, Permission::TakePayments)?;
    db.write(Chain::Operator, |tx| {
        let undo = preview(tx.conn, now, id)?;
        let row = checked(&undo, who, now, new)?;
        payments::insert_reversal(tx.conn, &row)?;
        let (payment, tenant) = (&undo.payment, Some(row.tenant_id));
        let applied = payment.amount - undo.advance;
        let lines = [
            (Account::Bank, None, -payment.amount),
            (Account::Receivable, tenant, applied),
            (Account::Advance, tenant, undo.advance),
        ];
        let document = (Kind::Reversal, id.0);
        post(tx, who, document, row.date, undo.currency(), &lines, now)?;
        trace(tx, who, now, &undo, &row)?;
        Ok(undo)
    })
}

fn checked(undo: &Undo, who: &Actor, now: Instant, new: &NewReversal) -> Result<Reversal> {
    let reason = new.reason.trim();
    if reason.is_empty() {
        return Err(Error::field("reason", "field-required"));
    }
    if reason.chars().count() > MAX_REASON {
        return Err(Error::field("reason", "field-too-long"));
    }
    if new.date > undo.today {
        return Err(Error::field("date", "payment-ahead"));
    }
    if new.date < undo.payment.date {
        return Err(Error::field("date", "payment-reversal-early"));
    }
    Ok(Reversal {
        payment_id: undo.payment.id,
        tenant_id: undo.payment.tenant_id,
        date: new.date,
        reason: reason.to_owned(),
        created_at: now,
        created_by: who.user,
    })
}

#[derive(Serialize)]
struct Lost<'a> {
    payment: PaymentId,
    amount: Minor,
    reason: &'a str,
}

/// In the payment's own history, and in that of each invoice that is owed again.
fn trace(tx: &mut Tx, who: &Actor, now: Instant, undo: &Undo, row: &Reversal) -> Result<()> {
    let change = Change {
        action: "reverse",
        noun: "payment",
        id: row.payment_id.0,
        before: &(),
        after: row,
    };
    tx.record(who, now, change)?;
    for (head, amount) in &undo.invoices {
        let change = Change {
            action: "unpay",
            noun: "invoice",
            id: head.id.0,
            before: &(),
            after: &Lost {
                payment: row.payment_id,
                amount: *amount,
                reason: &row.reason,
            },
        };
        tx.record(who, now, change)?;
    }
    Ok(())
}
