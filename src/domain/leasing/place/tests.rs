//! Random tiny sites and streams of operations, against the oracle and the replay.

mod mixed;
mod quality;

use super::oracle::Oracle;
use super::*;
use crate::domain::calendar::Window;
use crate::domain::site::{CoolingKind, RackPhase, Redundancy, SlotsEach, Supply, Workload};
use crate::domain::units::Watts;
use chrono::{Days, NaiveDate};
use proptest::bool::weighted;
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;

const FAMILIES: [Reason; 3] = [Reason::Space, Reason::Power, Reason::Cooling];

/// Weeks from a Monday before July, so that some windows meet a derated month.
fn day(week: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 8).unwrap() + Days::new(7 * week)
}

fn window() -> impl Strategy<Value = Window> {
    (
        0_u64..5,
        prop_oneof![4 => (1_u64..5).prop_map(Some), 1 => Just(None)],
    )
        .prop_map(|(from, weeks)| Window {
            from: day(from),
            to: weeks.map(|weeks| day(from + weeks)),
        })
}

fn phase() -> impl Strategy<Value = RackPhase> {
    prop_oneof![3 => Just(RackPhase::Three), 1 => Just(RackPhase::L1), 1 => Just(RackPhase::L2)]
}

fn rack() -> impl Strategy<Value = Rack> {
    let feeds = (1_usize..5, proptest::option::weighted(0.3, 1_usize..5));
    (feeds, 0_usize..2, 1_u32..5, 6_i64..40, phase()).prop_map(
        |(feeds, zone, slots, limit, phase)| {
            let feeds = (feeds.0, feeds.1.filter(|second| *second != feeds.0));
            Rack {
                feeds,
                zone,
                slots,
                limit: Watts(limit),
                phase,
                hall: 0,
                row: zone,
            }
        },
    )
}

/// Up to four racks, some of them alike.
fn racks() -> impl Strategy<Value = Vec<Rack>> {
    vec((rack(), 1_usize..3), 1..4).prop_map(|kinds| {
        let all = kinds
            .into_iter()
            .flat_map(|(rack, copies)| vec![rack; copies]);
        all.take(4).collect()
    })
}

/// A grid (0) over two panels (1, 2) and two feeds (3 under 1, 4 under 2).
fn site() -> impl Strategy<Value = Site> {
    let nodes = vec((6_i64..40, any::<bool>()), 5);
    let zones = vec(
        (vec(4_i64..20, 1..3), 0_u32..2, 4_i64..15, weighted(0.15)),
        2,
    );
    let outages = vec((1_usize..5, 0_u64..8), 0..2);
    (nodes, zones, racks(), outages).prop_map(|(nodes, zones, racks, outages)| {
        let parents = [None, Some(0), Some(0), Some(1), Some(2)];
        let nodes = nodes
            .into_iter()
            .zip(parents)
            .map(|((watts, wide), parent)| {
                let watts = if wide || parent.is_none() {
                    3 * watts
                } else {
                    watts
                };
                Node {
                    parent,
                    legs: legs_from_rating(Watts(watts), Decimal::ONE),
                    grid: parent.is_none(),
                }
            });
        let zones = zones.into_iter().map(|(units, spare, july, hydro)| {
            let mut derate = [Decimal::ONE; 12];
            derate[6] = Decimal::new(july, 1).min(Decimal::ONE);
            CoolingZone {
                kind: if hydro {
                    CoolingKind::Hydro
                } else {
                    CoolingKind::Air
                },
                units: units.into_iter().map(|unit| Watts(unit * 2)).collect(),
                spare_units: spare,
                derate,
            }
        });
        let outages = outages.into_iter().map(|(node, week)| Outage {
            node,
            window: Window {
                from: day(week),
                to: Some(day(week + 1)),
            },
        });
        let (nodes, zones) = (nodes.collect(), zones.collect());
        Site {
            nodes,
            zones,
            racks,
            restrictions: vec![],
            outages: outages.collect(),
        }
    })
}

fn demand() -> impl Strategy<Value = Demand> {
    let kind = prop_oneof![9 => Just(CoolingKind::Air), 1 => Just(CoolingKind::Hydro)];
    let supply = prop_oneof![Just(Supply::Single), Just(Supply::Three)];
    let hall = proptest::option::weighted(0.1, Just(vec![0]));
    (kind, 1_u32..5, 1_i64..7, supply, window(), hall, needs()).prop_map(
        |(cooling, units, watts, supply, window, racks, needs)| Demand {
            workload: Workload::Compute,
            cooling,
            units,
            watts_each: Watts(watts),
            supply,
            window,
            racks,
            needs,
        },
    )
}

/// Mostly nothing but a place.
fn needs() -> impl Strategy<Value = Needs> {
    let slots = prop_oneof![4 => Just(SlotsEach::One), 1 => Just(SlotsEach::WholeRack)];
    let rule = prop_oneof![
        8 => Just(Redundancy::N),
        1 => Just(Redundancy::NPlusOne),
        1 => Just(Redundancy::TwoN),
    ];
    (slots, weighted(0.1), rule).prop_map(|(slots_each, two_feeds, redundancy)| Needs {
        slots_each,
        two_feeds,
        redundancy,
    })
}

#[derive(Clone, Debug)]
enum Step {
    Place(Demand),
    Cancel(usize),
    Assign(usize),
}

fn stream() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => demand().prop_map(Step::Place),
        1 => (0_usize..4).prop_map(Step::Cancel),
        1 => (0_usize..4).prop_map(Step::Assign),
    ];
    vec(step, 3..9)
}

pub(super) fn book(live: &mut Vec<Booking>, demand: &Demand, placed: Placement) {
    for (at, witness) in placed.moved {
        live[at].witness = witness;
    }
    live.push(Booking {
        demand: demand.clone(),
        witness: placed.pieces,
        assigned: false,
    });
}

/// The families that refuse alone, else those without which it fits, by the oracle.
fn reasons(site: &Site, live: &[Booking], demand: &Demand) -> Option<Vec<Reason>> {
    let fits = |families: &[Reason]| {
        Oracle::most(site, families, live, demand).map(|most| most == demand.units)
    };
    let mut alone = vec![];
    let mut without = vec![];
    for family in FAMILIES {
        let others: Vec<Reason> = FAMILIES
            .into_iter()
            .filter(|other| *other != family)
            .collect();
        if !fits(&[family])? {
            alone.push(family);
        }
        if fits(&others)? {
            without.push(family);
        }
    }
    Some(if alone.is_empty() { without } else { alone })
}

/// What is said where the rule of admission refuses; `None` where it does not.
fn ruled(site: &Site, live: &[Booking], demand: &Demand) -> Option<Option<Vec<Reason>>> {
    if demand.needs.redundancy == Redundancy::N {
        return None;
    }
    let free = Demand {
        needs: Needs {
            redundancy: Redundancy::N,
            ..demand.needs
        },
        ..demand.clone()
    };
    match Oracle::most(site, &FAMILIES, live, &free) {
        Some(most) => (most == demand.units).then(|| Some(vec![Reason::Space])),
        None => Some(None),
    }
}

fn has_rack(site: &Site, demand: &Demand) -> bool {
    let ground = ground::Ground::new(site);
    !ground.eligible(demand).is_empty()
}

fn answers_as_the_oracle(site: &Site, live: &mut Vec<Booking>, demand: &Demand) {
    let Some(most) = Oracle::most(site, &FAMILIES, live, demand) else {
        return;
    };
    match place(site, live, demand, &Limits::default()) {
        Ok(placed) => {
            assert_eq!(most, demand.units, "accepted though it does not fit");
            book(live, demand, placed);
        }
        Err(refusal) => {
            assert!(refusal.proven, "a tiny site is always decided");
            assert_eq!(refusal.available_units, most);
            assert!(most < demand.units, "refused though it fits");
            if has_rack(site, demand) {
                let expected = reasons(site, live, demand).filter(|known| !known.is_empty());
                let expected = ruled(site, live, demand).unwrap_or(expected);
                assert!(expected.is_none_or(|expected| refusal.reasons == expected));
            }
        }
    }
    assert_eq!(verify(site, live), []);
}

fn assign_as_it_stands(site: &Site, live: &mut [Booking], at: usize) {
    let pieces = live[at].witness.clone();
    let placed = check_assignment(site, live, at, &pieces, &Limits::default());
    assert_eq!(placed.expect("it stands there already").moved, []);
    live[at].assigned = true;
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 40,
        max_shrink_iters: 300,
        ..ProptestConfig::default()
    })]

    #[test]
    fn streams_answer_as_the_oracle_and_never_oversell(site in site(), steps in stream()) {
        let mut live = vec![];
        for step in steps {
            match step {
                Step::Place(demand) => answers_as_the_oracle(&site, &mut live, &demand),
                Step::Cancel(at) if at < live.len() => drop(live.remove(at)),
                Step::Assign(at) if at < live.len() => assign_as_it_stands(&site, &mut live, at),
                _ => {}
            }
        }
    }
}

/// A hall of 300 racks under 30 feeds with 40 live bookings.
fn large() -> (Site, Vec<Booking>, Demand) {
    let mut nodes = vec![Node {
        parent: None,
        legs: [3_000_000; 3],
        grid: true,
    }];
    nodes.extend((0..6).map(|_| Node {
        parent: Some(0),
        legs: [500_000; 3],
        grid: false,
    }));
    nodes.extend((0..30).map(|feed| Node {
        parent: Some(1 + feed / 5),
        legs: [110_000; 3],
        grid: false,
    }));
    let zone = CoolingZone {
        kind: CoolingKind::Air,
        units: vec![Watts(300_000); 4],
        spare_units: 1,
        derate: [Decimal::ONE; 12],
    };
    let racks = (0..300).map(|rack| Rack {
        feeds: (
            7 + rack / 10,
            (rack % 3 == 0).then_some(7 + (rack / 10 + 1) % 30),
        ),
        zone: rack / 100,
        slots: 12,
        limit: Watts(40_000),
        phase: if rack % 4 == 0 {
            RackPhase::Three
        } else {
            RackPhase::L2
        },
        hall: rack / 100,
        row: rack / 10,
    });
    let racks = racks.collect();
    let site = Site {
        nodes,
        zones: vec![zone; 3],
        racks,
        ..Site::default()
    };
    let demand = |at: u64| Demand {
        workload: Workload::Mining,
        cooling: CoolingKind::Air,
        units: 5 + at as u32,
        watts_each: Watts(3_000 + 50 * at as i64),
        supply: if at.is_multiple_of(2) {
            Supply::Single
        } else {
            Supply::Three
        },
        window: Window {
            from: day(at / 3),
            to: (!at.is_multiple_of(4)).then(|| day(at + 20)),
        },
        racks: None,
        needs: Needs::default(),
    };
    let mut live = vec![];
    for at in 0..40 {
        if let Ok(placed) = place(&site, &live, &demand(at), &Limits::default()) {
            book(&mut live, &demand(at), placed);
        }
    }
    (site, live, demand(6))
}

#[test]
fn a_large_site_is_answered_with_bounds() {
    let (site, live, demand) = large();
    assert_eq!(verify(&site, &live), []);
    let starts: Vec<NaiveDate> = (0..12).map(|month| day(4 * month)).collect();
    let found = availability(&site, &live, &demand, &starts, &Limits::default());
    let at = |start: usize, units: u32| {
        let window = Window {
            from: starts[start],
            ..demand.window
        };
        let request = Demand {
            units,
            window,
            ..demand.clone()
        };
        place(&site, &live, &request, &Limits::default())
    };
    assert!(demand.window.to.is_some_and(|to| to > starts[0]));
    let least = found.iter().map(|found| found.units).min().unwrap();
    assert!(
        at(0, least).is_ok(),
        "the least over all starts is offered at the first"
    );
    let refusal = at(0, 100_000).unwrap_err();
    assert_eq!(
        refusal.reasons,
        [Reason::Space, Reason::Power, Reason::Cooling]
    );
    assert!(refusal.available_units >= least && refusal.binding.is_some());
}

/// Two racks of two slots each, and a demand that fills one.
pub(super) fn pair() -> (Site, Demand) {
    let node = Node {
        parent: None,
        legs: [30; 3],
        grid: true,
    };
    let (units, derate) = (vec![Watts(90)], [Decimal::ONE; 12]);
    let zone = CoolingZone {
        kind: CoolingKind::Air,
        units,
        spare_units: 0,
        derate,
    };
    let (limit, phase) = (Watts(30), RackPhase::Three);
    let rack = Rack {
        feeds: (0, None),
        zone: 0,
        slots: 2,
        limit,
        phase,
        hall: 0,
        row: 0,
    };
    let site = Site {
        nodes: vec![node],
        zones: vec![zone],
        racks: vec![rack; 2],
        ..Site::default()
    };
    let demand = Demand {
        workload: Workload::Compute,
        cooling: CoolingKind::Air,
        units: 2,
        watts_each: Watts(5),
        supply: Supply::Three,
        window: Window {
            from: day(0),
            to: None,
        },
        racks: None,
        needs: Needs::default(),
    };
    (site, demand)
}

#[test]
fn staff_may_choose_racks_where_the_others_can_make_room() {
    let (site, demand) = pair();
    let on = |rack| {
        vec![Piece {
            rack,
            leg: None,
            units: 2,
        }]
    };
    let booking = |rack| Booking {
        demand: demand.clone(),
        witness: on(rack),
        assigned: false,
    };
    let mut live = vec![booking(0), booking(1)];
    let limits = Limits::default();
    let swapped = check_assignment(&site, &live, 0, &on(1), &limits).unwrap();
    assert_eq!(
        swapped,
        Placement {
            pieces: on(1),
            moved: vec![(1, on(0))]
        }
    );
    live[1].assigned = true;
    let refusal = check_assignment(&site, &live, 0, &on(1), &limits).unwrap_err();
    assert_eq!(
        (refusal.reasons, refusal.proven),
        (vec![Reason::Space], true)
    );
    let short = vec![Piece {
        rack: 0,
        leg: None,
        units: 1,
    }];
    assert!(check_assignment(&site, &live, 0, &short, &limits).is_err());
}
