//! Where the machines of a reservation could stand, and how much room there is for its whole window.

use super::house::{Book, House};
use crate::db::leasing::conflicts;
use crate::db::leasing::reservations::{self, Allocation, Reservation};
use crate::db::{Conn, Db};
use crate::domain::calendar::{Instant, Month, Window};
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::{RackId, ReservationId};
use crate::domain::leasing::place;
use crate::domain::leasing::state::ReservationState;
use crate::domain::site::{Leg, SlotsEach};
use crate::domain::units::Watts;
use crate::error::{Result, require};
use chrono::{Months, NaiveDate};
use std::collections::{BTreeSet, HashMap};

/// Deratings repeat every year: what comes later than this was there before.
const LOOK_AHEAD_MONTHS: u32 = 13;
/// Powers of legs are counted in thirds of a watt.
const THIRDS: i64 = 3;

/// One rack, or one leg of it, that could take some of the machines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub rack_id: RackId,
    pub rack: String,
    pub hall: String,
    /// None: three-phase machines.
    pub leg: Option<Leg>,
    /// Of the whole rack, beside all other bookings, at the tightest moment.
    pub free_slots: i64,
    /// Units that the free slots hold: a whole rack needs all of its own.
    pub most_units: i64,
    /// On this leg (or on all three) up to the grid and in the cooling zone.
    pub free_watts: Watts,
    /// Machines that are proposed or assigned here now; of a booking in conflict, where else it fits.
    pub units: u32,
}

/// What staff choose from; a lease that moves begins on the day of the move.
#[derive(Clone, Debug)]
pub struct Options {
    pub reservation: Reservation,
    pub places: Vec<Place>,
}

/// `from`: the day from which a lease moves; today where none is given, or none that can be.
pub fn options(
    db: &Db,
    who: &Actor,
    now: Instant,
    id: ReservationId,
    from: Option<NaiveDate>,
) -> Result<Options> {
    require(who, Permission::Assign)?;
    db.read(|conn| {
        let mut reservation = reservations::get(conn, id)?;
        let moves = reservation.state == ReservationState::Leased;
        // A lease moves from today on; what is assigned late stands there since its start.
        let since = match moves {
            true => NaiveDate::MAX,
            false => reservation.from_date,
        };
        let house = House::since(conn, reservation.site_id, now, since)?;
        let window = house.demand(&reservation).window;
        if moves {
            let day = from.filter(|day| window.contains(*day));
            reservation.from_date = day.unwrap_or(window.from);
        }
        let book = house.book(conn, now)?;
        let rows = match conflicts::open_of(conn, id)?.is_empty() {
            true => None,
            false => elsewhere(&house, &book, &reservation),
        };
        let rows = match rows {
            Some(rows) => rows,
            None => standing(conn, &reservation)?,
        };
        let own: HashMap<(RackId, Option<Leg>), u32> = rows
            .iter()
            .map(|a| ((a.rack_id, a.leg), u32::try_from(a.units).unwrap_or(0)))
            .collect();
        let room = Room::of(&house, &book, &reservation);
        let places = candidates(&house, &reservation)
            .map(|(rack, leg)| {
                let row = &house.racks[rack];
                let units = own.get(&(row.id, leg)).copied().unwrap_or(0);
                let mut place = room.place(&house, rack, leg, units);
                if reservation.slots_each == SlotsEach::WholeRack {
                    place.most_units = i64::from(place.free_slots == row.slots);
                }
                place
            })
            .collect();
        Ok(Options {
            reservation,
            places,
        })
    })
}

/// For a booking in conflict: racks that it could have beside all others, if there are any.
fn elsewhere(house: &House, book: &Book, row: &Reservation) -> Option<Vec<Allocation>> {
    let limits = place::Limits::default();
    let (others, anywhere) = (others(book, row), house.demand(row));
    // First where its tenant might have booked itself.
    let offered = house.offered(anywhere.clone(), row, &[]);
    let place = |demand| place::place(&house.plan, &others, demand, &limits);
    let found = place(&offered).or_else(|_| place(&anywhere)).ok()?;
    Some(house.allocations(row, &found.pieces))
}

/// Where it stands on its first day.
fn standing(conn: &mut Conn, row: &Reservation) -> Result<Vec<Allocation>> {
    let first = Window {
        from: row.from_date,
        to: row.from_date.succ_opt(),
    };
    let mut rows = reservations::allocations_of(conn, row.id)?;
    rows.retain(|piece| piece.within(first).is_some());
    Ok(rows)
}

fn others(book: &Book, row: &Reservation) -> Vec<place::Booking> {
    let all = book.reservations.iter().zip(&book.bookings);
    all.filter(|(held, _)| held.id != row.id)
        .map(|(_, booking)| booking.clone())
        .collect()
}

/// Racks that suit the reservation, leg by leg for single-phase machines.
fn candidates(
    house: &House,
    reservation: &Reservation,
) -> impl Iterator<Item = (usize, Option<Leg>)> {
    place::spots(&house.plan, &house.demand(reservation)).into_iter()
}

/// What is left beside the other bookings at the tightest moment of a window.
struct Room {
    /// Thirds of a watt by node and leg.
    nodes: Vec<[i64; 3]>,
    zones: Vec<i64>,
    slots: Vec<i64>,
    /// Thirds of a watt by rack and leg.
    racks: Vec<[i64; 3]>,
}

impl Room {
    fn of(house: &House, book: &Book, reservation: &Reservation) -> Self {
        let others = others(book, reservation);
        let mut room: Option<Room> = None;
        for day in moments(house, &others, reservation) {
            let now = Self::on(house, &others, day);
            room = Some(match room {
                None => now,
                Some(before) => before.tighter(now),
            });
        }
        room.unwrap_or_else(|| Self::on(house, &others, house.since))
    }

    fn on(house: &House, others: &[place::Booking], day: NaiveDate) -> Self {
        let there = place::capacity_on(&house.plan, day);
        let sold = place::usage_on(&house.plan, others, day);
        let less = |a: [i64; 3], b: [i64; 3]| std::array::from_fn(|leg| a[leg] - b[leg]);
        let mut racks: Vec<[i64; 3]> = house.plan.racks.iter().map(rack_legs).collect();
        for booking in others.iter().filter(|b| b.demand.window.contains(day)) {
            for piece in &booking.witness {
                let watts = booking.demand.watts_each.0 * i64::from(piece.units);
                for leg in Leg::ALL {
                    let share = match piece.leg {
                        None => watts,
                        Some(on) if on == *leg => watts * THIRDS,
                        Some(_) => 0,
                    };
                    racks[piece.rack][leg.index()] -= share;
                }
            }
        }
        Self {
            nodes: there
                .legs
                .iter()
                .zip(&sold.legs)
                .map(|(a, b)| less(*a, *b))
                .collect(),
            zones: there
                .zones
                .iter()
                .zip(&sold.zones)
                .map(|(a, b)| a.0 - b.0)
                .collect(),
            slots: there
                .racks
                .iter()
                .zip(&sold.racks)
                .map(|(a, b)| i64::from(a.slots) - i64::from(b.slots))
                .collect(),
            racks,
        }
    }

    fn tighter(self, other: Self) -> Self {
        let legs = |a: Vec<[i64; 3]>, b: Vec<[i64; 3]>| {
            a.iter()
                .zip(&b)
                .map(|(a, b)| std::array::from_fn(|leg| a[leg].min(b[leg])))
                .collect()
        };
        let each = |a: Vec<i64>, b: Vec<i64>| a.iter().zip(&b).map(|(a, b)| *a.min(b)).collect();
        Self {
            nodes: legs(self.nodes, other.nodes),
            zones: each(self.zones, other.zones),
            slots: each(self.slots, other.slots),
            racks: legs(self.racks, other.racks),
        }
    }

    fn place(&self, house: &House, rack: usize, leg: Option<Leg>, units: u32) -> Place {
        let row = &house.racks[rack];
        let free = match leg {
            Some(leg) => self.leg(house, rack, leg) / THIRDS,
            None => Leg::ALL
                .iter()
                .map(|leg| self.leg(house, rack, *leg))
                .min()
                .unwrap_or(0),
        };
        let free = free.min(self.zones[house.plan.racks[rack].zone]).max(0);
        Place {
            rack_id: row.id,
            rack: row.name.clone(),
            hall: house.hall_name(row.hall_id).to_owned(),
            leg,
            free_slots: self.slots[rack].max(0),
            most_units: self.slots[rack].max(0),
            free_watts: Watts(free),
            units,
        }
    }

    /// The rack's own limit and every node above either of its feeds.
    fn leg(&self, house: &House, rack: usize, leg: Leg) -> i64 {
        let mut free = self.racks[rack][leg.index()];
        let (first, second) = house.plan.racks[rack].feeds;
        for feed in [Some(first), second].into_iter().flatten() {
            let mut at = Some(feed);
            while let Some(node) = at {
                free = free.min(self.nodes[node][leg.index()]);
                at = house.plan.nodes[node].parent;
            }
        }
        free
    }
}

/// A three-phase rack carries a third of its limit on each leg, another all of it on its own.
fn rack_legs(rack: &place::Rack) -> [i64; 3] {
    match rack.phase.leg() {
        None => [rack.limit.0; 3],
        Some(own) => std::array::from_fn(|leg| {
            if leg == own.index() {
                rack.limit.0 * THIRDS
            } else {
                0
            }
        }),
    }
}

/// The days of the window on which something starts, ends or derates.
fn moments(
    house: &House,
    others: &[place::Booking],
    reservation: &Reservation,
) -> BTreeSet<NaiveDate> {
    let first = reservation.from_date.max(house.since);
    let mut days = BTreeSet::from([first]);
    let bookings = others.iter().map(|b| b.demand.window);
    let outages = house.plan.outages.iter().map(|o| o.window);
    for window in bookings.chain(outages) {
        days.insert(window.from);
        days.extend(window.to);
    }
    let month = Month::of(first).first();
    days.extend((1..LOOK_AHEAD_MONTHS).map(|ahead| month + Months::new(ahead)));
    days.retain(|day| *day >= first && reservation.to_date.is_none_or(|to| *day < to));
    days
}
