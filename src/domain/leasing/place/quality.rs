//! Among placements that hold, the better one: fewest racks opened, one row, legs in balance, room
//! left for whole racks. A bounded number of other fillings and swaps is tried; each is counted in
//! whole numbers before it is taken.

use super::fit::{BOUNDLESS, Room};
use super::ground::{Families, Ground};
use super::profile::Profile;
use super::spread::tidy;
use super::types::{Booking, Piece, Site};
use super::verify::holders;
use crate::domain::site::Leg;
use crate::domain::units::Watts;
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet};

/// Rows that are tried alone.
const ROWS: usize = 8;
/// Racks that are tried to be emptied into the others.
const SWAPS: usize = 16;
/// Moves from the fullest leg of a feed to its emptiest.
const MOVES: usize = 32;

/// How good a placement is; less is better, figure by figure. `racks` is only told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quality {
    /// Racks without any live booking in the window that it opens.
    pub opened: u32,
    /// Rows that it stands in.
    pub rows: u32,
    /// The most by which a leg of a feed under it carries more than another, each at its peak in
    /// the window.
    pub imbalance: Watts,
    /// Racks that may be had as a whole beside it, at their limit, each by itself: more is better.
    pub left: u32,
    pub racks: u32,
}

impl Ord for Quality {
    fn cmp(&self, other: &Self) -> Ordering {
        let rank = |q: &Self| (q.opened, q.rows, q.imbalance, Reverse(q.left), q.racks);
        rank(self).cmp(&rank(other))
    }
}

impl PartialOrd for Quality {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// How good the place of a live booking is, beside the others as they stand.
pub fn quality(site: &Site, bookings: &[Booking], booking: usize) -> Quality {
    let ground = Ground::new(site);
    let others = holders(bookings).enumerate();
    let others = others.filter(|(at, _)| *at != booking);
    let profile = Profile::new(&ground, others.map(|(_, holder)| holder));
    let own = &bookings[booking];
    let mut racks = ground.eligible(&own.demand);
    racks.extend(own.witness.iter().map(|piece| piece.rack));
    racks.retain(|&rack| rack < site.racks.len());
    racks.sort_unstable();
    racks.dedup();
    let room = Room::new(&ground, &profile, &own.demand, racks, Families::ALL);
    judge(&room, &own.witness)
}

/// The same machines in a place at least as good.
pub(super) fn improve(room: &Room, pieces: Vec<Piece>) -> Vec<Piece> {
    let units: u32 = pieces.iter().map(|piece| piece.units).sum();
    let mut best = Best {
        quality: judge(room, &pieces),
        pieces: tidy(pieces),
    };
    for order in orders(room, units) {
        if let Some(found) = filled(room, room.free.clone(), &order, units) {
            best.consider(room, found);
        }
    }
    best.empty_racks(room);
    best.balance(room);
    best.pieces
}

/// A better place than this one, if one is found.
pub(super) fn better_place(room: &Room, pieces: &[Piece]) -> Option<Vec<Piece>> {
    let found = improve(room, pieces.to_vec());
    (judge(room, &found) < judge(room, pieces)).then_some(found)
}

struct Best {
    quality: Quality,
    pieces: Vec<Piece>,
}

impl Best {
    fn consider(&mut self, room: &Room, pieces: Vec<Piece>) -> bool {
        let quality = judge(room, &pieces);
        let better = quality < self.quality && room.holds(&pieces);
        if better {
            *self = Self { quality, pieces };
        }
        better
    }

    /// Puts what stands in one rack into the others that are used.
    fn empty_racks(&mut self, room: &Room) {
        let used: BTreeSet<usize> = self.pieces.iter().map(|piece| piece.rack).collect();
        for rack in used.iter().copied().take(SWAPS) {
            let (gone, mut kept): (Vec<Piece>, Vec<Piece>) = self
                .pieces
                .iter()
                .cloned()
                .partition(|piece| piece.rack == rack);
            let units = gone.iter().map(|piece| piece.units).sum();
            let mut free = room.free.clone();
            room.take(&mut free, &kept);
            let others: Vec<usize> = used
                .iter()
                .copied()
                .filter(|&other| other != rack)
                .collect();
            if let Some(moved) = filled(room, free, &others, units) {
                kept.extend(moved);
                self.consider(room, tidy(kept));
            }
        }
    }

    /// Moves machines from the fullest leg of the worst feed to its emptiest.
    fn balance(&mut self, room: &Room) {
        for _ in 0..MOVES {
            let Some(next) = self.lighter(room) else {
                return;
            };
            if !self.consider(room, next) {
                return;
            }
        }
    }

    fn lighter(&self, room: &Room) -> Option<Vec<Piece>> {
        let feeds = loads(room, &self.pieces);
        let spread =
            |legs: &[i64; 3]| legs.iter().max().unwrap_or(&0) - legs.iter().min().unwrap_or(&0);
        let (&feed, legs) = feeds
            .iter()
            .max_by_key(|(feed, legs)| (spread(legs), Reverse(**feed)))?;
        let full = *Leg::ALL
            .iter()
            .max_by_key(|leg| (legs[leg.index()], Reverse(leg.index())))?;
        let empty = *Leg::ALL
            .iter()
            .min_by_key(|leg| (legs[leg.index()], leg.index()))?;
        let most = (spread(legs) / (6 * room.unit.watts).max(1)).max(1);
        let movable = |piece: &&Piece| {
            let rack = &room.ground.site.racks[piece.rack];
            let under = rack.feeds.0 == feed || rack.feeds.1 == Some(feed);
            under && piece.leg == Some(full) && rack.phase.leg().is_none()
        };
        let from = self
            .pieces
            .iter()
            .filter(movable)
            .max_by_key(|piece| piece.units)?;
        let units = from.units.min(u32::try_from(most).unwrap_or(u32::MAX));
        let mut pieces: Vec<Piece> = self.pieces.clone();
        pieces
            .iter_mut()
            .filter(|piece| *piece == from)
            .for_each(|piece| piece.units -= units);
        pieces.push(Piece {
            rack: from.rack,
            leg: Some(empty),
            units,
        });
        Some(tidy(pieces))
    }
}

/// The racks in some orders of filling: those in use first, then few that hold much; anywhere, and
/// row by row.
fn orders(room: &Room, units: u32) -> Vec<Vec<usize>> {
    let mut rows: BTreeMap<usize, Row> = BTreeMap::new();
    let mut all = Row::default();
    for &rack in &room.racks {
        let fits = room.units_in(&room.free, rack);
        if fits > 0 {
            let open = is_open(room, rack);
            let row = room.ground.site.racks[rack].row;
            all.add(rack, fits, open);
            rows.entry(row).or_default().add(rack, fits, open);
        }
    }
    let mut rows: Vec<Row> = rows.into_values().filter(|row| row.holds(units)).collect();
    rows.sort_by_cached_key(|row| (row.opens(units), Reverse(row.open_room())));
    rows.truncate(ROWS);
    rows.push(all);
    rows.into_iter().map(|row| row.order(units)).collect()
}

/// Racks with the units that fit in each, those in use apart.
#[derive(Default)]
struct Row {
    open: Vec<(i64, usize)>,
    closed: Vec<(i64, usize)>,
}

impl Row {
    fn add(&mut self, rack: usize, fits: i64, open: bool) {
        let list = if open {
            &mut self.open
        } else {
            &mut self.closed
        };
        list.push((fits, rack));
    }

    fn open_room(&self) -> i64 {
        self.open.iter().map(|(fits, _)| fits).sum()
    }

    fn holds(&self, units: u32) -> bool {
        let closed: i64 = self.closed.iter().map(|(fits, _)| fits).sum();
        self.open_room().saturating_add(closed) >= i64::from(units)
    }

    /// How many racks it would open, were each rack alone.
    fn opens(&self, units: u32) -> usize {
        let mut left = i64::from(units) - self.open_room();
        let mut sizes: Vec<i64> = self.closed.iter().map(|(fits, _)| *fits).collect();
        sizes.sort_unstable_by_key(|&fits| Reverse(fits));
        let needed = |fits: &i64| {
            let more = left > 0;
            left -= fits;
            more
        };
        sizes.iter().copied().take_while(needed).count()
    }

    /// Open racks, the roomiest first; then closed ones, the last of them no larger than it must be.
    fn order(mut self, units: u32) -> Vec<usize> {
        let largest = |&(fits, rack): &(i64, usize)| (Reverse(fits), rack);
        self.open.sort_unstable_by_key(largest);
        self.closed.sort_unstable_by_key(largest);
        let mut left = i64::from(units) - self.open_room();
        let mut order: Vec<usize> = self.open.iter().map(|(_, rack)| *rack).collect();
        let mut closed = self.closed;
        while left > 0 && !closed.is_empty() {
            let enough = closed.iter().rposition(|(fits, _)| *fits >= left);
            let (fits, rack) = closed.remove(enough.unwrap_or(0));
            left -= fits;
            order.push(rack);
        }
        order.extend(closed.iter().map(|(_, rack)| *rack));
        order
    }
}

fn filled(room: &Room, mut free: Vec<i64>, order: &[usize], units: u32) -> Option<Vec<Piece>> {
    let mut left = units;
    let mut pieces = vec![];
    for &rack in order {
        if left == 0 {
            break;
        }
        left -= room.fill(&mut free, rack, left, &mut pieces);
    }
    (left == 0).then(|| tidy(pieces))
}

/// Whether something stands in a rack at some time of the window.
fn is_open(room: &Room, rack: usize) -> bool {
    room.free[room.ground.slots(rack)] < i64::from(room.ground.site.racks[rack].slots)
}

pub(super) fn judge(room: &Room, pieces: &[Piece]) -> Quality {
    let racks: BTreeSet<usize> = pieces.iter().map(|piece| piece.rack).collect();
    let rows: BTreeSet<usize> = racks
        .iter()
        .map(|&r| room.ground.site.racks[r].row)
        .collect();
    let worst = loads(room, pieces)
        .values()
        .map(|legs| legs.iter().max().unwrap_or(&0) - legs.iter().min().unwrap_or(&0))
        .max();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Quality {
        opened: count(racks.iter().filter(|&&rack| !is_open(room, rack)).count()),
        rows: count(rows.len()),
        imbalance: Watts(worst.unwrap_or(0) / 3),
        left: count(left(room, pieces, &racks)),
        racks: count(racks.len()),
    }
}

/// What each three-phase feed under the pieces carries at its legs' peaks, with them.
fn loads(room: &Room, pieces: &[Piece]) -> BTreeMap<usize, [i64; 3]> {
    let (ground, nodes) = (room.ground, &room.ground.site.nodes);
    let mut found: BTreeMap<usize, [i64; 3]> = BTreeMap::new();
    let feeds = |piece: &Piece| {
        let (first, second) = ground.site.racks[piece.rack].feeds;
        [Some(first), second].into_iter().flatten()
    };
    let three = |node: &usize| nodes[*node].legs.iter().all(|&leg| leg > 0);
    let before = |node: usize| {
        Leg::ALL.iter().map(move |&leg| {
            let free = room.free[ground.node_leg(node, leg)];
            if free >= BOUNDLESS {
                0
            } else {
                nodes[node].legs[leg.index()] - free
            }
        })
    };
    for piece in pieces {
        for feed in feeds(piece).filter(three) {
            let legs = found.entry(feed).or_insert_with(|| {
                let mut legs = [0; 3];
                legs.iter_mut()
                    .zip(before(feed))
                    .for_each(|(leg, used)| *leg = used);
                legs
            });
            let watts = room.unit.watts * i64::from(piece.units);
            match piece.leg {
                Some(leg) => legs[leg.index()] += 3 * watts,
                None => legs.iter_mut().for_each(|leg| *leg += watts),
            }
        }
    }
    found
}

/// Racks that are free as a whole and could be had at their limit.
fn left(room: &Room, pieces: &[Piece], used: &BTreeSet<usize>) -> usize {
    let mut free = room.free.clone();
    room.take(&mut free, pieces);
    let whole = |&&rack: &&usize| {
        let own = &room.ground.site.racks[rack];
        let carries = |node: &usize| match own.phase.leg() {
            None => {
                let legs = Leg::ALL.iter();
                legs.copied()
                    .all(|leg| free[room.ground.node_leg(*node, leg)] >= own.limit.0)
            }
            Some(leg) => free[room.ground.node_leg(*node, leg)] >= 3 * own.limit.0,
        };
        !used.contains(&rack)
            && !is_open(room, rack)
            && free[room.ground.zone(own.zone)] >= own.limit.0
            && room.ground.chain(rack).iter().all(carries)
    };
    room.racks.iter().filter(whole).count()
}
