//! A typical month for somebody who has no readings yet.

use super::{
    Contracted, Interval, LeaseTerms, MeterUsage, RackShare, RateError, RateInput, VatRate, rate,
};
use crate::domain::billing::invoice_plan::InvoicePlan;
use crate::domain::billing::plan::PlanVersion;
use crate::domain::calendar::{Month, Span, Zone};
use crate::domain::money::Currency;
use crate::domain::units::{WattHours, Watts};
use rust_decimal::Decimal;

/// What is asked for, as if it were held for all of `month`.
#[derive(Clone, Debug)]
pub struct QuoteInput {
    pub currency: Currency,
    pub vat: Vec<VatRate>,
    pub zone: Zone,
    pub month: Month,
    pub plan: Vec<PlanVersion>,
    /// Contracted power.
    pub kw: Decimal,
    /// Racks held, shares included: `2.5`.
    pub racks: Decimal,
    /// The load at every moment.
    pub watts: Watts,
}

/// The meter's name in a quote's explanations.
pub const NOMINAL: &str = "nominal";

const HALF_HOUR: i64 = 1_800;

/// `rate` on nominal load: every half-hour of the month at `watts`.
///
/// # Errors
/// As `rate`: a month in which no version, zone or VAT rate holds, amounts that do not fit.
pub fn quote(input: &QuoteInput) -> Result<InvoicePlan, Vec<RateError>> {
    let start = input.month.first();
    let intervals = nominal(input.zone.month_span(input.month), input.watts).ok_or_else(|| {
        vec![RateError::Overflow {
            what: "the nominal load",
        }]
    })?;
    rate(&RateInput {
        currency: input.currency,
        vat: input.vat.clone(),
        zone: input.zone,
        period: input.month,
        lease: LeaseTerms {
            start,
            end: None,
            contracted: vec![Contracted {
                from: start,
                kw: input.kw,
            }],
            racks: vec![RackShare {
                rack: NOMINAL.to_owned(),
                from: start,
                to: None,
                share: input.racks,
            }],
        },
        plan: input.plan.clone(),
        outages: vec![],
        charges: vec![],
        usage: vec![MeterUsage {
            meter: NOMINAL.to_owned(),
            intervals,
            ..MeterUsage::default()
        }],
        complete: true,
    })
}

/// Half-hours whose watt-hours add up to the load's, odd watts included.
fn nominal(span: Span, watts: Watts) -> Option<Vec<Interval>> {
    let reached = |seconds: i64| Some(watts.0.checked_mul(seconds)? / 3_600);
    let mut intervals = vec![];
    let mut done = 0;
    while done < span.seconds() {
        let seconds = HALF_HOUR.min(span.seconds() - done);
        intervals.push(Interval {
            start: span.from.plus_seconds(done),
            seconds,
            wh: WattHours(reached(done + seconds)? - reached(done)?),
            estimated: false,
        });
        done += seconds;
    }
    Some(intervals)
}
