//! Speed as ratios within one run: `cargo bench --bench capacity`, and with
//! `DATABASE_URL=postgres://…` (a server where databases may be made) on PostgreSQL too.
//! `-- availability`, `-- booking` or `-- pages` runs a part. Ends with an error where a limit is
//! passed. docs/PERFORMANCE.md says what was measured.

// Shared with the tests, which use more of it.
#[allow(dead_code)]
#[path = "../../tests/it/support/server.rs"]
mod server;

mod booking;
mod pages;
mod pure;
// Shared with the bench of metering, which uses other parts of it.
#[allow(dead_code)]
mod report;
mod rows;
mod site;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use innkeeper::db::Db;
use report::Report;

/// Racks and live bookings: two halls, twenty, two hundred.
const SIZES: [(usize, usize); 3] = [(200, 200), (2_000, 5_000), (20_000, 5_000)];
const CONNECTIONS: u32 = 20;

fn main() {
    let parts: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with('-'))
        .collect();
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|p| p == part);
    let mut report = Report::default();
    if wanted("availability") {
        pure::run(&mut report);
    }
    let mut databases = vec!["SQLite"];
    databases.extend(
        std::env::var("DATABASE_URL")
            .is_ok()
            .then_some("PostgreSQL"),
    );
    for name in databases {
        let mut before = None;
        for (racks, live) in SIZES {
            on_database(name, |url| {
                let db = Db::open(url, CONNECTIONS).expect("a database");
                db.migrate().expect("migrations");
                rows::fill(&db, racks, live);
                let name = format!("{name}, {racks} racks");
                if wanted("pages") {
                    let found = pages::run(&mut report, &db, url, &name);
                    // Two halls are no large site yet.
                    if let Some(before) = before.replace(found).filter(|_| racks > 2_000) {
                        pages::compare(&mut report, &name, &before, &found);
                    }
                }
                if wanted("booking") {
                    booking::run(&mut report, &db, &name);
                }
            });
        }
    }
    report.end();
}

fn on_database(name: &str, work: impl FnOnce(&str)) {
    if name == "SQLite" {
        let folder = tempfile::tempdir().expect("a folder");
        return work(&folder.path().join("bench.db").display().to_string());
    }
    let server = std::env::var("DATABASE_URL").expect("a PostgreSQL server");
    on_postgres(&server, work);
}

/// A database of the bench's own, gone afterwards.
fn on_postgres(server: &str, work: impl FnOnce(&str)) {
    let name = format!("innkeeper_bench_{}", std::process::id());
    let mut conn = PgConnection::establish(server).expect("a PostgreSQL server");
    let mut run = |sql: String| conn.batch_execute(&sql).expect("a database of its own");
    run(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    run(format!("CREATE DATABASE {name}"));
    let (base, _) = server.rsplit_once('/').expect("postgres://host/database");
    work(&format!("{base}/{name}"));
    run(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
}
