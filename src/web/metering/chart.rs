//! A lease's month as the chart's data: power by interval or energy by day, and what lies behind.

use super::usage::{Day, Loaded};
use crate::domain::billing::plan::{DayTime, PlanVersion, PriceZone};
use crate::domain::billing::rate::Cause;
use crate::domain::calendar::{Instant, Span, Zone};
use crate::domain::units::Watts;
use crate::services::metering::loads::Load;
use crate::web::page::Page;
use chrono::{NaiveDate, Timelike};
use rust_decimal::Decimal;
use serde_json::{Number, Value, json};

/// Power in kW, stepped: the mean of each interval.
pub fn power(page: &Page, loaded: &Loaded) -> String {
    let power = |row: &Load| {
        let seconds = (row.end_at.0 - row.start_at.0).max(1);
        number(Watts(row.wh.0.saturating_mul(3_600) / seconds).kilo())
    };
    let rows = loaded.usage.iter();
    let (t, y) = broken(rows.map(|row| (row.start_at, row.end_at, power(row))));
    let contract = loaded.contracted;
    let label = page.t1("usage-contract", "kw", page.kw(contract));
    json!({
        "kind": "power",
        "unit": page.t("unit-kw"),
        "zone": loaded.zone.name(),
        "t": t,
        "y": y,
        "contract": (contract > Watts::ZERO).then(|| json!({"value": number(contract.kilo()), "label": label})),
        "spans": spans(page, loaded),
    })
    .to_string()
}

/// Times and values of intervals; where nothing was read, the curve breaks.
pub(super) fn broken(
    intervals: impl Iterator<Item = (Instant, Instant, Value)>,
) -> (Vec<i64>, Vec<Value>) {
    let (mut t, mut y) = (vec![], vec![]);
    let mut reached: Option<Instant> = None;
    for (start, end, value) in intervals {
        if let Some(gap) = reached.filter(|reached| *reached < start) {
            t.push(gap.0);
            y.push(Value::Null);
        }
        t.push(start.0);
        y.push(value);
        reached = Some(end);
    }
    (t, y)
}

/// Energy in kWh, a bar a day.
pub fn days(page: &Page, loaded: &Loaded, days: &[Day]) -> String {
    let t: Vec<i64> = days
        .iter()
        .map(|day| loaded.zone.start_of(day.date).0)
        .collect();
    let y: Vec<Value> = days.iter().map(|day| number(day.wh.kilo())).collect();
    json!({"kind": "bars", "unit": page.t("unit-kwh"), "zone": loaded.zone.name(), "t": t, "y": y})
        .to_string()
}

/// An exact decimal as a number of JSON.
pub fn number(value: Decimal) -> Value {
    value
        .normalize()
        .to_string()
        .parse::<Number>()
        .map_or(Value::Null, Value::Number)
}

pub(super) fn span(span: Span, kind: &str, label: Option<String>) -> Value {
    json!({"from": span.from.0, "to": span.to.0, "kind": kind, "label": label})
}

/// How a chart draws what held a lease back.
pub(super) fn event(page: &Page, cause: Cause, at: Span) -> Value {
    let kind = match cause {
        Cause::Curtailment => "curtailment",
        Cause::Tenant => "tenant",
        Cause::Host => "outage",
    };
    span(at, kind, Some(page.code("event-cause", cause.code())))
}

fn spans(page: &Page, loaded: &Loaded) -> Vec<Value> {
    let whole = loaded.zone.month_span(loaded.month);
    let days = (loaded.month.first(), loaded.month.end());
    let mut found = tariff(&loaded.plan, loaded.zone, days);
    let estimated = page.t("usage-estimated");
    found.extend(
        estimates(loaded)
            .into_iter()
            .map(|it| span(it, "estimated", Some(estimated.clone()))),
    );
    for told in &loaded.events {
        let at = Span {
            from: told.from_at,
            to: told.to_at,
        };
        let cause = Cause::parse(&told.cause).unwrap_or(Cause::Host);
        found.extend(at.intersect(whole).map(|at| event(page, cause, at)));
    }
    found
}

/// Adjoining intervals that rest on estimates.
fn estimates(loaded: &Loaded) -> Vec<Span> {
    let mut found: Vec<Span> = vec![];
    for row in loaded.usage.iter().filter(|row| row.estimated_wh.0 > 0) {
        match found.last_mut() {
            Some(last) if last.to == row.start_at => last.to = row.end_at,
            _ => found.push(Span {
                from: row.start_at,
                to: row.end_at,
            }),
        }
    }
    found
}

/// The hours of the cheapest zone of each of the dates `[from, to)`, where a day has more than one.
pub(super) fn tariff(
    plan: &[PlanVersion],
    zone: Zone,
    (from, to): (NaiveDate, NaiveDate),
) -> Vec<Value> {
    let days = from.iter_days().take_while(|day| *day < to);
    let hours = days.filter_map(|day| Some(hours_of(version_of(plan, day)?, zone, day)));
    hours.flatten().map(|it| span(it, "tariff", None)).collect()
}

fn version_of(plan: &[PlanVersion], day: NaiveDate) -> Option<&PlanVersion> {
    plan.iter()
        .filter(|version| version.effective_from <= day)
        .max_by_key(|version| version.effective_from)
}

fn hours_of(version: &PlanVersion, zone: Zone, day: NaiveDate) -> Vec<Span> {
    let zones = &version.energy.zones;
    let Some(cheapest) = zones
        .iter()
        .min_by_key(|it| it.price)
        .filter(|_| zones.len() > 1)
    else {
        return vec![];
    };
    let whole = zone.span_of(day, day + chrono::Days::new(1));
    let mut found: Vec<Span> = vec![];
    let mut at = whole.from;
    while at < whole.to {
        let next = at.plus_seconds(1_800);
        if priced(zones, zone, at).is_some_and(|it| std::ptr::eq(it, cheapest)) {
            match found.last_mut() {
                Some(last) if last.to == at => last.to = next,
                _ => found.push(Span { from: at, to: next }),
            }
        }
        at = next;
    }
    found
}

/// The first listed zone that holds the instant.
fn priced(zones: &[PriceZone], zone: Zone, at: Instant) -> Option<&PriceZone> {
    let local = zone.local(at);
    let minutes = u16::try_from(local.hour() * 60 + local.minute()).ok()?;
    let time = DayTime::from_minutes(minutes)?;
    zones.iter().find(|it| it.holds(time))
}
