//! A site as the placement sees it: rows become positions, and positions names again.

use super::offered::Offers;
use crate::db::Conn;
use crate::db::identity::tenants;
use crate::db::leasing::reservations::{self, Allocation, Reservation};
use crate::db::site::power::PowerNode;
use crate::db::site::{cooling, halls, power, racks, sites};
use crate::domain::calendar::{Instant, Window, Zone};
use crate::domain::identity::access::Actor;
use crate::domain::ids::{HallId, NodeId, RackId, SiteId, TenantId, ZoneId};
use crate::domain::leasing::place::{self, Booking, Demand, Piece};
use crate::domain::leasing::state::ReservationState;
use crate::domain::site::{NodeKind, Redundancy};
use crate::domain::units::Watts;
use crate::error::{Error, Result};
use chrono::{Days, Months, NaiveDate};
use rust_decimal::Decimal;
use std::collections::{BTreeSet, HashMap};
use std::str::FromStr;

/// How far ahead a restriction that recurs without an end is laid out.
const HORIZON_MONTHS: u32 = 12 * 40;

/// The rows of one site and the same as `place` wants them, position by position.
pub struct House {
    pub site: sites::Site,
    pub zone: Zone,
    pub today: NaiveDate,
    /// What ended before this day counts no more: today, or the past start of what is asked.
    pub since: NaiveDate,
    pub halls: Vec<halls::Hall>,
    pub nodes: Vec<PowerNode>,
    pub zones: Vec<cooling::CoolingZone>,
    pub racks: Vec<racks::Rack>,
    pub restrictions: Vec<sites::Restriction>,
    pub plan: place::Site,
    pub offers: Offers,
    rack_at: HashMap<RackId, usize>,
    node_at: HashMap<NodeId, usize>,
    by_hall: HashMap<HallId, Vec<usize>>,
    restriction_of: Vec<usize>,
}

/// The live reservations of a site and the same as `place` wants them, position by position. One that
/// moves is there once for each time that it stands somewhere.
pub struct Book {
    pub reservations: Vec<Reservation>,
    pub bookings: Vec<Booking>,
}

impl House {
    pub fn load(conn: &mut Conn, id: SiteId, now: Instant) -> Result<Self> {
        Self::since(conn, id, now, NaiveDate::MAX)
    }

    /// For what began before today: with what stood there since that day.
    pub fn since(conn: &mut Conn, id: SiteId, now: Instant, from: NaiveDate) -> Result<Self> {
        let site = sites::get(conn, id)?;
        let zone = site.zone();
        let today = zone.date(now);
        let nodes = power::of_site(conn, id)?;
        let zones = cooling::of_site(conn, id)?;
        let racks = racks::of_site(conn, id)?;
        let restrictions = sites::restrictions_of(conn, &site.region_code)?;
        let node_at: HashMap<NodeId, usize> = positions(nodes.iter().map(|n| n.id));
        let zone_at: HashMap<ZoneId, usize> = positions(zones.iter().map(|z| z.id));
        let mut plan = place::Site {
            nodes: nodes
                .iter()
                .map(|n| node(n, &node_at))
                .collect::<Result<_>>()?,
            zones: plan_zones(
                &zones,
                &cooling::units_of_site(conn, id)?,
                &cooling::deratings_of_site(conn, id)?,
            )?,
            racks: racks
                .iter()
                .map(|r| rack(r, &node_at, &zone_at))
                .collect::<Result<_>>()?,
            restrictions: vec![],
            outages: vec![],
        };
        for outage in power::outages_of_site(conn, id)? {
            let window = Window {
                from: outage.from_date,
                to: Some(outage.to_date),
            };
            plan.outages.push(place::Outage {
                node: at(&node_at, outage.node_id)?,
                window,
            });
        }
        let mut restriction_of = vec![];
        for (index, row) in restrictions.iter().enumerate() {
            for window in applied(row, today)? {
                plan.restrictions.push(place::Restriction {
                    workload: row.workload,
                    window,
                });
                restriction_of.push(index);
            }
        }
        let mut by_hall: HashMap<HallId, Vec<usize>> = HashMap::new();
        for (at, rack) in racks.iter().enumerate() {
            by_hall.entry(rack.hall_id).or_default().push(at);
        }
        let halls = halls::of_site(conn, id)?;
        Ok(Self {
            offers: Offers::load(conn, id, &halls)?,
            halls,
            by_hall,
            node_at,
            rack_at: positions(racks.iter().map(|r| r.id)),
            site,
            zone,
            today,
            since: from.min(today),
            nodes,
            zones,
            racks,
            restrictions,
            plan,
            restriction_of,
        })
    }

    pub fn rack_position(&self, id: RackId) -> Option<usize> {
        self.rack_at.get(&id).copied()
    }

    pub fn node_position(&self, id: NodeId) -> Option<usize> {
        self.node_at.get(&id).copied()
    }

    /// The row behind a position in `plan.restrictions`.
    pub fn restriction(&self, position: usize) -> Option<&sites::Restriction> {
        self.restriction_of
            .get(position)
            .and_then(|&row| self.restrictions.get(row))
    }

    /// Positions of a hall's racks, in order.
    pub fn racks_of_hall(&self, hall: HallId) -> Vec<usize> {
        self.by_hall.get(&hall).cloned().unwrap_or_default()
    }

    /// The stricter of the site's and a tenant's rule of admission; the site's own for nobody.
    pub fn rule_for(&self, conn: &mut Conn, tenant: TenantId) -> Result<Redundancy> {
        if tenant.0 == 0 {
            return Ok(self.site.redundancy);
        }
        let tenant = tenants::get(conn, tenant)?;
        Ok(self.site.redundancy.stricter(tenant.redundancy))
    }

    pub fn hall_name(&self, id: HallId) -> &str {
        self.halls
            .iter()
            .find(|h| h.id == id)
            .map_or("", |h| &h.name)
    }

    /// What commits capacity at `now`.
    pub fn book(&self, conn: &mut Conn, now: Instant) -> Result<Book> {
        let live = reservations::live(conn, self.site.id, now, self.since)?;
        self.booked(live, reservations::allocations_of_site(conn, self.site.id)?)
    }

    /// The same of these rows. A lease that moves has an entry for each time that it stands somewhere.
    pub fn booked(&self, live: Vec<Reservation>, allocations: Vec<Allocation>) -> Result<Book> {
        let mut of: HashMap<_, Vec<Allocation>> = HashMap::new();
        for row in allocations {
            of.entry(row.reservation_id).or_default().push(row);
        }
        let mut book = Book {
            reservations: vec![],
            bookings: vec![],
        };
        for row in live {
            let demand = self.demand(&row);
            // One that was entered after its start stood where it stands: it moves no more.
            let late = self.zone.date(row.created_at) > row.from_date;
            let settled = row.assigned_at.is_some() || row.state == ReservationState::Leased;
            let assigned = settled || late;
            for (window, witness) in self.stays(demand.window, of.remove(&row.id))? {
                let mut demand = Demand {
                    window,
                    ..demand.clone()
                };
                // What is assigned stays where it is, whatever is offered.
                if !assigned {
                    demand = self.offered(demand, &row, &witness);
                }
                book.bookings.push(Booking {
                    demand,
                    witness,
                    assigned,
                });
                book.reservations.push(row.clone());
            }
        }
        Ok(book)
    }

    /// Where it stands and when, in order of time.
    fn stays(
        &self,
        booking: Window,
        allocations: Option<Vec<Allocation>>,
    ) -> Result<Vec<(Window, Vec<Piece>)>> {
        let mut stays: Vec<(Window, Vec<Piece>)> = vec![];
        for row in allocations.iter().flatten() {
            let Some(window) = row.within(booking) else {
                continue;
            };
            let piece = self.piece(row)?;
            match stays.iter_mut().find(|(known, _)| *known == window) {
                Some((_, pieces)) => pieces.push(piece),
                None => stays.push((window, vec![piece])),
            }
        }
        if stays.is_empty() {
            stays.push((booking, vec![]));
        }
        stays.sort_by_key(|(window, _)| window.from);
        Ok(stays)
    }

    pub fn demand(&self, row: &Reservation) -> Demand {
        Demand {
            workload: row.workload,
            cooling: row.cooling,
            units: u32::try_from(row.units).unwrap_or(u32::MAX),
            watts_each: row.watts_each,
            supply: row.supply,
            // What is past can no longer be broken.
            window: Window {
                from: row.from_date.max(self.since),
                to: row.to_date,
            },
            racks: self.chosen(row.hall_id, range_of(row).as_deref()),
            needs: place::Needs {
                slots_each: row.slots_each,
                two_feeds: row.two_feeds,
                redundancy: row.redundancy,
            },
        }
    }

    /// The racks of a hall, of those named, or of both; `None` for all of the site.
    pub fn chosen(&self, hall: Option<HallId>, range: Option<&[RackId]>) -> Option<Vec<usize>> {
        let named = |at: &usize| range.is_none_or(|ids| ids.contains(&self.racks[*at].id));
        match (hall, range) {
            (None, None) => None,
            (None, Some(_)) => Some((0..self.racks.len()).filter(named).collect()),
            (Some(hall), _) => {
                let mut racks = self.racks_of_hall(hall);
                racks.retain(named);
                Some(racks)
            }
        }
    }

    /// The halls that somebody may book in, and know of.
    pub fn halls_for<'a>(&'a self, who: &'a Actor) -> impl Iterator<Item = &'a halls::Hall> {
        let seen = |hall: &&halls::Hall| self.offers.to(hall.id, who);
        self.halls.iter().filter(seen)
    }

    /// Of these racks (of all, where none are named) those in halls that somebody may book in.
    pub fn racks_for(&self, who: &Actor, racks: Option<Vec<usize>>) -> Option<Vec<usize>> {
        self.narrowed(racks, |hall| self.offers.to(hall, who))
    }

    fn narrowed(
        &self,
        racks: Option<Vec<usize>>,
        may: impl Fn(HallId) -> bool,
    ) -> Option<Vec<usize>> {
        if self.offers.are_open() || self.halls.iter().all(|hall| may(hall.id)) {
            return racks;
        }
        let mut racks = racks.unwrap_or_else(|| (0..self.racks.len()).collect());
        racks.retain(|&at| may(self.racks[at].hall_id));
        Some(racks)
    }

    /// Where an unassigned booking may be moved to make room: in halls that are offered to its
    /// tenant, in the one that it names, and in those where it stands.
    pub fn offered(&self, demand: Demand, row: &Reservation, witness: &[Piece]) -> Demand {
        let stands: BTreeSet<HallId> = witness
            .iter()
            .map(|piece| self.racks[piece.rack].hall_id)
            .collect();
        let may = |hall: HallId| {
            self.offers.to_tenant(hall, row.tenant_id)
                || row.hall_id == Some(hall)
                || stands.contains(&hall)
        };
        Demand {
            racks: self.narrowed(demand.racks, may),
            ..demand
        }
    }

    fn piece(&self, row: &Allocation) -> Result<Piece> {
        let rack = at(&self.rack_at, row.rack_id)?;
        Ok(Piece {
            rack,
            leg: row.leg,
            units: u32::try_from(row.units).unwrap_or(u32::MAX),
        })
    }

    /// The rows that keep a witness.
    pub fn allocations(&self, reservation: &Reservation, pieces: &[Piece]) -> Vec<Allocation> {
        pieces
            .iter()
            .map(|piece| Allocation {
                id: crate::domain::ids::AllocationId(0),
                reservation_id: reservation.id,
                tenant_id: reservation.tenant_id,
                site_id: reservation.site_id,
                rack_id: self.racks[piece.rack].id,
                leg: piece.leg,
                units: piece.units.into(),
                from_date: None,
                to_date: None,
            })
            .collect()
    }
}

/// The racks among which a reservation must stand, if it names some.
pub fn range_of(row: &Reservation) -> Option<Vec<RackId>> {
    let text = row.rack_range.as_deref()?;
    Some(serde_json::from_str(text).unwrap_or_default())
}

fn positions<K: std::hash::Hash + Eq>(ids: impl Iterator<Item = K>) -> HashMap<K, usize> {
    ids.enumerate().map(|(at, id)| (id, at)).collect()
}

fn at<K: std::hash::Hash + Eq + std::fmt::Display>(
    map: &HashMap<K, usize>,
    id: K,
) -> Result<usize> {
    map.get(&id)
        .copied()
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("row {id} belongs to another site")))
}

pub fn decimal(text: &str) -> Result<Decimal> {
    Decimal::from_str(text)
        .map_err(|e| Error::Internal(anyhow::anyhow!("{text:?} is no decimal: {e}")))
}

/// What each leg of a node may carry, in thirds of a watt.
pub fn legs(row: &PowerNode) -> Result<[i64; 3]> {
    let usable = decimal(&row.usable)?;
    match (row.rating_watts, &row.volts, &row.amps) {
        // A rating in watts goes before the nameplate's volts and amps.
        (Some(rating), _, _) if row.leg.is_none() => Ok(place::legs_from_rating(rating, usable)),
        (Some(rating), _, _) => Ok(place::legs_from_supply(
            Decimal::from(rating.0),
            Decimal::ONE,
            row.leg,
            usable,
        )),
        (None, Some(volts), Some(amps)) => Ok(place::legs_from_supply(
            decimal(volts)?,
            decimal(amps)?,
            row.leg,
            usable,
        )),
        _ => Err(Error::Internal(anyhow::anyhow!(
            "node {} has no rating",
            row.id
        ))),
    }
}

fn node(row: &PowerNode, node_at: &HashMap<NodeId, usize>) -> Result<place::Node> {
    let parent = row.parent_id.map(|id| at(node_at, id)).transpose()?;
    Ok(place::Node {
        parent,
        legs: legs(row)?,
        grid: row.kind == NodeKind::Grid,
    })
}

fn rack(
    row: &racks::Rack,
    node_at: &HashMap<NodeId, usize>,
    zone_at: &HashMap<ZoneId, usize>,
) -> Result<place::Rack> {
    let second = row.feed_b.map(|id| at(node_at, id)).transpose()?;
    Ok(place::Rack {
        feeds: (at(node_at, row.feed_a)?, second),
        zone: at(zone_at, row.zone_id)?,
        slots: u32::try_from(row.slots).unwrap_or(0),
        limit: row.limit_watts,
        phase: row.phase,
        hall: number(row.hall_id.0),
        row: number(row.row_id.0),
    })
}

fn number(id: i64) -> usize {
    usize::try_from(id).unwrap_or(0)
}

pub fn plan_zones(
    rows: &[cooling::CoolingZone],
    units: &[cooling::CoolingUnit],
    deratings: &[cooling::Derating],
) -> Result<Vec<place::CoolingZone>> {
    rows.iter()
        .map(|row| {
            let mut derate = [Decimal::ONE; 12];
            for d in deratings.iter().filter(|d| d.zone_id == row.id) {
                if let Some(slot) = usize::try_from(d.month - 1)
                    .ok()
                    .and_then(|m| derate.get_mut(m))
                {
                    *slot = decimal(&d.factor)?;
                }
            }
            let units: Vec<Watts> = units
                .iter()
                .filter(|u| u.zone_id == row.id)
                .map(|u| u.watts)
                .collect();
            let spare_units = u32::try_from(row.spare_units).unwrap_or(u32::MAX);
            Ok(place::CoolingZone {
                kind: row.kind,
                units,
                spare_units,
                derate,
            })
        })
        .collect()
}

/// The windows in which a restriction applies; one that is only announced applies in none.
pub fn applied(row: &sites::Restriction, today: NaiveDate) -> Result<Vec<Window>> {
    if row.status != sites::IN_FORCE {
        return Ok(vec![]);
    }
    let season = match (&row.season_from, &row.season_to) {
        (Some(from), Some(to)) => Some((month_day(from)?, month_day(to)?)),
        _ => None,
    };
    let horizon = Window {
        from: today - Days::new(366 * 5),
        to: Some(today + Months::new(HORIZON_MONTHS)),
    };
    Ok(place::seasonal(
        Window {
            from: row.valid_from,
            to: row.valid_to,
        },
        season,
        horizon,
    ))
}

/// `MM-DD`.
pub fn month_day(text: &str) -> Result<(u32, u32)> {
    let parsed = text
        .split_once('-')
        .and_then(|(m, d)| Some((m.parse().ok()?, d.parse().ok()?)));
    parsed.ok_or_else(|| Error::Internal(anyhow::anyhow!("{text:?} is no MM-DD")))
}
