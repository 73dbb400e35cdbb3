//! The weather that a site is designed for: twelve months, and which zones follow them.

use super::common::{Fields, MayBreak, Saved, consent, page_of, saved, tabs};
use crate::db::site::climate as rows;
use crate::db::site::cooling::{self, CoolingZone};
use crate::db::site::sites::{self, Site};
use crate::domain::ids::SiteId;
use crate::domain::site::climate::{DesignMonth, Moisture};
use crate::services::site::climate::{self, Climate};
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, html, html_with, see_other};
use crate::web::parts::{Choice, Tab};
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use rust_decimal::Decimal;

const SOURCE_MAX: usize = 300;
const COLDEST: i64 = -70;
const HOTTEST: i64 = 60;
const WET_BULB: &str = "wet_bulb";
const RELATIVE: &str = "relative";

struct MonthLine {
    name: String,
    dry_bulb: String,
    humidity: Option<String>,
    wet_bulb: Option<String>,
}

#[derive(Template)]
#[template(path = "site/weather.html")]
struct Weather {
    page: Page,
    site: Site,
    tabs: Vec<Tab>,
    edits: bool,
    climate: Option<Climate>,
    months: Vec<MonthLine>,
    /// Each zone, and how it gives off its heat where it follows the weather.
    zones: Vec<(CoolingZone, String)>,
}

pub async fn show(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = SiteId(*id);
    let (site, climate, zones, designs) = visit
        .read(move |conn| {
            let site = sites::get(conn, id)?;
            let climate = climate::load(conn, id)?;
            let zones = cooling::of_site(conn, id)?;
            Ok((site, climate, zones, rows::designs(conn, id)?))
        })
        .await?;
    let page = page_of(&visit, &site.name, site.zone());
    let rejection = |zone: &CoolingZone| {
        let design = designs.iter().find(|design| design.zone_id == zone.id);
        let code = design.map_or("manual", |design| design.rejection.code());
        page.code("site-rejection", code)
    };
    let zones = zones
        .into_iter()
        .map(|zone| (zone.clone(), rejection(&zone)))
        .collect();
    let months = climate
        .iter()
        .flat_map(|climate| (1_i32..).zip(&climate.months))
        .map(|(month, design)| line(&page, month, design))
        .collect();
    html(&Weather {
        tabs: tabs(&page, id, "cooling"),
        edits: visit.edits_site(),
        site,
        climate,
        months,
        zones,
        page,
    })
}

fn line(page: &Page, month: i32, design: &DesignMonth) -> MonthLine {
    let (humidity, wet_bulb) = match design.moisture {
        Moisture::Relative(relative) => (Some(page.share(relative, 0)), None),
        Moisture::WetBulb(wet) => (None, Some(page.num(wet, 1))),
    };
    MonthLine {
        name: page.code("site-month", month),
        dry_bulb: page.num(design.dry_bulb, 1),
        humidity,
        wet_bulb,
    }
}

#[derive(Template)]
#[template(path = "site/weather_form.html")]
struct WeatherForm {
    page: Page,
    form: Form,
    site: Site,
    kinds: Vec<Choice>,
    /// Field of the dry bulb, field of the moisture, the month's name.
    months: Vec<(String, String, String)>,
    broken: MayBreak,
}

fn dry(month: i32) -> String {
    format!("dry_{month}")
}

fn moist(month: i32) -> String {
    format!("moist_{month}")
}

async fn shown(
    visit: &Visit,
    id: SiteId,
    form: Form,
    (status, broken): (StatusCode, MayBreak),
) -> Answer {
    let site = visit.read(move |conn| sites::get(conn, id)).await?;
    let page = page_of(visit, &visit.page("site-weather").title, site.zone());
    let kinds = [RELATIVE, WET_BULB]
        .map(|kind| Choice::new(kind, page.code("site-moisture", kind)))
        .into();
    let months = (1..=12)
        .map(|month| (dry(month), moist(month), page.code("site-month", month)))
        .collect();
    html_with(
        status,
        &WeatherForm {
            page,
            form,
            site,
            kinds,
            months,
            broken,
        },
    )
}

pub async fn edit(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = SiteId(*id);
    let climate = visit
        .read(move |conn| {
            sites::get(conn, id)?;
            climate::load(conn, id)
        })
        .await?;
    let mut form = Form::blank().with("moisture", RELATIVE).with("altitude", 0);
    if let Some(climate) = climate {
        form = form
            .with("altitude", climate.altitude)
            .with("source", &climate.source);
        for (month, design) in (1..).zip(&climate.months) {
            let (kind, value) = match design.moisture {
                Moisture::Relative(share) => (RELATIVE, share * Decimal::ONE_HUNDRED),
                Moisture::WetBulb(wet) => (WET_BULB, wet),
            };
            form = form
                .with("moisture", kind)
                .with(&dry(month), visit.reader.typed(design.dry_bulb))
                .with(&moist(month), visit.reader.typed(value));
        }
    }
    shown(&visit, id, form, (StatusCode::OK, None)).await
}

fn parse(form: &mut Form, site: SiteId) -> Option<Climate> {
    let altitude = form.integer("altitude", -500..=6_000);
    let source = form.optional("source", |form| form.text("source", SOURCE_MAX));
    let kind = form.choice("moisture", |kind| {
        matches!(kind, RELATIVE | WET_BULB).then(|| kind == WET_BULB)
    });
    let celsius = Decimal::from(COLDEST)..=Decimal::from(HOTTEST);
    let mut months = vec![];
    for month in 1..=12 {
        let dry_bulb = form.decimal(&dry(month), celsius.clone(), 1);
        let moisture = match kind? {
            true => form
                .decimal(&moist(month), celsius.clone(), 1)
                .map(Moisture::WetBulb),
            false => form
                .decimal(&moist(month), Decimal::ONE..=Decimal::ONE_HUNDRED, 1)
                .map(|percent| Moisture::Relative(percent / Decimal::ONE_HUNDRED)),
        };
        months.extend(
            dry_bulb
                .zip(moisture)
                .map(|(dry_bulb, moisture)| DesignMonth { dry_bulb, moisture }),
        );
    }
    Some(Climate {
        site,
        altitude: altitude?,
        source: source?.unwrap_or_default(),
        months: months.try_into().ok()?,
    })
}

pub async fn save(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let id = SiteId(*id);
    let mut form = Form::from_values(fields.into_inner());
    let Some(wanted) = parse(&mut form, id) else {
        return shown(&visit, id, form, (StatusCode::UNPROCESSABLE_ENTITY, None)).await;
    };
    let (actor, now, agreed) = (visit.who.actor, visit.now, consent(&form));
    let result = visit
        .save_once(&form, move |app| {
            climate::save(&app.db, &actor, now, &wanted, &agreed)?;
            Ok(format!("/sites/{id}/weather?done=site-saved"))
        })
        .await;
    match saved(&visit.page("nav-sites"), &mut form, result)? {
        Saved::Yes(path) => Ok(see_other(&path)),
        Saved::No(status, broken) => shown(&visit, id, form, (status, broken)).await,
    }
}
