//! From state to state along the devices.

use super::{Device, Held, How, State, Step, Steps, Turn, Why};
use crate::domain::calendar::{Instant, Span};
use crate::domain::metering::settle::FOREVER;
use crate::domain::metering::validate::believed;
use crate::domain::units::WattHours;

/// The last good state, and the step that goes on from it.
#[derive(Clone, Copy)]
struct Open {
    from: Instant,
    /// Of the step so far, after the ratio.
    carried: i128,
    how: How,
    at: Instant,
    wh: WattHours,
}

impl Open {
    fn new(state: State, how: How) -> Self {
        Self {
            from: state.at,
            carried: 0,
            how,
            at: state.at,
            wh: state.wh,
        }
    }
}

pub(super) struct Walk<'a> {
    confirmed: &'a [Instant],
    open: Option<Open>,
    /// Whether the last device's declared end was held.
    end_held: bool,
    found: Steps,
}

impl<'a> Walk<'a> {
    pub fn new(confirmed: &'a [Instant]) -> Self {
        Self {
            confirmed,
            open: None,
            end_held: false,
            found: Steps::default(),
        }
    }

    pub fn found(mut self) -> Steps {
        self.found.held.sort_by_key(|held| held.at);
        self.found
    }

    pub fn hold(&mut self, state: State, previous: Option<WattHours>, why: Why) {
        self.found.held.push(Held {
            at: state.at,
            previous,
            wh: state.wh,
            why,
        });
    }

    /// A device starts; `exchange` if it takes another's place at once.
    pub fn begin(&mut self, turn: &Turn, exchange: bool) {
        let at = turn.device.from;
        let state = |wh| State { at, wh };
        let mut initial = turn.device.initial;
        if let Some(wh) = initial.filter(|wh| !turn.device.shows(*wh)) {
            self.hold(state(wh), None, Why::OutOfRange);
            initial = None;
        }
        let before = self.open.filter(|_| exchange);
        if let (Some(open), Some(wh)) = (before.filter(|open| open.at == at), initial) {
            let how = How::Exchange;
            self.open = Some(Open { wh, how, ..open });
            return;
        }
        self.close();
        let first = turn.states.first();
        let started = initial.is_some() || first.is_some_and(|first| first.at == at);
        if let Some(open) = before {
            let declared = self.end_held || open.at == at;
            let shown = initial.or(first.map(|first| first.wh));
            if let Some(wh) = shown.filter(|_| !(declared && started)) {
                self.hold(state(wh), Some(open.wh), Why::Undeclared);
            }
        }
        let how = if exchange { How::Exchange } else { How::Plain };
        self.open = initial.map(|wh| Open::new(state(wh), how));
    }

    /// A device ends; `exchange` if another takes its place at once: the step then goes on.
    pub fn finish(&mut self, turn: &Turn, exchange: bool) {
        self.end_held = false;
        if let Some(wh) = turn.device.last {
            let state = State { at: turn.end, wh };
            self.end_held = !self.go(&turn.device, state, exchange);
        }
        // Across an exchange the step stays open until the device that is there now is read.
        if !exchange && turn.end < FOREVER {
            self.close();
        }
    }

    /// A state of the device, not before the last good one.
    pub fn take(&mut self, device: &Device, state: State) {
        if self.go(device, state, false) {
            self.close();
        }
    }

    /// Goes on to a good state; holds another.
    fn go(&mut self, device: &Device, state: State, exchange: bool) -> bool {
        let previous = self.open.map(|open| open.wh);
        match self.next(device, state, exchange) {
            Ok(open) => self.open = Some(open),
            Err(why) => {
                self.hold(state, previous, why);
                return false;
            }
        }
        true
    }

    fn next(&self, device: &Device, state: State, exchange: bool) -> Result<Open, Why> {
        if !device.shows(state.wh) {
            return Err(Why::OutOfRange);
        }
        let Some(open) = self.open else {
            return Ok(Open::new(state, How::Plain));
        };
        if open.at == state.at {
            let same = open.wh == state.wh;
            return if same {
                Ok(open)
            } else {
                Err(Why::Contradicts)
            };
        }
        let (energy, how) = self.energy(device, open, state)?;
        let carried = open.carried.checked_add(energy).ok_or(Why::Overflow)?;
        i64::try_from(carried).map_err(|_| Why::Overflow)?;
        let exchange = exchange || open.how == How::Exchange;
        Ok(Open {
            from: open.from,
            carried,
            how: if exchange { How::Exchange } else { how },
            at: state.at,
            wh: state.wh,
        })
    }

    fn energy(&self, device: &Device, open: Open, state: State) -> Result<(i128, How), Why> {
        let rise = i128::from(state.wh.0) - i128::from(open.wh.0);
        let range = device.range();
        let (shown, how) = if rise >= 0 {
            (rise, How::Plain)
        } else {
            (range.ok_or(Why::Fall)? + rise, How::Rollover)
        };
        let ratio = i128::from(device.ratio.max(1));
        let energy = shown.checked_mul(ratio).ok_or(Why::Overflow)?;
        let plausible = match (device.rated, range) {
            (Some(rated), _) => {
                let least = energy - device.coarseness(open.wh, state.wh);
                let seconds = i128::from(state.at.0) - i128::from(open.at.0);
                believed(least, rated, seconds)
            }
            (None, Some(range)) if how == How::Rollover => {
                let (old, new) = (i128::from(open.wh.0), i128::from(state.wh.0));
                old >= range - range / 10 && new < range / 10
            }
            (None, _) => true,
        };
        if plausible || self.confirmed.contains(&state.at) {
            return Ok((energy, how));
        }
        Err(if how == How::Plain {
            Why::AboveRating
        } else {
            Why::Fall
        })
    }

    /// Ends the step at the last good state; the next one starts there.
    fn close(&mut self) {
        let Some(open) = &mut self.open else {
            return;
        };
        let pending = open.from < open.at;
        // `next` lets nothing in that 64 bits do not hold.
        if let Some(wh) = i64::try_from(open.carried).ok().filter(|_| pending) {
            self.found.steps.push(Step {
                span: Span {
                    from: open.from,
                    to: open.at,
                },
                wh: WattHours(wh),
                how: open.how,
            });
        }
        *open = Open::new(
            State {
                at: open.at,
                wh: open.wh,
            },
            How::Plain,
        );
    }
}
