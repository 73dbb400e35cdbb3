//! Times imports on SQLite as on a disk of its own: 10 000 racks from CSV and from XLSX, against a plain
//! bulk insert of the same rows; and a site of 2 000 racks and 400 feeds from NetBox's JSON.
//!
//!     cargo bench --bench import          (or with `--profile dev`, unoptimised)

use innkeeper::db::site::racks::{self, Rack};
use innkeeper::db::site::sites::Site;
use innkeeper::db::{Chain, Db};
use innkeeper::domain::calendar::Instant;
use innkeeper::domain::identity::access::Actor;
use innkeeper::domain::ids::*;
use innkeeper::domain::site::Redundancy;
use innkeeper::domain::site::sheet::{Noun, NounPlan, OnExisting};
use innkeeper::export::{csv, sheet, xlsx};
use innkeeper::import::netbox::{Options, read as read_netbox};
use innkeeper::import::sheet::read;
use innkeeper::services::site::data::{self, Decided, How, Rows, netbox};
use innkeeper::services::site::guard::Consent;
use innkeeper::services::site::sites;
use innkeeper::text::Locale;
use std::fmt::Write;
use std::time::{Duration, Instant as Watch};

const NOW: Instant = Instant(1_795_165_200);
const RACKS: usize = 10_000;

struct House {
    db: Db,
    site: SiteId,
    _dir: tempfile::TempDir,
}

fn house() -> House {
    let dir = tempfile::tempdir().expect("a folder");
    let db = Db::open(&dir.path().join("bench.db").display().to_string(), 2).expect("a database");
    db.migrate().expect("a schema");
    let row = Site {
        id: SiteId(0),
        code: "B".into(),
        name: "Bench".into(),
        region_code: "00".into(),
        address: String::new(),
        time_zone: "Europe/Moscow".into(),
        redundancy: Redundancy::N,
        hold_hours: 72,
        plan_id: None,
        created_at: NOW,
    };
    let site = sites::save(&db, &Actor::HOUSE, NOW, &row, &Consent::none()).expect("a site");
    House {
        db,
        site,
        _dir: dir,
    }
}

fn import(house: &House, noun: Noun, bytes: &[u8]) -> Duration {
    let how = How {
        on: OnExisting::Update,
        decided: Decided::to(Rows::Whole),
    };
    let begun = Watch::now();
    let sheet = read(noun, bytes).expect("a table");
    let outcome = data::import(&house.db, &Actor::HOUSE, NOW, house.site, &[sheet], &how);
    assert!(outcome.expect("an import").written);
    begun.elapsed()
}

fn supplied() -> House {
    let house = house();
    let mut power = String::from("node,kind,parent,rating_kw,volts,amps\nGrid,grid,,1000000,,\n");
    for feed in 0..RACKS / 10 {
        writeln!(power, "F-{feed},feed,Grid,,400,630").expect("text");
    }
    import(&house, Noun::Power, power.as_bytes());
    import(&house, Noun::Zones, b"zone,kind,units\nZ,air,U = 1000000\n");
    house
}

fn racks_csv(limit: &str) -> Vec<u8> {
    let mut text = String::from("hall,row,rack,kind,slots,limit_kw,phase,feed_a,feed_b,zone\n");
    for at in 0..RACKS {
        let (hall, row, feed) = (at / 500, at / 20 % 25, at / 10);
        writeln!(
            text,
            "H{hall},{row},R-{at:05},frame,12,{limit},three,F-{feed},,Z"
        )
        .expect("text");
    }
    text.into_bytes()
}

/// The racks of one house written into another that has none, and nothing else done.
fn plain(from: &House) -> Duration {
    let to = supplied();
    let rows: Vec<Rack> =
        racks::of_site(&mut from.db.get().expect("a connection"), from.site).expect("racks");
    import(&to, Noun::Rows, &exported(from, Noun::Rows, false));
    let begun = Watch::now();
    let written = to
        .db
        .write(Chain::Site(to.site), |tx| racks::insert_all(tx.conn, &rows));
    written.expect("a bulk insert");
    begun.elapsed()
}

fn exported(house: &House, noun: Noun, workbook: bool) -> Vec<u8> {
    let rows = data::rows(
        &mut house.db.get().expect("a connection"),
        house.site,
        noun,
        NOW,
    )
    .expect("rows");
    let table = sheet::table(noun, &rows, "T", Locale::En);
    if workbook {
        xlsx::xlsx(&table, Locale::En, NOW).expect("a workbook")
    } else {
        csv::csv(&table, Locale::En)
    }
}

fn netbox_files(racks: usize, feeds: usize) -> Vec<(String, Vec<u8>)> {
    let link = |table: &str, id: usize, name: &str| {
        format!(
            "{{\"id\": {id}, \"url\": \"http://netbox.example/api/dcim/{table}/{id}/\", \"display\": \"{name}\", \"name\": \"{name}\", \"description\": \"\"}}"
        )
    };
    let site = link("sites", 1, "Калининград");
    let page = |name: &str, items: Vec<String>| {
        let body = format!(
            "{{\"count\": {}, \"next\": null, \"previous\": null, \"results\": [{}]}}",
            items.len(),
            items.join(",")
        );
        (format!("{name}.json"), body.into_bytes())
    };
    let head = |table: &str, id: usize, name: &str| {
        let link = link(table, id, name);
        link.trim_end_matches('}').to_owned()
    };
    let hall = |at: usize| at * 10 / racks.max(1) + 1;
    let halls = (1..=10).map(|id| {
        format!(
            "{}, \"site\": {site}, \"parent\": null}}",
            head("locations", id, &format!("Зал {id}"))
        )
    });
    let panels = (1..=10).map(|id| {
        let hall = link("locations", id, &format!("Зал {id}"));
        format!(
            "{}, \"site\": {site}, \"location\": {hall}, \"powerfeed_count\": 40}}",
            head("power-panels", id, &format!("ЩР-{id}"))
        )
    });
    let rack_items = (0..racks).map(|at| {
        let place = link("locations", hall(at), &format!("Зал {}", hall(at)));
        let status = "{\"value\": \"active\", \"label\": \"Active\"}";
        format!("{}, \"facility_id\": \"K{at}\", \"site\": {site}, \"location\": {place}, \"status\": {status}, \"u_height\": 42, \"tenant\": null}}", head("racks", at + 1, &format!("R-{at:04}")))
    });
    let feed_items = (0..feeds).map(|at| {
        let panel = at * 10 / feeds.max(1) + 1;
        let choice = |value: &str| format!("{{\"value\": \"{value}\", \"label\": \"{value}\"}}");
        let rack = at * racks / feeds.max(1);
        format!(
            "{}, \"power_panel\": {}, \"rack\": {}, \"status\": {}, \"type\": {}, \"supply\": {}, \"phase\": {}, \"voltage\": 400, \"amperage\": 63, \"max_utilization\": 80}}",
            head("power-feeds", at + 1, &format!("Ф-{at}")), link("power-panels", panel, &format!("ЩР-{panel}")),
            link("racks", rack + 1, &format!("R-{rack:04}")), choice("active"), choice("primary"), choice("ac"), choice("three-phase")
        )
    });
    vec![
        page("locations", halls.collect()),
        page("power-panels", panels.collect()),
        page("racks", rack_items.collect()),
        page("power-feeds", feed_items.collect()),
    ]
}

fn netbox_import(racks: usize, feeds: usize) -> (Duration, u64) {
    let house = house();
    let files = netbox_files(racks, feeds);
    let options = Options {
        unfed_on_panel: true,
        ..Options::default()
    };
    let begun = Watch::now();
    let export = read_netbox(&files).expect("tables of NetBox");
    let done = netbox::import(
        &house.db,
        &Actor::HOUSE,
        NOW,
        house.site,
        (&export, &options),
        &Decided::to(Rows::Whole),
    );
    let (outcome, _) = done.expect("an import");
    assert!(outcome.written);
    let racks = outcome.plan.of(Noun::Racks).map_or(0, NounPlan::created);
    (begun.elapsed(), racks)
}

fn main() {
    let profile = if cfg!(debug_assertions) {
        "unoptimised"
    } else {
        "optimised"
    };
    println!("SQLite, {profile}");
    let house = supplied();
    let created = import(&house, Noun::Racks, &racks_csv("28.5"));
    let plain = plain(&house);
    let per = |took: Duration| {
        format!(
            "{:.2} s, {:.1} × a plain bulk insert ({:.3} s)",
            took.as_secs_f64(),
            took.as_secs_f64() / plain.as_secs_f64(),
            plain.as_secs_f64()
        )
    };
    println!("{RACKS} racks from CSV, all new:      {}", per(created));
    println!(
        "{RACKS} racks from CSV, all the same: {}",
        per(import(&house, Noun::Racks, &racks_csv("28.5")))
    );
    println!(
        "{RACKS} racks from CSV, all changed:  {}",
        per(import(&house, Noun::Racks, &racks_csv("30")))
    );
    let workbook = exported(&house, Noun::Racks, true);
    let other = supplied();
    println!(
        "{RACKS} racks from XLSX, all new:     {}",
        per(import(&other, Noun::Racks, &workbook))
    );
    let (took, racks) = netbox_import(2_000, 400);
    println!(
        "NetBox, {racks} racks and 400 feeds:   {:.2} s",
        took.as_secs_f64()
    );
}
