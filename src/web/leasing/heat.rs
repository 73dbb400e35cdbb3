//! The map of how many fit: rows of sites, halls and kinds, a column for each start.

use super::availability::{Found, below};
use super::{nearest, wish, words};
use crate::domain::ids::{HallId, SiteId};
use crate::services::leasing::availability::{Cell, Heat};
use crate::web::form::Form;
use crate::web::list::with_query;
use crate::web::page::Page;
use chrono::{Datelike, NaiveDate};

pub struct HeatMap {
    pub starts: Vec<String>,
    /// The chosen site first.
    pub groups: Vec<HeatGroup>,
    /// What the chosen cell says, and what binds there.
    pub lead: String,
    pub notes: Vec<String>,
}

/// One site's rows; its name where there are several.
pub struct HeatGroup {
    pub name: Option<String>,
    pub rows: Vec<HeatRow>,
}

pub struct HeatRow {
    pub name: String,
    pub cells: Vec<HeatCell>,
}

pub struct HeatCell {
    pub class: &'static str,
    pub units: String,
    pub title: String,
    pub href: String,
    pub chosen: bool,
}

pub fn heat_map(page: &Page, form: &Form, found: &Found) -> HeatMap {
    let heat = &found.heat;
    let starts: Vec<String> = heat
        .starts
        .iter()
        .map(|day| head(page, *day, found.today))
        .collect();
    let own = rows(page, form, found, None, heat);
    let mut groups = vec![HeatGroup {
        name: None,
        rows: own,
    }];
    for other in &found.elsewhere {
        groups.push(HeatGroup {
            name: Some(other.name.clone()),
            rows: rows(page, form, found, Some(other.site), &other.heat),
        });
    }
    groups.retain(|group| !group.rows.is_empty());
    if groups.len() > 1 {
        groups[0].name.get_or_insert_with(|| found.site.clone());
    }
    let (lead, notes) = below(page, found);
    HeatMap {
        starts,
        groups,
        lead,
        notes,
    }
}

/// Of another site only what has the cooling that is asked for.
fn rows(
    page: &Page,
    form: &Form,
    found: &Found,
    site: Option<SiteId>,
    heat: &Heat,
) -> Vec<HeatRow> {
    let mut rows = vec![];
    let fitting = heat.halls.iter().filter(|row| !row.cells.is_empty());
    if form.value("hall").is_empty() && fitting.count() > 1 {
        rows.push(HeatRow {
            name: page.t("availability-site"),
            cells: cells(page, form, found, (site, None), &heat.site),
        });
    }
    let halls = heat.halls.iter();
    for row in halls.filter(|row| site.is_none() || !row.cells.is_empty()) {
        rows.push(HeatRow {
            name: nearest::place(page, &row.name, row.kind),
            cells: cells(page, form, found, (site, Some(row.hall)), &row.cells),
        });
    }
    rows
}

fn cells(
    page: &Page,
    form: &Form,
    found: &Found,
    (site, hall): (Option<SiteId>, Option<HallId>),
    cells: &[Cell],
) -> Vec<HeatCell> {
    cells
        .iter()
        .map(|cell| HeatCell {
            class: shade(cell.units, found.wish.units),
            units: page.int(i64::from(cell.units)),
            title: title(page, cell, found.today),
            href: cell_link(form, site, hall, cell.start),
            chosen: site.is_none() && hall == found.hall && cell.start == found.wish.window.from,
        })
        .collect()
}

/// Twice as many as asked for, enough, at least half, less.
fn shade(units: u32, wanted: u32) -> &'static str {
    if units >= wanted.saturating_mul(2) {
        "plenty"
    } else if units >= wanted {
        "fits"
    } else if units > 0 && units.saturating_mul(2) >= wanted {
        "part"
    } else {
        "little"
    }
}

/// `20 ноя`, and the year where the map reaches as far as that day comes again.
fn head(page: &Page, day: NaiveDate, today: NaiveDate) -> String {
    let short = page.date_short(day);
    let near = page.date_near(day, today) == page.date_day(day);
    if near {
        short
    } else {
        format!("{short} {}", day.year())
    }
}

fn title(page: &Page, cell: &Cell, today: NaiveDate) -> String {
    let fits = page.t2(
        "availability-cell",
        "date",
        page.date_near(cell.start, today),
        "count",
        cell.units,
    );
    match &cell.bound {
        Some(bound) => format!("{fits} {}", words::bound_sentence(page, bound)),
        None => fits,
    }
}

/// The same question with another cell looked at.
fn cell_link(form: &Form, site: Option<SiteId>, hall: Option<HallId>, start: NaiveDate) -> String {
    let mut pairs: Vec<(&str, String)> = wish::FIELDS
        .iter()
        .map(|name| (*name, form.value(name).to_owned()))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let own = pairs.iter_mut().find(|(name, _)| *name == "site");
    if let (Some(site), Some(pair)) = (site, own) {
        pair.1 = site.to_string();
    }
    pairs.push(("in", hall.map_or("site".to_owned(), |id| id.to_string())));
    pairs.push(("at", start.to_string()));
    with_query("/availability", &pairs) + "#chosen"
}
