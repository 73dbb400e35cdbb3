//! Meters: the list, one with its latest readings, and its coming and going.

use super::words::{Fields, parameter};
use crate::db::Conn;
use crate::db::leasing::leases;
use crate::db::metering::devices::{self, Device, RegisterReading};
use crate::db::metering::meters::{self as rows, Filter, Listed, Meter};
use crate::db::metering::readings::{self, NamedCorrection, Reading};
use crate::db::site::sites::{self, Site};
use crate::db::site::{cooling, power, racks};
use crate::db::trail::{self, TrailRow};
use crate::domain::calendar::{Instant, Span};
use crate::domain::identity::access::Permission;
use crate::domain::ids::*;
use crate::domain::metering::meter::Purpose;
use crate::domain::metering::method::Method;
use crate::domain::metering::validate::Finding;
use crate::domain::units::Watts;
use crate::error::Result;
use crate::services::metering::{checks, meters as service};
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::leasing::history;
use crate::web::list::{Cursor, ListParams, ListSpec, PAGE_SIZE, page_of};
use crate::web::page::{Page, html, html_with, see_other};
use crate::web::parts::{Choice, Fact, Happening};
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use chrono::{Days, NaiveDate};
use std::collections::HashMap;

pub const SPEC: ListSpec = ListSpec {
    sorts: &["code"],
    descending: false,
    filters: &["site", "purpose", "state"],
};
/// Readings of a meter's page: two days of half-hours.
const LATEST: usize = 96;
/// How far back its readings are looked through for what is odd.
const CHECKED_SECONDS: i64 = 35 * 86_400;
/// A meter that said nothing for this long is silent.
const SILENT_SECONDS: i64 = 2 * 86_400;

/// A row as it is read.
pub struct Line {
    pub id: MeterId,
    pub code: String,
    /// The rack or the power node.
    pub place: String,
    pub lease: String,
    pub purpose: Purpose,
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
    pub last: Option<Instant>,
    pub state: &'static str,
}

impl Line {
    fn tone(&self) -> &'static str {
        match self.state {
            "serving" => "ok",
            "silent" => "warn",
            _ => "muted",
        }
    }
}

#[derive(Template)]
#[template(path = "metering/meters.html")]
struct Meters {
    page: Page,
    list: ListParams,
    rows: Vec<Line>,
    next: Option<String>,
    sites: Vec<Choice>,
    states: Vec<Choice>,
    purposes: Vec<Choice>,
    edits: bool,
    imports: bool,
}

pub fn filter(list: &ListParams, today: NaiveDate, limit: i64) -> Filter {
    Filter {
        site: list.filter("site").parse().ok(),
        purpose: Purpose::parse(list.filter("purpose")),
        search: list.q.clone(),
        open_on: (list.filter("state") != "all").then_some(today),
        after: list.after.as_ref().map(|cursor| cursor.value.clone()),
        limit,
    }
}

/// A page of the list with the end of each meter's latest reading.
pub fn load(conn: &mut Conn, filter: &Filter, now: Instant, today: NaiveDate) -> Result<Vec<Line>> {
    let found = rows::list(conn, filter)?;
    let ids: Vec<MeterId> = found.iter().map(|it| it.meter.id).collect();
    let last: HashMap<MeterId, Instant> = rows::last_readings(conn, &ids)?.into_iter().collect();
    Ok(found
        .into_iter()
        .map(|it| line(it, &last, now, today))
        .collect())
}

fn line(listed: Listed, last: &HashMap<MeterId, Instant>, now: Instant, today: NaiveDate) -> Line {
    let meter = listed.meter;
    let last = last.get(&meter.id).copied();
    Line {
        id: meter.id,
        state: state(&meter, last, now, today),
        code: meter.code,
        place: listed.rack.or(listed.node).unwrap_or_default(),
        purpose: meter.purpose,
        lease: listed.lease.unwrap_or_default(),
        from: meter.from_date,
        to: meter.to_date,
        last,
    }
}

fn state(meter: &Meter, last: Option<Instant>, now: Instant, today: NaiveDate) -> &'static str {
    if meter.to_date.is_some_and(|to| to <= today) {
        "closed"
    } else if meter.from_date > today {
        "coming"
    } else if last.is_none_or(|at| at.plus_seconds(SILENT_SECONDS) < now) {
        "silent"
    } else {
        "serving"
    }
}

pub async fn list(visit: Visit) -> Answer {
    let list = visit.list(SPEC);
    let now = visit.now;
    let today = super::words::house_zone(&visit).date(now);
    let filter = filter(&list, today, PAGE_SIZE + 1);
    let (rows, sites) = visit
        .read(move |conn| Ok((load(conn, &filter, now, today)?, sites::all(conn)?)))
        .await?;
    let (rows, next) = page_of(rows, &list, |row| Cursor::new(&row.code, row.id.0));
    let page = visit.page("nav-meters");
    html(&Meters {
        states: vec![Choice::new("all", page.t("meters-with-closed"))],
        purposes: purposes(&page),
        sites: site_choices(&sites),
        edits: visit.who.may(Permission::EditMeters),
        imports: visit.who.may(Permission::ImportReadings),
        page,
        list,
        rows,
        next,
    })
}

pub fn purposes(page: &Page) -> Vec<Choice> {
    let choice = |it: &Purpose| Choice::new(it.code(), page.code("meter-purpose", it.code()));
    Purpose::ALL.iter().map(choice).collect()
}

pub fn site_choices(sites: &[Site]) -> Vec<Choice> {
    let choice = |site: &Site| Choice::new(site.id.to_string(), &site.name);
    sites.iter().map(choice).collect()
}

struct ReadingLine {
    start: Instant,
    end: Instant,
    reading: Reading,
    watts: Watts,
    method: &'static str,
}

#[derive(Template)]
#[template(path = "metering/meter.html")]
struct Show {
    page: Page,
    id: MeterId,
    facts: Vec<Fact>,
    readings: Vec<ReadingLine>,
    corrections: Vec<NamedCorrection>,
    history: Vec<Happening>,
    devices: Vec<Device>,
    shown: Vec<RegisterReading>,
    findings: Vec<Finding>,
    day: Option<NaiveDate>,
    closes: bool,
    edits: bool,
    fills: bool,
}

struct Loaded {
    meter: Meter,
    site: Site,
    rack: Option<(RackId, String)>,
    lease: Option<(LeaseId, String)>,
    readings: Vec<Reading>,
    corrections: Vec<NamedCorrection>,
    node: Option<String>,
    zone: Option<String>,
    devices: Vec<Device>,
    shown: Vec<RegisterReading>,
    findings: Vec<Finding>,
    trail: Vec<(TrailRow, Option<String>)>,
}

fn load_one(conn: &mut Conn, id: MeterId, day: Option<NaiveDate>) -> Result<Loaded> {
    let meter = rows::get(conn, id)?;
    let rack = meter.rack_id.map(|id| racks::get(conn, id)).transpose()?;
    let lease = meter.lease_id.map(|id| leases::get(conn, id)).transpose()?;
    let node = meter.node_id.map(|id| power::get(conn, id)).transpose()?;
    let zone = meter.zone_id.map(|id| cooling::get(conn, id)).transpose()?;
    let shown = devices::latest_shown(conn, id, LATEST as i64)?;
    let site = sites::get(conn, meter.site_id)?;
    let last = rows::last_readings(conn, &[id])?.first().map(|(_, at)| *at);
    let to = last.unwrap_or(Instant(0));
    let span = day.map_or(
        Span {
            from: to.plus_seconds(-3 * 86_400),
            to,
        },
        |day| site.zone().span_of(day, day + Days::new(1)),
    );
    let mut readings = readings::of_meter(conn, id, span)?;
    readings.reverse();
    if day.is_none() {
        readings.truncate(LATEST);
    }
    let checked = Span {
        from: to.plus_seconds(-CHECKED_SECONDS),
        to,
    };
    let findings = checks::findings(conn, id, checked)?;
    Ok(Loaded {
        site,
        findings,
        rack: rack.map(|it| (it.id, it.name)),
        lease: lease.map(|it| (it.id, it.number)),
        readings,
        corrections: readings::corrections_of_meter(conn, id, 50)?,
        node: node.map(|it| it.name),
        zone: zone.map(|it| it.name),
        devices: devices::of_meters(conn, &[id])?,
        shown,
        trail: trail::of(conn, "meter", id.0, 50)?,
        meter,
    })
}

pub async fn show(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = MeterId(*id);
    let day = parameter(&visit, "day").and_then(|it| it.parse().ok());
    let loaded = visit.read(move |conn| load_one(conn, id, day)).await?;
    let page = visit.page("nav-meters");
    let title = page.t1("meter-title", "code", &loaded.meter.code);
    let mut page = page.named(title);
    page.zone = loaded.site.zone();
    html(&Show {
        id,
        facts: facts(&page, &loaded),
        history: history(&page, &loaded.trail),
        closes: visit.who.may(Permission::EditMeters) && loaded.meter.to_date.is_none(),
        edits: visit.who.may(Permission::EditMeters),
        fills: visit.who.may(Permission::ImportReadings),
        devices: loaded.devices,
        shown: loaded.shown,
        findings: loaded.findings,
        day,
        readings: loaded.readings.into_iter().map(reading_line).collect(),
        corrections: loaded.corrections,
        page,
    })
}

fn reading_line(reading: Reading) -> ReadingLine {
    let seconds = (reading.end_at.0 - reading.start_at.0).max(1);
    ReadingLine {
        start: reading.start_at,
        end: reading.end_at,
        watts: Watts(reading.wh.0.saturating_mul(3_600) / seconds),
        method: Method::of_number(reading.method).map_or("", Method::code),
        reading,
    }
}

fn facts(page: &Page, loaded: &Loaded) -> Vec<Fact> {
    let meter = &loaded.meter;
    let mut facts = vec![Fact::new(page.t("meter-site"), &loaded.site.name)];
    if let Some((id, name)) = &loaded.rack {
        facts.push(Fact::new(page.t("meter-rack"), name).linked(format!("/racks/{id}")));
    }
    if let Some((id, number)) = &loaded.lease {
        facts.push(Fact::new(page.t("meter-lease"), number).linked(format!("/leases/{id}/usage")));
    }
    if let Some(name) = &loaded.node {
        facts.push(Fact::new(page.t("meter-node"), name));
    }
    if let Some(name) = &loaded.zone {
        facts.push(Fact::new(page.t("meter-zone"), name));
    }
    let purpose = page.code("meter-purpose", meter.purpose.code());
    facts.push(Fact::new(page.t("meter-purpose"), purpose));
    facts.push(Fact::new(
        page.t("meter-reads"),
        page.code("meter-reads", meter.reads.code()),
    ));
    if let Some(code) = &meter.exchange_code {
        facts.push(Fact::new(page.t("meter-exchange-code"), code));
    }
    facts.push(Fact::new(page.t("meter-from"), page.date(meter.from_date)));
    if let Some(to) = meter.to_date {
        facts.push(Fact::new(page.t("meter-to"), page.date(to)));
    }
    if !meter.note.is_empty() {
        facts.push(Fact::new(page.t("meter-note"), &meter.note));
    }
    facts
}

#[derive(Template)]
#[template(path = "metering/meter_closing.html")]
struct Closing {
    page: Page,
    form: Form,
    id: MeterId,
}

async fn closing_page(visit: &Visit, id: MeterId, form: Form, status: StatusCode) -> Answer {
    let meter = visit.read(move |conn| rows::get(conn, id)).await?;
    let page = visit.page("nav-meters");
    let title = page.t1("meter-close-title", "code", &meter.code);
    html_with(
        status,
        &Closing {
            page: page.named(title),
            form,
            id,
        },
    )
}

pub async fn closing(visit: Visit, id: web::Path<i64>) -> Answer {
    closing_page(&visit, MeterId(*id), Form::blank(), StatusCode::OK).await
}

pub async fn close(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let id = MeterId(*id);
    let mut form = Form::from_values(fields.into_inner());
    let Some(to) = form.date("to") else {
        return closing_page(&visit, id, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let (actor, now) = (visit.who.actor, visit.now);
    match visit
        .run(move |app| service::close(&app.db, &actor, now, id, to))
        .await
    {
        Ok(()) => Ok(see_other(&format!("/meters/{id}?done=meter-closed"))),
        Err(error) => {
            form.absorb(error)?;
            closing_page(&visit, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}
