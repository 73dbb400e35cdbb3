//! One lease's month: what it drew and when, what is missing, what it comes to.

use super::chart;
use super::words::{Reason, month_of, reasons, visible};
use crate::db::Conn;
use crate::db::billing::{invoices, plans};
use crate::db::leasing::leases::{self, Lease, LeaseEvent};
use crate::db::metering::usage::LeaseMonth;
use crate::db::site::sites;
use crate::domain::billing::invoice_plan::{Explain, InvoicePlan};
use crate::domain::billing::plan::PlanVersion;
use crate::domain::calendar::{Instant, Month, Zone};
use crate::domain::identity::access::Permission;
use crate::domain::ids::*;
use crate::domain::money::{Currency, Minor};
use crate::domain::units::{WattHours, Watts};
use crate::error::Result;
use crate::services::billing::blockers::Blocker;
use crate::services::metering::estimates::{self, Gap};
use crate::services::metering::loads::{self, Load};
use crate::services::metering::usage;
use crate::web::door::{Visit, Who};
use crate::web::page::{Page, html};
use crate::web::parts::Tab;
use crate::web::visit::Answer;
use actix_web::web;
use askama::Template;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Gaps that a page lists.
const MOST_GAPS: usize = 50;

/// Energy of one local day.
pub struct Day {
    pub date: NaiveDate,
    pub wh: WattHours,
    pub estimated_wh: WattHours,
}

/// Energy of one zone of the plan, as it was priced.
struct ZoneLine {
    name: String,
    /// As billed: measured times the loss factor.
    wh: WattHours,
    loss: Option<Decimal>,
    price: Option<Decimal>,
    net: Minor,
}

struct EventLine {
    event: LeaseEvent,
    removable: bool,
}

#[derive(Template)]
#[template(path = "metering/usage.html")]
struct Usage {
    page: Page,
    id: LeaseId,
    tenant: String,
    month: Month,
    row: LeaseMonth,
    currency: Option<Currency>,
    contracted: Watts,
    chart: String,
    tabs: Vec<Tab>,
    previous: Option<Month>,
    next: Option<Month>,
    days: Vec<Day>,
    zones: Vec<ZoneLine>,
    gaps: Vec<Gap>,
    more_gaps: usize,
    reasons: Vec<Reason>,
    events: Vec<EventLine>,
    records: bool,
    fills: bool,
    running: bool,
    invoices: Vec<(InvoiceId, String)>,
    csv: String,
    xlsx: String,
}

impl Usage {
    fn has_more_gaps(&self) -> bool {
        self.more_gaps > 0
    }

    /// What the energy was multiplied by.
    fn loss(&self) -> Option<Decimal> {
        self.zones.iter().find_map(|zone| zone.loss)
    }

    fn estimated_share(&self) -> Decimal {
        Decimal::from(self.row.estimated_wh.0) / Decimal::from(self.row.wh.0.max(1))
    }

    fn vat_note(&self, currency: &Currency) -> String {
        if self.row.vat == Minor::ZERO {
            return self.page.gross(self.row.vat, self.row.total);
        }
        let vat = self.page.money(self.row.vat, currency);
        self.page.t1("usage-with-vat", "money", vat)
    }

    fn percent(&self) -> i64 {
        self.row.last_watts.0.saturating_mul(100) / self.contracted.0.max(1)
    }
}

/// Everything that a lease's month is drawn from.
pub struct Loaded {
    pub lease: Lease,
    pub tenant: String,
    pub zone: Zone,
    pub month: Month,
    pub usage: Vec<Load>,
    pub events: Vec<LeaseEvent>,
    pub contracted: Watts,
    pub plan: Vec<PlanVersion>,
    gaps: Vec<Gap>,
    invoices: Vec<(InvoiceId, String)>,
}

pub fn load(conn: &mut Conn, who: &Who, id: LeaseId, month: Month, now: Instant) -> Result<Loaded> {
    let lease = visible(conn, who, id)?;
    let zone = sites::get(conn, lease.site_id)?.zone();
    let span = zone.month_span(month);
    let today = zone.date(now);
    let terms = leases::terms(conn, id)?;
    let last = today
        .min(month.end().pred_opt().unwrap_or(today))
        .max(lease.start_date);
    let term = terms.iter().rfind(|term| term.from_date <= last);
    let active = usage::active(&lease, month)
        .map(|window| zone.span_of(window.from, window.to.unwrap_or(month.end())));
    let gaps = match active.filter(|_| who.may(Permission::ImportReadings)) {
        Some(active) => estimates::gaps_of(conn, &lease, active, zone.start_of(today))?,
        None => vec![],
    };
    let mut events = leases::events(conn, id)?;
    events.retain(|event| event.from_at < span.to && event.to_at > span.from);
    Ok(Loaded {
        tenant: crate::db::identity::tenants::get(conn, lease.tenant_id)?.name,
        usage: loads::of_leases(conn, &[id], span)?,
        contracted: term.map_or(Watts::ZERO, |term| term.contracted_watts),
        plan: plans::published(conn, lease.plan_id)?,
        invoices: invoices::of_lease_month(conn, id, month)?,
        events,
        gaps,
        zone,
        month,
        lease,
    })
}

/// The lease's zone, after this reader was found to see it.
pub async fn zone_of(
    visit: &Visit,
    id: LeaseId,
) -> std::result::Result<Zone, crate::web::problem::Problem> {
    let who = visit.who.clone();
    let zone = move |conn: &mut Conn| {
        let lease = visible(conn, &who, id)?;
        Ok(sites::get(conn, lease.site_id)?.zone())
    };
    visit.read(zone).await
}

pub async fn show(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = LeaseId(*id);
    let zone = zone_of(&visit, id).await?;
    let (month, now, who) = (month_of(&visit, zone), visit.now, visit.who.clone());
    let (row, loaded) = visit
        .run(move |app| {
            let row = usage::fresh(&app.db, id, month, now)?;
            let loaded = app.db.read(|conn| {
                let mut loaded = load(conn, &who, id, month, now)?;
                let shown = loaded.gaps.len().min(MOST_GAPS);
                estimates::propose_all(conn, &mut loaded.gaps[..shown])?;
                Ok(loaded)
            })?;
            Ok((row, loaded))
        })
        .await?;
    let page = visit.page("nav-usage");
    let title = page.t1("usage-title", "number", &loaded.lease.number);
    let mut page = page.named(title);
    page.zone = zone;
    html(&build(&visit, page, row, loaded))
}

fn build(visit: &Visit, page: Page, row: LeaseMonth, mut loaded: Loaded) -> Usage {
    let by_day = visit.query.contains("view=days");
    let days = days(&loaded.usage, loaded.zone);
    let chart = if by_day {
        chart::days(&page, &loaded, &days)
    } else {
        chart::power(&page, &loaded)
    };
    let blockers: Vec<Blocker> = serde_json::from_str(&row.blockers).unwrap_or_default();
    let plan: Option<InvoicePlan> = serde_json::from_str(&row.plan).ok();
    let month = loaded.month;
    let this = Month::of(loaded.zone.date(visit.now));
    let first = Month::of(loaded.lease.start_date);
    let more_gaps = loaded.gaps.len().saturating_sub(MOST_GAPS);
    loaded.gaps.truncate(MOST_GAPS);
    let billed = !loaded.invoices.is_empty();
    let records = visit.who.may(Permission::RecordEvents);
    Usage {
        id: loaded.lease.id,
        tabs: tabs(&page, loaded.lease.id, month, by_day),
        reasons: reasons(&page, &visit.who, &blockers),
        zones: plan.as_ref().map_or(vec![], zones),
        currency: Currency::parse(&row.currency),
        previous: (month > first).then(|| month.previous()),
        next: (month < this).then(|| month.next()),
        fills: visit.who.may(Permission::ImportReadings) && !billed,
        events: loaded
            .events
            .into_iter()
            .map(|event| EventLine {
                event,
                removable: records && !billed,
            })
            .collect(),
        csv: format!("/leases/{}/usage.csv?month={month}", loaded.lease.id),
        xlsx: format!("/leases/{}/usage.xlsx?month={month}", loaded.lease.id),
        running: month == this,
        tenant: loaded.tenant,
        contracted: loaded.contracted,
        invoices: loaded.invoices,
        gaps: loaded.gaps,
        more_gaps,
        records,
        chart,
        month,
        days,
        page,
        row,
    }
}

fn tabs(page: &Page, id: LeaseId, month: Month, by_day: bool) -> Vec<Tab> {
    let tab = |view: &str, active| Tab {
        href: format!("/leases/{id}/usage?month={month}&view={view}"),
        label: page.code("usage-view", view),
        active,
    };
    vec![tab("power", !by_day), tab("days", by_day)]
}

/// Energy by the local date at which an interval starts.
pub fn days(usage: &[Load], zone: Zone) -> Vec<Day> {
    let mut found: BTreeMap<NaiveDate, (i64, i64)> = BTreeMap::new();
    for row in usage {
        let day = found.entry(zone.date(row.start_at)).or_default();
        day.0 += row.wh.0;
        day.1 += row.estimated_wh.0;
    }
    let day = |(date, (wh, estimated))| Day {
        date,
        wh: WattHours(wh),
        estimated_wh: WattHours(estimated),
    };
    found.into_iter().map(day).collect()
}

fn zones(plan: &InvoicePlan) -> Vec<ZoneLine> {
    plan.lines
        .iter()
        .filter_map(|line| match &line.explain {
            Explain::Energy(energy) => Some(ZoneLine {
                name: line.zone.clone().unwrap_or_default(),
                wh: energy.billed_wh,
                loss: Some(energy.loss_factor).filter(|factor| *factor != Decimal::ONE),
                price: line.unit_price,
                net: line.net,
            }),
            _ => None,
        })
        .collect()
}
