//! **settle**: what meters said becomes what leases and the house used.
//!
//! Rack meters are summed, less the lease meters behind them; the rest is split among the leases
//! on the rack by allocated watts, interval by interval, so that the parts add up to the whole.

mod normalise;
mod rack;
mod split;

pub use normalise::{Correction, Normalised, Reading, normalise};
pub use rack::{Negative, RackInput, RackUsage, settle_rack};
pub use split::split;

use super::{Hole, HoleKind, Interval, MeterUsage, gaps, overlaps, without};
use crate::domain::calendar::{Instant, Span};
use crate::domain::units::Watts;
use thiserror::Error;

/// One meter with its normalised intervals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Register {
    pub meter: String,
    /// When it must have readings; an end that is not known yet is `FOREVER`.
    pub service: Vec<Span>,
    /// By start, ascending.
    pub intervals: Vec<Interval>,
}

/// The end of what never ends.
pub const FOREVER: Instant = Instant(i64::MAX);

/// A meter whose whole reading belongs to one lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaseMeter<L> {
    pub lease: L,
    pub register: Register,
}

/// A lease's units on a rack. Several of one lease at the same time are summed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RackAllocation<L> {
    pub lease: L,
    pub watts: Watts,
    pub window: Span,
}

/// Sums that 64 bits do not hold: readings that nothing real can have made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the readings of rack {rack} are too large to sum")]
pub struct SettleError {
    pub rack: String,
}

/// One lease's usage for `rate`: its part of each rack, and its own meters.
///
/// A rack's part stands under the name of the rack's meter (several are joined by ` + `); holes
/// carry the name of the very meter that lacks readings. Time on a rack without any meter is an
/// `unmetered` hole, unless a meter of the lease's own is in service then.
pub fn lease_usage<L: Ord + Copy>(
    lease: L,
    span: Span,
    racks: &[RackUsage<L>],
    meters: &[LeaseMeter<L>],
) -> Vec<MeterUsage> {
    let own: Vec<&Register> = meters
        .iter()
        .filter(|meter| meter.lease == lease)
        .map(|meter| &meter.register)
        .collect();
    let mut usage = vec![];
    for rack in racks {
        if let Some(part) = rack.leases.get(&lease) {
            // A cell that began with the lease before covers the start of this one.
            let missing = |window| {
                let left = vec![window];
                rack.covered.iter().fold(left, |left, cell| {
                    left.into_iter()
                        .flat_map(|gap| without(gap, *cell))
                        .collect()
                })
            };
            let windows = windows_to_meter(rack, &part.windows, &own);
            let known = rack.holes.clone();
            usage.push(measured(
                &rack.meter,
                &windows,
                &part.intervals,
                missing,
                known,
            ));
        }
    }
    for register in own {
        let service: Vec<_> = register
            .service
            .iter()
            .filter_map(|part| part.intersect(span))
            .collect();
        let doubled = service
            .iter()
            .flat_map(|part| overlaps(&register.intervals, *part));
        let kind = HoleKind::Overlap;
        let known = doubled
            .map(|span| Hole {
                meter: register.meter.clone(),
                span,
                kind,
            })
            .collect();
        let missing = |part| gaps(&register.intervals, part);
        usage.push(measured(
            &register.meter,
            &service,
            &register.intervals,
            missing,
            known,
        ));
    }
    usage
}

/// The windows on a rack, less the times without a rack meter in which the lease's own serve.
fn windows_to_meter<L: Ord>(rack: &RackUsage<L>, windows: &[Span], own: &[&Register]) -> Vec<Span> {
    let mut left = windows.to_vec();
    let unmetered = rack
        .holes
        .iter()
        .filter(|hole| hole.kind == HoleKind::Unmetered);
    for hole in unmetered {
        for service in own.iter().flat_map(|register| &register.service) {
            let Some(metered) = hole.span.intersect(*service) else {
                continue;
            };
            left = left
                .into_iter()
                .flat_map(|span| without(span, metered))
                .collect();
        }
    }
    left
}

/// Usage with a named hole for everything of `service` that is `missing` or known to lack.
fn measured(
    meter: &str,
    service: &[Span],
    intervals: &[Interval],
    missing: impl Fn(Span) -> Vec<Span>,
    known: Vec<Hole>,
) -> MeterUsage {
    let mut holes: Vec<Hole> = vec![];
    for part in service {
        let mut left = missing(*part);
        for hole in &known {
            let Some(span) = hole.span.intersect(*part) else {
                continue;
            };
            left = left
                .into_iter()
                .flat_map(|gap| without(gap, span))
                .collect();
            holes.push(Hole {
                span,
                ..hole.clone()
            });
        }
        let kind = HoleKind::Missing;
        holes.extend(left.into_iter().map(|span| Hole {
            meter: meter.to_owned(),
            span,
            kind,
        }));
    }
    // The holes say all that is missing, to the second; whole days would say it again.
    let service = Some(vec![]);
    MeterUsage {
        meter: meter.to_owned(),
        service,
        intervals: intervals.to_vec(),
        holes,
    }
}
