//! Every route with the right it needs, in one place per wing: the doorman reads this table, and a
//! test tries each row as every role. A path that is not declared does not exist.

use crate::domain::identity::access::Permission;
use actix_web::web::ServiceConfig;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Who may pass a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody, signed in or not.
    Public,
    Needs(Permission),
}

#[derive(Clone, Copy, Debug)]
pub struct RouteInfo {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// As actix matches it: `/racks/{id}`.
    pub path: &'static str,
    pub access: Access,
}

/// Declares a wing's routes: `routes! { get "/racks" ViewSite => racks::list; … }`.
/// `Public` in place of a right lets everybody pass.
#[macro_export]
macro_rules! routes {
    (@access Public) => { $crate::web::routes::Access::Public };
    (@access $right:ident) => {
        $crate::web::routes::Access::Needs($crate::domain::identity::access::Permission::$right)
    };
    // Who asks for the head alone is answered like who asks for the page; the server leaves the body out.
    (@route get) => {
        actix_web::web::route().guard(
            actix_web::guard::Any(actix_web::guard::Get()).or(actix_web::guard::Head()),
        )
    };
    (@route post) => { actix_web::web::post() };
    (@method get) => { "GET" };
    (@method post) => { "POST" };
    ($($method:ident $path:literal $right:ident => $handler:path;)+) => {
        pub const ROUTES: &[$crate::web::routes::RouteInfo] = &[$(
            $crate::web::routes::RouteInfo {
                method: $crate::routes!(@method $method),
                path: $path,
                access: $crate::routes!(@access $right),
            }
        ),+];

        pub fn configure(config: &mut actix_web::web::ServiceConfig) {
            $(config.route($path, $crate::routes!(@route $method).to($handler));)+
        }
    };
}

/// The wings' tables.
pub fn all() -> impl Iterator<Item = &'static RouteInfo> {
    super::WINGS.iter().flat_map(|(routes, _)| routes.iter())
}

pub type Wing = (&'static [RouteInfo], fn(&mut ServiceConfig));

/// By path, what each method asks for: asked for every request and every link of its navigation.
static ACCESS: LazyLock<HashMap<&str, Vec<&RouteInfo>>> = LazyLock::new(|| {
    let mut by_path: HashMap<&str, Vec<&RouteInfo>> = HashMap::new();
    for route in all() {
        by_path.entry(route.path).or_default().push(route);
    }
    by_path
});

/// What a route asks for; `None` where it is not declared.
pub fn access(method: &str, pattern: &str) -> Option<Access> {
    let method = if method == "HEAD" { "GET" } else { method };
    let routes = ACCESS.get(pattern)?;
    let route = routes.iter().find(|route| route.method == method)?;
    Some(route.access)
}

/// The methods that an address knows, as the header `Allow` says them; `None` where there is no such address.
pub fn allowed(pattern: &str) -> Option<&'static str> {
    match (access("GET", pattern), access("POST", pattern)) {
        (Some(_), Some(_)) => Some("GET, HEAD, POST"),
        (Some(_), None) => Some("GET, HEAD"),
        (None, Some(_)) => Some("POST"),
        (None, None) => None,
    }
}

/// The right that a route needs, for a link that should only show where it leads somewhere.
pub fn right(method: &str, pattern: &str) -> Option<Permission> {
    match access(method, pattern)? {
        Access::Public => None,
        Access::Needs(permission) => Some(permission),
    }
}
