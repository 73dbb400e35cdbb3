//! The demo's facilities: Sosnovy Bor technopark, and a second site under a winter ban.

use super::weather;
use crate::app::App;
use crate::db::site::{cooling, halls, power, sites};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::Actor;
use crate::domain::ids::*;
use crate::domain::site::sheet::{Noun, OnExisting};
use crate::domain::site::{CoolingKind, NodeKind, Redundancy};
use crate::domain::units::Watts;
use crate::error::Result;
use crate::import::sheet::read;
use crate::services::site::data::{Decided, How, Rows, import};
use crate::services::site::guard::Consent;
use crate::services::site::zones::ZoneForm;
use crate::services::site::{self, zones};
use rust_decimal::Decimal;
use std::fmt::Write;

/// Half an hour is metered on every rack; these are what the readings are made for.
pub struct Hotel {
    pub main: SiteId,
    pub winter: SiteId,
    pub air_halls: [HallId; 2],
    pub hydro_hall: HallId,
    pub tank_hall: HallId,
}

struct Builder<'a> {
    app: &'a App,
    now: Instant,
    site: SiteId,
}

/// Months (1–12) in which the outside air takes less heat away.
const SUMMER: [(i32, i64); 4] = [(6, 90), (7, 80), (8, 85), (9, 95)];

pub fn build(app: &App, now: Instant) -> Result<Hotel> {
    let main = site_row(
        app,
        now,
        "SB",
        "Технопарк «Сосновый Бор»",
        "RU-LEN",
        "Europe/Moscow",
    )?;
    let b = Builder {
        app,
        now,
        site: main,
    };
    let grid = b.node(None, NodeKind::Grid, "Ввод 110 кВ", 20_000)?;
    let mut racks = String::from("hall;row;rack;kind;slots;limit_kw;phase;feed_a;feed_b;zone\n");
    for hall in 1..=2 {
        b.air_hall(grid, hall, &mut racks)?;
    }
    b.hydro_and_tanks(grid, &mut racks)?;
    b.racks(&racks)?;
    super::floor::place(app, now, main)?;
    let winter = winter_site(app, now)?;
    let hall = |name: &str| b.hall(name);
    Ok(Hotel {
        main,
        winter,
        air_halls: [hall("Зал 1")?, hall("Зал 2")?],
        hydro_hall: hall("Гидро")?,
        tank_hall: hall("Баки")?,
    })
}

fn site_row(
    app: &App,
    now: Instant,
    code: &str,
    name: &str,
    region: &str,
    zone: &str,
) -> Result<SiteId> {
    let address = match code {
        "SB" => "Ленинградская область, г. Сосновый Бор, Промзона, 14",
        _ => "Республика Бурятия, г. Гусиноозёрск, ул. Энергетиков, 3",
    };
    let site = sites::Site {
        id: SiteId(0),
        code: code.to_owned(),
        name: name.to_owned(),
        region_code: region.to_owned(),
        address: address.to_owned(),
        time_zone: zone.to_owned(),
        hold_hours: 72,
        plan_id: None,
        created_at: now,
        redundancy: Redundancy::N,
    };
    site::sites::save(&app.db, &Actor::HOUSE, now, &site, &Consent::none())
}

impl Builder<'_> {
    fn node(&self, parent: Option<NodeId>, kind: NodeKind, name: &str, kw: i64) -> Result<NodeId> {
        // A transformer is loaded to 80 % of its rating.
        let usable = if kind == NodeKind::Transformer {
            "0.8"
        } else {
            "1"
        };
        let node = power::PowerNode {
            id: NodeId(0),
            site_id: self.site,
            parent_id: parent,
            kind,
            name: name.to_owned(),
            rating_watts: Some(Watts(kw * 1_000)),
            volts: None,
            amps: None,
            leg: None,
            usable: usable.to_owned(),
        };
        site::power::save(
            &self.app.db,
            &Actor::HOUSE,
            self.now,
            &node,
            &Consent::none(),
        )
    }

    /// 400 V, 400 A, used to 80 %: 221.7 kW.
    fn feed(&self, parent: NodeId, name: &str) -> Result<NodeId> {
        let node = power::PowerNode {
            id: NodeId(0),
            site_id: self.site,
            parent_id: Some(parent),
            kind: NodeKind::Feed,
            name: name.to_owned(),
            rating_watts: None,
            volts: Some("400".to_owned()),
            amps: Some("400".to_owned()),
            leg: None,
            usable: "0.8".to_owned(),
        };
        site::power::save(
            &self.app.db,
            &Actor::HOUSE,
            self.now,
            &node,
            &Consent::none(),
        )
    }

    fn zone(
        &self,
        name: &str,
        kind: CoolingKind,
        units: u32,
        unit_kw: i64,
        spare: i64,
    ) -> Result<ZoneId> {
        let derating = match kind {
            CoolingKind::Air => SUMMER
                .iter()
                .map(|(m, f)| (*m, Decimal::new(*f, 2)))
                .collect(),
            // They follow the weather.
            _ => vec![],
        };
        let form = ZoneForm {
            zone: cooling::CoolingZone {
                id: ZoneId(0),
                site_id: self.site,
                name: name.to_owned(),
                kind,
                spare_units: spare,
            },
            units: (1..=units)
                .map(|n| (format!("{name}-{n}"), Watts(unit_kw * 1_000)))
                .collect(),
            derating,
        };
        zones::save(
            &self.app.db,
            &Actor::HOUSE,
            self.now,
            &form,
            &Consent::none(),
        )
    }

    /// 120 frames in ten rows of twelve: a transformer, five panels, four feeds to a panel.
    fn air_hall(&self, grid: NodeId, hall: u32, racks: &mut String) -> Result<()> {
        let transformer = self.node(
            Some(grid),
            NodeKind::Transformer,
            &format!("Т-{hall}"),
            6_300,
        )?;
        for (zone, units) in [(1, 6), (2, 4)] {
            self.zone(
                &format!("Зал {hall}, воздух {zone}"),
                CoolingKind::Air,
                units,
                600,
                1,
            )?;
        }
        let letters = ["А", "Б", "В", "Г", "Д", "Е", "Ж", "И", "К", "Л"];
        for panel in 1..=5_u32 {
            let number = (hall - 1) * 5 + panel;
            let node = self.node(
                Some(transformer),
                NodeKind::Panel,
                &format!("Щ-{number}"),
                850,
            )?;
            for feed in 1..=4 {
                self.feed(node, &format!("Ф-{number}.{feed}"))?;
            }
            for row in 0..2_usize {
                let letter = letters[(panel as usize - 1) * 2 + row];
                let zone = if panel <= 3 { 1 } else { 2 };
                for at in 1..=12 {
                    let feed = row * 2 + usize::from(at > 6) + 1;
                    let row = writeln!(
                        racks,
                        "Зал {hall};{letter};{hall}{letter}-{at:02};frame;12;45;three;Ф-{number}.{feed};;Зал {hall}, воздух {zone}"
                    );
                    row.map_err(anyhow::Error::from)?;
                }
            }
        }
        Ok(())
    }

    /// 24 hydro racks on two feeds each, 12 immersion tanks.
    fn hydro_and_tanks(&self, grid: NodeId, racks: &mut String) -> Result<()> {
        let transformer = self.node(Some(grid), NodeKind::Transformer, "Т-3", 6_300)?;
        weather::save(self.app, self.now, self.site)?;
        for zone in [
            self.zone("Гидроконтур", CoolingKind::Hydro, 4, 800, 1)?,
            self.zone("Контур баков", CoolingKind::Immersion, 3, 500, 1)?,
        ] {
            weather::dry_cooler(self.app, self.now, zone)?;
        }
        for (panel, kw) in [("Щ-11", 1_000), ("Щ-12", 1_000), ("Щ-13", 1_000)] {
            let node = self.node(Some(transformer), NodeKind::Panel, panel, kw)?;
            for feed in 1..=4 {
                self.node(Some(node), NodeKind::Feed, &format!("{panel}.{feed}"), 360)?;
            }
        }
        for at in 1..=24_u32 {
            let feed = (at - 1) / 6 + 1;
            writeln!(
                racks,
                "Гидро;Г;Г-{at:02};frame;20;120;three;Щ-11.{feed};Щ-12.{feed};Гидроконтур"
            )
            .map_err(anyhow::Error::from)?;
        }
        for at in 1..=12_u32 {
            let feed = (at - 1) / 3 + 1;
            writeln!(
                racks,
                "Баки;Т;Б-{at:02};tank;24;140;three;Щ-13.{feed};;Контур баков"
            )
            .map_err(anyhow::Error::from)?;
        }
        Ok(())
    }

    fn racks(&self, csv: &str) -> Result<()> {
        let sheet = read(Noun::Racks, csv.as_bytes())
            .map_err(|e| anyhow::anyhow!("the demo's racks: {e}"))?;
        let how = How {
            on: OnExisting::Fail,
            decided: Decided::to(Rows::Whole),
        };
        let (db, who) = (&self.app.db, &Actor::HOUSE);
        let outcome = import(db, who, self.now, self.site, &[sheet], &how)?;
        if !outcome.written {
            return Err(anyhow::anyhow!("the demo's racks: {:?}", outcome.plan).into());
        }
        Ok(())
    }

    fn hall(&self, name: &str) -> Result<HallId> {
        let all = halls::of_site(&mut *self.app.db.get()?, self.site)?;
        crate::error::found(all.iter().find(|h| h.name == name).map(|h| h.id))
    }
}

/// Two containers in the listed districts of Buryatia: mining rests from 15 November to 15 March.
fn winter_site(app: &App, now: Instant) -> Result<SiteId> {
    let site = site_row(app, now, "GO", "Гусиноозёрск", "RU-BU-S", "Asia/Irkutsk")?;
    let b = Builder { app, now, site };
    let grid = b.node(None, NodeKind::Grid, "Ввод 10 кВ", 2_000)?;
    b.zone("Контейнеры", CoolingKind::Air, 5, 400, 1)?;
    let mut racks = String::from("hall;row;rack;kind;slots;limit_kw;phase;feed_a;feed_b;zone\n");
    for container in 1..=2 {
        let panel = b.node(Some(grid), NodeKind::Panel, &format!("ГЩ-{container}"), 900)?;
        for at in 1..=6 {
            let feed = format!("ГЩ-{container}.{at}");
            b.node(Some(panel), NodeKind::Feed, &feed, 150)?;
            writeln!(racks, "Контейнер {container};1;К{container}-{at};container;40;140;three;{feed};;Контейнеры")
                .map_err(anyhow::Error::from)?;
        }
    }
    b.racks(&racks)?;
    Ok(site)
}
