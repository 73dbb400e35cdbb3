//! Where and when more is used than there is, and which bookings use it: to the day, by resource.

use super::ground::{Ground, Res, Unit};
use super::profile::Profile;
use super::types::{Booking, Resource, Site};
use super::verify::holders;
use crate::domain::calendar::{Month, Window};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// A resource that carries more than it can in `window`, by the same amounts on each day: thirds of
/// a watt on legs, watts in a zone, slots in a rack. `holders`: each booking on it with what it puts
/// there. What recurs year by year for bookings without an end begins with its first day and stays open.
#[derive(Clone, Debug, PartialEq)]
pub struct Overload {
    pub resource: Resource,
    pub window: Window,
    pub used: i64,
    pub capacity: i64,
    pub holders: Vec<(usize, i64)>,
}

/// Every overload of these bookings, resource by resource, in the order of time.
pub fn overloads(site: &Site, bookings: &[Booking]) -> Vec<Overload> {
    let ground = Ground::new(site);
    let profile = Profile::new(&ground, holders(bookings));
    let mut found: Vec<Overload> = vec![];
    let mut users: Option<BTreeMap<Res, Vec<(usize, i64)>>> = None;
    // Only where something is over, which is seldom, is it looked up who stands there.
    for over in profile.oversold(&ground) {
        let users = users.get_or_insert_with(|| users_of(&ground, bookings));
        let here = users.get(&over.res).map_or(&[][..], Vec::as_slice);
        let alive: Vec<(usize, i64)> = here
            .iter()
            .filter(|(at, _)| bookings[*at].demand.window.overlaps(over.span))
            .copied()
            .collect();
        let recurs = over.span.to.is_none() && matches!(ground.name(over.res), Resource::Zone(_));
        for window in pieces(&ground, over.res, over.span) {
            let capacity = ground.capacity(over.res, window.from, window.to).0;
            if over.used > capacity {
                found.push(Overload {
                    resource: ground.name(over.res),
                    window: Window {
                        to: window.to.filter(|_| !recurs),
                        ..window
                    },
                    used: over.used,
                    capacity,
                    holders: alive.clone(),
                });
            }
        }
    }
    found
}

/// What each booking's witness puts on each resource.
fn users_of(ground: &Ground, bookings: &[Booking]) -> BTreeMap<Res, Vec<(usize, i64)>> {
    let mut users: BTreeMap<Res, Vec<(usize, i64)>> = BTreeMap::new();
    let racks = ground.site.racks.len();
    for (at, booking) in bookings.iter().enumerate() {
        let unit = Unit::of(&booking.demand);
        for piece in booking.witness.iter().filter(|piece| piece.rack < racks) {
            ground.loads(piece.rack, piece.leg, unit, |res, load| {
                let amount = load * i64::from(piece.units);
                let here = users.entry(res).or_default();
                match here.last_mut() {
                    Some((last, sum)) if *last == at => *sum += amount,
                    _ if amount > 0 => here.push((at, amount)),
                    _ => {}
                }
            });
        }
    }
    users
}

/// A span cut where the resource's capacity changes. Of an open span the first twelve months are
/// cut: they recur, so a piece of them that is over is over for ever.
fn pieces(ground: &Ground, res: Res, span: Window) -> Vec<Window> {
    let mut days: Vec<NaiveDate> = vec![span.from];
    let zone = matches!(ground.name(res), Resource::Zone(_));
    match ground.name(res) {
        Resource::Zone(_) => {
            let mut month = Month::of(span.from).next();
            let last = (0..12).fold(month, |month, _| month.next()).first();
            let end = span.to.unwrap_or(last);
            while month.first() < end {
                days.push(month.first());
                month = month.next();
            }
        }
        Resource::NodeLeg(node, _) => {
            let edges = ground.outages_of(node).iter();
            let edges = edges.flat_map(|outage| [Some(outage.from), outage.to]);
            days.extend(edges.flatten().filter(|day| span.contains(*day)));
            days.sort_unstable();
            days.dedup();
        }
        _ => {}
    }
    let ends = days[1..].iter().map(|day| Some(*day)).chain([span.to]);
    let cut = days.iter().zip(ends).map(|(&from, to)| Window { from, to });
    // Of an open span in a zone the thirteenth month is the first again.
    let most = if zone && span.to.is_none() {
        12
    } else {
        days.len()
    };
    cut.take(most).collect()
}
