//! The body of a POST: JSON, held against its shape before anything is done with it.

use super::check::{FieldProblem, check};
use super::problem::Problem;
use super::schema::Shape;
use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::header;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::pin::Pin;
use utoipa::ToSchema;

/// The bytes as they came: the same key must come with the same.
#[derive(Clone, Debug)]
pub struct Given(pub Bytes);

pub struct Post<B> {
    pub body: B,
    pub given: Given,
}

const MOST_BYTES: usize = 256 * 1024;
const MOST_READ: usize = 16 * MOST_BYTES;

impl<B: DeserializeOwned + ToSchema + 'static> FromRequest for Post<B> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = is_json(request);
        let mut payload = payload.take();
        Box::pin(async move {
            let bytes = read(&mut payload, MOST_BYTES).await?;
            if !is_json && !bytes.is_empty() {
                return Err(Problem::media_type());
            }
            Ok(Self {
                body: parse(&bytes)?,
                given: Given(bytes),
            })
        })
    }
}

/// The whole body, at most so many bytes of it.
pub async fn read(payload: &mut Payload, most: usize) -> Result<Bytes, Problem> {
    let mut bytes = BytesMut::new();
    let mut length = 0;
    // What is too much is read on for a while: a client that still sends would not hear why.
    while let Some(part) = payload.next().await {
        let part = part.map_err(unreadable)?;
        length += part.len();
        if length <= most {
            bytes.extend_from_slice(&part);
        } else if length > most + MOST_READ {
            break;
        }
    }
    if length > most {
        return Err(Problem::too_large());
    }
    Ok(bytes.freeze())
}

fn is_json(request: &HttpRequest) -> bool {
    media_type(request) == "application/json"
}

/// Without its parameters, in lower case.
pub fn media_type(request: &HttpRequest) -> String {
    let header = request.headers().get(header::CONTENT_TYPE);
    let text = header
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let media_type = text.split(';').next().unwrap_or_default().trim();
    media_type.to_ascii_lowercase()
}

fn unreadable(error: PayloadError) -> Problem {
    match error {
        PayloadError::Overflow => Problem::too_large(),
        _ => Problem::bad_request("The body could not be read."),
    }
}

/// No body stands for an empty object.
pub fn parse<B: DeserializeOwned + ToSchema>(bytes: &[u8]) -> Result<B, Problem> {
    let bytes = if bytes.is_empty() { b"{}" } else { bytes };
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| Problem::bad_request(format!("The body is no JSON: {error}.")))?;
    let shape = Shape::of::<B>();
    let schema = shape.schemas.get(&shape.name).cloned().unwrap_or_default();
    let mut wrong = check(&value, &schema, &shape.schemas);
    if holds_zero(&value) {
        wrong.push(FieldProblem::new("", "must not hold the character U+0000"));
    }
    if !wrong.is_empty() {
        return Err(Problem::malformed(wrong));
    }
    serde_json::from_value(value)
        .map_err(|error| Problem::malformed(vec![FieldProblem::new("", error.to_string())]))
}

/// PostgreSQL keeps no text with a zero in it.
pub fn holds_zero(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_zero),
        Value::Object(fields) => fields.values().any(holds_zero),
        _ => false,
    }
}
