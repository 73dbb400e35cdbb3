//! A running lease moves: capacity, energy and rent follow from the day of the move.

use crate::billing::world::{version, zone};
use crate::identity::world::PASSWORD;
use crate::on_both;
use crate::support::House;
use crate::support::hotel::*;
use crate::support::server::{Server, Visitor};
use innkeeper::db::leasing::{leases, lists};
use innkeeper::db::site::halls;
use innkeeper::domain::calendar::Month;
use innkeeper::domain::identity::access::Role;
use innkeeper::domain::ids::*;
use innkeeper::domain::money::Currency;
use innkeeper::domain::site::machine::MachineState;
use innkeeper::domain::site::{CoolingKind, Leg, Supply};
use innkeeper::domain::units::Watts;
use innkeeper::error::Error;
use innkeeper::services::billing::rating;
use innkeeper::services::check::look;
use innkeeper::services::leasing::assign::{Assigned, Wanted};
use innkeeper::services::leasing::leases::give_notice;
use innkeeper::services::leasing::options::options;
use innkeeper::services::leasing::relocate::relocate;
use innkeeper::services::metering::imports::Keep;
use innkeeper::services::metering::{estimates, settlement};
use innkeeper::services::site::floor::Floor;
use innkeeper::services::site::machines::{self, Details};

const NOW: &str = "2026-06-10T09:00:00+03:00";

/// A lease of ten machines on the whole of rack A from 1 June; rack B is empty. Each has a meter.
struct Move<'a> {
    hotel: Hotel<'a>,
    lease: LeaseId,
    reservation: ReservationId,
    racks: [RackId; 2],
}

impl<'a> Move<'a> {
    fn build(house: &'a House) -> Self {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let racks = ["A", "B"].map(|name| hotel.rack(name, 10));
        let terms = version("2026-01-01", vec![zone("all", "00:00", "00:00", "5.00")]);
        let lease = hotel.lease(&Signed {
            tenant: hotel.tenant("ООО «Берёза»"),
            plan: hotel.plan("Все", Currency::Rub, &[terms]),
            start: "2026-06-01",
            end: None,
            contracted: &[("2026-06-01", 10_000)],
            racks: &[(racks[0], 10)],
            watts_each: 1_000,
        });
        hotel.meter("MA", Some(racks[0]), None, "2026-01-01");
        hotel.meter("MB", Some(racks[1]), None, "2026-01-01");
        let row = leases::get(&mut house.db.get().unwrap(), lease).unwrap();
        Self {
            hotel,
            lease,
            reservation: row.reservation_id,
            racks,
        }
    }

    fn go(&self, from: &str, to: &[(&str, u32)]) -> innkeeper::error::Result<Assigned> {
        let wanted = |(rack, units): &(&str, u32)| Wanted {
            rack: (*rack).to_owned(),
            leg: None::<Leg>,
            units: *units,
        };
        let wanted: Vec<Wanted> = to.iter().map(wanted).collect();
        relocate(
            self.hotel.db,
            &HOUSE,
            at(NOW),
            self.reservation,
            day(from),
            &wanted,
        )
    }

    fn sold(&self, on: &str) -> [Watts; 2] {
        let conn = &mut self.hotel.db.get().unwrap();
        let hall = halls::of_site(conn, self.hotel.site).unwrap()[0].id;
        let floor = Floor::load(self.hotel.db, conn, hall, Some(day(on)), at(NOW)).unwrap();
        self.racks.map(|rack| floor.rack(rack).unwrap().look.sold)
    }

    fn stays(&self) -> Vec<(String, Option<String>, Option<String>, i64)> {
        let rows = lists::standing(&mut self.hotel.db.get().unwrap(), self.reservation).unwrap();
        let text = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
        rows.into_iter()
            .map(|it| (it.rack, text(it.from), text(it.to), it.units))
            .collect()
    }
}

fn stay(
    rack: &str,
    from: Option<&str>,
    to: Option<&str>,
    units: i64,
) -> (String, Option<String>, Option<String>, i64) {
    (
        rack.to_owned(),
        from.map(str::to_owned),
        to.map(str::to_owned),
        units,
    )
}

const KW: i64 = 1_000;

on_both! {
    fn machines_left_behind_are_listed_until_they_are_moved(house: &House) {
        let it = Move::build(house);
        let tenant = leases::get(&mut house.db.get().unwrap(), it.lease).unwrap().tenant_id;
        let ids = ["WM-1", "WM-2"].map(|serial| {
            let details = Details {
                tenant,
                reservation: Some(it.reservation),
                model_id: None,
                model_name: "S21".to_owned(),
                serial: serial.to_owned(),
                watts: Watts(KW),
                cooling: CoolingKind::Air,
                supply: Supply::Three,
                note: String::new(),
            };
            let state = MachineState::Received;
            let id = machines::register(&house.db, &HOUSE, at(NOW), it.hotel.site, &details, state).unwrap();
            machines::rack(&house.db, &HOUSE, at(NOW), id, it.racks[0], Default::default()).unwrap();
            id
        });
        house.actor("staff@example.ru", Role::Staff, None);
        house.actor("owner@example.ru", Role::Owner, Some(tenant));
        let server = Server::start(&house.app(at(NOW)));
        let staff = server.signed_in("staff@example.ru", PASSWORD);
        let owner = server.signed_in("owner@example.ru", PASSWORD);
        let text = |who: &Visitor, path: &str| {
            let answer = who.get(path);
            assert_eq!(answer.status().as_u16(), 200, "{path}");
            answer.text().unwrap()
        };
        let place = format!("/machines/{}/place", ids[0]);
        let lease = format!("/leases/{}", it.lease);
        let assignment = format!("/reservations/{}/assignment", it.reservation);
        assert!(!text(&staff, &lease).contains("id=\"left\""), "they stand where they may");
        assert!(!text(&staff, "/machines?stray=yes").contains("WM-1"));
        assert_eq!(it.go("2026-06-10", &[("B", 10)]).unwrap(), Assigned::Done);
        for path in [&lease, &assignment] {
            let page = text(&staff, path);
            assert!(page.contains("id=\"left\"") && page.contains(&place), "{path}: {page}");
        }
        let list = text(&staff, "/machines?stray=yes");
        assert!(list.contains("WM-1") && list.contains("WM-2"), "{list}");
        assert!(text(&staff, "/conflicts").contains("/machines?stray=yes"));
        // A tenant sees its own, and does not move them.
        let own = text(&owner, &lease);
        assert!(own.contains("id=\"left\"") && !own.contains(&place), "{own}");
        machines::rack(&house.db, &HOUSE, at(NOW), ids[0], it.racks[1], Default::default()).unwrap();
        let left = text(&staff, "/machines?stray=yes");
        assert!(!left.contains("WM-1") && left.contains("WM-2"), "{left}");
        assert!(text(&staff, "/machines.csv?stray=yes").lines().count() == 2);
        machines::rack(&house.db, &HOUSE, at(NOW), ids[1], it.racks[1], Default::default()).unwrap();
        assert!(!text(&staff, &lease).contains("id=\"left\""));
        assert!(!text(&staff, "/conflicts").contains("stray=yes"));
    }

    fn staff_move_a_lease_over_its_page(house: &House) {
        let it = Move::build(house);
        let id = it.reservation;
        house.actor("staff@example.ru", Role::Staff, None);
        let server = Server::start(&house.app(at(NOW)));
        let staff = server.signed_in("staff@example.ru", PASSWORD);
        let path = format!("/reservations/{id}/assignment");
        let lease = staff.get(&format!("/leases/{}", it.lease)).text().unwrap();
        assert!(lease.contains(&path), "the lease leads there");
        let asked = staff.get(&format!("{path}?from=2026-06-16")).text().unwrap();
        assert!(asked.contains("name=\"from\"") && asked.contains("value=\"2026-06-16\""), "{asked}");
        let [a, b] = it.racks.map(|rack| format!("units-{rack}"));
        let said = staff.post(&path, &[("from", "2026-06-01"), (&b, "10")]);
        assert_eq!(said.status().as_u16(), 422);
        let text = said.text().unwrap();
        assert!(text.contains("today at the earliest") && text.contains("value=\"10\""), "{text}");
        let said = staff.post(&path, &[("from", "2026-06-16"), (&a, "5"), (&b, "5")]);
        assert_eq!(said.status().as_u16(), 303);
        let shown = staff.get(&format!("/reservations/{id}")).text().unwrap();
        assert!(shown.contains("moved to other racks"), "in its history");
        assert_eq!(it.stays().len(), 3);
    }

    fn the_racks_change_on_the_day_and_not_before(house: &House) {
        let it = Move::build(house);
        assert_eq!(it.go("2026-06-16", &[("B", 10)]).unwrap(), Assigned::Done);
        assert_eq!(it.sold("2026-06-15"), [Watts(10 * KW), Watts::ZERO]);
        assert_eq!(it.sold("2026-06-16"), [Watts::ZERO, Watts(10 * KW)]);
        assert_eq!(it.stays(), [stay("A", None, Some("2026-06-16"), 10), stay("B", Some("2026-06-16"), None, 10)]);
        let there = options(&house.db, &HOUSE, at(NOW), it.reservation, Some(day("2026-06-20"))).unwrap();
        let on = |name: &str| there.places.iter().find(|place| place.rack == name).unwrap();
        assert_eq!((on("A").units, on("A").free_slots), (0, 10));
        assert_eq!((on("B").units, on("B").free_slots), (10, 10), "its own slots are free for itself");
        assert_eq!(look(&house.db, at(NOW)).unwrap().violations, vec![]);
    }

    fn what_was_planned_for_later_gives_way(house: &House) {
        let it = Move::build(house);
        it.go("2026-06-16", &[("B", 10)]).unwrap();
        it.go("2026-06-20", &[("A", 4), ("B", 6)]).unwrap();
        assert_eq!(it.stays(), [
            stay("A", None, Some("2026-06-16"), 10),
            stay("B", Some("2026-06-16"), Some("2026-06-20"), 10),
            stay("A", Some("2026-06-20"), None, 4),
            stay("B", Some("2026-06-20"), None, 6),
        ]);
        it.go("2026-06-10", &[("B", 10)]).unwrap();
        assert_eq!(it.stays(), [stay("A", None, Some("2026-06-10"), 10), stay("B", Some("2026-06-10"), None, 10)]);
        let lease = it.lease;
        give_notice(&house.db, &HOUSE, at(NOW), lease, day("2026-07-15")).unwrap();
        it.go("2026-07-01", &[("A", 10)]).unwrap();
        assert_eq!(look(&house.db, at(NOW)).unwrap().violations, vec![]);
        give_notice(&house.db, &HOUSE, at(NOW), lease, day("2026-06-25")).unwrap();
        assert_eq!(it.stays(), [stay("A", None, Some("2026-06-10"), 10), stay("B", Some("2026-06-10"), None, 10)]);
        assert_eq!(look(&house.db, at(NOW)).unwrap().violations, vec![]);
    }

    fn what_cannot_be_is_refused_and_changes_nothing(house: &House) {
        let it = Move::build(house);
        let before = it.stays();
        let field = |said: innkeeper::error::Result<Assigned>| match said {
            Err(Error::Invalid(fields)) => fields[0].message.key.to_string(),
            other => panic!("{other:?}"),
        };
        assert_eq!(field(it.go("2026-06-09", &[("B", 10)])), "leasing-error-move-past");
        assert!(matches!(it.go("2026-06-16", &[("B", 11)]), Ok(Assigned::Refused(_))));
        assert!(matches!(it.go("2026-06-16", &[("B", 9)]), Ok(Assigned::Refused(_))));
        assert_eq!(field(it.go("2026-06-16", &[("C", 10)])), "leasing-error-rack");
        let lease = it.lease;
        give_notice(&house.db, &HOUSE, at(NOW), lease, day("2026-06-15")).unwrap();
        assert_eq!(field(it.go("2026-06-15", &[("B", 10)])), "leasing-error-move-ended");
        assert_eq!(it.stays(), before);
    }

    fn energy_and_rent_follow(house: &House) {
        let it = Move::build(house);
        it.go("2026-06-16", &[("B", 10)]).unwrap();
        let now = at("2026-07-02T12:00:00+03:00");
        let from = at("2026-06-01T00:00:00+03:00");
        for (meter, wh) in [("MA", 100), ("MB", 300)] {
            it.hotel.import(half_hours(meter, from, 1_440, wh), Keep::AllOrNothing, now);
        }
        let conn = &mut house.db.get().unwrap();
        let lease = leases::get(conn, it.lease).unwrap();
        let zone = innkeeper::db::site::sites::get(conn, it.hotel.site).unwrap().zone();
        let month = Month::parse("2026-06").unwrap();
        let span = zone.month_span(month);
        let settled = settlement::settle(conn, &lease, zone, month, span).unwrap().unwrap();
        let buckets = settlement::buckets(&settled, span);
        let half_month = 15 * 48;
        assert_eq!(buckets.len(), 2 * half_month);
        assert!(buckets[..half_month].iter().all(|it| it.wh == 100));
        assert!(buckets[half_month..].iter().all(|it| it.wh == 300));
        let input = rating::input(conn, &lease, zone, month, settled).unwrap();
        let racks: Vec<_> = input.lease.racks.iter().map(|it| (it.rack.as_str(), it.from, it.to)).collect();
        assert_eq!(racks, [("A", day("2026-06-01"), Some(day("2026-06-16"))), ("B", day("2026-06-16"), None)]);
        let gaps = estimates::gaps_of(conn, &lease, span, now).unwrap();
        assert!(gaps.is_empty(), "{gaps:?}");
    }

    fn only_the_meters_where_it_stands_leave_gaps(house: &House) {
        let it = Move::build(house);
        it.go("2026-06-16", &[("B", 10)]).unwrap();
        let conn = &mut house.db.get().unwrap();
        let lease = leases::get(conn, it.lease).unwrap();
        let span = innkeeper::domain::calendar::Span {
            from: at("2026-06-01T00:00:00+03:00"),
            to: at("2026-07-01T00:00:00+03:00"),
        };
        let gaps = estimates::gaps_of(conn, &lease, span, span.to).unwrap();
        let found: Vec<_> = gaps.iter().map(|gap| (gap.code.as_str(), gap.span)).collect();
        let middle = at("2026-06-16T00:00:00+03:00");
        let part = |from, to| innkeeper::domain::calendar::Span { from, to };
        assert_eq!(found, [("MA", part(span.from, middle)), ("MB", part(middle, span.to))]);
    }
}
