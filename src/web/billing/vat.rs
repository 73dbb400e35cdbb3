//! VAT rates by country and date.

use crate::db::billing::vat::{self, VatRow};
use crate::db::identity::operators;
use crate::domain::identity::access::Permission;
use crate::services::billing::vat as rates;
use crate::web::door::Visit;
use crate::web::form::{Form, new_form_key};
use crate::web::page::{Page, html, html_with, see_other};
use crate::web::parts::{Confirm, ConfirmPage, Fact};
use crate::web::problem::Problem;
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use rust_decimal::Decimal;
use std::collections::HashMap;

#[derive(Template)]
#[template(path = "billing/vat.html")]
struct ListPage {
    page: Page,
    rows: Vec<Row>,
    form: Form,
    may_edit: bool,
}

struct Row {
    id: i64,
    country: String,
    rate: String,
    from: String,
}

fn percent(page: &Page, row: &VatRow) -> String {
    row.rate
        .parse::<Decimal>()
        .map_or_else(|_| row.rate.clone(), |share| page.share(share, 4))
}

async fn shown(visit: &Visit, form: Form) -> std::result::Result<ListPage, Problem> {
    let (rows, operator) = visit
        .read(|conn| Ok((vat::all(conn)?, operators::get(conn)?)))
        .await?;
    let page = visit.page("bill-vat-title");
    let country = operator.map_or_else(|| "RU".to_owned(), |it| it.country);
    let form = if form.value("country").is_empty() && form.ok() {
        form.with("country", country)
    } else {
        form
    };
    let row = |it: &VatRow| Row {
        id: it.id,
        country: it.country.clone(),
        rate: percent(&page, it),
        from: page.date(it.effective_from),
    };
    Ok(ListPage {
        rows: rows.iter().rev().map(row).collect(),
        may_edit: visit.who.may(Permission::EditVat),
        form,
        page,
    })
}

pub async fn list(visit: Visit) -> Answer {
    html(&shown(&visit, Form::blank()).await?)
}

pub async fn add(visit: Visit, fields: web::Form<HashMap<String, String>>) -> Answer {
    let mut form = Form::from_values(fields.into_inner());
    let country = form.text("country", 2);
    let rate = form.decimal("rate", Decimal::ZERO..=Decimal::ONE_HUNDRED, 4);
    let from = form.date("effective_from");
    if let (Some(country), Some(rate), Some(from)) = (country, rate, from) {
        let (actor, now) = (visit.who.actor, visit.now);
        let share = (rate / Decimal::ONE_HUNDRED).normalize();
        let added = super::words::once(&visit, &form.form_key, move |app| {
            rates::add(&app.db, &actor, now, &country, share, from)?;
            Ok("/vat?done=bill-vat".to_owned())
        });
        match added.await {
            Ok(path) => return Ok(see_other(&path)),
            Err(error) => form.absorb(error)?,
        }
    }
    html_with(
        StatusCode::UNPROCESSABLE_ENTITY,
        &shown(&visit, form).await?,
    )
}

pub async fn confirm(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = *id;
    let row = visit.read(move |conn| vat::get(conn, id)).await?;
    let page = visit.page("bill-vat-remove-title");
    let confirm = Confirm {
        lead: page.t("bill-vat-remove-lead"),
        facts: vec![
            Fact::new(page.t("bill-vat-country"), &row.country),
            Fact::new(page.t("bill-vat-rate"), percent(&page, &row)),
            Fact::new(page.t("bill-vat-from"), page.date(row.effective_from)),
        ],
        warning: None,
        action: format!("/vat/{id}/removal"),
        fields: vec![],
        submit: page.t("action-delete"),
        cancel: "/vat".to_owned(),
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
    let (actor, now, id) = (visit.who.actor, visit.now, *id);
    let path = super::words::once(&visit, &form.form_key, move |app| {
        rates::remove(&app.db, &actor, now, id)?;
        Ok("/vat?done=bill-vat-removed".to_owned())
    });
    Ok(see_other(&path.await?))
}
