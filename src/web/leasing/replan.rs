//! The re-plan page: which unassigned reservations would move, and what that frees.

use super::nothing::nothing;
use super::wish::{self, ModelChoice, Offer};
use super::words;
use crate::db::leasing::lists::{self, Narrow, Slice};
use crate::db::leasing::requests::OPEN;
use crate::domain::ids::{RequestId, SiteId};
use crate::domain::leasing::place::Figures;
use crate::services::leasing::replan::{Goal, Move, Proposal, apply, propose};
use crate::services::leasing::reserve::Wish;
use crate::services::leasing::together::parts_of;
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, html_with, see_other};
use crate::web::parts::Choice;
use crate::web::problem::Problem;
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web::{self, Query};
use askama::Template;
use std::collections::HashMap;

/// Open requests that can be chosen, the largest first.
const REQUESTS: usize = 20;
const RACKS: &str = "racks";
const FIELDS: [&str; 8] = [
    "site", "goal", "model", "watts", "cooling", "supply", "units", "from",
];

#[derive(Template)]
#[template(path = "leasing/replan.html")]
struct ReplanPage {
    page: Page,
    form: Form,
    sites: Vec<Choice>,
    goals: Vec<Choice>,
    models: Vec<ModelChoice>,
    supplies: Vec<Choice>,
    /// What is chosen, to send it with the button.
    fields: Vec<(&'static str, String)>,
    seal: String,
    figures: Vec<Line>,
    moves: Vec<MoveLine>,
}

struct Line {
    name: String,
    before: String,
    after: String,
}

struct MoveLine {
    id: i64,
    tenant: String,
    machines: String,
    from: String,
    to: String,
}

pub async fn show(visit: Visit, query: Query<HashMap<String, String>>) -> Answer {
    let form = Form::from_values(query.into_inner());
    shown(&visit, form, StatusCode::OK).await
}

pub async fn save(visit: Visit, fields: web::Form<HashMap<String, String>>) -> Answer {
    let offer = super::availability::offer(&visit).await?;
    let mut form = filled(&visit, &offer, Form::from_values(fields.into_inner()));
    let (goal, asked) = (goal(&form), asked(&visit, &mut form, &offer));
    if let Some(asked) = asked {
        let (actor, now, site) = (visit.who.actor, visit.now, asked.site);
        let seal = form.value("seal").to_owned();
        let done = visit.run(move |app| apply(&app.db, &actor, now, goal, &asked, &seal));
        match done.await {
            Ok(_) => return Ok(see_other(&format!("/replan?site={site}&done=replanned"))),
            Err(error) => form.absorb(error)?,
        }
    }
    shown(&visit, form, StatusCode::CONFLICT).await
}

/// A machine to count with where none is chosen, for a term from next month on.
fn filled(visit: &Visit, offer: &Offer, form: Form) -> Form {
    wish::with_defaults(form, offer, visit.now).with("term", "open")
}

fn goal(form: &Form) -> Goal {
    match form.value("goal").parse::<i64>() {
        Ok(id) => Goal::Request(RequestId(id)),
        Err(_) => Goal::WholeRacks,
    }
}

fn asked(visit: &Visit, form: &mut Form, offer: &Offer) -> Option<Wish> {
    let wish = wish::parse(form, &visit.who, offer)?;
    let today = offer.today(wish.site, visit.now);
    wish::starts_ahead(form, wish.window.from, today).then_some(wish)
}

async fn shown(visit: &Visit, form: Form, status: StatusCode) -> Answer {
    let offer = super::availability::offer(visit).await?;
    if let Some(empty) = nothing(visit, &offer, "replan-title") {
        return empty;
    }
    let mut form = filled(visit, &offer, form);
    let page = visit.page("replan-title");
    let goals = goals(visit, &page, &form).await?;
    let mut proposal = None;
    // A choice that opened another field is no mistake yet.
    let asked = if wish::unfinished(&form, &offer) {
        None
    } else {
        asked(visit, &mut form, &offer)
    };
    if let Some(asked) = asked {
        let (actor, now, goal) = (visit.who.actor, visit.now, goal(&form));
        let found = visit
            .run(move |app| propose(&app.db, &actor, now, goal, &asked))
            .await?;
        proposal = Some(found);
    }
    let names = tenant_names(visit).await?;
    let model = offer
        .models
        .iter()
        .find(|m| m.id.to_string() == form.value("model"));
    let model = model.map_or_else(|| page.t("wish-custom"), |model| model.name());
    let template = ReplanPage {
        sites: offer.site_choices(),
        models: offer.model_choices(&page),
        supplies: wish::codes(&page, "leasing-supply", crate::domain::site::Supply::ALL),
        goals,
        fields: FIELDS
            .iter()
            .map(|name| (*name, form.value(name).to_owned()))
            .filter(|(_, value)| !value.is_empty())
            .collect(),
        seal: proposal
            .as_ref()
            .map_or(String::new(), |found| found.seal.clone()),
        figures: proposal
            .as_ref()
            .map_or(vec![], |found| figures(&page, found, &model)),
        moves: proposal.map_or(vec![], |found| {
            found
                .moves
                .iter()
                .map(|one| line(&page, one, &names))
                .collect()
        }),
        page,
        form,
    };
    html_with(status, &template)
}

/// Whole racks, or one of the largest open requests of the site.
async fn goals(visit: &Visit, page: &Page, form: &Form) -> Result<Vec<Choice>, Problem> {
    let narrow = Narrow {
        state: OPEN.to_owned(),
        ..Narrow::default()
    };
    let slice = Slice {
        sort: "id",
        descending: true,
        limit: 500,
        ..Slice::default()
    };
    let rows = visit
        .read(move |conn| lists::requests(conn, &narrow, &slice))
        .await?;
    let site: Option<SiteId> = form.value("site").parse().ok();
    let mut rows: Vec<_> = rows
        .into_iter()
        .filter(|(row, ..)| Some(row.site_id) == site)
        .collect();
    rows.sort_by_key(|(row, ..)| std::cmp::Reverse(row.units * row.watts_each.0));
    let mut goals = vec![Choice::new(RACKS, page.t("replan-goal-racks"))];
    goals.extend(rows.iter().take(REQUESTS).map(|(row, tenant, _)| {
        let kinds: Vec<String> = parts_of(row)
            .iter()
            .map(|(part, _)| words::machines(page, &part.wish))
            .collect();
        let label = page.t3(
            "replan-goal-request",
            ("id", row.id.to_string()),
            ("tenant", tenant),
            ("machines", kinds.join(" + ")),
        );
        Choice::new(row.id.to_string(), label)
    }));
    Ok(goals)
}

async fn tenant_names(visit: &Visit) -> Result<HashMap<i64, String>, Problem> {
    let names = visit.read(lists::tenant_names).await?;
    Ok(names.into_iter().map(|(id, name)| (id.0, name)).collect())
}

fn figures(page: &Page, found: &Proposal, model: &str) -> Vec<Line> {
    let line = |name: String, of: &dyn Fn(&Figures) -> String| Line {
        name,
        before: of(&found.before),
        after: of(&found.after),
    };
    vec![
        line(page.t("replan-open"), &|f| {
            page.int(i64::from(f.racks_open))
        }),
        line(page.t("replan-free"), &|f| {
            page.int(i64::from(f.racks_free))
        }),
        line(page.t("replan-legs"), &|f| page.kw(f.imbalance)),
        line(page.t1("replan-fits", "model", model), &|f| {
            page.int(i64::from(f.fits))
        }),
    ]
}

fn line(page: &Page, one: &Move, names: &HashMap<i64, String>) -> MoveLine {
    let places = |racks: &[(String, u32)]| {
        let each: Vec<String> = racks
            .iter()
            .map(|(rack, units)| format!("{rack}\u{a0}×\u{a0}{units}"))
            .collect();
        each.join(", ")
    };
    MoveLine {
        id: one.reservation.0,
        tenant: names.get(&one.tenant.0).cloned().unwrap_or_default(),
        machines: page.t2(
            "reservation-machines",
            "count",
            one.units,
            "model",
            &one.model_name,
        ),
        from: places(&one.from),
        to: places(&one.to),
    }
}
