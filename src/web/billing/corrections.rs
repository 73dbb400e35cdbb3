//! Readings that changed after their month was billed: what changed, and what it is worth.

use super::words;
use crate::app::App;
use crate::domain::calendar::{Instant, Month};
use crate::domain::identity::access::Actor;
use crate::domain::ids::*;
use crate::domain::units::WattHours;
use crate::error::Result;
use crate::services::billing::invoices::{self, Difference, Late};
use crate::services::billing::operator_today;
use crate::web::door::Visit;
use crate::web::list::{Cursor, ListParams, ListSpec, PAGE_SIZE, page_of};
use crate::web::page::{Page, html};
use crate::web::visit::Answer;
use askama::Template;

const SPEC: ListSpec = ListSpec {
    sorts: &["id"],
    descending: true,
    filters: &[],
};
/// How far back differences in money are looked for.
const MONTHS: usize = 12;

#[derive(Template)]
#[template(path = "billing/corrections.html")]
struct ListPage {
    page: Page,
    list: ListParams,
    rows: Vec<Row>,
    next: Option<String>,
    money: Vec<Money>,
    kwh: String,
}

struct Row {
    meter: String,
    meter_id: MeterId,
    when: String,
    old: String,
    new: String,
    difference: String,
    reason: String,
    at: String,
    who: String,
    invoices: Vec<(InvoiceId, String)>,
}

/// An invoice whose month is worth something else now.
struct Money {
    id: InvoiceId,
    number: String,
    tenant: String,
    lease: String,
    month: String,
    billed: String,
    now: String,
    difference: String,
}

fn load(
    app: &App,
    who: &Actor,
    now: Instant,
    before: Option<i64>,
) -> Result<(Vec<Late>, Vec<Difference>)> {
    let late = invoices::late_corrections(&app.db, who, before, PAGE_SIZE + 1)?;
    let today = app.db.read(|conn| operator_today(conn, now))?;
    let back = std::iter::successors(Some(Month::of(today)), |month| Some(month.previous()));
    let from = back.take(MONTHS + 1).last().unwrap_or(Month::of(today));
    Ok((late, invoices::differences(&app.db, who, from)?))
}

pub async fn list(visit: Visit) -> Answer {
    let list = visit.list(SPEC);
    let (actor, now) = (visit.who.actor, visit.now);
    let before = list.after.as_ref().map(|at| at.id);
    let (late, money) = visit.run(move |app| load(app, &actor, now, before)).await?;
    let id = |it: &Late| it.correction.0.id;
    let (late, next) = page_of(late, &list, |it| Cursor::new(id(it), id(it)));
    let page = visit.page("bill-corrections");
    let kwh = late.iter().map(change).sum::<WattHours>();
    html(&ListPage {
        rows: late.iter().map(|it| row(&page, it)).collect(),
        money: money.iter().map(|it| worth(&page, it)).collect(),
        kwh: signed(&page, kwh),
        page,
        list,
        next,
    })
}

fn change(late: &Late) -> WattHours {
    late.correction.0.new_wh - late.correction.0.old_wh
}

fn signed(page: &Page, wh: WattHours) -> String {
    let sign = if wh > WattHours::ZERO { "+" } else { "" };
    format!("{sign}{}", page.kwh_num(wh, 3))
}

fn row(page: &Page, late: &Late) -> Row {
    let (row, meter, who) = &late.correction;
    Row {
        meter: meter.clone(),
        meter_id: row.meter_id,
        when: page.dt(row.start_at),
        old: page.kwh_num(row.old_wh, 3),
        new: page.kwh_num(row.new_wh, 3),
        difference: signed(page, change(late)),
        reason: row.reason.clone(),
        at: page.dt(row.at),
        who: who.clone().unwrap_or_else(|| page.t("history-house")),
        invoices: late.invoices.clone(),
    }
}

fn worth(page: &Page, it: &Difference) -> Money {
    let head = &it.invoice;
    let currency = head.currency();
    Money {
        id: head.id,
        number: head.number.clone(),
        tenant: head.tenant.clone(),
        lease: head.lease.clone(),
        month: words::month(page, &head.month),
        billed: page.money(head.total, currency),
        now: page.money(it.now_total, currency),
        difference: page.money(it.now_total - head.total, currency),
    }
}
