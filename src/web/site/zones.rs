//! Cooling zones: capacity month by month against what is sold; their form.

use super::common::{Fields, MayBreak, NAME_MAX, Saved, codes, consent, page_of, saved, tabs};
use super::cooling_picture::Picture;
use crate::db::site::climate;
use crate::db::site::cooling::{self, CoolingUnit, CoolingZone, Derating};
use crate::db::site::sites::{self, Site};
use crate::domain::calendar::Month;
use crate::domain::ids::{SiteId, ZoneId};
use crate::domain::message::Message;
use crate::domain::site::CoolingKind;
use crate::domain::site::climate::HeatRejection;
use crate::domain::units::Watts;
use crate::services::leasing::house::decimal;
use crate::services::site as service;
use crate::services::site::figures::{Figures, Load};
use crate::services::site::zones::ZoneForm as Wanted;
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, html, html_with, see_other};
use crate::web::parts::{Choice, Tab};
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use rust_decimal::Decimal;

/// How far ahead the page looks.
const MONTHS: usize = 12;
const MOST_UNITS: usize = 200;

struct ZoneCard {
    zone: CoolingZone,
    units: Vec<CoolingUnit>,
    today: Load,
    racks: usize,
    deratings: Vec<String>,
    months: Vec<(Month, Load)>,
    /// How it gives off its heat, where its derating follows the weather.
    follows: Option<HeatRejection>,
    picture: Picture,
}

impl ZoneCard {
    fn is_over(&self) -> bool {
        self.picture.columns.iter().any(|column| column.over)
    }
}

#[derive(Template)]
#[template(path = "site/cooling.html")]
struct Zones {
    page: Page,
    site: Site,
    tabs: Vec<Tab>,
    edits: bool,
    zones: Vec<ZoneCard>,
}

/// The zones of the house's first site: what the navigation leads to.
pub async fn first(visit: Visit) -> Answer {
    super::common::of_first_site(&visit, "cooling").await
}

pub async fn list(visit: Visit, id: web::Path<i64>) -> Answer {
    let (id, now) = (SiteId(*id), visit.now);
    let (figures, units, deratings, designs) = visit
        .run(move |app| {
            app.db.read(|conn| {
                let figures = Figures::load(conn, id, now)?;
                let units = cooling::units_of_site(conn, id)?;
                let deratings = cooling::deratings_of_site(conn, id)?;
                Ok((figures, units, deratings, climate::designs(conn, id)?))
            })
        })
        .await?;
    let site = figures.house.site.clone();
    let page = page_of(&visit, &site.name, site.zone());
    let months = figures.zone_months(Month::of(figures.house.today), MONTHS);
    let zones = months
        .into_iter()
        .enumerate()
        .map(|(at, months)| {
            let zone = figures.house.zones[at].clone();
            let own = |d: &&Derating| d.zone_id == zone.id;
            ZoneCard {
                units: units
                    .iter()
                    .filter(|u| u.zone_id == zone.id)
                    .cloned()
                    .collect(),
                today: figures.zone(at),
                racks: figures
                    .house
                    .plan
                    .racks
                    .iter()
                    .filter(|rack| rack.zone == at)
                    .count(),
                deratings: deratings
                    .iter()
                    .filter(own)
                    .map(|d| derating(&page, d))
                    .collect(),
                follows: designs
                    .iter()
                    .find(|design| design.zone_id == zone.id)
                    .map(|design| design.rejection),
                picture: Picture::of(&page, &months),
                zone,
                months,
            }
        })
        .collect();
    html(&Zones {
        tabs: tabs(&page, id, "cooling"),
        edits: visit.edits_site(),
        page,
        site,
        zones,
    })
}

fn derating(page: &Page, row: &Derating) -> String {
    let share = page.share(decimal(&row.factor).unwrap_or_default(), 1);
    page.t2(
        "site-derating-month",
        "month",
        page.code("site-month", row.month),
        "share",
        share,
    )
}

#[derive(Template)]
#[template(path = "site/zone_form.html")]
struct ZoneForm {
    page: Page,
    form: Form,
    action: String,
    cancel: String,
    kinds: Vec<Choice>,
    months: Vec<(String, String)>,
    site_id: SiteId,
    /// Its months follow the weather.
    follows: bool,
    broken: MayBreak,
}

async fn shown(
    visit: &Visit,
    zone: &CoolingZone,
    form: Form,
    (status, broken): (StatusCode, MayBreak),
) -> Answer {
    let (id, zone_id) = (zone.site_id, zone.id);
    let (site, design) = visit
        .read(move |conn| Ok((sites::get(conn, id)?, climate::design(conn, zone_id)?)))
        .await?;
    let cancel = format!("/sites/{id}/cooling");
    let (page, action) = match zone.id {
        ZoneId(0) => (visit.page("site-zone-new"), cancel.clone()),
        id => (
            page_of(visit, &zone.name, site.zone()),
            format!("/cooling/{id}"),
        ),
    };
    let months = (1..=12)
        .map(|month| (month_field(month), page.code("site-month", month)))
        .collect();
    let kinds = codes(&page, "site-cooling", CoolingKind::ALL);
    html_with(
        status,
        &ZoneForm {
            page,
            form,
            action,
            cancel,
            kinds,
            months,
            site_id: id,
            follows: design.is_some(),
            broken,
        },
    )
}

fn month_field(month: i32) -> String {
    format!("derate_{month}")
}

fn unborn(site: SiteId) -> CoolingZone {
    CoolingZone {
        id: ZoneId(0),
        site_id: site,
        name: String::new(),
        kind: CoolingKind::Air,
        spare_units: 0,
    }
}

pub async fn blank(visit: Visit, id: web::Path<i64>) -> Answer {
    let mut form = Form::blank()
        .with("kind", CoolingKind::Air)
        .with("spare_units", 1);
    for month in 1..=12 {
        form = form.with(&month_field(month), 100);
    }
    shown(&visit, &unborn(SiteId(*id)), form, (StatusCode::OK, None)).await
}

pub async fn edit(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = ZoneId(*id);
    let (zone, units, deratings) = visit
        .read(move |conn| {
            let zone = cooling::get(conn, id)?;
            let units = cooling::units_of_site(conn, zone.site_id)?;
            let deratings = cooling::deratings_of_site(conn, zone.site_id)?;
            Ok((zone, units, deratings))
        })
        .await?;
    let typed = |number: Decimal| visit.reader.typed(number);
    let units: Vec<String> = units
        .iter()
        .filter(|unit| unit.zone_id == id)
        .map(|unit| format!("{}; {}", unit.name, typed(unit.watts.kilo())))
        .collect();
    let mut form = Form::blank()
        .with("name", &zone.name)
        .with("kind", zone.kind)
        .with("spare_units", zone.spare_units)
        .with("units", units.join("\n"));
    for month in 1..=12 {
        let row = deratings
            .iter()
            .find(|d| d.zone_id == id && d.month == month);
        let factor = row.map_or(Decimal::ONE, |d| decimal(&d.factor).unwrap_or_default());
        form = form.with(&month_field(month), typed(factor * Decimal::ONE_HUNDRED));
    }
    shown(&visit, &zone, form, (StatusCode::OK, None)).await
}

fn parse(form: &mut Form, before: CoolingZone) -> Option<Wanted> {
    let name = form.text("name", NAME_MAX);
    let kind = form.choice("kind", CoolingKind::parse);
    let spare = form.integer("spare_units", 0..=MOST_UNITS as i64);
    let units = units(form);
    let mut derating = vec![];
    for month in 1..=12 {
        let percent = form.decimal(&month_field(month), Decimal::ZERO..=Decimal::ONE_HUNDRED, 4);
        derating.extend(percent.map(|percent| (month, percent / Decimal::ONE_HUNDRED)));
    }
    let zone = CoolingZone {
        name: name?,
        kind: kind?,
        spare_units: spare?,
        ..before
    };
    let units = units?;
    (derating.len() == 12).then_some(Wanted {
        zone,
        units,
        derating,
    })
}

/// One unit a line: `name; kW`.
fn units(form: &mut Form) -> Option<Vec<(String, Watts)>> {
    let text = form.text("units", 20_000)?;
    let mut units: Vec<(String, Watts)> = vec![];
    for (line, written) in (1_i64..).zip(text.lines()) {
        if written.trim().is_empty() {
            continue;
        }
        let Some((name, watts)) = unit(written) else {
            form.fail(
                "units",
                Message::new("site-error-unit-line").with("line", line),
            );
            return None;
        };
        if units.iter().any(|(other, _)| *other == name) {
            form.fail(
                "units",
                Message::new("site-error-unit-twice").with("name", name),
            );
            return None;
        }
        units.push((name, watts));
    }
    if units.len() > MOST_UNITS {
        form.fail(
            "units",
            Message::new("site-error-units-many").with("most", MOST_UNITS as i64),
        );
        return None;
    }
    Some(units)
}

fn unit(line: &str) -> Option<(String, Watts)> {
    let (name, kw) = line.rsplit_once(';')?;
    let digits: String = kw.chars().filter(|c| !c.is_whitespace()).collect();
    let kw: Decimal = digits.replace(',', ".").parse().ok()?;
    let watts = Watts::from_kilo(kw)?;
    let name = name.trim();
    let fits = !name.is_empty() && name.chars().count() <= NAME_MAX;
    (fits && watts.0 > 0 && kw <= Decimal::from(1_000_000)).then(|| (name.to_owned(), watts))
}

async fn save(visit: Visit, before: CoolingZone, fields: Fields) -> Answer {
    let mut form = Form::from_values(fields.into_inner());
    let Some(wanted) = parse(&mut form, before.clone()) else {
        return shown(
            &visit,
            &before,
            form,
            (StatusCode::UNPROCESSABLE_ENTITY, None),
        )
        .await;
    };
    let (actor, now, site) = (visit.who.actor, visit.now, before.site_id);
    let agreed = consent(&form);
    let result = visit
        .save_once(&form, move |app| {
            service::zones::save(&app.db, &actor, now, &wanted, &agreed)?;
            Ok(format!("/sites/{site}/cooling?done=site-saved"))
        })
        .await;
    match saved(&visit.page("nav-sites"), &mut form, result)? {
        Saved::Yes(path) => Ok(see_other(&path)),
        Saved::No(status, broken) => shown(&visit, &before, form, (status, broken)).await,
    }
}

pub async fn create(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    save(visit, unborn(SiteId(*id)), fields).await
}

pub async fn update(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let zone = visit
        .read(move |conn| cooling::get(conn, ZoneId(*id)))
        .await?;
    save(visit, zone, fields).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_a_name_and_kilowatts() {
        assert_eq!(
            unit("Вент 1; 1 200,5"),
            Some(("Вент 1".to_owned(), Watts(1_200_500)))
        );
        assert_eq!(unit("A;B; 0.5"), Some(("A;B".to_owned(), Watts(500))));
        for line in ["Вент 1", "; 12", "Вент 1; много", "Вент 1; 0", "Вент 1; -3"]
        {
            assert_eq!(unit(line), None, "{line}");
        }
    }
}
