use super::world::{day, dec, half_hours, june, meter, version, zone};
use innkeeper::domain::billing::invoice_plan::{Explain, InvoicePlan};
use innkeeper::domain::billing::rate::{
    Cause, MeterUsage, OutageEvent, RackShare, RateInput, rate,
};
use innkeeper::domain::calendar::Span;
use innkeeper::domain::metering::settle::{Reading, normalise};
use innkeeper::domain::money::Minor;
use proptest::prelude::*;

/// Everything that a plan can hold, on loads that vary.
fn rich(seed: i64, change: u64, from: u64, length: u64, kw: i64) -> RateInput {
    let mut input = june();
    let zones = |day: &str, night: &str| {
        vec![
            zone("day", "07:00", "23:00", day),
            zone("night", "23:00", "07:00", night),
        ]
    };
    input.plan = vec![
        version("2026-01-01", zones("5.1234", "3.3")),
        version("2026-06-01", zones("6", "4.7")),
    ];
    input.plan[1].effective_from = day("2026-06-01") + chrono::Days::new(change);
    for (at, version) in input.plan.iter_mut().enumerate() {
        version.energy.loss_factor = [None, Some(dec("1.0321"))][at];
        version.capacity_per_kw_month = Some(dec("311.11"));
        version.rack_per_month = Some(dec("4321"));
        version.take_or_pay =
            Some(serde_json::from_str(r#"{"load_factor":"0.9","price":"4"}"#).unwrap());
        version.sla = serde_json::from_str(r#"[{"below":"0.999","credit":"0.05"}]"#).unwrap();
    }
    input.lease.start = day("2026-05-25") + chrono::Days::new(from);
    input.lease.end = Some(input.lease.start + chrono::Days::new(length));
    let (rack, from) = ("A".to_owned(), day("2026-01-01"));
    input.lease.racks = vec![RackShare {
        rack,
        from,
        to: None,
        share: dec("0.375"),
    }];
    let month = input.zone.month_span(input.period);
    input.usage = ["M1", "M2"]
        .map(|name| meter(name, half_hours(month, |at| (at * 7_919 + seed) % 5_003)))
        .to_vec();
    let span = Span {
        from: month.from.plus_seconds(seed * 977),
        to: month.from.plus_seconds(seed * 1_499),
    };
    input.outages = vec![OutageEvent {
        span,
        kw: kw.into(),
        cause: Cause::Host,
    }];
    input
}

fn inputs() -> impl Strategy<Value = RateInput> {
    (0_i64..2_000, 0_u64..30, 0_u64..30, 8_u64..40, 0_i64..30)
        .prop_map(|(seed, change, from, length, kw)| rich(seed, change, from, length, kw))
}

/// Watt-hours by version, zone and day: what the energy lines rest on.
fn by_day(plan: &InvoicePlan) -> Vec<(String, chrono::NaiveDate, i64)> {
    let energy = plan.lines.iter().filter_map(|line| match &line.explain {
        Explain::Energy(energy) => Some((line, energy)),
        _ => None,
    });
    let mut days: Vec<_> = energy
        .flat_map(|(line, energy)| {
            let name = format!("{:?} {:?}", line.version_from, line.zone);
            energy
                .by_day
                .iter()
                .map(move |sum| (name.clone(), sum.date, sum.wh.0))
        })
        .collect();
    days.sort();
    days
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_sums_are_the_sums_of_their_parts(input in inputs()) {
        let plan = rate(&input).unwrap();
        prop_assert_eq!(plan.net, plan.lines.iter().map(|line| line.net).sum::<Minor>());
        prop_assert_eq!(plan.total, plan.net + plan.vat);
        let metered: i64 = by_day(&plan).iter().map(|(_, _, wh)| wh).sum();
        prop_assert_eq!(metered, plan.metered_wh.0);
        for line in &plan.lines {
            if let Explain::Energy(energy) = &line.explain {
                let meters: i64 = energy.by_meter.iter().map(|sum| sum.wh.0).sum();
                prop_assert_eq!(meters, energy.metered_wh.0);
            }
        }
    }

    #[test]
    fn a_month_is_the_sum_of_its_parts(input in inputs(), cut in 1_u64..30) {
        let whole = rate(&input).unwrap();
        let cut = input.period.first() + chrono::Days::new(cut);
        let mut first = input.clone();
        first.lease.end = Some(cut.min(input.lease.end.unwrap()));
        let mut second = input.clone();
        second.lease.start = cut.max(input.lease.start);
        // Days add up exactly; money does where nothing is rounded, so watt-hours are compared.
        let parts = [rate(&first), rate(&second)].into_iter().flatten();
        let mut days: Vec<_> = parts.flat_map(|plan| by_day(&plan)).collect();
        days.sort();
        prop_assert_eq!(days, by_day(&whole));
    }

    #[test]
    fn order_and_entries_of_readings_change_nothing(
        (input, shuffled, parts) in inputs().prop_flat_map(|input| {
            let shuffled = Just(input.usage[0].intervals.clone()).prop_shuffle();
            (Just(input), shuffled, 1_usize..50)
        })
    ) {
        let expected = serde_json::to_string(&rate(&input).unwrap()).unwrap();
        let mut mixed = input.clone();
        let entries = shuffled.chunks(shuffled.len().div_ceil(parts)).map(|chunk| meter("M1", chunk.to_vec()));
        mixed.usage = [input.usage[1].clone()].into_iter().chain(entries).collect();
        prop_assert_eq!(&serde_json::to_string(&rate(&mixed).unwrap()).unwrap(), &expected);
        // A duplicate that arrives is counted once before anything is priced.
        let again = shuffled.iter().chain(&shuffled[..parts]).map(|interval| Reading {
            start: interval.start, end: interval.end(), wh: interval.wh, estimated: false,
        });
        let normal = normalise(&again.collect::<Vec<_>>());
        prop_assert_eq!(normal.duplicates, parts.min(shuffled.len()));
        let usage = MeterUsage { meter: "M1".into(), intervals: normal.intervals, ..MeterUsage::default() };
        mixed.usage = vec![usage, input.usage[1].clone()];
        prop_assert_eq!(&serde_json::to_string(&rate(&mixed).unwrap()).unwrap(), &expected);
    }
}
