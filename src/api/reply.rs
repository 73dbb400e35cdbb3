//! A success: a value with its status, or a page of a list with the way to the next one.

use super::ask::Ask;
use super::problem::{MEDIA_TYPE, Problem};
use super::routes::Answer;
use super::schema::Listed;
use crate::domain::cursor::{Cursor, with_query};
use crate::services::idempotency::Answered;
use actix_web::body::BoxBody;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, Responder};
use serde::Serialize;
use std::marker::PhantomData;
use utoipa::ToSchema;

/// `T`: what the document promises.
pub struct Reply<T> {
    status: StatusCode,
    headers: Vec<(header::HeaderName, String)>,
    body: String,
    shape: PhantomData<T>,
}

fn json<T: Serialize>(value: &T) -> Result<String, Problem> {
    serde_json::to_string(value).map_err(Problem::internal)
}

impl<T: Serialize> Reply<T> {
    pub fn ok(value: &T) -> Answer<T> {
        Ok(Self {
            status: StatusCode::OK,
            headers: vec![],
            body: json(value)?,
            shape: PhantomData,
        })
    }

    /// The answer that is kept for a key: the first time, or again.
    pub fn kept(answered: Answered, again: bool) -> Answer<T> {
        let status = StatusCode::from_u16(answered.status).map_err(Problem::internal)?;
        let mut headers = vec![];
        headers.extend(answered.location.map(|to| (header::LOCATION, to)));
        if again {
            let replayed = header::HeaderName::from_static("idempotency-replayed");
            headers.push((replayed, "true".to_owned()));
        }
        Ok(Self {
            status,
            headers,
            body: answered.body,
            shape: PhantomData,
        })
    }
}

impl<T: Serialize + ToSchema> Reply<Listed<T>> {
    /// A page of rows that were read one more than the page is long.
    pub fn page<R>(
        ask: &Ask,
        mut rows: Vec<R>,
        cursor: impl Fn(&R) -> Cursor,
        item: impl FnMut(R) -> T,
    ) -> Answer<Listed<T>> {
        let limit = usize::try_from(ask.query.limit()).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let last = rows.last().filter(|_| more).map(cursor);
        let next = last.map(|last| with_query(&ask.path, &ask.query.starting_after(&last)));
        let items: Vec<T> = rows.into_iter().map(item).collect();
        let mut reply = Self::ok(&Listed {
            items,
            next: next.clone(),
        })?;
        let link = next.map(|next| (header::LINK, format!("<{next}>; rel=\"next\"")));
        reply.headers.extend(link);
        Ok(reply)
    }

    /// A page of what was computed as a whole, in the order of ids.
    pub fn page_of_all<R>(
        ask: &Ask,
        mut all: Vec<R>,
        id: impl Fn(&R) -> i64,
        item: impl FnMut(R) -> T,
    ) -> Answer<Listed<T>> {
        all.sort_by_key(|row| id(row));
        let after = ask.query.after_id().unwrap_or(i64::MIN);
        all.retain(|row| id(row) > after);
        Self::page(ask, all, |row| Cursor::new("", id(row)), item)
    }
}

impl<T> Responder for Reply<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponseBuilder::new(self.status);
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        for (name, value) in self.headers {
            response.insert_header((name, value));
        }
        let media_type = match self.status.is_success() {
            true => "application/json",
            false => MEDIA_TYPE,
        };
        response.content_type(media_type).body(self.body)
    }
}
