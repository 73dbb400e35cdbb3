//! The decisions: placing, the most units, availability by start, staff's own choice of racks.

use super::beside::beside;
use super::fit::Room;
use super::ground::{Families, Ground};
use super::profile::Profile;
use super::quality::improve;
use super::refuse::{binding, refuse};
use super::scene::{Outcome, Scene, firm};
use super::spread::tidy;
use super::types::{
    Availability, Booking, Demand, Limits, Piece, Placement, Reason, Refusal, Site,
};
use super::verify::holders;

/// Where a request can go beside the live bookings, moving unassigned ones where it must.
///
/// An acceptance is checked in whole numbers. A refusal names its reasons, the most units that
/// would fit, and whether that is proven within `limits`.
pub fn place(
    site: &Site,
    bookings: &[Booking],
    request: &Demand,
    limits: &Limits,
) -> Result<Placement, Refusal> {
    let ground = Ground::new(site);
    let now = Profile::new(&ground, holders(bookings));
    match beside(&ground, &now, request) {
        Some(pieces) => Ok(Placement {
            pieces,
            moved: vec![],
        }),
        None => making_room(site, bookings, request, limits),
    }
}

/// `place` where it is known that the request does not simply fit beside what stands.
pub(super) fn making_room(
    site: &Site,
    bookings: &[Booking],
    request: &Demand,
    limits: &Limits,
) -> Result<Placement, Refusal> {
    let banned = site.restrictions.iter().any(|ban| bans(ban, request));
    let scene = Scene::new(site, bookings, limits);
    let found = most(&scene, request, request.units);
    if !banned && found.units == request.units && scene.holds(request, &found, Families::ALL) {
        let after = moved_away(bookings, &found.moved);
        let profile = Profile::new(&scene.ground, holders(&after));
        let racks = scene.ground.eligible(request);
        let room = Room::new(&scene.ground, &profile, request, racks, Families::ALL);
        return Ok(Placement {
            pieces: improve(&room, found.pieces),
            moved: found.moved,
        });
    }
    Err(refuse(&scene, request, &found))
}

fn moved_away(bookings: &[Booking], moved: &[(usize, Vec<Piece>)]) -> Vec<Booking> {
    let mut after = bookings.to_vec();
    for (at, witness) in moved {
        after[*at].witness.clone_from(witness);
    }
    after
}

/// The most units of the request's machine that would be accepted, whatever it asks for.
pub fn most_units(
    site: &Site,
    bookings: &[Booking],
    request: &Demand,
    limits: &Limits,
) -> Availability {
    available(&Scene::new(site, bookings, limits), request)
}

/// Whether staff may give booking number `booking` these racks: the other unassigned bookings
/// must still find room beside them. `moved` are those that move for it; `pieces` are the given
/// ones in order. A refusal's `available_units` is zero.
pub fn check_assignment(
    site: &Site,
    bookings: &[Booking],
    booking: usize,
    pieces: &[Piece],
    limits: &Limits,
) -> Result<Placement, Refusal> {
    let ground = Ground::new(site);
    let demand = &bookings[booking].demand;
    let pieces = tidy(pieces.to_vec());
    if let Some(reason) = stray(&ground, demand, &pieces) {
        return Err(refused(vec![reason], true));
    }
    let now = Profile::new(&ground, holders(bookings));
    let mut stays = firm(&ground, bookings, &now);
    stays[booking] = true;
    let mut after = bookings.to_vec();
    after[booking].witness = pieces.clone();
    after[booking].assigned = true;
    let others = holders(bookings)
        .enumerate()
        .filter(|(at, _)| *at != booking);
    let before = Profile::new(&ground, others.map(|(_, holder)| holder));
    let mut scene = Scene::with(ground, &after, limits, stays);
    scene.before = Some(before);
    match scene.settle(demand, Families::ALL) {
        Some(Some(found)) => Ok(Placement {
            pieces,
            moved: found.moved,
        }),
        unsettled => {
            let fits = |families| scene.settle(demand, families).flatten().is_some();
            let families = [Reason::Space, Reason::Power, Reason::Cooling];
            let alone = families.into_iter().filter(|&f| !fits(Families::only(f)));
            let mut reasons: Vec<Reason> = alone.collect();
            if reasons.is_empty() {
                let needed = families.into_iter().filter(|&f| fits(Families::without(f)));
                reasons = needed.collect();
            }
            if reasons.is_empty() {
                reasons = families.to_vec();
            }
            Err(refused(reasons, unsettled.is_some()))
        }
    }
}

fn refused(reasons: Vec<Reason>, proven: bool) -> Refusal {
    Refusal {
        reasons,
        available_units: 0,
        binding: None,
        proven,
    }
}

/// What is wrong with racks chosen for a demand, before anything is counted.
fn stray(ground: &Ground, demand: &Demand, pieces: &[Piece]) -> Option<Reason> {
    let warm =
        |piece: &Piece| piece.rack < ground.site.racks.len() && !ground.cools(piece.rack, demand);
    if pieces.iter().any(warm) {
        return Some(Reason::CoolingKind);
    }
    let units: u64 = pieces.iter().map(|piece| u64::from(piece.units)).sum();
    let whole = units == u64::from(demand.units);
    let fits = whole && pieces.iter().all(|piece| ground.allows(demand, piece));
    (!fits).then_some(Reason::Space)
}

pub(super) fn available(scene: &Scene, request: &Demand) -> Availability {
    let racks = scene.ground.eligible(request);
    let all: u32 = racks
        .iter()
        .map(|&rack| scene.ground.site.racks[rack].slots)
        .sum();
    let banned = scene
        .ground
        .site
        .restrictions
        .iter()
        .any(|ban| bans(ban, request));
    if banned || racks.is_empty() {
        let binding = refuse(scene, request, &Outcome::default()).binding;
        return Availability::none(binding);
    }
    let found = most(scene, request, all);
    let cut = if found.cut.is_empty() {
        let room = Room::new(&scene.ground, &scene.now, request, racks, Families::ALL);
        room.most(all.saturating_add(1)).cut
    } else {
        found.cut
    };
    let more = Demand {
        units: found.units.saturating_add(1),
        ..request.clone()
    };
    Availability {
        units: found.units,
        upper: found.upper,
        binding: binding(scene, &more, &cut, None),
    }
}

fn most(scene: &Scene, request: &Demand, want: u32) -> Outcome {
    let racks = scene.ground.eligible(request);
    scene.most(request, &racks, want, Families::ALL)
}

pub(super) fn bans(ban: &super::types::Restriction, request: &Demand) -> bool {
    ban.workload == request.workload && ban.window.overlaps(request.window)
}
