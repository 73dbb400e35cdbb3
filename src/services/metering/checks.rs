//! What is odd about a meter's readings.

use super::served;
use super::written::interval;
use crate::db::Conn;
use crate::db::metering::readings;
use crate::domain::calendar::Span;
use crate::domain::ids::*;
use crate::domain::metering::Interval;
use crate::domain::metering::meter::Reads;
use crate::domain::metering::validate::{Finding, Rules, findings as judge};
use crate::error::Result;

/// Findings that are shown.
const MOST: usize = 100;

/// What validation finds in a span, within the meter's service; the latest first.
pub fn findings(conn: &mut Conn, meter: MeterId, span: Span) -> Result<Vec<Finding>> {
    let of = served::one(conn, meter)?;
    let rows = readings::of_meter(conn, meter, span)?;
    let Some(first) = rows.first() else {
        return Ok(vec![]);
    };
    let known = Span {
        from: span.from.max(first.start_at),
        to: span.to,
    };
    let Some(service) = of.service().intersect(known) else {
        return Ok(vec![]);
    };
    let rated = of.devices.last().and_then(|it| it.rated_watts);
    let rules = match of.meter.reads {
        Reads::Interval => Rules {
            rated,
            ..Rules::default()
        },
        // Its half-hours are equal parts of a step: that is no stuck meter.
        Reads::Register => Rules {
            rated,
            spike_times: 0,
            stuck_count: 0,
        },
    };
    let intervals: Vec<Interval> = rows.iter().map(interval).collect();
    let mut found = judge(&intervals, service, &rules);
    found.reverse();
    found.truncate(MOST);
    Ok(found)
}
