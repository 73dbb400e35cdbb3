//! A hall on a date: its drawing, coloured by choice, and beside it the rack that was chosen.

use super::elevation::{Card, card};
use super::picture::{Line, Picture, lines, picture};
use crate::db::site::floor;
use crate::domain::ids::{HallId, RackId};
use crate::domain::site::floor::Colour;
use crate::services::site::elevation::Elevation;
use crate::services::site::floor::Floor;
use crate::web::door::Visit;
use crate::web::form::parse_date;
use crate::web::list::with_query;
use crate::web::page::{Page, html, see_other};
use crate::web::parts::{Choice, Step, Tab};
use crate::web::problem::Problem;
use crate::web::site::common::{codes, page_of};
use crate::web::visit::Answer;
use actix_web::web;
use actix_web::web::Query;
use askama::Template;
use chrono::{Days, Months, NaiveDate};

/// How far the slider goes either way, in days.
const BACK: i64 = 365;
const AHEAD: i64 = 3 * 365;

#[derive(Template)]
#[template(path = "site/floor.html")]
struct FloorPage {
    page: Page,
    floor: Floor,
    halls: Vec<Tab>,
    edits: bool,
    by: String,
    colours: Vec<Choice>,
    date: String,
    action: String,
    chosen: Option<RackId>,
    steps: Vec<Step>,
    /// The slider: from, to and where it stands, in days from today.
    range: (i64, i64, i64),
    picture: Picture,
    lines: Vec<Line>,
    card: Option<Card>,
}

/// A value of the address, the last one where it comes twice.
pub fn asked(visit: &Visit, name: &str) -> Option<String> {
    let pairs = Query::<Vec<(String, String)>>::from_query(&visit.query)
        .ok()?
        .into_inner();
    let mut values = pairs.into_iter().rev().filter(|(key, _)| key == name);
    values.next().map(|(_, value)| value.trim().to_owned())
}

/// `?date=`; what is no date means today.
pub fn asked_date(visit: &Visit) -> Option<NaiveDate> {
    parse_date(&asked(visit, "date")?)
}

/// Dates nearby, one press away.
pub fn steps(page: &Page, floor: &Floor, path: &str, kept: &[(&str, String)]) -> Vec<Step> {
    let on = floor.on;
    let dates = [
        ("floor-step-month-back", on - Months::new(1)),
        ("floor-step-week-back", on - Days::new(7)),
        ("floor-step-today", floor.today),
        ("floor-step-week", on + Days::new(7)),
        ("floor-step-month", on + Months::new(1)),
    ];
    dates
        .into_iter()
        .map(|(key, date)| {
            let mut pairs = kept.to_vec();
            pairs.push(("date", date.to_string()));
            Step {
                label: page.t(key),
                href: with_query(path, &pairs),
            }
        })
        .collect()
}

/// Where the slider begins, ends and stands, in days from today.
pub fn range(floor: &Floor) -> (i64, i64, i64) {
    let at = (floor.on - floor.today).num_days();
    ((-BACK).min(at), AHEAD.max(at), at)
}

pub async fn first(visit: Visit) -> Answer {
    match visit.read(floor::first).await? {
        Some(id) => Ok(see_other(&format!("/halls/{id}/floor"))),
        None => Ok(see_other("/sites")),
    }
}

pub async fn show(visit: Visit, id: web::Path<i64>) -> Answer {
    let (id, now, on) = (HallId(*id), visit.now, asked_date(&visit));
    let wanted = asked(&visit, "rack")
        .and_then(|id| id.parse().ok())
        .map(RackId);
    let colour = asked(&visit, "by")
        .and_then(|by| Colour::parse(&by))
        .unwrap_or(Colour::Sold);
    let (floor, elevation) = visit
        .run(move |app| {
            app.db.read(|conn| {
                let floor = Floor::load(&app.db, conn, id, on, now)?;
                let rack = wanted.and_then(|id| floor.rack(id));
                let elevation = match rack {
                    Some(rack) => Some((rack.rack.id, Elevation::load(conn, rack, floor.today)?)),
                    None => None,
                };
                Ok((floor, elevation))
            })
        })
        .await?;
    let page = page_of(&visit, &floor.hall.name, floor.site.zone());
    let shown = elevation.and_then(|(id, e)| {
        let rack = floor.rack(id)?;
        Some(card(&page, rack, &e, floor.stands_on(&rack.rack)))
    });
    html(&floor_page(&visit, page, floor, colour, shown)?)
}

fn floor_page(
    visit: &Visit,
    mut page: Page,
    floor: Floor,
    colour: Colour,
    card: Option<Card>,
) -> Result<FloorPage, Problem> {
    let action = format!("/halls/{}/floor", floor.hall.id);
    for item in &mut page.nav {
        item.active = item.href == "/floor";
    }
    let chosen = card.as_ref().map(|card| card.id);
    let date = floor.on.to_string();
    let mut kept = vec![("by", colour.code().to_owned())];
    let dated = |path: &str, mut pairs: Vec<(&'static str, String)>| {
        if floor.on != floor.today {
            pairs.push(("date", date.clone()));
        }
        with_query(path, &pairs)
    };
    let link = |rack: RackId| {
        let mut pairs = kept.clone();
        pairs.push(("rack", rack.to_string()));
        dated(&action, pairs)
    };
    let picture = picture(&page, &floor, colour, chosen, link);
    let halls = floor
        .halls
        .iter()
        .map(|hall| Tab {
            href: dated(&format!("/halls/{}/floor", hall.id), kept.clone()),
            label: hall.name.clone(),
            active: hall.id == floor.hall.id,
        })
        .collect();
    kept.extend(chosen.map(|rack| ("rack", rack.to_string())));
    Ok(FloorPage {
        halls,
        edits: visit.edits_site(),
        by: colour.code().to_owned(),
        colours: codes(&page, "floor-by", Colour::ALL),
        steps: steps(&page, &floor, &action, &kept),
        range: range(&floor),
        lines: lines(&page, &floor),
        date,
        action,
        chosen,
        picture,
        card,
        floor,
        page,
    })
}
