//! A body of many rows: JSON, JSON lines or a table, packed by gzip or not.

use super::super::post::{self, Given};
use super::super::problem::Problem;
use crate::import::{FileError, readings};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use std::pin::Pin;

/// Besides JSON of the declared shape.
pub const MEDIA: &[&str] = &["application/x-ndjson", "text/csv"];
const MOST_BYTES: usize = 32 << 20;
/// Of what is packed in it.
pub const MOST_UNPACKED: usize = 64 << 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Json,
    JsonLines,
    Table,
}

/// What came, unpacked.
pub struct Lines {
    pub form: Form,
    pub content: Vec<u8>,
    pub given: Given,
}

impl FromRequest for Lines {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let form = match post::media_type(request).as_str() {
            "application/json" => Some(Form::Json),
            "application/x-ndjson" | "application/jsonl" => Some(Form::JsonLines),
            "text/csv" => Some(Form::Table),
            _ => None,
        };
        let mut payload = payload.take();
        Box::pin(async move {
            let bytes = post::read(&mut payload, MOST_BYTES).await?;
            let form = form.ok_or_else(Problem::media_type)?;
            let content = if bytes.starts_with(readings::GZIP) {
                unpack(&bytes)?
            } else {
                bytes.to_vec()
            };
            Ok(Self {
                form,
                content,
                given: Given(bytes),
            })
        })
    }
}

fn unpack(bytes: &[u8]) -> Result<Vec<u8>, Problem> {
    readings::unpack(bytes, MOST_UNPACKED).map_err(|error| match error {
        FileError::Unpacked(_) => Problem::too_large(),
        _ => Problem::bad_request("The packed body is cut off or damaged."),
    })
}
