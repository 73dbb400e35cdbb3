//! The list of invoices, and the same as files.

use super::words;
use crate::app::App;
use crate::db::billing::invoices::{Cursor as Place, Filter, Head, Sort, Totals};
use crate::db::billing::runs;
use crate::db::identity::tenants;
use crate::db::leasing::leases;
use crate::domain::billing::standing::Standing;
use crate::domain::calendar::{Instant, Month};
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::*;
use crate::domain::money::Minor;
use crate::error::Result;
use crate::services::billing::{invoices, operator_today};
use crate::web::door::Visit;
use crate::web::files;
use crate::web::list::{Cursor, ListParams, ListSpec, PAGE_SIZE, page_of};
use crate::web::page::{Page, html};
use crate::web::parts::Choice;
use crate::web::visit::Answer;
use actix_web::web;
use askama::Template;
use chrono::NaiveDate;

const SPEC: ListSpec = ListSpec {
    sorts: &["issued", "due", "total", "tenant"],
    descending: true,
    filters: &["month", "standing", "tenant", "lease", "run"],
};

#[derive(Template)]
#[template(path = "billing/invoices.html")]
struct ListPage {
    page: Page,
    list: ListParams,
    rows: Vec<Row>,
    next: Option<String>,
    totals: Vec<Sums>,
    filters: Filters,
    operator: bool,
    sign: String,
    may_run: bool,
}

#[derive(Default)]
struct Filters {
    months: Vec<Choice>,
    standings: Vec<Choice>,
    tenants: Vec<Choice>,
    leases: Vec<Choice>,
}

struct Row {
    id: InvoiceId,
    number: String,
    issued: String,
    tenant: String,
    lease: String,
    lease_id: LeaseId,
    month: String,
    net: String,
    vat: String,
    total: String,
    due: String,
    due_date: String,
    standing: String,
    tone: &'static str,
}

struct Sums {
    label: String,
    net: String,
    vat: String,
    total: String,
    due: String,
}

struct Found {
    heads: Vec<Head>,
    totals: Vec<Totals>,
    months: Vec<Month>,
    tenants: Vec<(TenantId, String)>,
    lease: Option<(LeaseId, String)>,
    today: NaiveDate,
}

fn filter(list: &ListParams, today: NaiveDate) -> Filter {
    let mut filter = Filter::new(today);
    filter.month = Month::parse(list.filter("month"));
    filter.standing = Standing::parse(list.filter("standing"));
    filter.tenant = list.filter("tenant").parse().ok();
    filter.lease = list.filter("lease").parse().ok();
    filter.run = list.filter("run").parse().ok();
    filter.search.clone_from(&list.q);
    filter.sort = Sort::parse(list.sort).unwrap_or(Sort::Issued);
    filter.descending = list.descending;
    filter.after = place(list);
    filter.limit = PAGE_SIZE + 1;
    filter
}

/// Where the page before ended, in the value of the list's order.
fn place(list: &ListParams) -> Option<Place> {
    let at = list.after.as_ref()?;
    let mut place = Place {
        id: InvoiceId(at.id),
        due_date: NaiveDate::default(),
        total: Minor::ZERO,
        tenant_folded: String::new(),
    };
    match list.sort {
        "due" => place.due_date = at.value.parse().ok()?,
        "total" => place.total = Minor(at.value.parse().ok()?),
        "tenant" => place.tenant_folded.clone_from(&at.value),
        _ => {}
    }
    Some(place)
}

fn cursor(sort: &str, head: &Head) -> Cursor {
    match sort {
        "due" => Cursor::new(head.due_date, head.id.0),
        "total" => Cursor::new(head.total.0, head.id.0),
        "tenant" => Cursor::new(&head.tenant_folded, head.id.0),
        _ => Cursor::new(head.id, head.id.0),
    }
}

fn find(app: &App, who: &Actor, now: Instant, list: &ListParams) -> Result<Found> {
    let today = app.db.read(|conn| operator_today(conn, now))?;
    let (heads, totals) = invoices::list(&app.db, who, filter(list, today))?;
    app.db.read(|conn| {
        let runs = runs::all(conn)?;
        let all = match who.tenant {
            Some(_) => vec![],
            None => tenants::all(conn)?,
        };
        let lease = list.filter("lease").parse().ok().map(LeaseId);
        let lease = lease.and_then(|id| leases::get(conn, id).ok());
        Ok(Found {
            months: runs.iter().filter_map(|run| run.month().ok()).collect(),
            tenants: all.into_iter().map(|it| (it.id, it.name)).collect(),
            lease: lease
                .filter(|it| who.sees(it.tenant_id))
                .map(|it| (it.id, it.number)),
            heads,
            totals,
            today,
        })
    })
}

pub async fn list(visit: Visit) -> Answer {
    let list = visit.list(SPEC);
    let (actor, now, asked) = (visit.who.actor, visit.now, list.clone());
    let mut found = visit.run(move |app| find(app, &actor, now, &asked)).await?;
    let heads = std::mem::take(&mut found.heads);
    let (heads, next) = page_of(heads, &list, |head| cursor(list.sort, head));
    let page = visit.page("nav-invoices");
    let mixed = found.totals.len() > 1;
    let sign = match found.totals.as_slice() {
        [only] => format!(", {}", words::currency(&only.currency).sign()),
        _ => String::new(),
    };
    let today = found.today;
    html(&ListPage {
        rows: heads
            .iter()
            .map(|it| row(&page, it, today, mixed))
            .collect(),
        totals: found
            .totals
            .iter()
            .map(|it| sums(&page, it, mixed))
            .collect(),
        filters: filters(&page, &found),
        operator: visit.who.actor.tenant.is_none(),
        may_run: visit.who.may(Permission::RunMonth),
        sign,
        page,
        list,
        next,
    })
}

fn row(page: &Page, head: &Head, today: NaiveDate, mixed: bool) -> Row {
    let currency = head.currency();
    let standing = head.standing(today);
    Row {
        id: head.id,
        number: head.number.clone(),
        issued: page.date(head.issue_date),
        tenant: head.tenant.clone(),
        lease: head.lease.clone(),
        lease_id: head.lease_id,
        month: words::month(page, &head.month),
        net: words::amount(page, head.net, currency, mixed),
        vat: words::amount(page, head.vat, currency, mixed),
        total: words::amount(page, head.total, currency, mixed),
        due: words::amount(page, head.due(), currency, mixed),
        due_date: page.date(head.due_date),
        standing: words::standing(page, standing),
        tone: words::tone(standing).code(),
    }
}

fn sums(page: &Page, totals: &Totals, mixed: bool) -> Sums {
    let currency = words::currency(&totals.currency);
    let due = totals.total - totals.paid;
    Sums {
        label: page.t1("bill-total-of", "count", totals.count),
        net: words::amount(page, totals.net, currency, mixed),
        vat: words::amount(page, totals.vat, currency, mixed),
        total: words::amount(page, totals.total, currency, mixed),
        due: words::amount(page, due, currency, mixed),
    }
}

fn filters(page: &Page, found: &Found) -> Filters {
    let standing = |it: &Standing| Choice::new(it.code(), words::standing(page, *it));
    let months = found.months.iter();
    let tenants = found.tenants.iter();
    let leases = found.lease.iter();
    Filters {
        months: months
            .map(|it| Choice::new(it.to_string(), page.month(*it)))
            .collect(),
        standings: Standing::ALL.iter().map(standing).collect(),
        tenants: tenants
            .map(|(id, name)| Choice::new(id.to_string(), name))
            .collect(),
        leases: leases
            .map(|(id, number)| Choice::new(id.to_string(), number))
            .collect(),
    }
}

/// Everything that is filtered; a month's file carries the month in its name.
pub async fn export(visit: Visit, format: web::Path<String>) -> Answer {
    let list = visit.list(SPEC);
    let (actor, now, locale) = (visit.who.actor, visit.now, visit.reader.locale);
    let month = Month::parse(list.filter("month"));
    let table = visit
        .run(move |app| {
            let today = app.db.read(|conn| operator_today(conn, now))?;
            invoices::export(&app.db, &actor, filter(&list, today), locale)
        })
        .await?;
    let name = month.map_or_else(|| "invoices".to_owned(), |it| format!("invoices-{it}"));
    files::table(&visit, &table, &name, &format)
}
