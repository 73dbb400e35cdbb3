//! What the pages show beside their rows: orders, sums, a rack slot by slot, and who did what.

use super::world::{Program, all_scopes};
use crate::on_both;
use crate::site::machines::leased;
use crate::support::NOW;
use crate::support::server::Server;
use innkeeper::db::leasing::reservations;
use innkeeper::domain::calendar::Instant;
use innkeeper::domain::identity::access::Role;
use serde_json::{Value, json};

/// The booking of the small world has begun.
const LATER: Instant = Instant(NOW.0 + 12 * 24 * 3_600);

/// Every id of a list, page by page.
fn walked(program: &Program, list: &str) -> Vec<i64> {
    let mut found = vec![];
    let mut path = list.to_owned();
    loop {
        let page = program.get(&path).ok();
        let items = page["items"].as_array().unwrap();
        found.extend(items.iter().map(|item| item["id"].as_i64().unwrap()));
        match page["next"].as_str() {
            Some(next) => path = next.strip_prefix("/api/v1").unwrap().to_owned(),
            None => return found,
        }
    }
}

fn machine(serial: &str, watts: i64) -> Value {
    json!({"details": {
        "tenant": 1, "serial": serial, "model_name": "S21", "watts": watts, "cooling": "air", "supply": "single",
    }})
}

on_both! {
    fn lists_have_the_orders_of_the_pages(house: &House) {
        let world = house.world();
        for units in [3, 1, 2] {
            world.held(house, NOW, units);
        }
        let token = house.personal(&world.staff, all_scopes());
        let server = Server::start(&house.app(NOW));
        let staff = Program::new(&server, &token);
        let rows = json!({"site": 1, "machines": [machine("B", 100), machine("A", 300), machine("C", 200)]});
        assert_eq!(staff.post("/machines/batch", &rows).ok()["written"], 3);
        for (list, ids) in [
            ("/reservations?limit=1", vec![3, 2, 1]),
            ("/reservations?limit=1&dir=asc", vec![1, 2, 3]),
            ("/reservations?limit=1&sort=units", vec![2, 3, 1]),
            ("/reservations?limit=1&sort=units&dir=desc", vec![1, 3, 2]),
            ("/reservations?limit=2&sort=tenant", vec![1, 2, 3]),
            ("/reservations?limit=2&sort=from&dir=desc", vec![3, 2, 1]),
            ("/machines?limit=1", vec![2, 1, 3]),
            ("/machines?limit=1&sort=watts&dir=desc", vec![2, 3, 1]),
            ("/machines?limit=2&sort=changed", vec![1, 2, 3]),
            ("/racks?limit=3&dir=desc", (1..=10).rev().collect()),
            ("/leases?sort=units", vec![]),
            ("/requests?sort=tenant&dir=desc", vec![]),
            ("/conflicts?sort=excess", vec![]),
        ] {
            assert_eq!(walked(&staff, list), ids, "{list}");
        }
        let sold = walked(&staff, "/racks?limit=4&sort=sold&dir=desc&date=2026-12-01");
        let watts = |id: &i64| staff.get(&format!("/racks/{id}?date=2026-12-01")).ok()["sold_watts"].as_i64().unwrap();
        let watts: Vec<i64> = sold.iter().map(watts).collect();
        assert!(sold.len() == 10 && watts[0] > 0 && watts.is_sorted_by(|a, b| a >= b), "{watts:?}");
        for path in ["/racks?sort=colour", "/reservations?dir=up", "/conflicts?sort=id"] {
            assert_eq!(staff.get(path).status, 400, "{path}");
        }
    }

    fn sums_are_those_under_the_pages(house: &House) {
        let world = house.booked();
        let stranger = house.tenant("ИП Волков");
        let staff = house.personal(&world.staff, all_scopes());
        let other = house.machine(Role::Owner, Some(stranger), all_scopes());
        let server = Server::start(&house.app(NOW));
        let (staff, other) = (Program::new(&server, &staff), Program::new(&server, &other));
        let sums = |path: &str| staff.get(path).ok();
        assert_eq!(sums("/reservations/totals"), json!({"rows": 2, "units": 9, "watts": 31_500}));
        assert_eq!(sums("/reservations/totals?status=held"), json!({"rows": 1, "units": 3, "watts": 10_500}));
        assert_eq!(sums("/leases/totals"), json!({"rows": 1, "units": 6, "watts": 21_000}));
        assert_eq!(sums("/machines/totals?site=1"), json!({"machines": 1, "watts": 3_500}));
        assert_eq!(sums("/machines/totals?stray=true")["machines"], 0);
        assert_eq!(sums("/conflicts/totals"), json!({"conflicts": 0, "reservations": 0}));
        let racks = sums("/racks/totals?date=2026-12-01");
        assert_eq!(racks, json!({"racks": 10, "slots": 100, "limit_watts": 1_000_000, "sold_watts": 31_500}));
        assert_eq!(sums("/racks/totals?q=R01")["racks"], 1);
        for path in ["/reservations/totals", "/leases/totals", "/reservations/totals?tenant=1"] {
            assert_eq!(other.get(path).ok(), json!({"rows": 0, "units": 0, "watts": 0}), "{path}");
        }
        assert_eq!(other.get("/machines/totals").ok()["machines"], 0);
    }

    fn a_rack_is_told_slot_by_slot(house: &House) {
        let world = house.world();
        let booking = leased(house, &world, 2);
        let rack = reservations::allocations_of(&mut house.db.get().unwrap(), booking).unwrap()[0].rack_id.0;
        let token = house.personal(&world.staff, all_scopes());
        let server = Server::start(&house.app(LATER));
        let staff = Program::new(&server, &token);
        let mut new = machine("WM-1", 3_400);
        new["site"] = json!(1);
        new["details"]["reservation"] = json!(booking);
        staff.post("/machines", &new).ok();
        staff.post("/machines/1/placement", &json!({"rack": rack, "slot": 2})).ok();
        let seen = staff.get(&format!("/racks/{rack}/elevation")).ok();
        assert_eq!((&seen["sold_watts"], &seen["racked_watts"], &seen["limit_watts"]), (&json!(7_000), &json!(3_400), &json!(100_000)));
        assert_eq!((&seen["feeds"][0]["name"], &seen["zone_name"], &seen["drawn_watts"]), (&json!("feed-1"), &json!("z"), &Value::Null));
        let slots = seen["slots"].as_array().unwrap();
        assert_eq!((slots.len(), &slots[0]["slot"], &slots[9]["slot"]), (10, &json!(10), &json!(1)));
        let held = |kind: &str| slots.iter().filter(|slot| slot["holds"] == kind).count();
        assert_eq!((held("machine"), held("booked"), held("free")), (1, 1, 8));
        let second = &slots[8];
        assert_eq!((&second["serial"], &second["machine"], &second["state"]), (&json!("WM-1"), &json!(1), &json!("racked")));
        assert_eq!((&second["watts"], &second["reservation"]), (&json!(3_400), &json!(booking)));
        let legs = seen["legs"].as_array().unwrap();
        let sum = |key: &str| legs.iter().map(|leg| leg[key].as_i64().unwrap()).sum::<i64>();
        assert_eq!((legs.len(), sum("sold_watts"), sum("racked_watts")), (3, 7_000, 3_400));
        let early = staff.get(&format!("/racks/{rack}/elevation?date=2026-11-26")).ok();
        assert_eq!((&early["sold_watts"], &early["date"]), (&json!(0), &json!("2026-11-26")));
        assert_eq!(staff.get("/racks/999/elevation").status, 404);
    }

    fn many_machines_are_answered_row_by_row(house: &House) {
        let world = house.booked();
        let token = house.personal(&world.staff, all_scopes());
        let server = Server::start(&house.app(NOW));
        let staff = Program::new(&server, &token);
        let mut unknown = machine("B", 100);
        unknown["details"]["tenant"] = json!(99);
        let mut nothing = machine("C", 100);
        nothing["details"]["watts"] = Value::Null;
        let mut coming = machine("D", 100);
        coming["state"] = json!("expected");
        let rows = json!([machine("A", 100), unknown, machine("wm-1", 100), machine("a", 100), nothing, coming]);
        let body = json!({"site": 1, "machines": rows});
        let made = staff.post_again("/machines/batch", &body, "lorry-1");
        assert_eq!((made.status, &made.json["written"]), (200, &json!(2)));
        let all = made.json["rows"].as_array().unwrap();
        let field = |at: usize| all[at]["errors"][0]["field"].as_str();
        let fields: Vec<Option<&str>> = (0..6).map(field).collect();
        let serial = Some("details.serial");
        assert_eq!(fields, [None, Some("details.tenant"), serial, serial, Some("details.watts"), None]);
        assert_eq!((&all[0]["machine"]["serial"], &all[5]["machine"]["state"]), (&json!("A"), &json!("expected")));
        assert!(all[1]["machine"].is_null());
        let again = staff.post_again("/machines/batch", &body, "lorry-1");
        assert!(again.replayed && again.json == made.json);
        assert_eq!(staff.get("/machines/totals").ok()["machines"], 3);
        assert_eq!(staff.post("/machines/batch", &json!({"site": 1, "machines": []})).status, 400);
        let nowhere = staff.post("/machines/batch", &json!({"site": 9, "machines": [machine("E", 1)]}));
        assert_eq!((nowhere.status, nowhere.fields()), (422, vec!["site"]));
        let owner = Program::new(&server, &house.personal(&world.owner, all_scopes()));
        assert_eq!(owner.post("/machines/batch", &body).status, 403);
    }

    fn a_tenant_reads_which_side_did_it(house: &House) {
        let world = house.world();
        let id = leased(house, &world, 2);
        let tokens = [&world.owner, &world.staff].map(|who| house.personal(who, all_scopes()));
        let server = Server::start(&house.app(NOW));
        let [owner, staff] = tokens.map(|token| Program::new(&server, &token));
        let told = |program: &Program| -> Vec<(Value, Value, bool)> {
            let seen = program.get(&format!("/reservations/{id}")).ok();
            let all = seen["history"].as_array().unwrap().clone();
            let mut all: Vec<_> = all.iter().map(|it| (it["action"].clone(), it["side"].clone(), it["by"].is_string())).collect();
            all.reverse();
            all
        };
        let owners = told(&owner);
        assert_eq!(owners[0], (json!("reserve"), json!("tenant"), true), "its own people by name");
        assert_eq!(owners[1], (json!("assign"), json!("operator"), false), "the facility's without");
        assert!(told(&staff).iter().all(|(.., named)| *named));
    }
}
