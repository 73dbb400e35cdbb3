//! The site pages over HTTP: every page opens, forms keep what was typed.

use crate::identity::world::PASSWORD;
use crate::on_both;
use crate::support::server::{Server, Visitor};
use crate::support::{House, NOW};
use innkeeper::services::seed;

const STAFF: &str = "staff@example.ru";

fn page(visitor: &Visitor, path: &str) -> String {
    let answer = visitor.get(path);
    let status = answer.status().as_u16();
    let text = answer.text().unwrap();
    assert_eq!(status, 200, "{path}: {text}");
    text
}

fn location(answer: &reqwest::blocking::Response) -> String {
    assert_eq!(answer.status().as_u16(), 303);
    answer.headers()["location"].to_str().unwrap().to_owned()
}

fn staff(house: &House) -> (Server, Visitor) {
    house.world();
    seed::ensure(&house.db).unwrap();
    let server = Server::start(&house.app(NOW));
    let staff = server.signed_in(STAFF, PASSWORD);
    (server, staff)
}

/// The value of the button that agrees.
fn digest_in(text: &str) -> String {
    let (_, rest) = text
        .split_once("name=\"consent\" value=\"")
        .expect("a button");
    rest.split('"').next().unwrap().to_owned()
}

/// The way to call the only outage off.
fn call_off_in(text: &str) -> String {
    let (before, _) = text.split_once("/cancellation").expect("an outage");
    let id = before.rsplit('/').next().unwrap();
    format!("/outages/{id}/cancellation")
}

on_both! {
    fn every_page_opens(house: &House) {
        let (_server, staff) = staff(house);
        for path in [
            "/sites", "/sites/new", "/sites/1", "/sites/1/edit", "/sites/1/halls", "/halls/1/edit",
            "/rows/1/edit", "/racks", "/racks?q=r&sort=sold&dir=desc", "/racks/new?site=1", "/racks/1",
            "/racks/1/edit", "/sites/1/data", "/sites/1/data/netbox", "/sites/1/power", "/sites/1/power/new",
            "/power/1/edit", "/sites/1/cooling", "/sites/1/cooling/new", "/cooling/1/edit", "/cooling/1/design",
            "/sites/1/weather", "/sites/1/weather/edit",
            "/sites/1/outages", "/sites/1/outages/new", "/conflicts", "/sites/1/failures", "/restrictions", "/restrictions/new",
            "/restrictions/1/edit", "/models", "/models/new", "/models/1/edit",
        ] {
            let text = page(&staff, path);
            assert!(!text.contains(">site-") && !text.contains(" style="), "{path}: {text}");
        }
        for path in ["/racks.csv?sort=limit", "/racks.xlsx"] {
            assert_eq!(staff.get(path).status().as_u16(), 200, "{path}");
        }
        assert_eq!(staff.get("/racks.pdf").status().as_u16(), 404);
    }

    fn a_form_with_a_mistake_keeps_what_was_typed(house: &House) {
        let (_server, staff) = staff(house);
        let wrong = [("name", "feed-9"), ("kind", "feed"), ("way", "supply"), ("volts", "400"),
                     ("amps", "много"), ("phases", "L2"), ("usable", "80")];
        let answer = staff.post("/sites/1/power", &wrong);
        assert_eq!(answer.status().as_u16(), 422);
        let text = answer.text().unwrap();
        assert!(text.contains("value=\"много\"") && text.contains("value=\"feed-9\""), "{text}");
        assert!(text.contains("id=\"e-amps\""), "the error stands at its field");
        let taken = [("name", "feed-1"), ("kind", "feed"), ("way", "kw"), ("rating_kw", "10"),
                     ("parent", "1"), ("usable", "100")];
        let text = staff.post("/sites/1/power", &taken).text().unwrap();
        assert!(text.contains("id=\"e-name\""), "{text}");
    }

    fn the_same_form_twice_plans_one_outage(house: &House) {
        let (_server, staff) = staff(house);
        let form = [("node", "1"), ("from", "2027-02-01"), ("to", "2027-02-02"), ("reason", "Oil"),
                    ("form_key", "0123456789abcdef0123456789abcdef")];
        for _ in 0..2 {
            assert_eq!(location(&staff.post("/sites/1/outages", &form)), "/sites/1/outages?done=outage");
        }
        assert_eq!(page(&staff, "/sites/1/outages").matches("/outages/1/cancellation").count(), 1);
        assert!(!page(&staff, "/sites/1/outages").contains("/outages/2/"));
        page(&staff, "/outages/1/cancellation");
        location(&staff.post("/outages/1/cancellation", &[]));
        assert!(!page(&staff, "/sites/1/outages").contains("/outages/1/cancellation"));
    }

    fn a_change_that_breaks_a_booking_says_so_and_waits_for_consent(house: &House) {
        let world = house.world();
        let id = world.held(house, NOW, 3);
        let server = Server::start(&house.app(NOW));
        let staff = server.signed_in(STAFF, PASSWORD);
        assert!(page(&staff, "/conflicts").contains("/conflicts?state=resolved"));
        let form = [("node", "1"), ("from", "2027-02-01"), ("to", "2027-02-02"), ("reason", "Масло Т-1")];
        let answer = staff.post("/sites/1/outages", &form);
        assert_eq!(answer.status().as_u16(), 409);
        let text = answer.text().unwrap();
        assert!(text.contains(&format!("/reservations/{id}")) && text.contains("Северный хэш"), "{text}");
        // Once in the form that agrees, unseen, and once in the form that may be changed.
        for kept in ["value=\"Масло Т-1\"", "value=\"2027-02-01\""] {
            assert_eq!(text.matches(kept).count(), 2, "{kept}: {text}");
        }
        assert!(!page(&staff, "/sites/1/outages").contains("Масло Т-1"), "nothing is written yet");
        let digest = digest_in(&text);
        let agreed = |from: &'static str| {
            [("node", "1"), ("from", from), ("to", "2027-02-02"), ("reason", "Масло Т-1"), ("consent", digest.as_str())]
        };
        let other = staff.post("/sites/1/outages", &agreed("2027-01-30"));
        assert_eq!(other.status().as_u16(), 409, "consent is to what was shown");
        let done = location(&staff.post("/sites/1/outages", &agreed("2027-02-01")));
        let planned = page(&staff, &done);
        assert!(planned.contains("Масло Т-1"));
        let call_off = call_off_in(&planned);
        let listed = page(&staff, "/conflicts");
        assert!(listed.contains(&format!("/reservations/{id}/assignment")), "{listed}");
        assert!(listed.contains(&call_off) && listed.contains("grid"), "{listed}");
        for path in ["/conflicts?site=1&cause=outage&sort=excess&dir=desc", "/conflicts?q=северный"] {
            assert!(page(&staff, path).contains(&call_off), "{path}");
        }
        assert!(!page(&staff, "/conflicts?cause=rack").contains(&call_off));
        assert!(page(&staff, "/").contains("/conflicts"));
        assert!(page(&staff, &format!("/reservations/{id}")).contains(&call_off));
        let csv = page(&staff, "/conflicts.csv");
        assert!(csv.contains("Северный хэш") && csv.contains("grid"), "{csv}");
        assert_eq!(staff.get("/conflicts.xlsx").status().as_u16(), 200);
        let owner = server.signed_in("owner@example.ru", PASSWORD);
        let text = page(&owner, &format!("/reservations/{id}"));
        assert!(text.contains("flash-info") && !text.contains("/outages/"), "calm words only: {text}");
        assert_eq!(owner.get("/conflicts").status().as_u16(), 403);
        location(&staff.post(&call_off, &[]));
        let text = page(&staff, "/conflicts?state=resolved");
        assert!(text.contains(&format!("/reservations/{id}")) && !text.contains("/cancellation"), "{text}");
    }

    fn what_if_it_fails_is_answered_by_its_address(house: &House) {
        let world = house.world();
        let id = world.held(house, NOW, 4);
        let server = Server::start(&house.app(NOW));
        let staff = server.signed_in(STAFF, PASSWORD);
        let text = page(&staff, "/sites/1/power");
        assert!(text.contains("/sites/1/failures?lost=node-2"), "{text}");
        assert!(page(&staff, "/sites/1/cooling").contains("/sites/1/failures?lost=unit-"));
        // Before the booking begins nothing is lost; then all four of 3,5 kW are.
        let text = page(&staff, "/sites/1/failures?lost=node-2");
        assert!(!text.contains(&format!("/reservations/{id}\"")), "{text}");
        let text = page(&staff, "/sites/1/failures?lost=node-2&from=2027-01-10&to=2027-01-11");
        assert!(text.contains(&format!("/reservations/{id}\"")) && text.contains("Северный хэш"), "{text}");
        assert!(text.contains("14.0"), "{text}");
        let plan = "/sites/1/outages/new?node=2&from=2027-01-10&to=2027-01-11";
        assert!(text.replace("&#38;", "&").replace("&amp;", "&").contains(plan), "{text}");
        let form = page(&staff, plan);
        assert!(form.contains("value=\"2027-01-10\"") && form.contains("value=\"2027-01-11\""));
        assert!(form.contains("<option value=\"2\" selected>"), "{form}");
        page(&staff, "/sites/1/failures?lost=unit-1&also=node-1&from=2027-01-10");
        for wrong in ["lost=node-99", "lost=rack-1", "from=soon", "from=2027-01-10&to=2027-01-09"] {
            let answer = staff.get(&format!("/sites/1/failures?{wrong}"));
            assert_eq!(answer.status().as_u16(), 422, "{wrong}");
        }
        let csv = page(&staff, "/sites/1/failures.csv?from=2027-01-10");
        let lines: Vec<&str> = csv.trim().lines().collect();
        assert_eq!(lines.len(), 4, "a head, two nodes and a unit: {csv}");
        assert!(lines[1].contains("grid") && lines[1].contains("14"), "{csv}");
        assert_eq!(staff.get("/sites/1/failures.xlsx").status().as_u16(), 200);
        assert_eq!(staff.get("/sites/1/failures.pdf").status().as_u16(), 404);
        let owner = server.signed_in("owner@example.ru", PASSWORD);
        assert_eq!(owner.get("/sites/1/failures").status().as_u16(), 403);
    }
}
