//! Reservations: the list, one of them, and a new one.

use super::super::ask::{Ask, Whose};
use super::super::history::{Happening, history};
use super::super::query::{DIR, Kind, Param};
use super::super::reply::Reply;
use super::super::routes::Answer;
use super::super::schema::{Listed, utc};
use super::conflicts::{Conflict, open_of};
use super::wished::Wished;
use crate::db::Conn;
use crate::db::leasing::lists::{self, Named, Narrow, Slice, Standing};
use crate::db::leasing::{leases, reservations as rows};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::Actor;
use crate::domain::ids::*;
use crate::domain::leasing::place::Quality;
use crate::domain::leasing::state::{ReservationStatus, status};
use crate::domain::site::{Leg, Redundancy, SlotsEach};
use crate::domain::units::Watts;
use crate::error::{Error, Result};
use crate::services::leasing::house::range_of;
use crate::services::leasing::quality;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

pub const FILTERS: &[Param] = &[
    Param::optional("status", Kind::Word(statuses), "In this status only."),
    Param::optional(
        "q",
        Kind::Text,
        "In the tenant's or the model's name, or the id.",
    ),
];

/// How the list may be ordered.
pub const ORDER: &[Param] = &[
    Param::optional(
        "sort",
        Kind::Word(|| SORTS.to_vec()),
        "By what; by id, the latest first, if not said.",
    ),
    DIR,
];

fn statuses() -> Vec<&'static str> {
    ReservationStatus::ALL
        .iter()
        .map(|word| word.code())
        .collect()
}

#[derive(Serialize, ToSchema)]
pub struct Reservation {
    pub id: ReservationId,
    pub tenant: TenantId,
    pub tenant_name: String,
    pub site: SiteId,
    pub site_name: String,
    /// The hall that was asked for, if any.
    pub hall: Option<HallId>,
    #[serde(flatten)]
    pub wished: Wished,
    /// Whole racks: `units` counts racks, `watts_each` is what each may draw.
    pub slots_each: SlotsEach,
    /// Only on racks with two feeds.
    pub two_feeds: bool,
    /// The rule of admission that was promised.
    pub redundancy: Redundancy,
    /// What was reserved with it, held and cancelled together.
    pub bundle: Option<BundleId>,
    /// Of all units together.
    pub watts: Watts,
    pub from: NaiveDate,
    /// Exclusive; null while open-ended.
    pub to: Option<NaiveDate>,
    pub status: ReservationStatus,
    /// When a reservation that is not leased ends by itself.
    pub hold_until: DateTime<Utc>,
    pub assigned_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub cancelled_at: Option<DateTime<Utc>>,
}

pub fn reservation((row, tenant, site): Named<rows::Reservation>, now: Instant) -> Reservation {
    Reservation {
        status: status(row.state, row.hold_until, row.assigned_at.is_some(), now),
        wished: Wished::from(&row),
        id: row.id,
        tenant: row.tenant_id,
        tenant_name: tenant,
        site: row.site_id,
        site_name: site,
        hall: row.hall_id,
        slots_each: row.slots_each,
        two_feeds: row.two_feeds,
        redundancy: row.redundancy,
        bundle: row.bundle_id,
        watts: Watts(row.units.saturating_mul(row.watts_each.0)),
        from: row.from_date,
        to: row.to_date,
        hold_until: utc(row.hold_until),
        assigned_at: row.assigned_at.map(utc),
        created_at: utc(row.created_at),
        cancelled_at: row.cancelled_at.map(utc),
    }
}

#[derive(Serialize, ToSchema)]
pub struct OneReservation {
    #[serde(flatten)]
    pub reservation: Reservation,
    /// Only these racks were wanted; null where any would do.
    pub racks_wanted: Option<Vec<RackId>>,
    /// Where it stands, or would: an unassigned reservation may still be moved to make room.
    pub allocations: Vec<Allocation>,
    /// How good that is; null where nothing is held any more, and in the answer to a POST.
    pub quality: Option<PlaceQuality>,
    /// Reserved with it, held and cancelled together.
    pub together: Vec<ReservationId>,
    pub lease: Option<LeaseId>,
    /// Not resolved yet.
    pub conflicts: Vec<Conflict>,
    pub history: Vec<Happening>,
}

#[derive(Serialize, ToSchema)]
pub struct PlaceQuality {
    /// Racks on which nothing else is booked in its window.
    pub racks_opened: i64,
    pub racks: i64,
    pub rows: i64,
    /// The most by which one leg of a feed under it carries more than another.
    pub imbalance_watts: Watts,
    /// Racks that may still be had as a whole beside it.
    pub whole_racks_left: i64,
}

impl From<Quality> for PlaceQuality {
    fn from(quality: Quality) -> Self {
        Self {
            racks_opened: quality.opened.into(),
            racks: quality.racks.into(),
            rows: quality.rows.into(),
            imbalance_watts: quality.imbalance,
            whole_racks_left: quality.left.into(),
        }
    }
}

/// Machines on one rack and leg.
#[derive(Serialize, ToSchema)]
pub struct Allocation {
    pub rack: RackId,
    pub rack_name: String,
    pub hall_name: String,
    pub row_name: String,
    /// Null for three-phase machines.
    pub leg: Option<Leg>,
    pub units: i64,
}

pub fn allocation(row: Standing) -> Allocation {
    Allocation {
        rack: row.rack_id,
        rack_name: row.rack,
        hall_name: row.hall,
        row_name: row.row,
        leg: row.leg,
        units: row.units,
    }
}

/// What narrows a list: a tenant sees its own only, whatever it asks for.
pub fn narrow(ask: &Ask) -> Option<Narrow> {
    let tenant = match ask.whose() {
        Whose::All => None,
        Whose::Only(tenant) => Some(tenant),
        Whose::Nobody => return None,
    };
    Some(Narrow {
        tenant,
        site: ask.query.id("site"),
        ..Narrow::default()
    })
}

/// The orders that a list of bookings has.
pub fn slice(ask: &Ask, words: &[&'static str]) -> Slice {
    let (sort, descending) = ask.query.order(words, true);
    Slice {
        q: ask.query.text("q").unwrap_or_default().to_owned(),
        sort,
        descending,
        after: ask.query.after().map(|after| match sort {
            "id" => (after.id.to_string(), after.id),
            _ => (after.value, after.id),
        }),
        limit: ask.query.limit() + 1,
    }
}

pub const SORTS: &[&str] = &["id", "tenant", "from", "units"];

/// What a list of reservations is narrowed to; `None`: to nothing.
fn asked(ask: &Ask) -> Option<Narrow> {
    let status = ask.query.word("status", ReservationStatus::parse);
    narrow(ask).map(|narrow| Narrow { status, ..narrow })
}

pub async fn list(ask: Ask) -> Answer<Listed<Reservation>> {
    let (slice, now, narrow) = (slice(&ask, SORTS), ask.now, asked(&ask));
    let sort = slice.sort;
    let found = ask
        .read(move |conn| match narrow {
            Some(narrow) => lists::reservations(conn, &narrow, &slice, now),
            None => Ok(vec![]),
        })
        .await?;
    Reply::page(
        &ask,
        found,
        |row| lists::after_reservation(sort, row),
        |row| reservation(row, now),
    )
}

/// Sums over all that is filtered.
#[derive(Serialize, ToSchema)]
pub struct Totals {
    /// How many there are.
    pub rows: i64,
    pub units: i64,
    pub watts: Watts,
}

impl From<lists::Totals> for Totals {
    fn from(totals: lists::Totals) -> Self {
        Self {
            rows: totals.rows,
            units: totals.units,
            watts: totals.watts,
        }
    }
}

pub async fn totals(ask: Ask) -> Answer<Totals> {
    let (slice, now, narrow) = (slice(&ask, SORTS), ask.now, asked(&ask));
    let found = ask.read(move |conn| match narrow {
        Some(narrow) => lists::reservation_totals(conn, &narrow, &slice, now),
        None => Ok(lists::Totals::default()),
    });
    Reply::ok(&Totals::from(found.await?))
}

pub async fn show(ask: Ask) -> Answer<OneReservation> {
    let (id, actor, now) = (ReservationId(ask.id()?), ask.actor(), ask.now);
    let found = ask.read(move |conn| {
        let found = one(conn, &actor, now, id)?;
        let row = rows::get(conn, id)?;
        let quality = quality::of(conn, now, &row)?;
        Ok(OneReservation {
            quality: quality.map(PlaceQuality::from),
            ..found
        })
    });
    Reply::ok(&found.await?)
}

/// Another tenant's reservation looks the same as none.
pub fn one(
    conn: &mut Conn,
    who: &Actor,
    now: Instant,
    id: ReservationId,
) -> Result<OneReservation> {
    let row = rows::get(conn, id)?;
    if !who.sees(row.tenant_id) {
        return Err(Error::NotFound);
    }
    let tenant = lists::tenant_contact(conn, row.tenant_id)?.0;
    let site = crate::db::site::sites::get(conn, row.site_id)?.name;
    let allocations = lists::standing(conn, id)?;
    let mut together = match row.bundle_id {
        Some(bundle) => rows::of_bundle(conn, bundle)?,
        None => vec![],
    };
    together.retain(|other| other.id != id);
    Ok(OneReservation {
        racks_wanted: range_of(&row),
        quality: None,
        together: together.into_iter().map(|other| other.id).collect(),
        conflicts: open_of(conn, id)?,
        history: history(conn, who, "reservation", id.0)?,
        reservation: reservation((row, tenant, site), now),
        allocations: allocations.into_iter().map(allocation).collect(),
        lease: leases::by_reservation(conn, id)?.map(|lease| lease.id),
    })
}
