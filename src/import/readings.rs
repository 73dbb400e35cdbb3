//! Interval readings of meters: columns `meter, start, end, value, unit`.

use std::collections::HashMap;
use std::io::Read;

use super::columns::{Column, Records};
use super::number::{Unit, exact};
use super::time::{LocalTimes, Named, Stamp, stamp};
use super::{BadRow, FileError, Reason, RowError};
use crate::domain::calendar::{Instant, Zone};
use crate::domain::units::WattHours;
use crate::text::Locale;

const COLUMNS: [Column; 5] = [
    Column {
        code: "meter",
        names: &[
            "meter",
            "meter id",
            "счетчик",
            "прибор учета",
            "номер счетчика",
        ],
        required: true,
    },
    Column {
        code: "start",
        names: &[
            "start",
            "from",
            "interval start",
            "начало",
            "начало интервала",
            "с",
        ],
        required: true,
    },
    Column {
        code: "end",
        names: &[
            "end",
            "to",
            "interval end",
            "конец",
            "окончание",
            "конец интервала",
            "по",
        ],
        required: true,
    },
    Column {
        code: "value",
        names: &["value", "reading", "значение", "показание", "потребление"],
        required: true,
    },
    Column {
        code: "unit",
        names: &[
            "unit",
            "units",
            "единица",
            "единицы",
            "единица измерения",
            "ед.",
            "ед. изм.",
            "ед.изм.",
        ],
        required: true,
    },
];
const METER: usize = 0;
const START: usize = 1;
const END: usize = 2;
const VALUE: usize = 3;
const UNIT: usize = 4;

/// 2009-01-01T00:00:00Z: no mining meter is older, and a clock that lost its date says 1970.
const EARLIEST: Instant = Instant(1_230_768_000);
/// 2101-01-01T00:00:00Z.
const LATEST: Instant = Instant(4_133_980_800);
/// A local date has 25 hours when the clocks go back.
const LONGEST_SECONDS: i64 = 25 * 3_600;
/// Ten to the fifteenth: a terawatt for a thousand hours.
const VALUE_BELOW_WH: u128 = 1_000_000_000_000_000;
/// How far a meter's clock may be ahead of ours.
pub const CLOCK_TOLERANCE_SECONDS: i64 = 3_600;

/// What the importer must know of a meter: the caller's own key for it, and the zone of its site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeterInfo<K> {
    pub key: K,
    pub zone: Zone,
}

/// One good row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingRow<K> {
    pub line: u64,
    pub meter: K,
    pub start: Instant,
    pub end: Instant,
    pub wh: WattHours,
}

struct Meter<K> {
    name: String,
    key: K,
    zone: usize,
    /// Where the meter's previous row in the file ended: tells a repeated local hour's two passes.
    reached: Option<Instant>,
}

/// The rows of a file of readings, in file order.
///
/// `lookup` is asked once for each known meter, and for every row of an unknown one (`None`).
/// Memory grows with the number of known meters, not with the file.
pub struct Readings<R, K, F> {
    records: Records<R>,
    lookup: F,
    latest: Instant,
    meters: Vec<Meter<K>>,
    by_name: HashMap<String, usize>,
    recent: usize,
    zones: Vec<LocalTimes>,
    unit: (String, Option<Unit>),
    failed: bool,
}

impl<R: Read, K: Clone, F: FnMut(&str) -> Option<MeterInfo<K>>> Readings<R, K, F> {
    /// Reads the header. `now` bounds what may have been measured.
    ///
    /// Errors: everything for which the whole file is refused, before any row of it is given.
    pub fn open(source: R, now: Instant, lookup: F) -> Result<Self, FileError> {
        Ok(Self {
            records: Records::open(source, &COLUMNS)?,
            lookup,
            latest: now.plus_seconds(CLOCK_TOLERANCE_SECONDS),
            meters: Vec::new(),
            by_name: HashMap::new(),
            recent: 0,
            zones: Vec::new(),
            unit: (String::new(), None),
            failed: false,
        })
    }

    /// Bytes taken from the source so far, for a progress bar.
    pub fn bytes(&self) -> u64 {
        self.records.bytes()
    }

    fn row(&mut self) -> Result<ReadingRow<K>, BadRow> {
        let meter = self.meter()?;
        let (start, end) = self.interval(meter)?;
        self.meters[meter].reached = Some(end);
        let wh = self.energy((end.0 - start.0).unsigned_abs())?;
        Ok(ReadingRow {
            line: self.records.line(),
            meter: self.meters[meter].key.clone(),
            start,
            end,
            wh,
        })
    }

    fn bad(&self, column: usize, reason: Reason) -> BadRow {
        let value = self.records.get(column);
        let reason = if value.is_empty() {
            Reason::Empty
        } else {
            reason
        };
        BadRow::new(self.records.line(), COLUMNS[column].code, value, reason)
    }

    fn meter(&mut self) -> Result<usize, BadRow> {
        let name = self.records.get(METER);
        if self
            .meters
            .get(self.recent)
            .is_some_and(|meter| meter.name == name)
        {
            return Ok(self.recent);
        }
        if let Some(known) = self.by_name.get(name) {
            self.recent = *known;
            return Ok(self.recent);
        }
        let info = if name.is_empty() {
            None
        } else {
            (self.lookup)(name)
        };
        let Some(MeterInfo { key, zone }) = info else {
            return Err(self.bad(METER, Reason::UnknownMeter));
        };
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
        Ok(self.recent)
    }

    fn interval(&mut self, meter: usize) -> Result<(Instant, Instant), BadRow> {
        let Meter { zone, reached, .. } = self.meters[meter];
        let times = &mut self.zones[zone];
        let start =
            bounded(self.records.get(START)).and_then(|stamp| Start::read(stamp, times, reached));
        let start = start.map_err(|reason| self.bad(START, reason))?;
        let times = &mut self.zones[zone];
        let end = bounded(self.records.get(END)).and_then(|stamp| end_of(stamp, times, &start));
        let end = end.map_err(|reason| self.bad(END, reason))?;
        let start = start.at;
        let reason = if end <= start {
            Reason::Order
        } else if end.0 - start.0 > LONGEST_SECONDS {
            Reason::Duration
        } else if end > self.latest {
            Reason::Future
        } else {
            return Ok((start, end));
        };
        Err(self.bad(END, reason))
    }

    /// The value in whole watt-hours, rounded half away from zero.
    fn energy(&mut self, seconds: u64) -> Result<WattHours, BadRow> {
        let unit = self.records.get(UNIT);
        if self.unit.0 != unit {
            self.unit = (unit.to_owned(), Unit::parse(unit));
        }
        let Some(unit) = self.unit.1 else {
            return Err(self.bad(UNIT, Reason::Unit));
        };
        let Some(value) = exact(self.records.get(VALUE)) else {
            return Err(self.bad(VALUE, Reason::Number));
        };
        if value.negative && value.digits > 0 {
            return Err(self.bad(VALUE, Reason::Negative));
        }
        let (above, below) = unit.watt_hours(seconds);
        match value.scaled(above, below) {
            Some(wh) if wh < VALUE_BELOW_WH => Ok(WattHours(wh as i64)),
            _ => Err(self.bad(VALUE, Reason::TooLarge)),
        }
    }
}

impl<R: Read, K: Clone, F: FnMut(&str) -> Option<MeterInfo<K>>> Iterator for Readings<R, K, F> {
    type Item = Result<ReadingRow<K>, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        match self.records.next_row() {
            Ok(Some(Ok(()))) => Some(self.row().map_err(RowError::Bad)),
            Ok(Some(Err(bad))) => Some(Err(RowError::Bad(bad))),
            Ok(None) => None,
            Err(error) => {
                self.failed = true;
                Some(Err(RowError::Read(error)))
            }
        }
    }
}

/// A time whose year is possible.
fn bounded(text: &str) -> Result<Stamp, Reason> {
    let stamp = stamp(text).ok_or(Reason::Time)?;
    let (Stamp::Instant(Instant(seconds)) | Stamp::Local(seconds) | Stamp::DayEnd(seconds)) = stamp;
    let possible = (EARLIEST.0..LATEST.0).contains(&seconds);
    possible.then_some(stamp).ok_or(Reason::Year)
}

struct Start {
    at: Instant,
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

/// A file to fill in: header and two example rows, as a spreadsheet of that language opens it.
pub fn template(locale: Locale) -> Vec<u8> {
    let text = match locale {
        Locale::Ru => {
            "счётчик;начало;конец;значение;единица\r\n\
             M-001;01.11.2026 00:00;01.11.2026 00:30;96,5;кВт·ч\r\n\
             M-001;01.11.2026 00:30;01.11.2026 01:00;97,25;кВт·ч\r\n"
        }
        Locale::En => {
            "meter,start,end,value,unit\r\n\
             M-001,2026-11-01 00:00,2026-11-01 00:30,96.5,kWh\r\n\
             M-001,2026-11-01 00:30,2026-11-01 01:00,97.25,kWh\r\n"
        }
    };
    format!("\u{feff}{text}").into_bytes()
}
