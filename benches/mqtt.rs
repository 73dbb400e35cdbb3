//! Messages a second through the whole path: a mosquitto of its own, the listener of a serving process,
//! the one intake, acknowledged once they are kept.
//!   cargo bench --bench mqtt                                  (SQLite in a temporary folder)
//!   DATABASE_URL=postgres://…/empty cargo bench --bench mqtt  (an empty database)
//!   METERS=2000 HALF_HOURS=100 cargo bench --bench mqtt

// Shared with the tests, which use more of it.
#![allow(dead_code)]

#[path = "../tests/it/support/broker.rs"]
mod broker;

use broker::Broker;
use innkeeper::app::App;
use innkeeper::clock::Clock;
use innkeeper::config::Config;
use innkeeper::db::metering::sources::{self as rows, Source};
use innkeeper::db::site::sites::Site;
use innkeeper::domain::calendar::Instant;
use innkeeper::domain::identity::access::Actor;
use innkeeper::domain::ids::*;
use innkeeper::domain::metering::meter::Place;
use innkeeper::domain::metering::source::{Mapping, Protocol, TimeForm};
use innkeeper::domain::site::Redundancy;
use innkeeper::domain::site::sheet::{Noun, OnExisting};
use innkeeper::import::sheet::read;
use innkeeper::jobs;
use innkeeper::services::metering::meters::{self, NewMeter};
use innkeeper::services::metering::sources::save;
use innkeeper::services::site::data::{self, Decided, How, Rows};
use innkeeper::services::site::guard::Consent;
use innkeeper::services::site::sites;
use std::time::{Duration, Instant as Watch};

const NOW: Instant = Instant(1_795_165_200);
const HALF_HOUR: i64 = 1_800;

fn number(name: &str, otherwise: i64) -> i64 {
    let given = std::env::var(name).ok();
    given.map_or(otherwise, |text| text.parse().expect(name))
}

fn site(app: &App) -> SiteId {
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
    let site = sites::save(&app.db, &Actor::HOUSE, NOW, &row, &Consent::none()).expect("a site");
    let power = b"node,kind,parent,rating_kw,volts,amps\nGrid,grid,,1000000,,\n";
    let sheet = read(Noun::Power, power).expect("a table");
    let how = How {
        on: OnExisting::Update,
        decided: Decided::to(Rows::Whole),
    };
    data::import(&app.db, &Actor::HOUSE, NOW, site, &[sheet], &how).expect("a node");
    site
}

fn source(site: SiteId, broker: &Broker) -> Source {
    let mapping = Mapping {
        pattern: "plant/{meter}/energy".to_owned(),
        time_form: TimeForm::UnixSeconds,
        ..Mapping::default()
    };
    Source {
        name: "Bench".into(),
        protocol: Protocol::V5,
        address: broker.address(),
        client_prefix: "bench".into(),
        share_group: "house".into(),
        mapping: serde_json::to_string(&mapping).expect("JSON"),
        ..Source::usual(site)
    }
}

/// Every meter once.
fn half_hour(meters: i64, at: i64) -> Vec<(String, String)> {
    let end = NOW.0 - 100 * 24 * 3_600 + at * HALF_HOUR;
    let said = |meter| {
        let payload = format!("{{\"time\": {end}, \"value\": \"0.5\"}}");
        (format!("plant/M{meter}/energy"), payload)
    };
    (0..meters).map(said).collect()
}

fn main() {
    let Some(broker) = Broker::start() else {
        println!("no mosquitto: nothing is measured");
        return;
    };
    let dir = tempfile::tempdir().expect("a temporary folder");
    let config = Config {
        data_dir: dir.path().to_owned(),
        database_url: std::env::var("DATABASE_URL").unwrap_or_default(),
        ..Config::default()
    };
    let app = App::open(config, Clock::starting_at(NOW)).expect("a house");
    let (meters, half_hours) = (number("METERS", 1_000), number("HALF_HOURS", 100));
    let site = site(&app);
    let place = Place {
        node: Some(NodeId(1)),
        ..Place::default()
    };
    for meter in 0..meters {
        let from = "2026-01-01".parse().expect("a day");
        let new = NewMeter::of_intervals(site, &format!("M{meter}"), place, from);
        meters::create(&app.db, &Actor::HOUSE, NOW, &new).expect("a meter");
    }
    let id = save(&app.db, &Actor::HOUSE, NOW, &source(site, &broker), None).expect("a source");
    let slot = || {
        rows::slots(&mut app.db.get().expect("a connection"), id)
            .expect("slots")
            .pop()
    };
    let background = jobs::start(&app).expect("background work");
    while slot().is_none_or(|it| it.connected_at.is_none()) {
        std::thread::sleep(Duration::from_millis(50));
    }
    let begun = Watch::now();
    for at in 0..half_hours {
        broker.publish(&half_hour(meters, at));
    }
    let published = begun.elapsed();
    let all = meters * half_hours;
    while slot().is_none_or(|it| it.rows_new < all) {
        std::thread::sleep(Duration::from_millis(20));
    }
    let taken = begun.elapsed();
    background.stop();
    let rate = |took: Duration| all as f64 / took.as_secs_f64();
    println!(
        "{all} messages of {meters} meters: published in {:.1} s ({:.0} a second), kept in {:.1} s ({:.0} a second)",
        published.as_secs_f64(),
        rate(published),
        taken.as_secs_f64(),
        rate(taken)
    );
}
