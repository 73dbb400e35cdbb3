//! One-off charges: entered by finance, billed with the month of their date.

use super::words;
use crate::db::Conn;
use crate::db::billing::charges::{self, Charge, ListedCharge};
use crate::db::billing::plans;
use crate::db::leasing::leases;
use crate::domain::identity::access::Permission;
use crate::domain::ids::*;
use crate::domain::money::{Currency, Minor};
use crate::error::Result;
use crate::services::billing::charges::{self as service, NewCharge};
use crate::services::billing::operator_today;
use crate::web::door::Visit;
use crate::web::form::{Form, new_form_key};
use crate::web::list::{Cursor, ListParams, ListSpec, PAGE_SIZE, page_of};
use crate::web::page::{Page, html, html_with, see_other};
use crate::web::parts::{Choice, Confirm, ConfirmPage, Fact};
use crate::web::problem::Problem;
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web::{self, Query};
use askama::Template;
use rust_decimal::Decimal;
use std::collections::HashMap;

const SPEC: ListSpec = ListSpec {
    sorts: &["id"],
    descending: true,
    filters: &["lease"],
};
const MOST: i64 = 1_000_000_000;

#[derive(Template)]
#[template(path = "billing/charges.html")]
struct ListPage {
    page: Page,
    list: ListParams,
    rows: Vec<Row>,
    next: Option<String>,
    leases: Vec<Choice>,
    may_enter: bool,
    new_link: String,
}

struct Row {
    id: ChargeId,
    date: String,
    lease: String,
    lease_id: LeaseId,
    tenant: String,
    description: String,
    quantity: String,
    price: String,
    sum: String,
    billed: Option<(InvoiceId, String)>,
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap_or_default()
}

fn sum(charge: &Charge) -> Minor {
    let product = decimal(&charge.quantity).checked_mul(decimal(&charge.unit_price));
    product.and_then(Minor::round2).unwrap_or(Minor::ZERO)
}

/// A charge with its plan's currency and the invoice that carries it.
type Known = (ListedCharge, Currency, Option<(InvoiceId, String)>);

fn load(conn: &mut Conn, lease: Option<LeaseId>, before: Option<ChargeId>) -> Result<Vec<Known>> {
    use crate::db::billing::invoices;
    use crate::domain::calendar::Month;
    let mut found = vec![];
    for row in charges::list(conn, lease, before, PAGE_SIZE + 1)? {
        let charge = &row.0;
        let billed = invoices::of_lease_month(conn, charge.lease_id, Month::of(charge.date))?;
        let currency = currency_of(conn, charge.lease_id)?;
        found.push((row, currency, billed.into_iter().next()));
    }
    Ok(found)
}

fn currency_of(conn: &mut Conn, lease: LeaseId) -> Result<Currency> {
    let plan = leases::get(conn, lease)?.plan_id;
    Ok(words::currency(&plans::get(conn, plan)?.currency))
}

/// Leases by number, the latest first.
fn choices(conn: &mut Conn) -> Result<Vec<Choice>> {
    let tenants = crate::db::identity::tenants::all(conn)?;
    let all = leases::all(conn)?.into_iter().rev();
    let label = |lease: &leases::Lease| {
        let tenant = tenants.iter().find(|it| it.id == lease.tenant_id);
        let name = tenant.map_or("", |it| it.name.as_str());
        format!("{} · {name}", lease.number)
    };
    Ok(all
        .map(|it| Choice::new(it.id.to_string(), label(&it)))
        .collect())
}

pub async fn list(visit: Visit) -> Answer {
    let list = visit.list(SPEC);
    let lease: Option<LeaseId> = list.filter("lease").parse().ok();
    let before = list.after.as_ref().map(|at| ChargeId(at.id));
    let (found, leases) = visit
        .read(move |conn| Ok((load(conn, lease, before)?, choices(conn)?)))
        .await?;
    let cursor = |row: &Known| Cursor::new(row.0.0.id, row.0.0.id.0);
    let (found, next) = page_of(found, &list, cursor);
    let page = visit.page("nav-charges");
    html(&ListPage {
        rows: found.iter().map(|it| row(&page, it)).collect(),
        may_enter: visit.who.may(Permission::EnterCharges),
        new_link: lease.map_or_else(
            || "/charges/new".to_owned(),
            |id| format!("/charges/new?lease={id}"),
        ),
        page,
        list,
        next,
        leases,
    })
}

fn row(page: &Page, ((charge, lease, tenant), currency, billed): &Known) -> Row {
    Row {
        id: charge.id,
        date: page.date(charge.date),
        lease: lease.clone(),
        lease_id: charge.lease_id,
        tenant: tenant.clone(),
        description: charge.description.clone(),
        quantity: page.dec(decimal(&charge.quantity).normalize()),
        price: page.dec(decimal(&charge.unit_price).normalize()),
        sum: page.money(sum(charge), *currency),
        billed: billed.clone(),
    }
}

#[derive(Template)]
#[template(path = "billing/charge_form.html")]
struct FormPage {
    page: Page,
    form: Form,
    leases: Vec<Choice>,
}

async fn form_page(visit: &Visit, form: Form) -> std::result::Result<FormPage, Problem> {
    let leases = visit.read(choices).await?;
    Ok(FormPage {
        page: visit.page("bill-charge-new"),
        form,
        leases,
    })
}

pub async fn new(visit: Visit, query: Query<HashMap<String, String>>) -> Answer {
    let now = visit.now;
    let today = visit.read(move |conn| operator_today(conn, now)).await?;
    let mut form = Form::blank().with("date", today).with("quantity", 1);
    if let Some(lease) = query.get("lease") {
        form = form.with("lease", lease);
    }
    html(&form_page(&visit, form).await?)
}

fn parse(form: &mut Form) -> Option<NewCharge> {
    let most = Decimal::from(MOST);
    let lease = form.choice("lease", |text| text.parse::<LeaseId>().ok());
    let date = form.date("date");
    let description = form.text("description", 200);
    let quantity = form.decimal("quantity", -most..=most, 6);
    let unit_price = form.decimal("unit_price", Decimal::ZERO..=most, 6);
    Some(NewCharge {
        lease: lease?,
        date: date?,
        description: description?,
        quantity: quantity?,
        unit_price: unit_price?,
    })
}

pub async fn enter(visit: Visit, fields: web::Form<HashMap<String, String>>) -> Answer {
    let mut form = Form::from_values(fields.into_inner());
    if let Some(new) = parse(&mut form) {
        let (actor, now) = (visit.who.actor, visit.now);
        let entered = words::once(&visit, &form.form_key, move |app| {
            service::enter(&app.db, &actor, now, &new)?;
            Ok("/charges?done=bill-charge".to_owned())
        });
        match entered.await {
            Ok(path) => return Ok(see_other(&path)),
            Err(error) => form.absorb(error)?,
        }
    }
    html_with(
        StatusCode::UNPROCESSABLE_ENTITY,
        &form_page(&visit, form).await?,
    )
}

pub async fn confirm(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = ChargeId(*id);
    let (charge, currency, number) = visit
        .read(move |conn| {
            let charge = charges::get(conn, id)?;
            let currency = currency_of(conn, charge.lease_id)?;
            let number = leases::get(conn, charge.lease_id)?.number;
            Ok((charge, currency, number))
        })
        .await?;
    let page = visit.page("bill-charge-remove-title");
    let confirm = Confirm {
        lead: page.t("bill-charge-remove-lead"),
        facts: vec![
            Fact::new(page.t("invoices-lease"), number),
            Fact::new(page.t("bill-charge-date"), page.date(charge.date)),
            Fact::new(page.t("bill-charge-description"), &charge.description),
            Fact::new(page.t("bill-sum"), page.money(sum(&charge), currency)),
        ],
        warning: None,
        action: format!("/charges/{id}/removal"),
        fields: vec![],
        submit: page.t("bill-charge-remove"),
        cancel: "/charges".to_owned(),
        danger: true,
    };
    html(&ConfirmPage {
        page,
        confirm,
        form_key: new_form_key(),
    })
}

pub async fn remove(
    visit: Visit,
    id: web::Path<i64>,
    fields: web::Form<HashMap<String, String>>,
) -> Answer {
    let form = Form::from_values(fields.into_inner());
    let (actor, now, id) = (visit.who.actor, visit.now, ChargeId(*id));
    let path = words::once(&visit, &form.form_key, move |app| {
        service::remove(&app.db, &actor, now, id)?;
        Ok("/charges?done=bill-charge-removed".to_owned())
    });
    Ok(see_other(&path.await?))
}
