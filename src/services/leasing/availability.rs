//! How many such machines fit for the whole term, per start week and hall, and what binds.

use super::answer::Bound;
use super::house::{Book, House};
use super::reserve::Wish;
use crate::db::Db;
use crate::domain::calendar::{Instant, Window};
use crate::domain::ids::HallId;
use crate::domain::leasing::place::{self, Availability, Demand, Limits, Needs};
use crate::error::Result;
use chrono::{Days, NaiveDate};

/// How many start weeks a page shows.
pub const WEEKS: u64 = 12;

#[derive(Clone, Debug)]
pub struct Cell {
    pub start: NaiveDate,
    pub units: u32,
    pub bound: Option<Bound>,
    pub proven: bool,
}

/// One hall's weeks; empty where the hall has no cooling of the kind asked for.
#[derive(Clone, Debug)]
pub struct HallRow {
    pub hall: HallId,
    pub name: String,
    pub cells: Vec<Cell>,
}

#[derive(Clone, Debug)]
pub struct Heat {
    pub starts: Vec<NaiveDate>,
    /// The whole site first: a booking may span halls unless one is asked for.
    pub site: Vec<Cell>,
    pub halls: Vec<HallRow>,
}

/// Start dates week by week from `first`.
pub fn weeks(first: NaiveDate, count: u64) -> Vec<NaiveDate> {
    (0..count).map(|week| first + Days::new(7 * week)).collect()
}

pub fn heat(db: &Db, now: Instant, wish: &Wish, weeks_shown: u64) -> Result<Heat> {
    let (house, book, needs) = db.read(|conn| {
        let house = House::load(conn, wish.site, now)?;
        let book = house.book(conn, now)?;
        let needs = Needs {
            redundancy: house.rule_for(conn, wish.tenant)?,
            ..Needs::default()
        };
        Ok((house, book, needs))
    })?;
    let starts = weeks(wish.window.from.max(house.today), weeks_shown);
    let site = cells(&house, &book, &demand(wish, None, needs), &starts);
    let halls = house
        .halls
        .iter()
        .filter(|hall| wish.hall.is_none_or(|wanted| wanted == hall.id))
        .map(|hall| {
            let racks = house.racks_of_hall(hall.id);
            let fits_kind = racks
                .iter()
                .any(|&r| house.zones[house.plan.racks[r].zone].kind == wish.cooling);
            let cells = if fits_kind {
                cells(&house, &book, &demand(wish, Some(racks), needs), &starts)
            } else {
                vec![]
            };
            HallRow {
                hall: hall.id,
                name: hall.name.clone(),
                cells,
            }
        })
        .collect();
    Ok(Heat {
        starts,
        site,
        halls,
    })
}

fn demand(wish: &Wish, racks: Option<Vec<usize>>, needs: Needs) -> Demand {
    Demand {
        workload: wish.workload,
        cooling: wish.cooling,
        units: wish.units,
        watts_each: wish.watts_each,
        supply: wish.supply,
        window: wish.window,
        racks,
        needs,
    }
}

fn cells(house: &House, book: &Book, demand: &Demand, starts: &[NaiveDate]) -> Vec<Cell> {
    let found = place::availability(
        &house.plan,
        &book.bookings,
        demand,
        starts,
        &Limits::default(),
    );
    starts
        .iter()
        .zip(found)
        .map(|(start, found)| cell(house, *start, &found))
        .collect()
}

fn cell(house: &House, start: NaiveDate, found: &Availability) -> Cell {
    Cell {
        start,
        units: found.units,
        bound: found.binding.as_ref().map(|b| Bound::of(house, b)),
        proven: found.proven,
    }
}

/// The nearest thing that would fit instead of a refused wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alternative {
    /// Fewer machines, same window.
    Fewer { units: u32 },
    /// All of them, same length, from this date on.
    Later {
        from: NaiveDate,
        to: Option<NaiveDate>,
    },
    /// All of them, same window, in another hall or anywhere on the site.
    Elsewhere { hall: Option<HallId>, name: String },
}

/// At most one of each kind; looks a year ahead.
pub fn alternatives(db: &Db, now: Instant, wish: &Wish) -> Result<Vec<Alternative>> {
    let anywhere = Wish {
        hall: None,
        ..wish.clone()
    };
    let heat = heat(db, now, &anywhere, 52)?;
    let own = match wish.hall {
        Some(hall) => heat
            .halls
            .iter()
            .find(|h| h.hall == hall)
            .map(|h| h.cells.as_slice()),
        None => Some(heat.site.as_slice()),
    };
    let own = own.unwrap_or_default();
    let mut found = vec![];
    if let Some(cell) = own.first()
        && (1..wish.units).contains(&cell.units)
    {
        found.push(Alternative::Fewer { units: cell.units });
    }
    if let Some(cell) = own.iter().skip(1).find(|c| c.units >= wish.units) {
        let shifted = shift(wish.window, cell.start);
        found.push(Alternative::Later {
            from: shifted.from,
            to: shifted.to,
        });
    }
    if wish.hall.is_some() {
        let fits = |cells: &[Cell]| cells.first().is_some_and(|c| c.units >= wish.units);
        if let Some(other) = heat.halls.iter().find(|h| fits(&h.cells)) {
            found.push(Alternative::Elsewhere {
                hall: Some(other.hall),
                name: other.name.clone(),
            });
        } else if fits(&heat.site) {
            found.push(Alternative::Elsewhere {
                hall: None,
                name: String::new(),
            });
        }
    }
    Ok(found)
}

/// The same window moved to another start, the same number of days long.
fn shift(window: Window, from: NaiveDate) -> Window {
    let to = window.to.map(|to| from + (to - window.from));
    Window { from, to }
}
