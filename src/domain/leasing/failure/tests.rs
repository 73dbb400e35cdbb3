use super::*;
use crate::domain::leasing::place::{
    Demand, Limits, Needs, Node, Outage, Piece, Rack, place, verify,
};
use crate::domain::site::{CoolingKind, RackPhase, Supply, Workload};
use crate::domain::units::Watts;
use proptest::collection::vec;
use proptest::prelude::*;

fn day(at: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 22).unwrap() + Days::new(at)
}

fn on(at: u64) -> Window {
    Window {
        from: day(at),
        to: Some(day(at + 1)),
    }
}

/// A grid (0) over panels 1 and 2 and their feeds 3 and 4; zone 0 with three units, one to spare.
/// Rack 0 hangs on both feeds, rack 1 on feed 3, rack 2 on feed 4.
fn site() -> Site {
    let parents = [None, Some(0), Some(0), Some(1), Some(2)];
    let rack = |feeds| Rack {
        feeds,
        zone: 0,
        slots: 10,
        limit: Watts(1_000),
        phase: RackPhase::Three,
        hall: 0,
        row: 0,
    };
    Site {
        nodes: parents
            .into_iter()
            .map(|parent| Node {
                parent,
                legs: [3_000; 3],
                grid: false,
            })
            .collect(),
        zones: vec![CoolingZone {
            kind: CoolingKind::Air,
            units: vec![Watts(300), Watts(300), Watts(500)],
            spare_units: 1,
            derate: [Decimal::ONE; 12],
        }],
        racks: vec![rack((3, Some(4))), rack((3, None)), rack((4, None))],
        ..Site::default()
    }
}

fn booking(rack: usize, units: u32, window: Window) -> Booking {
    Booking {
        demand: Demand {
            workload: Workload::Mining,
            cooling: CoolingKind::Air,
            units,
            watts_each: Watts(100),
            supply: Supply::Three,
            window,
            racks: None,
            needs: Needs::default(),
        },
        witness: vec![Piece {
            rack,
            leg: None,
            units,
        }],
        assigned: true,
    }
}

fn year() -> Window {
    Window {
        from: day(0),
        to: Some(day(365)),
    }
}

fn three() -> Vec<Booking> {
    vec![
        booking(0, 2, year()),
        booking(1, 3, year()),
        booking(2, 1, year()),
    ]
}

#[test]
fn a_lost_feed_darkens_its_racks_and_those_on_two_ride_through() {
    let toll = failure(&site(), &three(), &[Lost::Node(3)], on(10));
    assert_eq!(
        (toll.dark, toll.riding, toll.dark_watts),
        (vec![1], vec![0], 300)
    );
    let hits: Vec<_> = toll
        .hits
        .iter()
        .map(|h| (h.booking, h.dark, h.riding))
        .collect();
    assert_eq!(hits, [(1, 3, 0), (0, 0, 2)]);
    assert!(toll.zones.is_empty() && toll.over_legs.is_empty());
}

#[test]
fn a_panel_takes_what_hangs_below_it_and_the_grid_takes_all() {
    let of = |lost: &[Lost]| failure(&site(), &three(), lost, on(10));
    assert_eq!(of(&[Lost::Node(2)]).dark, [2]);
    assert_eq!(of(&[Lost::Node(0)]).dark, [0, 1, 2]);
    assert_eq!(
        of(&[Lost::Node(3), Lost::Node(2)]).dark,
        [0, 1, 2],
        "both feeds of rack 0"
    );
}

#[test]
fn a_planned_outage_of_the_other_feed_leaves_nothing_to_ride_on() {
    let mut site = site();
    site.outages.push(Outage {
        node: 4,
        window: on(10),
    });
    let toll = failure(&site, &three(), &[Lost::Node(3)], on(10));
    assert_eq!(
        toll.dark,
        [0, 1],
        "rack 2 is dark by the outage, not by this"
    );
    let longer = Window {
        from: day(8),
        to: Some(day(12)),
    };
    let toll = failure(&site, &three(), &[Lost::Node(3)], longer);
    assert_eq!(
        (toll.dark_watts, toll.worst),
        (500, day(10)),
        "the worst day of four"
    );
}

#[test]
fn a_spare_unit_takes_over_and_a_second_loss_does_not_find_one() {
    let six = three();
    let of = |lost: &[Lost]| failure(&site(), &six, lost, on(10));
    let one = of(&[Lost::Unit(0, 2)]);
    let [zone] = one.zones.as_slice() else {
        panic!()
    };
    assert_eq!(
        (zone.removes, zone.heat, zone.over(), zone.spare_left),
        (600, 600, 0, 0)
    );
    assert!(one.hits.is_empty());
    let two = of(&[Lost::Unit(0, 2), Lost::Unit(0, 0)]);
    assert_eq!((two.zones[0].removes, two.zones[0].over()), (300, 300));
    assert_eq!(
        two.hits.iter().map(|h| h.hot).sum::<u32>(),
        6,
        "all that stand in it"
    );
    let with_feed = of(&[Lost::Unit(0, 2), Lost::Unit(0, 0), Lost::Node(3)]);
    assert_eq!(with_feed.zones[0].heat, 300, "what is dark gives no heat");
}

#[test]
fn only_what_is_alive_is_hit() {
    let late = vec![booking(
        1,
        1,
        Window {
            from: day(20),
            to: Some(day(30)),
        },
    )];
    assert!(
        failure(&site(), &late, &[Lost::Node(3)], on(10))
            .hits
            .is_empty()
    );
    let open = Window {
        from: day(10),
        to: None,
    };
    assert_eq!(
        failure(&site(), &late, &[Lost::Node(3)], open).worst,
        day(20)
    );
}

/// A grid over two panels and four feeds, racks on one or two of them.
fn sites() -> impl Strategy<Value = Site> {
    let nodes = vec(30_i64..200, 7);
    let racks = vec(
        (3_usize..7, proptest::option::of(3_usize..7), 0_usize..2),
        1..6,
    );
    let units = vec(vec(20_i64..80, 1..4), 2);
    let outages = vec((1_usize..7, 0_u64..20), 0..2);
    (nodes, racks, units, outages).prop_map(|(nodes, racks, units, outages)| Site {
        nodes: nodes
            .into_iter()
            .zip([None, Some(0), Some(0), Some(1), Some(1), Some(2), Some(2)])
            .map(|(watts, parent)| Node {
                parent,
                legs: [3 * watts, 2 * watts, watts],
                grid: false,
            })
            .collect(),
        zones: units
            .into_iter()
            .map(|units| CoolingZone {
                kind: CoolingKind::Air,
                spare_units: u32::from(units.len() > 1),
                units: units.into_iter().map(Watts).collect(),
                derate: [Decimal::new(9, 1); 12],
            })
            .collect(),
        racks: racks
            .into_iter()
            .map(|(feed, second, zone)| Rack {
                feeds: (feed, second.filter(|second| *second != feed)),
                zone,
                slots: 9,
                limit: Watts(60),
                phase: RackPhase::Three,
                hall: 0,
                row: 0,
            })
            .collect(),
        restrictions: vec![],
        outages: outages
            .into_iter()
            .map(|(node, at)| Outage {
                node,
                window: on(at),
            })
            .collect(),
    })
}

fn wishes() -> impl Strategy<Value = Vec<(u32, i64, u64, u64, bool)>> {
    vec(
        (1_u32..6, 1_i64..12, 0_u64..20, 1_u64..30, any::<bool>()),
        1..6,
    )
}

fn booked(site: &Site, wishes: &[(u32, i64, u64, u64, bool)]) -> Vec<Booking> {
    let mut live: Vec<Booking> = vec![];
    for &(units, watts, from, days, three) in wishes {
        let mut wish = booking(
            0,
            units,
            Window {
                from: day(from),
                to: Some(day(from + days)),
            },
        );
        wish.demand.watts_each = Watts(watts);
        wish.demand.supply = if three { Supply::Three } else { Supply::Single };
        if let Ok(placed) = place(site, &live, &wish.demand, &Limits::default()) {
            for (at, pieces) in placed.moved {
                live[at].witness = pieces;
            }
            live.push(Booking {
                witness: placed.pieces,
                assigned: false,
                ..wish
            });
        }
    }
    live
}

/// What each leg carries when every rack draws from the feed that `choose` gives it.
fn flows(
    site: &Site,
    live: &[Booking],
    at: NaiveDate,
    choose: impl Fn(usize) -> Option<usize>,
) -> Vec<[i64; 3]> {
    let mut flows = vec![[0; 3]; site.nodes.len()];
    for b in live.iter().filter(|b| b.demand.window.contains(at)) {
        for piece in &b.witness {
            let mut node = choose(piece.rack);
            while let Some(here) = node {
                let watts = b.demand.watts_each.0 * i64::from(piece.units);
                match piece.leg {
                    None => flows[here].iter_mut().for_each(|leg| *leg += watts),
                    Some(leg) => flows[here][leg.index()] += 3 * watts,
                }
                node = site.nodes[here].parent;
            }
        }
    }
    flows
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn what_survives_carries_no_more_than_it_can(
        site in sites(), wishes in wishes(), lost in vec(0_usize..7, 1..3),
        at in 0_u64..40, sides in vec(any::<bool>(), 6)
    ) {
        let live = booked(&site, &wishes);
        prop_assert!(verify(&site, &live).is_empty());
        let gone: Vec<Lost> = lost.iter().map(|&node| Lost::Node(node)).collect();
        let toll = failure(&site, &live, &gone, on(at));
        prop_assert!(toll.over_legs.is_empty(), "{:?}", toll.over_legs);
        // However the racks with two feeds share them, every node stays within its legs.
        let today = day(at);
        let out = |node: usize| {
            let planned = site.outages.iter().any(|o| o.node == node && o.window.contains(today));
            planned || lost.contains(&node)
        };
        let has_power = |feed: usize| !chain(&site, feed).any(out);
        let choose = |rack: usize| {
            let (first, second) = site.racks[rack].feeds;
            let mut feeds = vec![first];
            feeds.extend(second);
            if sides[rack] {
                feeds.reverse();
            }
            feeds.into_iter().find(|feed| has_power(*feed))
        };
        let flows = flows(&site, &live, today, choose);
        for (node, legs) in flows.iter().enumerate() {
            for (leg, used) in legs.iter().enumerate() {
                prop_assert!(*used == 0 || !out(node));
                prop_assert!(*used <= site.nodes[node].legs[leg], "node {node}");
            }
        }
        // A rack is dark exactly when no feed of it is left.
        for rack in &toll.dark {
            prop_assert!(choose(*rack).is_none());
        }
        for rack in &toll.riding {
            prop_assert!(choose(*rack).is_some() && site.racks[*rack].feeds.1.is_some());
        }
    }

    #[test]
    fn the_table_says_of_each_what_its_own_page_says(
        site in sites(), wishes in wishes(), at in 0_u64..40
    ) {
        let live = booked(&site, &wishes);
        let table = singles(&site, &live, day(at));
        let units: usize = site.zones.iter().map(|zone| zone.units.len()).sum();
        prop_assert_eq!(table.len(), site.nodes.len() + units);
        prop_assert!(table.windows(2).all(|pair| pair[0].impact() >= pair[1].impact()));
        for single in table {
            let toll = failure(&site, &live, &[single.lost], on(at));
            let dark: u32 = toll.hits.iter().map(|hit| hit.dark).sum();
            let hit = toll.hits.iter().filter(|hit| hit.dark + hit.hot > 0).count();
            prop_assert_eq!((single.dark_watts, single.dark), (toll.dark_watts, dark));
            prop_assert_eq!((single.bookings, single.riding_racks), (hit, toll.riding.len()));
            let over: i64 = toll.zones.iter().map(Zone::over).sum();
            prop_assert_eq!(single.over, over);
        }
    }
}
