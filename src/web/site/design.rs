//! How a cooling zone gives off its heat: its derating follows the weather, or is set by hand.

use super::common::{Fields, MayBreak, Saved, codes, consent, page_of, saved};
use crate::db::site::climate as rows;
use crate::db::site::cooling::{self, CoolingZone};
use crate::db::site::sites;
use crate::domain::ids::ZoneId;
use crate::domain::message::Message;
use crate::domain::site::climate::{CurvePoint, HeatRejection, ZoneDesign, published_approach};
use crate::services::site::climate;
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, html_with, see_other};
use crate::web::parts::Choice;
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use rust_decimal::Decimal;

const MOST_POINTS: usize = 40;
const MOST_AIR: i64 = 100_000_000;

#[derive(Template)]
#[template(path = "site/design_form.html")]
struct DesignForm {
    page: Page,
    form: Form,
    zone: CoolingZone,
    kinds: Vec<Choice>,
    has_weather: bool,
    broken: MayBreak,
}

async fn shown(
    visit: &Visit,
    zone: CoolingZone,
    form: Form,
    (status, broken): (StatusCode, MayBreak),
) -> Answer {
    let id = zone.site_id;
    let (site, weather) = visit
        .read(move |conn| Ok((sites::get(conn, id)?, rows::get(conn, id)?)))
        .await?;
    let page = page_of(visit, &zone.name, site.zone());
    let kinds = codes(&page, "site-rejection", HeatRejection::ALL);
    html_with(
        status,
        &DesignForm {
            page,
            form,
            zone,
            kinds,
            has_weather: weather.is_some(),
            broken,
        },
    )
}

pub async fn edit(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = ZoneId(*id);
    let (zone, row) = visit
        .read(move |conn| Ok((cooling::get(conn, id)?, rows::design(conn, id)?)))
        .await?;
    let typed = |number: Decimal| visit.reader.typed(number);
    let mut form = Form::blank().with("rejection", HeatRejection::Manual);
    if let Some(row) = row {
        let design = climate::design(&row)?;
        let line = |point: &CurvePoint| {
            let percent = point.share * Decimal::ONE_HUNDRED;
            format!("{}; {}", typed(point.celsius), typed(percent))
        };
        let curve: Vec<String> = design.curve.iter().map(line).collect();
        form = form
            .with("rejection", design.rejection)
            .with("curve", curve.join("\n"));
        if design.rejection == HeatRejection::DirectAir {
            form = form
                .with("airflow", design.airflow)
                .with("exhaust", typed(design.exhaust));
        } else {
            form = form.with("approach", typed(design.approach));
        }
    }
    shown(&visit, zone, form, (StatusCode::OK, None)).await
}

/// What the chosen way needs must be there; the rest is left out.
fn parse(form: &mut Form) -> Option<ZoneDesign> {
    let rejection = form.choice("rejection", HeatRejection::parse)?;
    let mut design = ZoneDesign {
        rejection,
        approach: published_approach(rejection),
        curve: vec![],
        airflow: 0,
        exhaust: Decimal::ZERO,
    };
    match rejection {
        HeatRejection::Manual => {}
        HeatRejection::DirectAir => {
            let airflow = form.integer("airflow", 1..=MOST_AIR);
            let exhaust = form.decimal("exhaust", Decimal::ZERO..=Decimal::ONE_HUNDRED, 1);
            (design.airflow, design.exhaust) = (airflow?, exhaust?);
        }
        _ => {
            let approach = form.optional("approach", |form| {
                form.decimal("approach", Decimal::ZERO..=Decimal::from(50), 1)
            });
            let curve = curve(form);
            design.approach = approach?.unwrap_or(design.approach);
            design.curve = curve?;
        }
    }
    Some(design)
}

/// One point a line: `°C; percent`.
fn curve(form: &mut Form) -> Option<Vec<CurvePoint>> {
    let text = form.text("curve", 2_000)?;
    let mut points = vec![];
    for (line, written) in (1_i64..).zip(text.lines()) {
        if written.trim().is_empty() {
            continue;
        }
        let Some(point) = point(written).filter(|_| points.len() < MOST_POINTS) else {
            let message = Message::new("site-error-curve-line").with("line", line);
            form.fail("curve", message);
            return None;
        };
        points.push(point);
    }
    Some(points)
}

fn point(line: &str) -> Option<CurvePoint> {
    let (celsius, percent) = line.split_once(';')?;
    let number = |text: &str| text.trim().replace(',', ".").parse::<Decimal>().ok();
    let share = number(percent.trim().trim_end_matches('%'))? / Decimal::ONE_HUNDRED;
    Some(CurvePoint {
        celsius: number(celsius)?,
        share,
    })
}

pub async fn update(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let id = ZoneId(*id);
    let zone = visit.read(move |conn| cooling::get(conn, id)).await?;
    let mut form = Form::from_values(fields.into_inner());
    let Some(design) = parse(&mut form) else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return shown(&visit, zone, form, (status, None)).await;
    };
    let (actor, now, site) = (visit.who.actor, visit.now, zone.site_id);
    let agreed = consent(&form);
    let result = visit
        .save_once(&form, move |app| {
            climate::save_design(&app.db, &actor, now, id, &design, &agreed)?;
            Ok(format!("/sites/{site}/cooling?done=site-saved"))
        })
        .await;
    match saved(&visit.page("nav-sites"), &mut form, result)? {
        Saved::Yes(path) => Ok(see_other(&path)),
        Saved::No(status, broken) => shown(&visit, zone, form, (status, broken)).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_of_the_curve_is_degrees_and_percents() {
        let expected = CurvePoint {
            celsius: Decimal::new(355, 1),
            share: Decimal::new(925, 3),
        };
        assert_eq!(point(" 35,5 ; 92,5 %"), Some(expected));
        for line in ["35", "; 10", "warm; 10", "35; much"] {
            assert_eq!(point(line), None, "{line}");
        }
    }
}
