//! Several parts in one request, against the oracle; whole racks, two feeds and rules by hand.

use super::*;

fn parts() -> impl Strategy<Value = Vec<Demand>> {
    (vec(demand(), 2..4), window()).prop_map(|(mut parts, window)| {
        for part in &mut parts {
            part.window = window;
            part.units = part.units.min(3);
        }
        parts
    })
}

/// As for one demand, with all parts in full.
fn reasons(site: &Site, live: &[Booking], parts: &[Demand]) -> Option<Vec<Reason>> {
    let mut alone = vec![];
    let mut without = vec![];
    for family in FAMILIES {
        let others: Vec<Reason> = FAMILIES.into_iter().filter(|f| *f != family).collect();
        if !Oracle::all_fit(site, &[family], live, parts)? {
            alone.push(family);
        }
        if Oracle::all_fit(site, &others, live, parts)? {
            without.push(family);
        }
    }
    Some(if alone.is_empty() { without } else { alone })
}

fn expected(
    site: &Site,
    live: &[Booking],
    parts: &[Demand],
    units: &[u32],
    short: usize,
) -> Option<Vec<Reason>> {
    let mut before = live.to_vec();
    before.extend(
        parts[..short]
            .iter()
            .zip(units)
            .map(|(part, &units)| Booking {
                demand: Demand {
                    units,
                    ..part.clone()
                },
                witness: vec![],
                assigned: false,
            }),
    );
    match ruled(site, &before, &parts[short]) {
        Some(said) => said,
        None => reasons(site, live, parts),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 60,
        max_shrink_iters: 300,
        ..ProptestConfig::default()
    })]

    #[test]
    fn parts_are_placed_together_or_not_at_all(
        site in site(),
        before in vec(demand(), 0..3),
        parts in parts(),
    ) {
        let mut live = vec![];
        for demand in &before {
            if let Ok(placed) = place(&site, &live, demand, &Limits::default()) {
                book(&mut live, demand, placed);
            }
        }
        let Some(units) = Oracle::most_each(&site, &live, &parts) else {
            return Ok(());
        };
        let wanted: Vec<u32> = parts.iter().map(|part| part.units).collect();
        match place_all(&site, &live, &parts, &Limits::default()) {
            Ok(placed) => {
                prop_assert_eq!(&units, &wanted, "accepted though it does not fit");
                for (at, witness) in placed.moved {
                    live[at].witness = witness;
                }
                live.extend(parts.iter().zip(placed.parts).map(|(part, witness)| Booking {
                    demand: part.clone(),
                    witness,
                    assigned: false,
                }));
            }
            Err(refusal) => {
                prop_assert!(refusal.proven, "a tiny site is always decided");
                prop_assert_ne!(&units, &wanted, "refused though it fits");
                if parts.iter().all(|part| has_rack(&site, part)) {
                    prop_assert_eq!(&refusal.available_units, &units);
                    let said = expected(&site, &live, &parts, &units, refusal.short);
                    let said = said.filter(|said| !said.is_empty());
                    prop_assert!(said.is_none_or(|said| said == refusal.reasons));
                }
            }
        }
        prop_assert_eq!(verify(&site, &live), []);
    }
}

fn whole(demand: &Demand, racks: u32, watts: i64) -> Demand {
    Demand {
        units: racks,
        watts_each: Watts(watts),
        needs: Needs {
            slots_each: SlotsEach::WholeRack,
            ..Needs::default()
        },
        ..demand.clone()
    }
}

#[test]
fn a_whole_rack_is_nobody_elses() {
    let (site, demand) = pair();
    let one = Demand {
        units: 1,
        ..demand.clone()
    };
    let limits = Limits::default();
    let mut live = vec![];
    for _ in 0..2 {
        let placed = place(&site, &live, &one, &limits).unwrap();
        book(&mut live, &one, placed);
    }
    // The two may stand together in one rack: the other is free as a whole, but not both.
    let refusal = place(&site, &live, &whole(&demand, 2, 1), &limits).unwrap_err();
    assert_eq!(
        (refusal.reasons, refusal.available_units),
        (vec![Reason::Space], 1)
    );
    let wanted = whole(&demand, 1, 20);
    let placed = place(&site, &live, &wanted, &limits).unwrap();
    book(&mut live, &wanted, placed);
    assert_eq!(verify(&site, &live), []);
    assert_eq!(
        usage_on(&site, &live, day(0))
            .racks
            .iter()
            .map(|rack| rack.slots)
            .sum::<u32>(),
        4
    );
    assert!(place(&site, &live, &one, &limits).is_err());
}

#[test]
fn a_whole_rack_draws_at_most_its_limit() {
    let (site, demand) = pair();
    let limits = Limits::default();
    let refusal = place(&site, &[], &whole(&demand, 1, 31), &limits).unwrap_err();
    assert_eq!(
        (refusal.reasons[0], refusal.available_units),
        (Reason::Space, 0)
    );
    let binding = refusal.binding.unwrap();
    assert!(
        matches!(binding.resource, Resource::RackLeg(..)),
        "{binding:?}"
    );
    assert!(place(&site, &[], &whole(&demand, 1, 30), &limits).is_ok());
}

/// A rack on two feeds under one panel, and one whose feeds share the grid connection only.
fn two_kinds() -> (Site, Demand) {
    let (mut site, demand) = pair();
    let node = |parent| Node {
        parent,
        legs: [60; 3],
        grid: parent.is_none(),
    };
    site.nodes = [None, Some(0), Some(0), Some(1), Some(1), Some(2)]
        .map(node)
        .to_vec();
    site.zones[0].spare_units = 1;
    site.zones[0].units = vec![Watts(90); 2];
    site.racks[0].feeds = (3, Some(4));
    site.racks[1].feeds = (3, Some(5));
    site.racks.push(Rack {
        feeds: (5, None),
        ..site.racks[0].clone()
    });
    (site, demand)
}

#[test]
fn rules_of_admission_tell_racks_apart() {
    let (mut site, demand) = two_kinds();
    let under = |redundancy, units| Demand {
        units,
        needs: Needs {
            redundancy,
            ..Needs::default()
        },
        ..demand.clone()
    };
    let most = |site: &Site, redundancy| {
        most_units(site, &[], &under(redundancy, 1), &Limits::default()).units
    };
    assert_eq!(
        Redundancy::ALL
            .iter()
            .map(|rule| most(&site, *rule))
            .collect::<Vec<_>>(),
        [6, 4, 2]
    );
    let refusal = place(&site, &[], &under(Redundancy::TwoN, 3), &Limits::default()).unwrap_err();
    assert_eq!(
        (refusal.reasons, refusal.available_units),
        (vec![Reason::Space], 2)
    );
    let binding = refusal.binding.unwrap();
    let rule = Resource::Redundancy(Redundancy::TwoN);
    assert_eq!(
        (binding.resource, binding.free, binding.needed),
        (rule, 2, 3)
    );
    // Without a spare unit no rack meets any rule, and where more than all is wanted it is not the rule.
    let all = place(&site, &[], &under(Redundancy::TwoN, 7), &Limits::default()).unwrap_err();
    assert!(!matches!(
        all.binding.unwrap().resource,
        Resource::Redundancy(_)
    ));
    site.zones[0].spare_units = 0;
    assert_eq!(
        Redundancy::ALL
            .iter()
            .map(|rule| most(&site, *rule))
            .collect::<Vec<_>>(),
        [6, 0, 0]
    );
}

#[test]
fn two_feeds_may_be_wanted_without_a_rule() {
    let (mut site, demand) = two_kinds();
    let wanted = Demand {
        needs: Needs {
            two_feeds: true,
            ..Needs::default()
        },
        ..demand
    };
    assert_eq!(most_units(&site, &[], &wanted, &Limits::default()).units, 4);
    site.racks.iter_mut().for_each(|rack| rack.feeds.1 = None);
    let refusal = place(&site, &[], &wanted, &Limits::default()).unwrap_err();
    assert_eq!(refusal.binding.unwrap().resource, Resource::Feeds);
    assert_eq!(
        (refusal.reasons, refusal.proven),
        (vec![Reason::Space], true)
    );
}
