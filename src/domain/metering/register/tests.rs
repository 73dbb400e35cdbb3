use super::*;
use proptest::collection::vec;
use proptest::prelude::*;

const KILO: WattHours = WattHours(1_000);

/// Four digits of kilowatt-hours: 0 to 9 999.
fn device() -> Device {
    Device {
        from: Instant(0),
        to: None,
        digits: 4,
        unit: KILO,
        ratio: 1,
        initial: None,
        last: None,
        rated: None,
    }
}

fn state(hour: i64, kwh: i64) -> State {
    State {
        at: Instant(hour * 3_600),
        wh: WattHours(kwh * 1_000),
    }
}

fn step(from: i64, to: i64, kwh: i64, how: How) -> Step {
    Step {
        span: Span {
            from: Instant(from * 3_600),
            to: Instant(to * 3_600),
        },
        wh: WattHours(kwh * 1_000),
        how,
    }
}

fn held(hour: i64, previous: Option<i64>, kwh: i64, why: Why) -> Held {
    Held {
        at: Instant(hour * 3_600),
        previous: previous.map(|kwh| WattHours(kwh * 1_000)),
        wh: WattHours(kwh * 1_000),
        why,
    }
}

fn kwh(kwh: i64) -> Option<WattHours> {
    Some(WattHours(kwh * 1_000))
}

fn check(devices: &[Device], states: &[State], expected: &[Step], waiting: &[Held]) {
    let found = steps(devices, states);
    assert_eq!(found.steps, expected);
    assert_eq!(found.held, waiting);
}

#[test]
fn a_rise_is_energy_and_the_order_of_arrival_is_nothing() {
    let states = [state(2, 130), state(0, 100), state(1, 110)];
    let expected = [step(0, 1, 10, How::Plain), step(1, 2, 20, How::Plain)];
    check(&[device()], &states, &expected, &[]);
}

#[test]
fn a_display_rolls_over_by_its_digits() {
    let states = [state(0, 9_900), state(1, 100)];
    let rolled = step(0, 1, 200, How::Rollover);
    check(&[device()], &states, &[rolled], &[]);
}

#[test]
fn the_ratio_multiplies_what_the_display_shows() {
    let ratio = Device {
        ratio: 40,
        ..device()
    };
    let states = [state(0, 9_999), state(1, 1), state(2, 3)];
    let expected = [step(0, 1, 80, How::Rollover), step(1, 2, 80, How::Plain)];
    check(&[ratio], &states, &expected, &[]);
}

#[test]
fn an_unexplained_fall_waits_and_what_follows_is_held_to_the_last_good_state() {
    let states = [state(0, 5_000), state(1, 4_000), state(2, 5_010)];
    let fall = held(1, Some(5_000), 4_000, Why::Fall);
    check(&[device()], &states, &[step(0, 2, 10, How::Plain)], &[fall]);
    // From the top tenth, but not to the bottom one.
    let states = [state(0, 9_500), state(1, 1_000)];
    check(
        &[device()],
        &states,
        &[],
        &[held(1, Some(9_500), 1_000, Why::Fall)],
    );
}

#[test]
fn the_rating_decides_about_rises_and_rollovers() {
    // 100 kW: 120 kWh an hour are believed, and one more that whole units may hide.
    let rated = Device {
        rated: Some(Watts(100_000)),
        ..device()
    };
    let states = [state(0, 9_000), state(1, 9_121), state(2, 9_243)];
    let above = held(2, Some(9_121), 9_243, Why::AboveRating);
    check(&[rated], &states, &[step(0, 1, 121, How::Plain)], &[above]);
    // 9 900 → 100 in an hour is 200 kWh, in two hours it is plausible.
    let fall = held(1, Some(9_900), 100, Why::Fall);
    check(&[rated], &[state(0, 9_900), state(1, 100)], &[], &[fall]);
    check(
        &[rated],
        &[state(0, 9_900), state(2, 100)],
        &[step(0, 2, 200, How::Rollover)],
        &[],
    );
}

#[test]
fn decimals_of_a_display_leave_nothing_to_hide() {
    let rated = Device {
        rated: Some(Watts(1_000)),
        ..device()
    };
    let (a, b) = (state(0, 1), state(1, 2));
    let fine = State {
        wh: WattHours(2_201),
        ..b
    };
    assert_eq!(steps(&[rated], &[a, fine]).held[0].why, Why::AboveRating);
    let fine = State {
        wh: WattHours(2_200),
        ..b
    };
    assert_eq!(steps(&[rated], &[a, fine]).steps.len(), 1);
}

#[test]
fn a_person_confirms_what_was_held() {
    let states = [state(0, 5_000), state(1, 4_000), state(2, 4_010)];
    let found = steps_confirmed(&[device()], &states, &[Instant(3_600)]);
    let expected = [step(0, 1, 9_000, How::Rollover), step(1, 2, 10, How::Plain)];
    assert_eq!(found.steps, expected);
    assert_eq!(found.held, []);
}

/// The display of `device()` until hour 3 (last 150), then another from 20 on with a ratio of 2.
fn exchanged() -> [Device; 2] {
    let old = Device {
        to: Some(Instant(3 * 3_600)),
        last: kwh(150),
        ..device()
    };
    let new = Device {
        from: Instant(3 * 3_600),
        initial: kwh(20),
        ratio: 2,
        ..device()
    };
    [old, new]
}

#[test]
fn a_declared_exchange_is_crossed_by_one_step() {
    let states = [state(2, 140), state(4, 25), state(5, 26)];
    let expected = [step(2, 4, 20, How::Exchange), step(4, 5, 2, How::Plain)];
    check(&exchanged(), &states, &expected, &[]);
    // Before the new device is read the step stays open.
    check(&exchanged(), &states[..1], &[], &[]);
}

#[test]
fn a_state_at_the_exchange_divides_the_step() {
    for at_exchange in [150, 20] {
        let states = [state(2, 140), state(3, at_exchange), state(4, 25)];
        let found = steps(&exchanged(), &states);
        let energy: Vec<_> = found.steps.iter().map(|it| (it.span.to, it.wh)).collect();
        let (first, second) = (WattHours(10_000), WattHours(10_000));
        assert_eq!(
            energy,
            [(Instant(3 * 3_600), first), (Instant(4 * 3_600), second)],
            "{at_exchange}"
        );
        assert_eq!(found.held, []);
    }
    let other = [state(2, 140), state(3, 77), state(4, 25)];
    let contradicts = held(3, None, 77, Why::Contradicts);
    let whole = step(2, 4, 20, How::Exchange);
    check(&exchanged(), &other, &[whole], &[contradicts]);
}

#[test]
fn a_state_at_the_exchange_is_the_last_of_an_old_device_that_declares_none() {
    let [old, new] = exchanged();
    let old = Device { last: None, ..old };
    let states = [state(2, 140), state(3, 150), state(4, 25)];
    let expected = [step(2, 3, 10, How::Plain), step(3, 4, 10, How::Exchange)];
    check(&[old, new], &states, &expected, &[]);
}

#[test]
fn a_device_that_was_never_read_counts_by_what_is_declared() {
    let [old, second] = exchanged();
    let second = Device {
        to: Some(Instant(5 * 3_600)),
        last: kwh(30),
        ..second
    };
    let third = Device {
        from: Instant(5 * 3_600),
        initial: kwh(0),
        ..device()
    };
    let states = [state(2, 140), state(6, 1)];
    let expected = step(2, 6, 10 + 2 * 10 + 1, How::Exchange);
    check(&[third, old, second], &states, &[expected], &[]);
}

#[test]
fn an_exchange_that_is_not_declared_leaves_a_gap_and_waits() {
    let [old, new] = exchanged();
    let states = [state(2, 140), state(4, 25), state(5, 26)];
    let no_last = Device { last: None, ..old };
    let undeclared = held(3, Some(140), 20, Why::Undeclared);
    let expected = [step(3, 4, 10, How::Exchange), step(4, 5, 2, How::Plain)];
    check(&[no_last, new], &states, &expected, &[undeclared]);
    let no_initial = Device {
        initial: None,
        ..new
    };
    let undeclared = held(3, Some(150), 25, Why::Undeclared);
    let expected = [step(2, 3, 10, How::Exchange), step(4, 5, 2, How::Plain)];
    check(&[old, no_initial], &states, &expected, &[undeclared]);
}

#[test]
fn a_wrong_final_value_is_held_and_the_new_device_starts_afresh() {
    let [old, new] = exchanged();
    let wrong = Device {
        last: kwh(120),
        ..old
    };
    let fall = held(3, Some(140), 120, Why::Fall);
    let expected = [step(3, 4, 10, How::Exchange)];
    check(
        &[wrong, new],
        &[state(2, 140), state(4, 25)],
        &expected,
        &[fall],
    );
}

#[test]
fn what_no_device_can_show_is_held() {
    let placed = Device {
        from: Instant(3_600),
        to: Some(Instant(4 * 3_600)),
        ..device()
    };
    let states = [
        state(0, 1),
        state(1, 5),
        state(2, 10_000),
        state(3, -1),
        state(4, 8),
        state(5, 9),
    ];
    let waiting = [
        held(0, None, 1, Why::NoDevice),
        held(2, Some(5), 10_000, Why::OutOfRange),
        held(3, Some(5), -1, Why::OutOfRange),
        held(5, None, 9, Why::NoDevice),
    ];
    check(&[placed], &states, &[step(1, 4, 3, How::Plain)], &waiting);
}

#[test]
fn what_64_bits_do_not_hold_is_held() {
    let huge = Device {
        digits: 18,
        unit: WattHours(1),
        ratio: i64::MAX,
        ..device()
    };
    let states = [state(0, 0), state(1, 1)];
    let overflow = held(1, Some(0), 1, Why::Overflow);
    check(&[huge], &states, &[], &[overflow]);
    let uncounted = Device {
        digits: u32::MAX,
        unit: WattHours(i64::MAX),
        ..device()
    };
    let states = [state(0, 5), state(1, 4)];
    check(
        &[uncounted],
        &states,
        &[],
        &[held(1, Some(5), 4, Why::Fall)],
    );
}

prop_compose! {
    /// Devices with true rises between their states, and all states in order. Up to 1 MWh of a
    /// display of 10 MWh and a rating that believes it.
    fn life()(lives in vec((1_i64..50, 0_i64..10_000, vec(0_i64..1_000, 1..12)), 1..5))
        -> (Vec<Device>, Vec<State>, i64)
    {
        let (mut devices, mut states, mut used, mut hour) = (vec![], vec![], 0, 0);
        for (ratio, initial, rises) in lives {
            let mut shown = initial;
            let from = state(hour, 0).at;
            for rise in rises {
                hour += 2;
                shown = (shown + rise) % 10_000;
                used += rise * ratio;
                states.push(state(hour, shown));
            }
            hour += 1;
            devices.push(Device {
                from,
                to: Some(state(hour, 0).at),
                ratio,
                initial: kwh(initial),
                last: kwh(shown),
                rated: Some(Watts(1_000_000 * ratio)),
                ..device()
            });
        }
        if let Some(still_there) = devices.last_mut() {
            (still_there.to, still_there.last) = (None, None);
        }
        (devices, states, used * 1_000)
    }
}

fn contiguous(steps: &[Step]) -> bool {
    steps
        .windows(2)
        .all(|pair| pair[0].span.to == pair[1].span.from)
}

proptest! {
    #[test]
    fn nothing_is_lost_over_rollovers_and_exchanges((devices, states, used) in life()) {
        let found = steps(&devices, &states);
        prop_assert_eq!(&found.held, &[]);
        prop_assert!(contiguous(&found.steps));
        prop_assert_eq!(found.steps.iter().map(|step| step.wh).sum::<WattHours>(), WattHours(used));
    }

    #[test]
    fn a_later_state_only_adds((devices, states, _) in life(), cut in 0_usize..60) {
        let all = steps(&devices, &states).steps;
        let some = steps(&devices, &states[..cut.min(states.len())]).steps;
        // A device's declared end is known before its last states come.
        let upto = states.get(cut.wrapping_sub(1)).map_or(Instant(0), |state| state.at);
        let sure = some.iter().take_while(|step| step.span.to <= upto).count();
        prop_assert_eq!(&some[..sure], &all[..sure]);
    }

    #[test]
    fn whatever_comes_is_never_negative_and_counted_once(
        ends in vec((0_i64..40, proptest::option::of(0_i64..40), -10_i64..12_000, 0_u32..25, -2_i64..9), 0..4),
        readings in vec((0_i64..40, -10_i64..12_000), 0..30),
    ) {
        let devices: Vec<_> = ends
            .iter()
            .map(|(from, to, shown, digits, ratio)| Device {
                from: state(*from, 0).at,
                to: to.map(|to| state(to, 0).at),
                digits: *digits,
                ratio: *ratio,
                initial: (shown % 2 == 0).then_some(state(0, *shown).wh),
                last: (shown % 3 == 0).then_some(state(0, *shown).wh),
                rated: (shown % 5 == 0).then_some(Watts(shown * 1_000)),
                ..device()
            })
            .collect();
        let states: Vec<_> = readings.iter().map(|(hour, kwh)| state(*hour, *kwh)).collect();
        let found = steps(&devices, &states);
        prop_assert!(found.steps.iter().all(|step| step.wh >= WattHours::ZERO));
        prop_assert!(found.steps.iter().all(|step| step.span.from < step.span.to));
        prop_assert!(found.steps.windows(2).all(|it| it[0].span.to <= it[1].span.from));
    }
}
