//! A capacity case as it stands in its file, before names become positions.

use super::{CaseError, Op, Part, Rating, Reserve};
use crate::domain::calendar::Window;
use crate::domain::leasing::place::{CoolingZone, Node, Outage, Rack, Restriction};
use crate::domain::site::{CoolingKind, Leg, RackPhase, Redundancy, Supply, Workload};
use crate::domain::units::Watts;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawCase {
    pub name: String,
    #[serde(default)]
    pub why: String,
    pub site: RawSite,
    pub ops: Vec<Op>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawSite {
    pub time_zone: String,
    pub power: Vec<RawNode>,
    pub cooling: Vec<RawZone>,
    pub racks: Vec<RawRack>,
    #[serde(default)]
    pub restrictions: Vec<RawRestriction>,
    #[serde(default)]
    pub outages: Vec<RawOutage>,
    /// The site's rule of admission, and those of its tenants.
    pub redundancy: Option<Redundancy>,
    #[serde(default)]
    pub tenants: BTreeMap<String, Redundancy>,
}

/// A request as it is written: of one part, or of `parts` that take over its workload and cooling.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawReserve {
    id: String,
    tenant: Option<String>,
    from: NaiveDate,
    to: Option<NaiveDate>,
    workload: Option<Workload>,
    cooling: Option<CoolingKind>,
    units: Option<u32>,
    whole_racks: Option<u32>,
    watts_each: Option<i64>,
    supply: Option<Supply>,
    feeds: Option<u8>,
    racks: Option<Vec<String>>,
    parts: Option<Vec<RawPart>>,
    expect: Option<String>,
    available_units: Option<Units>,
    reasons: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawPart {
    workload: Option<Workload>,
    cooling: Option<CoolingKind>,
    units: Option<u32>,
    whole_racks: Option<u32>,
    watts_each: Option<i64>,
    supply: Option<Supply>,
    feeds: Option<u8>,
    racks: Option<Vec<String>>,
}

/// Of one part, or of each.
#[derive(Deserialize)]
#[serde(untagged)]
enum Units {
    One(u32),
    Each(Vec<u32>),
}

impl TryFrom<RawReserve> for Reserve {
    type Error = String;

    fn try_from(raw: RawReserve) -> Result<Self, String> {
        let id = raw.id;
        let alone = RawPart {
            workload: raw.workload,
            cooling: raw.cooling,
            units: raw.units,
            whole_racks: raw.whole_racks,
            watts_each: raw.watts_each,
            supply: raw.supply,
            feeds: raw.feeds,
            racks: raw.racks,
        };
        let parts = match raw.parts {
            None => vec![alone.read(None, None)],
            Some(_) if alone.describes() => {
                return Err(format!("{id}: machines beside its parts"));
            }
            Some(parts) => parts
                .into_iter()
                .map(|part| part.read(raw.workload, raw.cooling))
                .collect(),
        };
        let parts: Option<Vec<Part>> = parts.into_iter().collect();
        let parts = parts.filter(|parts| !parts.is_empty());
        Ok(Self {
            parts: parts.ok_or_else(|| format!("{id}: what is asked for?"))?,
            id,
            tenant: raw.tenant,
            from: raw.from,
            to: raw.to,
            expect: raw.expect,
            available_units: raw.available_units.map(|units| match units {
                Units::One(units) => vec![units],
                Units::Each(units) => units,
            }),
            reasons: raw.reasons,
        })
    }
}

impl RawPart {
    /// Whether it says more than what parts take over.
    fn describes(&self) -> bool {
        self.units.is_some()
            || self.whole_racks.is_some()
            || self.watts_each.is_some()
            || self.supply.is_some()
            || self.feeds.is_some()
            || self.racks.is_some()
    }

    fn read(self, workload: Option<Workload>, cooling: Option<CoolingKind>) -> Option<Part> {
        let (units, whole_racks) = match (self.units, self.whole_racks) {
            (Some(units), None) => (units, false),
            (None, Some(racks)) => (racks, true),
            _ => return None,
        };
        let two_feeds = match self.feeds {
            None | Some(1) => false,
            Some(2) => true,
            Some(_) => return None,
        };
        Some(Part {
            workload: self.workload.or(workload)?,
            cooling: self.cooling.or(cooling)?,
            units,
            watts_each: self.watts_each?,
            supply: self.supply?,
            whole_racks,
            two_feeds,
            racks: self.racks,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawNode {
    pub id: String,
    pub parent: Option<String>,
    pub rating_kw: Option<Number>,
    pub volts: Option<Number>,
    pub amps: Option<Number>,
    pub phases: Option<u32>,
    pub leg: Option<Leg>,
    pub usable: Number,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawZone {
    pub id: String,
    pub kind: CoolingKind,
    pub units_kw: Vec<Number>,
    #[serde(default)]
    pub spare_units: u32,
    #[serde(default)]
    pub derate_by_month: BTreeMap<String, Number>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawRack {
    pub id: String,
    pub feeds: Vec<String>,
    pub zone: String,
    pub slots: u32,
    pub limit_kw: Number,
    pub phase: RackPhase,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawRestriction {
    pub workload: Workload,
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawOutage {
    pub node: String,
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
}

/// A decimal, written as text or as a number.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Number {
    Text(String),
    Plain(serde_json::Number),
}

impl Number {
    pub fn read(&self) -> Result<Decimal, CaseError> {
        let text = match self {
            Self::Text(text) => text.clone(),
            Self::Plain(number) => number.to_string(),
        };
        text.parse()
            .map_err(|_| CaseError::Meaning(format!("{text} is not a decimal number")))
    }

    fn watts(&self) -> Result<Decimal, CaseError> {
        Ok(self.read()? * Decimal::ONE_THOUSAND)
    }

    fn whole_watts(&self) -> Result<Watts, CaseError> {
        let watts = self.watts()?.floor().to_i64();
        watts
            .map(Watts)
            .ok_or_else(|| CaseError::Meaning("power beyond 64 bits".into()))
    }
}

impl RawNode {
    pub fn rating(&self) -> Result<Rating, CaseError> {
        let usable = self.usable.read()?;
        match (
            &self.rating_kw,
            &self.volts,
            &self.amps,
            self.phases,
            self.leg,
        ) {
            (Some(kw), None, None, None, None) => Ok(Rating::Power {
                watts: kw.watts()?,
                usable,
            }),
            (None, Some(volts), Some(amps), Some(3) | None, None) => Ok(Rating::Supply {
                volts: volts.read()?,
                amps: amps.read()?,
                leg: None,
                usable,
            }),
            (None, Some(volts), Some(amps), Some(1), Some(leg)) => {
                let leg = Some(leg);
                Ok(Rating::Supply {
                    volts: volts.read()?,
                    amps: amps.read()?,
                    leg,
                    usable,
                })
            }
            _ => Err(CaseError::Meaning(format!(
                "node {}: what is its power?",
                self.id
            ))),
        }
    }

    pub fn read(&self, nodes: &[String]) -> Result<Node, CaseError> {
        let parent = self
            .parent
            .as_ref()
            .map(|parent| position(nodes, parent))
            .transpose()?;
        Ok(Node {
            parent,
            legs: self.rating()?.legs(),
            grid: parent.is_none(),
        })
    }
}

impl RawZone {
    pub fn read(&self) -> Result<CoolingZone, CaseError> {
        let mut derate = [Decimal::ONE; 12];
        for (month, share) in &self.derate_by_month {
            let month = month
                .parse::<usize>()
                .ok()
                .and_then(|month| month.checked_sub(1));
            let place = month.and_then(|month| derate.get_mut(month));
            *place.ok_or_else(|| CaseError::Meaning(format!("zone {}: month", self.id)))? =
                share.read()?;
        }
        let units = each(&self.units_kw, Number::whole_watts)?;
        Ok(CoolingZone {
            kind: self.kind,
            units,
            spare_units: self.spare_units,
            derate,
        })
    }
}

impl RawRack {
    pub fn read(&self, nodes: &[String], zones: &[String]) -> Result<Rack, CaseError> {
        let feeds = each(&self.feeds, |feed| position(nodes, feed))?;
        let feeds = match feeds[..] {
            [only] => (only, None),
            [first, second] => (first, Some(second)),
            _ => {
                return Err(CaseError::Meaning(format!(
                    "rack {}: one feed or two",
                    self.id
                )));
            }
        };
        Ok(Rack {
            feeds,
            zone: position(zones, &self.zone)?,
            slots: self.slots,
            limit: self.limit_kw.whole_watts()?,
            phase: self.phase,
            hall: 0,
            row: 0,
        })
    }
}

impl RawRestriction {
    pub fn read(&self) -> Result<Restriction, CaseError> {
        Ok(Restriction {
            workload: self.workload,
            window: window(self.from, self.to)?,
        })
    }
}

impl RawOutage {
    pub fn read(&self, nodes: &[String]) -> Result<Outage, CaseError> {
        Ok(Outage {
            node: position(nodes, &self.node)?,
            window: window(self.from, self.to)?,
        })
    }
}

pub fn window(from: NaiveDate, to: Option<NaiveDate>) -> Result<Window, CaseError> {
    Window::new(from, to)
        .ok_or_else(|| CaseError::Meaning(format!("{from}: ends before it starts")))
}

pub fn position(names: &[String], name: &str) -> Result<usize, CaseError> {
    let found = names.iter().position(|known| known == name);
    found.ok_or_else(|| CaseError::Meaning(format!("{name} is not on the site")))
}

pub fn each<T, U>(
    items: &[T],
    read: impl FnMut(&T) -> Result<U, CaseError>,
) -> Result<Vec<U>, CaseError> {
    items.iter().map(read).collect()
}
