use innkeeper::domain::calendar::{Instant, Span};
use innkeeper::domain::metering::settle::{
    LeaseMeter, RackAllocation, RackInput, Reading, Register, normalise, settle_rack, split,
};
use innkeeper::domain::units::{WattHours, Watts};
use proptest::prelude::*;

fn readings() -> impl Strategy<Value = Vec<Reading>> {
    let wh = prop::collection::vec((0_i64..1_000_000, any::<bool>()), 1..60);
    wh.prop_map(|values| {
        let each = (0_i64..).zip(values);
        each.map(|(at, (wh, estimated))| Reading {
            start: Instant(at * 900),
            end: Instant(at * 900 + 900),
            wh: WattHours(wh),
            estimated,
        })
        .collect()
    })
}

fn shuffled_with_repeats() -> impl Strategy<Value = (Vec<Reading>, Vec<Reading>)> {
    readings().prop_flat_map(|readings| {
        let again = prop::sample::subsequence(readings.clone(), 0..=readings.len());
        (Just(readings.clone()), again).prop_flat_map(|(readings, again)| {
            let all = [readings.clone(), again].concat();
            (Just(readings), Just(all).prop_shuffle())
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn order_of_arrival_and_repeats_change_nothing((once, many) in shuffled_with_repeats()) {
        let found = normalise(&many);
        prop_assert_eq!(&found.intervals, &normalise(&once).intervals);
        prop_assert_eq!(found.duplicates, many.len() - once.len());
        prop_assert!(found.corrections.is_empty() && found.overlaps.is_empty());
    }

    #[test]
    fn parts_add_up_and_are_within_one_of_their_share(
        whole in 0_i64..10_000_000_000,
        weights in prop::collection::vec(0_i64..100_000, 1..9),
    ) {
        let parts = split(WattHours(whole), &weights);
        prop_assert_eq!(parts.iter().map(|part| part.0).sum::<i64>(), whole);
        let total: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
        for (part, weight) in parts.iter().zip(&weights).filter(|_| total > 0) {
            let off = i128::from(part.0) * total - i128::from(whole) * i128::from(*weight);
            prop_assert!(off.abs() < total);
        }
    }

    #[test]
    fn a_rack_never_loses_a_watt_hour(
        rack in prop::collection::vec(1_000_i64..9_000, 48),
        own in prop::collection::vec(0_i64..1_000, 48),
        stays in prop::collection::vec((0_i64..6, 1_i64..5_000, 0_i64..48, 1_i64..48), 0..8),
    ) {
        let span = Span { from: Instant(0), to: Instant(48 * 1_800) };
        let register = |meter: &str, values: &[i64]| {
            let readings: Vec<_> = (0_i64..).zip(values).map(|(at, wh)| Reading {
                start: Instant(at * 1_800), end: Instant(at * 1_800 + 1_800), wh: WattHours(*wh), estimated: false,
            }).collect();
            Register { meter: meter.into(), service: vec![span], intervals: normalise(&readings).intervals }
        };
        let allocations: Vec<_> = stays.iter().map(|(lease, watts, from, length)| RackAllocation {
            lease: *lease,
            watts: Watts(*watts),
            window: Span { from: Instant(from * 1_800), to: Instant((from + length) * 1_800) },
        }).collect();
        let meters = [register("A", &rack), register("B", &rack)];
        let behind = [LeaseMeter { lease: 99, register: register("L", &own) }];
        let input = RackInput { rack: "R", span, meters: &meters, behind: &behind, allocations: &allocations };
        let usage = settle_rack(&input).unwrap();
        let leases = usage.leases.values().flat_map(|part| &part.intervals);
        let given: i64 = leases.chain(&usage.house).map(|interval| interval.wh.0).sum();
        prop_assert_eq!(given, 2 * rack.iter().sum::<i64>() - own.iter().sum::<i64>());
        prop_assert!(usage.holes.is_empty() && usage.negative.is_empty());
    }
}
