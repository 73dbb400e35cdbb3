//! Alarms about legs: what racks draw is apportioned by what is allocated, and summed up the tree.

use crate::billing::world::{version, zone};
use crate::identity::world::PASSWORD;
use crate::on_both;
use crate::support::House;
use crate::support::hotel::*;
use crate::support::server::Server;
use innkeeper::db::metering::alarms::{self as rows, Filter, Incident};
use innkeeper::domain::calendar::Instant;
use innkeeper::domain::identity::access::Role;
use innkeeper::domain::ids::*;
use innkeeper::domain::metering::alarm::Kind;
use innkeeper::domain::money::Currency;
use innkeeper::domain::site::{Leg, NodeKind};
use innkeeper::services::check::check;
use innkeeper::services::metering::alarms::{LIVE, sweep, sweep_kinds};
use innkeeper::services::metering::imports::Keep;
use innkeeper::services::site::nodes;
use std::sync::atomic::Ordering;

fn start() -> Instant {
    at("2026-06-02T00:00:00+03:00")
}

fn half_hour(count: i64) -> Instant {
    start().plus_seconds(count * 1_800)
}

/// A panel of 30 kW, a feed of 15 kW under it: 10 kW and 5 kW a leg.
struct Tree {
    panel: NodeId,
    feed: NodeId,
}

fn tree(hotel: &Hotel) -> Tree {
    let panel = hotel.node(NodeKind::Panel, None, "P-1", 30_000);
    let feed = hotel.node(NodeKind::Feed, Some(panel), "F-1", 15_000);
    Tree { panel, feed }
}

fn leased(hotel: &Hotel, rack: RackId, name: &str, leg: Option<Leg>, units: i64) {
    let terms = version("2026-01-01", vec![zone("all", "00:00", "00:00", "5.00")]);
    hotel.lease_on(
        leg,
        &Signed {
            tenant: hotel.tenant(name),
            plan: hotel.plan(name, Currency::Rub, &[terms]),
            start: "2026-06-01",
            end: None,
            contracted: &[("2026-06-01", 10_000)],
            racks: &[(rack, units)],
            watts_each: 450,
        },
    );
}

fn of_kind(house: &House, kind: Kind) -> Vec<Incident> {
    let filter = Filter {
        kind: Some(kind),
        limit: 100,
        ..Filter::default()
    };
    let found = rows::list(&mut house.db.get().unwrap(), &filter).unwrap();
    found.into_iter().map(|(row, _)| row).collect()
}

/// Subject, value and whether it goes on.
fn told(house: &House, kind: Kind) -> Vec<(String, i64, bool)> {
    let said = |it: Incident| (it.subject, it.value, it.cleared_at.is_none());
    let mut all: Vec<_> = of_kind(house, kind).into_iter().map(said).collect();
    all.sort();
    all
}

fn read(hotel: &Hotel, code: &str, half_hours_from: i64, wh: i64) {
    let from = half_hour(half_hours_from);
    let rows = half_hours(code, from, 1, wh);
    hotel.import(rows, Keep::AllOrNothing, from.plus_seconds(1_800));
}

on_both! {
    fn a_leg_above_its_limit_and_legs_out_of_balance(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let tree = tree(&hotel);
        let rack = hotel.rack_on(tree.feed, "A-0", 30);
        leased(&hotel, rack, "Берёза", Some(Leg::L1), 10);
        hotel.meter("M0", Some(rack), None, "2026-06-01");
        let node = |id: NodeId| format!("node-{id}");
        let over = format!("{}-L1", node(tree.feed));
        // 2 600 Wh of a half-hour are 5.2 kW, all on L1 of the feed's 5 kW; the panel carries 10.
        for at in 0..3 {
            read(&hotel, "M0", at, 2_600);
            sweep(&house.db, URL, half_hour(at + 1)).unwrap();
            assert_eq!(told(house, Kind::LegOver), [(over.clone(), 104, true)], "{at}");
            let uneven = told(house, Kind::LegImbalance);
            let both = [(node(tree.panel), 200, true), (node(tree.feed), 200, true)];
            assert_eq!(uneven, if at < 2 { vec![] } else { both.to_vec() }, "{at}");
        }
        let label = of_kind(house, Kind::LegOver).remove(0).label;
        assert_eq!(label, "F-1 · L1");
        // 4.6 kW are less than the limit and more than is calm; 4 kW for an hour are calm.
        for (at, wh) in [(3, 2_300 + 100), (4, 2_000), (5, 2_000), (6, 2_000)] {
            read(&hotel, "M0", at, wh);
            sweep(&house.db, URL, half_hour(at + 1)).unwrap();
            assert_eq!(told(house, Kind::LegOver), [(over.clone(), 104, at < 6)], "{at}");
        }
        let figures = house.db.read(|conn| nodes::today(&house.db, conn, hotel.site, half_hour(7)));
        let (ready, figures) = figures.unwrap();
        let at = ready.house.node_position(tree.feed).unwrap();
        let feed = figures.iter().find(|it| it.now.at == at).unwrap();
        assert_eq!(feed.drawn_legs.map(|legs| legs.map(|leg| leg.0)), Some([4_000, 0, 0]));
        assert_eq!(check(&house.db, half_hour(8)).unwrap(), vec![]);
        house.user("staff@example.ru", Role::Staff, None);
        let server = Server::start(&house.app(half_hour(7)));
        let staff = server.signed_in("staff@example.ru", PASSWORD);
        let incident = of_kind(house, Kind::LegOver).remove(0);
        let page = staff.get(&format!("/alarms/{}", incident.id)).text().unwrap();
        let href = format!("/sites/1/power?show=drawn#node-{}", tree.feed);
        assert!(page.contains(&href), "{page}");
        let page = staff.get("/sites/1/power?show=drawn").text().unwrap();
        assert!(page.contains(&format!("id=\"node-{}\"", tree.feed)));
    }

    fn three_phase_machines_draw_evenly_and_an_empty_panel_is_in_balance(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let tree = tree(&hotel);
        let racks = [hotel.rack_on(tree.feed, "A-0", 30), hotel.rack_on(tree.feed, "A-1", 30)];
        leased(&hotel, racks[0], "Берёза", None, 20);
        leased(&hotel, racks[1], "Ель", Some(Leg::L2), 3);
        hotel.meter("M0", Some(racks[0]), None, "2026-06-01");
        hotel.meter("M1", Some(racks[1]), None, "2026-06-01");
        for at in 0..4 {
            // Three legs alike, and 1.4 kW on L2: less than a tenth of the feed's 15 kW.
            let (even, single) = if at < 3 { (0, 700) } else { (4_500, 700) };
            read(&hotel, "M0", at, even);
            read(&hotel, "M1", at, single);
            sweep(&house.db, URL, half_hour(at + 1)).unwrap();
        }
        // 9 kW evenly and 1.4 on L2: 4.4 against a mean of 3.47 is 27 percent, seen once only.
        for kind in [Kind::LegOver, Kind::LegImbalance] {
            assert_eq!(told(house, kind), vec![], "{kind}");
        }
    }

    fn a_look_asks_as_often_of_many_racks(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let tree = tree(&hotel);
        let (app, queries) = house.counted(half_hour(1));
        let look = || {
            // The first look loads the site anew, where something was written.
            for _ in 0..2 {
                sweep_kinds(&app.db, URL, half_hour(1), &LIVE).unwrap();
            }
            let before = queries.load(Ordering::Relaxed);
            sweep_kinds(&app.db, URL, half_hour(1), &LIVE).unwrap();
            queries.load(Ordering::Relaxed) - before
        };
        let fill = |from: i64, to: i64| {
            for at in from..to {
                let rack = hotel.rack_on(tree.feed, &format!("A-{at}"), 10);
                hotel.meter(&format!("M{at}"), Some(rack), None, "2026-06-01");
                read(&hotel, &format!("M{at}"), 0, 10);
            }
        };
        fill(0, 2);
        let few = look();
        fill(2, 14);
        assert_eq!(look(), few);
        assert!(few <= 15, "{few}");
    }
}
