//! The sample site of NetBox 4.4, as CSV and as JSON.

use super::*;
use crate::domain::fold::fold;
use crate::domain::site::sheet::{Cell, Noun, OnExisting, Plan, Stock, Value, What, plan};
use std::path::Path;

fn sample(extension: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/netbox");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == extension))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read(path).unwrap())
        })
        .collect();
    files.sort();
    files
}

fn mapped(files: &[(String, Vec<u8>)], options: &Options) -> Mapped {
    map(&read(files).unwrap(), options, &here()).unwrap()
}

/// A house without anything, whose user may create tenants.
fn here() -> Here {
    Here {
        makes_tenants: true,
        ..Here::default()
    }
}

fn stock(mapped: &Mapped) -> Stock {
    let mut stock = Stock::default();
    let named = |name: &String| (fold(name), Some(name.clone()));
    stock.register.tenants = mapped.tenants.iter().map(named).collect();
    stock
}

fn planned(mapped: &Mapped) -> Plan {
    plan(&stock(mapped), &mapped.sheets, OnExisting::Update)
}

/// A planned row by its key, cells as text.
fn row(plan: &Plan, noun: Noun, name: &str) -> Vec<String> {
    let part = plan.of(noun).unwrap();
    let key = match noun {
        Noun::Racks => noun.at("rack"),
        _ => 0,
    };
    let found = part
        .steps
        .iter()
        .find(|step| step.cells[key].name() == name);
    let step = found.unwrap_or_else(|| panic!("no {name}: {part:?}"));
    step.cells.iter().map(|cell| cell.plain()).collect()
}

fn left(mapped: &Mapped, table: Table) -> Vec<(&str, Why)> {
    let of = mapped.left.iter().filter(|left| left.table == table);
    of.map(|left| (left.name.as_str(), left.why)).collect()
}

#[test]
fn the_sample_as_csv_and_as_json_is_the_same_site() {
    let both = [sample("csv"), sample("json")].concat();
    for (extension, files) in [
        ("csv", sample("csv")),
        ("json", sample("json")),
        ("both", both),
    ] {
        let mapped = mapped(&files, &Options::default());
        let plan = planned(&mapped);
        assert!(!plan.has_bad(), "{extension}: {plan:?}");
        let counts: Vec<_> = plan.nouns.iter().map(|p| (p.noun, p.created())).collect();
        let mut expected = vec![
            (Noun::Halls, 2),
            (Noun::Rows, 2),
            (Noun::Power, 9),
            (Noun::Zones, 2),
            (Noun::Racks, 6),
        ];
        // Power ports come as JSON only: without them nobody knows what a device draws.
        let drawn = extension != "csv";
        expected.extend(drawn.then_some((Noun::Machines, 18)));
        assert_eq!(counts, expected, "{extension}");
        let rack = row(&plan, Noun::Racks, "К1-4");
        let cells = [
            "Контейнеры",
            "К1",
            "К1-4",
            "frame",
            "24",
            "17.736",
            "three",
            "Ф-К4A",
            "Ф-К4B",
            "Контейнеры",
        ];
        assert_eq!(rack, cells, "{extension}");
        let single = row(&plan, Noun::Racks, "А-03");
        assert_eq!(&single[..2], ["Зал 1", "А"]);
        assert_eq!(&single[5..9], ["5.888", "L1", "Ф-3", ""]);
        assert_eq!(
            row(&plan, Noun::Power, "Ф-1"),
            ["Ф-1", "feed", "ЩР-1", "43.647", "400", "63", "", "80"]
        );
        assert_eq!(row(&plan, Noun::Power, "Ф-3")[6], "L1");
        assert_eq!(mapped.tenants.len(), 3);
        assert_eq!(left(&mapped, Table::Feeds), [("Ф-К9", Why::Status)]);
        let racks: Vec<_> = left(&mapped, Table::Racks)
            .into_iter()
            .map(|(name, why)| {
                assert_eq!(why, Why::NoFeed);
                name
            })
            .collect();
        let unfed = [
            "А-05 (K1A05)",
            "А-06 (K1A06)",
            "А-07 (K1A07)",
            "А-08 (K1A08)",
            "К1-2",
            "К1-3",
        ];
        assert_eq!(racks, unfed, "{extension}");
        let devices = left(&mapped, Table::Devices);
        let unknown = devices.iter().filter(|(_, why)| *why == Why::NoDraw);
        assert_eq!(unknown.count(), if drawn { 0 } else { 18 }, "{extension}");
        assert!(devices.contains(&("WM-9001", Why::NoSerial)));
    }
}

#[test]
fn each_feed_has_netboxs_own_figure() {
    let csv = sample("csv");
    let (_, feeds) = csv
        .iter()
        .find(|(name, _)| name == "power-feeds.csv")
        .unwrap();
    let mut reader = csv::Reader::from_reader(feeds.as_slice());
    let headers = reader.headers().unwrap().clone();
    let at = |label: &str| headers.iter().position(|h| h == label).unwrap();
    let figures: HashMap<String, i64> = reader
        .records()
        .map(|row| row.unwrap())
        .map(|row| {
            (
                row[at("Name")].to_owned(),
                row[at("Available Power (VA)")].parse().unwrap(),
            )
        })
        .collect();
    assert_eq!(figures.len(), 8);
    // JSON does not hold the figure: it is computed, and must be the same.
    let mapped = mapped(&sample("json"), &Options::default());
    assert_eq!(mapped.feeds.len(), 7, "all but the planned one");
    for feed in &mapped.feeds {
        assert_eq!(feed.power.0, figures[&feed.name], "{}", feed.name);
    }
    assert_eq!(available(400, 250, 80, true), Some(Watts(figures["Ф-К9"])));
}

#[test]
fn what_somebody_chooses_is_taken() {
    let options = Options {
        cooling: CoolingKind::Hydro,
        slots: Some(8),
        limit: Some(Watts(30_000)),
        unfed_on_panel: true,
        ..Options::default()
    };
    let mapped = mapped(&sample("json"), &options);
    let plan = planned(&mapped);
    assert_eq!(plan.of(Noun::Racks).unwrap().created(), 12);
    let unfed = row(&plan, Noun::Racks, "А-07");
    assert_eq!(&unfed[4..9], ["8", "30", "three", "ЩР-1", ""]);
    assert_eq!(
        row(&plan, Noun::Zones, "Контейнеры")[1..3],
        ["hydro", "1 = 120"]
    );
    assert!(
        mapped
            .notes
            .iter()
            .any(|(note, count, _)| *note == Note::Unfed && *count == 6)
    );
    let draw = mapped
        .notes
        .iter()
        .find(|(note, ..)| *note == Note::Draw)
        .unwrap();
    assert_eq!((draw.1, draw.2.as_str()), (18, "61.2"));
}

#[test]
fn pages_other_sites_and_names_that_come_twice() {
    let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    let racks = r#"{"count": 5, "next": "…", "results": [
        {"id": 1, "url": "/api/dcim/racks/1/", "name": "01", "site": {"id": 1, "display": "S"}, "location": {"id": 7, "display": "Row A"}, "status": {"value": "active"}, "u_height": 48},
        {"id": 2, "url": "/api/dcim/racks/2/", "name": "01", "site": {"id": 1, "display": "S"}, "location": {"id": 8, "display": "Row B"}, "status": {"value": "active"}, "u_height": 48},
        {"id": 3, "url": "/api/dcim/racks/3/", "name": "02", "site": {"id": 2, "display": "T"}, "location": null, "status": {"value": "active"}},
        {"id": 4, "url": "/api/dcim/racks/4/", "name": "03", "site": {"id": 1, "display": "S"}, "location": null, "status": {"value": "planned"}}]}"#;
    let locations = "Name,Site,Parent,VLAN Groups\nHall,S,,0\nRow A,S,Hall,0\nRow B,S,Hall,0\n";
    let panels = "Name,Site,Location,Power Feeds\nP1,S,Hall,2\nP2,S,Hall,2\n";
    let feeds = r#"[{"id": 1, "name": "F", "power_panel": {"id": 1, "display": "P1"}, "rack": {"id": 1, "display": "01"}, "status": {"value": "active"}, "type": {"value": "redundant"}, "phase": {"value": "single-phase"}, "voltage": 230, "amperage": 16, "max_utilization": 80},
        {"id": 2, "name": "F", "power_panel": {"id": 2, "display": "P2"}, "rack": {"id": 1, "display": "01"}, "status": {"value": "active"}, "type": {"value": "primary"}, "phase": {"value": "single-phase"}, "voltage": 230, "amperage": 16, "max_utilization": 80},
        {"id": 3, "name": "G", "power_panel": {"id": 2, "display": "P2"}, "rack": {"id": 2, "display": "01"}, "status": {"value": "active"}, "type": {"value": "primary"}, "phase": {"value": "single-phase"}, "voltage": 230, "amperage": 0, "max_utilization": 80}]"#;
    let files = [
        file("r.json", racks),
        file("l.csv", locations),
        file("p.csv", panels),
        file("feeds.json", feeds),
    ];
    let export = read(&files).unwrap();
    let many = map(&export, &Options::default(), &Here::default());
    assert_eq!(
        many.unwrap_err(),
        NoSite::Many(vec!["S".into(), "T".into()])
    );
    let options = Options {
        site: "S".to_owned(),
        ..Options::default()
    };
    let mapped = map(&export, &options, &Here::default()).unwrap();
    let plan = planned(&mapped);
    assert!(!plan.has_bad(), "{plan:?}");
    let rack = row(&plan, Noun::Racks, "Row A / 01");
    assert_eq!(&rack[..2], ["Hall", "Row A"]);
    assert_eq!(&rack[4..9], ["48", "2.944", "L1", "P2 / F", "P1 / F"]);
    assert_eq!(
        row(&plan, Noun::Power, "P1 / F")[6],
        row(&plan, Noun::Power, "P2 / F")[6]
    );
    assert_eq!(left(&mapped, Table::Feeds), [("G", Why::BadNumber)]);
    assert_eq!(
        left(&mapped, Table::Racks),
        [
            ("02", Why::OtherSite),
            ("01", Why::NoFeed),
            ("03", Why::Status)
        ]
    );
    assert!(
        mapped.notes.contains(&(Note::Pages, 1, "racks".to_owned())),
        "{:?}",
        mapped.notes
    );
}

#[test]
fn bad_files_are_refused_by_name() {
    let refused =
        |name: &str, bytes: &[u8]| read(&[(name.to_owned(), bytes.to_vec())]).unwrap_err();
    let sentence = |error: &Refused| error.to_string();
    for (name, bytes) in [
        ("racks.csv", &b""[..]),
        ("racks.csv", b"%PDF-1.7"),
        ("racks.json", b"{\"detail\": \"Invalid token.\"}"),
        ("racks.json", b"{\"results\": [1, 2]}"),
        ("racks.json", b"{\"results\": ["),
        ("racks.csv", b"Status,Site\nActive,S\n"),
        ("racks.csv", b"Name,Site,Height\n\xd0,S,42U\n"),
    ] {
        let error = refused(name, bytes);
        assert!(sentence(&error).starts_with(name), "{error}");
    }
    let unknown = refused("manufacturers.csv", b"Name,Slug\nBitmain,bitmain\n");
    assert!(matches!(unknown, Refused::Unknown(_)));
}

#[test]
fn a_second_import_is_all_the_same() {
    let mapped = mapped(&sample("json"), &Options::default());
    let first = planned(&mapped);
    let mut stock = stock(&mapped);
    for part in &first.nouns {
        let rows =
            part.steps
                .iter()
                .zip(1..)
                .map(|(step, id)| crate::domain::site::sheet::Existing {
                    id,
                    cells: step.cells.clone(),
                });
        stock.put(part.noun, rows.collect());
    }
    let second = plan(&stock, &mapped.sheets, OnExisting::Update);
    let steps = second.nouns.iter().flat_map(|part| &part.steps);
    assert!(steps.clone().count() > 0 && steps.into_iter().all(|step| step.what == What::Same));
}

#[test]
fn devices_become_machines_or_say_why_not() {
    let mapped = mapped(&sample("json"), &Options::default());
    let machine = row(&planned(&mapped), Noun::Machines, "SN7700");
    let cells = [
        "SN7700",
        "ООО «Янтарь Хэш»",
        "Bitmain S19",
        "3400",
        "air",
        "single",
        "",
        "repair",
        "",
        "",
        "",
        "NetBox: А-01 (K1A01), U1",
    ];
    assert_eq!(machine, cells);
    let notes: Vec<(Note, i64)> = mapped
        .notes
        .iter()
        .map(|(note, n, _)| (*note, *n))
        .collect();
    assert!(notes.contains(&(Note::Machines, 18)) && notes.contains(&(Note::Placed, 18)));
    let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    let devices = "Name,Status,Tenant,Site,Role,Manufacturer,Type,Serial number,Asset tag,Position,Power outlets\n\
        a,Planned,T,S,Miner,Bitmain,S21,,TAG-1,,0\n\
        b,Active,T,S,Miner,Bitmain,S21,tag-1,,,0\n\
        c,Active,T,S,PDU 3f,APC,AP8,X1,,,0\n\
        d,Active,T,S,Miner,APC,AP8,X2,,,24\n\
        e,Active,,S,Miner,Bitmain,S21,X3,,,0\n\
        f,Active,Nobody,S,Miner,Bitmain,S21,X4,,,0\n\
        g,Active,T,S,Miner,Bitmain,,X5,,,0\n\
        h,Active,T,S,Коммутаторы,Bitmain,S21,X6,,,0\n\
        i,Active,T,S,Miner,Bitmain,S9,X7,,,0\n";
    let files = [
        file("devices.csv", devices),
        file("sites.csv", "Name,Time zone\nS,UTC\n"),
    ];
    let here = Here {
        tenants: ["t".to_owned()].into(),
        models: [(fold("Bitmain S21"), true)].into(),
        ..Here::default()
    };
    let mapped = map(&read(&files).unwrap(), &Options::default(), &here).unwrap();
    let expected = [
        ("b", Why::SameSerial),
        ("c", Why::Role),
        ("d", Why::Outlets),
        ("e", Why::NoTenant),
        ("f", Why::NoTenant),
        ("g", Why::NoModel),
        ("h", Why::Role),
        ("i", Why::NoDraw),
    ];
    assert_eq!(left(&mapped, Table::Devices), expected);
    let [sheet] = mapped.sheets.as_slice() else {
        panic!("{:?}", mapped.sheets)
    };
    let state = &sheet.rows[0].cells[Noun::Machines.at("state")];
    assert_eq!(*state, Cell::Initial(Value::Word("expected")));
}
