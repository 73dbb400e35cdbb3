//! Data of a site in and out: what it has as tables, what a file would change, and the change.

mod cells;
pub mod netbox;
mod register;
mod stock;
pub mod upload;
mod write;

use crate::db::site::machines::{self, MachineFilter};
use crate::db::trail::Change;
use crate::db::{Chain, Conn, Db, Tx};
use crate::domain::calendar::Instant;
use crate::domain::fold::fold;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::SiteId;
use crate::domain::leasing::conflicts::CauseNoun;
use crate::domain::site::sheet::{
    Cell, Noun, NounPlan, OnExisting, Plan, Sheet, Value, What, plan,
};
use crate::error::{Error, Result, require};
use crate::services::leasing::conflicts::Cause;
use crate::services::site::guard::{Consent, ensure_kept};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use stock::Site;

/// What is written of a file that has bad rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Nothing.
    Whole,
    /// The good ones.
    Good,
}

/// What somebody who saw the trial decided.
#[derive(Clone, Debug)]
pub struct Decided {
    pub rows: Rows,
    /// The digest of the plan that was looked at; another plan is not written.
    pub seen: Option<String>,
    /// To what it breaks of live bookings.
    pub consent: Consent,
}

impl Decided {
    /// Without having looked, and breaking nothing.
    pub fn to(rows: Rows) -> Self {
        Self {
            rows,
            seen: None,
            consent: Consent::none(),
        }
    }
}

/// How a file is written.
#[derive(Clone, Debug)]
pub struct How {
    pub on: OnExisting,
    pub decided: Decided,
}

/// What a file does, or would do.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub plan: Plan,
    pub written: bool,
}

/// The rows of a noun, as its columns say, in the order of their keys.
pub fn rows(conn: &mut Conn, site: SiteId, noun: Noun, now: Instant) -> Result<Vec<Vec<Value>>> {
    let site = match noun {
        Noun::Machines => Site::with_machines(conn, site, now, &[])?,
        _ => Site::load(conn, site)?,
    };
    let stock = site.stock()?;
    let mut rows: Vec<_> = stock.rows(noun).iter().map(|r| r.cells.clone()).collect();
    rows.sort_by_cached_key(|cells| {
        let keys = cells.iter().filter(|cell| matches!(cell, Value::Text(_)));
        keys.map(|cell| super::figures::natural(cell.name()))
            .collect::<Vec<_>>()
    });
    Ok(rows)
}

/// How many rows each noun has.
pub fn counts(conn: &mut Conn, site: SiteId) -> Result<Vec<(Noun, usize)>> {
    let stock = Site::load(conn, site)?.stock()?;
    let all = MachineFilter {
        site: Some(site),
        ..MachineFilter::default()
    };
    let machines = machines::totals(conn, &all)?.machines;
    let count = |noun: &Noun| match noun {
        Noun::Machines => (*noun, usize::try_from(machines).unwrap_or_default()),
        _ => (*noun, stock.rows(*noun).len()),
    };
    Ok(Noun::ALL.iter().map(count).collect())
}

/// The site with all that the sheets are planned against.
fn loaded(conn: &mut Conn, site: SiteId, sheets: &[Sheet], now: Instant) -> Result<Site> {
    if !has_machines(sheets) {
        return Site::load(conn, site);
    }
    let column = Noun::Machines.at("serial");
    let rows = sheets
        .iter()
        .filter(|sheet| sheet.noun == Noun::Machines)
        .flat_map(|sheet| &sheet.rows);
    let serials: Vec<String> = rows
        .filter_map(|row| match &row.cells[column] {
            Cell::Given(value) | Cell::Initial(value) => Some(fold(value.name())),
            Cell::Absent => None,
        })
        .collect();
    Site::with_machines(conn, site, now, &serials)
}

fn has_machines(sheets: &[Sheet]) -> bool {
    sheets.iter().any(|sheet| sheet.noun == Noun::Machines)
}

/// Who changes a site's tables; machines have a right of their own.
fn ensure_may(who: &Actor, machines: bool) -> Result<()> {
    require(who, Permission::EditSite)?;
    match machines {
        true => require(who, Permission::EditMachines),
        false => Ok(()),
    }
}

/// What the sheets would change now.
pub fn trial(
    conn: &mut Conn,
    site: SiteId,
    sheets: &[Sheet],
    on: OnExisting,
    now: Instant,
) -> Result<Plan> {
    Ok(plan(&loaded(conn, site, sheets, now)?.stock()?, sheets, on))
}

/// Writes what the sheets change, in one transaction; doing it again changes nothing.
pub fn import(
    db: &Db,
    who: &Actor,
    now: Instant,
    site: SiteId,
    sheets: &[Sheet],
    how: &How,
) -> Result<Outcome> {
    ensure_may(who, has_machines(sheets))?;
    db.write(Chain::Site(site), |tx| {
        import_in(tx, who, now, site, sheets, how)
    })
}

/// The same within a transaction.
///
/// Errors: a rule where the site has changed since the plan was looked at.
fn import_in(
    tx: &mut Tx,
    who: &Actor,
    now: Instant,
    site: SiteId,
    sheets: &[Sheet],
    how: &How,
) -> Result<Outcome> {
    let Decided {
        rows,
        seen,
        consent,
    } = &how.decided;
    let there = loaded(tx.conn, site, sheets, now)?;
    let plan = plan(&there.stock()?, sheets, how.on);
    if seen.as_ref().is_some_and(|seen| *seen != digest(&plan)) {
        return Err(Error::rule("site-data-moved"));
    }
    if *rows == Rows::Whole && plan.has_bad() {
        return Ok(Outcome {
            plan,
            written: false,
        });
    }
    if plan.writes() {
        write::write(tx, &there, &plan, (who, now))?;
        // Machines stand on what is sold already.
        let sold = plan.nouns.iter().filter(|part| part.noun != Noun::Machines);
        if sold.map(NounPlan::changed).sum::<u64>() > 0 {
            let cause = Cause::new(CauseNoun::Import, site.0, "");
            ensure_kept(tx, who, now, &[site], &cause, consent)?;
        }
        let noun = match plan.nouns.as_slice() {
            [only] => trail_noun(only.noun),
            _ => "site",
        };
        let change = Change {
            action: "import",
            noun,
            id: site.0,
            before: &(),
            after: &told(&plan),
        };
        tx.record(who, now, change)?;
    }
    Ok(Outcome {
        plan,
        written: true,
    })
}

fn trail_noun(noun: Noun) -> &'static str {
    match noun {
        Noun::Halls => "hall",
        Noun::Rows => "row",
        Noun::Power => "node",
        Noun::Zones => "zone",
        Noun::Racks => "rack",
        // The id beside it is the site's, and each machine has a history of its own.
        Noun::Machines => "site",
    }
}

/// What the trail keeps of a written plan: the counts, what is new, and each change.
#[derive(Serialize)]
struct Told {
    noun: Noun,
    created: u64,
    updated: u64,
    bad: usize,
    new: Vec<String>,
    /// Row, column, from, to.
    changed: Vec<[String; 4]>,
}

fn told(plan: &Plan) -> Vec<Told> {
    let told = |part: &NounPlan| {
        let name = |cells: &[Value]| named(part.noun, cells);
        let (mut new, mut changed) = (vec![], vec![]);
        for step in &part.steps {
            match &step.what {
                What::New => new.push(name(&step.cells)),
                What::Changed { changes, .. } => changed.extend(changes.iter().map(|change| {
                    let (from, to) = (change.from.plain(), change.to.plain());
                    [name(&step.cells), change.column.to_owned(), from, to]
                })),
                What::Same | What::Skipped => {}
            }
        }
        Told {
            noun: part.noun,
            created: part.created(),
            updated: part.changed(),
            bad: part.bad.len(),
            new,
            changed,
        }
    };
    plan.nouns.iter().map(told).collect()
}

/// What a reader calls a row: its key.
pub fn named(noun: Noun, cells: &[Value]) -> String {
    use crate::domain::site::sheet::Need;
    let columns = noun.columns().iter().zip(cells);
    let keys = columns.filter(|(column, _)| matches!(column.need, Need::Key));
    keys.map(|(_, cell)| cell.name())
        .collect::<Vec<_>>()
        .join(" / ")
}

/// Names exactly this plan.
pub fn digest(plan: &Plan) -> String {
    let mut hasher = Sha256::new();
    let mut line = String::new();
    for part in &plan.nouns {
        for step in &part.steps {
            line.clear();
            let _ = write!(line, "{} {:?}", part.noun, step);
            hasher.update((line.len() as u64).to_be_bytes());
            hasher.update(&line);
        }
        line.clear();
        let _ = write!(line, "{:?}", part.bad);
        hasher.update(&line);
    }
    hex::encode(hasher.finalize())
}
