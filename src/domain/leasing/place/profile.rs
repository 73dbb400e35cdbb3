//! What is used of each resource, day by day: sorted steps `(from this day on, used)`.

use super::ground::{Ground, Res, Unit};
use super::types::{Demand, Piece};
use crate::domain::calendar::Window;
use chrono::NaiveDate;

/// The use of one resource; nothing before the first step.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Steps(pub Vec<(NaiveDate, i64)>);

impl Steps {
    /// A change on the last day that is known, or on a later one.
    fn change(&mut self, day: NaiveDate, amount: i64) {
        match self.0.last_mut() {
            Some(last) if last.0 == day => last.1 += amount,
            last => {
                let used = last.map_or(0, |last| last.1);
                self.0.push((day, used + amount));
            }
        }
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
        let first = self.0.partition_point(|step| step.0 < window.from);
        let rest = &mut self.0[first..];
        let len = window
            .to
            .map_or(rest.len(), |to| rest.partition_point(|step| step.0 < to));
        rest[..len].iter_mut().for_each(|step| step.1 += amount);
    }

    /// What counts within a window: the use on its first day, and the steps after it.
    fn within(&self, window: Window) -> Self {
        let first = self.0.partition_point(|step| step.0 <= window.from);
        let rest = &self.0[first..];
        let len = window
            .to
            .map_or(rest.len(), |to| rest.partition_point(|step| step.0 < to));
        let mut steps = vec![(window.from, self.used_on(window.from))];
        steps.extend_from_slice(&rest[..len]);
        Self(steps)
    }

    fn cut(&mut self, day: NaiveDate) {
        let used = self.used_on(day);
        if let Err(at) = self.0.binary_search_by_key(&day, |step| step.0) {
            self.0.insert(at, (day, used));
        }
    }

    /// The least that is free within the window, and the first day of it. May be negative.
    pub fn tightest(&self, ground: &Ground, res: Res, window: Window) -> (i64, NaiveDate) {
        match ground.constant(res) {
            Some(capacity) => {
                let (used, day) = self.most_used(window);
                (capacity - used, day)
            }
            None => self.tightest_of_both(ground, res, window),
        }
    }

    /// The most used within a window, and the first day of it.
    pub fn most_used(&self, window: Window) -> (i64, NaiveDate) {
        let first = self.0.partition_point(|step| step.0 <= window.from);
        let rest = &self.0[first..];
        let len = window
            .to
            .map_or(rest.len(), |to| rest.partition_point(|step| step.0 < to));
        let before = if first == 0 { 0 } else { self.0[first - 1].1 };
        rest[..len]
            .iter()
            .fold((before, window.from), |most, &(day, used)| {
                if used > most.0 { (used, day) } else { most }
            })
    }

    /// Where the capacity has steps of its own.
    fn tightest_of_both(&self, ground: &Ground, res: Res, window: Window) -> (i64, NaiveDate) {
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
#[derive(Clone)]
pub(super) struct Profile(Vec<Steps>);

impl Profile {
    /// Adds up what the holders' pieces put on the ground.
    pub fn new<'b>(
        ground: &Ground,
        holders: impl Iterator<Item = (&'b Demand, &'b [Piece])>,
    ) -> Self {
        let holders: Vec<_> = holders.collect();
        // In order of time, so that no resource's steps need to be sorted.
        let mut events: Vec<(NaiveDate, bool, usize)> = Vec::with_capacity(2 * holders.len());
        for (at, (demand, _)) in holders.iter().enumerate() {
            events.push((demand.window.from, true, at));
            events.extend(demand.window.to.map(|to| (to, false, at)));
        }
        events.sort_unstable();
        let mut steps = vec![Steps::default(); ground.resources()];
        for (day, begins, at) in events {
            let (demand, pieces) = holders[at];
            each_load(ground, demand, pieces, |res, amount| {
                steps[res].change(day, if begins { amount } else { -amount });
            });
        }
        Self(steps)
    }

    /// The use of some resources within a window, numbered anew in this order.
    pub fn part(&self, resources: impl Iterator<Item = Res>, window: Window) -> Self {
        Self(resources.map(|res| self.0[res].within(window)).collect())
    }

    /// Takes away what `put` added.
    pub fn lift(&mut self, ground: &Ground, demand: &Demand, pieces: &[Piece]) {
        each_load(ground, demand, pieces, |res, amount| {
            self.0[res].add(demand.window, -amount);
        });
    }

    /// Adds what one more holder puts on the ground.
    pub fn put(&mut self, ground: &Ground, demand: &Demand, pieces: &[Piece]) {
        each_load(ground, demand, pieces, |res, amount| {
            self.0[res].add(demand.window, amount);
        });
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
            // Most resources are well below what they carry on every day.
            let most = steps.0.iter().map(|step| step.1).max().unwrap_or(0);
            if most <= 0
                || ground
                    .constant(res)
                    .is_some_and(|capacity| most <= capacity)
            {
                continue;
            }
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

/// What the pieces of one holder put on each resource; racks that do not exist are passed over.
fn each_load(ground: &Ground, demand: &Demand, pieces: &[Piece], mut each: impl FnMut(Res, i64)) {
    let unit = Unit::of(demand);
    for piece in pieces
        .iter()
        .filter(|piece| piece.rack < ground.site.racks.len())
    {
        let units = i64::from(piece.units);
        ground.loads(piece.rack, piece.leg, unit, |res, load| {
            each(res, load * units);
        });
    }
}
