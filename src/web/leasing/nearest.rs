//! What is nearest to a wish that does not fit, in words: more later, all later, all elsewhere.

use super::availability::Elsewhere;
use crate::domain::ids::HallId;
use crate::domain::site::CoolingKind;
use crate::services::leasing::availability::{Cell, Heat};
use crate::web::page::Page;
use chrono::NaiveDate;

/// A hall and a kind of cooling: `Hall 2 · hydro`.
pub fn place(page: &Page, hall: &str, kind: CoolingKind) -> String {
    format!("{hall} · {}", page.code("leasing-cooling", kind))
}

/// For a row of the map that holds fewer than `units` at `start`: from when more fit and from when
/// all do; the first other hall that holds all, and the first with another cooling.
pub fn notes(
    page: &Page,
    heat: &Heat,
    row: &[Cell],
    hall: Option<HallId>,
    (units, start): (u32, NaiveDate),
) -> Vec<String> {
    let mut notes = vec![];
    let now = row.iter().find(|c| c.start == start).map_or(0, |c| c.units);
    let later = || row.iter().filter(|c| c.start > start);
    let whole = later().find(|c| c.units >= units);
    let before = |c: &&Cell| whole.is_none_or(|whole| c.start < whole.start);
    let more = later().filter(before).filter(|c| c.units > now);
    if let Some(most) = more.max_by_key(|c| (c.units, std::cmp::Reverse(c.start))) {
        notes.push(fits(page, most.units, page.date_long(most.start)));
    }
    notes.push(match whole {
        Some(cell) => fits(page, cell.units.min(units), page.date_long(cell.start)),
        None => page.t("availability-never"),
    });
    let others = heat.halls.iter().filter(|row| Some(row.hall) != hall);
    let first = |cells: &[Cell]| cells.iter().find(|c| c.units >= units).map(|c| c.start);
    let elsewhere = others.filter_map(|row| Some((first(&row.cells)?, row)));
    if let Some((from, row)) = elsewhere.min_by_key(|(from, _)| *from) {
        notes.push(fits_in(page, units, place(page, &row.name, row.kind), from));
    }
    if let Some(other) = heat.otherwise.iter().min_by_key(|other| other.start) {
        let there = place(page, &other.name, other.kind);
        notes.push(page.t3(
            "availability-otherwise",
            ("count", units),
            ("place", there),
            ("date", page.date_long(other.start)),
        ));
    }
    notes
}

/// The first of the other sites that holds all.
pub fn at_another_site(page: &Page, others: &[Elsewhere], units: u32) -> Option<String> {
    let enough = |cells: &[Cell]| cells.iter().find(|c| c.units >= units).map(|c| c.start);
    let each = others.iter().flat_map(|other| {
        let halls = other.heat.halls.iter();
        halls.filter_map(move |row| Some((enough(&row.cells)?, other, row)))
    });
    let (start, other, row) = each.min_by_key(|(start, ..)| *start)?;
    let there = format!("{}, {}", other.name, place(page, &row.name, row.kind));
    Some(fits_in(page, units, there, start))
}

fn fits(page: &Page, units: u32, date: String) -> String {
    page.t2("availability-fits-from", "count", units, "date", date)
}

fn fits_in(page: &Page, units: u32, place: String, from: NaiveDate) -> String {
    page.t3(
        "availability-fits-in",
        ("count", units),
        ("place", place),
        ("date", page.date_long(from)),
    )
}
