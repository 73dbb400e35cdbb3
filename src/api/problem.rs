//! What went wrong, for a program: `application/problem+json` (RFC 9457), in English; internals only
//! in the log.

use super::check::FieldProblem;
use super::leasing::refusal::Refusal;
use crate::domain::message::Message;
use crate::error::Error;
use crate::text::{self, Locale};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use serde::Serialize;
use std::fmt;
use utoipa::ToSchema;

pub const MEDIA_TYPE: &str = "application/problem+json";

/// What every error answers.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Body {
    /// `urn:innkeeper:problem:` and a stable word.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: i32,
    pub detail: String,
    /// What is wrong, field by field; empty where no field is.
    pub errors: Vec<FieldProblem>,
    /// Where a wish was refused: why, and what would fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
}

#[derive(Clone, Debug)]
pub struct Problem {
    pub status: StatusCode,
    /// The middle of its type.
    pub word: &'static str,
    pub title: &'static str,
    pub detail: String,
    pub errors: Vec<FieldProblem>,
    pub refusal: Option<Box<Refusal>>,
    /// A header that goes with it.
    pub header: Option<Box<(header::HeaderName, String)>>,
}

impl Problem {
    fn new(
        status: StatusCode,
        word: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            status,
            word,
            title,
            detail: detail.into(),
            errors: vec![],
            refusal: None,
            header: None,
        }
    }

    fn with_header(mut self, name: header::HeaderName, value: impl Into<String>) -> Self {
        self.header = Some(Box::new((name, value.into())));
        self
    }

    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "bad-request",
            "The request is not understood",
            detail,
        )
    }

    /// Each field of the request that does not have the shape of the document.
    pub fn malformed(errors: Vec<FieldProblem>) -> Self {
        let said: Vec<String> = errors
            .iter()
            .map(|e| format!("{} {}", e.field, e.reason).trim().to_owned())
            .collect();
        Self {
            errors,
            ..Self::bad_request(format!("{}.", said.join("; ")))
        }
    }

    pub fn unauthorized(detail: &str) -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "A token is needed",
            detail,
        )
        .with_header(header::WWW_AUTHENTICATE, "Bearer realm=\"innkeeper\"")
    }

    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "forbidden",
            "The token does not allow this",
            detail,
        )
    }

    pub fn not_found() -> Self {
        let detail = "There is nothing here that this token may see.";
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail)
    }

    /// `allow`: the methods that the address knows.
    pub fn method(allow: &str) -> Self {
        let detail = format!("This address knows {allow}.");
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method-not-allowed",
            "The method is not known here",
            detail,
        )
        .with_header(header::ALLOW, allow)
    }

    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "conflict",
            "The present state does not allow this",
            detail,
        )
    }

    pub fn refused(refusal: Refusal) -> Self {
        let detail = refusal.sentence();
        let title = "What was asked for does not fit";
        Self {
            refusal: Some(Box::new(refusal)),
            ..Self::new(StatusCode::CONFLICT, "refused", title, detail)
        }
    }

    pub fn too_large() -> Self {
        let detail = "The body is larger than this address takes.";
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            "The body is too large",
            detail,
        )
    }

    pub fn media_type() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "media-type",
            "The body is not JSON",
            "Send the body as application/json.",
        )
    }

    pub fn key_reused() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "key-reused",
            "The Idempotency-Key belongs to another request",
            "This key came with another address or body before; use a new one.",
        )
    }

    /// Values that were understood and can not be.
    pub fn invalid(errors: Vec<FieldProblem>) -> Self {
        let said: Vec<String> = errors
            .iter()
            .map(|e| format!("{}: {}", e.field, e.reason))
            .collect();
        Self {
            errors,
            ..Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid",
                "Some values can not be",
                said.join(" "),
            )
        }
    }

    pub fn wait(seconds: i64) -> Self {
        let detail =
            format!("Too many wrong tokens came from this address; wait {seconds} seconds.");
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many",
            "Too many wrong tokens",
            detail,
        )
        .with_header(header::RETRY_AFTER, seconds.to_string())
    }

    /// Notes the cause in the log; the program gets the request's id to quote.
    pub fn internal(cause: impl fmt::Display) -> Self {
        tracing::error!(%cause, "a request of the API failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Something went wrong on our side",
            "It is noted under the request's id, see the header X-Request-Id.",
        )
    }

    /// What a library's own refusal means.
    pub fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::not_found(),
            StatusCode::PAYLOAD_TOO_LARGE => Self::too_large(),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::media_type(),
            status if status.is_client_error() => {
                Self::bad_request("The request could not be read.")
            }
            status => Self::internal(format!("a bare answer {status}")),
        }
    }

    pub fn body(&self) -> Body {
        Body {
            kind: format!("urn:innkeeper:problem:{}", self.word),
            title: self.title.to_owned(),
            status: self.status.as_u16().into(),
            detail: self.detail.clone(),
            errors: self.errors.clone(),
            refusal: self.refusal.as_deref().cloned(),
        }
    }
}

/// A sentence of the house in the language of programs.
pub fn said(message: &Message) -> String {
    text::say(Locale::En, message)
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::not_found(),
            Error::Forbidden => Self::forbidden("The holder's role does not allow this."),
            Error::Rule(message) => Self::conflict(said(&message)),
            Error::Breaks(_) => Self::conflict("The change would break live bookings."),
            Error::Invalid(fields) => Self::invalid(
                fields
                    .iter()
                    .map(|field| FieldProblem::new(&field.field, said(&field.message)))
                    .collect(),
            ),
            other => Self::internal(other),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponseBuilder::new(self.status);
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        if let Some((name, value)) = self.header.as_deref() {
            response.insert_header((name.clone(), value.as_str()));
        }
        match serde_json::to_string(&self.body()) {
            Ok(body) => response.content_type(MEDIA_TYPE).body(body),
            Err(_) => response.finish(),
        }
    }
}
