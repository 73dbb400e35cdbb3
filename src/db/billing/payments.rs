//! Payments, and which part of which pays for what.

use crate::db::Conn;
use crate::db::schema::{payment_parts, payment_reversals, payments, tenants};
use crate::domain::calendar::Instant;
use crate::domain::fold::fold;
use crate::domain::ids::*;
use crate::domain::money::{Currency, Minor};
use crate::error::{Result, found};
use chrono::NaiveDate;
use diesel::dsl::{exists, not, sql};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde::Serialize;

#[derive(Clone, Debug, Queryable, Insertable, Serialize)]
#[diesel(table_name = payments)]
pub struct Payment {
    #[diesel(skip_insertion)]
    pub id: PaymentId,
    pub tenant_id: TenantId,
    pub date: NaiveDate,
    pub amount: Minor,
    pub currency: String,
    pub reference: String,
    pub created_at: Instant,
    pub created_by: Option<UserId>,
}

/// What of a payment was put to an invoice; the rest is the tenant's advance.
#[derive(Clone, Debug, Queryable, Insertable, Serialize)]
#[diesel(table_name = payment_parts)]
pub struct Part {
    #[diesel(skip_insertion)]
    pub id: i64,
    pub payment_id: PaymentId,
    pub invoice_id: InvoiceId,
    pub tenant_id: TenantId,
    pub amount: Minor,
    pub at: Instant,
}

/// A payment that was taken back; its parts stay as they were and count for nothing.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize)]
#[diesel(table_name = payment_reversals)]
pub struct Reversal {
    pub payment_id: PaymentId,
    pub tenant_id: TenantId,
    pub date: NaiveDate,
    pub reason: String,
    pub created_at: Instant,
    pub created_by: Option<UserId>,
}

/// A payment with its tenant's name, what of it is put to invoices, and whether it was taken back.
pub type ListedPayment = (Payment, String, Minor, Option<Reversal>);

/// A part put to an invoice, of which payment, and whether that was taken back.
pub type InvoicePart = (Part, Payment, Option<Reversal>);

/// Sums of what a filter finds, in one currency.
#[derive(Clone, Debug, Queryable)]
pub struct Totals {
    pub currency: String,
    pub count: i64,
    /// Everything that came in, whatever became of it.
    pub amount: Minor,
    pub applied: Minor,
    /// Of it, what was taken back.
    pub reversed: Minor,
}

#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub tenant: Option<TenantId>,
    pub search: String,
    pub before: Option<PaymentId>,
    pub limit: i64,
}

const APPLIED: &str = "COALESCE((SELECT CAST(SUM(p.amount) AS BIGINT) FROM payment_parts p \
     WHERE p.payment_id = payments.id AND NOT EXISTS (SELECT 1 FROM payment_reversals r \
     WHERE r.payment_id = p.payment_id)), 0)";
const REVERSED: &str = "COALESCE(CAST(SUM(CASE WHEN payment_reversals.payment_id IS NOT NULL \
     THEN payments.amount ELSE 0 END) AS BIGINT), 0)";

pub fn get(conn: &mut Conn, id: PaymentId) -> Result<Payment> {
    found(payments::table.find(id).first(conn).optional()?)
}

pub fn insert(conn: &mut Conn, row: &Payment) -> Result<PaymentId> {
    Ok(diesel::insert_into(payments::table)
        .values(row)
        .returning(payments::id)
        .get_result(conn)?)
}

pub fn insert_part(conn: &mut Conn, row: &Part) -> Result<i64> {
    Ok(diesel::insert_into(payment_parts::table)
        .values(row)
        .returning(payment_parts::id)
        .get_result(conn)?)
}

/// What a tenant paid, or what is searched for.
macro_rules! narrowed {
    ($query:ident, $filter:expr) => {
        if let Some(tenant) = $filter.tenant {
            $query = $query.filter(payments::tenant_id.eq(tenant));
        }
        if !$filter.search.is_empty() {
            let folded = format!("%{}%", fold(&$filter.search));
            $query = $query.filter(
                tenants::name_folded
                    .like(folded)
                    .or(payments::reference.like(format!("%{}%", $filter.search))),
            );
        }
    };
}

/// Sums over everything that the filter finds, by currency.
pub fn totals(conn: &mut Conn, filter: &Filter) -> Result<Vec<Totals>> {
    let mut query = payments::table
        .inner_join(tenants::table.on(tenants::id.eq(payments::tenant_id)))
        .left_join(payment_reversals::table.on(payment_reversals::payment_id.eq(payments::id)))
        .group_by(payments::currency)
        .select((
            payments::currency,
            sql::<BigInt>("COUNT(*)"),
            sql::<BigInt>("CAST(SUM(payments.amount) AS BIGINT)"),
            sql::<BigInt>(&format!("CAST(SUM({APPLIED}) AS BIGINT)")),
            sql::<BigInt>(REVERSED),
        ))
        .into_boxed();
    narrowed!(query, filter);
    Ok(query.order(payments::currency).load(conn)?)
}

/// Latest first.
pub fn list(conn: &mut Conn, filter: &Filter) -> Result<Vec<ListedPayment>> {
    let mut query = payments::table
        .inner_join(tenants::table.on(tenants::id.eq(payments::tenant_id)))
        .left_join(payment_reversals::table.on(payment_reversals::payment_id.eq(payments::id)))
        .select((
            payments::all_columns,
            tenants::name,
            sql::<BigInt>(APPLIED),
            payment_reversals::all_columns.nullable(),
        ))
        .into_boxed();
    narrowed!(query, filter);
    if let Some(before) = filter.before {
        query = query.filter(payments::id.lt(before));
    }
    Ok(query
        .order(payments::id.desc())
        .limit(filter.limit)
        .load(conn)?)
}

/// A tenant's payments in a currency with what of each is put to invoices, oldest first; not those
/// that were taken back.
pub fn of_tenant(
    conn: &mut Conn,
    tenant: TenantId,
    currency: Currency,
) -> Result<Vec<(Payment, Minor)>> {
    Ok(payments::table
        .filter(payments::tenant_id.eq(tenant))
        .filter(payments::currency.eq(currency.code()))
        .filter(not(exists(
            payment_reversals::table.filter(payment_reversals::payment_id.eq(payments::id)),
        )))
        .order((payments::date, payments::id))
        .select((payments::all_columns, sql::<BigInt>(APPLIED)))
        .load(conn)?)
}

/// Parts put to an invoice with their payments, oldest first.
pub fn parts_of_invoice(conn: &mut Conn, id: InvoiceId) -> Result<Vec<InvoicePart>> {
    Ok(payment_parts::table
        .inner_join(payments::table.on(payments::id.eq(payment_parts::payment_id)))
        .left_join(payment_reversals::table.on(payment_reversals::payment_id.eq(payments::id)))
        .filter(payment_parts::invoice_id.eq(id))
        .order(payment_parts::id)
        .select((
            payment_parts::all_columns,
            payments::all_columns,
            payment_reversals::all_columns.nullable(),
        ))
        .load(conn)?)
}

pub fn parts_of_payment(conn: &mut Conn, id: PaymentId) -> Result<Vec<Part>> {
    Ok(payment_parts::table
        .filter(payment_parts::payment_id.eq(id))
        .order(payment_parts::id)
        .load(conn)?)
}

pub fn reversal(conn: &mut Conn, id: PaymentId) -> Result<Option<Reversal>> {
    let row = payment_reversals::table.find(id).first(conn);
    Ok(row.optional()?)
}

pub fn insert_reversal(conn: &mut Conn, row: &Reversal) -> Result<()> {
    diesel::insert_into(payment_reversals::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Which payments were taken back.
pub fn reversed(conn: &mut Conn) -> Result<Vec<PaymentId>> {
    Ok(payment_reversals::table
        .order(payment_reversals::payment_id)
        .select(payment_reversals::payment_id)
        .load(conn)?)
}

pub fn all_parts(conn: &mut Conn) -> Result<Vec<Part>> {
    Ok(payment_parts::table.order(payment_parts::id).load(conn)?)
}

pub fn all(conn: &mut Conn) -> Result<Vec<Payment>> {
    Ok(payments::table.order(payments::id).load(conn)?)
}
