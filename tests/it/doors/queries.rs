//! A page asks as many queries of a site ten times as large: none for each row, none for each rack.

use crate::identity::world::PASSWORD;
use crate::support::server::{Server, Visitor};
use crate::support::{House, Kind, NOW};
use innkeeper::domain::identity::access::Role;
use innkeeper::domain::leasing::case::Case;
use innkeeper::services::leasing::play::play;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

/// Pages of the site and leasing wings; `1` is in every house.
const PAGES: [&str; 31] = [
    "/",
    "/availability",
    "/availability?model=custom&watts=3500&supply=single&cooling=air&units=4&from=2027-01-01&term=6",
    "/availability/search",
    "/reservations",
    "/reservations?sort=tenant",
    "/reservations/1",
    "/reservations/1/cancellation",
    "/reservations/1/assignment",
    "/leases",
    "/requests",
    "/sites",
    "/sites/1",
    "/sites/1/halls",
    "/sites/1/power",
    "/sites/1/cooling",
    "/sites/1/outages",
    "/racks",
    "/racks?sort=sold&dir=desc",
    "/racks/1",
    "/racks/1/edit",
    "/racks/1/elevation",
    "/halls/1/floor",
    "/halls/1/floor?on=2027-03-01",
    "/sites/1/power?show=peak",
    "/machines",
    "/conflicts",
    "/alarms",
    "/sites/1/alarm-rules",
    "/restrictions",
    "/models",
];

/// A house with so many racks, a feed for each five of them and half as many bookings.
fn house(racks: usize) -> House {
    let house = House::open(Kind::Sqlite).unwrap();
    let feeds = (0..racks / 5).map(move |feed| {
        json!({"id": format!("feed-{feed}"), "parent": "grid", "rating_kw": "200", "usable": "1"})
    });
    let grid = json!({"id": "grid", "parent": null, "rating_kw": "100000", "usable": "1"});
    let racks = (0..racks).map(|rack| {
        json!({"id": format!("R{rack:03}"), "feeds": [format!("feed-{}", rack / 5)], "zone": format!("z{}", rack / 10),
               "slots": 10, "limit_kw": "50", "phase": "three"})
    });
    let racks: Vec<_> = racks.collect();
    let zones: Vec<_> = (0..racks.len() / 10)
        .map(|zone| {
            json!({"id": format!("z{zone}"), "kind": "air", "units_kw": ["1000"], "spare_units": 0, "derate_by_month": {}})
        })
        .collect();
    let ops: Vec<_> = (0..racks.len() / 2)
        .map(|op| {
            json!({"op": "reserve", "id": format!("r{op}"), "tenant": format!("tenant {}", op % 7), "workload": "mining",
                   "cooling": "air", "units": 2, "watts_each": 3000, "supply": "single",
                   "from": "2026-12-01", "to": "2027-12-01", "expect": "accepted"})
        })
        .collect();
    let power: Vec<_> = [grid].into_iter().chain(feeds).collect();
    let case = json!({
        "name": "a site", "why": "queries",
        "site": {
            "time_zone": "Europe/Moscow", "power": power,
            "cooling": zones, "racks": racks, "outages": [], "restrictions": [],
        },
        "ops": ops,
    });
    let answers = play(&house.db, &Case::parse(&case.to_string()).unwrap()).unwrap();
    assert!(answers.iter().all(|answer| answer.answer == "accepted"));
    house.user("staff@example.ru", Role::Administrator, None);
    house
}

/// Queries of each page, once it was asked for before; the fewest of five, for the background
/// asks now and then too.
fn counts(house: &House) -> BTreeMap<&'static str, u64> {
    let (app, queries) = house.counted(NOW);
    let server = Server::start(&app);
    let visitor = server.signed_in("staff@example.ru", PASSWORD);
    PAGES
        .iter()
        .map(|path| (*path, count(&visitor, path, &queries)))
        .collect()
}

fn count(visitor: &Visitor, path: &str, queries: &AtomicU64) -> u64 {
    once(visitor, path, queries);
    (0..5).map(|_| once(visitor, path, queries)).min().unwrap()
}

fn once(visitor: &Visitor, path: &str, queries: &AtomicU64) -> u64 {
    let before = queries.load(Ordering::Relaxed);
    let answer = visitor.get(path);
    let status = answer.status().as_u16();
    assert!(status == 200 || status == 422, "{path}: {status}");
    drop(answer.text());
    queries.load(Ordering::Relaxed) - before
}

/// Queries of a list of racks that nobody has asked for in this order.
fn unmade(house: &House) -> u64 {
    let (app, queries) = house.counted(NOW);
    let server = Server::start(&app);
    let visitor = server.signed_in("staff@example.ru", PASSWORD);
    visitor.get("/models");
    // Each is asked for once, and the background asks now and then too: one in twelve has it quiet.
    let mut counts = vec![];
    for order in ["name", "limit", "sold"] {
        for dir in ["asc", "desc"] {
            for site in ["", "&site=1"] {
                let path = format!("/racks?sort={order}&dir={dir}{site}");
                counts.push(once(&visitor, &path, &queries));
            }
        }
    }
    counts.into_iter().min().unwrap()
}

#[test]
fn a_list_that_is_made_anew_asks_no_more_queries_on_a_larger_site() {
    let (small, large) = (unmade(&house(10)), unmade(&house(100)));
    assert_eq!(small, large);
}

#[test]
fn a_page_of_a_larger_site_asks_no_more_queries() {
    let (small, large) = (counts(&house(10)), counts(&house(100)));
    let more: Vec<String> = PAGES
        .iter()
        .filter(|path| small[*path] != large[*path])
        .map(|path| {
            format!(
                "{path}: {} on a small site, {} on a large one",
                small[path], large[path]
            )
        })
        .collect();
    assert!(more.is_empty(), "{}", more.join("\n"));
    assert!(
        small.values().all(|&queries| (3..60).contains(&queries)),
        "{small:?}"
    );
}
