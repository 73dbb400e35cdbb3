//! A site with its live bookings, and the most units of one demand that can join them.

use super::anew::anew;
use super::bound::{self, Answer};
use super::fit::{Fit, Room};
use super::ground::{Families, Ground, Res};
use super::model::{Item, Model, Setting};
use super::profile::Profile;
use super::spread::{share, spread, tidy};
use super::types::{Booking, Demand, Limits, Piece, Site};
use super::verify::{holders, loads};
use crate::domain::site::Leg;
use std::collections::{BTreeMap, BTreeSet};

/// The budget from which on everything is placed anew before a request is given up.
const THOROUGH: u64 = 1_000;

pub(super) struct Scene<'s> {
    pub ground: Ground<'s>,
    pub bookings: &'s [Booking],
    pub limits: Limits,
    /// Bookings that stay: assigned ones, and those that stand where capacity was lost since.
    pub firm: Vec<bool>,
    /// What all use where they are now, and what those that stay use.
    pub now: Profile,
    pub stays: Profile,
    /// What was used before the change that is to be settled: no worse is allowed.
    pub before: Option<Profile>,
    /// The nodes and zones that each booking could load.
    reach: Vec<BTreeSet<usize>>,
}

/// The most units found and not ruled out, and a placement of those found.
#[derive(Default)]
pub(super) struct Outcome {
    pub units: u32,
    pub upper: u32,
    pub pieces: Vec<Piece>,
    pub moved: Vec<(usize, Vec<Piece>)>,
    pub cut: Vec<Res>,
}

impl<'s> Scene<'s> {
    pub fn new(site: &'s Site, bookings: &'s [Booking], limits: &Limits) -> Self {
        let ground = Ground::new(site);
        let now = Profile::new(&ground, holders(bookings));
        let firm = firm(&ground, bookings, &now);
        Self::with(ground, bookings, limits, firm)
    }

    /// With the bookings that stay told by the caller.
    pub fn with(
        ground: Ground<'s>,
        bookings: &'s [Booking],
        limits: &Limits,
        firm: Vec<bool>,
    ) -> Self {
        let now = Profile::new(&ground, holders(bookings));
        let stays = holders(bookings).zip(&firm).filter(|(_, firm)| **firm);
        let stays = Profile::new(&ground, stays.map(|(holder, _)| holder));
        let reach = bookings
            .iter()
            .map(|b| reach(&ground, &ground.eligible(&b.demand)))
            .collect();
        Self {
            ground,
            bookings,
            limits: *limits,
            firm,
            now,
            stays,
            before: None,
            reach,
        }
    }

    /// The most units up to `want` on these racks, with only some families' limits held.
    pub fn most(&self, demand: &Demand, racks: &[usize], want: u32, families: Families) -> Outcome {
        let room = Room::new(&self.ground, &self.now, demand, racks.to_vec(), families);
        let Fit { upper, pieces, cut } = room.most(want);
        let units = pieces.iter().map(|piece| piece.units).sum();
        let mut best = Outcome {
            units,
            upper,
            pieces,
            moved: vec![],
            cut,
        };
        let movable = self.movable(demand, racks);
        if units == want || (movable.is_empty() && units == upper) {
            return best;
        }
        let lifted = Room::new(&self.ground, &self.stays, demand, racks.to_vec(), families);
        best.upper = lifted.most(want).upper;
        if best.upper > best.units {
            self.jointly(demand, racks, want, families, &movable, &mut best);
        }
        // A quick look is content with what it found.
        if best.units < want.min(best.upper) && self.limits.search_nodes >= THOROUGH {
            anew(self, (demand, racks, want), families, &movable, &mut best);
        }
        best
    }

    /// Unassigned bookings that could have to move: those that meet the demand in time and
    /// place, those that meet them, and so on.
    fn movable(&self, demand: &Demand, racks: &[usize]) -> Vec<usize> {
        let mut waiting: Vec<(usize, &BTreeSet<usize>)> = (0..self.bookings.len())
            .filter(|&at| !self.firm[at])
            .map(|at| (at, &self.reach[at]))
            .collect();
        let own = reach(&self.ground, racks);
        let mut queue = vec![(demand.window, &own)];
        let mut found = vec![];
        while let Some((window, places)) = queue.pop() {
            waiting.retain(|(at, others)| {
                let other = self.bookings[*at].demand.window;
                let meets = other.overlaps(window) && !places.is_disjoint(others);
                if meets {
                    found.push(*at);
                    queue.push((other, *others));
                }
                !meets
            });
        }
        found.sort_unstable();
        found
    }

    fn jointly(
        &self,
        demand: &Demand,
        racks: &[usize],
        want: u32,
        families: Families,
        movable: &[usize],
        best: &mut Outcome,
    ) {
        let setting = Setting {
            ground: &self.ground,
            fixed: &self.stays,
            families,
        };
        let mut apart = BTreeSet::new();
        loop {
            let mut items = self.items(movable);
            items.push(self.target(demand, racks, want.min(best.upper)));
            let target = Some(items.len() - 1);
            let most = self.limits.variables;
            let Some(model) = Model::new(&setting, items, target, &apart, most) else {
                return self.locally(demand, racks, families, movable, best);
            };
            let start = self.start(&model, &best.pieces);
            match bound::solve(&model, start.as_deref(), self.limits.search_nodes) {
                Answer::Impossible => return,
                Answer::Unknown { upper } => {
                    best.upper = best.upper.min(upper);
                    return;
                }
                Answer::Found { values, upper } => {
                    best.upper = best.upper.min(upper);
                    match spread(&setting, &model, &values, self.bookings) {
                        Ok(pieces) => return self.take(&model, pieces, families, demand, best),
                        Err(racks) => {
                            if racks.iter().all(|rack| apart.contains(rack)) {
                                return;
                            }
                            apart.extend(racks);
                        }
                    }
                }
            }
        }
    }

    /// Where the whole is too large: makes room under the few feeds that have most, among the
    /// bookings that stand there entirely. Finds placements; proves nothing.
    fn locally(
        &self,
        demand: &Demand,
        racks: &[usize],
        families: Families,
        movable: &[usize],
        best: &mut Outcome,
    ) {
        let feeds = self.roomiest(demand, racks);
        for count in [2, 4, 6] {
            let chosen = &feeds[..count.min(feeds.len())];
            let near = |rack: &usize| chosen.contains(&self.ground.site.racks[*rack].feeds.0);
            let inside = |&at: &usize| self.bookings[at].witness.iter().all(|p| near(&p.rack));
            let inside: Vec<usize> = movable.iter().copied().filter(inside).collect();
            let others = holders(self.bookings).enumerate();
            let others = others.filter(|(at, _)| inside.binary_search(at).is_err());
            let fixed = Profile::new(&self.ground, others.map(|(_, holder)| holder));
            let mut items = self.items(&inside);
            let here: Vec<usize> = racks.iter().copied().filter(near).collect();
            items.iter_mut().for_each(|item| item.racks.retain(near));
            items.push(self.target(demand, &here, best.upper));
            let target = Some(items.len() - 1);
            let setting = Setting {
                ground: &self.ground,
                fixed: &fixed,
                families,
            };
            let (apart, most) = (BTreeSet::new(), self.limits.variables);
            let Some(model) = Model::new(&setting, items, target, &apart, most) else {
                return;
            };
            let answer = bound::solve(&model, None, self.limits.search_nodes);
            if let Answer::Found { values, .. } = answer
                && let Ok(pieces) = spread(&setting, &model, &values, self.bookings)
            {
                self.take(&model, pieces, families, demand, best);
            }
            if best.units == best.upper {
                return;
            }
        }
    }

    /// The first feeds of these racks, those with most room in the demand's window first.
    fn roomiest(&self, demand: &Demand, racks: &[usize]) -> Vec<usize> {
        let feeds: BTreeSet<usize> = racks
            .iter()
            .map(|&rack| self.ground.site.racks[rack].feeds.0)
            .collect();
        let room = |&feed: &usize| -> i64 {
            let legs = Leg::ALL.iter().map(|&leg| self.ground.node_leg(feed, leg));
            let free = legs.map(|res| self.now.tightest(&self.ground, res, demand.window).0);
            -free.sum::<i64>()
        };
        let mut feeds: Vec<usize> = feeds.into_iter().collect();
        feeds.sort_by_cached_key(room);
        feeds
    }

    /// Bookings as items; those with equal machines, racks and windows are one.
    fn items(&self, movable: &[usize]) -> Vec<Item<'s>> {
        let mut items: Vec<Item> = vec![];
        for &at in movable {
            let demand = &self.bookings[at].demand;
            let same = |item: &&mut Item| alike(item.demand, demand);
            match items.iter_mut().find(same) {
                Some(item) => {
                    item.units += demand.units;
                    item.members.push(at);
                }
                None => items.push(Item {
                    demand,
                    window: demand.window,
                    racks: self.ground.eligible(demand),
                    units: demand.units,
                    members: vec![at],
                }),
            }
        }
        items
    }

    fn target<'b>(&self, demand: &'b Demand, racks: &[usize], units: u32) -> Item<'b> {
        let (window, racks) = (demand.window, racks.to_vec());
        Item {
            demand,
            window,
            racks,
            units,
            members: vec![],
        }
    }

    /// Where everything stands now, as values of the model: a solution to begin from.
    fn start(&self, model: &Model, pieces: &[Piece]) -> Option<Vec<u32>> {
        let mut at: BTreeMap<(usize, usize, Option<_>), usize> = BTreeMap::new();
        for (number, var) in model.vars.iter().enumerate() {
            for &rack in &model.classes[var.class] {
                at.insert((var.item, rack, var.leg), number);
            }
        }
        let mut values = vec![0; model.vars.len()];
        for (number, item) in model.items.iter().enumerate() {
            let witnesses = item
                .members
                .iter()
                .map(|&member| &self.bookings[member].witness[..]);
            let own = Some(pieces).filter(|_| Some(number) == model.target);
            for piece in witnesses.chain(own).flatten() {
                values[*at.get(&(number, piece.rack, piece.leg))?] += piece.units;
            }
        }
        Some(values)
    }

    /// Takes over a joint solution if it is better and holds in whole numbers.
    fn take(
        &self,
        model: &Model,
        pieces: Vec<Vec<Piece>>,
        families: Families,
        demand: &Demand,
        best: &mut Outcome,
    ) {
        let mut found = Outcome {
            upper: best.upper,
            ..Outcome::default()
        };
        for (at, (item, pieces)) in model.items.iter().zip(pieces).enumerate() {
            if Some(at) == model.target {
                found.units = pieces.iter().map(|piece| piece.units).sum();
                found.pieces = tidy(pieces);
                continue;
            }
            let shares = share(pieces, &item.members, self.bookings).into_iter();
            found.moved.extend(
                shares.filter(|(at, new)| *new != tidy(self.bookings[*at].witness.clone())),
            );
        }
        if found.units > best.units && self.holds(demand, &found, families) {
            found.cut = std::mem::take(&mut best.cut);
            *best = found;
        }
    }

    /// Whether nothing carries more than it can, or than it does already.
    pub fn holds(&self, demand: &Demand, found: &Outcome, families: Families) -> bool {
        let moved: BTreeMap<usize, &[Piece]> = found
            .moved
            .iter()
            .map(|(at, pieces)| (*at, &pieces[..]))
            .collect();
        let placed = self.bookings.iter().enumerate().map(|(at, booking)| {
            (
                &booking.demand,
                *moved.get(&at).unwrap_or(&&booking.witness[..]),
            )
        });
        let whole = |(at, pieces): &(usize, Vec<Piece>)| {
            let demand = &self.bookings[*at].demand;
            let units: u32 = pieces.iter().map(|piece| piece.units).sum();
            units == demand.units && pieces.iter().all(|piece| self.ground.allows(demand, piece))
        };
        let after = Profile::new(&self.ground, placed.chain([(demand, &found.pieces[..])]));
        found.moved.iter().all(whole) && self.no_worse(&after, families)
    }

    /// Whether what is oversold was so before, and by as much.
    fn no_worse(&self, after: &Profile, families: Families) -> bool {
        let before = self.before.as_ref().unwrap_or(&self.now);
        no_worse(&self.ground, before, after, families)
    }

    /// Finds places for the bookings that may move beside those that stay: `Some(None)` where
    /// there are none, `None` where the effort ran out.
    pub fn settle(&self, demand: &Demand, families: Families) -> Option<Option<Outcome>> {
        let as_is = Outcome::default();
        let nothing = Demand {
            units: 0,
            ..demand.clone()
        };
        if self.no_worse(&self.now, families) {
            return Some(Some(as_is));
        }
        if !self.no_worse(&self.stays, families) {
            return Some(None);
        }
        let movable = self.movable(demand, &self.ground.offered(demand).collect::<Vec<_>>());
        let setting = Setting {
            ground: &self.ground,
            fixed: &self.stays,
            families,
        };
        let mut apart = BTreeSet::new();
        loop {
            let most = self.limits.variables;
            let model = Model::new(&setting, self.items(&movable), None, &apart, most)?;
            let values = match bound::solve(&model, None, self.limits.search_nodes) {
                Answer::Impossible => return Some(None),
                Answer::Unknown { .. } => return None,
                Answer::Found { values, .. } => values,
            };
            match spread(&setting, &model, &values, self.bookings) {
                Ok(pieces) => {
                    let mut found = Outcome::default();
                    for (item, pieces) in model.items.iter().zip(pieces) {
                        found
                            .moved
                            .extend(share(pieces, &item.members, self.bookings));
                    }
                    found
                        .moved
                        .retain(|(at, new)| *new != tidy(self.bookings[*at].witness.clone()));
                    return self
                        .holds(&nothing, &found, families)
                        .then_some(Some(found));
                }
                Err(racks) if racks.iter().all(|rack| apart.contains(rack)) => return None,
                Err(racks) => apart.extend(racks),
            }
        }
    }
}

/// Whether what is oversold `after` was so `before`, and by as much.
pub(super) fn no_worse(
    ground: &Ground,
    before: &Profile,
    after: &Profile,
    families: Families,
) -> bool {
    after.oversold(ground).iter().all(|over| {
        !ground.holds(families, over.res)
            || before.steps(over.res).least_used(over.span) >= over.used
    })
}

/// The nodes and zones over some racks.
fn reach(ground: &Ground, racks: &[usize]) -> BTreeSet<usize> {
    let mut over = vec![false; ground.site.nodes.len() + ground.site.zones.len()];
    for &rack in racks {
        over[ground.site.nodes.len() + ground.site.racks[rack].zone] = true;
        ground
            .chain(rack)
            .iter()
            .for_each(|&node| over[node] = true);
    }
    (0..over.len()).filter(|&at| over[at]).collect()
}

fn alike(a: &Demand, b: &Demand) -> bool {
    let key = |d: &Demand| (d.watts_each, d.supply, d.cooling, d.window, d.needs);
    key(a) == key(b) && a.racks == b.racks
}

/// Assigned bookings; those on a resource that is oversold already, for they cannot be helped
/// here and must not stand in the way of others; and those whose witness is not whole.
pub(super) fn firm(ground: &Ground, bookings: &[Booking], now: &Profile) -> Vec<bool> {
    let oversold = now.oversold(ground);
    let stays = |booking: &Booking| {
        let units: u64 = booking
            .witness
            .iter()
            .map(|piece| u64::from(piece.units))
            .sum();
        booking.assigned
            || units != u64::from(booking.demand.units)
            || !booking
                .witness
                .iter()
                .all(|piece| ground.allows(&booking.demand, piece))
            || oversold.iter().any(|over| {
                booking.demand.window.overlaps(over.span) && loads(ground, booking, over.res)
            })
    };
    bookings.iter().map(stays).collect()
}
