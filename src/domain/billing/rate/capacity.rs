//! Contracted power at its monthly price, by the day.

use super::RateError;
use super::exact::{Exact, fits};
use super::terms::{Day, Terms, window};
use crate::domain::billing::invoice_plan::{CapacityExplain, Explain, Line, LineKind, Unit};
use crate::domain::money::Minor;
use rust_decimal::Decimal;

/// A line for each run of active days with the same power and the same price, also across versions.
pub(super) fn lines(terms: &Terms) -> Result<Vec<Line>, RateError> {
    let price = |day: &Day| terms.version(day).capacity_per_kw_month;
    let segments = terms
        .days
        .chunk_by(|a, b| a.kw == b.kw && price(a) == price(b));
    let priced = segments.filter_map(|days| Some((days, price(&days[0])?)));
    priced
        .map(|(days, price)| fits(line(terms, days, price), "a capacity line"))
        .collect()
}

fn line(terms: &Terms, segment: &[Day], price: Decimal) -> Option<Line> {
    let Day { kw, .. } = segment[0];
    let window = window(segment);
    let days = u32::try_from(segment.len()).ok()?;
    let product = Exact::of(kw).times_whole(days.into())?.times(price)?;
    Some(Line {
        kind: LineKind::Capacity,
        net: Minor(product.round_over(terms.days_in_month.into(), 2)?),
        quantity: Some(kw),
        unit: Some(Unit::Kw),
        unit_price: Some(price),
        zone: None,
        days: Some(days),
        description: None,
        availability: None,
        version_from: Some(terms.version(&segment[0]).effective_from),
        window,
        explain: Explain::Capacity(CapacityExplain {
            from: window.from,
            to: window.to?,
            kw,
            days,
            days_in_month: terms.days_in_month,
        }),
    })
}
