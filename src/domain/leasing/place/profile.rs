//! What is used of each resource, day by day: sorted steps `(from this day on, used)`.

use super::ground::{Ground, Res, Unit};
use super::types::{Demand, Piece};
use crate::domain::calendar::Window;
use chrono::NaiveDate;

/// The use of one resource; nothing before the first step.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Steps(pub Vec<(NaiveDate, i64)>);

impl Steps {
    /// From changes on days in any order.
    fn from_changes(mut changes: Vec<(NaiveDate, i64)>) -> Self {
        changes.sort_unstable();
        let mut steps: Vec<(NaiveDate, i64)> = Vec::with_capacity(changes.len());
        let mut used = 0;
        for (day, change) in changes {
            used += change;
            match steps.last_mut() {
                Some(last) if last.0 == day => last.1 = used,
                _ => steps.push((day, used)),
            }
        }
        Self(steps)
    }

    pub fn used_on(&self, day: NaiveDate) -> i64 {
        let after = self.0.partition_point(|step| step.0 <= day);
        if after == 0 { 0 } else { self.0[after - 1].1 }
    }

    /// The least used within a window.
    pub fn least_used(&self, window: Window) -> i64 {
        let within = self
            .0
            .iter()
            .filter(|step| window.contains(step.0))
            .map(|step| step.1);
        within.chain([self.used_on(window.from)]).min().unwrap_or(0)
    }

    /// The most that is ever used.
    pub fn most(&self) -> i64 {
        self.0.iter().map(|step| step.1).max().unwrap_or(0)
    }

    /// Adds an amount for a window.
    pub fn add(&mut self, window: Window, amount: i64) {
        self.cut(window.from);
        if let Some(to) = window.to {
            self.cut(to);
        }
        for step in &mut self.0 {
            if window.contains(step.0) {
                step.1 += amount;
            }
        }
    }

    fn cut(&mut self, day: NaiveDate) {
        let used = self.used_on(day);
        if let Err(at) = self.0.binary_search_by_key(&day, |step| step.0) {
            self.0.insert(at, (day, used));
        }
    }

    /// The least that is free within the window, and the first day of it. May be negative.
    pub fn tightest(&self, ground: &Ground, res: Res, window: Window) -> (i64, NaiveDate) {
        let mut next = self.0.partition_point(|step| step.0 <= window.from);
        let mut used = if next == 0 { 0 } else { self.0[next - 1].1 };
        let mut from = window.from;
        let mut least: Option<(i64, NaiveDate)> = None;
        loop {
            let to = self.0.get(next).map(|step| step.0);
            let to = to
                .filter(|&to| window.to.is_none_or(|end| to < end))
                .or(window.to);
            let (capacity, day) = ground.capacity(res, from, to);
            if least.is_none_or(|least| capacity - used < least.0) {
                least = Some((capacity - used, day));
            }
            match self.0.get(next) {
                Some(&(day, more)) if window.contains(day) => {
                    (from, used, next) = (day, more, next + 1)
                }
                _ => break,
            }
        }
        least.unwrap_or((0, window.from))
    }
}

/// The use of every resource of a site.
pub(super) struct Profile(Vec<Steps>);

impl Profile {
    /// Adds up what the holders' pieces put on the ground; racks that do not exist are passed over.
    pub fn new<'b>(
        ground: &Ground,
        holders: impl Iterator<Item = (&'b Demand, &'b [Piece])>,
    ) -> Self {
        let mut changes = vec![vec![]; ground.resources()];
        for (demand, pieces) in holders {
            let unit = Unit::of(demand);
            for piece in pieces
                .iter()
                .filter(|piece| piece.rack < ground.site.racks.len())
            {
                ground.loads(piece.rack, piece.leg, unit, |res, load| {
                    let amount = load * i64::from(piece.units);
                    let events: &mut Vec<(NaiveDate, i64)> = &mut changes[res];
                    events.push((demand.window.from, amount));
                    if let Some(to) = demand.window.to {
                        events.push((to, -amount));
                    }
                });
            }
        }
        Self(changes.into_iter().map(Steps::from_changes).collect())
    }

    /// Takes away what `put` added.
    pub fn lift(&mut self, ground: &Ground, demand: &Demand, pieces: &[Piece]) {
        for piece in pieces {
            ground.loads(piece.rack, piece.leg, Unit::of(demand), |res, load| {
                self.0[res].add(demand.window, -load * i64::from(piece.units));
            });
        }
    }

    /// Adds what one more holder puts on the ground.
    pub fn put(&mut self, ground: &Ground, demand: &Demand, pieces: &[Piece]) {
        for piece in pieces {
            ground.loads(piece.rack, piece.leg, Unit::of(demand), |res, load| {
                self.0[res].add(demand.window, load * i64::from(piece.units));
            });
        }
    }

    pub fn steps(&self, res: Res) -> &Steps {
        &self.0[res]
    }

    pub fn tightest(&self, ground: &Ground, res: Res, window: Window) -> (i64, NaiveDate) {
        self.0[res].tightest(ground, res, window)
    }

    /// Each span of constant use that is over its capacity, with its tightest day.
    pub fn oversold(&self, ground: &Ground) -> Vec<Oversold> {
        let mut found = vec![];
        for (res, steps) in self.0.iter().enumerate() {
            for (at, &(from, used)) in steps.0.iter().enumerate() {
                if used == 0 {
                    continue;
                }
                let span = Window {
                    from,
                    to: steps.0.get(at + 1).map(|step| step.0),
                };
                let (capacity, day) = ground.capacity(res, span.from, span.to);
                if used > capacity {
                    found.push(Oversold {
                        res,
                        span,
                        day,
                        used,
                        capacity,
                    });
                }
            }
        }
        found
    }
}

/// A span of constant use over its capacity; `day` is the first with that capacity.
pub(super) struct Oversold {
    pub res: Res,
    pub span: Window,
    pub day: NaiveDate,
    pub used: i64,
    pub capacity: i64,
}
