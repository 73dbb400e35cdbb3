//! The register of machines: the list, one of them, and its steps through the house.

use super::super::ask::{Ask, Done, Whose};
use super::super::history::{Happening, history};
use super::super::post::Post;
use super::super::query::{DIR, Kind, Param};
use super::super::reply::Reply;
use super::super::routes::Answer;
use super::super::schema::{Listed, Nothing, utc};
use super::SITE;
use crate::api::ROOT;
use crate::db::leasing::reservations;
use crate::db::site::machines::{
    self as rows, ListedMachine, MachineFilter, MachineOrder, MachinePage,
};
use crate::db::site::{catalogue, racks, sites};
use crate::db::{Chain, Conn, Db};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::Actor;
use crate::domain::ids::*;
use crate::domain::site::machine::{MachineState, Wish};
use crate::domain::site::{CoolingKind, Leg, Supply};
use crate::domain::units::Watts;
use crate::error::{Error, Result, field_of, within};
use crate::services::site::machines::{self as service, Details};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub const FILTERS: &[Param] = &[
    SITE,
    Param::optional(
        "tenant",
        Kind::Id,
        "Of this tenant only; a tenant sees its own anyway.",
    ),
    Param::optional("rack", Kind::Id, "In this rack only."),
    Param::optional("reservation", Kind::Id, "Under this reservation only."),
    Param::optional("state", Kind::Word(states), "In this state only."),
    Param::optional(
        "q",
        Kind::Text,
        "In any part of the serial number or the model's name, whatever the case.",
    ),
    Param::optional(
        "stray",
        Kind::Word(|| vec!["true"]),
        "Only those that stand in a rack where their tenant holds nothing today.",
    ),
];
/// How the list may be ordered.
pub const ORDER: &[Param] = &[
    Param::optional(
        "sort",
        Kind::Word(|| MachineOrder::WORDS.to_vec()),
        "By what; by serial number if not said.",
    ),
    DIR,
];

fn states() -> Vec<&'static str> {
    MachineState::ALL.iter().map(|word| word.code()).collect()
}

/// A physical machine.
#[derive(Serialize, ToSchema)]
pub struct Machine {
    pub id: MachineId,
    pub site: SiteId,
    pub site_name: String,
    pub tenant: TenantId,
    pub tenant_name: String,
    pub reservation: Option<ReservationId>,
    pub model: Option<ModelId>,
    pub model_name: String,
    pub serial: String,
    pub watts: Watts,
    pub cooling: CoolingKind,
    pub supply: Supply,
    pub state: MachineState,
    pub rack: Option<RackId>,
    pub rack_name: Option<String>,
    /// From 1 up.
    pub slot: Option<i64>,
    /// Null for a three-phase machine and for one that stands nowhere.
    pub leg: Option<Leg>,
    pub note: String,
    pub created_at: DateTime<Utc>,
    pub changed_at: DateTime<Utc>,
}

pub fn machine(listed: ListedMachine) -> Machine {
    let row = listed.machine;
    Machine {
        id: row.id,
        site: row.site_id,
        site_name: listed.site,
        tenant: row.tenant_id,
        tenant_name: listed.tenant,
        reservation: row.reservation_id,
        model: row.model_id,
        model_name: row.model_name,
        serial: row.serial,
        watts: row.watts,
        cooling: row.cooling,
        supply: row.supply,
        state: row.state,
        rack: row.rack_id,
        rack_name: listed.rack,
        slot: row.slot,
        leg: row.leg,
        note: row.note,
        created_at: utc(row.created_at),
        changed_at: utc(row.changed_at),
    }
}

#[derive(Serialize, ToSchema)]
pub struct OneMachine {
    #[serde(flatten)]
    pub machine: Machine,
    /// What it may become next; `racked` after `racked` is a move.
    pub next: Vec<MachineState>,
    pub history: Vec<Happening>,
}

/// What the register is narrowed to; `None`: to nothing.
fn asked(ask: &Ask) -> Option<MachineFilter> {
    let query = &ask.query;
    let tenant = match ask.whose() {
        Whose::All => None,
        Whose::Only(tenant) => Some(tenant),
        Whose::Nobody => return None,
    };
    Some(MachineFilter {
        search: query.text("q").unwrap_or_default().to_owned(),
        site: query.id("site"),
        tenant,
        rack: query.id("rack"),
        reservation: query.id("reservation"),
        state: query.word("state", MachineState::parse),
        stray: None,
    })
}

/// With what only the database knows: what is held at this moment.
fn narrowed(
    conn: &mut Conn,
    filter: MachineFilter,
    stray: bool,
    now: Instant,
) -> Result<MachineFilter> {
    Ok(MachineFilter {
        stray: match stray {
            true => Some(racks::Moment::today(conn, now)?),
            false => None,
        },
        ..filter
    })
}

pub async fn list(ask: Ask) -> Answer<Listed<Machine>> {
    let (sort, descending) = ask.query.order(&MachineOrder::WORDS, false);
    let order = MachineOrder::of(sort);
    let page = MachinePage {
        order,
        descending,
        after: ask.query.after().map(|cursor| (cursor.value, cursor.id)),
        limit: ask.query.limit() + 1,
    };
    let (filter, now, stray) = (asked(&ask), ask.now, ask.query.text("stray").is_some());
    let found = ask.read(move |conn| match filter {
        Some(filter) => {
            let filter = narrowed(conn, filter, stray, now)?;
            rows::page(conn, &filter, &page)
        }
        None => Ok(vec![]),
    });
    Reply::page(&ask, found.await?, |row| row.cursor(order), machine)
}

/// Sums over all that is filtered.
#[derive(Serialize, ToSchema)]
pub struct MachineTotals {
    pub machines: i64,
    /// As rated.
    pub watts: Watts,
}

pub async fn totals(ask: Ask) -> Answer<MachineTotals> {
    let (filter, now, stray) = (asked(&ask), ask.now, ask.query.text("stray").is_some());
    let found = ask.read(move |conn| match filter {
        Some(filter) => {
            let filter = narrowed(conn, filter, stray, now)?;
            rows::totals(conn, &filter)
        }
        None => Ok(rows::MachineTotals::default()),
    });
    let found = found.await?;
    Reply::ok(&MachineTotals {
        machines: found.machines,
        watts: found.watts,
    })
}

pub async fn show(ask: Ask) -> Answer<OneMachine> {
    let (id, actor) = (MachineId(ask.id()?), ask.actor());
    let found = ask.read(move |conn| one(conn, &actor, id)).await?;
    Reply::ok(&found)
}

/// Another tenant's machine looks the same as none.
fn one(conn: &mut Conn, who: &Actor, id: MachineId) -> Result<OneMachine> {
    let row = rows::named(conn, id)?;
    if !who.sees(row.machine.tenant_id) {
        return Err(Error::NotFound);
    }
    Ok(OneMachine {
        next: row.machine.state.next().to_vec(),
        history: history(conn, who, "machine", id.0)?,
        machine: machine(row),
    })
}

/// What is known of a machine wherever it stands. A model of the catalogue gives its name and its
/// cooling, and what is not said of watts and supply.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MachineDetails {
    pub tenant: TenantId,
    /// Under which it may get a slot.
    pub reservation: Option<ReservationId>,
    pub model: Option<ModelId>,
    #[schema(max_length = 80, pattern = r"^[^\x00-\x1f\x7f-\x9f]*$")]
    pub model_name: Option<String>,
    #[schema(min_length = 1, max_length = 64, pattern = r"^[^\x00-\x1f\x7f-\x9f]*$")]
    pub serial: String,
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub watts: Option<i64>,
    pub cooling: Option<CoolingKind>,
    pub supply: Option<Supply>,
    #[schema(max_length = 500, pattern = r"^[^\x00-\x1f\x7f-\x9f]*$")]
    pub note: Option<String>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMachine {
    pub site: SiteId,
    /// `expected`: on its way; `received` if not said.
    pub state: Option<Arrival>,
    pub details: MachineDetails,
}

/// Where a new machine is on its way.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Arrival {
    Expected,
    Received,
}

pub fn arrived(state: Option<Arrival>) -> MachineState {
    match state {
        Some(Arrival::Expected) => MachineState::Expected,
        Some(Arrival::Received) | None => MachineState::Received,
    }
}

pub async fn create(ask: Ask, post: Post<NewMachine>) -> Answer<OneMachine> {
    let (new, actor, now) = (post.body, ask.actor(), ask.now);
    let site = new.site;
    let chain = move |conn: &mut Conn| {
        let site = field_of("site", sites::get(conn, site))?;
        Ok(Chain::Site(site.id))
    };
    let state = arrived(new.state);
    ask.once(&post.given, chain, move |db| {
        let details = details(&mut *db.get()?, &new.details);
        let made = details.and_then(|d| service::register(db, &actor, now, site, &d, state));
        let id = within("details", made)?;
        Ok(Done::Made {
            location: format!("{ROOT}/machines/{id}"),
            value: one(&mut *db.get()?, &actor, id)?,
        })
    })
    .await
}

/// Errors: `Invalid` beside a field that names no row, or that nothing says.
pub fn details(conn: &mut Conn, said: &MachineDetails) -> Result<Details> {
    field_of(
        "tenant",
        crate::db::identity::tenants::get(conn, said.tenant),
    )?;
    if let Some(id) = said.reservation {
        field_of("reservation", reservations::get(conn, id))?;
    }
    let model = match said.model {
        Some(id) => Some(field_of("model", catalogue::get(conn, id))?),
        None => None,
    };
    let missing = |field: &str| Error::field(field, "form-required");
    if said.serial.trim().is_empty() {
        return Err(missing("serial"));
    }
    let watts = said.watts.map(Watts).or(model.as_ref().map(|m| m.watts));
    let cooling = said.cooling.or(model.as_ref().map(|m| m.cooling));
    let supply = said.supply.or(model.as_ref().and_then(|m| m.supply));
    Ok(Details {
        tenant: said.tenant,
        reservation: said.reservation,
        model_id: said.model,
        model_name: said.model_name.clone().unwrap_or_default(),
        serial: said.serial.clone(),
        watts: watts.ok_or_else(|| missing("watts"))?,
        cooling: cooling.ok_or_else(|| missing("cooling"))?,
        supply: supply.ok_or_else(|| missing("supply"))?,
        note: said.note.clone().unwrap_or_default(),
    })
}

pub async fn edit(ask: Ask, post: Post<MachineDetails>) -> Answer<OneMachine> {
    let (said, now) = (post.body.clone(), ask.now);
    step(ask, post, move |db, who, id| {
        let details = details(&mut *db.get()?, &said)?;
        service::edit(db, who, now, id, &details)
    })
    .await
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlacement {
    pub rack: RackId,
    /// The lowest free one if not said.
    #[schema(minimum = 1, maximum = 100_000)]
    pub slot: Option<i64>,
    /// For a single-phase machine; the one with most left if not said.
    pub leg: Option<Leg>,
}

/// Puts a machine into a rack, or moves it.
pub async fn place(ask: Ask, post: Post<NewPlacement>) -> Answer<OneMachine> {
    let (said, now) = (post.body.clone(), ask.now);
    step(ask, post, move |db, who, id| {
        let rack = field_of("rack", racks::get(&mut *db.get()?, said.rack))?;
        let wish = Wish {
            slot: said.slot,
            leg: said.leg,
        };
        service::rack(db, who, now, id, rack.id, wish)
    })
    .await
}

pub async fn receive(ask: Ask, post: Post<Nothing>) -> Answer<OneMachine> {
    turn(ask, post, MachineState::Received).await
}

pub async fn repair(ask: Ask, post: Post<Nothing>) -> Answer<OneMachine> {
    turn(ask, post, MachineState::Repair).await
}

pub async fn remove(ask: Ask, post: Post<Nothing>) -> Answer<OneMachine> {
    turn(ask, post, MachineState::Removed).await
}

async fn turn(ask: Ask, post: Post<Nothing>, to: MachineState) -> Answer<OneMachine> {
    let now: Instant = ask.now;
    step(ask, post, move |db, who, id| {
        service::turn(db, who, now, id, to)
    })
    .await
}

/// One step of the machine in the address, once for its key.
async fn step<B>(
    ask: Ask,
    post: Post<B>,
    work: impl Fn(&Db, &Actor, MachineId) -> Result<()> + Send + 'static,
) -> Answer<OneMachine> {
    let (id, actor) = (MachineId(ask.id()?), ask.actor());
    let chain = move |conn: &mut Conn| {
        let row = rows::get(conn, id)?;
        match actor.sees(row.tenant_id) {
            true => Ok(Chain::Site(row.site_id)),
            false => Err(Error::NotFound),
        }
    };
    ask.once(&post.given, chain, move |db| {
        work(db, &actor, id)?;
        Ok(Done::Changed(one(&mut *db.get()?, &actor, id)?))
    })
    .await
}
