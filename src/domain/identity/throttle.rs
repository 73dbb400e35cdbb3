//! How often one may try in vain before having to wait.

use crate::domain::calendar::Instant;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throttle {
    /// So many failures within the window are forgiven.
    pub most: usize,
    pub window_seconds: i64,
}

pub const PER_EMAIL: Throttle = Throttle {
    most: 5,
    window_seconds: 15 * 60,
};
pub const PER_ADDRESS: Throttle = Throttle {
    most: 30,
    window_seconds: 15 * 60,
};

impl Throttle {
    /// Failures at or before this moment no longer count.
    pub fn since(self, now: Instant) -> Instant {
        now.plus_seconds(-self.window_seconds)
    }

    /// `None`: try now; else the moment from which one more try is allowed. Order does not matter.
    pub fn wait_until(self, failures: &[Instant], now: Instant) -> Option<Instant> {
        let mut counted: Vec<Instant> = failures
            .iter()
            .copied()
            .filter(|at| *at > self.since(now) && *at <= now)
            .collect();
        counted.sort_unstable_by(|a, b| b.cmp(a));
        let binding = counted.get(self.most.checked_sub(1)?)?;
        Some(binding.plus_seconds(self.window_seconds))
    }
}

/// The later of two waits.
pub fn longer(a: Option<Instant>, b: Option<Instant>) -> Option<Instant> {
    a.max(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_until_the_fifth_latest_failure_is_out_of_the_window() {
        let now = Instant(10_000);
        let at = |seconds: &[i64]| seconds.iter().map(|s| Instant(*s)).collect::<Vec<_>>();
        let table = [
            (at(&[]), None),
            (at(&[9_999, 9_998, 9_997, 9_996]), None),
            (
                at(&[9_996, 9_999, 9_998, 9_997, 9_995]),
                Some(Instant(10_895)),
            ),
            // the oldest of five has just left the window
            (at(&[9_100, 9_996, 9_997, 9_998, 9_999]), None),
            (
                at(&[9_101, 9_996, 9_997, 9_998, 9_999]),
                Some(Instant(10_001)),
            ),
            // more failures than allowed: the fifth latest binds
            (
                at(&[9_990, 9_995, 9_996, 9_997, 9_998, 9_999]),
                Some(Instant(10_895)),
            ),
            // a clock that went back leaves failures in the future, which do not count
            (at(&[10_001, 10_002, 10_003, 10_004, 10_005]), None),
        ];
        for (failures, expected) in table {
            assert_eq!(
                PER_EMAIL.wait_until(&failures, now),
                expected,
                "{failures:?}"
            );
        }
    }
}
