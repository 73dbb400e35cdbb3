//! Bookings that fit, beside bare transactions of as many row writes; one client and sixteen.

use crate::report::Report;
use crate::rows::{NOW, SITE, reservation};
use crate::site::{TENANTS, first_day};
use chrono::{Days, Months};
use diesel::Connection;
use innkeeper::db::leasing::reservations::{self, Allocation, Reservation};
use innkeeper::db::trail::{TrailRow, append};
use innkeeper::db::{Conn, Db};
use innkeeper::domain::calendar::Window;
use innkeeper::domain::identity::access::Actor;
use innkeeper::domain::ids::*;
use innkeeper::domain::leasing::state::ReservationState;
use innkeeper::domain::site::{CoolingKind, Supply, Workload};
use innkeeper::domain::units::Watts;
use innkeeper::error::Error;
use innkeeper::services::check::check;
use innkeeper::services::leasing::answer::Answer;
use innkeeper::services::leasing::availability::heat;
use innkeeper::services::leasing::reserve::{IfRefused, Wish, reserve};
use std::time::{Duration, Instant};

/// A booking reads, decides and seals besides: twice the time of its writes.
const TWICE: f64 = 2.0;
/// "Not slower", with room for what two runs differ by anyway.
const EQUAL: f64 = 1.1;
const CLIENTS: u32 = 16;
const ROUNDS: u32 = 160;

fn wish(number: u32) -> Wish {
    Wish {
        tenant: TenantId(1 + i64::from(number) % TENANTS as i64),
        site: SITE,
        hall: None,
        model: None,
        model_name: "Antminer S21".into(),
        workload: Workload::Mining,
        cooling: CoolingKind::Air,
        supply: Supply::Single,
        units: 3,
        watts_each: Watts(3_500),
        window: Window {
            from: first_day() + Days::new(7 * u64::from(number % 104)),
            to: Some(first_day() + Days::new(7 * u64::from(number % 104)) + Months::new(6)),
        },
    }
}

/// A wish that fits.
fn book(db: &Db, number: u32) -> ReservationId {
    match reserve(db, &Actor::HOUSE, NOW, &wish(number), IfRefused::Forget) {
        Ok(Answer::Accepted(id)) => id,
        other => panic!("a booking that fits: {other:?}"),
    }
}

/// The same rows in a plain transaction on a connection of the same durability.
fn bare(conn: &mut Conn, seq: i64, places: &[Allocation]) {
    let row = Reservation {
        state: ReservationState::Cancelled,
        ..reservation()
    };
    let written = conn.transaction::<_, Error, _>(|conn| {
        let reservation_id = reservations::insert(conn, &row)?;
        let places: Vec<Allocation> = places
            .iter()
            .map(|place| Allocation {
                reservation_id,
                ..place.clone()
            })
            .collect();
        reservations::insert_allocations(conn, &places)?;
        append(conn, &trail_row(seq))
    });
    written.expect("a bare transaction");
}

fn trail_row(seq: i64) -> TrailRow {
    let state = serde_json::to_string(&reservation()).expect("JSON");
    TrailRow {
        chain: 1_000_000,
        seq,
        at: NOW,
        user_id: None,
        action: "reserve".into(),
        noun: "bench".into(),
        noun_id: seq,
        before_state: String::new(),
        after_state: state,
        previous_hash: "0".repeat(64),
        hash: "0".repeat(64),
    }
}

fn each(rounds: u32, begun: Instant) -> Duration {
    begun.elapsed() / rounds
}

pub fn run(report: &mut Report, db: &Db, name: &str) {
    let begun = Instant::now();
    let first = book(db, 0);
    report.note(
        &format!("{name}: first booking, with loading the site"),
        begun.elapsed(),
    );
    let begun = Instant::now();
    heat(db, &Actor::HOUSE, NOW, &wish(0), 52).expect("a heat map");
    report.note(
        &format!("{name}: 52 weeks of every hall, site at hand"),
        begun.elapsed(),
    );

    let conn = &mut *db.get().expect("a connection");
    let places = reservations::allocations_of(conn, first).expect("its places");
    let mut best = [Duration::MAX; 3];
    for turn in 0..3_u32 {
        let begun = Instant::now();
        for round in 0..ROUNDS {
            bare(conn, i64::from(turn * ROUNDS + round) + 1, &places);
        }
        best[0] = best[0].min(each(ROUNDS, begun));
        let begun = Instant::now();
        for round in 0..ROUNDS {
            book(db, round);
        }
        best[1] = best[1].min(each(ROUNDS, begun));
        let begun = Instant::now();
        std::thread::scope(|scope| {
            for client in 0..CLIENTS {
                let own = (0..ROUNDS / CLIENTS).map(move |round| client + CLIENTS * round);
                scope.spawn(move || {
                    for number in own {
                        book(db, number);
                    }
                });
            }
        });
        best[2] = best[2].min(each(ROUNDS, begun));
    }
    let [plain, one, sixteen] = best;
    report.note(&format!("{name}: a bare transaction"), plain);
    report.ratio(
        &format!("{name}: a booking to a bare transaction"),
        one,
        plain,
        TWICE,
    );
    report.ratio(
        &format!("{name}: sixteen clients to one"),
        sixteen,
        one,
        EQUAL,
    );
    // The bench's own rows left no trail; what it booked must hold.
    let broken = check(db, NOW).expect("a check");
    let oversold = broken
        .iter()
        .filter(|broken| broken.promise == "never oversold")
        .count();
    assert_eq!(oversold, 0, "nothing is oversold");
}
