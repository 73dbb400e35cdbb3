//! The drawing itself: cells become pixels, bands become classes, and every rack has its words.

use crate::domain::ids::{RackId, TenantId};
use crate::domain::site::RackPhase;
use crate::domain::site::floor::{BANDS, Colour, Layout, Spot, band};
use crate::services::site::floor::{Floor, RackOn};
use crate::web::page::Page;
use chrono::{Days, NaiveDate};
use std::collections::HashMap;

/// A cell in the picture's own units, and the rack inside it.
pub const CELL: (i64, i64) = (44, 34);
pub const BOX: (i64, i64) = (40, 30);
/// Room for the names of rows at the left, and a margin.
pub const EDGE: (i64, i64) = (26, 14);
/// As wide as the picture is shown beside an elevation, where its cells stay readable.
const SHOWN: i64 = 812;
/// Tenants that have a tint of their own.
const TINTS: usize = 8;

/// A rack as it is drawn.
pub struct Cell {
    pub id: RackId,
    pub href: String,
    pub column: i64,
    pub line: i64,
    pub x: i64,
    pub y: i64,
    pub class: String,
    pub name: String,
    pub value: String,
    /// What a pointer or a screen reader is told.
    pub title: String,
    pub chosen: bool,
    /// The edge that its front is at.
    pub front: Option<(i64, i64, i64, i64)>,
}

pub struct RowName {
    pub name: String,
    pub x: i64,
    pub y: i64,
}

pub struct Band {
    pub class: String,
    pub label: String,
    pub count: usize,
}

pub struct AisleBand {
    pub cold: bool,
    pub x: i64,
    pub y: i64,
    pub width: i64,
    pub height: i64,
    pub middle: (i64, i64),
}

pub struct Picture {
    pub width: i64,
    pub height: i64,
    /// How wide it is shown, in pixels.
    pub shown: i64,
    pub cells: Vec<Cell>,
    pub names: Vec<RowName>,
    pub aisles: Vec<AisleBand>,
    pub legend: Vec<Band>,
}

/// The upper left corner of a cell's rack.
pub fn corner(x: i64, y: i64) -> (i64, i64) {
    (EDGE.0 + x * CELL.0 + 2, EDGE.1 + y * CELL.1 + 2)
}

/// How large the picture of a hall is, and how wide it is shown.
pub fn extent(layout: &Layout) -> (i64, i64, i64) {
    let width = EDGE.0 + layout.width * CELL.0 + EDGE.1;
    let height = EDGE.1 * 2 + layout.depth * CELL.1;
    (width, height, SHOWN.clamp(width * 8 / 10, width * 14 / 10))
}

/// The edge of a rack that its front is at.
pub fn front((x, y): (i64, i64), turn: Option<i64>) -> Option<(i64, i64, i64, i64)> {
    let (w, h) = BOX;
    Some(match turn? {
        0 => (x + 3, y + h, x + w - 3, y + h),
        90 => (x, y + 3, x, y + h - 3),
        180 => (x + 3, y, x + w - 3, y),
        _ => (x + w, y + 3, x + w, y + h - 3),
    })
}

pub fn picture(
    page: &Page,
    floor: &Floor,
    colour: Colour,
    chosen: Option<RackId>,
    link: impl Fn(RackId) -> String,
) -> Picture {
    let tints = tints(floor);
    let by_id: HashMap<RackId, &RackOn> = floor.racks.iter().map(|r| (r.rack.id, r)).collect();
    let (width, height, shown) = extent(&floor.layout);
    let cell = |spot: &Spot| {
        let rack = by_id.get(&spot.rack)?;
        let (x, y) = corner(spot.x, spot.y);
        Some(Cell {
            id: spot.rack,
            href: link(spot.rack),
            column: spot.x,
            line: spot.y,
            x,
            y,
            class: class(colour, rack, &tints),
            name: short(&rack.rack.name).to_owned(),
            value: value(page, colour, rack),
            title: title(page, rack),
            chosen: chosen == Some(spot.rack),
            front: front((x, y), spot.turn),
        })
    };
    Picture {
        width,
        height,
        shown,
        cells: floor.layout.spots.iter().filter_map(cell).collect(),
        names: floor
            .layout
            .labels
            .iter()
            .map(|label| {
                let (x, y) = corner(label.x, label.y);
                RowName {
                    name: floor.rows[label.row].name.clone(),
                    x: x + BOX.0 - 8,
                    y: y + BOX.1 / 2 + 4,
                }
            })
            .collect(),
        aisles: aisles(&floor.layout),
        legend: legend(page, floor, colour, &tints),
    }
}

pub fn aisles(layout: &Layout) -> Vec<AisleBand> {
    layout
        .aisles
        .iter()
        .map(|aisle| {
            let (x, y) = corner(aisle.x, aisle.y);
            let width = aisle.width * CELL.0 - 4;
            // A thin band in the middle: the aisle is wider than its mark.
            let y = y + aisle.depth * CELL.1 / 2 - 8;
            AisleBand {
                cold: aisle.cold,
                x,
                y,
                width,
                height: 12,
                middle: (x + width / 2, y + 9),
            }
        })
        .collect()
}

/// The tail of a rack's name: its row stands beside it.
pub fn short(name: &str) -> &str {
    let tail = name.rsplit(['-', ' ', '/', '.']).next().unwrap_or(name);
    let tail = if tail.is_empty() { name } else { tail };
    match tail.char_indices().rev().nth(5) {
        Some((at, _)) => &tail[at..],
        None => tail,
    }
}

/// Tenants by how many racks they stand in, the largest first; the rest share one tint.
fn tints(floor: &Floor) -> Vec<(TenantId, String, usize)> {
    let mut counts: HashMap<TenantId, (String, usize)> = HashMap::new();
    for rack in &floor.racks {
        for tenant in &rack.look.tenants {
            let name = rack
                .booked
                .iter()
                .find(|b| b.tenant == *tenant)
                .map_or("", |b| b.tenant_name.as_str());
            counts
                .entry(*tenant)
                .or_insert_with(|| (name.to_owned(), 0))
                .1 += 1;
        }
    }
    let mut all: Vec<_> = counts
        .into_iter()
        .map(|(id, (name, count))| (id, name, count))
        .collect();
    all.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.0.cmp(&b.0)));
    all
}

fn class(colour: Colour, rack: &RackOn, tints: &[(TenantId, String, usize)]) -> String {
    let at = band(colour, &rack.look);
    if colour == Colour::Tenant && at == 1 {
        let tint = tints
            .iter()
            .position(|(id, ..)| Some(id) == rack.look.tenants.first());
        return tint_class(tint.unwrap_or(TINTS));
    }
    band_class(colour, at).to_owned()
}

fn tint_class(at: usize) -> String {
    match at {
        0..TINTS => format!("fl-t{at}"),
        _ => "fl-other".to_owned(),
    }
}

/// Classes of each choice's bands, in their order.
fn band_class(colour: Colour, at: usize) -> &'static str {
    let classes: &[&str] = match colour {
        Colour::Sold => &["fl-none", "fl-1", "fl-2", "fl-3", "fl-warn"],
        Colour::Drawn => &["fl-hatch", "fl-1", "fl-2", "fl-3", "fl-warn"],
        Colour::Slots => &["fl-none", "fl-1", "fl-2", "fl-3", "fl-4"],
        Colour::Legs => &["fl-none", "fl-2", "fl-1", "fl-near", "fl-warn"],
        Colour::Cooling => &["fl-2", "fl-1", "fl-near", "fl-warn"],
        Colour::Tenant => &["fl-none", "fl-other", "fl-mixed"],
        Colour::End => &["fl-none", "fl-3", "fl-2", "fl-1", "fl-near", "fl-warn"],
    };
    classes.get(at).copied().unwrap_or("fl-none")
}

fn legend(
    page: &Page,
    floor: &Floor,
    colour: Colour,
    tints: &[(TenantId, String, usize)],
) -> Vec<Band> {
    let codes = BANDS
        .iter()
        .find(|(c, _)| *c == colour)
        .map_or(&[][..], |(_, codes)| codes);
    let mut bands = vec![];
    for (at, code) in codes.iter().enumerate() {
        if colour == Colour::Tenant && at == 1 {
            bands.extend(
                tints
                    .iter()
                    .take(TINTS)
                    .enumerate()
                    .map(|(at, (_, name, count))| Band {
                        class: tint_class(at),
                        label: format!("{} {name}", initials(name)),
                        count: *count,
                    }),
            );
            let rest: usize = tints.iter().skip(TINTS).map(|(.., count)| count).sum();
            if rest > 0 {
                bands.push(Band {
                    class: tint_class(TINTS),
                    label: page.t("floor-others"),
                    count: rest,
                });
            }
            continue;
        }
        let count = floor
            .racks
            .iter()
            .filter(|r| band(colour, &r.look) == at)
            .count();
        bands.push(Band {
            class: band_class(colour, at).to_owned(),
            label: page.t(&format!("floor-band-{colour}-{code}")),
            count,
        });
    }
    bands
}

/// Two letters of a name, without the legal form before it.
pub fn initials(name: &str) -> String {
    let inner = name.split(['«', '"']).nth(1).unwrap_or(name);
    let words: Vec<&str> = inner
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    let letters: String = match words.as_slice() {
        [one] => one.chars().take(2).collect(),
        many => many
            .iter()
            .take(2)
            .filter_map(|w| w.chars().next())
            .collect(),
    };
    letters.to_uppercase()
}

/// What the cell says, so that its colour is never alone.
fn value(page: &Page, colour: Colour, rack: &RackOn) -> String {
    let look = &rack.look;
    let none = || page.t("none");
    match colour {
        Colour::Sold => match look.sold.0 {
            0 => none(),
            _ => page.t1("floor-percent", "percent", look.sold_percent()),
        },
        Colour::Drawn => look
            .drawn_percent()
            .map_or_else(none, |p| page.t1("floor-percent", "percent", p)),
        Colour::Slots => page.int(look.free_slots()),
        Colour::Legs => look
            .imbalance()
            .map_or_else(none, |p| page.t1("floor-percent", "percent", p)),
        Colour::Cooling => page.t1("floor-percent", "percent", look.headroom()),
        Colour::Tenant => match rack.booked.first() {
            None => none(),
            Some(first) if look.tenants.len() == 1 => initials(&first.tenant_name),
            Some(_) => page.t1("floor-several", "count", look.tenants.len()),
        },
        Colour::End => match look.end {
            None => none(),
            Some(None) => "∞".to_owned(),
            Some(Some(end)) => last_day(end).format("%m.%y").to_string(),
        },
    }
}

fn last_day(end: NaiveDate) -> NaiveDate {
    end - Days::new(1)
}

/// Everything about a rack in a sentence: for the pointer, for who listens, and for the table.
pub fn title(page: &Page, rack: &RackOn) -> String {
    let look = &rack.look;
    let mut parts = vec![page.t3(
        "floor-title-sold",
        ("rack", &rack.rack.name),
        ("sold", page.kw_num(look.sold, 1)),
        ("limit", page.kw(look.limit)),
    )];
    if let Some(drawn) = look.drawn {
        parts.push(page.t1("floor-title-drawn", "drawn", page.kw(drawn)));
    }
    parts.push(page.t2(
        "floor-title-slots",
        "free",
        look.free_slots(),
        "all",
        look.slots,
    ));
    parts.extend(tenants(rack));
    if let Some(Some(end)) = look.end {
        parts.push(page.t1("floor-title-end", "last", page.date(last_day(end))));
    }
    parts.join(" · ")
}

pub fn tenants(rack: &RackOn) -> Option<String> {
    let mut names: Vec<&str> = rack.booked.iter().map(|b| b.tenant_name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    (!names.is_empty()).then(|| names.join(", "))
}

/// A rack's line in the table below the picture.
pub struct Line {
    pub id: RackId,
    pub name: String,
    pub row: String,
    pub sold: String,
    pub limit: String,
    pub drawn: String,
    pub free: i64,
    pub imbalance: String,
    pub headroom: String,
    pub tenants: String,
    pub last: String,
}

pub fn lines(page: &Page, floor: &Floor) -> Vec<Line> {
    let none = || page.t("none");
    let percent = |p: i64| page.t1("floor-percent", "percent", p);
    floor
        .racks
        .iter()
        .map(|rack| Line {
            id: rack.rack.id,
            name: rack.rack.name.clone(),
            row: floor
                .rows
                .get(rack.row)
                .map_or(String::new(), |row| row.name.clone()),
            sold: page.kw_num(rack.look.sold, 1),
            limit: page.kw_num(rack.look.limit, 1),
            drawn: rack.look.drawn.map_or_else(none, |w| page.kw_num(w, 1)),
            free: rack.look.free_slots(),
            imbalance: match rack.rack.phase {
                RackPhase::Three => rack.look.imbalance().map_or_else(none, percent),
                _ => page.code("site-rack-phase", rack.rack.phase),
            },
            headroom: percent(rack.look.headroom()),
            tenants: tenants(rack).unwrap_or_else(none),
            last: match rack.look.end {
                None => none(),
                Some(None) => page.t("site-open-end"),
                Some(Some(end)) => page.date(last_day(end)),
            },
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{self, Locale};

    #[test]
    fn names_become_short_and_tenants_two_letters() {
        assert_eq!(
            (short("1А-07"), short("К2-6"), short("R01")),
            ("07", "6", "R01")
        );
        assert_eq!(short("Стойка123456789"), "456789");
        assert_eq!(initials("ООО «Северный хэш»"), "СХ");
        assert_eq!(initials("ООО «Гидромайн»"), "ГИ");
        assert_eq!(initials("Hydromine Ltd"), "HL");
    }

    #[test]
    fn every_band_has_a_class_and_a_text() {
        for (colour, codes) in BANDS {
            for (at, code) in codes.iter().enumerate() {
                assert!(at == 0 || band_class(*colour, at) != band_class(*colour, at - 1));
                let own = *colour == Colour::Tenant && at == 1;
                for locale in [Locale::Ru, Locale::En] {
                    let key = format!("floor-band-{colour}-{code}");
                    assert!(own || text::has(locale, &key), "{key}");
                    assert!(text::has(locale, &format!("floor-by-{colour}")));
                }
            }
        }
    }
}
