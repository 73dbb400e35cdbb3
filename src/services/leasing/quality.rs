//! How good the place of a reservation is, beside what is live now.

use super::house::House;
use crate::db::Conn;
use crate::db::leasing::reservations::Reservation;
use crate::domain::calendar::Instant;
use crate::domain::leasing::place::{self, Quality};
use crate::error::Result;

/// `None` where it holds nothing any more.
pub fn of(conn: &mut Conn, now: Instant, row: &Reservation) -> Result<Option<Quality>> {
    let house = House::load(conn, row.site_id, now)?;
    let book = house.book(conn, now)?;
    let at = book.reservations.iter().position(|live| live.id == row.id);
    Ok(at.map(|at| place::quality(&house.plan, &book.bookings, at)))
}
