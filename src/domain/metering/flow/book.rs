//! One meter: what it said, what counts of it, and what waits.

use super::{Arrival, Change, Held, Meter, Outcome, Reads, Refusal, Refused, Said, Used};
use crate::domain::calendar::{Instant, Span};
use crate::domain::metering::Interval;
use crate::domain::metering::accept::{Known, Verdict};
use crate::domain::metering::method::Method;
use crate::domain::metering::register::{self, Device, State};
use crate::domain::metering::spread::{join, spread};
use crate::domain::metering::validate;
use crate::domain::units::WattHours;
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct Book<'a> {
    meter: &'a Meter,
    known: Known,
    used: BTreeMap<Instant, Used>,
    states: BTreeMap<Instant, WattHours>,
    /// What the meter itself said last of each time: said again it changes nothing, whatever
    /// staff made of it since.
    said: BTreeMap<(Instant, Instant), WattHours>,
    waiting: BTreeMap<(Instant, Instant), Held>,
    /// States that staff stand for.
    confirmed: BTreeSet<Instant>,
}

/// What counts in the end.
pub(super) struct Kept {
    pub used: Vec<Used>,
    /// What validation looks at: what was measured, before it is spread.
    pub judged: Vec<Interval>,
}

impl<'a> Book<'a> {
    pub fn of(meter: &'a Meter) -> Self {
        Self {
            meter,
            known: Known::default(),
            used: BTreeMap::new(),
            states: BTreeMap::new(),
            said: BTreeMap::new(),
            waiting: BTreeMap::new(),
            confirmed: BTreeSet::new(),
        }
    }

    pub fn take(&mut self, arrival: &Arrival, out: &mut Outcome) {
        let span = arrival.said.span();
        let by_meter = arrival.reason.is_none() && !arrival.estimated;
        let again = self.said.get(&(span.from, span.to)) == Some(&arrival.said.wh());
        if by_meter && again {
            out.duplicates += 1;
            return;
        }
        let answer = match (&self.meter.reads, arrival.said) {
            (Reads::Intervals, Said::Energy { span, .. }) if span.from >= span.to => {
                Err(Refusal::NoLength)
            }
            (Reads::Intervals, Said::Energy { span, wh }) => self.energy(span, wh, arrival, out),
            (Reads::Register(_), Said::State { at, wh }) => {
                self.state(at, wh, arrival, out);
                Ok(())
            }
            _ => Err(Refusal::WrongKind),
        };
        match answer {
            Ok(()) if by_meter => {
                self.said.insert((span.from, span.to), arrival.said.wh());
            }
            Ok(()) => {}
            Err(why) => out.refused.push(Refused {
                meter: self.meter.code.clone(),
                start: span.from,
                end: span.to,
                wh: arrival.said.wh(),
                why,
            }),
        }
    }

    fn energy(
        &mut self,
        span: Span,
        wh: WattHours,
        arrival: &Arrival,
        out: &mut Outcome,
    ) -> Result<(), Refusal> {
        let key = (span.from, span.to);
        let interval = Interval {
            start: span.from,
            seconds: span.seconds(),
            wh,
            estimated: arrival.estimated,
        };
        let by_staff = arrival.reason.is_some();
        let rule = validate::held(interval, &self.meter.rules);
        if let Some(rule) = rule.filter(|_| !by_staff) {
            let held = self.held(span, wh, None, rule.code());
            self.waiting.insert(key, held);
            return Ok(());
        }
        match self.known.accept(interval) {
            Verdict::Overlap { .. } => return Err(Refusal::Overlap),
            Verdict::Measured => return Err(Refusal::Measured),
            Verdict::Same => {
                out.duplicates += usize::from(!by_staff);
            }
            Verdict::New => {}
            Verdict::Corrected {
                old_wh,
                old_estimated,
            } => {
                let change = self.change(span, old_wh, wh, arrival);
                out.corrections.push(Change {
                    was_estimated: old_estimated,
                    ..change
                });
            }
        }
        let as_said = self.said.get(&key) == Some(&wh);
        let by_hand = arrival.estimated || (by_staff && !as_said);
        let method = if by_hand {
            Method::ByHand
        } else {
            Method::Measured
        };
        self.used.insert(span.from, Used::of(interval, method));
        self.waiting.remove(&key);
        Ok(())
    }

    fn state(&mut self, at: Instant, wh: WattHours, arrival: &Arrival, out: &mut Outcome) {
        if arrival.reason.is_some() {
            self.confirmed.insert(at);
        } else {
            self.confirmed.remove(&at);
        }
        let span = Span { from: at, to: at };
        if let Some(old) = self.states.insert(at, wh).filter(|old| *old != wh) {
            out.corrections.push(self.change(span, old, wh, arrival));
        }
    }

    fn change(&self, span: Span, old: WattHours, new: WattHours, arrival: &Arrival) -> Change {
        Change {
            meter: self.meter.code.clone(),
            start: span.from,
            end: span.to,
            old,
            new,
            was_estimated: false,
            reason: arrival.reason.clone(),
        }
    }

    fn held(&self, span: Span, wh: WattHours, previous: Option<WattHours>, why: &str) -> Held {
        Held {
            meter: self.meter.code.clone(),
            start: span.from,
            end: span.to,
            wh,
            previous,
            why: why.to_owned(),
        }
    }

    pub fn close(mut self, boundaries: &[Instant], out: &mut Outcome) -> Kept {
        if let Reads::Register(devices) = &self.meter.reads {
            return self.register(devices, boundaries, out);
        }
        out.held
            .extend(std::mem::take(&mut self.waiting).into_values());
        let used: Vec<Used> = self.used.into_values().collect();
        let judged = used.iter().map(|it| it.interval()).collect();
        Kept { used, judged }
    }

    fn register(&self, devices: &[Device], boundaries: &[Instant], out: &mut Outcome) -> Kept {
        let states = self
            .states
            .iter()
            .map(|(at, wh)| State { at: *at, wh: *wh });
        let states: Vec<State> = states.collect();
        let confirmed: Vec<Instant> = self.confirmed.iter().copied().collect();
        let found = register::steps_confirmed(devices, &states, &confirmed);
        for it in found.held {
            let (from, to) = (it.at, it.at);
            let held = self.held(Span { from, to }, it.wh, it.previous, it.why.code());
            out.held.push(held);
        }
        let mut kept = Kept {
            used: vec![],
            judged: vec![],
        };
        let mut parts = vec![];
        for step in found.steps {
            parts.extend(spread(step.span, step.wh, self.meter.zone, boundaries));
            kept.judged.push(Interval {
                start: step.span.from,
                seconds: step.span.seconds(),
                wh: step.wh,
                estimated: false,
            });
        }
        let used = join(parts, self.meter.zone).into_iter();
        kept.used = used.map(|it| Used::of(it, Method::Register)).collect();
        kept
    }
}
