//! Somebody at the door who need not be signed in.

use crate::app::App;
use crate::domain::calendar::Instant;
use crate::error::Result;
use crate::text;
use crate::web::door::Who;
use crate::web::page::{Page, Tone};
use crate::web::problem::Problem;
use crate::web::reader::{Reader, wants_json};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use std::future::{Ready, ready};
use std::net::IpAddr;

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

/// Only what the proxy itself added is believed: the last address of the line.
pub fn address(request: &HttpRequest, behind_proxy: bool) -> String {
    let forwarded = || {
        let line = request.headers().get("x-forwarded-for")?.to_str().ok()?;
        line.rsplit(',').next()?.trim().parse::<IpAddr>().ok()
    };
    let peer = || request.peer_addr().map(|peer| peer.ip());
    let ip = match behind_proxy {
        true => forwarded().or_else(peer),
        false => peer(),
    };
    ip.map_or_else(|| "unknown".to_owned(), network)
}

/// Who has one IPv6 address has its whole /64.
fn network(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn a_forged_line_is_not_believed() {
        let request = TestRequest::default()
            .peer_addr("10.0.0.9:999".parse().unwrap())
            .insert_header(("X-Forwarded-For", "6.6.6.6, 192.0.2.7"))
            .to_http_request();
        assert_eq!(address(&request, false), "10.0.0.9");
        assert_eq!(address(&request, true), "192.0.2.7");
    }

    #[test]
    fn ipv6_counts_by_network() {
        assert_eq!(
            network("2001:db8:1:2:3::4".parse().unwrap()),
            "2001:db8:1:2::/64"
        );
        assert_eq!(network("::ffff:192.0.2.7".parse().unwrap()), "192.0.2.7");
    }
}
