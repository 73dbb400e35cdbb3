//! The list of reservations, and one of them: what, where, until when, and what can be done now.

use super::conflicts::{self, Told};
use super::listed;
use super::places::{Place, places};
use super::words;
use crate::db::leasing::conflicts::{self as conflict_rows, Conflict};
use crate::db::leasing::lists::{self, Named, Totals};
use crate::db::leasing::reservations::{self as rows, Reservation};
use crate::db::{Conn, trail};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::Permission;
use crate::domain::ids::*;
use crate::domain::leasing::state::{ReservationStatus, status};
use crate::domain::site::{Redundancy, SlotsEach};
use crate::domain::units::Watts;
use crate::error::{Error, Result};
use crate::services::leasing::house::range_of;
use crate::services::leasing::quality;
use crate::services::leasing::reserve;
use crate::services::leasing::together::Asks;
use crate::web::door::{Visit, Who};
use crate::web::list::{ListParams, ListSpec, page_of};
use crate::web::page::{Page, Tone, html, see_other};
use crate::web::parts::{Choice, Fact, Happening};
use crate::web::visit::Answer;
use actix_web::{HttpResponse, web};
use askama::Template;

pub const SPEC: ListSpec = ListSpec {
    sorts: &["id", "tenant", "from", "units"],
    descending: true,
    filters: &["status", "site"],
};

#[derive(Template)]
#[template(path = "leasing/reservations.html")]
struct ListPage {
    page: Page,
    list: ListParams,
    rows: Vec<Line>,
    next: Option<String>,
    totals: Totals,
    statuses: Vec<Choice>,
    sites: Vec<Choice>,
    operator: bool,
    may_reserve: bool,
    may_assign: bool,
}

/// A row as it is read.
pub struct Line {
    pub id: ReservationId,
    pub tenant: String,
    pub site: String,
    pub model: String,
    pub units: i64,
    pub power: Watts,
    pub window: String,
    pub status: String,
    pub tone: &'static str,
    pub left: String,
}

pub fn status_of(row: &Reservation, now: Instant) -> ReservationStatus {
    status(row.state, row.hold_until, row.assigned_at.is_some(), now)
}

/// Where a step is no longer open: back to the reservation, which says why. Nobody fills in a form in vain.
pub fn closed(row: &Reservation, now: Instant, open: &[ReservationStatus]) -> Option<HttpResponse> {
    let status = status_of(row, now);
    let word = match status {
        ReservationStatus::Held => "unassigned",
        other => other.code(),
    };
    (!open.contains(&status)).then(|| see_other(&format!("/reservations/{}?closed={word}", row.id)))
}

/// The reason that `closed` sent along, in words.
fn why_closed(visit: &Visit, page: Page) -> Page {
    let sent = |word: &&str| {
        let pair = format!("closed={word}");
        visit.query.split('&').any(|part| part == pair)
    };
    let words = ["unassigned", "expired", "cancelled", "leased"];
    match words.iter().find(|word| sent(word)) {
        Some(word) => {
            let said = page.t(&format!("leasing-error-{word}"));
            page.flash(Tone::Warn, said)
        }
        None => page,
    }
}

/// Everything that a reservation takes.
pub fn power(row: &Reservation) -> Watts {
    Watts(row.units.saturating_mul(row.watts_each.0))
}

pub fn line(page: &Page, now: Instant, (row, tenant, site): &Named<Reservation>) -> Line {
    let status = status_of(row, now);
    let holds = matches!(
        status,
        ReservationStatus::Held | ReservationStatus::Assigned
    );
    Line {
        id: row.id,
        tenant: tenant.clone(),
        site: site.clone(),
        model: row.model_name.clone(),
        units: row.units,
        power: power(row),
        window: words::window(page, row.from_date, row.to_date),
        status: page.code("reservation-status", status),
        tone: words::status_tone(status).code(),
        left: if holds {
            words::left(page, row.hold_until.0 - now.0)
        } else {
            String::new()
        },
    }
}

pub async fn list(visit: Visit) -> Answer {
    let list = visit.list(SPEC);
    let mut narrow = listed::narrow(&list, &visit.who);
    narrow.status = ReservationStatus::parse(list.filter("status"));
    let (slice, now) = (listed::slice(&list), visit.now);
    let (found, totals, sites) = visit
        .read(move |conn| {
            Ok((
                lists::reservations(conn, &narrow, &slice, now)?,
                lists::reservation_totals(conn, &narrow, &slice, now)?,
                listed::site_choices(conn)?,
            ))
        })
        .await?;
    let (found, next) = page_of(found, &list, |row| lists::after_reservation(list.sort, row));
    let page = visit.page("nav-reservations");
    html(&ListPage {
        rows: found.iter().map(|row| line(&page, now, row)).collect(),
        statuses: statuses(&page),
        operator: visit.who.actor.tenant.is_none(),
        may_reserve: visit.who.may(Permission::Reserve),
        may_assign: visit.who.may(Permission::Assign),
        page,
        list,
        next,
        totals,
        sites,
    })
}

fn statuses(page: &Page) -> Vec<Choice> {
    ReservationStatus::ALL
        .iter()
        .map(|code| Choice::new(code.code(), page.code("reservation-status", code)))
        .collect()
}

#[derive(Template)]
#[template(path = "leasing/reservation.html")]
struct ShowPage {
    page: Page,
    id: ReservationId,
    status: String,
    tone: &'static str,
    hold: Option<String>,
    facts: Vec<Fact>,
    places: Vec<Place>,
    quality: Option<String>,
    assigned: bool,
    /// Nothing is held any more: the places are what was held.
    gone: bool,
    history: Vec<Happening>,
    told: Told,
    may: May,
    again: String,
}

/// What this reader can do with it now.
struct May {
    cancel: bool,
    assign: bool,
    sign: bool,
    machines: bool,
}

/// One reservation with all that its page shows.
pub struct Loaded {
    pub row: Reservation,
    pub tenant: String,
    pub site: crate::db::site::sites::Site,
    pub allocations: Vec<lists::Standing>,
    /// The other reservations that were made with it.
    pub together: Vec<Reservation>,
    pub lease: Option<crate::db::leasing::leases::Lease>,
    /// Not resolved yet.
    pub conflicts: Vec<Conflict>,
    pub trail: Vec<(trail::TrailRow, Option<String>)>,
}

/// Another tenant's reservation looks the same as none.
pub fn load(conn: &mut Conn, who: &Who, id: ReservationId) -> Result<Loaded> {
    let row = rows::get(conn, id)?;
    if !who.actor.sees(row.tenant_id) {
        return Err(Error::NotFound);
    }
    Ok(Loaded {
        tenant: lists::tenant_contact(conn, row.tenant_id)?.0,
        site: crate::db::site::sites::get(conn, row.site_id)?,
        allocations: lists::standing(conn, id)?,
        together: others(conn, &row)?,
        lease: crate::db::leasing::leases::by_reservation(conn, id)?,
        trail: trail::of(conn, "reservation", id.0, 50)?,
        conflicts: conflict_rows::open_of(conn, id)?,
        row,
    })
}

fn others(conn: &mut Conn, row: &Reservation) -> Result<Vec<Reservation>> {
    let mut all = match row.bundle_id {
        Some(bundle) => rows::of_bundle(conn, bundle)?,
        None => vec![],
    };
    all.retain(|other| other.id != row.id);
    Ok(all)
}

pub async fn show(visit: Visit, id: web::Path<i64>) -> Answer {
    let (who, id) = (visit.who.clone(), ReservationId(*id));
    let now = visit.now;
    let (loaded, quality) = visit
        .read(move |conn| {
            let loaded = load(conn, &who, id)?;
            let quality = quality::of(conn, now, &loaded.row)?;
            Ok((loaded, quality))
        })
        .await?;
    let status = status_of(&loaded.row, visit.now);
    let mut page = super::numbered(visit.page("nav-reservations"), "reservation-title", id);
    page.zone = loaded.site.zone();
    page = why_closed(&visit, page);
    let held = matches!(
        status,
        ReservationStatus::Held | ReservationStatus::Assigned
    );
    let today = page.zone.date(visit.now);
    let runs =
        status == ReservationStatus::Leased && loaded.row.to_date.is_none_or(|end| end > today);
    let may = May {
        cancel: held && visit.who.may(Permission::CancelReservation),
        assign: (held || runs) && visit.who.may(Permission::Assign),
        sign: status == ReservationStatus::Assigned && visit.who.may(Permission::SignLease),
        machines: matches!(
            status,
            ReservationStatus::Assigned | ReservationStatus::Leased
        ) && visit.who.may(Permission::EditMachines),
    };
    html(&ShowPage {
        id,
        status: page.code("reservation-status", status),
        tone: words::status_tone(status).code(),
        hold: held.then(|| hold(&page, &loaded.row, visit.now)),
        facts: facts(&page, &visit.who, &loaded),
        places: places(&page, &loaded),
        quality: quality
            .filter(|_| visit.who.may(Permission::Assign))
            .map(|quality| words::quality(&page, &quality)),
        assigned: loaded.row.assigned_at.is_some(),
        gone: matches!(
            status,
            ReservationStatus::Expired | ReservationStatus::Cancelled
        ),
        history: listed::history(&page, &loaded.trail),
        told: told(&page, &visit.who, &loaded),
        may,
        again: again(&loaded.row),
        page,
    })
}

/// What the page says of open conflicts.
pub fn told(page: &Page, who: &Who, loaded: &Loaded) -> Told {
    let lease = loaded.lease.as_ref().map(|lease| lease.id);
    conflicts::told(page, who, &loaded.conflicts, (loaded.row.state, lease))
}

/// The same wish once more.
fn again(row: &Reservation) -> String {
    words::availability_link(&reserve::Wish {
        tenant: row.tenant_id,
        site: row.site_id,
        hall: row.hall_id,
        model: row.model_id,
        model_name: row.model_name.clone(),
        workload: row.workload,
        cooling: row.cooling,
        supply: row.supply,
        units: u32::try_from(row.units).unwrap_or(1),
        watts_each: row.watts_each,
        window: crate::domain::calendar::Window {
            from: row.from_date,
            to: row.to_date,
        },
    })
}

fn hold(page: &Page, row: &Reservation, now: Instant) -> String {
    page.t2(
        "reservation-hold",
        "until",
        page.dt(row.hold_until),
        "left",
        words::left(page, row.hold_until.0 - now.0),
    )
}

fn facts(page: &Page, who: &Who, loaded: &Loaded) -> Vec<Fact> {
    let row = &loaded.row;
    let mut facts = vec![];
    if who.actor.tenant.is_none() {
        let fact = Fact::new(page.t("wish-tenant"), &loaded.tenant);
        facts.push(linked(fact, who, "/tenants/{id}", row.tenant_id.0));
    }
    let machines = page.t2(
        "reservation-machines",
        "count",
        row.units,
        "model",
        &row.model_name,
    );
    facts.extend([
        Fact::new(page.t("wish-site"), &loaded.site.name),
        Fact::new(page.t("wish-machines"), machines),
        Fact::new(page.t("wish-power"), page.kw(power(row))),
        Fact::new(
            page.t("wish-supply"),
            page.code("leasing-supply", row.supply),
        ),
        Fact::new(
            page.t("wish-cooling"),
            page.code("leasing-cooling", row.cooling),
        ),
        Fact::new(
            page.t("wish-workload"),
            page.code("leasing-workload", row.workload),
        ),
        Fact::new(
            page.t("wish-window"),
            words::window(page, row.from_date, row.to_date),
        ),
    ]);
    facts.extend(more(page, loaded));
    if let Some(lease) = &loaded.lease {
        let fact = Fact::new(page.t("lease-name"), &lease.number);
        facts.push(fact.linked(format!("/leases/{}", lease.id)));
    }
    facts
}

/// What it asks of its racks, the rule that was promised, and what was reserved with it.
fn more(page: &Page, loaded: &Loaded) -> Vec<Fact> {
    let row = &loaded.row;
    let asks = Asks {
        whole_racks: row.slots_each == SlotsEach::WholeRack,
        two_feeds: row.two_feeds,
        racks: range_of(row),
    };
    let said = words::asks(page, &asks);
    let mut facts = vec![];
    if !said.is_empty() {
        facts.push(Fact::new(page.t("parts-asks"), said.join(" · ")));
    }
    if row.redundancy != Redundancy::N {
        let rule = words::redundancy(page, row.redundancy);
        facts.push(Fact::new(page.t("redundancy-rule"), rule));
    }
    for other in &loaded.together {
        let text = page.t2(
            "reservation-other",
            "id",
            other.id.to_string(),
            "machines",
            page.t2(
                "reservation-machines",
                "count",
                other.units,
                "model",
                &other.model_name,
            ),
        );
        let fact = Fact::new(page.t("reservation-together"), text);
        facts.push(fact.linked(format!("/reservations/{}", other.id)));
    }
    facts
}

/// A link where the reader may follow it.
pub fn linked(fact: Fact, who: &Who, pattern: &str, id: i64) -> Fact {
    if who.may_open(pattern) {
        fact.linked(pattern.replace("{id}", &id.to_string()))
    } else {
        fact
    }
}
