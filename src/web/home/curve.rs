//! The load of a week as a picture: what was drawn, what is estimated, what was cut off.

use crate::db::Conn;
use crate::db::billing::plans;
use crate::db::leasing::leases::{self, Lease};
use crate::domain::billing::plan::PriceZone;
use crate::domain::calendar::{Instant, Span, Zone};
use crate::domain::units::Watts;
use crate::error::Result;
use crate::services::metering::loads;
use crate::web::page::Page;
use chrono::{Days, NaiveTime};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Days of the curve.
const DAYS: u64 = 7;
const SECONDS_OF_AN_HOUR: i64 = 3_600;

/// Energy of one interval, all leases together.
#[derive(Clone, Copy, Default)]
struct Point {
    end: i64,
    wh: i64,
    estimated: bool,
}

/// A stretch of time that is marked on the curve; `kind` is also its text.
struct Mark {
    span: Span,
    kind: &'static str,
}

pub struct Curve {
    points: BTreeMap<i64, Point>,
    marks: Vec<Mark>,
    contracted: Watts,
    zone: Zone,
}

/// The last week of these leases; tariff hours are those of the first one's plan.
pub fn week(
    conn: &mut Conn,
    now: Instant,
    zone: Zone,
    rows: &[Lease],
    contracted: Watts,
) -> Result<Curve> {
    let today = zone.date(now);
    let span = Span {
        from: zone.start_of(today - Days::new(DAYS - 1)),
        to: now,
    };
    let mut points: BTreeMap<i64, Point> = BTreeMap::new();
    let mut marks = vec![];
    for lease in rows {
        for row in loads::of_leases(conn, &[lease.id], span)? {
            let point = points.entry(row.start_at.0).or_default();
            point.end = row.end_at.0;
            point.wh += row.wh.0;
            point.estimated |= row.estimated_wh.0 > 0;
        }
        for event in leases::events(conn, lease.id)? {
            let both = Span {
                from: event.from_at,
                to: event.to_at,
            };
            marks.extend(both.intersect(span).map(|span| Mark {
                span,
                kind: match event.cause.as_str() {
                    "curtailment" => "curtailment",
                    "tenant" => "tenant",
                    _ => "outage",
                },
            }));
        }
    }
    marks.extend(estimated(&points));
    if let Some(lease) = rows.first() {
        let versions = plans::published(conn, lease.plan_id)?;
        let version = versions.iter().rev().find(|v| v.effective_from <= today);
        let zones = version.map_or(&[][..], |version| &version.energy.zones);
        marks.extend(cheap(zones, zone, span));
    }
    Ok(Curve {
        points,
        marks,
        contracted,
        zone,
    })
}

/// Neighbouring estimated intervals as one stretch.
fn estimated(points: &BTreeMap<i64, Point>) -> Vec<Mark> {
    let mut marks: Vec<Mark> = vec![];
    for (start, point) in points.iter().filter(|(_, point)| point.estimated) {
        let span = Span {
            from: Instant(*start),
            to: Instant(point.end),
        };
        match marks.last_mut() {
            Some(mark) if mark.span.to == span.from => mark.span.to = span.to,
            _ => marks.push(Mark {
                span,
                kind: "estimated",
            }),
        }
    }
    marks
}

/// The hours of the cheapest price, day by day; none where there is one price.
fn cheap(zones: &[PriceZone], zone: Zone, span: Span) -> Vec<Mark> {
    let Some(cheapest) = zones.iter().min_by_key(|z| z.price) else {
        return vec![];
    };
    if zones.len() < 2 || cheapest.from == cheapest.to {
        return vec![];
    }
    let at = |day: chrono::NaiveDate, minutes: u16| {
        let time = NaiveTime::from_num_seconds_from_midnight_opt(u32::from(minutes) * 60, 0);
        let local = day.and_time(time.unwrap_or_default());
        zone.instants(local).first().copied()
    };
    let over = u64::from(cheapest.from > cheapest.to);
    let first = zone.date(span.from) - Days::new(1);
    (0..=DAYS)
        .filter_map(|ahead| {
            let day = first + Days::new(ahead);
            let hours = Span {
                from: at(day, cheapest.from.minutes())?,
                to: at(day + Days::new(over), cheapest.to.minutes())?,
            };
            hours.intersect(span)
        })
        .map(|span| Mark {
            span,
            kind: "tariff",
        })
        .collect()
}

impl Curve {
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// Whether tariff hours are shaded: the legend then says so.
    pub fn has_tariff(&self) -> bool {
        self.marks.iter().any(|mark| mark.kind == "tariff")
    }

    /// What the chart draws; kilowatts with one decimal.
    pub fn json(&self, page: &Page) -> String {
        let starts: Vec<i64> = self.points.keys().copied().collect();
        let spans: Vec<Value> = self.marks.iter().map(|mark| span(page, mark)).collect();
        let rest = json!({
            "kind": "power",
            "unit": page.t("unit-kw"),
            "zone": self.zone.name(),
            "zero": false,
            "t": starts,
            "spans": spans,
        });
        // Exact decimals are text to the serializer, and the chart wants numbers.
        let values: Vec<String> = self.points.iter().map(kilowatts).collect();
        let contract = self.contracted.kilo().normalize();
        let label = page.t1("home-contract", "kw", page.kw(self.contracted));
        let rest = rest.to_string();
        format!(
            "{},\"y\":[{}],\"contract\":{{\"value\":{contract},\"label\":{}}}}}",
            rest.trim_end_matches('}'),
            values.join(","),
            Value::from(label),
        )
    }
}

fn span(page: &Page, mark: &Mark) -> Value {
    let label = match mark.kind {
        "tariff" => String::new(),
        kind => page.code("home-mark", kind),
    };
    json!({
        "from": mark.span.from.0,
        "to": mark.span.to.0,
        "kind": mark.kind,
        "label": label,
    })
}

fn kilowatts((start, point): (&i64, &Point)) -> String {
    let seconds = (point.end - start).max(1);
    let watts = point.wh.saturating_mul(SECONDS_OF_AN_HOUR) / seconds;
    Decimal::new(watts, 3).round_dp(1).to_string()
}
