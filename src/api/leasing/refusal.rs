//! A refusal for a program: why, by how much, and what would fit.

use crate::domain::ids::{HallId, RequestId};
use crate::domain::leasing::place::Reason;
use crate::domain::site::Leg;
use crate::services::leasing::answer::{self, Refused};
use crate::services::leasing::availability::Alternative as Found;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Refusal {
    /// The first one is the answer.
    pub reasons: Vec<Reason>,
    /// The most that would be accepted.
    pub available_units: i64,
    pub binding: Option<Bound>,
    /// False: not found within the limit of effort, rather than impossible.
    pub proven: bool,
    /// The nearest things that would fit, at most one of each kind.
    pub alternatives: Vec<Alternative>,
    /// Under which a request was left for staff, where that was asked for.
    pub request: Option<RequestId>,
}

/// What ran out, by the name that people use.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Bound {
    /// `node_leg`, `zone`, `rack_slots`, `rack_leg`, `restriction`, `cooling_kind`, `supply`, `feeds`
    /// or `redundancy`.
    pub kind: String,
    pub name: String,
    pub leg: Option<Leg>,
    pub at: NaiveDate,
    /// Watts; slots for `rack_slots`, units for `redundancy`.
    pub free: i64,
    pub needed: i64,
}

impl From<answer::Bound> for Bound {
    fn from(bound: answer::Bound) -> Self {
        Self {
            kind: bound.kind,
            name: bound.name,
            leg: bound.leg,
            at: bound.at,
            free: bound.free,
            needed: bound.needed,
        }
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Alternative {
    /// `fewer`: that many, the same window. `later`: all, from that date. `elsewhere`: all, in that
    /// hall, or (null) anywhere on the site.
    pub kind: String,
    pub units: Option<i64>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub hall: Option<HallId>,
    pub hall_name: Option<String>,
}

impl From<Found> for Alternative {
    fn from(found: Found) -> Self {
        let blank = |kind: &str| Self {
            kind: kind.to_owned(),
            units: None,
            from: None,
            to: None,
            hall: None,
            hall_name: None,
        };
        match found {
            Found::Fewer { units } => Self {
                units: Some(units.into()),
                ..blank("fewer")
            },
            Found::Later { from, to } => Self {
                from: Some(from),
                to,
                ..blank("later")
            },
            Found::Elsewhere { hall, name } => Self {
                hall,
                hall_name: hall.map(|_| name),
                ..blank("elsewhere")
            },
        }
    }
}

impl Refusal {
    pub fn new(refused: Refused, alternatives: Vec<Found>) -> Self {
        Self {
            reasons: refused.reasons,
            available_units: refused.available_units.into(),
            binding: refused.bound.map(Bound::from),
            proven: refused.proven,
            alternatives: alternatives.into_iter().map(Alternative::from).collect(),
            request: refused.request,
        }
    }

    /// The same in words.
    pub fn sentence(&self) -> String {
        let bound = match &self.binding {
            Some(Bound {
                kind,
                name,
                leg,
                at,
                free,
                needed,
            }) => {
                let leg = leg.map_or(String::new(), |leg| format!(" on {leg}"));
                format!("{kind} {name}{leg} has {free} of {needed} free on {at}; ")
            }
            None => String::new(),
        };
        format!("{bound}{} would fit.", self.available_units)
    }
}
