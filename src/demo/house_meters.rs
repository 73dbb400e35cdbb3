//! Meters of the demo's own: at the grid connection, on what cools the halls and lights them.

use super::later::deliver;
use crate::app::App;
use crate::db::metering::meters as rows;
use crate::db::metering::sources::Source;
use crate::db::site::{power, sites};
use crate::domain::calendar::{Instant, Span, Zone};
use crate::domain::identity::access::Actor;
use crate::domain::ids::*;
use crate::domain::metering::meter::{Place, Purpose, Reads};
use crate::domain::metering::source::Mapping;
use crate::domain::units::WattHours;
use crate::error::Result;
use crate::services::metering::devices::NewDevice;
use crate::services::metering::imports::{self, Keep, LIMIT_BYTES, Upload};
use crate::services::metering::loads;
use crate::services::metering::meters::{self, NewMeter};
use crate::services::metering::sources;
use chrono::NaiveDate;
use rust_decimal::Decimal;

const GRID: &str = "ВВОД-1";
const COOLING: &str = "ОХЛ-1";
/// A register; it says what its display shows, at midnight.
const LIGHTING: &str = "СВЕТ-1";
const LIGHTING_KW: i64 = 12;
/// Nobody has entered this one yet.
const STRANGER: &str = "М-НОВЫЙ";
/// Of what the racks draw, per mille: fans and pumps, and what the cables keep.
const COOLED: i64 = 70;
const KEPT: i64 = 6;

/// Puts the meters into service at the site's first node.
pub fn place(app: &App, staff: &Actor, site: SiteId, from: NaiveDate, at: Instant) -> Result<()> {
    let nodes = app.db.read(|conn| power::of_site(conn, site))?;
    let Some(top) = nodes.iter().find(|it| it.parent_id.is_none()) else {
        return Ok(());
    };
    let zone = app.db.read(|conn| sites::get(conn, site))?.zone();
    for (code, purpose, reads) in [
        (GRID, Purpose::Supply, Reads::Interval),
        (COOLING, Purpose::Cooling, Reads::Interval),
        (LIGHTING, Purpose::Lighting, Reads::Register),
    ] {
        let place = Place {
            node: Some(top.id),
            ..Place::default()
        };
        let device = NewDevice {
            serial: format!("{code}/2025"),
            from: zone.start_of(from),
            digits: if reads == Reads::Register { 6 } else { 0 },
            unit_wh: WattHours(1_000),
            ratio: 1,
            accuracy: Some(Decimal::new(5, 1)),
            rated: None,
            initial: (reads == Reads::Register).then_some(WattHours::ZERO),
            verified_until: None,
            note: String::new(),
        };
        let new = NewMeter {
            purpose,
            reads,
            device: Some(device),
            ..NewMeter::of_intervals(site, code, place, from)
        };
        meters::create(&app.db, staff, at, &new)?;
    }
    Ok(())
}

/// What they read while the racks drew what their meters said, from where they have spoken last.
pub fn speak(app: &App, staff: &Actor, span: Span, at: Instant) -> Result<()> {
    let text = app.db.read(|conn| {
        let Some(grid) = rows::by_code(conn, GRID)? else {
            return Ok(None);
        };
        let said = rows::last_readings(conn, &[grid.id])?.pop();
        let zone = sites::get(conn, grid.site_id)?.zone();
        let first = zone.start_of(grid.from_date).max(span.from);
        let from = said.map_or(first, |(_, last)| last.max(first));
        let racks: Vec<MeterId> = rows::of_site(conn, grid.site_id)?
            .iter()
            .filter(|it| it.rack_id.is_some() && it.lease_id.is_none())
            .map(|it| it.id)
            .collect();
        let span = Span { from, ..span };
        let drawn = loads::of_meters(conn, &racks, span)?;
        Ok(Some(csv(&drawn, zone, zone.start_of(grid.from_date))))
    })?;
    match text {
        Some(text) if text.lines().nth(1).is_some() => deliver(app, staff, "grid.csv", &text, at),
        _ => Ok(()),
    }
}

fn csv(drawn: &[loads::Load], zone: Zone, first: Instant) -> String {
    let mut text = String::from("meter,start,end,value,unit\n");
    for it in drawn {
        let cooling = it.wh.0 * COOLED / 1_000;
        let grid = it.wh.0 + cooling + it.wh.0 * KEPT / 1_000 + LIGHTING_KW * 500;
        let mut row = |line: String| text.push_str(&line);
        row(format!("{GRID},{},{},{grid},Wh\n", it.start_at, it.end_at));
        row(format!(
            "{COOLING},{},{},{cooling},Wh\n",
            it.start_at, it.end_at
        ));
        if zone.start_of(zone.date(it.end_at)) == it.end_at {
            let shown = (it.end_at.0 - first.0) / 3_600 * LIGHTING_KW;
            row(format!("{LIGHTING},,{},{shown},kWh\n", it.end_at));
        }
    }
    text
}

/// A broker that somebody may switch on: what the pages of sources show.
pub fn listen(app: &App, staff: &Actor, site: SiteId, at: Instant) -> Result<()> {
    let mapping = Mapping {
        pattern: "sosnovy-bor/{meter}/energy".to_owned(),
        ..Mapping::default()
    };
    let source = Source {
        name: "АСКУЭ площадки".to_owned(),
        enabled: false,
        address: "localhost:1883".to_owned(),
        mapping: serde_json::to_string(&mapping).map_err(anyhow::Error::from)?,
        ..Source::usual(site)
    };
    sources::save(&app.db, staff, at, &source, None)?;
    Ok(())
}

/// What waits for somebody: a misread display, and a meter that nobody has entered.
pub fn puzzle(app: &App, staff: &Actor, now: Instant) -> Result<()> {
    let at = Instant(now.0 - now.0.rem_euclid(3_600));
    let mut text = String::from("meter,start,end,value,unit\n");
    text.push_str(&format!("{LIGHTING},,{at},47,kWh\n"));
    for hour in 1..=3 {
        let (from, to) = (at.plus_hours(-hour), at.plus_hours(1 - hour));
        text.push_str(&format!("{STRANGER},{from},{to},3.1,kWh\n"));
    }
    let upload = Upload {
        file_name: "обход.csv",
        content: text.as_bytes(),
        keep: Keep::GoodRows,
        limit_bytes: LIMIT_BYTES,
    };
    let id = imports::receive(&app.db, staff, now, &upload)?;
    imports::run(&app.db, id, now)?;
    Ok(())
}
