//! A month's billing run: computed, looked through, issued; again as often as one likes.

use super::blockers::{self, Blocker, Target};
use super::issue::{self, Outcome};
use crate::db::billing::invoices;
use crate::db::billing::runs::{self, ISSUED, ISSUING, OPEN, Run};
use crate::db::identity::{operators, tenants};
use crate::db::leasing::leases::{self, Lease};
use crate::db::metering::usage::{self as usage_rows, LeaseMonth};
use crate::db::site::sites;
use crate::db::trail::Change;
use crate::db::{Chain, Conn, Db, Tx};
use crate::domain::calendar::{Instant, Month};
use crate::domain::identity::access::{Actor, Permission, Role};
use crate::domain::ids::*;
use crate::domain::message::Message;
use crate::domain::money::{Currency, Minor};
use crate::error::{Error, Result, require};
use crate::services::jobs::{self, JobKind};
use crate::services::metering::usage;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Opens the month's run and has every lease's month computed; the run that is there is given back.
///
/// # Errors
/// `Invalid` on `month` for a month that has not begun, or in which nobody leased anything.
pub fn open(db: &Db, who: &Actor, now: Instant, month: Month) -> Result<RunId> {
    require(who, Permission::RunMonth)?;
    db.write(Chain::Operator, |tx| {
        if let Some(run) = runs::of_month(tx.conn, month)? {
            return Ok(run.id);
        }
        if month.first() > super::operator_today(tx.conn, now)? {
            return Err(Error::field("month", "run-month-ahead"));
        }
        let leases = usage_rows::lease_ids_of_month(tx.conn, month)?;
        if leases.is_empty() {
            return Err(Error::field("month", "run-month-empty"));
        }
        let mut row = Run {
            id: RunId(0),
            month: month.to_string(),
            state: OPEN.to_owned(),
            total: 0,
            done: 0,
            created_at: now,
            created_by: who.user,
            issued_at: None,
            issued_by: None,
        };
        row.id = runs::insert(tx.conn, &row)?;
        record(tx, who, now, "open", &row)?;
        for lease in leases {
            usage::mark_stale(tx, lease, month, now)?;
        }
        Ok(row.id)
    })
}

/// One lease in the preview of a month.
#[derive(Clone, Debug)]
pub struct Entry {
    pub lease: Lease,
    pub tenant: String,
    /// None before it was computed for the first time.
    pub month: Option<LeaseMonth>,
    /// The kept numbers are older than what they were computed from.
    pub stale: bool,
    pub blockers: Vec<Blocker>,
    /// Id, number and total of the invoice that was issued.
    pub invoice: Option<(InvoiceId, String, Minor)>,
}

impl Entry {
    pub fn is_ready(&self) -> bool {
        self.invoice.is_none() && self.blockers.is_empty() && !self.stale && self.month.is_some()
    }
}

/// What a run would issue, and what it has issued, in one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    pub ready: i64,
    pub ready_total: Minor,
    pub issued: i64,
    pub issued_total: Minor,
}

/// The preview of a month.
#[derive(Clone, Debug)]
pub struct Preview {
    pub month: Month,
    pub run: Option<Run>,
    pub entries: Vec<Entry>,
}

impl Preview {
    pub fn blocked(&self) -> usize {
        let waiting = self.entries.iter().filter(|it| it.invoice.is_none());
        waiting.filter(|it| !it.blockers.is_empty()).count()
    }

    pub fn waiting(&self) -> usize {
        let waiting = self.entries.iter().filter(|it| it.invoice.is_none());
        waiting.filter(|it| it.stale || it.month.is_none()).count()
    }

    /// What would be issued.
    pub fn ready(&self) -> Confirmed {
        let sums = self.sums().into_iter().filter(|(_, sums)| sums.ready > 0);
        sums.map(|(currency, sums)| (currency, (sums.ready, sums.ready_total)))
            .collect()
    }

    pub fn sums(&self) -> BTreeMap<Currency, Sums> {
        let mut sums: BTreeMap<Currency, Sums> = BTreeMap::new();
        for entry in &self.entries {
            let currency = entry
                .month
                .as_ref()
                .and_then(|it| Currency::parse(&it.currency));
            let Some(currency) = currency else { continue };
            let sum = sums.entry(currency).or_default();
            if let Some((_, _, total)) = &entry.invoice {
                sum.issued += 1;
                sum.issued_total = sum.issued_total + *total;
            } else if let (true, Some(month)) = (entry.is_ready(), &entry.month) {
                sum.ready += 1;
                sum.ready_total = sum.ready_total + month.total;
            }
        }
        sums
    }
}

/// Every lease with an active day in the month, as last computed.
pub fn preview(conn: &mut Conn, month: Month, now: Instant) -> Result<Preview> {
    let operator = operators::get(conn)?;
    let all = tenants::all(conn)?.into_iter();
    let tenants: HashMap<TenantId, _> = all.map(|it| (it.id, it)).collect();
    let zones: HashMap<SiteId, _> = sites::all(conn)?
        .into_iter()
        .map(|it| (it.id, it.zone()))
        .collect();
    let mut billed: HashMap<LeaseId, (InvoiceId, String, Minor)> = HashMap::new();
    for (lease, id, number, total) in invoices::billed(conn, month)? {
        billed.insert(lease, (id, number, total));
    }
    let mut entries = vec![];
    let mut computed = usage_rows::by_lease(conn, month)?;
    for (lease, tenant) in leases::of_month(conn, month)? {
        let row = computed.remove(&lease.id);
        let zone = zones.get(&lease.site_id).copied();
        let zone = zone.unwrap_or(super::operator_zone(conn)?);
        let invoice = billed.remove(&lease.id);
        let mut found: Vec<Blocker> = vec![];
        if invoice.is_none() {
            if let Some(row) = &row {
                found = serde_json::from_str(&row.blockers).map_err(anyhow::Error::from)?;
            }
            if let Some(tenant) = tenants.get(&lease.tenant_id) {
                found.extend(blockers::of_parties(tenant, operator.as_ref()));
            }
            if zone.date(now) < month.end() {
                found.push(Blocker {
                    message: Message::new("blocker-month-open")
                        .with("until", month.end().to_string()),
                    target: Target::Lease(lease.id),
                });
            }
        }
        let stale = row
            .as_ref()
            .is_none_or(|row| usage::is_stale(row, month, zone, now));
        entries.push(Entry {
            lease,
            tenant,
            month: row,
            stale,
            blockers: found,
            invoice,
        });
    }
    Ok(Preview {
        month,
        run: runs::of_month(conn, month)?,
        entries,
    })
}

/// Computes what is missing or stale, at most so many leases: pages bound it, jobs do the rest.
pub fn compute(db: &Db, month: Month, now: Instant, most: usize) -> Result<usize> {
    let stale = db.read(|conn| {
        let entries = preview(conn, month, now)?.entries;
        let waiting = entries
            .into_iter()
            .filter(|it| it.stale && it.invoice.is_none());
        Ok(waiting.map(|it| it.lease.id).take(most).collect::<Vec<_>>())
    })?;
    for lease in &stale {
        usage::recompute(db, *lease, month, now)?;
    }
    Ok(stale.len())
}

/// Has every lease of the month that is not billed computed again, by jobs.
pub fn recompute(db: &Db, who: &Actor, now: Instant, id: RunId) -> Result<()> {
    require(who, Permission::RunMonth)?;
    db.write(Chain::Operator, |tx| {
        let month = runs::get(tx.conn, id)?.month()?;
        let billed = invoices::billed(tx.conn, month)?;
        let billed: HashSet<LeaseId> = billed.into_iter().map(|it| it.0).collect();
        for lease in usage_rows::lease_ids_of_month(tx.conn, month)? {
            if !billed.contains(&lease) {
                usage::mark_stale(tx, lease, month, now)?;
            }
        }
        Ok(())
    })
}

/// What was confirmed: how many invoices, and their sum, by currency.
pub type Confirmed = BTreeMap<Currency, (i64, Minor)>;

/// Orders everything that is ready to be issued; the work is a job's.
///
/// # Errors
/// `Rule` while months are still computed, and where what is ready is not what was confirmed.
pub fn issue(
    db: &Db,
    who: &Actor,
    now: Instant,
    id: RunId,
    confirmed: Option<&Confirmed>,
) -> Result<()> {
    require(who, Permission::RunMonth)?;
    db.write(Chain::Operator, |tx| {
        let before = runs::get(tx.conn, id)?;
        if before.state == ISSUING {
            return Ok(());
        }
        let month = before.month()?;
        let preview = preview(tx.conn, month, now)?;
        if preview.waiting() > 0 {
            return Err(Error::rule("run-still-computed"));
        }
        if confirmed.is_some_and(|confirmed| *confirmed != preview.ready()) {
            return Err(Error::rule("run-changed-since"));
        }
        let after = Run {
            state: ISSUING.to_owned(),
            total: usage_rows::lease_ids_of_month(tx.conn, month)?.len() as i64,
            done: 0,
            issued_at: Some(now),
            issued_by: who.user,
            ..before
        };
        runs::update(tx.conn, &after)?;
        record(tx, who, now, "issue", &after)?;
        jobs::enqueue(tx, JobKind::RunMonth, id.0, "", now)?;
        Ok(())
    })
}

/// Works an ordered issue off from wherever it stands: one transaction for each lease. Leases are
/// taken by id, `done` of them are behind it, so a crash neither loses nor doubles one.
pub fn work(db: &Db, base_url: &str, id: RunId, now: Instant) -> Result<Run> {
    work_leases(db, base_url, id, now, usize::MAX)
}

/// The same, but at most so many leases: a test stops in the middle with it.
pub fn work_leases(db: &Db, base_url: &str, id: RunId, now: Instant, most: usize) -> Result<Run> {
    for _ in 0..most {
        let run = db.write(Chain::Operator, |tx| step(tx, base_url, id, now))?;
        if run.state != ISSUING {
            return Ok(run);
        }
    }
    db.read(|conn| runs::get(conn, id))
}

fn step(tx: &mut Tx, base_url: &str, id: RunId, now: Instant) -> Result<Run> {
    let mut run = runs::get(tx.conn, id)?;
    if run.state != ISSUING {
        return Ok(run);
    }
    let month = run.month()?;
    let leases = usage_rows::lease_ids_of_month(tx.conn, month)?;
    let at = usize::try_from(run.done).unwrap_or(0);
    let who = author(&run);
    run.total = leases.len() as i64;
    if let Some(lease) = leases.get(at)
        && was_computed(tx.conn, *lease, month, run.issued_at)?
    {
        let outcome = issue::issue_lease(tx, &who, base_url, (id, month), *lease, now)?;
        if let Outcome::Blocked(why) = outcome {
            tracing::info!(%lease, %month, reasons = why.len(), "not billed");
        }
    }
    run.done += 1;
    if run.done >= run.total {
        let billed = invoices::billed(tx.conn, month)?.len();
        let state = if billed >= leases.len() { ISSUED } else { OPEN };
        run.state = state.to_owned();
        record(tx, &who, now, "issued", &run)?;
    }
    runs::update(tx.conn, &run)?;
    Ok(run)
}

/// What was touched after the order was not confirmed with it: it waits for the next one.
fn was_computed(
    conn: &mut Conn,
    lease: LeaseId,
    month: Month,
    ordered: Option<Instant>,
) -> Result<bool> {
    let row = usage_rows::month(conn, lease, month)?;
    Ok(row.is_some_and(|row| !row.stale && Some(row.computed_at) <= ordered))
}

/// A job works in the name of who ordered the issue.
fn author(run: &Run) -> Actor {
    Actor {
        user: run.issued_by,
        role: Role::Finance,
        tenant: None,
    }
}

fn record(tx: &mut Tx, who: &Actor, now: Instant, action: &str, row: &Run) -> Result<()> {
    let change = Change {
        action,
        noun: "billing_run",
        id: row.id.0,
        before: &(),
        after: row,
    };
    tx.record(who, now, change)
}
