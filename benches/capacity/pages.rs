//! Pages over HTTP, each beside a page of the same bytes that reads one row: an ordinary page of the
//! house behind the same doors, so that what every signed-in page does is on both sides.

use crate::report::Report;
use crate::rows::{ANNEX, NOW, SITE};
use crate::server::{Server, Visitor};
use actix_web::web;
use askama::Template;
use innkeeper::app::App;
use innkeeper::clock::Clock;
use innkeeper::config::Config;
use innkeeper::db::Db;
use innkeeper::db::site::sites;
use innkeeper::domain::identity::access::{Actor, Role};
use innkeeper::services::identity::users::{self, NewUser};
use innkeeper::web::door::Visit;
use innkeeper::web::page::{Page, html};
use innkeeper::web::visit::Answer;
use innkeeper::web::{assets, server};
use std::sync::{Arc, LazyLock, RwLock};
use std::time::{Duration, Instant};

/// "Within three times".
const LIMIT: f64 = 3.0;
/// "Flat": with room for what two runs differ by anyway.
const FLAT: f64 = 1.3;
const ROUNDS: usize = 201;
const EMAIL: &str = "bench@example.org";
const PASSWORD: &str = "a long enough bench password";
/// Where the plain page stands in.
const PLAIN: &str = "/models";

pub type Found = [Duration; 4];

const NAMES: [&str; 4] = [
    "rack list",
    "rack",
    "floor of 200 racks",
    "single line of 400 nodes",
];

/// The median time of each page.
pub fn run(report: &mut Report, db: &Db, url: &str, name: &str) -> Found {
    let folder = tempfile::tempdir().expect("a folder");
    let app = App {
        db: db.clone(),
        clock: Clock::starting_at(NOW),
        config: Arc::new(Config {
            data_dir: folder.path().to_owned(),
            database_url: url.to_owned(),
            listen: "127.0.0.1:0".to_owned(),
            workers: 2,
            ..Config::default()
        }),
    };
    let new = NewUser {
        email: EMAIL.to_owned(),
        name: "Bench".to_owned(),
        role: Role::Administrator,
        tenant: None,
        locale: "en".to_owned(),
    };
    users::create(db, &Actor::HOUSE, NOW, &new, PASSWORD).expect("a user");
    let server = Server::start_with(&app, routes);
    // Files are packed in the background of a first start: not while something is measured.
    assets::packed();
    let visitor = server.signed_in(EMAIL, PASSWORD);
    let paths = [
        format!("/racks?site={SITE}"),
        "/racks/150".to_owned(),
        "/halls/1/floor".to_owned(),
        format!("/sites/{ANNEX}/power"),
    ];
    let mut found = Found::default();
    for ((path, label), found) in paths.iter().zip(NAMES).zip(&mut found) {
        let (first, bytes) = fetch(&visitor, path);
        fill(&visitor, bytes);
        let mut both: [Vec<Duration>; 2] = [vec![], vec![]];
        for _ in 0..ROUNDS {
            both[0].push(fetch(&visitor, path).0);
            both[1].push(fetch(&visitor, PLAIN).0);
        }
        let [page, bare] = both.map(median);
        report.note(
            &format!(
                "{name}: {label} of {} KB, asked for the first time",
                bytes / 1_024
            ),
            first,
        );
        report.ratio(
            &format!("{name}: {label} to its bytes with one row"),
            page,
            bare,
            LIMIT,
        );
        *found = page;
    }
    found
}

/// The same pages of a site ten times as large.
pub fn compare(report: &mut Report, name: &str, before: &Found, found: &Found) {
    for ((label, before), found) in NAMES.iter().zip(before).zip(found) {
        report.ratio(
            &format!("{name}: {label} to that of 2000"),
            *found,
            *before,
            FLAT,
        );
    }
}

fn median(mut all: Vec<Duration>) -> Duration {
    all.sort_unstable();
    all[all.len() / 2]
}

/// An ordinary page of this house that reads one row: the same doors, the same layout, a text.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% extends "layout.html" %}{% block content %}<section class="card"><p>{{ text }}</p></section>{% endblock %}"#
)]
struct Plain {
    page: Page,
    text: Arc<str>,
}

/// What it says, for as many bytes as the page at hand has.
static TEXT: LazyLock<RwLock<Arc<str>>> = LazyLock::new(|| RwLock::new("".into()));

async fn plain(visit: Visit) -> Answer {
    let site = visit.read(|conn| sites::get(conn, SITE)).await?;
    html(&Plain {
        page: visit.page("nav-sites").named(site.name),
        text: TEXT.read().expect("no panic").clone(),
    })
}

/// The house's own answers, but for one: an address that its table knows, so that its door asks
/// for the right that any page needs.
fn routes(config: &mut web::ServiceConfig) {
    config.route(PLAIN, web::get().to(plain));
    server::routes(config);
}

/// Makes the plain page as long as this one.
fn fill(visitor: &Visitor, bytes: usize) {
    let say = |text: String| *TEXT.write().expect("no panic") = text.into();
    say(String::new());
    let (_, empty) = fetch(visitor, PLAIN);
    say("a word ".chars().cycle().take(bytes - empty).collect());
    let (_, full) = fetch(visitor, PLAIN);
    assert_eq!(full, bytes, "as many bytes");
}

/// How long an answer took, and how many bytes it has.
fn fetch(visitor: &Visitor, path: &str) -> (Duration, usize) {
    let begun = Instant::now();
    let answer = visitor.get(path);
    assert_eq!(answer.status().as_u16(), 200, "{path}");
    let bytes = answer.bytes().expect("a body").len();
    (begun.elapsed(), bytes)
}
