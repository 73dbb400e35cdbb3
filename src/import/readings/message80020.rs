//! 80020: the half-hours of one calendar day, as Russian grid companies and markets exchange them.
//!
//! `message/area/measuringpoint/measuringchannel/period/value` with `datetime/day`; local `HHMM`, in
//! the zone of the meter's site; kWh. Channel 01 is active energy received: the others (delivered,
//! reactive) are nothing that is billed here and are passed over, and so is a value with
//! `status="1"`: it is not commercial, so its time stays a gap.

use chrono::NaiveDate;

use super::known::{Known, MeterInfo, Said};
use super::xml::{Element, Node, Walk};
use super::{Row, energy};
use crate::domain::rows::{BadRow, Reason};
use crate::import::FileError;
use crate::import::number::exact;
use crate::import::time::Stamp;

/// Active energy that the point received.
const RECEIVED: &str = "01";
const DAY: i64 = 86_400;
/// What a watt-hour is to the values' kilowatt-hour.
const KILO: (u128, u128) = (1_000, 1);

/// Where in the message the reader is.
#[derive(Default)]
struct Place {
    day: Option<NaiveDate>,
    point: String,
    channel: String,
    period: (String, String),
    commercial: bool,
}

pub fn rows<K: Clone, F: FnMut(&str) -> Option<MeterInfo<K>>>(
    mut walk: Walk,
    mut known: Known<K, F>,
) -> Result<Vec<Row<K>>, FileError> {
    let mut place = Place::default();
    let mut rows = vec![];
    while let Some(node) = walk.next()? {
        match node {
            Node::Open(element) => place.enter(&element),
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
            Node::Close(..) => {}
        }
    }
    if rows.is_empty() {
        Err(FileError::HeaderOnly)
    } else {
        Ok(rows)
    }
}

impl Place {
    fn enter(&mut self, element: &Element) {
        let attribute = |name| element.attribute(name).unwrap_or_default().to_owned();
        match &element.name[..] {
            "measuringpoint" => self.point = attribute("code"),
            "measuringchannel" => self.channel = attribute("code"),
            "period" => self.period = (attribute("start"), attribute("end")),
            "value" => self.commercial = attribute("status") != "1",
            _ => {}
        }
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
