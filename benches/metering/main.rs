//! Readings in and usage out, as ratios within one run: `cargo bench --bench metering`, and with
//! `DATABASE_URL=postgres://…` (a server where databases may be made) on PostgreSQL too.
//! `-- ingest` or `-- month` runs a part; `ROWS=100000` and `METERS=200` make them smaller. Ends with
//! an error where a limit is passed. docs/PERFORMANCE.md says what was measured.

// Shared with the tests, which use more of it.
#[allow(dead_code)]
#[path = "../../tests/it/support/hotel.rs"]
mod hotel;
#[allow(dead_code)]
#[path = "../capacity/report.rs"]
mod report;

mod ingest;
mod memory;
mod month;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use innkeeper::db::Db;
use report::Report;

const CONNECTIONS: u32 = 8;

/// A number from the environment, to make a run smaller.
fn number(name: &str, otherwise: i64) -> i64 {
    let given = std::env::var(name).ok();
    given.map_or(otherwise, |text| text.parse().expect(name))
}

fn main() {
    let parts: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with('-'))
        .collect();
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|p| p == part);
    let mut report = Report::default();
    let mut databases = vec!["SQLite"];
    databases.extend(
        std::env::var("DATABASE_URL")
            .is_ok()
            .then_some("PostgreSQL"),
    );
    for name in databases {
        if wanted("ingest") {
            on_database(name, |db| ingest::run(&mut report, db, name));
        }
        if wanted("month") {
            on_database(name, |db| month::run(&mut report, db, name));
        }
    }
    report.end();
}

/// An empty house of the bench's own, gone afterwards.
fn on_database(name: &str, work: impl FnOnce(&Db)) {
    let open = |url: &str| {
        let db = Db::open(url, CONNECTIONS).expect("a database");
        db.migrate().expect("migrations");
        work(&db);
    };
    if name == "SQLite" {
        let folder = tempfile::tempdir().expect("a folder");
        return open(&folder.path().join("bench.db").display().to_string());
    }
    let server = std::env::var("DATABASE_URL").expect("a PostgreSQL server");
    let own = format!("innkeeper_bench_{}", std::process::id());
    let mut conn = PgConnection::establish(&server).expect("a PostgreSQL server");
    conn.batch_execute(&format!("DROP DATABASE IF EXISTS {own}"))
        .and_then(|()| conn.batch_execute(&format!("CREATE DATABASE {own}")))
        .expect("a database of its own");
    let (base, _) = server.rsplit_once('/').expect("postgres://server/database");
    open(&format!("{base}/{own}"));
    conn.batch_execute(&format!("DROP DATABASE {own} WITH (FORCE)"))
        .expect("its database to be gone");
}
