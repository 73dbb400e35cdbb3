//! The tenants as a file: every row of exactly what is filtered.

use super::{part, tenants};
use crate::db::identity::lists;
use crate::domain::identity::TenantKind;
use crate::export::table::{Cell, Column, Kind, Table};
use crate::export::{csv, xlsx};
use crate::web::door::Visit;
use crate::web::problem::Problem;
use crate::web::visit::Answer;
use actix_web::http::header;
use actix_web::{HttpResponse, web::Path};

/// Rows of an export: more would be a report, not a list.
const EXPORT_ROWS: i64 = 100_000;

pub async fn file(visit: Visit, format: Path<String>) -> Answer {
    let list = visit.list(tenants::SPEC);
    let (kind, mut wanted) = (TenantKind::parse(list.filter("kind")), part(&list));
    (wanted.after, wanted.limit) = (None, EXPORT_ROWS);
    let rows = visit
        .read(move |conn| lists::tenants(conn, kind, &wanted))
        .await?;
    let page = visit.page("nav-tenants");
    let column = |key: &str| Column::new(page.t(key), Kind::Text);
    let mut table = Table::new(
        &page.title,
        vec![
            column("tenant-name"),
            column("tenant-kind"),
            column("tenant-inn"),
            column("tenant-kpp"),
            column("tenant-ogrn"),
            column("tenant-address"),
            column("tenant-email"),
            column("tenant-phone"),
            column("tenant-contact"),
            column("tenant-registry"),
            Column::new(page.t("tenant-registry-date"), Kind::Date),
        ],
    );
    for row in &rows {
        let kind = page.code("tenant-kind", row.kind);
        let mut cells: Vec<Cell> = [
            &row.name,
            &kind,
            &row.inn,
            &row.kpp,
            &row.ogrn,
            &row.address,
            &row.email,
            &row.phone,
            &row.contact,
            &row.registry_number,
        ]
        .map(|text| text.clone().into())
        .into();
        cells.push(row.registry_date.map_or(Cell::Empty, Cell::Date));
        table.push(cells);
    }
    let (mime, bytes) = match format.as_str() {
        "csv" => ("text/csv; charset=utf-8", csv::csv(&table, page.locale)),
        "xlsx" => (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            xlsx::xlsx(&table, page.locale, visit.now).map_err(Problem::internal)?,
        ),
        _ => return Err(Problem::NotFound),
    };
    let name = format!("attachment; filename=\"tenants.{format}\"");
    Ok(HttpResponse::Ok()
        .content_type(mime)
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .body(bytes))
}
