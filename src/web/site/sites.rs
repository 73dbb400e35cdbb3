//! Sites: what each has, what of it is sold, and its settings.

use super::common::{
    Fields, MayBreak, NAME_MAX, Saved, consent, page_of, region_name, saved, tabs,
};
use super::restrictions::sentence;
use crate::db::site::sites::{self, ANNOUNCED, Restriction, Site};
use crate::domain::calendar::Zone;
use crate::domain::ids::{PlanId, SiteId};
use crate::domain::site::Redundancy;
use crate::domain::units::Watts;
use crate::services::site as service;
use crate::services::site::figures::{Figures, HallLoad, Load};
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::leasing::words::{redundancy, redundancy_choices};
use crate::web::page::{Page, html, html_with, see_other};
use crate::web::parts::{Choice, Fact, Tab};
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use chrono::NaiveDate;

/// Hours that a hold may be given: an hour to a year.
const HOLD_HOURS: std::ops::RangeInclusive<i64> = 1..=24 * 365;
/// What a new site starts with.
const USUAL_HOLD: i64 = 72;

/// One site as its card shows it.
struct Card {
    id: SiteId,
    name: String,
    address: String,
    halls: usize,
    racks: usize,
    power: Load,
    free: Watts,
    rules: Vec<Rule>,
}

/// What the region forbids, in words.
struct Rule {
    text: String,
    announced: bool,
}

#[derive(Template)]
#[template(path = "site/sites.html")]
struct Sites {
    page: Page,
    cards: Vec<Card>,
    edits: bool,
}

pub async fn list(visit: Visit) -> Answer {
    let now = visit.now;
    let all = visit
        .run(move |app| {
            app.db.read(|conn| {
                let ids = sites::all(conn)?;
                ids.iter()
                    .map(|site| Figures::load(conn, site.id, now))
                    .collect::<Result<Vec<_>, _>>()
            })
        })
        .await?;
    let page = visit.page("nav-sites");
    let cards = all.iter().map(|figures| card(&page, figures)).collect();
    let edits = visit.edits_site();
    html(&Sites { page, cards, edits })
}

fn card(page: &Page, figures: &Figures) -> Card {
    let house = &figures.house;
    Card {
        id: house.site.id,
        name: house.site.name.clone(),
        address: house.site.address.clone(),
        halls: house.halls.len(),
        racks: house.racks.len(),
        power: figures.power(),
        free: figures.free(),
        rules: rules(page, &house.restrictions, house.today),
    }
}

/// Restrictions that are not over yet.
fn rules(page: &Page, restrictions: &[Restriction], today: NaiveDate) -> Vec<Rule> {
    restrictions
        .iter()
        .filter(|row| row.valid_to.is_none_or(|to| to > today))
        .map(|row| Rule {
            text: sentence(page, row),
            announced: row.status == ANNOUNCED,
        })
        .collect()
}

#[derive(Template)]
#[template(path = "site/site.html")]
struct Overview {
    page: Page,
    site: Site,
    tabs: Vec<Tab>,
    edits: bool,
    power: Load,
    cooling: Load,
    racks: Load,
    rack_count: usize,
    free: Watts,
    facts: Vec<Fact>,
    rules: Vec<Rule>,
    halls: Vec<HallLoad>,
    links: Links,
}

/// Where the numbers of the head lead.
struct Links {
    power: String,
    cooling: String,
    racks: String,
}

pub async fn show(visit: Visit, id: web::Path<i64>) -> Answer {
    let (id, now) = (SiteId(*id), visit.now);
    let (figures, plan) = visit
        .run(move |app| {
            app.db.read(|conn| {
                let figures = Figures::load(conn, id, now)?;
                let plans = sites::published_plans(conn)?;
                let plan = plans
                    .into_iter()
                    .find(|(id, _)| Some(*id) == figures.house.site.plan_id);
                Ok((figures, plan))
            })
        })
        .await?;
    let site = figures.house.site.clone();
    let page = page_of(&visit, &site.name, site.zone());
    html(&Overview {
        tabs: tabs(&page, id, "overview"),
        edits: visit.edits_site(),
        power: figures.power(),
        cooling: figures.cooling(),
        racks: figures.racks(),
        rack_count: figures.house.racks.len(),
        free: figures.free(),
        facts: facts(&page, &site, plan),
        rules: rules(&page, &figures.house.restrictions, figures.house.today),
        halls: figures.halls(),
        links: Links {
            power: format!("/sites/{id}/power"),
            cooling: format!("/sites/{id}/cooling"),
            racks: format!("/racks?site={id}"),
        },
        site,
        page,
    })
}

fn facts(page: &Page, site: &Site, plan: Option<(PlanId, String)>) -> Vec<Fact> {
    let plan = match plan {
        Some((id, name)) => Fact::new(page.t("site-plan"), name).linked(format!("/plans/{id}")),
        None => Fact::new(page.t("site-plan"), page.t("site-plan-none")),
    };
    vec![
        Fact::new(page.t("site-code"), &site.code),
        Fact::new(page.t("site-address"), &site.address),
        Fact::new(page.t("site-region"), region_name(page, &site.region_code))
            .linked("/restrictions"),
        Fact::new(page.t("site-zone"), &site.time_zone),
        Fact::new(
            page.t("site-hold"),
            page.t1("count-hours", "count", site.hold_hours),
        ),
        Fact::new(page.t("redundancy-rule"), redundancy(page, site.redundancy)),
        plan,
    ]
}

#[derive(Template)]
#[template(path = "site/site_form.html")]
struct SiteForm {
    page: Page,
    form: Form,
    action: String,
    cancel: String,
    rules: Vec<Choice>,
    plans: Vec<Choice>,
    regions: Vec<Choice>,
    zones: Vec<String>,
    broken: MayBreak,
}

/// Shows the form, new or come back.
async fn shown(
    visit: &Visit,
    site: Option<&Site>,
    form: Form,
    status: StatusCode,
    broken: MayBreak,
) -> Answer {
    let (plans, restrictions) = visit
        .read(|conn| Ok((sites::published_plans(conn)?, sites::restrictions(conn)?)))
        .await?;
    let (page, action, cancel) = match site {
        Some(site) => {
            let path = format!("/sites/{}", site.id);
            (page_of(visit, &site.name, site.zone()), path.clone(), path)
        }
        None => (
            visit.page("site-new"),
            "/sites".to_owned(),
            "/sites".to_owned(),
        ),
    };
    let mut regions: Vec<Choice> = restrictions
        .iter()
        .map(|row| Choice::new(&row.region_code, region_name(&page, &row.region_name)))
        .collect();
    regions.dedup_by(|a, b| a.value == b.value);
    let plans = plans
        .into_iter()
        .map(|(id, name)| Choice::new(id.to_string(), name))
        .collect();
    let zones = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    let zones = zones
        .filter(|name| name.contains('/'))
        .map(str::to_owned)
        .collect();
    html_with(
        status,
        &SiteForm {
            rules: redundancy_choices(&page),
            page,
            form,
            action,
            cancel,
            plans,
            regions,
            zones,
            broken,
        },
    )
}

pub async fn blank(visit: Visit) -> Answer {
    let form = Form::blank()
        .with("time_zone", "Europe/Moscow")
        .with("hold_hours", USUAL_HOLD)
        .with("redundancy", Redundancy::N);
    shown(&visit, None, form, StatusCode::OK, None).await
}

pub async fn edit(visit: Visit, id: web::Path<i64>) -> Answer {
    let site = visit
        .read(move |conn| sites::get(conn, SiteId(*id)))
        .await?;
    let form = Form::blank()
        .with("name", &site.name)
        .with("code", &site.code)
        .with("region", &site.region_code)
        .with("address", &site.address)
        .with("time_zone", &site.time_zone)
        .with("hold_hours", site.hold_hours)
        .with("redundancy", site.redundancy)
        .with(
            "plan",
            site.plan_id.map_or(String::new(), |id| id.to_string()),
        );
    shown(&visit, Some(&site), form, StatusCode::OK, None).await
}

fn parse(form: &mut Form, before: Site) -> Option<Site> {
    let name = form.text("name", NAME_MAX);
    let code = form.text("code", 20);
    let region = form.text("region", 20);
    let address = form.text("address", 250);
    let time_zone = form.choice("time_zone", |text| {
        Zone::parse(text).map(|_| text.to_owned())
    });
    let hold_hours = form.integer("hold_hours", HOLD_HOURS);
    let plan = form.optional("plan", |form| form.choice("plan", |id| id.parse().ok()));
    let redundancy = form.optional("redundancy", |form| {
        form.choice("redundancy", Redundancy::parse)
    });
    Some(Site {
        redundancy: redundancy?.unwrap_or(before.redundancy),
        name: name?,
        code: code?,
        region_code: region?,
        address: address?,
        time_zone: time_zone?,
        hold_hours: hold_hours?,
        plan_id: plan?,
        ..before
    })
}

async fn save(visit: Visit, before: Site, fields: Fields) -> Answer {
    let mut form = Form::from_values(fields.into_inner());
    let known = (before.id.0 != 0).then(|| before.clone());
    let Some(site) = parse(&mut form, before) else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return shown(&visit, known.as_ref(), form, status, None).await;
    };
    let (actor, now, agreed) = (visit.who.actor, visit.now, consent(&form));
    let result = visit
        .save_once(&form, move |app| {
            let id = service::sites::save(&app.db, &actor, now, &site, &agreed)?;
            Ok(format!("/sites/{id}?done=site-saved"))
        })
        .await;
    match saved(&visit.page("nav-sites"), &mut form, result)? {
        Saved::Yes(path) => Ok(see_other(&path)),
        Saved::No(status, broken) => shown(&visit, known.as_ref(), form, status, broken).await,
    }
}

pub async fn create(visit: Visit, fields: Fields) -> Answer {
    let site = Site {
        id: SiteId(0),
        code: String::new(),
        name: String::new(),
        region_code: String::new(),
        address: String::new(),
        time_zone: String::new(),
        hold_hours: USUAL_HOLD,
        plan_id: None,
        created_at: visit.now,
        redundancy: Redundancy::N,
    };
    save(visit, site, fields).await
}

pub async fn update(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let site = visit
        .read(move |conn| sites::get(conn, SiteId(*id)))
        .await?;
    save(visit, site, fields).await
}
