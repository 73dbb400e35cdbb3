//! Money that came in: the list, and one payment with what it was put to.

use super::words;
use crate::db::Conn;
use crate::db::billing::invoices;
use crate::db::billing::payments::{self, Filter, ListedPayment, Part, Payment};
use crate::db::identity::tenants;
use crate::db::trail::{self, TrailRow};
use crate::domain::ids::*;
use crate::domain::money::Minor;
use crate::error::Result;
use crate::export::table::{Column, Kind, Table};
use crate::web::door::Visit;
use crate::web::files;
use crate::web::list::{Cursor, ListParams, ListSpec, PAGE_SIZE, page_of};
use crate::web::page::{Page, html};
use crate::web::parts::{Choice, Fact, Happening};
use crate::web::visit::Answer;
use actix_web::web;
use askama::Template;

const SPEC: ListSpec = ListSpec {
    sorts: &["id"],
    descending: true,
    filters: &["tenant"],
};
const EXPORT_ROWS: i64 = 1_000_000;

#[derive(Template)]
#[template(path = "billing/payments.html")]
struct ListPage {
    page: Page,
    list: ListParams,
    rows: Vec<Row>,
    next: Option<String>,
    totals: Vec<Sums>,
    tenants: Vec<Choice>,
}

struct Row {
    id: PaymentId,
    date: String,
    tenant: String,
    reference: String,
    amount: String,
    applied: String,
    advance: String,
}

struct Sums {
    label: String,
    amount: String,
    applied: String,
    advance: String,
}

fn filter(list: &ListParams) -> Filter {
    Filter {
        tenant: list.filter("tenant").parse().ok(),
        search: list.q.clone(),
        before: list.after.as_ref().map(|at| PaymentId(at.id)),
        limit: PAGE_SIZE + 1,
    }
}

pub async fn list(visit: Visit) -> Answer {
    let list = visit.list(SPEC);
    let filter = filter(&list);
    let (found, totals, tenants) = visit
        .read(move |conn| {
            let found = payments::list(conn, &filter)?;
            Ok((found, payments::totals(conn, &filter)?, tenants::all(conn)?))
        })
        .await?;
    let cursor = |row: &ListedPayment| Cursor::new(row.0.id, row.0.id.0);
    let (found, next) = page_of(found, &list, cursor);
    let page = visit.page("nav-payments");
    let tenant = tenants.iter();
    html(&ListPage {
        rows: found.iter().map(|it| row(&page, it)).collect(),
        totals: totals.iter().map(|it| sums(&page, it)).collect(),
        tenants: tenant
            .map(|it| Choice::new(it.id.to_string(), &it.name))
            .collect(),
        page,
        list,
        next,
    })
}

fn row(page: &Page, (payment, tenant, applied): &ListedPayment) -> Row {
    let currency = words::currency(&payment.currency);
    Row {
        id: payment.id,
        date: page.date(payment.date),
        tenant: tenant.clone(),
        reference: payment.reference.clone(),
        amount: page.money(payment.amount, currency),
        applied: page.money(*applied, currency),
        advance: page.money(payment.amount - *applied, currency),
    }
}

fn sums(page: &Page, (code, count, amount, applied): &(String, i64, Minor, Minor)) -> Sums {
    let currency = words::currency(code);
    Sums {
        label: page.t1("bill-total-of", "count", *count),
        amount: page.money(*amount, currency),
        applied: page.money(*applied, currency),
        advance: page.money(*amount - *applied, currency),
    }
}

pub async fn export(visit: Visit, format: web::Path<String>) -> Answer {
    let list = visit.list(SPEC);
    let mut filter = filter(&list);
    (filter.before, filter.limit) = (None, EXPORT_ROWS);
    let (rows, totals) = visit
        .read(move |conn| {
            Ok((
                payments::list(conn, &filter)?,
                payments::totals(conn, &filter)?,
            ))
        })
        .await?;
    let page = visit.page("nav-payments");
    let table = table(&page, &rows, &totals);
    files::table(&visit, &table, "payments", &format)
}

/// A column of amounts for each currency, so that sums mean something.
fn table(page: &Page, rows: &[ListedPayment], totals: &[(String, i64, Minor, Minor)]) -> Table {
    let mut columns = vec![
        Column::new(page.t("bill-payment-date"), Kind::Date),
        Column::new(page.t("invoices-tenant"), Kind::Text),
        Column::new(page.t("bill-payment-reference"), Kind::Text),
    ];
    for (code, ..) in totals {
        let kind = Kind::Money(words::currency(code));
        for key in [
            "bill-payment-amount",
            "bill-payment-applied",
            "bill-payment-advance",
        ] {
            let header = format!("{}, {code}", crate::text::t(page.locale, key));
            columns.push(Column::summed(header, kind));
        }
    }
    let mut table = Table::new(&page.title, columns);
    for (payment, tenant, applied) in rows {
        let mut cells = vec![
            payment.date.into(),
            tenant.as_str().into(),
            payment.reference.as_str().into(),
        ];
        for (code, ..) in totals {
            let own = *code == payment.currency;
            let amounts = [payment.amount, *applied, payment.amount - *applied];
            cells.extend(amounts.map(|it| own.then_some(it).into()));
        }
        table.push(cells);
    }
    table
}

#[derive(Template)]
#[template(path = "billing/payment.html")]
struct ShowPage {
    page: Page,
    facts: Vec<Fact>,
    parts: Vec<Fact>,
    history: Vec<Happening>,
}

struct Loaded {
    payment: Payment,
    tenant: String,
    parts: Vec<(Part, String)>,
    history: Vec<(TrailRow, Option<String>)>,
}

fn load(conn: &mut Conn, id: PaymentId) -> Result<Loaded> {
    let payment = payments::get(conn, id)?;
    let mut parts = vec![];
    for part in payments::parts_of_payment(conn, id)? {
        let number = invoices::get(conn, part.invoice_id)?.number;
        parts.push((part, number));
    }
    Ok(Loaded {
        tenant: tenants::get(conn, payment.tenant_id)?.name,
        history: trail::of(conn, "payment", id.0, 20)?,
        payment,
        parts,
    })
}

pub async fn show(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = PaymentId(*id);
    let loaded = visit.read(move |conn| load(conn, id)).await?;
    let payment = &loaded.payment;
    let currency = words::currency(&payment.currency);
    let page = visit.page("nav-payments");
    let date = page.date_long(payment.date);
    let title = page.t2("bill-payment-title", "id", id.to_string(), "date", date);
    let page = page.named(title);
    let applied: Minor = loaded.parts.iter().map(|(part, _)| part.amount).sum();
    let mut parts: Vec<Fact> = loaded
        .parts
        .iter()
        .map(|(part, number)| {
            let fact = Fact::new(number, page.money(part.amount, currency));
            fact.linked(format!("/invoices/{}", part.invoice_id))
        })
        .collect();
    let rest = page.money(payment.amount - applied, currency);
    parts.push(Fact::new(page.t("bill-payment-advance"), rest));
    html(&ShowPage {
        facts: vec![
            Fact::new(page.t("invoices-tenant"), &loaded.tenant)
                .linked(format!("/tenants/{}", payment.tenant_id)),
            Fact::new(page.t("bill-payment-date"), page.date(payment.date)),
            Fact::new(
                page.t("bill-payment-amount"),
                page.money(payment.amount, currency),
            ),
            Fact::new(page.t("bill-payment-reference"), &payment.reference),
        ],
        parts,
        history: words::history(&page, &loaded.history, currency),
        page,
    })
}
