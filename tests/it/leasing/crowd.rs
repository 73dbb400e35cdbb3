//! Sixteen clients at one feed, with killed processes, broken connections and holds that run out.

use crate::support::crowd::{Plan, build, end, fight, replay};
use crate::support::{Kind, Lot};
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_innkeeper");

#[test]
fn a_crowd_never_oversells_on_sqlite() {
    on(Kind::Sqlite);
}

#[test]
fn a_crowd_never_oversells_on_postgres() {
    on(Kind::Postgres);
}

fn on(kind: Kind) {
    let Some(lot) = Lot::open(kind) else { return };
    let plan = Plan {
        clients: 16,
        lasts: Duration::from_secs(5),
        lives: 6,
        seed: 16,
    };
    lot.data.serve(PROGRAM, end(&plan)).ready();
    build(&lot.db());
    let told = fight(&lot.data, PROGRAM, plan);
    let seen = replay(&lot.db(), &told);
    assert!(
        seen.reserved > 20 && seen.ran_out > 0,
        "a fight: {seen:?}, {told:?}"
    );
    let (fine, said) = lot.data.check(PROGRAM, end(&plan));
    assert!(fine, "{said}");
}
