//! What stands behind a load curve, and what it is compared with.

use crate::billing::world::{version, zone};
use crate::identity::world::PASSWORD;
use crate::on_both;
use crate::support::hotel::*;
use crate::support::server::Server;
use innkeeper::db::Chain;
use innkeeper::db::metering::days::{self, MeterDay};
use innkeeper::db::site::power::{self, Outage};
use innkeeper::domain::billing::rate::Cause;
use innkeeper::domain::calendar::{Instant, Span, Zone};
use innkeeper::domain::identity::access::Role;
use innkeeper::domain::ids::*;
use innkeeper::domain::money::Currency;
use innkeeper::domain::units::Watts;
use innkeeper::services::check::check;
use innkeeper::services::leasing::events::{self, NewEvent};
use innkeeper::services::metering::curve::{self, Point, Step, Subject};
use innkeeper::services::metering::imports::Keep;
use innkeeper::services::metering::loads;
use serde_json::Value;

fn hour(hours: i64) -> Instant {
    at("2026-06-02T00:00:00+03:00").plus_hours(hours)
}

/// The chart of a page, as its script reads it.
fn chart(page: &str) -> Value {
    let (_, after) = page.split_once("data-chart=\"").unwrap();
    let (text, _) = after.split_once('"').unwrap();
    serde_json::from_str(&text.replace("&#34;", "\"").replace("&#38;", "&")).unwrap()
}

/// Kind, from and to in hours of the first day.
fn spans(chart: &Value, kind: &str) -> Vec<(i64, i64)> {
    let all = chart["spans"].as_array().unwrap().iter();
    let of_kind = all.filter(|it| it["kind"] == kind);
    let hours = |it: &Value| (it.as_i64().unwrap() - hour(0).0) / 3_600;
    of_kind
        .map(|it| (hours(&it["from"]), hours(&it["to"])))
        .collect()
}

on_both! {
    fn a_curve_shows_the_tariff_what_held_it_back_and_what_was_corrected(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let rack = hotel.rack("A-1", 10);
        hotel.meter("M1", Some(rack), None, "2026-06-01");
        let zones = vec![zone("day", "07:00", "23:00", "5.00"), zone("night", "23:00", "07:00", "3.00")];
        let tenant = hotel.tenant("T");
        let lease = hotel.lease(&Signed {
            tenant,
            plan: hotel.plan("P", Currency::Rub, &[version("2026-01-01", zones)]),
            start: "2026-06-01",
            end: None,
            contracted: &[("2026-06-01", 10_000)],
            racks: &[(rack, 10)],
            watts_each: 1_000,
        });
        hotel.import(half_hours("M1", hour(-24), 96, 2_000), Keep::AllOrNothing, hour(24));
        let late = hotel.import(half_hours("M1", hour(10), 2, 2_500), Keep::AllOrNothing, hour(25));
        assert_eq!((late.rows_bad, late.rows_corrected), (0, 2));
        let curtailed = NewEvent {
            lease,
            span: Span { from: hour(12), to: hour(14) },
            watts: Watts(5_000),
            cause: Cause::Curtailment,
            note: String::new(),
        };
        events::record(&house.db, &HOUSE, hour(26), &curtailed).unwrap();
        house.db.write(Chain::Site(hotel.site), |tx| {
            let outage = Outage {
                id: OutageId(0),
                site_id: hotel.site,
                node_id: NodeId(1),
                from_date: day("2026-06-02"),
                to_date: day("2026-06-03"),
                reason: "a new breaker".into(),
                created_at: hour(0),
                created_by: None,
                cancelled_at: None,
                cancelled_by: None,
            };
            power::insert_outage(tx.conn, &outage)
        }).unwrap();
        house.user("staff@example.ru", Role::Staff, None);
        let server = Server::start(&house.app(hour(30)));
        let visitor = server.signed_in("staff@example.ru", PASSWORD);
        let show = |query: &str| visitor.get(&format!("/load?from=2026-06-02&to=2026-06-03&{query}")).text().unwrap();

        let of_lease = chart(&show(&format!("of=lease-{lease}")));
        assert_eq!(spans(&of_lease, "tariff"), [(0, 7), (23, 24)]);
        assert_eq!(spans(&of_lease, "curtailment"), [(12, 14)]);
        assert_eq!(spans(&of_lease, "tenant"), [(10, 11)], "two half-hours that were corrected are one mark");
        assert_eq!(spans(&of_lease, "outage"), []);
        let of_rack = chart(&show(&format!("of=rack-{rack}")));
        assert_eq!(spans(&of_rack, "outage"), [(0, 24)], "what feeds it is planned to be off");
        assert_eq!(spans(&of_rack, "curtailment"), [(12, 14)]);
        let of_site = chart(&show("of=site-1"));
        assert_eq!((spans(&of_site, "curtailment"), spans(&of_site, "outage")), (vec![(12, 14)], vec![(0, 24)]));
        let quiet = visitor.get(&format!("/load?of=rack-{rack}&from=2026-06-01&to=2026-06-02")).text().unwrap();
        assert_eq!(chart(&quiet)["spans"], serde_json::json!([]), "the day before has no marks");

        let beside = chart(&show(&format!("of=rack-{rack}&with=before")));
        let (now, before) = (beside["y"].as_array().unwrap(), beside["with"]["y"].as_array().unwrap());
        assert_eq!((now.len(), before.len()), (48, 48));
        assert_eq!((&now[20], &before[20]), (&Value::from(5), &Value::from(4)), "kW of the same time of day");
        let months = |query: &str| visitor.get(&format!("/load?of=rack-{rack}&from=2026-07-01&to=2026-08-01{query}")).text().unwrap();
        assert!(months("").contains("from=2026-06-01&amp;to=2026-07-01") || months("").contains("from=2026-06-01&#38;to=2026-07-01"), "June comes before July");
    }
    fn what_a_lease_used_is_kept_by_date_and_follows_a_correction(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let tenant = hotel.tenant("T");
        let zones = vec![zone("all", "00:00", "00:00", "5.00")];
        let plan = hotel.plan("P", Currency::Rub, &[version("2026-01-01", zones)]);
        let mut leases = vec![];
        for (name, meter, watts) in [("A-1", "M1", 2_000), ("A-2", "M2", 3_000)] {
            let rack = hotel.rack(name, 10);
            hotel.meter(meter, Some(rack), None, "2026-05-01");
            leases.push(hotel.lease(&Signed {
                tenant,
                plan,
                start: "2026-05-01",
                end: None,
                contracted: &[("2026-05-01", 10_000)],
                racks: &[(rack, 10)],
                watts_each: 1_000,
            }));
            let rows = half_hours(meter, hour(-32 * 24), 48 * 34, watts);
            hotel.import(rows, Keep::AllOrNothing, hour(50 * 24));
        }
        let (one, both) = (Subject::Lease(leases[0]), Subject::Tenant(tenant));
        let zone = Zone::parse("Europe/Moscow").unwrap();
        let year = (day("2026-01-01"), day("2027-01-01"));
        let of = |subject, now| {
            curve::settle(&house.db, subject, year, now).unwrap();
            house.db.read(|conn| curve::curve(conn, subject, zone, year)).unwrap()
        };
        let curve = of(one, hour(24));
        assert_eq!(curve.step, Step::Day);
        assert_eq!(curve.points.len(), 34, "dates of the lease with readings");
        let sum = |points: &[Point]| points.iter().map(|it| it.wh.0).sum::<i64>();
        let read = |points: &[Point]| {
            let days = (zone.date(points[0].start), zone.date(points[points.len() - 1].end));
            let rows = house.db.read(|conn| loads::of_leases(conn, &leases[..1], zone.span_of(days.0, days.1)));
            rows.unwrap().iter().map(|it| it.wh.0).sum::<i64>()
        };
        assert_eq!(sum(&curve.points), read(&curve.points));
        let tenants = of(both, hour(24));
        assert_eq!(sum(&tenants.points) * 2, sum(&curve.points) * 5, "2 kW and 3 kW");

        let before = sum(&curve.points);
        let late = hotel.import(half_hours("M1", hour(-10 * 24), 2, 2_500), Keep::AllOrNothing, hour(51 * 24));
        assert_eq!(late.rows_corrected, 2);
        let corrected = of(one, hour(24));
        assert_eq!(sum(&corrected.points), before + 1_000, "two half-hours of 500 Wh more");
        let changed = curve.points.iter().zip(&corrected.points).filter(|(a, b)| a != b).count();
        assert_eq!(changed, 1, "one date");
    }
    fn a_date_that_is_not_what_was_read_is_a_violation(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let rack = hotel.rack("A-1", 10);
        let meter = hotel.meter("M1", Some(rack), None, "2026-06-01");
        hotel.import(half_hours("M1", hour(0), 48, 2_000), Keep::AllOrNothing, hour(24));
        let found = || check(&house.db, hour(25)).unwrap().iter().map(|it| it.what.clone()).collect::<Vec<_>>();
        assert_eq!(found(), Vec::<String>::new());
        let spoil = |change: fn(&mut MeterDay)| {
            house.db.write(Chain::Operator, |tx| {
                let mut row = days::of_meters(tx.conn, &[meter], day("2026-06-01"), day("2026-06-05"))?.remove(0);
                change(&mut row);
                days::replace(tx.conn, meter, &[row])
            }).unwrap();
        };
        spoil(|row| row.wh.0 += 1);
        assert_eq!(found().len(), 2, "neither its readings nor its intervals add up to it");
        spoil(|row| row.wh.0 -= 1);
        assert_eq!(found(), Vec::<String>::new());
        spoil(|row| row.intervals = Some(vec![0xff]));
        assert_eq!(found().len(), 1, "its intervals cannot be read");
    }
}
