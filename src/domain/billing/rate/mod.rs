//! **rate**: a lease, its plan, usage and events become a priced month.
//!
//! Pure and exact: no clock, no floats; what does not fit is an error, never a wrong amount.

mod capacity;
mod charges;
mod coverage;
mod energy;
mod error;
mod exact;
mod input;
mod outages;
mod quote;
mod rent;
mod shortfall;
mod sla;
mod terms;

pub use crate::domain::metering::{Hole, HoleKind, Interval, MeterUsage};
pub use error::RateError;
pub use input::{
    Cause, Charge, Contracted, LeaseTerms, OutageEvent, RackShare, RateInput, VatRate,
};
pub use quote::{QuoteInput, quote};

use super::invoice_plan::{InvoicePlan, Line, LineKind};
use crate::domain::money::Minor;
use crate::domain::units::WattHours;
use coverage::Meters;
use energy::Energy;
use exact::{Exact, fits};
use rust_decimal::Decimal;
use terms::Terms;

/// Prices one lease for one calendar month.
///
/// Lines stand in the order energy, shortfall, capacity, rack rent, charges, credit. Every amount
/// is rounded half away from zero to 0.01 once, on its line; VAT once, on the sum.
///
/// # Errors
/// All reasons that are found, not only the first.
pub fn rate(input: &RateInput) -> Result<InvoicePlan, Vec<RateError>> {
    let mut errors = vec![];
    let vat_rate = vat_rate(input).map_err(|error| errors.push(error)).ok();
    let meters = Meters::of(&input.usage);
    match terms::active_window(input) {
        Some(active) => errors.extend(meters.check(input, active)),
        None => errors.push(RateError::NoActiveDay {
            period: input.period,
        }),
    }
    let terms = Terms::of(input).map_err(|found| errors.extend(found)).ok();
    let (Some(terms), Some(vat_rate), true) = (terms, vat_rate, errors.is_empty()) else {
        return Err(errors);
    };
    let energy = Energy::sum(&terms, &meters)?;
    plan(input, &terms, &energy, vat_rate).map_err(|error| vec![error])
}

fn plan(
    input: &RateInput,
    terms: &Terms,
    energy: &Energy,
    vat_rate: Decimal,
) -> Result<InvoicePlan, RateError> {
    let mut lines = energy.lines(terms)?;
    lines.extend(shortfall::line(terms, &input.outages, energy.metered)?);
    lines.extend(capacity::lines(terms)?);
    lines.extend(rent::lines(terms, &input.lease.racks)?);
    lines.extend(charges::lines(input.period, &input.charges)?);
    lines.extend(sla::line(terms, &input.outages, &lines)?);
    let net = fits(sum(&lines, |_| true), "the sum of the lines")?;
    let vat = Exact::of(net.major())
        .times(vat_rate)
        .and_then(|vat| vat.round_over(1, 2));
    let vat = fits(vat, "VAT")?;
    let total = fits(net.0.checked_add(vat), "the total")?;
    Ok(InvoicePlan {
        currency: input.currency,
        period: input.period,
        lines,
        net,
        vat_rate,
        vat: Minor(vat),
        total: Minor(total),
        estimated_wh: WattHours(energy.estimated),
        metered_wh: WattHours(energy.metered),
    })
}

/// The row in force on the last day of the period, whatever the contract's dates.
fn vat_rate(input: &RateInput) -> Result<Decimal, RateError> {
    let day = input
        .period
        .end()
        .pred_opt()
        .unwrap_or(input.period.first());
    let row = input
        .vat
        .iter()
        .filter(|row| row.from <= day)
        .max_by_key(|row| row.from);
    row.map(|row| row.rate).ok_or(RateError::NoVatRate { day })
}

/// The nets of the chosen kinds of lines.
fn sum(lines: &[Line], of: impl Fn(LineKind) -> bool) -> Option<Minor> {
    let mut chosen = lines.iter().filter(|line| of(line.kind));
    chosen
        .try_fold(0_i64, |sum, line| sum.checked_add(line.net.0))
        .map(Minor)
}
