//! Around every request: its id, the security headers, no writes from other origins, readable errors.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, web};
use rand::RngCore;

use super::door::is_api;
use super::problem::Problem;

const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'none'";
const PERMISSIONS_POLICY: &str = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";
const STRICT_TRANSPORT_SECURITY: &str = "max-age=31536000; includeSubDomains";
const REQUEST_ID: &str = "x-request-id";

/// What the guard is told by the configuration: `app_data(web::Data::new(GuardSettings { … }))`.
#[derive(Clone, Copy, Debug)]
pub struct GuardSettings {
    /// Readers reach the site over HTTPS.
    pub https: bool,
}

/// The id of a request: in the log, in the answer's `X-Request-Id` and on an error page.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Where a write says it comes from.
#[derive(Clone, Copy, Debug, Default)]
pub struct WriteOrigin<'a> {
    pub fetch_site: Option<&'a str>,
    pub origin: Option<&'a str>,
    pub host: Option<&'a str>,
}

impl<'a> WriteOrigin<'a> {
    fn of(headers: &'a HeaderMap) -> Self {
        let get = |name: HeaderName| {
            headers
                .get(name)
                .map(|value| value.to_str().unwrap_or("unreadable"))
        };
        Self {
            fetch_site: get(HeaderName::from_static("sec-fetch-site")),
            origin: get(header::ORIGIN),
            host: get(header::HOST),
        }
    }
}

/// Whether a request may go on. Browsers say where a write comes from: by `Sec-Fetch-Site` where they
/// trust the address, else by `Origin`; what says neither is no browser and carries no one's cookies.
pub fn may_proceed(method: &Method, from: WriteOrigin<'_>) -> bool {
    if [Method::GET, Method::HEAD, Method::OPTIONS].contains(method) {
        return true;
    }
    match (from.fetch_site, from.origin) {
        (Some(site), _) => site == "same-origin" || site == "none",
        (None, Some(origin)) => origin
            .split_once("://")
            .is_some_and(|(_, host)| Some(host) == from.host),
        (None, None) => true,
    }
}

/// `App::new().wrap(from_fn(guard::guard))`, inside the logger and outside everything else.
pub async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let id = id_of(&request);
    let https = request
        .app_data::<web::Data<GuardSettings>>()
        .is_some_and(|settings| settings.https);
    request.extensions_mut().insert(RequestId(id.clone()));
    // A browser adds no token by itself: nobody's rights ride along.
    let allowed =
        is_api(request.path()) || may_proceed(request.method(), WriteOrigin::of(request.headers()));
    let response = if allowed {
        next.call(request).await?.map_into_boxed_body()
    } else {
        tracing::warn!(
            path = request.path(),
            "a write from another origin is refused"
        );
        request.into_response(Problem::Forbidden.into_response())
    };
    let mut response = readable(response, &id);
    protect(response.headers_mut(), &id, https);
    Ok(response)
}

/// The logger's id where there is one, so that page and log agree.
fn id_of(request: &ServiceRequest) -> String {
    if let Some(id) = request.extensions().get::<tracing_actix_web::RequestId>() {
        return id.to_string();
    }
    let mut bytes = [0; 16];
    rand::rng().fill_bytes(&mut bytes);
    hex::encode(bytes)
}

/// Writes a problem out for its reader, also one that a library answered with a bare status.
fn readable(response: ServiceResponse, id: &str) -> ServiceResponse {
    let status = response.status();
    if status.as_u16() < StatusCode::BAD_REQUEST.as_u16() {
        return response;
    }
    let problem = response.response().extensions().get::<Problem>().cloned();
    let written = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|mime| {
            let mime = mime.to_str().unwrap_or_default();
            mime.starts_with("text/html") || mime.contains("json")
        });
    let problem = match problem {
        Some(problem) => problem,
        None if written => return response,
        None => Problem::of_status(status),
    };
    let (request, _) = response.into_parts();
    let written = problem.written(&request, id);
    ServiceResponse::new(request, written)
}

fn protect(headers: &mut HeaderMap, id: &str, https: bool) {
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::PERMISSIONS_POLICY, PERMISSIONS_POLICY),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if https {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static(STRICT_TRANSPORT_SECURITY),
        );
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(HeaderName::from_static(REQUEST_ID), id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::middleware::from_fn;
    use actix_web::{App, HttpResponse, test};

    #[::core::prelude::v1::test]
    fn writes_come_from_this_site_only() {
        let host = Some("inn.example:8080");
        for (method, fetch_site, origin, allowed) in [
            (
                Method::GET,
                Some("cross-site"),
                Some("https://evil.example"),
                true,
            ),
            (Method::HEAD, Some("cross-site"), None, true),
            (
                Method::POST,
                Some("same-origin"),
                Some("https://inn.example:8080"),
                true,
            ),
            (Method::POST, Some("none"), None, true),
            (
                Method::POST,
                Some("same-site"),
                Some("https://inn.example:8080"),
                false,
            ),
            (Method::POST, Some("cross-site"), None, false),
            (Method::POST, None, Some("http://inn.example:8080"), true),
            (Method::POST, None, Some("http://inn.example"), false),
            (Method::POST, None, Some("http://evil.example"), false),
            (Method::POST, None, Some("null"), false),
            (Method::POST, None, Some("unreadable"), false),
            (Method::POST, None, None, true),
            (Method::DELETE, Some("cross-site"), None, false),
            (Method::PUT, None, Some("http://evil.example"), false),
        ] {
            let from = WriteOrigin {
                fetch_site,
                origin,
                host,
            };
            assert_eq!(may_proceed(&method, from), allowed, "{method} {from:?}");
        }
    }

    #[actix_web::test]
    async fn answers_are_protected_and_errors_readable() {
        let app = App::new()
            .app_data(web::Data::new(GuardSettings { https: true }))
            .wrap(from_fn(guard))
            .route("/", web::get().to(HttpResponse::Ok))
            .route("/", web::post().to(HttpResponse::Ok))
            .route(
                "/broken",
                web::get()
                    .to(|| async { Err::<HttpResponse, _>(Problem::internal("disk on fire")) }),
            );
        let app = test::init_service(app).await;
        let response = test::call_service(&app, test::TestRequest::get().to_request()).await;
        assert_eq!(response.status(), StatusCode::OK);
        for name in [
            "content-security-policy",
            "x-request-id",
            "strict-transport-security",
            "permissions-policy",
        ] {
            assert!(response.headers().contains_key(name), "{name}");
        }
        let foreign = test::TestRequest::post().insert_header(("Sec-Fetch-Site", "cross-site"));
        assert_eq!(
            test::call_service(&app, foreign.to_request())
                .await
                .status(),
            StatusCode::FORBIDDEN
        );
        for (path, status) in [
            ("/broken", StatusCode::INTERNAL_SERVER_ERROR),
            ("/nowhere", StatusCode::NOT_FOUND),
        ] {
            let response =
                test::call_service(&app, test::TestRequest::with_uri(path).to_request()).await;
            assert_eq!(response.status(), status);
            let body = test::read_body(response).await;
            let page = String::from_utf8_lossy(&body);
            assert!(page.contains("<html") && !page.contains("fire"), "{page}");
        }
    }
}
