//! A month of half-hours to usage per lease and tariff zone, beside the database's `GROUP BY` over the
//! same rows; and the same again with years of history in the table.

use crate::hotel::{Hotel, Signed, at, day};
use crate::number;
use crate::report::Report;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use innkeeper::db::Db;
use innkeeper::domain::billing::plan::{DayTime, EnergyPrices, PlanVersion, PriceZone};
use innkeeper::domain::calendar::{Instant, Month, Zone};
use innkeeper::domain::ids::*;
use innkeeper::domain::money::Currency;
use innkeeper::services::metering::usage;
use std::time::{Duration, Instant as Watch};

const TWICE: f64 = 2.0;
/// "No slower", with room for what two runs differ by anyway.
const EQUAL: f64 = 1.1;
const METERS: i64 = 2_000;
const ON_A_LEASE: i64 = 10;
const HALF_HOUR: i64 = 1_800;

fn zones() -> Vec<PriceZone> {
    let zone = |name: &str, from: &str, to: &str, price: &str| PriceZone {
        name: name.into(),
        from: DayTime::parse(from).expect("a time"),
        to: DayTime::parse(to).expect("a time"),
        price: price.parse().expect("a price"),
    };
    vec![
        zone("night", "23:00", "07:00", "3.00"),
        zone("day", "07:00", "17:00", "5.00"),
        zone("peak", "17:00", "23:00", "7.00"),
    ]
}

/// Half-hours of every meter, written by the house's own hand: what comes in otherwise is the other
/// part's matter.
fn fill(db: &Db, meters: &[MeterId], from: Instant, count: i64) {
    crate::ingest::keep(db, meters, from, count);
}

#[derive(QueryableByName)]
struct Sum {
    #[diesel(sql_type = BigInt)]
    wh: i64,
}

fn group_by(db: &Db, leases: i64, zone: Zone, month: Month) -> (Duration, i64) {
    let span = zone.month_span(month);
    // The zone of a half-hour by the clock of Moscow, three hours ahead of the stored time.
    let query = format!(
        "SELECT CAST(SUM(wh) AS BIGINT) AS wh FROM readings WHERE start_at >= {} AND start_at < {} \
         GROUP BY meter_id % {leases}, CASE WHEN (start_at + 10800) % 86400 / 3600 < 7 THEN 0 \
         WHEN (start_at + 10800) % 86400 / 3600 < 17 THEN 1 WHEN (start_at + 10800) % 86400 / 3600 \
         < 23 THEN 2 ELSE 0 END",
        span.from.0, span.to.0
    );
    let begun = Watch::now();
    let rows: Vec<Sum> = db
        .read(|conn| Ok(diesel::sql_query(&query).load(conn)?))
        .expect("sums");
    (begun.elapsed(), rows.iter().map(|it| it.wh).sum())
}

fn settle(db: &Db, leases: &[LeaseId], month: Month, now: Instant) -> (Duration, i64) {
    let begun = Watch::now();
    let mut wh = 0;
    for lease in leases {
        wh += usage::recompute(db, *lease, month, now)
            .expect("a month")
            .wh
            .0;
    }
    (begun.elapsed(), wh)
}

fn best<T>(times: u32, mut work: impl FnMut() -> (Duration, T)) -> (Duration, T) {
    let mut all: Vec<(Duration, T)> = (0..times).map(|_| work()).collect();
    let at = (0..all.len()).min_by_key(|at| all[*at].0).unwrap_or(0);
    all.swap_remove(at)
}

pub fn run(report: &mut Report, db: &Db, name: &str) {
    let (meters, years) = (number("METERS", METERS), number("YEARS", 2));
    let hotel = Hotel::open(db, "Europe/Moscow");
    let zone = Zone::parse("Europe/Moscow").expect("a zone");
    let version = PlanVersion {
        effective_from: day("2010-01-01"),
        energy: EnergyPrices {
            zones: zones(),
            loss_factor: None,
        },
        capacity_per_kw_month: None,
        rack_per_month: None,
        take_or_pay: None,
        sla: vec![],
    };
    let plan = hotel.plan("P", Currency::Rub, &[version]);
    let tenant = hotel.tenant("T");
    let mut ids = vec![];
    let mut racks = vec![];
    for meter in 0..meters {
        let rack = hotel.rack(&format!("R{meter}"), 40);
        ids.push(hotel.meter(&format!("M{meter}"), Some(rack), None, "2010-01-01"));
        racks.push((rack, 40));
    }
    let leases: Vec<LeaseId> = racks
        .chunks(usize::try_from(ON_A_LEASE).expect("a number"))
        .map(|racks| {
            hotel.lease(&Signed {
                tenant,
                plan,
                start: "2010-01-01",
                end: None,
                contracted: &[("2010-01-01", 1_000_000)],
                racks,
                watts_each: 3_000,
            })
        })
        .collect();
    let month = Month::parse("2026-06").expect("a month");
    let span = zone.month_span(month);
    let now = at("2026-07-02T00:00:00+03:00");
    fill(db, &ids, span.from, span.seconds() / HALF_HOUR);
    let count = leases.len() as i64;
    let (plain, all) = best(3, || group_by(db, count, zone, month));
    let (took, wh) = best(3, || settle(db, &leases, month, now));
    assert_eq!(wh, all, "not a watt-hour is lost");
    report.ratio(
        &format!("{name}: a month of {meters} meters to GROUP BY"),
        took,
        plain,
        TWICE,
    );
    for year in 1..=years {
        let from = span.from.plus_seconds(-year * 365 * 24 * 3_600);
        fill(db, &ids, from, 360 * 48);
    }
    let (with_history, _) = best(3, || settle(db, &leases, month, now));
    report.ratio(
        &format!("{name}: with {years} years of history to without"),
        with_history,
        took,
        EQUAL,
    );
}
