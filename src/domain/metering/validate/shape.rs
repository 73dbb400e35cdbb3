//! Values that are odd next to those around them: spikes and meters that repeat themselves.

use super::{Finding, Rule, joined, narrow};
use crate::domain::calendar::Span;
use crate::domain::metering::Interval;
use crate::domain::units::{WattHours, Watts};
use std::collections::VecDeque;

/// As many measured intervals as a day of half-hours has are compared with.
const WINDOW: usize = 48;
/// Fewer say nothing about what is usual.
const LEAST: usize = 12;
/// Below this a jump is somebody switching on a fan.
const FLOOR: Watts = Watts(1_000);

/// Measured intervals of more than `times` the usual power; a meter that was off has none.
pub(super) fn spikes(intervals: &[Interval], times: i64) -> Vec<Finding> {
    if times <= 0 {
        return vec![];
    }
    let mut usual = Usual::default();
    let judged = intervals
        .iter()
        .filter(|it| !it.estimated && it.seconds > 0);
    let found: Vec<_> = judged
        .filter_map(|it| {
            let power = milliwatts(it);
            let most = usual.median().filter(|median| *median > 0);
            let most = most.map(|median| median.saturating_mul(times.into()));
            usual.push(power);
            let most = most.filter(|most| power > *most && power > i128::from(FLOOR.0) * 1_000)?;
            Some(Finding {
                span: it.span(),
                rule: Rule::Spike,
                value: it.wh,
                limit: Some(narrow(most.saturating_mul(it.seconds.into()) / 3_600_000)),
            })
        })
        .collect();
    joined(found.into_iter())
}

/// Mean power in thousandths of a watt, rounded down.
fn milliwatts(interval: &Interval) -> i128 {
    i128::from(interval.wh.0) * 3_600_000 / i128::from(interval.seconds)
}

/// The last powers, in order of time and of size.
#[derive(Default)]
struct Usual {
    recent: VecDeque<i128>,
    sorted: Vec<i128>,
}

impl Usual {
    fn push(&mut self, power: i128) {
        if self.recent.len() == WINDOW
            && let Some(oldest) = self.recent.pop_front()
        {
            let at = self.sorted.partition_point(|it| *it < oldest);
            self.sorted.remove(at);
        }
        self.recent.push_back(power);
        let at = self.sorted.partition_point(|it| *it < power);
        self.sorted.insert(at, power);
    }

    /// The middle one, or the mean of the middle two, rounded down.
    fn median(&self) -> Option<i128> {
        let count = self.sorted.len();
        let middle = [(count.max(1) - 1) / 2, count / 2];
        (count >= LEAST).then(|| middle.iter().map(|at| self.sorted[*at]).sum::<i128>() / 2)
    }
}

/// Runs of at least `count` equal measured values without a break; a load that is off is no fault.
pub(super) fn stuck(intervals: &[Interval], count: usize) -> Vec<Finding> {
    let mut found = vec![];
    let mut run: Option<(Interval, Span, usize)> = None;
    let mut end = |run: Option<(Interval, Span, usize)>| {
        let long = run.filter(|(_, _, length)| count > 0 && *length >= count);
        found.extend(long.map(|(first, span, _)| Finding {
            span,
            rule: Rule::Stuck,
            value: first.wh,
            limit: None,
        }));
    };
    for it in intervals {
        match &mut run {
            Some((first, span, length))
                if span.to == it.start
                    && (first.wh, first.seconds) == (it.wh, it.seconds)
                    && !it.estimated =>
            {
                span.to = it.end();
                *length += 1;
            }
            _ => {
                let starts = !it.estimated && it.wh != WattHours::ZERO;
                end(run.take());
                run = starts.then(|| (*it, it.span(), 1));
            }
        }
    }
    end(run);
    found
}
