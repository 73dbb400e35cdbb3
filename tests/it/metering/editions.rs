//! Numbered messages of 80020: of several about one day the highest number counts, whatever came first.

use crate::on_both;
use crate::support::House;
use crate::support::hotel::*;
use innkeeper::db::metering::imports::{self as rows, CHECKED, DONE, FAILED, Import, REFUSED};
use innkeeper::db::metering::quarantine::{self, Filter};
use innkeeper::db::metering::readings;
use innkeeper::db::{Chain, Db};
use innkeeper::domain::calendar::{Instant, Span, Zone};
use innkeeper::domain::ids::*;
use innkeeper::domain::message::Message;
use innkeeper::services::check::check;
use innkeeper::services::metering::direct::{self, Book, Fate};
use innkeeper::services::metering::imports::{self, Keep};
use innkeeper::text::{Locale, say};

const INN: &str = "7800000012";

fn now() -> Instant {
    at("2026-11-10T12:00:00+03:00")
}

/// An area with meters: each with the energy of the day's first two half-hours, kWh.
fn area(name: &str, meters: &[(&str, [i64; 2])]) -> String {
    let half = |from: &str, to: &str, value: i64| {
        format!("<period start=\"{from}\" end=\"{to}\"><value>{value}</value></period>")
    };
    let point = |(code, values): &(&str, [i64; 2])| {
        let (first, second) = (
            half("0000", "0030", values[0]),
            half("0030", "0100", values[1]),
        );
        format!(
            "<measuringpoint code=\"{code}\"><measuringchannel code=\"01\">{first}{second}\
             </measuringchannel></measuringpoint>\n"
        )
    };
    let points: String = meters.iter().map(point).collect();
    format!("<area><name>{name}</name>{points}</area>")
}

fn message(sender: &str, number: i64, day: &str, areas: &[String]) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<message class=\"80020\" version=\"2\" number=\"{number}\">\
         <datetime><day>{day}</day></datetime><sender><name>Сеть</name><inn>{sender}</inn></sender>{}</message>",
        areas.concat()
    )
}

fn of_m1(number: i64, first: i64) -> String {
    message(
        INN,
        number,
        "20261101",
        &[area("Ввод", &[("M1", [first, 2])])],
    )
}

fn stored(db: &Db, meter: MeterId) -> Vec<i64> {
    let all = Span {
        from: Instant(0),
        to: Instant(i64::MAX),
    };
    let rows = db
        .read(|conn| readings::of_meter(conn, meter, all))
        .unwrap();
    rows.iter().map(|it| it.wh.0 / 1_000).collect()
}

fn told(import: &Import) -> String {
    let message: Message = serde_json::from_str(&import.error).unwrap();
    let said = Locale::ALL.iter().map(|locale| say(*locale, &message));
    said.collect::<Vec<_>>().join("\n")
}

on_both! {
    fn an_earlier_number_that_comes_later_is_refused(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let meter = hotel.meter("M1", Some(hotel.rack("A-01", 10)), None, "2026-01-01");
        let import = |file: String, keep| hotel.import(file, keep, now());
        for keep in [Keep::CheckOnly, Keep::AllOrNothing] {
            import(of_m1(1_057, 7), keep);
        }
        assert_eq!(stored(&house.db, meter), [7, 2]);
        for keep in Keep::ALL {
            let late = import(of_m1(1_056, 5), *keep);
            assert_eq!((late.state.as_str(), late.rows_corrected), (FAILED, 0));
            let told = told(&late);
            for said in ["№ 1056", "№ 1057", "01.11.2026", "message 1056", "taken for that day: 1057"] {
                assert!(told.contains(said), "{told}");
            }
        }
        assert_eq!(stored(&house.db, meter), [7, 2]);
        // The same again changes nothing; with another value it is a correction, as is a later number.
        let again = import(of_m1(1_057, 7), Keep::GoodRows);
        assert_eq!((again.rows_same, again.rows_corrected), (2, 0));
        assert_eq!(import(of_m1(1_057, 8), Keep::GoodRows).rows_corrected, 1);
        assert_eq!(import(of_m1(1_060, 9), Keep::GoodRows).rows_corrected, 1);
        assert_eq!(import(of_m1(1_059, 8), Keep::GoodRows).state, FAILED);
        // Another sender, another area and another day count by themselves, and so does no number.
        for (sender, name, day) in [("5", "Ввод", "20261101"), (INN, "Ввод 2", "20261101"), (INN, "Ввод", "20261102")] {
            let file = message(sender, 3, day, &[area(name, &[("M1", [9, 2])])]);
            assert_eq!(import(file, Keep::AllOrNothing).state, DONE);
        }
        let unnumbered = of_m1(1, 4).replace("number=\"1\"", "number=\"first\"");
        assert_eq!(import(unnumbered, Keep::AllOrNothing).rows_corrected, 1);
        assert_eq!(stored(&house.db, meter), [4, 2, 9, 2]);
        assert_eq!(check(&house.db, now()).unwrap(), []);
    }

    fn one_area_that_is_late_keeps_no_other_out(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let racks = [hotel.rack("A-01", 10), hotel.rack("A-02", 10)];
        let first = hotel.meter("M1", Some(racks[0]), None, "2026-01-01");
        let second = hotel.meter("M2", Some(racks[1]), None, "2026-01-01");
        hotel.import(message(INN, 8, "20261101", &[area("One", &[("M1", [8, 8])])]), Keep::AllOrNothing, now());
        // M7 is not known: its rows would wait, were they not late.
        let areas = [area("One", &[("M1", [1, 1]), ("M7", [1, 1])]), area("Two", &[("M2", [3, 3])])];
        let both = message(INN, 7, "20261101", &areas);
        let refused = hotel.import(&both, Keep::AllOrNothing, now());
        assert_eq!((refused.state.as_str(), refused.rows_bad, refused.rows_done), (REFUSED, 4, 2));
        let checked = hotel.import(&both, Keep::CheckOnly, now());
        assert_eq!((checked.state.as_str(), checked.rows_bad, checked.rows_new), (CHECKED, 4, 2));
        let report = house.db.read(|conn| rows::errors(conn, checked.id, None, 10)).unwrap();
        let late: Vec<_> = report.iter().filter(|it| it.column_name == "number").collect();
        assert!(late.len() == 2 && late[0].value == "7" && late[0].reason.contains("superseded"), "{report:?}");
        let taken = hotel.import(&both, Keep::GoodRows, now());
        assert_eq!((taken.state.as_str(), taken.rows_new, taken.rows_bad), (DONE, 2, 4));
        assert_eq!((stored(&house.db, first), stored(&house.db, second)), (vec![8, 8], vec![3, 3]));
        let waiting = |house: &House| {
            let filter = Filter { limit: 10, ..Filter::default() };
            house.db.read(|conn| quarantine::list(conn, &filter)).unwrap().len()
        };
        assert_eq!(waiting(house), 0, "what is late does not wait");
        // The number of an area of which rows only wait is taken, too.
        let strange = |number| message(INN, number, "20261101", &[area("Three", &[("M7", [1, 1])])]);
        hotel.import(strange(5), Keep::GoodRows, now());
        assert_eq!((waiting(house), hotel.import(strange(4), Keep::GoodRows, now()).state.as_str()), (2, FAILED));
        assert_eq!(check(&house.db, now()).unwrap(), []);
    }

    fn a_number_is_taken_with_its_rows_or_not_at_all(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let meter = hotel.meter("M1", Some(hotel.rack("A-01", 10)), None, "2026-01-01");
        // Refused for a bad row, or of no row that counts: the number is free.
        let bad = message(INN, 90, "20261101", &[area("Ввод", &[("M1", [1, -2])])]);
        assert_eq!(hotel.import(&bad, Keep::AllOrNothing, now()).state, REFUSED);
        let worse = message(INN, 91, "20261101", &[area("Ввод", &[("M1", [-1, -2])])]);
        assert_eq!(hotel.import(&worse, Keep::GoodRows, now()).rows_bad, 2);
        assert_eq!(hotel.import(of_m1(10, 3), Keep::AllOrNothing, now()).rows_new, 2);
        // Two files at once: the one that was looked through first is written last.
        let early = hotel.receive(of_m1(11, 4), Keep::AllOrNothing, now());
        let late = hotel.receive(of_m1(12, 5), Keep::AllOrNothing, now());
        for id in [early, late] {
            imports::run_batches(&house.db, id, now(), 0).unwrap();
        }
        assert_eq!(imports::run(&house.db, late, now()).unwrap().rows_corrected, 1);
        let overtaken = imports::run(&house.db, early, now()).unwrap();
        assert_eq!((overtaken.state.as_str(), overtaken.rows_done), (FAILED, 0));
        assert!(told(&overtaken).contains("№ 12"));
        assert_eq!(stored(&house.db, meter), [5, 2]);
        assert_eq!(check(&house.db, now()).unwrap(), []);
    }

    fn what_programs_and_meters_send_is_numbered_too(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let meter = hotel.meter("M1", Some(hotel.rack("A-01", 10)), None, "2026-01-01");
        let zone = Zone::parse("Europe/Moscow").unwrap();
        let send = |files: &[String]| {
            house.db.write(Chain::Operator, |tx| {
                let book = Book::load(tx.conn)?;
                let read = |file: &String| direct::rows_of_file(&book, zone, file.as_bytes(), now(), 1 << 20).unwrap();
                let sent: Vec<_> = files.iter().flat_map(read).map(Result::unwrap).collect();
                direct::receive(tx, &book, &sent, &HOUSE, "test", now())
            }).unwrap()
        };
        assert_eq!(send(&[of_m1(6, 6)]), [Fate::New, Fate::New]);
        let late = send(&[of_m1(5, 5)]);
        assert!(matches!(&late[..], [Fate::Refused(why), _] if say(Locale::En, why).contains("message 6 was taken")), "{late:?}");
        // Two in one lot, the later number first.
        let both = send(&[of_m1(9, 9), of_m1(8, 8)]);
        assert!(matches!(&both[..], [Fate::Corrected, Fate::Same, Fate::Refused(_), Fate::Refused(_)]), "{both:?}");
        assert_eq!(stored(&house.db, meter), [9, 2]);
        assert_eq!(hotel.import(of_m1(7, 7), Keep::GoodRows, now()).state, FAILED, "one number for all doors");
        assert_eq!(check(&house.db, now()).unwrap(), []);
    }
}
