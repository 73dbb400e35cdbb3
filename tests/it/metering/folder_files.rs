//! What becomes of the files of a watched folder: taken in order, refused with a report, left alone.

use super::folders::*;
use crate::on_both;
use crate::support::NOW;
use crate::support::hotel::*;
use innkeeper::config::Config;
use innkeeper::db::Chain;
use innkeeper::db::metering::imports::{self as rows, DONE, FAILED, REFUSED};
use innkeeper::db::metering::sources::Source;
use innkeeper::db::site::sites::{self, Site};
use innkeeper::domain::metering::folder::{FileForm, FolderRules};
use innkeeper::domain::rows::Keep;
use innkeeper::jobs::folders::Watcher;
use innkeeper::services::check::check;
use innkeeper::services::metering::sources::save_folder;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

on_both! {
    fn complete_files_are_taken_in_order_of_name(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let meter = hotel.meter("M1", Some(hotel.rack("A-0", 10)), None, "2026-06-01");
        let (app, path) = (house.app(NOW), folder(house, "askue"));
        let source = watch(house, &hotel, "askue", &FolderRules { pattern: "*.csv".into(), ..FolderRules::default() });
        let mut watcher = Watcher::new(Duration::ZERO);
        // Later names say another value for the same half-hour.
        for (name, wh) in [("c.csv", 700), ("a.CSV", 500), ("b.csv", 600)] {
            fs::write(path.join(name), half_hours("M1", start(), 2, wh)).unwrap();
        }
        for name in ["d.csv.tmp", "d.csv.part", ".d.csv", "d.xml", "d.csv.report.txt", "empty.csv"] {
            let content = if name == "empty.csv" { String::new() } else { half_hours("M1", start(), 2, 1) };
            fs::write(path.join(name), content).unwrap();
        }
        fs::write(house.dir().join("secret.csv"), half_hours("M1", start(), 2, 9)).unwrap();
        std::os::unix::fs::symlink(house.dir().join("secret.csv"), path.join("link.csv")).unwrap();
        assert_eq!(looks(&mut watcher, &app, 2), 3);
        assert_eq!(looks(&mut watcher, &app, 3), 0, "what is no file of it stays");
        assert_eq!(stored(house, meter), [700, 700]);
        assert_eq!(names(&path.join("taken")), ["a.CSV", "b.csv", "c.csv"]);
        assert_eq!(names(&path).len(), 7 + 3);
        let files = files(house, source);
        let told: Vec<_> = files.iter().map(|it| (it.file_name.as_str(), it.state.as_str(), it.rows_corrected)).collect();
        assert_eq!(told, [("c.csv", DONE, 2), ("b.csv", DONE, 2), ("a.CSV", DONE, 0)]);
        let authors = house.db.read(|conn| rows::authors(conn, &files)).unwrap();
        assert_eq!(authors.get(&files[0].id).map(String::as_str), Some("АСКУЭ"));
        // A file whose rows are known already, under a name that is there: nothing is overwritten.
        fs::write(path.join("c.csv"), half_hours("M1", start(), 2, 700)).unwrap();
        assert_eq!(looks(&mut watcher, &app, 2), 1);
        assert_eq!(names(&path.join("taken")), ["a.CSV", "b.csv", "c-2.csv", "c.csv"]);
        let slot = slot(house, source);
        assert_eq!((slot.messages, slot.rows_new, slot.rows_same, slot.rows_corrected, slot.refused), (4, 2, 2, 4, 0));
        assert_eq!(check(&house.db, NOW).unwrap(), []);
        house.assert_no_jobs_left();
    }

    fn a_file_that_is_still_written_waits(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let meter = hotel.meter("M1", Some(hotel.rack("A-0", 10)), None, "2026-06-01");
        let (app, path) = (house.app(NOW), folder(house, "askue"));
        watch(house, &hotel, "askue", &FolderRules::default());
        let mut watcher = Watcher::new(Duration::ZERO);
        let whole = half_hours("M1", start(), 40, 500);
        let mut rest = whole.as_bytes();
        while let Some((part, after)) = rest.split_at_checked(300) {
            let mut file = OpenOptions::new().create(true).append(true).open(path.join("day.csv")).unwrap();
            file.write_all(part).unwrap();
            assert_eq!(looks(&mut watcher, &app, 1), 0, "{} bytes to come", after.len());
            rest = after;
        }
        let mut file = OpenOptions::new().append(true).open(path.join("day.csv")).unwrap();
        file.write_all(rest).unwrap();
        assert_eq!(looks(&mut watcher, &app, 2), 1);
        assert_eq!(stored(house, meter).len(), 40);
        // One that lies unchanged for a moment only is not believed yet.
        let mut patient = Watcher::new(Duration::from_secs(600));
        watcher.stop(&app).unwrap();
        fs::write(path.join("next.csv"), &whole).unwrap();
        assert_eq!(looks(&mut patient, &app, 3), 0);
    }

    fn a_bad_file_is_refused_with_every_row_in_the_houses_language(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let meter = hotel.meter("M1", Some(hotel.rack("A-0", 10)), None, "2026-06-01");
        let mut app = house.app(NOW);
        app.config = Arc::new(Config { import_max_mib: 1, ..(*app.config).clone() });
        let path = folder(house, "askue");
        let source = watch(house, &hotel, "askue", &FolderRules::default());
        let mut watcher = Watcher::new(Duration::ZERO);
        let mut bad = half_hours("M1", start(), 2, 500);
        bad += "M1,2026-06-02T00:00:00Z,2026-06-02T00:30:00Z,abc,Wh\n";
        bad += "M9,2026-06-02T00:00:00Z,2026-06-02T00:30:00Z,1,Wh\n";
        fs::write(path.join("bad.csv"), &bad).unwrap();
        fs::write(path.join("large.csv"), vec![b'x'; (1 << 20) + 1]).unwrap();
        fs::write(path.join("scan.csv"), b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n").unwrap();
        fs::write(path.join("bomb.xml"), "<!DOCTYPE a [<!ENTITY b \"c\">]><message class=\"80020\">&b;</message>").unwrap();
        assert_eq!(looks(&mut watcher, &app, 2), 4);
        let refused = path.join("refused");
        assert_eq!(names(&refused), [
            "bad.csv", "bad.csv.report.txt", "bomb.xml", "bomb.xml.report.txt",
            "large.csv", "large.csv.report.txt", "scan.csv", "scan.csv.report.txt",
        ]);
        let report = |name: &str| fs::read_to_string(refused.join(format!("{name}.report.txt"))).unwrap();
        for (name, said) in [
            ("bad.csv", "bad.csv: "),
            ("bad.csv", "Строка 4, значение: «abc» — "),
            ("bad.csv", "Строка 5, счётчик: «M9» — "),
            ("large.csv", "1 МБ"),
            ("scan.csv", "PDF"),
            ("bomb.xml", "DTD"),
        ] {
            assert!(report(name).contains(said), "{name}: {}", report(name));
        }
        assert_eq!(fs::read_to_string(refused.join("bad.csv")).unwrap(), bad);
        assert!(stored(house, meter).is_empty());
        let told: Vec<_> = files(house, source).into_iter().map(|it| (it.file_name, it.state, it.file_bytes)).collect();
        assert_eq!(told.len(), 4);
        assert_eq!(told[0].1, FAILED);
        assert!(told.contains(&("bad.csv".into(), REFUSED.into(), bad.len() as i64)), "{told:?}");
        assert!(told.contains(&("large.csv".into(), FAILED.into(), (1 << 20) + 1)), "{told:?}");
        assert_eq!(slot(house, source).refused, 4);
        // The same once more, when good rows are kept: what is bad is told beside what was taken.
        edit(house, source, "askue", &FolderRules { keep: Keep::GoodRows, ..FolderRules::default() });
        fs::write(path.join("bad.csv"), &bad).unwrap();
        assert_eq!(looks(&mut watcher, &app, 2), 1);
        assert_eq!(names(&path.join("taken")), ["bad.csv", "bad.csv.report.txt"]);
        assert_eq!(stored(house, meter), [500, 500]);
        assert_eq!(check(&house.db, NOW).unwrap(), []);
    }

    fn a_folder_is_for_one_form_and_one_site(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let meter = hotel.meter("M1", Some(hotel.rack("A-0", 10)), None, "2026-06-01");
        let (app, path) = (house.app(NOW), folder(house, "askue"));
        let rules = FolderRules { form: FileForm::Message80020, ..FolderRules::default() };
        let source = watch(house, &hotel, "askue", &rules);
        let mut watcher = Watcher::new(Duration::ZERO);
        let csv = half_hours("M1", start(), 2, 500);
        fs::write(path.join("1.csv"), &csv).unwrap();
        fs::write(path.join("2.xml"), message_of_m1(1_057, 7)).unwrap();
        fs::write(path.join("3.xml"), message_of_m1(1_056, 5)).unwrap();
        assert_eq!(looks(&mut watcher, &app, 2), 3);
        assert_eq!(names(&path.join("taken")), ["2.xml"]);
        let report = |name: &str| fs::read_to_string(path.join("refused").join(name)).unwrap();
        assert!(report("1.csv.report.txt").contains("80020"));
        assert!(report("3.xml.report.txt").contains("№ 1057"), "{}", report("3.xml.report.txt"));
        assert_eq!(stored(house, meter), [7_000, 2_000]);
        assert_eq!(files(house, source).len(), 3);
        // The folder of another site speaks of no meter of this one.
        let other = house.db.write(Chain::Operator, |tx| {
            let site = sites::get(tx.conn, hotel.site)?;
            sites::insert(tx.conn, &Site { code: "T2".into(), ..site })
        }).unwrap();
        let path = folder(house, "other");
        let source = Source { site_id: other, ..source_of(&hotel, "other", &FolderRules::default()) };
        let source = save_folder(&house.db, &HOUSE, NOW, &source, &house.folders()).unwrap();
        fs::write(path.join("day.csv"), &csv).unwrap();
        assert_eq!(looks(&mut watcher, &app, 2), 1);
        assert_eq!(files(house, source)[0].state, REFUSED);
        let told = fs::read_to_string(path.join("refused/day.csv.report.txt")).unwrap();
        assert!(told.contains("M1 — с другой площадки"), "{told}");
        assert_eq!(stored(house, meter), [7_000, 2_000]);
    }
}
