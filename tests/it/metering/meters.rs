//! Instruments, what waits, what is edited and proposed, and what the power tree makes of it.

use crate::on_both;
use crate::support::hotel::*;
use crate::support::{House, NOW};
use innkeeper::db::metering::{devices as device_rows, quarantine as waiting_rows, readings};
use innkeeper::db::site::power;
use innkeeper::domain::calendar::{Instant, Month, Span};
use innkeeper::domain::ids::*;
use innkeeper::domain::metering::balance::Verdict;
use innkeeper::domain::metering::meter::{Place, Purpose, QuarantineState, Reads, RegisterState};
use innkeeper::domain::metering::method::Method;
use innkeeper::domain::units::{WattHours, Watts};
use innkeeper::error::Error;
use innkeeper::jobs::work_off;
use innkeeper::services::check::check;
use innkeeper::services::metering::curve::{self, Step, Subject};
use innkeeper::services::metering::devices::{self, NewDevice};
use innkeeper::services::metering::imports::Keep;
use innkeeper::services::metering::meters::{self, NewMeter};
use innkeeper::services::metering::quarantine::{self, Decision};
use innkeeper::services::metering::{balance, edits, estimates};

const START: &str = "2026-06-01T00:00:00+03:00";
const HEAD: &str = "meter,start,end,value,unit\n";

fn device(from: Instant) -> NewDevice {
    NewDevice {
        serial: "A-1".into(),
        from,
        digits: 4,
        unit_wh: WattHours(1_000),
        ratio: 10,
        accuracy: None,
        rated: Some(Watts(2_000_000)),
        initial: None,
        verified_until: None,
        note: String::new(),
    }
}

fn all(house: &House, meter: MeterId) -> Vec<readings::Reading> {
    let span = Span {
        from: Instant(0),
        to: Instant(i64::MAX),
    };
    let read = |conn: &mut innkeeper::db::Conn| readings::of_meter(conn, meter, span);
    house.db.read(read).unwrap()
}

fn sum(house: &House, meter: MeterId) -> i64 {
    all(house, meter).iter().map(|it| it.wh.0).sum()
}

fn key(error: Error) -> String {
    match error {
        Error::Invalid(fields) => fields[0].message.key.clone(),
        Error::Rule(message) => message.key,
        other => panic!("{other:?}"),
    }
}

fn on_node(hotel: &Hotel, code: &str, node: NodeId, purpose: Purpose) -> MeterId {
    let place = Place {
        node: Some(node),
        ..Place::default()
    };
    let new = NewMeter {
        purpose,
        ..NewMeter::of_intervals(hotel.site, code, place, day("2026-01-01"))
    };
    meters::create(hotel.db, &HOUSE, NOW, &new).unwrap()
}

on_both! {
    fn a_register_is_read_exchanged_and_decided_on(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let place = Place { rack: Some(hotel.rack("A-01", 10)), ..Place::default() };
        let start = at(START);
        let new = NewMeter {
            reads: Reads::Register,
            device: None,
            ..NewMeter::of_intervals(hotel.site, "R1", place, day("2026-01-01"))
        };
        assert_eq!(key(meters::create(&house.db, &HOUSE, NOW, &new).unwrap_err()), "meter-register-device");
        let new = NewMeter { device: Some(device(start)), ..new };
        let meter = meters::create(&house.db, &HOUSE, NOW, &new).unwrap();
        // 9 900 to 100 is 200 units of a display of four digits, ten times behind its transformers.
        let file = format!("{HEAD}R1,,2026-06-01 00:00,9900,kWh\nR1,,2026-06-02 00:00,100,kWh\n");
        let import = hotel.import(&file, Keep::AllOrNothing, NOW);
        assert_eq!((import.rows_new, import.rows_bad), (2, 0));
        let made = all(house, meter);
        assert_eq!((made.len(), sum(house, meter)), (48, 2_000_000));
        assert!(made.iter().all(|it| it.method == Method::Register.number() && !it.estimated));
        // A reading between, late: the halves are made again, the whole stays.
        hotel.import(format!("{HEAD}R1,,2026-06-01 12:00,9950,kWh\n"), Keep::AllOrNothing, NOW);
        let halves = all(house, meter);
        let morning: i64 = halves[..24].iter().map(|it| it.wh.0).sum();
        assert_eq!((halves.len(), morning, sum(house, meter)), (48, 500_000, 2_000_000));
        // A fall that no rollover explains waits, and nothing of it counts.
        hotel.import(format!("{HEAD}R1,,2026-06-02 12:00,20,kWh\n"), Keep::AllOrNothing, NOW);
        let held = house.db.read(|conn| device_rows::held(conn, 10)).unwrap();
        assert_eq!(held.len(), 1);
        assert_eq!(sum(house, meter), 2_000_000);
        let decide = |accept, reason| devices::decide(&house.db, &HOUSE, NOW, meter, held[0].at, accept, reason);
        assert_eq!(key(decide(false, " ").unwrap_err()), "form-required");
        decide(false, "misread").unwrap();
        assert_eq!(key(decide(true, "again").unwrap_err()), "quarantine-decided");
        let state = house.db.read(|conn| device_rows::shown_at(conn, meter, held[0].at)).unwrap().state;
        assert_eq!(state, RegisterState::Discarded);
        // Exchanged at 150 for one that shows 7; it shows 9 six hours later.
        let swap = at("2026-06-03T00:00:00+03:00");
        let next = NewDevice { initial: Some(WattHours(7_000)), serial: "A-2".into(), ..device(swap) };
        devices::exchange(&house.db, &HOUSE, NOW, meter, Some(WattHours(150_000)), &next).unwrap();
        hotel.import(format!("{HEAD}R1,,2026-06-03 06:00,9,kWh\n"), Keep::AllOrNothing, NOW);
        assert_eq!(sum(house, meter), 2_000_000 + 500_000 + 20_000);
        assert_eq!(key(devices::exchange(&house.db, &HOUSE, NOW, meter, None, &device(start)).unwrap_err()), "device-before-present");
        // An interval is nothing that a register says.
        let other = hotel.import(half_hours("R1", start, 1, 5), Keep::GoodRows, NOW);
        assert_eq!(other.rows_bad, 1);
        assert_eq!(check(&house.db, NOW).unwrap(), []);
    }

    fn what_nobody_knows_waits_for_its_meter(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let rack = hotel.rack("A-01", 10);
        let file = half_hours("X7", at(START), 3, 500);
        let refused = hotel.import(&file, Keep::AllOrNothing, NOW);
        assert_eq!(refused.rows_bad, 3);
        assert_eq!(house.db.read(waiting_rows::waiting_count).unwrap(), 0, "nothing was to be kept");
        hotel.import(&file, Keep::GoodRows, NOW);
        hotel.import(&file, Keep::GoodRows, NOW);
        let strangers = house.db.read(|conn| waiting_rows::unknown_codes(conn, 10)).unwrap();
        assert_eq!(strangers.len(), 1);
        assert_eq!((strangers[0].0.as_str(), strangers[0].1), ("X7", 3), "handed in twice, waits once");
        let place = Place { rack: Some(rack), ..Place::default() };
        let new = NewMeter {
            exchange_code: Some("X7".into()),
            ..NewMeter::of_intervals(hotel.site, "M7", place, day("2026-01-01"))
        };
        let meter = meters::create(&house.db, &HOUSE, NOW, &new).unwrap();
        work_off(&house.app(NOW)).unwrap();
        assert_eq!(sum(house, meter), 1_500);
        assert_eq!(house.db.read(waiting_rows::waiting_count).unwrap(), 0);
        // The other name is the meter's, too, from now on.
        let again = hotel.import(&file, Keep::AllOrNothing, NOW);
        assert_eq!((again.rows_same, again.rows_bad), (3, 0));
        assert_eq!(check(&house.db, NOW).unwrap(), []);
    }

    fn more_than_can_flow_waits_for_a_word(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let place = Place { rack: Some(hotel.rack("A-01", 10)), ..Place::default() };
        let rated = NewDevice { digits: 0, rated: Some(Watts(1_000)), ..device(Instant(0)) };
        let new = NewMeter {
            device: Some(rated),
            ..NewMeter::of_intervals(hotel.site, "M1", place, day("2026-01-01"))
        };
        let meter = meters::create(&house.db, &HOUSE, NOW, &new).unwrap();
        // 500 Wh in half an hour is its rating; 600 is a fifth more; 601 is not believed.
        let row = |at: i64, wh: i64| half_hours("M1", Instant(self::at(START).0 + at * 1_800), 1, wh)[HEAD.len()..].to_owned();
        let file = format!("{HEAD}{}{}{}", row(0, 500), row(1, 600), row(2, 601));
        let import = hotel.import(&file, Keep::GoodRows, NOW);
        assert_eq!((import.rows_new, import.rows_bad), (2, 1));
        let filter = waiting_rows::Filter { state: Some(QuarantineState::Waiting), limit: 10, ..Default::default() };
        let waiting = house.db.read(|conn| waiting_rows::list(conn, &filter)).unwrap();
        assert_eq!(waiting.len(), 1);
        let ids = [waiting[0].id];
        quarantine::decide(&house.db, &HOUSE, NOW, &ids, Decision::Accept, "two loads were on it").unwrap();
        assert_eq!(sum(house, meter), 1_701);
        let twice = quarantine::decide(&house.db, &HOUSE, NOW, &ids, Decision::Discard, "no");
        assert_eq!(key(twice.unwrap_err()), "quarantine-decided");
        assert_eq!(check(&house.db, NOW).unwrap(), []);
    }

    fn an_edit_outlives_what_the_meter_says_again(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let meter = hotel.meter("M1", Some(hotel.rack("A-01", 10)), None, "2026-01-01");
        let file = half_hours("M1", at(START), 2, 500);
        hotel.import(&file, Keep::AllOrNothing, NOW);
        let edit = |wh, reason| edits::edit(&house.db, &HOUSE, NOW, (meter, at(START)), WattHours(wh), reason);
        assert_eq!(key(edit(400, "").unwrap_err()), "form-required");
        assert_eq!(key(edit(500, "the same").unwrap_err()), "edit-same");
        edit(400, "the display was misread").unwrap();
        let again = hotel.import(&file, Keep::AllOrNothing, NOW);
        assert_eq!((again.rows_same, again.rows_corrected), (2, 0));
        assert_eq!(sum(house, meter), 900);
        // Another value of the meter is news.
        let other = hotel.import(half_hours("M1", at(START), 1, 450), Keep::AllOrNothing, NOW);
        assert_eq!(other.rows_corrected, 1);
        assert_eq!(sum(house, meter), 950);
        assert_eq!(check(&house.db, NOW).unwrap(), []);
    }

    fn a_gap_is_filled_by_rule_until_the_reading_comes(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let meter = hotel.meter("M1", Some(hotel.rack("A-01", 10)), None, "2026-01-01");
        let start = at(START);
        hotel.import(half_hours("M1", start, 4, 500), Keep::AllOrNothing, NOW);
        hotel.import(half_hours("M1", start.plus_seconds(6 * 1_800), 2, 500), Keep::AllOrNothing, NOW);
        let gap = Span { from: start.plus_seconds(4 * 1_800), to: start.plus_seconds(6 * 1_800) };
        estimates::fill_by_rule(&house.db, &HOUSE, NOW, meter, gap).unwrap();
        let filled = all(house, meter);
        assert_eq!((filled.len(), sum(house, meter)), (8, 4_000));
        assert!(filled[4..6].iter().all(|it| it.estimated && it.method == Method::Interpolated.number()));
        let twice = estimates::fill_by_rule(&house.db, &HOUSE, NOW, meter, Span { from: start, to: gap.from });
        assert_eq!(key(twice.unwrap_err()), "estimate-no-rule");
        let real = hotel.import(half_hours("M1", gap.from, 2, 480), Keep::AllOrNothing, NOW);
        assert_eq!(real.rows_corrected, 2);
        assert_eq!(sum(house, meter), 3_960);
        let far = Span { from: start.plus_seconds(90 * 86_400), to: start.plus_seconds(91 * 86_400) };
        let none = estimates::fill_by_rule(&house.db, &HOUSE, NOW, meter, far);
        assert_eq!(key(none.unwrap_err()), "estimate-no-rule");
        assert_eq!(check(&house.db, NOW).unwrap(), []);
    }

    fn the_power_tree_is_balanced_and_a_curve_has_its_steps(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let rack = hotel.rack("A-01", 10);
        let feed = house.db.read(|conn| power::of_site(conn, hotel.site)).unwrap()[0].id;
        let on_rack = hotel.meter("M1", Some(rack), None, "2026-01-01");
        on_node(&hotel, "G1", feed, Purpose::Supply);
        on_node(&hotel, "C1", feed, Purpose::Cooling);
        let place = Place { rack: Some(rack), node: Some(feed), ..Place::default() };
        let both = NewMeter::of_intervals(hotel.site, "M2", place, day("2026-01-01"));
        assert_eq!(key(meters::create(&house.db, &HOUSE, NOW, &both).unwrap_err()), "meter-one-place");
        let half_hours_of_may = 31 * 48;
        let may = at("2026-05-01T00:00:00+03:00");
        for (code, wh) in [("M1", 1_000), ("C1", 100), ("G1", 1_105)] {
            hotel.import(half_hours(code, may, half_hours_of_may, wh), Keep::AllOrNothing, NOW);
        }
        let month = Month::parse("2026-05").unwrap();
        let of = || house.db.read(|conn| balance::of_month(conn, hotel.site, month, NOW)).unwrap();
        let found = of();
        assert_eq!(found.balance.nodes[0].verdict, Verdict::Adds, "5 of 1 105 is within 1 % of each meter");
        assert_eq!((found.balance.pue.unwrap().to_string(), found.balance.loss_factor.unwrap().to_string()), ("1.105".into(), "1.005".into()));
        // Thirty per cent more flows in than comes out; then the node is said to lose as much.
        hotel.import(half_hours("G1", may, half_hours_of_may, 1_430), Keep::AllOrNothing, NOW);
        let lost = of();
        assert_eq!(lost.balance.nodes[0].verdict, Verdict::Lost);
        assert_eq!(lost.balance.nodes[0].difference, WattHours(330 * half_hours_of_may));
        balance::set_losses(&house.db, &HOUSE, NOW, feed, Some("23".parse().unwrap())).unwrap();
        assert_eq!(of().balance.nodes[0].verdict, Verdict::Adds);
        // A curve: what was read for a week, hours for a month, dates for a year.
        let zone = innkeeper::domain::calendar::Zone::parse("Europe/Moscow").unwrap();
        let curve = |subject, from, to| {
            house.db.read(|conn| curve::curve(conn, subject, zone, (day(from), day(to)))).unwrap()
        };
        let week = curve(Subject::Rack(rack), "2026-05-01", "2026-05-08");
        assert_eq!((week.step, week.points.len(), week.points[0].power()), (Step::Interval, 7 * 48, Watts(2_000)));
        let month = curve(Subject::Meter(on_rack), "2026-05-01", "2026-06-01");
        assert_eq!((month.step, month.points.len(), month.points[0].wh), (Step::Hour, 31 * 24, WattHours(2_000)));
        let year = curve(Subject::Site(hotel.site), "2026-01-01", "2027-01-01");
        assert_eq!((year.step, year.points.len(), year.points[0].wh), (Step::Day, 31, WattHours(48 * 1_430)));
        let ever = curve(Subject::Node(feed), "2020-01-01", "2027-01-01");
        assert_eq!((ever.step, ever.points.len(), ever.points[0].wh), (Step::Month, 1, WattHours(half_hours_of_may * 1_430)));
        assert_eq!(check(&house.db, NOW).unwrap(), []);
    }
}
