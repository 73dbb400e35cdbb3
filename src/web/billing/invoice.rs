//! One invoice: its lines down to what they were computed from, its money and its history.

use super::explain::{self, Priced};
use super::words;
use crate::app::App;
use crate::db::billing::payments::InvoicePart;
use crate::db::identity::mails::{self, Mail};
use crate::domain::calendar::Instant;
use crate::domain::identity::MailState;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::*;
use crate::domain::money::Minor;
use crate::error::Result;
use crate::services::billing::invoices::{self, View};
use crate::web::door::Visit;
use crate::web::page::{Page, html};
use crate::web::parts::{Fact, Happening};
use crate::web::visit::Answer;
use actix_web::web;
use askama::Template;

#[derive(Template)]
#[template(path = "billing/invoice.html")]
struct ShowPage {
    page: Page,
    id: InvoiceId,
    subtitle: String,
    priced: Priced,
    due: Due,
    payments: Vec<Fact>,
    advance: Option<String>,
    facts: Vec<Fact>,
    mails: Vec<Happening>,
    history: Vec<Happening>,
    pay: bool,
    estimated: Option<String>,
}

/// What is left to be paid.
struct Due {
    value: String,
    standing: String,
    tone: &'static str,
    percent: i64,
    note: String,
}

fn load(app: &App, who: &Actor, now: Instant, id: InvoiceId) -> Result<(View, Vec<Mail>)> {
    let view = invoices::view(&app.db, who, now, id)?;
    let mails = app.db.read(|conn| mails::of_invoice(conn, id))?;
    Ok((view, mails))
}

pub async fn show(visit: Visit, id: web::Path<i64>) -> Answer {
    let (actor, now, id) = (visit.who.actor, visit.now, InvoiceId(*id));
    let (view, mails) = visit.run(move |app| load(app, &actor, now, id)).await?;
    let head = &view.head;
    let page = visit.page("nav-invoices");
    let title = page.t1("bill-invoice-title", "number", &head.number);
    let page = page.named(title);
    let month = words::month(&page, &head.month);
    let usage = format!("/leases/{}/usage?month={}", head.lease_id, head.month);
    let usage = visit.who.may_open("/leases/{id}/usage").then_some(usage);
    let document = &view.document;
    let takes = visit.who.may(Permission::TakePayments);
    let open = head.due() > Minor::ZERO;
    html(&ShowPage {
        id,
        subtitle: page.t3(
            "bill-invoice-subtitle",
            ("month", month),
            ("issued", page.date_long(head.issue_date)),
            ("due", page.date_long(head.due_date)),
        ),
        priced: explain::priced(&page, &document.plan, document.vat_payer, usage.as_deref()),
        due: due(&page, &view),
        payments: payments(&page, &visit, &view),
        advance: (takes && open && view.advance > Minor::ZERO)
            .then(|| page.money(view.advance, head.currency())),
        facts: facts(&page, &visit, &view),
        mails: mails.iter().map(|it| mail(&page, it)).collect(),
        history: words::history(&page, &view.history, head.currency()),
        pay: takes && open,
        estimated: estimated(&page, &view),
        page,
    })
}

fn due(page: &Page, view: &View) -> Due {
    let head = &view.head;
    let (paid, total) = (head.paid.0.max(0), head.total.0);
    let percent = if total <= 0 {
        100
    } else {
        paid.saturating_mul(100) / total
    };
    Due {
        value: page.money(head.due(), head.currency()),
        standing: words::standing(page, view.standing),
        tone: words::tone(view.standing).code(),
        percent,
        note: page.t2(
            "bill-paid-of",
            "paid",
            page.money(head.paid, head.currency()),
            "total",
            page.money(head.total, head.currency()),
        ),
    }
}

fn payments(page: &Page, visit: &Visit, view: &View) -> Vec<Fact> {
    let opens = visit.who.may_open("/payments/{id}");
    let fact = |(part, payment, reversal): &InvoicePart| {
        let mut term = page.date(payment.date);
        if !payment.reference.is_empty() {
            term = format!("{term} · {}", payment.reference);
        }
        if let Some(reversal) = reversal {
            let when = page.t1("bill-reversed-on", "date", page.date(reversal.date));
            term = format!("{term} · {when}");
        }
        let fact = Fact::new(term, page.money(part.amount, view.head.currency()))
            .struck(reversal.is_some());
        if opens {
            fact.linked(format!("/payments/{}", payment.id))
        } else {
            fact
        }
    };
    view.parts.iter().map(fact).collect()
}

fn facts(page: &Page, visit: &Visit, view: &View) -> Vec<Fact> {
    let (head, document) = (&view.head, &view.document);
    let linked = |fact: Fact, pattern: &str, path: String| {
        if visit.who.may_open(pattern) {
            fact.linked(path)
        } else {
            fact
        }
    };
    let tenant = Fact::new(page.t("invoices-tenant"), &document.tenant.name);
    let lease = Fact::new(page.t("invoices-lease"), &document.lease_number);
    let month = Fact::new(page.t("invoices-month"), words::month(page, &head.month));
    vec![
        linked(
            tenant,
            "/tenants/{id}",
            format!("/tenants/{}", head.tenant_id),
        ),
        linked(lease, "/leases/{id}", format!("/leases/{}", head.lease_id)),
        Fact::new(page.t("bill-site"), &document.site_name),
        linked(month, "/runs/{id}", format!("/runs/{}", view.run)),
        Fact::new(page.t("invoices-issued"), page.date(head.issue_date)),
        Fact::new(page.t("invoices-due-date"), page.date(head.due_date)),
        Fact::new(page.t("bill-metered"), page.kwh(head.wh)),
    ]
}

fn estimated(page: &Page, view: &View) -> Option<String> {
    let head = &view.head;
    let share = explain::estimated_share(page, head.estimated_wh, head.wh);
    (!share.is_empty()).then(|| {
        let kwh = page.kwh(head.estimated_wh);
        page.t2("bill-estimated-note", "kwh", kwh, "share", share)
    })
}

fn mail(page: &Page, mail: &Mail) -> Happening {
    let key = match mail.state {
        MailState::Waiting => "bill-mail-waiting",
        MailState::Sent => "bill-mail-sent",
        MailState::Failed => "bill-mail-failed",
    };
    Happening {
        at: page.dt(mail.sent_at.unwrap_or(mail.created_at)),
        text: page.t1(key, "to", &mail.to_address),
    }
}
