//! Files of readings: counted once, whatever happens on the way.

use crate::on_both;
use crate::support::hotel::*;
use crate::support::{House, NOW};
use innkeeper::db::metering::imports::{self as rows, DONE, REFUSED, RUNNING};
use innkeeper::db::metering::readings::{self, Reading};
use innkeeper::domain::calendar::{Instant, Span};
use innkeeper::domain::ids::MeterId;
use innkeeper::domain::units::WattHours;
use innkeeper::error::Error;
use innkeeper::services::check::check;
use innkeeper::services::metering::estimates::{self, Filling};
use innkeeper::services::metering::imports::{self, Keep, Upload};

const START: &str = "2026-06-01T00:00:00+03:00";

fn all(house: &House, meter: MeterId) -> Vec<Reading> {
    let span = Span {
        from: Instant(0),
        to: Instant(i64::MAX),
    };
    house
        .db
        .read(|conn| readings::of_meter(conn, meter, span))
        .unwrap()
}

fn assert_clean(house: &House) {
    let found = check(&house.db, NOW).unwrap();
    assert_eq!(found, [], "check finds nothing");
}

on_both! {
    fn a_file_counts_once_however_often_it_comes(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let meter = hotel.meter("M1", Some(hotel.rack("A-01", 10)), None, "2026-01-01");
        let file = half_hours("M1", at(START), 48, 500);
        let first = hotel.import(&file, Keep::AllOrNothing, NOW);
        assert_eq!((first.state.as_str(), first.rows_new, first.rows_same), (DONE, 48, 0));
        let again = hotel.import(&file, Keep::AllOrNothing, NOW);
        assert_eq!((again.rows_new, again.rows_same, again.rows_corrected), (0, 48, 0));
        assert_eq!(all(house, meter).len(), 48);
        assert_clean(house);
    }

    fn another_value_is_a_correction_and_the_latest_counts(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let meter = hotel.meter("M1", Some(hotel.rack("A-01", 10)), None, "2026-01-01");
        hotel.import(half_hours("M1", at(START), 3, 500), Keep::AllOrNothing, NOW);
        let mut file = half_hours("M1", at(START), 2, 500);
        file.push_str(&half_hours("M1", at(START).plus_seconds(3_600), 1, 700)["meter,start,end,value,unit\n".len()..]);
        let second = hotel.import(&file, Keep::AllOrNothing, NOW);
        assert_eq!((second.rows_new, second.rows_same, second.rows_corrected), (0, 2, 1));
        assert_eq!(all(house, meter)[2].wh, WattHours(700));
        let kept = house.db.read(|conn| readings::corrections_of_meter(conn, meter, 10)).unwrap();
        assert_eq!(kept.len(), 1);
        assert_eq!((kept[0].0.old_wh, kept[0].0.new_wh), (WattHours(500), WattHours(700)));
        assert!(!kept[0].0.after_issue);
        assert_clean(house);
    }

    fn bad_rows_keep_all_out_or_only_themselves(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let meter = hotel.meter("M1", Some(hotel.rack("A-01", 10)), None, "2026-01-01");
        let mut file = half_hours("M1", at(START), 4, 500);
        file.push_str("M9,2026-06-01T00:00:00Z,2026-06-01T00:30:00Z,1,Wh\n");
        file.push_str("M1,2026-06-02T00:00:00Z,2026-06-02T00:30:00Z,abc,Wh\n");
        // Half an hour over two that are there.
        file.push_str("M1,2026-05-31T21:15:00Z,2026-05-31T21:45:00Z,1,Wh\n");
        // Before the meter's service.
        file.push_str("M1,2025-06-02T00:00:00Z,2025-06-02T00:30:00Z,1,Wh\n");
        let refused = hotel.import(&file, Keep::AllOrNothing, NOW);
        assert_eq!((refused.state.as_str(), refused.rows_bad, refused.rows_new), (REFUSED, 4, 0));
        assert!(all(house, meter).is_empty());
        let report = house.db.read(|conn| rows::errors(conn, refused.id, None, 100)).unwrap();
        let lines: Vec<i64> = report.iter().map(|row| row.line).collect();
        assert_eq!(lines, [6, 7, 8, 9]);
        // By the clock of the meter's site, three hours ahead of the file's.
        let starts: Vec<&str> = report[2..].iter().map(|row| row.value.as_str()).collect();
        assert_eq!(starts, ["2026-06-01 00:15", "2025-06-02 03:00"]);
        let kept = hotel.import(&file, Keep::GoodRows, NOW);
        assert_eq!((kept.state.as_str(), kept.rows_bad, kept.rows_new), (DONE, 4, 4));
        assert_eq!(all(house, meter).len(), 4);
        assert_clean(house);
    }

    fn a_refused_file_waits_for_another_decision(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let meter = hotel.meter("M1", Some(hotel.rack("A-01", 10)), None, "2026-01-01");
        let mut file = half_hours("M1", at(START), 4, 500);
        file.push_str("M9,2026-06-01T00:00:00Z,2026-06-01T00:30:00Z,1,Wh\n");
        let refused = || hotel.import(&file, Keep::AllOrNothing, NOW).id;
        let until = |id, now| house.db.read(|conn| {
            let row = rows::get(conn, id)?;
            imports::kept_until(conn, &row, now)
        }).unwrap();
        let say = |id, keep, now| imports::confirm(&house.db, &HOUSE, now, id, keep);
        let week = NOW.plus_hours(7 * 24);
        // Its good rows, however often the button is pressed.
        let id = refused();
        assert_eq!(until(id, NOW), Some(week));
        for _ in 0..2 {
            say(id, Keep::GoodRows, NOW).unwrap();
        }
        let done = imports::run(&house.db, id, NOW).unwrap();
        assert_eq!((done.state.as_str(), done.rows_new, done.rows_bad), (DONE, 4, 1));
        assert_eq!((all(house, meter).len(), until(id, NOW)), (4, None));
        say(id, Keep::GoodRows, NOW).unwrap();
        // All of it, once the missing meter is there.
        let id = refused();
        say(id, Keep::AllOrNothing, NOW).unwrap();
        assert_eq!(imports::run(&house.db, id, NOW).unwrap().state, REFUSED);
        hotel.meter("M9", Some(hotel.rack("A-02", 10)), None, "2026-01-01");
        say(id, Keep::AllOrNothing, NOW).unwrap();
        let done = imports::run(&house.db, id, NOW).unwrap();
        assert_eq!((done.state.as_str(), done.rows_new, done.rows_same), (DONE, 1, 4));
        // Thrown away by hand, and by time.
        file.push_str("M8,2026-06-01T00:00:00Z,2026-06-01T00:30:00Z,1,Wh\n");
        let refused = || hotel.import(&file, Keep::AllOrNothing, NOW).id;
        let gone = |done| matches!(done, Err(Error::Rule(why)) if why.key == "import-file-gone");
        let (first, second) = (refused(), refused());
        for _ in 0..2 {
            imports::discard(&house.db, &HOUSE, NOW, first).unwrap();
        }
        assert!(gone(say(first, Keep::GoodRows, NOW)) && gone(say(second, Keep::GoodRows, week)));
        let kept = |id| rows::is_kept(&mut house.db.get().unwrap(), id).unwrap();
        assert_eq!(imports::clean_up(&mut house.db.get().unwrap(), week.plus_seconds(-1)).unwrap(), 0);
        assert!(kept(second));
        assert_eq!(imports::clean_up(&mut house.db.get().unwrap(), week).unwrap(), 1);
        assert!(!kept(second));
        assert_clean(house);
    }

    fn an_import_that_was_cut_off_goes_on_where_it_was(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let rack = hotel.rack("A-01", 10);
        let meters = ["M1", "M2"].map(|code| hotel.meter(code, Some(rack), None, "2026-01-01"));
        let count = imports::BATCH as i64 - 1_000;
        let mut file = half_hours("M1", at(START), count, 500);
        file.push_str(&half_hours("M2", at(START), count, 600)["meter,start,end,value,unit\n".len()..]);
        let id = hotel.receive(&file, Keep::GoodRows, NOW);
        let half = imports::run_batches(&house.db, id, NOW, 1).unwrap();
        assert_eq!((half.state.as_str(), half.rows_done), (RUNNING, imports::BATCH as i64));
        let whole = imports::run(&house.db, id, NOW).unwrap();
        assert_eq!((whole.state.as_str(), whole.rows_new, whole.rows_bad), (DONE, 2 * count, 0));
        assert_eq!(whole.bytes_done, whole.file_bytes);
        for meter in meters {
            assert_eq!(all(house, meter).len() as i64, count);
        }
        let after = imports::run(&house.db, id, NOW).unwrap();
        assert_eq!(after.rows_new, 2 * count);
        assert_clean(house);
    }

    fn files_that_are_none_are_refused_at_the_door(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        hotel.meter("M1", Some(hotel.rack("A-01", 10)), None, "2026-01-01");
        let refuse = |content: &[u8], limit_bytes| {
            let upload = Upload { file_name: "x.csv", content, keep: Keep::GoodRows, limit_bytes };
            match imports::receive(&house.db, &HOUSE, NOW, &upload) {
                Err(Error::Invalid(fields)) => fields[0].message.key.clone(),
                other => panic!("{other:?}"),
            }
        };
        let limit = imports::LIMIT_BYTES;
        assert_eq!(refuse(b"", limit), "imp-file-empty");
        assert_eq!(refuse(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", limit), "imp-file-binary-pdf");
        assert_eq!(refuse(b"meter,start,end,value\nM1,1,2,3\n", limit), "imp-file-missing-columns");
        assert_eq!(refuse(half_hours("M1", at(START), 9, 1).as_bytes(), 10), "imp-file-too-large");
        let kept = house.db.read(|conn| rows::list(conn, imports::KIND, None, 10)).unwrap();
        assert!(kept.is_empty());
    }

    fn the_markets_half_hours_count_once_and_leave_their_gap(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let now = at("2026-11-10T12:00:00+03:00");
        let racks = [hotel.rack("A-01", 10), hotel.rack("A-02", 10)];
        let first = hotel.meter("471070005107101", Some(racks[0]), None, "2026-01-01");
        let second = hotel.meter("471070005107102", Some(racks[1]), None, "2026-01-01");
        let file = |name: &str| {
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/readings");
            std::fs::read(format!("{folder}/{name}")).unwrap()
        };
        let days = ["80020_7800000012_20261101_1056.xml", "80020_7800000012_20261102_1057.xml"];
        let all_or_none = hotel.import(file(days[1]), Keep::AllOrNothing, now);
        assert_eq!((all_or_none.state.as_str(), all_or_none.rows_bad), (REFUSED, 48), "a third meter");
        let taken = days.map(|name| hotel.import(file(name), Keep::GoodRows, now).rows_new);
        assert_eq!(taken, [96, 94]);
        let again = days.map(|name| hotel.import(file(name), Keep::GoodRows, now).rows_same);
        assert_eq!(again, [96, 94]);
        assert_eq!(all(house, first).len(), 96);
        let gap = all(house, second).windows(2).find(|two| two[0].end_at < two[1].start_at).map(|two| {
            (two[0].end_at.to_string(), two[1].start_at.0 - two[0].end_at.0)
        });
        assert_eq!(gap.map(|gap| gap.1), Some(3_600), "two values were not commercial");
        assert_clean(house);
    }

    fn a_gap_is_filled_to_the_watt_hour_and_a_reading_takes_its_place(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let meter = hotel.meter("M1", Some(hotel.rack("A-01", 10)), None, "2026-01-01");
        hotel.import(half_hours("M1", at(START), 2, 500), Keep::AllOrNothing, NOW);
        let from = at(START).plus_seconds(3_600);
        let span = Span { from, to: from.plus_seconds(3 * 1_800) };
        let filling = Filling { meter, span, wh: WattHours(1_000), reason: "сгорел модем".into() };
        estimates::fill(&house.db, &HOUSE, NOW, &filling).unwrap();
        let parts: Vec<i64> = all(house, meter)[2..].iter().map(|row| row.wh.0).collect();
        assert_eq!(parts, [334, 333, 333]);
        assert!(all(house, meter)[2..].iter().all(|row| row.estimated));
        let late = hotel.import(half_hours("M1", from, 3, 400), Keep::AllOrNothing, NOW);
        assert_eq!((late.rows_corrected, late.rows_bad), (3, 0));
        assert!(all(house, meter).iter().all(|row| !row.estimated));
        let over = estimates::fill(&house.db, &HOUSE, NOW, &filling);
        assert!(matches!(over, Err(Error::Invalid(_))), "a reading is not estimated away");
        assert_clean(house);
    }
}
