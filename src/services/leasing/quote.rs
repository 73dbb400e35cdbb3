//! What a typical month would cost, by the site's published plan, on nominal load.

use super::reserve::Wish;
use crate::db::Conn;
use crate::db::billing::plans;
use crate::db::site::sites;
use crate::domain::billing::invoice_plan::InvoicePlan;
use crate::domain::billing::rate::{QuoteInput, quote};
use crate::domain::calendar::Month;
use crate::domain::money::Currency;
use crate::domain::units::Watts;
use crate::error::Result;
use crate::services::billing::rating::vat_rates;
use chrono::Datelike;
use rust_decimal::Decimal;

/// A priced month.
#[derive(Clone, Debug)]
pub struct Priced {
    pub plan: String,
    pub currency: Currency,
    pub month: InvoicePlan,
    /// Racks held, parts of racks by slots.
    pub racks: Decimal,
}

/// The price, where the site has a plan that prices that month; and how long the site holds.
pub fn priced(conn: &mut Conn, wish: &Wish, racks: Decimal) -> Result<(Option<Priced>, i64)> {
    let site = sites::get(conn, wish.site)?;
    let Some(id) = site.plan_id else {
        return Ok((None, site.hold_hours));
    };
    let plan = plans::get(conn, id)?;
    let Some(currency) = Currency::parse(&plan.currency) else {
        return Ok((None, site.hold_hours));
    };
    let watts = Watts(wish.watts_each.0.saturating_mul(i64::from(wish.units)));
    let input = QuoteInput {
        currency,
        vat: vat_rates(conn)?,
        zone: site.zone(),
        month: typical(wish),
        plan: plans::published(conn, id)?,
        kw: watts.kilo(),
        racks,
        watts,
    };
    let priced = quote(&input).ok().map(|month| Priced {
        plan: plan.name,
        currency,
        month,
        racks,
    });
    Ok((priced, site.hold_hours))
}

/// The first whole month of the term.
fn typical(wish: &Wish) -> Month {
    let month = Month::of(wish.window.from);
    if wish.window.from.day() == 1 {
        month
    } else {
        month.next()
    }
}
