//! Interval readings of meters: a table with the columns `meter, start, end, value, unit`, the
//! half-hours of a day as an 80020 message, or a Green Button feed; any of them packed by gzip.

mod green_button;
mod known;
mod message80020;
mod xml;

use flate2::read::MultiGzDecoder;
use std::io::Read;
use std::ops::Range;

use super::columns::{Column, Records};
use super::number::{Exact, Unit, exact};
use super::time::stamp;
use super::{BadRow, FileError, Reason, RowError};
use crate::domain::calendar::{Instant, Zone};
use crate::domain::metering::edition::Edition;
use crate::domain::metering::folder::FileForm;
use crate::domain::units::WattHours;
use crate::text::Locale;

pub use known::{CLOCK_TOLERANCE_SECONDS, EARLIEST, LATEST, MeterInfo};
use known::{Known, Said};

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

/// Ten to the fifteenth: a terawatt for a thousand hours.
const VALUE_BELOW_WH: u128 = 1_000_000_000_000_000;

/// One good row; of a register, start and end are the moment at which its display was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingRow<K> {
    pub line: u64,
    pub meter: K,
    pub start: Instant,
    pub end: Instant,
    pub wh: WattHours,
}

/// The rows of a file of readings, in file order.
///
/// `lookup` is asked once for each known meter, and for every row of an unknown one (`None`).
/// Memory grows with the number of known meters, not with the file.
pub struct Readings<R, K, F> {
    records: Records<R>,
    known: Known<K, F>,
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
            known: Known::new(now, lookup),
            unit: (String::new(), None),
            failed: false,
        })
    }

    /// Rows of unknown meters are read whole, their local times in this zone.
    pub fn keeping(mut self, strangers: Option<Zone>) -> Self {
        self.known = self.known.keeping(strangers);
        self
    }

    /// Bytes taken from the source so far, for a progress bar.
    pub fn bytes(&self) -> u64 {
        self.records.bytes()
    }

    fn row(&mut self) -> Result<ReadingRow<K>, BadRow> {
        let meter = self.known.meter(self.records.get(METER));
        let meter = meter.ok_or_else(|| self.bad(METER, Reason::UnknownMeter))?;
        if self.known.registers(meter) && self.records.get(START).is_empty() {
            return self.shown(meter);
        }
        let start = self.known.start(meter, stamp(self.records.get(START)));
        let start = start.map_err(|reason| self.bad(START, reason))?;
        let end = self.known.end(meter, &start, stamp(self.records.get(END)));
        let end = end.map_err(|reason| self.bad(END, reason))?;
        let wh = self.energy((end.0 - start.at.0).unsigned_abs())?;
        self.known.row(meter, start.at, end, wh, self.said())
    }

    /// A row without a start: what a display showed at its end.
    fn shown(&mut self, meter: usize) -> Result<ReadingRow<K>, BadRow> {
        let at = self.known.moment(meter, stamp(self.records.get(END)));
        let at = at.map_err(|reason| self.bad(END, reason))?;
        if Unit::parse(self.records.get(UNIT)) == Some(Unit::Kilowatt) {
            return Err(self.bad(UNIT, Reason::Unit));
        }
        let wh = self.energy(0)?;
        self.known.row(meter, at, at, wh, self.said())
    }

    fn said(&self) -> Said<'_> {
        Said {
            line: self.records.line(),
            end: self.records.get(END),
        }
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

    /// The value in whole watt-hours, rounded half away from zero.
    fn energy(&mut self, seconds: u64) -> Result<WattHours, BadRow> {
        let unit = self.records.get(UNIT);
        if self.unit.0 != unit {
            self.unit = (unit.to_owned(), Unit::parse(unit));
        }
        let Some(unit) = self.unit.1 else {
            return Err(self.bad(UNIT, Reason::Unit));
        };
        let wh = energy(exact(self.records.get(VALUE)), unit.watt_hours(seconds));
        wh.map_err(|reason| self.bad(VALUE, reason))
    }
}

/// A value in whole watt-hours, where one of it is `above / below` of them; rounded half away from
/// zero.
pub(crate) fn energy(
    value: Option<Exact>,
    (above, below): (u128, u128),
) -> Result<WattHours, Reason> {
    let value = value.ok_or(Reason::Number)?;
    if value.negative && value.digits > 0 {
        return Err(Reason::Negative);
    }
    match value.scaled(above, below) {
        Some(wh) if wh < VALUE_BELOW_WH => Ok(WattHours(wh as i64)),
        _ => Err(Reason::TooLarge),
    }
}

/// A row of a file of readings, or what is wrong with it.
pub type Row<K> = Result<ReadingRow<K>, BadRow>;

/// What stands in a file.
#[derive(Debug)]
pub struct Content<K> {
    /// In file order.
    pub rows: Vec<Row<K>>,
    /// Which of them are of a numbered message.
    pub parts: Vec<Part>,
}

/// Rows of one area in a message that its sender numbered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub edition: Edition,
    pub rows: Range<usize>,
}

impl<K> From<Vec<Row<K>>> for Content<K> {
    fn from(rows: Vec<Row<K>>) -> Self {
        let parts = vec![];
        Self { rows, parts }
    }
}

/// All of a file of any of the forms. `limit`: of what is packed in it, bytes.
/// `strangers`: the zone of unknown meters' rows, where those are to be kept.
///
/// # Errors
/// Everything for which the whole file is refused; then no row of it counts.
pub fn read<K: Clone>(
    content: &[u8],
    now: Instant,
    limit: usize,
    strangers: Option<Zone>,
    lookup: impl FnMut(&str) -> Option<MeterInfo<K>>,
) -> Result<Content<K>, FileError> {
    let unpacked;
    let content = if content.starts_with(GZIP) {
        unpacked = unpack(content, limit)?;
        &unpacked[..]
    } else {
        content
    };
    if xml::is_xml(content) {
        return xml::read(content, Known::new(now, lookup).keeping(strangers));
    }
    let mut rows = vec![];
    for row in Readings::open(content, now, lookup)?.keeping(strangers) {
        rows.push(match row {
            Ok(row) => Ok(row),
            Err(RowError::Bad(bad)) => Err(bad),
            Err(RowError::Read(error)) => return Err(FileError::Read(error)),
        });
    }
    Ok(rows.into())
}

/// Why a file is refused as a whole; a table is judged by its header.
pub fn fault(content: &[u8], now: Instant, limit: usize) -> Option<FileError> {
    let nobody = |_: &str| None::<MeterInfo<()>>;
    if content.starts_with(GZIP) || xml::is_xml(content) {
        return read(content, now, limit, None, nobody).err();
    }
    Readings::open(content, now, nobody).err()
}

/// Of which form a file is, packed or not; `None` where it is none that readings come in.
pub fn form(content: &[u8], limit: usize) -> Option<FileForm> {
    if content.starts_with(GZIP) {
        let unpacked = unpack(content, limit).ok()?;
        return form_of(&unpacked);
    }
    form_of(content)
}

fn form_of(content: &[u8]) -> Option<FileForm> {
    match xml::is_xml(content) {
        true => xml::form(content),
        false => Some(FileForm::Table),
    }
}

/// How a file that gzip packed begins (RFC 1952).
pub const GZIP: &[u8] = &[0x1f, 0x8b];

/// At most `limit` bytes of what is packed.
///
/// # Errors
/// `Gzip` where it is cut off or damaged, `Unpacked` where it is more.
pub fn unpack(content: &[u8], limit: usize) -> Result<Vec<u8>, FileError> {
    let mut unpacked = vec![];
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let read = MultiGzDecoder::new(content)
        .take(most)
        .read_to_end(&mut unpacked);
    match read {
        Err(_) => Err(FileError::Gzip),
        Ok(bytes) if bytes > limit => Err(FileError::Unpacked(limit)),
        Ok(_) => Ok(unpacked),
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

#[cfg(test)]
mod tests;
