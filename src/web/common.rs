//! What belongs to no wing: static files, the reader's language and theme, the health check.

use super::assets;
use super::door::Who;
use super::page::see_other;
use super::problem::Problem;
use super::reader::{Theme, local_path, locale_cookie, theme_cookie};
use super::visit::Answer;
use crate::app::App;
use crate::routes;
use crate::services::identity::users;
use crate::text::Locale;
use actix_web::{HttpResponse, web};
use serde::Deserialize;

routes! {
    get "/healthz" Public => healthz;
    get "/favicon.ico" Public => assets::favicon;
    get "/static/{path:.*}" Public => assets::serve;
    post "/preferences" Public => preferences;
}

/// Answers once the database does.
async fn healthz(app: web::Data<App>) -> Answer {
    app.read(|conn| crate::db::site::sites::all(conn).map(|_| ()))
        .await
        .map_err(Problem::internal)?;
    Ok(HttpResponse::Ok().content_type("text/plain").body("ok\n"))
}

#[derive(Deserialize)]
struct Preferences {
    locale: Option<String>,
    theme: Option<String>,
    back: Option<String>,
}

/// A signed-in reader finds the choice again on every device.
async fn preferences(
    app: web::Data<App>,
    who: Option<Who>,
    form: web::Form<Preferences>,
) -> Answer {
    let https = app.config.https();
    let mut response = see_other(local_path(form.back.as_deref().unwrap_or("/")));
    let locale = form.locale.as_deref().and_then(Locale::parse);
    let theme = form.theme.as_deref().and_then(Theme::parse);
    if let Some(who) = who {
        let now = app.now();
        app.run(move |app| {
            let locale = locale.map(Locale::code);
            users::prefer(&app.db, &who.actor, now, locale, theme)
        })
        .await?;
    }
    let locale = locale.map(|locale| locale_cookie(locale, https));
    let theme = theme.map(|theme| theme_cookie(theme, https));
    for cookie in locale.into_iter().chain(theme) {
        response.add_cookie(&cookie).map_err(Problem::internal)?;
    }
    Ok(response)
}
