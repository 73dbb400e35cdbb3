use super::*;
use crate::domain::calendar::Instant;
use proptest::collection::vec;
use proptest::prelude::*;

fn at(text: &str) -> Instant {
    Instant(
        chrono::DateTime::parse_from_rfc3339(text)
            .unwrap()
            .timestamp(),
    )
}

fn zone(name: &str) -> Zone {
    Zone::parse(name).unwrap()
}

/// Half-hours from an instant on; `None` is a gap.
fn half_hours(from: Instant, values: impl IntoIterator<Item = Option<i64>>) -> Vec<Interval> {
    let interval = |(index, wh): (i64, Option<i64>)| {
        Some(Interval {
            start: from.plus_seconds(index * 1_800),
            seconds: 1_800,
            wh: WattHours(wh?),
            estimated: false,
        })
    };
    (0..).zip(values).filter_map(interval).collect()
}

fn span(from: Instant, half_hours: i64) -> Span {
    Span {
        from,
        to: from.plus_seconds(half_hours * 1_800),
    }
}

fn energy(proposal: &Proposal) -> Vec<i64> {
    proposal.intervals.iter().map(|it| it.wh.0).collect()
}

#[test]
fn a_short_gap_is_a_straight_line() {
    let from = at("2026-06-03T10:00:00+03:00");
    let moscow = zone("Europe/Moscow");
    let known = half_hours(from, [Some(100), None, None, None, Some(201)]);
    let gap = span(from.plus_seconds(1_800), 3);
    let found = propose(gap, 1_800, &known, moscow).unwrap();
    assert_eq!(found.method, Method::Interpolated);
    // 100 + 101 × 1/4, 2/4, 3/4 = 125.25, 150.5, 175.75.
    assert_eq!(energy(&found), [125, 151, 176]);
    assert!(found.intervals.iter().all(|it| it.estimated));
    // Neighbours of other lengths by their power: 200 W at 9:45 and 400 W at 12:30.
    let hour = Interval {
        start: gap.to,
        seconds: 3_600,
        wh: WattHours(400),
        estimated: false,
    };
    let found = propose(gap, 1_800, &[known[0], hour], moscow).unwrap();
    // The middles are 10:15 and 12:30: 135 minutes. At 10:45, 11:15, 11:45: 30, 60, 90 of them.
    assert_eq!(energy(&found), [122, 144, 167]);
}

#[test]
fn a_line_needs_both_measured_neighbours() {
    let from = at("2026-06-03T10:00:00+03:00");
    let moscow = zone("Europe/Moscow");
    let known = half_hours(from, [Some(100), None, Some(300)]);
    let gap = span(from.plus_seconds(1_800), 1);
    assert!(propose(gap, 1_800, &known, moscow).is_some());
    for spoil in [
        |it: &mut Interval| it.estimated = true,
        |it: &mut Interval| it.wh = WattHours(-1),
        |it: &mut Interval| it.seconds = 900,
    ] {
        let mut known = known.clone();
        spoil(&mut known[0]);
        assert_eq!(propose(gap, 1_800, &known, moscow), None);
    }
    assert_eq!(propose(gap, 1_800, &known[1..], moscow), None);
    assert_eq!(propose(gap, 0, &known, moscow), None);
}

#[test]
fn a_long_gap_is_the_mean_of_the_same_time_on_like_days() {
    let moscow = zone("Europe/Moscow");
    // From Monday the first, each day another value; on the 12th, a Friday, a gap of three hours.
    let from = at("2026-06-01T00:00:00+03:00");
    let values = (0..20 * 48).map(|index| {
        let (day, half_hour) = (index / 48 + 1, index % 48);
        let gap = day == 12 && (20..26).contains(&half_hour);
        (!gap).then_some(day * 10 + i64::from(half_hour == 20))
    });
    let known = half_hours(from, values);
    let gap = span(at("2026-06-12T10:00:00+03:00"), 6);
    let found = propose(gap, 1_800, &known, moscow).unwrap();
    assert_eq!(found.method, Method::LikeDays);
    // The workdays before are the 11th, 10th, 9th and 8th: (110 + 100 + 90 + 80) / 4 = 95.
    assert_eq!(energy(&found), [96, 95, 95, 95, 95, 95]);
    // Without them the next four after: the 15th to the 18th.
    let start = at("2026-06-12T00:00:00+03:00");
    let later: Vec<_> = known
        .iter()
        .filter(|it| it.start >= start)
        .copied()
        .collect();
    let found = propose(gap, 1_800, &later, moscow).unwrap();
    assert_eq!(energy(&found)[1..], [165; 5]);
    // One day before, the 11th, and three after: (110 + 150 + 160 + 170) / 4 = 147.5.
    let start = at("2026-06-11T00:00:00+03:00");
    let both: Vec<_> = known
        .iter()
        .filter(|it| it.start >= start)
        .copied()
        .collect();
    let found = propose(gap, 1_800, &both, moscow).unwrap();
    assert_eq!(energy(&found)[1..], [148; 5]);
}

#[test]
fn saturdays_are_like_saturdays_and_one_is_not_enough() {
    let moscow = zone("Europe/Moscow");
    let from = at("2026-06-01T00:00:00+03:00");
    let gap = span(at("2026-06-20T10:00:00+03:00"), 6);
    let known = |days: &[i64]| {
        let values = (0..19 * 48).map(|index| {
            let day = index / 48 + 1;
            days.contains(&day).then_some(day * 10)
        });
        half_hours(from, values)
    };
    let days: Vec<_> = (1..=19).collect();
    // The 6th and the 13th.
    let found = propose(gap, 1_800, &known(&days), moscow).unwrap();
    assert_eq!(energy(&found), [95; 6]);
    assert_eq!(
        propose(gap, 1_800, &known(&[7, 12, 13, 14, 19]), moscow),
        None
    );
}

#[test]
fn a_day_counts_only_where_it_is_measured_in_full() {
    let moscow = zone("Europe/Moscow");
    let from = at("2026-06-01T00:00:00+03:00");
    let gap = span(at("2026-06-05T10:00:00+03:00"), 5);
    let mut known = half_hours(from, (0..4 * 48).map(|index| Some(10 * (index / 48 + 1))));
    // On the 4th at 11:00 there is an estimate: there the 1st to 3rd say 20, elsewhere 25.
    known[3 * 48 + 22].estimated = true;
    let found = propose(gap, 1_800, &known, moscow).unwrap();
    assert_eq!(energy(&found), [25, 25, 20, 25, 25]);
    // Intervals of an hour cover half-hours by their seconds.
    let hours: Vec<_> = (0..4 * 24)
        .map(|hour| Interval {
            start: from.plus_seconds(hour * 3_600),
            seconds: 3_600,
            wh: WattHours(201),
            estimated: false,
        })
        .collect();
    let found = propose(gap, 1_800, &hours, moscow).unwrap();
    assert_eq!(energy(&found), [101; 5]);
}

#[test]
fn the_same_local_time_survives_the_clock() {
    // The clock goes back on Sunday, 2026-10-25; a Wednesday after it looks at workdays before.
    let berlin = zone("Europe/Berlin");
    let values = |date: &str, offset: &str| {
        let from = at(&format!("{date}T00:00:00{offset}"));
        half_hours(from, (0..48).map(|half_hour| Some(half_hour * 10)))
    };
    let mut known = values("2026-10-22", "+02:00");
    known.extend(values("2026-10-23", "+02:00"));
    let gap = span(at("2026-10-28T10:00:00+01:00"), 6);
    let found = propose(gap, 1_800, &known, berlin).unwrap();
    assert_eq!(energy(&found), [200, 210, 220, 230, 240, 250]);
    // On the short Sunday there is no 2:30; on the long one it comes twice.
    let mut known = values("2026-03-15", "+01:00");
    known.extend(values("2026-03-22", "+01:00"));
    let gap = span(at("2026-03-29T00:00:00+01:00"), 6);
    let found = propose(gap, 1_800, &known, berlin).unwrap();
    assert_eq!(energy(&found), [0, 10, 20, 30, 60, 70]);
    let mut known = values("2026-10-11", "+02:00");
    known.extend(values("2026-10-18", "+02:00"));
    let gap = span(at("2026-10-25T01:00:00+02:00"), 6);
    let found = propose(gap, 1_800, &known, berlin).unwrap();
    assert_eq!(energy(&found), [20, 30, 40, 50, 40, 50]);
}

#[test]
fn a_gap_of_weeks_looks_at_the_days_around_it() {
    let moscow = zone("Europe/Moscow");
    let from = at("2026-06-01T00:00:00+03:00");
    let known = half_hours(from, (0..14 * 48).map(|_| Some(70)));
    let gap = span(from.plus_seconds(14 * 86_400), 60 * 48);
    let found = propose(gap, 1_800, &known, moscow).unwrap();
    assert_eq!(energy(&found), vec![70; 60 * 48]);
}

proptest! {
    #[test]
    fn proposals_fill_the_gap_with_what_lies_between(
        values in vec(proptest::option::weighted(0.8, 0_i64..100_000), 48 * 16),
        at in 48_i64 * 8..48 * 12,
        length in 1_i64..60,
        zone in proptest::sample::select(vec!["Europe/Berlin", "Asia/Kathmandu", "America/New_York"]),
    ) {
        let zone = Zone::parse(zone).unwrap();
        // Over the weeks of the clocks' changes in spring.
        let from = zone.start_of("2026-03-16".parse().unwrap());
        let gap = span(from.plus_seconds(at * 1_800), length);
        let mut known = half_hours(from, values);
        known.retain(|it| it.span().intersect(gap).is_none());
        if let Some(found) = propose(gap, 1_800, &known, zone) {
            let most = known.iter().map(|it| it.wh).max();
            prop_assert_eq!(found.intervals.first().map(|it| it.start), Some(gap.from));
            prop_assert_eq!(found.intervals.last().map(|it| it.end()), Some(gap.to));
            prop_assert!(found.intervals.windows(2).all(|it| it[0].end() == it[1].start));
            prop_assert!(found.intervals.iter().all(|it| it.estimated && it.wh >= WattHours::ZERO));
            prop_assert!(found.intervals.iter().all(|it| Some(it.wh) <= most));
            prop_assert_eq!(found.method == Method::Interpolated, length <= 4
                && known.iter().any(|it| it.end() == gap.from)
                && known.iter().any(|it| it.start == gap.to));
        }
    }
}
