//! A hall on a date: where its racks stand, what is sold in them and what they draw.

use super::drawn::{by_rack, taken};
use super::figures::natural;
use crate::db::metering::drawn::Among;
use crate::db::site::cooling;
use crate::db::site::floor::{self, Booked, Part};
use crate::db::site::halls::{self, Hall, Row};
use crate::db::site::racks::Rack;
use crate::db::site::sites::Site;
use crate::db::{Conn, Db};
use crate::domain::calendar::Instant;
use crate::domain::ids::*;
use crate::domain::leasing::place;
use crate::domain::leasing::state::ReservationState;
use crate::domain::site::floor::{Layout, Look, Standing, layout};
use crate::domain::site::{Leg, RackPhase, SlotsEach, Supply};
use crate::domain::units::Watts;
use crate::error::Result;
use crate::services::leasing::house::{House, plan_zones};
use crate::services::leasing::ready::Ready;
use crate::services::metering::loads;
use chrono::{Days, NaiveDate};
use std::collections::{BTreeSet, HashMap};

/// A rack with what is booked on it on the date.
pub struct RackOn {
    pub rack: Rack,
    pub row: usize,
    pub booked: Vec<Booked>,
    pub look: Look,
}

/// Everything that the drawing of a hall shows, loaded with a fixed number of queries.
pub struct Floor {
    pub site: Site,
    pub hall: Hall,
    pub halls: Vec<Hall>,
    pub today: NaiveDate,
    pub on: NaiveDate,
    pub rows: Vec<Row>,
    /// In the order of the rows, then by name.
    pub racks: Vec<RackOn>,
    pub layout: Layout,
    pub zones: HashMap<ZoneId, String>,
    pub nodes: HashMap<NodeId, String>,
    /// When what is drawn was last measured.
    pub measured_at: Option<Instant>,
}

/// A hall's racks row by row, names in the order people count.
pub fn in_rows(mut rows: Vec<Row>, racks: Vec<Rack>) -> (Vec<Row>, Vec<(usize, Rack)>) {
    rows.sort_by_cached_key(|row| natural(&row.name));
    let at: HashMap<RowId, usize> = rows
        .iter()
        .enumerate()
        .map(|(at, row)| (row.id, at))
        .collect();
    let mut racks: Vec<(usize, Rack)> = racks
        .into_iter()
        .map(|rack| (at.get(&rack.row_id).copied().unwrap_or(0), rack))
        .collect();
    racks.sort_by_cached_key(|(row, rack)| (*row, natural(&rack.name)));
    (rows, racks)
}

/// The automatic or given places of racks that `in_rows` has put in order.
pub fn laid_out(hall: &Hall, rows: usize, racks: &[(usize, Rack)]) -> Layout {
    let mut standing: Vec<Vec<Standing>> = vec![vec![]; rows];
    for (row, rack) in racks {
        if let Some(line) = standing.get_mut(*row) {
            line.push(Standing {
                rack: rack.id,
                cell: rack.x.zip(rack.y),
                turn: rack.turn,
            });
        }
    }
    layout(&standing, (hall.width, hall.depth))
}

impl Floor {
    /// `on`: today, or the date that is asked for; only then is anything drawn.
    pub fn load(
        db: &Db,
        conn: &mut Conn,
        id: HallId,
        on: Option<NaiveDate>,
        now: Instant,
    ) -> Result<Self> {
        let hall = halls::get(conn, id)?;
        let ready = Ready::load(db, conn, hall.site_id, now)?;
        let house = &ready.house;
        let on = on.unwrap_or(house.today);
        let here = house.racks_of_hall(id);
        let racks = here.iter().map(|&at| house.racks[at].clone()).collect();
        let (rows, racks) = in_rows(halls::rows_of(conn, id)?, racks);
        let layout = laid_out(&hall, rows.len(), &racks);
        let (booked, cooling) = match on < house.today {
            true => (
                floor::booked(conn, Part::Hall(id), now, on)?,
                cooled(conn, id, now, on)?,
            ),
            false => (at_hand(conn, &ready, &here, on)?, cools(&ready, &here, on)),
        };
        let drawn = Drawn::load(conn, &house.site, Among::Hall(id), now, on, &booked)?;
        Ok(Self {
            zones: zones_of(house, &here),
            nodes: nodes_of(house, &here),
            measured_at: drawn.at,
            racks: with_looks(racks, booked, &cooling, &drawn, on),
            site: house.site.clone(),
            hall,
            halls: house.halls.clone(),
            today: house.today,
            on,
            rows,
            layout,
        })
    }

    /// The names of a rack's feeds and of its zone.
    pub fn stands_on(&self, rack: &Rack) -> (String, String) {
        let feeds = [Some(rack.feed_a), rack.feed_b].into_iter().flatten();
        let feeds: Vec<&str> = feeds
            .filter_map(|id| self.nodes.get(&id))
            .map(String::as_str)
            .collect();
        let zone = self.zones.get(&rack.zone_id).cloned();
        (feeds.join(" + "), zone.unwrap_or_default())
    }

    pub fn rack(&self, id: RackId) -> Option<&RackOn> {
        self.racks.iter().find(|rack| rack.rack.id == id)
    }

    pub fn sold(&self) -> Watts {
        self.racks.iter().map(|rack| rack.look.sold).sum()
    }

    pub fn limit(&self) -> Watts {
        self.racks.iter().map(|rack| rack.rack.limit_watts).sum()
    }

    pub fn empty(&self) -> usize {
        self.racks
            .iter()
            .filter(|rack| rack.booked.is_empty())
            .count()
    }
}

impl RackOn {
    /// One rack today, without the rest of its hall.
    pub fn today(conn: &mut Conn, ready: &Ready, rack: &Rack, now: Instant) -> Result<Self> {
        let (house, part) = (&ready.house, Part::Rack(rack.id));
        let here: Vec<usize> = house.rack_position(rack.id).into_iter().collect();
        let booked = floor::booked(conn, part, now, house.today)?;
        let among = Among::Rack(rack.id);
        let drawn = Drawn::load(conn, &house.site, among, now, house.today, &booked)?;
        let cooling = cools(ready, &here, house.today);
        Ok(Self {
            look: look(rack, &booked, &cooling, &drawn, house.today),
            rack: rack.clone(),
            row: 0,
            booked,
        })
    }
}

/// What is booked on these racks on a day from today on: known, but for names.
fn at_hand(conn: &mut Conn, ready: &Ready, racks: &[usize], on: NaiveDate) -> Result<Vec<Booked>> {
    let house = &ready.house;
    let mut here = vec![false; house.racks.len()];
    racks.iter().for_each(|&at| here[at] = true);
    let live = ready.reservations.iter().zip(ready.standing.bookings());
    let live = live.filter(|(_, booking)| booking.demand.window.contains(on));
    let pieces = live.flat_map(|(row, booking)| {
        let own = booking.witness.iter().filter(|piece| here[piece.rack]);
        own.map(move |piece| (row, booking, piece))
    });
    let (mut tenants, mut leased) = (BTreeSet::new(), BTreeSet::new());
    for (row, ..) in pieces.clone() {
        tenants.insert(row.tenant_id);
        if row.state == ReservationState::Leased {
            leased.insert(row.id);
        }
    }
    let names = floor::holders(conn, tenants, leased)?;
    let booked = pieces.map(|(row, booking, piece)| Booked {
        rack: house.racks[piece.rack].id,
        reservation: row.id,
        tenant: row.tenant_id,
        tenant_name: names
            .tenants
            .get(&row.tenant_id)
            .cloned()
            .unwrap_or_default(),
        model: row.model_name.clone(),
        leg: piece.leg,
        units: piece.units.into(),
        watts_each: row.watts_each,
        supply: row.supply,
        to: booking.demand.window.to,
        lease: names.leases.get(&row.id).copied(),
        all_units: row.units,
        slots_each: row.slots_each,
    });
    Ok(booked.collect())
}

fn zones_of(house: &House, racks: &[usize]) -> HashMap<ZoneId, String> {
    let zones = racks
        .iter()
        .map(|&at| &house.zones[house.plan.racks[at].zone]);
    zones.map(|zone| (zone.id, zone.name.clone())).collect()
}

fn nodes_of(house: &House, racks: &[usize]) -> HashMap<NodeId, String> {
    let feeds = racks.iter().map(|&at| house.plan.racks[at].feeds);
    let nodes = feeds.flat_map(|(a, b)| [Some(a), b]).flatten();
    nodes
        .map(|at| (house.nodes[at].id, house.nodes[at].name.clone()))
        .collect()
}

/// What each zone removes on a day, and what is sold in it.
type Cooling = HashMap<ZoneId, (Watts, Watts)>;

/// Of the zones of these racks, from today on.
fn cools(ready: &Ready, racks: &[usize], on: NaiveDate) -> Cooling {
    let house = &ready.house;
    let zones: BTreeSet<usize> = racks.iter().map(|&at| house.plan.racks[at].zone).collect();
    zones
        .into_iter()
        .map(|zone| (house.zones[zone].id, ready.standing.zone_on(zone, on)))
        .collect()
}

/// Of a hall's zones, on a day that is over: nothing of it is live any more.
fn cooled(conn: &mut Conn, hall: HallId, now: Instant, on: NaiveDate) -> Result<Cooling> {
    let zones = cooling::of_hall(conn, hall)?;
    let plan = place::Site {
        zones: plan_zones(
            &zones,
            &cooling::units_of_hall(conn, hall)?,
            &cooling::deratings_of_hall(conn, hall)?,
        )?,
        ..place::Site::default()
    };
    let usable = place::capacity_on(&plan, on).zones;
    let sold: HashMap<ZoneId, Watts> = floor::zones_sold(conn, hall, now, on)?
        .into_iter()
        .collect();
    Ok(zones
        .iter()
        .zip(usable)
        .map(|(zone, usable)| {
            let sold = sold.get(&zone.id).copied();
            (zone.id, (usable, sold.unwrap_or_default()))
        })
        .collect())
}

/// What racks drew last: their meters first, else their share of what their leases used.
struct Drawn {
    racks: HashMap<RackId, Watts>,
    leases: HashMap<LeaseId, Watts>,
    at: Option<Instant>,
}

impl Drawn {
    /// Nothing is drawn on a day that has not come.
    fn load(
        conn: &mut Conn,
        site: &Site,
        among: Among,
        now: Instant,
        on: NaiveDate,
        booked: &[Booked],
    ) -> Result<Self> {
        let zone = site.zone();
        let mut leases = HashMap::new();
        if on > zone.date(now) {
            return Ok(Self {
                racks: HashMap::new(),
                leases,
                at: None,
            });
        }
        let taken = taken(zone.start_of(on + Days::new(1)).min(now), on);
        let (racks, at) = by_rack(conn, among, taken)?;
        let bare = |b: &Booked| b.lease.is_some() && !racks.contains_key(&b.rack);
        if booked.iter().any(bare) {
            let used = loads::last_of_leases(conn, among, taken)?;
            leases.extend(used.into_iter().map(|(lease, used)| (lease, used.power())));
        }
        Ok(Self { racks, leases, at })
    }

    fn of(&self, rack: RackId, booked: &[Booked]) -> Option<Watts> {
        if let Some(watts) = self.racks.get(&rack) {
            return Some(*watts);
        }
        let shares = booked.iter().filter_map(|b| {
            let lease = self.leases.get(&b.lease?)?;
            Some(Watts(lease.0 * b.units / b.all_units.max(1)))
        });
        let shares: Vec<Watts> = shares.collect();
        (!shares.is_empty()).then(|| shares.into_iter().sum())
    }
}

/// Slots that a booking takes of a rack: who has the whole of it has them all.
fn slots_of(rack: &Rack, booked: &Booked) -> i64 {
    match booked.slots_each {
        SlotsEach::One => booked.units,
        SlotsEach::WholeRack => rack.slots,
    }
}

/// What a booking's units put on each leg of a rack.
pub fn on_legs(phase: RackPhase, booked: &Booked) -> [Watts; 3] {
    let watts = booked.units * booked.watts_each.0;
    match (booked.supply, booked.leg.or(phase.leg())) {
        (Supply::Single, Some(leg)) => {
            let mut legs = [Watts::ZERO; 3];
            legs[leg.index()] = Watts(watts);
            legs
        }
        _ => [
            Watts(watts / 3),
            Watts(watts / 3),
            Watts(watts - watts / 3 * 2),
        ],
    }
}

fn with_looks(
    racks: Vec<(usize, Rack)>,
    booked: Vec<Booked>,
    cooling: &Cooling,
    drawn: &Drawn,
    on: NaiveDate,
) -> Vec<RackOn> {
    let mut by_rack: HashMap<RackId, Vec<Booked>> = HashMap::new();
    for row in booked {
        by_rack.entry(row.rack).or_default().push(row);
    }
    racks
        .into_iter()
        .map(|(row, rack)| {
            let booked = by_rack.remove(&rack.id).unwrap_or_default();
            let look = look(&rack, &booked, cooling, drawn, on);
            RackOn {
                rack,
                row,
                booked,
                look,
            }
        })
        .collect()
}

fn look(rack: &Rack, booked: &[Booked], cooling: &Cooling, drawn: &Drawn, on: NaiveDate) -> Look {
    let mut legs = [Watts::ZERO; 3];
    for row in booked {
        for leg in Leg::ALL {
            legs[leg.index()] += on_legs(rack.phase, row)[leg.index()];
        }
    }
    let mut tenants: Vec<TenantId> = booked.iter().map(|b| b.tenant).collect();
    tenants.sort();
    tenants.dedup();
    let open = booked.iter().any(|b| b.to.is_none());
    let last = booked.iter().filter_map(|b| b.to).max();
    Look {
        on,
        slots: rack.slots,
        booked: booked.iter().map(|b| slots_of(rack, b)).sum(),
        limit: rack.limit_watts,
        sold: legs.iter().copied().sum(),
        legs: (rack.phase == RackPhase::Three).then_some(legs),
        drawn: drawn.of(rack.id, booked),
        cooling: cooling.get(&rack.zone_id).copied().unwrap_or_default(),
        tenants,
        end: (!booked.is_empty()).then_some(if open { None } else { last }),
    }
}
