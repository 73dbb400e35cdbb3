//! The racks as a file: every row of exactly what is filtered.

use super::rack_list::{SPEC, feeds, filter, moment, order, place};
use crate::db::site::racks::{self, Listed, RackNames};
use crate::db::site::sites;
use crate::domain::units::Watts;
use crate::export::table::{Column, Kind, Table};
use crate::web::door::Visit;
use crate::web::files;
use crate::web::page::Page;
use crate::web::visit::Answer;
use actix_web::web;

/// A sheet of a workbook has no more rows.
const MOST_ROWS: i64 = 1_000_000;
/// Kilowatts to the watt.
const KW: Kind = Kind::Decimal(3);

pub async fn racks(visit: Visit, format: web::Path<String>) -> Answer {
    let list = visit.list(SPEC);
    let (narrowed, mut order, now) = (filter(&list), order(&list, MOST_ROWS), visit.now);
    order.after = None;
    let (rows, names) = visit
        .read(move |conn| {
            let moment = moment(&sites::all(conn)?, now);
            let rows = racks::page(conn, &narrowed, &moment, &order)?;
            let names = racks::names(conn, &rows)?;
            Ok((rows, names))
        })
        .await?;
    let page = visit.page("nav-racks");
    let mut table = Table::new(&page.title, columns(&page));
    for row in &rows {
        push(&mut table, &page, row, &names);
    }
    files::table(&visit, &table, "racks", &format)
}

fn columns(page: &Page) -> Vec<Column> {
    vec![
        Column::new(page.t("site-rack"), Kind::Text),
        Column::new(page.t("site-noun"), Kind::Text),
        Column::new(page.t("site-place"), Kind::Text),
        Column::new(page.t("site-rack-kind"), Kind::Text),
        Column::new(page.t("site-rack-phase"), Kind::Text),
        Column::new(page.t("site-feeds"), Kind::Text),
        Column::new(page.t("site-cooling-zone"), Kind::Text),
        Column::summed(page.t("site-slots"), Kind::Integer),
        Column::summed(page.t("site-limit-kw"), KW),
        Column::summed(page.t("site-sold-kw"), KW),
        Column::summed(page.t("site-free-kw"), KW),
    ]
}

fn push(table: &mut Table, page: &Page, listed: &Listed, names: &RackNames) {
    let rack = &listed.rack;
    let free = Watts((rack.limit_watts.0 - listed.sold.0).max(0));
    table.push(vec![
        rack.name.clone().into(),
        names.sites.get(&rack.site_id).cloned().into(),
        place(names, listed).into(),
        page.code("site-rack-kind", rack.kind).into(),
        page.code("site-rack-phase", rack.phase).into(),
        feeds(names, listed).into(),
        names.zones.get(&rack.zone_id).cloned().into(),
        rack.slots.into(),
        rack.limit_watts.kilo().into(),
        listed.sold.kilo().into(),
        free.kilo().into(),
    ]);
}
