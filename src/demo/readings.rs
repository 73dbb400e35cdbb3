//! Half-hours of the demo's meters: steady machines, a little weather, and what happened to them.

use crate::domain::calendar::{Instant, Span};
use crate::domain::units::Watts;
use std::collections::BTreeMap;
use std::fmt::Write;

pub const HALF_HOUR: i64 = 1_800;

/// One meter with what stands behind it.
pub struct Load {
    pub meter: String,
    pub watts: Watts,
    /// When it draws.
    pub span: Span,
    /// Times with the share of the load, in hundredths, that stayed on.
    pub dips: Vec<(Span, i64)>,
    /// Times that never arrived.
    pub silent: Vec<Span>,
}

impl Load {
    /// Energy of one half-hour: 93 to 97 % of the nameplate, the same for the same meter and time.
    pub fn wh(&self, start: Instant) -> i64 {
        let noise = i64::from(hash(&self.meter, start.0) % 21) - 10;
        let hour = (start.0 / 3_600).rem_euclid(24);
        // Warm afternoons make fans work harder.
        let fans = 12 - (hour - 13).abs().min(12);
        let per_mille = 945 + noise + fans;
        let full = self.watts.0 * per_mille / 2_000;
        let kept = self
            .dips
            .iter()
            .filter(|(span, _)| span.contains(start))
            .map(|(_, kept)| *kept)
            .min();
        full * kept.unwrap_or(100) / 100
    }

    fn is_silent(&self, start: Instant) -> bool {
        self.silent.iter().any(|span| span.contains(start))
    }
}

/// Several tenants on one rack are one meter: its value is the sum of theirs.
pub fn joined(loads: &[Load]) -> Vec<Vec<&Load>> {
    let mut by_meter: BTreeMap<&str, Vec<&Load>> = BTreeMap::new();
    for load in loads {
        by_meter.entry(&load.meter).or_default().push(load);
    }
    by_meter.into_values().collect()
}

/// A file of readings for `span`, as a meter system would send it.
pub fn csv(meters: &[Vec<&Load>], span: Span) -> String {
    let mut text = String::from("meter,start,end,value,unit\n");
    for loads in meters {
        let mut start = span.from;
        while start.plus_seconds(HALF_HOUR) <= span.to {
            let silent = loads.iter().any(|load| load.is_silent(start));
            if !silent && loads.iter().any(|load| load.span.contains(start)) {
                let here = loads.iter().filter(|load| load.span.contains(start));
                let wh: i64 = here.map(|load| load.wh(start)).sum();
                let end = start.plus_seconds(HALF_HOUR);
                let row = writeln!(text, "{},{start},{end},{wh},Wh", loads[0].meter);
                row.expect("writing to memory");
            }
            start = start.plus_seconds(HALF_HOUR);
        }
    }
    text
}

/// FNV-1a: small, and the same everywhere.
fn hash(meter: &str, at: i64) -> u32 {
    let bytes = meter.bytes().chain(at.to_le_bytes());
    bytes.fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dip_and_silence_show() {
        let span = |from, to| Span {
            from: Instant(from),
            to: Instant(to),
        };
        let load = Load {
            meter: "M".to_owned(),
            watts: Watts(10_000),
            span: span(0, 7_200),
            dips: vec![(span(1_800, 3_600), 0)],
            silent: vec![span(3_600, 5_400)],
        };
        let text = csv(&joined(std::slice::from_ref(&load)), span(0, 9_000));
        assert_eq!(text.lines().count(), 1 + 3);
        assert!(text.contains("1970-01-01T00:30:00Z,1970-01-01T01:00:00Z,0,Wh"));
        assert!((4_600..4_950).contains(&load.wh(Instant(0))));
    }
}
