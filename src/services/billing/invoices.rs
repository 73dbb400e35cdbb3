//! Issued invoices: lists, one with its money and history, and what is handed over of them.

use super::operator_today;
use crate::db::billing::invoices::{self, Filter, Head, Invoice, Totals};
use crate::db::billing::payments::{self, InvoicePart};
use crate::db::metering::readings::{self, NamedCorrection};
use crate::db::trail::{self, TrailRow};
use crate::db::{Conn, Db};
use crate::domain::billing::standing::Standing;
use crate::domain::calendar::{Instant, Month};
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::*;
use crate::domain::money::{Currency, Minor};
use crate::error::{Error, Result, require};
use crate::export::document::InvoiceDocument;
use crate::export::table::{Cell, Column, Kind, Table};
use crate::services::metering::touched;
use crate::text::{Locale, t};
use anyhow::Context;
use chrono::NaiveDate;

/// Rows of one export: more than any spreadsheet opens is no help to anybody.
const MOST_EXPORTED: i64 = 1_000_000;
const HISTORY: i64 = 100;

/// The filter as this reader may use it: a tenant's user sees its own invoices only.
pub fn own(who: &Actor, mut filter: Filter) -> Result<Filter> {
    require(who, Permission::ViewInvoices)?;
    if let Some(tenant) = who.tenant {
        filter.tenant = Some(tenant);
    } else if who.role.is_tenant() {
        return Err(Error::Forbidden);
    }
    Ok(filter)
}

/// A page of the list with the sums of everything that the filter finds.
pub fn list(db: &Db, who: &Actor, filter: Filter) -> Result<(Vec<Head>, Vec<Totals>)> {
    let filter = own(who, filter)?;
    db.read(|conn| {
        Ok((
            invoices::list(conn, &filter)?,
            invoices::totals(conn, &filter)?,
        ))
    })
}

/// Everything that the filter finds, as a list that goes out.
pub fn export(db: &Db, who: &Actor, filter: Filter, locale: Locale) -> Result<Table> {
    let mut filter = own(who, filter)?;
    (filter.after, filter.limit) = (None, MOST_EXPORTED);
    let heads = db.read(|conn| invoices::list(conn, &filter))?;
    Ok(table(&heads, filter.today, locale))
}

/// Amounts stand in one column where all are in one currency, else in a column for each.
fn table(heads: &[Head], today: NaiveDate, locale: Locale) -> Table {
    let mut currencies: Vec<Currency> = heads.iter().map(Head::currency).collect();
    currencies.sort_unstable();
    currencies.dedup();
    if currencies.is_empty() {
        currencies.push(Currency::Rub);
    }
    let head = |key: &str| t(locale, key);
    let mut columns = vec![
        Column::new(head("invoices-number"), Kind::Text),
        Column::new(head("invoices-issued"), Kind::Date),
        Column::new(head("invoices-tenant"), Kind::Text),
        Column::new(head("invoices-lease"), Kind::Text),
        Column::new(head("invoices-month"), Kind::Text),
        Column::summed(head("invoices-kwh"), Kind::Decimal(3)),
        Column::new(head("invoices-due-date"), Kind::Date),
        Column::new(head("invoices-state"), Kind::Text),
    ];
    for currency in &currencies {
        for key in ["net", "vat", "total", "paid", "due"] {
            let header = format!("{}, {}", head(&format!("invoices-{key}")), currency.code());
            columns.push(Column::summed(header, Kind::Money(*currency)));
        }
    }
    let mut table = Table::new(head("invoices-title"), columns);
    for it in heads {
        let mut row: Vec<Cell> = vec![
            it.number.as_str().into(),
            it.issue_date.into(),
            it.tenant.as_str().into(),
            it.lease.as_str().into(),
            it.month.as_str().into(),
            it.wh.kilo().into(),
            it.due_date.into(),
            t(locale, &standing_key(it.standing(today))).into(),
        ];
        for currency in &currencies {
            let own = it.currency() == *currency;
            let amounts = [it.net, it.vat, it.total, it.paid, it.due()];
            row.extend(amounts.map(|amount| if own { amount.into() } else { Cell::Empty }));
        }
        table.push(row);
    }
    table
}

/// The text of where an invoice stands.
pub fn standing_key(standing: Standing) -> String {
    format!("invoice-standing-{}", standing.code().replace('_', "-"))
}

/// One invoice with its money and its history.
#[derive(Clone, Debug)]
pub struct View {
    pub head: Head,
    pub document: InvoiceDocument,
    pub standing: Standing,
    /// What was put to it, oldest first; parts of reversed payments count for nothing.
    pub parts: Vec<InvoicePart>,
    /// What the tenant has paid ahead.
    pub advance: Minor,
    /// Latest first, with who did it.
    pub history: Vec<(TrailRow, Option<String>)>,
    pub run: RunId,
    pub issued_at: Instant,
}

/// # Errors
/// `NotFound` for another tenant's invoice as for none.
pub fn view(db: &Db, who: &Actor, now: Instant, id: InvoiceId) -> Result<View> {
    require(who, Permission::ViewInvoices)?;
    db.read(|conn| {
        let row = visible(conn, who, id)?;
        let head = invoices::head(conn, id)?;
        let currency = head.currency();
        Ok(View {
            standing: head.standing(operator_today(conn, now)?),
            document: document_of(&row)?,
            parts: payments::parts_of_invoice(conn, id)?,
            advance: super::payments::advance_of(conn, head.tenant_id, currency)?,
            history: trail::of(conn, "invoice", id.0, HISTORY)?,
            run: row.run_id,
            issued_at: row.issued_at,
            head,
        })
    })
}

/// What was handed over, for its PDF, sheet and JSON.
pub fn document(db: &Db, who: &Actor, id: InvoiceId) -> Result<InvoiceDocument> {
    require(who, Permission::ViewInvoices)?;
    db.read(|conn| document_of(&visible(conn, who, id)?))
}

fn visible(conn: &mut Conn, who: &Actor, id: InvoiceId) -> Result<Invoice> {
    let row = invoices::get(conn, id)?;
    if who.sees(row.tenant_id) {
        Ok(row)
    } else {
        Err(Error::NotFound)
    }
}

/// The frozen document of a row.
pub fn document_of(row: &Invoice) -> Result<InvoiceDocument> {
    let document = serde_json::from_str(&row.document)
        .with_context(|| format!("the document of invoice {}", row.number))?;
    Ok(document)
}

/// A correction that came after the invoice of its month, with the invoices that rest on the old
/// value.
#[derive(Clone, Debug)]
pub struct Late {
    pub correction: NamedCorrection,
    pub invoices: Vec<(InvoiceId, String)>,
}

/// Latest first; `before` is the correction that the page before ended with.
pub fn late_corrections(
    db: &Db,
    who: &Actor,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Late>> {
    require(who, Permission::ViewRuns)?;
    db.read(|conn| {
        let rows = readings::corrections(conn, true, before, limit)?;
        let mut found = Vec::with_capacity(rows.len());
        for correction in rows {
            let row = &correction.0;
            let meter = crate::db::metering::meters::get(conn, row.meter_id)?;
            let touched = touched::load(conn, &[meter])?;
            let mut on: Vec<(InvoiceId, String)> = vec![];
            for (lease, month) in touched.months(row.meter_id, row.start_at) {
                on.extend(invoices::of_lease_month(conn, lease, month)?);
            }
            found.push(Late {
                correction,
                invoices: on,
            });
        }
        Ok(found)
    })
}

/// What a billed month would come to today, where readings changed after its invoice.
#[derive(Clone, Debug)]
pub struct Difference {
    pub invoice: Head,
    pub now_total: Minor,
}

/// Invoices whose month is priced otherwise now, of the last `months` months, latest first.
pub fn differences(db: &Db, who: &Actor, from: Month) -> Result<Vec<Difference>> {
    require(who, Permission::ViewRuns)?;
    db.read(|conn| {
        let mut filter = Filter::new(NaiveDate::MIN);
        filter.limit = MOST_EXPORTED;
        let heads = invoices::list(conn, &filter)?;
        let mut found = vec![];
        for invoice in heads {
            let Some(month) = Month::parse(&invoice.month).filter(|it| *it >= from) else {
                continue;
            };
            let row = crate::db::metering::usage::month(conn, invoice.lease_id, month)?;
            let now_total = row.filter(|it| !it.plan.is_empty()).map(|it| it.total);
            if let Some(now_total) = now_total.filter(|total| *total != invoice.total) {
                found.push(Difference { invoice, now_total });
            }
        }
        Ok(found)
    })
}
