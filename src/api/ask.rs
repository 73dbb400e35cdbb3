//! What a handler gets: who asks, at which moment, what for, and the way to the house.

use super::post::Given;
use super::problem::Problem;
use super::query::Query;
use super::reply::Reply;
use super::routes::Answer;
use crate::app::App;
use crate::db::{Chain, Conn, Db};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::Actor;
use crate::error::{Error, Result};
use crate::services::idempotency::{self, Answered, Asked, Outcome};
use crate::services::identity::api_tokens::Holder;
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use serde::Serialize;
use std::future::{Ready, ready};

#[derive(Clone)]
pub struct Ask {
    pub app: App,
    pub holder: Holder,
    /// Taken once: everything that this request does happens at this instant.
    pub now: Instant,
    pub query: Query,
    pub path: String,
    /// Of a POST.
    pub key: String,
    id: Option<i64>,
}

/// What a use case came to: an answer that is kept for its key.
pub enum Done<T> {
    Made { location: String, value: T },
    Changed(T),
    Refused(Box<Problem>),
}

impl Ask {
    pub fn new(
        app: App,
        holder: Holder,
        now: Instant,
        query: Query,
        request: &HttpRequest,
        key: String,
    ) -> Self {
        Self {
            app,
            holder,
            now,
            query,
            path: request.path().to_owned(),
            key,
            id: None,
        }
    }

    pub fn actor(&self) -> Actor {
        self.holder.actor
    }

    /// The number in the address; what is none is not there.
    pub fn id(&self) -> std::result::Result<i64, Problem> {
        self.id.ok_or_else(Problem::not_found)
    }

    /// Reads one consistent snapshot, off the threads that answer requests.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    ) -> std::result::Result<T, Problem> {
        let read = self.app.run(move |app| app.db.read(work)).await;
        read.map_err(Problem::from)
    }

    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&App) -> Result<T> + Send + 'static,
    ) -> std::result::Result<T, Problem> {
        self.app.run(work).await.map_err(Problem::from)
    }

    /// Does the work of a POST once for its key. `chain`: in whose line it writes.
    pub async fn once<T: Serialize + 'static>(
        &self,
        given: &Given,
        chain: impl FnOnce(&mut Conn) -> Result<Chain> + Send + 'static,
        work: impl Fn(&Db) -> Result<Done<T>> + Send + 'static,
    ) -> Answer<T> {
        let asked = Asked::new(&self.holder, &self.key, &self.path, &given.0);
        let now = self.now;
        let outcome = self
            .run(move |app| {
                if let Some(before) = idempotency::kept(&app.db, now, &asked)? {
                    return Ok(before);
                }
                let chain = chain(&mut *app.db.get()?)?;
                idempotency::once(&app.db, now, chain, &asked, |db| answered(work(db)?))
            })
            .await?;
        match outcome {
            Outcome::First(answer) => Reply::kept(answer, false),
            Outcome::Again(answer) => Reply::kept(answer, true),
            Outcome::Otherwise => Err(Problem::key_reused()),
        }
    }
}

fn answered<T: Serialize>(done: Done<T>) -> Result<Answered> {
    let text = |value: &T| serde_json::to_string(value).map_err(anyhow::Error::from);
    Ok(match done {
        Done::Made { location, value } => Answered {
            status: StatusCode::CREATED.as_u16(),
            location: Some(location),
            body: text(&value)?,
        },
        Done::Changed(value) => Answered {
            status: StatusCode::OK.as_u16(),
            location: None,
            body: text(&value)?,
        },
        Done::Refused(problem) => Answered {
            status: problem.status.as_u16(),
            location: None,
            body: serde_json::to_string(&problem.body())
                .map_err(|error| Error::Internal(error.into()))?,
        },
    })
}

impl FromRequest for Ask {
    type Error = Problem;
    type Future = Ready<std::result::Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let ask = request.extensions().get::<Ask>().cloned();
        let id = request.match_info().get("id");
        // `+7` and `007` would be other addresses of the same thing.
        let id = id.and_then(|text| text.parse::<i64>().ok().filter(|id| id.to_string() == text));
        ready(match ask {
            Some(ask) => Ok(Self { id, ..ask }),
            None => Err(Problem::internal("a handler was reached past the door")),
        })
    }
}
