use innkeeper::domain::calendar::{Instant, Span};
use innkeeper::domain::metering::settle::{
    Correction, FOREVER, LeaseMeter, RackAllocation, RackInput, RackUsage, Reading, Register,
    lease_usage, normalise, settle_rack, split,
};
use innkeeper::domain::metering::{HoleKind, Interval, gaps, overlaps};
use innkeeper::domain::units::{WattHours, Watts};

const HALF: i64 = 1_800;

fn at(half_hours: i64) -> Instant {
    Instant(half_hours * HALF)
}

fn span(from: i64, to: i64) -> Span {
    Span {
        from: at(from),
        to: at(to),
    }
}

fn interval(start: i64, length: i64, wh: i64) -> Interval {
    Interval {
        start: at(start),
        seconds: length * HALF,
        wh: WattHours(wh),
        estimated: false,
    }
}

fn register(meter: &str, intervals: Vec<Interval>) -> Register {
    let service = vec![Span {
        from: at(0),
        to: FOREVER,
    }];
    Register {
        meter: meter.into(),
        service,
        intervals,
    }
}

fn constant(meter: &str, count: i64, wh: i64) -> Register {
    register(
        meter,
        (0..count).map(|start| interval(start, 1, wh)).collect(),
    )
}

fn on_rack(lease: i64, watts: i64, window: Span) -> RackAllocation<i64> {
    RackAllocation {
        lease,
        watts: Watts(watts),
        window,
    }
}

fn settle(
    meters: &[Register],
    behind: &[LeaseMeter<i64>],
    allocations: &[RackAllocation<i64>],
    to: i64,
) -> RackUsage<i64> {
    settle_rack(&RackInput {
        rack: "R-1",
        span: span(0, to),
        meters,
        behind,
        allocations,
    })
    .unwrap()
}

fn values(intervals: &[Interval]) -> Vec<i64> {
    intervals.iter().map(|interval| interval.wh.0).collect()
}

fn reading(start: i64, wh: i64) -> Reading {
    Reading {
        start: at(start),
        end: at(start + 1),
        wh: WattHours(wh),
        estimated: false,
    }
}

#[test]
fn a_reading_that_comes_again_counts_once_and_another_value_is_a_correction() {
    let found = normalise(&[reading(1, 7), reading(0, 5), reading(1, 7), reading(0, 6)]);
    assert_eq!(values(&found.intervals), [6, 7]);
    assert_eq!(found.duplicates, 1);
    let (old, new) = (WattHours(5), WattHours(6));
    assert_eq!(
        found.corrections,
        [Correction {
            start: at(0),
            end: at(1),
            old,
            new
        }]
    );
    assert!(found.overlaps.is_empty());
}

#[test]
fn a_reading_that_replaces_an_estimate_is_recorded_even_with_the_same_value() {
    let estimate = Reading {
        estimated: true,
        ..reading(0, 5)
    };
    let found = normalise(&[estimate, reading(0, 5)]);
    assert_eq!((found.corrections.len(), found.duplicates), (1, 0));
    assert!(!found.intervals[0].estimated);
}

#[test]
fn different_intervals_that_claim_the_same_time_are_named() {
    let hour = Reading {
        end: at(2),
        ..reading(0, 9)
    };
    assert_eq!(normalise(&[reading(1, 5), hour]).overlaps, [span(1, 2)]);
}

#[test]
fn gaps_and_overlaps_are_named_within_the_span_only() {
    let intervals = [interval(1, 1, 0), interval(1, 2, 0), interval(5, 9, 0)];
    assert_eq!(gaps(&intervals, span(0, 8)), [span(0, 1), span(3, 5)]);
    assert_eq!(gaps(&intervals, span(14, 16)), [span(14, 16)]);
    assert_eq!(gaps(&intervals, span(6, 9)), []);
    assert_eq!(gaps(&[], span(2, 3)), [span(2, 3)]);
    assert_eq!(overlaps(&intervals, span(0, 8)), [span(1, 2)]);
    assert_eq!(overlaps(&intervals, span(2, 8)), []);
}

#[test]
fn parts_go_by_largest_remainder_and_ties_to_the_earlier() {
    for (whole, weights, parts) in [
        (10, vec![1, 1, 1], vec![4, 3, 3]),
        (1, vec![1, 1], vec![1, 0]),
        (100, vec![3_500, 3_500, 1], vec![50, 50, 0]),
        (7, vec![1, 2, 4], vec![1, 2, 4]),
        (5, vec![0, 0], vec![3, 2]),
        (5, vec![0, 3], vec![0, 5]),
        (9, vec![], vec![]),
        (
            i64::MAX,
            vec![i64::MAX, i64::MAX],
            vec![i64::MAX / 2 + 1, i64::MAX / 2],
        ),
    ] {
        let found: Vec<_> = split(WattHours(whole), &weights)
            .iter()
            .map(|part| part.0)
            .collect();
        assert_eq!(found, parts, "{whole} by {weights:?}");
    }
}

#[test]
fn a_racks_meters_are_summed_less_the_lease_meters_behind_them() {
    let behind = [LeaseMeter {
        lease: 3,
        register: constant("L3", 2, 40),
    }];
    let meters = [constant("A", 2, 100), constant("B", 2, 21)];
    let allocations = [
        on_rack(2, 1, span(0, 2)),
        on_rack(1, 1, span(0, 1)),
        on_rack(1, 1, span(0, 1)),
    ];
    let usage = settle(&meters, &behind, &allocations, 2);
    assert_eq!(usage.meter, "A + B");
    assert_eq!(values(&usage.leases[&1].intervals), [54]);
    assert_eq!(values(&usage.leases[&2].intervals), [27, 81]);
    assert!(usage.house.is_empty() && usage.holes.is_empty());
    let own = lease_usage(3, span(0, 2), &[usage], &behind);
    assert_eq!(own.len(), 1);
    assert_eq!(
        (own[0].meter.as_str(), values(&own[0].intervals)),
        ("L3", vec![40, 40])
    );
}

#[test]
fn what_nobody_holds_is_the_houses() {
    let usage = settle(
        &[constant("A", 4, 10)],
        &[],
        &[on_rack(1, 5, span(1, 3))],
        4,
    );
    assert_eq!(
        usage.house.iter().map(|it| it.start).collect::<Vec<_>>(),
        [at(0), at(3)]
    );
    assert_eq!(values(&usage.leases[&1].intervals), [10, 10]);
}

#[test]
fn an_interval_belongs_to_who_is_there_when_it_starts() {
    let meters = [register("A", vec![interval(0, 2, 10), interval(2, 2, 12)])];
    let allocations = [on_rack(1, 5, span(0, 1)), on_rack(2, 5, span(1, 4))];
    let usage = settle(&meters, &[], &allocations, 4);
    assert_eq!(values(&usage.leases[&1].intervals), [10]);
    assert_eq!(values(&usage.leases[&2].intervals), [12]);
    // The half-hour before its first interval was measured: it is not a hole.
    let second = lease_usage(2, span(0, 4), &[usage], &[]);
    assert!(second[0].holes.is_empty(), "{:?}", second[0].holes);
}

#[test]
fn meters_of_different_lengths_are_summed_where_they_meet() {
    let hours = register("B", vec![interval(0, 2, 7), interval(2, 2, 9)]);
    let behind = [LeaseMeter {
        lease: 9,
        register: hours,
    }];
    let usage = settle(
        &[constant("A", 4, 10)],
        &behind,
        &[on_rack(1, 1, span(0, 4))],
        4,
    );
    assert_eq!(
        usage.leases[&1].intervals,
        [interval(0, 2, 13), interval(2, 2, 11)]
    );
    assert!(usage.holes.is_empty());
}

#[test]
fn a_hole_carries_the_name_of_the_meter_that_lacks_readings() {
    let broken = register("B", vec![interval(0, 1, 5), interval(3, 1, 5)]);
    let meters = [constant("A", 4, 10), broken];
    let usage = settle(&meters, &[], &[on_rack(1, 1, span(0, 4))], 4);
    let mine = &lease_usage(1, span(0, 4), &[usage], &[])[0];
    assert_eq!(values(&mine.intervals), [15, 15]);
    assert_eq!(mine.holes.len(), 1);
    let hole = &mine.holes[0];
    assert_eq!(
        (hole.meter.as_str(), hole.span, hole.kind),
        ("B", span(1, 3), HoleKind::Missing)
    );
}

#[test]
fn a_hole_before_the_lease_came_is_not_its_own() {
    let late = register("A", (2..4).map(|start| interval(start, 1, 5)).collect());
    let allocations = [on_rack(1, 1, span(0, 1)), on_rack(2, 1, span(2, 4))];
    let usage = settle(&[late], &[], &allocations, 4);
    assert!(
        lease_usage(2, span(0, 4), std::slice::from_ref(&usage), &[])[0]
            .holes
            .is_empty()
    );
    assert_eq!(
        lease_usage(1, span(0, 4), &[usage], &[])[0].holes[0].span,
        span(0, 1)
    );
}

#[test]
fn a_meter_that_is_exchanged_leaves_no_hole() {
    let service = |from, to| vec![span(from, to)];
    let old = Register {
        service: service(0, 2),
        ..constant("A", 2, 5)
    };
    let new = (2..4).map(|start| interval(start, 1, 6)).collect();
    let new = Register {
        service: service(2, 9),
        ..register("B", new)
    };
    let usage = settle(&[old, new], &[], &[on_rack(1, 1, span(0, 4))], 4);
    assert_eq!(values(&usage.leases[&1].intervals), [5, 5, 6, 6]);
    assert!(usage.holes.is_empty());
}

#[test]
fn a_rack_without_a_meter_is_a_hole_unless_the_lease_has_its_own() {
    let usage = settle(
        &[],
        &[],
        &[on_rack(1, 1, span(0, 4)), on_rack(2, 1, span(0, 4))],
        4,
    );
    let own = [LeaseMeter {
        lease: 2,
        register: constant("L2", 4, 8),
    }];
    let first = lease_usage(1, span(0, 4), std::slice::from_ref(&usage), &own);
    let hole = &first[0].holes[0];
    assert_eq!(
        (hole.meter.as_str(), hole.kind),
        ("R-1", HoleKind::Unmetered)
    );
    let second = lease_usage(2, span(0, 4), &[usage], &own);
    assert!(second.iter().all(|usage| usage.holes.is_empty()));
    assert_eq!(values(&second[1].intervals), [8; 4]);
}

#[test]
fn a_remainder_below_zero_is_flagged_and_not_billed() {
    let behind = [LeaseMeter {
        lease: 2,
        register: constant("L2", 2, 11),
    }];
    let usage = settle(
        &[constant("A", 2, 10)],
        &behind,
        &[on_rack(1, 1, span(0, 1))],
        2,
    );
    assert_eq!(usage.negative.len(), 2);
    assert_eq!(values(&usage.house), [-1]);
    let mine = &lease_usage(1, span(0, 2), &[usage], &behind)[0];
    assert!(mine.intervals.is_empty());
    assert_eq!(
        (mine.holes[0].kind, mine.holes[0].span),
        (HoleKind::Negative, span(0, 1))
    );
}

#[test]
fn meters_that_never_meet_make_a_hole_and_no_guess() {
    let askew = (0..200).map(|at| Interval {
        start: Instant(at * HALF + 60),
        ..interval(0, 1, 5)
    });
    let meters = [constant("A", 200, 10), register("B", askew.collect())];
    let usage = settle(&meters, &[], &[on_rack(1, 1, span(0, 200))], 200);
    let mine = &lease_usage(1, span(0, 200), &[usage], &[])[0];
    assert!(mine.intervals.is_empty() && !mine.holes.is_empty());
}

#[test]
fn sums_that_do_not_fit_are_an_error() {
    let meters = [constant("A", 1, i64::MAX), constant("B", 1, i64::MAX)];
    let input = RackInput::<i64> {
        rack: "R-1",
        span: span(0, 1),
        meters: &meters,
        behind: &[],
        allocations: &[],
    };
    assert_eq!(settle_rack(&input).unwrap_err().rack, "R-1");
}
