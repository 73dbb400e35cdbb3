//! One-off charges and credits that finance entered.

use super::exact::{Exact, fits};
use super::{Charge, RateError};
use crate::domain::billing::invoice_plan::{ChargeExplain, Explain, Line, LineKind};
use crate::domain::calendar::{Month, Window};
use crate::domain::money::Minor;

/// Those dated in the period, whether the lease is active then or not: by date, then as given.
pub(super) fn lines(period: Month, charges: &[Charge]) -> Result<Vec<Line>, RateError> {
    let month = period.window();
    let mut dated: Vec<_> = charges
        .iter()
        .filter(|charge| month.contains(charge.date))
        .collect();
    dated.sort_by_key(|charge| charge.date);
    dated
        .into_iter()
        .map(|charge| fits(line(charge), "a charge"))
        .collect()
}

fn line(charge: &Charge) -> Option<Line> {
    let net = Exact::of(charge.quantity)
        .times(charge.unit_price)?
        .round_over(1, 2)?;
    Some(Line {
        kind: LineKind::Charge,
        net: Minor(net),
        quantity: Some(charge.quantity),
        unit: None,
        unit_price: Some(charge.unit_price),
        zone: None,
        days: None,
        description: Some(charge.description.clone()),
        availability: None,
        version_from: None,
        window: Window {
            from: charge.date,
            to: charge.date.succ_opt(),
        },
        explain: Explain::Charge(ChargeExplain { date: charge.date }),
    })
}
