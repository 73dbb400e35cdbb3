//! The numbers on the homes of tenants and of finance.

use super::runs::{self, Entry, Sums};
use super::{operator_today, payments};
use crate::db::billing::invoices::{self, Filter, Head, Totals};
use crate::db::billing::ledger::{self, Account};
use crate::db::leasing::leases::{self, Lease};
use crate::db::leasing::reservations;
use crate::db::metering::meters;
use crate::db::metering::usage::{self as usage_rows, LeaseMonth};
use crate::db::site::sites;
use crate::db::{Conn, Db};
use crate::domain::billing::standing::Standing;
use crate::domain::calendar::{Instant, Month};
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::*;
use crate::domain::money::{Currency, Minor};
use crate::domain::units::{WattHours, Watts};
use crate::error::{Error, Result, require};
use crate::services::metering::usage;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Leases of one tenant that a home page computes at most while somebody waits.
const MOST_COMPUTED: usize = 20;
const MOST_LISTED: usize = 10;

/// One lease on its tenant's home, for the month that runs at its site.
#[derive(Clone, Debug)]
pub struct LeaseNow {
    pub lease: Lease,
    pub site: String,
    pub contracted: Watts,
    pub month: LeaseMonth,
    /// Nothing measured is not nothing drawn.
    pub metered: bool,
}

/// A tenant's money in one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TenantMoney {
    /// Of the running month, with its VAT.
    pub so_far: Minor,
    pub so_far_vat: Minor,
    /// The running month by the share of days elapsed.
    pub forecast: Minor,
    /// Open invoices.
    pub due: Minor,
    pub due_vat: Minor,
    pub overdue: Minor,
    /// When the next of them has to be paid.
    pub next_due: Option<NaiveDate>,
    pub advance: Minor,
}

#[derive(Clone, Debug)]
pub struct TenantHome {
    pub month: Month,
    pub leases: Vec<LeaseNow>,
    pub drawing: Watts,
    pub contracted: Watts,
    pub last_reading_at: Option<Instant>,
    pub wh: WattHours,
    pub estimated_wh: WattHours,
    pub money: BTreeMap<Currency, TenantMoney>,
    /// Oldest due date first.
    pub unpaid: Vec<Head>,
    pub latest: Vec<Head>,
}

/// What a tenant looks at first.
pub fn tenant(db: &Db, who: &Actor, now: Instant, id: TenantId) -> Result<TenantHome> {
    require(who, Permission::ViewInvoices)?;
    if !who.sees(id) {
        return Err(Error::NotFound);
    }
    let today = db.read(|conn| operator_today(conn, now))?;
    let month = Month::of(today);
    let leases = leases_now(db, id, month, now)?;
    let mut money: BTreeMap<Currency, TenantMoney> = BTreeMap::new();
    for it in &leases {
        if let Some(currency) = Currency::parse(&it.month.currency) {
            let sum = money.entry(currency).or_default();
            sum.so_far = sum.so_far + it.month.total;
            sum.so_far_vat = sum.so_far_vat + it.month.vat;
            sum.forecast = sum.forecast + it.month.forecast_total;
        }
    }
    let (unpaid, latest) = db.read(|conn| {
        let mut unpaid = vec![];
        for currency in Currency::ALL {
            let open = invoices::unpaid(conn, id, currency)?;
            let advance = payments::advance_of(conn, id, currency)?;
            if !open.is_empty() || advance != Minor::ZERO {
                add_money(money.entry(currency).or_default(), &open, advance, today);
            }
            unpaid.extend(open);
        }
        let mut filter = Filter::new(today);
        (filter.tenant, filter.limit) = (Some(id), MOST_LISTED as i64);
        Ok((unpaid, invoices::list(conn, &filter)?))
    })?;
    Ok(TenantHome {
        month,
        drawing: leases.iter().map(|it| it.month.last_watts).sum(),
        contracted: leases.iter().map(|it| it.contracted).sum(),
        last_reading_at: leases
            .iter()
            .filter_map(|it| it.month.last_reading_at)
            .max(),
        wh: leases.iter().map(|it| it.month.wh).sum(),
        estimated_wh: leases.iter().map(|it| it.month.estimated_wh).sum(),
        leases,
        money,
        unpaid,
        latest,
    })
}

fn add_money(sum: &mut TenantMoney, open: &[Head], advance: Minor, today: NaiveDate) {
    sum.due = open.iter().map(Head::due).sum();
    sum.due_vat = open.iter().map(|it| it.vat).sum();
    let late = open
        .iter()
        .filter(|it| it.standing(today) == Standing::Overdue);
    sum.overdue = late.map(Head::due).sum();
    sum.next_due = open.iter().map(|it| it.due_date).min();
    sum.advance = advance;
}

fn leases_now(db: &Db, tenant: TenantId, month: Month, now: Instant) -> Result<Vec<LeaseNow>> {
    let (all, mut computed) = db.read(|conn| {
        Ok((
            leases::of_month(conn, month)?,
            usage_rows::by_lease(conn, month)?,
        ))
    })?;
    let own = all
        .into_iter()
        .filter(|(lease, _)| lease.tenant_id == tenant);
    let mut found = vec![];
    for (at, (lease, _)) in own.enumerate() {
        let row = match computed.remove(&lease.id) {
            Some(row) if at >= MOST_COMPUTED => row,
            _ => usage::fresh(db, lease.id, month, now)?,
        };
        let (site, terms, metered) = db.read(|conn| {
            let site = sites::get(conn, lease.site_id)?;
            let metered = row.last_reading_at.is_some() || has_meter(conn, &lease)?;
            Ok((site, leases::terms(conn, lease.id)?, metered))
        })?;
        let today = site.zone().date(now);
        let terms = terms.iter().filter(|term| term.from_date <= today);
        let contracted = terms.max_by_key(|term| term.from_date);
        found.push(LeaseNow {
            contracted: contracted.map_or(Watts::ZERO, |term| term.contracted_watts),
            site: site.name,
            lease,
            month: row,
            metered,
        });
    }
    Ok(found)
}

/// Whether anything measures its machines, or has.
fn has_meter(conn: &mut Conn, lease: &Lease) -> Result<bool> {
    if !meters::of_lease(conn, lease.id)?.is_empty() {
        return Ok(true);
    }
    let places = reservations::allocations_of(conn, lease.reservation_id)?;
    let racks: Vec<RackId> = places.iter().map(|it| it.rack_id).collect();
    Ok(!meters::of_racks(conn, &racks)?.is_empty())
}

/// What is overdue in one currency, by age in days: up to 30, 60, 90, and older.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overdue {
    pub count: i64,
    pub by_age: [Minor; 4],
}

impl Overdue {
    pub fn total(&self) -> Minor {
        self.by_age.iter().copied().sum()
    }
}

#[derive(Clone, Debug)]
pub struct FinanceHome {
    /// The last month that is over.
    pub month: Month,
    pub run: Option<crate::db::billing::runs::Run>,
    pub sums: BTreeMap<Currency, Sums>,
    pub leases: usize,
    pub waiting: usize,
    /// Leases that cannot be billed yet, with why.
    pub blocked: Vec<Entry>,
    pub overdue: BTreeMap<Currency, Overdue>,
    pub overdue_invoices: Vec<Head>,
    /// Everything billed and paid, by currency.
    pub totals: Vec<Totals>,
    /// What stands on the accounts, by currency and account.
    pub balances: Vec<(String, String, Minor)>,
    pub late_corrections: usize,
}

/// What finance looks at first.
pub fn finance(db: &Db, who: &Actor, now: Instant) -> Result<FinanceHome> {
    require(who, Permission::ViewRuns)?;
    let today = db.read(|conn| operator_today(conn, now))?;
    let month = Month::of(today).previous();
    runs::compute(db, month, now, MOST_COMPUTED)?;
    db.read(|conn| {
        let preview = runs::preview(conn, month, now)?;
        let mut filter = Filter::new(today);
        let totals = invoices::totals(conn, &filter)?;
        filter.standing = Some(Standing::Overdue);
        filter.limit = i64::MAX;
        let mut late = invoices::list(conn, &filter)?;
        late.sort_by_key(|it| (it.due_date, it.id));
        let mut overdue: BTreeMap<Currency, Overdue> = BTreeMap::new();
        for it in &late {
            let sum = overdue.entry(it.currency()).or_default();
            let age = today.signed_duration_since(it.due_date).num_days();
            let bucket = usize::try_from((age - 1) / 30).unwrap_or(0).min(3);
            sum.count += 1;
            sum.by_age[bucket] = sum.by_age[bucket] + it.due();
        }
        late.truncate(MOST_LISTED);
        let corrections = crate::db::metering::readings::corrections(conn, true, None, 1_000)?;
        Ok(FinanceHome {
            month,
            sums: preview.sums(),
            leases: preview.entries.len(),
            waiting: preview.waiting(),
            run: preview.run.clone(),
            blocked: blocked(preview.entries),
            overdue,
            overdue_invoices: late,
            totals,
            balances: ledger::balances(conn)?,
            late_corrections: corrections.len(),
        })
    })
}

fn blocked(entries: Vec<Entry>) -> Vec<Entry> {
    let blocked = entries.into_iter().filter(|it| !it.blockers.is_empty());
    blocked.collect()
}

/// What a tenant owes by the ledger: the same as its open invoices less what was paid.
pub fn receivable(db: &Db, tenant: TenantId, currency: Currency) -> Result<Minor> {
    db.read(|conn| ledger::balance_of(conn, Account::Receivable, tenant, currency))
}
