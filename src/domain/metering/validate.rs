//! **validate**: what is odd about a meter's intervals, and what may not count at all.

mod shape;

use super::{Interval, gaps, overlaps};
use crate::codes;
use crate::domain::calendar::Span;
use crate::domain::units::{WattHours, Watts};
use serde::{Deserialize, Serialize};

codes!(
    /// What validation looks for.
    Rule {
        OverRating = "over_rating",
        Negative = "negative",
        Spike = "spike",
        Stuck = "stuck",
        Missing = "missing",
        Overlap = "overlap",
    }
);

/// What a meter's intervals are judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    pub rated: Option<Watts>,
    /// So many times the median of the measured intervals before is a spike; 0 is never.
    pub spike_times: i64,
    /// So many equal values in a row, not zero, are a stuck meter; 0 is never.
    pub stuck_count: usize,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            rated: None,
            spike_times: 5,
            stuck_count: 12,
        }
    }
}

/// What a rule found. Neighbours that break the same rule are one finding, except negative ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub span: Span,
    pub rule: Rule,
    /// The energy of the span: of a stuck meter the value that it repeats, of an overlap all that
    /// is claimed by those who touch it, of a missing time nothing.
    pub value: WattHours,
    /// The most that the rule allows in the span, rounded down.
    pub limit: Option<WattHours>,
}

/// All findings that touch `service`, by time. `intervals` by start, ascending; those before the
/// service are what its first ones are compared with.
pub fn findings(intervals: &[Interval], service: Span, rules: &Rules) -> Vec<Finding> {
    let bare = |span, rule, value| Finding {
        span,
        rule,
        value,
        limit: None,
    };
    let missing = gaps(intervals, service).into_iter();
    let missing = missing.map(|span| bare(span, Rule::Missing, WattHours::ZERO));
    let doubled = overlaps(intervals, service).into_iter();
    let doubled = doubled.map(|span| bare(span, Rule::Overlap, claimed(intervals, span)));
    let negative = intervals.iter().filter(|it| it.wh < WattHours::ZERO);
    let negative = negative.map(|it| bare(it.span(), Rule::Negative, it.wh));
    let mut found: Vec<Finding> = negative
        .chain(over_rating(intervals, rules.rated))
        .chain(shape::spikes(intervals, rules.spike_times))
        .chain(shape::stuck(intervals, rules.stuck_count))
        .filter(|it| it.span.intersect(service).is_some())
        .chain(missing)
        .chain(doubled)
        .collect();
    found.sort_by_key(|it| (it.span.from, it.rule, it.span.to));
    found
}

/// The rule by which an interval may not count before a person has confirmed it.
pub fn held(interval: Interval, rules: &Rules) -> Option<Rule> {
    if interval.wh < WattHours::ZERO {
        return Some(Rule::Negative);
    }
    let rated = rules.rated?;
    let seconds = i128::from(interval.seconds);
    let over = !believed(i128::from(interval.wh.0), rated, seconds);
    over.then_some(Rule::OverRating)
}

/// How far above its rating a meter is believed, in tenths.
const BELIEVED_TENTHS: i128 = 12;

/// energy (Wh) ≤ rating × time × 1.2
pub(super) fn believed(wh: i128, rated: Watts, seconds: i128) -> bool {
    let most = i128::from(rated.0)
        .checked_mul(seconds)
        .and_then(|it| it.checked_mul(BELIEVED_TENTHS));
    let said = wh.checked_mul(3_600 * 10);
    most.zip(said).is_some_and(|(most, said)| said <= most)
}

fn claimed(intervals: &[Interval], span: Span) -> WattHours {
    let touching = intervals
        .iter()
        .skip_while(|it| it.end() <= span.from)
        .take_while(|it| it.start < span.to)
        .filter(|it| it.end() > span.from);
    WattHours(touching.fold(0, |sum: i64, it| sum.saturating_add(it.wh.0)))
}

fn over_rating(intervals: &[Interval], rated: Option<Watts>) -> Vec<Finding> {
    let Some(rated) = rated else {
        return vec![];
    };
    let over = intervals.iter().filter_map(|it| {
        let allowed = i128::from(rated.0) * i128::from(it.seconds);
        (i128::from(it.wh.0) * 3_600 > allowed).then(|| Finding {
            span: it.span(),
            rule: Rule::OverRating,
            value: it.wh,
            limit: Some(narrow(allowed / 3_600)),
        })
    });
    joined(over)
}

/// Findings that follow each other without a break, as one.
fn joined(findings: impl Iterator<Item = Finding>) -> Vec<Finding> {
    let mut joined: Vec<Finding> = vec![];
    for next in findings {
        match joined.last_mut() {
            Some(last) if last.span.to == next.span.from => {
                last.span.to = next.span.to;
                last.value = WattHours(last.value.0.saturating_add(next.value.0));
                let limits = last.limit.zip(next.limit);
                last.limit = limits.map(|(a, b)| WattHours(a.0.saturating_add(b.0)));
            }
            _ => joined.push(next),
        }
    }
    joined
}

fn narrow(wh: i128) -> WattHours {
    WattHours(i64::try_from(wh).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests;
