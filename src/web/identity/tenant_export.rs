//! The tenants as a file: every row of exactly what is filtered.

use super::{part, tenants};
use crate::db::identity::lists;
use crate::domain::identity::TenantKind;
use crate::export::table::{Cell, Column, Kind, Table};
use crate::web::door::Visit;
use crate::web::files;
use crate::web::visit::Answer;
use actix_web::web::Path;

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
    files::table(&visit, &table, "tenants", &format)
}
