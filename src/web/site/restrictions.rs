//! What regions forbid: in force, or announced and only shown.

use super::common::{Fields, MayBreak, Saved, codes, consent, region_name, saved, seeded};
use crate::db::site::sites::{self, ANNOUNCED, IN_FORCE, Restriction, Site};
use crate::domain::ids::RestrictionId;
use crate::domain::message::Message;
use crate::domain::site::Workload;
use crate::services::leasing::house::month_day;
use crate::services::site as service;
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, html, html_with, see_other};
use crate::web::parts::Choice;
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use chrono::{Days, NaiveDate};

/// A leap year: every day of a season exists in it.
const ANY_YEAR: i32 = 2028;

struct Region {
    code: String,
    name: String,
    sites: Vec<Site>,
    rules: Vec<Rule>,
}

struct Rule {
    id: RestrictionId,
    text: String,
    status: String,
    over: bool,
    note: String,
}

#[derive(Template)]
#[template(path = "site/restrictions.html")]
struct Restrictions {
    page: Page,
    edits: bool,
    regions: Vec<Region>,
}

pub async fn list(visit: Visit) -> Answer {
    let (rows, sites) = visit
        .read(|conn| Ok((sites::restrictions(conn)?, sites::all(conn)?)))
        .await?;
    let page = visit.page("site-restrictions");
    let today = page.zone.date(visit.now);
    let mut regions: Vec<Region> = vec![];
    for row in &rows {
        let known = regions
            .iter()
            .position(|region| region.code == row.region_code);
        let at = known.unwrap_or_else(|| {
            regions.push(Region {
                code: row.region_code.clone(),
                name: region_name(&page, &row.region_name),
                sites: sites
                    .iter()
                    .filter(|site| site.region_code == row.region_code)
                    .cloned()
                    .collect(),
                rules: vec![],
            });
            regions.len() - 1
        });
        regions[at].rules.push(Rule {
            id: row.id,
            text: sentence(&page, row),
            status: row.status.clone(),
            over: row.valid_to.is_some_and(|to| to <= today),
            note: seeded(&page, &row.note),
        });
    }
    // What concerns our own sites is read first.
    regions.sort_by_key(|region| (region.sites.is_empty(), region.name.clone()));
    html(&Restrictions {
        edits: visit.edits_site(),
        page,
        regions,
    })
}

/// `Mining is forbidden every year from 15 November to 15 March, until 15 March 2031`.
pub fn sentence(page: &Page, row: &Restriction) -> String {
    let what = page.code("site-workload", row.workload);
    let from = page.date_long(row.valid_from);
    let last = row.valid_to.map(|to| page.date_long(to - Days::new(1)));
    let season = row
        .season_from
        .as_deref()
        .and_then(day_of)
        .zip(row.season_to.as_deref().and_then(day_of));
    match (season, last) {
        (Some((start, end)), last) => {
            let days = page.t2(
                "site-rule-days",
                "from",
                page.date_day(start),
                "to",
                page.date_day(end - Days::new(1)),
            );
            match last {
                Some(last) => page.t3(
                    "site-rule-season-until",
                    ("what", what),
                    ("days", days),
                    ("to", last),
                ),
                None => page.t2("site-rule-season", "what", what, "days", days),
            }
        }
        (None, Some(last)) => page.t3(
            "site-rule-until",
            ("what", what),
            ("from", from),
            ("to", last),
        ),
        (None, None) => page.t2("site-rule-from", "what", what, "from", from),
    }
}

/// `MM-DD` as a day of some year.
fn day_of(text: &str) -> Option<NaiveDate> {
    let (month, day) = month_day(text).ok()?;
    NaiveDate::from_ymd_opt(ANY_YEAR, month, day)
}

#[derive(Template)]
#[template(path = "site/restriction_form.html")]
struct RestrictionForm {
    page: Page,
    form: Form,
    action: String,
    workloads: Vec<Choice>,
    statuses: Vec<Choice>,
    broken: MayBreak,
}

fn shown(
    visit: &Visit,
    id: RestrictionId,
    form: Form,
    status: StatusCode,
    broken: MayBreak,
) -> Answer {
    let (page, action) = match id {
        RestrictionId(0) => (
            visit.page("site-restriction-new"),
            "/restrictions".to_owned(),
        ),
        id => (
            visit.page("site-restriction-edit"),
            format!("/restrictions/{id}"),
        ),
    };
    let workloads = codes(&page, "site-workload-noun", Workload::ALL);
    let statuses = codes(&page, "site-restriction-status", &[IN_FORCE, ANNOUNCED]);
    html_with(
        status,
        &RestrictionForm {
            page,
            form,
            action,
            workloads,
            statuses,
            broken,
        },
    )
}

pub async fn blank(visit: Visit) -> Answer {
    let form = Form::blank()
        .with("workload", Workload::Mining)
        .with("status", IN_FORCE);
    shown(&visit, RestrictionId(0), form, StatusCode::OK, None)
}

pub async fn edit(visit: Visit, id: web::Path<i64>) -> Answer {
    let row = visit
        .read(move |conn| sites::restriction(conn, RestrictionId(*id)))
        .await?;
    let season = |text: &Option<String>, back: u64| {
        let day = text
            .as_deref()
            .and_then(day_of)
            .map(|day| day - Days::new(back));
        day.map_or(String::new(), |day| day.format("%d.%m").to_string())
    };
    let form = Form::blank()
        .with("region_code", &row.region_code)
        .with("region_name", &row.region_name)
        .with("workload", row.workload)
        .with("valid_from", row.valid_from)
        .with(
            "valid_to",
            row.valid_to
                .map_or(String::new(), |to| (to - Days::new(1)).to_string()),
        )
        .with("season_from", season(&row.season_from, 0))
        .with("season_to", season(&row.season_to, 1))
        .with("status", &row.status)
        .with("note", &row.note);
    shown(&visit, row.id, form, StatusCode::OK, None)
}

/// A day of the year as people write it, `15.11`; kept as `MM-DD`, the end as the day after.
fn season_day(form: &mut Form, name: &str, later: u64) -> Option<String> {
    let text = form.text(name, 10)?;
    let day = text
        .split_once(['.', '/'])
        .and_then(|(day, month)| {
            Some((
                day.trim().parse().ok()?,
                month.trim().trim_end_matches('.').parse().ok()?,
            ))
        })
        .and_then(|(day, month): (u32, u32)| NaiveDate::from_ymd_opt(ANY_YEAR, month, day));
    match day {
        Some(day) => Some((day + Days::new(later)).format("%m-%d").to_string()),
        None => {
            form.fail(name, Message::new("site-error-season"));
            None
        }
    }
}

fn parse(form: &mut Form, id: RestrictionId) -> Option<Restriction> {
    let region_code = form.text("region_code", 20);
    let region_name = form.text("region_name", 120);
    let workload = form.choice("workload", Workload::parse);
    let valid_from = form.date("valid_from");
    let valid_to = form.optional("valid_to", |form| form.date("valid_to"));
    let season_from = form.optional("season_from", |form| season_day(form, "season_from", 0));
    let season_to = form.optional("season_to", |form| season_day(form, "season_to", 1));
    let status = form.choice("status", |code| {
        [IN_FORCE, ANNOUNCED]
            .contains(&code)
            .then(|| code.to_owned())
    });
    let note = form.optional("note", |form| form.text("note", 250));
    Some(Restriction {
        id,
        region_code: region_code?,
        region_name: region_name?,
        workload: workload?,
        valid_from: valid_from?,
        valid_to: valid_to?.and_then(|last| last.checked_add_days(Days::new(1))),
        season_from: season_from?,
        season_to: season_to?,
        status: status?,
        note: note?.unwrap_or_default(),
    })
}

async fn save(visit: Visit, id: RestrictionId, fields: Fields) -> Answer {
    let mut form = Form::from_values(fields.into_inner());
    let Some(row) = parse(&mut form, id) else {
        return shown(&visit, id, form, StatusCode::UNPROCESSABLE_ENTITY, None);
    };
    let (actor, now, agreed) = (visit.who.actor, visit.now, consent(&form));
    let result = visit
        .save_once(&form, move |app| {
            service::sites::save_restriction(&app.db, &actor, now, &row, &agreed)?;
            Ok("/restrictions?done=site-saved".to_owned())
        })
        .await;
    match saved(&visit.page("nav-sites"), &mut form, result)? {
        Saved::Yes(path) => Ok(see_other(&path)),
        Saved::No(status, broken) => shown(&visit, id, form, status, broken),
    }
}

pub async fn create(visit: Visit, fields: Fields) -> Answer {
    save(visit, RestrictionId(0), fields).await
}

pub async fn update(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let id = visit
        .read(move |conn| sites::restriction(conn, RestrictionId(*id)))
        .await?
        .id;
    save(visit, id, fields).await
}
