//! **estimate**: what a meter that said nothing is proposed to have measured.

use super::Interval;
use super::method::Method;
use super::spread::cells;
use crate::domain::calendar::{Span, Zone};
use crate::domain::units::WattHours;
use chrono::{Datelike, Days, NaiveDate, Weekday};

/// Estimates for the whole of a gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub method: Method,
    /// By start, ascending; all marked estimated.
    pub intervals: Vec<Interval>,
}

/// The longest gap through which a straight line is drawn.
const SHORT: i64 = 2 * 3_600;
/// How far from the gap a like day may be.
const NEAR_DAYS: u64 = 28;
const MOST_LIKE_DAYS: usize = 4;
const LEAST_LIKE_DAYS: usize = 2;

/// Proposes the intervals of a gap, `step` seconds each counted from local midnight, cut at its ends.
///
/// Up to two hours with a measured interval on either side: the straight line between their mean
/// powers. Else the mean of the same local time on up to four like days (a workday, a Saturday or
/// a Sunday, like it), of the 28 before the gap the nearest first, then of those after; at least two
/// must be measured in full at that time. Rounded half up to a watt-hour; never negative.
///
/// `known` by start, ascending; only what was measured, and not below zero, is looked at. `None`
/// where that is not enough for the whole gap.
pub fn propose(gap: Span, step: i64, known: &[Interval], zone: Zone) -> Option<Proposal> {
    let sound = |it: &&Interval| !it.estimated && it.wh >= WattHours::ZERO && it.seconds > 0;
    let known: Vec<Interval> = known.iter().filter(sound).copied().collect();
    let cells = cells(gap, step, zone);
    if cells.is_empty() {
        return None;
    }
    let short = gap.seconds() <= SHORT;
    let line = short.then(|| neighbours(gap, &known)).flatten();
    let (method, energy) = if let Some((before, after)) = line {
        let energy = cells.iter().map(|cell| on_line(*cell, before, after));
        (Method::Interpolated, energy.collect::<Option<Vec<_>>>()?)
    } else {
        let days = LikeDays::around(gap, &known, zone);
        let energy = cells.iter().map(|cell| days.mean(*cell));
        (Method::LikeDays, energy.collect::<Option<Vec<_>>>()?)
    };
    let interval = |(cell, wh): (&Span, WattHours)| Interval {
        start: cell.from,
        seconds: cell.seconds(),
        wh,
        estimated: true,
    };
    let intervals = cells.iter().zip(energy).map(interval).collect();
    Some(Proposal { method, intervals })
}

/// The intervals that end and start where the gap does.
fn neighbours(gap: Span, known: &[Interval]) -> Option<(Interval, Interval)> {
    let next = known.partition_point(|it| it.start < gap.to);
    let after = known.get(next).filter(|it| it.start == gap.to)?;
    let before = known[..next].last().filter(|it| it.end() == gap.from)?;
    Some((*before, *after))
}

/// The line through the mean powers at the neighbours' middles, at the cell's middle.
fn on_line(cell: Span, before: Interval, after: Interval) -> Option<WattHours> {
    // Twice each middle, so that it is whole.
    let middle = |span: Span| i128::from(span.from.0) + i128::from(span.to.0);
    let (start, end) = (middle(before.span()), middle(after.span()));
    let weigh = |it: Interval, other: Interval, distance: i128| {
        i128::from(it.wh.0)
            .checked_mul(i128::from(other.seconds))?
            .checked_mul(distance)
    };
    let at = middle(cell);
    let sum = weigh(before, after, end - at)?.checked_add(weigh(after, before, at - start)?)?;
    let energy = sum.checked_mul(i128::from(cell.seconds()))?;
    let over = i128::from(before.seconds)
        .checked_mul(i128::from(after.seconds))?
        .checked_mul(end - start)?;
    half_up(energy, over)
}

/// Not negative, rounded half up to a watt-hour.
fn half_up(energy: i128, over: i128) -> Option<WattHours> {
    let twice = energy.checked_mul(2)?.checked_add(over)?;
    i64::try_from(twice / over.checked_mul(2)?)
        .ok()
        .map(WattHours)
}

/// The days before and after a gap, with what is known of them.
struct LikeDays<'a> {
    first: NaiveDate,
    last: NaiveDate,
    known: &'a [Interval],
    zone: Zone,
}

impl<'a> LikeDays<'a> {
    fn around(gap: Span, known: &'a [Interval], zone: Zone) -> Self {
        Self {
            first: zone.date(gap.from),
            last: zone.date(gap.to.plus_seconds(-1)),
            known,
            zone,
        }
    }

    /// The mean of the cell's local time on the nearest like days.
    fn mean(&self, cell: Span) -> Option<WattHours> {
        let local = self.zone.local(cell.from);
        let before = (0..=NEAR_DAYS).map(|days| self.first - Days::new(days));
        let after = (0..=NEAR_DAYS).map(|days| self.last + Days::new(days));
        let days = before
            .filter(|day| *day < local.date())
            .chain(after.filter(|day| *day > local.date()));
        let energy = days
            .filter(|day| kind(*day) == kind(local.date()))
            .filter_map(|day| {
                // Where the hour repeats, its first pass; where it is skipped, not this day.
                let from = *self.zone.instants(day.and_time(local.time())).first()?;
                let to = from.plus_seconds(cell.seconds());
                self.measured(Span { from, to })
            });
        let energy: Vec<i128> = energy.take(MOST_LIKE_DAYS).collect();
        let count = i128::try_from(energy.len()).ok()?;
        let sum = energy
            .iter()
            .try_fold(0_i128, |sum, it| sum.checked_add(*it))?;
        (energy.len() >= LEAST_LIKE_DAYS).then(|| half_up(sum, count * 1_000))?
    }

    /// Thousandths of a watt-hour (rounded down) in a span that was measured in full.
    fn measured(&self, span: Span) -> Option<i128> {
        let first = self.known.partition_point(|it| it.end() <= span.from);
        let (mut reach, mut sum) = (span.from, 0);
        for it in &self.known[first..] {
            if reach >= span.to || it.start > reach {
                break;
            }
            let part = it.end().min(span.to).0 - reach.0;
            if part > 0 {
                let energy = i128::from(it.wh.0) * 1_000 * i128::from(part);
                sum += energy / i128::from(it.seconds);
                reach = reach.plus_seconds(part);
            }
        }
        (reach >= span.to).then_some(sum)
    }
}

/// Workdays are like each other, Saturdays like Saturdays, Sundays like Sundays.
fn kind(day: NaiveDate) -> Option<Weekday> {
    Some(day.weekday()).filter(|day| matches!(day, Weekday::Sat | Weekday::Sun))
}

#[cfg(test)]
mod tests;
