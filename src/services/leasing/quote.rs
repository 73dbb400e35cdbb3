//! What a typical month would cost, by the site's published plan, on nominal load.

use super::reserve::Wish;
use crate::db::Conn;
use crate::db::billing::plans;
use crate::db::site::sites::{self, Site};
use crate::domain::billing::invoice_plan::InvoicePlan;
use crate::domain::billing::plan::PlanVersion;
use crate::domain::billing::rate::{QuoteInput, VatRate, quote};
use crate::domain::calendar::Month;
use crate::domain::ids::SiteId;
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

/// What a site prices wishes by.
pub struct Prices {
    pub site: Site,
    published: Option<(String, Currency, Vec<PlanVersion>)>,
    vat: Vec<VatRate>,
}

impl Prices {
    pub fn load(conn: &mut Conn, site: SiteId) -> Result<Self> {
        let site = sites::get(conn, site)?;
        let mut published = None;
        if let Some(id) = site.plan_id {
            let plan = plans::get(conn, id)?;
            if let Some(currency) = Currency::parse(&plan.currency) {
                published = Some((plan.name, currency, plans::published(conn, id)?));
            }
        }
        Ok(Self {
            site,
            published,
            vat: vat_rates(conn)?,
        })
    }

    /// The price, where the site has a plan that prices that month.
    pub fn of(&self, wish: &Wish, racks: Decimal) -> Option<Priced> {
        let (name, currency, plan) = self.published.as_ref()?;
        let watts = Watts(wish.watts_each.0.saturating_mul(i64::from(wish.units)));
        let input = QuoteInput {
            currency: *currency,
            vat: self.vat.clone(),
            zone: self.site.zone(),
            month: typical(wish),
            plan: plan.clone(),
            kw: watts.kilo(),
            racks,
            watts,
        };
        Some(Priced {
            plan: name.clone(),
            currency: *currency,
            month: quote(&input).ok()?,
            racks,
        })
    }
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
