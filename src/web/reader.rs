//! Who reads: the language and the theme, kept in two cookies so that error pages know them too.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::http::header;

use crate::text::Locale;

pub use crate::domain::identity::Theme;

impl Theme {
    /// The key of the theme's name.
    pub fn label_key(self) -> &'static str {
        match self {
            Self::Auto => "theme-auto",
            Self::Light => "theme-light",
            Self::Dark => "theme-dark",
        }
    }
}

const LOCALE_COOKIE: &str = "locale";
const THEME_COOKIE: &str = "theme";
const COOKIE_DAYS: i64 = 400;

/// How a request wants its answer written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reader {
    pub locale: Locale,
    pub theme: Theme,
}

impl Reader {
    /// The reader's own choice, else the browser's languages, else Russian.
    pub fn of(request: &HttpRequest) -> Self {
        let cookie = |name: &str| request.cookie(name).map(|cookie| cookie.value().to_owned());
        let languages = || {
            let header = request.headers().get(header::ACCEPT_LANGUAGE)?;
            Locale::negotiate(header.to_str().ok()?)
        };
        Self {
            locale: cookie(LOCALE_COOKIE)
                .and_then(|code| Locale::parse(&code))
                .or_else(languages)
                .unwrap_or(Locale::Ru),
            theme: cookie(THEME_COOKIE)
                .and_then(|code| Theme::parse(&code))
                .unwrap_or(Theme::Auto),
        }
    }
}

pub fn locale_cookie(locale: Locale, https: bool) -> Cookie<'static> {
    cookie(LOCALE_COOKIE, locale.code(), https)
}

pub fn theme_cookie(theme: Theme, https: bool) -> Cookie<'static> {
    cookie(THEME_COOKIE, theme.code(), https)
}

fn cookie(name: &'static str, value: &'static str, https: bool) -> Cookie<'static> {
    Cookie::build(name, value)
        .path("/")
        .max_age(Duration::days(COOKIE_DAYS))
        .same_site(SameSite::Lax)
        .http_only(true)
        .secure(https)
        .finish()
}

/// A path of this site to come back to; `/` where the given one points elsewhere.
pub fn local_path(path: &str) -> &str {
    let local =
        path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n']);
    if local { path } else { "/" }
}

/// Whether the reader asked for data instead of a page.
pub fn wants_json(request: &HttpRequest) -> bool {
    let accept = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let place = |mime: &str| accept.find(mime);
    match (place("json"), place("text/html")) {
        (Some(json), Some(html)) => json < html,
        (json, _) => json.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn a_choice_goes_before_the_browser() {
        let request = TestRequest::default().insert_header(("Accept-Language", "en-GB,en"));
        assert_eq!(Reader::of(&request.to_http_request()).locale, Locale::En);
        let request = TestRequest::default()
            .insert_header(("Accept-Language", "en-GB,en"))
            .cookie(locale_cookie(Locale::Ru, false))
            .cookie(theme_cookie(Theme::Dark, false));
        let reader = Reader::of(&request.to_http_request());
        assert_eq!(
            reader,
            Reader {
                locale: Locale::Ru,
                theme: Theme::Dark
            }
        );
    }

    #[test]
    fn only_local_paths_are_followed() {
        for (path, followed) in [
            ("/racks?q=a", "/racks?q=a"),
            ("//evil.example", "/"),
            ("https://evil.example", "/"),
            ("/\\evil.example", "/"),
            ("", "/"),
        ] {
            assert_eq!(local_path(path), followed);
        }
    }
}
