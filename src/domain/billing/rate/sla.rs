//! The service level: power that the host did not give earns a credit on the hosting cost.

use super::exact::{Exact, fits};
use super::outages::{Taken, taken};
use super::shortfall::round_wh;
use super::terms::Terms;
use super::{Cause, OutageEvent, RateError, sum};
use crate::domain::billing::invoice_plan::{Explain, Line, LineKind, Lost, SlaExplain};
use crate::domain::billing::plan::SlaRow;
use crate::domain::money::Minor;
use crate::domain::units::WattHours;
use rust_decimal::Decimal;
use std::cmp::Ordering;

/// The credit on `lines` by the rows of the last active day's version, if one of them applies.
pub(super) fn line(
    terms: &Terms,
    outages: &[OutageEvent],
    lines: &[Line],
) -> Result<Option<Line>, RateError> {
    let last = terms.last_version();
    if last.sla.is_empty() {
        return Ok(None);
    }
    let what = "the availability";
    let taken = fits(taken(terms, outages, |cause| cause == Cause::Host), what)?;
    let power = fits(Power::of(terms, &taken), what)?;
    let Some(row) = fits(power.row(&last.sla), what)? else {
        return Ok(None);
    };
    let (availability, explain) = fits(explain(&power, row, &taken, lines), what)?;
    let credit = Exact::of(explain.base.major()).times(row.credit);
    let credit = credit.and_then(|credit| credit.round_over(1, 2)?.checked_neg());
    Ok(Some(Line {
        kind: LineKind::SlaCredit,
        net: Minor(fits(credit, "the credit")?),
        quantity: None,
        unit: None,
        unit_price: None,
        zone: None,
        days: None,
        description: None,
        availability: Some(availability),
        version_from: Some(last.effective_from),
        window: terms.window(),
        explain: Explain::SlaCredit(explain),
    }))
}

/// Both in kW·s over the active days.
struct Power {
    lost: Exact,
    contracted: Exact,
}

impl Power {
    fn of(terms: &Terms, taken: &[Taken]) -> Option<Self> {
        let over = |sum: Exact, kw, seconds| sum.plus(Exact::of(kw).times_whole(seconds)?);
        let mut days = terms.days.iter();
        let mut taken = taken.iter();
        Some(Self {
            lost: taken.try_fold(Exact::ZERO, |sum, it| over(sum, it.kw, it.span.seconds()))?,
            contracted: days
                .try_fold(Exact::ZERO, |sum, it| over(sum, it.kw, it.span.seconds()))?,
        })
    }

    /// The row with the smallest threshold that the exact availability is strictly under.
    fn row<'a>(&self, rows: &'a [SlaRow]) -> Option<Option<&'a SlaRow>> {
        if self.contracted.is_zero() {
            return Some(None);
        }
        let given = self.contracted.minus(self.lost)?;
        let mut found: Option<&SlaRow> = None;
        for row in rows {
            let under = given.compare(self.contracted.times(row.below)?)? == Ordering::Less;
            if under && found.is_none_or(|found| row.below < found.below) {
                found = Some(row);
            }
        }
        Some(found)
    }
}

fn explain(
    power: &Power,
    row: &SlaRow,
    taken: &[Taken],
    lines: &[Line],
) -> Option<(Decimal, SlaExplain)> {
    let given = power.contracted.minus(power.lost)?;
    let availability = Decimal::new(given.round_ratio(power.contracted, 6)?, 6);
    let energy_net = sum(lines, |kind| kind == LineKind::Energy)?;
    let capacity_net = sum(lines, |kind| kind == LineKind::Capacity)?;
    let rack_rent_net = sum(lines, |kind| kind == LineKind::RackRent)?;
    let base = energy_net
        .0
        .checked_add(capacity_net.0)?
        .checked_add(rack_rent_net.0)?;
    let explain = SlaExplain {
        lost_wh: WattHours(round_wh(power.lost)?),
        contracted_wh: WattHours(round_wh(power.contracted)?),
        row: row.clone(),
        energy_net,
        capacity_net,
        rack_rent_net,
        base: Minor(base),
        lost: taken
            .iter()
            .map(|it| Lost {
                span: it.span,
                kw: it.kw,
            })
            .collect(),
    };
    Some((availability, explain))
}
