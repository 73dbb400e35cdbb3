//! What fits where and when: sites, halls, models and starts for a wish that leaves them open.

use super::nothing::nothing;
use super::quote::Quote;
use super::wish::{self, NOBODY, Offer};
use super::{availability, words};
use crate::db::site::catalogue::MachineModel;
use crate::domain::identity::access::Permission;
use crate::domain::ids::{ModelId, SiteId};
use crate::domain::message::Message;
use crate::domain::site::{CoolingKind, Workload};
use crate::domain::units::Watts;
use crate::error::Result;
use crate::services::leasing::quote::{Priced, Prices};
use crate::services::leasing::reserve::MOST_UNITS;
use crate::services::leasing::search::{self, Amount, Found, Question};
use crate::web::door::{Visit, Who};
use crate::web::form::Form;
use crate::web::page::{Page, html};
use crate::web::parts::Choice;
use crate::web::visit::Answer;
use actix_web::web::Query;
use askama::Template;
use chrono::{Days, Months, NaiveDate};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Rows of a page; more are better asked for with a narrower wish.
const ROWS: usize = 50;
const MOST_KILOWATTS: i64 = 1_000_000;
/// How far the starts reach where no last one is given.
const USUAL_MONTHS: u32 = 3;

#[derive(Template)]
#[template(path = "leasing/search.html")]
struct SearchPage {
    page: Page,
    form: Form,
    models: Vec<Choice>,
    sites: Vec<Choice>,
    coolings: Vec<Choice>,
    terms: Vec<Choice>,
    workloads: Vec<Choice>,
    /// `None` until the form can be answered.
    rows: Option<Vec<Line>>,
    more: usize,
    may_reserve: bool,
}

/// One answer as the list shows it.
struct Line {
    place: String,
    site: String,
    model: String,
    kind: String,
    start: String,
    whole: bool,
    fit: String,
    why: String,
    price: String,
    href: String,
}

pub async fn show(visit: Visit, query: Query<HashMap<String, String>>) -> Answer {
    let offer = availability::offer(&visit).await?;
    if let Some(empty) = nothing(&visit, &offer, "search-page-title") {
        return empty;
    }
    let mut form = with_defaults(Form::from_values(query.into_inner()), &offer, &visit);
    let question = parse(&mut form, &visit.who, &offer);
    let question = question.filter(|question| {
        let each = question.sites.iter();
        let today = each.filter_map(|site| offer.today(*site, visit.now)).min();
        wish::starts_ahead(&mut form, question.window.from, today) && form.ok()
    });
    let mut found = None;
    if let Some(question) = question {
        let (who, now) = (visit.who.actor, visit.now);
        let answer = visit.run(move |app| {
            let mut all = search::search(&app.db, &who, now, &question)?;
            let more = all.len().saturating_sub(ROWS);
            all.truncate(ROWS);
            let sites: BTreeSet<SiteId> = all.iter().map(|found| found.wish.site).collect();
            let each = sites.into_iter();
            let prices = app.db.read(|conn| {
                each.map(|site| Ok((site, Prices::load(conn, site)?)))
                    .collect::<Result<BTreeMap<_, _>>>()
            })?;
            let price = |f: &Found| prices.get(&f.wish.site)?.of(&f.wish, f.racks);
            let priced: Vec<Option<Priced>> = all.iter().map(price).collect();
            Ok((all, priced, more))
        });
        found = Some(answer.await?);
    }
    let page = visit.page("search-page-title");
    let (rows, more) = match found {
        Some((all, prices, more)) => {
            let lines = all.iter().zip(prices);
            let line = |(found, priced): (&Found, Option<Priced>)| {
                let price =
                    priced.map_or("—".to_owned(), |priced| Quote::of(&page, &priced).total);
                line(&page, found, price)
            };
            (Some(lines.map(line).collect()), more)
        }
        None => (None, 0),
    };
    html(&SearchPage {
        models: models(&page, &offer),
        sites: offer.site_choices(),
        coolings: wish::codes(&page, "leasing-cooling", CoolingKind::ALL),
        terms: wish::term_choices(&page),
        workloads: wish::codes(&page, "leasing-workload", Workload::ALL),
        page,
        form,
        rows,
        more,
        may_reserve: visit.who.may(Permission::Reserve),
    })
}

fn models(page: &Page, offer: &Offer) -> Vec<Choice> {
    let choices = offer.model_choices(page).into_iter();
    choices
        .map(|model| Choice::new(model.value, model.label))
        .collect()
}

/// The usual wish: twenty machines of any model, from the first of next month, for a year.
fn with_defaults(mut form: Form, offer: &Offer, visit: &Visit) -> Form {
    let today = offer.sites.first().map(|site| site.zone().date(visit.now));
    let asked = !form.value("units").is_empty() || !form.value("kw").is_empty();
    let first = today.and_then(|today| chrono::Datelike::with_day(&today, 1));
    let first = first.and_then(|first| first.checked_add_months(Months::new(1)));
    let mut fill = |name: &str, value: String| {
        if form.value(name).is_empty() {
            form = std::mem::take(&mut form).with(name, value);
        }
    };
    if !asked {
        fill("units", "20".to_owned());
    }
    if let Some(first) = first {
        fill("from", first.to_string());
    }
    fill("workload", Workload::Mining.to_string());
    fill("term", "12".to_owned());
    form
}

fn parse(form: &mut Form, who: &Who, offer: &Offer) -> Option<Question> {
    let amount = amount(form);
    let sites = form.optional("site", |form| {
        form.choice("site", |text| {
            offer.site(SiteId(text.parse().ok()?)).map(|site| site.id)
        })
    });
    let models = chosen_models(form, offer);
    let workload = form.choice("workload", Workload::parse);
    let window = wish::window(form);
    let latest = form.optional("latest", |form| form.date("latest"));
    let (window, latest) = (window?, latest?);
    let latest = latest.unwrap_or_else(|| months_on(window.from));
    if latest < window.from {
        form.fail("latest", Message::new("form-before"));
    }
    let sites = match sites? {
        Some(site) => vec![site],
        None => offer.sites.iter().map(|site| site.id).collect(),
    };
    Some(Question {
        tenant: who.actor.tenant.unwrap_or(NOBODY),
        sites,
        amount: amount?,
        models: models?,
        workload: workload?,
        window,
        latest,
    })
}

fn months_on(from: NaiveDate) -> NaiveDate {
    from.checked_add_months(Months::new(USUAL_MONTHS))
        .unwrap_or(from + Days::new(90))
}

/// Power wins over a number of machines: it means something for every model.
fn amount(form: &mut Form) -> Option<Amount> {
    if form.value("kw").trim().is_empty() {
        let units = form.integer("units", 1..=i64::from(MOST_UNITS))?;
        return Some(Amount::Units(u32::try_from(units).ok()?));
    }
    let kilowatts = form.integer("kw", 1..=MOST_KILOWATTS)?;
    Some(Amount::Power(Watts(kilowatts * 1_000)))
}

/// The chosen model, those like it, or all; with the cooling that is wanted.
fn chosen_models(form: &mut Form, offer: &Offer) -> Option<Vec<MachineModel>> {
    let cooling = form.optional("cooling", |form| form.choice("cooling", CoolingKind::parse))?;
    let model = form.optional("model", |form| {
        form.choice("model", |text| {
            let id = ModelId(text.parse().ok()?);
            offer.models.iter().find(|model| model.id == id)
        })
    })?;
    let mut models = match model {
        None => offer.models.clone(),
        Some(model) if form.checked("similar") => search::similar(&offer.models, model),
        Some(model) => vec![model.clone()],
    };
    models.retain(|model| cooling.is_none_or(|cooling| cooling == model.cooling));
    Some(models)
}

fn line(page: &Page, found: &Found, price: String) -> Line {
    let whole = found.fit >= found.asked;
    let mut why = vec![];
    if !whole {
        why.extend(
            found
                .bound
                .as_ref()
                .map(|bound| words::bound_sentence(page, bound)),
        );
        if !found.proven {
            why.push(page.t("availability-not-proven"));
        }
    }
    let wish = &found.wish;
    Line {
        place: found.hall.clone(),
        site: found.site.clone(),
        model: wish.model_name.clone(),
        kind: format!(
            "{} · {}",
            page.code("leasing-cooling", wish.cooling),
            page.code("leasing-supply", wish.supply),
        ),
        start: page.date(wish.window.from),
        whole,
        fit: page.t2(
            "search-of",
            "fit",
            page.int(i64::from(found.fit)),
            "asked",
            page.int(i64::from(found.asked)),
        ),
        why: why.join(" "),
        price,
        href: words::availability_link(wish) + "#chosen",
    }
}
