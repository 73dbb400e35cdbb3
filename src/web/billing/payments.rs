//! Money that came in: the list, and one payment with what it was put to.

use super::words;
use crate::db::Conn;
use crate::db::billing::invoices;
use crate::db::billing::payments::{self, Filter, ListedPayment, Part, Payment, Reversal, Totals};
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
    /// When it was taken back, in words.
    reversed: Option<String>,
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

/// What of a payment still counts: a reversed one pays for nothing.
fn advance((payment, _, applied, reversal): &ListedPayment) -> Minor {
    match reversal {
        Some(_) => Minor::ZERO,
        None => payment.amount - *applied,
    }
}

fn row(page: &Page, listed: &ListedPayment) -> Row {
    let (payment, tenant, applied, reversal) = listed;
    let currency = words::currency(&payment.currency);
    let on = |it: &Reversal| page.t1("bill-reversed-on", "date", page.date(it.date));
    Row {
        id: payment.id,
        date: page.date(payment.date),
        tenant: tenant.clone(),
        reference: payment.reference.clone(),
        amount: page.money(payment.amount, currency),
        applied: page.money(*applied, currency),
        advance: page.money(advance(listed), currency),
        reversed: reversal.as_ref().map(on),
    }
}

/// What was struck is not in the sums.
fn sums(page: &Page, it: &Totals) -> Sums {
    let currency = words::currency(&it.currency);
    let stands = it.amount - it.reversed;
    Sums {
        label: page.t1("bill-total-of", "count", it.count),
        amount: page.money(stands, currency),
        applied: page.money(it.applied, currency),
        advance: page.money(stands - it.applied, currency),
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

/// Columns of amounts for each currency, so that sums mean something: what was received is what was
/// put to invoices, what is an advance and what was reversed.
fn table(page: &Page, rows: &[ListedPayment], totals: &[Totals]) -> Table {
    let mut columns = vec![
        Column::new(page.t("bill-payment-date"), Kind::Date),
        Column::new(page.t("invoices-tenant"), Kind::Text),
        Column::new(page.t("bill-payment-reference"), Kind::Text),
    ];
    for it in totals {
        let kind = Kind::Money(words::currency(&it.currency));
        for key in [
            "bill-payment-amount",
            "bill-payment-applied",
            "bill-payment-advance",
            "bill-payment-reversed",
        ] {
            let header = format!("{}, {}", page.t(key), it.currency);
            columns.push(Column::summed(header, kind));
        }
    }
    columns.push(Column::new(page.t("bill-reversal-date"), Kind::Date));
    columns.push(Column::new(page.t("bill-reversal-reason"), Kind::Text));
    let mut table = Table::new(&page.title, columns);
    for listed in rows {
        let (payment, tenant, applied, reversal) = listed;
        let mut cells = vec![
            payment.date.into(),
            tenant.as_str().into(),
            payment.reference.as_str().into(),
        ];
        let back = match reversal {
            Some(_) => payment.amount,
            None => Minor::ZERO,
        };
        for it in totals {
            let own = it.currency == payment.currency;
            let amounts = [payment.amount, *applied, advance(listed), back];
            cells.extend(amounts.map(|it| own.then_some(it).into()));
        }
        cells.push(reversal.as_ref().map(|it| it.date).into());
        cells.push(reversal.as_ref().map(|it| it.reason.clone()).into());
        table.push(cells);
    }
    table
}

#[derive(Template)]
#[template(path = "billing/payment.html")]
struct ShowPage {
    page: Page,
    id: PaymentId,
    facts: Vec<Fact>,
    parts: Vec<Fact>,
    history: Vec<Happening>,
    /// What was said when it was taken back.
    reversed: Option<String>,
}

struct Loaded {
    payment: Payment,
    reversal: Option<Reversal>,
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
        reversal: payments::reversal(conn, id)?,
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
    let struck = loaded.reversal.is_some();
    html(&ShowPage {
        id,
        facts: vec![
            Fact::new(page.t("invoices-tenant"), &loaded.tenant)
                .linked(format!("/tenants/{}", payment.tenant_id)),
            Fact::new(page.t("bill-payment-date"), page.date(payment.date)),
            Fact::new(
                page.t("bill-payment-amount"),
                page.money(payment.amount, currency),
            )
            .struck(struck),
            Fact::new(page.t("bill-payment-reference"), &payment.reference),
        ],
        parts: parts(&page, &loaded),
        reversed: loaded.reversal.as_ref().map(|it| {
            let date = page.date_long(it.date);
            page.t2("bill-reversed-why", "date", date, "reason", &it.reason)
        }),
        history: words::history(&page, &loaded.history, currency),
        page,
    })
}

/// Where the money went, or had gone.
fn parts(page: &Page, loaded: &Loaded) -> Vec<Fact> {
    let payment = &loaded.payment;
    let currency = words::currency(&payment.currency);
    let struck = loaded.reversal.is_some();
    let applied: Minor = loaded.parts.iter().map(|(part, _)| part.amount).sum();
    let fact = |(part, number): &(Part, String)| {
        let fact = Fact::new(number, page.money(part.amount, currency)).struck(struck);
        fact.linked(format!("/invoices/{}", part.invoice_id))
    };
    let mut parts: Vec<Fact> = loaded.parts.iter().map(fact).collect();
    let rest = page.money(payment.amount - applied, currency);
    parts.push(Fact::new(page.t("bill-payment-advance"), rest).struck(struck));
    parts
}
