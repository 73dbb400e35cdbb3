//! The sweep against a filling and a flow for each window, and against the oracle.

use super::super::oracle::Oracle;
use super::super::*;
use super::*;
use crate::domain::site::{CoolingKind, RackPhase, SlotsEach, Supply, Workload};
use crate::domain::units::Watts;
use chrono::{Days, NaiveDate};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;

fn day(week: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 8).unwrap() + Days::new(7 * week)
}

fn window() -> impl Strategy<Value = Window> {
    let weeks = prop_oneof![4 => (1_u64..6).prop_map(Some), 1 => Just(None)];
    (0_u64..6, weeks).prop_map(|(from, weeks)| Window {
        from: day(from),
        to: weeks.map(|weeks| day(from + weeks)),
    })
}

/// A grid (0) over two panels (1, 2) with two feeds each (3, 4 under 1; 5, 6 under 2).
fn site(racks: std::ops::Range<usize>) -> impl Strategy<Value = Site> {
    let feeds = (3_usize..7, 0_usize..12);
    let rack = (feeds, 0_usize..2, 1_u32..6, 6_i64..60, 0_usize..5);
    let zones = vec((20_i64..90, 3_i64..11), 2);
    let outages = vec((0_usize..7, 0_u64..10), 0..3);
    let (nodes, racks) = (vec(6_i64..60, 7), vec(rack, racks));
    (nodes, zones, racks, outages, any::<bool>()).prop_map(|(nodes, zones, racks, outages, own)| {
        let parents = [None, Some(0), Some(0), Some(1), Some(1), Some(2), Some(2)];
        let nodes = nodes.into_iter().zip(parents).map(|(watts, parent)| Node {
            parent,
            legs: legs_from_rating(Watts(watts), Decimal::ONE),
            grid: parent.is_none(),
        });
        let zones = zones.into_iter().map(|(watts, july)| {
            let mut derate = [Decimal::ONE; 12];
            derate[6] = Decimal::new(july, 1).min(Decimal::ONE);
            CoolingZone {
                kind: CoolingKind::Air,
                units: vec![Watts(watts)],
                spare_units: 0,
                derate,
            }
        });
        // A zone for each panel nests; zones of their own choice cross the feeds, and so do some
        // second feeds.
        let racks = racks
            .into_iter()
            .map(|((feed, second), zone, slots, limit, phase)| Rack {
                feeds: (
                    feed,
                    Some(second).filter(|&it| (3..7).contains(&it) && it != feed),
                ),
                zone: if own { zone } else { (feed - 3) / 2 },
                slots,
                limit: Watts(limit),
                hall: 0,
                row: 0,
                phase: [
                    RackPhase::Three,
                    RackPhase::Three,
                    RackPhase::Three,
                    RackPhase::L1,
                    RackPhase::L2,
                ][phase],
            });
        let outages = outages.into_iter().map(|(node, week)| Outage {
            node,
            window: Window {
                from: day(week),
                to: Some(day(week + 1)),
            },
        });
        Site {
            nodes: nodes.collect(),
            zones: zones.collect(),
            racks: racks.collect(),
            restrictions: vec![],
            outages: outages.collect(),
        }
    })
}

fn demand() -> impl Strategy<Value = Demand> {
    let supply = prop_oneof![Just(Supply::Single), Just(Supply::Three)];
    let slots_each = prop_oneof![4 => Just(SlotsEach::One), 1 => Just(SlotsEach::WholeRack)];
    let two_feeds = prop_oneof![5 => Just(false), 1 => Just(true)];
    let needs = (slots_each, two_feeds).prop_map(|(slots_each, two_feeds)| Needs {
        slots_each,
        two_feeds,
        ..Needs::default()
    });
    let asked = (1_u32..5, 1_i64..7, supply, window(), needs);
    asked.prop_map(|(units, watts, supply, window, needs)| Demand {
        workload: Workload::Compute,
        cooling: CoolingKind::Air,
        units,
        watts_each: Watts(watts),
        supply,
        window,
        racks: None,
        needs,
    })
}

/// Bookings that fit one after another; every third one is assigned.
fn booked(site: &Site, demands: &[Demand]) -> Vec<Booking> {
    let mut live: Vec<Booking> = vec![];
    for (at, demand) in demands.iter().enumerate() {
        if let Ok(placed) = place(site, &live, demand, &Limits::default()) {
            for (at, witness) in placed.moved {
                live[at].witness = witness;
            }
            live.push(Booking {
                demand: demand.clone(),
                witness: placed.pieces,
                assigned: at % 3 == 0,
            });
        }
    }
    live
}

fn windows(request: &Demand) -> Vec<Window> {
    let length = request.window.to.map(|to| to - request.window.from);
    let shift = |week: u64| Window {
        from: day(week),
        to: length.map(|length| day(week) + length),
    };
    (0..12).map(shift).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, max_shrink_iters: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_sweep_finds_what_a_flow_for_each_window_finds(
        site in site(1..12),
        demands in vec(demand(), 0..8),
        request in demand(),
    ) {
        let live = booked(&site, &demands);
        let ground = Ground::new(&site);
        let holders = live.iter().map(|b| (&b.demand, &b.witness[..]));
        let profile = Profile::new(&ground, holders);
        let racks = ground.eligible(&request);
        let windows = windows(&request);
        let sweep = Sweep::new(&ground, &request, &racks, &windows);
        let found = sweep.most(&profile, false);
        for (window, found) in windows.iter().zip(&found) {
            let demand = Demand { window: *window, ..request.clone() };
            let room = Room::new(&ground, &profile, &demand, racks.clone(), Families::ALL);
            let placed: u32 = room.most(10_000).pieces.iter().map(|piece| piece.units).sum();
            prop_assert_eq!(found.units, placed);
            prop_assert_eq!(found.binding.is_some(), !racks.is_empty(), "what binds is named");
        }
    }

    #[test]
    fn a_quick_answer_is_never_above_the_oracle_and_equal_where_it_is_proven(
        site in site(1..4),
        demands in vec(demand(), 0..4),
        request in demand(),
    ) {
        let live = booked(&site, &demands);
        let standing = Standing::new(&site, &live);
        let starts = [day(0), day(2), day(5)];
        let quick = standing.availability(&request, &starts, &Limits { search_nodes: 0, variables: 0 });
        let full = availability(&site, &live, &request, &starts, &Limits::default());
        for (at, &start) in starts.iter().enumerate() {
            let to = request.window.to.map(|to| start + (to - request.window.from));
            let all = Demand { units: 20, window: Window { from: start, to }, ..request.clone() };
            let Some(most) = Oracle::most(&site, &[Reason::Space, Reason::Power, Reason::Cooling], &live, &all) else {
                continue;
            };
            prop_assert!(quick[at].units <= most && full[at].units <= most);
            prop_assert!(most <= quick[at].upper && most <= full[at].upper);
            prop_assert!(!quick[at].proven() || quick[at].units == most);
            prop_assert!(!full[at].proven() || full[at].units == most);
        }
    }

    #[test]
    fn what_follows_its_bookings_answers_as_what_is_built_anew(
        site in site(1..8),
        demands in vec(demand(), 1..8),
        request in demand(),
    ) {
        let limits = Limits::default();
        let mut kept = Standing::owned(site.clone(), vec![]);
        for parts in demands.chunks(2) {
            if let Ok(placed) = kept.place_all(parts, &limits) {
                kept.accept(parts, &placed);
            }
        }
        let live = kept.bookings().to_vec();
        prop_assert_eq!(verify(&site, &live), vec![]);
        let starts: Vec<NaiveDate> = (0..10).map(day).collect();
        let anew = Standing::new(&site, &live);
        prop_assert_eq!(
            kept.availability(&request, &starts, &limits),
            anew.availability(&request, &starts, &limits)
        );
        prop_assert_eq!(kept.place(&request, &limits), place(&site, &live, &request, &limits));
        for (node, start) in (0..7).zip(starts) {
            let day = usage_on(&site, &live, start);
            let capacity = capacity_on(&site, start);
            prop_assert_eq!(kept.node_on(node, start), (capacity.legs[node], day.legs[node]));
            prop_assert_eq!(kept.zone_on(0, start), (capacity.zones[0], day.zones[0]));
            prop_assert_eq!(kept.rack_on(0, start), day.racks[0]);
        }
    }
}
