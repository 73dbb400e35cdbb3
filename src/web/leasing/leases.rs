//! The list of leases, one of them, and its end with notice.

use super::lease_meter::{Metering, metering};
use super::left::{self, Left};
use super::listed;
use super::places::{Place, places};
use super::reservations::{linked, told};
use super::words;
use crate::db::leasing::leases::{self as rows, Lease, LeaseEvent, LeaseTerm};
use crate::db::leasing::lists::{self, LeaseRow, Totals};
use crate::db::metering::usage::LeaseMonth;
use crate::db::site::machines::ListedMachine;
use crate::db::{Conn, trail};
use crate::domain::calendar::{Instant, Month};
use crate::domain::identity::access::Permission;
use crate::domain::ids::*;
use crate::domain::leasing::state::{LeaseState, lease_state};
use crate::domain::money::Currency;
use crate::domain::units::Watts;
use crate::error::{Error, Result};
use crate::services::leasing::leases::{earliest_end, give_notice as end_lease};
use crate::services::metering::usage;
use crate::web::door::{Visit, Who};
use crate::web::form::Form;
use crate::web::list::{ListParams, ListSpec, page_of};
use crate::web::page::{Page, Tone, html, html_with, see_other};
use crate::web::parts::{Choice, Fact, Happening};
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use chrono::NaiveDate;
use std::collections::HashMap;

pub const SPEC: ListSpec = ListSpec {
    sorts: &["id", "tenant", "from", "units"],
    descending: true,
    filters: &["state", "site"],
};
const STATES: [&str; 4] = ["active", "upcoming", "notice", "ended"];

#[derive(Template)]
#[template(path = "leasing/leases.html")]
struct ListPage {
    page: Page,
    list: ListParams,
    rows: Vec<Line>,
    next: Option<String>,
    states: Vec<Choice>,
    sites: Vec<Choice>,
    operator: bool,
    totals: Totals,
    /// Where a contract that already runs is entered.
    enter: Option<String>,
}

/// A row as it is read.
pub struct Line {
    pub id: LeaseId,
    pub number: String,
    pub tenant: String,
    pub site: String,
    pub model: String,
    pub units: i64,
    pub contracted: Watts,
    pub window: String,
    pub state: String,
    tone: &'static str,
}

/// Where a lease stands on a day: its text key's end and its tone.
fn state(lease: &Lease, today: NaiveDate) -> (&'static str, Tone) {
    let noticed = lease.notice_at.is_some();
    let state = lease_state(lease.start_date, lease.end_date, noticed, today);
    let tone = match state {
        LeaseState::Ended => Tone::Muted,
        LeaseState::Upcoming => Tone::Info,
        LeaseState::Notice => Tone::Warn,
        LeaseState::Active => Tone::Ok,
    };
    (state.code(), tone)
}

/// Today at the house's first site: what lists are drawn for.
pub fn today(visit: &Visit) -> NaiveDate {
    let zone = visit.who.site.as_ref().map(|(_, zone)| *zone);
    zone.map_or_else(|| visit.now.utc().date(), |zone| zone.date(visit.now))
}

pub async fn list(visit: Visit) -> Answer {
    let list = visit.list(SPEC);
    let narrow = listed::narrow(&list, &visit.who);
    let (slice, today) = (listed::slice(&list), today(&visit));
    let (found, totals, contracted, sites) = visit
        .read(move |conn| {
            let found = lists::leases(conn, &narrow, &slice, today)?;
            let ids: Vec<LeaseId> = found.iter().map(|((lease, _), ..)| lease.id).collect();
            let contracted = lists::contracted(conn, &ids, today)?;
            let totals = lists::lease_totals(conn, &narrow, &slice, today)?;
            Ok((found, totals, contracted, listed::site_choices(conn)?))
        })
        .await?;
    let (found, next) = page_of(found, &list, |row| lists::after_lease(list.sort, row));
    let page = visit.page("nav-leases");
    html(&ListPage {
        rows: found
            .iter()
            .map(|row| line(&page, row, &contracted, today))
            .collect(),
        states: STATES
            .iter()
            .map(|code| Choice::new(*code, page.code("lease-state", code)))
            .collect(),
        operator: visit.who.actor.tenant.is_none(),
        enter: visit.who.may(Permission::EnterContract).then(|| {
            let month = Month::of(today).previous();
            format!("/availability?from={}", month.first())
        }),
        page,
        list,
        next,
        sites,
        totals,
    })
}

pub fn line(
    page: &Page,
    ((lease, held), tenant, site): &LeaseRow,
    contracted: &HashMap<LeaseId, Watts>,
    today: NaiveDate,
) -> Line {
    let (state, tone) = state(lease, today);
    Line {
        id: lease.id,
        number: lease.number.clone(),
        tenant: tenant.clone(),
        site: site.clone(),
        model: held.model_name.clone(),
        units: held.units,
        contracted: contracted.get(&lease.id).copied().unwrap_or(Watts::ZERO),
        window: words::window(page, lease.start_date, lease.end_date),
        state: page.code("lease-state", state),
        tone: tone.code(),
    }
}

#[derive(Template)]
#[template(path = "leasing/lease.html")]
struct ShowPage {
    page: Page,
    id: LeaseId,
    state: String,
    tone: &'static str,
    facts: Vec<Fact>,
    places: Vec<Place>,
    left: Option<Left>,
    events: Vec<Event>,
    history: Vec<Happening>,
    told: super::conflicts::Told,
    may_end: bool,
    /// Where staff move it to other racks.
    relocate: Option<String>,
    aside: String,
    stats: Vec<Stat>,
    /// Where staff put the meter that is missing into service.
    meter: Option<String>,
    usage: Option<String>,
    invoices: Option<String>,
    record: Option<String>,
}

/// Power that could not be drawn.
struct Event {
    when: String,
    cause: String,
    power: Watts,
    note: String,
    remove: Option<String>,
}

struct Loaded {
    lease: Lease,
    held: super::reservations::Loaded,
    terms: Vec<LeaseTerm>,
    events: Vec<LeaseEvent>,
    plan: String,
    month: Option<LeaseMonth>,
    left: Vec<ListedMachine>,
    metering: Metering,
    trail: Vec<(trail::TrailRow, Option<String>)>,
}

fn load(conn: &mut Conn, who: &Who, id: LeaseId, now: Instant) -> Result<Loaded> {
    let lease = rows::get(conn, id)?;
    if !who.actor.sees(lease.tenant_id) {
        return Err(Error::NotFound);
    }
    let held = super::reservations::load(conn, who, lease.reservation_id)?;
    let today = held.site.zone().date(now);
    Ok(Loaded {
        metering: metering(conn, &lease, &held, today.max(lease.start_date))?,
        held,
        terms: rows::terms(conn, id)?,
        events: rows::events(conn, id)?,
        plan: lists::plan_name(conn, lease.plan_id)?,
        trail: trail::of(conn, "lease", id.0, 50)?,
        left: vec![],
        month: None,
        lease,
    })
}

pub async fn show(visit: Visit, id: web::Path<i64>) -> Answer {
    let (who, id, now) = (visit.who.clone(), LeaseId(*id), visit.now);
    let mut loaded = visit
        .read(move |conn| {
            let loaded = load(conn, &who, id, now)?;
            let left = left::of(conn, now, loaded.lease.reservation_id)?;
            Ok(Loaded { left, ..loaded })
        })
        .await?;
    let zone = loaded.held.site.zone();
    let today = zone.date(visit.now);
    if loaded.lease.start_date <= today {
        let month = Month::of(today);
        let fresh = visit.run(move |app| usage::fresh(&app.db, id, month, now));
        loaded.month = Some(fresh.await?);
    }
    let lease = &loaded.lease;
    let (state, tone) = state(lease, today);
    let title = visit
        .page("nav-leases")
        .t1("lease-title", "number", &lease.number);
    let mut page = visit.page("nav-leases").named(title);
    page.zone = zone;
    let open = |pattern: &str, path: String| visit.who.may_open(pattern).then_some(path);
    html(&ShowPage {
        id,
        state: page.code("lease-state", state),
        tone: tone.code(),
        facts: facts(&page, &visit.who, &loaded, today),
        places: places(&page, &loaded.held),
        left: left::shown(&page, &visit.who, lease.reservation_id, &loaded.left),
        events: loaded
            .events
            .iter()
            .map(|e| event(&page, &visit.who, e))
            .collect(),
        history: listed::history(&page, &loaded.trail),
        told: told(&page, &visit.who, &loaded.held),
        aside: page.t("places-assigned"),
        stats: loaded
            .month
            .as_ref()
            .map_or(vec![], |month| stats(&page, &loaded, month)),
        may_end: visit.who.may(Permission::GiveNotice)
            && lease.end_date.is_none_or(|end| end > today),
        relocate: (visit.who.may(Permission::Assign)
            && lease.end_date.is_none_or(|end| end > today))
        .then(|| format!("/reservations/{}/assignment", lease.reservation_id)),
        meter: loaded
            .metering
            .missing
            .clone()
            .filter(|_| lease.end_date.is_none_or(|end| end > today))
            .and_then(|form| open("/meters/new", form)),
        usage: open("/leases/{id}/usage", format!("/leases/{id}/usage")),
        invoices: open("/invoices", format!("/invoices?lease={id}")),
        record: open(
            "/leases/{id}/events/new",
            format!("/leases/{id}/events/new"),
        ),
        page,
    })
}

/// A number with what it means.
struct Stat {
    label: String,
    value: String,
    unit: String,
    note: String,
    percent: i64,
    tone: &'static str,
}

/// The running month: what is drawn, metered and owed so far.
fn stats(page: &Page, loaded: &Loaded, month: &LeaseMonth) -> Vec<Stat> {
    let contracted = loaded
        .terms
        .last()
        .map_or(Watts::ZERO, |term| term.contracted_watts);
    let percent = month.last_watts.0.saturating_mul(100) / contracted.0.max(1);
    let unmetered = Stat {
        label: page.t("home-now"),
        value: page.t("lease-no-meter"),
        unit: String::new(),
        note: page.t1("lease-no-meter-note", "kw", page.kw(contracted)),
        percent: -1,
        tone: "",
    };
    let metered = || {
        vec![
            Stat {
                label: page.t("home-now"),
                value: page.kw_num(month.last_watts, 0),
                unit: page.t("unit-kw"),
                note: page.t2(
                    "home-now-note",
                    "percent",
                    page.pct(rust_decimal::Decimal::from(percent), 0),
                    "kw",
                    page.kw(contracted),
                ),
                percent,
                tone: if percent > 100 { "danger" } else { "" },
            },
            Stat {
                label: page.t("home-energy"),
                value: page.kwh_num(month.wh, 0),
                unit: page.t("unit-kwh"),
                note: page.t1("home-estimated", "kwh", page.kwh_num(month.estimated_wh, 0)),
                percent: -1,
                tone: "",
            },
        ]
    };
    // Nothing measured is not nothing drawn.
    let mut stats = match loaded.metering.serves {
        true => metered(),
        false => vec![unmetered],
    };
    if let Some(currency) = Currency::parse(&month.currency) {
        stats.push(Stat {
            label: page.t("home-money"),
            value: page.amount(month.total),
            unit: currency.sign().to_owned(),
            note: page.t2(
                "home-forecast",
                "vat",
                page.gross(month.vat, month.total),
                "money",
                page.money(month.forecast_total, currency),
            ),
            percent: -1,
            tone: "",
        });
    }
    stats
}

fn event(page: &Page, who: &Who, event: &LeaseEvent) -> Event {
    Event {
        when: page.t2(
            "window-until",
            "from",
            page.dt(event.from_at),
            "to",
            page.dt(event.to_at),
        ),
        cause: page.code("lease-event-cause", &event.cause),
        power: event.watts,
        note: event.note.clone(),
        remove: who
            .may_open("/events/{id}/removal")
            .then(|| format!("/events/{}/removal", event.id)),
    }
}

fn facts(page: &Page, who: &Who, loaded: &Loaded, today: NaiveDate) -> Vec<Fact> {
    let (lease, held) = (&loaded.lease, &loaded.held);
    let row = &held.row;
    let machines = page.t2(
        "reservation-machines",
        "count",
        row.units,
        "model",
        &row.model_name,
    );
    let reservation = format!("№\u{a0}{}", row.id);
    let mut facts = vec![];
    if who.actor.tenant.is_none() {
        let fact = Fact::new(page.t("wish-tenant"), &held.tenant);
        facts.push(linked(fact, who, "/tenants/{id}", lease.tenant_id.0));
    }
    facts.push(Fact::new(page.t("wish-site"), &held.site.name));
    facts.push(Fact::new(page.t("wish-machines"), machines));
    for term in &loaded.terms {
        let key = if term.from_date <= today {
            "lease-contracted"
        } else {
            "lease-contracted-from"
        };
        let label = page.t1(key, "date", page.date(term.from_date));
        facts.push(Fact::new(label, page.kw(term.contracted_watts)));
    }
    let plan = Fact::new(page.t("lease-plan"), &loaded.plan);
    facts.extend([
        linked(plan, who, "/plans/{id}", lease.plan_id.0),
        Fact::new(
            page.t("wish-window"),
            words::window(page, lease.start_date, lease.end_date),
        ),
        Fact::new(
            page.t("lease-payment-days"),
            page.t1("count-days", "count", lease.payment_days),
        ),
        Fact::new(
            page.t("lease-notice-days"),
            page.t1("count-days", "count", lease.notice_days),
        ),
        Fact::new(page.t("lease-billing-email"), &lease.billing_email),
        Fact::new(page.t("lease-reservation"), reservation)
            .linked(format!("/reservations/{}", row.id)),
    ]);
    facts
}

#[derive(Template)]
#[template(path = "leasing/notice.html")]
struct NoticePage {
    page: Page,
    id: LeaseId,
    form: Form,
    facts: Vec<Fact>,
    earliest: String,
}

fn notice_page(visit: &Visit, loaded: &Loaded, form: Form) -> NoticePage {
    let title = visit
        .page("nav-leases")
        .t1("notice-title", "number", &loaded.lease.number);
    let page = visit.page("nav-leases").named(title);
    let today = loaded.held.site.zone().date(visit.now);
    let earliest = earliest_end(&loaded.lease, &visit.who.actor, today);
    let contracted = loaded
        .terms
        .last()
        .map(|term| page.kw(term.contracted_watts));
    let mut facts = vec![
        Fact::new(page.t("wish-tenant"), &loaded.held.tenant),
        Fact::new(page.t("wish-machines"), page.int(loaded.held.row.units)),
        Fact::new(
            page.t("wish-window"),
            words::window(&page, loaded.lease.start_date, loaded.lease.end_date),
        ),
        Fact::new(
            page.t("lease-notice-days"),
            page.t1("count-days", "count", loaded.lease.notice_days),
        ),
        Fact::new(page.t("notice-earliest"), page.date_long(earliest)),
    ];
    facts.extend(contracted.map(|kw| Fact::new(page.t("notice-frees"), kw)));
    let form = if form.value("end").is_empty() && form.ok() {
        form.with("end", earliest)
    } else {
        form
    };
    NoticePage {
        id: loaded.lease.id,
        form,
        facts,
        earliest: page.date_long(earliest),
        page,
    }
}

pub async fn confirm_notice(visit: Visit, id: web::Path<i64>) -> Answer {
    let (who, id, now) = (visit.who.clone(), LeaseId(*id), visit.now);
    let loaded = visit.read(move |conn| load(conn, &who, id, now)).await?;
    html(&notice_page(&visit, &loaded, Form::blank()))
}

pub async fn give_notice(
    visit: Visit,
    id: web::Path<i64>,
    fields: web::Form<HashMap<String, String>>,
) -> Answer {
    let (who, id) = (visit.who.clone(), LeaseId(*id));
    let mut form = Form::from_values(fields.into_inner());
    if let Some(end) = form.date("end") {
        let (actor, now) = (visit.who.actor, visit.now);
        let ended = visit.run(move |app| end_lease(&app.db, &actor, now, id, end));
        match ended.await {
            Ok(()) => return Ok(see_other(&format!("/leases/{id}?done=lease-noticed"))),
            Err(error) => form.absorb(error)?,
        }
    }
    let now = visit.now;
    let loaded = visit.read(move |conn| load(conn, &who, id, now)).await?;
    html_with(
        StatusCode::UNPROCESSABLE_ENTITY,
        &notice_page(&visit, &loaded, form),
    )
}
