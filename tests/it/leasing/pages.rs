//! The leasing pages over HTTP: one person's way, another tenant's closed doors, a crowd at one feed.

use super::world::FITS;
use crate::identity::world::PASSWORD;
use crate::on_both;
use crate::support::NOW;
use crate::support::server::{Server, Visitor};
use innkeeper::domain::identity::access::Role;
use innkeeper::services::check::check;
use serde_json::Value;

const OWNER: &str = "owner@example.ru";
const STAFF: &str = "staff@example.ru";
/// Clients that fight for one feed.
const CROWD: usize = 16;

/// The fields of a custom machine of 3.5 kW.
fn wish(units: &str) -> Vec<(&'static str, &str)> {
    vec![
        ("site", "1"),
        ("watts", "3500"),
        ("supply", "single"),
        ("cooling", "air"),
        ("units", units),
        ("from", "2026-12-01"),
        ("term", "12"),
    ]
}

fn page(visitor: &Visitor, path: &str) -> String {
    let answer = visitor.get(path);
    assert_eq!(answer.status().as_u16(), 200, "{path}");
    answer.text().unwrap()
}

fn location(answer: &reqwest::blocking::Response) -> String {
    assert_eq!(answer.status().as_u16(), 303);
    answer.headers()["location"].to_str().unwrap().to_owned()
}

on_both! {
    fn a_program_is_answered_like_the_book_command(house: &House) {
        house.world();
        let server = Server::start(&house.app(NOW));
        let owner = server.signed_in(OWNER, PASSWORD);
        let accepted = owner.post_json("/reservations", &wish("21"));
        assert_eq!(accepted.status().as_u16(), 201);
        let json: Value = accepted.json().unwrap();
        assert_eq!((&json["id"], &json["answer"]), (&"1".into(), &"accepted".into()));
        let refused = owner.post_json("/reservations", &wish("2"));
        assert_eq!(refused.status().as_u16(), 409);
        let json: Value = refused.json().unwrap();
        assert_eq!((&json["answer"], &json["available_units"]), (&"power".into(), &0.into()));
        assert_eq!(json["at"]["kind"], "node_leg");
        let wrong = owner.post_json("/reservations", &[("site", "1"), ("units", "x"), ("from", "1.1")]);
        assert_eq!(wrong.status().as_u16(), 422);
        let json: Value = wrong.json().unwrap();
        for field in ["units", "from", "watts", "cooling", "supply"] {
            assert!(json["fields"][field].is_string(), "{field}: {json}");
        }
    }

    fn the_same_form_sent_twice_reserves_once(house: &House) {
        house.world();
        let server = Server::start(&house.app(NOW));
        let owner = server.signed_in(OWNER, PASSWORD);
        let key = "0123456789abcdef0123456789abcdef";
        let mut form = wish("3");
        form.push(("form_key", key));
        let first = location(&owner.post("/reservations", &form));
        assert_eq!(location(&owner.post("/reservations", &form)), first);
        let again: Value = owner.post_json("/reservations", &form).json().unwrap();
        assert_eq!((&again["id"], &again["answer"]), (&"1".into(), &"accepted".into()));
    }

    fn from_the_map_to_the_lease(house: &House) {
        house.world();
        let server = Server::start(&house.app(NOW));
        let owner = server.signed_in(OWNER, PASSWORD);
        let map = page(&owner, "/availability?site=1&model=custom&watts=3500&supply=single&cooling=air&units=20&from=2026-12-01&term=12");
        assert!(map.contains("heat-fits") && map.contains("action=\"/reservations\""), "{map}");
        let place = location(&owner.post("/reservations", &wish("20")));
        assert!(place.starts_with("/reservations/1"));
        page(&owner, &place);
        let refused = owner.post("/reservations", &wish("20"));
        assert_eq!(refused.status().as_u16(), 409);
        let text = refused.text().unwrap();
        assert!(text.contains("class=\"refusal\"") && text.contains("/requests/1"), "{text}");
        let staff = server.signed_in(STAFF, PASSWORD);
        page(&staff, "/reservations/1/assignment");
        page(&staff, "/requests/1");
        let done = staff.post("/requests/1/answer", &[("answer", "In spring.")]);
        assert_eq!(location(&done), "/requests/1?done=request-answered");
        assert!(page(&owner, "/requests/1").contains("In spring."));
        let few = staff.post("/reservations/1/assignment", &[("units-1-L1", "5")]);
        assert_eq!(few.status().as_u16(), 422);
        assert!(few.text().unwrap().contains("value=\"5\""), "what was typed is lost");
        for path in ["/reservations", "/leases", "/requests", "/settings", "/"] {
            page(&staff, path);
            page(&owner, path);
        }
        for path in ["/reservations.csv", "/reservations.xlsx", "/requests.csv", "/leases.xlsx"] {
            assert_eq!(owner.get(path).status().as_u16(), 200, "{path}");
        }
        let early = location(&staff.get("/reservations/1/lease"));
        assert_eq!(early, "/reservations/1?closed=unassigned");
        page(&owner, "/reservations/1/cancellation");
        location(&owner.post("/reservations/1/cancellation", &[]));
        for step in ["assignment", "lease", "cancellation"] {
            let back = location(&staff.get(&format!("/reservations/1/{step}")));
            assert_eq!(back, "/reservations/1?closed=cancelled", "{step}");
            assert!(page(&staff, &back).contains("flash-warn"), "{step} says why");
        }
    }

    fn another_tenant_finds_nothing(house: &House) {
        house.world();
        let other = house.tenant("ИП Волков");
        house.user("stranger@example.ru", Role::Owner, Some(other));
        let server = Server::start(&house.app(NOW));
        let owner = server.signed_in(OWNER, PASSWORD);
        owner.post("/reservations", &wish("21"));
        owner.post("/reservations", &wish("21"));
        let stranger = server.signed_in("stranger@example.ru", PASSWORD);
        for path in ["/reservations/1", "/reservations/1/cancellation", "/requests/1"] {
            assert_eq!(stranger.get(path).status().as_u16(), 404, "{path}");
        }
        for path in ["/reservations/1/cancellation", "/requests/1/answer"] {
            assert_eq!(stranger.post(path, &[]).status().as_u16(), 404, "{path}");
        }
        for path in ["/reservations", "/requests", "/reservations.csv"] {
            assert!(!page(&stranger, path).contains("3500"), "{path}");
        }
    }

    fn a_crowd_at_one_feed_never_oversells_it(house: &House) {
        house.world();
        let server = Server::start(&house.app(NOW));
        let visitors: Vec<Visitor> =
            (0..CROWD).map(|_| server.signed_in(OWNER, PASSWORD)).collect();
        let held: u32 = std::thread::scope(|scope| {
            let clients: Vec<_> = visitors
                .iter()
                .map(|visitor| scope.spawn(|| fight(visitor)))
                .collect();
            clients.into_iter().map(|client| client.join().unwrap()).sum()
        });
        assert_eq!(held, FITS, "whatever came first, the feed is full and no more");
        assert_eq!(check(&house.db, NOW).unwrap(), vec![]);
    }
}

/// Reserves two, then single machines until nothing fits, and gives one reservation back in between.
fn fight(visitor: &Visitor) -> u32 {
    let mut held = vec![];
    for units in ["2", "1", "1", "1"] {
        let answer = visitor.post_json("/reservations", &wish(units));
        let status = answer.status().as_u16();
        let json: Value = answer.json().unwrap();
        match status {
            201 => held.push((
                json["id"].as_str().unwrap().to_owned(),
                units.parse::<u32>().unwrap(),
            )),
            409 => assert_eq!(json["answer"], "power"),
            other => panic!("{other}: {json}"),
        }
    }
    if let Some((id, _)) = held.pop() {
        visitor.post(&format!("/reservations/{id}/cancellation"), &[]);
    }
    loop {
        let answer = visitor.post_json("/reservations", &wish("1"));
        if answer.status().as_u16() != 201 {
            break;
        }
        let json: Value = answer.json().unwrap();
        held.push((json["id"].as_str().unwrap().to_owned(), 1));
    }
    held.iter().map(|(_, units)| units).sum()
}

/// Two kinds of machines, as the form of several parts sends them.
fn parts(units: [&'static str; 2]) -> Vec<(&'static str, &'static str)> {
    vec![
        ("site", "1"),
        ("from", "2026-12-01"),
        ("term", "12"),
        ("parts", "2"),
        ("model-1", "custom"),
        ("watts-1", "3500"),
        ("supply-1", "single"),
        ("cooling-1", "air"),
        ("units-1", units[0]),
        ("model-2", "rack"),
        ("watts-2", "9000"),
        ("supply-2", "three"),
        ("cooling-2", "air"),
        ("units-2", units[1]),
        ("racks-2", "R05..R07"),
    ]
}

fn with<'a>(
    mut fields: Vec<(&'a str, &'a str)>,
    more: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    fields.extend(more);
    fields
}

on_both! {
    fn parts_are_added_checked_refused_and_reserved_on_one_page(house: &House) {
        house.world();
        let server = Server::start(&house.app(NOW));
        let owner = server.signed_in(OWNER, PASSWORD);
        assert!(page(&owner, "/reservations/new?model=custom&watts=3500&units=7&site=1").contains("value=\"7\""));
        let two = parts(["6", "2"]);
        let three = owner.post("/reservations/new", &with(two.clone(), &[("do", "add")]));
        assert_eq!(three.status().as_u16(), 200);
        let text = three.text().unwrap();
        assert!(text.contains("name=\"units-3\"") && text.contains("value=\"R05..R07\""), "{text}");
        let one = owner.post("/reservations/new", &with(two.clone(), &[("do", "remove-1")])).text().unwrap();
        assert!(one.contains("value=\"9000\"") && !one.contains("name=\"units-2\""), "{one}");
        let seen = owner.post("/reservations/new", &with(two.clone(), &[("do", "check")])).text().unwrap();
        assert!(seen.contains("R05"), "{seen}");
        let unknown = owner.post("/reservations/new", &with(parts(["1", "1"]), &[("racks-1", "R77")]));
        assert_eq!(unknown.status().as_u16(), 422);
        assert!(unknown.text().unwrap().contains("R77"));
        let refused = owner.post("/reservations/new", &parts(["6", "4"]));
        assert_eq!(refused.status().as_u16(), 409);
        let text = refused.text().unwrap();
        assert!(text.contains("class=\"refusal\"") && text.contains("name=\"offer-2\" value=\"3\""), "{text}");
        page(&owner, "/requests/1");
        let key = |text: &str| text.split("name=\"form_key\" value=\"").nth(1).unwrap()[..32].to_owned();
        let (sent, next) = ("0123456789abcdef0123456789abcdef", key(&text));
        let again = owner.post("/reservations/new", &with(parts(["6", "4"]), &[("form_key", sent)]));
        assert_ne!(key(&again.text().unwrap()), sent, "a changed form is another one");
        assert_ne!(next, sent);
        let json: Value = owner.post_json("/reservations/new", &parts(["6", "4"])).json().unwrap();
        assert_eq!((&json["answer"], &json["available_parts"]), (&"space".into(), &serde_json::json!([6, 3])));
        let place = location(&owner.post("/reservations/new", &two));
        assert!(place.starts_with("/reservations/1"));
        assert!(page(&owner, &place).contains("/reservations/2"));
        location(&owner.post("/reservations/2/cancellation", &[]));
        assert!(page(&owner, "/reservations/1").contains("/availability?"), "gone with its other part");
        assert_eq!(check(&house.db, NOW).unwrap(), vec![]);
    }

    fn staff_move_unassigned_reservations_together(house: &House) {
        let world = house.world();
        for _ in 0..2 {
            world.held(house, NOW, 3);
        }
        let server = Server::start(&house.app(NOW));
        let staff = server.signed_in(STAFF, PASSWORD);
        let text = page(&staff, "/replan?site=1&model=custom&watts=3500&supply=single&cooling=air&units=1");
        assert!(text.contains("/replan"), "{text}");
        let late = [("site", "1"), ("model", "custom"), ("watts", "3500"), ("supply", "single"), ("cooling", "air"), ("seal", "stale")];
        assert_eq!(staff.post("/replan", &late).status().as_u16(), 409);
        let owner = server.signed_in(OWNER, PASSWORD);
        assert_eq!(owner.get("/replan").status().as_u16(), 403);
    }
}
