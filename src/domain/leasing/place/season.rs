//! Restrictions that recur every year, as concrete windows.

use crate::domain::calendar::Window;
use chrono::{Datelike, NaiveDate};

/// A month and a day of it.
type MonthDay = (u32, u32);

/// The windows in which a rule holds within the horizon. Without a season it holds for all of
/// `valid`; a season (from, to exclusive) recurs every year and may pass the new year; equal
/// ends are the whole year. An open end needs a horizon that ends: years are listed up to the
/// last date known, and without one up to 50 years from the start.
pub fn seasonal(
    valid: Window,
    season: Option<(MonthDay, MonthDay)>,
    horizon: Window,
) -> Vec<Window> {
    let Some(both) = valid.intersect(horizon) else {
        return vec![];
    };
    let Some((from, to)) = season.filter(|(from, to)| from != to) else {
        return vec![both];
    };
    let last = both.to.map_or(both.from.year() + 50, |to| to.year());
    (both.from.year() - 1..=last)
        .filter_map(|year| {
            let end_year = if to > from { year } else { year + 1 };
            let span = Window::new(date(year, from)?, Some(date(end_year, to)?))?;
            span.intersect(both)
        })
        .collect()
}

/// A day that a year lacks (29 February) is the first of the next month.
fn date(year: i32, (month, day): MonthDay) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day).or_else(|| {
        let (year, month) = if month == 12 {
            (year + 1, 1)
        } else {
            (year, month + 1)
        };
        NaiveDate::from_ymd_opt(year, month, 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(from: &str, to: &str) -> Window {
        Window::new(from.parse().unwrap(), Some(to.parse().unwrap())).unwrap()
    }

    #[test]
    fn a_winter_passes_the_new_year_and_ends_with_its_validity() {
        let valid = window("2025-11-15", "2028-01-10");
        let horizon = window("2026-01-01", "2030-01-01");
        assert_eq!(
            seasonal(valid, Some(((11, 15), (3, 16))), horizon),
            [
                window("2026-01-01", "2026-03-16"),
                window("2026-11-15", "2027-03-16"),
                window("2027-11-15", "2028-01-10"),
            ]
        );
    }

    #[test]
    fn without_a_season_the_validity_holds() {
        let valid = window("2025-01-01", "2031-03-16");
        assert_eq!(
            seasonal(valid, None, window("2031-01-01", "2032-01-01")),
            [window("2031-01-01", "2031-03-16")]
        );
        assert_eq!(
            seasonal(valid, None, window("2031-03-16", "2032-01-01")),
            []
        );
    }

    #[test]
    fn a_summer_stays_in_its_year() {
        let valid = window("2026-01-01", "2027-12-31");
        let found = seasonal(valid, Some(((6, 1), (9, 1))), valid);
        assert_eq!(
            found,
            [
                window("2026-06-01", "2026-09-01"),
                window("2027-06-01", "2027-09-01")
            ]
        );
    }
}
