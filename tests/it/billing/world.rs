//! A lease's month to vary: 10 kW in Moscow in June 2026, one zone at 5.00, half-hours of 1000 Wh.

use innkeeper::domain::billing::plan::{DayTime, EnergyPrices, PlanVersion, PriceZone};
use innkeeper::domain::billing::rate::{
    Charge, Contracted, Interval, LeaseTerms, MeterUsage, RateInput, VatRate,
};
use innkeeper::domain::calendar::{Month, Span, Zone};
use innkeeper::domain::money::Currency;
use innkeeper::domain::units::WattHours;
use rust_decimal::Decimal;

pub fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

pub fn zone(name: &str, from: &str, to: &str, price: &str) -> PriceZone {
    let time = |text| DayTime::parse(text).unwrap();
    PriceZone {
        name: name.into(),
        from: time(from),
        to: time(to),
        price: dec(price),
    }
}

pub fn version(from: &str, zones: Vec<PriceZone>) -> PlanVersion {
    PlanVersion {
        effective_from: day(from),
        energy: EnergyPrices {
            zones,
            loss_factor: None,
        },
        capacity_per_kw_month: None,
        rack_per_month: None,
        take_or_pay: None,
        sla: vec![],
    }
}

pub fn half_hours(span: Span, wh: impl Fn(i64) -> i64) -> Vec<Interval> {
    let count = span.seconds() / 1_800;
    let start = |at: i64| span.from.plus_seconds(at * 1_800);
    (0..count)
        .map(|at| Interval {
            start: start(at),
            seconds: 1_800,
            wh: WattHours(wh(at)),
            estimated: false,
        })
        .collect()
}

pub fn meter(name: &str, intervals: Vec<Interval>) -> MeterUsage {
    MeterUsage {
        meter: name.into(),
        intervals,
        ..MeterUsage::default()
    }
}

pub fn charge(date: &str, quantity: &str, unit_price: &str) -> Charge {
    let (quantity, unit_price) = (dec(quantity), dec(unit_price));
    Charge {
        date: day(date),
        description: "Charge".into(),
        quantity,
        unit_price,
    }
}

pub fn june() -> RateInput {
    let zone_moscow = Zone::parse("Europe/Moscow").unwrap();
    let period = Month::parse("2026-06").unwrap();
    RateInput {
        currency: Currency::Rub,
        vat: vec![VatRate {
            from: day("2019-01-01"),
            rate: dec("0.22"),
        }],
        zone: zone_moscow,
        period,
        lease: LeaseTerms {
            start: day("2026-01-01"),
            end: None,
            contracted: vec![Contracted {
                from: day("2026-01-01"),
                kw: dec("10"),
            }],
            racks: vec![],
        },
        plan: vec![version(
            "2026-01-01",
            vec![zone("all", "00:00", "00:00", "5.00")],
        )],
        outages: vec![],
        charges: vec![],
        usage: vec![meter(
            "M1",
            half_hours(zone_moscow.month_span(period), |_| 1_000),
        )],
        complete: true,
    }
}
