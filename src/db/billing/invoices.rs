//! Issued invoices: written once and never changed.

use crate::db::Conn;
use crate::db::schema::{document_counters, invoice_lines, invoices, leases, tenants};
use crate::domain::billing::standing::Standing;
use crate::domain::calendar::{Instant, Month};
use crate::domain::fold::fold;
use crate::domain::ids::*;
use crate::domain::money::{Currency, Minor};
use crate::domain::units::WattHours;
use crate::error::{Result, found};
use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde::Serialize;

/// `document`: what was handed over, as JSON. `inputs`: what it was computed from, as JSON.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = invoices)]
pub struct Invoice {
    #[diesel(skip_insertion)]
    pub id: InvoiceId,
    pub number: String,
    pub year: i32,
    pub seq: i64,
    pub run_id: RunId,
    pub lease_id: LeaseId,
    pub tenant_id: TenantId,
    pub site_id: SiteId,
    pub tenant_folded: String,
    pub month: String,
    pub currency: String,
    pub issue_date: NaiveDate,
    pub due_date: NaiveDate,
    pub net: Minor,
    pub vat_rate: String,
    pub vat: Minor,
    pub total: Minor,
    pub wh: WattHours,
    pub estimated_wh: WattHours,
    pub document: String,
    pub inputs: String,
    pub issued_at: Instant,
    pub issued_by: Option<UserId>,
}

#[derive(Clone, Debug, Queryable, Insertable, Serialize)]
#[diesel(table_name = invoice_lines)]
pub struct InvoiceLine {
    pub invoice_id: InvoiceId,
    pub line: i32,
    pub kind: String,
    pub net: Minor,
}

/// An invoice as lists show it, with what was paid.
#[derive(Clone, Debug, Queryable, Serialize)]
pub struct Head {
    pub id: InvoiceId,
    pub number: String,
    pub lease_id: LeaseId,
    pub lease: String,
    pub tenant_id: TenantId,
    pub tenant: String,
    pub tenant_folded: String,
    pub site_id: SiteId,
    pub month: String,
    pub currency: String,
    pub issue_date: NaiveDate,
    pub due_date: NaiveDate,
    pub net: Minor,
    pub vat: Minor,
    pub total: Minor,
    pub wh: WattHours,
    pub estimated_wh: WattHours,
    pub paid: Minor,
}

impl Head {
    /// What is still to be paid, never below zero.
    pub fn due(&self) -> Minor {
        Minor((self.total.0 - self.paid.0).max(0))
    }

    pub fn standing(&self, today: NaiveDate) -> Standing {
        Standing::of(self.total, self.paid, self.due_date, today)
    }

    /// Rows are only written with a currency that is known.
    pub fn currency(&self) -> Currency {
        Currency::parse(&self.currency).unwrap_or(Currency::Rub)
    }
}

crate::codes!(
    /// What a list of invoices is sorted by.
    Sort { Issued = "issued", Due = "due", Total = "total", Tenant = "tenant" }
);

/// Where the page before ended: the last row's value of each sort, with its id.
#[derive(Clone, Debug)]
pub struct Cursor {
    pub id: InvoiceId,
    pub due_date: NaiveDate,
    pub total: Minor,
    pub tenant_folded: String,
}

impl From<&Head> for Cursor {
    fn from(head: &Head) -> Self {
        Self {
            id: head.id,
            due_date: head.due_date,
            total: head.total,
            tenant_folded: head.tenant_folded.clone(),
        }
    }
}

/// `today`: the operator's date, by which an invoice is overdue.
#[derive(Clone, Debug)]
pub struct Filter {
    pub tenant: Option<TenantId>,
    pub lease: Option<LeaseId>,
    pub run: Option<RunId>,
    pub month: Option<Month>,
    pub currency: Option<Currency>,
    pub standing: Option<Standing>,
    pub search: String,
    pub sort: Sort,
    pub descending: bool,
    pub today: NaiveDate,
    pub after: Option<Cursor>,
    pub limit: i64,
}

impl Filter {
    pub fn new(today: NaiveDate) -> Self {
        Self {
            tenant: None,
            lease: None,
            run: None,
            month: None,
            currency: None,
            standing: None,
            search: String::new(),
            sort: Sort::Issued,
            descending: true,
            today,
            after: None,
            limit: 50,
        }
    }
}

/// Sums of what a filter finds, in one currency.
#[derive(Clone, Debug, Queryable, Serialize)]
pub struct Totals {
    pub currency: String,
    pub count: i64,
    pub net: Minor,
    pub vat: Minor,
    pub total: Minor,
    pub paid: Minor,
    pub wh: WattHours,
}

const PAID: &str = "COALESCE((SELECT CAST(SUM(p.amount) AS BIGINT) FROM payment_parts p \
     WHERE p.invoice_id = invoices.id AND NOT EXISTS (SELECT 1 FROM payment_reversals r \
     WHERE r.payment_id = p.payment_id)), 0)";

macro_rules! filtered {
    ($query:ident, $filter:expr) => {{
        let filter: &Filter = $filter;
        if let Some(tenant) = filter.tenant {
            $query = $query.filter(invoices::tenant_id.eq(tenant));
        }
        if let Some(lease) = filter.lease {
            $query = $query.filter(invoices::lease_id.eq(lease));
        }
        if let Some(run) = filter.run {
            $query = $query.filter(invoices::run_id.eq(run));
        }
        if let Some(month) = filter.month {
            $query = $query.filter(invoices::month.eq(month.to_string()));
        }
        if let Some(currency) = filter.currency {
            $query = $query.filter(invoices::currency.eq(currency.code()));
        }
        if !filter.search.trim().is_empty() {
            let folded = format!("%{}%", fold(&filter.search));
            let number = format!("%{}%", filter.search.trim());
            $query = $query.filter(
                invoices::number
                    .like(number)
                    .or(invoices::tenant_folded.like(folded)),
            );
        }
        let paid = || sql::<BigInt>(PAID);
        $query = match filter.standing {
            None => $query,
            Some(Standing::Paid) => $query.filter(paid().ge(invoices::total)),
            Some(Standing::Overdue) => $query
                .filter(paid().lt(invoices::total))
                .filter(invoices::due_date.lt(filter.today)),
            Some(Standing::PartlyPaid) => $query
                .filter(paid().lt(invoices::total))
                .filter(paid().gt(0))
                .filter(invoices::due_date.ge(filter.today)),
            Some(Standing::Open) => $query
                .filter(paid().lt(invoices::total))
                .filter(paid().le(0))
                .filter(invoices::due_date.ge(filter.today)),
        };
    }};
}

/// In the order of a column, from where the page before ended.
macro_rules! turned {
    ($query:ident, $filter:expr, $column:expr, $value:ident) => {{
        if let Some(after) = &$filter.after {
            let (value, id) = (after.$value.clone(), after.id);
            let tied = $column.eq(value.clone());
            $query = if $filter.descending {
                $query.filter($column.lt(value).or(tied.and(invoices::id.lt(id))))
            } else {
                $query.filter($column.gt(value).or(tied.and(invoices::id.gt(id))))
            };
        }
        if $filter.descending {
            $query.order(($column.desc(), invoices::id.desc()))
        } else {
            $query.order(($column.asc(), invoices::id.asc()))
        }
    }};
}

pub fn list(conn: &mut Conn, filter: &Filter) -> Result<Vec<Head>> {
    let mut query = invoices::table
        .inner_join(leases::table.on(leases::id.eq(invoices::lease_id)))
        .inner_join(tenants::table.on(tenants::id.eq(invoices::tenant_id)))
        .select((
            invoices::id,
            invoices::number,
            invoices::lease_id,
            leases::number,
            invoices::tenant_id,
            tenants::name,
            invoices::tenant_folded,
            invoices::site_id,
            invoices::month,
            invoices::currency,
            invoices::issue_date,
            invoices::due_date,
            invoices::net,
            invoices::vat,
            invoices::total,
            invoices::wh,
            invoices::estimated_wh,
            sql::<BigInt>(PAID),
        ))
        .into_boxed();
    filtered!(query, filter);
    query = match filter.sort {
        Sort::Issued => turned!(query, filter, invoices::id, id),
        Sort::Due => turned!(query, filter, invoices::due_date, due_date),
        Sort::Total => turned!(query, filter, invoices::total, total),
        Sort::Tenant => turned!(query, filter, invoices::tenant_folded, tenant_folded),
    };
    Ok(query.limit(filter.limit).load(conn)?)
}

/// Sums over everything that the filter finds, whatever the page, by currency.
pub fn totals(conn: &mut Conn, filter: &Filter) -> Result<Vec<Totals>> {
    let sum = |column: &str| sql::<BigInt>(&format!("CAST(SUM(invoices.{column}) AS BIGINT)"));
    let mut query = invoices::table
        .group_by(invoices::currency)
        .select((
            invoices::currency,
            sql::<BigInt>("COUNT(*)"),
            sum("net"),
            sum("vat"),
            sum("total"),
            sql::<BigInt>(&format!("CAST(SUM({PAID}) AS BIGINT)")),
            sum("wh"),
        ))
        .into_boxed();
    filtered!(query, filter);
    Ok(query.order(invoices::currency).load(conn)?)
}

pub fn get(conn: &mut Conn, id: InvoiceId) -> Result<Invoice> {
    found(invoices::table.find(id).first(conn).optional()?)
}

/// The list's form of one invoice.
pub fn head(conn: &mut Conn, id: InvoiceId) -> Result<Head> {
    let (tenant, lease): (TenantId, LeaseId) = found(
        invoices::table
            .find(id)
            .select((invoices::tenant_id, invoices::lease_id))
            .first(conn)
            .optional()?,
    )?;
    let mut filter = Filter::new(NaiveDate::MIN);
    (filter.tenant, filter.lease, filter.limit) = (Some(tenant), Some(lease), i64::MAX);
    found(list(conn, &filter)?.into_iter().find(|head| head.id == id))
}

/// The invoices of a lease for a month, one for each currency.
pub fn of_lease_month(
    conn: &mut Conn,
    lease: LeaseId,
    month: Month,
) -> Result<Vec<(InvoiceId, String)>> {
    Ok(invoices::table
        .filter(invoices::lease_id.eq(lease))
        .filter(invoices::month.eq(month.to_string()))
        .order(invoices::id)
        .select((invoices::id, invoices::number))
        .load(conn)?)
}

/// Which leases are billed for a month.
pub fn billed(conn: &mut Conn, month: Month) -> Result<Vec<(LeaseId, InvoiceId, String, Minor)>> {
    Ok(invoices::table
        .filter(invoices::month.eq(month.to_string()))
        .order(invoices::id)
        .select((
            invoices::lease_id,
            invoices::id,
            invoices::number,
            invoices::total,
        ))
        .load(conn)?)
}

/// The last month of which any lease is billed.
pub fn latest_month(conn: &mut Conn) -> Result<Option<String>> {
    Ok(invoices::table
        .order(invoices::month.desc())
        .select(invoices::month)
        .first(conn)
        .optional()?)
}

/// Months of these leases that are billed.
pub fn billed_months(conn: &mut Conn, leases: &[LeaseId]) -> Result<Vec<(LeaseId, String)>> {
    Ok(invoices::table
        .filter(invoices::lease_id.eq_any(leases))
        .select((invoices::lease_id, invoices::month))
        .load(conn)?)
}

/// A tenant's invoices in a currency that are not paid in full, oldest due date first.
pub fn unpaid(conn: &mut Conn, tenant: TenantId, currency: Currency) -> Result<Vec<Head>> {
    let mut filter = Filter::new(NaiveDate::MIN);
    filter.tenant = Some(tenant);
    filter.currency = Some(currency);
    filter.limit = i64::MAX;
    let mut heads = list(conn, &filter)?;
    heads.retain(|head| head.paid < head.total);
    heads.sort_by_key(|head| (head.due_date, head.id));
    Ok(heads)
}

pub fn insert(conn: &mut Conn, row: &Invoice) -> Result<InvoiceId> {
    Ok(diesel::insert_into(invoices::table)
        .values(row)
        .returning(invoices::id)
        .get_result(conn)?)
}

pub fn insert_line(conn: &mut Conn, row: &InvoiceLine) -> Result<()> {
    diesel::insert_into(invoice_lines::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

pub fn lines(conn: &mut Conn, id: InvoiceId) -> Result<Vec<InvoiceLine>> {
    Ok(invoice_lines::table
        .filter(invoice_lines::invoice_id.eq(id))
        .order(invoice_lines::line)
        .load(conn)?)
}

pub fn ids(conn: &mut Conn) -> Result<Vec<InvoiceId>> {
    Ok(invoices::table
        .order(invoices::id)
        .select(invoices::id)
        .load(conn)?)
}

/// Year, place in the year and number of every invoice.
pub fn numbers(conn: &mut Conn) -> Result<Vec<(i32, i64, String)>> {
    Ok(invoices::table
        .order((invoices::year, invoices::seq))
        .select((invoices::year, invoices::seq, invoices::number))
        .load(conn)?)
}

/// The next number of a series in a year: taken with the transaction or not at all.
pub fn take_number(conn: &mut Conn, series: &str, year: i32) -> Result<i64> {
    let last: Option<i64> = document_counters::table
        .find((series, year))
        .select(document_counters::last)
        .first(conn)
        .optional()?;
    match last {
        Some(last) => {
            diesel::update(document_counters::table.find((series, year)))
                .set(document_counters::last.eq(last + 1))
                .execute(conn)?;
            Ok(last + 1)
        }
        None => {
            diesel::insert_into(document_counters::table)
                .values((
                    document_counters::series.eq(series),
                    document_counters::year.eq(year),
                    document_counters::last.eq(1),
                ))
                .execute(conn)?;
            Ok(1)
        }
    }
}

pub fn counters(conn: &mut Conn, series: &str) -> Result<Vec<(i32, i64)>> {
    Ok(document_counters::table
        .filter(document_counters::series.eq(series))
        .order(document_counters::year)
        .select((document_counters::year, document_counters::last))
        .load(conn)?)
}
