//! The least that is free of resources in many windows, each step passed once.

use super::ground::{Ground, Res};
use super::profile::Profile;
use crate::domain::calendar::Window;
use chrono::{Days, NaiveDate};
use std::collections::VecDeque;

/// Deratings recur every year: what comes later was there before.
const YEAR_DAYS: u64 = 400;

/// The least that is free of a resource in each of many windows.
pub(super) struct Lows<'s> {
    ground: &'s Ground<'s>,
    profile: &'s Profile,
    windows: &'s [Window],
    /// Steps of a resource whose capacity changes.
    varying: Vec<(NaiveDate, i64)>,
    queue: VecDeque<usize>,
}

impl<'s> Lows<'s> {
    pub fn new(ground: &'s Ground<'s>, profile: &'s Profile, windows: &'s [Window]) -> Self {
        Self {
            ground,
            profile,
            windows,
            varying: vec![],
            queue: VecDeque::new(),
        }
    }

    /// Calls with each window and the least free in it, never below zero.
    pub fn each(&mut self, res: Res, mut call: impl FnMut(usize, i64)) {
        let used = &self.profile.steps(res).0;
        match self.ground.constant(res) {
            Some(capacity) if used.is_empty() => {
                (0..self.windows.len()).for_each(|window| call(window, capacity.max(0)));
            }
            Some(capacity) => {
                let step = |at: usize| (used[at].0, capacity - used[at].1);
                let len = used.len();
                slide(self.windows, len, capacity, step, &mut self.queue, call);
            }
            None => {
                self.vary(res);
                let steps = &self.varying;
                let first = steps.first().map_or(0, |step| step.1);
                let step = |at: usize| steps[at];
                slide(
                    self.windows,
                    steps.len(),
                    first,
                    step,
                    &mut self.queue,
                    call,
                );
            }
        }
    }

    /// Steps of both what is there and what is used.
    fn vary(&mut self, res: Res) {
        self.varying.clear();
        let (Some(first), Some(last)) = (self.windows.first(), self.windows.last()) else {
            return;
        };
        let used = self.profile.steps(res);
        let late = used
            .0
            .last()
            .map_or(last.from, |step| step.0.max(last.from));
        let end = last.to.unwrap_or(late) + Days::new(YEAR_DAYS);
        let capacity = |day| self.ground.capacity(res, day, Some(day + Days::new(1))).0;
        let mut turns = self
            .ground
            .turns(res, first.from, end)
            .into_iter()
            .peekable();
        let begun = used.0.partition_point(|step| step.0 <= first.from);
        let mut steps = used.0[begun..].iter().peekable();
        let (mut there, mut taken) = (capacity(first.from), used.used_on(first.from));
        self.varying.push((first.from, there - taken));
        loop {
            let day = match (turns.peek(), steps.peek()) {
                (Some(&turn), Some(step)) => turn.min(step.0),
                (Some(&turn), None) => turn,
                (None, Some(step)) => step.0,
                (None, None) => return,
            };
            if turns.next_if_eq(&day).is_some() {
                there = capacity(day);
            }
            if let Some(step) = steps.next_if(|step| step.0 == day) {
                taken = step.1;
            }
            self.varying.push((day, there - taken));
        }
    }
}

/// One resource of a rack, and the window that it was looked at in last.
pub(super) struct Own<'p> {
    steps: &'p [(NaiveDate, i64)],
    capacity: i64,
    load: i64,
    /// `None`: the slots.
    pub leg: Option<usize>,
    /// Steps that began by the window's start, and before its end.
    begun: usize,
    seen: usize,
    most: i64,
    /// The other legs under a three-phase machine.
    pub others: Vec<Own<'p>>,
}

impl<'p> Own<'p> {
    pub fn new(
        steps: &'p [(NaiveDate, i64)],
        capacity: i64,
        load: i64,
        leg: Option<usize>,
    ) -> Self {
        Self {
            steps,
            capacity,
            load,
            leg,
            begun: 0,
            seen: 0,
            most: 0,
            others: vec![],
        }
    }

    /// Whether other steps count in this window than in the last one.
    pub fn step_to(&mut self, window: Window) -> bool {
        let mut moved = false;
        for other in &mut self.others {
            moved |= other.step_to(window);
        }
        while let Some(step) = self.steps.get(self.seen)
            && window.to.is_none_or(|to| step.0 < to)
        {
            self.most = self.most.max(step.1);
            self.seen += 1;
            moved = true;
        }
        let mut lost = false;
        while let Some(step) = self.steps.get(self.begun)
            && step.0 <= window.from
        {
            let ended = match self.begun {
                0 => 0,
                before => self.steps[before - 1].1,
            };
            lost |= ended == self.most;
            self.begun += 1;
            moved = true;
        }
        if lost {
            // A step that began on or before the first day still holds on it.
            let from = self.begun.saturating_sub(1);
            let inside = self.steps[from..self.seen.max(from)].iter();
            self.most = inside.map(|step| step.1).max().unwrap_or(0);
        }
        moved
    }

    pub fn units(&self) -> i64 {
        let own = (self.capacity - self.most).max(0) / self.load;
        let others = self.others.iter().map(Own::units).min();
        others.map_or(own, |others| own.min(others))
    }
}

/// The least value of each window among sorted steps; `before` holds until the first one.
fn slide(
    windows: &[Window],
    len: usize,
    before: i64,
    step: impl Fn(usize) -> (NaiveDate, i64),
    queue: &mut VecDeque<usize>,
    mut call: impl FnMut(usize, i64),
) {
    queue.clear();
    let (mut next, mut current) = (0, before);
    // The last step at or before the window's start.
    let mut passed = 0;
    for (at, window) in windows.iter().enumerate() {
        while next < len && window.to.is_none_or(|to| step(next).0 < to) {
            while queue
                .back()
                .is_some_and(|&back| step(back).1 >= step(next).1)
            {
                queue.pop_back();
            }
            queue.push_back(next);
            next += 1;
        }
        while passed < len && step(passed).0 <= window.from {
            current = step(passed).1;
            passed += 1;
        }
        while queue.front().is_some_and(|&front| front < passed) {
            queue.pop_front();
        }
        let inside = queue.front().map_or(current, |&front| step(front).1);
        call(at, inside.min(current).max(0));
    }
}
