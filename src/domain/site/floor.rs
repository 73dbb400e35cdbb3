//! A hall as a drawing: where each rack stands on a grid of cells, and what colour it has.

mod shade;

use crate::domain::ids::RackId;
use std::collections::{BTreeMap, BTreeSet};

pub use shade::{BANDS, Colour, Look, band};

/// Cells that a hall may have each way.
pub const MOST_CELLS: i64 = 200;
/// Racks of one line where nobody has placed them: a longer row goes on below.
const LINE: usize = 24;
/// Which way a front faces: degrees clockwise from down.
pub const TURNS: [i64; 4] = [0, 90, 180, 270];

/// A rack in its row, with the cell that it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub rack: RackId,
    pub cell: Option<(i64, i64)>,
    pub turn: Option<i64>,
}

/// A rack on the grid. `turn` is empty where nobody said which way it faces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    pub rack: RackId,
    /// The position of its row in what was asked for.
    pub row: usize,
    pub x: i64,
    pub y: i64,
    pub turn: Option<i64>,
    /// Given by people, not by the automatic layout.
    pub placed: bool,
}

/// Where a row's name is written: beside its first rack, or above it where the row runs down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    pub row: usize,
    pub x: i64,
    pub y: i64,
}

/// Between two lines of racks: fronts face a cold aisle, backs a hot one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aisle {
    pub cold: bool,
    pub x: i64,
    pub y: i64,
    pub width: i64,
    pub depth: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    pub width: i64,
    pub depth: i64,
    pub spots: Vec<Spot>,
    pub labels: Vec<Label>,
    pub aisles: Vec<Aisle>,
}

/// Racks stay in the cells that they were given; the others stand row by row below them, each row
/// a line with an aisle after it. No two racks share a cell, and the hall is as large as they need.
pub fn layout(rows: &[Vec<Standing>], size: (Option<i64>, Option<i64>)) -> Layout {
    let mut taken = BTreeSet::new();
    let mut spots = vec![];
    let mut waiting: Vec<(usize, Vec<Standing>)> = vec![];
    for (row, racks) in rows.iter().enumerate() {
        let mut rest = vec![];
        for rack in racks {
            match rack.cell.filter(|cell| taken.insert(*cell)) {
                Some((x, y)) => spots.push(Spot {
                    rack: rack.rack,
                    row,
                    x,
                    y,
                    turn: rack.turn,
                    placed: true,
                }),
                None => rest.push(*rack),
            }
        }
        if !rest.is_empty() {
            waiting.push((row, rest));
        }
    }
    let mut y = taken.iter().map(|(_, y)| y + 2).max().unwrap_or(1);
    for (row, racks) in waiting {
        for line in racks.chunks(LINE) {
            for (x, rack) in (1..).zip(line) {
                spots.push(Spot {
                    rack: rack.rack,
                    row,
                    x,
                    y,
                    turn: None,
                    placed: false,
                });
            }
            y += 2;
        }
    }
    let edge = |of: fn(&Spot) -> i64| spots.iter().map(of).max().unwrap_or(3) + 2;
    Layout {
        width: edge(|s| s.x).max(size.0.unwrap_or(0)),
        depth: edge(|s| s.y).max(size.1.unwrap_or(0)),
        labels: labels(&spots, rows.len()),
        aisles: aisles(&spots),
        spots,
    }
}

fn labels(spots: &[Spot], rows: usize) -> Vec<Label> {
    let taken: BTreeSet<(i64, i64)> = spots.iter().map(|s| (s.x, s.y)).collect();
    let mut labels = vec![];
    for row in 0..rows {
        let own: Vec<&Spot> = spots.iter().filter(|s| s.row == row).collect();
        let Some(first) = own.iter().min_by_key(|s| (s.y, s.x)) else {
            continue;
        };
        let down = own.len() > 1 && own.iter().all(|s| s.x == first.x);
        let (x, y) = match down {
            true => (first.x, first.y - 1),
            false => (first.x - 1, first.y),
        };
        if !taken.contains(&(x, y)) {
            labels.push(Label { row, x, y });
        }
    }
    labels
}

/// Columns where a rack facing down has one facing up within three cells below it, or the reverse,
/// joined into bands.
fn aisles(spots: &[Spot]) -> Vec<Aisle> {
    let mut columns: BTreeMap<i64, Vec<&Spot>> = BTreeMap::new();
    for spot in spots {
        columns.entry(spot.x).or_default().push(spot);
    }
    let mut found: Vec<Aisle> = vec![];
    for (x, mut column) in columns {
        column.sort_by_key(|s| s.y);
        for pair in column.windows(2) {
            let (upper, lower) = (pair[0], pair[1]);
            let depth = lower.y - upper.y - 1;
            let cold = match (upper.turn, lower.turn) {
                (Some(0), Some(180)) => true,
                (Some(180), Some(0)) => false,
                _ => continue,
            };
            if !(1..=3).contains(&depth) {
                continue;
            }
            let y = upper.y + 1;
            let beside = found
                .iter_mut()
                .find(|a| (a.cold, a.y, a.depth) == (cold, y, depth) && a.x + a.width == x);
            match beside {
                Some(aisle) => aisle.width += 1,
                None => found.push(Aisle {
                    cold,
                    x,
                    y,
                    width: 1,
                    depth,
                }),
            }
        }
    }
    found
}

/// Which way a line of racks goes on from its first one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Right,
    Down,
}

/// The cells of a row laid out from one on, rack beside rack.
pub fn line(count: usize, x: i64, y: i64, step: Step) -> Vec<(i64, i64)> {
    let cell = |at: i64| match step {
        Step::Right => (x + at, y),
        Step::Down => (x, y + at),
    };
    (0..).map(cell).take(count).collect()
}

/// Why a rack cannot have the cell it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Not on the grid of the hall.
    Outside,
    /// Another rack has it.
    Taken(RackId),
}

/// Every rack with a fault; the first rack in a cell keeps it.
pub fn faults(cells: &[(RackId, (i64, i64))], width: i64, depth: i64) -> Vec<(RackId, Fault)> {
    let mut taken: BTreeMap<(i64, i64), RackId> = BTreeMap::new();
    let mut found = vec![];
    for (rack, cell) in cells {
        if !(0..width).contains(&cell.0) || !(0..depth).contains(&cell.1) {
            found.push((*rack, Fault::Outside));
        } else if let Some(other) = taken.get(cell) {
            found.push((*rack, Fault::Taken(*other)));
        } else {
            taken.insert(*cell, *rack);
        }
    }
    found
}

#[cfg(test)]
mod tests;
