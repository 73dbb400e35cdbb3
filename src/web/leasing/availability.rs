//! Where and when such machines fit, what binds where they do not, and what a month would cost.

use super::nearest;
use super::quote::Quote;
use super::wish::{self, ModelChoice, Offer};
use super::words;
use crate::app::App;
use crate::domain::calendar::{Instant, Window};
use crate::domain::identity::access::Permission;
use crate::domain::ids::HallId;
use crate::domain::site::{CoolingKind, Supply, Workload};
use crate::error::Result;
use crate::services::leasing::availability::{self, Cell, Heat};
use crate::services::leasing::preview::{self, Preview, Spot};
use crate::services::leasing::quote;
use crate::services::leasing::reserve::Wish;
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::list::with_query;
use crate::web::page::{Page, html, html_with};
use crate::web::parts::{Choice, Step};
use crate::web::problem::Problem;
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web::Query;
use askama::Template;
use chrono::NaiveDate;
use std::collections::HashMap;

#[derive(Template)]
#[template(path = "leasing/availability.html")]
struct AvailabilityPage {
    page: Page,
    form: Form,
    models: Vec<ModelChoice>,
    choices: Choices,
    may_reserve: bool,
    /// Fields that a choice opened are still to be filled in.
    waits: bool,
    map: Option<HeatMap>,
    card: Option<Card>,
}

/// The options of the form's selects.
struct Choices {
    sites: Vec<Choice>,
    halls: Vec<Choice>,
    tenants: Vec<Choice>,
    terms: Vec<Choice>,
    supplies: Vec<Choice>,
    coolings: Vec<Choice>,
    workloads: Vec<Choice>,
}

struct HeatMap {
    starts: Vec<String>,
    rows: Vec<HeatRow>,
    /// What the chosen cell says, and what binds there.
    lead: String,
    notes: Vec<String>,
}

struct HeatRow {
    name: String,
    cells: Vec<HeatCell>,
}

struct HeatCell {
    class: &'static str,
    units: String,
    title: String,
    href: String,
    chosen: bool,
}

/// The offer beside the map: what would be reserved, where it stands, what it costs.
struct Card {
    title: String,
    fits: bool,
    badge: String,
    spots: String,
    quote: Option<Quote>,
    fields: Vec<(&'static str, String)>,
    may_reserve: bool,
    hold_hours: i64,
    steps: Vec<Step>,
}

/// What was found for a wish, and which cell is looked at.
struct Found {
    heat: Heat,
    hall: Option<HallId>,
    wish: Wish,
    preview: Preview,
    quote: Option<quote::Priced>,
    hold_hours: i64,
}

pub async fn show(visit: Visit, query: Query<HashMap<String, String>>) -> Answer {
    let offer = offer(&visit).await?;
    let asked = Form::from_values(query.into_inner());
    let mut form = wish::with_defaults(asked, &offer, visit.now);
    // The button asks for an answer; a select that changed by itself may have opened other fields.
    let waits = !form.checked("show") && wish::unfinished(&form, &offer);
    let wish = if waits {
        None
    } else {
        wish::parse(&mut form, &visit.who, &offer)
    };
    let mut found = None;
    if let Some(wish) = wish {
        let (now, asked) = (visit.now, form.clone());
        match visit.run(move |app| look(app, now, &asked, wish)).await {
            Ok(seen) => found = Some(seen),
            Err(error) => form.absorb(error)?,
        }
    }
    let page = visit.page("nav-capacity");
    let map = found.as_ref().map(|found| heat_map(&page, &form, found));
    let card = found.map(|found| card(&visit, &page, &form, &offer, found));
    html(&AvailabilityPage {
        models: offer.model_choices(&page),
        choices: choices(&page, &form, &offer),
        may_reserve: visit.who.may(Permission::Reserve),
        page,
        form,
        waits,
        map,
        card,
    })
}

pub async fn offer(visit: &Visit) -> std::result::Result<Offer, Problem> {
    let who = visit.who.clone();
    visit.read(move |conn| Offer::load(conn, &who)).await
}

/// The form alone, with what is wrong beside its fields.
pub fn mistakes(visit: &Visit, form: Form, offer: &Offer) -> Answer {
    let page = visit.page("nav-capacity");
    let template = AvailabilityPage {
        models: offer.model_choices(&page),
        choices: choices(&page, &form, offer),
        may_reserve: visit.who.may(Permission::Reserve),
        page,
        form,
        waits: false,
        map: None,
        card: None,
    };
    html_with(StatusCode::UNPROCESSABLE_ENTITY, &template)
}

fn choices(page: &Page, form: &Form, offer: &Offer) -> Choices {
    Choices {
        sites: offer.site_choices(),
        halls: offer.hall_choices(form),
        tenants: offer.tenant_choices(),
        terms: wish::term_choices(page),
        supplies: wish::codes(page, "leasing-supply", Supply::ALL),
        coolings: wish::codes(page, "leasing-cooling", CoolingKind::ALL),
        workloads: wish::codes(page, "leasing-workload", Workload::ALL),
    }
}

fn look(app: &App, now: Instant, form: &Form, wish: Wish) -> Result<Found> {
    let heat = availability::heat(&app.db, now, &wish, availability::WEEKS)?;
    let (hall, start) = chosen(form, &heat, &wish);
    let chosen = Wish {
        hall,
        window: wish.window.starting(start),
        ..wish.clone()
    };
    let preview = preview::preview(&app.db, now, &chosen)?;
    let spots: &[Spot] = match &preview {
        Preview::Fits(spots) => spots,
        Preview::Refused(_) => &[],
    };
    let (quote, hold_hours) = app
        .db
        .read(|conn| quote::priced(conn, &chosen, preview::rack_share(spots)))?;
    Ok(Found {
        heat,
        hall,
        wish: chosen,
        preview,
        quote,
        hold_hours,
    })
}

/// The cell that the reader chose, or the first that holds everything, or the first at all.
fn chosen(form: &Form, heat: &Heat, wish: &Wish) -> (Option<HallId>, NaiveDate) {
    let first = heat.starts.first().copied().unwrap_or(wish.window.from);
    let start = form
        .value("at")
        .parse()
        .ok()
        .filter(|day| heat.starts.contains(day));
    if let Some(start) = start {
        let hall = form.value("in").parse().ok().map(HallId);
        let known = heat.halls.iter().find(|row| Some(row.hall) == hall);
        return (known.map(|row| row.hall).or(wish.hall), start);
    }
    let enough = |cell: &&Cell| cell.units >= wish.units;
    let best = heat
        .halls
        .iter()
        .filter_map(|row| Some((row.hall, row.cells.iter().find(enough)?)))
        .min_by_key(|(_, cell)| (cell.start, std::cmp::Reverse(cell.units)));
    match best {
        Some((hall, cell)) => (Some(hall), cell.start),
        None => {
            let cell = heat.site.iter().find(enough);
            (wish.hall, cell.map_or(first, |cell| cell.start))
        }
    }
}

fn heat_map(page: &Page, form: &Form, found: &Found) -> HeatMap {
    let heat = &found.heat;
    let starts: Vec<String> = heat.starts.iter().map(|day| page.date_short(day)).collect();
    let mut rows: Vec<HeatRow> = vec![];
    let fitting = heat.halls.iter().filter(|row| !row.cells.is_empty());
    if form.value("hall").is_empty() && fitting.count() > 1 {
        rows.push(HeatRow {
            name: page.t("availability-site"),
            cells: cells(page, form, found, None, &heat.site),
        });
    }
    for row in &heat.halls {
        rows.push(HeatRow {
            name: nearest::place(page, &row.name, row.kind),
            cells: cells(page, form, found, Some(row.hall), &row.cells),
        });
    }
    let (lead, notes) = below(page, found);
    HeatMap {
        starts,
        rows,
        lead,
        notes,
    }
}

fn cells(
    page: &Page,
    form: &Form,
    found: &Found,
    hall: Option<HallId>,
    cells: &[Cell],
) -> Vec<HeatCell> {
    cells
        .iter()
        .map(|cell| HeatCell {
            class: shade(cell.units, found.wish.units),
            units: page.int(i64::from(cell.units)),
            title: title(page, cell),
            href: cell_link(form, hall, cell.start),
            chosen: hall == found.hall && cell.start == found.wish.window.from,
        })
        .collect()
}

/// Twice as many as asked for, enough, at least half, less.
fn shade(units: u32, wanted: u32) -> &'static str {
    if units >= wanted.saturating_mul(2) {
        "plenty"
    } else if units >= wanted {
        "fits"
    } else if units > 0 && units.saturating_mul(2) >= wanted {
        "part"
    } else {
        "little"
    }
}

fn title(page: &Page, cell: &Cell) -> String {
    let fits = page.t2(
        "availability-cell",
        "date",
        page.date_day(cell.start),
        "count",
        cell.units,
    );
    match &cell.bound {
        Some(bound) => format!("{fits} {}", words::bound_sentence(page, bound)),
        None => fits,
    }
}

/// The same question with another cell looked at.
fn cell_link(form: &Form, hall: Option<HallId>, start: NaiveDate) -> String {
    let mut pairs: Vec<(&str, String)> = wish::FIELDS
        .iter()
        .map(|name| (*name, form.value(name).to_owned()))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    pairs.push(("in", hall.map_or("site".to_owned(), |id| id.to_string())));
    pairs.push(("at", start.to_string()));
    with_query("/availability", &pairs) + "#chosen"
}

fn row_of(found: &Found) -> &[Cell] {
    found
        .heat
        .halls
        .iter()
        .find(|row| Some(row.hall) == found.hall)
        .map_or(&found.heat.site, |row| &row.cells)
}

/// The chosen cell in words: how many, what binds, and from when everything fits.
fn below(page: &Page, found: &Found) -> (String, Vec<String>) {
    let row = row_of(found);
    let Some(cell) = row.iter().find(|c| c.start == found.wish.window.from) else {
        return (page.t("availability-no-cooling"), vec![]);
    };
    let lead = page.t3(
        "availability-lead",
        ("hall", place_name(page, found)),
        ("date", page.date_day(cell.start)),
        ("count", cell.units),
    );
    let mut notes = vec![];
    if cell.units < found.wish.units {
        notes.extend(cell.bound.as_ref().map(|b| words::bound_sentence(page, b)));
        let (units, start) = (found.wish.units, found.wish.window.from);
        notes.extend(nearest::notes(
            page,
            &found.heat,
            row,
            found.hall,
            (units, start),
        ));
    }
    if !cell.proven && cell.units < found.wish.units {
        notes.push(page.t("availability-not-proven"));
    }
    (lead, notes)
}

fn place_name(page: &Page, found: &Found) -> String {
    let hall = found.heat.halls.iter().find(|h| Some(h.hall) == found.hall);
    hall.map_or_else(|| page.t("availability-site"), |h| h.name.clone())
}

fn card(visit: &Visit, page: &Page, form: &Form, offer: &Offer, found: Found) -> Card {
    let wish = &found.wish;
    let cell = row_of(&found)
        .iter()
        .find(|c| c.start == wish.window.from)
        .map_or(0, |c| c.units);
    let fits = matches!(found.preview, Preview::Fits(_));
    let spots = match &found.preview {
        Preview::Fits(spots) => standing(page, spots),
        Preview::Refused(_) => String::new(),
    };
    Card {
        title: page.t2(
            "availability-card",
            "hall",
            place_name(page, &found),
            "date",
            page.date_day(wish.window.from),
        ),
        fits,
        badge: if fits {
            page.t2("availability-of", "units", wish.units, "fit", cell)
        } else {
            page.t2("availability-short", "units", wish.units, "fit", cell)
        },
        spots,
        quote: found.quote.as_ref().map(|priced| Quote::of(page, priced)),
        fields: fields(form, wish),
        may_reserve: visit.who.may(Permission::Reserve)
            && (visit.who.actor.tenant.is_some() || !offer.tenants.is_empty()),
        hold_hours: found.hold_hours,
        steps: if fits {
            vec![]
        } else {
            nearest(page, &found, cell)
        },
    }
}

/// What the reserving form sends: the wish with the chosen hall and start.
fn fields(form: &Form, wish: &Wish) -> Vec<(&'static str, String)> {
    wish::FIELDS
        .iter()
        .filter(|name| **name != "tenant")
        .map(|name| match *name {
            "hall" => ("hall", wish.hall.map_or(String::new(), |h| h.to_string())),
            "from" => ("from", wish.window.from.to_string()),
            "to" => (
                "to",
                wish.window.to.map_or(String::new(), |to| to.to_string()),
            ),
            other => (other, form.value(other).to_owned()),
        })
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

/// The first racks by name; more would be a list of its own.
pub fn standing(page: &Page, spots: &[Spot]) -> String {
    const NAMED: usize = 6;
    let names: Vec<String> = spots
        .iter()
        .take(NAMED)
        .map(|spot| format!("{}\u{a0}×\u{a0}{}", spot.rack, spot.units))
        .collect();
    let names = names.join(", ");
    if spots.len() > NAMED {
        page.t2(
            "availability-spots-more",
            "racks",
            names,
            "count",
            spots.len() - NAMED,
        )
    } else {
        page.t1("availability-spots", "racks", names)
    }
}

/// What the map itself offers instead: fewer here, or all of them later.
fn nearest(page: &Page, found: &Found, fit: u32) -> Vec<Step> {
    let mut alternatives = vec![];
    if fit > 0 {
        alternatives.push(availability::Alternative::Fewer { units: fit });
    }
    let row = row_of(found);
    if let Some(cell) = row.iter().find(|c| c.units >= found.wish.units) {
        let Window { from, to } = found.wish.window.starting(cell.start);
        alternatives.push(availability::Alternative::Later { from, to });
    }
    words::steps(page, &found.wish, &alternatives)
}
