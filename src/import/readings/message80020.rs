//! 80020: the half-hours of one calendar day, as Russian grid companies and markets exchange them.
//!
//! `message/area/measuringpoint/measuringchannel/period/value` with `datetime/day`; local `HHMM`, in
//! the zone of the meter's site; kWh. Channel 01 is active energy received: the others (delivered,
//! reactive) are nothing that is billed here and are passed over, and so is a value with
//! `status="1"`: it is not commercial, so its time stays a gap. The `number` of the message says which
//! of several about a day of a sender's area counts.

use std::ops::Range;

use chrono::NaiveDate;

use super::known::{Known, MeterInfo, Said};
use super::xml::{Element, Node, Walk};
use super::{Content, Part, Row, energy};
use crate::domain::metering::edition::{Edition, Subject};
use crate::domain::rows::{BadRow, Reason};
use crate::import::FileError;
use crate::import::number::exact;
use crate::import::time::Stamp;

/// Active energy that the point received.
const RECEIVED: &str = "01";
const DAY: i64 = 86_400;
/// What a watt-hour is to the values' kilowatt-hour.
const KILO: (u128, u128) = (1_000, 1);

/// More digits than this no sender has counted.
const MOST_DIGITS: usize = 18;

/// Who sends, or what is measured: known by its INN, or by its name where it has none.
#[derive(Default)]
struct Side {
    inn: String,
    name: String,
}

impl Side {
    fn said(&mut self, what: &str, text: &str) {
        let own = match what {
            "inn" => &mut self.inn,
            _ => &mut self.name,
        };
        if own.is_empty() {
            *own = text.trim().replace(char::is_control, " ");
        }
    }

    fn known_by(&self) -> &str {
        match self.inn.as_str() {
            "" => &self.name,
            inn => inn,
        }
    }
}

/// Of whom `inn` and `name` speak.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Of {
    #[default]
    Nobody,
    Sender,
    Area,
}

/// Where in the message the reader is.
#[derive(Default)]
struct Place {
    of: Of,
    sender: Side,
    /// Each with its rows.
    areas: Vec<(Side, Range<usize>)>,
    day: Option<NaiveDate>,
    point: String,
    channel: String,
    period: (String, String),
    commercial: bool,
}

/// `number`: as the message states it; without one nothing is known of its editions.
pub fn read<K: Clone, F: FnMut(&str) -> Option<MeterInfo<K>>>(
    mut walk: Walk,
    mut known: Known<K, F>,
    number: &str,
) -> Result<Content<K>, FileError> {
    let mut place = Place::default();
    let mut rows = vec![];
    while let Some(node) = walk.next()? {
        match node {
            Node::Open(element) => place.enter(&element, rows.len()),
            Node::Close(name, text) if name == "day" => {
                let day = NaiveDate::parse_from_str(&text, "%Y%m%d");
                place.day = Some(day.map_err(|_| FileError::NoDay)?);
            }
            Node::Close(name, text) if name == "value" => {
                let day = place.day.ok_or(FileError::NoDay)?;
                if place.channel == RECEIVED && place.commercial {
                    rows.push(place.row(day, &text, walk.line(), &mut known));
                }
            }
            Node::Close(name, text) => place.leave(&name, &text, rows.len()),
        }
    }
    if rows.is_empty() {
        return Err(FileError::HeaderOnly);
    }
    let parts = place.parts(number);
    Ok(Content { rows, parts })
}

impl Place {
    /// `read`: how many rows stand before it.
    fn enter(&mut self, element: &Element, read: usize) {
        let attribute = |name| element.attribute(name).unwrap_or_default().to_owned();
        match &element.name[..] {
            "sender" => self.of = Of::Sender,
            "area" => {
                self.of = Of::Area;
                self.areas.push((Side::default(), read..read));
            }
            "measuringpoint" => self.point = attribute("code"),
            "measuringchannel" => self.channel = attribute("code"),
            "period" => self.period = (attribute("start"), attribute("end")),
            "value" => self.commercial = attribute("status") != "1",
            _ => {}
        }
    }

    fn leave(&mut self, name: &str, text: &str, read: usize) {
        match (name, self.of, self.areas.last_mut()) {
            ("inn" | "name", Of::Sender, _) => self.sender.said(name, text),
            ("inn" | "name", Of::Area, Some((area, _))) => area.said(name, text),
            ("area", Of::Area, Some((_, rows))) => {
                rows.end = read;
                self.of = Of::Nobody;
            }
            ("sender", ..) => self.of = Of::Nobody,
            _ => {}
        }
    }

    /// None of a message that states no number, or nobody as its sender.
    fn parts(self, number: &str) -> Vec<Part> {
        let number = number.trim();
        let counted = number.len() <= MOST_DIGITS && number.bytes().all(|it| it.is_ascii_digit());
        let number = number.parse().ok().filter(|_| counted);
        let sender = self.sender.known_by();
        let (Some(number), Some(day), false) = (number, self.day, sender.is_empty()) else {
            return vec![];
        };
        let filled = self.areas.into_iter().filter(|(_, rows)| !rows.is_empty());
        let part = |(area, rows): (Side, Range<usize>)| Part {
            edition: Edition {
                subject: Subject {
                    sender: sender.to_owned(),
                    area: area.known_by().to_owned(),
                    day,
                },
                number,
            },
            rows,
        };
        filled.map(part).collect()
    }

    fn row<K: Clone, F: FnMut(&str) -> Option<MeterInfo<K>>>(
        &self,
        day: NaiveDate,
        value: &str,
        line: u64,
        known: &mut Known<K, F>,
    ) -> Row<K> {
        let bad = |column, value: &str, reason| BadRow::new(line, column, value, reason);
        let meter = known.meter(&self.point);
        let meter = meter.ok_or_else(|| bad("meter", &self.point, Reason::UnknownMeter))?;
        let (from, to) = (&self.period.0, &self.period.1);
        let midnight = day.signed_duration_since(NaiveDate::default()).num_days() * DAY;
        let start = clock(from).map(|seconds| Stamp::Local(midnight + seconds));
        let start = known
            .start(meter, start)
            .map_err(|reason| bad("start", from, reason))?;
        let end = clock(to).map(|seconds| match seconds {
            0 => Stamp::DayEnd(midnight + DAY),
            seconds => Stamp::Local(midnight + seconds),
        });
        let end = known
            .end(meter, &start, end)
            .map_err(|reason| bad("end", to, reason))?;
        let wh = energy(exact(value), KILO).map_err(|reason| bad("value", value, reason))?;
        known.row(meter, start.at, end, wh, Said { line, end: to })
    }
}

/// Seconds after midnight of `HHMM`.
fn clock(text: &str) -> Option<i64> {
    let whole = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    let number: i64 = text.parse().ok().filter(|_| whole)?;
    let (hour, minute) = (number / 100, number % 100);
    let possible = hour < 24 && minute < 60 || number == 2_400;
    possible.then_some((hour % 24) * 3_600 + minute * 60)
}
