//! Never oversold: every live booking of every site is replayed from bare capacities. What an open
//! conflict accounts for is known and listed; everything beyond it is a violation.

use super::Violation;
use crate::db::Conn;
use crate::db::leasing::conflicts::{self as rows, Conflict};
use crate::db::site::sites;
use crate::domain::calendar::Instant;
use crate::domain::leasing::conflicts::ConflictKind;
use crate::domain::leasing::place::Violation as Broken;
use crate::domain::leasing::place::{self, Resource};
use crate::error::Result;
use crate::services::leasing::answer::Bound;
use crate::services::leasing::conflicts::{Found, explains, found, place_of};
use crate::services::leasing::house::{Book, House};

const RULE: &str = "never oversold";
const KNOWN: &str = "open conflict";

/// Violations, and the open conflicts that are there.
pub fn check(conn: &mut Conn, now: Instant) -> Result<(Vec<Violation>, Vec<Violation>)> {
    let (mut wrong, mut known) = (vec![], vec![]);
    for site in sites::all(conn)? {
        let house = House::load(conn, site.id, now)?;
        let book = house.book(conn, now)?;
        let open = rows::open_of_site(conn, site.id)?;
        let found = found(&house, &book);
        let explained = |found: &Found| open.iter().find(|row| explains(row, found));
        for broken in place::verify(&house.plan, &book.bookings) {
            if !is_known(&house, &book, &broken, &found, &open) {
                wrong.push(Violation::new(RULE, sentence(&house, &book, &broken)));
            }
        }
        for found in &found {
            match explained(found) {
                Some(row) => known.push(Violation::new(KNOWN, conflict(&house, row))),
                None if found.key.1 == ConflictKind::Restriction => {
                    let what = format!(
                        "{}: reservation {} is forbidden from {} by a restriction of {}",
                        house.site.name, found.key.0, found.extent.window.from, found.name
                    );
                    wrong.push(Violation::new(RULE, what));
                }
                None => {}
            }
        }
    }
    Ok((wrong, known))
}

/// Whether each booking of a violation has a conflict that accounts for all of it.
fn is_known(
    house: &House,
    book: &Book,
    broken: &Broken,
    found: &[Found],
    open: &[Conflict],
) -> bool {
    let explained = |booking: usize, place: Option<(ConflictKind, i64, Option<_>)>| {
        let reservation = book.reservations[booking].id;
        let here = place.map(|(kind, id, leg)| (reservation, kind, id, leg));
        let mut mine = found.iter().filter(|f| Some(f.key) == here);
        mine.any(|found| open.iter().any(|row| explains(row, found)))
    };
    match broken {
        Broken::Oversold {
            resource, bookings, ..
        } => {
            let place = place_of(house, *resource);
            bookings.iter().all(|&at| explained(at, place))
        }
        Broken::Misplaced { booking, rack } => {
            let rack = house.racks.get(*rack).map(|rack| rack.id.0);
            explained(*booking, rack.map(|id| (ConflictKind::Place, id, None)))
        }
        Broken::Units { .. } => false,
    }
}

fn conflict(house: &House, row: &Conflict) -> String {
    let leg = row.leg.map_or(String::new(), |leg| format!(" {leg}"));
    let to = row.to_date.map_or("on".to_owned(), |to| format!("to {to}"));
    format!(
        "{}: reservation {} at {} {}{leg} from {} {to}, {} over, since a change of {} {}",
        house.site.name,
        row.reservation_id,
        row.kind,
        row.resource_name,
        row.from_date,
        row.excess,
        row.cause_noun,
        row.cause_words,
    )
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
