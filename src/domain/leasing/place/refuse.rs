//! Why a request is refused, and what would have to be larger.

use super::decide::bans;
use super::fit::Room;
use super::ground::{Families, Res, Unit};
use super::scene::{Outcome, Scene};
use super::types::{Binding, Demand, Needs, Reason, Refusal, Resource};
use crate::domain::site::Redundancy;

pub(super) const COUNTED: [Reason; 3] = [Reason::Space, Reason::Power, Reason::Cooling];

/// The families that refuse by themselves, all other limits lifted; where none does, those
/// without which it would fit; where there is no such one either, those that cut it off.
pub(super) fn refuse(scene: &Scene, request: &Demand, found: &Outcome) -> Refusal {
    let grounds = Grounds::new(scene, request);
    let mut reasons = grounds.alone();
    if reasons.is_empty() {
        let fits = |&family: &Reason| grounds.fits(Families::without(family)) == Some(true);
        reasons = COUNTED.into_iter().filter(fits).collect();
    }
    if reasons.is_empty() {
        let cuts = |family: &Reason| {
            found
                .cut
                .iter()
                .any(|&res| scene.ground.family(res) == *family)
        };
        reasons = COUNTED.into_iter().filter(cuts).collect();
    }
    if reasons.is_empty() {
        reasons = COUNTED.to_vec();
    }
    let outright = grounds.outright();
    let mut binding = grounds.binding(reasons[0], found);
    if !outright && let Some(rule) = rule_refuses(scene, request, found) {
        (reasons, binding) = (vec![Reason::Space], Some(rule));
    }
    Refusal {
        reasons,
        available_units: if outright { 0 } else { found.units },
        binding,
        proven: outright || found.upper < request.units && found.units == found.upper,
    }
}

/// Where the request would fit but for the rule of admission, the rule is what refuses it.
pub(super) fn rule_refuses(scene: &Scene, request: &Demand, found: &Outcome) -> Option<Binding> {
    if request.needs.redundancy == Redundancy::N {
        return None;
    }
    let needs = Needs {
        redundancy: Redundancy::N,
        ..request.needs
    };
    let free = Demand {
        needs,
        ..request.clone()
    };
    let racks = scene.ground.eligible(&free);
    let most = scene.most(&free, &racks, request.units, Families::ALL);
    (most.units == request.units).then(|| Binding {
        resource: Resource::Redundancy(request.needs.redundancy),
        at: request.window.from,
        free: found.units.into(),
        needed: request.units.into(),
    })
}

/// What a refusal can be due to before anything is counted, and the racks to count on.
pub(super) struct Grounds<'a, 's> {
    scene: &'a Scene<'s>,
    request: &'a Demand,
    pub banned: Option<usize>,
    pub no_kind: bool,
    /// What no rack of the kind offers: the supply, two feeds, or what the rule asks for.
    pub unsuited: Option<Resource>,
    racks: Vec<usize>,
}

impl<'a, 's> Grounds<'a, 's> {
    pub fn new(scene: &'a Scene<'s>, request: &'a Demand) -> Self {
        let ground = &scene.ground;
        let offered: Vec<usize> = ground.offered(request).collect();
        let cooled: Vec<usize> = offered
            .iter()
            .copied()
            .filter(|&rack| ground.cools(rack, request))
            .collect();
        let no_kind = cooled.is_empty() && !offered.is_empty();
        let cooled = if no_kind { offered } else { cooled };
        let (unsuited, racks) = suited(scene, request, cooled);
        Self {
            scene,
            request,
            banned: ground
                .site
                .restrictions
                .iter()
                .position(|ban| bans(ban, request)),
            no_kind,
            unsuited,
            racks,
        }
    }

    /// Whether no rack could take a unit, whatever is booked.
    pub fn outright(&self) -> bool {
        self.banned.is_some() || self.no_kind || self.unsuited.is_some()
    }

    pub fn alone(&self) -> Vec<Reason> {
        let refuses = |reason: &Reason| match reason {
            Reason::Restriction => self.banned.is_some(),
            Reason::CoolingKind => self.no_kind,
            Reason::Space if self.unsuited.is_some() => true,
            family => !self.racks.is_empty() && self.fits(Families::only(*family)) == Some(false),
        };
        Reason::ALL.iter().copied().filter(refuses).collect()
    }

    /// `None` where the effort ran out.
    fn fits(&self, families: Families) -> Option<bool> {
        let most = self
            .scene
            .most(self.request, &self.racks, self.request.units, families);
        if most.units >= self.request.units {
            Some(true)
        } else {
            (most.upper < self.request.units).then_some(false)
        }
    }

    pub fn binding(&self, reason: Reason, found: &Outcome) -> Option<Binding> {
        let at = self.request.window.from;
        let plain = |resource, at| {
            Some(Binding {
                resource,
                at,
                free: 0,
                needed: 0,
            })
        };
        match (reason, self.banned, self.unsuited) {
            (Reason::Restriction, Some(ban), _) => {
                let from = self.scene.ground.site.restrictions[ban].window.from;
                plain(Resource::Restriction(ban), from.max(at))
            }
            (Reason::CoolingKind, ..) => plain(Resource::CoolingKind, at),
            (Reason::Space, _, Some(resource)) => Some(Binding {
                resource,
                at,
                free: 0,
                needed: self.request.units.into(),
            }),
            (family, ..) => {
                let (ground, racks) = (&self.scene.ground, self.racks.clone());
                let only = Families::only(family);
                let room = Room::new(ground, &self.scene.now, self.request, racks, only);
                let cut = room.most(self.request.units).cut;
                let cut = if cut.is_empty() { &found.cut } else { &cut };
                binding(self.scene, self.request, cut, Some(family))
            }
        }
    }
}

/// The racks that offer all that the request needs; where none does, what is missing and the racks
/// that lack only that.
fn suited(scene: &Scene, request: &Demand, racks: Vec<usize>) -> (Option<Resource>, Vec<usize>) {
    let ground = &scene.ground;
    let supplied = |&rack: &usize| !ground.spots(rack, Unit::of(request)).is_empty();
    let fed = |&rack: &usize| ground.feeds(rack, request);
    let ruled = |&rack: &usize| ground.suits(rack, request);
    let mut left: Vec<usize> = racks.iter().copied().filter(supplied).collect();
    if left.is_empty() {
        return (Some(Resource::Supply), racks);
    }
    if !left.iter().any(fed) {
        return (Some(Resource::Feeds), left);
    }
    left.retain(fed);
    if !left.iter().any(ruled) {
        let rule = Resource::Redundancy(request.needs.redundancy);
        return (Some(rule), left);
    }
    left.retain(ruled);
    (None, left)
}

/// The roomiest of the resources that cut a demand off (of the family, if one of it is there).
pub(super) fn binding(
    scene: &Scene,
    request: &Demand,
    cut: &[Res],
    family: Option<Reason>,
) -> Option<Binding> {
    let ground = &scene.ground;
    let free = |res: Res| scene.now.tightest(ground, res, request.window);
    let of_family = |res: &Res| family.is_none_or(|family| ground.family(*res) == family);
    let rank = |res: &Res| (of_family(res), free(*res).0, std::cmp::Reverse(*res));
    let res = cut.iter().copied().max_by_key(rank)?;
    let (free, at) = free(res);
    let (units, watts) = (i64::from(request.units), request.watts_each.0);
    let resource = ground.name(res);
    let (free, needed) = match resource {
        Resource::RackSlots(rack) => (free, units * ground.slots_of(rack, Unit::of(request))),
        Resource::Zone(_) => (free, units * watts),
        _ => (
            free.div_euclid(3),
            per_leg(scene, request, units) * watts / 3,
        ),
    };
    Some(Binding {
        resource,
        at,
        free: free.max(0),
        needed,
    })
}

/// Thirds of machines that a leg must carry when all legs on offer share evenly.
fn per_leg(scene: &Scene, request: &Demand, units: i64) -> i64 {
    let racks = scene.ground.eligible(request);
    let legs: std::collections::BTreeSet<_> = racks
        .iter()
        .flat_map(|&rack| scene.ground.spots(rack, Unit::of(request)))
        .collect();
    match legs.iter().flat_map(|leg| leg.iter()).count() as i64 {
        0 => units,
        legs => 3 * ((units + legs - 1) / legs),
    }
}
