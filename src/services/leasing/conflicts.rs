//! The conflicts of a site: opened by an agreed change, kept true by every later write, and closed
//! with how they ended.

use super::house::{Book, House};
use crate::db::leasing::conflicts::{self as rows, Conflict};
use crate::db::leasing::reservations;
use crate::db::trail::Change;
use crate::db::{Chain, Db, Tx};
use crate::domain::calendar::{Instant, Window};
use crate::domain::identity::access::Actor;
use crate::domain::ids::{ConflictId, ReservationId, SiteId};
use crate::domain::leasing::conflicts::{
    self as domain, CauseNoun, ConflictKind, Extent, Resolution, Trouble, covers,
};
use crate::domain::leasing::place::{Booking, Resource};
use crate::domain::leasing::state::ReservationState;
use crate::domain::site::Leg;
use crate::error::Result;

/// What was changed: its noun, its row, and the words that people know it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    pub noun: CauseNoun,
    pub id: i64,
    pub words: String,
}

impl Cause {
    pub fn new(noun: CauseNoun, id: i64, words: &str) -> Self {
        let words = words.to_owned();
        Self { noun, id, words }
    }
}

/// One booking and one thing that it is in conflict with, by their rows.
pub type Key = (ReservationId, ConflictKind, i64, Option<Leg>);

/// A conflict that is there now, whether it was opened or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub key: Key,
    /// Its first position in the book: a lease that moves has several.
    pub booking: usize,
    pub name: String,
    pub extent: Extent,
}

/// What bookings are in conflict with now, one entry for each booking and resource.
pub fn found(house: &House, book: &Book) -> Vec<Found> {
    let all = domain::conflicts(&house.plan, &book.bookings);
    let named = all.into_iter().filter_map(|conflict| {
        let (kind, id, leg, name) = named(house, conflict.trouble)?;
        let reservation = book.reservations[conflict.booking].id;
        let key = (reservation, kind, id, leg);
        Some(((key, name), conflict.extent))
    });
    let first = |id: ReservationId| book.reservations.iter().position(|row| row.id == id);
    let merged = domain::merged(named).into_iter();
    merged
        .filter_map(|((key, name), extent)| {
            Some(Found {
                key,
                booking: first(key.0)?,
                name,
                extent,
            })
        })
        .collect()
}

/// The kind, row and leg of a resource of the site.
pub fn place_of(house: &House, resource: Resource) -> Option<(ConflictKind, i64, Option<Leg>)> {
    let (kind, id, leg, _) = named(house, Trouble::Short(resource))?;
    Some((kind, id, leg))
}

fn named(house: &House, trouble: Trouble) -> Option<(ConflictKind, i64, Option<Leg>, String)> {
    let node = |at: usize| (house.nodes[at].id.0, house.nodes[at].name.clone());
    let rack = |at: usize| (house.racks[at].id.0, house.racks[at].name.clone());
    let (kind, leg, (id, name)) = match trouble {
        Trouble::Misplaced(at) => (ConflictKind::Place, None, rack(at)),
        Trouble::Short(Resource::NodeLeg(at, leg)) => (ConflictKind::NodeLeg, Some(leg), node(at)),
        Trouble::Short(Resource::RackSlots(at)) => (ConflictKind::RackSlots, None, rack(at)),
        Trouble::Short(Resource::RackLeg(at, leg)) => (ConflictKind::RackLeg, Some(leg), rack(at)),
        Trouble::Short(Resource::Zone(at)) => {
            let zone = &house.zones[at];
            (ConflictKind::Zone, None, (zone.id.0, zone.name.clone()))
        }
        Trouble::Short(Resource::Restriction(at)) => {
            let rule = house.restriction(at)?;
            let named = (rule.id.0, rule.region_name.clone());
            (ConflictKind::Restriction, None, named)
        }
        // Nothing runs out of these: they only refuse.
        Trouble::Short(
            Resource::CoolingKind | Resource::Supply | Resource::Feeds | Resource::Redundancy(_),
        ) => return None,
    };
    Some((kind, id, leg, name))
}

pub fn key(row: &Conflict) -> Key {
    (row.reservation_id, row.kind, row.resource_id, row.leg)
}

/// Whether an open conflict accounts for all of what is there now.
pub fn explains(row: &Conflict, found: &Found) -> bool {
    key(row) == found.key && covers(&extent(row), &found.extent)
}

fn extent(row: &Conflict) -> Extent {
    Extent {
        window: Window {
            from: row.from_date,
            to: row.to_date,
        },
        excess: row.excess,
        own: row.own,
    }
}

/// After a write that may have ended conflicts: closes those that are over and narrows the others.
/// One small query where the site has none.
pub fn refresh(tx: &mut Tx, who: &Actor, now: Instant, site: SiteId) -> Result<()> {
    let open = rows::open_of_site(tx.conn, site)?;
    if open.is_empty() {
        return Ok(());
    }
    let house = House::load(tx.conn, site, now)?;
    let book = house.book(tx.conn, now)?;
    let found = found(&house, &book);
    settle(tx, who, now, &house, &book, &open, &found)
}

/// What time alone has ended (a hold that ran out, an outage that is over) is closed too.
/// Doing it twice, or by two processes at once, is harmless.
pub fn sweep(db: &Db, now: Instant) -> Result<usize> {
    let sites = db.read(rows::sites_with_open)?;
    for &site in &sites {
        db.write(Chain::Site(site), |tx| {
            refresh(tx, &Actor::HOUSE, now, site)
        })?;
    }
    Ok(sites.len())
}

/// Closes what is no longer there, and narrows what is there in part.
pub fn settle(
    tx: &mut Tx,
    who: &Actor,
    now: Instant,
    house: &House,
    book: &Book,
    open: &[Conflict],
    found: &[Found],
) -> Result<()> {
    let mut closed = vec![];
    for row in open {
        match found.iter().find(|f| f.key == key(row)) {
            Some(found) => narrow(tx, house, row, found)?,
            None => {
                let after = Conflict {
                    resolved_at: Some(now),
                    resolved_by: who.user,
                    resolution: Some(resolution(tx, house, book, row)?),
                    ..row.clone()
                };
                rows::update(tx.conn, &after)?;
                closed.push(after);
            }
        }
    }
    if closed.is_empty() {
        return Ok(());
    }
    let change = Change {
        action: "resolve",
        noun: "conflict",
        id: house.site.id.0,
        before: &(),
        after: &closed,
    };
    tx.record(who, now, change)
}

/// What is there never grows by itself; what has shrunk is kept as it is now. Days that have
/// passed stay in it: since when a booking suffers does not change.
fn narrow(tx: &mut Tx, house: &House, row: &Conflict, found: &Found) -> Result<()> {
    let was = extent(row);
    if !covers(&was, &found.extent) {
        return Ok(());
    }
    let from = found.extent.window.from;
    let passed = from <= house.today.max(row.from_date);
    let after = Conflict {
        from_date: if passed { row.from_date } else { from },
        to_date: found.extent.window.to,
        excess: found.extent.excess,
        own: found.extent.own,
        ..row.clone()
    };
    if after != *row {
        rows::update(tx.conn, &after)?;
    }
    Ok(())
}

fn resolution(tx: &mut Tx, house: &House, book: &Book, row: &Conflict) -> Result<Resolution> {
    let own = book.reservations.iter().zip(&book.bookings);
    let own = own.filter(|(held, _)| held.id == row.reservation_id);
    let stays: Vec<&Booking> = own.map(|(_, booking)| booking).collect();
    if stays.is_empty() {
        let held = reservations::get(tx.conn, row.reservation_id)?;
        return Ok(match held.state {
            ReservationState::Cancelled => Resolution::Cancelled,
            _ => Resolution::Ended,
        });
    }
    let window = extent(row).window;
    let mut then = stays.iter().filter(|it| it.demand.window.overlaps(window));
    let Some(first) = then.next() else {
        return Ok(Resolution::Ended);
    };
    let trouble = trouble(house, row);
    let on = |it: &Booking| trouble.is_some_and(|t| domain::stands_on(&house.plan, it, t));
    Ok(if on(first) || then.any(|it| on(it)) {
        Resolution::Restored
    } else {
        Resolution::Moved
    })
}

fn trouble(house: &House, row: &Conflict) -> Option<Trouble> {
    let id = row.resource_id;
    let node = || house.nodes.iter().position(|node| node.id.0 == id);
    let rack = || house.racks.iter().position(|rack| rack.id.0 == id);
    let short = Trouble::Short;
    match row.kind {
        ConflictKind::NodeLeg => Some(short(Resource::NodeLeg(node()?, row.leg?))),
        ConflictKind::RackLeg => Some(short(Resource::RackLeg(rack()?, row.leg?))),
        ConflictKind::RackSlots => Some(short(Resource::RackSlots(rack()?))),
        ConflictKind::Place => Some(Trouble::Misplaced(rack()?)),
        ConflictKind::Zone => {
            let zone = house.zones.iter().position(|zone| zone.id.0 == id)?;
            Some(short(Resource::Zone(zone)))
        }
        // A rule holds wherever a booking stands.
        ConflictKind::Restriction => Some(short(Resource::Restriction(0))),
    }
}

/// Opens what an agreed change leaves behind; what grew is widened and told of the new cause.
pub fn open(
    tx: &mut Tx,
    who: &Actor,
    now: Instant,
    book: &Book,
    (old, new): (&[Conflict], &[Found]),
    cause: &Cause,
) -> Result<()> {
    let mut opened = vec![];
    for found in new {
        let (reservation_id, kind, resource_id, leg) = found.key;
        let held = &book.reservations[found.booking];
        let before = old.iter().find(|row| key(row) == found.key);
        let mut row = Conflict {
            id: before.map_or(ConflictId(0), |row| row.id),
            site_id: held.site_id,
            reservation_id,
            tenant_id: held.tenant_id,
            kind,
            resource_id,
            resource_name: found.name.clone(),
            leg,
            from_date: found.extent.window.from,
            to_date: found.extent.window.to,
            excess: found.extent.excess,
            own: found.extent.own,
            cause_noun: cause.noun,
            cause_id: cause.id,
            cause_words: cause.words.clone(),
            opened_at: before.map_or(now, |row| row.opened_at),
            opened_by: before.map_or(who.user, |row| row.opened_by),
            resolved_at: None,
            resolved_by: None,
            resolution: None,
        };
        match before {
            Some(_) => rows::update(tx.conn, &row)?,
            None => row.id = rows::insert(tx.conn, &row)?,
        }
        opened.push(row);
    }
    if opened.is_empty() {
        return Ok(());
    }
    let change = Change {
        action: "open",
        noun: "conflict",
        id: opened[0].site_id.0,
        before: &(),
        after: &opened,
    };
    tx.record(who, now, change)
}
