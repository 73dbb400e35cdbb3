//! Alarms end to end: raised once it has lasted, told once, over once, and again after that.

use crate::billing::world::{version, zone};
use crate::identity::world::PASSWORD;
use crate::on_both;
use crate::support::House;
use crate::support::hotel::*;
use crate::support::server::Server;
use innkeeper::db::Chain;
use innkeeper::db::metering::alarms::{self as rows, Filter, Incident};
use innkeeper::domain::calendar::Instant;
use innkeeper::domain::identity::access::Role;
use innkeeper::domain::ids::*;
use innkeeper::domain::metering::alarm::Kind;
use innkeeper::domain::money::Currency;
use innkeeper::error::Error;
use innkeeper::jobs::work_off;
use innkeeper::services::check::check;
use innkeeper::services::metering::alarms::{acknowledge, rule, save_rule, sweep};
use innkeeper::services::metering::imports::Keep;

const SHIFT: &str = "shift@hotel.test";

fn start() -> Instant {
    at("2026-06-02T00:00:00+03:00")
}

fn hour(hours: i64) -> Instant {
    start().plus_hours(hours)
}

/// The newest first within those that go on, then within those that are over.
fn all(house: &House) -> Vec<Incident> {
    let filter = Filter {
        descending: true,
        limit: 1_000,
        ..Filter::default()
    };
    let conn = &mut *house.db.get().unwrap();
    let found = rows::list(conn, &filter).unwrap();
    found.into_iter().map(|(row, _)| row).collect()
}

/// Kind, subject and whether it goes on.
fn told(house: &House) -> Vec<(Kind, String, bool)> {
    let said = |it: Incident| (it.kind, it.subject, it.cleared_at.is_none());
    all(house).into_iter().map(said).collect()
}

fn mail_to(house: &House, site: SiteId, kind: Kind) {
    let mut row = rule(&mut house.db.get().unwrap(), site, kind).unwrap();
    row.recipients = format!("{SHIFT}, {SHIFT}");
    save_rule(&house.db, &HOUSE, start(), &row).unwrap();
}

fn look(house: &House, now: Instant) {
    sweep(&house.db, URL, now).unwrap();
    let before = told(house);
    assert_eq!(
        sweep(&house.db, URL, now).unwrap(),
        0,
        "a second look is quiet"
    );
    assert_eq!(told(house), before);
}

fn leased(hotel: &Hotel, rack: RackId, name: &str) -> LeaseId {
    let terms = version("2026-01-01", vec![zone("all", "00:00", "00:00", "5.00")]);
    hotel.lease(&Signed {
        tenant: hotel.tenant(name),
        plan: hotel.plan(name, Currency::Rub, &[terms]),
        start: "2026-06-01",
        end: None,
        contracted: &[("2026-06-01", 10_000)],
        racks: &[(rack, 10)],
        watts_each: 1_000,
    })
}

on_both! {
    fn silent_meters_are_one_mail_and_what_speaks_again_is_over(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let rack = hotel.rack("A-0", 10);
        let ids: Vec<MeterId> = ["M0", "M1", "M2"]
            .map(|code| hotel.meter(code, Some(rack), None, "2026-06-01"))
            .to_vec();
        mail_to(house, hotel.site, Kind::Silent);
        for code in ["M0", "M1", "M2"] {
            hotel.import(half_hours(code, start(), 4, 500), Keep::AllOrNothing, hour(2));
        }
        look(house, hour(5));
        assert_eq!(told(house), vec![], "three hours are not too long");
        look(house, hour(5).plus_seconds(60));
        assert_eq!(all(house).len(), 3);
        assert!(all(house).iter().all(|it| it.cleared_at.is_none() && (it.value, it.raise) == (181, 180)));
        look(house, hour(9));
        assert_eq!(all(house).len(), 3, "one incident, however long it lasts");
        work_off(&house.app(hour(9))).unwrap();
        let mails = house.mails();
        assert_eq!(mails.len(), 1, "{mails:?}");
        assert!(mails[0].contains(SHIFT));
        hotel.import(half_hours("M1", hour(8), 2, 500), Keep::AllOrNothing, hour(9));
        look(house, hour(9).plus_seconds(60));
        let over = all(house).into_iter().find(|it| it.subject == format!("meter-{}", ids[1])).unwrap();
        assert_eq!(over.cleared_at, Some(hour(9).plus_seconds(60)));
        assert_eq!(all(house).iter().filter(|it| it.cleared_at.is_none()).count(), 2);
        look(house, hour(13));
        let of_it = told(house).into_iter().filter(|it| it.1 == over.subject);
        assert_eq!(of_it.map(|it| it.2).collect::<Vec<_>>(), [true, false], "again after it was over");
        work_off(&house.app(hour(13))).unwrap();
        assert_eq!(house.mails().len(), 2);
        let mut off = rule(&mut house.db.get().unwrap(), hotel.site, Kind::Silent).unwrap();
        off.enabled = false;
        save_rule(&house.db, &HOUSE, hour(13), &off).unwrap();
        look(house, hour(13));
        assert!(all(house).iter().all(|it| it.cleared_at.is_some()), "nothing is watched any more");
        assert_eq!(check(&house.db, hour(14)).unwrap(), vec![]);
    }

    fn a_lease_above_its_allocation_for_an_hour_and_one_that_idles_for_a_day(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let racks = [hotel.rack("A-0", 10), hotel.rack("A-1", 10)];
        let over = leased(&hotel, racks[0], "Берёза");
        let idle = leased(&hotel, racks[1], "Ель");
        hotel.meter("M0", Some(racks[0]), None, "2026-06-01");
        hotel.meter("M1", Some(racks[1]), None, "2026-06-01");
        let seen = |lease: LeaseId, kind| {
            let subject = format!("lease-{lease}");
            let own = told(house).into_iter().filter(|it| it.0 == kind && it.1 == subject);
            own.map(|it| it.2).collect::<Vec<_>>()
        };
        // 5 350 Wh of a half-hour are 107 % of ten machines of a kilowatt; 200 are 4 %.
        for at in 0..52 {
            let from = start().plus_seconds(at * 1_800);
            let now = from.plus_seconds(1_800);
            let drawn = if at < 10 { 5_350 } else { 5_000 };
            hotel.import(half_hours("M0", from, 1, drawn), Keep::AllOrNothing, now);
            hotel.import(half_hours("M1", from, 1, 200), Keep::AllOrNothing, now);
            sweep(&house.db, URL, now).unwrap();
            let raised = match at {
                0 | 1 => vec![],
                // Calm for an hour since the half-hour that ends at 5:30.
                2..=11 => vec![true],
                _ => vec![false],
            };
            assert_eq!(seen(over, Kind::OverAllocation), raised, "half-hour {at}");
            let raised = if at < 48 { vec![] } else { vec![true] };
            assert_eq!(seen(idle, Kind::IdleRack), raised, "half-hour {at}");
        }
        assert_eq!(seen(over, Kind::IdleRack), Vec::<bool>::new());
        assert_eq!(check(&house.db, hour(27)).unwrap(), vec![]);
    }

    fn staff_takes_note_and_a_tenant_sees_its_own(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let (rack, other) = (hotel.rack("A-0", 10), hotel.rack("A-1", 10));
        let lease = leased(&hotel, rack, "Берёза");
        leased(&hotel, other, "Ель");
        for (code, rack) in [("M0", rack), ("M1", other)] {
            hotel.meter(code, Some(rack), None, "2026-06-01");
        }
        hotel.import(half_hours("M0", start(), 1, 5_500), Keep::AllOrNothing, hour(1));
        let mut at_once = rule(&mut house.db.get().unwrap(), hotel.site, Kind::OverAllocation).unwrap();
        at_once.hold_seconds = 0;
        save_rule(&house.db, &HOUSE, start(), &at_once).unwrap();
        look(house, hour(1));
        let found = all(house).into_iter().find(|it| it.kind == Kind::OverAllocation).unwrap();
        assert_eq!((found.subject.clone(), found.value), (format!("lease-{lease}"), 110));
        let staff = house.actor("staff@example.ru", Role::Staff, None);
        let finance = house.actor("finance@example.ru", Role::Finance, None);
        let owners = [TenantId(1), TenantId(2)].map(|tenant| {
            house.actor(&format!("owner{tenant}@example.ru"), Role::Owner, Some(tenant))
        });
        for who in [finance, owners[0]] {
            let refused = acknowledge(&house.db, URL, &who, hour(1), found.id, "x");
            assert!(matches!(refused, Err(Error::Forbidden)));
        }
        acknowledge(&house.db, URL, &staff, hour(1), found.id, "Called them").unwrap();
        let twice = acknowledge(&house.db, URL, &staff, hour(1), found.id, "Again");
        assert!(matches!(twice, Err(Error::Rule(_))));
        let known = rows::get(&mut house.db.get().unwrap(), found.id).unwrap();
        assert_eq!((known.note.as_str(), known.acknowledged_by), ("Called them", staff.user));
        look(house, hour(2));
        let server = Server::start(&house.app(hour(2)));
        let says = |email: &str, path: &str| {
            let answer = server.signed_in(email, PASSWORD).get(path);
            (answer.status().as_u16(), answer.text().unwrap())
        };
        let (status, page) = says("staff@example.ru", "/alarms?state=open&kind=over_allocation");
        assert!(status == 200 && page.contains("Called them"), "{page}");
        let (status, page) = says("staff@example.ru", &format!("/alarms/{}", found.id));
        assert!(status == 200 && page.contains("Called them") && !page.contains("name=\"note\""));
        assert_eq!(says("staff@example.ru", "/alarms.xlsx").0, 200);
        assert!(says("staff@example.ru", "/alarms.csv").1.contains("110"));
        for path in ["/alarms", "/alarms/1", "/alarms.csv", "/sites/1/alarm-rules"] {
            assert_eq!(says("owner1@example.ru", path).0, 403, "{path}");
        }
        let href = format!("/load?of=lease-{lease}");
        assert!(says("owner1@example.ru", "/").1.contains(&href), "its own lease");
        assert!(!says("owner2@example.ru", "/").1.contains(&href), "another's lease");
    }

    fn a_rule_is_chosen_within_its_range(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        house.user("staff@example.ru", Role::Staff, None);
        let server = Server::start(&house.app(hour(1)));
        let visitor = server.signed_in("staff@example.ru", PASSWORD);
        let page = visitor.get("/sites/1/alarm-rules").text().unwrap();
        for kind in Kind::ALL {
            assert!(page.contains(&format!("/sites/1/alarm-rules/{kind}/edit")));
            assert_eq!(visitor.get(&format!("/sites/1/alarm-rules/{kind}/edit")).status(), 200);
        }
        assert_eq!(visitor.get("/sites/1/alarm-rules/nothing/edit").status(), 404);
        let send = |raise: &str, clear: &str, to: &str| {
            let fields = [("enabled", "yes"), ("raise", raise), ("clear", clear), ("hold", "60"), ("calm", "0"), ("recipients", to)];
            visitor.post("/sites/1/alarm-rules/idle_rack", &fields).status().as_u16()
        };
        assert_eq!(send("0", "10", ""), 422);
        assert_eq!(send("20", "10", ""), 422, "over before it is raised");
        assert_eq!(send("20", "30", "nobody"), 422);
        assert_eq!(send("20", "30", "a@b.ru; c@d.ru\nE@f.ru"), 303);
        let row = rule(&mut house.db.get().unwrap(), hotel.site, Kind::IdleRack).unwrap();
        assert_eq!((row.raise, row.clear, row.hold_seconds), (80, 70, 3_600));
        assert_eq!(row.recipients, "a@b.ru, c@d.ru, E@f.ru");
        let page = visitor.get("/sites/1/alarm-rules/idle_rack/edit").text().unwrap();
        assert!(page.contains("value=\"20\"") && page.contains("value=\"30\""));
    }

    fn a_list_of_many_goes_on_where_it_stopped(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        house.db.write(Chain::Site(hotel.site), |tx| {
            for at in 0..120 {
                let row = Incident {
                    id: IncidentId(0),
                    site_id: hotel.site,
                    kind: Kind::Silent,
                    subject: format!("meter-{at}"),
                    label: format!("M{at}"),
                    raised_at: hour(at),
                    cleared_at: (at % 2 == 0).then(|| hour(at + 1)),
                    value: 181,
                    raise: 180,
                    acknowledged_at: None,
                    acknowledged_by: None,
                    note: String::new(),
                };
                rows::insert(tx.conn, &row)?;
            }
            Ok(())
        }).unwrap();
        for descending in [true, false] {
            let (mut seen, mut after) = (vec![], None);
            loop {
                let filter = Filter { descending, after, limit: 50, ..Filter::default() };
                let page = rows::list(&mut house.db.get().unwrap(), &filter).unwrap();
                let Some((last, _)) = page.last() else { break };
                after = Some((last.cursor().value.parse().unwrap(), last.id));
                seen.extend(page.into_iter().map(|(row, _)| (row.cleared_at.is_none(), row.raised_at)));
            }
            assert_eq!(seen.len(), 120);
            assert!(seen.windows(2).all(|it| if descending { it[0] > it[1] } else { it[0] < it[1] }));
        }
    }
}
