//! **spread**: energy over a longer time becomes the site's half-hours.

use super::Interval;
use super::settle::split;
use crate::domain::calendar::{Instant, Span, Zone};
use crate::domain::units::WattHours;
use chrono::Days;

/// A site's usage is kept by half-hours of its own clock.
pub const HALF_HOUR: i64 = 1_800;

/// The half-hours of `span`, counted from local midnight, cut at its ends, each with its part of
/// `wh` by seconds (largest remainder): the parts add up to it exactly.
///
/// Several of them are marked estimated if a boundary (of a tariff zone, a plan's version, a month)
/// lies strictly inside the span: how much was used on which side is not known. A span without
/// length has no parts.
pub fn spread(span: Span, wh: WattHours, zone: Zone, boundaries: &[Instant]) -> Vec<Interval> {
    let cells = cells(span, HALF_HOUR, zone);
    let crosses = boundaries.iter().any(|at| span.from < *at && *at < span.to);
    let estimated = crosses && cells.len() > 1;
    let weights: Vec<i64> = cells.iter().map(|cell| cell.seconds()).collect();
    let whole = WattHours(wh.0.saturating_abs());
    let parts = split(whole, &weights);
    let sign = wh.0.signum();
    cells
        .iter()
        .zip(parts)
        .map(|(cell, part)| Interval {
            start: cell.from,
            seconds: cell.seconds(),
            wh: WattHours(sign * part.0),
            estimated,
        })
        .collect()
}

/// `span` cut every `step` seconds of each local day, counted from its first instant.
pub fn cells(span: Span, step: i64, zone: Zone) -> Vec<Span> {
    let mut cells = vec![];
    if step <= 0 || span.from >= span.to {
        return cells;
    }
    let mut day = zone.date(span.from);
    let mut midnight = zone.start_of(day);
    // Where a zone skips midnight by odd seconds, a date begins within its first minute.
    while midnight > span.from {
        day = day - Days::new(1);
        midnight = zone.start_of(day);
    }
    let mut from = span.from;
    while from < span.to {
        let next = zone.start_of(day + Days::new(1));
        while from < next.min(span.to) {
            let passed = (from.0 - midnight.0) / step;
            let end = midnight.plus_seconds((passed + 1) * step);
            let to = end.min(next).min(span.to);
            cells.push(Span { from, to });
            from = to;
        }
        day = day + Days::new(1);
        midnight = next;
    }
    cells
}

/// Where the half-hour of the site begins that holds an instant.
pub fn cell_start(at: Instant, zone: Zone) -> Instant {
    let midnight = zone.start_of(zone.date(at));
    midnight.plus_seconds((at.0 - midnight.0) / HALF_HOUR * HALF_HOUR)
}

/// Parts that touch within one cell of the grid are one: what two steps share of a half-hour.
/// `parts` by start, ascending.
pub fn join(parts: impl IntoIterator<Item = Interval>, zone: Zone) -> Vec<Interval> {
    let mut joined: Vec<Interval> = vec![];
    for part in parts {
        let inside = cell_start(part.start, zone) < part.start;
        match joined.last_mut() {
            Some(last) if inside && last.end() == part.start => {
                last.seconds += part.seconds;
                last.wh += part.wh;
                last.estimated |= part.estimated;
            }
            _ => joined.push(part),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Instant {
        Instant(
            chrono::DateTime::parse_from_rfc3339(text)
                .unwrap()
                .timestamp(),
        )
    }

    fn span(from: &str, to: &str) -> Span {
        Span {
            from: at(from),
            to: at(to),
        }
    }

    fn zone(name: &str) -> Zone {
        Zone::parse(name).unwrap()
    }

    fn parts(intervals: &[Interval]) -> Vec<(i64, i64)> {
        intervals.iter().map(|it| (it.seconds, it.wh.0)).collect()
    }

    #[test]
    fn parts_are_half_hours_of_the_local_clock_and_cut_at_the_ends() {
        let kathmandu = zone("Asia/Kathmandu");
        let span = span("2026-06-01T00:10:00+05:45", "2026-06-01T01:15:00+05:45");
        let found = spread(span, WattHours(100), kathmandu, &[]);
        // 100 × 20/65 = 30.77, × 30/65 = 46.15, × 15/65 = 23.08: the largest remainder is the first.
        assert_eq!(parts(&found), [(1_200, 31), (1_800, 46), (900, 23)]);
        assert_eq!(found[1].start, at("2026-06-01T00:30:00+05:45"));
        assert!(found.iter().all(|it| !it.estimated));
    }

    #[test]
    fn days_are_as_long_as_their_zone_makes_them() {
        for (name, from, to, half_hours) in [
            (
                "Europe/Berlin",
                "2026-03-29T00:00:00+01:00",
                "2026-03-30T00:00:00+02:00",
                46,
            ),
            (
                "Europe/Berlin",
                "2026-10-25T00:00:00+02:00",
                "2026-10-26T00:00:00+01:00",
                50,
            ),
            (
                "Australia/Lord_Howe",
                "2026-04-05T00:00:00+11:00",
                "2026-04-06T00:00:00+10:30",
                49,
            ),
            (
                "Asia/Beirut",
                "2026-03-29T01:00:00+03:00",
                "2026-03-30T00:00:00+03:00",
                46,
            ),
        ] {
            let found = spread(span(from, to), WattHours(480), zone(name), &[]);
            assert_eq!(found.len(), half_hours, "{name} {from}");
            assert!(
                found.iter().all(|it| it.seconds == HALF_HOUR),
                "{name} {from}"
            );
        }
    }

    #[test]
    fn a_boundary_strictly_inside_makes_all_parts_estimates() {
        let moscow = zone("Europe/Moscow");
        let night = span("2026-06-30T23:00:00+03:00", "2026-07-01T01:00:00+03:00");
        let month = at("2026-07-01T00:00:00+03:00");
        let estimated = |span, at| {
            let found = spread(span, WattHours(7), moscow, &[at]);
            found.iter().filter(|it| it.estimated).count()
        };
        assert_eq!(estimated(night, month), 4);
        assert_eq!(estimated(night, night.from), 0);
        assert_eq!(estimated(night, night.to), 0);
        // One half-hour is what a meter measured, whatever is inside.
        let short = span("2026-06-30T23:00:00+03:00", "2026-06-30T23:30:00+03:00");
        assert_eq!(estimated(short, short.from.plus_seconds(60)), 0);
    }

    #[test]
    fn what_has_no_length_has_no_parts() {
        let now = at("2026-06-30T23:00:00+03:00");
        let none = Span { from: now, to: now };
        assert_eq!(spread(none, WattHours(7), zone("Europe/Moscow"), &[]), []);
        assert_eq!(
            cells(
                span("2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z"),
                0,
                zone("UTC")
            ),
            []
        );
    }

    proptest! {
        #[test]
        fn parts_add_up_and_follow_each_other(
            from in 0_i64..2_000_000_000,
            seconds in 1_i64..400_000,
            wh in -1_000_000_i64..1_000_000_000,
            name in proptest::sample::select(vec![
                "Europe/Moscow", "Asia/Kathmandu", "Europe/Berlin", "America/St_Johns",
                "Australia/Lord_Howe", "Pacific/Apia", "Asia/Beirut", "Africa/Monrovia",
            ]),
        ) {
            let span = Span { from: Instant(from), to: Instant(from + seconds) };
            let found = spread(span, WattHours(wh), zone(name), &[]);
            prop_assert_eq!(found.iter().map(|it| it.wh).sum::<WattHours>(), WattHours(wh));
            prop_assert_eq!(found.first().map(|it| it.start), Some(span.from));
            prop_assert_eq!(found.last().map(|it| it.end()), Some(span.to));
            prop_assert!(found.windows(2).all(|it| it[0].end() == it[1].start));
            prop_assert!(found.iter().all(|it| 0 < it.seconds && it.seconds <= HALF_HOUR));
            prop_assert!(found.iter().all(|it| it.wh.0.signum() * wh.signum() >= 0));
        }
    }
}
