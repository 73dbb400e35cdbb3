//! Reservations: the list, one of them, and a new one.

use super::super::ask::{Ask, Done};
use super::super::post::Post;
use super::super::problem::Problem;
use super::super::query::{Kind, Param};
use super::super::reply::Reply;
use super::super::routes::Answer;
use super::super::schema::{Day, Listed, utc};
use super::availability::{self, window};
use super::refusal::Refusal;
use crate::api::ROOT;
use crate::db::leasing::lists::{self, Named, Narrow, Slice, Standing};
use crate::db::leasing::{leases, reservations as rows};
use crate::db::{Chain, Conn, Db};
use crate::domain::calendar::Instant;
use crate::domain::cursor::Cursor;
use crate::domain::identity::access::Actor;
use crate::domain::ids::*;
use crate::domain::leasing::state::{ReservationStatus, status};
use crate::domain::site::{CoolingKind, Leg, Redundancy, SlotsEach, Supply, Workload};
use crate::domain::units::Watts;
use crate::error::{Error, Result};
use crate::services::leasing::answer::Answer as Decision;
use crate::services::leasing::availability::alternatives;
use crate::services::leasing::reserve::{IfRefused, Wish, reserve};
use crate::services::leasing::wish::{Described, machine};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub const FILTERS: &[Param] = &[
    Param::optional("status", Kind::Word(statuses), "In this status only."),
    Param::optional(
        "q",
        Kind::Text,
        "In the tenant's or the model's name, or the id.",
    ),
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
    pub model: Option<ModelId>,
    pub model_name: String,
    pub workload: Workload,
    pub cooling: CoolingKind,
    pub supply: Supply,
    /// Whole racks: `units` counts racks, `watts_each` is what each may draw.
    pub slots_each: SlotsEach,
    /// Only on racks with two feeds.
    pub two_feeds: bool,
    /// The rule of admission that was promised.
    pub redundancy: Redundancy,
    /// What was reserved with it, held and cancelled together.
    pub bundle: Option<BundleId>,
    pub units: i64,
    pub watts_each: Watts,
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
        id: row.id,
        tenant: row.tenant_id,
        tenant_name: tenant,
        site: row.site_id,
        site_name: site,
        hall: row.hall_id,
        model: row.model_id,
        model_name: row.model_name,
        workload: row.workload,
        cooling: row.cooling,
        supply: row.supply,
        slots_each: row.slots_each,
        two_feeds: row.two_feeds,
        redundancy: row.redundancy,
        bundle: row.bundle_id,
        units: row.units,
        watts_each: row.watts_each,
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
    /// Where it stands, or would: an unassigned reservation may still be moved to make room.
    pub allocations: Vec<Allocation>,
    pub lease: Option<LeaseId>,
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
    let (own, asked) = (ask.actor().tenant, ask.query.id("tenant"));
    let tenant = match (own, asked) {
        (Some(own), Some(asked)) if own != asked => return None,
        (own, asked) => own.or(asked),
    };
    if tenant.is_none() && ask.actor().role.is_tenant() {
        return None;
    }
    Some(Narrow {
        tenant,
        site: ask.query.id("site"),
        ..Narrow::default()
    })
}

/// The latest first, from a key on.
pub fn slice(ask: &Ask) -> Slice {
    Slice {
        q: ask.query.text("q").unwrap_or_default().to_owned(),
        sort: "id",
        descending: true,
        after: ask.query.after_id().map(|id| (id.to_string(), id)),
        limit: ask.query.limit() + 1,
    }
}

pub async fn list(ask: Ask) -> Answer<Listed<Reservation>> {
    let (slice, now) = (slice(&ask), ask.now);
    let status = ask.query.word("status", ReservationStatus::parse);
    let narrow = narrow(&ask).map(|narrow| Narrow { status, ..narrow });
    let found = ask
        .read(move |conn| match narrow {
            Some(narrow) => lists::reservations(conn, &narrow, &slice, now),
            None => Ok(vec![]),
        })
        .await?;
    Reply::page(
        &ask,
        found,
        |(row, ..)| Cursor::new("", row.id.0),
        |row| reservation(row, now),
    )
}

pub async fn show(ask: Ask) -> Answer<OneReservation> {
    let (id, actor, now) = (ReservationId(ask.id()?), ask.actor(), ask.now);
    let found = ask.read(move |conn| one(conn, &actor, now, id)).await?;
    Reply::ok(&found)
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
    Ok(OneReservation {
        reservation: reservation((row, tenant, site), now),
        allocations: allocations.into_iter().map(allocation).collect(),
        lease: leases::by_reservation(conn, id)?.map(|lease| lease.id),
    })
}

/// A model of the catalogue, or `watts`, `supply` and `cooling` of machines that are not in it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReservation {
    /// A tenant's own token leaves it out.
    pub tenant: Option<TenantId>,
    pub site: SiteId,
    /// Only in this hall.
    pub hall: Option<HallId>,
    pub model: Option<ModelId>,
    /// What machines are called that are not in the catalogue.
    #[schema(max_length = 80, pattern = r"^[^\x00-\x1f\x7f-\x9f]*$")]
    pub model_name: Option<String>,
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub watts: Option<i64>,
    pub supply: Option<Supply>,
    pub cooling: Option<CoolingKind>,
    /// Mining if not said.
    pub workload: Option<Workload>,
    #[schema(minimum = 1, maximum = 100_000)]
    pub units: i64,
    pub from: Day,
    /// Exclusive; open-ended if not said.
    pub to: Option<Day>,
    /// Whether a wish that does not fit is left as a request for staff; forgotten if not said.
    pub keep_request: Option<bool>,
}

pub async fn create(ask: Ask, post: Post<NewReservation>) -> Answer<OneReservation> {
    let (new, actor, now) = (post.body, ask.actor(), ask.now);
    let site = new.site;
    let chain = move |conn: &mut Conn| match crate::db::site::sites::get(conn, site) {
        Ok(site) => Ok(Chain::Site(site.id)),
        Err(Error::NotFound) => Err(Error::field("site", "form-choose")),
        Err(error) => Err(error),
    };
    ask.once(&post.given, chain, move |db| book(db, &actor, now, &new))
        .await
}

fn book(db: &Db, who: &Actor, now: Instant, new: &NewReservation) -> Result<Done<OneReservation>> {
    let wish = wish_of(&mut *db.get()?, who, new)?;
    let if_refused = match new.keep_request {
        Some(true) => IfRefused::KeepRequest,
        _ => IfRefused::Forget,
    };
    match reserve(db, who, now, &wish, if_refused)? {
        Decision::Accepted(id) => Ok(Done::Made {
            location: format!("{ROOT}/reservations/{id}"),
            value: one(&mut *db.get()?, who, now, id)?,
        }),
        Decision::Refused(refused) => {
            let found = alternatives(db, now, &wish)?;
            let refusal = Refusal::new(refused, found);
            Ok(Done::Refused(Box::new(Problem::refused(refusal))))
        }
    }
}

fn wish_of(conn: &mut Conn, who: &Actor, new: &NewReservation) -> Result<Wish> {
    let tenant = match (who.tenant, new.tenant) {
        (Some(own), None) => own,
        (Some(own), Some(asked)) if own == asked => own,
        (None, Some(asked)) => asked,
        _ => return Err(Error::field("tenant", "form-choose")),
    };
    match crate::db::identity::tenants::get(conn, tenant) {
        Err(Error::NotFound) => return Err(Error::field("tenant", "form-choose")),
        found => found?,
    };
    let said = Described {
        model: new.model,
        name: new.model_name.clone(),
        watts: new.watts.map(Watts),
        cooling: new.cooling,
        supply: new.supply,
    };
    let machine = machine(conn, &said)?;
    let window = window(Some(new.from.0), new.to.map(|day| day.0))?;
    Ok(Wish {
        workload: new.workload.unwrap_or(Workload::Mining),
        units: u32::try_from(new.units).unwrap_or(u32::MAX),
        ..availability::wish(machine, Some(tenant), (Some(new.site), new.hall), window)
    })
}
