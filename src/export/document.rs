//! An invoice as it was issued: everything that its PDF, sheet and page show, frozen as one value.
//!
//! Its JSON is stored with the invoice, so a later change of a name or an address leaves it as it
//! was. Line texts are made here, once, for every format and for the page.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::table::{Cell, Column, Kind, Table};
use crate::domain::billing::invoice_plan::{Explain, InvoicePlan, Line, LineKind, Unit};
use crate::domain::calendar::Month;
use crate::domain::money::Currency;
use crate::text::{Locale, format, t, t_with};

/// Who sells or buys. An empty text is a detail that this party does not have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    pub name: String,
    pub inn: String,
    pub kpp: String,
    pub ogrn: String,
    pub address: String,
    pub email: String,
    /// Entry in the register of mining infrastructure operators, or of miners.
    pub registry_number: String,
}

/// Where to pay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bank {
    pub name: String,
    pub bic: String,
    pub account: String,
    pub correspondent_account: String,
}

/// The frozen content of an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceDocument {
    pub number: String,
    /// Local dates of the operator.
    pub issue_date: NaiveDate,
    pub due_date: NaiveDate,
    /// The tenant's language.
    pub locale: Locale,
    pub operator: Party,
    pub tenant: Party,
    pub bank: Bank,
    pub director: String,
    pub accountant: String,
    pub lease_number: String,
    pub site_name: String,
    /// Whether the operator charges VAT at all; if not, the document says «Без НДС».
    pub vat_payer: bool,
    pub plan: InvoicePlan,
}

impl InvoiceDocument {
    pub fn period(&self) -> Month {
        self.plan.period
    }

    pub fn currency(&self) -> Currency {
        self.plan.currency
    }

    /// «Счёт на оплату № 2026-000412 от 1 ноября 2026 г.»
    pub fn title(&self) -> String {
        let date = format::date_long(self.locale, self.issue_date);
        t_with(
            self.locale,
            "doc-title",
            &[("number", (&self.number).into()), ("date", date.into())],
        )
    }

    /// What the payer writes into the payment order.
    pub fn payment_purpose(&self) -> String {
        let locale = self.locale;
        t_with(
            locale,
            "doc-purpose",
            &[
                ("number", (&self.number).into()),
                ("date", format::date(locale, self.issue_date).into()),
                ("lease", (&self.lease_number).into()),
                ("vat", self.vat_phrase().into()),
            ],
        )
    }

    /// «в том числе НДС 22 % — 956 708,37 ₽», or «НДС не облагается».
    fn vat_phrase(&self) -> String {
        if !self.vat_payer {
            return t(self.locale, "doc-no-vat-phrase");
        }
        let vat = format::money(self.locale, self.plan.vat, self.currency());
        t_with(
            self.locale,
            "doc-vat-phrase",
            &[("rate", self.vat_rate().into()), ("vat", vat.into())],
        )
    }

    /// `22 %`.
    pub fn vat_rate(&self) -> String {
        format::share(self.locale, self.plan.vat_rate, 2)
    }

    /// The sums under the lines: label and amount, the last of them what is to be paid.
    pub fn sums(&self) -> Vec<(String, String)> {
        let (locale, plan) = (self.locale, &self.plan);
        let amount = |minor| format::amount(locale, minor);
        let vat = if self.vat_payer {
            let rate = self.vat_rate();
            (
                t_with(locale, "doc-vat", &[("rate", rate.into())]),
                amount(plan.vat),
            )
        } else {
            (t(locale, "doc-no-vat"), "—".to_owned())
        };
        let total = t_with(
            locale,
            "doc-payable",
            &[("sign", self.currency().sign().into())],
        );
        vec![
            (t(locale, "doc-net"), amount(plan.net)),
            vat,
            (total, amount(plan.total)),
        ]
    }

    /// «В том числе по оценке 3 118 кВт·ч (0,5 %)…»; `None` where everything was measured.
    pub fn estimated_note(&self) -> Option<String> {
        let InvoicePlan {
            estimated_wh,
            metered_wh,
            ..
        } = self.plan;
        if estimated_wh.0 <= 0 || metered_wh.0 <= 0 {
            return None;
        }
        let share = Decimal::from(estimated_wh.0) / Decimal::from(metered_wh.0);
        Some(t_with(
            self.locale,
            "doc-estimated",
            &[
                ("energy", format::kwh(self.locale, estimated_wh).into()),
                ("share", format::share(self.locale, share, 2).into()),
            ],
        ))
    }

    /// The lines as a list for a sheet: nets are summed there, VAT and total are on the document.
    pub fn lines_table(&self) -> Table {
        let (locale, money) = (self.locale, Kind::Money(self.currency()));
        let head = |key: &str| t(locale, key);
        let with_sign = |key: &str| format!("{}, {}", t(locale, key), self.currency().sign());
        let mut table = Table::new(
            format!("{} {}", head("doc-invoice"), self.number),
            vec![
                Column::new(head("doc-column-no"), Kind::Integer),
                Column::new(head("doc-column-description"), Kind::Text),
                Column::new(head("doc-column-quantity"), Kind::Decimal(6)),
                Column::new(head("doc-column-unit"), Kind::Text),
                Column::new(with_sign("doc-column-price"), Kind::Decimal(6)),
                Column::summed(with_sign("doc-column-net"), money),
            ],
        );
        for (index, line) in (1_i64..).zip(&self.plan.lines) {
            table.push(vec![
                index.into(),
                describe(locale, line).into(),
                billed(line).into(),
                unit(locale, line).into(),
                line.unit_price.into(),
                Cell::Money(line.net),
            ]);
        }
        table
    }
}

/// What a line bills, in words: «Электроэнергия, зона «день», тариф с 1 ноября 2026».
pub fn describe(locale: Locale, line: &Line) -> String {
    let since = match line.version_from {
        Some(day) => t_with(
            locale,
            "doc-since",
            &[("date", format::date_long(locale, day).into())],
        ),
        None => String::new(),
    };
    match (line.kind, &line.explain) {
        (LineKind::Energy, explain) => describe_energy(locale, line, explain, &since),
        (LineKind::Shortfall, _) => {
            t_with(locale, "doc-line-shortfall", &[("since", since.into())])
        }
        (LineKind::Capacity, explain) => describe_capacity(locale, line, explain),
        (LineKind::RackRent, _) => t_with(locale, "doc-line-rack-rent", &[("since", since.into())]),
        (LineKind::Charge, _) => line.description.clone().unwrap_or_default(),
        (LineKind::SlaCredit, explain) => {
            let availability = format::share(locale, line.availability.unwrap_or_default(), 4);
            let credit = match explain {
                Explain::SlaCredit(sla) => format::share(locale, sla.row.credit, 4),
                _ => String::new(),
            };
            let args = [
                ("availability", availability.into()),
                ("credit", credit.into()),
            ];
            t_with(locale, "doc-line-sla-credit", &args)
        }
    }
}

fn describe_energy(locale: Locale, line: &Line, explain: &Explain, since: &str) -> String {
    let Explain::Energy(energy) = explain else {
        return t_with(locale, "doc-line-energy", &[("since", since.into())]);
    };
    let losses = match energy.loss_factor {
        factor if factor == Decimal::ONE => String::new(),
        factor => {
            let factor = format::number_up_to(locale, factor, 6);
            t_with(locale, "doc-line-losses", &[("factor", factor.into())])
        }
    };
    let what = match &line.zone {
        Some(zone) if energy.zone_from != energy.zone_to => t_with(
            locale,
            "doc-line-energy-zone",
            &[("zone", zone.into()), ("since", since.into())],
        ),
        _ => t_with(locale, "doc-line-energy", &[("since", since.into())]),
    };
    what + &losses
}

fn describe_capacity(locale: Locale, line: &Line, explain: &Explain) -> String {
    let days = line.days.unwrap_or_default();
    let of = match explain {
        Explain::Capacity(capacity) => capacity.days_in_month,
        _ => days,
    };
    let kw = format::number_up_to(locale, line.quantity.unwrap_or_default(), 6);
    t_with(
        locale,
        "doc-line-capacity",
        &[("kw", kw.into()), ("days", days.into()), ("of", of.into())],
    )
}

/// The unit of a line's quantity; empty for charges and credits.
pub fn unit(locale: Locale, line: &Line) -> String {
    match line.unit {
        Some(Unit::Kwh) => format::unit_kwh(locale).to_owned(),
        Some(Unit::Kw) => t(locale, "doc-unit-kw-month"),
        Some(Unit::RackDay) => t(locale, "doc-unit-rack-month"),
        None => String::new(),
    }
}

/// The quantity whose product with the price is the line's net, but for rounding: power and racks
/// are priced by the month, so a part of one is a part of the quantity; six decimals.
fn billed(line: &Line) -> Option<Decimal> {
    let quantity = line.quantity?;
    let part = match &line.explain {
        Explain::Capacity(it) => quantity
            .checked_mul(it.days.into())?
            .checked_div(it.days_in_month.into()),
        Explain::RackRent(it) => quantity.checked_div(it.days_in_month.into()),
        _ => Some(quantity),
    };
    part.map(|part| part.round_dp(6).normalize())
}

/// The quantity in the reader's form: energy with three decimals, the rest with up to six.
pub fn quantity(locale: Locale, line: &Line) -> String {
    match (billed(line), line.unit) {
        (None, _) => String::new(),
        (Some(value), Some(Unit::Kwh)) => format::number(locale, value, 3),
        (Some(value), _) => format::number_up_to(locale, value, 6),
    }
}

/// The price in the reader's form: as given, with two decimals at least.
pub fn unit_price(locale: Locale, line: &Line) -> String {
    line.unit_price.map_or_else(String::new, |price| {
        let places = price.scale().clamp(2, 6);
        format::number(locale, price, places)
    })
}

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;
