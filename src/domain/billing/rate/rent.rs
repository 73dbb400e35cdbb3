//! Racks at their monthly price, by the day and by the share that is held.

use super::exact::{Exact, fits};
use super::terms::{Day, Terms, window};
use super::{RackShare, RateError};
use crate::domain::billing::invoice_plan::{
    Explain, Line, LineKind, RackDays, RackRentExplain, Unit,
};
use crate::domain::calendar::Window;
use crate::domain::money::Minor;
use rust_decimal::Decimal;

/// A line for each version with a price and at least a part of a rack-day.
pub(super) fn lines(terms: &Terms, racks: &[RackShare]) -> Result<Vec<Line>, RateError> {
    let what = "a rack rent line";
    let mut lines = vec![];
    for days in terms.by_version() {
        let Some(price) = terms.version(&days[0]).rack_per_month else {
            continue;
        };
        let held = fits(held(days, racks), what)?;
        let rack_days = held
            .iter()
            .try_fold(Decimal::ZERO, |sum, rack| sum.checked_add(rack.rack_days));
        let rack_days = fits(rack_days, what)?.normalize();
        if !rack_days.is_zero() {
            lines.push(fits(line(terms, days, price, rack_days, held), what)?);
        }
    }
    Ok(lines)
}

fn held(days: &[Day], racks: &[RackShare]) -> Option<Vec<RackDays>> {
    let held = racks.iter().map(|rack| {
        let window = Window {
            from: rack.from,
            to: rack.to,
        };
        let days = days.iter().filter(|day| window.contains(day.date)).count();
        let days = u32::try_from(days).ok()?;
        let rack_days = rack.share.checked_mul(days.into())?;
        Some(RackDays {
            rack: rack.rack.clone(),
            share: rack.share,
            days,
            rack_days,
        })
    });
    held.filter(|rack| rack.as_ref().is_none_or(|rack| rack.days > 0))
        .collect()
}

fn line(
    terms: &Terms,
    days: &[Day],
    price: Decimal,
    rack_days: Decimal,
    racks: Vec<RackDays>,
) -> Option<Line> {
    let days_in_month = terms.days_in_month;
    let net = Exact::of(rack_days)
        .times(price)?
        .round_over(days_in_month.into(), 2)?;
    Some(Line {
        kind: LineKind::RackRent,
        net: Minor(net),
        quantity: Some(rack_days),
        unit: Some(Unit::RackDay),
        unit_price: Some(price),
        zone: None,
        days: None,
        description: None,
        availability: None,
        version_from: Some(terms.version(&days[0]).effective_from),
        window: window(days),
        explain: Explain::RackRent(RackRentExplain {
            rack_days,
            days_in_month,
            racks,
        }),
    })
}
