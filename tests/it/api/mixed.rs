//! One request of several lines: all of them or none, and a refusal that says how many of each.

use super::world::{Program, all_scopes, line, wish};
use crate::on_both;
use crate::support::NOW;
use crate::support::server::Server;
use innkeeper::services::check::check;
use serde_json::{Value, json};

on_both! {
    fn lines_are_reserved_together(house: &House) {
        let world = house.world();
        let token = house.personal(&world.owner, all_scopes());
        let server = Server::start(&house.app(NOW));
        let owner = Program::new(&server, &token);
        let rack = json!({"watts": 7000, "supply": "three", "cooling": "air", "units": 1, "whole_racks": true});
        let mut named = line(2);
        named["racks"] = json!("R01..R03");
        let mut body = wish(0);
        body["lines"] = json!([line(4), named, rack]);
        let made = owner.post("/reservations", &body);
        assert_eq!(made.status, 201, "{made:?}");
        let all = made.json["reservations"].as_array().unwrap();
        assert_eq!(all.len(), 3);
        assert!(all.iter().all(|one| one["bundle"] == made.json["bundle"] && !one["bundle"].is_null()));
        assert_eq!(all[0]["together"], json!([all[1]["id"], all[2]["id"]]));
        assert_eq!(all[1]["racks_wanted"].as_array().unwrap().len(), 3);
        assert_eq!((&all[2]["slots_each"], &all[2]["watts"]), (&json!("whole_rack"), &json!(7000)));
        let one = owner.get(&format!("/reservations/{}", all[0]["id"])).ok();
        assert_eq!((&one["history"][0]["action"], &one["quality"]["rows"]), (&json!("reserve"), &json!(1)));
        let path = format!("/reservations/{}/cancellation", all[0]["id"]);
        owner.post(&path, &json!({})).ok();
        let left = owner.get("/reservations?status=held").ok();
        assert_eq!(left["items"], json!([]), "cancelled together");
        assert!(check(&house.db, NOW).unwrap().is_empty());
    }

    fn a_refusal_says_what_of_each_line_would_fit(house: &House) {
        let world = house.world();
        let token = house.personal(&world.owner, all_scopes());
        let server = Server::start(&house.app(NOW));
        let owner = Program::new(&server, &token);
        let mut body = wish(0);
        body["lines"] = json!([line(15), line(15)]);
        body["keep_request"] = json!(true);
        let refused = owner.post("/reservations", &body);
        assert_eq!(refused.status, 409);
        let refusal = &refused.json["refusal"];
        assert_eq!(refusal["short_line"], 1);
        let fits = |at: usize| refusal["lines"][at]["available_units"].clone();
        assert_eq!((fits(0), fits(1)), (json!(15), json!(6)));
        assert_eq!((&refusal["binding"]["kind"], &refusal["reasons"][0]), (&json!("node_leg"), &json!("power")));
        let request = owner.get(&format!("/requests/{}", refusal["request"])).ok();
        let units = |key: &str| -> Vec<i64> {
            let lines = request["lines"].as_array().unwrap();
            lines.iter().map(|line| line[key].as_i64().unwrap()).collect()
        };
        assert_eq!((units("units"), units("available_units")), (vec![15, 15], vec![15, 6]));
        // The offer is taken as it was made.
        body["lines"] = json!([line(15), line(6)]);
        assert_eq!(owner.post("/reservations", &body).status, 201);
    }

    fn an_offer_holds_nothing(house: &House) {
        let world = house.world();
        let token = house.personal(&world.owner, all_scopes());
        let server = Server::start(&house.app(NOW));
        let owner = Program::new(&server, &token);
        let ask = |units: i64| {
            let path = format!("/availability/offer?site=1&watts=3500&supply=single&cooling=air&units={units}&from=2026-12-01&to=2027-12-01");
            owner.get(&path).ok()
        };
        let offer = ask(20);
        let places = offer["places"].as_array().unwrap();
        let units: i64 = places.iter().map(|place| place["units"].as_i64().unwrap()).sum();
        assert_eq!((units, &offer["refusal"]), (20, &Value::Null));
        let refused = ask(30);
        assert_eq!((&refused["places"], &refused["refusal"]["available_units"]), (&json!([]), &json!(21)));
        assert_eq!(owner.get("/reservations").ok()["items"], json!([]));
    }
}
