//! A site with its live bookings, ready for one question after another.

use super::beside::beside;
use super::decide::{available, making_room};
use super::ground::{Ground, Res};
use super::peak::{Peak, peaks};
use super::profile::Profile;
use super::scene::{Scene, firm};
use super::sweep::{Most, Sweep};
use super::together::{alone, place_all};
use super::types::{Availability, Binding, Booking, Demand, Limits, PartsRefusal};
use super::types::{Placement, Placements, RackUsage, Refusal, Resource, Site};
use super::verify::holders;
use crate::domain::calendar::Window;
use crate::domain::site::Leg;
use crate::domain::units::Watts;
use chrono::{Days, NaiveDate};
use std::borrow::Cow;

/// Racks times bookings up to which bookings are moved to see whether all that is asked for fits.
const SMALL: usize = 4_000;
/// Racks times bookings up to which they are moved for the exact number of each start.
const TINY: usize = 400;

/// Racks, nodes, zones and what is used of each; follows what is booked.
#[derive(Clone)]
pub struct Standing<'a> {
    ground: Ground<'a>,
    bookings: Cow<'a, [Booking]>,
    /// What all use where they are, and what those use that cannot be moved.
    now: Profile,
    stays: Profile,
    firm: Vec<bool>,
    /// Something is oversold already, and what stands there cannot be moved.
    oversold: bool,
}

impl<'a> Standing<'a> {
    pub fn new(site: &'a Site, bookings: &'a [Booking]) -> Self {
        Self::of(Cow::Borrowed(site), Cow::Borrowed(bookings))
    }

    /// On values of its own, to be kept.
    pub fn owned(site: Site, bookings: Vec<Booking>) -> Standing<'static> {
        Standing::of(Cow::Owned(site), Cow::Owned(bookings))
    }

    fn of(site: Cow<'a, Site>, bookings: Cow<'a, [Booking]>) -> Self {
        let ground = Ground::of(site);
        let now = Profile::new(&ground, holders(&bookings));
        let firm = firm(&ground, &bookings, &now);
        let stays = holders(&bookings).zip(&firm).filter(|(_, firm)| **firm);
        let stays = Profile::new(&ground, stays.map(|(holder, _)| holder));
        Self {
            oversold: !now.oversold(&ground).is_empty(),
            ground,
            bookings,
            now,
            stays,
            firm,
        }
    }

    pub fn site(&self) -> &Site {
        &self.ground.site
    }

    pub fn bookings(&self) -> &[Booking] {
        &self.bookings
    }

    /// Whether there is any rack at all that such a machine may stand in.
    pub fn serves(&self, request: &Demand) -> bool {
        self.ground.fitting(request).next().is_some()
    }

    /// As `place` answers, with nothing looked up again that is known.
    pub fn place(&self, request: &Demand, limits: &Limits) -> Result<Placement, Refusal> {
        match beside(&self.ground, &self.now, request) {
            Some(pieces) => Ok(Placement {
                pieces,
                moved: vec![],
            }),
            None => making_room(&self.ground.site, &self.bookings, request, limits),
        }
    }

    /// As `place_all` answers.
    pub fn place_all(&self, parts: &[Demand], limits: &Limits) -> Result<Placements, PartsRefusal> {
        match parts {
            [only] => alone(self.place(only, limits)),
            _ => place_all(&self.ground.site, &self.bookings, parts, limits),
        }
    }

    /// What each leg of a node carries on a day and what is used of it, in thirds of a watt.
    pub fn node_on(&self, node: usize, day: NaiveDate) -> ([i64; 3], [i64; 3]) {
        let legs =
            [Leg::L1, Leg::L2, Leg::L3].map(|leg| self.on(self.ground.node_leg(node, leg), day));
        (legs.map(|leg| leg.0), legs.map(|leg| leg.1))
    }

    /// What a zone removes on a day and what of it is used.
    pub fn zone_on(&self, zone: usize, day: NaiveDate) -> (Watts, Watts) {
        let (there, used) = self.on(self.ground.zone(zone), day);
        (Watts(there), Watts(used))
    }

    /// The slots and watts that are used in a rack on a day.
    pub fn rack_on(&self, rack: usize, day: NaiveDate) -> RackUsage {
        let slots = self.now.steps(self.ground.slots(rack)).used_on(day);
        let legs = Leg::ALL.iter().map(|&leg| self.ground.rack_leg(rack, leg));
        let thirds: i64 = legs.map(|res| self.now.steps(res).used_on(day)).sum();
        RackUsage {
            slots: u32::try_from(slots).unwrap_or(u32::MAX),
            watts: Watts(thirds / 3),
        }
    }

    /// `node_peaks` of what stands.
    pub fn node_peaks(&self, window: Window) -> Vec<[Peak; 3]> {
        peaks(&self.ground, &self.now, window)
    }

    fn on(&self, res: Res, day: NaiveDate) -> (i64, i64) {
        let (there, _) = self.ground.capacity(res, day, Some(day + Days::new(1)));
        (there, self.now.steps(res).used_on(day))
    }

    /// One live booking more for each part, where a placement found that they go.
    pub fn accept(&mut self, parts: &[Demand], placed: &Placements) {
        for (at, pieces) in &placed.moved {
            let booking = &mut self.bookings.to_mut()[*at];
            self.now
                .lift(&self.ground, &booking.demand, &booking.witness);
            self.now.put(&self.ground, &booking.demand, pieces);
            booking.witness.clone_from(pieces);
        }
        for (demand, pieces) in parts.iter().zip(&placed.parts) {
            self.now.put(&self.ground, demand, pieces);
            self.firm.push(false);
            self.bookings.to_mut().push(Booking {
                demand: demand.clone(),
                witness: pieces.clone(),
                assigned: false,
            });
        }
        // What was oversold may be so no longer, and what stood there may be moved again.
        if self.oversold {
            self.firm = firm(&self.ground, &self.bookings, &self.now);
            let stays = holders(&self.bookings).zip(&self.firm);
            let stays = stays.filter(|(_, firm)| **firm);
            self.stays = Profile::new(&self.ground, stays.map(|(holder, _)| holder));
            self.oversold = !self.now.oversold(&self.ground).is_empty();
        }
    }

    /// The most units for windows of the request's length from each start (an open one stays
    /// open): exact where the sets of racks under nodes and zones nest and nothing could move;
    /// else what fits beside the bookings where they stand now, and then not proven: `place`
    /// may find more. On small sites the bookings are moved, within `limits`, where that decides
    /// whether all that is asked for fits; on tiny ones always.
    pub fn availability(
        &self,
        request: &Demand,
        starts: &[NaiveDate],
        limits: &Limits,
    ) -> Vec<Availability> {
        let racks = self.ground.eligible(request);
        let mut order: Vec<usize> = (0..starts.len()).collect();
        order.sort_by_key(|&at| starts[at]);
        let windows: Vec<Window> = order
            .iter()
            .map(|&at| request.window.starting(starts[at]))
            .collect();
        let found = if racks.is_empty() {
            self.nowhere(request, &windows, limits)
        } else {
            let mut found = self.swept(request, &racks, &windows);
            self.jointly(request, &windows, &mut found, limits);
            found
        };
        let mut by_start: Vec<Option<Availability>> = vec![None; starts.len()];
        for (at, found) in order.into_iter().zip(found) {
            by_start[at] = Some(found);
        }
        by_start.into_iter().flatten().collect()
    }

    fn swept(&self, request: &Demand, racks: &[usize], windows: &[Window]) -> Vec<Availability> {
        let sweep = Sweep::new(&self.ground, request, racks, windows);
        let now = sweep.most(&self.now, false);
        let above: Vec<u32> = if self.firm.iter().all(|firm| *firm) && sweep.exact() {
            now.iter().map(|most| most.units).collect()
        } else {
            let above = sweep.most(&self.stays, true);
            above.iter().map(|most| most.units).collect()
        };
        let each = |(at, most): (usize, Most)| match self.banned(request, windows[at]) {
            Some(binding) => Availability::none(Some(binding)),
            None => Availability {
                units: most.units,
                upper: above[at].max(most.units),
                binding: most.binding,
            },
        };
        now.into_iter().enumerate().map(each).collect()
    }

    fn banned(&self, request: &Demand, window: Window) -> Option<Binding> {
        let bans = |ban: &super::types::Restriction| {
            ban.workload == request.workload && ban.window.overlaps(window)
        };
        let ban = self.ground.site.restrictions.iter().position(bans)?;
        let from = self.ground.site.restrictions[ban].window.from;
        Some(Binding {
            resource: Resource::Restriction(ban),
            at: from.max(window.from),
            free: 0,
            needed: 0,
        })
    }

    /// No rack will ever do: why not is the same at every start, but for restrictions.
    fn nowhere(&self, request: &Demand, windows: &[Window], limits: &Limits) -> Vec<Availability> {
        let Some(&first) = windows.first() else {
            return vec![];
        };
        let free = Site {
            restrictions: vec![],
            ..Site::clone(&self.ground.site)
        };
        let scene = Scene::new(&free, &[], limits);
        let demand = Demand {
            window: first,
            ..request.clone()
        };
        let binding = available(&scene, &demand).binding;
        let at = |window: &Window| {
            let plain = binding.map(|binding| Binding {
                at: window.from,
                ..binding
            });
            Availability::none(self.banned(request, *window).or(plain))
        };
        windows.iter().map(at).collect()
    }

    fn jointly(
        &self,
        request: &Demand,
        windows: &[Window],
        found: &mut [Availability],
        limits: &Limits,
    ) {
        let size = self.bookings.len() * self.ground.site.racks.len();
        let every = size <= TINY;
        let open = |&at: &usize| {
            let Availability { units, upper, .. } = found[at];
            units < upper && (every || units < request.units && request.units <= upper)
        };
        let open: Vec<usize> = (0..windows.len()).filter(open).collect();
        if open.is_empty() || size > SMALL {
            return;
        }
        let cheap = Limits {
            variables: limits.variables.min(120),
            search_nodes: limits.search_nodes.min(50),
        };
        let scene = Scene::new(&self.ground.site, &self.bookings, &cheap);
        for at in open {
            let demand = Demand {
                window: windows[at],
                ..request.clone()
            };
            let joint = available(&scene, &demand);
            let upper = found[at].upper.min(joint.upper);
            if joint.units >= found[at].units {
                found[at] = joint;
            }
            found[at].upper = upper;
        }
    }
}

/// `Standing::availability` for one question.
pub fn availability(
    site: &Site,
    bookings: &[Booking],
    request: &Demand,
    starts: &[NaiveDate],
    limits: &Limits,
) -> Vec<Availability> {
    Standing::new(site, bookings).availability(request, starts, limits)
}
