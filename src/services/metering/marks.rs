//! What lies behind a load curve: cheap hours of its tariff, outages and curtailments that were told,
//! and where the meters' values were corrected afterwards.

use super::curve::{self, About, Subject};
use crate::db::Conn;
use crate::db::billing::plans;
use crate::db::leasing::leases::{self, LeaseEvent};
use crate::db::leasing::reservations;
use crate::db::metering::{meters, readings};
use crate::db::site::{power, racks, sites};
use crate::domain::billing::plan::PlanVersion;
use crate::domain::billing::rate::Cause;
use crate::domain::calendar::Span;
use crate::domain::ids::*;
use crate::error::Result;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// Corrections that a curve is marked with; a month that was delivered anew is told by its findings.
const MOST_CORRECTIONS: usize = 200;
/// Over a longer time the hours of a tariff would be a grey field.
const MOST_DAYS_OF_HOURS: i64 = 62;

#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// The versions of the tariff, where its hours can be told apart on a curve of this length.
    pub plan: Vec<PlanVersion>,
    /// Outages and curtailments, in order of time, none twice.
    pub events: Vec<(Cause, Span)>,
    /// Where values were corrected, adjoining ones joined.
    pub corrected: Vec<Span>,
}

/// The marks of a curve over local dates `[from, to)`.
pub fn marks(
    conn: &mut Conn,
    subject: Subject,
    about: &About,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Marks> {
    let span = about.zone.span_of(from, to);
    let near = to.signed_duration_since(from).num_days() <= MOST_DAYS_OF_HOURS;
    let plan = match near {
        true => plan_of(conn, subject, about.site)?,
        false => None,
    };
    let plan = match plan {
        Some(plan) => plans::published(conn, plan)?,
        None => vec![],
    };
    Ok(Marks {
        plan,
        events: events(conn, subject, about, span)?,
        corrected: corrected(conn, subject, span)?,
    })
}

/// A lease's own plan; elsewhere the one that the site offers.
fn plan_of(conn: &mut Conn, subject: Subject, site: Option<SiteId>) -> Result<Option<PlanId>> {
    match (subject, site) {
        (Subject::Lease(id), _) => Ok(Some(leases::get(conn, id)?.plan_id)),
        (_, Some(site)) => Ok(sites::get(conn, site)?.plan_id),
        (_, None) => Ok(None),
    }
}

fn events(
    conn: &mut Conn,
    subject: Subject,
    about: &About,
    span: Span,
) -> Result<Vec<(Cause, Span)>> {
    let told: Vec<LeaseEvent> = match subject {
        Subject::Lease(id) => leases::events(conn, id)?,
        Subject::Site(id) => leases::events_of_site(conn, id, span)?,
        Subject::Rack(id) => leases::events_on_rack(conn, id, span)?,
        Subject::Tenant(id) => {
            let mut told = vec![];
            for lease in leases::of_tenant(conn, id)? {
                told.extend(leases::events(conn, lease.id)?);
            }
            told
        }
        Subject::Meter(_) | Subject::Node(_) => vec![],
    };
    let told = told.iter().filter_map(|event| {
        let cause = Cause::parse(&event.cause)?;
        let at = Span {
            from: event.from_at,
            to: event.to_at,
        };
        Some((cause, at.intersect(span)?))
    });
    let mut found: Vec<(Cause, Span)> = told.collect();
    for at in outages(conn, subject, about, span)? {
        found.push((Cause::Host, at));
    }
    found.sort_by_key(|(cause, at)| (at.from, at.to, *cause as u8));
    found.dedup();
    Ok(found)
}

/// Planned outages of the node itself, of what feeds it or, of a site, of its connection.
fn outages(conn: &mut Conn, subject: Subject, about: &About, span: Span) -> Result<Vec<Span>> {
    let feeds: Vec<NodeId> = match subject {
        Subject::Node(id) => vec![id],
        Subject::Rack(id) => {
            let rack = racks::get(conn, id)?;
            let feeds = [Some(rack.feed_a), rack.feed_b].into_iter().flatten();
            feeds.collect()
        }
        Subject::Site(_) => vec![],
        Subject::Lease(_) | Subject::Tenant(_) | Subject::Meter(_) => return Ok(vec![]),
    };
    let Some(site) = about.site else {
        return Ok(vec![]);
    };
    let all = power::outages_of_site(conn, site)?;
    if all.is_empty() {
        return Ok(vec![]);
    }
    let nodes = power::of_site(conn, site)?;
    let parent = |id: NodeId| nodes.iter().find(|it| it.id == id)?.parent_id;
    let mut above: BTreeSet<NodeId> = BTreeSet::new();
    match subject {
        Subject::Site(_) => above.extend(
            nodes
                .iter()
                .filter(|it| it.parent_id.is_none())
                .map(|it| it.id),
        ),
        _ => {
            for feed in feeds {
                let mut at = Some(feed);
                while let Some(id) = at.filter(|id| above.insert(*id)) {
                    at = parent(id);
                }
            }
        }
    }
    let of_these = all.iter().filter(|it| above.contains(&it.node_id));
    Ok(of_these
        .filter_map(|it| about.zone.span_of(it.from_date, it.to_date).intersect(span))
        .collect())
}

fn corrected(conn: &mut Conn, subject: Subject, span: Span) -> Result<Vec<Span>> {
    let meters = match subject {
        Subject::Lease(id) => behind(conn, &[id])?,
        Subject::Tenant(id) => {
            let all = leases::of_tenant(conn, id)?;
            behind(conn, &all.iter().map(|it| it.id).collect::<Vec<_>>())?
        }
        _ => curve::meters_of(conn, subject)?,
    };
    let mut spans = readings::corrected_within(conn, &meters, span, MOST_CORRECTIONS)?;
    spans.sort_by_key(|it| (it.from, it.to));
    let mut found: Vec<Span> = vec![];
    for at in spans {
        match found.last_mut() {
            Some(last) if at.from <= last.to => last.to = last.to.max(at.to),
            _ => found.push(at),
        }
    }
    Ok(found)
}

/// The meters that the usage of leases is made of: their own, and those of their racks.
fn behind(conn: &mut Conn, all: &[LeaseId]) -> Result<Vec<MeterId>> {
    let mut racks: BTreeSet<RackId> = BTreeSet::new();
    let mut found = vec![];
    for id in all {
        let held = leases::get(conn, *id)?.reservation_id;
        let places = reservations::allocations_of(conn, held)?;
        racks.extend(places.iter().map(|it| it.rack_id));
        found.extend(meters::of_lease(conn, *id)?);
    }
    let racks: Vec<RackId> = racks.into_iter().collect();
    found.extend(meters::of_racks(conn, &racks)?);
    let found: BTreeSet<MeterId> = found.iter().map(|it| it.id).collect();
    Ok(found.into_iter().collect())
}
