//! One invoice as JSON, for other programs.
//!
//! The shape is stable: fields may be added, none changes its meaning without another `format`.
//! Amounts, quantities, rates and prices are decimal strings in major units (`"5305382.78"`);
//! dates are `yyyy-mm-dd`, the period is `yyyy-mm`; `to` of a span is exclusive; fields that a
//! line's kind does not have are absent.
//!
//! ```json
//! {"format": "innkeeper-invoice/1", "number": "2026-000412", "issue_date": "2026-11-01",
//!  "due_date": "2026-11-11", "period": "2026-10", "currency": "RUB",
//!  "lease": "L-0007", "site": "Sosnovy Bor",
//!  "seller": {"name": "…", "inn": "…", "kpp": "…", "ogrn": "…", "address": "…", "email": "…",
//!             "registry_number": "…"},
//!  "bank": {"name": "…", "bic": "…", "account": "…", "correspondent_account": "…"},
//!  "buyer": {"name": "…"},
//!  "lines": [{"kind": "energy", "description": "…", "quantity": "571204.118", "unit": "kWh",
//!             "unit_price": "5.4321", "net": "3102837.89", "zone": "day",
//!             "version_from": "2026-10-01", "from": "2026-10-01", "to": "2026-11-01"}],
//!  "net": "4348674.41", "vat_payer": true, "vat_rate": "0.22", "vat": "956708.37",
//!  "total": "5305382.78",
//!  "energy": {"metered_kwh": "855317.538", "estimated_kwh": "3118.000"}}
//! ```

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;

use super::document::{Bank, InvoiceDocument, Party, describe};
use crate::domain::billing::invoice_plan::{Line, LineKind, Unit};
use crate::domain::money::Currency;
use crate::text::Locale;

#[derive(Serialize)]
struct Invoice<'a> {
    format: &'static str,
    number: &'a str,
    issue_date: NaiveDate,
    due_date: NaiveDate,
    period: String,
    currency: Currency,
    lease: &'a str,
    site: &'a str,
    seller: &'a Party,
    bank: &'a Bank,
    buyer: &'a Party,
    lines: Vec<InvoiceLine<'a>>,
    net: Decimal,
    vat_payer: bool,
    vat_rate: Decimal,
    vat: Decimal,
    total: Decimal,
    energy: Energy,
}

#[derive(Serialize)]
struct InvoiceLine<'a> {
    kind: LineKind,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<Decimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<Unit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_price: Option<Decimal>,
    net: Decimal,
    #[serde(skip_serializing_if = "Option::is_none")]
    zone: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    availability: Option<Decimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version_from: Option<NaiveDate>,
    from: NaiveDate,
    to: Option<NaiveDate>,
}

#[derive(Serialize)]
struct Energy {
    metered_kwh: Decimal,
    estimated_kwh: Decimal,
}

impl<'a> InvoiceLine<'a> {
    fn new(locale: Locale, line: &'a Line) -> Self {
        Self {
            kind: line.kind,
            description: describe(locale, line),
            quantity: line.quantity,
            unit: line.unit,
            unit_price: line.unit_price,
            net: line.net.major(),
            zone: line.zone.as_deref(),
            days: line.days,
            availability: line.availability,
            version_from: line.version_from,
            from: line.window.from,
            to: line.window.to,
        }
    }
}

/// The invoice as indented JSON, UTF-8, ended by a line feed; the same invoice gives the same bytes.
pub fn json(document: &InvoiceDocument) -> Vec<u8> {
    let plan = &document.plan;
    let invoice = Invoice {
        format: "innkeeper-invoice/1",
        number: &document.number,
        issue_date: document.issue_date,
        due_date: document.due_date,
        period: document.period().to_string(),
        currency: document.currency(),
        lease: &document.lease_number,
        site: &document.site_name,
        seller: &document.operator,
        bank: &document.bank,
        buyer: &document.tenant,
        lines: plan
            .lines
            .iter()
            .map(|line| InvoiceLine::new(document.locale, line))
            .collect(),
        net: plan.net.major(),
        vat_payer: document.vat_payer,
        vat_rate: plan.vat_rate,
        vat: plan.vat.major(),
        total: plan.total.major(),
        energy: Energy {
            metered_kwh: plan.metered_wh.kilo(),
            estimated_kwh: plan.estimated_wh.kilo(),
        },
    };
    let mut bytes =
        serde_json::to_vec_pretty(&invoice).expect("strings, numbers and lists are always JSON");
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
mod tests {
    use super::super::document::samples;
    use super::*;

    #[test]
    fn the_shape_is_as_documented() {
        let value: serde_json::Value =
            serde_json::from_slice(&json(&samples::october(Locale::En))).unwrap();
        let keys: Vec<_> = value
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(
            keys,
            [
                "format",
                "number",
                "issue_date",
                "due_date",
                "period",
                "currency",
                "lease",
                "site",
                "seller",
                "bank",
                "buyer",
                "lines",
                "net",
                "vat_payer",
                "vat_rate",
                "vat",
                "total",
                "energy",
            ]
        );
        assert_eq!(value["total"], "5305382.78");
        assert_eq!(value["period"], "2026-10");
        assert_eq!(value["lines"][0]["quantity"], "571204.118");
        assert_eq!(value["lines"][0]["unit"], "kWh");
        assert_eq!(value["lines"][5]["kind"], "sla_credit");
        assert_eq!(value["lines"][5].get("quantity"), None);
    }
}
