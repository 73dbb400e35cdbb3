//! **register**: what a cumulative meter shows becomes the energy between two of its states.
//!
//! A fall is a rollover where that is plausible; every other fall, and a rise that the meter's
//! rating forbids, waits for a person, and later states are compared with the last good one.

mod walk;

use super::settle::FOREVER;
use crate::codes;
use crate::domain::calendar::{Instant, Span};
use crate::domain::units::{WattHours, Watts};
use serde::{Deserialize, Serialize};
use walk::Walk;

/// One physical device in a meter's place, for as long as it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    pub from: Instant,
    /// Never, if it is still there; the next device ends it at the latest.
    pub to: Option<Instant>,
    /// Whole digits of the display.
    pub digits: u32,
    /// Watt-hours of one unit of the display: 1, 1 000 or 1 000 000.
    pub unit: WattHours,
    /// Current times voltage transformer ratio, 1 or more.
    pub ratio: i64,
    /// What it showed at `from`, before the ratio.
    pub initial: Option<WattHours>,
    /// What it showed at `to`, before the ratio.
    pub last: Option<WattHours>,
    /// The most that it can measure, after the ratio.
    pub rated: Option<Watts>,
}

impl Device {
    /// Where the display starts again at zero; `None` beyond what can be counted.
    fn range(&self) -> Option<i128> {
        10_i128
            .checked_pow(self.digits)?
            .checked_mul(i128::from(self.unit.0))
    }

    /// Whether the display can show it.
    fn shows(&self, wh: WattHours) -> bool {
        wh >= WattHours::ZERO
            && self
                .range()
                .is_none_or(|range| i128::from(wh.0) < range.max(1))
    }

    /// What whole units hide: a display without decimals may be a unit off.
    fn coarseness(&self, a: WattHours, b: WattHours) -> i128 {
        let whole = |wh: WattHours| self.unit.0 > 0 && wh.0 % self.unit.0 == 0;
        if whole(a) && whole(b) {
            i128::from(self.unit.0) * i128::from(self.ratio.max(1))
        } else {
            0
        }
    }
}

/// What the display said, in watt-hours before the ratio.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    pub at: Instant,
    pub wh: WattHours,
}

codes!(
    /// How the energy between two states was found.
    How {
        Plain = "plain",
        Rollover = "rollover",
        Exchange = "exchange",
    }
);

codes!(
    /// Why a state does not count before a person has looked at it.
    Why {
        Fall = "fall",
        AboveRating = "above_rating",
        OutOfRange = "out_of_range",
        Undeclared = "undeclared",
        Contradicts = "contradicts",
        NoDevice = "no_device",
        Overflow = "overflow",
    }
);

/// Energy between two good states, after the ratio; never negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub span: Span,
    pub wh: WattHours,
    pub how: How,
}

/// A state that waits for a person. Of an exchange that is not declared in full: its moment, and
/// what the new device is first known to have shown (which counts from then on).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub at: Instant,
    /// The last good value before it.
    pub previous: Option<WattHours>,
    pub wh: WattHours,
    pub why: Why,
}

/// Steps and held states, by time, ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Steps {
    pub steps: Vec<Step>,
    pub held: Vec<Held>,
}

/// The energy between the states of one meter, in any order, on its devices.
///
/// A declared exchange (the old device's last and the new one's initial value) is crossed by one
/// step; a state at its very moment divides it there. States at the end of a device belong to it
/// or to the next by what is declared.
pub fn steps(devices: &[Device], states: &[State]) -> Steps {
    steps_confirmed(devices, states, &[])
}

/// As `steps`; the states at `confirmed` have been found right by a person: they count above the
/// rating, and a fall to them is a rollover.
pub fn steps_confirmed(devices: &[Device], states: &[State], confirmed: &[Instant]) -> Steps {
    let mut turns = turns(devices);
    let mut walk = Walk::new(confirmed);
    let mut ordered = states.to_vec();
    ordered.sort_by_key(|state| state.at);
    for state in ordered {
        match owner(&turns, state) {
            Ok(index) => turns[index].states.push(state),
            Err(why) => walk.hold(state, None, why),
        }
    }
    for (index, turn) in turns.iter().enumerate() {
        let before = index.checked_sub(1).map(|index| &turns[index]);
        walk.begin(turn, before.is_some_and(|it| it.end == turn.device.from));
        for state in &turn.states {
            walk.take(&turn.device, *state);
        }
        let next = turns.get(index + 1);
        walk.finish(turn, next.is_some_and(|next| next.device.from == turn.end));
    }
    walk.found()
}

/// A device with the states that are its own.
struct Turn {
    device: Device,
    end: Instant,
    states: Vec<State>,
}

fn turns(devices: &[Device]) -> Vec<Turn> {
    let mut ordered = devices.to_vec();
    ordered.sort_by_key(|device| device.from);
    let next = ordered.iter().skip(1).map(|device| device.from);
    let next: Vec<_> = next.chain([FOREVER]).collect();
    let turn = |(device, next): (Device, Instant)| Turn {
        device,
        end: device.to.unwrap_or(next).min(next),
        states: vec![],
    };
    let turns = ordered.into_iter().zip(next).map(turn);
    turns.filter(|it| it.device.from < it.end).collect()
}

/// Whose state it is; what is declared for its very moment it must not contradict.
fn owner(turns: &[Turn], state: State) -> Result<usize, Why> {
    let started = turns.partition_point(|turn| turn.device.from <= state.at);
    let index = started.checked_sub(1).ok_or(Why::NoDevice)?;
    let turn = &turns[index];
    let differs = |declared: Option<WattHours>| declared.is_some_and(|wh| wh != state.wh);
    if state.at > turn.end {
        return Err(Why::NoDevice);
    }
    if state.at == turn.end {
        let wrong = differs(turn.device.last);
        return if wrong {
            Err(Why::Contradicts)
        } else {
            Ok(index)
        };
    }
    if state.at > turn.device.from {
        return Ok(index);
    }
    let before = index.checked_sub(1).map(|index| &turns[index]);
    let ends = before.filter(|it| it.end == state.at).map(|it| it.device);
    let initial = turn.device.initial;
    match (ends, initial) {
        (_, Some(initial)) if initial == state.wh => Ok(index),
        (Some(old), _) if old.last == Some(state.wh) => Ok(index - 1),
        // The old device's last value is not declared, and the new one did not show this.
        (Some(old), Some(_)) if old.last.is_none() => Ok(index - 1),
        (_, Some(_)) => Err(Why::Contradicts),
        (_, None) => Ok(index),
    }
}

#[cfg(test)]
mod tests;
