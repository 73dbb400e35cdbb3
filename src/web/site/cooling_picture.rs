//! A zone's year as a drawing: what it can remove month by month, and the most that is sold of it.

use crate::domain::calendar::Month;
use crate::services::site::figures::Load;
use crate::web::page::Page;

/// The drawing's own units.
pub const WIDTH: i64 = 720;
pub const HEIGHT: i64 = 190;
const LEFT: i64 = 56;
const TOP: i64 = 12;
const FLOOR: i64 = 160;
const GAP: i64 = 6;
const TICKS: i64 = 4;

pub struct Column {
    /// Left edge and width of the month; the bar is narrower by `GAP` on both sides.
    pub x: i64,
    pub width: i64,
    pub bar_x: i64,
    pub bar_width: i64,
    /// Top of what can be removed.
    pub usable_y: i64,
    /// Top and height of the bar of what is sold.
    pub sold_y: i64,
    pub sold_height: i64,
    pub over: bool,
    pub month: String,
    /// Said aloud and on hover.
    pub label: String,
}

pub struct Picture {
    pub columns: Vec<Column>,
    /// Height and text of each line of the scale.
    pub ticks: Vec<(i64, String)>,
    /// The stepped line of what can be removed.
    pub line: String,
    pub summary: String,
}

impl Picture {
    pub fn of(page: &Page, months: &[(Month, Load)]) -> Self {
        let most = months
            .iter()
            .map(|(_, load)| load.usable.0.max(load.sold.0))
            .max();
        let top = ceiling(most.unwrap_or(0));
        let y = |watts: i64| FLOOR - (FLOOR - TOP) * watts.clamp(0, top) / top;
        let width = (WIDTH - LEFT) / (months.len().max(1) as i64);
        let columns: Vec<Column> = (0..)
            .zip(months)
            .map(|(at, (month, load))| column(page, LEFT + at * width, width, *month, load, &y))
            .collect();
        let tick = |at: i64| {
            let watts = top * at / TICKS;
            (y(watts), page.kw_num(crate::domain::units::Watts(watts), 0))
        };
        Self {
            line: stepped(&columns),
            ticks: (0..=TICKS).map(tick).collect(),
            summary: summary(page, months),
            columns,
        }
    }
}

fn column(
    page: &Page,
    x: i64,
    width: i64,
    month: Month,
    load: &Load,
    y: &impl Fn(i64) -> i64,
) -> Column {
    Column {
        x,
        width,
        bar_x: x + GAP,
        bar_width: width - 2 * GAP,
        usable_y: y(load.usable.0),
        sold_y: y(load.sold.0),
        sold_height: FLOOR - y(load.sold.0),
        over: load.sold > load.usable,
        month: page.code("site-month", month.month),
        label: page.t3(
            "site-cooling-month",
            ("month", page.month(month)),
            ("usable", page.kw(load.usable)),
            ("sold", page.kw(load.sold)),
        ),
    }
}

fn stepped(columns: &[Column]) -> String {
    let mut line = String::new();
    for column in columns {
        let step = if line.is_empty() { 'M' } else { 'L' };
        let (from, to, y) = (column.x, column.x + column.width, column.usable_y);
        line.push_str(&format!("{step}{from} {y}L{to} {y}"));
    }
    line
}

/// The month that leaves least.
fn summary(page: &Page, months: &[(Month, Load)]) -> String {
    let tightest = months
        .iter()
        .min_by_key(|(_, load)| load.usable.0 - load.sold.0);
    tightest.map_or(String::new(), |(month, load)| {
        let left = load.usable.0 - load.sold.0;
        let key = if left < 0 {
            "site-cooling-over"
        } else {
            "site-cooling-tightest"
        };
        let left = crate::domain::units::Watts(left.abs());
        page.t2(key, "month", page.month(*month), "left", page.kw(left))
    })
}

/// The least of 1, 2, 2.5, 4, 5, 8 × 10ⁿ watts that is not below; never nothing.
fn ceiling(watts: i64) -> i64 {
    let mut unit = 1_000_i64;
    loop {
        for tenths in [10, 20, 25, 40, 50, 80] {
            let top = unit / 10 * tenths;
            if top >= watts {
                return top;
            }
        }
        match unit.checked_mul(10) {
            Some(next) => unit = next,
            None => return watts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_ends_at_a_round_number() {
        for (watts, top) in [
            (0, 1_000),
            (1_000, 1_000),
            (1_001, 2_000),
            (2_400_000, 2_500_000),
            (6_000_000, 8_000_000),
            (8_000_001, 10_000_000),
        ] {
            assert_eq!(ceiling(watts), top, "{watts}");
        }
    }
}
