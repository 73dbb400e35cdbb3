//! Never oversold: every live booking of every site is replayed from bare capacities.

use super::Violation;
use crate::db::Conn;
use crate::db::site::sites;
use crate::domain::calendar::Instant;
use crate::domain::leasing::place::Violation as Broken;
use crate::domain::leasing::place::{self, Resource};
use crate::error::Result;
use crate::services::leasing::answer::Bound;
use crate::services::leasing::house::{Book, House};

const RULE: &str = "never oversold";

pub fn check(conn: &mut Conn, now: Instant) -> Result<Vec<Violation>> {
    let mut found = vec![];
    for site in sites::all(conn)? {
        let house = House::load(conn, site.id, now)?;
        let book = house.book(conn, now)?;
        for broken in place::verify(&house.plan, &book.bookings) {
            found.push(Violation::new(RULE, sentence(&house, &book, &broken)));
        }
    }
    Ok(found)
}

fn sentence(house: &House, book: &Book, broken: &Broken) -> String {
    let number = |at: &usize| book.reservations[*at].id.to_string();
    let site = &house.site.name;
    match broken {
        Broken::Oversold {
            resource,
            from,
            used,
            capacity,
            bookings,
        } => {
            let thirds = matches!(resource, Resource::NodeLeg(..) | Resource::RackLeg(..));
            let scale = if thirds { 3 } else { 1 };
            let binding = place::Binding {
                resource: *resource,
                at: *from,
                free: capacity / scale,
                needed: used / scale,
            };
            let bound = Bound::of(house, &binding);
            let leg = bound.leg.map_or(String::new(), |leg| format!(" {leg}"));
            let who: Vec<String> = bookings.iter().map(number).collect();
            format!(
                "{site}: {} {}{leg} carries {} of {} from {from}, reservations {}",
                bound.kind,
                bound.name,
                bound.needed,
                bound.free,
                who.join(", ")
            )
        }
        Broken::Units {
            booking,
            placed,
            wanted,
        } => {
            format!(
                "{site}: reservation {} places {placed} of {wanted} units",
                number(booking)
            )
        }
        Broken::Misplaced { booking, rack } => {
            let rack = house.racks.get(*rack).map_or("?", |r| r.name.as_str());
            format!(
                "{site}: reservation {} stands in rack {rack}, which does not suit it",
                number(booking)
            )
        }
    }
}
