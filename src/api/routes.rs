//! Every route with its scope, its right and the shapes of what it takes and answers: the doorman, the
//! document and the tests read the same table, and a handler of another shape does not compile.

use super::ask::Ask;
use super::metering::lines::Lines;
use super::post::Post;
use super::problem::Problem;
use super::query::Param;
use super::reply::Reply;
use super::schema::Shape;
use crate::domain::identity::access::Permission;
use crate::domain::identity::scope::Scope;
use actix_web::web::ServiceConfig;

/// What every handler answers.
pub type Answer<T> = Result<Reply<T>, Problem>;

pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// As actix matches it, below the root: `/racks/{id}`.
    pub path: &'static str,
    /// What the token must hold.
    pub scope: Scope,
    /// What the role of its holder must allow.
    pub right: Permission,
    /// One sentence for the document.
    pub about: &'static str,
    pub params: &'static [&'static [Param]],
    pub body: fn() -> Option<Shape>,
    /// What the body may be besides JSON of that shape.
    pub media: &'static [&'static str],
    /// Of success.
    pub status: u16,
    pub answer: fn() -> Shape,
}

impl Route {
    pub fn pattern(&self) -> String {
        format!("{}{}", super::ROOT, self.path)
    }

    pub fn params(&self) -> impl Iterator<Item = &'static Param> + Clone + use<> {
        self.params.iter().flat_map(|group| group.iter())
    }
}

/// Declares a wing's routes:
/// `get "/racks" SiteRead ViewSite "Racks." (&[PAGING]) => 200 Listed<Rack> = racks::list;`
/// `post "/things" ThingsWrite Reserve "Makes one." (NewThing) => 201 Thing = things::create;`
#[macro_export]
macro_rules! api {
    (@info get $path:literal $scope:ident $right:ident $about:literal ($params:expr) $status:literal $answer:ty) => {
        $crate::api::routes::Route {
            method: "GET",
            params: $params,
            body: || None,
            ..$crate::api!(@both $path $scope $right $about $status $answer)
        }
    };
    (@info post $path:literal $scope:ident $right:ident $about:literal ($body:ty) $status:literal $answer:ty) => {
        $crate::api::routes::Route {
            method: "POST",
            body: || Some($crate::api::schema::Shape::of::<$body>()),
            ..$crate::api!(@both $path $scope $right $about $status $answer)
        }
    };
    (@info lines $path:literal $scope:ident $right:ident $about:literal ($body:ty) $status:literal $answer:ty) => {
        $crate::api::routes::Route {
            media: $crate::api::metering::lines::MEDIA,
            ..$crate::api!(@info post $path $scope $right $about ($body) $status $answer)
        }
    };
    (@both $path:literal $scope:ident $right:ident $about:literal $status:literal $answer:ty) => {
        $crate::api::routes::Route {
            method: "",
            path: $path,
            scope: $crate::domain::identity::scope::Scope::$scope,
            right: $crate::domain::identity::access::Permission::$right,
            about: $about,
            params: &[],
            body: || None,
            media: &[],
            status: $status,
            answer: || $crate::api::schema::Shape::of::<$answer>(),
        }
    };
    (@handler get ($params:expr) $answer:ty, $handler:path) => {
        actix_web::web::get().to($crate::api::routes::reads::<$answer, _, _>($handler))
    };
    (@handler post ($body:ty) $answer:ty, $handler:path) => {
        actix_web::web::post().to($crate::api::routes::writes::<$body, $answer, _, _>($handler))
    };
    (@handler lines ($body:ty) $answer:ty, $handler:path) => {
        actix_web::web::post().to($crate::api::routes::sends::<$answer, _, _>($handler))
    };
    ($($method:ident $path:literal $scope:ident $right:ident $about:literal $takes:tt => $status:literal $answer:ty = $handler:path;)+) => {
        pub const ROUTES: &[$crate::api::routes::Route] = &[$(
            $crate::api!(@info $method $path $scope $right $about $takes $status $answer)
        ),+];

        pub fn configure(config: &mut actix_web::web::ServiceConfig) {
            $(config.route(
                concat!("/v1", $path),
                $crate::api!(@handler $method $takes $answer, $handler),
            );)+
        }
    };
}

/// Says that a handler answers what its row declares.
pub fn reads<T, F, Fut>(handler: F) -> impl Fn(Ask) -> Fut + Clone + 'static
where
    F: Fn(Ask) -> Fut + Clone + 'static,
    Fut: Future<Output = Answer<T>> + 'static,
{
    handler
}

/// The same with the body that it takes.
pub fn writes<B, T, F, Fut>(handler: F) -> impl Fn(Ask, Post<B>) -> Fut + Clone + 'static
where
    F: Fn(Ask, Post<B>) -> Fut + Clone + 'static,
    Fut: Future<Output = Answer<T>> + 'static,
{
    handler
}

/// The same with rows that come in several forms.
pub fn sends<T, F, Fut>(handler: F) -> impl Fn(Ask, Lines) -> Fut + Clone + 'static
where
    F: Fn(Ask, Lines) -> Fut + Clone + 'static,
    Fut: Future<Output = Answer<T>> + 'static,
{
    handler
}

pub type Wing = (&'static [Route], fn(&mut ServiceConfig));

/// The wings' tables.
pub fn all() -> impl Iterator<Item = &'static Route> {
    super::WINGS.iter().flat_map(|(routes, _)| routes.iter())
}

/// The routes of a pattern: none where it is not declared.
pub fn of_pattern(pattern: &str) -> Vec<&'static Route> {
    let path = pattern.strip_prefix(super::ROOT).unwrap_or_default();
    all().filter(|route| route.path == path).collect()
}
