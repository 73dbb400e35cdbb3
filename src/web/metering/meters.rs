//! Meters: the list, one with its latest readings, and its coming and going.

use super::words::Fields;
use crate::db::Conn;
use crate::db::leasing::leases::{self, by_number as lease_by_number};
use crate::db::leasing::lists::{self, Narrow, Slice};
use crate::db::metering::meters::{self as rows, Filter, Listed, Meter};
use crate::db::metering::readings::{self, NamedCorrection, Reading};
use crate::db::site::racks;
use crate::db::site::sites::{self, Site};
use crate::db::trail::{self, TrailRow};
use crate::domain::calendar::{Instant, Span};
use crate::domain::identity::access::Permission;
use crate::domain::ids::*;
use crate::domain::message::Message;
use crate::domain::units::Watts;
use crate::error::Result;
use crate::services::metering::meters::{self as service, NewMeter};
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::leasing::history;
use crate::web::list::{Cursor, ListParams, ListSpec, PAGE_SIZE, page_of};
use crate::web::page::{Page, html, html_with, see_other};
use crate::web::parts::{Choice, Fact, Happening};
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web::{self, Query};
use askama::Template;
use chrono::NaiveDate;
use std::collections::HashMap;

pub const SPEC: ListSpec = ListSpec {
    sorts: &["code"],
    descending: false,
    filters: &["site", "state"],
};
const CODE_MAX: usize = 60;
const NOTE_MAX: usize = 500;
/// Leases that the form offers, the latest first; any other number may be typed.
const MOST_LEASES: i64 = 500;
/// Readings of a meter's page: two days of half-hours.
const LATEST: usize = 96;
/// A meter that said nothing for this long is silent.
const SILENT_SECONDS: i64 = 2 * 86_400;

/// A row as it is read.
pub struct Line {
    pub id: MeterId,
    pub code: String,
    pub place: String,
    pub lease: String,
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
    edits: bool,
    imports: bool,
}

pub fn filter(list: &ListParams, today: NaiveDate, limit: i64) -> Filter {
    Filter {
        site: list.filter("site").parse().ok(),
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
        place: listed.rack.unwrap_or_default(),
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
        sites: site_choices(&sites),
        edits: visit.who.may(Permission::EditMeters),
        imports: visit.who.may(Permission::ImportReadings),
        page,
        list,
        rows,
        next,
    })
}

fn site_choices(sites: &[Site]) -> Vec<Choice> {
    let choice = |site: &Site| Choice::new(site.id.to_string(), &site.name);
    sites.iter().map(choice).collect()
}

#[derive(Template)]
#[template(path = "metering/meter_form.html")]
struct MeterForm {
    page: Page,
    form: Form,
    sites: Vec<Choice>,
    /// Numbers of leases that have not ended, with whose they are.
    leases: Vec<Choice>,
}

async fn asked(visit: &Visit, form: Form, status: StatusCode) -> Answer {
    let today = super::words::house_zone(visit).date(visit.now);
    let slice = Slice {
        sort: "id",
        descending: true,
        limit: MOST_LEASES,
        ..Slice::default()
    };
    let (sites, leases) = visit
        .read(move |conn| {
            let leases = lists::leases(conn, &Narrow::default(), &slice, today)?;
            Ok((sites::all(conn)?, leases))
        })
        .await?;
    let running = leases
        .into_iter()
        .filter(|((lease, _), ..)| lease.end_date.is_none_or(|end| end > today));
    let template = MeterForm {
        page: visit.page("meter-new"),
        form,
        sites: site_choices(&sites),
        leases: running
            .map(|((lease, _), tenant, site)| {
                Choice::new(lease.number, format!("{tenant} · {site}"))
            })
            .collect(),
    };
    html_with(status, &template)
}

/// What is known of the meter: `?rack=…&lease=…&site=…&code=…`; else the house's first site.
pub async fn blank(visit: Visit, known: Query<HashMap<String, String>>) -> Answer {
    let id = |name: &str| known.get(name).and_then(|id| id.parse().ok());
    let (rack, lease) = (id("rack").map(RackId), id("lease").map(LeaseId));
    let (rack, lease, sites) = visit
        .read(move |conn| {
            let rack = rack.map(|id| racks::get(conn, id)).transpose()?;
            let lease = lease.map(|id| leases::get(conn, id)).transpose()?;
            Ok((rack, lease, sites::all(conn)?))
        })
        .await?;
    let today = super::words::house_zone(&visit).date(visit.now);
    let of_lease = lease.as_ref().map(|lease| lease.site_id);
    let site = rack.as_ref().map(|rack| rack.site_id).or(of_lease);
    let site = site
        .or(id("site").map(SiteId))
        .or(sites.iter().map(|site| site.id).min());
    let mut form = Form::blank()
        .with("code", known.get("code").map_or("", String::as_str))
        // What a lease draws is billed from its first day on.
        .with("from", lease.as_ref().map_or(today, |it| it.start_date));
    if let Some(site) = site {
        form = form.with("site", site);
    }
    if let Some(rack) = rack {
        form = form.with("rack", rack.name);
    }
    if let Some(lease) = lease {
        form = form.with("lease", lease.number);
    }
    asked(&visit, form, StatusCode::OK).await
}

pub async fn create(visit: Visit, fields: Fields) -> Answer {
    let mut form = Form::from_values(fields.into_inner());
    let code = form.text("code", CODE_MAX);
    let site = form.choice("site", |text| text.parse().ok().map(SiteId));
    let rack = form.optional("rack", |form| form.text("rack", CODE_MAX));
    let lease = form.optional("lease", |form| form.text("lease", CODE_MAX));
    let from = form.date("from");
    let note = form.optional("note", |form| form.text("note", NOTE_MAX));
    let (Some(code), Some(site), Some(rack), Some(lease), Some(from), Some(note)) =
        (code, site, rack, lease, from, note)
    else {
        return asked(&visit, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let named = visit.read({
        let (rack, lease) = (rack.clone(), lease.clone());
        move |conn| {
            let rack = rack
                .map(|name| racks::by_name(conn, site, &name))
                .transpose()?
                .flatten();
            let lease = lease
                .map(|number| lease_by_number(conn, &number))
                .transpose()?
                .flatten();
            Ok((rack.map(|it| it.id), lease.map(|it| it.id)))
        }
    });
    let (rack_id, lease_id) = named.await?;
    if rack.is_some() && rack_id.is_none() {
        form.fail("rack", Message::new("meter-rack-unknown"));
    }
    if lease.is_some() && lease_id.is_none() {
        form.fail("lease", Message::new("meter-lease-unknown"));
    }
    if !form.ok() {
        return asked(&visit, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let new = NewMeter {
        site,
        code,
        rack: rack_id,
        lease: lease_id,
        from,
        note: note.unwrap_or_default(),
    };
    let (actor, now) = (visit.who.actor, visit.now);
    match visit
        .run(move |app| service::create(&app.db, &actor, now, &new))
        .await
    {
        Ok(id) => Ok(see_other(&format!("/meters/{id}?done=meter-added"))),
        Err(error) => {
            form.absorb(error)?;
            asked(&visit, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

struct ReadingLine {
    start: Instant,
    end: Instant,
    reading: Reading,
    watts: Watts,
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
    closes: bool,
    fills: bool,
}

struct Loaded {
    meter: Meter,
    site: Site,
    rack: Option<(RackId, String)>,
    lease: Option<(LeaseId, String)>,
    readings: Vec<Reading>,
    corrections: Vec<NamedCorrection>,
    trail: Vec<(TrailRow, Option<String>)>,
}

fn load_one(conn: &mut Conn, id: MeterId) -> Result<Loaded> {
    let meter = rows::get(conn, id)?;
    let rack = meter.rack_id.map(|id| racks::get(conn, id)).transpose()?;
    let lease = meter.lease_id.map(|id| leases::get(conn, id)).transpose()?;
    let last = rows::last_readings(conn, &[id])?.first().map(|(_, at)| *at);
    let to = last.unwrap_or(Instant(0));
    let span = Span {
        from: to.plus_seconds(-3 * 86_400),
        to,
    };
    let mut readings = readings::of_meter(conn, id, span)?;
    readings.reverse();
    readings.truncate(LATEST);
    Ok(Loaded {
        site: sites::get(conn, meter.site_id)?,
        rack: rack.map(|it| (it.id, it.name)),
        lease: lease.map(|it| (it.id, it.number)),
        readings,
        corrections: readings::corrections_of_meter(conn, id, 50)?,
        trail: trail::of(conn, "meter", id.0, 50)?,
        meter,
    })
}

pub async fn show(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = MeterId(*id);
    let loaded = visit.read(move |conn| load_one(conn, id)).await?;
    let page = visit.page("nav-meters");
    let title = page.t1("meter-title", "code", &loaded.meter.code);
    let mut page = page.named(title);
    page.zone = loaded.site.zone();
    html(&Show {
        id,
        facts: facts(&page, &loaded),
        history: history(&page, &loaded.trail),
        closes: visit.who.may(Permission::EditMeters) && loaded.meter.to_date.is_none(),
        fills: visit.who.may(Permission::ImportReadings),
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
