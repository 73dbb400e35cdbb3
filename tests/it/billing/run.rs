//! A month's run: previewed, issued, again and again, and cut off in the middle.

use super::world::{version, zone};
use crate::on_both;
use crate::support::House;
use crate::support::hotel::*;
use innkeeper::db::Chain;
use innkeeper::db::billing::invoices::{self, Filter, Head};
use innkeeper::db::billing::runs::{ISSUED, ISSUING, OPEN};
use innkeeper::db::identity::mails;
use innkeeper::db::metering::readings;
use innkeeper::domain::calendar::{Instant, Month};
use innkeeper::domain::identity::MailState;
use innkeeper::domain::ids::*;
use innkeeper::domain::money::{Currency, Minor};
use innkeeper::error::Error;
use innkeeper::export::json::json;
use innkeeper::services::billing::runs::Confirmed;
use innkeeper::services::billing::{invoices as service, runs, vat};
use innkeeper::services::check::check;
use innkeeper::services::metering::imports::Keep;
use innkeeper::services::metering::usage;

pub const START: &str = "2026-06-01T00:00:00+03:00";
/// 2 July 2026, noon in Moscow.
pub const JULY: &str = "2026-07-02T12:00:00+03:00";

pub fn june() -> Month {
    Month::parse("2026-06").unwrap()
}

/// Leases of 10 kW, each on its own rack with its own meter and a whole June of readings: 1440
/// half-hours of 1000 Wh at 5.00 are 7200.00, with VAT 8784.00.
pub fn leases(hotel: &Hotel, tenant: TenantId, count: usize) -> Vec<LeaseId> {
    vat::seed(hotel.db).unwrap();
    let terms = version("2026-01-01", vec![zone("all", "00:00", "00:00", "5.00")]);
    let plan = hotel.plan("Все", Currency::Rub, &[terms]);
    (0..count)
        .map(|n| {
            let rack = hotel.rack(&format!("A-{n}"), 10);
            hotel.meter(&format!("M{n}"), Some(rack), None, "2026-01-01");
            let id = hotel.lease(&Signed {
                tenant,
                plan,
                start: "2026-06-01",
                end: None,
                contracted: &[("2026-06-01", 10_000)],
                racks: &[(rack, 10)],
                watts_each: 1_000,
            });
            let file = half_hours(&format!("M{n}"), at(START), 1_440, 1_000);
            hotel.import(&file, Keep::AllOrNothing, at(JULY));
            id
        })
        .collect()
}

pub fn heads(house: &House) -> Vec<Head> {
    let mut filter = Filter::new(day("2026-07-02"));
    filter.limit = 1_000;
    let mut heads = house.db.read(|conn| invoices::list(conn, &filter)).unwrap();
    heads.reverse();
    heads
}

pub fn issue(house: &House, now: Instant) -> RunId {
    let run = runs::open(&house.db, &HOUSE, now, june()).unwrap();
    runs::compute(&house.db, june(), now, 100).unwrap();
    runs::issue(&house.db, &HOUSE, now, run, None).unwrap();
    runs::work(&house.db, URL, run, now).unwrap();
    run
}

pub fn assert_clean(house: &House) {
    let found = check(&house.db, at(JULY)).unwrap();
    assert_eq!(found, [], "check finds nothing");
}

on_both! {
    fn a_run_twice_is_a_run_once(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        leases(&hotel, hotel.tenant("ООО «Берёза»"), 3);
        let now = at(JULY);
        let run = runs::open(&house.db, &HOUSE, now, june()).unwrap();
        runs::compute(&house.db, june(), now, 100).unwrap();
        let preview = house.db.read(|conn| runs::preview(conn, june(), now)).unwrap();
        let ready = preview.sums()[&Currency::Rub];
        assert_eq!((ready.ready, ready.ready_total), (3, Minor(3 * 878_400)));
        assert_eq!((preview.blocked(), preview.waiting()), (0, 0));
        assert_eq!(issue(house, now), run);
        let first = heads(house);
        let numbers: Vec<&str> = first.iter().map(|it| it.number.as_str()).collect();
        assert_eq!(numbers, ["2026-000001", "2026-000002", "2026-000003"]);
        assert!(first.iter().all(|it| it.total == Minor(878_400)));
        assert_eq!(first[0].due_date, day("2026-07-12"));
        let before = service::document(&house.db, &HOUSE, first[0].id).unwrap();
        assert_eq!(issue(house, at("2026-07-05T12:00:00+03:00")), run);
        assert_eq!(heads(house).len(), 3);
        let after = service::document(&house.db, &HOUSE, first[0].id).unwrap();
        assert_eq!(json(&before), json(&after));
        let waiting = house.db.read(|conn| mails::count(conn, MailState::Waiting)).unwrap();
        assert_eq!(waiting, 3, "one mail for each invoice");
        assert_clean(house);
    }

    fn nothing_is_issued_that_was_not_confirmed(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let all = leases(&hotel, hotel.tenant("ООО «Берёза»"), 3);
        let now = at(JULY);
        let run = runs::open(&house.db, &HOUSE, now, june()).unwrap();
        let order = |confirmed: &Confirmed| {
            runs::issue(&house.db, &HOUSE, now, run, Some(confirmed)).map_err(|error| error.to_string())
        };
        let ready = Confirmed::from([(Currency::Rub, (3, Minor(3 * 878_400)))]);
        let refused = order(&ready).unwrap_err();
        assert!(refused.contains("run-still-computed"), "{refused}");
        runs::compute(&house.db, june(), now, 100).unwrap();
        let fewer = Confirmed::from([(Currency::Rub, (2, Minor(2 * 878_400)))]);
        let refused = order(&fewer).unwrap_err();
        assert!(refused.contains("run-changed-since"), "{refused}");
        assert_eq!(order(&ready), Ok(()));
        house.db.write(Chain::Operator, |tx| usage::mark_stale(tx, all[1], june(), now)).unwrap();
        let worked = runs::work(&house.db, URL, run, now).unwrap();
        assert_eq!((worked.state.as_str(), heads(house).len()), (OPEN, 2), "one was touched since");
        assert_eq!(issue(house, now), run);
        assert_eq!(heads(house).len(), 3);
        assert_clean(house);
    }

    fn a_month_without_leases_is_not_run(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        leases(&hotel, hotel.tenant("ООО «Берёза»"), 1);
        let error = runs::open(&house.db, &HOUSE, at(JULY), Month::of(day("1970-01-01")));
        assert!(matches!(error, Err(Error::Invalid(fields)) if fields[0].field == "month"));
    }

    fn a_run_that_was_cut_off_loses_and_doubles_nothing(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        leases(&hotel, hotel.tenant("ООО «Берёза»"), 4);
        let now = at(JULY);
        let run = runs::open(&house.db, &HOUSE, now, june()).unwrap();
        runs::compute(&house.db, june(), now, 100).unwrap();
        runs::issue(&house.db, &HOUSE, now, run, None).unwrap();
        let half = runs::work_leases(&house.db, URL, run, now, 2).unwrap();
        assert_eq!((half.state.as_str(), half.done), (ISSUING, 2));
        assert_clean(house);
        let whole = runs::work(&house.db, URL, run, now).unwrap();
        assert_eq!((whole.state.as_str(), whole.done), (ISSUED, 4));
        let numbers: Vec<String> = heads(house).into_iter().map(|it| it.number).collect();
        assert_eq!(numbers, ["2026-000001", "2026-000002", "2026-000003", "2026-000004"]);
        assert_clean(house);
    }

    fn what_cannot_be_billed_is_named_and_waits(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let all = leases(&hotel, hotel.tenant("ООО «Берёза»"), 1);
        let rack = hotel.rack("B-1", 10);
        let meter = hotel.meter("B1", Some(rack), None, "2026-01-01");
        let plan = house.db.read(|conn| innkeeper::db::leasing::leases::get(conn, all[0])).unwrap().plan_id;
        hotel.lease(&Signed {
            tenant: hotel.tenant("ООО «Клён»"),
            plan,
            start: "2026-06-01",
            end: None,
            contracted: &[("2026-06-01", 10_000)],
            racks: &[(rack, 10)],
            watts_each: 1_000,
        });
        hotel.import(half_hours("B1", at(START), 1_439, 1_000), Keep::AllOrNothing, at(JULY));
        let run = issue(house, at(JULY));
        assert_eq!(heads(house).len(), 1);
        let now = at(JULY);
        let preview = house.db.read(|conn| runs::preview(conn, june(), now)).unwrap();
        assert_eq!(preview.run.as_ref().unwrap().state, OPEN);
        let blocked: Vec<_> = preview.entries.iter().flat_map(|it| &it.blockers).collect();
        assert_eq!(blocked.len(), 1);
        assert_eq!(blocked[0].message.key, "blocker-hole");
        assert_eq!(blocked[0].target, innkeeper::services::billing::blockers::Target::Meter(meter));
        let last = at(START).plus_seconds(1_439 * 1_800);
        hotel.import(half_hours("B1", last, 1, 1_000), Keep::AllOrNothing, now);
        assert_eq!(issue(house, now), run);
        assert_eq!(heads(house).len(), 2);
        assert_clean(house);
    }

    fn a_late_correction_leaves_the_invoice_as_it_was(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        leases(&hotel, hotel.tenant("ООО «Берёза»"), 1);
        issue(house, at(JULY));
        let before = heads(house);
        let bytes = json(&service::document(&house.db, &HOUSE, before[0].id).unwrap());
        let later = at("2026-07-10T12:00:00+03:00");
        hotel.import(half_hours("M0", at(START), 1, 9_000), Keep::AllOrNothing, later);
        issue(house, later);
        let after = heads(house);
        assert_eq!((after.len(), after[0].total), (1, before[0].total));
        assert_eq!(json(&service::document(&house.db, &HOUSE, after[0].id).unwrap()), bytes);
        let late = service::late_corrections(&house.db, &HOUSE, None, 10).unwrap();
        assert_eq!(late.len(), 1);
        assert_eq!(late[0].invoices, [(after[0].id, "2026-000001".to_owned())]);
        assert!(house.db.read(|conn| readings::corrections(conn, true, None, 9)).unwrap()[0].0.after_issue);
        assert_clean(house);
    }
}
