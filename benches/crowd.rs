//! Sixteen clients fight for one feed for a minute, on a house of their own that is killed every few
//! seconds; then `check` runs and every booking is replayed.
//!   cargo bench --bench crowd                                  (SQLite in a temporary folder)
//!   DATABASE_URL=postgres://…/empty cargo bench --bench crowd  (an empty database)
//!   SECONDS=600 CLIENTS=32 cargo bench --bench crowd

// Shared with the tests, which use more of it.
#![allow(dead_code)]

#[path = "../tests/it/support/crowd.rs"]
mod crowd;
#[path = "../tests/it/support/process.rs"]
mod process;

use innkeeper::db::Db;
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_innkeeper");
/// Between two kills.
const LIFE_SECONDS: u64 = 4;
/// Sessions last half a day, and each life is 25 minutes later than the one before.
const LIVES: u64 = 28;

fn number(name: &str, otherwise: u64) -> u64 {
    let given = std::env::var(name).ok();
    given.map_or(otherwise, |text| text.parse().expect(name))
}

fn main() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let url = std::env::var("DATABASE_URL").unwrap_or_default();
    let file = dir.path().join("innkeeper.db").display().to_string();
    let database = if url.is_empty() { &file } else { &url };
    let data = process::Data {
        dir: dir.path().to_owned(),
        url: url.clone(),
    };
    let seconds = number("SECONDS", 60);
    let plan = crowd::Plan {
        clients: number("CLIENTS", 16) as usize,
        lasts: Duration::from_secs(seconds),
        lives: (seconds / LIFE_SECONDS).clamp(1, LIVES) as u32,
        seed: number("SEED", 16),
    };
    data.serve(PROGRAM, crowd::end(&plan)).ready();
    crowd::build(&Db::open(database, 2).expect("a database"));
    println!("{plan:?}");
    let told = crowd::fight(&data, PROGRAM, plan);
    let seen = crowd::replay(&Db::open(database, 2).expect("a database"), &told);
    println!(
        "told: {} held, {} refused, {} cancelled, {} assigned",
        told.held.len(),
        told.refused,
        told.cancelled.len(),
        told.assigned
    );
    println!("replayed: {seen:?}");
    let (fine, said) = data.check(PROGRAM, crowd::end(&plan));
    print!("check: {said}");
    assert!(fine, "check found something");
}
