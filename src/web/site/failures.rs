//! What if it fails: choose a node or a cooling unit and a day, see who loses power, what rides
//! through and which zone goes over; and every single failure side by side.

use super::common::{page_of, tabs};
use crate::db::site::sites::Site;
use crate::domain::calendar::Window;
use crate::domain::ids::SiteId;
use crate::domain::leasing::failure::{Hit, Lost, Single};
use crate::domain::message::Message;
use crate::domain::units::Watts;
use crate::export::table::{Column, Kind, Table};
use crate::services::site::failures::Failures;
use crate::services::site::figures::natural;
use crate::web::door::Visit;
use crate::web::files;
use crate::web::form::Form;
use crate::web::leasing::conflicts::days;
use crate::web::list::with_query;
use crate::web::page::{Page, html, html_with};
use crate::web::parts::{Choice, Tab};
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use chrono::{Days, NaiveDate};
use std::collections::HashMap;

/// The worst ones; the rest on demand.
const SHOWN: usize = 40;
/// Bookings of an answer before the rest is summed up.
const HITS: usize = 300;
/// A failure that lasts longer is another site.
const MOST_DAYS: i64 = 366;

/// What was asked, as the address says it.
struct Question {
    lost: Vec<Lost>,
    window: Window,
    all: bool,
}

#[derive(Template)]
#[template(path = "site/failures.html")]
struct FailuresPage {
    page: Page,
    site: Site,
    tabs: Vec<Tab>,
    form: Form,
    things: Vec<Choice>,
    answer: Option<Said>,
    singles: Vec<Line>,
    /// How many are left out, and where they are shown.
    more: Option<(usize, String)>,
    day: NaiveDate,
    exports: [String; 2],
}

/// The answer in numbers and lists.
struct Said {
    title: String,
    lead: String,
    dark: Watts,
    tenants: usize,
    machines: i64,
    riding: i64,
    hits: Vec<HitLine>,
    rest: usize,
    zones: Vec<ZoneLine>,
    dark_racks: Vec<RackLink>,
    riding_racks: Vec<RackLink>,
    over_legs: Vec<String>,
    plan: Option<String>,
}

struct RackLink {
    href: String,
    name: String,
}

struct HitLine {
    href: String,
    name: String,
    tenant: String,
    dark: Watts,
    machines: i64,
    riding: i64,
    hot: i64,
}

struct ZoneLine {
    name: String,
    removes: Watts,
    heat: Watts,
    over: Watts,
    spare: i64,
}

struct Line {
    href: String,
    name: String,
    kind: String,
    dark: Watts,
    machines: i64,
    bookings: usize,
    riding_racks: usize,
    over: Watts,
}

fn asked(visit: &Visit, known: &Failures) -> (Form, Option<Question>) {
    let pairs = web::Query::<HashMap<String, String>>::from_query(&visit.query);
    let mut form = Form::from_values(pairs.map(web::Query::into_inner).unwrap_or_default());
    if form.value("from").trim().is_empty() {
        form = form.with("from", known.house.today);
    }
    let mut lost = vec![];
    for field in ["lost", "also"] {
        let chosen = form.optional(field, |form| form.choice(field, |code| known.parse(code)));
        lost.extend(chosen.flatten());
    }
    lost.dedup();
    let from = form.date("from");
    let last = form.optional("to", |form| form.date("to"));
    let window = from.zip(last).and_then(|(from, last)| {
        let to = last.unwrap_or(from).checked_add_days(Days::new(1))?;
        let days = (to - from).num_days();
        if (1..=MOST_DAYS).contains(&days) {
            return Window::new(from, Some(to));
        }
        form.fail(
            "to",
            Message::new("site-failure-window").with("most", MOST_DAYS),
        );
        None
    });
    let all = form.value("all") == "1";
    let question = window.filter(|_| form.ok());
    let question = question.map(|window| Question { lost, window, all });
    (form, question)
}

async fn known(visit: &Visit, id: SiteId) -> Result<Failures, crate::web::problem::Problem> {
    let now = visit.now;
    let load = move |app: &crate::app::App| app.db.read(|conn| Failures::load(conn, id, now));
    Ok(visit.run(load).await?)
}

pub async fn show(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = SiteId(*id);
    let known = known(&visit, id).await?;
    let site = known.house.site.clone();
    let page = page_of(&visit, &site.name, site.zone());
    let (form, question) = asked(&visit, &known);
    let status = match question {
        Some(_) => StatusCode::OK,
        None => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let day = question
        .as_ref()
        .map_or(known.house.today, |q| q.window.from);
    let path = format!("/sites/{id}/failures");
    let mut singles = known.table(day);
    let hidden = singles.len().saturating_sub(SHOWN);
    let all = question.as_ref().is_some_and(|q| q.all);
    let mut pairs = vec![("from", day.to_string())];
    let exports = ["csv", "xlsx"].map(|end| with_query(&format!("{path}.{end}"), &pairs));
    let mut more = None;
    if hidden > 0 && !all {
        singles.truncate(SHOWN);
        pairs.push(("all", "1".to_owned()));
        more = Some((hidden, with_query(&path, &pairs)));
    }
    let answer = question
        .filter(|q| !q.lost.is_empty())
        .map(|q| said(&page, &visit, &known, &q));
    let template = FailuresPage {
        tabs: tabs(&page, id, "failures"),
        things: things(&page, &known),
        singles: singles
            .into_iter()
            .map(|single| line(&page, &known, &path, day, single))
            .collect(),
        page,
        site,
        form,
        answer,
        more,
        day,
        exports,
    };
    if status == StatusCode::OK {
        html(&template)
    } else {
        html_with(status, &template)
    }
}

/// All that can be chosen: nodes from the grid down, then the units of each zone.
fn things(page: &Page, known: &Failures) -> Vec<Choice> {
    let nodes = known.house.nodes.iter().enumerate().map(|(at, node)| {
        let kind = page.code("site-node-kind", node.kind);
        (Lost::Node(at), format!("{kind} · {}", node.name))
    });
    let zones = known.units.iter().enumerate();
    let units =
        zones.flat_map(|(zone, units)| (0..units.len()).map(move |at| Lost::Unit(zone, at)));
    let units = units.map(|unit| (unit, page.t1("site-failure-unit", "name", known.name(unit))));
    let choices = |things: Vec<(Lost, String)>| {
        let mut things = things;
        things.sort_by_cached_key(|(_, name)| natural(name));
        let choice = |(lost, name)| Choice::new(known.code(lost), name);
        things.into_iter().map(choice).collect::<Vec<_>>()
    };
    let mut all = choices(nodes.collect());
    all.extend(choices(units.collect()));
    all
}

fn line(page: &Page, known: &Failures, path: &str, day: NaiveDate, single: Single) -> Line {
    let pairs = [("lost", known.code(single.lost)), ("from", day.to_string())];
    Line {
        href: with_query(path, &pairs),
        name: known.name(single.lost),
        kind: kind(page, known, single.lost),
        dark: Watts(single.dark_watts),
        machines: single.dark.into(),
        bookings: single.bookings,
        riding_racks: single.riding_racks,
        over: Watts(single.over),
    }
}

fn kind(page: &Page, known: &Failures, lost: Lost) -> String {
    match lost {
        Lost::Node(at) => page.code("site-node-kind", known.house.nodes[at].kind),
        Lost::Unit(..) => page.t("site-failure-unit-kind"),
    }
}

fn said(page: &Page, visit: &Visit, known: &Failures, question: &Question) -> Said {
    let toll = known.toll(&question.lost, question.window);
    let machines = toll.hits.iter().map(|hit| i64::from(hit.dark)).sum();
    let riding = toll.hits.iter().map(|hit| i64::from(hit.riding)).sum();
    let lead = if toll.hits.is_empty() {
        page.t("site-failure-nothing")
    } else {
        page.t1("site-failure-worst", "day", page.date_long(toll.worst))
    };
    let rack = |at: &usize| RackLink {
        href: format!("/racks/{}", known.house.racks[*at].id),
        name: known.house.racks[*at].name.clone(),
    };
    Said {
        title: title(page, known, question),
        lead,
        tenants: known.tenants(&toll),
        machines,
        riding,
        hits: toll
            .hits
            .iter()
            .take(HITS)
            .map(|hit| hit_line(page, known, hit))
            .collect(),
        rest: toll.hits.len().saturating_sub(HITS),
        zones: toll
            .zones
            .iter()
            .map(|zone| ZoneLine {
                name: known.house.zones[zone.zone].name.clone(),
                removes: Watts(zone.removes),
                heat: Watts(zone.heat),
                over: Watts(zone.over()),
                spare: zone.spare_left.into(),
            })
            .collect(),
        dark_racks: toll.dark.iter().map(rack).collect(),
        riding_racks: toll.riding.iter().map(rack).collect(),
        over_legs: toll
            .over_legs
            .iter()
            .map(|over| {
                let node = &known.house.nodes[over.node].name;
                let excess = Watts((over.used - over.capacity + 2) / 3);
                let at = format!("{node}, {}", over.leg);
                page.t2("site-failure-leg", "name", at, "excess", page.kw(excess))
            })
            .collect(),
        plan: outage_link(visit, known, question),
        dark: Watts(toll.dark_watts),
    }
}

/// What is lost, and when.
fn title(page: &Page, known: &Failures, question: &Question) -> String {
    let names: Vec<String> = question.lost.iter().map(|lost| known.name(*lost)).collect();
    let days = days(page, question.window.from, question.window.to);
    page.t2(
        "site-failure-title",
        "name",
        names.join(" + "),
        "days",
        days,
    )
}

fn hit_line(page: &Page, known: &Failures, hit: &Hit) -> HitLine {
    let row = &known.book.reservations[hit.booking];
    let holder = known.holder(hit.booking);
    let lease = holder.and_then(|h| h.lease.zip(h.lease_number.clone()));
    let (href, name) = match lease {
        Some((id, number)) => (format!("/leases/{id}"), number),
        None => (
            format!("/reservations/{}", row.id),
            page.t1("site-booking-number", "number", row.id.to_string()),
        ),
    };
    HitLine {
        href,
        name,
        tenant: holder.map_or(String::new(), |h| h.tenant_name.clone()),
        dark: Watts(hit.dark_watts),
        machines: hit.dark.into(),
        riding: hit.riding.into(),
        hot: hit.hot.into(),
    }
}

/// The outage form, filled in: for one node.
fn outage_link(visit: &Visit, known: &Failures, question: &Question) -> Option<String> {
    let [Lost::Node(at)] = question.lost.as_slice() else {
        return None;
    };
    let last = question.window.to? - Days::new(1);
    let pairs = [
        ("node", known.house.nodes[*at].id.to_string()),
        ("from", question.window.from.to_string()),
        ("to", last.to_string()),
    ];
    let path = format!("/sites/{}/outages/new", known.house.site.id);
    visit.edits_site().then(|| with_query(&path, &pairs))
}

pub async fn export(visit: Visit, path: web::Path<(i64, String)>) -> Answer {
    let (id, format) = path.into_inner();
    let known = known(&visit, SiteId(id)).await?;
    let (_, question) = asked(&visit, &known);
    let day = question.map_or(known.house.today, |q| q.window.from);
    let page = page_of(&visit, "", known.house.site.zone()).titled("site-failures");
    let kw = Kind::Decimal(3);
    let mut table = Table::new(
        &page.title,
        vec![
            Column::new(page.t("site-failure-what"), Kind::Text),
            Column::new(page.t("site-failure-kind"), Kind::Text),
            Column::new(page.t("site-failure-day"), Kind::Date),
            Column::new(page.t("site-failure-dark-kw"), kw),
            Column::new(page.t("site-failure-machines"), Kind::Integer),
            Column::new(page.t("site-failure-bookings"), Kind::Integer),
            Column::new(page.t("site-failure-riding-racks"), Kind::Integer),
            Column::new(page.t("site-failure-over-kw"), kw),
        ],
    );
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    for single in known.table(day) {
        table.push(vec![
            known.name(single.lost).into(),
            kind(&page, &known, single.lost).into(),
            day.into(),
            Watts(single.dark_watts).kilo().into(),
            i64::from(single.dark).into(),
            count(single.bookings).into(),
            count(single.riding_racks).into(),
            Watts(single.over).kilo().into(),
        ]);
    }
    files::table(&visit, &table, "failures", &format)
}
