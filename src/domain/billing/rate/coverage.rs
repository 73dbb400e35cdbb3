//! Whether the readings cover what they must: without hole or overlap.

use super::{RateError, RateInput};
use crate::domain::calendar::{Span, Window};
use crate::domain::metering::{Hole, HoleKind, Interval, MeterUsage, gaps, overlaps, without};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The meters of one lease by name, each with its intervals by start.
pub(super) struct Meters<'a>(pub BTreeMap<&'a str, Meter<'a>>);

pub(super) struct Meter<'a> {
    pub intervals: Cow<'a, [Interval]>,
    service: Option<Vec<Window>>,
    holes: Vec<&'a Hole>,
}

impl<'a> Meters<'a> {
    /// Joins the entries of each meter and sorts its intervals.
    pub fn of(usage: &'a [MeterUsage]) -> Self {
        let mut meters: BTreeMap<&str, Meter> = BTreeMap::new();
        for entry in usage {
            match meters.get_mut(entry.meter.as_str()) {
                Some(meter) => meter.join(entry),
                None => {
                    meters.insert(&entry.meter, Meter::of(entry));
                }
            }
        }
        for meter in meters.values_mut() {
            if !meter.intervals.is_sorted() {
                meter.intervals.to_mut().sort_unstable();
            }
        }
        Self(meters)
    }

    /// Holes (unless the input says that they are accepted) and overlaps of every meter within its
    /// service and the active days; `NoMeter` where none serves or reads in them.
    pub fn check(&self, input: &RateInput, active: Window) -> Vec<RateError> {
        let mut errors = vec![];
        let mut metered = false;
        let end = active.to.unwrap_or(input.period.end());
        let whole = input.zone.span_of(active.from, end);
        for (name, meter) in &self.0 {
            let service = meter
                .service
                .as_deref()
                .unwrap_or(std::slice::from_ref(&active));
            let service = spans(input, active, service);
            metered = metered || !service.is_empty() || meter.speaks_of(whole);
            if input.complete {
                errors.extend(meter.holes_in(name, whole, &service));
            }
            let doubled = service
                .iter()
                .flat_map(|span| overlaps(&meter.intervals, *span));
            errors.extend(doubled.map(|span| named(name, span, HoleKind::Overlap)));
        }
        if !metered {
            errors.push(RateError::NoMeter);
        }
        errors
    }
}

impl<'a> Meter<'a> {
    fn of(entry: &'a MeterUsage) -> Self {
        Self {
            intervals: Cow::Borrowed(&entry.intervals),
            service: entry.service.clone(),
            holes: entry.holes.iter().collect(),
        }
    }

    fn join(&mut self, entry: &'a MeterUsage) {
        self.intervals.to_mut().extend_from_slice(&entry.intervals);
        self.holes.extend(&entry.holes);
        if let Some(more) = &entry.service {
            self.service.get_or_insert_default().extend(more);
        }
    }

    fn speaks_of(&self, active: Span) -> bool {
        self.intervals
            .iter()
            .any(|interval| active.contains(interval.start))
            || self
                .holes
                .iter()
                .any(|hole| hole.span.intersect(active).is_some())
    }

    /// Known holes anywhere in the active days, and what else the service lacks.
    fn holes_in(&self, name: &str, active: Span, service: &[Span]) -> Vec<RateError> {
        let mut left: Vec<Span> = service
            .iter()
            .flat_map(|span| gaps(&self.intervals, *span))
            .collect();
        let mut errors = vec![];
        for hole in &self.holes {
            let Some(part) = hole.span.intersect(active) else {
                continue;
            };
            left = left
                .into_iter()
                .flat_map(|gap| without(gap, part))
                .collect();
            errors.push(named(&hole.meter, part, hole.kind));
        }
        errors.extend(
            left.into_iter()
                .map(|gap| named(name, gap, HoleKind::Missing)),
        );
        errors
    }
}

fn named(meter: &str, span: Span, kind: HoleKind) -> RateError {
    let meter = meter.to_owned();
    match kind {
        HoleKind::Missing => RateError::Hole { meter, span },
        HoleKind::Overlap => RateError::Overlap { meter, span },
        HoleKind::Negative => RateError::Negative { meter, span },
        HoleKind::Unmetered => RateError::Unmetered { rack: meter, span },
    }
}

/// The windows as spans within the active days, ascending; those that touch are joined.
fn spans(input: &RateInput, active: Window, windows: &[Window]) -> Vec<Span> {
    let mut days: Vec<_> = windows
        .iter()
        .filter_map(|window| window.intersect(active))
        .filter_map(|window| Some((window.from, window.to?)))
        .collect();
    days.sort_unstable();
    let mut joined: Vec<(_, _)> = vec![];
    for (from, to) in days {
        match joined.last_mut() {
            Some((_, end)) if from <= *end => *end = to.max(*end),
            _ => joined.push((from, to)),
        }
    }
    joined
        .into_iter()
        .map(|(from, to)| input.zone.span_of(from, to))
        .collect()
}
