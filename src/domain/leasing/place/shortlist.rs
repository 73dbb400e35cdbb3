//! On a large site, the few feeds on which a request is tried first.

use super::fit::{BOUNDLESS, legs};
use super::ground::{Ground, Unit};
use super::profile::Profile;
use super::types::Demand;
use crate::domain::site::Leg;
use std::cmp::Reverse;

/// Feeds that hold a request alone, among which the best places are chosen.
const ALONE: usize = 8;
/// Where none does, feeds are taken until they would hold it so many times.
const AMPLE: i64 = 2;
/// More racks are no short list.
const MOST: usize = 600;

/// Racks next to each other in the site's order, on the same first feed.
struct Group {
    racks: Vec<usize>,
    room: i64,
}

/// Racks under a few feeds that are likely to hold the request in its window: those with least
/// room to spare, so that the wide ones stay whole. `None` where only a large part of the site
/// would hold it.
pub(super) fn shortlist(
    ground: &Ground,
    profile: &Profile,
    request: &Demand,
    racks: impl Iterator<Item = usize>,
) -> Option<Vec<usize>> {
    let wanted = i64::from(request.units);
    let (mut alone, mut others) = (vec![], vec![]);
    let feed = |rack: usize| ground.site.racks[rack].feeds.0;
    let mut rest = racks.peekable();
    while let Some(first) = rest.next() {
        let mut racks = vec![first];
        while let Some(next) = rest.next_if(|&next| feed(next) == feed(first)) {
            racks.push(next);
        }
        let room = room(ground, profile, request, &racks);
        if room >= wanted {
            alone.push(Group { racks, room });
            if alone.len() >= ALONE {
                break;
            }
        } else if room > 0 {
            others.push(Group { racks, room });
        }
    }
    if alone.is_empty() {
        others.sort_by_key(|group| Reverse(group.room));
        let mut held = 0;
        let enough = |group: &Group| {
            let more = held < wanted * AMPLE;
            held += group.room;
            more
        };
        alone.extend(others.into_iter().take_while(enough));
    }
    let mut found: Vec<usize> = alone
        .iter()
        .flat_map(|group| &group.racks)
        .copied()
        .collect();
    found.sort_unstable();
    (!found.is_empty() && found.len() <= MOST).then_some(found)
}

/// Units that these racks hold by themselves, as far as their first feed carries them.
fn room(ground: &Ground, profile: &Profile, request: &Demand, racks: &[usize]) -> i64 {
    let unit = Unit::of(request);
    let feed = ground.site.racks[racks[0]].feeds.0;
    let free = |res| profile.tightest(ground, res, request.window).0.max(0);
    // A three-phase machine takes a third of its watts from each leg.
    let legs_free = Leg::ALL.iter().map(|&leg| free(ground.node_leg(feed, leg)));
    let carried = legs_free.sum::<i64>() / (3 * unit.watts).max(1);
    if carried == 0 {
        return 0;
    }
    let mut sum = 0;
    for &rack in racks {
        let (mut slots, mut units) = (BOUNDLESS, 0);
        for &leg in legs(ground, rack, unit) {
            let mut on_leg = BOUNDLESS;
            ground.loads(rack, leg, unit, |res, load| {
                if load > 0 && ground.is_of_rack(res) {
                    let most = free(res) / load;
                    if res == ground.slots(rack) {
                        slots = most;
                    } else {
                        on_leg = on_leg.min(most);
                    }
                }
            });
            units += on_leg;
        }
        sum += units.min(slots);
        if sum >= carried {
            return carried;
        }
    }
    sum
}
