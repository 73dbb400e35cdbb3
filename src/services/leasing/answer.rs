//! What a wish is answered with, in words that a page, a file and a program can use.

use super::house::House;
use crate::domain::ids::{RequestId, ReservationId};
use crate::domain::leasing::place::{Binding, PartsRefusal, Reason, Refusal, Resource};
use crate::domain::site::Leg;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What ran out, by the names that people use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// `node_leg`, `zone`, `rack_slots`, `rack_leg`, `restriction`, `cooling_kind`, `supply`, `feeds`
    /// or `redundancy`.
    pub kind: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leg: Option<Leg>,
    pub at: NaiveDate,
    /// Watts; slots for `rack_slots`, units for `redundancy`.
    pub free: i64,
    pub needed: i64,
}

impl Bound {
    pub fn of(house: &House, binding: &Binding) -> Self {
        let node = |at: usize| house.nodes[at].name.clone();
        let rack = |at: usize| house.racks[at].name.clone();
        let (kind, name, leg) = match binding.resource {
            Resource::NodeLeg(at, leg) => ("node_leg", node(at), Some(leg)),
            Resource::Zone(at) => ("zone", house.zones[at].name.clone(), None),
            Resource::RackSlots(at) => ("rack_slots", rack(at), None),
            Resource::RackLeg(at, leg) => ("rack_leg", rack(at), Some(leg)),
            Resource::Restriction(at) => {
                let name = house
                    .restriction(at)
                    .map_or(String::new(), |r| r.region_name.clone());
                ("restriction", name, None)
            }
            Resource::CoolingKind => ("cooling_kind", String::new(), None),
            Resource::Supply => ("supply", String::new(), None),
            Resource::Feeds => ("feeds", String::new(), None),
            Resource::Redundancy(rule) => ("redundancy", rule.to_string(), None),
        };
        Self {
            kind: kind.to_owned(),
            name,
            leg,
            at: binding.at,
            free: binding.free,
            needed: binding.needed,
        }
    }
}

/// A refusal as it is kept with the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub request: Option<RequestId>,
    pub reasons: Vec<Reason>,
    pub available_units: u32,
    pub bound: Option<Bound>,
    /// False: not found within the limit, rather than impossible.
    pub proven: bool,
}

impl Refused {
    pub fn of(house: &House, refusal: &Refusal) -> Self {
        Self {
            request: None,
            reasons: refusal.reasons.clone(),
            available_units: refusal.available_units,
            bound: refusal.binding.as_ref().map(|b| Bound::of(house, b)),
            proven: refusal.proven,
        }
    }
}

/// The refusal of several parts: `whole` as for one, its units those of the part that falls short;
/// `available_units` is an offer, part by part, that would be accepted as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedAll {
    pub whole: Refused,
    pub available_units: Vec<u32>,
    /// The first part that falls short.
    pub short: usize,
}

impl RefusedAll {
    pub fn of(house: &House, refusal: &PartsRefusal) -> Self {
        let units = &refusal.available_units;
        Self {
            whole: Refused {
                request: None,
                reasons: refusal.reasons.clone(),
                available_units: units.get(refusal.short).copied().unwrap_or(0),
                bound: refusal.binding.as_ref().map(|b| Bound::of(house, b)),
                proven: refusal.proven,
            },
            available_units: units.clone(),
            short: refusal.short,
        }
    }
}

/// All parts in their order, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerAll {
    Accepted(Vec<ReservationId>),
    Refused(RefusedAll),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Accepted(ReservationId),
    Refused(Refused),
}

/// One answer as `book` prints it and as the reservation form returns it for JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnswerJson {
    pub id: String,
    pub answer: String,
    pub reasons: Vec<Reason>,
    pub available_units: Option<u32>,
    /// Of a request in parts: how many of each would be accepted together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub available_parts: Option<Vec<u32>>,
    /// The resource that binds and the date at which it does.
    pub at: Option<Bound>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proven: Option<bool>,
}

impl AnswerJson {
    pub fn cancelled(id: String) -> Self {
        let answer = "cancelled".to_owned();
        Self {
            id,
            answer,
            reasons: vec![],
            available_units: None,
            available_parts: None,
            at: None,
            proven: None,
        }
    }

    pub fn of(id: String, answer: &Answer) -> Self {
        match answer {
            Answer::Accepted(_) => Self {
                answer: "accepted".to_owned(),
                ..Self::cancelled(id)
            },
            Answer::Refused(refused) => Self {
                id,
                answer: refused
                    .reasons
                    .first()
                    .map_or("refused", |r| r.code())
                    .to_owned(),
                reasons: refused.reasons.clone(),
                available_units: Some(refused.available_units),
                available_parts: None,
                at: refused.bound.clone(),
                proven: (!refused.proven).then_some(false),
            },
        }
    }

    /// A request in parts says how many of each; a single one answers as ever.
    pub fn of_all(id: String, answer: &AnswerAll) -> Self {
        match answer {
            AnswerAll::Accepted(_) => Self {
                answer: "accepted".to_owned(),
                ..Self::cancelled(id)
            },
            AnswerAll::Refused(refused) => {
                let one = Self::of(id, &Answer::Refused(refused.whole.clone()));
                if refused.available_units.len() == 1 {
                    return one;
                }
                Self {
                    available_units: None,
                    available_parts: Some(refused.available_units.clone()),
                    ..one
                }
            }
        }
    }
}
