//! Results that other systems and standards assert, in our words; the source beside each.

use super::world::{charge, day, dec, half_hours, june, meter, version, zone};
use innkeeper::domain::billing::invoice_plan::{Explain, LineKind};
use innkeeper::domain::billing::rate::{
    Cause, Contracted, Interval, OutageEvent, QuoteInput, RackShare, RateError, VatRate, quote,
    rate,
};
use innkeeper::domain::calendar::{Month, Span, Zone};
use innkeeper::domain::money::Minor;
use innkeeper::domain::units::{WattHours, Watts};

/// A month whose energy costs nothing, so that the other lines stand alone.
fn idle(period: &str, start: &str) -> innkeeper::domain::billing::rate::RateInput {
    let mut input = june();
    input.period = Month::parse(period).unwrap();
    input.lease.start = day(start);
    input.lease.contracted[0].from = day(start);
    input.plan[0].effective_from = day(start);
    input.usage = vec![meter(
        "M1",
        half_hours(input.zone.month_span(input.period), |_| 0),
    )];
    input
}

/// EN 16931 and Peppol BIS 3: lines are rounded, then added.
#[test]
fn lines_are_rounded_then_added() {
    for (charges, net) in [
        (vec![("1", "110.00"), ("-1", "90.00")], 2_000),
        (
            vec![
                ("1", "720.81"),
                ("1", "0.01"),
                ("-1", "720.81"),
                ("-1", "0.01"),
            ],
            0,
        ),
        (vec![("1234.567", "0.0545"); 5], 33_640),
    ] {
        let mut input = idle("2026-06", "2026-06-01");
        input.charges = charges
            .iter()
            .map(|(quantity, price)| charge("2026-06-02", quantity, price))
            .collect();
        assert_eq!(rate(&input).unwrap().net, Minor(net));
    }
}

/// Tryton and Lago: tax on the sum, half away from zero, below zero as above it.
#[test]
fn tax_rounds_half_away_from_zero() {
    for (net, percent, vat) in [
        ("-6491.34", "0.25", -162_284),
        ("2141.19", "0.021", 4_496),
        ("193.33", "0.25", 4_833),
        ("0.50", "0.01", 1),
        ("-0.50", "0.01", -1),
    ] {
        let mut input = idle("2026-06", "2026-06-01");
        input.charges = vec![charge("2026-06-02", "1", net)];
        input.vat = vec![VatRate {
            from: day("2020-01-01"),
            rate: dec(percent),
        }];
        let plan = rate(&input).unwrap();
        assert_eq!(plan.vat, Minor(vat), "{net} at {percent}");
        assert_eq!(plan.total, plan.net + plan.vat);
    }
}

/// Lago: a month's price is shared out by the days of that very month, leap or not.
#[test]
fn a_monthly_price_is_shared_out_by_the_days_of_the_month() {
    for (period, start, end, price, net) in [
        ("2023-02", "2023-02-09", None, "28.00", 2_000),
        ("2024-02", "2024-02-09", None, "29.00", 2_100),
        ("2026-06", "2026-06-01", Some("2026-06-07"), "29.95", 599),
        ("2026-06", "2026-06-07", None, "29.95", 2_396),
        ("2026-06", "2026-06-02", None, "200.00", 19_333),
    ] {
        let mut input = idle(period, start);
        input.lease.end = end.map(day);
        input.plan[0].rack_per_month = Some(dec(price));
        let (rack, from) = ("A".to_owned(), day(start));
        input.lease.racks = vec![RackShare {
            rack,
            from,
            to: None,
            share: dec("1"),
        }];
        let plan = rate(&input).unwrap();
        assert_eq!(plan.lines[1].net, Minor(net), "{period} from {start}");
    }
}

/// Lago's weighted sum: held power counts by the days that it is held.
#[test]
fn held_power_counts_by_days() {
    for (period, steps, net) in [
        (
            "2023-03",
            vec![("2023-03-01", "0"), ("2023-03-05", "2500")],
            217_742,
        ),
        (
            "2023-04",
            vec![
                ("2023-04-01", "2500"),
                ("2023-04-04", "500"),
                ("2023-04-06", "300"),
            ],
            53_333,
        ),
    ] {
        let mut input = idle(period, "2023-01-01");
        input.plan[0].capacity_per_kw_month = Some(dec("1"));
        input.lease.contracted = steps
            .iter()
            .map(|(from, kw)| Contracted {
                from: day(from),
                kw: dec(kw),
            })
            .collect();
        assert_eq!(rate(&input).unwrap().net, Minor(net), "{period}");
    }
}

/// Kill Bill: a new version from the 8th makes two lines; a month without usage makes one of 0.00.
#[test]
fn a_new_version_makes_its_own_line_and_no_usage_makes_a_line_of_nought() {
    let mut input = june();
    input.plan[0].energy.zones[0].price = dec("1.50");
    input.plan.push(version(
        "2026-06-08",
        vec![zone("all", "00:00", "00:00", "2.50")],
    ));
    let month = input.zone.month_span(input.period);
    // 100 kWh at noon of the 2nd and of the 10th.
    input.usage = vec![meter(
        "M1",
        half_hours(
            month,
            |at| if [72, 456].contains(&at) { 100_000 } else { 0 },
        ),
    )];
    let nets: Vec<_> = rate(&input)
        .unwrap()
        .lines
        .iter()
        .map(|line| line.net.0)
        .collect();
    assert_eq!(nets, [15_000, 25_000]);
    let nothing = rate(&idle("2026-06", "2026-06-01")).unwrap();
    assert_eq!(
        (nothing.lines[0].kind, nothing.lines[0].net),
        (LineKind::Energy, Minor(0))
    );
}

/// OpenMeter, after Lago: New York's months begin at its own midnight.
#[test]
fn readings_fall_into_local_months() {
    let mut input = june();
    input.zone = Zone::parse("America/New_York").unwrap();
    input.complete = false;
    input.lease.start = day("2023-01-01");
    input.lease.contracted[0].from = day("2023-01-01");
    input.plan[0].effective_from = day("2023-01-01");
    let local = [
        "03-01T04:00",
        "03-15T00:00",
        "03-31T23:59",
        "04-01T00:00",
        "04-01T00:01",
        "04-15T00:00",
        "04-30T23:59",
        "05-01T00:00",
        "05-01T00:01",
    ];
    let at = |text: &&str| {
        let local = format!("2023-{text}:00").parse().unwrap();
        Interval {
            start: input.zone.instants(local)[0],
            seconds: 1,
            wh: WattHours(1),
            estimated: false,
        }
    };
    let readings: Vec<_> = local.iter().map(at).collect();
    input.usage = vec![meter("M1", readings)];
    for (period, count) in [("2023-03", 3), ("2023-04", 4), ("2023-05", 2)] {
        input.period = Month::parse(period).unwrap();
        assert_eq!(
            rate(&input).unwrap().metered_wh,
            WattHours(count),
            "{period}"
        );
    }
}

#[test]
fn what_does_not_fit_is_an_error_and_no_panic() {
    let mut input = june();
    input.usage[0].intervals[0].wh = WattHours(i64::MAX);
    assert_eq!(
        rate(&input).unwrap_err(),
        [RateError::Overflow {
            what: "the metered energy"
        }]
    );
    let mut input = june();
    input.plan[0].energy.zones[0].price = rust_decimal::Decimal::MAX;
    assert_eq!(rate(&input).unwrap_err()[0].code(), "overflow");
    let mut input = june();
    input.charges = vec![charge("2026-06-01", "92233720368547758", "1"); 2];
    assert_eq!(rate(&input).unwrap_err()[0].code(), "overflow");
}

#[test]
fn all_reasons_are_given_at_once() {
    let mut input = june();
    input.vat.clear();
    input.plan[0].effective_from = day("2026-06-03");
    input.usage[0].intervals.remove(0);
    let codes: Vec<_> = rate(&input)
        .unwrap_err()
        .iter()
        .map(RateError::code)
        .collect();
    assert_eq!(codes, ["no_vat_rate", "hole", "no_version"]);
    let text = rate(&input).unwrap_err()[2].to_string();
    assert_eq!(
        text,
        "no plan version is in force on 2026-06-01 to 2026-06-02"
    );
}

#[test]
fn estimates_are_counted_as_such() {
    let mut input = june();
    input.usage[0].intervals[5].estimated = true;
    let plan = rate(&input).unwrap();
    assert_eq!(
        (plan.estimated_wh, plan.metered_wh),
        (WattHours(1_000), WattHours(1_440_000))
    );
    let Explain::Energy(energy) = &plan.lines[0].explain else {
        panic!("an energy line")
    };
    assert_eq!(
        (energy.intervals, energy.by_day.len(), energy.estimated_wh.0),
        (1_440, 30, 1_000)
    );
}

#[test]
fn an_outage_explains_what_it_excused_and_earned() {
    let mut input = june();
    input.plan[0].take_or_pay =
        Some(serde_json::from_str(r#"{"load_factor":"0.5","price":"4"}"#).unwrap());
    input.plan[0].sla = serde_json::from_str(r#"[{"below":"0.999","credit":"0.1"}]"#).unwrap();
    let start = input.zone.start_of(day("2026-06-10"));
    let span = Span {
        from: start,
        to: start.plus_hours(36),
    };
    input.outages = vec![OutageEvent {
        span,
        kw: dec("25"),
        cause: Cause::Host,
    }];
    let plan = rate(&input).unwrap();
    let Explain::Shortfall(short) = &plan.lines[1].explain else {
        panic!("a shortfall")
    };
    assert_eq!(
        short.reliefs.iter().map(|it| it.wh.0).collect::<Vec<_>>(),
        [120_000, 60_000]
    );
    assert_eq!(short.minimum_wh, WattHours(3_600_000 - 180_000));
    let Explain::SlaCredit(sla) = &plan.lines[2].explain else {
        panic!("a credit")
    };
    assert_eq!(
        (sla.lost_wh, sla.contracted_wh),
        (WattHours(360_000), WattHours(7_200_000))
    );
    assert_eq!(
        (plan.lines[2].net, plan.lines[2].availability),
        (Minor(-72_000), Some(dec("0.950000")))
    );
}

#[test]
fn a_quote_is_a_month_at_nominal_load() {
    let june = june();
    let mut plan = june.plan.clone();
    plan[0].capacity_per_kw_month = Some(dec("300"));
    plan[0].rack_per_month = Some(dec("1000"));
    let quoted = quote(&QuoteInput {
        currency: june.currency,
        vat: june.vat.clone(),
        zone: june.zone,
        month: june.period,
        plan,
        kw: dec("7"),
        racks: dec("0.5"),
        watts: Watts(7_001),
    })
    .unwrap();
    assert_eq!(quoted.metered_wh, WattHours(7_001 * 720));
    let nets: Vec<_> = quoted.lines.iter().map(|line| line.net.0).collect();
    assert_eq!(nets, [2_520_360, 210_000, 50_000]);
}
