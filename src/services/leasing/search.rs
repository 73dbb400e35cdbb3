//! What fits where and when: a wish that leaves things open, answered by a ranked list.

use super::answer::Bound;
use super::availability::{self, Cell};
use super::house::House;
use super::ready::Ready;
use super::reserve::{MOST_UNITS, Wish};
use crate::db::Db;
use crate::db::site::catalogue::MachineModel;
use crate::domain::calendar::{Instant, Window};
use crate::domain::identity::access::Actor;
use crate::domain::ids::*;
use crate::domain::leasing::place::{Demand, Needs, Standing};
use crate::domain::site::{CoolingKind, Supply, Workload};
use crate::domain::units::Watts;
use crate::error::Result;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Start weeks that are looked at, at most.
pub const MOST_WEEKS: u64 = 53;
/// Models of about the same power: within this many percent.
const SIMILAR_PERCENT: i64 = 20;

/// How much is wanted: so many machines, or machines for so much power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    Units(u32),
    Power(Watts),
}

impl Amount {
    /// Machines of these watts; rounded down, at least one.
    pub fn units(self, each: Watts) -> u32 {
        match self {
            Self::Units(units) => units,
            Self::Power(watts) => {
                let units = watts.0 / each.0.max(1);
                u32::try_from(units)
                    .unwrap_or(MOST_UNITS)
                    .clamp(1, MOST_UNITS)
            }
        }
    }
}

/// `window`: from the earliest start on, as long as is wanted; `latest`: the last start.
#[derive(Clone, Debug)]
pub struct Question {
    pub tenant: TenantId,
    pub sites: Vec<SiteId>,
    pub amount: Amount,
    pub models: Vec<MachineModel>,
    pub workload: Workload,
    pub window: Window,
    pub latest: NaiveDate,
}

/// The best of one model in one hall: from the first start at which all fit, else from the one at
/// which most do.
#[derive(Clone, Debug)]
pub struct Found {
    pub wish: Wish,
    pub site: String,
    pub hall: String,
    /// That fit from there on for the whole term, and that were asked for.
    pub fit: u32,
    pub asked: u32,
    pub proven: bool,
    /// What stops more.
    pub bound: Option<Bound>,
    /// Racks that they take up, parts of racks by slots; what rent is counted by.
    pub racks: Decimal,
}

/// Models like one: any cooling, about its power.
pub fn similar(all: &[MachineModel], to: &MachineModel) -> Vec<MachineModel> {
    let near = |model: &&MachineModel| {
        (model.watts.0 - to.watts.0).abs() * 100 <= to.watts.0 * SIMILAR_PERCENT
    };
    all.iter().filter(near).cloned().collect()
}

/// All that fit first, then the earliest, then the most room; those that hold nothing are left out.
pub fn search(db: &Db, who: &Actor, now: Instant, question: &Question) -> Result<Vec<Found>> {
    let mut found = vec![];
    for &site in &question.sites {
        let (ready, needs) = db.read(|conn| {
            let ready = Ready::load(db, conn, site, now)?;
            let needs = Needs {
                redundancy: ready.house.rule_for(conn, question.tenant)?,
                ..Needs::default()
            };
            Ok((ready, needs))
        })?;
        in_site(
            who,
            &ready.house,
            &ready.standing,
            needs,
            question,
            &mut found,
        );
    }
    found.sort_by_key(|f: &Found| {
        let whole = f.fit >= f.asked;
        let start = if whole {
            f.wish.window.from
        } else {
            NaiveDate::MAX
        };
        (
            !whole,
            start,
            Reverse(share(f)),
            f.site.clone(),
            f.hall.clone(),
            f.wish.model_name.clone(),
        )
    });
    Ok(found)
}

/// Of what is asked for, in thousandths; what is above all of it is room to spare.
fn share(found: &Found) -> u64 {
    u64::from(found.fit) * 1_000 / u64::from(found.asked.max(1))
}

fn in_site(
    who: &Actor,
    house: &House,
    standing: &Standing,
    needs: Needs,
    question: &Question,
    found: &mut Vec<Found>,
) {
    let first = question.window.from.max(house.today);
    let weeks = (question.latest - first).num_days().max(0).unsigned_abs() / 7 + 1;
    let starts = availability::weeks(first, weeks.min(MOST_WEEKS));
    // Many models differ in nothing that a rack could tell.
    let mut machines: BTreeMap<(Watts, CoolingKind, Supply), Vec<&MachineModel>> = BTreeMap::new();
    for model in &question.models {
        let supplies = match model.supply {
            Some(supply) => vec![supply],
            None => Supply::ALL.to_vec(),
        };
        for supply in supplies {
            let key = (model.watts, model.cooling, supply);
            machines.entry(key).or_default().push(model);
        }
    }
    for hall in house.halls_for(who) {
        let racks = house.racks_of_hall(hall.id);
        let slots = racks.iter().map(|&rack| house.racks[rack].slots).max();
        for (&(watts, cooling, supply), models) in &machines {
            let wish = Wish {
                tenant: question.tenant,
                site: house.site.id,
                hall: Some(hall.id),
                model: None,
                model_name: String::new(),
                workload: question.workload,
                cooling,
                supply,
                units: question.amount.units(watts),
                watts_each: watts,
                window: question.window,
            };
            let demand = availability::demand(&wish, Some(racks.clone()), needs);
            let Some(cell) = best(house, standing, &demand, &starts) else {
                continue;
            };
            let units = cell.units.min(wish.units);
            found.extend(models.iter().map(|model| Found {
                wish: Wish {
                    model: Some(model.id),
                    model_name: model.name(),
                    units,
                    window: question.window.starting(cell.start),
                    ..wish.clone()
                },
                site: house.site.name.clone(),
                hall: hall.name.clone(),
                fit: cell.units,
                asked: wish.units,
                proven: cell.proven(),
                bound: cell.bound.clone(),
                racks: Decimal::from(units) / Decimal::from(slots.unwrap_or(1).max(1)),
            }));
        }
    }
}

/// The first start at which all fit, else the first of those at which most do; none where no rack
/// suits.
fn best(house: &House, standing: &Standing, demand: &Demand, starts: &[NaiveDate]) -> Option<Cell> {
    if !standing.serves(demand) {
        return None;
    }
    // Mostly all fit from the first start on, and the others need not be looked at.
    let (first, others) = starts.split_at(starts.len().min(1));
    let mut cells = availability::cells(house, standing, demand, first);
    let whole = |cell: &&Cell| cell.units >= demand.units;
    if !cells.iter().any(|cell| whole(&cell)) {
        cells.extend(availability::cells(house, standing, demand, others));
    }
    let most = || {
        let some = cells.iter().filter(|cell| cell.units > 0);
        some.max_by_key(|cell| (cell.units, Reverse(cell.start)))
    };
    cells.iter().find(whole).or_else(most).cloned()
}
