//! A hall on a date: where its racks stand, what is sold in them and what they draw.

use super::drawn::{by_rack, taken};
use super::figures::natural;
use crate::db::Conn;
use crate::db::metering::drawn::{self, Among};
use crate::db::site::cooling;
use crate::db::site::floor::{self, Booked};
use crate::db::site::halls::{self, Hall, Row};
use crate::db::site::racks::Rack;
use crate::db::site::sites::{self, Site};
use crate::domain::calendar::Instant;
use crate::domain::ids::*;
use crate::domain::leasing::place;
use crate::domain::site::floor::{Layout, Look, Standing, layout};
use crate::domain::site::{Leg, RackPhase, SlotsEach, Supply};
use crate::domain::units::Watts;
use crate::error::Result;
use crate::services::leasing::house::plan_zones;
use chrono::{Days, NaiveDate};
use std::collections::HashMap;

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
    rows.sort_by_key(|row| natural(&row.name));
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
    pub fn load(conn: &mut Conn, id: HallId, on: Option<NaiveDate>, now: Instant) -> Result<Self> {
        let hall = halls::get(conn, id)?;
        let site = sites::get(conn, hall.site_id)?;
        let halls = halls::of_site(conn, site.id)?;
        let today = site.zone().date(now);
        let on = on.unwrap_or(today);
        let rows = halls::rows_of(conn, id)?;
        let (rows, racks) = in_rows(rows, floor::racks_of(conn, id)?);
        let layout = laid_out(&hall, rows.len(), &racks);
        let booked = floor::booked(conn, id, now, on)?;
        let zone_rows = cooling::of_hall(conn, id)?;
        let cooling = cooling_on(conn, id, &zone_rows, now, on)?;
        let drawn = Drawn::load(conn, &site, id, now, on, &booked)?;
        let racks = with_looks(racks, booked, &cooling, &drawn, on);
        Ok(Self {
            zones: zone_rows.into_iter().map(|z| (z.id, z.name)).collect(),
            nodes: floor::feed_names(conn, id)?.into_iter().collect(),
            measured_at: drawn.at,
            site,
            hall,
            halls,
            today,
            on,
            rows,
            racks,
            layout,
        })
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

/// What each zone removes on the date, and what is sold in it.
fn cooling_on(
    conn: &mut Conn,
    hall: HallId,
    zones: &[cooling::CoolingZone],
    now: Instant,
    on: NaiveDate,
) -> Result<HashMap<ZoneId, (Watts, Watts)>> {
    let plan = place::Site {
        zones: plan_zones(
            zones,
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
            (
                zone.id,
                (usable, sold.get(&zone.id).copied().unwrap_or_default()),
            )
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
        hall: HallId,
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
        let (racks, at) = by_rack(conn, Among::Hall(hall), taken)?;
        let bare = |b: &Booked| b.lease.is_some() && !racks.contains_key(&b.rack);
        if booked.iter().any(bare) {
            let used = drawn::of_leases(conn, hall, taken)?;
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
    cooling: &HashMap<ZoneId, (Watts, Watts)>,
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

fn look(
    rack: &Rack,
    booked: &[Booked],
    cooling: &HashMap<ZoneId, (Watts, Watts)>,
    drawn: &Drawn,
    on: NaiveDate,
) -> Look {
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
