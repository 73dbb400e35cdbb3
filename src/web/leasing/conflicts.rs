//! Conflicts: the list with each one's next steps, and what a booking's own page says of them.

use super::left;
use super::listed::{self, EXPORT_ROWS};
use crate::db::leasing::conflicts::{self as rows, Conflict, Listed, Narrow};
use crate::db::leasing::lists::Slice;
use crate::domain::identity::access::Permission;
use crate::domain::ids::{LeaseId, SiteId};
use crate::domain::leasing::conflicts::{CauseNoun, ConflictKind, Extent};
use crate::domain::leasing::state::ReservationState;
use crate::domain::site::Leg;
use crate::domain::units::Watts;
use crate::export::table::{Cell, Column, Kind, Table};
use crate::text::{self, Arg};
use crate::web::door::{Visit, Who};
use crate::web::files;
use crate::web::list::{ListParams, ListSpec, page_of};
use crate::web::page::{Page, Tone, html};
use crate::web::parts::{Choice, Step};
use crate::web::visit::Answer;
use actix_web::web;
use askama::Template;
use chrono::{Days, NaiveDate};

/// The worst ones are found by `excess`; what begins first is the usual order.
const SPEC: ListSpec = ListSpec {
    sorts: &["from", "excess", "tenant"],
    descending: false,
    filters: &["site", "state", "cause"],
};
const OPEN: &str = "open";
const RESOLVED: &str = "resolved";
const ALL: &str = "all";

/// One conflict as it is read.
pub struct Line {
    pub href: String,
    pub number: String,
    pub tenant: String,
    pub machines: String,
    pub days: String,
    pub what: String,
    pub own: String,
    pub cause: String,
    pub state: String,
    pub tone: &'static str,
    pub note: String,
    pub steps: Vec<Step>,
}

#[derive(Template)]
#[template(path = "leasing/conflicts.html")]
struct ListPage {
    page: Page,
    list: ListParams,
    rows: Vec<Line>,
    next: Option<String>,
    count: i64,
    bookings: i64,
    /// Machines that stand where their tenants hold nothing.
    left: i64,
    states: Vec<Choice>,
    causes: Vec<Choice>,
    sites: Vec<Choice>,
}

/// Without a filter those that wait to be resolved.
fn narrow(list: &ListParams) -> Narrow {
    Narrow {
        site: list.filter("site").parse().ok().map(SiteId),
        open: match list.filter("state") {
            ALL => None,
            RESOLVED => Some(false),
            _ => Some(true),
        },
        cause: CauseNoun::parse(list.filter("cause")),
    }
}

pub async fn list(visit: Visit) -> Answer {
    let list = visit.list(SPEC);
    let (narrow, slice) = (narrow(&list), listed::slice(&list));
    let now = visit.now;
    let (found, (count, bookings), sites, left) = visit
        .read(move |conn| {
            let left = left::count(conn, now, narrow.site)?;
            let found = rows::list(conn, &narrow, &slice)?;
            let count = rows::count(conn, &narrow, &slice.q)?;
            Ok((found, count, listed::site_choices(conn)?, left))
        })
        .await?;
    let (found, next) = page_of(found, &list, |row| row.cursor(list.sort));
    let page = visit.page("nav-conflicts");
    // What nobody chose is what is open.
    let state = |code: &str| {
        let value = if code == OPEN { "" } else { code };
        Choice::new(value, page.code("conflict-state", code))
    };
    html(&ListPage {
        rows: found
            .iter()
            .map(|row| line(&page, &visit.who, row))
            .collect(),
        states: [OPEN, RESOLVED, ALL].map(state).to_vec(),
        causes: CauseNoun::ALL
            .iter()
            .map(|noun| Choice::new(noun.code(), page.code("conflict-noun", noun)))
            .collect(),
        page,
        list,
        next,
        count,
        bookings,
        sites,
        left,
    })
}

pub fn line(page: &Page, who: &Who, found: &Listed) -> Line {
    let row = &found.row;
    let (state, tone, note) = standing(page, row);
    Line {
        href: match found.lease {
            Some(lease) => format!("/leases/{lease}"),
            None => format!("/reservations/{}", row.reservation_id),
        },
        number: page.t1("conflict-booking", "id", row.reservation_id.to_string()),
        tenant: found.tenant.clone(),
        machines: page.t2(
            "reservation-machines",
            "count",
            found.units,
            "model",
            &found.model,
        ),
        days: days(page, row.from_date, row.to_date),
        what: said(page, row),
        own: page.t1("conflict-own", "own", amount(page, row.kind, row.own)),
        cause: cause(page, row),
        state,
        tone,
        note,
        steps: match row.resolved_at {
            None => steps(page, who, row, found.state, found.lease),
            Some(_) => vec![],
        },
    }
}

/// `Open`, or how it ended and when.
fn standing(page: &Page, row: &Conflict) -> (String, &'static str, String) {
    match (row.resolved_at, row.resolution) {
        (Some(at), Some(how)) => (
            page.code("conflict-resolution", how),
            Tone::Muted.code(),
            page.dt(at),
        ),
        _ => (
            page.t("conflict-state-open"),
            Tone::Danger.code(),
            page.t1("conflict-since", "at", page.dt(row.opened_at)),
        ),
    }
}

/// What staff can do about it now, by links to where it is done.
pub fn steps(
    page: &Page,
    who: &Who,
    row: &Conflict,
    state: ReservationState,
    lease: Option<LeaseId>,
) -> Vec<Step> {
    let id = row.reservation_id;
    let step = |key: &str, href: String| Step {
        label: page.t(key),
        href,
    };
    let mut steps = vec![];
    let held = state == ReservationState::Held;
    if row.kind != ConflictKind::Restriction && who.may(Permission::Assign) {
        let href = match held {
            true => format!("/reservations/{id}/assignment"),
            false => format!("/reservations/{id}/assignment?from={}", row.from_date),
        };
        steps.push(step("conflict-step-move", href));
    }
    if held && who.may(Permission::CancelReservation) {
        let href = format!("/reservations/{id}/cancellation");
        steps.push(step("conflict-step-cancel", href));
    }
    if let Some(lease) = lease.filter(|_| who.may(Permission::GiveNotice)) {
        steps.push(step(
            "conflict-step-end",
            format!("/leases/{lease}/termination"),
        ));
    }
    if who.may(Permission::EditSite) {
        let cause = row.cause_id;
        let (key, href) = match row.cause_noun {
            CauseNoun::Outage => (
                "conflict-step-call-off",
                format!("/outages/{cause}/cancellation"),
            ),
            CauseNoun::Node => ("conflict-step-reverse", format!("/power/{cause}/edit")),
            CauseNoun::Rack => ("conflict-step-reverse", format!("/racks/{cause}/edit")),
            CauseNoun::Zone => ("conflict-step-reverse", format!("/cooling/{cause}/edit")),
            CauseNoun::Weather => (
                "conflict-step-reverse",
                format!("/sites/{cause}/weather/edit"),
            ),
            CauseNoun::Site => ("conflict-step-reverse", format!("/sites/{cause}/edit")),
            CauseNoun::Restriction => (
                "conflict-step-reverse",
                format!("/restrictions/{cause}/edit"),
            ),
            CauseNoun::Import => ("conflict-step-racks", format!("/racks?site={cause}")),
        };
        steps.push(step(key, href));
    }
    steps
}

/// What is short, where and by how much.
pub fn sentence(
    page: &Page,
    kind: ConflictKind,
    (name, leg): (&str, Option<Leg>),
    extent: &Extent,
) -> String {
    let values = [
        ("name", Arg::Text(name.to_owned())),
        ("leg", leg.map_or("", Leg::code).into()),
        ("excess", amount(page, kind, extent.excess)),
    ];
    text::t_with(page.locale, &format!("conflict-{kind}"), &values)
}

fn said(page: &Page, row: &Conflict) -> String {
    let extent = Extent {
        window: crate::domain::calendar::Window {
            from: row.from_date,
            to: row.to_date,
        },
        excess: row.excess,
        own: row.own,
    };
    let name = crate::web::site::common::region_name(page, &row.resource_name);
    sentence(page, row.kind, (&name, row.leg), &extent)
}

fn amount(page: &Page, kind: ConflictKind, value: i64) -> Arg {
    match kind {
        ConflictKind::RackSlots => page.t1("conflict-slots", "count", value).into(),
        ConflictKind::Place => page.t1("conflict-machines", "count", value).into(),
        _ => page.kw(Watts(value)).into(),
    }
}

fn cause(page: &Page, row: &Conflict) -> String {
    let words = crate::web::site::common::region_name(page, &row.cause_words);
    page.t1(
        &format!("conflict-cause-{}", row.cause_noun),
        "words",
        words,
    )
}

/// The first and the last day.
pub fn days(page: &Page, from: NaiveDate, to: Option<NaiveDate>) -> String {
    let last = to.map(|to| to - Days::new(1));
    match last {
        None => page.t1("window-open", "from", page.date(from)),
        Some(last) if last <= from => page.date(from),
        Some(last) => page.t2(
            "window-until",
            "from",
            page.date(from),
            "to",
            page.date(last),
        ),
    }
}

/// What the page of a booking says: to staff each conflict, to its tenant that somebody is at it.
pub struct Told {
    pub lines: Vec<Line>,
    pub calm: Option<String>,
}

pub fn told(
    page: &Page,
    who: &Who,
    open: &[Conflict],
    (state, lease): (ReservationState, Option<LeaseId>),
) -> Told {
    if who.actor.tenant.is_some() {
        let first = open.iter().map(|row| row.from_date).min();
        let calm = first.map(|from| page.t1("conflict-calm", "from", page.date_long(from)));
        return Told {
            lines: vec![],
            calm,
        };
    }
    let lines = open.iter().map(|row| {
        let named = Listed {
            row: row.clone(),
            tenant: String::new(),
            site: String::new(),
            model: String::new(),
            units: 0,
            state,
            lease,
        };
        line(page, who, &named)
    });
    Told {
        lines: lines.collect(),
        calm: None,
    }
}

pub async fn export(visit: Visit, format: web::Path<String>) -> Answer {
    let list = visit.list(SPEC);
    let slice = Slice {
        after: None,
        limit: EXPORT_ROWS,
        ..listed::slice(&list)
    };
    let narrow = narrow(&list);
    let found = visit
        .read(move |conn| rows::list(conn, &narrow, &slice))
        .await?;
    let page = visit.page("nav-conflicts");
    let mut table = Table::new(&page.title, columns(&page));
    for listed in &found {
        let line = line(&page, &visit.who, listed);
        let row = &listed.row;
        let amounts = |value: i64| -> [Cell; 2] {
            match row.kind {
                ConflictKind::RackSlots | ConflictKind::Place => [Cell::Empty, value.into()],
                _ => [Watts(value).kilo().into(), Cell::Empty],
            }
        };
        let [kw, count] = amounts(row.excess);
        table.push(vec![
            row.reservation_id.0.into(),
            line.tenant.into(),
            listed.site.clone().into(),
            line.what.into(),
            row.from_date.into(),
            row.to_date.map(|to| to - Days::new(1)).into(),
            kw,
            count,
            line.cause.into(),
            page.zone.local(row.opened_at).into(),
            line.state.into(),
            row.resolved_at.map(|at| page.zone.local(at)).into(),
        ]);
    }
    files::table(&visit, &table, "conflicts", &format)
}

fn columns(page: &Page) -> Vec<Column> {
    vec![
        Column::new(page.t("conflict-col-booking"), Kind::Integer),
        Column::new(page.t("wish-tenant"), Kind::Text),
        Column::new(page.t("wish-site"), Kind::Text),
        Column::new(page.t("conflict-col-what"), Kind::Text),
        Column::new(page.t("conflict-col-from"), Kind::Date),
        Column::new(page.t("conflict-col-last"), Kind::Date),
        Column::new(page.t("conflict-col-kw"), Kind::Decimal(3)),
        Column::new(page.t("conflict-col-count"), Kind::Integer),
        Column::new(page.t("conflict-col-cause"), Kind::Text),
        Column::new(page.t("conflict-col-opened"), Kind::DateTime),
        Column::new(page.t("list-status"), Kind::Text),
        Column::new(page.t("conflict-col-resolved"), Kind::DateTime),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::leasing::conflicts::Resolution;
    use crate::text::Locale;

    #[test]
    fn every_code_has_its_words() {
        let of = |prefix: &str, code: &str| format!("conflict-{prefix}{code}");
        let mut keys: Vec<String> = vec![];
        keys.extend(ConflictKind::ALL.iter().map(|c| of("", c.code())));
        keys.extend(CauseNoun::ALL.iter().map(|c| of("cause-", c.code())));
        keys.extend(CauseNoun::ALL.iter().map(|c| of("noun-", c.code())));
        keys.extend(Resolution::ALL.iter().map(|c| of("resolution-", c.code())));
        keys.extend([OPEN, RESOLVED, ALL].map(|c| of("state-", c)));
        for locale in Locale::ALL {
            for key in &keys {
                assert!(text::has(*locale, key), "{locale}: {key}");
            }
        }
    }
}
