use super::*;
use crate::domain::calendar::Zone;
use crate::domain::metering::register::Device;
use crate::domain::metering::validate::Rules;
use crate::domain::units::{WattHours, Watts};
use proptest::collection::vec;
use proptest::prelude::*;

const SMALL: &str = r#"{
    "about": "One half-hour.",
    "zone": "Europe/Moscow",
    "meters": [{"code": "M1", "reads": "interval"}],
    "arrivals": [{"received": "2026-06-03T12:00:00+03:00", "meter": "M1",
        "start": "2026-06-03T10:00:00+03:00", "end": "2026-06-03T07:30:00Z", "wh": 500}],
    "expected": {"usage": {"M1": [
        {"start": "2026-06-03T07:00:00Z", "seconds": 1800, "wh": [500], "method": "measured"}]}}
}"#;

#[test]
fn a_case_is_read_and_played() {
    let case = parse(SMALL).unwrap();
    let found = play(&case);
    assert_eq!(differences(&case.expected, &found), [""; 0]);
    let text = serde_json::to_string(&found).unwrap();
    assert_eq!(serde_json::from_str::<Outcome>(&text).unwrap(), found);
    let other = parse(&SMALL.replace("[500]", "[501]")).unwrap();
    let differ = differences(&other.expected, &found);
    assert_eq!(differ.len(), 1);
    assert!(differ[0].starts_with("usage: expected"), "{}", differ[0]);
}

#[test]
fn what_a_case_misspells_is_said() {
    for (right, wrong, told) in [
        ("\"wh\": 500", "\"kwh\": 500", "kwh"),
        ("\"wh\": 500", "\"wh\": 500, \"state\": 1", "an arrival has"),
        ("Europe/Moscow", "Europe/Moskva", "Europe/Moskva"),
        ("T12:00:00+03:00", "T12:00:00", "2026-06-03T12:00:00"),
        ("\"interval\"", "\"register\"", "M1"),
        ("\"measured\"", "\"guessed\"", "guessed"),
    ] {
        let text = SMALL.replace(right, wrong);
        let error = parse(&text).unwrap_err().to_string();
        assert!(error.contains(told), "{wrong}: {error}");
    }
}

fn meter(code: &str, reads: Reads) -> Meter {
    Meter {
        code: code.to_owned(),
        reads,
        rules: Rules {
            rated: Some(Watts(1_000)),
            ..Rules::default()
        },
        zone: Zone::parse("Asia/Kathmandu").unwrap(),
        service: None,
        created: None,
    }
}

fn device() -> Device {
    Device {
        from: Instant(0),
        to: None,
        digits: 6,
        unit: WattHours(1),
        ratio: 1,
        initial: None,
        last: None,
        rated: Some(Watts(1_000)),
    }
}

/// Half-hours of an interval meter, known or not, and the same energy as states of a register.
fn arrivals(values: &[i64]) -> Vec<Arrival> {
    let mut shown = 0;
    let mut arrivals = vec![];
    for (index, wh) in (0_i64..).zip(values) {
        let from = Instant(900 + index * HALF_HOUR);
        let span = Span {
            from,
            to: from.plus_seconds(HALF_HOUR),
        };
        shown = (shown + wh) % 1_000_000;
        let energy = Said::Energy {
            span,
            wh: WattHours(*wh),
        };
        let state = Said::State {
            at: span.to,
            wh: WattHours(shown),
        };
        for (code, said) in [("I", energy), ("X", energy), ("R", state)] {
            arrivals.push(Arrival {
                // Now and then a clock is wrong.
                received: if wh % 10 == 3 {
                    Instant(0)
                } else {
                    Instant(1 << 40)
                },
                meter: code.to_owned(),
                said,
                reason: None,
                estimated: false,
            });
        }
    }
    arrivals
}

fn case(arrivals: Vec<Arrival>) -> Case {
    Case {
        meters: vec![
            meter("I", Reads::Intervals),
            meter("R", Reads::Register(vec![device()])),
        ],
        arrivals,
        clock_tolerance: 0,
        boundaries: vec![],
        estimate: false,
        expected: Outcome::default(),
    }
}

fn sum(outcome: &Outcome, code: &str) -> i64 {
    let used = outcome.usage.get(code).map(|usage| usage.0.as_slice());
    used.unwrap_or_default().iter().map(|it| it.wh.0).sum()
}

proptest! {
    #[test]
    fn every_watt_hour_is_used_held_or_quarantined(values in vec(-100_i64..800, 1..60)) {
        let outcome = play(&case(arrivals(&values)));
        let held = outcome.held.iter().filter(|it| it.meter == "I");
        let set_aside = |code: &str| -> i64 {
            let of = outcome.quarantined.iter().filter(|it| it.meter == code);
            of.map(|it| it.wh.0).sum()
        };
        let kept = sum(&outcome, "I") + held.map(|it| it.wh.0).sum::<i64>() + set_aside("I");
        prop_assert_eq!(kept, values.iter().sum::<i64>());
        prop_assert_eq!(set_aside("X"), values.iter().sum::<i64>());
    }

    #[test]
    fn the_order_of_arrival_and_saying_it_twice_change_nothing(
        values in vec(0_i64..500, 2..40),
        shuffled in Just(()).prop_perturb(|(), mut random| random.random::<u64>()),
    ) {
        let plain = arrivals(&values);
        let mut twice = plain.clone();
        twice.extend(plain.clone());
        twice.sort_by_key(|it| {
            let at = u64::try_from(it.said.span().to.0).unwrap_or_default();
            (at ^ shuffled).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        });
        let (once, twice) = (play(&case(plain)), play(&case(twice)));
        prop_assert_eq!(once.usage, twice.usage);
        prop_assert_eq!(once.held, twice.held);
        prop_assert_eq!(twice.corrections, vec![]);
        prop_assert_eq!(once.gaps, twice.gaps);
    }

    #[test]
    fn a_register_uses_what_it_rose(values in vec(0_i64..500, 2..60)) {
        let honest: Vec<i64> = values.iter().map(|wh| wh - i64::from(wh % 10 == 3)).collect();
        let outcome = play(&case(arrivals(&honest)));
        prop_assert_eq!(&outcome.held, &vec![]);
        prop_assert_eq!(sum(&outcome, "R"), honest[1..].iter().sum::<i64>());
    }
}
