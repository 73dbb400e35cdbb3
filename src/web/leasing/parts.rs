//! Reserving several kinds at once: machines of several models, whole racks, chosen racks.

use super::wish::{self, ModelChoice, Offer};
use super::words;
use crate::db::site::racks;
use crate::domain::ids::{RackId, ReservationId, SiteId};
use crate::domain::leasing::range;
use crate::domain::message::Message;
use crate::domain::site::{CoolingKind, Supply, Workload};
use crate::error::Result;
use crate::services::leasing::answer::{AnswerAll, AnswerJson, RefusedAll};
use crate::services::leasing::preview::{self, PreviewAll};
use crate::services::leasing::reserve::IfRefused;
use crate::services::leasing::together::{Asks, MOST_PARTS, Part, reserve_all};
use crate::web::door::Visit;
use crate::web::form::{FORM_KEY, Form, new_form_key};
use crate::web::page::{Page, html_with, see_other};
use crate::web::parts::{Choice, Refusal};
use crate::web::problem::Problem;
use crate::web::visit::Answer;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Query};
use askama::Template;
use std::collections::HashMap;
use std::sync::mpsc::channel;

/// Fields that all parts share.
const SHARED: [&str; 6] = ["tenant", "site", "hall", "from", "term", "to"];
/// Fields of a part, each with its number behind: `units-2`.
const OWN: [&str; 9] = [
    "model",
    "model_name",
    "units",
    "watts",
    "cooling",
    "supply",
    "workload",
    "feeds",
    "racks",
];

#[derive(Template)]
#[template(path = "leasing/parts_form.html")]
struct PartsPage {
    page: Page,
    form: Form,
    choices: Choices,
    parts: Vec<Fields>,
    may_add: bool,
    /// Where each part would stand.
    spots: Vec<String>,
    refusal: Option<Refusal>,
    /// What would fit of each part, to take over.
    offer: Vec<(String, u32)>,
    request: Option<String>,
}

struct Choices {
    sites: Vec<Choice>,
    halls: Vec<Choice>,
    tenants: Vec<Choice>,
    terms: Vec<Choice>,
    models: Vec<ModelChoice>,
    supplies: Vec<Choice>,
    coolings: Vec<Choice>,
    workloads: Vec<Choice>,
    from_hint: String,
}

/// The names of one part's fields.
struct Fields {
    number: usize,
    model: String,
    model_name: String,
    units: String,
    watts: String,
    cooling: String,
    supply: String,
    workload: String,
    feeds: String,
    racks: String,
}

impl Fields {
    fn of(number: usize) -> Self {
        let name = |field: &str| format!("{field}-{number}");
        Self {
            number,
            model: name("model"),
            model_name: name("model_name"),
            units: name("units"),
            watts: name("watts"),
            cooling: name("cooling"),
            supply: name("supply"),
            workload: name("workload"),
            feeds: name("feeds"),
            racks: name("racks"),
        }
    }
}

/// What a submit led to.
#[derive(Default)]
struct Seen {
    spots: Vec<String>,
    refused: Option<(RefusedAll, Vec<Part>)>,
}

/// The form, beginning with what was asked for on the page of free capacity.
pub async fn new(visit: Visit, query: Query<HashMap<String, String>>) -> Answer {
    let offer = super::availability::offer(&visit).await?;
    let asked = wish::with_defaults(Form::from_values(query.into_inner()), &offer, visit.now);
    let parts = count(&asked);
    let mut form = Form::blank().with("parts", parts);
    for name in SHARED {
        form = form.with(name, asked.value(name));
    }
    let again = asked.checked("model-1");
    for (name, number) in OWN
        .iter()
        .flat_map(|name| (1..=parts).map(move |n| (name, n)))
    {
        let numbered = format!("{name}-{number}");
        let value = if again {
            asked.value(&numbered)
        } else {
            asked.value(name)
        };
        if !value.is_empty() {
            form = form.with(&numbered, value);
        }
    }
    shown(&visit, form, &offer, StatusCode::OK, Seen::default())
}

pub async fn create(visit: Visit, fields: web::Form<HashMap<String, String>>) -> Answer {
    let mut form = Form::from_values(fields.into_inner());
    let offer = super::availability::offer(&visit).await?;
    let todo = form.value("do").to_owned();
    if let Some(changed) = rearranged(&form, &todo) {
        return shown(&visit, changed, &offer, StatusCode::OK, Seen::default());
    }
    let names = rack_names(&visit, &form, &offer).await?;
    let checks = todo == "check";
    let parts = parse(&mut form, &visit, &offer, &names);
    if !checks
        && parts
            .as_ref()
            .is_some_and(|p| p[0].wish.tenant == wish::NOBODY)
    {
        form.fail("tenant", Message::new("form-choose"));
    }
    let Some(parts) = parts.filter(|_| form.ok()) else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return shown(&visit, form, &offer, status, Seen::default());
    };
    let done = if checks {
        check(&visit, parts).await
    } else {
        decide(&visit, &form, parts).await
    };
    match done {
        Ok(Outcome::Place(place)) => Ok(see_other(&place)),
        Ok(Outcome::Json(status, json)) => Ok(HttpResponse::build(status).json(json)),
        Ok(Outcome::Seen(seen)) => {
            let status = match seen.refused {
                Some(_) => StatusCode::CONFLICT,
                None => StatusCode::OK,
            };
            // This form has had its answer: what is changed in it is another one.
            form.form_key = new_form_key();
            shown(&visit, form, &offer, status, seen)
        }
        Err(error) => {
            form.absorb(error)?;
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            shown(&visit, form, &offer, status, Seen::default())
        }
    }
}

fn count(form: &Form) -> usize {
    let parts = form.value("parts").parse().unwrap_or(1);
    usize::clamp(parts, 1, MOST_PARTS)
}

/// One part more, one less, or the units that would fit; nothing else that was typed changes.
fn rearranged(form: &Form, todo: &str) -> Option<Form> {
    let parts = count(form);
    let copy = |name: &str, number: usize| form.value(&format!("{name}-{number}")).to_owned();
    let mut kept: Vec<usize> = (1..=parts).collect();
    let mut changed = Form::blank();
    match todo.split_once('-') {
        None if todo == "add" => {}
        None if todo == "offer" => kept.retain(|number| copy("offer", *number) != "0"),
        Some(("remove", number)) => kept.retain(|kept| kept.to_string() != number),
        _ => return None,
    }
    for name in SHARED {
        changed = changed.with(name, form.value(name));
    }
    for (at, number) in kept.iter().enumerate() {
        for name in OWN {
            let mut value = copy(name, *number);
            if name == "units" && todo == "offer" && !copy("offer", *number).is_empty() {
                value = copy("offer", *number);
            }
            if !value.is_empty() {
                changed = changed.with(&format!("{name}-{}", at + 1), value);
            }
        }
    }
    let more = usize::from(todo == "add");
    let count = usize::clamp(kept.len() + more, 1, MOST_PARTS);
    Some(changed.with("parts", count))
}

/// The racks of the chosen site in the halls that are offered, by name.
async fn rack_names(
    visit: &Visit,
    form: &Form,
    offer: &Offer,
) -> std::result::Result<Vec<(RackId, String)>, Problem> {
    let Ok(site) = form.value("site").parse::<SiteId>() else {
        return Ok(vec![]);
    };
    let rows = visit.read(move |conn| racks::of_site(conn, site)).await?;
    let offered = rows.into_iter().filter(|rack| offer.has_hall(rack.hall_id));
    Ok(offered.map(|rack| (rack.id, rack.name)).collect())
}

fn parse(
    form: &mut Form,
    visit: &Visit,
    offer: &Offer,
    names: &[(RackId, String)],
) -> Option<Vec<Part>> {
    let page = visit.page("nav-capacity");
    let parts = count(form);
    let mut found = vec![];
    for number in 1..=parts {
        let suffix = format!("-{number}");
        let whole_racks = form.value(&format!("model{suffix}")) == wish::RACK;
        let wish = wish::parse_part(form, &visit.who, offer, &suffix);
        let racks = chosen(form, &format!("racks{suffix}"), names);
        let two_feeds = form.checked(&format!("feeds{suffix}"));
        let (Some(mut wish), Some(racks)) = (wish, racks) else {
            continue;
        };
        if whole_racks && form.value(&format!("model_name{suffix}")).trim().is_empty() {
            wish.model_name = page.t1("parts-rack-name", "power", page.kw(wish.watts_each));
        }
        let asks = Asks {
            whole_racks,
            two_feeds,
            racks,
        };
        found.push(Part { wish, asks });
    }
    (found.len() == parts).then_some(found)
}

/// `Some(None)` where no racks are named.
fn chosen(form: &mut Form, field: &str, names: &[(RackId, String)]) -> Option<Option<Vec<RackId>>> {
    let text = form.value(field).trim().to_owned();
    if text.is_empty() {
        return Some(None);
    }
    let known: Vec<&str> = names.iter().map(|(_, name)| name.as_str()).collect();
    match range::chosen(&text, &known) {
        Ok(found) if !found.is_empty() => Some(Some(found.iter().map(|&at| names[at].0).collect())),
        Ok(_) => Some(None),
        Err(unknown) => {
            form.fail(
                field,
                Message::new("parts-error-rack").with("rack", unknown),
            );
            None
        }
    }
}

enum Outcome {
    Place(String),
    Json(StatusCode, AnswerJson),
    Seen(Seen),
}

/// Where everything would stand; nothing is written.
async fn check(visit: &Visit, parts: Vec<Part>) -> Result<Outcome> {
    let (who, now, asked) = (visit.who.actor, visit.now, parts.clone());
    let seen = visit
        .run(move |app| preview::preview_all(&app.db, &who, now, &asked))
        .await?;
    let page = visit.page("nav-capacity");
    Ok(Outcome::Seen(match seen {
        PreviewAll::Fits(spots) => Seen {
            spots: spots
                .iter()
                .map(|spots| super::availability::standing(&page, spots))
                .collect(),
            refused: None,
        },
        PreviewAll::Refused(refused) => Seen {
            spots: vec![],
            refused: Some((refused, parts)),
        },
    }))
}

async fn decide(visit: &Visit, form: &Form, parts: Vec<Part>) -> Result<Outcome> {
    let (actor, now, asked) = (visit.who.actor, visit.now, parts.clone());
    let sent = form.value(FORM_KEY) == form.form_key;
    let key = if sent {
        form.form_key.clone()
    } else {
        String::new()
    };
    let (tell, told) = channel();
    let place = visit
        .once(&key, move |app| {
            let answer = reserve_all(&app.db, &actor, now, &asked, IfRefused::KeepRequest)?;
            let place = place_of(&answer);
            // Whoever waited is still there.
            let _ = tell.send(answer);
            Ok(place)
        })
        .await?;
    Ok(match told.try_recv().ok() {
        Some(answer) if visit.json => {
            let (status, id) = match &answer {
                AnswerAll::Accepted(ids) => (StatusCode::CREATED, joined(ids)),
                AnswerAll::Refused(refused) => {
                    let id = refused.whole.request.map(|id| id.to_string());
                    (StatusCode::CONFLICT, id.unwrap_or_default())
                }
            };
            Outcome::Json(status, AnswerJson::of_all(id, &answer))
        }
        Some(AnswerAll::Refused(refused)) => Outcome::Seen(Seen {
            spots: vec![],
            refused: Some((refused, parts)),
        }),
        _ => Outcome::Place(place),
    })
}

fn joined(ids: &[ReservationId]) -> String {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    ids.join(",")
}

fn place_of(answer: &AnswerAll) -> String {
    match answer {
        AnswerAll::Accepted(ids) => format!("/reservations/{}?done=reserved", ids[0]),
        AnswerAll::Refused(refused) => refused
            .whole
            .request
            .map_or("/requests".to_owned(), |id| format!("/requests/{id}")),
    }
}

fn shown(visit: &Visit, form: Form, offer: &Offer, status: StatusCode, seen: Seen) -> Answer {
    let page = visit.page("parts-title");
    let parts = count(&form);
    let offered = seen
        .refused
        .as_ref()
        .map(|(refused, _)| refused.available_units.clone());
    let offered = offered.filter(|units| units.iter().any(|&units| units > 0));
    let request = seen
        .refused
        .as_ref()
        .and_then(|(refused, _)| refused.whole.request);
    let template = PartsPage {
        choices: Choices {
            sites: offer.site_choices(),
            halls: offer.hall_choices(&form),
            tenants: offer.tenant_choices(),
            terms: wish::term_choices(&page),
            models: offer.model_choices(&page),
            supplies: wish::codes(&page, "leasing-supply", Supply::ALL),
            coolings: wish::codes(&page, "leasing-cooling", CoolingKind::ALL),
            workloads: wish::codes(&page, "leasing-workload", Workload::ALL),
            from_hint: wish::from_hint(&page, &visit.who),
        },
        parts: (1..=parts).map(Fields::of).collect(),
        may_add: parts < MOST_PARTS,
        spots: seen.spots,
        refusal: seen
            .refused
            .map(|(refused, parts)| refusal(&page, &refused, &parts)),
        offer: offered
            .unwrap_or_default()
            .into_iter()
            .zip(1..)
            .map(|(units, number)| (format!("offer-{number}"), units))
            .collect(),
        request: request.map(|id| format!("/requests/{id}")),
        page,
        form,
    };
    html_with(status, &template)
}

/// Why not all together, and how many of each part would fit beside those before it.
pub fn refusal(page: &Page, refused: &RefusedAll, parts: &[Part]) -> Refusal {
    let mut reasons: Vec<String> = refused
        .whole
        .reasons
        .iter()
        .map(|reason| words::reason_sentence(page, *reason))
        .collect();
    reasons.extend(
        refused
            .whole
            .bound
            .as_ref()
            .map(|b| words::bound_sentence(page, b)),
    );
    if !refused.whole.proven {
        reasons.push(page.t("refusal-not-proven"));
    }
    for (part, fits) in parts.iter().zip(&refused.available_units) {
        reasons.push(page.t3(
            "parts-fits",
            ("model", &part.wish.model_name),
            ("fits", *fits),
            ("units", part.wish.units),
        ));
    }
    Refusal {
        title: page.t("parts-refused"),
        reasons,
        steps: vec![],
    }
}
