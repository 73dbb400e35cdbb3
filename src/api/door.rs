//! The doorman of programs: a token in, never a cookie; its scope and its holder's right for the route;
//! parameters that the route knows. Whatever fails on the way is answered as a problem.

use super::ask::Ask;
use super::check::FieldProblem;
use super::problem::{MEDIA_TYPE, Problem};
use super::query::Query;
use super::routes::{self, Route};
use super::{DOCUMENT, document};
use crate::app::App;
use crate::services::identity::address::address;
use crate::services::identity::api_tokens::{Holder, Knock, knock};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse, ResponseError, web};

const KEY: &str = "idempotency-key";
const LONGEST_KEY: usize = 200;

/// Inside the scope `/api`.
pub fn configure(config: &mut web::ServiceConfig) {
    config.route(
        DOCUMENT.trim_start_matches("/api"),
        web::get().to(document::serve),
    );
    for (_, configure) in super::WINGS {
        configure(config);
    }
}

/// Around every route below `/api`: the browser's doorman hands over to this one.
pub async fn admit(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if let Err(problem) = pass(&request).await {
        return Ok(request.into_response(problem.error_response()));
    }
    let response = next.call(request).await?.map_into_boxed_body();
    Ok(readable(response))
}

async fn pass(request: &ServiceRequest) -> Result<(), Problem> {
    let pattern = request.match_pattern().unwrap_or_default();
    if pattern == DOCUMENT {
        return match *request.method() {
            Method::GET => Ok(()),
            _ => Err(Problem::method("GET")),
        };
    }
    let known = routes::of_pattern(&pattern);
    if known.is_empty() {
        return Err(Problem::not_found());
    }
    let route = known
        .iter()
        .find(|route| route.method == request.method().as_str());
    let Some(route) = route else {
        let allow: Vec<&str> = known.iter().map(|route| route.method).collect();
        return Err(Problem::method(&allow.join(", ")));
    };
    let app = request
        .app_data::<web::Data<App>>()
        .ok_or_else(|| Problem::internal("the application is not there"))?
        .get_ref()
        .clone();
    let holder = holder(request, &app).await?;
    allowed(route, &holder)?;
    let query = Query::parse(request.query_string(), route.params()).map_err(Problem::malformed)?;
    let key = match route.method {
        "POST" => key(request)?,
        _ => String::new(),
    };
    let ask = Ask::new(
        app.clone(),
        holder,
        app.now(),
        query,
        request.request(),
        key,
    );
    request.extensions_mut().insert(ask);
    Ok(())
}

/// Who holds the token of this request.
async fn holder(request: &ServiceRequest, app: &App) -> Result<Holder, Problem> {
    let header = request.headers().get(header::AUTHORIZATION);
    let line = header
        .and_then(|line| line.to_str().ok())
        .unwrap_or_default();
    let secret = match line.split_once(' ') {
        Some((scheme, secret)) if scheme.eq_ignore_ascii_case("bearer") => secret.trim().to_owned(),
        _ => {
            let detail = "Send the header Authorization: Bearer ink_…";
            return Err(Problem::unauthorized(detail));
        }
    };
    let forwarded = request.headers().get("x-forwarded-for");
    let forwarded = forwarded.and_then(|line| line.to_str().ok());
    let peer = request.peer_addr().map(|peer| peer.ip());
    let address = address(peer, forwarded, app.config.behind_proxy);
    let now = app.now();
    let knocked = app
        .run(move |app| knock(&app.db, now, &secret, &address))
        .await;
    match knocked.map_err(Problem::internal)? {
        Knock::Opened(holder) => Ok(holder),
        Knock::Wrong => Err(Problem::unauthorized(
            "The token is unknown, expired or revoked.",
        )),
        Knock::Wait(seconds) => Err(Problem::wait(seconds)),
    }
}

/// A token never allows more than its holder's role.
fn allowed(route: &Route, holder: &Holder) -> Result<(), Problem> {
    if !holder.scopes.contains(route.scope) {
        let detail = format!("The token lacks the scope {}.", route.scope);
        return Err(Problem::forbidden(detail));
    }
    match holder.actor.may(route.right) {
        true => Ok(()),
        false => Err(Problem::forbidden("The holder's role does not allow this.")),
    }
}

fn key(request: &ServiceRequest) -> Result<String, Problem> {
    let header = request.headers().get(KEY);
    let key = header.and_then(|key| key.to_str().ok()).unwrap_or_default();
    let plain = key.bytes().all(|byte| byte.is_ascii_graphic());
    match key.len() {
        1..=LONGEST_KEY if plain => Ok(key.to_owned()),
        _ => Err(Problem::malformed(vec![FieldProblem::new(
            "Idempotency-Key",
            format!(
                "is required: 1 to {LONGEST_KEY} plain characters without a space, new for each new wish"
            ),
        )])),
    }
}

/// Also what a library answered with a bare status.
fn readable(response: ServiceResponse) -> ServiceResponse {
    let status = response.status();
    let written = response.headers().get(header::CONTENT_TYPE);
    let written = written.is_some_and(|mime| mime.as_bytes().starts_with(MEDIA_TYPE.as_bytes()));
    if status.is_success() || status.is_informational() || written {
        return response;
    }
    let (request, _) = response.into_parts();
    ServiceResponse::new(
        request,
        HttpResponse::from_error(Problem::of_status(status)),
    )
}
