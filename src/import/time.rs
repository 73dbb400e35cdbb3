//! Times as files write them, and the instants that local times name.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate};

use crate::domain::calendar::{Instant, Zone};

const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;

/// A time as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stamp {
    Instant(Instant),
    /// Seconds since 1970-01-01T00:00 of the local calendar.
    Local(i64),
    /// `24:00`: the end of the local date that ends at these local seconds.
    DayEnd(i64),
}

/// Reads `2026-11-01T00:30:00+03:00`, `2026-11-01 00:30Z`, `2026-11-01 00:30[:00]` and
/// `01.11.2026 00:30[:00]` (ISO 8601; the offset as `Z`, `±hh`, `±hhmm` or `±hh:mm`).
pub(crate) fn stamp(text: &str) -> Option<Stamp> {
    let mut scan = Scan {
        rest: text.as_bytes(),
    };
    let day = scan.date()?;
    let (hour, minute, second) = scan.clock()?;
    let midnight = hour == 24 && minute == 0 && second == 0;
    if (hour > 23 && !midnight) || minute > 59 || second > 59 {
        return None;
    }
    let local = day * DAY + hour * HOUR + minute * 60 + second;
    scan.blanks();
    match scan.offset()? {
        Some(offset) => Some(Stamp::Instant(Instant(local - offset))),
        None if midnight => Some(Stamp::DayEnd(local)),
        None => Some(Stamp::Local(local)),
    }
}

struct Scan<'a> {
    rest: &'a [u8],
}

impl Scan<'_> {
    fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    fn eat(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.rest = &self.rest[1..])
    }

    fn blanks(&mut self) {
        while self.eat(b' ').is_some() {}
    }

    /// At least `least` and at most `most` digits.
    fn digits(&mut self, least: usize, most: usize) -> Option<i64> {
        let count = self
            .rest
            .iter()
            .take(most)
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let (digits, rest) = self.rest.split_at(count);
        self.rest = rest;
        (count >= least).then(|| {
            digits
                .iter()
                .fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'))
        })
    }

    /// Days since 1970-01-01, with the separator that follows the date taken.
    fn date(&mut self) -> Option<i64> {
        let iso = self.rest.get(4) == Some(&b'-');
        let separator = if iso { b'-' } else { b'.' };
        let (first, middle, last) = {
            let first = self.digits(if iso { 4 } else { 1 }, if iso { 4 } else { 2 })?;
            self.eat(separator)?;
            let middle = self.digits(if iso { 2 } else { 1 }, 2)?;
            self.eat(separator)?;
            (
                first,
                middle,
                self.digits(if iso { 2 } else { 4 }, if iso { 2 } else { 4 })?,
            )
        };
        let (year, day) = if iso { (first, last) } else { (last, first) };
        if !(iso && self.eat(b'T').is_some()) {
            self.eat(b' ')?;
            self.blanks();
        }
        let date = NaiveDate::from_ymd_opt(year as i32, middle as u32, day as u32)?;
        Some(date.signed_duration_since(NaiveDate::default()).num_days())
    }

    /// Hour (a spreadsheet writes `0:30`), minute and second; a fraction must be zero, as
    /// instants are whole seconds.
    fn clock(&mut self) -> Option<(i64, i64, i64)> {
        let hour = self.digits(1, 2)?;
        self.eat(b':')?;
        let minute = self.digits(2, 2)?;
        if self.eat(b':').is_none() {
            return Some((hour, minute, 0));
        }
        let second = self.digits(2, 2)?;
        if self.eat(b'.').is_some() {
            let zeros = self.rest.iter().take_while(|byte| **byte == b'0').count();
            self.rest = &self.rest[zeros..];
            if zeros == 0 {
                return None;
            }
        }
        Some((hour, minute, second))
    }

    /// Seconds east of UTC; nothing may follow.
    fn offset(&mut self) -> Option<Option<i64>> {
        let Some(sign) = self.peek() else {
            return Some(None);
        };
        self.rest = &self.rest[1..];
        let offset = match sign {
            b'Z' | b'z' => 0,
            b'+' | b'-' => {
                let hours = self.digits(2, 2)?;
                let colon = self.eat(b':').is_some();
                let minutes = if colon || self.peek().is_some() {
                    self.digits(2, 2)?
                } else {
                    0
                };
                if hours > 18 || minutes > 59 {
                    return None;
                }
                (hours * HOUR + minutes * 60) * if sign == b'-' { -1 } else { 1 }
            }
            _ => return None,
        };
        self.rest.is_empty().then_some(Some(offset))
    }
}

/// What a local time names: one instant, or two where the clock goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) first: Instant,
    pub(crate) second: Option<Instant>,
}

/// Local times of one zone; remembers the offset of each day that has only one.
pub(crate) struct LocalTimes {
    pub(crate) zone: Zone,
    days: HashMap<i64, Option<i64>>,
    recent: (i64, Option<i64>),
}

impl LocalTimes {
    pub(crate) fn new(zone: Zone) -> Self {
        Self {
            zone,
            days: HashMap::new(),
            recent: (i64::MIN, None),
        }
    }

    /// `None` where the clock jumps over this local time.
    pub(crate) fn named(&mut self, local: i64) -> Option<Named> {
        if let Some(offset) = self.offset_of_day(local.div_euclid(DAY)) {
            return Some(Named {
                first: Instant(local - offset),
                second: None,
            });
        }
        let instants = self.instants(local);
        instants.first().map(|first| Named {
            first: *first,
            second: instants.get(1).copied(),
        })
    }

    /// The first instant of the date that begins at these local seconds.
    pub(crate) fn start_of_day(&self, local: i64) -> Instant {
        self.zone.start_of(naive(local).date())
    }

    fn instants(&self, local: i64) -> Vec<Instant> {
        self.zone.instants(naive(local))
    }

    fn offset_of_day(&mut self, day: i64) -> Option<i64> {
        if self.recent.0 != day {
            let offset = match self.days.get(&day) {
                Some(offset) => *offset,
                None => {
                    let offset = self.only_offset(day);
                    self.days.insert(day, offset);
                    offset
                }
            };
            self.recent = (day, offset);
        }
        self.recent.1
    }

    /// The offset that holds from midnight to midnight. An hour is a fine enough step: no zone has
    /// changed its clock there and back within one since 2009.
    fn only_offset(&self, day: i64) -> Option<i64> {
        let mut only = None;
        for hour in 0..=24 {
            let local = day * DAY + hour * HOUR;
            let [instant] = self.instants(local)[..] else {
                return None;
            };
            let offset = local - instant.0;
            if *only.get_or_insert(offset) != offset {
                return None;
            }
        }
        only
    }
}

fn naive(local: i64) -> chrono::NaiveDateTime {
    DateTime::from_timestamp(local, 0)
        .unwrap_or_default()
        .naive_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(text: &str) -> i64 {
        match stamp(text) {
            Some(Stamp::Local(local)) => local,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn times_are_read_as_they_are_written() {
        let utc = Some(Stamp::Instant(Instant(1_793_491_200)));
        for text in [
            "2026-11-01T00:00:00Z",
            "2026-11-01 00:00Z",
            "2026-11-01T03:00:00+03:00",
            "2026-11-01T03:00+0300",
            "2026-10-31T19:00:00-05",
            "2026-11-01T00:00:00.000Z",
            "2026-11-01 03:00:00 +03:00",
            "2026-10-31T24:00:00Z",
        ] {
            assert_eq!(stamp(text), utc, "{text}");
        }
        for text in [
            "2026-11-01 00:00",
            "2026-11-01T00:00:00",
            "01.11.2026 00:00",
            "01.11.2026 0:00",
            "1.11.2026  00:00:00",
        ] {
            assert_eq!(stamp(text), Some(Stamp::Local(1_793_491_200)), "{text}");
        }
        assert_eq!(
            stamp("31.10.2026 24:00"),
            Some(Stamp::DayEnd(1_793_491_200))
        );
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "2026-11-01",
            "01.11.2026",
            "2026-13-01 00:00",
            "2026-02-29 00:00",
            "31.11.2026 00:00",
            "2026-11-01 25:00",
            "2026-11-01 24:01",
            "2026-11-01 12:60",
            "2026-11-01 12:5",
            "2026-11-01T00:00:00.5Z",
            "01/11/2026 00:00",
            "2026-11-01 00:00 MSK",
            "2026-11-01T00:00+3",
            "2026-11-01T00:00+25:00",
            "1793491200",
            "01.11.26 00:00",
            "2026-11-01 00:00Zx",
            "yesterday",
            "2026-11-01T00:00:00.Z",
            "99999-01-01 00:00",
        ] {
            assert_eq!(stamp(text), None, "{text:?}");
        }
    }

    #[test]
    fn local_times_name_no_one_or_two_instants() {
        let mut berlin = LocalTimes::new(Zone::parse("Europe/Berlin").unwrap());
        assert_eq!(berlin.named(local("2026-03-29 02:30")), None);
        let twice = berlin.named(local("2026-10-25 02:30")).unwrap();
        assert_eq!(
            twice.second.map(|second| second.0 - twice.first.0),
            Some(HOUR)
        );
        for text in [
            "2026-06-15 12:00",
            "2026-03-29 01:59",
            "2026-03-29 03:00",
            "2026-10-25 03:00",
            "2026-12-31 23:59",
        ] {
            let naive = naive(local(text));
            let expected = berlin.zone.instants(naive);
            assert_eq!(
                berlin.named(local(text)),
                Some(Named {
                    first: expected[0],
                    second: None
                }),
                "{text}"
            );
        }
    }

    #[test]
    fn the_remembered_offset_is_that_of_the_zone_on_every_half_hour_of_a_year() {
        for zone in [
            "Europe/Moscow",
            "Australia/Lord_Howe",
            "Asia/Beirut",
            "America/St_Johns",
        ] {
            let mut times = LocalTimes::new(Zone::parse(zone).unwrap());
            let start = local("2026-01-01 00:00");
            for step in 0..365 * 48 {
                let local = start + step * 1_800;
                let named = times.named(local);
                let listed: Vec<_> = named
                    .iter()
                    .flat_map(|n| [Some(n.first), n.second])
                    .flatten()
                    .collect();
                assert_eq!(listed, times.instants(local), "{zone} {}", naive(local));
            }
        }
    }
}
