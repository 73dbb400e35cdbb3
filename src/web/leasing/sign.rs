//! An assigned reservation becomes a lease: power, plan, payment, notice.

use super::reservations::{closed, load, power};
use super::words;
use crate::db::leasing::lists;
use crate::domain::ids::{PlanId, ReservationId};
use crate::domain::leasing::state::ReservationStatus;
use crate::domain::units::Watts;
use crate::services::leasing::leases::{DEFAULT_NOTICE_DAYS, DEFAULT_PAYMENT_DAYS, Terms, sign};
use crate::text::Locale;
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, html, html_with, see_other};
use crate::web::parts::{Choice, Fact};
use crate::web::problem::Problem;
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use rust_decimal::Decimal;
use std::collections::HashMap;

const MOST_DAYS: i64 = 365;

#[derive(Template)]
#[template(path = "leasing/sign.html")]
struct SignPage {
    page: Page,
    id: ReservationId,
    form: Form,
    plans: Vec<Choice>,
    facts: Vec<Fact>,
    most: String,
    cancel: String,
}

/// What the page shows beside the form.
struct Known {
    loaded: super::reservations::Loaded,
    plans: Vec<(PlanId, String)>,
    email: String,
}

async fn known(visit: &Visit, id: ReservationId) -> Result<Known, Problem> {
    let who = visit.who.clone();
    visit
        .read(move |conn| {
            let loaded = load(conn, &who, id)?;
            let email = lists::tenant_contact(conn, loaded.row.tenant_id)?.1;
            let plans = lists::published_plans(conn)?;
            Ok(Known {
                loaded,
                plans,
                email,
            })
        })
        .await
}

pub async fn edit(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = ReservationId(*id);
    let known = known(&visit, id).await?;
    if let Some(back) = closed(&known.loaded.row, visit.now, &[ReservationStatus::Assigned]) {
        return Ok(back);
    }
    let all = power(&known.loaded.row).kilo().normalize().to_string();
    let all = match visit.reader.locale {
        Locale::Ru => all.replace('.', ","),
        Locale::En => all,
    };
    let mut form = Form::blank()
        .with("contracted", all)
        .with("payment_days", DEFAULT_PAYMENT_DAYS)
        .with("notice_days", DEFAULT_NOTICE_DAYS)
        .with("billing_email", &known.email);
    let plan = known.loaded.site.plan_id;
    if let Some(plan) = plan.or(known.plans.first().map(|(id, _)| *id)) {
        form = form.with("plan", plan);
    }
    html(&shown(&visit, known, form))
}

fn shown(visit: &Visit, known: Known, form: Form) -> SignPage {
    let row = &known.loaded.row;
    let page = super::numbered(visit.page("nav-reservations"), "sign-title", row.id);
    let machines = page.t2(
        "reservation-machines",
        "count",
        row.units,
        "model",
        &row.model_name,
    );
    let facts = vec![
        Fact::new(page.t("wish-tenant"), &known.loaded.tenant),
        Fact::new(page.t("wish-site"), &known.loaded.site.name),
        Fact::new(page.t("wish-machines"), machines),
        Fact::new(page.t("wish-power"), page.kw(power(row))),
        Fact::new(
            page.t("wish-window"),
            words::window(&page, row.from_date, row.to_date),
        ),
    ];
    SignPage {
        id: row.id,
        most: page.kw(power(row)),
        cancel: format!("/reservations/{}", row.id),
        plans: known
            .plans
            .iter()
            .map(|(id, name)| Choice::new(id.to_string(), name))
            .collect(),
        facts,
        form,
        page,
    }
}

fn terms(form: &mut Form, known: &Known) -> Option<Terms> {
    let most = power(&known.loaded.row).kilo();
    let contracted = form.decimal("contracted", Decimal::new(1, 3)..=most, 3);
    let plan = form.choice("plan", |text| {
        let id = PlanId(text.parse().ok()?);
        known.plans.iter().find(|(known, _)| *known == id)
    });
    let payment = form.integer("payment_days", 0..=MOST_DAYS);
    let notice = form.integer("notice_days", 0..=MOST_DAYS);
    let email = form.email("billing_email");
    Some(Terms {
        contracted: Some(Watts::from_kilo(contracted?)?),
        plan: plan?.0,
        payment_days: payment?,
        notice_days: notice?,
        billing_email: email?,
    })
}

pub async fn save(
    visit: Visit,
    id: web::Path<i64>,
    fields: web::Form<HashMap<String, String>>,
) -> Answer {
    let id = ReservationId(*id);
    let known = known(&visit, id).await?;
    let mut form = Form::from_values(fields.into_inner());
    if let Some(terms) = terms(&mut form, &known) {
        let (actor, now) = (visit.who.actor, visit.now);
        let signed = visit.run(move |app| sign(&app.db, &actor, now, id, &terms));
        match signed.await {
            Ok(lease) => return Ok(see_other(&format!("/leases/{lease}?done=lease-signed"))),
            Err(error) => form.absorb(error)?,
        }
    }
    html_with(
        StatusCode::UNPROCESSABLE_ENTITY,
        &shown(&visit, known, form),
    )
}
