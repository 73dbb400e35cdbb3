//! Error pages: what happened and where to go on, in the reader's language; internals only in the log.
//!
//! A handler answers with a `Problem`; the guard around the application writes it out, because only there
//! the request is known: a page, or `application/problem+json` (RFC 9457) where data was asked for.

use std::fmt;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use askama::Template;

use super::page::Page;
use super::reader::{Reader, wants_json};
use crate::text::Message;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Also another tenant's row: it looks the same as none.
    NotFound,
    Forbidden,
    /// Nothing at this address is done this way; what is, as the header `Allow` says it.
    Method(&'static str),
    BadRequest(Message),
    Conflict(Message),
    TooLarge,
    TooMany,
    Internal,
}

impl Problem {
    /// Notes the cause in the log; the reader gets the request's id to quote.
    pub fn internal(cause: impl fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        Self::Internal
    }

    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What a library's own refusal means: an unknown address, a body that is too large, a bad form.
    pub fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Self::NotFound,
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Self::Forbidden,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::TOO_MANY_REQUESTS => Self::TooMany,
            StatusCode::CONFLICT => Self::Conflict(Message::new("problem-conflict-text")),
            status if status.is_client_error() => {
                Self::BadRequest(Message::new("problem-bad-request-text"))
            }
            _ => Self::Internal,
        }
    }

    /// The stable word of the problem: the `type` of its JSON and the middle of its keys.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Forbidden => "forbidden",
            Self::Method(_) => "method",
            Self::BadRequest(_) => "bad-request",
            Self::Conflict(_) => "conflict",
            Self::TooLarge => "too-large",
            Self::TooMany => "too-many",
            Self::Internal => "internal",
        }
    }

    fn text(&self, page: &Page) -> String {
        match self {
            Self::BadRequest(message) | Self::Conflict(message) => page.say(message),
            _ => page.t(&format!("problem-{}-text", self.code())),
        }
    }

    /// The answer before the guard writes it out.
    pub fn into_response(self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status());
        response.extensions_mut().insert(self);
        response
    }

    /// The answer for this reader.
    pub fn written(&self, request: &HttpRequest, request_id: &str) -> HttpResponse {
        let reader = Reader::of(request);
        let page = Page::new(reader, request.path()).named(String::new());
        let (title, text) = match self {
            Self::TooLarge if is_form(request) => (
                page.t("problem-too-long-title"),
                page.t("problem-too-long-text"),
            ),
            _ => (
                page.t(&format!("problem-{}-title", self.code())),
                self.text(&page),
            ),
        };
        let mut response = HttpResponse::build(self.status());
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        if let Self::Method(allow) = self {
            response.insert_header((header::ALLOW, *allow));
        }
        if wants_json(request) {
            return response
                .content_type("application/problem+json")
                .json(serde_json::json!({
                    "type": format!("urn:innkeeper:problem:{}", self.code()),
                    "title": title,
                    "status": self.status().as_u16(),
                    "detail": text,
                    "request_id": request_id,
                }));
        }
        let status = self.status().as_u16();
        let back = back_path(request);
        let template = ProblemPage {
            page: page.named(title),
            status,
            text,
            back,
            request_id: request_id.to_owned(),
        };
        match template.render() {
            Ok(body) => response.content_type("text/html; charset=utf-8").body(body),
            Err(cause) => {
                tracing::error!(%cause, "an error page cannot be written");
                response.finish()
            }
        }
    }
}

/// Whether text was sent rather than files.
fn is_form(request: &HttpRequest) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| {
        kind.as_bytes()
            .starts_with(b"application/x-www-form-urlencoded")
    })
}

/// Where the reader came from, if that is another page of this site.
fn back_path(request: &HttpRequest) -> Option<String> {
    let referer = request.headers().get(header::REFERER)?.to_str().ok()?;
    let rest = referer.split_once("://")?.1;
    let (host, path) = rest.split_once('/')?;
    let same = request.headers().get(header::HOST)?.to_str().ok()? == host;
    let path = format!("/{path}");
    (same && path.split('?').next() != Some(request.path())).then_some(path)
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    fn error_response(&self) -> HttpResponse {
        self.clone().into_response()
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    page: Page,
    status: u16,
    text: String,
    back: Option<String>,
    request_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::body::MessageBody;
    use actix_web::test::TestRequest;

    fn body(response: HttpResponse) -> String {
        let bytes = response.into_body().try_into_bytes().unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[test]
    fn every_problem_has_a_page_in_both_languages() {
        let message = || Message::new("problem-conflict-text");
        for problem in [
            Problem::NotFound,
            Problem::Forbidden,
            Problem::Method("POST"),
            Problem::BadRequest(message()),
            Problem::Conflict(message()),
            Problem::TooLarge,
            Problem::TooMany,
            Problem::Internal,
        ] {
            for language in ["ru", "en"] {
                let request = TestRequest::default()
                    .insert_header(("Accept-Language", language))
                    .to_http_request();
                let response = problem.written(&request, "f00d");
                assert_eq!(response.status(), problem.status());
                let html = body(response);
                assert!(html.contains(&format!("lang=\"{language}\"")), "{html}");
                assert!(
                    html.contains("f00d") && !html.contains(">problem-"),
                    "{problem}: {html}"
                );
            }
        }
    }

    #[test]
    fn data_is_answered_with_data() {
        let request = TestRequest::default()
            .insert_header(("Accept", "application/json"))
            .to_http_request();
        let json: serde_json::Value =
            serde_json::from_str(&body(Problem::NotFound.written(&request, "f00d"))).unwrap();
        assert_eq!(
            (&json["status"], &json["request_id"]),
            (&404.into(), &"f00d".into())
        );
    }

    #[test]
    fn the_way_back_stays_on_this_site() {
        let back = |referer: &str| {
            let request = TestRequest::with_uri("/racks/9").insert_header(("Host", "inn.example"));
            back_path(
                &request
                    .insert_header(("Referer", referer))
                    .to_http_request(),
            )
        };
        assert_eq!(
            back("https://inn.example/racks?q=a").as_deref(),
            Some("/racks?q=a")
        );
        assert_eq!(back("https://inn.example/racks/9"), None);
        assert_eq!(back("https://other.example/racks"), None);
    }
}
