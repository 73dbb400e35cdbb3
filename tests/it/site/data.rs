//! Data in and out on both databases: export and import again is all the same, a plan is written as it
//! was shown, bad rows are named, repeating changes nothing.

use crate::leasing::world::World;
use crate::on_both;
use crate::support::{House, NOW};
use innkeeper::db::identity::tenants;
use innkeeper::db::metering::imports;
use innkeeper::db::site::{cooling, halls, machines, power, racks};
use innkeeper::db::trail;
use innkeeper::domain::identity::access::Actor;
use innkeeper::domain::ids::*;
use innkeeper::domain::site::machine::MachineState;
use innkeeper::domain::site::sheet::{Noun, NounPlan, OnExisting, Plan, What};
use innkeeper::domain::units::Watts;
use innkeeper::error::Error;
use innkeeper::export::{csv, sheet, xlsx};
use innkeeper::import::Reason;
use innkeeper::import::netbox::{Options, read as read_netbox};
use innkeeper::import::sheet::read;
use innkeeper::services::check::check;
use innkeeper::services::leasing::house::House as Loaded;
use innkeeper::services::site::data::upload::{self, Upload};
use innkeeper::services::site::data::{self, Decided, How, Outcome, Rows, netbox};
use innkeeper::text::Locale;

const SITE: SiteId = SiteId(1);
const OWNER: &str = "ООО «Северный хэш»";
const HEAD: &str = "hall;row;rack;kind;slots;limit_kw;phase;feed_a;feed_b;zone\n";
const NEW: &str = "Зал 9;А;A-01;рама;8;28,5;три;feed-1;;z\nЗал 9;А;A-02;бак;24;90;L1;feed-1;;z\n";
const BAD: &str = "Зал 9;А;A-03;рама;0;28,5;три;feed-1;;z\nЗал 9;А;A-04;рама;8;28,5;три;нет;;z\n";

fn how(on: OnExisting, rows: Rows) -> How {
    How {
        on,
        decided: Decided::to(rows),
    }
}

fn run(house: &House, noun: Noun, bytes: &[u8], how: &How) -> Outcome {
    let sheet = read(noun, bytes).unwrap();
    data::import(&house.db, &Actor::HOUSE, NOW, SITE, &[sheet], how).unwrap()
}

fn whole(house: &House, noun: Noun, text: &str) -> Outcome {
    run(
        house,
        noun,
        text.as_bytes(),
        &how(OnExisting::Update, Rows::Whole),
    )
}

fn trial(house: &House, noun: Noun, bytes: &[u8], on: OnExisting) -> Plan {
    let sheet = read(noun, bytes).unwrap();
    data::trial(&mut house.db.get().unwrap(), SITE, &[sheet], on, NOW).unwrap()
}

/// New, changed, same or skipped, bad.
fn counts(plan: &Plan, noun: Noun) -> (u64, u64, u64, usize) {
    let Some(part) = plan.of(noun) else {
        return (0, 0, 0, 0);
    };
    let same = part.count(|what| matches!(what, What::Same | What::Skipped));
    (part.created(), part.changed(), same, part.bad.len())
}

fn clean(house: &House) {
    assert_eq!(check(&house.db, NOW).unwrap(), vec![]);
}

impl House {
    fn rack_count(&self) -> usize {
        racks::of_site(&mut self.db.get().unwrap(), SITE)
            .unwrap()
            .len()
    }

    /// A site with something in every column.
    fn full_site(&self) {
        self.site();
        self.tenant(OWNER);
        whole(
            self,
            Noun::Power,
            "node,kind,parent,rating_kw,volts,amps,leg,usable\n\
            T-1,transformer,grid,630.5,,,,80\n\"Щит «1», =x\",panel,T-1,,400,250.5,,100\nФ-1,feed,\"Щит «1», =x\",,230,32,L2,66.667\n\
            -Ф2,feed,T-1,43.647,400,63,,80\n",
        );
        whole(
            self,
            Noun::Zones,
            "zone;kind;units;spare_units;derate_7;derate_1\n\
            Воздух;air;В-1 = 500 | В|2 = 1 = 512,5;1;82,5;0\n"
                .replace("В|2", "В\\|2")
                .as_str(),
        );
        whole(
            self,
            Noun::Racks,
            "hall;row;rack;kind;slots;limit_kw;phase;feed_a;feed_b;zone\n\
            Зал 2;Б;Б-01;бак;24;120,125;три;feed-1;-Ф2;Воздух\nЗал 2;Б;Б-02;container;24;0,001;L2;Ф-1;;z\n",
        );
        whole(
            self,
            Noun::Machines,
            &format!(
                "serial;tenant;model;watts;cooling;supply;state;note\n\
            =SN 1;{OWNER};«Своя», 2|3;3500;hydro;three;repair;с полки, верхней\nsn-2;{OWNER};S21;1;air;single;removed;\n"
            ),
        );
    }
}

on_both! {
    fn export_and_import_again_is_all_the_same(house: &House) {
        house.full_site();
        for noun in Noun::ALL {
            let rows = data::rows(&mut house.db.get().unwrap(), SITE, *noun, NOW).unwrap();
            assert!(!rows.is_empty(), "{noun}");
            for locale in Locale::ALL {
                let table = sheet::table(*noun, &rows, "T", *locale);
                for bytes in [csv::csv(&table, *locale), xlsx::xlsx(&table, *locale, NOW).unwrap()] {
                    let plan = trial(house, *noun, &bytes, OnExisting::Update);
                    assert_eq!(plan.nouns.len(), 1, "{noun}");
                    assert_eq!(counts(&plan, *noun), (0, 0, rows.len() as u64, 0), "{noun} {locale}: {plan:?}");
                    let outcome = run(house, *noun, &bytes, &how(OnExisting::Update, Rows::Whole));
                    assert!(outcome.written && !outcome.plan.writes());
                }
            }
        }
        clean(house);
    }

    fn a_site_goes_to_another_house_by_its_files(house: &House) {
        house.full_site();
        let files: Vec<_> = Noun::ALL.iter().map(|noun| {
            let rows = data::rows(&mut house.db.get().unwrap(), SITE, *noun, NOW).unwrap();
            (*noun, csv::csv(&sheet::table(*noun, &rows, "T", Locale::Ru), Locale::Ru))
        }).collect();
        let other = House::open(house.kind).unwrap();
        other.site();
        other.tenant(OWNER);
        for (noun, bytes) in &files {
            let outcome = run(&other, *noun, bytes, &how(OnExisting::Update, Rows::Whole));
            assert!(outcome.written, "{noun}: {:?}", outcome.plan);
        }
        for (noun, bytes) in &files {
            assert!(!trial(&other, *noun, bytes, OnExisting::Update).writes(), "{noun}");
        }
        let conn = &mut *other.db.get().unwrap();
        let nodes = power::of_site(conn, SITE).unwrap();
        let node = |name: &str| nodes.iter().find(|n| n.name == name).unwrap();
        assert_eq!(node("Ф-1").parent_id, Some(node("Щит «1», =x").id));
        assert_eq!((node("Ф-1").usable.as_str(), node("-Ф2").volts.as_deref()), ("0.66667", Some("400")));
        let zone = cooling::of_site(conn, SITE).unwrap().into_iter().find(|z| z.name == "Воздух").unwrap();
        let units = cooling::units_of_site(conn, SITE).unwrap();
        let names: Vec<_> = units.iter().filter(|u| u.zone_id == zone.id).map(|u| (u.name.as_str(), u.watts)).collect();
        assert_eq!(names, [("В-1", Watts(500_000)), ("В|2 = 1", Watts(512_500))]);
        clean(&other);
    }

    fn a_trial_says_what_would_happen_and_writes_nothing(house: &House) {
        house.site();
        let before = house.rack_count();
        let plan = trial(house, Noun::Racks, format!("{HEAD}{NEW}{BAD}").as_bytes(), OnExisting::Update);
        assert_eq!(counts(&plan, Noun::Racks), (2, 0, 0, 2));
        assert_eq!((counts(&plan, Noun::Halls).0, counts(&plan, Noun::Rows).0), (1, 1));
        let bad: Vec<_> = plan.of(Noun::Racks).unwrap().bad.iter().map(|b| (b.line, b.column, b.reason)).collect();
        assert_eq!(bad, [(4, "slots", Reason::Positive), (5, "feed_a", Reason::UnknownName)]);
        assert_eq!(house.rack_count(), before);
        let halls = halls::of_site(&mut house.db.get().unwrap(), SITE).unwrap();
        assert!(halls.iter().all(|hall| hall.name != "Зал 9"));
    }

    fn halls_say_to_whom_they_are_offered(house: &House) {
        house.world();
        house.tenant("ООО «Южный | хэш»");
        let file = "зал;предлагается;арендаторы\nЗал 2;выбранным;ооо «южный \\| хэш» | ООО «Северный  хэш»\n\
                    Зал 3;никому;\nЗал 4;;\n";
        assert_eq!(counts(&whole(house, Noun::Halls, file).plan, Noun::Halls), (3, 0, 0, 0));
        assert_eq!(counts(&whole(house, Noun::Halls, file).plan, Noun::Halls), (0, 0, 3, 0), "the same again");
        let conn = &mut *house.db.get().unwrap();
        let all = halls::of_site(conn, SITE).unwrap();
        let offered: Vec<_> = all.iter().map(|hall| hall.offered.code()).collect();
        assert_eq!(offered, ["all", "chosen", "nobody", "all"]);
        assert_eq!(halls::offers_of_site(conn, SITE).unwrap().len(), 2);
        let rows = data::rows(conn, SITE, Noun::Halls, NOW).unwrap();
        let table = sheet::table(Noun::Halls, &rows, "", Locale::Ru);
        let out = String::from_utf8(csv::csv(&table, Locale::Ru)).unwrap();
        assert!(out.contains("Зал 2;выбранным;ООО «Северный хэш» | ООО «Южный \\| хэш»"), "{out}");
        // Without a column of names, they end with the offer; what is no tenant's name is said.
        let change = "hall;offered\nЗал 2;all\nЗал 3;chosen\n";
        let outcome = run(house, Noun::Halls, change.as_bytes(), &how(OnExisting::Update, Rows::Good));
        assert_eq!(counts(&outcome.plan, Noun::Halls), (0, 1, 0, 1));
        assert_eq!(halls::offers_of_site(conn, SITE).unwrap(), []);
        let bad = trial(house, Noun::Halls, "hall;offered;tenants\nЗал 3;chosen;Никто\nЗал 4;all;ООО «Северный хэш»\n".as_bytes(), OnExisting::Update);
        let bad: Vec<_> = bad.of(Noun::Halls).unwrap().bad.iter().map(|b| (b.line, b.column, b.reason)).collect();
        assert_eq!(bad, [(2, "tenants", Reason::UnknownTenant), (3, "tenants", Reason::NotChosen)]);
    }

    fn bad_rows_stop_the_whole_file_or_only_themselves(house: &House) {
        house.site();
        let before = house.rack_count();
        let file = format!("{HEAD}{NEW}{BAD}");
        assert!(!whole(house, Noun::Racks, &file).written);
        assert_eq!(house.rack_count(), before);
        assert!(run(house, Noun::Racks, file.as_bytes(), &how(OnExisting::Update, Rows::Good)).written);
        assert_eq!(house.rack_count(), before + 2);
        clean(house);
    }

    fn existing_rows_are_updated_skipped_or_refused(house: &House) {
        house.site();
        let file = format!("{HEAD}{NEW}");
        assert_eq!(counts(&whole(house, Noun::Racks, &file).plan, Noun::Racks), (2, 0, 0, 0));
        assert_eq!(counts(&whole(house, Noun::Racks, &file).plan, Noun::Racks), (0, 0, 2, 0));
        let changed = file.replace("28,5", "30");
        let skip = run(house, Noun::Racks, changed.as_bytes(), &how(OnExisting::Skip, Rows::Whole));
        assert_eq!(counts(&skip.plan, Noun::Racks), (0, 0, 2, 0));
        let fail = run(house, Noun::Racks, changed.as_bytes(), &how(OnExisting::Fail, Rows::Good));
        assert_eq!(counts(&fail.plan, Noun::Racks), (0, 0, 0, 2));
        assert_eq!(counts(&whole(house, Noun::Racks, &changed).plan, Noun::Racks), (0, 1, 1, 0));
        let rack = racks::by_name(&mut house.db.get().unwrap(), SITE, "A-01").unwrap().unwrap();
        assert_eq!(rack.limit_watts, Watts(30_000));
        let row = trail::of(&mut house.db.get().unwrap(), "rack", SITE.0, 1).unwrap().remove(0).0;
        assert!(row.after_state.contains("[\"A-01\",\"limit_kw\",\"28.5\",\"30\"]"), "{}", row.after_state);
        clean(house);
    }

    fn a_change_that_live_bookings_do_not_allow_is_not_written(house: &House) {
        let world: World = house.world();
        world.held(house, NOW, 3);
        let file = "node;usable\nfeed-1;1\n";
        let sheet = read(Noun::Power, file.as_bytes()).unwrap();
        let how = how(OnExisting::Update, Rows::Whole);
        let broken = data::import(&house.db, &world.staff, NOW, SITE, &[sheet], &how);
        assert!(matches!(broken, Err(Error::Breaks(_))), "{broken:?}");
        let nodes = power::of_site(&mut house.db.get().unwrap(), SITE).unwrap();
        assert!(nodes.iter().all(|node| node.usable != "0.01"));
    }

    fn another_plan_than_was_looked_at_is_not_written(house: &House) {
        house.site();
        let staff = Actor::HOUSE;
        let file = format!("{HEAD}{NEW}");
        let kept = Upload { kind: "racks", keep: "update".to_owned(), name: "racks.csv", content: file.as_bytes() };
        let id = upload::keep(&house.db, &staff, NOW, SITE, &kept).unwrap();
        let row = upload::get(&mut house.db.get().unwrap(), SITE, id).unwrap();
        let seen = data::digest(&upload::trial(&mut house.db.get().unwrap(), SITE, &row, NOW).unwrap());
        whole(house, Noun::Racks, &file.replace("28,5", "30"));
        let write = |seen: String| upload::write(&house.db, &staff, NOW, SITE, id, &Decided { seen: Some(seen), ..Decided::to(Rows::Whole) });
        assert!(matches!(write(seen), Err(Error::Rule(message)) if message.key == "site-data-moved"));
        let seen = data::digest(&upload::trial(&mut house.db.get().unwrap(), SITE, &row, NOW).unwrap());
        let done = write(seen).unwrap().unwrap();
        assert_eq!((done.rows_new, done.rows_corrected, done.rows_same), (0, 1, 1));
    }

    fn an_uploaded_file_is_written_once_and_its_content_forgotten(house: &House) {
        house.site();
        let staff = Actor::HOUSE;
        let file = format!("{HEAD}{NEW}{BAD}");
        let kept = Upload { kind: "racks", keep: "update".to_owned(), name: "racks.csv", content: file.as_bytes() };
        let keep = || upload::keep(&house.db, &staff, NOW, SITE, &kept).unwrap();
        let (older, id) = (keep(), keep());
        let get = |id| upload::get(&mut house.db.get().unwrap(), SITE, id);
        assert!(get(older).is_err(), "an older trial is forgotten");
        let before = house.rack_count();
        let write = |rows| upload::write(&house.db, &staff, NOW, SITE, id, &Decided::to(rows)).unwrap();
        assert!(write(Rows::Whole).is_none(), "bad rows stop it");
        for _ in 0..2 {
            let done = write(Rows::Good).unwrap();
            assert_eq!((done.rows_new, done.rows_bad), (4, 2), "two racks, their hall and row");
        }
        assert_eq!(house.rack_count(), before + 2);
        let conn = &mut *house.db.get().unwrap();
        assert!(imports::content(conn, id).unwrap().is_empty());
        assert_eq!(imports::errors(conn, id, None, 10).unwrap().len(), 2);
    }

    fn netbox_comes_in_once(house: &House) {
        house.site();
        for extension in ["csv", "json"] {
            let export = read_netbox(&netbox_files(extension)).unwrap();
            let options = Options::default();
            let import = |seen| netbox::import(&house.db, &Actor::HOUSE, NOW, SITE, (&export, &options), &Decided { seen, ..Decided::to(Rows::Whole) }).unwrap().0;
            let proposal = netbox::propose(&mut house.db.get().unwrap(), (&Actor::HOUSE, NOW), SITE, &export, &options).unwrap();
            assert!(import(Some(proposal.digest)).written);
            let again = netbox::propose(&mut house.db.get().unwrap(), (&Actor::HOUSE, NOW), SITE, &export, &options).unwrap();
            assert!(!again.plan.writes() && again.tenants.is_empty(), "{extension}: {:?}", again.plan);
            assert!(again.plan.total(NounPlan::created) == 0);
        }
        let conn = &mut *house.db.get().unwrap();
        let names: Vec<_> = tenants::all(conn).unwrap().into_iter().map(|t| t.name).collect();
        assert_eq!(names, ["Nordic Compute OÜ", "ИП Соколова А. В.", "ООО «Янтарь Хэш»"]);
        let machines = machines::of_site(conn, SITE).unwrap();
        let states = |state| machines.iter().filter(|machine| machine.state == state).count();
        assert_eq!((states(MachineState::Received), states(MachineState::Repair), machines.len()), (15, 3, 18));
        let first = machines.iter().find(|machine| machine.serial == "SN7700").unwrap();
        assert_eq!((first.watts, first.rack_id, first.note.as_str()), (Watts(3_400), None, "NetBox: А-01 (K1A01), U1"));
        assert_eq!(tenants::get(conn, first.tenant_id).unwrap().name, "ООО «Янтарь Хэш»");
        // What a feed may carry here is NetBox's own figure, to the watt.
        let loaded = Loaded::load(conn, SITE, NOW).unwrap();
        for (name, watts) in [("Ф-1", 34_917), ("Ф-2", 17_736), ("Ф-3", 5_888), ("Ф-4", 43_646), ("Ф-К1", 69_280), ("Ф-К4A", 17_736), ("Ф-К4B", 17_736)] {
            let at = loaded.nodes.iter().position(|node| node.name == name).unwrap();
            assert_eq!(loaded.plan.nodes[at].legs.iter().sum::<i64>() / 3, watts, "{name}");
        }
        clean(house);
    }

    fn what_is_mended_by_hand_stays_after_the_next_import_from_netbox(house: &House) {
        house.site();
        let export = read_netbox(&netbox_files("csv")).unwrap();
        let options = Options::default();
        let import = || netbox::import(&house.db, &Actor::HOUSE, NOW, SITE, (&export, &options), &Decided::to(Rows::Whole)).unwrap().0;
        import();
        whole(house, Noun::Racks, "rack;slots;limit_kw\nА-01;10;20\n");
        whole(house, Noun::Power, "node;parent;rating_kw\nЩР-1;grid;60\n");
        whole(house, Noun::Zones, "zone;units\nЗал 1;Чиллер = 999\n");
        assert!(!import().plan.writes());
        let rack = racks::by_name(&mut house.db.get().unwrap(), SITE, "А-01").unwrap().unwrap();
        assert_eq!((rack.slots, rack.limit_watts), (10, Watts(20_000)));
        clean(house);
    }
}

fn netbox_files(extension: &str) -> Vec<(String, Vec<u8>)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/netbox");
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let of_kind = entries.filter(|path| path.extension().is_some_and(|e| e == extension));
    of_kind
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read(path).unwrap())
        })
        .collect()
}

/// Ten thousand racks come in by batches: many times quicker than one statement each would allow.
#[test]
fn ten_thousand_racks_come_in_while_one_waits() {
    let house = House::open(crate::support::Kind::Sqlite).unwrap();
    house.site();
    let mut file = String::from(HEAD);
    for at in 0..10_000 {
        file.push_str(&format!(
            "Зал {};{};R-{at:05};рама;8;28,5;три;feed-1;;z\n",
            at / 2_000,
            at / 100 % 20
        ));
    }
    let begun = std::time::Instant::now();
    let outcome = whole(&house, Noun::Racks, &file);
    assert_eq!(
        outcome.plan.of(Noun::Racks).map(NounPlan::created),
        Some(10_000)
    );
    assert!(begun.elapsed().as_secs() < 30, "{:?}", begun.elapsed());
}
