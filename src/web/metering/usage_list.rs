//! What every lease used in a month.

use super::words::{house_zone, month_of};
use crate::db::Conn;
use crate::db::leasing::leases::{self, Lease};
use crate::db::metering::usage::{self as rows, LeaseMonth};
use crate::domain::calendar::{Month, Zone};
use crate::domain::fold::fold;
use crate::domain::ids::*;
use crate::domain::money::{Currency, Minor};
use crate::domain::units::WattHours;
use crate::error::Result;
use crate::services::metering::usage;
use crate::web::door::{Visit, Who};
use crate::web::list::{ListParams, ListSpec};
use crate::web::page::{Page, html};
use crate::web::visit::Answer;
use askama::Template;
use std::collections::{BTreeMap, HashMap};

pub const SPEC: ListSpec = ListSpec {
    sorts: &["tenant"],
    descending: false,
    filters: &["month"],
};
/// Months that are computed while somebody waits; the rest is a job's.
const MOST_COMPUTED: usize = 20;

/// One lease in the month.
pub struct Line {
    pub id: LeaseId,
    pub number: String,
    pub tenant: String,
    pub month: Option<LeaseMonth>,
    pub currency: Option<Currency>,
    pub blockers: usize,
    pub stale: bool,
}

#[derive(Template)]
#[template(path = "metering/usage_list.html")]
struct UsageList {
    page: Page,
    list: ListParams,
    month: Month,
    rows: Vec<Line>,
    operator: bool,
    wh: WattHours,
    estimated_wh: WattHours,
    sums: Vec<(Currency, Minor)>,
}

type OfMonth = (Lease, String, Option<LeaseMonth>);

/// The leases of the month that this reader sees, and that the search finds.
pub fn load(conn: &mut Conn, who: &Who, month: Month, search: &str) -> Result<Vec<OfMonth>> {
    let words = fold(search);
    let mut kept: HashMap<LeaseId, LeaseMonth> = rows::of_month(conn, month)?
        .into_iter()
        .map(|row| (row.lease_id, row))
        .collect();
    let mut found = leases::of_month(conn, month)?;
    found.retain(|(lease, tenant)| {
        who.actor.sees(lease.tenant_id)
            && (fold(tenant).contains(&words) || fold(&lease.number).contains(&words))
    });
    let with_month = found.into_iter().map(|(lease, tenant)| {
        let row = kept.remove(&lease.id);
        (lease, tenant, row)
    });
    Ok(with_month.collect())
}

pub fn line((lease, tenant, month): OfMonth, stale: bool) -> Line {
    let blockers = month.as_ref().map_or(0, |month| {
        serde_json::from_str::<Vec<serde_json::Value>>(&month.blockers).map_or(0, |it| it.len())
    });
    Line {
        id: lease.id,
        number: lease.number,
        tenant,
        currency: month.as_ref().and_then(|it| Currency::parse(&it.currency)),
        month,
        blockers,
        stale,
    }
}

/// Whether what is kept of the lease's month is missing or out of date.
fn stale(row: Option<&LeaseMonth>, month: Month, zone: Zone, visit: &Visit) -> bool {
    row.is_none_or(|row| usage::is_stale(row, month, zone, visit.now))
}

/// What the page and its exports show, the first of the missing ones computed.
pub async fn lines(
    visit: &Visit,
    month: Month,
    search: String,
) -> std::result::Result<Vec<Line>, crate::web::problem::Problem> {
    let zone = house_zone(visit);
    let (who, words) = (visit.who.clone(), search);
    let mut found = visit
        .read(move |conn| load(conn, &who, month, &words))
        .await?;
    let now = visit.now;
    let mut computed = 0;
    let mut rows = Vec::with_capacity(found.len());
    for mut row in found.drain(..) {
        let mut old = stale(row.2.as_ref(), month, zone, visit);
        if old && computed < MOST_COMPUTED {
            let id = row.0.id;
            row.2 = Some(
                visit
                    .run(move |app| usage::fresh(&app.db, id, month, now))
                    .await?,
            );
            computed += 1;
            old = false;
        }
        rows.push(line(row, old));
    }
    Ok(rows)
}

pub async fn show(visit: Visit) -> Answer {
    let list = visit.list(SPEC);
    let month = month_of(&visit, house_zone(&visit));
    let rows = lines(&visit, month, list.q.clone()).await?;
    let mut sums: BTreeMap<Currency, Minor> = BTreeMap::new();
    for row in &rows {
        if let (Some(currency), Some(month)) = (row.currency, &row.month) {
            let sum = sums.entry(currency).or_default();
            *sum = *sum + month.total;
        }
    }
    let months = || rows.iter().filter_map(|row| row.month.as_ref());
    html(&UsageList {
        wh: months().map(|it| it.wh).sum(),
        estimated_wh: months().map(|it| it.estimated_wh).sum(),
        sums: sums.into_iter().collect(),
        operator: visit.who.actor.tenant.is_none(),
        page: visit.page("nav-usage"),
        list,
        month,
        rows,
    })
}
