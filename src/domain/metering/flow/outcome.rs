//! What a case comes to.

use super::moment;
use crate::codes;
use crate::domain::calendar::Instant;
use crate::domain::metering::Interval;
use crate::domain::metering::method::Method;
use crate::domain::metering::validate::{self, Rule};
use crate::domain::units::WattHours;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// By meter in the order of the case, each by time; what arrivals caused in the order of arrival.
/// Of a state of a register start and end are the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Outcome {
    pub usage: BTreeMap<String, Usage>,
    /// Readings that said again what the meter had said.
    pub duplicates: usize,
    pub corrections: Vec<Change>,
    /// What still waits for a person.
    pub held: Vec<Held>,
    pub quarantined: Vec<Quarantined>,
    pub refused: Vec<Refused>,
    pub gaps: Vec<Gap>,
    /// All but missing times, which are gaps.
    pub findings: Vec<Finding>,
}

/// One interval of energy, and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Used {
    pub start: Instant,
    pub seconds: i64,
    pub wh: WattHours,
    pub method: Method,
    pub estimated: bool,
}

impl Used {
    pub fn of(interval: Interval, method: Method) -> Self {
        Self {
            start: interval.start,
            seconds: interval.seconds,
            wh: interval.wh,
            method,
            estimated: interval.estimated,
        }
    }

    pub fn interval(self) -> Interval {
        Interval {
            start: self.start,
            seconds: self.seconds,
            wh: self.wh,
            estimated: self.estimated,
        }
    }
}

/// A meter's usage by time; in JSON intervals that follow each other stand in one row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Run>", into = "Vec<Run>")]
pub struct Usage(pub Vec<Used>);

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Run {
    #[serde(with = "moment")]
    start: Instant,
    seconds: i64,
    wh: Vec<WattHours>,
    method: Method,
    #[serde(default)]
    estimated: bool,
}

impl From<Vec<Run>> for Usage {
    fn from(runs: Vec<Run>) -> Self {
        let used = |run: Run| {
            (0..)
                .zip(run.wh)
                .map(move |(index, wh): (i64, WattHours)| Used {
                    start: run.start.plus_seconds(index * run.seconds),
                    seconds: run.seconds,
                    wh,
                    method: run.method,
                    estimated: run.estimated,
                })
        };
        Self(runs.into_iter().flat_map(used).collect())
    }
}

impl From<Usage> for Vec<Run> {
    fn from(usage: Usage) -> Self {
        let mut runs: Self = vec![];
        for it in usage.0 {
            let next = |run: &Run| {
                let length = i64::try_from(run.wh.len()).unwrap_or(i64::MAX);
                run.start.plus_seconds(length.saturating_mul(run.seconds))
            };
            let same = |run: &&mut Run| {
                (next(run), run.seconds, run.method, run.estimated)
                    == (it.start, it.seconds, it.method, it.estimated)
            };
            match runs.last_mut().filter(same) {
                Some(run) => run.wh.push(it.wh),
                None => runs.push(Run {
                    start: it.start,
                    seconds: it.seconds,
                    wh: vec![it.wh],
                    method: it.method,
                    estimated: it.estimated,
                }),
            }
        }
        runs
    }
}

/// Another value for a time that had one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    pub meter: String,
    #[serde(with = "moment")]
    pub start: Instant,
    #[serde(with = "moment")]
    pub end: Instant,
    pub old: WattHours,
    pub new: WattHours,
    /// Whether the old value was an estimate.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub was_estimated: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    pub meter: String,
    #[serde(with = "moment")]
    pub start: Instant,
    #[serde(with = "moment")]
    pub end: Instant,
    pub wh: WattHours,
    /// Of a state: the last good one before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<WattHours>,
    /// A rule of validation, or why a register's state is held.
    pub why: String,
}

codes!(
    /// Why a reading is set aside unread.
    Quarantine {
        UnknownMeter = "unknown_meter",
        WrongClock = "wrong_clock",
    }
);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quarantined {
    pub meter: String,
    #[serde(with = "moment")]
    pub start: Instant,
    #[serde(with = "moment")]
    pub end: Instant,
    pub wh: WattHours,
    pub why: Quarantine,
    /// Whether its meter was created later, and it came in then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub applied: bool,
}

codes!(
    /// Why a reading is answered with a no.
    Refusal {
        Overlap = "overlap",
        Measured = "measured",
        NoLength = "no_length",
        WrongKind = "wrong_kind",
    }
);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    pub meter: String,
    #[serde(with = "moment")]
    pub start: Instant,
    #[serde(with = "moment")]
    pub end: Instant,
    pub wh: WattHours,
    pub why: Refusal,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    pub meter: String,
    #[serde(with = "moment")]
    pub start: Instant,
    #[serde(with = "moment")]
    pub end: Instant,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    pub meter: String,
    #[serde(with = "moment")]
    pub start: Instant,
    #[serde(with = "moment")]
    pub end: Instant,
    pub rule: Rule,
    pub value: WattHours,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<WattHours>,
}

impl Finding {
    pub fn of(meter: &str, found: validate::Finding) -> Self {
        Self {
            meter: meter.to_owned(),
            start: found.span.from,
            end: found.span.to,
            rule: found.rule,
            value: found.value,
            limit: found.limit,
        }
    }
}

/// Where two outcomes differ, one sentence for each part; none if they are the same.
pub fn differences(expected: &Outcome, found: &Outcome) -> Vec<String> {
    if expected == found {
        return vec![];
    }
    let parts = |outcome: &Outcome| -> BTreeMap<String, Value> {
        let value = serde_json::to_value(outcome).unwrap_or_default();
        let parts = value.as_object().into_iter().flatten();
        parts.map(|(name, it)| (name.clone(), it.clone())).collect()
    };
    let (expected, found) = (parts(expected), parts(found));
    let names: BTreeSet<&String> = expected.keys().chain(found.keys()).collect();
    let differ = names
        .iter()
        .filter(|name| expected.get(**name) != found.get(**name));
    let text = |part: Option<&Value>| part.map_or_else(|| "nothing".to_owned(), Value::to_string);
    differ
        .map(|name| {
            let (expected, found) = (text(expected.get(*name)), text(found.get(*name)));
            format!("{name}: expected {expected}, found {found}")
        })
        .collect()
}
