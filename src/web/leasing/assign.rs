//! Staff confirm where the machines of a reservation stand: as proposed, or elsewhere.

use super::left::{self, Left};
use super::reservations::{Loaded, closed, load};
use super::words;
use crate::db::site::machines::ListedMachine;
use crate::domain::ids::ReservationId;
use crate::domain::leasing::place::Quality;
use crate::domain::leasing::state::{ReservationState, ReservationStatus};
use crate::domain::message::Message;
use crate::domain::site::{Leg, Supply};
use crate::domain::units::Watts;
use crate::services::leasing::answer::Refused;
use crate::services::leasing::assign::{Assigned, Wanted, assign};
use crate::services::leasing::options::{Options, Place, options};
use crate::services::leasing::quality;
use crate::services::leasing::relocate::relocate;
use crate::web::door::Visit;
use crate::web::form::{Form, parse_date};
use crate::web::page::{Page, html, html_with, see_other};
use crate::web::parts::{Fact, Refusal};
use crate::web::problem::Problem;
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;
use std::collections::HashMap;

/// Racks that are shown beside those in use before one searches for others.
const SHOWN: usize = 12;
/// Racks that a search shows at most.
const FOUND: usize = 60;
const MOST_ON_A_RACK: i64 = 1_000;

#[derive(Template)]
#[template(path = "leasing/assign.html")]
struct AssignPage {
    page: Page,
    id: ReservationId,
    form: Form,
    facts: Vec<Fact>,
    left: Option<Left>,
    legs: Vec<String>,
    lines: Vec<Line>,
    hidden: usize,
    wanted: i64,
    placed: i64,
    refusal: Option<Refusal>,
    cancel: String,
    /// A lease: from when on it stands elsewhere is asked, too.
    moves: bool,
    sub: String,
    submit: String,
}

/// One rack with a field for each leg, or one for all three.
struct Line {
    rack: String,
    hall: String,
    free_slots: i64,
    fields: Vec<Option<LegField>>,
}

struct LegField {
    name: String,
    value: String,
    label: String,
    free: Watts,
    /// How many of these machines fit here by themselves.
    fits: i64,
    bad: bool,
}

/// A lease is moved from a day on.
#[derive(Deserialize)]
pub struct Moving {
    from: Option<String>,
}

pub async fn edit(visit: Visit, id: web::Path<i64>, moving: web::Query<Moving>) -> Answer {
    let id = ReservationId(*id);
    let from = moving.from.as_deref().and_then(parse_date);
    let (loaded, options) = known(&visit, id, from).await?;
    let open = [
        ReservationStatus::Held,
        ReservationStatus::Assigned,
        ReservationStatus::Leased,
    ];
    if let Some(back) = closed(&loaded.0.row, visit.now, &open) {
        return Ok(back);
    }
    let mut form = Form::blank();
    if options.reservation.state == ReservationState::Leased {
        form = form.with("from", options.reservation.from_date);
    }
    for place in options.places.iter().filter(|place| place.units > 0) {
        form = form.with(&field(place), place.units);
    }
    html(&shown(&visit, &loaded, &options, form, None))
}

pub async fn save(
    visit: Visit,
    id: web::Path<i64>,
    fields: web::Form<HashMap<String, String>>,
) -> Answer {
    let id = ReservationId(*id);
    let mut form = Form::from_values(fields.into_inner());
    let from = parse_date(form.value("from"));
    let (loaded, options) = known(&visit, id, from).await?;
    if form.checked("search") {
        return html(&shown(&visit, &loaded, &options, form, None));
    }
    let wanted = wanted(&mut form, &options);
    let moves = options.reservation.state == ReservationState::Leased;
    let from = if moves { form.date("from") } else { None };
    let mut refusal = None;
    if form.ok() {
        let (actor, now) = (visit.who.actor, visit.now);
        let done = visit.run(move |app| match from {
            Some(from) => relocate(&app.db, &actor, now, id, from, &wanted),
            None => assign(&app.db, &actor, now, id, &wanted),
        });
        match done.await {
            Ok(Assigned::Done) => {
                let done = if moves {
                    "lease-moved"
                } else {
                    "reservation-assigned"
                };
                return Ok(see_other(&format!("/reservations/{id}?done={done}")));
            }
            Ok(Assigned::Refused(refused)) => refusal = Some(refused),
            Err(error) => form.absorb(error)?,
        }
    }
    let status = match refusal {
        Some(_) => StatusCode::CONFLICT,
        None => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = shown(&visit, &loaded, &options, form, refusal);
    html_with(status, &page)
}

/// The reservation, how good its present place is, and the machines that it has left behind.
type Known = (Loaded, Option<Quality>, Vec<ListedMachine>);

async fn known(
    visit: &Visit,
    id: ReservationId,
    from: Option<NaiveDate>,
) -> Result<(Known, Options), Problem> {
    let (who, actor, now) = (visit.who.clone(), visit.who.actor, visit.now);
    let loaded = visit
        .read(move |conn| {
            let loaded = load(conn, &who, id)?;
            let quality = quality::of(conn, now, &loaded.row)?;
            let left = left::of(conn, now, id)?;
            Ok((loaded, quality, left))
        })
        .await?;
    let options = visit
        .run(move |app| options(&app.db, &actor, now, id, from))
        .await?;
    Ok((loaded, options))
}

fn field(place: &Place) -> String {
    match place.leg {
        Some(leg) => format!("units-{}-{leg}", place.rack_id),
        None => format!("units-{}", place.rack_id),
    }
}

/// The rows that were filled in; together they must be all machines of the reservation.
fn wanted(form: &mut Form, options: &Options) -> Vec<Wanted> {
    let mut wanted = vec![];
    for place in &options.places {
        let name = field(place);
        let units = form.optional(&name, |form| form.integer(&name, 0..=MOST_ON_A_RACK));
        if let Some(Some(units @ 1..)) = units {
            wanted.push(Wanted {
                rack: place.rack.clone(),
                leg: place.leg,
                units: u32::try_from(units).unwrap_or(0),
            });
        }
    }
    let placed: i64 = wanted.iter().map(|w| i64::from(w.units)).sum();
    let all = options.reservation.units;
    if form.ok() && placed != all {
        let message = Message::new("assign-error-count")
            .with("placed", placed)
            .with("count", all);
        form.fail_all(message);
    }
    wanted
}

fn shown(
    visit: &Visit,
    loaded: &Known,
    options: &Options,
    form: Form,
    refused: Option<Refused>,
) -> AssignPage {
    let id = options.reservation.id;
    let moves = options.reservation.state == ReservationState::Leased;
    let key = |own: &'static str, lease: &'static str| if moves { lease } else { own };
    let title = key("assign-title", "relocate-title");
    let page = super::numbered(visit.page("nav-reservations"), title, id);
    let legs = legs(options.reservation.supply);
    let lines: Vec<Line> = options
        .places
        .chunk_by(|a, b| a.rack_id == b.rack_id)
        .map(|places| line(&page, &form, places, &legs, options.reservation.watts_each))
        .collect();
    let all = lines.len();
    let used = chosen(lines, &form.value("q").trim().to_lowercase());
    AssignPage {
        id,
        facts: facts(&page, loaded),
        left: left::shown(&page, &visit.who, id, &loaded.2),
        hidden: all - used.len(),
        wanted: options.reservation.units,
        placed: placed(&used),
        lines: used,
        legs: legs.iter().map(|leg| leg_name(&page, *leg)).collect(),
        cancel: format!("/reservations/{id}"),
        moves,
        sub: page.t(key("assign-sub", "relocate-sub")),
        submit: page.t(key("assign-save", "relocate-save")),
        refusal: refused.map(|refused| refusal(&page, &refused)),
        form,
        page,
    }
}

/// The columns: a field for each leg that a machine of this supply may take.
fn legs(supply: Supply) -> Vec<Option<Leg>> {
    match supply {
        Supply::Single => Leg::ALL.iter().copied().map(Some).collect(),
        Supply::Three => vec![None],
    }
}

fn leg_name(page: &Page, leg: Option<Leg>) -> String {
    leg.map_or_else(|| page.t("place-three"), |leg| leg.code().to_owned())
}

/// Racks in use always, so that nothing typed is lost; then those that were searched for, or the
/// first ones with room.
fn chosen(lines: Vec<Line>, q: &str) -> Vec<Line> {
    let fields = |line: &Line| line.fields.iter().flatten().any(|f| !f.value.is_empty());
    let found =
        |line: &Line| line.rack.to_lowercase().contains(q) || line.hall.to_lowercase().contains(q);
    let room = |line: &Line| line.fields.iter().flatten().any(|f| f.fits > 0);
    let (mut used, others): (Vec<Line>, Vec<Line>) = lines.into_iter().partition(fields);
    if q.is_empty() {
        used.extend(others.into_iter().filter(room).take(SHOWN));
    } else {
        used.extend(others.into_iter().filter(found).take(FOUND));
    }
    used
}

fn line(
    page: &Page,
    form: &Form,
    places: &[Place],
    legs: &[Option<Leg>],
    watts_each: Watts,
) -> Line {
    let fields = legs.iter().map(|leg| {
        let place = places.iter().find(|place| place.leg == *leg)?;
        let name = field(place);
        let value = form.value(&name).trim();
        Some(LegField {
            value: if value == "0" { "" } else { value }.to_owned(),
            label: format!(
                "{}, {}",
                page.t1("assign-units-on", "rack", &place.rack),
                leg_name(page, *leg)
            ),
            free: place.free_watts,
            fits: (place.free_watts.0 / watts_each.0.max(1)).min(place.most_units),
            bad: form.error(&name).is_some(),
            name,
        })
    });
    Line {
        rack: places[0].rack.clone(),
        hall: places[0].hall.clone(),
        free_slots: places[0].free_slots,
        fields: fields.collect(),
    }
}

fn placed(lines: &[Line]) -> i64 {
    lines
        .iter()
        .flat_map(|line| line.fields.iter().flatten())
        .filter_map(|field| field.value.parse::<i64>().ok())
        .sum()
}

fn refusal(page: &Page, refused: &Refused) -> Refusal {
    let mut reasons: Vec<String> = refused
        .reasons
        .iter()
        .map(|reason| words::reason_sentence(page, *reason))
        .collect();
    reasons.extend(
        refused
            .bound
            .as_ref()
            .map(|b| words::bound_sentence(page, b)),
    );
    Refusal {
        title: page.t("assign-refused"),
        reasons,
        steps: vec![],
    }
}

fn facts(page: &Page, (loaded, quality, _): &Known) -> Vec<Fact> {
    let row = &loaded.row;
    let mut facts = vec![
        Fact::new(page.t("wish-tenant"), &loaded.tenant),
        Fact::new(
            page.t("wish-machines"),
            page.t2(
                "reservation-machines",
                "count",
                row.units,
                "model",
                &row.model_name,
            ),
        ),
        Fact::new(page.t("wish-each"), page.kw(row.watts_each)),
        Fact::new(
            page.t("wish-window"),
            words::window(page, row.from_date, row.to_date),
        ),
    ];
    if let Some(quality) = quality {
        let said = words::quality(page, quality);
        facts.push(Fact::new(page.t("quality-now"), said));
    }
    facts
}
