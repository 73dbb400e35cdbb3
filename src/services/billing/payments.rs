//! Money that came in: put to invoices, the rest kept as the tenant's advance.

use super::operator_today;
use crate::db::billing::invoices::{self, Head};
use crate::db::billing::ledger::{self, Account, Kind, Transaction};
use crate::db::billing::payments::{self, Part, Payment};
use crate::db::identity::tenants;
use crate::db::trail::Change;
use crate::db::{Chain, Conn, Db, Tx};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::*;
use crate::domain::money::{Currency, Minor};
use crate::error::{Error, Result, require};
use chrono::{Months, NaiveDate};
use serde::Serialize;

const MAX_REFERENCE: usize = 200;

/// A payment as finance enters it.
#[derive(Clone, Debug)]
pub struct NewPayment {
    pub tenant: TenantId,
    pub date: NaiveDate,
    pub amount: Minor,
    pub currency: Currency,
    /// The number of the payment order, or whatever the bank says.
    pub reference: String,
    /// Put to this invoice alone; `None` puts it to the oldest open ones.
    pub invoice: Option<InvoiceId>,
}

/// What of a payment goes where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocation {
    pub parts: Vec<(InvoiceId, Minor)>,
    pub advance: Minor,
}

/// Pure: fills what is due in the order given, the rest is an advance.
pub fn allocate(amount: Minor, open: &[(InvoiceId, Minor)]) -> Allocation {
    let mut left = amount;
    let mut parts = vec![];
    for (id, due) in open {
        let part = left.min(*due);
        if part > Minor::ZERO {
            parts.push((*id, part));
            left = left - part;
        }
    }
    Allocation {
        parts,
        advance: left,
    }
}

#[derive(Serialize)]
struct Trace<'a> {
    payment: &'a Payment,
    parts: &'a [(InvoiceId, Minor)],
    advance: Minor,
}

/// Claims lapse after three years; an older date is a slip of the keys.
const OLDEST: Months = Months::new(36);

/// Records a payment.
///
/// # Errors
/// `Invalid` by field: amount, date, currency, invoice.
pub fn record(db: &Db, who: &Actor, now: Instant, new: &NewPayment) -> Result<PaymentId> {
    require(who, Permission::TakePayments)?;
    if new.amount <= Minor::ZERO {
        return Err(Error::field("amount", "field-positive"));
    }
    if new.reference.chars().count() > MAX_REFERENCE {
        return Err(Error::field("reference", "field-too-long"));
    }
    db.write(Chain::Operator, |tx| {
        tenants::get(tx.conn, new.tenant)?;
        check_date(new.date, operator_today(tx.conn, now)?)?;
        let open = open_invoices(tx.conn, new)?;
        let allocation = allocate(new.amount, &open);
        let mut row = Payment {
            id: PaymentId(0),
            tenant_id: new.tenant,
            date: new.date,
            amount: new.amount,
            currency: new.currency.code().to_owned(),
            reference: new.reference.trim().to_owned(),
            created_at: now,
            created_by: who.user,
        };
        row.id = payments::insert(tx.conn, &row)?;
        for (invoice, amount) in &allocation.parts {
            payments::insert_part(
                tx.conn,
                &part(row.id, row.tenant_id, *invoice, *amount, now),
            )?;
        }
        let applied = new.amount - allocation.advance;
        let lines = [
            (Account::Bank, None, new.amount),
            (Account::Receivable, Some(new.tenant), -applied),
            (Account::Advance, Some(new.tenant), -allocation.advance),
        ];
        post(
            tx,
            who,
            (Kind::Payment, row.id.0),
            new.date,
            new.currency,
            &lines,
            now,
        )?;
        let change = Change {
            action: "record",
            noun: "payment",
            id: row.id.0,
            before: &(),
            after: &Trace {
                payment: &row,
                parts: &allocation.parts,
                advance: allocation.advance,
            },
        };
        tx.record(who, now, change)?;
        for (invoice, amount) in &allocation.parts {
            trace_on_invoice(tx, who, *invoice, row.id, *amount, now)?;
        }
        Ok(row.id)
    })
}

fn check_date(date: NaiveDate, today: NaiveDate) -> Result<()> {
    if date > today {
        return Err(Error::field("date", "payment-ahead"));
    }
    match date.checked_add_months(OLDEST) {
        Some(lapsed) if lapsed >= today => Ok(()),
        _ => Err(Error::field("date", "payment-long-ago")),
    }
}

/// The chosen invoice, or all that are open, oldest first, with what is due on each.
fn open_invoices(conn: &mut Conn, new: &NewPayment) -> Result<Vec<(InvoiceId, Minor)>> {
    let due = |head: &Head| (head.id, head.due());
    let Some(id) = new.invoice else {
        let open = invoices::unpaid(conn, new.tenant, new.currency)?;
        return Ok(open.iter().map(due).collect());
    };
    let head = invoices::head(conn, id)?;
    if head.tenant_id != new.tenant {
        return Err(Error::field("invoice", "payment-other-tenant"));
    }
    if head.currency() != new.currency {
        return Err(Error::field("currency", "payment-other-currency"));
    }
    Ok(vec![due(&head)])
}

fn part(
    payment: PaymentId,
    tenant: TenantId,
    invoice: InvoiceId,
    amount: Minor,
    now: Instant,
) -> Part {
    Part {
        id: 0,
        payment_id: payment,
        invoice_id: invoice,
        tenant_id: tenant,
        amount,
        at: now,
    }
}

/// A transaction of the ledger, dated and by whom.
pub fn post(
    tx: &mut Tx,
    who: &Actor,
    (kind, document): (Kind, i64),
    date: NaiveDate,
    currency: Currency,
    lines: &[(Account, Option<TenantId>, Minor)],
    now: Instant,
) -> Result<()> {
    let head = Transaction {
        id: LedgerTransactionId(0),
        date,
        kind: kind.code().to_owned(),
        document_id: document,
        currency: currency.code().to_owned(),
        posted_at: now,
        posted_by: who.user,
    };
    ledger::post(tx.conn, &head, lines)?;
    Ok(())
}

/// What a tenant has paid ahead and not used.
pub fn advance_of(conn: &mut Conn, tenant: TenantId, currency: Currency) -> Result<Minor> {
    let payments = payments::of_tenant(conn, tenant, currency)?;
    Ok(payments
        .iter()
        .map(|(it, applied)| it.amount - *applied)
        .sum())
}

/// Puts the tenant's advance to an invoice that is open: finance's button.
pub fn apply_advance(db: &Db, who: &Actor, now: Instant, invoice: InvoiceId) -> Result<Minor> {
    require(who, Permission::TakePayments)?;
    db.write(Chain::Operator, |tx| {
        let applied = apply_advance_to(tx, who, invoice, now)?;
        if applied == Minor::ZERO {
            return Err(Error::rule("payment-no-advance"));
        }
        Ok(applied)
    })
}

/// Puts what is there of the tenant's advance to an invoice, oldest payment first.
pub fn apply_advance_to(
    tx: &mut Tx,
    who: &Actor,
    invoice: InvoiceId,
    now: Instant,
) -> Result<Minor> {
    let head = invoices::head(tx.conn, invoice)?;
    let (tenant, currency) = (head.tenant_id, head.currency());
    let date = operator_today(tx.conn, now)?;
    let mut due = head.due();
    for (payment, applied) in payments::of_tenant(tx.conn, tenant, currency)? {
        let amount = due.min(payment.amount - applied);
        if amount <= Minor::ZERO {
            continue;
        }
        let row = part(payment.id, tenant, invoice, amount, now);
        let id = payments::insert_part(tx.conn, &row)?;
        let lines = [
            (Account::Advance, Some(tenant), amount),
            (Account::Receivable, Some(tenant), -amount),
        ];
        post(
            tx,
            who,
            (Kind::Application, id),
            date,
            currency,
            &lines,
            now,
        )?;
        trace_on_invoice(tx, who, invoice, payment.id, amount, now)?;
        due = due - amount;
    }
    Ok(head.due() - due)
}

#[derive(Serialize)]
struct Paid {
    payment: PaymentId,
    amount: Minor,
}

/// A line in the invoice's own history.
fn trace_on_invoice(
    tx: &mut Tx,
    who: &Actor,
    invoice: InvoiceId,
    payment: PaymentId,
    amount: Minor,
    now: Instant,
) -> Result<()> {
    let change = Change {
        action: "pay",
        noun: "invoice",
        id: invoice.0,
        before: &(),
        after: &Paid { payment, amount },
    };
    tx.record(who, now, change)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_paid_first_and_the_rest_stays() {
        let open = [(InvoiceId(1), Minor(100)), (InvoiceId(2), Minor(50))];
        let paid = |amount| allocate(Minor(amount), &open);
        assert_eq!(paid(80).parts, [(InvoiceId(1), Minor(80))]);
        let both = paid(160);
        assert_eq!(
            both.parts,
            [(InvoiceId(1), Minor(100)), (InvoiceId(2), Minor(50))]
        );
        assert_eq!(both.advance, Minor(10));
        assert_eq!(allocate(Minor(7), &[]).advance, Minor(7));
    }
}
