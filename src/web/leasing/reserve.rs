//! Reserving: at once, or refused with what binds and what would fit.

use super::availability;
use super::wish::{self, Offer};
use super::words;
use crate::db::leasing::requests;
use crate::domain::ids::{RequestId, ReservationId};
use crate::domain::leasing::place::Reason;
use crate::domain::message::Message;
use crate::error::Result;
use crate::services::leasing::answer::{Answer as Decision, AnswerJson, Refused};
use crate::services::leasing::availability::alternatives;
use crate::services::leasing::reserve::{IfRefused, Wish, reserve};
use crate::web::door::Visit;
use crate::web::form::{FORM_KEY, Form};
use crate::web::list::with_query;
use crate::web::page::{Page, html_with, see_other};
use crate::web::parts::{Fact, Refusal};
use crate::web::problem::Problem;
use crate::web::visit::Answer;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use std::collections::HashMap;
use std::sync::mpsc::channel;

#[derive(Template)]
#[template(path = "leasing/refused.html")]
struct RefusedPage {
    page: Page,
    refusal: Refusal,
    asked: Vec<Fact>,
    /// The form as it was filled in, to change it.
    back: String,
    request: Option<String>,
}

pub async fn create(visit: Visit, fields: web::Form<HashMap<String, String>>) -> Answer {
    let mut form = Form::from_values(fields.into_inner());
    let offer = availability::offer(&visit).await?;
    let wish = wish::parse(&mut form, &visit.who, &offer);
    if let Some(wish) = &wish
        && wish.tenant == wish::NOBODY
    {
        form.fail("tenant", Message::new("form-choose"));
    }
    let Some(wish) = wish.filter(|_| form.ok()) else {
        return mistakes(&visit, form, &offer);
    };
    let today = offer.today(wish.site, visit.now);
    // A contract that already runs is no wish for staff to answer.
    let if_refused = match today.is_some_and(|today| wish.window.from < today) {
        true => IfRefused::Forget,
        false => IfRefused::KeepRequest,
    };
    match decide(&visit, &form, &wish, if_refused).await {
        Ok(Outcome::Decided(Decision::Refused(refused))) if !visit.json => {
            refused_page(&visit, &form, &wish, &refused).await
        }
        Ok(Outcome::Decided(decision)) if visit.json => Ok(answered(&decision)),
        Ok(Outcome::Decided(decision)) => Ok(see_other(&place_of(&decision))),
        Ok(Outcome::Before(place)) if !visit.json => Ok(see_other(&place)),
        Ok(Outcome::Before(place)) => Ok(answered(&decided_before(&visit, &place).await?)),
        Err(error) => {
            form.absorb(error)?;
            mistakes(&visit, form, &offer)
        }
    }
}

/// A form that was sent twice is answered as the first time.
enum Outcome {
    Decided(Decision),
    /// Where the first answer is found.
    Before(String),
}

async fn decide(visit: &Visit, form: &Form, wish: &Wish, if_refused: IfRefused) -> Result<Outcome> {
    let (actor, now, wish) = (visit.who.actor, visit.now, wish.clone());
    let key = if form.value(FORM_KEY) == form.form_key {
        form.form_key.clone()
    } else {
        String::new()
    };
    let (tell, told) = channel();
    let place = visit
        .once(&key, move |app| {
            let decision = reserve(&app.db, &actor, now, &wish, if_refused)?;
            let place = place_of(&decision);
            // Whoever waited is still there.
            let _ = tell.send(decision);
            Ok(place)
        })
        .await?;
    Ok(told
        .try_recv()
        .map_or(Outcome::Before(place), Outcome::Decided))
}

fn place_of(decision: &Decision) -> String {
    match decision {
        Decision::Accepted(id) => format!("/reservations/{id}?done=reserved"),
        Decision::Refused(refused) => refused
            .request
            .map_or("/availability".to_owned(), |id| format!("/requests/{id}")),
    }
}

/// The first answer again, from the row that it left.
async fn decided_before(visit: &Visit, place: &str) -> std::result::Result<Decision, Problem> {
    let id = |prefix: &str| -> Option<i64> {
        let rest = place.strip_prefix(prefix)?;
        rest.split('?').next()?.parse().ok()
    };
    if let Some(id) = id("/reservations/") {
        return Ok(Decision::Accepted(ReservationId(id)));
    }
    let id = RequestId(id("/requests/").ok_or(Problem::NotFound)?);
    let row = visit.read(move |conn| requests::get(conn, id)).await?;
    Ok(Decision::Refused(Refused {
        request: Some(id),
        reasons: row.reasons.split(',').filter_map(Reason::parse).collect(),
        available_units: u32::try_from(row.available_units).unwrap_or(0),
        bound: serde_json::from_str(&row.binding).unwrap_or_default(),
        proven: true,
    }))
}

/// As `book` answers one operation; the id is the reservation's, or the request's.
fn answered(decision: &Decision) -> HttpResponse {
    let (status, id) = match decision {
        Decision::Accepted(id) => (StatusCode::CREATED, id.to_string()),
        Decision::Refused(refused) => (
            StatusCode::CONFLICT,
            refused.request.map_or(String::new(), |id| id.to_string()),
        ),
    };
    HttpResponse::build(status).json(AnswerJson::of(id, decision))
}

/// A program gets the fields; a person the filled-in form with what is wrong beside each field.
fn mistakes(visit: &Visit, form: Form, offer: &Offer) -> Answer {
    if !visit.json {
        return availability::mistakes(visit, form, offer);
    }
    let page = visit.page("nav-capacity");
    let fields: serde_json::Map<String, serde_json::Value> = wish::FIELDS
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), page.say(form.error(name)?).into())))
        .collect();
    let general: Vec<String> = form.general().iter().map(|m| page.say(m)).collect();
    Ok(HttpResponse::UnprocessableEntity()
        .content_type("application/problem+json")
        .json(serde_json::json!({
            "type": "urn:innkeeper:problem:invalid",
            "title": page.t1("form-errors", "count", form.field_error_count()),
            "status": 422,
            "detail": general.join(" "),
            "fields": fields,
        })))
}

/// The form again, as it was filled in.
fn back(form: &Form) -> String {
    let pairs: Vec<(&str, String)> = wish::FIELDS
        .iter()
        .map(|name| (*name, form.value(name).to_owned()))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    with_query("/availability", &pairs)
}

async fn refused_page(visit: &Visit, form: &Form, wish: &Wish, refused: &Refused) -> Answer {
    let (who, now, asked) = (visit.who.actor, visit.now, wish.clone());
    let found = visit
        .run(move |app| alternatives(&app.db, &who, now, &asked))
        .await?;
    let page = visit.page("refused-page-title");
    let steps = words::steps(&page, wish, &found);
    let refusal = words::refusal(&page, wish, refused, steps);
    html_with(
        StatusCode::CONFLICT,
        &RefusedPage {
            refusal,
            asked: asked_for(&page, wish),
            back: back(form),
            request: refused.request.map(|id| format!("/requests/{id}")),
            page,
        },
    )
}

/// What was asked for, as a list of facts.
pub fn asked_for(page: &Page, wish: &Wish) -> Vec<Fact> {
    let all = crate::domain::units::Watts(wish.watts_each.0 * i64::from(wish.units));
    vec![
        Fact::new(page.t("wish-model"), &wish.model_name),
        Fact::new(page.t("wish-units"), page.int(i64::from(wish.units))),
        Fact::new(page.t("wish-power"), page.kw(all)),
        Fact::new(
            page.t("wish-supply"),
            page.code("leasing-supply", wish.supply),
        ),
        Fact::new(
            page.t("wish-cooling"),
            page.code("leasing-cooling", wish.cooling),
        ),
        Fact::new(
            page.t("wish-workload"),
            page.code("leasing-workload", wish.workload),
        ),
        Fact::new(
            page.t("wish-window"),
            words::window(page, wish.window.from, wish.window.to),
        ),
    ]
}
