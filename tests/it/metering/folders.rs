//! Watched folders: where they may lie, who takes their files, and what a killed process leaves.

use crate::identity::world::PASSWORD;
use crate::on_both;
use crate::support::hotel::*;
use crate::support::server::Server;
use crate::support::{House, NOW};
use innkeeper::app::App;
use innkeeper::config::Config;
use innkeeper::db::metering::imports::{self as rows, DONE, Import};
use innkeeper::db::metering::readings;
use innkeeper::db::metering::sources::{self, Slot, Source};
use innkeeper::domain::calendar::{Instant, Span};
use innkeeper::domain::identity::access::Role;
use innkeeper::domain::ids::*;
use innkeeper::domain::metering::folder::FolderRules;
use innkeeper::error::{Error, Result};
use innkeeper::folder::Folder;
use innkeeper::jobs::folders::Watcher;
use innkeeper::services::check::check;
use innkeeper::services::metering::imports::{self, Arrived};
use innkeeper::services::metering::sources::save_folder;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant as Watch};

pub fn start() -> Instant {
    at("2026-11-10T00:00:00+03:00")
}

/// A folder below the base, on the disk.
pub fn folder(house: &House, name: &str) -> PathBuf {
    let path = house.folders().join(name);
    fs::create_dir(&path).unwrap();
    path
}

pub fn source_of(hotel: &Hotel, path: &str, rules: &FolderRules) -> Source {
    Source {
        name: "АСКУЭ".into(),
        address: path.into(),
        mapping: serde_json::to_string(rules).unwrap(),
        ..Source::usual_folder(hotel.site)
    }
}

pub fn watch(house: &House, hotel: &Hotel, path: &str, rules: &FolderRules) -> SourceId {
    let source = source_of(hotel, path, rules);
    save_folder(&house.db, &HOUSE, NOW, &source, &house.folders()).unwrap()
}

pub fn edit(house: &House, id: SourceId, path: &str, rules: &FolderRules) {
    let known = sources::get(&mut house.db.get().unwrap(), id).unwrap();
    let mapping = serde_json::to_string(rules).unwrap();
    let source = Source {
        address: path.into(),
        mapping,
        ..known
    };
    save_folder(&house.db, &HOUSE, NOW, &source, &house.folders()).unwrap();
}

/// So many looks; how many files were taken.
pub fn looks(watcher: &mut Watcher, app: &App, times: usize) -> usize {
    (0..times)
        .map(|_| watcher.look(app, &|| false).unwrap())
        .sum()
}

pub fn names(path: &Path) -> Vec<String> {
    let entries = fs::read_dir(path).unwrap();
    let name = |it: std::io::Result<fs::DirEntry>| it.unwrap().file_name().into_string().unwrap();
    let mut names: Vec<String> = entries.map(name).collect();
    names.sort();
    names
}

pub fn files(house: &House, source: SourceId) -> Vec<Import> {
    rows::of_source(&mut house.db.get().unwrap(), source, 500).unwrap()
}

pub fn slot(house: &House, source: SourceId) -> Slot {
    sources::slots(&mut house.db.get().unwrap(), source)
        .unwrap()
        .remove(0)
}

pub fn stored(house: &House, meter: MeterId) -> Vec<i64> {
    let all = Span {
        from: Instant(0),
        to: Instant(i64::MAX),
    };
    let rows = house
        .db
        .read(|conn| readings::of_meter(conn, meter, all))
        .unwrap();
    rows.iter().map(|it| it.wh.0).collect()
}

/// Two half-hours of M1, kWh.
pub fn message_of_m1(number: i64, first: i64) -> String {
    let half = |from: &str, to: &str, value: i64| {
        format!("<period start=\"{from}\" end=\"{to}\"><value>{value}</value></period>")
    };
    format!(
        "<?xml version=\"1.0\"?><message class=\"80020\" version=\"2\" number=\"{number}\"><datetime><day>20261110</day>\
         </datetime><sender><inn>7800000012</inn></sender><area><measuringpoint code=\"M1\"><measuringchannel code=\"01\">\
         {}{}</measuringchannel></measuringpoint></area></message>",
        half("0000", "0030", first),
        half("0030", "0100", 2)
    )
}

fn refused_path(saved: Result<SourceId>) -> String {
    match saved {
        Err(Error::Invalid(fields)) if fields[0].field == "address" => {
            fields[0].message.key.clone()
        }
        other => panic!("{other:?}"),
    }
}

/// One half-hour of M1 for each of so many files.
fn many(path: &Path, count: i64) {
    for at in 0..count {
        let from = start().plus_seconds(at * 1_800);
        let name = format!("{at:03}.csv");
        fs::write(path.join(&name), half_hours("M1", from, 1, 100 + at)).unwrap();
    }
}

fn is_whole(house: &House, path: &Path, meter: MeterId, count: i64) {
    let expected: Vec<i64> = (100..100 + count).collect();
    assert_eq!(stored(house, meter), expected);
    assert_eq!(names(&path.join("taken")).len() as i64, count);
    assert_eq!(names(path), ["refused", "taken", "work"]);
    assert!(names(&path.join("refused")).is_empty());
    assert!(names(&path.join("work/1")).is_empty());
    assert_eq!(check(&house.db, NOW).unwrap(), []);
}

on_both! {
    fn what_a_killed_process_left_is_brought_to_its_end(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let meter = hotel.meter("M1", Some(hotel.rack("A-0", 10)), None, "2026-06-01");
        let (app, path) = (house.app(NOW), folder(house, "askue"));
        let id = watch(house, &hotel, "askue", &FolderRules::default());
        let source = sources::get(&mut house.db.get().unwrap(), id).unwrap();
        let open = Folder::open(&house.folders(), "askue", id.0).unwrap();
        let limit = 1 << 20;
        let begin = |name: &str| {
            let (content, bytes) = open.read(name, limit).unwrap();
            let file = Arrived { name, bytes, content: content.as_deref() };
            imports::begin(&house.db, &source, &file, limit, NOW).unwrap()
        };
        many(&path, 4);
        // Claimed; begun; written and not moved. And a name reserved for a file that was not claimed yet.
        for name in ["000.csv", "001.csv", "002.csv"] {
            assert!(open.claim(name).unwrap());
            assert!(!open.claim(name).unwrap(), "one of two takers has it");
        }
        let begun = begin("001.csv");
        assert_eq!(begin("001.csv").import, begun.import, "the same import goes on");
        let written = begin("002.csv");
        assert_eq!(imports::run(&house.db, written.import, NOW).unwrap().state, DONE);
        fs::write(path.join("work/1/003.csv"), "").unwrap();
        let mut watcher = Watcher::new(Duration::ZERO);
        assert_eq!(looks(&mut watcher, &app, 2), 4);
        is_whole(house, &path, meter, 4);
        let told: Vec<_> = files(house, id).into_iter().map(|it| (it.file_name, it.rows_new, it.rows_same)).collect();
        let expected = [("003.csv", 1, 0), ("002.csv", 0, 1), ("000.csv", 1, 0), ("002.csv", 1, 0), ("001.csv", 1, 0)];
        assert_eq!(told, expected.map(|(name, new, same)| (name.to_owned(), new, same)));
    }

    fn two_processes_take_each_file_once(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let meter = hotel.meter("M1", Some(hotel.rack("A-0", 10)), None, "2026-06-01");
        let path = folder(house, "askue");
        let id = watch(house, &hotel, "askue", &FolderRules::default());
        many(&path, 30);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                let app = house.app(NOW).with_db(&house.another());
                scope.spawn(move || {
                    let mut watcher = Watcher::new(Duration::ZERO);
                    looks(&mut watcher, &app, 5);
                });
            }
        });
        is_whole(house, &path, meter, 30);
        assert_eq!(files(house, id).len(), 30, "nothing was imported twice");
        // Who held the folder is dead: another process has it once its time is over, and it alone.
        many(&path, 31);
        fs::remove_file(path.join("000.csv")).unwrap();
        let mut other = Watcher::new(Duration::ZERO);
        assert_eq!(looks(&mut other, &house.app(NOW), 2), 0);
        let later = house.app(NOW.plus_seconds(60));
        assert_eq!(looks(&mut other, &later, 2), 30);
        other.stop(&later).unwrap();
        assert!(slot(house, id).holder.is_empty(), "given back");
        assert_eq!(looks(&mut Watcher::new(Duration::ZERO), &later, 2), 0);
        assert_eq!(stored(house, meter).len(), 31);
        // Two that both believe to hold it: what one claims the other leaves alone.
        many(&path, 1);
        let open = || Folder::open(&house.folders(), "askue", id.0).unwrap();
        assert_eq!([open().claim("000.csv").unwrap(), open().claim("000.csv").unwrap()], [true, false]);
        let (first, second) = (open(), open());
        first.put_away("000.csv", innkeeper::folder::Shelf::Taken, None).unwrap();
        second.put_away("000.csv", innkeeper::folder::Shelf::Refused, None).unwrap();
        assert!(names(&path.join("refused")).is_empty(), "it is gone for the second");
        assert_eq!(check(&house.db, NOW).unwrap(), []);
    }

    fn a_folder_lies_below_the_base_and_nowhere_else(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let base = house.folders();
        fs::create_dir(house.dir().join("outside")).unwrap();
        symlink(house.dir().join("outside"), base.join("link")).unwrap();
        let save = |path: &str, base: &Path| {
            let source = source_of(&hotel, path, &FolderRules::default());
            save_folder(&house.db, &HOUSE, NOW, &source, base)
        };
        for path in ["../outside", "a/../../outside", "..", "/etc", "/", ".", "link", "link/a/..", "taken", "a/work"] {
            assert_eq!(refused_path(save(path, &base)), "folder-fault-outside", "{path}");
        }
        assert_eq!(refused_path(save("askue", Path::new(""))), "folder-fault-no-base");
        let whole = base.join("askue");
        for path in ["askue", "later/than/now", whole.to_str().unwrap()] {
            save(path, &base).unwrap();
        }
        // What was inside when it was saved, and is a link now, is not followed.
        let path = folder(house, "askue");
        symlink(house.dir().join("outside"), path.join("taken")).unwrap();
        let app = house.app(NOW);
        let mut watcher = Watcher::new(Duration::ZERO);
        fs::write(path.join("day.csv"), half_hours("M1", start(), 1, 1)).unwrap();
        assert_eq!(looks(&mut watcher, &app, 3), 0);
        assert!(slot(house, SourceId(1)).last_error.contains("folder-fault-outside"));
        fs::rename(&path, base.join("moved")).unwrap();
        symlink(house.dir().join("outside"), &path).unwrap();
        fs::write(house.dir().join("outside/day.csv"), half_hours("M1", start(), 1, 1)).unwrap();
        assert_eq!(looks(&mut watcher, &app, 3), 0);
        assert_eq!(names(&house.dir().join("outside")), ["day.csv"]);
        assert!(files(house, SourceId(1)).is_empty());
    }

    fn a_folder_that_cannot_be_read_says_so_and_comes_back(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let meter = hotel.meter("M1", Some(hotel.rack("A-0", 10)), None, "2026-06-01");
        let (app, path) = (house.app(NOW), house.folders().join("askue"));
        let id = watch(house, &hotel, "askue", &FolderRules::default());
        let mut watcher = Watcher::new(Duration::ZERO);
        looks(&mut watcher, &app, 2);
        let gone = slot(house, id);
        assert!(gone.connected_at.is_none() && gone.last_error.contains("folder-fault-missing"), "{gone:?}");
        fs::write(&path, "a file").unwrap();
        looks(&mut watcher, &app, 1);
        assert!(slot(house, id).last_error.contains("folder-fault-missing"));
        fs::remove_file(&path).unwrap();
        folder(house, "askue");
        many(&path, 2);
        assert_eq!(looks(&mut watcher, &app, 2), 2);
        assert!(slot(house, id).connected_at.is_some());
        is_whole(house, &path, meter, 2);
        // A shelf that cannot be written: the file is imported once, and put away when it can be.
        fs::remove_dir_all(path.join("taken")).unwrap();
        fs::write(path.join("taken"), "a file").unwrap();
        many(&path, 1);
        assert_eq!(looks(&mut watcher, &app, 3), 0);
        assert!(slot(house, id).connected_at.is_none());
        fs::remove_file(path.join("taken")).unwrap();
        assert_eq!(looks(&mut watcher, &app, 2), 1);
        assert_eq!(files(house, id).len(), 3);
        // Switched off, or without a base: nothing is taken.
        many(&path, 1);
        let mut bare = house.app(NOW);
        bare.config = Arc::new(Config { readings_folder_base: PathBuf::new(), ..(*bare.config).clone() });
        watcher.stop(&app).unwrap();
        assert_eq!(looks(&mut Watcher::new(Duration::ZERO), &bare, 2), 0);
        assert!(slot(house, id).last_error.contains("folder-fault-no-base"));
        assert_eq!(names(&path), ["000.csv", "refused", "taken", "work"]);
    }

    fn killed_again_and_again_it_takes_each_file(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let meter = hotel.meter("M1", Some(hotel.rack("A-0", 10)), None, "2026-06-01");
        let path = folder(house, "askue");
        let id = watch(house, &hotel, "askue", &FolderRules::default());
        many(&path, 150);
        let begun = Watch::now();
        let patience = Duration::from_secs(180);
        let count = || if path.join("taken").exists() { names(&path.join("taken")).len() } else { 0 };
        let mut process = house.data().serve(env!("CARGO_BIN_EXE_innkeeper"), NOW);
        for goal in [1, 30, 80, 150] {
            while count() < goal {
                assert!(begun.elapsed() < patience, "{} of {goal}: {:?}", count(), slot(house, id));
                std::thread::sleep(Duration::from_millis(3));
            }
            process.kill();
            // The house's time goes on: the slot of the dead process is free for the next one.
            let later = NOW.plus_seconds(60 + begun.elapsed().as_secs() as i64 + goal as i64 * 60);
            process = house.data().serve(env!("CARGO_BIN_EXE_innkeeper"), later);
        }
        while names(&path.join("work/1")).len() + names(&path).len() > 3 {
            assert!(begun.elapsed() < patience, "{:?}", names(&path));
            std::thread::sleep(Duration::from_millis(50));
        }
        process.kill();
        assert_eq!(stored(house, meter), (100..250).collect::<Vec<i64>>());
        let files = files(house, id);
        assert!(files.iter().all(|it| it.state == DONE && it.rows_bad + it.rows_corrected == 0));
        assert_eq!(files.iter().map(|it| it.rows_new).sum::<i64>(), 150);
        assert!(names(&path.join("refused")).is_empty());
        assert_eq!(check(&house.db, NOW).unwrap(), []);
    }

    fn a_folder_is_kept_by_its_pages(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        hotel.meter("M1", Some(hotel.rack("A-0", 10)), None, "2026-06-01");
        house.user("staff@example.ru", Role::Staff, None);
        let app = house.app(NOW);
        let server = Server::start(&app);
        let visitor = server.signed_in("staff@example.ru", PASSWORD);
        let text = |page: &str| visitor.get(page).text().unwrap();
        let form = |path: &'static str, keep: &'static str| {
            [("name", "АСКУЭ"), ("enabled", "yes"), ("address", path), ("pattern", "*.csv"), ("form", "any"), ("keep", keep)]
        };
        assert!(text("/sites/1/folders/new").contains(house.folders().to_str().unwrap()));
        for (path, keep) in [("../x", "good_rows"), ("", "good_rows"), ("askue", "check_only"), ("askue", "")] {
            assert_eq!(visitor.post("/sites/1/folders", &form(path, keep)).status(), 422, "{path} {keep}");
        }
        assert_eq!(visitor.post("/sites/1/folders", &form("askue", "all_or_nothing")).status(), 303);
        assert_eq!(visitor.post("/folders/1", &form("askue", "good_rows")).status(), 303);
        let mut watcher = Watcher::new(Duration::ZERO);
        looks(&mut watcher, &app, 1);
        let missing = text("/folders/1");
        assert!(missing.contains("There is no such folder") || missing.contains("Такой папки"), "{missing}");
        let path = folder(house, "askue");
        fs::write(path.join("day.csv"), half_hours("M1", start(), 2, 500) + "M1,x,y,z,Wh\n").unwrap();
        assert_eq!(looks(&mut watcher, &app, 2), 1);
        for (page, said) in [
            ("/sites/1/sources", "/folders/1"), ("/folders/1", "day.csv"), ("/folders/1", "/readings/1"),
            ("/folders/1/edit", "askue"), ("/sources/1/removal", "/folders/1"), ("/readings", "АСКУЭ"),
            ("/readings/1", "/folders/1"), ("/readings/1", "АСКУЭ"),
        ] {
            let text = text(page);
            assert!(text.contains(said), "{page} lacks {said}: {text}");
        }
        for page in ["/sources/1", "/sources/1/edit", "/folders/2"] {
            assert_eq!(visitor.get(page).status(), 404, "{page}");
        }
        assert_eq!(visitor.post("/sources/1", &form("askue", "good_rows")).status(), 404);
        assert_eq!(visitor.post("/sources/1/removal", &[]).status(), 303);
        assert!(text("/readings").contains("day.csv") && !text("/readings").contains("АСКУЭ"));
        assert_eq!(looks(&mut watcher, &app, 1), 0);
        // Without a base the kind says why it is not there.
        let mut bare = house.app(NOW);
        bare.config = Arc::new(Config { readings_folder_base: PathBuf::new(), ..(*bare.config).clone() });
        let server = Server::start(&bare);
        let visitor = server.signed_in("staff@example.ru", PASSWORD);
        assert!(visitor.get("/sites/1/folders/new").text().unwrap().contains("readings_folder_base"));
        assert_eq!(visitor.post("/sites/1/folders", &form("askue", "good_rows")).status(), 422);
    }
}
