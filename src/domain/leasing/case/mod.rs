//! Worked capacity cases: a site, a list of operations, and what each must answer.

mod raw;

use self::raw::{RawCase, RawNode, RawRestriction, RawZone, each, position};
use super::place::{
    Booking, Demand, Limits, Needs, Piece, Refusal, Site, check_assignment, legs_from_supply,
    legs_from_watts, most_units, place,
};
use crate::domain::calendar::Window;
use crate::domain::site::{CoolingKind, Leg, Supply, Workload};
use crate::domain::units::Watts;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;

/// A case as it is parsed: the site by position, the operations in order.
#[derive(Clone, Debug)]
pub struct Case {
    pub name: String,
    pub why: String,
    pub time_zone: String,
    pub site: Site,
    pub nodes: Vec<String>,
    /// The power nodes' nameplates, position by position.
    pub ratings: Vec<Rating>,
    pub zones: Vec<String>,
    pub racks: Vec<String>,
    pub ops: Vec<Op>,
}

/// What stands on a power node's nameplate, and the share of it that may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rating {
    Power {
        watts: Decimal,
        usable: Decimal,
    },
    /// `leg: None` is three-phase.
    Supply {
        volts: Decimal,
        amps: Decimal,
        leg: Option<Leg>,
        usable: Decimal,
    },
}

impl Rating {
    pub fn usable(&self) -> Decimal {
        match self {
            Self::Power { usable, .. } | Self::Supply { usable, .. } => *usable,
        }
    }

    fn legs(&self) -> [i64; 3] {
        match self {
            Self::Power { watts, usable } => legs_from_watts(*watts, *usable),
            Self::Supply {
                volts,
                amps,
                leg,
                usable,
            } => legs_from_supply(*volts, *amps, *leg, *usable),
        }
    }
}

/// One operation with what it must answer; no other kind parses.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub enum Op {
    Reserve(Reserve),
    Cancel { id: String, expect: Option<String> },
    Assign(Assign),
}

/// `expect` is `accepted`, a reason's code, or `refused` for any reason.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reserve {
    pub id: String,
    pub tenant: Option<String>,
    pub workload: Workload,
    pub cooling: CoolingKind,
    pub units: u32,
    pub watts_each: i64,
    pub supply: Supply,
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
    /// A planner's what-if expects nothing.
    #[serde(default)]
    pub expect: Option<String>,
    pub available_units: Option<u32>,
    pub reasons: Option<Vec<String>>,
}

/// Staff give a booking its racks: those named, or those it has. Answers `assigned`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assign {
    pub id: String,
    #[serde(default)]
    pub pieces: Vec<AssignedPiece>,
    pub expect: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssignedPiece {
    pub rack: String,
    pub leg: Option<Leg>,
    pub units: u32,
}

/// Why a case could not be read.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    #[error("not a capacity case: {0}")]
    Json(#[from] serde_json::Error),
    #[error("{0}")]
    Meaning(String),
}

impl Case {
    /// Reads the JSON text of a case.
    pub fn parse(text: &str) -> Result<Self, CaseError> {
        let raw: RawCase = serde_json::from_str(text)?;
        let nodes: Vec<String> = raw.site.power.iter().map(|node| node.id.clone()).collect();
        let zones: Vec<String> = raw
            .site
            .cooling
            .iter()
            .map(|zone| zone.id.clone())
            .collect();
        let racks = raw.site.racks.iter().map(|rack| rack.id.clone()).collect();
        let site = Site {
            nodes: each(&raw.site.power, |node| node.read(&nodes))?,
            zones: each(&raw.site.cooling, RawZone::read)?,
            racks: each(&raw.site.racks, |rack| rack.read(&nodes, &zones))?,
            restrictions: each(&raw.site.restrictions, RawRestriction::read)?,
            outages: each(&raw.site.outages, |outage| outage.read(&nodes))?,
        };
        let ratings = each(&raw.site.power, RawNode::rating)?;
        let RawCase { name, why, ops, .. } = raw;
        let time_zone = raw.site.time_zone;
        Ok(Self {
            name,
            why,
            time_zone,
            site,
            nodes,
            ratings,
            zones,
            racks,
            ops,
        })
    }

    /// Plays the operations against the decisions alone, every accepted booking unassigned, and
    /// tells each answer that is not the expected one. Empty when all are.
    pub fn play(&self, limits: &Limits) -> Vec<String> {
        let mut live: Vec<(String, Booking)> = vec![];
        let mut wrong = vec![];
        for op in &self.ops {
            match op {
                Op::Reserve(request) => self.reserve(request, &mut live, &mut wrong, limits),
                Op::Cancel { id, expect } => {
                    live.retain(|(live, _)| live != id);
                    compare(
                        id,
                        expect.as_deref().unwrap_or("cancelled"),
                        "cancelled",
                        &mut wrong,
                    );
                }
                Op::Assign(choice) => self.assign(choice, &mut live, &mut wrong, limits),
            }
        }
        wrong
    }

    fn reserve(
        &self,
        request: &Reserve,
        live: &mut Vec<(String, Booking)>,
        wrong: &mut Vec<String>,
        limits: &Limits,
    ) {
        let Some(demand) = request.demand() else {
            return wrong.push(format!("{}: its end is not after its start", request.id));
        };
        let bookings: Vec<Booking> = live.iter().map(|(_, booking)| booking.clone()).collect();
        if let (Some(most), "accepted") = (request.available_units, request.expected()) {
            let found = most_units(&self.site, &bookings, &demand, limits).units;
            compare(&request.id, &most.to_string(), &found.to_string(), wrong);
        }
        match place(&self.site, &bookings, &demand, limits) {
            Ok(placed) => {
                compare(&request.id, request.expected(), "accepted", wrong);
                for (at, witness) in placed.moved {
                    live[at].1.witness = witness;
                }
                let booking = Booking {
                    demand,
                    witness: placed.pieces,
                    assigned: false,
                };
                live.push((request.id.clone(), booking));
            }
            Err(refusal) => request.compare_refusal(&refusal, wrong),
        }
    }

    fn assign(
        &self,
        choice: &Assign,
        live: &mut [(String, Booking)],
        wrong: &mut Vec<String>,
        limits: &Limits,
    ) {
        let expect = choice.expect.as_deref().unwrap_or("assigned");
        let Some(at) = live.iter().position(|(id, _)| *id == choice.id) else {
            return wrong.push(format!("{}: no such booking to assign", choice.id));
        };
        let chosen = each(&choice.pieces, |piece| {
            let rack = position(&self.racks, &piece.rack)?;
            Ok(Piece {
                rack,
                leg: piece.leg,
                units: piece.units,
            })
        });
        let pieces = match chosen {
            Ok(pieces) if pieces.is_empty() => live[at].1.witness.clone(),
            Ok(pieces) => pieces,
            Err(error) => return wrong.push(format!("{}: {error}", choice.id)),
        };
        let bookings: Vec<Booking> = live.iter().map(|(_, booking)| booking.clone()).collect();
        match check_assignment(&self.site, &bookings, at, &pieces, limits) {
            Ok(placed) => {
                compare(&choice.id, expect, "assigned", wrong);
                for (at, witness) in placed.moved {
                    live[at].1.witness = witness;
                }
                live[at].1.witness = placed.pieces;
                live[at].1.assigned = true;
            }
            Err(_) if expect == "refused" => {}
            Err(refusal) => compare(&choice.id, expect, refusal.reasons[0].code(), wrong),
        }
    }
}

impl Reserve {
    /// What is asked for; `None` where the end is not after the start.
    pub fn demand(&self) -> Option<Demand> {
        Some(Demand {
            workload: self.workload,
            cooling: self.cooling,
            units: self.units,
            watts_each: Watts(self.watts_each),
            supply: self.supply,
            window: Window::new(self.from, self.to)?,
            racks: None,
            needs: Needs::default(),
        })
    }

    /// A case without an expectation expects the request to fit.
    pub fn expected(&self) -> &str {
        self.expect.as_deref().unwrap_or("accepted")
    }

    fn compare_refusal(&self, refusal: &Refusal, wrong: &mut Vec<String>) {
        let found = refusal.reasons[0].code();
        if self.expected() != "refused" {
            compare(&self.id, self.expected(), found, wrong);
        }
        if let Some(reasons) = &self.reasons {
            let all: Vec<&str> = refusal.reasons.iter().map(|reason| reason.code()).collect();
            compare(&self.id, &reasons.join(" "), &all.join(" "), wrong);
        }
        if let Some(most) = self.available_units {
            compare(
                &self.id,
                &most.to_string(),
                &refusal.available_units.to_string(),
                wrong,
            );
        }
    }
}

fn compare(id: &str, expected: &str, found: &str, wrong: &mut Vec<String>) {
    if expected != found {
        wrong.push(format!("{id}: expected {expected}, found {found}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_answers_as_it_must() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/capacity");
        let mut wrong = vec![];
        let mut played = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            let case = Case::parse(&text).unwrap();
            let found = case.play(&Limits::default());
            wrong.extend(
                found
                    .into_iter()
                    .map(|line| format!("{}: {line}", case.name)),
            );
            played += 1;
        }
        wrong.extend((played < 17).then(|| format!("only {played} cases")));
        assert_eq!(wrong, [""; 0]);
    }

    #[test]
    fn an_unknown_operation_is_an_error() {
        let site = r#"{"time_zone": "UTC", "power": [], "cooling": [], "racks": []}"#;
        let text =
            format!(r#"{{"name": "x", "site": {site}, "ops": [{{"op": "swap", "id": "a"}}]}}"#);
        assert!(Case::parse(&text).unwrap_err().to_string().contains("swap"));
    }
}
