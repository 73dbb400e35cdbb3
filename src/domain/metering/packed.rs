//! The intervals of a date in a few bytes, so that a month of a meter is thirty rows.
//!
//! Runs of intervals that adjoin and are equally long: the time from the end of the one before, their
//! length, how many, then energy and `more` of each. Whole numbers of any size, seven bits a byte, the
//! lowest first; negative ones fold in between the positive ones.

use super::Interval;
use crate::domain::calendar::Instant;
use crate::domain::units::WattHours;

/// An interval with a number that its keeper gives a meaning to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packed {
    pub start: Instant,
    pub seconds: i64,
    pub wh: WattHours,
    pub more: i64,
}

impl Packed {
    pub fn end(self) -> Instant {
        self.start.plus_seconds(self.seconds)
    }

    /// `more` says that it is estimated.
    pub fn interval(self, estimated: bool) -> Interval {
        Interval {
            start: self.start,
            seconds: self.seconds,
            wh: self.wh,
            estimated,
        }
    }
}

/// Of intervals by start, ascending.
pub fn pack(all: &[Packed]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(16 + all.len() * 3);
    let mut reached = 0;
    let mut left = all;
    while let Some(first) = left.first() {
        let adjoins =
            |pair: &&[Packed]| pair[1].start == pair[0].end() && pair[1].seconds == pair[0].seconds;
        let count = 1 + left.windows(2).take_while(adjoins).count();
        let (run, rest) = left.split_at(count);
        let more = run.iter().any(|it| it.more != 0);
        put(&mut bytes, folded(first.start.0.wrapping_sub(reached)));
        put(&mut bytes, folded(first.seconds));
        put(&mut bytes, (count as u64) << 1 | u64::from(more));
        for it in run {
            put(&mut bytes, folded(it.wh.0));
            if more {
                put(&mut bytes, folded(it.more));
            }
        }
        reached = run[count - 1].end().0;
        left = rest;
    }
    bytes
}

/// `None` of bytes that `pack` did not write.
pub fn unpack(bytes: &[u8]) -> Option<Vec<Packed>> {
    let mut left = bytes;
    let mut all = vec![];
    let mut reached = 0_i64;
    while !left.is_empty() {
        let mut start = reached.wrapping_add(unfolded(take(&mut left)?));
        let seconds = unfolded(take(&mut left)?);
        let said = take(&mut left)?;
        // No interval is shorter than a byte.
        let count = usize::try_from(said >> 1)
            .ok()
            .filter(|it| *it <= left.len())?;
        all.reserve(count);
        for _ in 0..count {
            let wh = WattHours(unfolded(take(&mut left)?));
            let more = match said & 1 {
                1 => unfolded(take(&mut left)?),
                _ => 0,
            };
            let it = Packed {
                start: Instant(start),
                seconds,
                wh,
                more,
            };
            all.push(it);
            start = start.wrapping_add(seconds);
        }
        reached = start;
    }
    Some(all)
}

fn folded(number: i64) -> u64 {
    (number.wrapping_shl(1) ^ (number >> 63)).cast_unsigned()
}

fn unfolded(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for at in 0..10 {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(wh: impl Fn(i64) -> i64) -> Vec<Packed> {
        let half_hour = |at| Packed {
            start: Instant(1_780_000_000 + at * 1_800),
            seconds: 1_800,
            wh: WattHours(wh(at)),
            more: 0,
        };
        (0..48).map(half_hour).collect()
    }

    #[test]
    fn a_date_of_half_hours_takes_about_two_bytes_each() {
        let bytes = pack(&day(|at| 1_500 + at * 13));
        assert!(bytes.len() <= 8 + 2 * 48, "{} bytes", bytes.len());
        assert_eq!(unpack(&bytes), Some(day(|at| 1_500 + at * 13)));
        assert_eq!(unpack(&[]), Some(vec![]));
    }

    #[test]
    fn what_was_cut_off_or_is_something_else_is_refused() {
        let bytes = pack(&day(|at| at));
        assert_eq!(unpack(&bytes[..bytes.len() - 1]), None);
        assert_eq!(unpack(&[0xff; 40]), None);
        assert_eq!(
            unpack(&[0, 2, 0xfe, 0xff, 0xff, 0xff, 0x0f]),
            None,
            "more than there are bytes"
        );
    }

    proptest! {
        #[test]
        fn nothing_is_lost(
            rows in proptest::collection::vec(
                (-3_000_i64..9_000, prop_oneof![Just(1_800_i64), Just(3_600), 1_i64..90_000], any::<i64>(), prop_oneof![Just(0_i64), any::<i64>()]),
                0..60,
            ),
            first in -4_000_000_000_i64..4_000_000_000,
        ) {
            let mut at = first;
            let all: Vec<Packed> = rows.into_iter().map(|(gap, seconds, wh, more)| {
                // Half of them adjoin.
                at += if gap < 1_500 { 0 } else { gap };
                let it = Packed { start: Instant(at), seconds, wh: WattHours(wh), more };
                at += seconds;
                it
            }).collect();
            prop_assert_eq!(unpack(&pack(&all)), Some(all));
        }
    }
}
