use super::*;
use proptest::prelude::*;

const BOOKING: ReservationId = ReservationId(7);

fn share(leg: Option<Leg>, units: i64) -> Share {
    Share {
        reservation: BOOKING,
        leg,
        units,
        watts_each: Watts(3_500),
        supply: Supply::Single,
        whole: false,
    }
}

fn ground(shares: Vec<Share>) -> Ground {
    Ground {
        rack: "A-01".to_owned(),
        slots: 12,
        phase: RackPhase::Three,
        cooling: CoolingKind::Air,
        shares,
        standing: vec![],
        elsewhere: vec!["A-02".to_owned()],
    }
}

fn even() -> Ground {
    ground(Leg::ALL.iter().map(|leg| share(Some(*leg), 2)).collect())
}

fn machine() -> Candidate {
    Candidate {
        id: MachineId(1),
        reservation: Some(BOOKING),
        watts: Watts(3_500),
        cooling: CoolingKind::Air,
        supply: Supply::Single,
    }
}

fn why(ground: &Ground, machine: &Candidate, wish: Wish) -> (&'static str, String) {
    let refused = ground.spot(machine, wish).unwrap_err();
    (refused.field, refused.message.key)
}

#[test]
fn a_machine_goes_only_ways_that_exist() {
    use MachineState as S;
    let ways = [
        (S::Expected, vec![S::Received, S::Racked, S::Removed]),
        (S::Received, vec![S::Racked, S::Repair, S::Removed]),
        (
            S::Racked,
            vec![S::Received, S::Racked, S::Repair, S::Removed],
        ),
        (S::Repair, vec![S::Received, S::Racked, S::Removed]),
        (S::Removed, vec![S::Received]),
    ];
    for (from, to) in ways {
        for state in S::ALL {
            assert_eq!(
                from.may_become(*state),
                to.contains(state),
                "{from} → {state}"
            );
        }
    }
}

#[test]
fn legs_fill_in_turn_and_slots_from_the_lowest() {
    let mut grounds = [even()];
    let spots = fill(&mut grounds, &machine(), 10);
    let seen: Vec<_> = spots
        .iter()
        .map(|(_, s)| (s.slot, s.leg.unwrap().code()))
        .collect();
    assert_eq!(
        seen,
        [
            (1, "L1"),
            (2, "L2"),
            (3, "L3"),
            (4, "L1"),
            (5, "L2"),
            (6, "L3")
        ]
    );
}

#[test]
fn racks_fill_in_their_order() {
    let mut grounds = [ground(vec![share(Some(Leg::L2), 1)]), even()];
    let spots = fill(&mut grounds, &machine(), 3);
    assert_eq!(
        spots.iter().map(|(at, _)| *at).collect::<Vec<_>>(),
        [0, 1, 1]
    );
}

#[test]
fn each_refusal_stands_beside_its_field() {
    let fine = even();
    let any = Wish::default();
    let of = |change: fn(&mut Candidate)| {
        let mut other = machine();
        change(&mut other);
        other
    };
    let cases = [
        (
            of(|m| m.reservation = None),
            any,
            ("reservation", "machine-refused-booking"),
        ),
        (
            of(|m| m.reservation = Some(ReservationId(8))),
            any,
            ("rack", "machine-refused-no-units"),
        ),
        (
            of(|m| m.cooling = CoolingKind::Hydro),
            any,
            ("rack", "machine-refused-cooling"),
        ),
        (
            of(|m| m.supply = Supply::Three),
            any,
            ("rack", "machine-refused-supply"),
        ),
        (
            of(|m| m.watts = Watts(3_501)),
            any,
            ("watts", "machine-refused-watts"),
        ),
        (
            machine(),
            Wish {
                slot: Some(13),
                leg: None,
            },
            ("slot", "machine-refused-slot"),
        ),
        (
            machine(),
            Wish {
                slot: Some(0),
                leg: None,
            },
            ("slot", "machine-refused-slot"),
        ),
    ];
    for (machine, wish, (field, key)) in cases {
        assert_eq!(why(&fine, &machine, wish), (field, key.to_owned()));
    }
}

#[test]
fn what_is_taken_is_not_given_twice() {
    let mut ground = ground(vec![share(Some(Leg::L1), 1), share(Some(Leg::L2), 1)]);
    ground.standing.push(Standing {
        machine: MachineId(5),
        reservation: Some(BOOKING),
        slot: 3,
        leg: Some(Leg::L1),
        watts: Watts(3_500),
    });
    let wish = |slot, leg| Wish { slot, leg };
    let third = why(&ground, &machine(), wish(Some(3), None));
    assert_eq!(third, ("slot", "machine-refused-slot-taken".to_owned()));
    let leg = ground
        .spot(&machine(), wish(None, Some(Leg::L1)))
        .unwrap_err();
    assert_eq!(leg.message.args.last().unwrap().1, "L2 (1)".into());
    let spot = ground.spot(&machine(), Wish::default()).unwrap();
    assert_eq!(
        spot,
        Spot {
            slot: 1,
            leg: Some(Leg::L2)
        }
    );
    ground.standing[0].leg = Some(Leg::L2);
    ground.shares.remove(0);
    assert_eq!(
        why(&ground, &machine(), Wish::default()).1,
        "machine-refused-taken"
    );
    // Its own slot and leg are no obstacle to the machine that has them.
    let own = Candidate {
        id: MachineId(5),
        ..machine()
    };
    assert!(ground.spot(&own, wish(Some(3), Some(Leg::L2))).is_ok());
}

#[test]
fn a_rack_with_one_leg_and_a_three_phase_machine_leave_no_choice() {
    let mut single = ground(vec![share(None, 1)]);
    single.phase = RackPhase::L3;
    assert_eq!(
        single.spot(&machine(), Wish::default()).unwrap().leg,
        Some(Leg::L3)
    );
    let three = Share {
        supply: Supply::Three,
        ..share(None, 1)
    };
    let whole = ground(vec![three]);
    let miner = Candidate {
        supply: Supply::Three,
        ..machine()
    };
    assert_eq!(whole.spot(&miner, Wish::default()).unwrap().leg, None);
    let odd = Wish {
        slot: None,
        leg: Some(Leg::L1),
    };
    assert_eq!(why(&whole, &miner, odd).0, "leg");
}

#[test]
fn a_whole_rack_takes_machines_until_its_power_is_used() {
    let whole = Share {
        whole: true,
        supply: Supply::Three,
        watts_each: Watts(10_000),
        ..share(None, 1)
    };
    let mut grounds = [ground(vec![whole])];
    let legs: Vec<_> = fill(&mut grounds, &machine(), 9)
        .iter()
        .map(|(_, spot)| spot.leg)
        .collect();
    assert_eq!(legs, [Some(Leg::L1), Some(Leg::L2)], "7 of 10 kW");
    let refused = why(&grounds[0], &machine(), Wish::default());
    assert_eq!(refused, ("watts", "machine-refused-budget".to_owned()));
    let small = Candidate {
        watts: Watts(3_000),
        ..machine()
    };
    assert!(grounds[0].spot(&small, Wish::default()).is_ok());
}

proptest! {
    #[test]
    fn filling_never_gives_more_than_is_booked(units in [0_i64..6, 0..6, 0..6], slots in 1_i64..16, count in 0_usize..30) {
        let shares = Leg::ALL.iter().zip(units).map(|(leg, units)| share(Some(*leg), units)).collect();
        let mut grounds = [Ground { slots, ..ground(shares) }];
        let spots = fill(&mut grounds, &machine(), count);
        let booked: i64 = units.iter().sum();
        prop_assert_eq!(spots.len() as i64, booked.min(slots).min(count as i64));
        let mut taken: Vec<i64> = spots.iter().map(|(_, s)| s.slot).collect();
        taken.dedup();
        prop_assert_eq!(taken.len(), spots.len());
        for (leg, most) in Leg::ALL.iter().zip(units) {
            let on = spots.iter().filter(|(_, s)| s.leg == Some(*leg)).count();
            prop_assert!(on as i64 <= most);
        }
    }
}
