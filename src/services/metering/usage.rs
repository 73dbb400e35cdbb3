//! A lease's month as pages and runs read it: settled, priced, and kept until something touches it.

use super::loads::{self, Load};
use super::settlement::{self, Bucket, Settled};
use crate::db::leasing::leases::{self, Lease};
use crate::db::metering::lease_days;
use crate::db::metering::usage::{self, LeaseMonth};
use crate::db::site::sites;
use crate::db::{Chain, Conn, Db, Tx};
use crate::domain::billing::invoice_plan::InvoicePlan;
use crate::domain::billing::rate::{RateError, RateInput, rate};
use crate::domain::calendar::{Instant, Month, Span, Window, Zone};
use crate::domain::ids::*;
use crate::domain::money::Minor;
use crate::domain::units::{WattHours, Watts};
use crate::error::Result;
use crate::services::billing::blockers::{self, Blocker};
use crate::services::billing::rating;
use crate::services::jobs::{self, JobKind};
use chrono::NaiveDate;

/// A priced month needs to be computed again; call it in the transaction of what touched it.
pub fn mark_stale(tx: &mut Tx, lease: LeaseId, month: Month, now: Instant) -> Result<()> {
    usage::set_stale(tx.conn, lease, month)?;
    jobs::enqueue(
        tx,
        JobKind::RecomputeMonths,
        lease.0,
        &month.to_string(),
        now,
    )?;
    Ok(())
}

/// The same for every month from `from` on that was ever computed.
pub fn mark_stale_from(tx: &mut Tx, lease: LeaseId, from: Month, now: Instant) -> Result<()> {
    for row in usage::months_from(tx.conn, lease, from)? {
        if let Some(month) = Month::parse(&row.month) {
            mark_stale(tx, lease, month, now)?;
        }
    }
    Ok(())
}

/// The month as last computed, computed now where it is missing or stale.
pub fn fresh(db: &Db, lease: LeaseId, month: Month, now: Instant) -> Result<LeaseMonth> {
    let kept = db.read(|conn| {
        let Some(row) = usage::month(conn, lease, month)? else {
            return Ok(None);
        };
        let zone = sites::get(conn, row.site_id)?.zone();
        Ok(Some(row).filter(|row| !is_stale(row, month, zone, now)))
    })?;
    match kept {
        Some(row) => Ok(row),
        None => recompute(db, lease, month, now),
    }
}

/// A month that was still running when it was computed changes with every local date.
pub fn is_stale(row: &LeaseMonth, month: Month, zone: Zone, now: Instant) -> bool {
    row.stale || is_of_before(row.computed_at, month, zone, now)
}

fn is_of_before(computed_at: Instant, month: Month, zone: Zone, now: Instant) -> bool {
    let computed = zone.date(computed_at);
    computed < month.end() && computed != zone.date(now)
}

/// Computes the lease's months that touch local dates `[from, to)` where they are missing or stale:
/// what reads its half-hours or dates of several months calls this first.
pub fn settle_days(
    db: &Db,
    lease: LeaseId,
    (from, to): (NaiveDate, NaiveDate),
    now: Instant,
) -> Result<()> {
    let missing = db.read(|conn| {
        let lease = leases::get(conn, lease)?;
        let zone = sites::get(conn, lease.site_id)?.zone();
        let days = Window::new(from, Some(to.min(zone.date(now) + chrono::Days::new(1))));
        let own = Window::new(lease.start_date, lease.end_date);
        let Some(days) = days.zip(own).and_then(|(days, own)| days.intersect(own)) else {
            return Ok(vec![]);
        };
        let first = Month::of(days.from);
        let last = Month::of(days.to.and_then(|it| it.pred_opt()).unwrap_or(days.from));
        let months = std::iter::successors(Some(first), |it| Some(it.next()));
        let mut missing: Vec<Month> = months.take_while(|it| *it <= last).collect();
        for (month, stale, at) in usage::computed(conn, lease.id, (first, last))? {
            let fresh =
                |it: &Month| it.to_string() == month && !stale && !is_of_before(at, *it, zone, now);
            missing.retain(|it| !fresh(it));
        }
        Ok(missing)
    })?;
    for month in missing {
        fresh(db, lease, month, now)?;
    }
    Ok(())
}

/// Settles and prices the month and keeps the result. Doing it twice gives the same.
pub fn recompute(db: &Db, lease: LeaseId, month: Month, now: Instant) -> Result<LeaseMonth> {
    db.write(Chain::Operator, |tx| refresh(tx.conn, lease, month, now))
}

/// `recompute` inside a transaction that is open already.
pub fn refresh(conn: &mut Conn, lease: LeaseId, month: Month, now: Instant) -> Result<LeaseMonth> {
    let lease = leases::get(conn, lease)?;
    let zone = sites::get(conn, lease.site_id)?.zone();
    let computed = compute(conn, &lease, zone, month, now)?;
    keep(conn, &computed, zone, month)?;
    Ok(computed.row)
}

/// Writes a computed month in the place of what was kept of it: its dates and its price.
pub fn keep(conn: &mut Conn, computed: &Computed, zone: Zone, month: Month) -> Result<()> {
    let lease = computed.row.lease_id;
    let days = loads::lease_days(lease, zone, &computed.usage);
    lease_days::replace(conn, lease, (month.first(), month.end()), &days)?;
    usage::put_month(conn, &computed.row)
}

/// A priced month with what it was priced from.
pub struct Computed {
    pub row: LeaseMonth,
    pub usage: Vec<Load>,
    /// A complete month that can be billed: its price and the very inputs of it.
    pub billable: Option<(InvoicePlan, RateInput)>,
    pub blockers: Vec<Blocker>,
}

/// Settles and prices without writing.
pub fn compute(
    conn: &mut Conn,
    lease: &Lease,
    zone: Zone,
    month: Month,
    now: Instant,
) -> Result<Computed> {
    let active = active(lease, month);
    let span = active.map_or(empty(zone, month), |window| {
        zone.span_of(window.from, window.to.unwrap_or(month.end()))
    });
    let settled = settlement::settle(conn, lease, zone, month, span)?;
    let input = rating::input(
        conn,
        lease,
        zone,
        month,
        settled.clone().unwrap_or_default(),
    )?;
    let buckets = settlement::buckets(settled.as_deref().unwrap_or_default(), span);
    let today = zone.date(now);
    let priced = if month.end() <= today {
        price_complete(input, settled)
    } else {
        price_so_far(input, settled, today)
    };
    let blockers = blockers::of_errors(conn, lease, zone, &priced.errors)?;
    let row = row(lease, month, now, &priced, &buckets, &blockers)?;
    Ok(Computed {
        usage: buckets.iter().map(load).collect(),
        row,
        blockers,
        billable: priced.billable,
    })
}

/// The lease's local dates within the month.
pub fn active(lease: &Lease, month: Month) -> Option<Window> {
    Window::new(lease.start_date, lease.end_date)?.intersect(month.window())
}

fn empty(zone: Zone, month: Month) -> Span {
    let at = zone.start_of(month.first());
    Span { from: at, to: at }
}

/// What pricing made of a month.
#[derive(Default)]
struct Priced {
    shown: Option<InvoicePlan>,
    /// What the whole month will come to.
    forecast: Minor,
    errors: Vec<RateError>,
    billable: Option<(InvoicePlan, RateInput)>,
}

fn price_complete(input: RateInput, settled: Settled) -> Priced {
    let priced = settled
        .map_err(|error| vec![error])
        .and_then(|_| rate(&input));
    match priced {
        Ok(plan) => Priced {
            forecast: plan.total,
            shown: Some(plan.clone()),
            billable: Some((plan, input)),
            errors: vec![],
        },
        Err(errors) => Priced {
            errors,
            ..Priced::default()
        },
    }
}

/// The running month: priced as if the lease ended with today, whatever readings there are; what
/// is missing before today is named. The forecast is the sum so far by the share of days elapsed.
fn price_so_far(mut input: RateInput, settled: Settled, today: NaiveDate) -> Priced {
    if let Err(error) = settled {
        let errors = vec![error];
        return Priced {
            errors,
            ..Priced::default()
        };
    }
    let end = input.lease.end;
    let until = |day: NaiveDate| Some(end.map_or(day, |end| end.min(day)));
    input.lease.end = until(today);
    let mut errors = rate(&input).err().unwrap_or_default();
    errors.retain(|error| !matches!(error, RateError::NoActiveDay { .. }));
    input.lease.end = until(today + chrono::Days::new(1));
    input.complete = false;
    let (elapsed, whole) = (days(&input, input.lease.end), days(&input, end));
    let shown = match rate(&input) {
        Ok(plan) => Some(plan),
        Err(mut more) => {
            more.retain(|error| !errors.contains(error));
            errors.extend(more);
            None
        }
    };
    let forecast = shown
        .as_ref()
        .map_or(Minor::ZERO, |plan| extrapolate(plan.total, elapsed, whole));
    Priced {
        shown,
        forecast,
        errors,
        billable: None,
    }
}

/// Active days of the period up to `end`.
fn days(input: &RateInput, end: Option<NaiveDate>) -> i64 {
    let window = Window::new(input.lease.start, end);
    let active = window.and_then(|window| window.intersect(input.period.window()));
    active.map_or(0, |window| {
        let end = window.to.unwrap_or(input.period.end());
        end.signed_duration_since(window.from).num_days()
    })
}

/// Rounded down to the minor unit: it is a guess and is shown as one.
fn extrapolate(so_far: Minor, elapsed: i64, whole: i64) -> Minor {
    if elapsed <= 0 {
        return so_far;
    }
    let guess = i128::from(so_far.0) * i128::from(whole) / i128::from(elapsed);
    Minor(i64::try_from(guess).unwrap_or(so_far.0))
}

fn row(
    lease: &Lease,
    month: Month,
    now: Instant,
    priced: &Priced,
    buckets: &[Bucket],
    blockers: &[Blocker],
) -> Result<LeaseMonth> {
    let json = |value: &InvoicePlan| serde_json::to_string(value).map_err(anyhow::Error::from);
    let plan = priced.shown.as_ref();
    let most = buckets.iter().map(|it| it.meters).max().unwrap_or(0);
    // The latest time at which every meter has spoken: a part of them would look like a drop.
    let last = buckets.iter().rev().find(|it| it.meters == most);
    Ok(LeaseMonth {
        lease_id: lease.id,
        month: month.to_string(),
        tenant_id: lease.tenant_id,
        site_id: lease.site_id,
        stale: false,
        computed_at: now,
        wh: WattHours(buckets.iter().map(|it| it.wh).sum()),
        estimated_wh: WattHours(buckets.iter().map(|it| it.estimated_wh).sum()),
        last_reading_at: last.map(|it| it.end),
        last_watts: last.map_or(Watts::ZERO, mean_watts),
        currency: plan.map_or(String::new(), |it| it.currency.code().to_owned()),
        net: plan.map_or(Minor::ZERO, |it| it.net),
        vat: plan.map_or(Minor::ZERO, |it| it.vat),
        total: plan.map_or(Minor::ZERO, |it| it.total),
        forecast_total: priced.forecast,
        blockers: serde_json::to_string(blockers).map_err(anyhow::Error::from)?,
        plan: plan.map_or(Ok(String::new()), json)?,
    })
}

fn mean_watts(bucket: &Bucket) -> Watts {
    let seconds = (bucket.end.0 - bucket.start.0).max(1);
    Watts(bucket.wh.saturating_mul(3_600) / seconds)
}

fn load(bucket: &Bucket) -> Load {
    Load {
        start_at: bucket.start,
        end_at: bucket.end,
        wh: WattHours(bucket.wh),
        estimated_wh: WattHours(bucket.estimated_wh),
    }
}
