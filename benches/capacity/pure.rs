//! Availability alone: no database.

use crate::report::Report;
use crate::site::{bookings, demand, first_day, site};
use chrono::{Days, Months, NaiveDate};
use innkeeper::domain::calendar::Window;
use innkeeper::domain::leasing::place::{Booking, Limits, Site, Standing, verify};
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_millis(20);
/// Ten times as much may take this many times as long.
const TENFOLD: f64 = 13.0;

/// The whole question, from the site and its bookings on; the best of five.
fn availability(site: &Site, bookings: &[Booking]) -> Duration {
    let window = Window {
        from: first_day(),
        to: Some(first_day() + Months::new(12)),
    };
    let request = demand(20, 3_500, window);
    let starts: Vec<NaiveDate> = (0..52)
        .map(|week| first_day() + Days::new(7 * week))
        .collect();
    let once = || {
        let begun = Instant::now();
        let standing = Standing::new(site, bookings);
        let found = standing.availability(&request, &starts, &Limits::default());
        assert!(found.len() == 52 && found.iter().all(|found| found.units >= 20));
        begun.elapsed()
    };
    (0..5).map(|_| once()).min().unwrap_or_default()
}

pub fn run(report: &mut Report) {
    let (small, large) = (site(2_000), site(20_000));
    let (few, many) = (bookings(2_000, 500), bookings(2_000, 5_000));
    assert_eq!(verify(&small, &many), [], "the bench oversells nothing");
    let base = availability(&small, &many);
    report.within(
        "availability, 52 weeks, 2 000 racks, 5 000 bookings",
        base,
        LIMIT,
    );
    let fewer = availability(&small, &few);
    report.ratio("… of 5 000 bookings to 500", base, fewer, TENFOLD);
    // Second feeds that cross the first ones: a flow for each start.
    let mut crossed = small.clone();
    let feeds = crossed.racks.last().map_or(0, |rack| rack.feeds.0);
    for (at, rack) in crossed
        .racks
        .iter_mut()
        .enumerate()
        .filter(|(at, _)| at % 4 == 0)
    {
        rack.feeds.1 = Some(feeds - at / 4 % 300);
    }
    report.note(
        "… where one rack in four has a second feed that crosses",
        availability(&crossed, &few),
    );
    let wide = availability(&large, &bookings(20_000, 5_000));
    report.ratio("… of 20 000 racks to 2 000", wide, base, TENFOLD);
    let more = availability(&large, &bookings(20_000, 50_000));
    report.ratio(
        "… of 50 000 bookings to 5 000 (20 000 racks)",
        more,
        wide,
        TENFOLD,
    );
}
