//! Programs that are told of incidents: signed, tried again, never twice, shown.

use crate::identity::world::PASSWORD;
use crate::on_both;
use crate::support::House;
use crate::support::hotel::*;
use crate::support::receiver::{Posted, Receiver};
use crate::support::server::Server;
use hmac::{Hmac, Mac};
use innkeeper::courier::Courier;
use innkeeper::db::metering::alarms::{self as incidents, Filter};
use innkeeper::db::metering::webhooks::{self as rows, Delivery, Webhook};
use innkeeper::db::{Chain, trail};
use innkeeper::domain::calendar::Instant;
use innkeeper::domain::identity::MailState;
use innkeeper::domain::identity::access::{Actor, Role};
use innkeeper::domain::ids::*;
use innkeeper::domain::metering::webhook::Event;
use innkeeper::error::Error;
use innkeeper::services::check::check;
use innkeeper::services::metering::alarms::{acknowledge, sweep};
use innkeeper::services::metering::imports::Keep;
use innkeeper::services::metering::webhooks::{self as service, deliver_due};
use innkeeper::services::outbox::Report;
use serde_json::{Value, json};
use sha2::Sha256;
use std::collections::HashSet;

fn start() -> Instant {
    at("2026-06-02T00:00:00+03:00")
}

fn hour(hours: i64) -> Instant {
    start().plus_hours(hours)
}

fn staff(house: &House) -> Actor {
    house.actor("staff@example.ru", Role::Staff, None)
}

fn hooked(house: &House, who: &Actor, hotel: &Hotel, url: &str) -> Webhook {
    service::add(&house.db, who, start(), hotel.site, url, url).unwrap()
}

fn messages(house: &House, webhook: WebhookId) -> Vec<Delivery> {
    let mut all = rows::deliveries(&mut house.db.get().unwrap(), webhook, None, 100).unwrap();
    all.reverse();
    all
}

fn deliver(house: &House, now: Instant) -> (usize, usize, usize) {
    let Report {
        sent,
        put_off,
        failed,
    } = deliver_due(&house.db, &Courier::default(), now).unwrap();
    (sent, put_off, failed)
}

/// Checks a message as its receiver would, and reads it.
fn trusted(posted: &Posted, secret: &str) -> Value {
    let of = |name: &str| posted.headers[name].as_str();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    let signed = format!("{}.{}", of("x-innkeeper-timestamp"), posted.body);
    mac.update(signed.as_bytes());
    let hex = of("x-innkeeper-signature").strip_prefix("sha256=").unwrap();
    mac.verify_slice(&hex::decode(hex).unwrap()).unwrap();
    assert_eq!(of("content-type"), "application/json");
    let body: Value = serde_json::from_str(&posted.body).unwrap();
    assert_eq!(body["event"], of("x-innkeeper-event"));
    body
}

on_both! {
    fn an_incident_is_told_when_it_opens_is_known_and_is_over(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let (who, receiver) = (staff(house), Receiver::start());
        let hook = hooked(house, &who, &hotel, &format!("{}/alarms?of=1", receiver.base));
        assert!(hook.secret.starts_with(service::MARK));
        let rack = hotel.rack("A-0", 10);
        let meter = hotel.meter("M0", Some(rack), None, "2026-06-01");
        hotel.import(half_hours("M0", start(), 4, 500), Keep::AllOrNothing, hour(2));
        for _ in 0..2 {
            sweep(&house.db, URL, hour(6)).unwrap();
        }
        assert_eq!(deliver(house, hour(6)), (1, 0, 0));
        assert_eq!(deliver(house, hour(6)), (0, 0, 0), "it is told once");
        let filter = Filter { limit: 9, ..Filter::default() };
        let found = incidents::list(&mut house.db.get().unwrap(), &filter).unwrap();
        let id = found[0].0.id;
        acknowledge(&house.db, URL, &who, hour(7), id, "Called them").unwrap();
        assert_eq!(deliver(house, hour(7)), (1, 0, 0));
        hotel.import(half_hours("M0", hour(7), 1, 500), Keep::AllOrNothing, hour(8));
        sweep(&house.db, URL, hour(8)).unwrap();
        assert_eq!(deliver(house, hour(8)), (1, 0, 0));
        let posted = receiver.posted();
        assert!(posted.iter().all(|it| it.head == "POST /alarms?of=1 HTTP/1.1"), "{posted:?}");
        let told: Vec<Value> = posted.iter().map(|it| trusted(it, &hook.secret)).collect();
        assert_eq!(told[0], json!({
            "event": "incident.opened",
            "at": "2026-06-02T03:00:00Z",
            "site": {"id": hotel.site, "name": "Test"},
            "incident": {
                "id": id, "kind": "silent", "subject": format!("meter-{meter}"), "label": "M0",
                "value": 240, "limit": 180, "unit": "minutes",
                "raised_at": "2026-06-02T03:00:00Z", "cleared_at": null, "acknowledged_at": null, "note": "",
            },
            "link": format!("{URL}/alarms/{id}"),
        }));
        assert_eq!((&told[1]["event"], &told[1]["incident"]["note"]), (&json!("incident.acknowledged"), &json!("Called them")));
        assert_eq!((&told[2]["event"], &told[2]["incident"]["cleared_at"]), (&json!("incident.cleared"), &json!("2026-06-02T05:00:00Z")));
        let keys: HashSet<&str> = posted.iter().map(|it| it.headers["x-innkeeper-delivery"].as_str()).collect();
        assert_eq!(keys.len(), 3);
        assert!(messages(house, hook.id).iter().all(|it| it.state == MailState::Sent));
        assert_eq!(check(&house.db, hour(9)).unwrap(), vec![]);
    }

    fn what_is_refused_is_sent_again_with_the_same_key(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let (who, receiver) = (staff(house), Receiver::start());
        let hook = hooked(house, &who, &hotel, &receiver.base);
        receiver.answers("500 Internal Server Error", "", &"б\n".repeat(1_000));
        receiver.answers("302 Found", &format!("Location: {}/else\r\n", receiver.base), "");
        service::test(&house.db, &who, start(), hook.id).unwrap();
        assert_eq!(deliver(house, start()), (0, 1, 0));
        let row = messages(house, hook.id).remove(0);
        assert_eq!((row.state, row.attempts), (MailState::Waiting, 1));
        let head = "500 Internal Server Error ";
        assert!(row.last_error.starts_with(&format!("{head}б б")), "{}", row.last_error);
        assert!(row.last_error.chars().count() <= head.len() + 200);
        assert_eq!(deliver(house, start().plus_seconds(59)), (0, 0, 0), "not yet");
        assert_eq!(deliver(house, start().plus_seconds(60)), (0, 1, 0), "redirects are not followed");
        let again = start().plus_seconds(360);
        assert_eq!(deliver(house, again), (1, 0, 0));
        let posted = receiver.posted();
        assert_eq!(posted.len(), 3);
        assert!(posted.iter().all(|it| it.head == "POST / HTTP/1.1"), "{posted:?}");
        let keys: HashSet<&str> = posted.iter().map(|it| it.headers["x-innkeeper-delivery"].as_str()).collect();
        assert_eq!(keys.len(), 1, "a receiver knows it by its key");
        let body = trusted(&posted[2], &hook.secret);
        assert_eq!(posted[2].headers["x-innkeeper-timestamp"], again.0.to_string());
        assert_eq!(body["event"], Event::Test.code());
        let row = messages(house, hook.id).remove(0);
        assert_eq!((row.state, row.sent_at, row.last_error.as_str()), (MailState::Sent, Some(again), ""));
    }

    fn several_processes_send_each_message_once(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let (who, receiver) = (staff(house), Receiver::start());
        let hook = hooked(house, &who, &hotel, &receiver.base);
        for _ in 0..9 {
            service::test(&house.db, &who, start(), hook.id).unwrap();
        }
        let sent: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..3).map(|_| {
                let db = house.another();
                scope.spawn(move || deliver_due(&db, &Courier::default(), start()).unwrap().sent)
            }).collect();
            threads.into_iter().map(|it| it.join().unwrap()).sum()
        });
        assert_eq!((sent, receiver.posted().len()), (9, 9));
    }

    fn where_nobody_answers_it_is_tried_for_a_day(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let (who, receiver) = (staff(house), Receiver::start());
        let gone = Receiver::start().base.clone();
        let dead = hooked(house, &who, &hotel, &gone);
        let live = hooked(house, &who, &hotel, &receiver.base);
        for hook in [dead.id, dead.id, live.id] {
            service::test(&house.db, &who, start(), hook).unwrap();
        }
        assert_eq!(deliver(house, start()), (1, 1, 0), "another address is not held up");
        let waits = messages(house, dead.id);
        let next = start().plus_seconds(60);
        assert!(waits.iter().all(|it| it.next_at == next), "both wait: {waits:?}");
        let mut now = start();
        while let Some(next) = messages(house, dead.id).iter().filter(|it| it.state == MailState::Waiting).map(|it| it.next_at).min() {
            assert!(next > now);
            now = next;
            deliver(house, now);
        }
        assert!(now <= hour(25), "{now}");
        let given_up = messages(house, dead.id);
        assert!(given_up.iter().all(|it| it.state == MailState::Failed && !it.last_error.is_empty()));
        assert_eq!(service::send_again(&house.db, &who, now, given_up[0].id).unwrap(), dead.id);
        let again = messages(house, dead.id).remove(0);
        assert_eq!((again.state, again.attempts, again.next_at), (MailState::Waiting, 0, now));
        service::remove(&house.db, &who, now, dead.id).unwrap();
        assert_eq!(messages(house, dead.id), vec![]);
        assert_eq!(deliver(house, now), (0, 0, 0));
        assert_eq!(check(&house.db, now).unwrap(), vec![]);
    }

    fn staff_adds_an_address_tries_it_and_sees_its_secret_once(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        staff(house);
        let (receiver, finance) = (Receiver::start(), house.actor("finance@example.ru", Role::Finance, None));
        let refused = service::add(&house.db, &finance, start(), hotel.site, &receiver.base, "");
        assert!(matches!(refused, Err(Error::Forbidden)));
        let server = Server::start(&house.app(hour(1)));
        let visitor = server.signed_in("staff@example.ru", PASSWORD);
        let add = |url: &str| visitor.post("/sites/1/webhooks", &[("url", url), ("form_key", "0123456789abcdef0123456789abcdef")]);
        for wrong in ["", "ftp://a.b", "https://user:word@a.b/"] {
            assert_eq!(add(wrong).status(), 422, "{wrong}");
        }
        let answer = add(&receiver.base);
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let page = answer.text().unwrap();
        let secret = page.split(service::MARK).nth(1).and_then(|it| it.split('"').next());
        let secret = format!("{}{}", service::MARK, secret.expect("it is shown"));
        assert_eq!(add(&receiver.base).status(), 422, "the form again");
        for path in ["/sites/1/alarm-rules", "/webhooks/1"] {
            let text = visitor.get(path).text().unwrap();
            assert!(text.contains(receiver.base.trim_start_matches("http://")) && !text.contains(&secret), "{path}");
        }
        let chain = Chain::Site(hotel.site).key();
        let kept = trail::page(&mut house.db.get().unwrap(), chain, Some("webhook"), None, None, 9).unwrap();
        assert_eq!(kept.len(), 1);
        assert!(!format!("{kept:?}").contains(&secret));
        receiver.answers("503 Service Unavailable", "", "come later");
        assert_eq!(visitor.post("/webhooks/1/tests", &[]).status(), 303);
        let posted = receiver.wait_for(1);
        assert_eq!(trusted(&posted[0], &secret)["event"], "test");
        let shown = |words: &str| (0..500).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(20));
            visitor.get("/webhooks/1").text().unwrap().contains(words)
        });
        assert!(shown("503 Service Unavailable come later"));
        assert_eq!(visitor.post("/webhook-deliveries/1/retry", &[]).status(), 303);
        receiver.wait_for(2);
        assert!(shown("state state-ok"));
        assert_eq!(visitor.get("/webhooks/1/removal").status(), 200);
        assert_eq!(visitor.post("/webhooks/1/removal", &[]).status(), 303);
        assert_eq!(visitor.get("/webhooks/1").status(), 404);
        let tenant = house.actor("owner@example.ru", Role::Member, Some(hotel.tenant("Ель")));
        assert!(matches!(service::test(&house.db, &tenant, start(), WebhookId(1)), Err(Error::Forbidden)));
    }
}
