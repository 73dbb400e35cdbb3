//! The register of machines as a table: its rows, what they are judged by, and how they are written.

use super::cells::Cells;
use super::stock::{Site, existing};
use crate::db::identity::tenants::{self, Tenant};
use crate::db::leasing::reservations::{self, Reservation};
use crate::db::site::catalogue::{self, MachineModel};
use crate::db::site::machines::{self, Machine};
use crate::db::site::racks::{self, Rack};
use crate::db::site::sites;
use crate::db::{Conn, Tx};
use crate::domain::calendar::Instant;
use crate::domain::fold::fold;
use crate::domain::identity::access::Actor;
use crate::domain::ids::*;
use crate::domain::message::Message;
use crate::domain::site::machine::{MachineState, Share};
use crate::domain::site::sheet::machines::{self as judged, Booking, Model};
use crate::domain::site::sheet::{Existing, Value, collapsed};
use crate::domain::site::{CoolingKind, Leg, Supply};
use crate::domain::units::Watts;
use crate::error::{Error, Result, found};
use crate::services::site::machines::{closed, unborn};
use std::collections::{HashMap, HashSet};

/// What the planning of machines needs of a site and of the house, each read once.
pub struct Register {
    machines: Vec<Machine>,
    tenants: Vec<Tenant>,
    models: Vec<MachineModel>,
    bookings: Vec<(Reservation, Option<Message>)>,
    shares: Vec<(RackId, Share)>,
    elsewhere: HashSet<String>,
}

impl Register {
    /// `serials`: folded, of which those that other sites have are wanted.
    pub fn load(conn: &mut Conn, site: SiteId, now: Instant, serials: &[String]) -> Result<Self> {
        let today = sites::get(conn, site)?.zone().date(now);
        let machines = machines::of_site(conn, site)?;
        let own: HashSet<MachineId> = machines.iter().map(|row| row.id).collect();
        let known = machines::by_serials(conn, serials)?.into_iter();
        let bookings = reservations::of_site(conn, site)?.into_iter();
        Ok(Self {
            elsewhere: known
                .filter(|(_, id)| !own.contains(id))
                .map(|(serial, _)| serial)
                .collect(),
            tenants: tenants::all(conn)?,
            models: catalogue::all(conn)?,
            bookings: bookings
                .map(|row| {
                    let why = closed(&row, today, now);
                    (row, why)
                })
                .collect(),
            shares: machines::shares_of_site(conn, site)?,
            machines,
        })
    }

    fn tenant_names(&self) -> HashMap<TenantId, String> {
        let tenants = self.tenants.iter();
        tenants.map(|t| (t.id, collapsed(&t.name))).collect()
    }

    /// Every machine as the cells of its row.
    pub fn rows(&self, racks: &[Rack]) -> Vec<Existing> {
        let tenants = self.tenant_names();
        let racks: HashMap<RackId, &str> = racks.iter().map(|r| (r.id, &*r.name)).collect();
        let cells = |row: &Machine| {
            let tenant = tenants.get(&row.tenant_id).map_or("", String::as_str);
            let rack = row.rack_id.and_then(|id| racks.get(&id).copied());
            let whole = |number: Option<i64>| number.map_or(Value::Empty, Value::Whole);
            vec![
                Value::text(&collapsed(&row.serial)),
                Value::text(tenant),
                Value::text(&collapsed(&row.model_name)),
                Value::Whole(row.watts.0),
                Value::Word(row.cooling.code()),
                Value::Word(row.supply.code()),
                whole(row.reservation_id.map(|id| id.0)),
                Value::Word(row.state.code()),
                Value::text(rack.unwrap_or_default()),
                whole(row.slot),
                row.leg.map_or(Value::Empty, |leg| Value::Word(leg.code())),
                Value::text(&collapsed(&row.note)),
            ]
        };
        let rows = self.machines.iter();
        rows.map(|row| existing(row.id.0, cells(row))).collect()
    }

    /// The same as the rules want it.
    pub fn judged(&self, racks: &[Rack]) -> judged::Register {
        let names = self.tenant_names();
        let racks: HashMap<RackId, &str> = racks.iter().map(|r| (r.id, &*r.name)).collect();
        let mut tenants: HashMap<String, Option<String>> = HashMap::new();
        for tenant in &self.tenants {
            let name = collapsed(&tenant.name);
            let entry = tenants.entry(fold(&name));
            entry
                .and_modify(|several| *several = None)
                .or_insert(Some(name));
        }
        let mut shares: HashMap<ReservationId, Vec<(String, Share)>> = HashMap::new();
        for (rack, share) in &self.shares {
            if let Some(rack) = racks.get(rack) {
                let of = shares.entry(share.reservation).or_default();
                of.push(((*rack).to_owned(), *share));
            }
        }
        let mut booking = |(row, closed): &(Reservation, Option<Message>)| {
            let booking = Booking {
                tenant: names.get(&row.tenant_id).cloned().unwrap_or_default(),
                closed: closed.clone(),
                shares: shares.remove(&row.id).unwrap_or_default(),
            };
            (row.id.0, booking)
        };
        judged::Register {
            tenants,
            models: self.models.iter().map(model).collect(),
            bookings: self.bookings.iter().map(&mut booking).collect(),
            elsewhere: self.elsewhere.clone(),
        }
    }
}

fn model(row: &MachineModel) -> (String, Model) {
    let name = collapsed(&row.name());
    let model = Model {
        name: name.clone(),
        watts: row.watts,
        cooling: row.cooling,
        supply: row.supply,
    };
    (fold(&name), model)
}

/// Ids behind the names of planned machines.
struct Ids<'a> {
    tenants: HashMap<String, TenantId>,
    names: HashMap<TenantId, String>,
    /// Whose each booking is.
    bookings: HashMap<i64, TenantId>,
    models: HashMap<String, &'a MachineModel>,
    racks: HashMap<String, RackId>,
}

impl<'a> Ids<'a> {
    fn load(tx: &mut Tx, site: SiteId, register: &'a Register) -> Result<Self> {
        let racks = racks::of_site(tx.conn, site)?.into_iter();
        let tenants = register.tenants.iter();
        let bookings = register.bookings.iter();
        let models = register.models.iter();
        Ok(Self {
            tenants: tenants.map(|t| (fold(&t.name), t.id)).collect(),
            names: register.tenant_names(),
            bookings: bookings.map(|(row, _)| (row.id.0, row.tenant_id)).collect(),
            models: models.map(|m| (fold(&m.name()), m)).collect(),
            racks: racks.map(|r| (r.name, r.id)).collect(),
        })
    }
}

type Sorted<'a> = (Vec<Cells<'a>>, Vec<(i64, Cells<'a>)>);

/// New machines in batches. Those that change leave their slots first, so that they may change places.
pub fn write(
    tx: &mut Tx,
    site: &Site,
    (new, changed): Sorted,
    (who, now): (&Actor, Instant),
) -> Result<()> {
    let register = found(site.register.as_ref())?;
    let ids = Ids::load(tx, site.id, register)?;
    let before: HashMap<i64, &Machine> = register.machines.iter().map(|m| (m.id.0, m)).collect();
    let mut after = vec![];
    for (id, cells) in &changed {
        let row = found(before.get(id).copied())?;
        let row = Machine {
            changed_at: now,
            changed_by: who.user,
            ..row.clone()
        };
        after.push(machine(row, cells, &ids)?);
    }
    let moved: Vec<MachineId> = after.iter().map(|row| row.id).collect();
    machines::clear_places(tx.conn, &moved)?;
    for row in &after {
        machines::update(tx.conn, row)?;
    }
    let blank = |cells: &Cells| unborn(who, now, site.id, state(cells));
    let made = new.iter().map(|cells| machine(blank(cells), cells, &ids));
    machines::insert_all(tx.conn, &made.collect::<Result<Vec<_>>>()?)
}

fn state(cells: &Cells) -> MachineState {
    let state = cells.code("state", MachineState::parse);
    state.unwrap_or(MachineState::Received)
}

/// Everything that the table has a column for; texts keep their blanks where they say the same.
fn machine(before: Machine, cells: &Cells, ids: &Ids) -> Result<Machine> {
    let kept = |code: &str, was: &str| match cells.name(code) {
        same if same == collapsed(was) => was.to_owned(),
        new => new.to_owned(),
    };
    let booking = cells.whole("booking").ok();
    let owner = booking.and_then(|id| ids.bookings.get(&id).copied());
    let named = ids.tenants.get(&fold(cells.name("tenant"))).copied();
    let serial = kept("serial", &before.serial);
    let model_name = kept("model", &before.model_name);
    let listed = ids.models.get(&fold(&model_name)).map(|model| model.id);
    let rack_id = match cells.name("rack") {
        "" => None,
        _ => Some(cells.id(&ids.racks, "rack")?),
    };
    let keeps = ids.names.get(&before.tenant_id).map(String::as_str) == Some(cells.name("tenant"));
    let unknown = || Error::Internal(anyhow::anyhow!("no tenant {}", cells.name("tenant")));
    Ok(Machine {
        // Several may have the name: the booking's owner, else whose it was.
        tenant_id: match owner {
            Some(owner) => owner,
            None if keeps => before.tenant_id,
            None => named.ok_or_else(unknown)?,
        },
        reservation_id: booking.map(ReservationId),
        model_id: match model_name == before.model_name {
            true => before.model_id,
            false => listed,
        },
        model_folded: fold(&model_name),
        model_name,
        serial_folded: fold(&serial),
        serial,
        watts: Watts(cells.whole("watts")?),
        cooling: cells.must("cooling", CoolingKind::parse)?,
        supply: cells.must("supply", Supply::parse)?,
        state: state(cells),
        rack_id,
        slot: cells.whole("slot").ok(),
        leg: cells.code("leg", Leg::parse),
        note: kept("note", &before.note),
        ..before
    })
}
