//! Payments, and which part of which pays for what.

use crate::db::Conn;
use crate::db::schema::{payment_parts, payments, tenants};
use crate::domain::calendar::Instant;
use crate::domain::fold::fold;
use crate::domain::ids::*;
use crate::domain::money::{Currency, Minor};
use crate::error::{Result, found};
use chrono::NaiveDate;
use diesel::dsl::sql;
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

/// A payment with its tenant's name and what of it is put to invoices.
pub type ListedPayment = (Payment, String, Minor);

#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub tenant: Option<TenantId>,
    pub search: String,
    pub before: Option<PaymentId>,
    pub limit: i64,
}

const APPLIED: &str = "COALESCE((SELECT CAST(SUM(p.amount) AS BIGINT) FROM payment_parts p \
     WHERE p.payment_id = payments.id), 0)";

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

/// Sums over everything that the filter finds: currency, how many, received, put to invoices.
pub fn totals(conn: &mut Conn, filter: &Filter) -> Result<Vec<(String, i64, Minor, Minor)>> {
    let mut query = payments::table
        .inner_join(tenants::table.on(tenants::id.eq(payments::tenant_id)))
        .group_by(payments::currency)
        .select((
            payments::currency,
            sql::<BigInt>("COUNT(*)"),
            sql::<BigInt>("CAST(SUM(payments.amount) AS BIGINT)"),
            sql::<BigInt>(&format!("CAST(SUM({APPLIED}) AS BIGINT)")),
        ))
        .into_boxed();
    narrowed!(query, filter);
    Ok(query.order(payments::currency).load(conn)?)
}

/// Latest first.
pub fn list(conn: &mut Conn, filter: &Filter) -> Result<Vec<ListedPayment>> {
    let mut query = payments::table
        .inner_join(tenants::table.on(tenants::id.eq(payments::tenant_id)))
        .select((payments::all_columns, tenants::name, sql::<BigInt>(APPLIED)))
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

/// A tenant's payments in a currency with what of each is put to invoices, oldest first.
pub fn of_tenant(
    conn: &mut Conn,
    tenant: TenantId,
    currency: Currency,
) -> Result<Vec<(Payment, Minor)>> {
    Ok(payments::table
        .filter(payments::tenant_id.eq(tenant))
        .filter(payments::currency.eq(currency.code()))
        .order((payments::date, payments::id))
        .select((payments::all_columns, sql::<BigInt>(APPLIED)))
        .load(conn)?)
}

/// Parts put to an invoice with their payments, oldest first.
pub fn parts_of_invoice(conn: &mut Conn, id: InvoiceId) -> Result<Vec<(Part, Payment)>> {
    Ok(payment_parts::table
        .inner_join(payments::table.on(payments::id.eq(payment_parts::payment_id)))
        .filter(payment_parts::invoice_id.eq(id))
        .order(payment_parts::id)
        .select((payment_parts::all_columns, payments::all_columns))
        .load(conn)?)
}

pub fn parts_of_payment(conn: &mut Conn, id: PaymentId) -> Result<Vec<Part>> {
    Ok(payment_parts::table
        .filter(payment_parts::payment_id.eq(id))
        .order(payment_parts::id)
        .load(conn)?)
}

pub fn all_parts(conn: &mut Conn) -> Result<Vec<Part>> {
    Ok(payment_parts::table.order(payment_parts::id).load(conn)?)
}

pub fn all(conn: &mut Conn) -> Result<Vec<Payment>> {
    Ok(payments::table.order(payments::id).load(conn)?)
}
