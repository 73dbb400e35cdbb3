//! The register of machines, by programs.

use super::world::{Program, all_scopes};
use crate::on_both;
use crate::site::machines::leased;
use crate::support::NOW;
use crate::support::server::Server;
use innkeeper::db::leasing::reservations;
use innkeeper::domain::calendar::Instant;
use innkeeper::domain::identity::access::Role;
use innkeeper::services::check::check;
use serde_json::{Value, json};

/// The booking of the small world has begun.
const LATER: Instant = Instant(NOW.0 + 12 * 24 * 3_600);

fn details(serial: &str, reservation: i64) -> Value {
    json!({
        "tenant": 1, "reservation": reservation, "serial": serial, "model_name": "S21",
        "watts": 3500, "cooling": "air", "supply": "single",
    })
}

on_both! {
    fn from_the_gate_to_the_slot_and_out_again(house: &House) {
        let world = house.world();
        let booking = leased(house, &world, 2);
        let rack = reservations::allocations_of(&mut house.db.get().unwrap(), booking).unwrap()[0].rack_id.0;
        let staff = house.personal(&world.staff, all_scopes());
        let owner = house.personal(&world.owner, all_scopes());
        let server = Server::start(&house.app(LATER));
        let (staff, owner) = (Program::new(&server, &staff), Program::new(&server, &owner));
        let new = json!({"site": 1, "state": "expected", "details": details("WM-1", booking.0)});
        assert_eq!(owner.post("/machines", &new).status, 403);
        let made = staff.post("/machines", &new);
        assert_eq!((made.status, made.location.as_deref()), (201, Some("/api/v1/machines/1")));
        assert_eq!(made.json["state"], "expected");
        assert_eq!(made.json["next"], json!(["received", "racked", "removed"]));
        let twice = staff.post("/machines", &new);
        assert_eq!((twice.status, twice.fields()), (422, vec!["details.serial"]));
        let placed = staff.post("/machines/1/placement", &json!({"rack": rack})).ok();
        assert_eq!((&placed["state"], &placed["rack"], &placed["slot"]), (&json!("racked"), &json!(rack), &json!(1)));
        let moved = staff.post("/machines/1/placement", &json!({"rack": rack, "slot": 3})).ok();
        assert_eq!(moved["slot"], 3);
        let over = staff.post("/machines/1/placement", &json!({"rack": rack, "slot": 99_999}));
        assert_eq!((over.status, over.fields()), (422, vec!["slot"]));
        let nowhere = staff.post("/machines/1/placement", &json!({"rack": 999}));
        assert_eq!((nowhere.status, nowhere.fields()), (422, vec!["rack"]));
        let mut changed = details("WM-1", booking.0);
        changed["note"] = json!("Fan 2 was changed.");
        assert_eq!(staff.post("/machines/1/details", &changed).ok()["note"], "Fan 2 was changed.");
        let seen = owner.get("/machines/1").ok();
        assert_eq!((&seen["rack"], &seen["history"][0]["by"]), (&json!(rack), &Value::Null));
        assert_eq!(staff.get("/machines/1").ok()["history"][0]["action"], "update");
        assert_eq!(staff.post("/machines/1/repair", &json!({})).ok()["slot"], 3);
        assert_eq!(staff.post("/machines/1/receipt", &json!({})).ok()["slot"], Value::Null);
        assert_eq!(staff.post("/machines/1/removal", &json!({})).ok()["next"], json!(["received"]));
        assert_eq!(staff.post("/machines/1/repair", &json!({})).status, 409, "it has left the house");
        assert!(check(&house.db, LATER).unwrap().is_empty());
    }

    fn what_names_no_row_is_said_beside_its_field(house: &House) {
        let world = house.world();
        let token = house.personal(&world.staff, all_scopes());
        let server = Server::start(&house.app(NOW));
        let staff = Program::new(&server, &token);
        for (field, value, status) in [
            ("tenant", json!(99), 422),
            ("reservation", json!(99), 422),
            ("model", json!(99_999), 422),
            ("watts", Value::Null, 422),
            ("cooling", Value::Null, 422),
            ("supply", Value::Null, 422),
            ("model_name", Value::Null, 422),
            ("watts", json!(0), 400),
            ("serial", json!("  "), 422),
        ] {
            let mut said = details("WM-1", 1);
            said["reservation"] = Value::Null;
            said[field] = value;
            let back = staff.post("/machines", &json!({"site": 1, "details": said}));
            let name = format!("details.{field}");
            assert_eq!((back.status, back.fields()), (status, vec![name.as_str()]), "{field}");
        }
        let back = staff.post("/machines", &json!({"site": 9, "details": details("WM-1", 1)}));
        assert_eq!((back.status, back.fields()), (422, vec!["site"]));
        assert_eq!(staff.get("/machines").ok()["items"], json!([]));
    }

    fn the_list_is_narrowed_and_a_tenant_sees_its_own(house: &House) {
        let world = house.booked();
        let stranger = house.tenant("ИП Волков");
        let staff = house.personal(&world.staff, all_scopes());
        let other = house.machine(Role::Owner, Some(stranger), all_scopes());
        let server = Server::start(&house.app(NOW));
        let (staff, other) = (Program::new(&server, &staff), Program::new(&server, &other));
        for serial in ["WM-2", "WM-3"] {
            let mut said = details(serial, 1);
            said["tenant"] = json!(stranger);
            said["reservation"] = Value::Null;
            staff.post("/machines", &json!({"site": 1, "details": said})).ok();
        }
        let serials = |program: &Program, query: &str| -> Vec<String> {
            let page = program.get(&format!("/machines{query}")).ok();
            let items = page["items"].as_array().unwrap();
            items.iter().map(|item| item["serial"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(serials(&staff, ""), ["WM-1", "WM-2", "WM-3"]);
        assert_eq!(serials(&staff, "?q=wm-2"), ["WM-2"]);
        assert_eq!(serials(&staff, "?reservation=1"), ["WM-1"]);
        assert_eq!(serials(&staff, "?state=racked"), [""; 0]);
        assert_eq!(serials(&staff, &format!("?tenant={stranger}&limit=1")), ["WM-2"]);
        assert_eq!(serials(&other, ""), ["WM-2", "WM-3"]);
        assert_eq!(serials(&other, "?tenant=1"), [""; 0]);
        assert_eq!(other.get("/machines/1").status, 404);
    }
}
