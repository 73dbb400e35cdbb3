//! **accept**: what an incoming reading is, next to what is already known of its meter.

use super::Interval;
use crate::domain::calendar::{Instant, Span};
use crate::domain::units::WattHours;
use std::collections::BTreeMap;

/// What becomes of an incoming interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    New,
    /// Known with this very value: a reading delivered twice counts once.
    Same,
    /// Another value for a known interval: the latest counts, the old one is kept as a correction.
    Corrected {
        old_wh: WattHours,
        old_estimated: bool,
    },
    /// It claims a time that an interval with other ends has.
    Overlap {
        known: Span,
    },
    /// An estimate never takes the place of a reading.
    Measured,
}

/// One meter's intervals, to which incoming ones are held in the order of their arrival.
#[derive(Clone, Debug, Default)]
pub struct Known(BTreeMap<Instant, Interval>);

impl Known {
    pub fn of(intervals: impl IntoIterator<Item = Interval>) -> Self {
        Self(intervals.into_iter().map(|it| (it.start, it)).collect())
    }

    /// Decides, and from then on knows what was taken.
    pub fn accept(&mut self, incoming: Interval) -> Verdict {
        let span = incoming.span();
        let before = self.0.range(..=span.from).next_back().map(|(_, it)| *it);
        if let Some(known) = before.filter(|it| it.start == span.from && it.end() == span.to) {
            return self.replace(known, incoming);
        }
        let after = self.0.range(span.from..).next().map(|(_, it)| *it);
        let touching = [before, after]
            .into_iter()
            .flatten()
            .find(|it| it.span().intersect(span).is_some());
        if let Some(known) = touching {
            return Verdict::Overlap {
                known: known.span(),
            };
        }
        self.0.insert(span.from, incoming);
        Verdict::New
    }

    fn replace(&mut self, known: Interval, incoming: Interval) -> Verdict {
        if known == incoming {
            return Verdict::Same;
        }
        if incoming.estimated && !known.estimated {
            return Verdict::Measured;
        }
        self.0.insert(incoming.start, incoming);
        Verdict::Corrected {
            old_wh: known.wh,
            old_estimated: known.estimated,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(start: i64, seconds: i64, wh: i64, estimated: bool) -> Interval {
        Interval {
            start: Instant(start),
            seconds,
            wh: WattHours(wh),
            estimated,
        }
    }

    #[test]
    fn twice_is_once_and_another_value_is_a_correction() {
        let mut known = Known::of([at(0, 1800, 5, false)]);
        assert_eq!(known.accept(at(0, 1800, 5, false)), Verdict::Same);
        let corrected = Verdict::Corrected {
            old_wh: WattHours(5),
            old_estimated: false,
        };
        assert_eq!(known.accept(at(0, 1800, 6, false)), corrected);
        assert_eq!(known.accept(at(0, 1800, 6, false)), Verdict::Same);
        assert_eq!(known.accept(at(1800, 1800, 6, false)), Verdict::New);
    }

    #[test]
    fn other_ends_overlap() {
        let mut known = Known::of([at(1800, 1800, 5, false)]);
        for clash in [
            at(0, 3600, 1, false),
            at(1800, 900, 1, false),
            at(2700, 1800, 1, false),
        ] {
            assert!(
                matches!(known.accept(clash), Verdict::Overlap { .. }),
                "{clash:?}"
            );
        }
        assert_eq!(known.accept(at(0, 1800, 1, false)), Verdict::New);
        assert_eq!(known.accept(at(3600, 1800, 1, false)), Verdict::New);
    }

    #[test]
    fn a_reading_replaces_an_estimate_and_never_the_other_way() {
        let mut known = Known::of([at(0, 1800, 5, true)]);
        let replaced = Verdict::Corrected {
            old_wh: WattHours(5),
            old_estimated: true,
        };
        assert_eq!(known.accept(at(0, 1800, 5, false)), replaced);
        assert_eq!(known.accept(at(0, 1800, 7, true)), Verdict::Measured);
    }
}
