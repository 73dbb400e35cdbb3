//! One rack: what its meters say together, and whose it is.

use super::split::Splitter;
use super::{FOREVER, LeaseMeter, RackAllocation, Register, SettleError};
use crate::domain::calendar::{Instant, Span};
use crate::domain::metering::{Hole, HoleKind, Interval, gaps, overlaps};
use crate::domain::units::WattHours;
use std::collections::BTreeMap;

/// One rack's meters and tenants; `span` is the time to settle, as a rule a month.
#[derive(Clone, Copy, Debug)]
pub struct RackInput<'a, L> {
    pub rack: &'a str,
    pub span: Span,
    pub meters: &'a [Register],
    /// Lease meters whose energy the rack's meters measure as well.
    pub behind: &'a [LeaseMeter<L>],
    /// Those who share what the rack's meters measure beyond the lease meters.
    pub allocations: &'a [RackAllocation<L>],
}

/// What a rack's meters measured, by whom. `leases` and `house` add up to it, holes aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RackUsage<L: Ord> {
    pub rack: String,
    /// The rack's meters by name, joined by ` + `; the rack's own name where it has none.
    pub meter: String,
    pub leases: BTreeMap<L, Part>,
    /// Used while no lease was there; may be negative by what meters differ.
    pub house: Vec<Interval>,
    /// Times over which the rack's remainder is known, joined.
    pub covered: Vec<Span>,
    /// Times in which a meter lacks readings, claims a time twice or is missing altogether.
    pub holes: Vec<Hole>,
    /// Times in which the lease meters show more than the rack's: nobody is billed for the rest.
    pub negative: Vec<Negative>,
}

/// A lease's part of a rack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// When it was there, within the settled span; ascending, joined.
    pub windows: Vec<Span>,
    pub intervals: Vec<Interval>,
}

/// A remainder below zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Negative {
    pub span: Span,
    pub wh: WattHours,
}

/// A cell that cannot be closed within a day has meters that never meet.
const LONGEST_CELL: i64 = 86_400;

/// Settles one rack.
///
/// Meters with intervals of different lengths are summed over the shortest times at whose ends they
/// all meet. Such a time belongs to the leases that are there at its start.
///
/// # Errors
/// Sums beyond 64 bits.
pub fn settle_rack<L: Ord + Copy>(input: &RackInput<L>) -> Result<RackUsage<L>, SettleError> {
    let names: Vec<&str> = input
        .meters
        .iter()
        .map(|register| register.meter.as_str())
        .collect();
    let meter = if names.is_empty() {
        input.rack.to_owned()
    } else {
        names.join(" + ")
    };
    let mut usage = RackUsage {
        rack: input.rack.to_owned(),
        meter,
        leases: parts(input),
        house: vec![],
        covered: vec![],
        holes: vec![],
        negative: vec![],
    };
    let mut sharing = Sharing::of(input);
    for stretch in stretches(input) {
        let serves = |register: &&Register| {
            register
                .service
                .iter()
                .any(|service| service.contains(stretch.from))
        };
        let meters: Vec<_> = input.meters.iter().filter(serves).collect();
        let behind: Vec<_> = input
            .behind
            .iter()
            .map(|meter| &meter.register)
            .filter(serves)
            .collect();
        if meters.is_empty() {
            let kind = HoleKind::Unmetered;
            usage.holes.push(Hole {
                meter: input.rack.to_owned(),
                span: stretch,
                kind,
            });
            continue;
        }
        usage.holes.extend(
            meters
                .iter()
                .chain(&behind)
                .flat_map(|it| faults(it, stretch)),
        );
        let mut cells = Cells::of(&meters, &behind, stretch);
        while let Some(cell) = cells.next() {
            let cell = cell.ok_or_else(|| SettleError {
                rack: input.rack.to_owned(),
            })?;
            sharing.share(cell, &mut usage);
        }
    }
    Ok(usage)
}

fn faults(register: &Register, stretch: Span) -> impl Iterator<Item = Hole> {
    let missing = gaps(&register.intervals, stretch).into_iter();
    let doubled = overlaps(&register.intervals, stretch).into_iter();
    let missing = missing.map(|span| (span, HoleKind::Missing));
    missing
        .chain(doubled.map(|span| (span, HoleKind::Overlap)))
        .map(|(span, kind)| Hole {
            meter: register.meter.clone(),
            span,
            kind,
        })
}

/// The settled span, cut where a meter enters or leaves service.
fn stretches<L>(input: &RackInput<L>) -> Vec<Span> {
    let behind = input.behind.iter().map(|meter| &meter.register);
    let services = input
        .meters
        .iter()
        .chain(behind)
        .flat_map(|register| &register.service);
    cut(input.span, services)
}

fn cut<'a>(span: Span, parts: impl Iterator<Item = &'a Span>) -> Vec<Span> {
    let inside = parts
        .flat_map(|part| [part.from, part.to])
        .filter(|at| span.contains(*at));
    let mut cuts: Vec<Instant> = inside.chain([span.from, span.to]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    cuts.windows(2)
        .map(|ends| Span {
            from: ends[0],
            to: ends[1],
        })
        .collect()
}

fn parts<L: Ord + Copy>(input: &RackInput<L>) -> BTreeMap<L, Part> {
    let mut parts: BTreeMap<L, Part> = BTreeMap::new();
    let mut windows: Vec<_> = input
        .allocations
        .iter()
        .filter_map(|it| Some((it.window.intersect(input.span)?, it.lease)))
        .collect();
    windows.sort_by_key(|(window, _)| window.from);
    for (window, lease) in windows {
        let windows = &mut parts.entry(lease).or_default().windows;
        match windows.last_mut() {
            Some(last) if window.from <= last.to => last.to = last.to.max(window.to),
            _ => windows.push(window),
        }
    }
    parts
}

/// Who shares the remainder from when on.
struct Sharing<L> {
    turns: Vec<Turn<L>>,
    at: usize,
}

struct Turn<L> {
    to: Instant,
    leases: Vec<L>,
    splitter: Splitter,
}

impl<L: Ord + Copy> Sharing<L> {
    fn of(input: &RackInput<L>) -> Self {
        let windows = input.allocations.iter().map(|it| &it.window);
        let turns = cut(input.span, windows).into_iter().map(|span| {
            let mut watts: BTreeMap<L, i64> = BTreeMap::new();
            for it in input
                .allocations
                .iter()
                .filter(|it| it.window.contains(span.from))
            {
                let sum = watts.entry(it.lease).or_default();
                *sum = sum.saturating_add(it.watts.0);
            }
            let weights: Vec<i64> = watts.values().copied().collect();
            let leases = watts.into_keys().collect();
            Turn {
                to: span.to,
                leases,
                splitter: Splitter::new(&weights),
            }
        });
        Self {
            turns: turns.collect(),
            at: 0,
        }
    }

    /// Cells come in ascending order and start within the settled span.
    fn share(&mut self, cell: Interval, usage: &mut RackUsage<L>) {
        while self.turns[self.at].to <= cell.start {
            self.at += 1;
        }
        let turn = &mut self.turns[self.at];
        match usage.covered.last_mut() {
            Some(last) if last.to == cell.start => last.to = cell.end(),
            _ => usage.covered.push(cell.span()),
        }
        if cell.wh < WattHours::ZERO {
            usage.negative.push(Negative {
                span: cell.span(),
                wh: cell.wh,
            });
        }
        if turn.leases.is_empty() {
            usage.house.push(cell);
        } else if cell.wh < WattHours::ZERO {
            let kind = HoleKind::Negative;
            usage.holes.push(Hole {
                meter: usage.meter.clone(),
                span: cell.span(),
                kind,
            });
        } else {
            let leases = &turn.leases;
            turn.splitter.split(cell.wh, |index, wh| {
                if let Some(part) = usage.leases.get_mut(&leases[index]) {
                    part.intervals.push(Interval { wh, ..cell });
                }
            });
        }
    }
}

/// Times over which all serving meters have whole intervals, with the rack's remainder.
struct Cells<'a> {
    /// Each meter's next interval, and whether it adds or is taken off.
    cursors: Vec<(&'a [Interval], i128)>,
    at: Instant,
    end: Instant,
}

impl<'a> Cells<'a> {
    fn of(meters: &[&'a Register], behind: &[&'a Register], stretch: Span) -> Self {
        let adds = meters
            .iter()
            .map(|register| (register.intervals.as_slice(), 1));
        let takes = behind
            .iter()
            .map(|register| (register.intervals.as_slice(), -1));
        Self {
            cursors: adds.chain(takes).collect(),
            at: stretch.from,
            end: stretch.to,
        }
    }

    /// The next cell; `Some(None)` if its sum does not fit.
    fn next(&mut self) -> Option<Option<Interval>> {
        loop {
            self.meet()?;
            let start = self.at;
            match self.close() {
                Some((end, wh, estimated)) => {
                    self.at = end;
                    let seconds = end.0 - start.0;
                    let wh = i64::try_from(wh).ok().map(WattHours);
                    return Some(wh.map(|wh| Interval {
                        start,
                        seconds,
                        wh,
                        estimated,
                    }));
                }
                // The meters do not go on together from here: look for the next start.
                None => self.at = start.plus_seconds(1),
            }
        }
    }

    /// Moves to the first instant, from here on, at which an interval of every meter starts.
    fn meet(&mut self) -> Option<()> {
        loop {
            let from = self.at;
            for (intervals, _) in &mut self.cursors {
                let passed = intervals.iter().take_while(|it| it.start < self.at).count();
                *intervals = &intervals[passed..];
                self.at = intervals.first()?.start;
            }
            if self.at >= self.end {
                return None;
            }
            if self.at == from {
                return Some(());
            }
        }
    }

    /// The shortest time from here over which every meter has whole intervals without a break.
    fn close(&self) -> Option<(Instant, i128, bool)> {
        let mut target = self.at;
        loop {
            let (mut first, mut last) = (FOREVER, self.at);
            let (mut wh, mut estimated) = (0, false);
            for (intervals, sign) in &self.cursors {
                let mut reach = self.at;
                let mut left = intervals.iter();
                while reach == self.at || reach < target {
                    let next = left
                        .next()
                        .filter(|it| it.start == reach && it.seconds > 0)?;
                    reach = next.end();
                    wh += sign * i128::from(next.wh.0);
                    estimated = estimated || next.estimated;
                }
                (first, last) = (first.min(reach), last.max(reach));
            }
            if first == last {
                return Some((last, wh, estimated));
            }
            if last.0 - self.at.0 > LONGEST_CELL {
                return None;
            }
            target = last;
        }
    }
}
