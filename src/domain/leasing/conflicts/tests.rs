//! Conflicts against a count day by day that shares nothing with them.

use super::*;
use crate::domain::leasing::place::{CoolingZone, Demand, Needs, Node, Outage, Piece, Rack};
use crate::domain::site::{CoolingKind, Leg, RackPhase, Supply, Workload};
use crate::domain::units::Watts;
use chrono::Datelike;
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;

const NODES: usize = 4;
const RACKS: usize = 4;

fn first() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 22).unwrap()
}

fn day(at: u64) -> NaiveDate {
    first() + Days::new(at)
}

/// A grid over two feeds and a third feed by itself; two zones, the second weaker in July.
fn site() -> impl Strategy<Value = Site> {
    let nodes = vec(0_i64..60, NODES);
    let racks = vec(
        (
            1_usize..NODES,
            proptest::option::of(1_usize..NODES),
            0_usize..2,
            1_u32..6,
            4_i64..60,
        ),
        RACKS,
    );
    let outages = vec((0_usize..NODES, 0_u64..60, 1_u64..20), 0..3);
    let bans = vec((0_u64..60, 1_u64..20), 0..2);
    (nodes, racks, outages, bans, 5_i64..60, 0_i64..101).prop_map(
        |(nodes, racks, outages, bans, unit, july)| {
            let parents = [None, Some(0), Some(0), None];
            let node = |(watts, parent): (i64, Option<usize>)| Node {
                parent,
                legs: [3 * watts, 3 * watts, watts],
                grid: false,
            };
            let zone = |derate| CoolingZone {
                kind: CoolingKind::Air,
                units: vec![Watts(unit), Watts(unit + 3)],
                spare_units: 1,
                derate,
            };
            let mut summer = [Decimal::ONE; 12];
            summer[6] = Decimal::new(july, 2);
            let span = |from: u64, days: u64| Window {
                from: day(from),
                to: Some(day(from + days)),
            };
            Site {
                nodes: nodes.into_iter().zip(parents).map(node).collect(),
                zones: vec![zone([Decimal::ONE; 12]), zone(summer)],
                racks: racks
                    .into_iter()
                    .map(|(feed, second, zone, slots, limit)| Rack {
                        feeds: (feed, second.filter(|second| *second != feed)),
                        zone,
                        slots,
                        limit: Watts(limit),
                        phase: RackPhase::Three,
                        hall: 0,
                        row: 0,
                    })
                    .collect(),
                restrictions: bans
                    .into_iter()
                    .map(|(from, days)| Restriction {
                        workload: Workload::Mining,
                        window: span(from, days),
                    })
                    .collect(),
                outages: outages
                    .into_iter()
                    .map(|(node, from, days)| Outage {
                        node,
                        window: span(from, days),
                    })
                    .collect(),
            }
        },
    )
}

fn booking() -> impl Strategy<Value = Booking> {
    let pieces = vec((0_usize..RACKS, 0_usize..3, 1_u32..4), 1..4);
    (pieces, 1_i64..9, 0_u64..50, 1_u64..60, any::<[bool; 3]>()).prop_map(
        |(pieces, watts, from, days, [three, assigned, mining])| {
            let witness: Vec<Piece> = pieces
                .into_iter()
                .map(|(rack, leg, units)| Piece {
                    rack,
                    leg: (!three).then(|| Leg::ALL[leg]),
                    units,
                })
                .collect();
            Booking {
                demand: Demand {
                    workload: if mining {
                        Workload::Mining
                    } else {
                        Workload::Compute
                    },
                    cooling: CoolingKind::Air,
                    units: witness.iter().map(|piece| piece.units).sum(),
                    watts_each: Watts(watts),
                    supply: if three { Supply::Three } else { Supply::Single },
                    window: Window {
                        from: day(from),
                        to: Some(day(from + days)),
                    },
                    racks: None,
                    needs: Needs::default(),
                },
                witness,
                assigned,
            }
        },
    )
}

/// Thirds of a watt, watts or slots that a booking puts on a resource.
fn load(site: &Site, booking: &Booking, resource: Resource) -> i64 {
    let mut sum = 0;
    for piece in &booking.witness {
        let rack = &site.racks[piece.rack];
        let watts = booking.demand.watts_each.0 * i64::from(piece.units);
        let on = |leg| match piece.leg {
            None => watts,
            Some(own) if own == leg => 3 * watts,
            Some(_) => 0,
        };
        let mut above = BTreeSet::new();
        for feed in std::iter::once(rack.feeds.0).chain(rack.feeds.1) {
            let mut at = Some(feed);
            while let Some(node) = at {
                above.insert(node);
                at = site.nodes[node].parent;
            }
        }
        sum += match resource {
            Resource::NodeLeg(node, leg) if above.contains(&node) => on(leg),
            Resource::RackLeg(at, leg) if at == piece.rack => on(leg),
            Resource::RackSlots(at) if at == piece.rack => i64::from(piece.units),
            Resource::Zone(zone) if zone == rack.zone => watts,
            _ => 0,
        };
    }
    sum
}

fn capacity(site: &Site, resource: Resource, day: NaiveDate) -> i64 {
    match resource {
        Resource::NodeLeg(node, leg) => {
            let out = site
                .outages
                .iter()
                .any(|o| o.node == node && o.window.contains(day));
            if out {
                0
            } else {
                site.nodes[node].legs[leg.index()]
            }
        }
        Resource::Zone(zone) => {
            let zone = &site.zones[zone];
            let mut units: Vec<i64> = zone.units.iter().map(|unit| unit.0).collect();
            units.sort_unstable();
            units.pop();
            let whole = Decimal::from(units.iter().sum::<i64>());
            let left = whole * zone.derate[day.month0() as usize];
            i64::try_from(left.floor()).unwrap()
        }
        Resource::RackSlots(rack) => i64::from(site.racks[rack].slots),
        Resource::RackLeg(rack, _) => site.racks[rack].limit.0,
        _ => unreachable!(),
    }
}

fn resources(site: &Site) -> Vec<Resource> {
    let mut all = vec![];
    for &leg in Leg::ALL {
        all.extend((0..site.nodes.len()).map(|node| Resource::NodeLeg(node, leg)));
        all.extend((0..site.racks.len()).map(|rack| Resource::RackLeg(rack, leg)));
    }
    all.extend((0..site.zones.len()).map(Resource::Zone));
    all.extend((0..site.racks.len()).map(Resource::RackSlots));
    all
}

/// Every booking, trouble and day on which it stands where there is too little, by how much.
fn by_day(site: &Site, bookings: &[Booking]) -> BTreeMap<(usize, Trouble), Extent> {
    let mut found: BTreeMap<(usize, Trouble), Extent> = BTreeMap::new();
    let mut note = |key, today: NaiveDate, excess, own| {
        let kept = found.entry(key).or_insert(Extent {
            window: Window {
                from: today,
                to: None,
            },
            excess,
            own,
        });
        kept.window.to = Some(today + Days::new(1));
        kept.excess = kept.excess.max(excess);
    };
    for at in 0..130 {
        let today = day(at);
        let alive = |b: &Booking| b.demand.window.contains(today);
        for resource in resources(site) {
            let loads: Vec<i64> = bookings
                .iter()
                .map(|b| if alive(b) { load(site, b, resource) } else { 0 })
                .collect();
            let over = loads.iter().sum::<i64>() - capacity(site, resource, today);
            if over > 0 {
                for (booking, own) in loads.iter().enumerate().filter(|(_, own)| **own > 0) {
                    let key = (booking, Trouble::Short(resource));
                    note(key, today, whole(resource, over), whole(resource, *own));
                }
            }
        }
        for (booking, b) in bookings.iter().enumerate().filter(|(_, b)| alive(b)) {
            for (rule, ban) in site.restrictions.iter().enumerate() {
                if ban.window.contains(today) && ban.workload == b.demand.workload {
                    let watts = b.demand.watts_each.0 * i64::from(b.demand.units);
                    let key = (booking, Trouble::Short(Resource::Restriction(rule)));
                    note(key, today, watts, watts);
                }
            }
        }
    }
    found
}

fn as_map(found: &[Conflict]) -> BTreeMap<(usize, Trouble), Extent> {
    found
        .iter()
        .map(|c| ((c.booking, c.trouble), c.extent))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn conflicts_are_what_a_count_by_days_finds(
        site in site(), bookings in vec(booking(), 0..6)
    ) {
        let found = conflicts(&site, &bookings);
        prop_assert_eq!(as_map(&found), by_day(&site, &bookings));
        // The same resources and bookings as `verify` calls oversold.
        let mut sold = BTreeSet::new();
        for violation in verify(&site, &bookings) {
            if let Violation::Oversold { resource, bookings, .. } = violation {
                sold.extend(bookings.into_iter().map(|at| (at, Trouble::Short(resource))));
            }
        }
        let rule = |t: &Trouble| matches!(t, Trouble::Short(Resource::Restriction(_)));
        let listed: BTreeSet<_> = found.iter().map(|c| (c.booking, c.trouble)).collect();
        prop_assert_eq!(sold, listed.into_iter().filter(|(_, t)| !rule(t)).collect());
        for c in &found {
            prop_assert!(stands_on(&site, &bookings[c.booking], c.trouble));
        }
    }

    #[test]
    fn moving_makes_nothing_worse_and_leaves_what_is_assigned(
        site in site(), bookings in vec(booking(), 0..5)
    ) {
        let before = conflicts(&site, &bookings);
        let mut after = bookings.clone();
        let moved = relieve(&site, &mut after, &Limits::default());
        for (at, (old, new)) in bookings.iter().zip(&after).enumerate() {
            prop_assert_eq!(&old.demand, &new.demand);
            prop_assert!(old.witness == new.witness || (!old.assigned && moved.contains(&at)));
            prop_assert_eq!(new.witness.iter().map(|p| p.units).sum::<u32>(), new.demand.units);
        }
        let (before, after) = (as_map(&before), as_map(&conflicts(&site, &after)));
        for (key, extent) in after {
            let was = before.get(&key);
            prop_assert!(was.is_some_and(|was| covers(was, &extent)), "{key:?} {was:?} {extent:?}");
        }
    }

    #[test]
    fn a_new_booking_joins_no_conflict(
        site in site(), bookings in vec(booking(), 0..5), wish in booking()
    ) {
        let before = as_map(&conflicts(&site, &bookings));
        let Ok(placed) = place::place(&site, &bookings, &wish.demand, &Limits::default()) else {
            return Ok(());
        };
        let mut after = bookings.clone();
        for (at, pieces) in placed.moved {
            after[at].witness = pieces;
        }
        after.push(Booking { witness: placed.pieces, assigned: false, ..wish });
        for (key, extent) in as_map(&conflicts(&site, &after)) {
            prop_assert!(before.get(&key).is_some_and(|was| covers(was, &extent)), "{key:?}");
        }
    }
}

fn alone(watts: i64, to: Option<NaiveDate>) -> (Site, Booking) {
    let site = Site {
        nodes: vec![Node {
            parent: None,
            legs: [3_000; 3],
            grid: false,
        }],
        zones: vec![CoolingZone {
            kind: CoolingKind::Air,
            units: vec![Watts(1_000)],
            spare_units: 0,
            derate: std::array::from_fn(|month| {
                if month == 6 {
                    Decimal::new(5, 1)
                } else {
                    Decimal::ONE
                }
            }),
        }],
        racks: vec![Rack {
            feeds: (0, None),
            zone: 0,
            slots: 10,
            limit: Watts(9_000),
            phase: RackPhase::Three,
            hall: 0,
            row: 0,
        }],
        ..Site::default()
    };
    let demand = Demand {
        workload: Workload::Mining,
        cooling: CoolingKind::Air,
        units: 1,
        watts_each: Watts(watts),
        supply: Supply::Single,
        window: Window { from: first(), to },
        racks: None,
        needs: Needs::default(),
    };
    let witness = vec![Piece {
        rack: 0,
        leg: Some(Leg::L2),
        units: 1,
    }];
    let booking = Booking {
        demand,
        witness,
        assigned: true,
    };
    (site, booking)
}

#[test]
fn a_summer_that_recurs_has_no_last_day_for_a_booking_without_an_end() {
    let july = |year| NaiveDate::from_ymd_opt(year, 7, 1).unwrap();
    let (site, open) = alone(700, None);
    let [found] = conflicts(&site, &[open]).try_into().unwrap();
    assert_eq!(found.trouble, Trouble::Short(Resource::Zone(0)));
    assert_eq!((found.extent.excess, found.extent.own), (200, 700));
    assert_eq!(
        found.extent.window,
        Window {
            from: july(2026),
            to: None
        }
    );
    let (site, short) = alone(700, Some(july(2027)));
    let [found] = conflicts(&site, &[short]).try_into().unwrap();
    let august = NaiveDate::from_ymd_opt(2026, 8, 1);
    assert_eq!(
        found.extent.window,
        Window {
            from: july(2026),
            to: august
        }
    );
    let (site, long) = alone(700, Some(july(2028)));
    let [found] = conflicts(&site, &[long]).try_into().unwrap();
    assert_eq!(found.extent.window.to, NaiveDate::from_ymd_opt(2027, 8, 1));
}

#[test]
fn a_rack_that_no_longer_suits_is_a_conflict_of_its_own() {
    let (mut site, booking) = alone(100, None);
    site.racks[0].phase = RackPhase::L1;
    let found = conflicts(&site, std::slice::from_ref(&booking));
    let wrong: Vec<_> = found.iter().map(|c| (c.trouble, c.extent.excess)).collect();
    assert!(wrong.contains(&(Trouble::Misplaced(0), 1)), "{wrong:?}");
}

#[test]
fn what_was_agreed_to_covers_less_and_nothing_more() {
    let extent = |from, to: Option<u64>, excess| Extent {
        window: Window {
            from: day(from),
            to: to.map(day),
        },
        excess,
        own: 1,
    };
    let agreed = extent(5, Some(9), 10);
    assert!(covers(&agreed, &agreed) && covers(&agreed, &extent(6, Some(8), 9)));
    for more in [
        extent(4, Some(9), 1),
        extent(5, Some(10), 1),
        extent(5, None, 1),
        extent(5, Some(9), 11),
    ] {
        assert!(!covers(&agreed, &more), "{more:?}");
    }
}
