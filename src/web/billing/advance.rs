//! What a tenant has paid ahead, put to an invoice that is open.

use super::words;
use crate::domain::ids::InvoiceId;
use crate::domain::money::Minor;
use crate::services::billing::invoices;
use crate::services::billing::payments::apply_advance;
use crate::web::door::Visit;
use crate::web::form::{Form, new_form_key};
use crate::web::page::{html, see_other};
use crate::web::parts::{Confirm, ConfirmPage, Fact};
use crate::web::problem::Problem;
use crate::web::visit::Answer;
use actix_web::web;
use std::collections::HashMap;

pub async fn confirm(visit: Visit, id: web::Path<i64>) -> Answer {
    let (actor, now, id) = (visit.who.actor, visit.now, InvoiceId(*id));
    let view = visit
        .run(move |app| invoices::view(&app.db, &actor, now, id))
        .await?;
    let head = &view.head;
    let part = view.advance.min(head.due());
    if part <= Minor::ZERO {
        return Err(Problem::Conflict(crate::domain::message::Message::new(
            "payment-no-advance",
        )));
    }
    let page = visit.page("bill-advance-title");
    let money = |minor: Minor| page.money(minor, head.currency());
    let confirm = Confirm {
        lead: page.t2(
            "bill-advance-lead",
            "sum",
            money(part),
            "number",
            &head.number,
        ),
        facts: vec![
            Fact::new(page.t("invoices-tenant"), &head.tenant),
            Fact::new(page.t("bill-advance-now"), money(view.advance)),
            Fact::new(page.t("bill-left-to-pay"), money(head.due())),
            Fact::new(page.t("bill-advance-then"), money(view.advance - part)),
            Fact::new(page.t("bill-advance-left"), money(head.due() - part)),
        ],
        warning: None,
        action: format!("/invoices/{id}/advance"),
        fields: vec![],
        submit: page.t("bill-advance-apply"),
        cancel: format!("/invoices/{id}"),
        danger: false,
    };
    html(&ConfirmPage {
        page,
        confirm,
        form_key: new_form_key(),
    })
}

pub async fn apply(
    visit: Visit,
    id: web::Path<i64>,
    fields: web::Form<HashMap<String, String>>,
) -> Answer {
    let form = Form::from_values(fields.into_inner());
    let (actor, now, id) = (visit.who.actor, visit.now, InvoiceId(*id));
    let path = words::once(&visit, &form.form_key, move |app| {
        apply_advance(&app.db, &actor, now, id)?;
        Ok(format!("/invoices/{id}?done=bill-advance"))
    });
    Ok(see_other(&path.await?))
}
