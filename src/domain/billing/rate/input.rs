//! What pricing a month needs, all of it given.

use crate::codes;
use crate::domain::billing::plan::PlanVersion;
use crate::domain::calendar::{Month, Span, Zone};
use crate::domain::metering::MeterUsage;
use crate::domain::money::Currency;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// One lease's month as the rest of the program loads it.
#[derive(Clone, Debug)]
pub struct RateInput {
    pub currency: Currency,
    pub vat: Vec<VatRate>,
    pub zone: Zone,
    pub period: Month,
    pub lease: LeaseTerms,
    /// In any order.
    pub plan: Vec<PlanVersion>,
    pub outages: Vec<OutageEvent>,
    /// In the order of entry; those outside the period are left out.
    pub charges: Vec<Charge>,
    pub usage: Vec<MeterUsage>,
    /// False: the readings are known to leave holes, and that is accepted.
    pub complete: bool,
}

/// A share (`0.22`) from a local date on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VatRate {
    pub from: NaiveDate,
    pub rate: Decimal,
}

/// The lease's `[start, end)` in local dates and what it holds when.
#[derive(Clone, Debug)]
pub struct LeaseTerms {
    pub start: NaiveDate,
    pub end: Option<NaiveDate>,
    pub contracted: Vec<Contracted>,
    pub racks: Vec<RackShare>,
}

/// Contracted power in kW from a local date on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contracted {
    pub from: NaiveDate,
    pub kw: Decimal,
}

/// A rack held for a window; a whole rack has share 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RackShare {
    pub rack: String,
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
    pub share: Decimal,
}

codes!(
    /// Why a lease's power was out.
    Cause { Host = "host", Curtailment = "curtailment", Tenant = "tenant" }
);

/// `kw` (not negative) out for a span of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutageEvent {
    pub span: Span,
    pub kw: Decimal,
    pub cause: Cause,
}

/// A one-off charge, or with a negative quantity a credit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    pub date: NaiveDate,
    pub description: String,
    pub quantity: Decimal,
    pub unit_price: Decimal,
}
