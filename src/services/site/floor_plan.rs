//! Staff say where racks stand: all of a hall in one go, or nothing.

use crate::db::site::floor;
use crate::db::site::halls::{self, Hall};
use crate::db::trail::Change;
use crate::db::{Chain, Db};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::{HallId, RackId};
use crate::domain::message::Message;
use crate::domain::site::floor::{Fault, MOST_CELLS, TURNS, faults};
use crate::error::{Error, FieldError, Result, require};
use serde::Serialize;
use std::collections::HashMap;

/// A rack's cell and the way it faces; without a cell the hall lays it out by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Placed {
    pub rack: RackId,
    pub cell: Option<(i64, i64)>,
    pub turn: Option<i64>,
}

/// The size of a hall's grid and where its racks stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FloorPlan {
    pub width: Option<i64>,
    pub depth: Option<i64>,
    pub racks: Vec<Placed>,
}

/// The name of a rack's field in the form and in an error: `x-12`.
pub fn field(name: &str, rack: RackId) -> String {
    format!("{name}-{rack}")
}

/// Writes the racks that are named; others stay where they are, and count for overlaps.
pub fn save(db: &Db, who: &Actor, now: Instant, id: HallId, plan: &FloorPlan) -> Result<usize> {
    require(who, Permission::EditSite)?;
    let site = halls::get(&mut *db.get()?, id)?.site_id;
    db.write(Chain::Site(site), |tx| {
        let hall = halls::get(tx.conn, id)?;
        let racks = floor::racks_of(tx.conn, id)?;
        let wanted: HashMap<RackId, &Placed> = plan.racks.iter().map(|p| (p.rack, p)).collect();
        let mut before = vec![];
        let mut after = vec![];
        let mut cells = vec![];
        for rack in &racks {
            let was = Placed {
                rack: rack.id,
                cell: rack.x.zip(rack.y),
                turn: rack.turn,
            };
            let is = wanted.get(&rack.id).map_or(was, |p| **p);
            cells.extend(is.cell.map(|cell| (rack.id, cell)));
            if is != was {
                before.push(was);
                after.push(is);
            }
        }
        holds(plan, &cells, |id| {
            racks
                .iter()
                .find(|r| r.id == id)
                .map_or("", |r| r.name.as_str())
        })?;
        for placed in &after {
            floor::place(tx.conn, placed.rack, placed.cell, placed.turn)?;
        }
        floor::resize(tx.conn, id, plan.width, plan.depth)?;
        let count = after.len();
        record(&hall, before, after, plan, |change| {
            tx.record(who, now, change)
        })?;
        Ok(count)
    })
}

fn record(
    hall: &Hall,
    before: Vec<Placed>,
    after: Vec<Placed>,
    plan: &FloorPlan,
    write: impl FnOnce(Change<'_, FloorPlan, FloorPlan>) -> Result<()>,
) -> Result<()> {
    if after.is_empty() && (hall.width, hall.depth) == (plan.width, plan.depth) {
        return Ok(());
    }
    let before = FloorPlan {
        width: hall.width,
        depth: hall.depth,
        racks: before,
    };
    let after = FloorPlan {
        racks: after,
        ..plan.clone()
    };
    write(Change {
        action: "place",
        noun: "hall",
        id: hall.id.0,
        before: &before,
        after: &after,
    })
}

/// No rack on another, none outside, every turn a right angle.
fn holds<'a>(
    plan: &FloorPlan,
    cells: &[(RackId, (i64, i64))],
    name: impl Fn(RackId) -> &'a str,
) -> Result<()> {
    let mut wrong = vec![];
    for (field, size) in [("width", plan.width), ("depth", plan.depth)] {
        if size.is_some_and(|cells| !(1..=MOST_CELLS).contains(&cells)) {
            wrong.push(FieldError {
                field: field.to_owned(),
                message: Message::new("floor-error-size").with("most", MOST_CELLS),
            });
        }
    }
    for placed in &plan.racks {
        if placed.turn.is_some_and(|turn| !TURNS.contains(&turn)) {
            wrong.push(FieldError {
                field: field("turn", placed.rack),
                message: Message::new("form-choice"),
            });
        }
    }
    let width = plan.width.unwrap_or(MOST_CELLS);
    let depth = plan.depth.unwrap_or(MOST_CELLS);
    for (rack, fault) in faults(cells, width, depth) {
        let message = match fault {
            Fault::Outside => Message::new("floor-error-outside")
                .with("x", width - 1)
                .with("y", depth - 1),
            Fault::Taken(other) => Message::new("floor-error-taken").with("rack", name(other)),
        };
        wrong.push(FieldError {
            field: field("x", rack),
            message,
        });
    }
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(Error::Invalid(wrong)),
    }
}
