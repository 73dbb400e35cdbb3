//! Readings that programs send.

use super::world::{Program, all_scopes, rand_word};
use crate::on_both;
use crate::support::NOW;
use crate::support::server::Server;
use flate2::Compression;
use flate2::write::GzEncoder;
use innkeeper::db::metering::{meters as rows, readings};
use innkeeper::domain::calendar::{Instant, Span};
use innkeeper::domain::ids::*;
use innkeeper::domain::metering::meter::Place;
use innkeeper::jobs::work_off;
use innkeeper::services::check::check;
use innkeeper::services::metering::meters::{self, NewMeter};
use serde_json::{Value, json};
use std::io::Write;

const ALL: Span = Span {
    from: Instant(0),
    to: Instant(i64::MAX),
};

/// `2026-06-01T00:00:00Z` and so many half-hours later.
fn half_hour(at: i64) -> String {
    let start = chrono::DateTime::parse_from_rfc3339("2026-06-01T00:00:00Z").unwrap();
    (start + chrono::Duration::minutes(30 * at)).to_rfc3339()
}

fn row(meter: &str, at: i64, value: &str) -> Value {
    json!({"meter": meter, "start": half_hour(at), "end": half_hour(at + 1), "value": value, "unit": "kWh"})
}

fn counts(answer: &Value) -> [i64; 5] {
    ["new", "same", "corrected", "waiting", "refused"].map(|it| answer[it].as_i64().unwrap())
}

fn packed(text: &str) -> Vec<u8> {
    let mut packer = GzEncoder::new(vec![], Compression::default());
    packer.write_all(text.as_bytes()).unwrap();
    packer.finish().unwrap()
}

on_both! {
    fn each_row_is_taken_or_answered_and_counts_once(house: &House) {
        let world = house.world();
        let staff = house.personal(&world.staff, all_scopes());
        let owner = house.personal(&world.owner, all_scopes());
        let from = "2026-01-01".parse().unwrap();
        let place = Place { rack: Some(RackId(1)), ..Place::default() };
        let known = NewMeter::of_intervals(SiteId(1), "M1", place, from);
        let known = meters::create(&house.db, &world.staff, NOW, &known).unwrap();
        let server = Server::start(&house.app(NOW));
        let (staff, owner) = (Program::new(&server, &staff), Program::new(&server, &owner));
        let body = json!({"readings": [row("M1", 0, "1.5"), row("M1", 1, "2"), row("M9", 0, "3")]});
        assert_eq!(owner.post("/readings", &body).status, 403);
        let first = staff.post("/readings", &body).ok();
        assert_eq!(counts(&first), [2, 0, 0, 1, 0]);
        assert_eq!((&first["rows"][0]["row"], &first["rows"][0]["fate"]), (&json!(3), &json!("waiting")));
        // The same key again is the same answer; the same rows under another key count no more.
        let key = rand_word();
        let again = staff.post_again("/readings", &body, &key);
        assert_eq!(counts(&again.json), [0, 2, 0, 1, 0]);
        assert!(staff.post_again("/readings", &body, &key).replayed);
        // JSON lines, packed: another value, a row that is none, one that ends before it begins.
        let mut wrong = row("M1", 5, "1");
        wrong["end"] = json!(half_hour(5));
        let lines = format!("{}\nno reading\n\n{wrong}\n", row("M1", 1, "2.25"));
        let url = format!("{}/api/v1/readings", server.base);
        let post = |media: &str, content: Vec<u8>| {
            let request = reqwest::blocking::Client::new().post(&url).body(content);
            let request = request.header("Content-Type", media).header("Idempotency-Key", rand_word());
            staff.sent("post", "/readings", request)
        };
        let sent = post("application/x-ndjson", packed(&lines)).ok();
        assert_eq!(counts(&sent), [0, 0, 1, 0, 2]);
        let places: Vec<i64> = [0, 1].map(|at| sent["rows"][at]["row"].as_i64().unwrap()).to_vec();
        assert_eq!(places, [2, 4], "by their lines");
        // A table, as files have it.
        let table = format!("meter;start;end;value;unit\nM1;{};{};7,5;kWh\n", half_hour(2), half_hour(3));
        assert_eq!(counts(&post("text/csv", table.into_bytes()).ok()), [1, 0, 0, 0, 0]);
        let kept = house.db.read(|conn| readings::of_meter(conn, known, ALL)).unwrap();
        assert_eq!(kept.iter().map(|it| it.wh.0).collect::<Vec<_>>(), [1_500, 2_250, 7_500]);
        // What waited for a meter is applied once it is there.
        let late = NewMeter::of_intervals(SiteId(1), "M9", place, from);
        let late = meters::create(&house.db, &world.staff, NOW, &late).unwrap();
        work_off(&house.app(NOW)).unwrap();
        let applied = house.db.read(|conn| readings::of_meter(conn, late, ALL)).unwrap();
        assert_eq!(applied.iter().map(|it| it.wh.0).collect::<Vec<_>>(), [3_000]);
        assert_eq!(house.db.read(|conn| rows::by_name(conn, "M9")).unwrap().unwrap().id, late);
        assert_eq!(check(&house.db, NOW).unwrap(), []);
    }

    fn what_cannot_be_read_changes_nothing(house: &House) {
        let world = house.world();
        let staff = house.personal(&world.staff, all_scopes());
        let server = Server::start(&house.app(NOW));
        let staff = Program::new(&server, &staff);
        let url = format!("{}/api/v1/readings", server.base);
        let post = |media: &str, content: Vec<u8>| {
            let request = reqwest::blocking::Client::new().post(&url).body(content);
            let request = request.header("Content-Type", media).header("Idempotency-Key", rand_word());
            staff.sent("post", "/readings", request).status
        };
        let mut cut = packed("{}");
        cut.truncate(8);
        assert_eq!(post("application/json", cut), 400);
        assert_eq!(post("application/json", packed(&" ".repeat(70 << 20))), 413, "a bomb");
        assert_eq!(post("application/pdf", b"%PDF".to_vec()), 415);
        assert_eq!(post("text/csv", b"one,two\n1,2\n".to_vec()), 400);
        assert_eq!(post("application/json", b"{\"readings\": []}".to_vec()), 400);
        let odd = json!({"readings": [{"meter": "M1", "value": "1", "unit": "kWh"}]});
        assert_eq!(counts(&staff.post("/readings", &odd).ok()), [0, 0, 0, 0, 1]);
    }
}
