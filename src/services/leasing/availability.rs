//! How many such machines fit for the whole term, per start week and hall, and what binds.

use super::answer::Bound;
use super::house::House;
use super::ready::Ready;
use super::reserve::{Wish, earliest_start};
use crate::db::Db;
use crate::domain::calendar::Instant;
use crate::domain::identity::access::Actor;
use crate::domain::ids::HallId;
use crate::domain::leasing::place::{Availability, Demand, Limits, Needs, Standing};
use crate::domain::site::CoolingKind;
use crate::error::Result;
use chrono::{Days, NaiveDate};

/// How many start weeks a page shows.
pub const WEEKS: u64 = 12;

#[derive(Clone, Debug)]
pub struct Cell {
    pub start: NaiveDate,
    pub units: u32,
    pub bound: Option<Bound>,
    /// Units that are not ruled out, at least as many.
    pub upper: u32,
}

impl Cell {
    /// Whether no more can fit.
    pub fn proven(&self) -> bool {
        self.units == self.upper
    }
}

/// One hall's weeks for one kind of cooling; empty where machines of another kind are asked for.
#[derive(Clone, Debug)]
pub struct HallRow {
    pub hall: HallId,
    pub name: String,
    pub kind: CoolingKind,
    pub cells: Vec<Cell>,
}

#[derive(Clone, Debug)]
pub struct Heat {
    pub starts: Vec<NaiveDate>,
    /// The whole site first: a booking may span halls unless one is asked for.
    pub site: Vec<Cell>,
    pub halls: Vec<HallRow>,
    /// Where as many machines of the same power would fit with another cooling, and from when.
    pub otherwise: Vec<Otherwise>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Otherwise {
    pub hall: HallId,
    pub name: String,
    pub kind: CoolingKind,
    pub start: NaiveDate,
}

/// Start dates week by week from `first`.
pub fn weeks(first: NaiveDate, count: u64) -> Vec<NaiveDate> {
    (0..count).map(|week| first + Days::new(7 * week)).collect()
}

pub fn heat(db: &Db, who: &Actor, now: Instant, wish: &Wish, weeks_shown: u64) -> Result<Heat> {
    let (ready, needs, first) = db.read(|conn| {
        let ready = Ready::load(db, conn, wish.site, now)?;
        let first = wish.window.from.max(earliest_start(who, ready.house.today));
        let ready = ready.reaching(conn, now, first)?;
        let needs = Needs {
            redundancy: ready.house.rule_for(conn, wish.tenant)?,
            ..Needs::default()
        };
        Ok((ready, needs, first))
    })?;
    let (house, standing) = (&*ready.house, &ready.standing);
    let starts = weeks(first, weeks_shown);
    let anywhere = demand(wish, house.racks_for(who, None), needs);
    let site = cells(house, standing, &anywhere, &starts);
    let (mut halls, mut otherwise) = (vec![], vec![]);
    let wanted = house.halls_for(who);
    for hall in wanted.filter(|hall| wish.hall.is_none_or(|wanted| wanted == hall.id)) {
        let racks = house.racks_of_hall(hall.id);
        for kind in kinds(house, &racks, wish.cooling) {
            let demand = Demand {
                cooling: kind,
                ..demand(wish, Some(racks.clone()), needs)
            };
            let cells = match stands(house, &racks, kind) {
                true => cells(house, standing, &demand, &starts),
                false => vec![],
            };
            let asked = kind == wish.cooling;
            let enough = cells.iter().find(|cell| cell.units >= wish.units);
            if let Some(cell) = enough.filter(|_| kind != wish.cooling) {
                otherwise.push(Otherwise {
                    hall: hall.id,
                    name: hall.name.clone(),
                    kind,
                    start: cell.start,
                });
            }
            halls.push(HallRow {
                hall: hall.id,
                name: hall.name.clone(),
                kind,
                cells: if asked { cells } else { vec![] },
            });
        }
    }
    Ok(Heat {
        starts,
        site,
        halls,
        otherwise,
    })
}

/// The kinds of cooling over some racks, the one asked for first; that one alone where none is.
fn kinds(house: &House, racks: &[usize], asked: CoolingKind) -> Vec<CoolingKind> {
    let there = CoolingKind::ALL.iter().copied();
    let mut there: Vec<CoolingKind> = there.filter(|&kind| stands(house, racks, kind)).collect();
    there.sort_by_key(|kind| *kind != asked);
    if there.is_empty() {
        there.push(asked);
    }
    there
}

fn stands(house: &House, racks: &[usize], kind: CoolingKind) -> bool {
    racks
        .iter()
        .any(|&rack| house.zones[house.plan.racks[rack].zone].kind == kind)
}

pub fn demand(wish: &Wish, racks: Option<Vec<usize>>, needs: Needs) -> Demand {
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

/// One place's weeks.
pub fn cells(
    house: &House,
    standing: &Standing,
    demand: &Demand,
    starts: &[NaiveDate],
) -> Vec<Cell> {
    let found = standing.availability(demand, starts, &Limits::default());
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
        upper: found.upper,
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
pub fn alternatives(db: &Db, who: &Actor, now: Instant, wish: &Wish) -> Result<Vec<Alternative>> {
    let anywhere = Wish {
        hall: None,
        ..wish.clone()
    };
    let heat = heat(db, who, now, &anywhere, 52)?;
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
        let shifted = wish.window.starting(cell.start);
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
