//! **alarm**: when a value that comes and goes is one incident.

use crate::codes;
use crate::domain::calendar::Instant;
use serde::{Deserialize, Serialize};

codes!(
    /// What people are told about.
    Kind {
        Silent = "silent",
        OverAllocation = "over_allocation",
        IdleRack = "idle_rack",
        LegOver = "leg_over",
        LegImbalance = "leg_imbalance",
        Unaccounted = "unaccounted",
    }
);

/// Raised above one value, cleared at or below another (not above the first), each after a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    pub raise: i64,
    pub clear: i64,
    /// How long it must stay above `raise` before it is raised.
    pub hold_seconds: i64,
    /// How long it must stay at or below `clear` before it is cleared.
    pub calm_seconds: i64,
}

impl Kind {
    /// The limits where nobody chose others: minutes of silence, percent of what is allocated or of
    /// it not drawn, percent of what a leg may carry or above the mean of the legs, kilowatt-hours.
    pub fn usual(self) -> Limits {
        let limits = |raise, clear, hold_seconds, calm_seconds| Limits {
            raise,
            clear,
            hold_seconds,
            calm_seconds,
        };
        match self {
            Self::Silent => limits(180, 120, 0, 0),
            Self::OverAllocation => limits(105, 100, 3_600, 3_600),
            Self::IdleRack => limits(95, 90, 24 * 3_600, 3_600),
            // An interval's mean has lasted as long as the interval.
            Self::LegOver => limits(100, 95, 0, 3_600),
            Self::LegImbalance => limits(20, 15, 3_600, 3_600),
            Self::Unaccounted => limits(100, 50, 0, 0),
        }
    }

    /// A value as people read it: what is kept as the percent that is not drawn is the percent that
    /// is. The same turns it back.
    pub fn turned(self, value: i64) -> i64 {
        match self {
            Self::IdleRack => 100 - value,
            _ => value,
        }
    }

    /// What its values count, for programs.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Silent => "minutes",
            Self::Unaccounted => "kilowatt_hours",
            Self::OverAllocation | Self::IdleRack | Self::LegOver | Self::LegImbalance => "percent",
        }
    }
}

/// What a rule remembers of the value that it watches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    /// When the value was last observed.
    pub at: Option<Instant>,
    /// Since when it has been where it must stay: too high, or, once raised, low enough.
    pub turning: Option<Instant>,
    /// Since when it was too high, while the alarm is raised.
    pub raised: Option<Instant>,
}

/// What an observation changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    Raised { since: Instant },
    Cleared { at: Instant },
}

/// Observes a value. One that is older than the last is ignored; the same again changes nothing.
pub fn observe(watch: Watch, at: Instant, value: i64, limits: Limits) -> (Watch, Option<Change>) {
    if watch.at.is_some_and(|last| at < last) {
        return (watch, None);
    }
    let (turns, stay) = if watch.raised.is_some() {
        (value <= limits.clear.min(limits.raise), limits.calm_seconds)
    } else {
        (value > limits.raise, limits.hold_seconds)
    };
    let turning = turns.then(|| watch.turning.unwrap_or(at));
    let turned = turning.filter(|since| at.0.saturating_sub(since.0) >= stay);
    let seen = Watch {
        at: Some(at),
        turning,
        ..watch
    };
    let Some(since) = turned else {
        return (seen, None);
    };
    let raised = watch.raised.is_none().then_some(since);
    let change = if raised.is_some() {
        Change::Raised { since }
    } else {
        Change::Cleared { at }
    };
    let turning = None;
    let settled = Watch {
        turning,
        raised,
        ..seen
    };
    (settled, Some(change))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    const LIMITS: Limits = Limits {
        raise: 100,
        clear: 90,
        hold_seconds: 60,
        calm_seconds: 120,
    };

    /// Observations of (second, value); what changed, with the second at which it did.
    fn play(observations: &[(i64, i64)], limits: Limits) -> Vec<(i64, Change)> {
        let mut watch = Watch::default();
        let mut changes = vec![];
        for (at, value) in observations {
            let (next, change) = observe(watch, Instant(*at), *value, limits);
            changes.extend(change.map(|change| (*at, change)));
            watch = next;
        }
        changes
    }

    fn raised(since: i64) -> Change {
        Change::Raised {
            since: Instant(since),
        }
    }

    fn cleared(at: i64) -> Change {
        Change::Cleared { at: Instant(at) }
    }

    #[test]
    fn it_is_raised_once_it_has_lasted_and_cleared_once_it_is_calm() {
        let observations = [
            (0, 101),
            (59, 101),
            (60, 300),
            (120, 101),
            (130, 90),
            (200, 95),
            (210, 90),
            (329, 90),
            (330, 0),
            (400, 0),
        ];
        assert_eq!(
            play(&observations, LIMITS),
            [(60, raised(0)), (330, cleared(330))]
        );
    }

    #[test]
    fn what_does_not_last_raises_nothing() {
        assert_eq!(
            play(&[(0, 101), (30, 100), (60, 101), (119, 101)], LIMITS),
            []
        );
        let at_once = Limits {
            hold_seconds: 0,
            calm_seconds: 0,
            ..LIMITS
        };
        let observations = [(0, 100), (1, 101), (2, 91), (3, 101), (4, 90)];
        assert_eq!(
            play(&observations, at_once),
            [(1, raised(1)), (4, cleared(4))]
        );
    }

    #[test]
    fn older_observations_are_ignored() {
        let observations = [(0, 101), (100, 101), (50, 0), (99, 0), (300, 95)];
        assert_eq!(play(&observations, LIMITS), [(100, raised(0))]);
    }

    #[test]
    fn limits_the_wrong_way_round_do_not_flutter() {
        let wrong = Limits {
            raise: 90,
            clear: 100,
            hold_seconds: 0,
            calm_seconds: 0,
        };
        assert_eq!(play(&[(0, 95), (1, 95), (2, 95)], wrong), [(0, raised(0))]);
    }

    proptest! {
        #[test]
        fn raised_and_cleared_take_turns(
            observations in vec((0_i64..1_000, 80_i64..110), 0..60),
            hold in 0_i64..200,
            calm in 0_i64..200,
        ) {
            let limits = Limits { hold_seconds: hold, calm_seconds: calm, ..LIMITS };
            let changes = play(&observations, limits);
            for (index, (_, change)) in changes.iter().enumerate() {
                prop_assert_eq!(matches!(change, Change::Raised { .. }), index % 2 == 0);
            }
        }

        #[test]
        fn the_same_again_changes_nothing(
            observations in vec((0_i64..1_000, 80_i64..110), 0..60),
            hold in 0_i64..200,
        ) {
            let limits = Limits { hold_seconds: hold, ..LIMITS };
            let mut watch = Watch::default();
            for (at, value) in observations {
                let once = observe(watch, Instant(at), value, limits).0;
                // At no length of stay one moment may both raise and clear.
                let twice = observe(once, Instant(at), value, limits);
                prop_assert_eq!(twice, (once, None));
                watch = once;
            }
        }
    }
}
