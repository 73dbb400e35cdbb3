//! Take-or-pay: a minimum is billed whether it was used or not, less what the host held back.

use super::exact::{Exact, fits};
use super::outages::{Taken, taken};
use super::terms::{Day, Terms, window};
use super::{Cause, OutageEvent, RateError};
use crate::domain::billing::invoice_plan::{
    Explain, Line, LineKind, MinimumPart, Relief, ShortfallExplain, Unit,
};
use crate::domain::money::Minor;
use crate::domain::units::WattHours;
use rust_decimal::Decimal;

/// The line, if the minimum exceeds the metered energy and the last active day's version has a
/// price for it.
pub(super) fn line(
    terms: &Terms,
    outages: &[OutageEvent],
    metered_wh: i64,
) -> Result<Option<Line>, RateError> {
    let last = terms.last_version();
    let Some(price) = last.take_or_pay.as_ref().map(|minimum| minimum.price) else {
        return Ok(None);
    };
    let what = "the minimum to be taken";
    let held_back = |cause| matches!(cause, Cause::Host | Cause::Curtailment);
    let taken = fits(taken(terms, outages, held_back), what)?;
    let minimum_wh = fits(minimum_wh(terms, &taken), what)?;
    if minimum_wh <= metered_wh {
        return Ok(None);
    }
    let short = fits(minimum_wh.checked_sub(metered_wh), what)?;
    let net = Exact::whole(short)
        .times(price)
        .and_then(|net| net.round_over(1_000, 2));
    Ok(Some(Line {
        kind: LineKind::Shortfall,
        net: Minor(fits(net, "the shortfall")?),
        quantity: Some(WattHours(short).kilo()),
        unit: Some(Unit::Kwh),
        unit_price: Some(price),
        zone: None,
        days: None,
        description: None,
        availability: None,
        version_from: Some(last.effective_from),
        window: terms.window(),
        explain: Explain::Shortfall(ShortfallExplain {
            minimum_wh: WattHours(minimum_wh),
            metered_wh: WattHours(metered_wh),
            minima: fits(minima(terms), what)?,
            reliefs: fits(reliefs(terms, &taken), what)?,
        }),
    }))
}

/// `round0` of the days' minima less the reliefs, rounded once.
fn minimum_wh(terms: &Terms, taken: &[Taken]) -> Option<i64> {
    let mut minimum = Exact::ZERO;
    for day in &terms.days {
        let factor = load_factor(terms, day);
        minimum = minimum.plus(kw_seconds(day.kw, day.span.seconds(), factor)?)?;
    }
    for stretch in taken {
        let factor = load_factor(terms, &terms.days[stretch.day]);
        minimum = minimum.minus(kw_seconds(stretch.kw, stretch.span.seconds(), factor)?)?;
    }
    round_wh(minimum)
}

fn minima(terms: &Terms) -> Option<Vec<MinimumPart>> {
    let same = |a: &Day, b: &Day| a.kw == b.kw && a.version == b.version;
    let parts = terms.days.chunk_by(same).map(|days| {
        let window = window(days);
        let seconds = days.iter().map(|day| day.span.seconds()).sum();
        let load_factor = load_factor(terms, &days[0]);
        Some(MinimumPart {
            from: window.from,
            to: window.to?,
            kw: days[0].kw,
            seconds,
            load_factor,
            wh: WattHours(round_wh(kw_seconds(days[0].kw, seconds, load_factor)?)?),
        })
    });
    parts
        .filter(|part| part.as_ref().is_none_or(|part| !part.load_factor.is_zero()))
        .collect()
}

fn reliefs(terms: &Terms, taken: &[Taken]) -> Option<Vec<Relief>> {
    let reliefs = taken.iter().map(|stretch| {
        let load_factor = load_factor(terms, &terms.days[stretch.day]);
        let wh = round_wh(kw_seconds(stretch.kw, stretch.span.seconds(), load_factor)?)?;
        Some(Relief {
            span: stretch.span,
            kw: stretch.kw,
            load_factor,
            wh: WattHours(wh),
        })
    });
    reliefs
        .filter(|relief| relief.as_ref().is_none_or(|it| !it.load_factor.is_zero()))
        .collect()
}

/// Of the day's own version; a version without take-or-pay asks for nothing.
fn load_factor(terms: &Terms, day: &Day) -> Decimal {
    let minimum = terms.version(day).take_or_pay.as_ref();
    minimum.map_or(Decimal::ZERO, |minimum| minimum.load_factor)
}

fn kw_seconds(kw: Decimal, seconds: i64, load_factor: Decimal) -> Option<Exact> {
    Exact::of(kw).times_whole(seconds)?.times(load_factor)
}

/// kW·s to Wh: × 1000 ÷ 3600, in lowest terms; half away from zero.
pub(super) fn round_wh(kw_seconds: Exact) -> Option<i64> {
    kw_seconds.times_whole(5)?.round_over(18, 0)
}
