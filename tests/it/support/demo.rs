//! The demo hotel for tests: loaded once on SQLite and copied, as loading it takes a while.

use super::{House, Kind, NOW};
use innkeeper::demo;
use innkeeper::services::billing::vat;
use innkeeper::services::seed;
use std::sync::OnceLock;

/// Of the demo's own sign-ins.
pub const PASSWORD: &str = "a-long-enough-word";
/// Of everybody else there.
pub const HIDDEN: &str = "another-long-word";

/// The demo as of `NOW`; `None` where that database is not there and need not be.
pub fn house(kind: Kind) -> Option<House> {
    match kind {
        Kind::Sqlite => Some(House::with_file(file())),
        Kind::Postgres => House::open(kind).inspect(load),
    }
}

fn load(house: &House) {
    let app = house.app(NOW);
    seed::ensure(&app.db).unwrap();
    vat::seed(&app.db).unwrap();
    demo::load(&app, PASSWORD, HIDDEN).unwrap();
}

/// The whole database as a file: complete once nobody has it open.
fn file() -> &'static [u8] {
    static FILE: OnceLock<Vec<u8>> = OnceLock::new();
    FILE.get_or_init(|| {
        let house = House::open(Kind::Sqlite).expect("SQLite is always there");
        load(&house);
        let House { db, dir, .. } = house;
        drop(db);
        assert!(!dir.path().join("innkeeper.db-wal").exists(), "still open");
        std::fs::read(dir.path().join("innkeeper.db")).expect("a database")
    })
}
