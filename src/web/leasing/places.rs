//! Where the machines of a reservation or lease stand, rack by rack.

use super::reservations::Loaded;
use super::words;
use crate::db::leasing::lists;
use crate::db::leasing::reservations::Reservation;
use crate::domain::site::Leg;
use crate::domain::units::Watts;
use crate::web::page::Page;

/// Machines on one rack.
pub struct Place {
    pub hall: String,
    pub row: String,
    pub rack: String,
    /// How many on each leg, or that they take all three.
    pub legs: String,
    pub units: i64,
    pub power: Watts,
    /// Of a lease that moves: from when, until when.
    pub stay: Option<String>,
}

/// One line a rack: its legs stand side by side.
pub fn places(page: &Page, loaded: &Loaded) -> Vec<Place> {
    let mut places = vec![];
    for spots in loaded
        .allocations
        .chunk_by(|a, b| (a.rack_id, a.from, a.to) == (b.rack_id, b.from, b.to))
    {
        let units: i64 = spots.iter().map(|spot| spot.units).sum();
        let on = |leg: Leg| -> i64 {
            let here = spots.iter().filter(|spot| spot.leg == Some(leg));
            here.map(|spot| spot.units).sum()
        };
        let legs = if spots.iter().any(|spot| spot.leg.is_none()) {
            page.t("place-three")
        } else {
            let each: Vec<String> = Leg::ALL.iter().map(|leg| page.int(on(*leg))).collect();
            each.join(" / ")
        };
        places.push(Place {
            hall: spots[0].hall.clone(),
            row: spots[0].row.clone(),
            rack: spots[0].rack.clone(),
            legs,
            units,
            power: Watts(units.saturating_mul(loaded.row.watts_each.0)),
            stay: stay(page, &loaded.row, &spots[0]),
        });
    }
    places
}

fn stay(page: &Page, row: &Reservation, spot: &lists::Standing) -> Option<String> {
    (spot.from.is_some() || spot.to.is_some()).then(|| {
        let from = spot.from.unwrap_or(row.from_date);
        words::window(page, from, spot.to.or(row.to_date))
    })
}
