//! **flow**: readings in the order of their arrival, and what they come to, as a case says it.
//!
//! The whole path over the pure parts: quarantine, accept, register, spread, estimate, validate.
//! tests/cases/README.md has the form of a case.

mod book;
mod case;
mod moment;
mod outcome;

pub use case::{Arrival, Case, CaseError, Meter, Reads, Said, parse};
pub use outcome::{
    Change, Finding, Gap, Held, Outcome, Quarantine, Quarantined, Refusal, Refused, Usage, Used,
    differences,
};

use super::estimate::propose;
use super::spread::HALF_HOUR;
use super::{Interval, gaps, validate};
use crate::domain::calendar::{Instant, Span};
use book::{Book, Kept};
use std::collections::BTreeMap;

/// Plays a case: everything that its meters' usage, and those who look after it, end up with.
pub fn play(case: &Case) -> Outcome {
    let mut playing = Playing {
        case,
        books: BTreeMap::new(),
        waiting: vec![],
        out: Outcome::default(),
    };
    for arrival in &case.arrivals {
        playing.release(arrival.received);
        playing.arrive(arrival);
    }
    playing.release(Instant(i64::MAX));
    playing.finish()
}

struct Playing<'a> {
    case: &'a Case,
    books: BTreeMap<&'a str, Book<'a>>,
    /// Arrivals for meters that are not known yet, by their place in `out.quarantined`.
    waiting: Vec<(usize, &'a Arrival)>,
    out: Outcome,
}

impl<'a> Playing<'a> {
    fn meter(&self, code: &str) -> Option<&'a Meter> {
        self.case.meters.iter().find(|meter| meter.code == code)
    }

    /// Applies what waited for meters that are created by now.
    fn release(&mut self, now: Instant) {
        for (place, arrival) in std::mem::take(&mut self.waiting) {
            let meter = self.meter(&arrival.meter);
            match meter.filter(|meter| meter.created.is_none_or(|created| created <= now)) {
                Some(meter) => {
                    self.out.quarantined[place].applied = true;
                    self.keep(meter, arrival);
                }
                None => self.waiting.push((place, arrival)),
            }
        }
    }

    fn arrive(&mut self, arrival: &'a Arrival) {
        let latest = arrival.received.plus_seconds(self.case.clock_tolerance);
        if arrival.said.span().to > latest {
            self.quarantine(arrival, Quarantine::WrongClock);
            return;
        }
        let known = |meter: &&Meter| meter.created.is_none_or(|at| at <= arrival.received);
        match self.meter(&arrival.meter).filter(known) {
            Some(meter) => self.keep(meter, arrival),
            None => {
                let place = self.out.quarantined.len();
                self.waiting.push((place, arrival));
                self.quarantine(arrival, Quarantine::UnknownMeter);
            }
        }
    }

    fn quarantine(&mut self, arrival: &Arrival, why: Quarantine) {
        let span = arrival.said.span();
        self.out.quarantined.push(Quarantined {
            meter: arrival.meter.clone(),
            start: span.from,
            end: span.to,
            wh: arrival.said.wh(),
            why,
            applied: false,
        });
    }

    fn keep(&mut self, meter: &'a Meter, arrival: &Arrival) {
        let book = self.books.entry(&meter.code);
        let book = book.or_insert_with(|| Book::of(meter));
        book.take(arrival, &mut self.out);
    }

    fn finish(mut self) -> Outcome {
        for meter in &self.case.meters {
            let book = self.books.remove(meter.code.as_str());
            let book = book.unwrap_or_else(|| Book::of(meter));
            let kept = book.close(&self.case.boundaries, &mut self.out);
            self.judge(meter, kept);
        }
        self.out
    }

    /// Names gaps (those without a proposal, if the case asks for estimates) and what is odd.
    fn judge(&mut self, meter: &Meter, kept: Kept) {
        let Kept { mut used, judged } = kept;
        let intervals: Vec<Interval> = used.iter().map(|it| it.interval()).collect();
        let ends = intervals.first().zip(intervals.last());
        let hull = ends.map(|(first, last)| Span {
            from: first.start,
            to: last.end(),
        });
        let Some(service) = meter.service.or(hull) else {
            return;
        };
        for gap in gaps(&intervals, service) {
            let proposal = propose(gap, HALF_HOUR, &intervals, meter.zone);
            match proposal.filter(|_| self.case.estimate) {
                Some(found) => used.extend(
                    found
                        .intervals
                        .into_iter()
                        .map(|it| Used::of(it, found.method)),
                ),
                None => self.out.gaps.push(Gap {
                    meter: meter.code.clone(),
                    start: gap.from,
                    end: gap.to,
                }),
            }
        }
        used.sort_by_key(|it| it.start);
        let findings = validate::findings(&judged, service, &meter.rules);
        let named = |it: &validate::Finding| it.rule != validate::Rule::Missing;
        for found in findings.into_iter().filter(named) {
            self.out.findings.push(Finding::of(&meter.code, found));
        }
        if !used.is_empty() {
            self.out.usage.insert(meter.code.clone(), Usage(used));
        }
    }
}

#[cfg(test)]
mod tests;
