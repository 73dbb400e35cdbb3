//! What a typical month would cost, by the site's published plan, on nominal load.

use crate::db::Conn;
use crate::db::billing::plans;
use crate::db::site::sites;
use crate::domain::billing::invoice_plan::{InvoicePlan, Line, LineKind};
use crate::domain::billing::rate::{QuoteInput, quote};
use crate::domain::calendar::Month;
use crate::domain::money::Currency;
use crate::domain::units::Watts;
use crate::error::Result;
use crate::services::billing::rating::vat_rates;
use crate::services::leasing::reserve::Wish;
use crate::web::page::Page;
use chrono::Datelike;
use rust_decimal::Decimal;

/// A quote as the page shows it.
pub struct Quote {
    pub lines: Vec<(String, String)>,
    pub vat: Option<(String, String)>,
    pub total: String,
    pub note: String,
}

/// A priced month before it has a language.
pub struct Priced {
    plan: String,
    currency: Currency,
    month: InvoicePlan,
    racks: Decimal,
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

impl Priced {
    pub fn shown(&self, page: &Page) -> Quote {
        let lines = self.month.lines.iter().map(|line| self.line(page, line));
        let percent = self.month.vat_rate * Decimal::ONE_HUNDRED;
        let vat = (!self.month.vat_rate.is_zero()).then(|| {
            (
                page.t1("quote-vat", "rate", page.pct(percent, 2)),
                page.amount(self.month.vat),
            )
        });
        Quote {
            lines: lines.collect(),
            vat,
            total: page.money(self.month.total, self.currency),
            note: page.t2(
                "quote-note",
                "plan",
                &self.plan,
                "month",
                page.month(self.month.period),
            ),
        }
    }

    fn line(&self, page: &Page, line: &Line) -> (String, String) {
        let price = line.unit_price.unwrap_or_default();
        let quantity = line.quantity.unwrap_or_default();
        let term = match line.kind {
            LineKind::Energy => page.t3(
                "quote-energy",
                ("zone", line.zone.clone().unwrap_or_default()),
                ("kwh", page.num(quantity, 0)),
                ("price", page.dec(price.normalize())),
            ),
            LineKind::Capacity => page.t2(
                "quote-capacity",
                "kw",
                page.dec(quantity.normalize()),
                "price",
                page.dec(price.normalize()),
            ),
            LineKind::RackRent => page.t2(
                "quote-rent",
                "racks",
                page.dec(self.racks.round_dp(2).normalize()),
                "price",
                page.dec(price.normalize()),
            ),
            other => page.code("quote-line", other),
        };
        (term, page.amount(line.net))
    }
}
