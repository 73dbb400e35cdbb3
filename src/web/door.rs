//! The doorman: who is it, may they pass, and what does every handler get in hand.

use super::problem::Problem;
use super::reader::{Reader, wants_json};
use super::routes::{self, Access};
use crate::api;
use crate::app::App;
use crate::db::Conn;
use crate::db::identity::{tenants, users};
use crate::db::site::sites;
use crate::domain::calendar::Zone;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::UserId;
use crate::error::Result;
use actix_session::SessionExt;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest, HttpResponse, web};
use diesel::OptionalExtension;
use std::future::{Ready, ready};

/// Keys of the session: the user, and the epoch that ends all sessions of a user at once.
pub const SESSION_USER: &str = "user";
pub const SESSION_EPOCH: &str = "epoch";
/// When it was opened, and when it was last prolonged.
pub const SESSION_SINCE: &str = "since";
const SESSION_SEEN: &str = "seen";

/// However busy, a session ends after this.
const LONGEST_SECONDS: i64 = 30 * 24 * 3_600;
/// Prolonging writes a row: not at every click.
const PROLONG_SECONDS: i64 = 10 * 60;

/// The signed-in user of a request.
#[derive(Clone, Debug)]
pub struct Who {
    pub actor: Actor,
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub tenant_name: Option<String>,
    /// The house's first site: its name and zone stand in the header.
    pub site: Option<(String, Zone)>,
}

impl Who {
    pub fn may(&self, permission: Permission) -> bool {
        self.actor.may(permission)
    }

    /// For a link: whether this reader may open that address.
    pub fn may_open(&self, pattern: &str) -> bool {
        match routes::access("GET", pattern) {
            Some(Access::Public) => true,
            Some(Access::Needs(permission)) => self.may(permission),
            None => false,
        }
    }
}

impl FromRequest for Who {
    type Error = Problem;
    type Future = Ready<std::result::Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(
            request
                .extensions()
                .get::<Who>()
                .cloned()
                .ok_or(Problem::Forbidden),
        )
    }
}

/// Around every route: an address that no table declares, or that this user may not open, ends here.
pub async fn admit(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse<BoxBody>, Error> {
    if is_api(request.path()) {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let pattern = request.match_pattern().unwrap_or_default();
    let Some(access) = routes::access(request.method().as_str(), &pattern) else {
        let problem = routes::allowed(&pattern).map_or(Problem::NotFound, Problem::Method);
        return Ok(request.into_response(problem.into_response()));
    };
    let who = match signed_in(&request).await {
        Ok(who) => who,
        Err(error) => return Ok(request.into_response(Problem::internal(error).into_response())),
    };
    let allowed = match access {
        Access::Public => true,
        Access::Needs(permission) => match &who {
            Some(who) => who.may(permission),
            None => return Ok(to_sign_in(request)),
        },
    };
    if !allowed {
        return Ok(request.into_response(Problem::Forbidden.into_response()));
    }
    if let Some(who) = who {
        if access != Access::Public {
            prolong(&request);
        }
        request.extensions_mut().insert(who);
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// What the door of programs answers: it knows no sessions, only tokens.
pub fn is_api(path: &str) -> bool {
    (path == "/api" || path.starts_with("/api/")) && path != api::DOCS
}

/// A reader of pages is led to sign in and back; a program is told that it must.
fn to_sign_in(request: ServiceRequest) -> ServiceResponse<BoxBody> {
    let response = if wants_json(request.request()) {
        HttpResponse::Unauthorized()
            .content_type("application/problem+json")
            .json(serde_json::json!({"title": "sign in first", "status": 401}))
    } else {
        let path = request.uri().path_and_query().map_or("/", |p| p.as_str());
        let target = match *request.method() {
            Method::GET if path != "/" => {
                super::list::with_query("/sign-in", &[("back", path.to_owned())])
            }
            _ => "/sign-in".to_owned(),
        };
        HttpResponse::SeeOther()
            .insert_header((header::LOCATION, target))
            .finish()
    };
    request.into_response(response)
}

async fn signed_in(request: &ServiceRequest) -> Result<Option<Who>> {
    let session = request.get_session();
    let known = |key| session.get::<i64>(key).ok().flatten();
    let (Some(user), Some(epoch), Some(since)) = (
        known(SESSION_USER),
        known(SESSION_EPOCH),
        known(SESSION_SINCE),
    ) else {
        return Ok(None);
    };
    let Some(app) = request.app_data::<web::Data<App>>() else {
        return Ok(None);
    };
    let who = match app.now().0 - since < LONGEST_SECONDS {
        true => {
            app.read(move |conn| load(conn, UserId(user), epoch))
                .await?
        }
        false => None,
    };
    if who.is_none() {
        session.purge();
    }
    Ok(who)
}

/// A session lasts from the last click on; a change of its state starts its time anew.
fn prolong(request: &ServiceRequest) {
    let session = request.get_session();
    let Some(now) = request.app_data::<web::Data<App>>().map(|app| app.now().0) else {
        return;
    };
    let seen = [SESSION_SEEN, SESSION_SINCE]
        .iter()
        .find_map(|key| session.get::<i64>(key).ok().flatten());
    if seen.is_none_or(|seen| now - seen >= PROLONG_SECONDS)
        && let Err(error) = session.insert(SESSION_SEEN, now)
    {
        tracing::warn!(%error, "a session was not prolonged");
    }
}

/// The user behind a session; none once deactivated or signed out everywhere.
fn load(conn: &mut Conn, id: UserId, epoch: i64) -> Result<Option<Who>> {
    let user = match users::get(conn, id) {
        Ok(user) => user,
        Err(crate::error::Error::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    if !user.active || user.session_epoch != epoch {
        return Ok(None);
    }
    let tenant_name = match user.tenant_id {
        Some(tenant) => Some(tenants::get(conn, tenant)?.name),
        None => None,
    };
    let site = sites::first(conn)
        .optional()?
        .map(|site| (site.name.clone(), site.zone()));
    let actor = Actor {
        user: Some(user.id),
        role: user.role,
        tenant: user.tenant_id,
    };
    Ok(Some(Who {
        actor,
        id: user.id,
        name: user.name,
        email: user.email,
        tenant_name,
        site,
    }))
}

/// What a handler of a page gets: the reader, the moment, and the way to the house.
#[derive(Clone)]
pub struct Visit {
    pub app: App,
    pub who: Who,
    pub reader: Reader,
    /// Taken once: everything that this request does happens at this instant.
    pub now: crate::domain::calendar::Instant,
    pub path: String,
    pub query: String,
    pub json: bool,
}

impl FromRequest for Visit {
    type Error = Problem;
    type Future = Ready<std::result::Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let who = request.extensions().get::<Who>().cloned();
        let visit = match (who, request.app_data::<web::Data<App>>()) {
            (Some(who), Some(app)) => Ok(Self {
                now: app.now(),
                app: app.get_ref().clone(),
                who,
                reader: Reader::of(request),
                path: request.path().to_owned(),
                query: request.query_string().to_owned(),
                json: wants_json(request),
            }),
            _ => Err(Problem::Forbidden),
        };
        ready(visit)
    }
}
