//! Green Button: energy usage as an Atom feed of the Energy Services Provider Interface (NAESB REQ.21).
//!
//! Entries stand beside each other and point at each other by links: interval blocks belong to a
//! meter reading, that to a usage point and to a reading type, which says what a value is. The
//! usage point names the meter: by its title, or by its own link.

use super::known::{Known, MeterInfo, Said};
use super::xml::{Element, Node, Walk};
use super::{Row, energy};
use crate::domain::calendar::Instant;
use crate::domain::rows::{BadRow, Reason};
use crate::import::FileError;
use crate::import::number::exact;
use crate::import::time::Stamp;

/// Watt-hours among the units of measure.
const WATT_HOURS: &str = "72";
/// Energy that the usage point gave back.
const REVERSE: &str = "19";
/// Qualities of what nobody measured: estimated by reference days, by a line, or projected.
const ESTIMATED: [&str; 3] = ["8", "9", "12"];
/// Beyond these no meter writes its values.
const POWERS: std::ops::RangeInclusive<i32> = -6..=9;

#[derive(Default)]
struct Entry {
    own: String,
    up: String,
    related: Vec<String>,
    title: String,
    what: What,
    /// Within the span of a whole block, whose start is no reading's.
    spanned: bool,
    values: Vec<Value>,
}

#[derive(Default)]
enum What {
    Point,
    Reading,
    Type(Kind),
    Block,
    #[default]
    Other,
}

#[derive(Clone, Default)]
struct Kind {
    unit: String,
    power: i32,
    direction: String,
}

#[derive(Default)]
struct Value {
    line: u64,
    start: String,
    seconds: String,
    value: String,
    quality: String,
}

pub fn rows<K: Clone, F: FnMut(&str) -> Option<MeterInfo<K>>>(
    mut walk: Walk,
    mut known: Known<K, F>,
) -> Result<Vec<Row<K>>, FileError> {
    let mut entries: Vec<Entry> = vec![];
    let mut entry = Entry::default();
    while let Some(node) = walk.next()? {
        match node {
            Node::Open(element) if element.name == "entry" => entry = Entry::default(),
            Node::Open(element) => entry.enter(&element),
            Node::Close(name, _) if name == "entry" => entries.push(std::mem::take(&mut entry)),
            Node::Close(name, text) => {
                let line = walk.line();
                entry.leave(&name, text, line);
            }
        }
    }
    let mut rows = vec![];
    let blocks = entries.iter().filter(|it| matches!(it.what, What::Block));
    for block in blocks {
        let source = Source::of(&entries, block);
        let measured = block.values.iter();
        let measured = measured.filter(|it| !ESTIMATED.contains(&it.quality.as_str()));
        if source.kind.direction != REVERSE {
            rows.extend(measured.map(|value| source.row(value, &mut known)));
        }
    }
    if rows.is_empty() {
        Err(FileError::HeaderOnly)
    } else {
        Ok(rows)
    }
}

impl Entry {
    fn enter(&mut self, element: &Element) {
        match &element.name[..] {
            "link" => {
                let to = element.attribute("href").unwrap_or_default().to_owned();
                match element.attribute("rel") {
                    Some("self") => self.own = to,
                    Some("up") => self.up = to,
                    Some("related") => self.related.push(to),
                    _ => {}
                }
            }
            "UsagePoint" => self.what = What::Point,
            "MeterReading" => self.what = What::Reading,
            "ReadingType" => self.what = What::Type(Kind::default()),
            "IntervalBlock" => self.what = What::Block,
            "interval" => self.spanned = true,
            "IntervalReading" => self.values.push(Value::default()),
            _ => {}
        }
    }

    fn leave(&mut self, name: &str, text: String, line: u64) {
        if let What::Type(kind) = &mut self.what {
            match name {
                "uom" => kind.unit = text,
                "flowDirection" => kind.direction = text,
                // One that is no number leaves no value believable.
                "powerOfTenMultiplier" => kind.power = text.parse().unwrap_or(i32::MAX),
                _ => {}
            }
            return;
        }
        match (name, self.values.last_mut()) {
            ("title", _) => self.title = text,
            ("interval", _) => self.spanned = false,
            _ if self.spanned => {}
            ("start", Some(value)) => value.start = text,
            ("duration", Some(value)) => value.seconds = text,
            ("value", Some(value)) => (value.value, value.line) = (text, line),
            ("quality", Some(value)) => value.quality = text,
            _ => {}
        }
    }

    /// Whether this entry's link stands above another's.
    fn holds(&self, link: &str) -> bool {
        let rest = link.strip_prefix(self.own.as_str());
        !self.own.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// What a block's values are of.
struct Source<'a> {
    /// Names of the usage point, the better first.
    names: Vec<&'a str>,
    kind: Kind,
}

impl<'a> Source<'a> {
    fn of(entries: &'a [Entry], block: &'a Entry) -> Self {
        let point = entries
            .iter()
            .find(|it| matches!(it.what, What::Point) && it.holds(&block.up));
        let reading = entries.iter().find(|it| {
            matches!(it.what, What::Reading)
                && (it.holds(&block.up) || it.related.contains(&block.up))
        });
        let kind = entries.iter().find_map(|it| match &it.what {
            What::Type(kind)
                if reading.is_some_and(|reading| reading.related.contains(&it.own)) =>
            {
                Some(kind.clone())
            }
            _ => None,
        });
        let names = point.map_or(vec![], |point| vec![&point.title[..], &point.own[..]]);
        Self {
            names: names.into_iter().filter(|name| !name.is_empty()).collect(),
            kind: kind.unwrap_or_default(),
        }
    }

    fn row<K: Clone, F: FnMut(&str) -> Option<MeterInfo<K>>>(
        &self,
        value: &Value,
        known: &mut Known<K, F>,
    ) -> Row<K> {
        let bad = |column, text: &str, reason| BadRow::new(value.line, column, text, reason);
        let meter = self.names.iter().find_map(|name| known.known(name));
        let name = self.names.first().copied().unwrap_or_default();
        let meter = meter.or_else(|| known.meter(name));
        let meter = meter.ok_or_else(|| bad("meter", name, Reason::UnknownMeter))?;
        if self.kind.unit != WATT_HOURS {
            return Err(bad("unit", &self.kind.unit, Reason::Unit));
        }
        if !POWERS.contains(&self.kind.power) {
            return Err(bad("unit", &self.kind.power.to_string(), Reason::Unit));
        }
        let from: Option<i64> = value.start.parse().ok();
        let stamp = from.map(|from| Stamp::Instant(Instant(from)));
        let start = known.start(meter, stamp);
        let start = start.map_err(|reason| bad("start", &value.start, reason))?;
        let seconds: Option<i64> = value.seconds.parse().ok();
        let end = seconds.map(|seconds| Stamp::Instant(start.at.plus_seconds(seconds)));
        let end = known.end(meter, &start, end);
        let end = end.map_err(|reason| bad("end", &value.seconds, reason))?;
        let power = 10_u128.pow(self.kind.power.unsigned_abs());
        let scale = if self.kind.power < 0 {
            (1, power)
        } else {
            (power, 1)
        };
        let wh = energy(exact(&value.value), scale);
        let wh = wh.map_err(|reason| bad("value", &value.value, reason))?;
        let said = Said {
            line: value.line,
            end: &value.seconds,
        };
        known.row(meter, start.at, end, wh, said)
    }
}
