//! A plan's prices between their fields and their value; rows that are left empty are left out.

use crate::domain::billing::plan::{
    DayTime, EnergyPrices, PlanVersion, PriceZone, SlaRow, TakeOrPay,
};
use crate::domain::message::Message;
use crate::error::{Error, FieldError};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::parts::Fact;
use rust_decimal::Decimal;

pub const ZONES: usize = 6;
pub const SLA_ROWS: usize = 4;
const PRICE_DECIMALS: u32 = 6;
const SHARE_DECIMALS: u32 = 4;

fn most() -> Decimal {
    Decimal::from(1_000_000_000)
}

/// The prices that were typed, and which row of the form each zone and SLA row stands in.
pub struct Typed {
    pub terms: PlanVersion,
    zones: Vec<usize>,
    sla: Vec<usize>,
}

pub fn parse(form: &mut Form) -> Option<Typed> {
    let effective_from = form.date("effective_from");
    let (zones, zone_rows) = zones(form);
    let (sla, sla_rows) = sla(form);
    let loss_factor = price(form, "loss_factor");
    let capacity = price(form, "capacity");
    let rack = price(form, "rack");
    let minimum = minimum(form);
    if zone_rows.is_empty() {
        form.fail("zone_0_name", Message::new("bill-plan-zone-needed"));
    }
    if !form.ok() {
        return None;
    }
    Some(Typed {
        terms: PlanVersion {
            effective_from: effective_from?,
            energy: EnergyPrices {
                zones,
                loss_factor: loss_factor?,
            },
            capacity_per_kw_month: capacity?,
            rack_per_month: rack?,
            take_or_pay: minimum?,
            sla,
        },
        zones: zone_rows,
        sla: sla_rows,
    })
}

fn price(form: &mut Form, name: &str) -> Option<Option<Decimal>> {
    form.optional(name, |form| {
        form.decimal(name, Decimal::ZERO..=most(), PRICE_DECIMALS)
    })
}

/// Percents as they are typed, a share of one as it is kept.
fn share(form: &mut Form, name: &str) -> Option<Decimal> {
    let percents = form.decimal(name, Decimal::ZERO..=Decimal::ONE_HUNDRED, SHARE_DECIMALS)?;
    Some((percents / Decimal::ONE_HUNDRED).normalize())
}

fn minimum(form: &mut Form) -> Option<Option<TakeOrPay>> {
    let typed = ["top_factor", "top_price"];
    if typed.iter().all(|name| form.value(name).trim().is_empty()) {
        return Some(None);
    }
    let load_factor = share(form, "top_factor");
    let price = form.decimal("top_price", Decimal::ZERO..=most(), PRICE_DECIMALS);
    Some(Some(TakeOrPay {
        load_factor: load_factor?,
        price: price?,
    }))
}

fn empty(form: &Form, names: &[String]) -> bool {
    names.iter().all(|name| form.value(name).trim().is_empty())
}

fn time(form: &mut Form, name: &str) -> Option<DayTime> {
    let text = form.text(name, 5)?;
    let time = DayTime::parse(&text);
    if time.is_none() {
        form.fail(name, Message::new("bill-plan-time"));
    }
    time
}

fn zones(form: &mut Form) -> (Vec<PriceZone>, Vec<usize>) {
    let (mut zones, mut rows) = (vec![], vec![]);
    for at in 0..ZONES {
        let name = |what: &str| format!("zone_{at}_{what}");
        if empty(form, &[name("name"), name("price")]) {
            continue;
        }
        rows.push(at);
        let called = form.text(&name("name"), 40);
        let (from, to) = (time(form, &name("from")), time(form, &name("to")));
        let price = form.decimal(&name("price"), Decimal::ZERO..=most(), PRICE_DECIMALS);
        if let (Some(name), Some(from), Some(to), Some(price)) = (called, from, to, price) {
            zones.push(PriceZone {
                name,
                from,
                to,
                price,
            });
        }
    }
    (zones, rows)
}

fn sla(form: &mut Form) -> (Vec<SlaRow>, Vec<usize>) {
    let (mut found, mut rows) = (vec![], vec![]);
    for at in 0..SLA_ROWS {
        let (below, credit) = (format!("sla_{at}_below"), format!("sla_{at}_credit"));
        if empty(form, &[below.clone(), credit.clone()]) {
            continue;
        }
        rows.push(at);
        if let (Some(below), Some(credit)) = (share(form, &below), share(form, &credit)) {
            found.push(SlaRow { below, credit });
        }
    }
    (found, rows)
}

impl Typed {
    /// Errors of the prices' own form, `energy.zones.0.price`, under the names of the fields.
    pub fn rename(&self, error: Error) -> Error {
        let Error::Invalid(fields) = error else {
            return error;
        };
        let renamed = fields.into_iter().map(|it| FieldError {
            field: self.field(&it.field),
            message: it.message,
        });
        Error::Invalid(renamed.collect())
    }

    fn field(&self, path: &str) -> String {
        let parts: Vec<&str> = path.split('.').collect();
        let row = |rows: &[usize], at: &str| {
            let at = at.parse::<usize>().ok();
            at.and_then(|at| rows.get(at).copied()).unwrap_or(0)
        };
        match parts.as_slice() {
            ["energy", "zones"] => "zone_0_name".to_owned(),
            ["energy", "zones", at, what] => format!("zone_{}_{what}", row(&self.zones, at)),
            ["energy", "loss_factor"] => "loss_factor".to_owned(),
            ["sla", at, what] => format!("sla_{}_{what}", row(&self.sla, at)),
            ["take_or_pay", "load_factor"] => "top_factor".to_owned(),
            ["take_or_pay", _] => "top_price".to_owned(),
            ["capacity_per_kw_month"] => "capacity".to_owned(),
            ["rack_per_month"] => "rack".to_owned(),
            _ => path.to_owned(),
        }
    }
}

/// A form filled with prices that are there.
pub fn fill(form: Form, terms: &PlanVersion) -> Form {
    let percent = |share: Decimal| (share * Decimal::ONE_HUNDRED).normalize();
    let mut form = form.with("effective_from", terms.effective_from);
    for (at, zone) in terms.energy.zones.iter().enumerate() {
        form = form
            .with(&format!("zone_{at}_name"), &zone.name)
            .with(&format!("zone_{at}_from"), zone.from)
            .with(&format!("zone_{at}_to"), zone.to)
            .with(&format!("zone_{at}_price"), zone.price.normalize());
    }
    for (at, row) in terms.sla.iter().enumerate() {
        form = form
            .with(&format!("sla_{at}_below"), percent(row.below))
            .with(&format!("sla_{at}_credit"), percent(row.credit));
    }
    let prices = [
        ("loss_factor", terms.energy.loss_factor),
        ("capacity", terms.capacity_per_kw_month),
        ("rack", terms.rack_per_month),
    ];
    for (name, price) in prices {
        if let Some(price) = price {
            form = form.with(name, price.normalize());
        }
    }
    if let Some(minimum) = &terms.take_or_pay {
        form = form
            .with("top_factor", percent(minimum.load_factor))
            .with("top_price", minimum.price.normalize());
    }
    form
}

/// Prices as they are read.
pub fn facts(page: &Page, terms: &PlanVersion, sign: &str) -> Vec<Fact> {
    let price = |value: Decimal| {
        let value = value.normalize();
        let places = value.scale().clamp(2, PRICE_DECIMALS);
        format!("{}\u{a0}{sign}", page.num(value, places))
    };
    let mut facts = vec![];
    for zone in &terms.energy.zones {
        let hours = if zone.from == zone.to {
            page.t("bill-x-all-day")
        } else {
            format!("{}–{}", zone.from, zone.to)
        };
        let label = page.t2("bill-plan-zone-of", "name", &zone.name, "hours", hours);
        facts.push(Fact::new(label, price(zone.price)));
    }
    if let Some(factor) = terms.energy.loss_factor {
        facts.push(Fact::new(
            page.t("bill-plan-loss"),
            page.dec(factor.normalize()),
        ));
    }
    if let Some(value) = terms.capacity_per_kw_month {
        facts.push(Fact::new(page.t("bill-plan-capacity"), price(value)));
    }
    if let Some(value) = terms.rack_per_month {
        facts.push(Fact::new(page.t("bill-plan-rack"), price(value)));
    }
    if let Some(minimum) = &terms.take_or_pay {
        let share = page.share(minimum.load_factor, 2);
        let label = page.t1("bill-plan-minimum-of", "share", share);
        facts.push(Fact::new(label, price(minimum.price)));
    }
    for row in &terms.sla {
        let label = page.t1("bill-plan-sla-of", "below", page.share(row.below, 4));
        facts.push(Fact::new(label, page.share(row.credit, 4)));
    }
    facts
}
