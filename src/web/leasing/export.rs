//! The three lists as files: every row of exactly what is filtered.

use super::leases::{self, Line as LeaseLine};
use super::listed::{self, EXPORT_ROWS};
use super::{requests, reservations};
use crate::db::leasing::lists;
use crate::domain::ids::LeaseId;
use crate::domain::leasing::state::ReservationStatus;
use crate::domain::units::Watts;
use crate::export::table::{Cell, Column, Kind, Table};
use crate::web::door::Visit;
use crate::web::files;
use crate::web::list::ListSpec;
use crate::web::visit::Answer;
use actix_web::web;

/// Kilowatts of a table: to the watt.
const KW: Kind = Kind::Decimal(3);

pub async fn reservations(visit: Visit, format: web::Path<String>) -> Answer {
    let (list, narrow, slice) = asked(&visit, reservations::SPEC);
    let mut narrow = narrow;
    narrow.status = ReservationStatus::parse(list.filter("status"));
    let now = visit.now;
    let rows = visit
        .read(move |conn| lists::reservations(conn, &narrow, &slice, now))
        .await?;
    let page = visit.page("nav-reservations");
    let mut table = Table::new(
        &page.title,
        vec![
            Column::new("№", Kind::Integer),
            Column::new(page.t("wish-tenant"), Kind::Text),
            Column::new(page.t("wish-model"), Kind::Text),
            Column::summed(page.t("wish-units"), Kind::Integer),
            Column::summed(page.t("list-kw"), KW),
            Column::new(page.t("wish-from"), Kind::Date),
            Column::new(page.t("wish-to"), Kind::Date),
            Column::new(page.t("wish-site"), Kind::Text),
            Column::new(page.t("list-status"), Kind::Text),
            Column::new(page.t("reservation-held-until"), Kind::DateTime),
        ],
    );
    for (row, tenant, site) in &rows {
        let status = reservations::status_of(row, now);
        table.push(vec![
            row.id.0.into(),
            tenant.clone().into(),
            row.model_name.clone().into(),
            row.units.into(),
            reservations::power(row).kilo().into(),
            row.from_date.into(),
            row.to_date.into(),
            site.clone().into(),
            page.code("reservation-status", status).into(),
            page.zone.local(row.hold_until).into(),
        ]);
    }
    files::table(&visit, &table, "reservations", &format)
}

pub async fn leases(visit: Visit, format: web::Path<String>) -> Answer {
    let (_, narrow, slice) = asked(&visit, leases::SPEC);
    let today = leases::today(&visit);
    let (rows, contracted) = visit
        .read(move |conn| {
            let rows = lists::leases(conn, &narrow, &slice, today)?;
            let ids: Vec<LeaseId> = rows.iter().map(|((lease, _), ..)| lease.id).collect();
            let contracted = lists::contracted(conn, &ids, today)?;
            Ok((rows, contracted))
        })
        .await?;
    let page = visit.page("nav-leases");
    let mut table = Table::new(
        &page.title,
        vec![
            Column::new(page.t("lease-name"), Kind::Text),
            Column::new(page.t("wish-tenant"), Kind::Text),
            Column::new(page.t("wish-model"), Kind::Text),
            Column::summed(page.t("wish-units"), Kind::Integer),
            Column::summed(page.t("lease-contracted-kw"), KW),
            Column::new(page.t("wish-from"), Kind::Date),
            Column::new(page.t("wish-to"), Kind::Date),
            Column::new(page.t("wish-site"), Kind::Text),
            Column::new(page.t("list-status"), Kind::Text),
        ],
    );
    for row in &rows {
        let line: LeaseLine = leases::line(&page, row, &contracted, today);
        let ((lease, _), ..) = row;
        table.push(vec![
            line.number.into(),
            line.tenant.into(),
            line.model.into(),
            line.units.into(),
            Watts::kilo(line.contracted).into(),
            lease.start_date.into(),
            lease.end_date.into(),
            line.site.into(),
            line.state.into(),
        ]);
    }
    files::table(&visit, &table, "leases", &format)
}

pub async fn requests(visit: Visit, format: web::Path<String>) -> Answer {
    let (_, narrow, slice) = asked(&visit, requests::SPEC);
    let rows = visit
        .read(move |conn| lists::requests(conn, &narrow, &slice))
        .await?;
    let page = visit.page("nav-requests");
    let mut table = Table::new(
        &page.title,
        vec![
            Column::new("№", Kind::Integer),
            Column::new(page.t("wish-tenant"), Kind::Text),
            Column::new(page.t("wish-model"), Kind::Text),
            Column::summed(page.t("wish-units"), Kind::Integer),
            Column::new(page.t("wish-from"), Kind::Date),
            Column::new(page.t("wish-to"), Kind::Date),
            Column::new(page.t("wish-site"), Kind::Text),
            Column::new(page.t("request-why"), Kind::Text),
            Column::new(page.t("request-fit"), Kind::Integer),
            Column::new(page.t("list-status"), Kind::Text),
            Column::new(page.t("request-answer"), Kind::Text),
        ],
    );
    for named in &rows {
        let (row, tenant, site) = named;
        let line = requests::line(&page, named);
        table.push(vec![
            row.id.0.into(),
            tenant.clone().into(),
            row.model_name.clone().into(),
            row.units.into(),
            row.from_date.into(),
            row.to_date.into(),
            site.clone().into(),
            line.why.into(),
            Cell::Integer(row.available_units),
            line.state.into(),
            row.answer.clone().into(),
        ]);
    }
    files::table(&visit, &table, "requests", &format)
}

fn asked(
    visit: &Visit,
    spec: ListSpec,
) -> (crate::web::list::ListParams, lists::Narrow, lists::Slice) {
    let list = visit.list(spec);
    let narrow = listed::narrow(&list, &visit.who);
    let mut slice = listed::slice(&list);
    (slice.after, slice.limit) = (None, EXPORT_ROWS);
    (list, narrow, slice)
}
