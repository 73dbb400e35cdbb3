//! Reserving: at once, or refused with what binds and what would fit.

use super::availability;
use super::wish::{self, Offer};
use super::words;
use crate::domain::message::Message;
use crate::services::leasing::answer::{Answer as Decision, AnswerJson, Refused};
use crate::services::leasing::availability::alternatives;
use crate::services::leasing::reserve::{IfRefused, Wish, reserve};
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::list::with_query;
use crate::web::page::{Page, html_with, see_other};
use crate::web::parts::{Fact, Refusal};
use crate::web::visit::Answer;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use std::collections::HashMap;

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
    let (actor, now, asked) = (visit.who.actor, visit.now, wish.clone());
    let decided = visit
        .run(move |app| reserve(&app.db, &actor, now, &asked, IfRefused::KeepRequest))
        .await;
    match decided {
        Ok(Decision::Accepted(id)) if visit.json => Ok(answered(
            StatusCode::CREATED,
            id.to_string(),
            &Decision::Accepted(id),
        )),
        Ok(Decision::Accepted(id)) => Ok(see_other(&format!("/reservations/{id}?done=reserved"))),
        Ok(Decision::Refused(refused)) if visit.json => {
            let id = refused.request.map_or(String::new(), |id| id.to_string());
            Ok(answered(
                StatusCode::CONFLICT,
                id,
                &Decision::Refused(refused),
            ))
        }
        Ok(Decision::Refused(refused)) => refused_page(&visit, &form, &wish, &refused).await,
        Err(error) => {
            form.absorb(error)?;
            mistakes(&visit, form, &offer)
        }
    }
}

fn answered(status: StatusCode, id: String, decision: &Decision) -> HttpResponse {
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
    let (now, asked) = (visit.now, wish.clone());
    let found = visit
        .run(move |app| alternatives(&app.db, now, &asked))
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
