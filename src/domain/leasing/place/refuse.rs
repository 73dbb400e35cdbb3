//! Why a request is refused, and what would have to be larger.

use super::decide::bans;
use super::fit::Room;
use super::ground::{Families, Res, spots};
use super::scene::{Outcome, Scene};
use super::types::{Binding, Demand, Reason, Refusal, Resource};

const COUNTED: [Reason; 3] = [Reason::Space, Reason::Power, Reason::Cooling];

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
    let outright = grounds.banned.is_some() || grounds.no_kind || grounds.no_supply;
    let binding = grounds.binding(reasons[0], found);
    Refusal {
        reasons,
        available_units: if outright { 0 } else { found.units },
        binding,
        proven: outright || found.upper < request.units && found.units == found.upper,
    }
}

/// What a refusal can be due to before anything is counted, and the racks to count on.
struct Grounds<'a, 's> {
    scene: &'a Scene<'s>,
    request: &'a Demand,
    banned: Option<usize>,
    no_kind: bool,
    no_supply: bool,
    racks: Vec<usize>,
}

impl<'a, 's> Grounds<'a, 's> {
    fn new(scene: &'a Scene<'s>, request: &'a Demand) -> Self {
        let ground = &scene.ground;
        let offered: Vec<usize> = ground.offered(request).collect();
        let cooled: Vec<usize> = offered
            .iter()
            .copied()
            .filter(|&rack| ground.cools(rack, request))
            .collect();
        let no_kind = cooled.is_empty() && !offered.is_empty();
        let cooled = if no_kind { offered } else { cooled };
        let supplied =
            |&rack: &usize| !spots(ground.site.racks[rack].phase, request.supply).is_empty();
        let racks: Vec<usize> = cooled.iter().copied().filter(supplied).collect();
        let no_supply = racks.is_empty();
        Self {
            scene,
            request,
            banned: ground
                .site
                .restrictions
                .iter()
                .position(|ban| bans(ban, request)),
            no_kind,
            no_supply,
            racks: if no_supply { cooled } else { racks },
        }
    }

    fn alone(&self) -> Vec<Reason> {
        let refuses = |reason: &Reason| match reason {
            Reason::Restriction => self.banned.is_some(),
            Reason::CoolingKind => self.no_kind,
            Reason::Space if self.no_supply => true,
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

    fn binding(&self, reason: Reason, found: &Outcome) -> Option<Binding> {
        let at = self.request.window.from;
        let plain = |resource, at| {
            Some(Binding {
                resource,
                at,
                free: 0,
                needed: 0,
            })
        };
        match (reason, self.banned) {
            (Reason::Restriction, Some(ban)) => {
                let from = self.scene.ground.site.restrictions[ban].window.from;
                plain(Resource::Restriction(ban), from.max(at))
            }
            (Reason::CoolingKind, _) => plain(Resource::CoolingKind, at),
            (Reason::Space, _) if self.no_supply => plain(Resource::Supply, at),
            (family, _) => {
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
        Resource::RackSlots(_) => (free, units),
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
        .flat_map(|&rack| spots(scene.ground.site.racks[rack].phase, request.supply))
        .collect();
    match legs.iter().flat_map(|leg| leg.iter()).count() as i64 {
        0 => units,
        legs => 3 * ((units + legs - 1) / legs),
    }
}
