//! Where and when such machines fit, what binds where they do not, and what a month would cost.

use super::heat::{HeatMap, heat_map};
use super::nearest;
use super::nothing::nothing;
use super::quote::Quote;
use super::wish::{self, ModelChoice, Offer};
use super::words;
use crate::app::App;
use crate::domain::calendar::{Instant, Window};
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::{HallId, SiteId};
use crate::domain::site::{CoolingKind, Supply, Workload};
use crate::error::Result;
use crate::services::leasing::availability::{self, Cell, Heat};
use crate::services::leasing::preview::{self, Spot};
use crate::services::leasing::quote::{self, Prices};
use crate::services::leasing::reserve::Wish;
use crate::web::door::Visit;
use crate::web::form::Form;
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
    from_hint: String,
}

/// The offer beside the map: what would be reserved, where it stands, what it costs.
struct Card {
    title: String,
    fits: bool,
    badge: String,
    spots: String,
    quote: Option<Quote>,
    fields: Vec<(&'static str, String)>,
    /// Where the form goes, and what its button says.
    action: &'static str,
    submit: String,
    may_reserve: bool,
    steps: Vec<Step>,
}

/// What was found for a wish, and which cell is looked at.
pub struct Found {
    pub heat: Heat,
    pub elsewhere: Vec<Elsewhere>,
    pub hall: Option<HallId>,
    pub wish: Wish,
    pub today: NaiveDate,
    /// Where it would stand, if it fits.
    spots: Option<Vec<Spot>>,
    quote: Option<quote::Priced>,
    hold_hours: i64,
    /// The name of the site that is looked at.
    pub site: String,
}

/// Another site at the same starts.
pub struct Elsewhere {
    pub site: SiteId,
    pub name: String,
    pub heat: Heat,
}

pub async fn show(visit: Visit, query: Query<HashMap<String, String>>) -> Answer {
    let offer = offer(&visit).await?;
    if let Some(empty) = nothing(&visit, &offer, "nav-capacity") {
        return empty;
    }
    let asked = Form::from_values(query.into_inner());
    let mut form = wish::with_defaults(asked, &offer, visit.now);
    // The button asks for an answer; a select that changed by itself may have opened other fields.
    let waits = !form.checked("show") && wish::unfinished(&form, &offer);
    let wish = if waits {
        None
    } else {
        wish::parse(&mut form, &visit.who, &offer)
    };
    let in_time = match &wish {
        Some(wish) => {
            let today = offer.today(wish.site, visit.now);
            wish::starts_in_time(&mut form, &visit.who, wish.window.from, today)?
        }
        None => false,
    };
    let mut found = None;
    if let Some(wish) = wish.filter(|_| in_time) {
        let (who, now, asked) = (visit.who.actor, visit.now, form.clone());
        let sites = offer.sites.iter().map(|site| (site.id, site.name.clone()));
        let sites: Vec<(SiteId, String)> = sites.collect();
        match visit
            .run(move |app| look(app, &who, now, &asked, wish, sites))
            .await
        {
            Ok(seen) => found = Some(seen),
            Err(error) => form.absorb(error)?,
        }
    }
    let page = visit.page("nav-capacity");
    let map = found.as_ref().map(|found| heat_map(&page, &form, found));
    let card = found.map(|found| card(&visit, &page, &form, &offer, found));
    html(&AvailabilityPage {
        models: offer.model_choices(&page),
        choices: choices(&visit, &page, &form, &offer),
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
        choices: choices(visit, &page, &form, offer),
        may_reserve: visit.who.may(Permission::Reserve),
        page,
        form,
        waits: false,
        map: None,
        card: None,
    };
    html_with(StatusCode::UNPROCESSABLE_ENTITY, &template)
}

fn choices(visit: &Visit, page: &Page, form: &Form, offer: &Offer) -> Choices {
    Choices {
        sites: offer.site_choices(),
        halls: offer.hall_choices(form),
        tenants: offer.tenant_choices(),
        terms: wish::term_choices(page),
        supplies: wish::codes(page, "leasing-supply", Supply::ALL),
        coolings: wish::codes(page, "leasing-cooling", CoolingKind::ALL),
        workloads: wish::codes(page, "leasing-workload", Workload::ALL),
        from_hint: wish::from_hint(page, &visit.who),
    }
}

fn look(
    app: &App,
    who: &Actor,
    now: Instant,
    form: &Form,
    wish: Wish,
    sites: Vec<(SiteId, String)>,
) -> Result<Found> {
    let own = sites.iter().find(|(site, _)| *site == wish.site);
    let site = own.map_or(String::new(), |(_, name)| name.clone());
    // A hall that is asked for is on one site.
    let others = sites
        .into_iter()
        .filter(|(site, _)| wish.hall.is_none() && *site != wish.site);
    let at = |(site, name)| {
        let wish = Wish {
            site,
            ..wish.clone()
        };
        let heat = availability::heat(&app.db, who, now, &wish, availability::WEEKS)?;
        Ok(Elsewhere { site, name, heat })
    };
    let elsewhere = others.map(at).collect::<Result<Vec<_>>>()?;
    let heat = availability::heat(&app.db, who, now, &wish, availability::WEEKS)?;
    let (hall, start) = chosen(form, &heat, &wish);
    let chosen = Wish {
        hall,
        window: wish.window.starting(start),
        ..wish.clone()
    };
    let cell = row_in(&heat, hall).iter().find(|cell| cell.start == start);
    // What cannot fit need not be tried.
    let spots = match cell.filter(|cell| cell.upper >= chosen.units) {
        Some(_) => preview::preview(&app.db, who, now, &chosen)?.fits(),
        None => None,
    };
    let prices = app.db.read(|conn| Prices::load(conn, chosen.site))?;
    let racks = preview::rack_share(spots.as_deref().unwrap_or_default());
    Ok(Found {
        heat,
        elsewhere,
        hall,
        quote: prices.of(&chosen, racks),
        hold_hours: prices.site.hold_hours,
        today: prices.site.zone().date(now),
        wish: chosen,
        spots,
        site,
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

fn row_of(found: &Found) -> &[Cell] {
    row_in(&found.heat, found.hall)
}

fn row_in(heat: &Heat, hall: Option<HallId>) -> &[Cell] {
    let row = heat.halls.iter().find(|row| Some(row.hall) == hall);
    row.map_or(&heat.site, |row| &row.cells)
}

/// The chosen cell in words: how many, what binds, and from when everything fits.
pub fn below(page: &Page, found: &Found) -> (String, Vec<String>) {
    let row = row_of(found);
    let Some(cell) = row.iter().find(|c| c.start == found.wish.window.from) else {
        return (page.t("availability-no-cooling"), vec![]);
    };
    let lead = page.t3(
        "availability-lead",
        ("hall", place_name(page, found)),
        ("date", page.date_near(cell.start, found.today)),
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
        notes.extend(nearest::at_another_site(page, &found.elsewhere, units));
    }
    if !cell.proven() && cell.units < found.wish.units {
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
    let fits = found.spots.is_some();
    let spots = found.spots.as_deref();
    let spots = spots.map_or(String::new(), |spots| standing(page, spots));
    // What has begun is a contract to be entered; it leaves no request behind.
    let begun = wish.window.from < found.today;
    let may = match begun {
        true => fits && visit.who.may(Permission::EnterContract),
        false => visit.who.may(Permission::Reserve),
    };
    Card {
        title: page.t2(
            "availability-card",
            "hall",
            place_name(page, &found),
            "date",
            page.date_near(wish.window.from, found.today),
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
        may_reserve: may && (visit.who.actor.tenant.is_some() || !offer.tenants.is_empty()),
        action: match begun {
            true => "/contracts",
            false => "/reservations",
        },
        submit: match (begun, fits) {
            (true, _) => page.t("contract-enter"),
            (false, true) => page.t1("availability-reserve", "count", found.hold_hours),
            (false, false) => page.t("availability-request"),
        },
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
