//! The only place that asks what time it is. `--now` moves the whole house to another moment.

use crate::domain::calendar::Instant;
use std::time::{SystemTime, UNIX_EPOCH};

/// Real time, or real time shifted so that the start was at a chosen instant.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    shift_seconds: i64,
}

impl Clock {
    /// A clock that shows `now` at this moment and then runs on.
    pub fn starting_at(now: Instant) -> Self {
        Self {
            shift_seconds: now.0 - system_seconds(),
        }
    }

    pub fn now(&self) -> Instant {
        Instant(system_seconds() + self.shift_seconds)
    }
}

fn system_seconds() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs() as i64)
}
