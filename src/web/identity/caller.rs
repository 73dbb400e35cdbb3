//! Somebody at the door who need not be signed in.

use crate::app::App;
use crate::domain::calendar::Instant;
use crate::error::Result;
use crate::services::identity::address::address as network_address;
use crate::text;
use crate::web::door::Who;
use crate::web::page::{Page, Tone};
use crate::web::problem::Problem;
use crate::web::reader::{Reader, wants_json};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use std::future::{Ready, ready};

/// What the public pages know of a request.
pub struct Caller {
    pub app: App,
    pub reader: Reader,
    pub now: Instant,
    pub path: String,
    pub query: String,
    /// The network address that failed attempts are counted by.
    pub address: String,
    pub json: bool,
    pub signed_in: bool,
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(app) = request.app_data::<web::Data<App>>() else {
            return ready(Err(Problem::internal("the application is not there")));
        };
        ready(Ok(Self {
            now: app.now(),
            app: app.get_ref().clone(),
            reader: Reader::of(request),
            path: request.path().to_owned(),
            query: request.query_string().to_owned(),
            address: address(request, app.config.behind_proxy),
            json: wants_json(request),
            signed_in: request.extensions().contains::<Who>(),
        }))
    }
}

impl Caller {
    /// A page without navigation; `?done=…` says what the POST before it did.
    pub fn page(&self, title: &str) -> Page {
        let path = match self.query.is_empty() {
            true => self.path.clone(),
            false => format!("{}?{}", self.path, self.query),
        };
        let page = Page::new(self.reader, &path).titled(title);
        let done = self.parameter("done").map(|value| format!("done-{value}"));
        match done.filter(|key| text::has(self.reader.locale, key)) {
            Some(key) => {
                let said = page.t(&key);
                page.flash(Tone::Ok, said)
            }
            None => page,
        }
    }

    pub fn parameter(&self, name: &str) -> Option<String> {
        web::Query::<Vec<(String, String)>>::from_query(&self.query)
            .ok()?
            .into_inner()
            .into_iter()
            .find_map(|(key, value)| (key == name).then_some(value))
    }

    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&App) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.app.run(work).await
    }
}

/// The network address that a request comes from, as failures are counted.
pub fn address(request: &HttpRequest, behind_proxy: bool) -> String {
    let header = request.headers().get("x-forwarded-for");
    let forwarded = header.and_then(|line| line.to_str().ok());
    let peer = request.peer_addr().map(|peer| peer.ip());
    network_address(peer, forwarded, behind_proxy)
}
