//! Worked capacity cases: a site, a list of operations, and what each must answer.

mod raw;

use self::raw::{RawCase, RawNode, RawReserve, RawRestriction, RawZone, each, position};
use super::place::{
    Booking, Demand, Limits, Needs, PartsRefusal, Piece, Site, check_assignment, legs_from_supply,
    legs_from_watts, most_units, place_all,
};
use crate::domain::calendar::Window;
use crate::domain::site::{CoolingKind, Leg, Redundancy, SlotsEach, Supply, Workload};
use crate::domain::units::Watts;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;
use std::collections::BTreeMap;

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
    pub rules: Rules,
    pub ops: Vec<Op>,
}

/// The rules of admission: the site's, and those of tenants by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    pub site: Option<Redundancy>,
    pub tenants: BTreeMap<String, Redundancy>,
}

impl Rules {
    /// The stricter of the site's and the tenant's.
    pub fn of(&self, tenant: &str) -> Redundancy {
        let own = self.tenants.get(tenant).copied();
        let site = self.site.unwrap_or(Redundancy::N);
        site.stricter(own.unwrap_or(Redundancy::N))
    }
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

/// A request of one part or several. `expect` is `accepted`, a reason's code, or `refused` for any.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "RawReserve")]
pub struct Reserve {
    pub id: String,
    pub tenant: Option<String>,
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
    pub parts: Vec<Part>,
    /// A planner's what-if expects nothing.
    pub expect: Option<String>,
    /// One number, or one a part.
    pub available_units: Option<Vec<u32>>,
    pub reasons: Option<Vec<String>>,
}

/// Equal machines, or whole racks of a kind.
#[derive(Clone, Debug)]
pub struct Part {
    pub workload: Workload,
    pub cooling: CoolingKind,
    /// Machines, or racks.
    pub units: u32,
    pub watts_each: i64,
    pub supply: Supply,
    pub whole_racks: bool,
    pub two_feeds: bool,
    /// Only these racks, by name.
    pub racks: Option<Vec<String>>,
}

/// Staff give a booking its racks: those named, or those it has. Answers `assigned`. `part` counts
/// from 1; without it all parts are confirmed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assign {
    pub id: String,
    pub part: Option<usize>,
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
        let rules = Rules {
            site: raw.site.redundancy,
            tenants: raw.site.tenants,
        };
        Ok(Self {
            name,
            why,
            time_zone,
            site,
            nodes,
            ratings,
            zones,
            racks,
            rules,
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
        let Some(demands) = self.demands(request) else {
            return wrong.push(format!("{}: unknown racks, or no window", request.id));
        };
        let bookings: Vec<Booking> = live.iter().map(|(_, booking)| booking.clone()).collect();
        if let (Some(most), "accepted", [demand]) =
            (&request.available_units, request.expected(), &demands[..])
        {
            let found = most_units(&self.site, &bookings, demand, limits).units;
            compare(&request.id, &text(most), &found.to_string(), wrong);
        }
        match place_all(&self.site, &bookings, &demands, limits) {
            Ok(placed) => {
                compare(&request.id, request.expected(), "accepted", wrong);
                for (at, witness) in placed.moved {
                    live[at].1.witness = witness;
                }
                for (demand, witness) in demands.into_iter().zip(placed.parts) {
                    let booking = Booking {
                        demand,
                        witness,
                        assigned: false,
                    };
                    live.push((request.id.clone(), booking));
                }
            }
            Err(refusal) => request.compare_refusal(&refusal, wrong),
        }
    }

    /// What is asked for; `None` where the end is not after the start or a rack is unknown.
    pub fn demands(&self, request: &Reserve) -> Option<Vec<Demand>> {
        let window = Window::new(request.from, request.to)?;
        let redundancy = self.rules.of(request.tenant());
        let demand = |part: &Part| {
            let named = |names: &Vec<String>| -> Option<Vec<usize>> {
                let mut racks = each(names, |name| position(&self.racks, name)).ok()?;
                racks.sort_unstable();
                Some(racks)
            };
            let racks = match &part.racks {
                None => None,
                Some(names) => Some(named(names)?),
            };
            Some(Demand {
                workload: part.workload,
                cooling: part.cooling,
                units: part.units,
                watts_each: Watts(part.watts_each),
                supply: part.supply,
                window,
                racks,
                needs: Needs {
                    slots_each: if part.whole_racks {
                        SlotsEach::WholeRack
                    } else {
                        SlotsEach::One
                    },
                    two_feeds: part.two_feeds,
                    redundancy,
                },
            })
        };
        request.parts.iter().map(demand).collect()
    }

    fn assign(
        &self,
        choice: &Assign,
        live: &mut [(String, Booking)],
        wrong: &mut Vec<String>,
        limits: &Limits,
    ) {
        let expect = choice.expect.as_deref().unwrap_or("assigned");
        let own = |(_, (id, _)): &(usize, &(String, Booking))| *id == choice.id;
        let mut parts: Vec<usize> = live
            .iter()
            .enumerate()
            .filter(own)
            .map(|(at, _)| at)
            .collect();
        if let Some(part) = choice.part {
            parts = parts
                .get(part.wrapping_sub(1))
                .copied()
                .into_iter()
                .collect();
        }
        if parts.is_empty() {
            return wrong.push(format!("{}: no such booking to assign", choice.id));
        }
        let mut found = "assigned";
        for at in parts {
            let pieces = match self.chosen(choice, &live[at].1) {
                Ok(pieces) => pieces,
                Err(error) => return wrong.push(format!("{}: {error}", choice.id)),
            };
            let bookings: Vec<Booking> = live.iter().map(|(_, booking)| booking.clone()).collect();
            match check_assignment(&self.site, &bookings, at, &pieces, limits) {
                Ok(placed) => {
                    for (at, witness) in placed.moved {
                        live[at].1.witness = witness;
                    }
                    live[at].1.witness = placed.pieces;
                    live[at].1.assigned = true;
                }
                Err(_) if expect == "refused" => return,
                Err(refusal) => found = refusal.reasons[0].code(),
            }
        }
        compare(&choice.id, expect, found, wrong);
    }

    /// The racks named, or those that the booking has.
    fn chosen(&self, choice: &Assign, booking: &Booking) -> Result<Vec<Piece>, CaseError> {
        if choice.pieces.is_empty() {
            return Ok(booking.witness.clone());
        }
        each(&choice.pieces, |piece| {
            Ok(Piece {
                rack: position(&self.racks, &piece.rack)?,
                leg: piece.leg,
                units: piece.units,
            })
        })
    }
}

impl Reserve {
    pub fn tenant(&self) -> &str {
        self.tenant.as_deref().unwrap_or("tenant")
    }

    /// A case without an expectation expects the request to fit.
    pub fn expected(&self) -> &str {
        self.expect.as_deref().unwrap_or("accepted")
    }

    fn compare_refusal(&self, refusal: &PartsRefusal, wrong: &mut Vec<String>) {
        let found = refusal.reasons[0].code();
        if self.expected() != "refused" {
            compare(&self.id, self.expected(), found, wrong);
        }
        if let Some(reasons) = &self.reasons {
            let all: Vec<&str> = refusal.reasons.iter().map(|reason| reason.code()).collect();
            compare(&self.id, &reasons.join(" "), &all.join(" "), wrong);
        }
        if let Some(most) = &self.available_units {
            compare(
                &self.id,
                &text(most),
                &text(&refusal.available_units),
                wrong,
            );
        }
    }
}

fn text(units: &[u32]) -> String {
    let each: Vec<String> = units.iter().map(ToString::to_string).collect();
    each.join(" ")
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
