//! How much power was out when: the sum of all outages, at most what was contracted that day.

use super::terms::Terms;
use super::{Cause, OutageEvent};
use crate::domain::calendar::{Instant, Span};
use rust_decimal::Decimal;

/// A stretch of one active day with a constant power out, more than 0.
pub(super) struct Taken {
    pub span: Span,
    /// Index into `Terms::days`.
    pub day: usize,
    pub kw: Decimal,
}

/// The stretches of the active days in which outages of the chosen causes took power, ascending.
/// `None` if their sum does not fit.
pub(super) fn taken(
    terms: &Terms,
    outages: &[OutageEvent],
    counts: impl Fn(Cause) -> bool,
) -> Option<Vec<Taken>> {
    let changes = changes(terms.span, outages, counts);
    let mut stretches: Vec<Taken> = vec![];
    let (mut next, mut sum) = (0, Decimal::ZERO);
    for (index, day) in terms.days.iter().enumerate() {
        let mut at = day.span.from;
        while at < day.span.to {
            while next < changes.len() && changes[next].0 <= at {
                sum = sum.checked_add(changes[next].1)?;
                next += 1;
            }
            let to = changes
                .get(next)
                .map_or(day.span.to, |change| change.0.min(day.span.to));
            let kw = sum.min(day.kw);
            match stretches.last_mut() {
                _ if kw <= Decimal::ZERO => {}
                Some(last) if last.day == index && last.span.to == at && last.kw == kw => {
                    last.span.to = to;
                }
                _ => stretches.push(Taken {
                    span: Span { from: at, to },
                    day: index,
                    kw,
                }),
            }
            at = to;
        }
    }
    Some(stretches)
}

/// Each outage within the active days as a step up and a step down, ascending.
fn changes(
    active: Span,
    outages: &[OutageEvent],
    counts: impl Fn(Cause) -> bool,
) -> Vec<(Instant, Decimal)> {
    let counted = outages.iter().filter(|outage| counts(outage.cause));
    let mut changes: Vec<_> = counted
        .filter_map(|outage| Some((outage.span.intersect(active)?, outage.kw)))
        .flat_map(|(span, kw)| [(span.from, kw), (span.to, -kw)])
        .collect();
    changes.sort_unstable();
    changes
}
