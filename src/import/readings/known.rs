//! What is known while a file of readings is read: its meters, and what its local times name.

use std::collections::HashMap;

use super::super::Reason;
use super::super::time::{LocalTimes, Named, Stamp};
use crate::domain::calendar::{Instant, Zone};

/// 2009-01-01T00:00:00Z: no mining meter is older, and a clock that lost its date says 1970.
const EARLIEST: Instant = Instant(1_230_768_000);
/// 2101-01-01T00:00:00Z.
const LATEST: Instant = Instant(4_133_980_800);
/// A local date has 25 hours when the clocks go back.
const LONGEST_SECONDS: i64 = 25 * 3_600;
/// How far a meter's clock may be ahead of ours.
pub const CLOCK_TOLERANCE_SECONDS: i64 = 3_600;

/// What the importer must know of a meter: the caller's own key for it, and the zone of its site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeterInfo<K> {
    pub key: K,
    pub zone: Zone,
}

struct Meter<K> {
    name: String,
    key: K,
    zone: usize,
    /// Where the meter's previous row in the file ended: tells a repeated local hour's two passes.
    reached: Option<Instant>,
}

/// Meters by name, each with the zone of its site and where its rows have reached.
pub(super) struct Known<K, F> {
    lookup: F,
    latest: Instant,
    meters: Vec<Meter<K>>,
    by_name: HashMap<String, usize>,
    recent: usize,
    zones: Vec<LocalTimes>,
}

impl<K: Clone, F: FnMut(&str) -> Option<MeterInfo<K>>> Known<K, F> {
    /// `now` bounds what may have been measured.
    pub fn new(now: Instant, lookup: F) -> Self {
        Self {
            lookup,
            latest: now.plus_seconds(CLOCK_TOLERANCE_SECONDS),
            meters: Vec::new(),
            by_name: HashMap::new(),
            recent: 0,
            zones: Vec::new(),
        }
    }

    pub fn key(&self, meter: usize) -> K {
        self.meters[meter].key.clone()
    }

    /// Asks once for each known meter, and for every row of an unknown one.
    pub fn meter(&mut self, name: &str) -> Option<usize> {
        let recent = self.meters.get(self.recent);
        if recent.is_some_and(|meter| meter.name == name) {
            return Some(self.recent);
        }
        if let Some(known) = self.by_name.get(name) {
            self.recent = *known;
            return Some(self.recent);
        }
        if name.is_empty() {
            return None;
        }
        let MeterInfo { key, zone } = (self.lookup)(name)?;
        let zone = match self.zones.iter().position(|times| times.zone == zone) {
            Some(known) => known,
            None => {
                self.zones.push(LocalTimes::new(zone));
                self.zones.len() - 1
            }
        };
        self.recent = self.meters.len();
        self.by_name.insert(name.to_owned(), self.recent);
        self.meters.push(Meter {
            name: name.to_owned(),
            key,
            zone,
            reached: None,
        });
        Some(self.recent)
    }

    pub fn start(&mut self, meter: usize, stamp: Option<Stamp>) -> Result<Start, Reason> {
        let Meter { zone, reached, .. } = self.meters[meter];
        Start::read(bounded(stamp)?, &mut self.zones[zone], reached)
    }

    /// The end of what began with `start`; the meter's rows have then reached it.
    pub fn end(
        &mut self,
        meter: usize,
        start: &Start,
        stamp: Option<Stamp>,
    ) -> Result<Instant, Reason> {
        let Meter { zone, .. } = self.meters[meter];
        let end = end_of(bounded(stamp)?, &mut self.zones[zone], start)?;
        if end <= start.at {
            return Err(Reason::Order);
        }
        if end.0 - start.at.0 > LONGEST_SECONDS {
            return Err(Reason::Duration);
        }
        if end > self.latest {
            return Err(Reason::Future);
        }
        self.meters[meter].reached = Some(end);
        Ok(end)
    }
}

/// A time whose year is possible.
fn bounded(stamp: Option<Stamp>) -> Result<Stamp, Reason> {
    let stamp = stamp.ok_or(Reason::Time)?;
    let (Stamp::Instant(Instant(seconds)) | Stamp::Local(seconds) | Stamp::DayEnd(seconds)) = stamp;
    let possible = (EARLIEST.0..LATEST.0).contains(&seconds);
    possible.then_some(stamp).ok_or(Reason::Year)
}

/// When an interval begins.
pub(super) struct Start {
    pub at: Instant,
    /// The local seconds, where the first pass through a repeated hour was meant.
    first_pass: Option<i64>,
}

impl Start {
    /// A repeated local time is the first pass until the meter's rows have reached beyond it.
    fn read(
        stamp: Stamp,
        times: &mut LocalTimes,
        reached: Option<Instant>,
    ) -> Result<Self, Reason> {
        let local = match stamp {
            Stamp::Instant(at) => {
                return Ok(Self {
                    at,
                    first_pass: None,
                });
            }
            Stamp::Local(local) => local,
            Stamp::DayEnd(_) => return Err(Reason::Time),
        };
        let Named { first, second } = times.named(local).ok_or(Reason::MissingTime)?;
        match second {
            None => Ok(Self {
                at: first,
                first_pass: None,
            }),
            Some(second) if reached.is_some_and(|reached| first < reached && reached <= second) => {
                Ok(Self {
                    at: second,
                    first_pass: None,
                })
            }
            Some(_) => Ok(Self {
                at: first,
                first_pass: Some(local),
            }),
        }
    }
}

fn end_of(stamp: Stamp, times: &mut LocalTimes, start: &Start) -> Result<Instant, Reason> {
    let local = match stamp {
        Stamp::Instant(at) => return Ok(at),
        Stamp::DayEnd(local) => return Ok(times.start_of_day(local)),
        Stamp::Local(local) => local,
    };
    let named = times.named(local).ok_or(Reason::MissingTime)?;
    if let Some(second) = named.second {
        return Ok(if named.first > start.at {
            named.first
        } else {
            second
        });
    }
    // `02:00–03:00`, first pass: by its labels the row ends with the hour that is then repeated,
    // so it is as long as its labels say and not an hour longer.
    if let Some(from) = start.first_pass
        && from < local
        && times
            .named(local - 1)
            .is_some_and(|before| before.second.is_some())
    {
        return Ok(start.at.plus_seconds(local - from));
    }
    Ok(named.first)
}
