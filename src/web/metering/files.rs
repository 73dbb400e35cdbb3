//! The lists of this wing as files: every row of exactly what is filtered.

use super::meters;
use super::usage;
use super::usage_list;
use super::words::{house_zone, month_of};
use crate::db::identity::{operators, tenants};
use crate::domain::calendar::Month;
use crate::domain::ids::LeaseId;
use crate::domain::money::Currency;
use crate::domain::units::WattHours;
use crate::error::Error;
use crate::export::message80020::{HalfHour, Message80020, Side, message80020};
use crate::export::table::{Cell, Column, Kind, Table};
use crate::services::metering::usage as service;
use crate::web::door::Visit;
use crate::web::files;
use crate::web::problem::Problem;
use crate::web::visit::Answer;
use actix_web::web;
use chrono::{Days, NaiveDate};

/// Rows of an export: more would be a report, not a list.
const MOST: i64 = 100_000;
/// Kilowatt-hours of a table: to the watt-hour.
const KWH: Kind = Kind::Decimal(3);

pub async fn meters(visit: Visit, format: web::Path<String>) -> Answer {
    let list = visit.list(meters::SPEC);
    let (now, zone) = (visit.now, house_zone(&visit));
    let today = zone.date(now);
    let mut filter = meters::filter(&list, today, MOST);
    filter.after = None;
    let rows = visit
        .read(move |conn| meters::load(conn, &filter, now, today))
        .await?;
    let page = visit.page("nav-meters");
    let mut table = Table::new(
        &page.title,
        vec![
            Column::new(page.t("meter"), Kind::Text),
            Column::new(page.t("meter-place"), Kind::Text),
            Column::new(page.t("meter-purpose"), Kind::Text),
            Column::new(page.t("meter-lease"), Kind::Text),
            Column::new(page.t("meter-from"), Kind::Date),
            Column::new(page.t("meter-to"), Kind::Date),
            Column::new(page.t("meter-last"), Kind::DateTime),
            Column::new(page.t("meter-state"), Kind::Text),
        ],
    );
    for row in rows {
        table.push(vec![
            row.code.into(),
            row.place.into(),
            page.code("meter-purpose", row.purpose.code()).into(),
            row.lease.into(),
            row.from.into(),
            row.to.into(),
            row.last.map(|at| zone.local(at)).into(),
            page.code("meter-state", row.state).into(),
        ]);
    }
    files::table(&visit, &table, "meters", &format)
}

pub async fn usage_list(visit: Visit, format: web::Path<String>) -> Answer {
    let list = visit.list(usage_list::SPEC);
    let month = month_of(&visit, house_zone(&visit));
    let rows = usage_list::lines(&visit, month, list.q.clone()).await?;
    let page = visit.page("nav-usage");
    let mut table = Table::new(
        format!("{} {month}", page.title),
        vec![
            Column::new(page.t("usage-lease"), Kind::Text),
            Column::new(page.t("usage-tenant"), Kind::Text),
            Column::summed(page.t("usage-kwh"), KWH),
            Column::summed(page.t("usage-estimated-kwh"), KWH),
            Column::new(page.t("usage-currency"), Kind::Text),
            Column::new(page.t("usage-total"), Kind::Decimal(2)),
        ],
    );
    for row in rows {
        let month = row.month.as_ref();
        table.push(vec![
            row.number.into(),
            row.tenant.into(),
            month.map(|it| it.wh.kilo()).into(),
            month.map(|it| it.estimated_wh.kilo()).into(),
            row.currency.map_or("", Currency::code).into(),
            month
                .filter(|_| row.currency.is_some())
                .map(|it| it.total.major())
                .into(),
        ]);
    }
    files::table(&visit, &table, &format!("usage-{month}"), &format)
}

/// One lease's intervals.
pub async fn usage(visit: Visit, path: web::Path<(i64, String)>) -> Answer {
    let (id, format) = path.into_inner();
    let id = LeaseId(id);
    let zone = usage::zone_of(&visit, id).await?;
    let (month, now, who) = (month_of(&visit, zone), visit.now, visit.who.clone());
    let loaded = visit
        .run(move |app| {
            service::fresh(&app.db, id, month, now)?;
            app.db.read(|conn| usage::load(conn, &who, id, month, now))
        })
        .await?;
    let page = visit.page("nav-usage");
    let mut table = Table::new(
        format!("{} {month}", loaded.lease.number),
        vec![
            Column::new(page.t("usage-from"), Kind::DateTime),
            Column::new(page.t("usage-to"), Kind::DateTime),
            Column::summed(page.t("usage-kwh"), KWH),
            Column::summed(page.t("usage-estimated-kwh"), KWH),
        ],
    );
    for row in &loaded.usage {
        table.push(vec![
            Cell::DateTime(zone.local(row.start_at)),
            Cell::DateTime(zone.local(row.end_at)),
            row.wh.kilo().into(),
            row.estimated_wh.kilo().into(),
        ]);
    }
    files::table(&visit, &table, &format!("usage-{id}-{month}"), &format)
}

/// A lease's half-hours of a local date as an 80020 message.
pub async fn half_hours(visit: Visit, path: web::Path<(i64, String)>) -> Answer {
    let (id, day) = path.into_inner();
    let id = LeaseId(id);
    let day: NaiveDate = day.parse().map_err(|_| Error::NotFound)?;
    let zone = usage::zone_of(&visit, id).await?;
    let (month, now, who) = (Month::of(day), visit.now, visit.who.clone());
    let (loaded, operator, tenant) = visit
        .run(move |app| {
            service::fresh(&app.db, id, month, now)?;
            app.db.read(|conn| {
                let loaded = usage::load(conn, &who, id, month, now)?;
                let tenant = tenants::get(conn, loaded.lease.tenant_id)?;
                Ok((loaded, operators::get(conn)?, tenant))
            })
        })
        .await?;
    let span = zone.span_of(day, day + Days::new(1));
    let within = loaded
        .usage
        .iter()
        .filter(|row| span.contains(row.start_at));
    let half_hours: Vec<HalfHour> = within
        .map(|row| HalfHour {
            from: zone.local(row.start_at).time(),
            to: zone.local(row.end_at).time(),
            wh: row.wh,
            estimated: row.estimated_wh != WattHours::ZERO,
        })
        .collect();
    let side = |it: &Option<operators::Operator>| {
        it.as_ref().map_or((String::new(), String::new()), |it| {
            (it.inn.clone(), it.short_name.clone())
        })
    };
    let (inn, name) = side(&operator);
    let message = Message80020 {
        day,
        made: zone.local(now),
        sender: Side {
            inn: &inn,
            name: &name,
        },
        area: Side {
            inn: &tenant.inn,
            name: &tenant.name,
        },
        point: (&loaded.lease.number, &loaded.lease.number),
        half_hours: &half_hours,
    };
    let bytes = message80020(&message).map_err(Problem::internal)?;
    let number = &loaded.lease.number;
    let name = format!("80020_{inn}_{}_{number}", day.format("%Y%m%d"));
    Ok(files::sent(
        "application/xml",
        "attachment",
        &name,
        "xml",
        bytes,
    ))
}
