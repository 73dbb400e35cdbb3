//! Instants are UTC seconds; a site's days, months and hours are local to its IANA zone.

use chrono::{
    DateTime, Datelike, Days, LocalResult, Months, NaiveDate, NaiveDateTime, TimeDelta, TimeZone,
    Utc,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Whole seconds since 1970-01-01T00:00:00Z.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Instant(pub i64);

impl Instant {
    pub fn utc(self) -> NaiveDateTime {
        DateTime::from_timestamp(self.0, 0)
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
            .naive_utc()
    }

    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    pub fn plus_hours(self, hours: i64) -> Self {
        self.plus_seconds(hours.saturating_mul(3_600))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.utc().format("%Y-%m-%dT%H:%M:%SZ"))
    }
}

/// Half-open span of instants; `to: None` never ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    pub from: Instant,
    pub to: Instant,
}

impl Span {
    pub fn seconds(self) -> i64 {
        (self.to.0 - self.from.0).max(0)
    }

    pub fn contains(self, at: Instant) -> bool {
        self.from <= at && at < self.to
    }

    /// The common part, if there is one.
    pub fn intersect(self, other: Span) -> Option<Span> {
        let both = Span {
            from: self.from.max(other.from),
            to: self.to.min(other.to),
        };
        (both.from < both.to).then_some(both)
    }
}

/// Longer terms are counted in days.
const LONGEST_MONTHS: u32 = 600;

/// Half-open window of local dates; `to: None` never ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Window {
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
}

impl Window {
    /// `None` where the end is not after the start.
    pub fn new(from: NaiveDate, to: Option<NaiveDate>) -> Option<Self> {
        to.is_none_or(|to| from < to).then_some(Self { from, to })
    }

    pub fn contains(self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| day < to)
    }

    /// As long as this one from another day on: whole months where it has them, else days.
    pub fn starting(self, from: NaiveDate) -> Self {
        let end = |to| {
            let mut months = (1..=LONGEST_MONTHS).map(Months::new);
            let whole = months.find(|&m| self.from.checked_add_months(m) == Some(to));
            let by_months = whole.and_then(|months| from.checked_add_months(months));
            by_months.unwrap_or(from + (to - self.from))
        };
        Self {
            from,
            to: self.to.map(end),
        }
    }

    pub fn overlaps(self, other: Window) -> bool {
        self.to.is_none_or(|to| other.from < to) && other.to.is_none_or(|to| self.from < to)
    }

    pub fn intersect(self, other: Window) -> Option<Window> {
        let to = match (self.to, other.to) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Window::new(self.from.max(other.from), to)
    }
}

/// A calendar month, `2026-11`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    pub year: i32,
    pub month: u32,
}

impl Month {
    pub fn of(day: NaiveDate) -> Self {
        Self {
            year: day.year(),
            month: day.month(),
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d")
            .ok()
            .map(Self::of)
    }

    pub fn first(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month, 1).expect("a month is made from a date")
    }

    pub fn next(self) -> Self {
        Self::of(self.first() + Days::new(31))
    }

    pub fn previous(self) -> Self {
        Self::of(self.first() - Days::new(1))
    }

    /// The first day of the next month.
    pub fn end(self) -> NaiveDate {
        self.next().first()
    }

    pub fn days(self) -> u32 {
        self.end().signed_duration_since(self.first()).num_days() as u32
    }

    pub fn window(self) -> Window {
        Window {
            from: self.first(),
            to: Some(self.end()),
        }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// An IANA time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(pub chrono_tz::Tz);

impl Zone {
    pub fn parse(name: &str) -> Option<Self> {
        name.parse().ok().map(Self)
    }

    pub fn name(self) -> &'static str {
        self.0.name()
    }

    pub fn local(self, at: Instant) -> NaiveDateTime {
        self.0.from_utc_datetime(&at.utc()).naive_local()
    }

    pub fn date(self, at: Instant) -> NaiveDate {
        self.local(at).date()
    }

    /// The first instant of a local date, also where midnight is skipped or comes twice.
    pub fn start_of(self, day: NaiveDate) -> Instant {
        let mut local = day.and_time(chrono::NaiveTime::MIN);
        // A zone skips at most a day (Samoa, 2011); the first minute that exists starts the date.
        for _ in 0..=1_440 {
            if let Some(at) = self.instants(local).first() {
                return *at;
            }
            local += TimeDelta::minutes(1);
        }
        Instant(day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp())
    }

    /// The instants that a local time names: none in a gap, two where the hour repeats (earlier first).
    pub fn instants(self, local: NaiveDateTime) -> Vec<Instant> {
        match self.0.from_local_datetime(&local) {
            LocalResult::None => vec![],
            LocalResult::Single(at) => vec![Instant(at.timestamp())],
            LocalResult::Ambiguous(a, b) => {
                let (a, b) = (a.timestamp(), b.timestamp());
                vec![Instant(a.min(b)), Instant(a.max(b))]
            }
        }
    }

    /// Elapsed seconds of a local date: 23, 24 or 25 hours, or what the zone made of it.
    pub fn seconds_of(self, day: NaiveDate) -> i64 {
        self.start_of(day + Days::new(1)).0 - self.start_of(day).0
    }

    /// From the first instant of the first day to the first instant of the day after the last.
    pub fn span_of(self, from: NaiveDate, to: NaiveDate) -> Span {
        Span {
            from: self.start_of(from),
            to: self.start_of(to),
        }
    }

    /// A window of local dates as instants; without an end it never ends.
    pub fn span(self, days: Window) -> Span {
        Span {
            from: self.start_of(days.from),
            to: days.to.map_or(Instant(i64::MAX), |day| self.start_of(day)),
        }
    }

    pub fn month_span(self, month: Month) -> Span {
        self.span_of(month.first(), month.end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_window_from_another_day_keeps_its_months_or_its_days() {
        let moved = |from: &str, to: Option<&str>, start: &str| {
            let window = Window {
                from: day(from),
                to: to.map(day),
            };
            window.starting(day(start)).to
        };
        // A year with a leap day in it stays a year; what is no whole month stays its days.
        assert_eq!(
            moved("2026-12-01", Some("2027-12-01"), "2027-12-01"),
            Some(day("2028-12-01"))
        );
        assert_eq!(
            moved("2026-12-01", Some("2026-12-20"), "2027-02-20"),
            Some(day("2027-03-11"))
        );
        assert_eq!(
            moved("2026-12-31", Some("2027-01-31"), "2027-01-31"),
            Some(day("2027-02-28"))
        );
        assert_eq!(moved("2026-12-01", None, "2027-01-01"), None);
    }

    #[test]
    fn days_have_the_hours_their_zone_gives_them() {
        let berlin = Zone::parse("Europe/Berlin").unwrap();
        assert_eq!(berlin.seconds_of(day("2026-03-29")), 23 * 3_600);
        assert_eq!(berlin.seconds_of(day("2026-10-25")), 25 * 3_600);
        assert_eq!(
            Zone::parse("Europe/Moscow")
                .unwrap()
                .seconds_of(day("2026-03-29")),
            24 * 3_600
        );
    }

    #[test]
    fn a_skipped_midnight_starts_at_the_first_instant_that_exists() {
        // Lebanon moves its clocks at midnight.
        let beirut = Zone::parse("Asia/Beirut").unwrap();
        let start = beirut.start_of(day("2026-03-29"));
        assert_eq!(beirut.local(start).to_string(), "2026-03-29 01:00:00");
    }

    #[test]
    fn windows_are_half_open() {
        let june = Window::new(day("2026-06-01"), Some(day("2026-07-01"))).unwrap();
        let later = Window::new(day("2026-07-01"), None).unwrap();
        assert!(
            !june.overlaps(later)
                && june.contains(day("2026-06-30"))
                && !june.contains(day("2026-07-01"))
        );
        assert_eq!(
            Window::new(day("2026-06-01"), Some(day("2026-06-01"))),
            None
        );
        assert_eq!(june.intersect(later), None);
    }

    #[test]
    fn months_step_over_years() {
        let december = Month::parse("2026-12").unwrap();
        assert_eq!(december.next().to_string(), "2027-01");
        assert_eq!(december.next().previous(), december);
        assert_eq!(Month::parse("2028-02").unwrap().days(), 29);
        assert_eq!(Month::parse("2026-13"), None);
    }
}
