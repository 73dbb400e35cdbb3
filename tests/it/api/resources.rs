//! What the API shows and does, from the wish to the notice.

use super::world::{Program, all_scopes, wish};
use crate::on_both;
use crate::support::NOW;
use crate::support::server::Server;
use innkeeper::db::Conn;
use innkeeper::db::billing::plans;
use innkeeper::domain::ids::{PlanId, PlanVersionId};
use innkeeper::services::check::check;
use serde_json::{Value, json};

on_both! {
    fn a_site_is_shown_as_sold(house: &House) {
        let world = house.booked();
        let token = house.personal(&world.staff, all_scopes());
        let server = Server::start(&house.app(NOW));
        let staff = Program::new(&server, &token);
        let site = staff.get("/sites/1").ok();
        assert_eq!(site["time_zone"], "Europe/Moscow");
        // Nine machines of 3.5 kW from December on.
        let figures = staff.get("/sites/1/figures?date=2026-12-01").ok();
        assert_eq!(figures["power"], json!({"usable_watts": 1_000_000, "sold_watts": 31_500, "free_watts": 968_500}));
        assert_eq!((&figures["slots"], &figures["sold_slots"]), (&json!(100), &json!(9)));
        assert_eq!(staff.get("/sites/1/figures").ok()["power"]["sold_watts"], 0);
        let power = staff.get("/sites/1/power").ok();
        let feed = &power["items"][1];
        assert_eq!((&feed["name"], &feed["rated_watts"]), (&json!("feed-1"), &json!(100_000)));
        assert_eq!((&feed["power"]["usable_watts"], &feed["power"]["sold_watts"]), (&json!(80_000), &json!(0)));
        let peak = |leg: usize| feed["legs"][leg]["peak_sold_watts"].as_i64().unwrap();
        assert_eq!(peak(0) + peak(1) + peak(2), 31_500);
        let zones = staff.get("/sites/1/cooling").ok();
        let months = zones["items"][0]["months"].as_array().unwrap();
        assert_eq!(months.len(), 12);
        assert_eq!(months[1], json!({"month": "2026-12", "heat": {"usable_watts": 1_000_000, "sold_watts": 31_500, "free_watts": 968_500}}));
        let racks = staff.get("/racks?date=2026-12-01").ok();
        let sold = |rack: &Value| rack["sold_watts"].as_i64().unwrap();
        let items = racks["items"].as_array().unwrap();
        assert_eq!(items.iter().map(sold).sum::<i64>(), 31_500);
        let used = items.iter().find(|rack| sold(rack) > 0).unwrap();
        let one = staff.get(&format!("/racks/{}?date=2026-12-01", used["id"])).ok();
        assert_eq!(sold(&one), sold(used));
        assert_eq!(one["sold_slots"].as_i64().unwrap() * 3_500, sold(used));
        assert!(!one["bookings"].as_array().unwrap().is_empty());
        for path in ["/halls", "/rows?site=1", "/models", "/outages?site=1", "/restrictions", "/sites"] {
            staff.get(path).ok();
        }
        assert_eq!(staff.get("/sites/9/figures").status, 404);
    }

    fn from_the_wish_to_the_notice(house: &House) {
        let world = house.world();
        let plan = house.plan();
        let conn = &mut *house.db.get().unwrap();
        publish(conn, plan);
        let server = Server::start(&house.app(NOW));
        let owner = Program::new(&server, &house.personal(&world.owner, all_scopes()));
        let staff = Program::new(&server, &house.personal(&world.staff, all_scopes()));
        let path = "/availability?site=1&watts=3500&supply=single&cooling=air&units=30&from=2026-12-01&to=2027-12-01&weeks=2";
        let heat = owner.get(path).ok();
        assert_eq!((&heat["cells"][0]["units"], &heat["cells"][1]["start"]), (&json!(21), &json!("2026-12-08")));
        assert_eq!(heat["cells"][0]["binding"]["kind"], "node_leg");
        let made = owner.post("/reservations", &wish(20));
        assert_eq!((made.status, made.location.as_deref()), (201, Some("/api/v1/reservations/1")));
        let held = made.ok();
        assert_eq!((&held["status"], &held["watts"]), (&json!("held"), &json!(70_000)));
        refused(&owner);
        let same: Vec<Value> = held["allocations"].as_array().unwrap().iter().map(|place| {
            json!({"rack": place["rack"], "leg": place["leg"], "units": place["units"]})
        }).collect();
        let early = staff.post("/reservations/1/lease", &json!({"plan": plan.0}));
        assert_eq!(early.status, 409, "not assigned yet");
        assert_eq!(owner.post("/reservations/1/assignment", &json!({"allocations": same})).status, 403);
        let few = staff.post("/reservations/1/assignment", &json!({"allocations": [{"rack": 1, "leg": "L1", "units": 1}]}));
        assert!(matches!(few.status, 409 | 422), "{few:?}");
        let assigned = staff.post("/reservations/1/assignment", &json!({"allocations": same})).ok();
        assert_eq!(assigned["status"], "assigned");
        let unknown = staff.post("/reservations/1/lease", &json!({"plan": 77}));
        assert_eq!((unknown.status, unknown.fields()), (422, vec!["plan"]));
        let signed = staff.post("/reservations/1/lease", &json!({"plan": plan.0, "notice_days": 30}));
        assert_eq!((signed.status, signed.location.as_deref()), (201, Some("/api/v1/leases/1")));
        assert_eq!(owner.get("/leases/1").ok()["contracted_watts"], 70_000);
        assert_eq!(owner.get("/leases?state=upcoming").ok()["items"].as_array().unwrap().len(), 1);
        let cancelled = owner.post("/reservations/1/cancellation", &json!({}));
        assert_eq!(cancelled.status, 409, "a lease ends with notice");
        let soon = owner.post("/leases/1/notice", &json!({"end": "2026-12-03"}));
        assert_eq!((soon.status, soon.fields()), (422, vec!["end"]));
        let ends = owner.post("/leases/1/notice", &json!({"end": "2027-03-01"})).ok();
        assert_eq!(ends["to"], "2027-03-01");
        assert!(check(&house.db, NOW).unwrap().is_empty());
    }

    fn a_body_is_held_against_its_shape(house: &House) {
        let world = house.world();
        let token = house.personal(&world.owner, all_scopes());
        let server = Server::start(&house.app(NOW));
        let owner = Program::new(&server, &token);
        let with = |name: &str, value: Value| {
            let mut wish = wish(1);
            wish[name] = value;
            wish
        };
        for (body, status, fields) in [
            (json!({}), 400, vec!["site", "units", "from"]),
            (with("units", json!("1")), 400, vec!["units"]),
            (with("units", json!(0)), 400, vec!["units"]),
            (with("colour", json!("red")), 400, vec!["colour"]),
            (with("supply", json!("four")), 400, vec!["supply"]),
            (with("from", json!("1.12.2026")), 400, vec!["from", "from"]),
            (with("site", json!(9)), 422, vec!["site"]),
            (with("hall", json!(9)), 422, vec!["hall"]),
            (with("model", json!(99_999)), 422, vec!["model"]),
            (with("tenant", json!(99_999)), 422, vec!["tenant"]),
            (with("to", json!("2026-12-01")), 422, vec!["to"]),
            (with("from", json!("2026-01-01")), 422, vec!["from"]),
            (with("watts", Value::Null), 422, vec!["watts"]),
            (with("model_name", json!("a\u{0}b")), 400, vec!["model_name", ""]),
        ] {
            let back = owner.post("/reservations", &body);
            let mut found = back.fields();
            let mut fields = fields;
            found.sort_unstable();
            fields.sort_unstable();
            assert_eq!((back.status, found), (status, fields), "{body}");
        }
        let url = format!("{}/api/v1/reservations", server.base);
        let raw = |media_type: &str, body: String| {
            let request = reqwest::blocking::Client::new().post(&url);
            let request = request.header("Content-Type", media_type).header("Idempotency-Key", "k").body(body);
            owner.sent("post", "/reservations", request).status
        };
        assert_eq!(raw("text/plain", "{}".to_owned()), 415);
        assert_eq!(raw("application/json", "{".to_owned()), 400);
        assert_eq!(raw("application/json", format!("\"{}\"", "x".repeat(300_000))), 413);
    }
}

fn refused(owner: &Program) {
    let refused = owner.post("/reservations", &wish(20));
    assert_eq!(refused.status, 409);
    let refusal = &refused.json["refusal"];
    assert_eq!(
        (&refusal["reasons"][0], &refusal["available_units"]),
        (&json!("power"), &json!(1))
    );
    assert_eq!(refusal["binding"]["name"], "feed-1");
    assert_eq!(
        refusal["alternatives"][0],
        json!({"kind": "fewer", "units": 1, "from": null, "to": null, "hall": null, "hall_name": null})
    );
    assert_eq!(refusal["request"], Value::Null);
    let mut keep = wish(20);
    keep["keep_request"] = json!(true);
    let kept = owner.post("/reservations", &keep);
    assert_eq!(kept.json["refusal"]["request"], 1);
    assert_eq!(owner.get("/requests/1").ok()["state"], "open");
    assert_eq!(
        owner
            .post("/requests/1/answer", &json!({"answer": ""}))
            .ok()["state"],
        "closed"
    );
}

/// A version whose prices do not matter here.
fn publish(conn: &mut Conn, plan: PlanId) {
    let version = plans::Version {
        id: PlanVersionId(0),
        plan_id: plan,
        effective_from: "2026-01-01".parse().unwrap(),
        terms: "{}".to_owned(),
        created_at: NOW,
        created_by: None,
        published_at: Some(NOW),
        published_by: None,
    };
    plans::insert_version(conn, &version).unwrap();
}
