//! The demo's design weather: the gulf coast by Leningrad, and dry coolers that follow it.

use crate::app::App;
use crate::domain::calendar::Instant;
use crate::domain::identity::access::Actor;
use crate::domain::ids::{SiteId, ZoneId};
use crate::domain::site::climate::{
    CurvePoint, DesignMonth, HeatRejection, Moisture, ZoneDesign, published_approach,
};
use crate::error::Result;
use crate::services::site::climate::{self, Climate};
use crate::services::site::guard::Consent;
use rust_decimal::Decimal;

/// Hottest dry bulb in °C and relative humidity in percent, January first.
const MONTHS: [(i64, i64); 12] = [
    (4, 86),
    (5, 83),
    (11, 74),
    (20, 64),
    (26, 58),
    (28, 60),
    (29, 64),
    (28, 68),
    (22, 75),
    (15, 80),
    (9, 86),
    (6, 88),
];

pub fn save(app: &App, now: Instant, site: SiteId) -> Result<()> {
    let month = |(dry_bulb, percent): (i64, i64)| DesignMonth {
        dry_bulb: Decimal::from(dry_bulb),
        moisture: Moisture::Relative(Decimal::new(percent, 2)),
    };
    let climate = Climate {
        site,
        altitude: 12,
        source: "Проект площадки, лист ОВ-3".to_owned(),
        months: MONTHS.map(month),
    };
    climate::save(&app.db, &Actor::HOUSE, now, &climate, &Consent::none())
}

/// Full power up to 36 °C of returning water, three quarters at 48 °C.
pub fn dry_cooler(app: &App, now: Instant, zone: ZoneId) -> Result<()> {
    let point = |celsius: i64, percent: i64| CurvePoint {
        celsius: Decimal::from(celsius),
        share: Decimal::new(percent, 2),
    };
    let design = ZoneDesign {
        rejection: HeatRejection::DryCooler,
        approach: published_approach(HeatRejection::DryCooler),
        curve: vec![point(36, 100), point(48, 75)],
        airflow: 0,
        exhaust: Decimal::ZERO,
    };
    climate::save_design(&app.db, &Actor::HOUSE, now, zone, &design, &Consent::none())
}
