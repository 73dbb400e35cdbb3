//! What is known while a file of readings is read: its meters, and what its local times name.

use std::collections::HashMap;

use super::super::time::{LocalTimes, Named, Stamp};
use super::super::{BadRow, Reason};
use super::{ReadingRow, Row};
use crate::domain::calendar::{Instant, Zone};
use crate::domain::rows::Aside;
use crate::domain::units::WattHours;

/// 2009-01-01T00:00:00Z: no mining meter is older, and a clock that lost its date says 1970.
pub const EARLIEST: Instant = Instant(1_230_768_000);
/// 2101-01-01T00:00:00Z.
pub const LATEST: Instant = Instant(4_133_980_800);
/// A local date has 25 hours when the clocks go back.
const LONGEST_SECONDS: i64 = 25 * 3_600;
/// How far a meter's clock may be ahead of ours.
pub const CLOCK_TOLERANCE_SECONDS: i64 = 3_600;

/// Names that no meter has and that are remembered of one file; rows of any more are bad.
const MOST_STRANGERS: usize = 10_000;

/// What the importer must know of a meter: the caller's own key for it, the zone of its site, and
/// whether it says what its display shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeterInfo<K> {
    pub key: K,
    pub zone: Zone,
    pub register: bool,
}

struct Meter<K> {
    name: String,
    /// None of a stranger.
    key: Option<K>,
    register: bool,
    zone: usize,
    /// Whether a time of its rows was local.
    local: bool,
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
    /// The zone in which rows of unknown meters are understood, if they are to be kept.
    strangers: Option<Zone>,
    strange: usize,
}

/// A reading's place in its file, for what is said of it.
#[derive(Clone, Copy)]
pub(super) struct Said<'a> {
    pub line: u64,
    pub end: &'a str,
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
            strangers: None,
            strange: 0,
        }
    }

    /// Rows of unknown meters are read whole, their local times in this zone.
    pub fn keeping(mut self, strangers: Option<Zone>) -> Self {
        self.strangers = strangers;
        self
    }

    /// Whether it says what its display shows; of an unknown one both are possible.
    pub fn registers(&self, meter: usize) -> bool {
        self.meters[meter].register
    }

    /// The row, or why it must wait.
    pub fn row(
        &self,
        meter: usize,
        start: Instant,
        end: Instant,
        wh: WattHours,
        said: Said,
    ) -> Row<K> {
        let of = &self.meters[meter];
        let ahead = end > self.latest;
        if let (Some(key), false) = (&of.key, ahead) {
            return Ok(ReadingRow {
                line: said.line,
                meter: key.clone(),
                start,
                end,
                wh,
            });
        }
        let (column, value, reason) = match &of.key {
            None => ("meter", of.name.as_str(), Reason::UnknownMeter),
            Some(_) => ("end", said.end, Reason::Future),
        };
        let aside = Aside {
            code: of.name.clone(),
            start,
            end,
            wh,
            zone: of.local.then(|| self.zones[of.zone].zone),
        };
        let mut bad = BadRow::new(said.line, column, value, reason);
        // A clock that is ahead is no reason to keep what no meter said.
        bad.aside = (of.key.is_some() || !ahead).then(|| Box::new(aside));
        Err(bad)
    }

    /// Asks once for each known meter, and for every row of an unknown one that is not kept.
    pub fn meter(&mut self, name: &str) -> Option<usize> {
        self.known(name).or_else(|| self.stranger(name))
    }

    fn stranger(&mut self, name: &str) -> Option<usize> {
        let zone = self.strangers?;
        if name.is_empty() || self.strange >= MOST_STRANGERS {
            return None;
        }
        self.strange += 1;
        Some(self.add(name, None, zone, true))
    }

    /// The same of known ones alone, and of strangers met before.
    pub fn known(&mut self, name: &str) -> Option<usize> {
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
        let info = (self.lookup)(name)?;
        Some(self.add(name, Some(info.key), info.zone, info.register))
    }

    fn add(&mut self, name: &str, key: Option<K>, zone: Zone, register: bool) -> usize {
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
            register,
            zone,
            local: false,
            reached: None,
        });
        self.recent
    }

    pub fn start(&mut self, meter: usize, stamp: Option<Stamp>) -> Result<Start, Reason> {
        let Meter { zone, reached, .. } = self.meters[meter];
        let stamp = bounded(stamp)?;
        self.meters[meter].local = !matches!(stamp, Stamp::Instant(_));
        Start::read(stamp, &mut self.zones[zone], reached)
    }

    /// The moment at which a display was read; the meter's rows have then reached it.
    pub fn moment(&mut self, meter: usize, stamp: Option<Stamp>) -> Result<Instant, Reason> {
        let at = match bounded(stamp)? {
            Stamp::DayEnd(local) => {
                self.meters[meter].local = true;
                let zone = self.meters[meter].zone;
                self.zones[zone].start_of_day(local)
            }
            stamp => self.start(meter, Some(stamp))?.at,
        };
        self.meters[meter].reached = Some(at);
        Ok(at)
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
