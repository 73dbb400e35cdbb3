use super::*;
use crate::domain::calendar::Instant;
use proptest::collection::vec;
use proptest::prelude::*;

fn half_hours(values: &[i64]) -> Vec<Interval> {
    let interval = |(index, wh): (i64, &i64)| Interval {
        start: Instant(index * 1_800),
        seconds: 1_800,
        wh: WattHours(*wh),
        estimated: false,
    };
    (0..).zip(values).map(interval).collect()
}

fn span(from: i64, to: i64) -> Span {
    Span {
        from: Instant(from * 1_800),
        to: Instant(to * 1_800),
    }
}

fn finding(from: i64, to: i64, rule: Rule, value: i64, limit: Option<i64>) -> Finding {
    Finding {
        span: span(from, to),
        rule,
        value: WattHours(value),
        limit: limit.map(WattHours),
    }
}

fn found(intervals: &[Interval], rules: Rules) -> Vec<Finding> {
    let count = i64::try_from(intervals.len()).unwrap();
    findings(intervals, span(0, count), &rules)
}

#[test]
fn above_the_rating_is_found_and_far_above_is_held() {
    let rules = Rules {
        rated: Some(Watts(10_000)),
        ..Rules::default()
    };
    let intervals = half_hours(&[5_000, 5_001, 6_000, 6_001, 4_999]);
    let over = finding(1, 4, Rule::OverRating, 17_002, Some(15_000));
    assert_eq!(found(&intervals, rules), [over]);
    let held: Vec<_> = intervals.iter().map(|it| held(*it, &rules)).collect();
    assert_eq!(held, [None, None, None, Some(Rule::OverRating), None]);
    assert_eq!(found(&intervals, Rules::default()), []);
}

#[test]
fn energy_that_flows_back_is_held() {
    let intervals = half_hours(&[5, -3, 0]);
    assert_eq!(
        found(&intervals, Rules::default()),
        [finding(1, 2, Rule::Negative, -3, None)]
    );
    assert_eq!(held(intervals[1], &Rules::default()), Some(Rule::Negative));
    assert_eq!(held(intervals[2], &Rules::default()), None);
}

#[test]
fn a_spike_is_far_above_the_median_before() {
    // Mean powers of 1 900 and 2 100 W, median 2 000 W: 10 kW, or 5 000 Wh, is no spike yet.
    let mut values = [950, 1_050].repeat(6);
    values.extend([5_000, 5_250, 1_000]);
    assert_eq!(found(&half_hours(&values), Rules::default()), []);
    // Of 13 the median is the seventh: 2 100 W.
    values[13] = 5_251;
    let spike = finding(13, 14, Rule::Spike, 5_251, Some(5_250));
    assert_eq!(found(&half_hours(&values), Rules::default()), [spike]);
    let off = Rules {
        spike_times: 0,
        ..Rules::default()
    };
    assert_eq!(found(&half_hours(&values), off), []);
}

#[test]
fn a_day_of_half_hours_is_looked_back_at() {
    // The oldest of 49 is not asked: the median is between 1 000 and 2 000 Wh.
    let mut values = vec![2_000];
    values.extend([1_000, 2_000].repeat(24));
    values.push(7_501);
    let spike = finding(49, 50, Rule::Spike, 7_501, Some(7_500));
    assert_eq!(found(&half_hours(&values), Rules::default()), [spike]);
}

#[test]
fn small_loads_short_histories_and_estimates_have_no_spikes() {
    // 480 Wh in half an hour are 960 W.
    let mut small = [10, 11].repeat(6);
    small.push(480);
    assert_eq!(found(&half_hours(&small), Rules::default()), []);
    let mut young = [1_000, 1_001].repeat(5);
    young.push(90_000);
    assert_eq!(found(&half_hours(&young), Rules::default()), []);
    let mut idle = vec![0; 30];
    idle.push(90_000);
    assert_eq!(found(&half_hours(&idle), Rules::default()), []);
    let mut estimated = [1_000, 1_001].repeat(6);
    estimated.push(90_000);
    let mut estimated = half_hours(&estimated);
    estimated[12].estimated = true;
    assert_eq!(found(&estimated, Rules::default()), []);
}

#[test]
fn a_meter_that_repeats_itself_is_stuck() {
    let mut values = vec![7; 12];
    assert_eq!(
        found(&half_hours(&values), Rules::default()),
        [finding(0, 12, Rule::Stuck, 7, None)]
    );
    values.push(7);
    values.push(8);
    let stuck = finding(0, 13, Rule::Stuck, 7, None);
    assert_eq!(found(&half_hours(&values), Rules::default()), [stuck]);
    assert_eq!(found(&half_hours(&[7; 11]), Rules::default()), []);
    assert_eq!(found(&half_hours(&[0; 40]), Rules::default()), []);
    let mut broken = half_hours(&[7; 20]);
    broken[10].estimated = true;
    assert_eq!(found(&broken, Rules::default()), []);
}

#[test]
fn missing_and_doubled_times_are_named_within_the_service() {
    let mut intervals = half_hours(&[5, 6, 7, 8]);
    intervals.remove(1);
    intervals[2].start = Instant(2 * 1_800 + 900);
    let expected = [
        finding(1, 2, Rule::Missing, 0, None),
        Finding {
            span: Span {
                from: Instant(2 * 1_800 + 900),
                to: Instant(3 * 1_800),
            },
            ..finding(0, 0, Rule::Overlap, 15, None)
        },
        Finding {
            span: Span {
                from: Instant(3 * 1_800 + 900),
                to: Instant(4 * 1_800),
            },
            ..finding(0, 0, Rule::Missing, 0, None)
        },
    ];
    assert_eq!(
        findings(&intervals, span(0, 4), &Rules::default()),
        expected
    );
    assert_eq!(findings(&intervals, span(0, 1), &Rules::default()), []);
}

#[test]
fn what_lies_before_the_service_is_history_and_not_judged() {
    let mut values = [1_000, 1_001].repeat(6);
    values.extend([-5, 90_000, 1_000]);
    let spike = finding(13, 14, Rule::Spike, 90_000, Some(5_000));
    let intervals = half_hours(&values);
    assert_eq!(
        findings(&intervals, span(13, 15), &Rules::default()),
        [spike]
    );
}

proptest! {
    #[test]
    fn the_median_is_that_of_the_last_intervals(values in vec(1_000_i64..200_000, 13..120)) {
        let intervals = half_hours(&values);
        let rules = Rules { stuck_count: 0, ..Rules::default() };
        let spiked = |index: i64| {
            found(&intervals, rules).iter().any(|it| it.span.contains(Instant(index * 1_800)))
        };
        let last = values.len() - 1;
        let mut before: Vec<i64> = values[last.saturating_sub(48)..last].to_vec();
        before.sort_unstable();
        let twice = before[(before.len() - 1) / 2] + before[before.len() / 2];
        let expected = values[last] * 2 > twice * 5;
        prop_assert_eq!(spiked(i64::try_from(last).unwrap()), expected);
    }

    #[test]
    fn whatever_comes_is_judged_without_harm(
        values in vec((any::<i64>(), -5_i64..4_000, any::<bool>()), 0..40),
        rated in any::<i64>(),
    ) {
        let mut start = Instant(0);
        let mut intervals = vec![];
        for (wh, seconds, estimated) in values {
            intervals.push(Interval { start, seconds, wh: WattHours(wh), estimated });
            start = start.plus_seconds(seconds.max(0));
        }
        let rules = Rules { rated: Some(Watts(rated)), ..Rules::default() };
        findings(&intervals, span(0, 10), &rules);
        let holds = intervals.iter().filter(|it| held(**it, &rules).is_some()).count();
        prop_assert!(holds >= intervals.iter().filter(|it| it.wh < WattHours::ZERO).count());
    }
}
