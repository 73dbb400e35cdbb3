//! Readings that arrive through a real broker: at least once in, once in the data.

use crate::identity::world::PASSWORD;
use crate::on_both;
use crate::support::broker::Broker;
use crate::support::hotel::*;
use crate::support::server::Server;
use crate::support::{House, NOW};
use innkeeper::db::metering::quarantine::{self, Filter};
use innkeeper::db::metering::readings;
use innkeeper::db::metering::sources::{self as rows, Slot, Source};
use innkeeper::db::trail;
use innkeeper::domain::calendar::{Instant, Span};
use innkeeper::domain::identity::access::Role;
use innkeeper::domain::ids::*;
use innkeeper::domain::metering::source::{
    Mapping, Payload, Protocol, SaidOf, SourceUnit, TimeForm,
};
use innkeeper::error::Error;
use innkeeper::jobs;
use innkeeper::services::check::check;
use innkeeper::services::metering::sources::{remove, save};
use std::collections::BTreeSet;
use std::time::{Duration, Instant as Watch};

const ALL: Span = Span {
    from: Instant(0),
    to: Instant(i64::MAX),
};
const PATIENCE: Duration = Duration::from_secs(60);

fn start() -> Instant {
    at("2026-11-10T00:00:00+03:00")
}

fn source(hotel: &Hotel, broker: &Broker, protocol: Protocol) -> Source {
    let mapping = Mapping {
        pattern: "plant/{meter}/energy".to_owned(),
        time_form: TimeForm::UnixSeconds,
        ..Mapping::default()
    };
    Source {
        name: "Plant".into(),
        protocol,
        address: broker.address(),
        client_prefix: "test".into(),
        share_group: "house".into(),
        mapping: serde_json::to_string(&mapping).unwrap(),
        ..Source::usual(hotel.site)
    }
}

/// The half-hour that begins so many half-hours after the first.
fn message(meter: &str, at: i64, value: &str) -> (String, String) {
    let end = start().0 + (at + 1) * 1_800;
    let payload = format!("{{\"time\": {end}, \"value\": {value}}}");
    (format!("plant/{meter}/energy"), payload)
}

fn slots(house: &House, id: SourceId) -> Vec<Slot> {
    rows::slots(&mut house.db.get().unwrap(), id).unwrap()
}

/// Waits until something is so of the slots.
fn wait(house: &House, id: SourceId, what: &str, so: impl Fn(&[Slot]) -> bool) {
    let begun = Watch::now();
    loop {
        let slots = slots(house, id);
        if so(&slots) {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "{what}: {slots:#?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn connected(count: usize) -> impl Fn(&[Slot]) -> bool {
    move |slots| slots.iter().filter(|it| it.connected_at.is_some()).count() == count
}

fn counted(count: i64) -> impl Fn(&[Slot]) -> bool {
    move |slots| slots.iter().map(|it| it.messages).sum::<i64>() >= count
}

fn stored(house: &House, meter: MeterId) -> Vec<i64> {
    let rows = house
        .db
        .read(|conn| readings::of_meter(conn, meter, ALL))
        .unwrap();
    rows.iter().map(|it| it.wh.0).collect()
}

fn each_counts_once(house: &House, protocol: Protocol) {
    let Some(broker) = Broker::start() else {
        return;
    };
    let hotel = Hotel::open(&house.db, "Europe/Moscow");
    let meter = hotel.meter("M1", Some(hotel.rack("A-0", 10)), None, "2026-06-01");
    let background = jobs::start(&house.app(NOW)).unwrap();
    let id = save(
        &house.db,
        &HOUSE,
        NOW,
        &source(&hotel, &broker, protocol),
        None,
    )
    .unwrap();
    wait(house, id, "it is found and connected to", connected(1));
    let first = message("M1", 0, "1.5");
    let garbage = ("plant/M1/energy".to_owned(), "no \u{0} json".to_owned());
    let other = ("plant/M1/energy/x".to_owned(), "{}".to_owned());
    broker.publish(&[
        first.clone(),
        message("M1", 1, "2"),
        first,
        garbage,
        message("M9", 0, "3"),
        message("M1", 1_000, "4"),
        message("M1", 0, "-5"),
        other,
    ]);
    wait(house, id, "seven came", counted(7));
    broker.publish(&[message("M1", 1, "2.25")]);
    wait(house, id, "the correction came", counted(8));
    background.stop();
    assert_eq!(stored(house, meter), [1_500, 2_250]);
    let slot = slots(house, id).remove(0);
    assert_eq!(
        (slot.rows_new, slot.rows_same, slot.rows_corrected),
        (2, 1, 1)
    );
    assert_eq!((slot.rows_waiting, slot.refused, slot.messages), (2, 2, 8));
    assert_eq!(
        (slot.holder.as_str(), slot.connected_at),
        ("", None),
        "given back"
    );
    let conn = &mut *house.db.get().unwrap();
    let refused = rows::refusals(conn, id, 10).unwrap();
    assert!(refused[0].reason.contains("negative"), "{refused:?}");
    assert!(refused[1].payload == "no   json" && refused[1].reason.contains("imp-reason-json"));
    let filter = Filter {
        limit: 10,
        ..Filter::default()
    };
    let waiting = quarantine::list(conn, &filter).unwrap();
    let codes: BTreeSet<String> = waiting.into_iter().map(|it| it.code).collect();
    let codes: Vec<String> = codes.into_iter().collect();
    assert_eq!(codes, ["M1", "M9"], "a clock that is ahead, and unknown");
    assert_eq!(check(&house.db, NOW).unwrap(), []);
}

/// So many half-hours of four meters.
fn many(from: i64, count: i64) -> Vec<(String, String)> {
    let all = (from..from + count).flat_map(|at| (0..4).map(move |meter| (meter, at)));
    all.map(|(meter, at)| message(&format!("M{meter}"), at, "0.5"))
        .collect()
}

fn four_meters(hotel: &Hotel) -> Vec<MeterId> {
    let meter = |at: i64| {
        let rack = hotel.rack(&format!("A-{at}"), 10);
        hotel.meter(&format!("M{at}"), Some(rack), None, "2026-06-01")
    };
    (0..4).map(meter).collect()
}

/// Waits until every meter has so many readings, and has each of them once.
fn whole(house: &House, meters: &[MeterId], count: usize) {
    let begun = Watch::now();
    while meters.iter().any(|it| stored(house, *it).len() < count) {
        let had: Vec<usize> = meters.iter().map(|it| stored(house, *it).len()).collect();
        assert!(begun.elapsed() < PATIENCE, "{had:?} of {count}");
        std::thread::sleep(Duration::from_millis(100));
    }
    for meter in meters {
        assert_eq!(stored(house, *meter), vec![500; count]);
    }
    assert_eq!(check(&house.db, NOW).unwrap(), []);
}

on_both! {
    fn a_message_of_mqtt_3_counts_once(house: &House) {
        each_counts_once(house, Protocol::V311);
    }

    fn a_message_of_mqtt_5_counts_once(house: &House) {
        each_counts_once(house, Protocol::V5);
    }

    fn two_processes_divide_the_work_and_one_takes_over(house: &House) {
        let Some(broker) = Broker::start() else { return };
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let meters = four_meters(&hotel);
        let id = save(&house.db, &HOUSE, NOW, &source(&hotel, &broker, Protocol::V5), None).unwrap();
        let first = jobs::start(&house.app(NOW)).unwrap();
        let second = jobs::start(&house.app(NOW).with_db(&house.another())).unwrap();
        wait(house, id, "both listen", connected(2));
        broker.publish(&many(0, 100));
        whole(house, &meters, 100);
        let shares: Vec<i64> = slots(house, id).iter().map(|it| it.messages).collect();
        assert!(shares.iter().all(|it| *it > 50), "{shares:?}");
        // One stops, more comes at once: what the broker has put aside for it is not lost.
        second.stop();
        broker.publish(&many(100, 50));
        whole(house, &meters, 150);
        first.stop();
    }

    fn a_broker_stops_and_starts_again(house: &House) {
        let Some(mut broker) = Broker::start() else { return };
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let meters = four_meters(&hotel);
        let mut alone = source(&hotel, &broker, Protocol::V311);
        alone.share_group.clear();
        let id = save(&house.db, &HOUSE, NOW, &alone, None).unwrap();
        let background = jobs::start(&house.app(NOW)).unwrap();
        wait(house, id, "it listens", connected(1));
        broker.publish(&many(0, 50));
        broker.stop();
        wait(house, id, "the loss is known", |slots| slots[0].error_at.is_some());
        broker.run();
        broker.publish(&many(50, 50));
        whole(house, &meters, 100);
        // Switched off and on: what came meanwhile waits at the broker.
        alone.id = id;
        alone.enabled = false;
        save(&house.db, &HOUSE, NOW, &alone, None).unwrap();
        wait(house, id, "it is off", |slots| slots[0].holder.is_empty());
        broker.publish(&many(100, 10));
        alone.enabled = true;
        save(&house.db, &HOUSE, NOW, &alone, None).unwrap();
        whole(house, &meters, 110);
        background.stop();
    }

    fn a_killed_process_loses_nothing(house: &House) {
        let Some(broker) = Broker::start() else { return };
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let meters = four_meters(&hotel);
        let id = save(&house.db, &HOUSE, NOW, &source(&hotel, &broker, Protocol::V5), None).unwrap();
        let serve = || house.data().serve(env!("CARGO_BIN_EXE_innkeeper"), NOW);
        let mut process = serve();
        process.ready();
        wait(house, id, "it listens", connected(1));
        for part in 0..3 {
            let had: i64 = slots(house, id).iter().map(|it| it.messages).sum();
            broker.publish(&many(part * 100, 100));
            wait(house, id, "something came", counted(had + 1));
            process.kill();
            process = serve();
        }
        whole(house, &meters, 300);
        process.kill();
    }

    fn numbers_without_a_time_are_of_the_moment(house: &House) {
        let Some(broker) = Broker::start() else { return };
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let meter = hotel.meter("M1", Some(hotel.rack("A-0", 10)), None, "2026-06-01");
        let mapping = Mapping {
            pattern: "watts/{meter}".to_owned(),
            payload: Payload::Number,
            said_of: SaidOf::End,
            unit: SourceUnit::Watt,
            ..Mapping::default()
        };
        let mut live = source(&hotel, &broker, Protocol::V5);
        live.mapping = serde_json::to_string(&mapping).unwrap();
        let id = save(&house.db, &HOUSE, NOW, &live, None).unwrap();
        let background = jobs::start(&house.app(NOW)).unwrap();
        wait(house, id, "it listens", connected(1));
        let said = |text: &str| vec![("watts/M1".to_owned(), text.to_owned())];
        broker.publish(&said("3000"));
        broker.publish(&said("3000"));
        wait(house, id, "it came", counted(2));
        background.stop();
        // Nobody listens, and nobody says later that it was now.
        broker.publish(&said("9000"));
        let background = jobs::start(&house.app(NOW)).unwrap();
        wait(house, id, "it listens", connected(1));
        broker.publish(&said("3000"));
        wait(house, id, "it came", counted(3));
        background.stop();
        assert_eq!(stored(house, meter), [1_500]);
        assert_eq!(slots(house, id)[0].messages, 3);
    }

    fn a_source_is_kept_by_its_pages_and_its_password_is_told_nobody(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        hotel.meter("M1", Some(hotel.rack("A-0", 10)), None, "2026-06-01");
        house.user("staff@example.ru", Role::Staff, None);
        let server = Server::start(&house.app(NOW));
        let visitor = server.signed_in("staff@example.ru", PASSWORD);
        let form = |password: &'static str, address: &'static str| {
            [
                ("name", "Plant"), ("protocol", "mqtt5"), ("address", address), ("username", "house"),
                ("password", password), ("client_prefix", "innkeeper"), ("share_group", "house"),
                ("pattern", "plant/{meter}/energy"), ("payload", "json"), ("value", "value"),
                ("time", "time"), ("time_form", "iso"), ("said_of", "interval_end"),
                ("unit", "kwh"), ("seconds", "1800"),
            ]
        };
        assert_eq!(visitor.get("/sites/1/sources/new").status(), 200);
        assert_eq!(visitor.post("/sites/1/sources", &form("hidden-word", "nowhere")).status(), 422);
        assert_eq!(visitor.post("/sites/1/sources", &form("hidden-word", "localhost:1883")).status(), 303);
        assert_eq!(visitor.post("/sources/1", &form("", "localhost:1884")).status(), 303);
        let row = rows::get(&mut house.db.get().unwrap(), SourceId(1)).unwrap();
        assert_eq!((row.password.as_str(), row.address.as_str()), ("hidden-word", "localhost:1884"));
        let done = trail::of(&mut house.db.get().unwrap(), "reading_source", 1, 10).unwrap();
        assert_eq!(done.len(), 2);
        let said = format!("{done:?} {row:?}");
        assert!(!said.contains("hidden-word"), "{said}");
        for page in ["/sites/1/sources", "/sources/1", "/sources/1/edit", "/sources/1/removal"] {
            let text = visitor.get(page).text().unwrap();
            assert!(text.contains("Plant") && !text.contains("hidden-word"), "{page}");
        }
        let payload = r#"{"time": "2026-11-19T12:00:00+03:00", "value": "1.25"}"#;
        let tried = |topic: &str| {
            let answer = visitor.post("/sources/1/trial", &[("topic", topic), ("payload", payload)]);
            assert_eq!(answer.status(), 200);
            answer.text().unwrap()
        };
        let page = tried("plant/M1/energy");
        assert!(page.contains("1,250") || page.contains("1.250"), "{page}");
        assert!(tried("elsewhere").contains("plant/{meter}/energy"));
        assert_eq!(visitor.post("/sources/1/trial", &[]).status(), 422);
        assert_eq!(visitor.post("/sources/1/removal", &[]).status(), 303);
        assert_eq!(visitor.get("/sources/1").status(), 404);
        let staff = house.actor("finance@example.ru", Role::Finance, None);
        assert!(matches!(remove(&house.db, &staff, NOW, SourceId(1)), Err(Error::Forbidden)));
    }
}
