//! What a typical month would cost, in words.

use crate::domain::billing::invoice_plan::{Line, LineKind};
use crate::services::leasing::quote::Priced;
use crate::web::page::Page;
use rust_decimal::Decimal;

/// A quote as the page shows it.
pub struct Quote {
    pub lines: Vec<(String, String)>,
    /// Without VAT and the VAT, where there is any.
    pub vat: Vec<(String, String)>,
    pub total_term: String,
    pub total: String,
    pub note: String,
}

impl Quote {
    pub fn of(page: &Page, priced: &Priced) -> Self {
        let lines = priced
            .month
            .lines
            .iter()
            .map(|line| entry(page, priced, line));
        let percent = priced.month.vat_rate * Decimal::ONE_HUNDRED;
        let month = &priced.month;
        let vat = match month.vat_rate.is_zero() {
            true => vec![],
            false => vec![
                (page.t("bill-net"), page.amount(month.net)),
                (
                    page.t1("quote-vat", "rate", page.pct(percent, 2)),
                    page.amount(month.vat),
                ),
            ],
        };
        Self {
            lines: lines.collect(),
            vat,
            total_term: page.t1("quote-total", "vat", page.gross(month.vat, month.total)),
            total: page.money(priced.month.total, priced.currency),
            note: page.t2(
                "quote-note",
                "plan",
                &priced.plan,
                "month",
                page.month(priced.month.period),
            ),
        }
    }
}

fn entry(page: &Page, priced: &Priced, line: &Line) -> (String, String) {
    let price = line.unit_price.unwrap_or_default();
    let quantity = line.quantity.unwrap_or_default();
    let each = format!(
        "{}\u{a0}{}",
        page.dec(price.normalize()),
        priced.currency.sign()
    );
    let term = match line.kind {
        LineKind::Energy => page.t3(
            "quote-energy",
            ("zone", line.zone.clone().unwrap_or_default()),
            ("kwh", page.num(quantity, 0)),
            ("price", each),
        ),
        LineKind::Capacity => page.t2(
            "quote-capacity",
            "kw",
            page.dec(quantity.normalize()),
            "price",
            each,
        ),
        LineKind::RackRent => page.t2(
            "quote-rent",
            "racks",
            page.dec(priced.racks.round_dp(2).normalize()),
            "price",
            each,
        ),
        other => page.code("quote-line", other),
    };
    (term, page.amount(line.net))
}
