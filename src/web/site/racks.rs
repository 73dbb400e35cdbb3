//! One rack: where it stands, what it has and who stands in it; its form.

use super::common::{Fields, MayBreak, NAME_MAX, Saved, codes, consent, page_of, saved};
use super::floor::elevation::{Card, card};
use super::rack_list::sorted;
use crate::db::site::on_rack::{self, RackMeter, Standing};
use crate::db::site::racks::{self, Rack};
use crate::db::site::sites::{self, Site};
use crate::db::site::{cooling, halls, power};
use crate::db::trail::{self, TrailRow};
use crate::domain::fold::fold;
use crate::domain::ids::*;
use crate::domain::leasing::state::ReservationState;
use crate::domain::site::{NodeKind, RackKind, RackPhase};
use crate::domain::units::Watts;
use crate::services::leasing::ready::Ready;
use crate::services::site as service;
use crate::services::site::elevation::Elevation;
use crate::services::site::figures::Load;
use crate::services::site::floor::RackOn;
use crate::services::site::one_rack::{self, FeedStep, RackFigures};
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, Tone, html, html_with, see_other};
use crate::web::parts::{Choice, EmptyPage, Fact, Happening, Notice};
use crate::web::problem::Problem;
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use chrono::{Days, NaiveDate};
use diesel::OptionalExtension;
use rust_decimal::Decimal;

/// Entries of the history that a page shows.
const HISTORY: i64 = 10;

#[derive(Template)]
#[template(path = "site/rack.html")]
struct RackPage {
    page: Page,
    rack: Rack,
    site: Site,
    edits: bool,
    slots: (i64, i64),
    load: Load,
    facts: Vec<Fact>,
    feeds: Vec<Vec<FeedStep>>,
    zone: (String, String, Load),
    guests: Vec<Guest>,
    meters: Vec<RackMeter>,
    history: Vec<Happening>,
    /// From its top slot down.
    card: Card,
}

struct Loaded {
    rack: Rack,
    figures: RackFigures,
    row: String,
    standing: Vec<Standing>,
    meters: Vec<RackMeter>,
    history: Vec<(TrailRow, Option<String>)>,
    here: RackOn,
    elevation: Elevation,
}

pub async fn show(visit: Visit, id: web::Path<i64>) -> Answer {
    let (id, now) = (RackId(*id), visit.now);
    let loaded = visit
        .run(move |app| {
            app.db.read(|conn| {
                let rack = racks::get(conn, id)?;
                let ready = Ready::load(&app.db, conn, rack.site_id, now)?;
                let today = ready.house.today;
                let here = RackOn::today(conn, &ready, &rack, now)?;
                Ok(Loaded {
                    elevation: Elevation::load(conn, &here, today)?,
                    here,
                    row: halls::row(conn, rack.row_id)?.name,
                    standing: on_rack::standing(conn, id, now, today)?,
                    meters: on_rack::meters_on(conn, id)?,
                    history: trail::of(conn, "rack", id.0, HISTORY)?,
                    figures: one_rack::figures(&ready, &rack)?,
                    rack,
                })
            })
        })
        .await?;
    html(&rack_page(&visit, loaded)?)
}

fn rack_page(visit: &Visit, loaded: Loaded) -> Result<RackPage, Problem> {
    let (rack, figures) = (loaded.rack, loaded.figures);
    let (site, used) = (figures.site, figures.slots_used);
    let page = page_of(visit, &rack.name, site.zone());
    let first = |feed: &Vec<FeedStep>| feed.first().map(|step| step.name.clone());
    let feeds: Vec<String> = figures.feeds.iter().filter_map(first).collect();
    let stands_on = (feeds.join(" + "), figures.zone.clone());
    let card = card(&page, &loaded.here, &loaded.elevation, stands_on);
    Ok(RackPage {
        edits: visit.edits_site(),
        slots: (used, rack.slots - used),
        load: figures.load,
        facts: facts(&page, &rack, &site, &figures.hall, &loaded.row),
        feeds: figures.feeds,
        zone: (
            figures.zone,
            page.code("site-cooling", figures.cooling),
            figures.zone_load,
        ),
        guests: loaded.standing.into_iter().map(guest).collect(),
        meters: loaded.meters,
        history: history(&page, &loaded.history),
        card,
        rack,
        site,
        page,
    })
}

fn facts(page: &Page, rack: &Rack, site: &Site, hall: &str, row: &str) -> Vec<Fact> {
    vec![
        Fact::new(page.t("site-noun"), &site.name).linked(format!("/sites/{}", site.id)),
        Fact::new(page.t("site-hall"), hall)
            .linked(format!("/racks?site={}&hall={}", site.id, rack.hall_id)),
        Fact::new(page.t("site-row"), row).linked(format!(
            "/racks?site={}&hall={}&row={}",
            site.id, rack.hall_id, rack.row_id
        )),
        Fact::new(
            page.t("site-rack-kind"),
            page.code("site-rack-kind", rack.kind),
        ),
        Fact::new(
            page.t("site-rack-phase"),
            page.code("site-rack-phase", rack.phase),
        ),
        Fact::new(page.t("site-slots"), page.int(rack.slots)),
        Fact::new(page.t("site-limit"), page.kw(rack.limit_watts)),
    ]
}

fn history(page: &Page, rows: &[(TrailRow, Option<String>)]) -> Vec<Happening> {
    rows.iter()
        .map(|(row, name)| {
            let who = name.clone().unwrap_or_else(|| page.t("site-trail-house"));
            let key = if row.action == "create" {
                "site-trail-created"
            } else {
                "site-trail-changed"
            };
            Happening {
                at: page.dt(row.at),
                text: page.t1(key, "who", who),
            }
        })
        .collect()
}

/// A tenant's machines in the rack.
struct Guest {
    row: Standing,
    /// The end of a key: `site-reservation-…`.
    state: &'static str,
    watts: Watts,
    /// The last day, if there is one.
    last: Option<NaiveDate>,
}

fn guest(row: Standing) -> Guest {
    let state = match (row.state, row.assigned_at) {
        (ReservationState::Leased, _) => "leased",
        (_, Some(_)) => "assigned",
        _ => "held",
    };
    Guest {
        state,
        watts: Watts(row.units * row.watts_each.0),
        last: row.to.map(|to| to - Days::new(1)),
        row,
    }
}

#[derive(Template)]
#[template(path = "site/rack_form.html")]
struct RackForm {
    page: Page,
    form: Form,
    site: Site,
    action: String,
    cancel: String,
    rows: Vec<Choice>,
    kinds: Vec<Choice>,
    phases: Vec<Choice>,
    feeds: Vec<Choice>,
    zones: Vec<Choice>,
    broken: MayBreak,
}

async fn shown(
    visit: &Visit,
    rack: &Rack,
    title: Option<&str>,
    form: Form,
    (status, broken): (StatusCode, MayBreak),
) -> Answer {
    let site = rack.site_id;
    let (site, halls, rows, nodes, zones) = visit
        .read(move |conn| {
            Ok((
                sites::get(conn, site)?,
                halls::of_site(conn, site)?,
                halls::rows_of_site(conn, site)?,
                power::of_site(conn, site)?,
                cooling::of_site(conn, site)?,
            ))
        })
        .await?;
    let feed = |node: &power::PowerNode| node.kind == NodeKind::Feed;
    let first = [
        (rows.is_empty(), "row", "halls"),
        (!nodes.iter().any(feed), "feed", "power"),
        (zones.is_empty(), "zone", "cooling"),
    ];
    if rack.id == RackId(0) && first.iter().any(|(lacks, ..)| *lacks) {
        return before_racks(visit, site.id, &first);
    }
    let page = match title {
        Some(name) => page_of(visit, name, site.zone()),
        None => visit.page("site-rack-new"),
    };
    let hall = |id| {
        halls
            .iter()
            .find(|hall| hall.id == id)
            .map_or("", |hall| hall.name.as_str())
    };
    let rows = rows
        .iter()
        .map(|row| (row.id.0, format!("{} · {}", hall(row.hall_id), row.name)));
    let feeds = nodes.iter().filter(|node| node.kind == NodeKind::Feed);
    let zones = zones.iter().map(|z| {
        (
            z.id.0,
            format!("{} ({})", z.name, page.code("site-cooling", z.kind)),
        )
    });
    let (action, cancel) = match rack.id {
        RackId(0) => ("/racks".to_owned(), format!("/racks?site={}", site.id)),
        id => (format!("/racks/{id}"), format!("/racks/{id}")),
    };
    let template = RackForm {
        rows: sorted(rows),
        kinds: codes(&page, "site-rack-kind", RackKind::ALL),
        phases: codes(&page, "site-rack-phase", RackPhase::ALL),
        feeds: sorted(feeds.map(|node| (node.id.0, node.name.clone()))),
        zones: sorted(zones),
        page,
        form,
        site,
        action,
        cancel,
        broken,
    };
    html_with(status, &template)
}

/// A rack before it has anything.
fn unborn(site: SiteId) -> Rack {
    Rack {
        id: RackId(0),
        site_id: site,
        hall_id: HallId(0),
        row_id: RowId(0),
        name: String::new(),
        name_folded: String::new(),
        kind: RackKind::Frame,
        slots: 0,
        limit_watts: Watts::ZERO,
        phase: RackPhase::Three,
        feed_a: NodeId(0),
        feed_b: None,
        zone_id: ZoneId(0),
        x: None,
        y: None,
        turn: None,
    }
}

#[derive(Template)]
#[template(path = "site/rack_first.html")]
struct BeforeRacks {
    page: Page,
    site: SiteId,
    first: Vec<Notice>,
}

/// A rack stands in a row, on a feed, in a zone: those come first, in any order.
fn before_racks(visit: &Visit, site: SiteId, first: &[(bool, &str, &str)]) -> Answer {
    let page = visit.page("site-rack-new");
    let lacking = first.iter().filter(|(lacks, ..)| *lacks);
    let notice = |(_, what, tab): &(bool, &str, &str)| Notice {
        tone: Tone::Warn,
        title: page.code("site-rack-first", what),
        note: page.t(&format!("site-rack-first-{what}-note")),
        href: format!("/sites/{site}/{tab}"),
    };
    html(&BeforeRacks {
        first: lacking.map(notice).collect(),
        page,
        site,
    })
}

/// A rack stands on a site: that comes first.
fn no_site(visit: &Visit) -> Answer {
    let page = visit.page("site-rack-new");
    html(&EmptyPage {
        title: page.t("nothing-site"),
        text: page.t("site-rack-no-site"),
        action: page.t("nothing-site-go"),
        href: "/sites/new".to_owned(),
        page,
    })
}

/// `?site=…` says where; without it the first site is meant.
pub async fn blank(visit: Visit) -> Answer {
    let wanted = visit
        .query
        .split('&')
        .find_map(|pair| pair.strip_prefix("site=")?.parse().ok());
    let site = match wanted {
        Some(site) => site,
        None => {
            let first = visit
                .read(|conn| Ok(sites::first(conn).optional()?))
                .await?;
            match first {
                Some(site) => site.id,
                None => return no_site(&visit),
            }
        }
    };
    let form = Form::blank()
        .with("site", site)
        .with("kind", RackKind::Frame)
        .with("phase", RackPhase::Three);
    shown(&visit, &unborn(site), None, form, (StatusCode::OK, None)).await
}

pub async fn edit(visit: Visit, id: web::Path<i64>) -> Answer {
    let rack = visit
        .read(move |conn| racks::get(conn, RackId(*id)))
        .await?;
    let form = Form::blank()
        .with("site", rack.site_id)
        .with("name", &rack.name)
        .with("row", rack.row_id)
        .with("kind", rack.kind)
        .with("phase", rack.phase)
        .with("slots", rack.slots)
        .with("limit_kw", visit.reader.typed(rack.limit_watts.kilo()))
        .with("feed_a", rack.feed_a)
        .with(
            "feed_b",
            rack.feed_b.map_or(String::new(), |id| id.to_string()),
        )
        .with("zone", rack.zone_id);
    let name = rack.name.clone();
    shown(&visit, &rack, Some(&name), form, (StatusCode::OK, None)).await
}

fn parse(form: &mut Form, before: Rack) -> Option<Rack> {
    let name = form.text("name", NAME_MAX);
    let row = form.choice("row", |id| id.parse().ok());
    let kind = form.choice("kind", RackKind::parse);
    let phase = form.choice("phase", RackPhase::parse);
    let slots = form.integer("slots", 1..=10_000);
    let limit = form.decimal("limit_kw", Decimal::new(1, 3)..=Decimal::from(100_000), 3);
    let feed_a = form.choice("feed_a", |id| id.parse().ok());
    let feed_b = form.optional("feed_b", |form| form.choice("feed_b", |id| id.parse().ok()));
    let zone = form.choice("zone", |id| id.parse().ok());
    let name = name?;
    Some(Rack {
        name_folded: fold(&name),
        name,
        row_id: row?,
        kind: kind?,
        phase: phase?,
        slots: slots?,
        limit_watts: Watts::from_kilo(limit?)?,
        feed_a: feed_a?,
        feed_b: feed_b?,
        zone_id: zone?,
        ..before
    })
}

async fn save(visit: Visit, before: Rack, fields: Fields) -> Answer {
    let mut form = Form::from_values(fields.into_inner());
    let title = (before.id.0 != 0).then(|| before.name.clone());
    let Some(rack) = parse(&mut form, before.clone()) else {
        let wrong = (StatusCode::UNPROCESSABLE_ENTITY, None);
        return shown(&visit, &before, title.as_deref(), form, wrong).await;
    };
    let (actor, now, agreed) = (visit.who.actor, visit.now, consent(&form));
    let result = visit
        .save_once(&form, move |app| {
            let hall_id = halls::row(&mut *app.db.get()?, rack.row_id)?.hall_id;
            let id =
                service::racks::save(&app.db, &actor, now, &Rack { hall_id, ..rack }, &agreed)?;
            Ok(format!("/racks/{id}?done=site-saved"))
        })
        .await;
    match saved(&visit.page("nav-sites"), &mut form, result)? {
        Saved::Yes(path) => Ok(see_other(&path)),
        Saved::No(status, broken) => {
            shown(&visit, &before, title.as_deref(), form, (status, broken)).await
        }
    }
}

pub async fn create(visit: Visit, fields: Fields) -> Answer {
    let site = fields
        .get("site")
        .and_then(|id| id.parse().ok())
        .ok_or(Problem::NotFound)?;
    save(visit, unborn(site), fields).await
}

pub async fn update(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let rack = visit
        .read(move |conn| racks::get(conn, RackId(*id)))
        .await?;
    save(visit, rack, fields).await
}
