//! Rating cases: a lease's month as JSON, and its price in the shape of a case's `expected`.

use super::invoice_plan::{InvoicePlan, Line, LineKind};
use super::plan::PlanVersion;
use super::rate::{
    Cause, Charge, Contracted, Interval, LeaseTerms, MeterUsage, OutageEvent, RackShare, RateError,
    RateInput, VatRate,
};
use crate::domain::calendar::{Instant, Month, Span, Window, Zone};
use crate::domain::money::Currency;
use crate::domain::units::WattHours;
use chrono::{DateTime, NaiveDate, TimeZone};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use thiserror::Error;

/// A case that cannot be read: the sentence says where and why.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct CaseError(pub String);

/// The text of a case file as the input of `rate`.
///
/// # Errors
/// Not JSON, a missing or misspelt value, a name that is not known, a negative power.
pub fn parse(text: &str) -> Result<RateInput, CaseError> {
    let case: Case = serde_json::from_str(text).map_err(|error| CaseError(error.to_string()))?;
    case.into_input()
}

#[derive(Deserialize)]
struct Case {
    currency: String,
    vat: Vec<VatRate>,
    site: Site,
    period: String,
    lease: Lease,
    plan: Vec<PlanVersion>,
    #[serde(default)]
    outages: Vec<Outage>,
    #[serde(default)]
    charges: Vec<OneOff>,
    #[serde(default)]
    meters: Option<Vec<Service>>,
    #[serde(default)]
    readings: Vec<Readings>,
    #[serde(default = "yes")]
    complete: bool,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
struct Site {
    time_zone: String,
}

#[derive(Deserialize)]
struct Lease {
    start: NaiveDate,
    #[serde(default)]
    end: Option<NaiveDate>,
    #[serde(default)]
    contracted: Vec<Power>,
    #[serde(default)]
    racks: Vec<Rack>,
}

#[derive(Deserialize)]
struct Power {
    from: NaiveDate,
    kw: Decimal,
}

#[derive(Deserialize)]
struct Rack {
    rack: String,
    from: NaiveDate,
    #[serde(default)]
    to: Option<NaiveDate>,
    #[serde(default)]
    share: Option<Decimal>,
}

#[derive(Deserialize)]
struct Outage {
    from: String,
    #[serde(default)]
    to: Option<String>,
    kw: Decimal,
    cause: Cause,
}

#[derive(Deserialize)]
struct OneOff {
    date: NaiveDate,
    description: String,
    quantity: Decimal,
    unit_price: Decimal,
}

#[derive(Deserialize)]
struct Service {
    meter: String,
    from: NaiveDate,
    #[serde(default)]
    to: Option<NaiveDate>,
}

#[derive(Deserialize)]
struct Readings {
    meter: String,
    interval_minutes: i64,
    start: String,
    #[serde(default)]
    wh: Option<Vec<i64>>,
    #[serde(default)]
    repeat: Option<Repeat>,
}

#[derive(Deserialize)]
struct Repeat {
    count: usize,
    wh: i64,
}

impl Case {
    fn into_input(self) -> Result<RateInput, CaseError> {
        let usage = usage(self.meters, self.readings)?;
        let outages = self
            .outages
            .into_iter()
            .map(outage)
            .collect::<Result<_, _>>()?;
        Ok(RateInput {
            currency: Currency::parse(&self.currency)
                .ok_or_else(|| CaseError(format!("currency '{}' is not known", self.currency)))?,
            vat: self.vat,
            zone: Zone::parse(&self.site.time_zone).ok_or_else(|| {
                CaseError(format!("time zone '{}' is not known", self.site.time_zone))
            })?,
            period: Month::parse(&self.period).ok_or_else(|| {
                CaseError(format!(
                    "period '{}' is not a month like 2026-11",
                    self.period
                ))
            })?,
            lease: lease(self.lease)?,
            plan: self.plan,
            outages,
            charges: self.charges.into_iter().map(charge).collect(),
            usage,
            complete: self.complete,
        })
    }
}

fn lease(lease: Lease) -> Result<LeaseTerms, CaseError> {
    if lease.contracted.iter().any(|row| row.kw < Decimal::ZERO) {
        return Err(CaseError(
            "contracted power must not be negative".to_owned(),
        ));
    }
    let contracted = lease.contracted.into_iter().map(|row| Contracted {
        from: row.from,
        kw: row.kw,
    });
    let racks = lease.racks.into_iter().map(|row| RackShare {
        rack: row.rack,
        from: row.from,
        to: row.to,
        share: row.share.unwrap_or(Decimal::ONE),
    });
    Ok(LeaseTerms {
        start: lease.start,
        end: lease.end,
        contracted: contracted.collect(),
        racks: racks.collect(),
    })
}

fn outage(outage: Outage) -> Result<OutageEvent, CaseError> {
    if outage.kw < Decimal::ZERO {
        return Err(CaseError(
            "an outage's power must not be negative".to_owned(),
        ));
    }
    let to = outage
        .to
        .as_deref()
        .map(instant)
        .transpose()?
        .unwrap_or(Instant(i64::MAX));
    let span = Span {
        from: instant(&outage.from)?,
        to,
    };
    Ok(OutageEvent {
        span,
        kw: outage.kw,
        cause: outage.cause,
    })
}

fn charge(charge: OneOff) -> Charge {
    Charge {
        date: charge.date,
        description: charge.description,
        quantity: charge.quantity,
        unit_price: charge.unit_price,
    }
}

/// Every meter that is listed or has readings, in order of first mention.
fn usage(
    services: Option<Vec<Service>>,
    readings: Vec<Readings>,
) -> Result<Vec<MeterUsage>, CaseError> {
    let mut usage: Vec<MeterUsage> = vec![];
    for service in services.into_iter().flatten() {
        let window = Window {
            from: service.from,
            to: service.to,
        };
        entry(&mut usage, &service.meter)
            .service
            .get_or_insert_default()
            .push(window);
    }
    for entries in readings {
        let intervals = intervals(&entries)?;
        entry(&mut usage, &entries.meter)
            .intervals
            .extend(intervals);
    }
    Ok(usage)
}

fn entry<'a>(usage: &'a mut Vec<MeterUsage>, meter: &str) -> &'a mut MeterUsage {
    let at = usage
        .iter()
        .position(|entry| entry.meter == meter)
        .unwrap_or_else(|| {
            usage.push(MeterUsage {
                meter: meter.to_owned(),
                ..MeterUsage::default()
            });
            usage.len() - 1
        });
    &mut usage[at]
}

/// At most this many intervals in one entry: minutes of ten years.
const MOST: usize = 5_260_000;

fn intervals(entries: &Readings) -> Result<Vec<Interval>, CaseError> {
    let wrong = |what: &str| CaseError(format!("readings of {}: {what}", entries.meter));
    let start = instant(&entries.start)?;
    let seconds = entries
        .interval_minutes
        .checked_mul(60)
        .filter(|seconds| *seconds > 0);
    let seconds = seconds.ok_or_else(|| wrong("interval_minutes must be more than 0"))?;
    let values = match (&entries.wh, &entries.repeat) {
        (Some(values), None) => values.clone(),
        (None, Some(repeat)) if repeat.count <= MOST => vec![repeat.wh; repeat.count],
        (None, Some(_)) => return Err(wrong("the count is too large")),
        _ => return Err(wrong("either 'wh' or 'repeat' must be there")),
    };
    if values.iter().any(|wh| *wh < 0) {
        return Err(wrong("a reading must not be negative"));
    }
    let each = (0_i64..).zip(values).map(|(at, wh)| Interval {
        start: start.plus_seconds(seconds.saturating_mul(at)),
        seconds,
        wh: WattHours(wh),
        estimated: false,
    });
    Ok(each.collect())
}

fn instant(text: &str) -> Result<Instant, CaseError> {
    DateTime::parse_from_rfc3339(text)
        .map(|at| Instant(at.timestamp()))
        .map_err(|_| {
            CaseError(format!(
                "'{text}' is not a time like 2026-03-01T00:00:00+03:00"
            ))
        })
}

/// A priced month in the shape of a case's `expected`.
pub fn expected_json(plan: &InvoicePlan) -> Value {
    json!({
        "lines": plan.lines.iter().map(line_json).collect::<Vec<_>>(),
        "net": plan.net.major().to_string(),
        "vat_rate": plan.vat_rate.to_string(),
        "vat": plan.vat.major().to_string(),
        "total": plan.total.major().to_string(),
    })
}

fn line_json(line: &Line) -> Value {
    let mut shown = Map::new();
    let text = |value: Option<Decimal>| Value::from(value.map(|value| value.to_string()));
    shown.insert("kind".into(), line.kind.code().into());
    match line.kind {
        LineKind::Energy => {
            shown.insert("zone".into(), line.zone.clone().into());
            shown.insert("quantity".into(), text(line.quantity));
            shown.insert("unit".into(), line.unit.map(|unit| unit.code()).into());
        }
        LineKind::Shortfall => {
            shown.insert("quantity".into(), text(line.quantity));
            shown.insert("unit".into(), line.unit.map(|unit| unit.code()).into());
        }
        LineKind::Capacity => {
            shown.insert("kw".into(), text(line.quantity));
            shown.insert("days".into(), line.days.into());
        }
        LineKind::RackRent => {
            shown.insert("rack_days".into(), number_or_text(line.quantity));
        }
        LineKind::Charge => {
            shown.insert("description".into(), line.description.clone().into());
            shown.insert("quantity".into(), text(line.quantity));
        }
        LineKind::SlaCredit => {
            shown.insert("availability".into(), text(line.availability));
        }
    }
    if line.unit_price.is_some() {
        shown.insert("unit_price".into(), text(line.unit_price));
    }
    shown.insert("net".into(), line.net.major().to_string().into());
    Value::Object(shown)
}

/// Whole rack-days are a number, parts of them a decimal string.
fn number_or_text(value: Option<Decimal>) -> Value {
    let Some(value) = value.map(|value| value.normalize()) else {
        return Value::Null;
    };
    let whole = (value.scale() == 0)
        .then(|| i64::try_from(value.mantissa()).ok())
        .flatten();
    whole.map_or_else(|| value.to_string().into(), Value::from)
}

/// Why a month cannot be priced: the first reason with its meter and local span, and all as text.
pub fn error_json(zone: Zone, errors: &[RateError]) -> Value {
    let mut shown = Map::new();
    if let Some(first) = errors.first() {
        shown.insert("error".into(), first.code().into());
        if let Some((meter, span)) = first.place() {
            shown.insert("meter".into(), meter.into());
            shown.insert("from".into(), local(zone, span.from).into());
            shown.insert("to".into(), local(zone, span.to).into());
        }
    }
    let reasons: Vec<_> = errors.iter().map(ToString::to_string).collect();
    shown.insert("reasons".into(), reasons.into());
    Value::Object(shown)
}

fn local(zone: Zone, at: Instant) -> String {
    zone.0.from_utc_datetime(&at.utc()).to_rfc3339()
}
