//! Speed as ratios within one run: `cargo bench --bench capacity`, and with
//! `DATABASE_URL=postgres://…` (a server where databases may be made) on PostgreSQL too.
//! `-- availability`, `-- booking` or `-- pages` runs a part. Ends with an error where a limit is
//! passed. docs/PERFORMANCE.md says what was measured.

// Shared with the tests, which use more of it.
#[allow(dead_code)]
#[path = "../../tests/it/support/server.rs"]
mod server;

mod booking;
#[path = "../databases.rs"]
mod databases;
mod pages;
mod pure;
// Shared with the bench of metering, which uses other parts of it.
#[allow(dead_code)]
mod report;
mod rows;
mod site;

use databases::{names, on_database, wanted};
use innkeeper::db::Db;
use report::Report;

/// Racks and live bookings: two halls, twenty, two hundred.
const SIZES: [(usize, usize); 3] = [(200, 200), (2_000, 5_000), (20_000, 5_000)];
const CONNECTIONS: u32 = 20;

fn main() {
    let mut report = Report::default();
    if wanted("availability") {
        pure::run(&mut report);
    }
    for name in names() {
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
