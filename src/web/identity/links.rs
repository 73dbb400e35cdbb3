//! What the links of mails open: the first password, or a new one.

use super::Fields;
use super::caller::Caller;
use crate::domain::identity::TokenKind;
use crate::domain::identity::password::SHORTEST;
use crate::error::Error;
use crate::services::identity::links as service;
use crate::text::Message;
use crate::web::form::Form;
use crate::web::page::{Page, html, html_with, see_other};
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;

#[derive(Template)]
#[template(path = "identity/set_password.html")]
struct SetPassword {
    page: Page,
    form: Form,
    action: String,
    name: String,
    email: String,
    lead: String,
    shortest: usize,
}

#[derive(Template)]
#[template(path = "identity/dead_link.html")]
struct DeadLink {
    page: Page,
    reset: bool,
}

#[derive(Template)]
#[template(path = "identity/forgotten.html")]
struct Forgotten {
    page: Page,
    form: Form,
}

#[derive(Template)]
#[template(path = "identity/reset_sent.html")]
struct ResetSent {
    page: Page,
    email: String,
}

pub async fn invitation(caller: Caller, token: Path<String>) -> Answer {
    show(
        caller,
        TokenKind::Invitation,
        token.into_inner(),
        Form::blank(),
    )
    .await
}

pub async fn reset(caller: Caller, token: Path<String>) -> Answer {
    show(caller, TokenKind::Reset, token.into_inner(), Form::blank()).await
}

pub async fn accept(caller: Caller, token: Path<String>, fields: Fields) -> Answer {
    set_password(caller, TokenKind::Invitation, token.into_inner(), fields).await
}

pub async fn set(caller: Caller, token: Path<String>, fields: Fields) -> Answer {
    set_password(caller, TokenKind::Reset, token.into_inner(), fields).await
}

async fn show(caller: Caller, kind: TokenKind, token: String, form: Form) -> Answer {
    let (now, asked) = (caller.now, token.clone());
    let holder = caller
        .run(move |app| service::holder(&app.db, now, kind, &asked))
        .await;
    let user = match holder {
        Ok(user) => user,
        Err(Error::Rule(_)) => return dead(&caller, kind),
        Err(error) => return Err(error.into()),
    };
    let status = match form.ok() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let (title, lead) = match kind {
        TokenKind::Invitation => ("invitation-title", "invitation-lead"),
        TokenKind::Reset => ("reset-title", "reset-lead"),
    };
    let page = caller.page(title);
    let template = SetPassword {
        lead: page.t(lead),
        page,
        form,
        action: service::path(kind, &token),
        name: user.name,
        email: user.email,
        shortest: SHORTEST,
    };
    html_with(status, &template)
}

fn dead(caller: &Caller, kind: TokenKind) -> Answer {
    let page = caller.page("link-dead-title");
    let reset = kind == TokenKind::Reset;
    html_with(StatusCode::GONE, &DeadLink { page, reset })
}

async fn set_password(caller: Caller, kind: TokenKind, token: String, fields: Fields) -> Answer {
    let fields = fields.into_inner();
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let (password, again) = (field("password"), field("again"));
    let mut form = Form::blank();
    if password != again {
        form.fail("again", Message::new("identity-password-again"));
        return show(caller, kind, token, form).await;
    }
    let (now, asked) = (caller.now, token.clone());
    let result = caller
        .run(move |app| service::set_password(&app.db, now, kind, &asked, &password))
        .await;
    match result {
        Ok(_) => Ok(see_other("/sign-in?done=password-set")),
        Err(Error::Rule(_)) => dead(&caller, kind),
        Err(error) => {
            form.absorb(error)?;
            show(caller, kind, token, form).await
        }
    }
}

pub async fn forgotten(caller: Caller) -> Answer {
    let form = Form::blank().with("email", caller.parameter("email").unwrap_or_default());
    html(&Forgotten {
        page: caller.page("forgotten-title"),
        form,
    })
}

/// The same answer whether the address belongs to somebody or not.
pub async fn request(caller: Caller, fields: Fields) -> Answer {
    let mut form = Form::from_values(fields.into_inner());
    let email = form.value("email").trim().to_owned();
    let (now, address, asked) = (caller.now, caller.address.clone(), email.clone());
    let result = caller
        .run(move |app| {
            service::request_reset(&app.db, now, &app.config.base_url(), &asked, &address)
        })
        .await;
    if let Err(error) = result {
        form.absorb(error)?;
        let page = caller.page("forgotten-title");
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &Forgotten { page, form });
    }
    html(&ResetSent {
        page: caller.page("reset-sent-title"),
        email,
    })
}
