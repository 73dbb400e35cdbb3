//! Signing in and out.

use super::Fields;
use super::caller::Caller;
use crate::db::identity::users::User;
use crate::domain::calendar::Instant;
use crate::services::identity::sign_in as service;
use crate::text::{Locale, say};
use crate::web::door::{SESSION_EPOCH, SESSION_SINCE, SESSION_USER};
use crate::web::form::Form;
use crate::web::page::{Page, html, html_with, see_other};
use crate::web::problem::Problem;
use crate::web::reader::{local_path, locale_cookie, theme_cookie};
use crate::web::visit::Answer;
use actix_session::Session;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

#[derive(Template)]
#[template(path = "identity/sign_in.html")]
struct SignIn {
    page: Page,
    form: Form,
}

pub async fn show(caller: Caller) -> Answer {
    let back = caller.parameter("back").unwrap_or_default();
    if caller.signed_in {
        return Ok(see_other(local_path(&back)));
    }
    html(&SignIn {
        page: caller.page("sign-in-title"),
        form: Form::blank().with("back", local_path(&back)),
    })
}

/// Fields: `email`, `password`, and `back`, a path of this site to go on to.
/// With `Accept: application/json` it answers `{"user", "role", "tenant"}`, or a problem.
pub async fn sign_in(caller: Caller, session: Session, fields: Fields) -> Answer {
    let mut form = Form::from_values(fields.into_inner());
    let (email, password) = (
        form.value("email").to_owned(),
        form.value("password").to_owned(),
    );
    let (now, address) = (caller.now, caller.address.clone());
    let result = caller
        .run(move |app| service::sign_in(&app.db, now, &email, &password, &address))
        .await;
    match result {
        Ok(user) => {
            open(&session, &user, now)?;
            welcome(&caller, &user, form.value("back"))
        }
        Err(error) => {
            form.absorb(error)?;
            refuse(&caller, form)
        }
    }
}

/// A new session id for a new right: whoever knew the old one learns nothing.
pub fn open(session: &Session, user: &User, now: Instant) -> Result<(), Problem> {
    session.renew();
    for (key, value) in [
        (SESSION_USER, user.id.0),
        (SESSION_EPOCH, user.session_epoch),
        (SESSION_SINCE, now.0),
    ] {
        session.insert(key, value).map_err(Problem::internal)?;
    }
    Ok(())
}

fn welcome(caller: &Caller, user: &User, back: &str) -> Answer {
    let https = caller.app.config.https();
    let mut response = if caller.json {
        HttpResponse::Ok().json(serde_json::json!({
            "user": user.id, "role": user.role, "tenant": user.tenant_id,
        }))
    } else {
        see_other(local_path(back))
    };
    let locale = Locale::parse(&user.locale).map(|locale| locale_cookie(locale, https));
    for cookie in locale.into_iter().chain([theme_cookie(user.theme, https)]) {
        response.add_cookie(&cookie).map_err(Problem::internal)?;
    }
    Ok(response)
}

fn refuse(caller: &Caller, form: Form) -> Answer {
    if caller.json {
        let words: Vec<String> = form
            .general()
            .iter()
            .map(|message| say(caller.reader.locale, message))
            .collect();
        return Ok(HttpResponse::Unauthorized()
            .content_type("application/problem+json")
            .json(serde_json::json!({"title": words.join(" "), "status": 401})));
    }
    // What was typed as a password is not sent back.
    let form = form.with("password", "");
    let page = caller.page("sign-in-title");
    html_with(StatusCode::UNPROCESSABLE_ENTITY, &SignIn { page, form })
}

pub async fn sign_out(session: Session) -> Answer {
    session.purge();
    Ok(see_other("/sign-in?done=signed-out"))
}
