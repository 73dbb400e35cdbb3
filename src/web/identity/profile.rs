//! The reader's own name, language, theme and password.

use super::caller::address;
use super::{Fields, locales, sign_in};
use crate::db::identity::users::{self as rows, User};
use crate::domain::identity::Theme;
use crate::domain::identity::password::SHORTEST;
use crate::services::identity::users::{self as service, Profile};
use crate::text::{Locale, Message};
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, html_with, see_other};
use crate::web::parts::{Choice, Fact};
use crate::web::problem::Problem;
use crate::web::reader::{locale_cookie, theme_cookie};
use crate::web::visit::Answer;
use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use askama::Template;

#[derive(Template)]
#[template(path = "identity/profile.html")]
struct ProfilePage {
    page: Page,
    form: Form,
    secret: Form,
    facts: Vec<Fact>,
    locales: Vec<Choice>,
    themes: Vec<Choice>,
    shortest: usize,
    email: String,
}

async fn own(visit: &Visit) -> Result<User, Problem> {
    let id = visit.who.id;
    visit.read(move |conn| rows::get(conn, id)).await
}

fn filled(user: &User) -> Form {
    Form::blank()
        .with("name", &user.name)
        .with("locale", &user.locale)
        .with("theme", user.theme)
}

fn shown(visit: &Visit, user: &User, form: Form, secret: Form) -> Answer {
    let page = visit.page("user-profile");
    let status = match form.ok() && secret.ok() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let mut facts = vec![
        Fact::new(page.t("user-email"), &user.email),
        Fact::new(page.t("user-role"), page.code("role", user.role)),
    ];
    if let Some(tenant) = &visit.who.tenant_name {
        facts.push(Fact::new(page.t("user-tenant"), tenant));
    }
    let themes = Theme::ALL
        .iter()
        .map(|theme| Choice::new(theme.code(), page.code("theme", theme)))
        .collect();
    let template = ProfilePage {
        page,
        form,
        secret,
        facts,
        locales: locales(),
        themes,
        shortest: SHORTEST,
        email: user.email.clone(),
    };
    html_with(status, &template)
}

pub async fn show(visit: Visit) -> Answer {
    let user = own(&visit).await?;
    let form = filled(&user);
    shown(&visit, &user, form, Form::blank())
}

pub async fn save(visit: Visit, fields: Fields) -> Answer {
    let mut form = Form::from_values(fields.into_inner());
    let locale = form.choice("locale", Locale::parse);
    let theme = form.choice("theme", Theme::parse);
    let (Some(locale), Some(theme)) = (locale, theme) else {
        return shown(&visit, &own(&visit).await?, form, Form::blank());
    };
    let profile = Profile {
        name: form.value("name").to_owned(),
        locale: locale.code().to_owned(),
        theme,
    };
    let (who, now) = (visit.who.actor, visit.now);
    let saved = visit
        .run(move |app| service::change_profile(&app.db, &who, now, &profile))
        .await;
    if let Err(error) = saved {
        form.absorb(error)?;
        return shown(&visit, &own(&visit).await?, form, Form::blank());
    }
    let https = visit.app.config.https();
    let mut response = see_other("/profile?done=profile-saved");
    for cookie in [locale_cookie(locale, https), theme_cookie(theme, https)] {
        response.add_cookie(&cookie).map_err(Problem::internal)?;
    }
    Ok(response)
}

/// Fields: `current`, `new`, `again`. Every other session of the user ends.
pub async fn change_password(
    visit: Visit,
    request: HttpRequest,
    session: Session,
    fields: Fields,
) -> Answer {
    let fields = fields.into_inner();
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let (current, new) = (field("current"), field("new"));
    let mut secret = Form::blank();
    if new != field("again") {
        secret.fail("again", Message::new("identity-password-again"));
    } else {
        let address = address(&request, visit.app.config.behind_proxy);
        let (who, now) = (visit.who.actor, visit.now);
        let changed = visit
            .run(move |app| service::change_password(&app.db, &who, now, &address, &current, &new))
            .await;
        match changed {
            Ok(_) => {
                sign_in::open(&session, &own(&visit).await?, visit.now)?;
                return Ok(see_other("/profile?done=password-changed"));
            }
            Err(error) => secret.absorb(error)?,
        }
    }
    let user = own(&visit).await?;
    let form = filled(&user);
    shown(&visit, &user, form, secret)
}
