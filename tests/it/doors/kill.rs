//! `kill -9` at a hundred random moments, fifty on each database: while the schema is made, while
//! readings come in, while a month is billed and paid. After each start what was acknowledged is there; at
//! the end the house is the same as one that was never killed.

use super::clerks::{BILLING, Back, Done, IMPORT, Outcome, Tenant, build, story};
use crate::support::process::Process;
use crate::support::{Kind, Lot};
use innkeeper::domain::calendar::Instant;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::collections::BTreeMap;
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_innkeeper");
/// Kills on one database, and how many of them hit the empty one.
const KILLS: usize = 50;
const KILLS_OF_EMPTY: usize = 8;
/// After so many the files come in undisturbed, so that the rest hits what follows.
const KILLS_OF_IMPORT: usize = 20;
const LEAST_OF_EACH: usize = 6;
/// Between two starts: longer than a dead process keeps its job.
const APART_SECONDS: i64 = 61;
/// A kill falls within this after a start has begun, or after it answers.
const START_MS: u64 = 120;
const WORK_MS: u64 = 300;
/// `check` runs after every so many kills.
const CHECK_EVERY: usize = 5;
/// 2 July 2026, noon in Moscow.
const BEGIN: Instant = Instant(1_782_982_800);
/// Repeats the moments of a run that failed.
const SEED: &str = "INNKEEPER_TEST_SEED";

#[test]
fn nothing_is_lost_or_doubled_on_sqlite() {
    on(Kind::Sqlite);
}

#[test]
fn nothing_is_lost_or_doubled_on_postgres() {
    on(Kind::Postgres);
}

#[test]
fn processes_that_start_side_by_side_make_one_house() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let Some(lot) = Lot::open(kind) else { continue };
        let mut starting: Vec<Process> = (0..3).map(|_| lot.data.serve(PROGRAM, BEGIN)).collect();
        for process in &mut starting {
            process.ready();
        }
        let (fine, said) = lot.data.check(PROGRAM, BEGIN);
        assert!(fine, "{kind:?}: {said}");
    }
}

fn on(kind: Kind) {
    let given = std::env::var(SEED).ok().and_then(|it| it.parse().ok());
    let seed: u64 = given.unwrap_or_else(|| rand::rng().random());
    let (Some(calm), Some(hunted)) = (Lot::open(kind), Lot::open(kind)) else {
        return;
    };
    let expected = undisturbed(&calm, seed);
    let mut hunt = Hunt {
        lot: hunted,
        rng: StdRng::seed_from_u64(seed),
        seed,
        lives: 0,
        kills: 0,
        hit: BTreeMap::new(),
    };
    let found = hunt.all();
    assert_eq!(hunt.kills, KILLS, "seed {seed}");
    for doing in ["start", IMPORT, BILLING] {
        assert!(
            hunt.hit(doing) >= LEAST_OF_EACH,
            "seed {seed}: {:?}",
            hunt.hit
        );
    }
    found.assert_same(&expected, seed);
}

/// The same work in a life without an end.
fn undisturbed(lot: &Lot, seed: u64) -> Outcome {
    let mut process = lot.data.serve(PROGRAM, BEGIN);
    process.ready();
    process.kill();
    build(&lot.db());
    let mut process = lot.data.serve(PROGRAM, BEGIN);
    let base = process.ready();
    let (mut back, mut tenant) = (Back::new(seed), Tenant::new(seed));
    back.sign_in(&base).expect("nobody kills it");
    tenant.sign_in(&base).expect("nobody kills it");
    back.work(&base, usize::MAX).expect("nobody kills it");
    tenant.work(&base, usize::MAX).expect("nobody kills it");
    back.rest(&base).expect("nobody kills it");
    process.kill();
    story(&lot.db())
}

struct Hunt {
    lot: Lot,
    rng: StdRng,
    seed: u64,
    lives: i64,
    kills: usize,
    /// What was being done when it was killed.
    hit: BTreeMap<&'static str, usize>,
}

impl Hunt {
    fn all(&mut self) -> Outcome {
        while self.kills < KILLS_OF_EMPTY {
            self.killed_at_start();
        }
        self.start().ready();
        build(&self.lot.db());
        let (mut back, mut tenant) = (Back::new(self.seed), Tenant::new(self.seed));
        // Before the hunt: a sign-in that is cut off counts as a failed one, and they are few.
        self.undisturbed(|base| {
            back.sign_in(base)?;
            tenant.sign_in(base)
        });
        let mut stalled = 0;
        while self.kills < KILLS {
            let before = back.steps_done();
            if self.hit(IMPORT) == KILLS_OF_IMPORT && back.doing() == IMPORT {
                self.undisturbed(|base| back.work_while(base, IMPORT));
            } else if self.rng.random_ratio(1, 8) {
                self.killed_at_start();
            } else {
                self.killed_at_work(&mut back, &mut tenant, stalled);
            }
            let moved = back.steps_done() > before;
            stalled = if moved { 0 } else { stalled + 1 };
            if self.kills.is_multiple_of(CHECK_EVERY) {
                self.check();
            }
        }
        self.undisturbed(|base| {
            back.work(base, usize::MAX)?;
            tenant.work(base, usize::MAX)?;
            back.rest(base)
        });
        self.check();
        story(&self.lot.db())
    }

    fn hit(&self, doing: &str) -> usize {
        self.hit.get(doing).copied().unwrap_or(0)
    }

    /// A life that is ended when its work is done.
    fn undisturbed(&mut self, work: impl FnOnce(&str) -> Done) {
        let mut process = self.start();
        let base = process.ready();
        work(&base).unwrap_or_else(|e| panic!("seed {}: {e}\n{}", self.seed, process.log()));
        process.kill();
    }

    fn now(&self) -> Instant {
        BEGIN.plus_seconds(self.lives * APART_SECONDS)
    }

    fn start(&mut self) -> Process {
        self.lives += 1;
        self.lot.data.serve(PROGRAM, self.now())
    }

    fn kill(&mut self, mut process: Process) {
        process.kill();
        self.kills += 1;
        let log = process.log();
        let (seed, kills) = (self.seed, self.kills);
        assert!(
            !log.contains("\"ERROR\""),
            "seed {seed}, kill {kills}: {log}"
        );
    }

    fn killed_at_start(&mut self) {
        let pause = self.rng.random_range(0..START_MS);
        let mut process = self.start();
        // Nobody asks it anything; it must not end by itself.
        process.base(Duration::from_millis(pause));
        self.kill(process);
        *self.hit.entry("start").or_default() += 1;
    }

    /// A life with people at work; without progress it becomes longer from time to time.
    fn killed_at_work(&mut self, back: &mut Back, tenant: &mut Tenant, stalled: u64) {
        let pause = self.rng.random_range(0..WORK_MS * (1 + stalled / 2));
        let mut process = self.start();
        let base = process.ready();
        *self.hit.entry(back.doing()).or_default() += 1;
        std::thread::scope(|scope| {
            // Cut off in the middle: that is the point.
            scope.spawn(|| back.work(&base, 1).is_ok());
            scope.spawn(|| tenant.work(&base, 1).is_ok());
            std::thread::sleep(Duration::from_millis(pause));
            self.kill(process);
        });
    }

    fn check(&self) {
        let (fine, said) = self.lot.data.check(PROGRAM, self.now());
        let (seed, kills) = (self.seed, self.kills);
        assert!(fine, "seed {seed}, after kill {kills}: {said}");
    }
}
