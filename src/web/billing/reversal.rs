//! A payment is taken back: the page says in numbers what that does, before it is done.

use super::words;
use crate::db::billing::payments as rows;
use crate::domain::ids::PaymentId;
use crate::domain::money::Minor;
use crate::services::billing::reversals::{self, MAX_REASON, NewReversal, Undo};
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, Tone, html, html_with, see_other};
use crate::web::parts::Fact;
use crate::web::problem::Problem;
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use std::collections::HashMap;

#[derive(Template)]
#[template(path = "billing/reversal.html")]
struct ReversalPage {
    page: Page,
    id: PaymentId,
    form: Form,
    lead: String,
    /// Where the payment had gone: invoices, and the tenant's advance.
    owed: Vec<Owed>,
    advance: Option<Fact>,
}

/// An invoice that is owed again.
struct Owed {
    href: String,
    number: String,
    part: String,
    /// What is due on it now, and what will be.
    then: String,
    tone: Tone,
    standing: String,
}

async fn load(visit: &Visit, id: PaymentId) -> Result<(Undo, Minor), Problem> {
    let now = visit.now;
    let load = move |conn: &mut crate::db::Conn| {
        let undo = reversals::preview(conn, now, id)?;
        let tenant = undo.payment.tenant_id;
        let advance =
            crate::services::billing::payments::advance_of(conn, tenant, undo.currency())?;
        Ok((undo, advance))
    };
    visit.read(load).await
}

pub async fn confirm(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = PaymentId(*id);
    let done = visit.read(move |conn| rows::reversal(conn, id)).await?;
    if done.is_some() {
        return Ok(see_other(&format!("/payments/{id}")));
    }
    let (undo, advance) = load(&visit, id).await?;
    let form = Form::blank().with("date", undo.today);
    html(&shown(&visit, &undo, advance, form))
}

fn shown(visit: &Visit, undo: &Undo, advance: Minor, form: Form) -> ReversalPage {
    let page = visit.page("bill-reversal-title");
    let currency = undo.currency();
    let money = |minor: Minor| page.money(minor, currency);
    let owed = undo.invoices.iter().map(|(head, part)| {
        let mut then = head.clone();
        then.paid = head.paid - *part;
        let standing = then.standing(undo.today);
        Owed {
            href: format!("/invoices/{}", head.id),
            number: head.number.clone(),
            part: money(*part),
            then: page.t2(
                "bill-reversal-then",
                "now",
                money(head.due()),
                "then",
                money(then.due()),
            ),
            tone: words::tone(standing),
            standing: words::standing(&page, standing),
        }
    });
    let owed: Vec<Owed> = owed.collect();
    let lessened = (undo.advance > Minor::ZERO).then(|| {
        let then = money(advance - undo.advance);
        let value = page.t2("bill-reversal-then", "now", money(advance), "then", then);
        Fact::new(page.t("bill-reversal-advance"), value)
    });
    ReversalPage {
        id: undo.payment.id,
        lead: page.t3(
            "bill-reversal-lead",
            ("sum", money(undo.payment.amount)),
            ("date", page.date(undo.payment.date)),
            ("id", undo.payment.id.to_string()),
        ),
        owed,
        advance: lessened,
        form,
        page,
    }
}

fn parse(form: &mut Form) -> Option<NewReversal> {
    let date = form.date("date");
    let reason = form.text("reason", MAX_REASON);
    Some(NewReversal {
        date: date?,
        reason: reason?,
    })
}

pub async fn reverse(
    visit: Visit,
    id: web::Path<i64>,
    fields: web::Form<HashMap<String, String>>,
) -> Answer {
    let id = PaymentId(*id);
    let mut form = Form::from_values(fields.into_inner());
    if let Some(new) = parse(&mut form) {
        let (actor, now) = (visit.who.actor, visit.now);
        let reversed = words::once(&visit, &form.form_key, move |app| {
            reversals::reverse(&app.db, &actor, now, id, &new)?;
            Ok(format!("/payments/{id}?done=bill-reversal"))
        });
        match reversed.await {
            Ok(path) => return Ok(see_other(&path)),
            Err(error) => form.absorb(error)?,
        }
    }
    let (undo, advance) = load(&visit, id).await?;
    let page = shown(&visit, &undo, advance, form);
    html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
