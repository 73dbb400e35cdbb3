//! Readings are counted once, and what was made of them agrees with itself.

use super::Violation;
use crate::db::Conn;
use crate::db::identity::jobs;
use crate::db::metering::{days, readings, usage};
use crate::db::site::sites;
use crate::domain::billing::invoice_plan::InvoicePlan;
use crate::domain::calendar::Month;
use crate::domain::identity::JobState;
use crate::domain::units::WattHours;
use crate::error::Result;
use crate::services::jobs::JobKind;
use crate::services::metering::loads;
use std::collections::HashMap;

const ONCE: &str = "counted once";
const EXPLAINED: &str = "explained";

pub fn check(conn: &mut Conn, found: &mut Vec<Violation>) -> Result<()> {
    for (meter, start) in readings::overlapping(conn)? {
        let what = format!("meter {meter} has readings that overlap at {start}");
        found.push(Violation::new(ONCE, what));
    }
    for (meter, start) in readings::inconsistent_corrections(conn)? {
        let what =
            format!("the corrections of meter {meter} at {start} do not lead to its reading");
        found.push(Violation::new(ONCE, what));
    }
    // Until the days of an older house are counted for the first time there is nothing to compare.
    let kind = Some(JobKind::CountMeterDays.code());
    if jobs::count(conn, kind, JobState::Waiting)? == 0 {
        for meter in days::unequal(conn)? {
            let what = format!("the days of meter {meter} do not add up to its readings");
            found.push(Violation::new(ONCE, what));
        }
        for meter in loads::unlike_their_sums(conn)? {
            let what = format!("a day of meter {meter} does not add up to its intervals");
            found.push(Violation::new(ONCE, what));
        }
    }
    let zones: HashMap<_, _> = sites::all(conn)?
        .into_iter()
        .map(|site| (site.id, site.zone()))
        .collect();
    for row in usage::all_fresh(conn)? {
        let at = format!("lease {} in {}", row.lease_id, row.month);
        let (Some(month), Some(zone)) = (Month::parse(&row.month), zones.get(&row.site_id)) else {
            found.push(Violation::new(
                EXPLAINED,
                format!("{at}: no such month or site"),
            ));
            continue;
        };
        let loads = loads::of_leases(conn, &[row.lease_id], zone.month_span(month))?;
        let wh: WattHours = loads.iter().map(|it| it.wh).sum();
        let estimated: WattHours = loads.iter().map(|it| it.estimated_wh).sum();
        if (wh, estimated) != (row.wh, row.estimated_wh) {
            found.push(Violation::new(
                EXPLAINED,
                format!("{at}: its usage adds up otherwise"),
            ));
        }
        if row.plan.is_empty() {
            continue;
        }
        let agrees = serde_json::from_str::<InvoicePlan>(&row.plan)
            .is_ok_and(|plan| (plan.net, plan.vat, plan.total) == (row.net, row.vat, row.total));
        if !agrees {
            found.push(Violation::new(
                EXPLAINED,
                format!("{at}: its price and its sums differ"),
            ));
        }
    }
    Ok(())
}
