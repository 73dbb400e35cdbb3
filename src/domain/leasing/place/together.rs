//! Several demands, one answer: all of them are placed together, or none.
//!
//! The parts are placed one after the other, and each that has its place counts as one more
//! booking that may move. So the last step asks for a placement of everything at once, and the
//! answer is as exact as that of a single demand.

use super::decide::{bans, place};
use super::fit::Room;
use super::ground::{Families, Ground, Unit};
use super::profile::Profile;
use super::quality::improve;
use super::refuse::{COUNTED, Grounds, rule_refuses};
use super::scene::{Outcome, Scene, firm, no_worse};
use super::spread::tidy;
use super::types::{
    Binding, Booking, Demand, Limits, PartsRefusal, Piece, Placement, Placements, Reason, Refusal,
    Site,
};
use super::verify::holders;

/// Where all parts of a request can go beside the live bookings, moving unassigned ones where it
/// must; `place` for one part. The parts have windows of their own, though a request has one.
pub fn place_all(
    site: &Site,
    bookings: &[Booking],
    parts: &[Demand],
    limits: &Limits,
) -> Result<Placements, PartsRefusal> {
    if let [only] = parts {
        return alone(place(site, bookings, only, limits));
    }
    let table = Table::new(site, bookings, parts, limits);
    let banned = |part: &Demand| site.restrictions.iter().any(|ban| bans(ban, part));
    if !parts.iter().any(banned)
        && let Some(found) = table.beside()
    {
        return Ok(found);
    }
    let outright = table.outright();
    if outright.is_empty() {
        let run = table.run(&table.hardest(), Families::ALL);
        if let Some(found) = table.accepted(&run) {
            return Ok(found);
        }
    }
    let mut order = table.in_turn();
    order.retain(|at| !outright.contains(at));
    let run = table.run(&order, Families::ALL);
    table
        .accepted(&run)
        .ok_or_else(|| table.refuse(&run, &outright))
}

/// The answer for the only part.
pub(super) fn alone(answer: Result<Placement, Refusal>) -> Result<Placements, PartsRefusal> {
    match answer {
        Ok(placed) => Ok(Placements {
            parts: vec![placed.pieces],
            moved: placed.moved,
        }),
        Err(refusal) => Err(PartsRefusal {
            reasons: refusal.reasons,
            available_units: vec![refusal.available_units],
            short: 0,
            binding: refusal.binding,
            proven: refusal.proven,
        }),
    }
}

/// A request of several parts at a site.
struct Table<'s> {
    site: &'s Site,
    bookings: &'s [Booking],
    parts: &'s [Demand],
    limits: &'s Limits,
    firm: Vec<bool>,
}

/// What became of the parts: the units that each found, and where everything stands with them.
struct Run {
    units: Vec<u32>,
    /// More was ruled out for each part, in its turn.
    exact: bool,
    /// The live bookings, then the parts in the order of the run.
    all: Vec<Booking>,
    order: Vec<usize>,
}

impl<'s> Table<'s> {
    fn new(
        site: &'s Site,
        bookings: &'s [Booking],
        parts: &'s [Demand],
        limits: &'s Limits,
    ) -> Self {
        let ground = Ground::new(site);
        let now = Profile::new(&ground, holders(bookings));
        let firm = firm(&ground, bookings, &now);
        Self {
            site,
            bookings,
            parts,
            limits,
            firm,
        }
    }

    fn in_turn(&self) -> Vec<usize> {
        (0..self.parts.len()).collect()
    }

    /// Whole racks before machines, few racks before many, the heavier first.
    fn hardest(&self) -> Vec<usize> {
        let ground = Ground::new(self.site);
        let mut order = self.in_turn();
        order.sort_by_cached_key(|&at| {
            let part = &self.parts[at];
            let choice = ground.eligible(part).len();
            let whole = Unit::of(part).whole;
            (!whole, choice, std::cmp::Reverse(part.watts_each), at)
        });
        order
    }

    /// Everything stays where it is: seldom wrong on a site with room, and quick on a large one.
    fn beside(&self) -> Option<Placements> {
        let ground = Ground::new(self.site);
        let before = Profile::new(&ground, holders(self.bookings));
        let mut after = Profile::new(&ground, holders(self.bookings));
        let mut parts = vec![vec![]; self.parts.len()];
        for at in self.hardest() {
            let part = &self.parts[at];
            let racks = ground.eligible(part);
            let room = Room::new(&ground, &after, part, racks, Families::ALL);
            let pieces = room.most(part.units).pieces;
            let units: u32 = pieces.iter().map(|piece| piece.units).sum();
            if units < part.units || !room.holds(&pieces) {
                return None;
            }
            let pieces = improve(&room, pieces);
            after.put(&ground, part, &pieces);
            parts[at] = pieces;
        }
        let moved = vec![];
        no_worse(&ground, &before, &after, Families::ALL).then_some(Placements { parts, moved })
    }

    /// Gives each part in turn the most that it can have, all that came before kept whole.
    fn run(&self, order: &[usize], families: Families) -> Run {
        let mut run = Run {
            units: vec![0; self.parts.len()],
            exact: true,
            all: self.bookings.to_vec(),
            order: order.to_vec(),
        };
        for &at in order {
            let part = &self.parts[at];
            let found = self.step(&run.all, part, families);
            run.exact &= found.units == found.upper;
            run.units[at] = found.units;
            run.put(part, found);
        }
        run
    }

    fn step(&self, all: &[Booking], part: &Demand, families: Families) -> Outcome {
        let scene = self.scene(all);
        let racks = scene.ground.eligible(part);
        scene.most(part, &racks, part.units, families)
    }

    /// Parts that have their place may move like any unassigned booking.
    fn scene<'b>(&self, all: &'b [Booking]) -> Scene<'b>
    where
        's: 'b,
    {
        let mut firm = self.firm.clone();
        firm.resize(all.len(), false);
        Scene::with(Ground::new(self.site), all, self.limits, firm)
    }

    /// The placement of a run in which every part found all its units, checked in whole numbers.
    fn accepted(&self, run: &Run) -> Option<Placements> {
        let whole = |(units, part): (&u32, &Demand)| *units == part.units;
        if !run.units.iter().zip(self.parts).all(whole) {
            return None;
        }
        let ground = Ground::new(self.site);
        let before = Profile::new(&ground, holders(self.bookings));
        let after = Profile::new(&ground, holders(&run.all));
        let known = self.bookings.len();
        let mut parts = vec![vec![]; self.parts.len()];
        for (&at, booking) in run.order.iter().zip(&run.all[known..]) {
            parts[at] = booking.witness.clone();
        }
        let moved = (0..known).filter(|&at| {
            run.all[at].witness != self.bookings[at].witness
                && run.all[at].witness != tidy(self.bookings[at].witness.clone())
        });
        let moved: Vec<(usize, Vec<Piece>)> =
            moved.map(|at| (at, run.all[at].witness.clone())).collect();
        let stand = |booking: &Booking| {
            let units: u32 = booking.witness.iter().map(|piece| piece.units).sum();
            let mut pieces = booking.witness.iter();
            units == booking.demand.units
                && pieces.all(|piece| ground.allows(&booking.demand, piece))
        };
        let whole = run.all[known..].iter().all(stand)
            && moved.iter().all(|(at, _)| stand(&run.all[*at]))
            && no_worse(&ground, &before, &after, Families::ALL);
        whole.then_some(Placements { parts, moved })
    }

    /// As for one demand, with "it fits" read as "all parts fit". A part for which there is no
    /// rack at all adds its own reasons; the others are counted together.
    fn refuse(&self, run: &Run, outright: &[usize]) -> PartsRefusal {
        let (scene, mut reasons) = (self.scene(self.bookings), vec![]);
        for &at in outright {
            reasons.extend(Grounds::new(&scene, &self.parts[at]).alone());
        }
        let fits = |families| self.fits(families, outright);
        let only = |family: &Reason| fits(Families::only(*family)) == Some(false);
        reasons.extend(COUNTED.into_iter().filter(only));
        if reasons.is_empty() {
            let needed = |family: &Reason| fits(Families::without(*family)) == Some(true);
            reasons.extend(COUNTED.into_iter().filter(needed));
        }
        if reasons.is_empty() {
            reasons.extend(COUNTED);
        }
        reasons.sort_unstable();
        reasons.dedup();
        let (short, bound) = self.stopped(run, outright, &mut reasons);
        PartsRefusal {
            binding: bound,
            proven: !outright.is_empty() || run.exact,
            reasons,
            available_units: run.units.clone(),
            short,
        }
    }

    /// The first part that falls short, and what stops it beside those before it. Where that is
    /// the rule of admission, the rule is the reason.
    fn stopped(
        &self,
        run: &Run,
        outright: &[usize],
        reasons: &mut Vec<Reason>,
    ) -> (usize, Option<Binding>) {
        let falls = |at: &usize| run.units[*at] < self.parts[*at].units;
        let first = outright.first().copied();
        let short = first.or_else(|| self.in_turn().into_iter().find(falls));
        let short = short.unwrap_or(0);
        let ahead = run.order.iter().position(|&at| at == short).unwrap_or(0);
        let scene = self.scene(&run.all[..self.bookings.len() + ahead]);
        let part = &self.parts[short];
        let racks = scene.ground.eligible(part);
        let found = scene.most(part, &racks, part.units, Families::ALL);
        let rule = if outright.is_empty() {
            rule_refuses(&scene, part, &found)
        } else {
            None
        };
        if rule.is_some() {
            *reasons = vec![Reason::Space];
        }
        let bound = rule.or_else(|| Grounds::new(&scene, part).binding(reasons[0], &found));
        (short, bound)
    }

    fn outright(&self) -> Vec<usize> {
        let scene = self.scene(self.bookings);
        let mut found = self.in_turn();
        found.retain(|&at| Grounds::new(&scene, &self.parts[at]).outright());
        found
    }

    /// Whether all parts but these fit with only some families' limits; `None` if not known.
    fn fits(&self, families: Families, without: &[usize]) -> Option<bool> {
        let mut all = self.bookings.to_vec();
        for (at, part) in self.parts.iter().enumerate() {
            if without.contains(&at) {
                continue;
            }
            let found = self.step(&all, part, families);
            if found.units < part.units {
                return (found.upper < part.units).then_some(false);
            }
            put(&mut all, part, found);
        }
        Some(true)
    }
}

impl Run {
    fn put(&mut self, part: &Demand, found: Outcome) {
        put(&mut self.all, part, found);
    }
}

fn put(all: &mut Vec<Booking>, part: &Demand, found: Outcome) {
    for (at, witness) in found.moved {
        all[at].witness = witness;
    }
    all.push(Booking {
        demand: Demand {
            units: found.units,
            ..part.clone()
        },
        witness: tidy(found.pieces),
        assigned: false,
    });
}
