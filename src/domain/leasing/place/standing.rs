//! A site with its live bookings, ready for one question after another.

use super::decide::available;
use super::ground::Ground;
use super::profile::Profile;
use super::scene::{Scene, firm};
use super::sweep::{Most, Sweep};
use super::types::{Availability, Binding, Booking, Demand, Limits, Resource, Site};
use super::verify::holders;
use crate::domain::calendar::Window;
use chrono::NaiveDate;

/// Racks times bookings up to which every start is searched jointly.
const SMALL: usize = 4_000;

/// Racks, nodes, zones and what is used of each.
pub struct Standing<'a> {
    site: &'a Site,
    ground: Ground<'a>,
    bookings: &'a [Booking],
    /// What all use where they are, and what those use that cannot be moved.
    now: Profile,
    stays: Profile,
    firm: Vec<bool>,
}

impl<'a> Standing<'a> {
    pub fn new(site: &'a Site, bookings: &'a [Booking]) -> Self {
        let ground = Ground::new(site);
        let now = Profile::new(&ground, holders(bookings));
        let firm = firm(&ground, bookings, &now);
        let stays = holders(bookings).zip(&firm).filter(|(_, firm)| **firm);
        let stays = Profile::new(&ground, stays.map(|(holder, _)| holder));
        Self {
            site,
            ground,
            bookings,
            now,
            stays,
            firm,
        }
    }

    /// The most units for windows of the request's length from each start (an open one stays
    /// open): exact where the sets of racks under nodes and zones nest and nothing could move;
    /// else what fits beside the bookings where they stand now, and then not `proven`: `place`
    /// may find more. On small sites the bookings are moved for it, within `limits`.
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
        let mut found = if racks.is_empty() {
            self.nowhere(request, &windows, limits)
        } else {
            self.swept(request, &racks, &windows)
        };
        self.jointly(request, &windows, &mut found, limits);
        let mut by_start: Vec<Option<Availability>> = vec![None; starts.len()];
        for (at, found) in order.into_iter().zip(found) {
            by_start[at] = Some(found);
        }
        by_start.into_iter().flatten().collect()
    }

    fn swept(&self, request: &Demand, racks: &[usize], windows: &[Window]) -> Vec<Availability> {
        let sweep = Sweep::new(&self.ground, request, racks, windows);
        let now = sweep.most(&self.now, false);
        let above = if self.firm.iter().all(|firm| *firm) && sweep.exact() {
            None
        } else {
            Some(sweep.most(&self.stays, true))
        };
        let each = |(at, most): (usize, Most)| match self.banned(request, windows[at]) {
            Some(binding) => Availability {
                units: 0,
                binding: Some(binding),
                proven: true,
            },
            None => Availability {
                units: most.units,
                binding: most.binding,
                proven: above
                    .as_ref()
                    .is_none_or(|above| above[at].units <= most.units),
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
            ..self.site.clone()
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
            Availability {
                units: 0,
                binding: self.banned(request, *window).or(plain),
                proven: true,
            }
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
        let small = self
            .bookings
            .len()
            .saturating_mul(self.ground.site.racks.len())
            <= SMALL;
        if !small || found.iter().all(|found| found.proven) {
            return;
        }
        let cheap = Limits {
            variables: limits.variables.min(120),
            search_nodes: limits.search_nodes.min(50),
        };
        let scene = Scene::new(self.site, self.bookings, &cheap);
        for (found, &window) in found.iter_mut().zip(windows).filter(|(f, _)| !f.proven) {
            let demand = Demand {
                window,
                ..request.clone()
            };
            let joint = available(&scene, &demand);
            if joint.units > found.units || joint.proven {
                *found = joint;
            }
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
