//! Pages over HTTP, each beside an answer of the same bytes that reads one row.

use crate::report::Report;
use crate::rows::{ANNEX, NOW, SITE};
use crate::server::Server;
use actix_web::{App as Actix, HttpResponse, HttpServer, web};
use innkeeper::app::App;
use innkeeper::clock::Clock;
use innkeeper::config::Config;
use innkeeper::db::Db;
use innkeeper::db::site::sites;
use innkeeper::domain::identity::access::{Actor, Role};
use innkeeper::services::identity::users::{self, NewUser};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// "Within three times".
const LIMIT: f64 = 3.0;
/// "Flat": with room for what two runs differ by anyway.
const FLAT: f64 = 1.3;
const ROUNDS: usize = 41;
const EMAIL: &str = "bench@example.org";
const PASSWORD: &str = "a long enough bench password";

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
    let server = Server::start(&app);
    let visitor = server.signed_in(EMAIL, PASSWORD);
    let plain = Plain::start(db);
    let paths = [
        format!("/racks?site={SITE}"),
        "/racks/150".to_owned(),
        "/halls/1/floor".to_owned(),
        format!("/sites/{ANNEX}/power"),
    ];
    let mut found = Found::default();
    for ((path, label), found) in paths.iter().zip(NAMES).zip(&mut found) {
        let fetch = || {
            let begun = Instant::now();
            let answer = visitor.get(path);
            assert_eq!(answer.status().as_u16(), 200, "{path}");
            let bytes = answer.bytes().expect("a body").to_vec();
            (begun.elapsed(), bytes)
        };
        let (first, body) = fetch();
        plain.holds(body);
        let mut both: [Vec<Duration>; 2] = [vec![], vec![]];
        for _ in 0..ROUNDS {
            both[0].push(fetch().0);
            both[1].push(plain.fetch());
        }
        let [page, bare] = both.map(median);
        report.note(&format!("{name}: {label}, asked for the first time"), first);
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

/// A server that reads one row and answers with the bytes that it was given.
struct Plain {
    body: Arc<Mutex<Vec<u8>>>,
    address: String,
    client: reqwest::blocking::Client,
}

impl Plain {
    fn start(db: &Db) -> Self {
        let body: Arc<Mutex<Vec<u8>>> = Arc::default();
        let state = (db.clone(), body.clone());
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = HttpServer::new(move || {
                    Actix::new()
                        .app_data(web::Data::new(state.clone()))
                        .route("/", web::get().to(answer))
                })
                .workers(2)
                .bind("127.0.0.1:0")
                .expect("a port");
                tell.send(server.addrs()[0]).expect("somebody waits");
                server.run().await.expect("the server ends well");
            });
        });
        let address = format!("http://{}/", told.recv().expect("the server started"));
        Self {
            body,
            address,
            client: reqwest::blocking::Client::new(),
        }
    }

    fn holds(&self, body: Vec<u8>) {
        *self.body.lock().expect("no panic") = body;
    }

    fn fetch(&self) -> Duration {
        let begun = Instant::now();
        let answer = self.client.get(&self.address).send().expect("an answer");
        let bytes = answer.bytes().expect("a body");
        assert!(!bytes.is_empty());
        begun.elapsed()
    }
}

async fn answer(state: web::Data<(Db, Arc<Mutex<Vec<u8>>>)>) -> HttpResponse {
    let (db, body) = (state.0.clone(), state.1.clone());
    let read = web::block(move || db.read(|conn| sites::get(conn, SITE)));
    read.await.expect("a thread").expect("a row");
    let body = body.lock().expect("no panic").clone();
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .body(body)
}
