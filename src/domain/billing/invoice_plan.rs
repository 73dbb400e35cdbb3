//! A priced month: the quote, the preview and the invoice are this one value.

use crate::codes;
use crate::domain::billing::plan::{DayTime, SlaRow};
use crate::domain::calendar::{Month, Span, Window};
use crate::domain::money::{Currency, Minor};
use crate::domain::units::WattHours;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// One lease's month, line by line. The same inputs give the same value, byte for byte as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoicePlan {
    pub currency: Currency,
    #[serde(with = "month_text")]
    pub period: Month,
    pub lines: Vec<Line>,
    /// The sum of the lines' nets.
    pub net: Minor,
    /// As given in the table of rates: `0.22`.
    pub vat_rate: Decimal,
    pub vat: Minor,
    pub total: Minor,
    /// The part of `metered_wh` that rests on estimates.
    pub estimated_wh: WattHours,
    /// Everything metered and billed, estimates included, before loss factors.
    pub metered_wh: WattHours,
}

codes!(
    /// What a line bills, in the order in which lines stand.
    LineKind {
        Energy = "energy",
        Shortfall = "shortfall",
        Capacity = "capacity",
        RackRent = "rack_rent",
        Charge = "charge",
        SlaCredit = "sla_credit",
    }
);

codes!(
    /// What a line's quantity counts.
    Unit { Kwh = "kWh", Kw = "kW", RackDay = "rack_day" }
);

/// One line. Fields that its kind does not have are `None`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub kind: LineKind,
    pub net: Minor,
    /// energy, shortfall: kWh with three decimals; capacity: kW as contracted; rack_rent: rack-days;
    /// charge: as given; sla_credit: none.
    pub quantity: Option<Decimal>,
    /// None for charges (their own unit) and credits.
    pub unit: Option<Unit>,
    /// As given: per kWh, per kW and month, per rack and month, or the charge's. Credits: none.
    pub unit_price: Option<Decimal>,
    /// energy: the zone's name.
    pub zone: Option<String>,
    /// capacity: the segment's length.
    pub days: Option<u32>,
    /// charge: what finance wrote.
    pub description: Option<String>,
    /// sla_credit: rounded to six decimals.
    pub availability: Option<Decimal>,
    /// The version whose price this is; none for charges.
    pub version_from: Option<NaiveDate>,
    /// The active days that this line covers; a charge's day.
    pub window: Window,
    pub explain: Explain,
}

/// What a line was computed from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Explain {
    Energy(EnergyExplain),
    Shortfall(ShortfallExplain),
    Capacity(CapacityExplain),
    RackRent(RackRentExplain),
    Charge(ChargeExplain),
    SlaCredit(SlaExplain),
}

/// `billed_wh = round0(metered_wh × loss_factor)`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnergyExplain {
    pub zone_from: DayTime,
    pub zone_to: DayTime,
    pub loss_factor: Decimal,
    /// Estimates included.
    pub metered_wh: WattHours,
    pub estimated_wh: WattHours,
    pub billed_wh: WattHours,
    /// How many intervals were summed.
    pub intervals: u32,
    /// Days with an interval, ascending.
    pub by_day: Vec<DayEnergy>,
    /// Meters with an interval, by name.
    pub by_meter: Vec<MeterEnergy>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayEnergy {
    pub date: NaiveDate,
    pub wh: WattHours,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeterEnergy {
    pub meter: String,
    pub wh: WattHours,
    pub estimated_wh: WattHours,
}

/// `minimum_wh` is what had to be taken after reliefs; the line bills `minimum_wh − metered_wh`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShortfallExplain {
    pub minimum_wh: WattHours,
    pub metered_wh: WattHours,
    /// The minimum of each stretch of days with the same power and load factor, before reliefs.
    pub minima: Vec<MinimumPart>,
    pub reliefs: Vec<Relief>,
}

/// `round0(kw × 1000 × hours × load_factor)`, shown; the sum is made before rounding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MinimumPart {
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub kw: Decimal,
    pub seconds: i64,
    pub load_factor: Decimal,
    pub wh: WattHours,
}

/// A stretch of one day in which outages took `kw` (their sum, at most the contracted power).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relief {
    pub span: Span,
    pub kw: Decimal,
    pub load_factor: Decimal,
    pub wh: WattHours,
}

/// `net = round2(kw × days × price / days_in_month)`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapacityExplain {
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub kw: Decimal,
    pub days: u32,
    pub days_in_month: u32,
}

/// `net = round2(rack_days × price / days_in_month)`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RackRentExplain {
    pub rack_days: Decimal,
    pub days_in_month: u32,
    pub racks: Vec<RackDays>,
}

/// One rack's days at one share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RackDays {
    pub rack: String,
    pub share: Decimal,
    pub days: u32,
    pub rack_days: Decimal,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeExplain {
    pub date: NaiveDate,
}

/// `availability = 1 − lost_kwh / contracted_kwh`; `net = −round2(base × row.credit)`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlaExplain {
    /// Rounded to the watt-hour for reading; availability is computed from the exact value.
    pub lost_wh: WattHours,
    pub contracted_wh: WattHours,
    pub row: SlaRow,
    pub energy_net: Minor,
    pub capacity_net: Minor,
    pub rack_rent_net: Minor,
    pub base: Minor,
    /// When the host took power, and how much.
    pub lost: Vec<Lost>,
}

/// A stretch of one day in which host outages took `kw`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    pub span: Span,
    pub kw: Decimal,
}

/// A month as `2026-11`.
mod month_text {
    use crate::domain::calendar::Month;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(month: &Month, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(month)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Month, D::Error> {
        let text = String::deserialize(from)?;
        Month::parse(&text).ok_or_else(|| D::Error::custom("not a month like 2026-11"))
    }
}
