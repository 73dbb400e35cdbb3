//! Readings in and usage out, as ratios within one run: `cargo bench --bench metering`, and with
//! `DATABASE_URL=postgres://…` (a server where databases may be made) on PostgreSQL too.
//! `-- ingest` or `-- month` runs a part; `ROWS=100000` and `METERS=200` make them smaller. Ends with
//! an error where a limit is passed. docs/PERFORMANCE.md says what was measured.

// Shared with the tests, which use more of it.
#[path = "../databases.rs"]
mod databases;
#[allow(dead_code)]
#[path = "../../tests/it/support/hotel.rs"]
mod hotel;
#[allow(dead_code)]
#[path = "../capacity/report.rs"]
mod report;

mod ingest;
mod memory;
mod month;

use databases::{names, on_database, wanted};
use innkeeper::db::Db;
use report::Report;

const CONNECTIONS: u32 = 8;

/// A number from the environment, to make a run smaller.
fn number(name: &str, otherwise: i64) -> i64 {
    let given = std::env::var(name).ok();
    given.map_or(otherwise, |text| text.parse().expect(name))
}

fn main() {
    let mut report = Report::default();
    for name in names() {
        if wanted("ingest") {
            on_house(name, |db| ingest::run(&mut report, db, name));
        }
        if wanted("month") {
            on_house(name, |db| month::run(&mut report, db, name));
        }
    }
    report.end();
}

/// An empty house of the bench's own, gone afterwards.
fn on_house(name: &str, work: impl FnOnce(&Db)) {
    on_database(name, |url| {
        let db = Db::open(url, CONNECTIONS).expect("a database");
        db.migrate().expect("migrations");
        work(&db);
    });
}
