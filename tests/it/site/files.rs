//! Racks from a file: the trial changes nothing, bad rows are named, repeating changes nothing.

use crate::on_both;
use crate::support::{House, NOW};
use innkeeper::db::metering::imports;
use innkeeper::db::site::{halls, racks};
use innkeeper::domain::identity::access::Actor;
use innkeeper::domain::ids::SiteId;
use innkeeper::import::{Reason, racks::read};
use innkeeper::services::site::guard::Consent;
use innkeeper::services::site::rack_import::{Mode, Report, import};
use innkeeper::services::site::rack_upload;

const SITE: SiteId = SiteId(1);
const HEAD: &str = "hall;row;rack;kind;slots;limit_kw;phase;feed_a;feed_b;zone\n";
const NEW: &str = "Зал 9;А;A-01;рама;8;28,5;три;feed-1;;z\nЗал 9;А;A-02;бак;24;90;L1;feed-1;;z\n";
const BAD: &str = "Зал 9;А;A-03;рама;0;28,5;три;feed-1;;z\nЗал 9;А;A-04;рама;8;28,5;три;нет;;z\n";

fn run(house: &House, text: &str, mode: Mode) -> Report {
    let staff = Actor::HOUSE;
    let file = read(text.as_bytes()).unwrap();
    import(&house.db, &staff, NOW, SITE, &file, mode, &Consent::none()).unwrap()
}

impl House {
    fn rack_count(&self) -> usize {
        racks::of_site(&mut self.db.get().unwrap(), SITE)
            .unwrap()
            .len()
    }
}

on_both! {
    fn a_trial_says_what_would_happen_and_writes_nothing(house: &House) {
        house.site();
        let before = house.rack_count();
        let report = run(house, &format!("{HEAD}{NEW}{BAD}"), Mode::DryRun);
        assert_eq!((report.created, report.updated, report.same), (2, 0, 0));
        assert_eq!((report.new_halls, report.new_rows, report.written), (1, 1, false));
        let bad: Vec<_> = report.bad.iter().map(|row| (row.line, row.column, row.reason)).collect();
        assert_eq!(bad, [(4, "slots", Reason::Positive), (5, "feed_a", Reason::UnknownName)]);
        assert_eq!(house.rack_count(), before);
        let halls = halls::of_site(&mut house.db.get().unwrap(), SITE).unwrap();
        assert!(halls.iter().all(|hall| hall.name != "Зал 9"));
    }

    fn bad_rows_stop_the_whole_file_or_only_themselves(house: &House) {
        house.site();
        let before = house.rack_count();
        let file = format!("{HEAD}{NEW}{BAD}");
        assert!(!run(house, &file, Mode::Whole).written);
        assert_eq!(house.rack_count(), before);
        assert!(run(house, &file, Mode::GoodRows).written);
        assert_eq!(house.rack_count(), before + 2);
    }

    fn the_same_file_again_changes_nothing(house: &House) {
        house.site();
        let file = format!("{HEAD}{NEW}");
        assert_eq!(run(house, &file, Mode::Whole).created, 2);
        let again = run(house, &file, Mode::Whole);
        assert_eq!((again.created, again.updated, again.same), (0, 0, 2));
        let changed = run(house, &file.replace("28,5", "30"), Mode::Whole);
        assert_eq!((changed.created, changed.updated, changed.same), (0, 1, 1));
    }

    fn an_uploaded_file_is_written_once_and_its_content_forgotten(house: &House) {
        house.site();
        let staff = Actor::HOUSE;
        let file = format!("{HEAD}{NEW}{BAD}");
        let keep = || rack_upload::keep(&house.db, &staff, NOW, SITE, "racks.csv", file.as_bytes()).unwrap();
        let (older, id) = (keep(), keep());
        assert!(rack_upload::trial(&house.db, &staff, NOW, SITE, older).is_err(), "an older trial is forgotten");
        let before = house.rack_count();
        assert_eq!(rack_upload::trial(&house.db, &staff, NOW, SITE, id).unwrap().created, 2);
        let write = |mode| rack_upload::write(&house.db, &staff, NOW, SITE, id, mode, &Consent::none()).unwrap();
        assert!(write(Mode::Whole).is_none(), "bad rows stop it");
        for _ in 0..2 {
            let done = write(Mode::GoodRows).unwrap();
            assert_eq!((done.rows_new, done.rows_bad), (2, 2));
        }
        assert_eq!(house.rack_count(), before + 2);
        let conn = &mut *house.db.get().unwrap();
        assert!(imports::content(conn, id).unwrap().is_empty());
        assert_eq!(imports::errors(conn, id, None, 10).unwrap().len(), 2);
    }
}
