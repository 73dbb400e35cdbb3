//! What if it fails: every single failure side by side, and one question with its answer.

use super::super::ask::Ask;
use super::super::query::{Kind, Param};
use super::super::reply::Reply;
use super::super::routes::Answer;
use crate::domain::calendar::Window;
use crate::domain::ids::*;
use crate::domain::leasing::failure::{Hit, Lost, OverLeg, Single, Toll, Zone};
use crate::domain::site::Leg;
use crate::domain::units::Watts;
use crate::error::{Error, Result};
use crate::services::site::failures::Failures;
use chrono::{Days, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

/// A failure that lasts longer is another site.
const MOST_DAYS: i64 = 366;

pub const QUESTION: &[Param] = &[
    Param::required("lost", Kind::Text, "`node-12` or `unit-7`."),
    Param::optional("also", Kind::Text, "Lost at the same time."),
    Param::optional("from", Kind::Day, "The first day; today if not said."),
    Param::optional("to", Kind::Day, "Exclusive end; one day if not said."),
];

#[derive(Serialize, ToSchema)]
pub struct AllFailures {
    pub site: SiteId,
    pub date: NaiveDate,
    /// The worst first.
    pub items: Vec<Failure>,
}

/// One node or cooling unit that fails on the date.
#[derive(Serialize, ToSchema)]
pub struct Failure {
    /// `node-12` or `unit-7`.
    pub lost: String,
    pub name: String,
    pub dark_watts: Watts,
    /// Machines without power.
    pub dark_units: i64,
    pub bookings: i64,
    /// Racks that live on their other feed.
    pub riding_racks: i64,
    /// By how much the zone is over without the unit.
    pub over_watts: Watts,
}

pub async fn list(ask: Ask) -> Answer<AllFailures> {
    let (id, now, day) = (SiteId(ask.id()?), ask.now, ask.query.day("date"));
    let known = ask.read(move |conn| Failures::load(conn, id, now)).await?;
    let date = day.unwrap_or(known.house.today);
    let items = known.table(date).into_iter();
    Reply::ok(&AllFailures {
        site: id,
        date,
        items: items.map(|single| failure(&known, single)).collect(),
    })
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn failure(known: &Failures, single: Single) -> Failure {
    Failure {
        lost: known.code(single.lost),
        name: known.name(single.lost),
        dark_watts: Watts(single.dark_watts),
        dark_units: single.dark.into(),
        bookings: whole(single.bookings),
        riding_racks: whole(single.riding_racks),
        over_watts: Watts(single.over),
    }
}

/// What a failure takes while it lasts.
#[derive(Serialize, ToSchema)]
pub struct FailureToll {
    pub site: SiteId,
    pub names: Vec<String>,
    pub from: NaiveDate,
    /// Exclusive.
    pub to: NaiveDate,
    /// The most that is dark on one day, and that day.
    pub dark_watts: Watts,
    pub worst_on: NaiveDate,
    /// Tenants that lose power, or stand in a zone that is over.
    pub tenants: i64,
    pub dark_racks: Vec<RackId>,
    /// Racks that live on their other feed.
    pub riding_racks: Vec<RackId>,
    pub bookings: Vec<HitBooking>,
    pub zones: Vec<HitZone>,
    /// Legs that survive and carry more than they can: only where they were oversold.
    pub over_legs: Vec<HitLeg>,
}

/// Machines on the worst day.
#[derive(Serialize, ToSchema)]
pub struct HitBooking {
    pub reservation: ReservationId,
    pub lease: Option<LeaseId>,
    pub tenant: TenantId,
    pub tenant_name: String,
    pub dark_units: i64,
    pub dark_watts: Watts,
    pub riding_units: i64,
    /// With power, in a zone that removes less than they give.
    pub hot_units: i64,
}

#[derive(Serialize, ToSchema)]
pub struct HitZone {
    pub zone: ZoneId,
    pub name: String,
    pub day: NaiveDate,
    pub removes_watts: Watts,
    pub heat_watts: Watts,
    pub over_watts: Watts,
    pub spare_units_left: i64,
}

#[derive(Serialize, ToSchema)]
pub struct HitLeg {
    pub node: NodeId,
    pub name: String,
    pub leg: Leg,
    pub over_watts: Watts,
}

pub async fn show(ask: Ask) -> Answer<FailureToll> {
    let (id, now) = (SiteId(ask.id()?), ask.now);
    let query = ask.query.clone();
    let toll = ask
        .read(move |conn| {
            let known = Failures::load(conn, id, now)?;
            let mut lost = vec![];
            for field in ["lost", "also"] {
                if let Some(code) = query.text(field) {
                    let found = known.parse(code);
                    lost.push(found.ok_or_else(|| Error::field(field, "form-choose"))?);
                }
            }
            lost.dedup();
            let from = query.day("from").unwrap_or(known.house.today);
            let window = window(from, query.day("to"))?;
            Ok(answer(&known, &lost, window))
        })
        .await?;
    Reply::ok(&toll)
}

fn window(from: NaiveDate, to: Option<NaiveDate>) -> Result<Window> {
    let to = to.or_else(|| from.checked_add_days(Days::new(1)));
    let window = Window::new(from, to);
    let fits = to.is_some_and(|to| (to - from).num_days() <= MOST_DAYS);
    window
        .filter(|_| fits)
        .ok_or_else(|| Error::field("to", "form-before"))
}

fn answer(known: &Failures, lost: &[Lost], window: Window) -> FailureToll {
    let toll: Toll = known.toll(lost, window);
    let racks = |all: &[usize]| all.iter().map(|at| known.house.racks[*at].id).collect();
    FailureToll {
        site: known.house.site.id,
        names: lost.iter().map(|lost| known.name(*lost)).collect(),
        from: window.from,
        to: window.to.unwrap_or(window.from),
        dark_watts: Watts(toll.dark_watts),
        worst_on: toll.worst,
        tenants: whole(known.tenants(&toll)),
        dark_racks: racks(&toll.dark),
        riding_racks: racks(&toll.riding),
        bookings: toll.hits.iter().map(|hit| booking(known, hit)).collect(),
        zones: toll
            .zones
            .iter()
            .map(|zone| hit_zone(known, zone))
            .collect(),
        over_legs: toll.over_legs.iter().map(|leg| over(known, leg)).collect(),
    }
}

fn booking(known: &Failures, hit: &Hit) -> HitBooking {
    let row = &known.book.reservations[hit.booking];
    let holder = known.holder(hit.booking);
    HitBooking {
        reservation: row.id,
        lease: holder.and_then(|holder| holder.lease),
        tenant: row.tenant_id,
        tenant_name: holder.map_or(String::new(), |holder| holder.tenant_name.clone()),
        dark_units: hit.dark.into(),
        dark_watts: Watts(hit.dark_watts),
        riding_units: hit.riding.into(),
        hot_units: hit.hot.into(),
    }
}

fn hit_zone(known: &Failures, zone: &Zone) -> HitZone {
    let row = &known.house.zones[zone.zone];
    HitZone {
        zone: row.id,
        name: row.name.clone(),
        day: zone.day,
        removes_watts: Watts(zone.removes),
        heat_watts: Watts(zone.heat),
        over_watts: Watts(zone.over()),
        spare_units_left: zone.spare_left.into(),
    }
}

/// Thirds of a watt become watts, rounded up.
fn over(known: &Failures, leg: &OverLeg) -> HitLeg {
    let node = &known.house.nodes[leg.node];
    HitLeg {
        node: node.id,
        name: node.name.clone(),
        leg: leg.leg,
        over_watts: Watts((leg.used - leg.capacity + 2) / 3),
    }
}
