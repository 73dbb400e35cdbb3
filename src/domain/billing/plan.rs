//! Price plans: dated versions of prices. Their JSON form is the one of the rating cases' `plan`.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// The most decimals that a price may carry.
pub const PRICE_DECIMALS: u32 = 6;

/// The prices that hold from a local date until the next version's.
///
/// Prices are per kWh, or per kW or rack and calendar month, in the plan's currency, without VAT.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanVersion {
    pub effective_from: NaiveDate,
    pub energy: EnergyPrices,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity_per_kw_month: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rack_per_month: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub take_or_pay: Option<TakeOrPay>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sla: Vec<SlaRow>,
}

/// Energy prices by time of day; the first listed zone that holds a time prices it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnergyPrices {
    pub zones: Vec<PriceZone>,
    /// Metered energy is multiplied by this before it is priced; none is 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss_factor: Option<Decimal>,
}

impl EnergyPrices {
    pub fn loss_factor(&self) -> Decimal {
        self.loss_factor.unwrap_or(Decimal::ONE)
    }
}

/// A span of the local day with its price per kWh.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceZone {
    pub name: String,
    pub from: DayTime,
    pub to: DayTime,
    pub price: Decimal,
}

impl PriceZone {
    /// Whether this local time is inside: half-open, may pass midnight, equal ends are the whole day.
    pub fn holds(&self, time: DayTime) -> bool {
        if self.from == self.to {
            true
        } else if self.from < self.to {
            self.from <= time && time < self.to
        } else {
            time >= self.from || time < self.to
        }
    }
}

/// A minimum that is paid for whether it was used or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeOrPay {
    /// The share of the contracted energy, 0 to 1.
    pub load_factor: Decimal,
    /// Per kWh short of the minimum.
    pub price: Decimal,
}

/// Availability strictly under `below` (0 to 1) gives `credit` (0 to 1) of the hosting cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlaRow {
    pub below: Decimal,
    pub credit: Decimal,
}

/// A local time of day in whole minutes, `07:00`; `24:00` is read as midnight.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct DayTime(u16);

impl DayTime {
    pub const MINUTES: u16 = 1_440;

    /// `None` from 1440 minutes on.
    pub fn from_minutes(minutes: u16) -> Option<Self> {
        (minutes < Self::MINUTES).then_some(Self(minutes))
    }

    /// `HH:MM`.
    pub fn parse(text: &str) -> Option<Self> {
        let (hours, minutes) = text.trim().split_once(':')?;
        let two = |part: &str| {
            let digits = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| part.parse::<u16>().ok()).flatten()
        };
        let (hours, minutes) = (two(hours)?, two(minutes)?);
        if (hours, minutes) == (24, 0) {
            return Some(Self(0));
        }
        (hours < 24 && minutes < 60).then_some(Self(hours * 60 + minutes))
    }

    pub fn minutes(self) -> u16 {
        self.0
    }
}

impl fmt::Display for DayTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl From<DayTime> for String {
    fn from(time: DayTime) -> Self {
        time.to_string()
    }
}

impl TryFrom<String> for DayTime {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or_else(|| format!("'{text}' is not a time of day like 07:00"))
    }
}

crate::codes!(
    /// What is wrong with a field of a plan.
    PlanFault {
        Empty = "empty",
        Repeated = "repeated",
        Negative = "negative",
        TooManyDecimals = "too_many_decimals",
        NotAShare = "not_a_share",
        NotPositive = "not_positive",
        Late = "late",
    }
);

impl PlanFault {
    /// For a reader of English.
    pub fn text(self) -> &'static str {
        match self {
            Self::Empty => "must not be empty",
            Self::Repeated => "is there twice",
            Self::Negative => "must not be negative",
            Self::TooManyDecimals => "may have at most 6 decimals",
            Self::NotAShare => "must be between 0 and 1",
            Self::NotPositive => "must be more than 0",
            Self::Late => "must be later than the version before it",
        }
    }
}

/// One fault, at a field named as in the JSON form: `energy.zones.0.price`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} {}", .fault.text())]
pub struct PlanError {
    pub field: String,
    pub fault: PlanFault,
}

impl PlanVersion {
    /// One error per field at most; none where the version can be published.
    pub fn validate(&self) -> Vec<PlanError> {
        let mut faults = Faults(vec![]);
        self.check_energy(&mut faults);
        faults.price("capacity_per_kw_month", self.capacity_per_kw_month);
        faults.price("rack_per_month", self.rack_per_month);
        if let Some(minimum) = &self.take_or_pay {
            faults.share("take_or_pay.load_factor", minimum.load_factor);
            faults.price("take_or_pay.price", Some(minimum.price));
        }
        self.check_sla(&mut faults);
        faults.0
    }

    fn check_energy(&self, faults: &mut Faults) {
        if self.energy.zones.is_empty() {
            faults.add("energy.zones".into(), PlanFault::Empty);
        }
        let mut names = BTreeSet::new();
        for (at, zone) in self.energy.zones.iter().enumerate() {
            let name = zone.name.trim();
            if name.is_empty() {
                faults.add(format!("energy.zones.{at}.name"), PlanFault::Empty);
            } else if !names.insert(name) {
                faults.add(format!("energy.zones.{at}.name"), PlanFault::Repeated);
            }
            faults.price(&format!("energy.zones.{at}.price"), Some(zone.price));
        }
        if let Some(factor) = self.energy.loss_factor {
            if factor <= Decimal::ZERO {
                faults.add("energy.loss_factor".into(), PlanFault::NotPositive);
            } else {
                faults.price("energy.loss_factor", Some(factor));
            }
        }
    }

    fn check_sla(&self, faults: &mut Faults) {
        let mut thresholds = BTreeSet::new();
        for (at, row) in self.sla.iter().enumerate() {
            let below = format!("sla.{at}.below");
            if row.below.is_zero() {
                faults.add(below, PlanFault::NotPositive);
            } else if !thresholds.insert(row.below) {
                faults.add(below, PlanFault::Repeated);
            } else {
                faults.share(&below, row.below);
            }
            faults.share(&format!("sla.{at}.credit"), row.credit);
        }
    }
}

/// A plan's versions as a whole: each one's faults under `0.…`, and dates that rise.
pub fn validate_versions(versions: &[PlanVersion]) -> Vec<PlanError> {
    if versions.is_empty() {
        return vec![PlanError {
            field: "plan".into(),
            fault: PlanFault::Empty,
        }];
    }
    let mut errors = vec![];
    for (at, version) in versions.iter().enumerate() {
        if at > 0 && version.effective_from <= versions[at - 1].effective_from {
            let field = format!("{at}.effective_from");
            errors.push(PlanError {
                field,
                fault: PlanFault::Late,
            });
        }
        errors.extend(version.validate().into_iter().map(|error| PlanError {
            field: format!("{at}.{}", error.field),
            fault: error.fault,
        }));
    }
    errors
}

struct Faults(Vec<PlanError>);

impl Faults {
    fn add(&mut self, field: String, fault: PlanFault) {
        self.0.push(PlanError { field, fault });
    }

    fn price(&mut self, field: &str, price: Option<Decimal>) {
        let Some(price) = price else { return };
        if price < Decimal::ZERO {
            self.add(field.into(), PlanFault::Negative);
        } else if price.normalize().scale() > PRICE_DECIMALS {
            self.add(field.into(), PlanFault::TooManyDecimals);
        }
    }

    fn share(&mut self, field: &str, share: Decimal) {
        if share < Decimal::ZERO || share > Decimal::ONE {
            self.add(field.into(), PlanFault::NotAShare);
        }
    }
}
