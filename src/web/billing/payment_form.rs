//! A payment is entered; the page shows what it will be put to.

use super::words;
use crate::db::Conn;
use crate::db::billing::invoices::{self, Filter, Head};
use crate::db::identity::tenants;
use crate::domain::calendar::Instant;
use crate::domain::ids::*;
use crate::domain::money::{Currency, Minor};
use crate::error::Result;
use crate::services::billing::operator_today;
use crate::services::billing::payments::{self, NewPayment, allocate};
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, html, html_with, see_other};
use crate::web::parts::Choice;
use crate::web::problem::Problem;
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web::{self, Query};
use askama::Template;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::collections::HashMap;

/// Open invoices that a form offers.
const MOST_OFFERED: i64 = 500;
const MAX_REFERENCE: usize = 200;
/// A thousand billion: more is a slip of the finger.
const MOST: i64 = 1_000_000_000_000;

#[derive(Template)]
#[template(path = "billing/payment_form.html")]
struct FormPage {
    page: Page,
    form: Form,
    tenants: Vec<Choice>,
    currencies: Vec<Choice>,
    invoices: Vec<Choice>,
    targets: Vec<Target>,
    advance: Option<String>,
}

/// An open invoice with what it gets.
struct Target {
    id: InvoiceId,
    number: String,
    due: String,
    part: String,
    left: String,
}

struct Known {
    tenants: Vec<Choice>,
    open: Vec<Head>,
    today: NaiveDate,
}

fn known(conn: &mut Conn, now: Instant) -> Result<Known> {
    let today = operator_today(conn, now)?;
    let mut open = vec![];
    for standing in ["overdue", "partly_paid", "open"] {
        let mut filter = Filter::new(today);
        filter.standing = crate::domain::billing::standing::Standing::parse(standing);
        filter.limit = MOST_OFFERED;
        open.extend(invoices::list(conn, &filter)?);
    }
    open.sort_by_key(|it| (it.due_date, it.id));
    let tenants = tenants::all(conn)?.into_iter();
    Ok(Known {
        tenants: tenants
            .map(|it| Choice::new(it.id.to_string(), it.name))
            .collect(),
        open,
        today,
    })
}

async fn load(visit: &Visit) -> std::result::Result<Known, Problem> {
    let now = visit.now;
    visit.read(move |conn| known(conn, now)).await
}

pub async fn new(visit: Visit, query: Query<HashMap<String, String>>) -> Answer {
    let known = load(&visit).await?;
    let mut form = Form::blank()
        .with("date", known.today)
        .with("currency", Currency::Rub);
    let asked = |name: &str| query.get(name).and_then(|it| it.parse::<i64>().ok());
    let head = asked("invoice").and_then(|id| known.open.iter().find(|it| it.id.0 == id));
    if let Some(head) = head {
        form = form
            .with("tenant", head.tenant_id)
            .with("invoice", head.id)
            .with("currency", head.currency())
            .with("amount", head.due().major());
    } else if let Some(tenant) = asked("tenant") {
        form = form.with("tenant", tenant);
    }
    html(&shown(&visit, known, form))
}

fn shown(visit: &Visit, known: Known, form: Form) -> FormPage {
    let page = visit.page("bill-payment-take");
    let tenant: Option<TenantId> = form.value("tenant").parse().ok();
    let currency = Currency::parse(form.value("currency"));
    let amount = form.value("amount").replace(',', ".");
    let amount: String = amount.chars().filter(|it| !it.is_whitespace()).collect();
    let amount = amount.parse().ok().and_then(Minor::exact);
    let chosen: Option<InvoiceId> = form.value("invoice").parse().ok();
    let own = |it: &&Head| {
        tenant.is_some_and(|id| id == it.tenant_id)
            && currency.is_none_or(|code| code == it.currency())
            && chosen.is_none_or(|id| id == it.id)
    };
    let open: Vec<&Head> = known.open.iter().filter(own).collect();
    let (targets, advance) = targets(&page, &open, amount, currency);
    FormPage {
        invoices: known.open.iter().map(|it| choice(&page, it)).collect(),
        tenants: known.tenants,
        currencies: words::currencies(),
        targets,
        advance,
        form,
        page,
    }
}

fn choice(page: &Page, head: &Head) -> Choice {
    let due = page.money(head.due(), head.currency());
    let label = format!("{} · {} · {due}", head.number, head.tenant);
    Choice::new(head.id.to_string(), label)
}

/// Each open invoice with its part of the amount, and what stays as an advance.
fn targets(
    page: &Page,
    open: &[&Head],
    amount: Option<Minor>,
    currency: Option<Currency>,
) -> (Vec<Target>, Option<String>) {
    let dues: Vec<_> = open.iter().map(|it| (it.id, it.due())).collect();
    let split = allocate(amount.unwrap_or(Minor::ZERO), &dues);
    let part_of = |id| {
        let part = split.parts.iter().find(|(it, _)| *it == id);
        part.map_or(Minor::ZERO, |(_, part)| *part)
    };
    let target = |it: &&Head| {
        let part = part_of(it.id);
        Target {
            id: it.id,
            number: it.number.clone(),
            due: page.money(it.due(), it.currency()),
            part: page.money(part, it.currency()),
            left: page.money(it.due() - part, it.currency()),
        }
    };
    let advance = amount
        .zip(currency)
        .map(|(_, code)| page.money(split.advance, code));
    (open.iter().map(target).collect(), advance)
}

fn parse(form: &mut Form) -> Option<NewPayment> {
    let tenant = form.choice("tenant", |text| text.parse::<TenantId>().ok());
    let date = form.date("date");
    let amount = form.decimal("amount", Decimal::new(1, 2)..=Decimal::from(MOST), 2);
    let currency = form.choice("currency", Currency::parse);
    let reference = form.optional("reference", |form| form.text("reference", MAX_REFERENCE));
    let invoice = form.optional("invoice", |form| {
        form.choice("invoice", |text| text.parse::<InvoiceId>().ok())
    });
    Some(NewPayment {
        tenant: tenant?,
        date: date?,
        amount: Minor::exact(amount?)?,
        currency: currency?,
        reference: reference?.unwrap_or_default(),
        invoice: invoice?,
    })
}

pub async fn record(visit: Visit, fields: web::Form<HashMap<String, String>>) -> Answer {
    let mut form = Form::from_values(fields.into_inner());
    let parsed = parse(&mut form);
    let looks = form.value("step") == "preview";
    if let Some(payment) = parsed.filter(|_| !looks) {
        let (actor, now) = (visit.who.actor, visit.now);
        let recorded = words::once(&visit, &form.form_key, move |app| {
            let id = payments::record(&app.db, &actor, now, &payment)?;
            Ok(match payment.invoice {
                Some(invoice) => format!("/invoices/{invoice}?done=bill-payment"),
                None => format!("/payments/{id}?done=bill-payment"),
            })
        });
        match recorded.await {
            Ok(path) => return Ok(see_other(&path)),
            Err(error) => form.absorb(error)?,
        }
    }
    let status = if form.ok() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let known = load(&visit).await?;
    html_with(status, &shown(&visit, known, form))
}
