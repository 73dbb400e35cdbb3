//! Why a month cannot be billed, and where that is mended.

use crate::db::Conn;
use crate::db::identity::operators::Operator;
use crate::db::identity::tenants::Tenant;
use crate::db::leasing::leases::Lease;
use crate::db::metering::meters;
use crate::db::site::racks;
use crate::domain::billing::rate::RateError;
use crate::domain::calendar::{Instant, Zone};
use crate::domain::identity::TenantKind;
use crate::domain::ids::*;
use crate::domain::message::Message;
use crate::error::Result;
use serde::{Deserialize, Serialize};

/// The page on which a blocker is mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "on", content = "id", rename_all = "snake_case")]
pub enum Target {
    Lease(LeaseId),
    Tenant(TenantId),
    Meter(MeterId),
    Rack(RackId),
    Plan(PlanId),
    Vat,
    Operator,
}

/// One reason, for a reader, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocker {
    pub message: Message,
    pub target: Target,
}

/// How many of one lease's reasons are kept; the last says how many more there are.
const MOST: usize = 20;

/// The reasons of a month that could not be priced.
pub fn of_errors(
    conn: &mut Conn,
    lease: &Lease,
    zone: Zone,
    errors: &[RateError],
) -> Result<Vec<Blocker>> {
    let mut found = vec![];
    for error in errors.iter().take(MOST) {
        found.push(Blocker {
            message: message(error, zone),
            target: target(conn, lease, error)?,
        });
    }
    if errors.len() > MOST {
        let more = (errors.len() - MOST) as i64;
        found.push(Blocker {
            message: Message::new("blocker-more").with("count", more),
            target: Target::Lease(lease.id),
        });
    }
    Ok(found)
}

fn message(error: &RateError, zone: Zone) -> Message {
    let message = Message::new(&format!("blocker-{}", error.code().replace('_', "-")));
    match error {
        RateError::NoActiveDay { period } => message.with("month", period.to_string()),
        RateError::NoVersion { days } | RateError::NoContractedPower { days } => {
            message.with("from", days.from.to_string())
        }
        RateError::NoZone { day, time } => message
            .with("day", day.to_string())
            .with("time", time.to_string()),
        RateError::NoVatRate { day } => message.with("day", day.to_string()),
        RateError::NoMeter | RateError::Overflow { .. } => message,
        RateError::Hole { .. }
        | RateError::Overlap { .. }
        | RateError::Negative { .. }
        | RateError::Unmetered { .. } => match error.place() {
            Some((place, span)) => message
                .with("place", place)
                .with("from", local(zone, span.from))
                .with("to", local(zone, span.to)),
            None => message,
        },
    }
}

fn local(zone: Zone, at: Instant) -> String {
    zone.local(at).format("%Y-%m-%d %H:%M").to_string()
}

fn target(conn: &mut Conn, lease: &Lease, error: &RateError) -> Result<Target> {
    let here = Target::Lease(lease.id);
    Ok(match error {
        RateError::NoVersion { .. } | RateError::NoZone { .. } => Target::Plan(lease.plan_id),
        RateError::NoVatRate { .. } => Target::Vat,
        RateError::Unmetered { rack, .. } => {
            let rack = racks::by_name(conn, lease.site_id, rack)?;
            rack.map_or(here, |rack| Target::Rack(rack.id))
        }
        RateError::Hole { meter, .. }
        | RateError::Overlap { meter, .. }
        | RateError::Negative { meter, .. } => {
            let first = meter.split(" + ").next().unwrap_or(meter);
            let meter = meters::by_code(conn, first)?;
            meter.map_or(here, |meter| Target::Meter(meter.id))
        }
        _ => here,
    })
}

/// Legal details without which no invoice may go out.
pub fn of_parties(tenant: &Tenant, operator: Option<&Operator>) -> Vec<Blocker> {
    let mut found = vec![];
    let mut missing = |target: Target, key: &str| {
        let message = Message::new(key);
        found.push(Blocker { message, target });
    };
    match operator {
        None => missing(Target::Operator, "blocker-no-operator"),
        Some(it) if it.legal_name.trim().is_empty() || it.inn.trim().is_empty() => {
            missing(Target::Operator, "blocker-operator-details");
        }
        Some(_) => {}
    }
    let here = Target::Tenant(tenant.id);
    if tenant.kind != TenantKind::Person && tenant.inn.trim().is_empty() {
        missing(here, "blocker-tenant-inn");
    }
    if tenant.kind == TenantKind::Company && tenant.address.trim().is_empty() {
        missing(here, "blocker-tenant-address");
    }
    found
}
