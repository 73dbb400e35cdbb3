//! Readings in messages: what a topic and a payload say, as a source's mapping understands them.

use super::number::exact;
use super::readings::{EARLIEST, LATEST, energy};
use super::time::{Stamp, stamp};
use super::{BadRow, Reason};
use crate::domain::calendar::{Instant, Span, Zone};
use crate::domain::message::Message;
use crate::domain::metering::source::{Mapping, Payload, SaidOf, TimeForm, TopicPattern};
use crate::domain::units::WattHours;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::Value;

/// Rows of one message.
const MOST_ROWS: usize = 10_000;
/// The longest name of a meter.
const LONGEST_NAME: usize = 60;

/// A message as it came.
#[derive(Clone, Copy, Debug)]
pub struct Arrived<'a> {
    pub topic: &'a str,
    pub payload: &'a [u8],
    pub at: Instant,
    /// Said some time before, and kept by the broker for who asks later.
    pub retained: bool,
}

/// What a message says of a meter; of a display, start and end are when it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageRow {
    pub meter: String,
    pub span: Span,
    pub wh: WattHours,
}

/// A row, with its place in the message, or why it cannot be read.
pub type Row = Result<MessageRow, BadRow>;

/// The rows of a message that is a number or JSON. `zone`: of times without their offset.
///
/// # Errors
/// Why the message as a whole says nothing.
pub fn rows(mapping: &Mapping, zone: Zone, said: Arrived) -> Result<Vec<Row>, Message> {
    let meter = meter_of(mapping, said.topic)?;
    if mapping.is_live() && said.retained {
        return Err(Message::new("source-reason-retained"));
    }
    let reader = Reader {
        mapping,
        zone,
        at: said.at,
        meter,
    };
    match mapping.payload {
        Payload::Number => {
            let text = std::str::from_utf8(said.payload).unwrap_or_default().trim();
            Ok(vec![reader.number(text)])
        }
        Payload::Json => {
            let root: Value = serde_json::from_slice(said.payload).map_err(|error| {
                Message::new("imp-reason-json").with("error", error.to_string())
            })?;
            reader.json(&root)
        }
        Payload::Table => Err(Message::new("imp-file-unknown-xml")),
    }
}

/// The meter that the topic names, if its pattern has a place for one.
///
/// # Errors
/// Where the topic is none of the pattern's.
pub fn meter_of<'a>(mapping: &Mapping, topic: &'a str) -> Result<Option<&'a str>, Message> {
    TopicPattern::parse(&mapping.pattern)
        .and_then(|it| it.meter_of(topic))
        .ok_or_else(|| {
            Message::new("source-reason-topic").with("pattern", mapping.pattern.as_str())
        })
}

struct Reader<'a> {
    mapping: &'a Mapping,
    zone: Zone,
    at: Instant,
    /// Of the topic.
    meter: Option<&'a str>,
}

impl Reader<'_> {
    fn number(&self, text: &str) -> Row {
        let meter = self.named(1, self.meter.map(str::to_owned))?;
        let span = self.arrived();
        self.row(1, meter, span, text)
    }

    fn json(&self, root: &Value) -> Result<Vec<Row>, Message> {
        let listed = match self.mapping.rows.as_str() {
            "" => Some(root),
            name => find(root, name),
        };
        let missing =
            || Message::new("source-reason-rows").with("field", self.mapping.rows.as_str());
        let found: Vec<&Value> = match listed {
            Some(Value::Array(all)) => all.iter().collect(),
            Some(one @ Value::Object(_)) => vec![one],
            _ => return Err(missing()),
        };
        if found.len() > MOST_ROWS {
            return Err(Message::new("imp-file-too-many-rows").with("most", MOST_ROWS as i64));
        }
        let rows = (1..).zip(found);
        Ok(rows.map(|(at, row)| self.json_row(root, row, at)).collect())
    }

    fn json_row(&self, root: &Value, row: &Value, at: u64) -> Row {
        let mapping = self.mapping;
        // What all rows share may stand once, beside their list.
        let field = |name: &str| match name {
            "" => None,
            name => find(row, name).or_else(|| find(root, name)),
        };
        let own = field(&mapping.meter).map(word);
        let meter = self.named(at, own.or(self.meter.map(str::to_owned)))?;
        let value = field(&mapping.value).map(word);
        let value = value.ok_or_else(|| BadRow::new(at, "value", "", Reason::Empty))?;
        let span = self.span(at, field(&mapping.time), field(&mapping.end))?;
        self.row(at, meter, span, &value)
    }

    fn named(&self, at: u64, name: Option<String>) -> Result<String, BadRow> {
        let name = name.unwrap_or_default().trim().to_owned();
        if name.is_empty() || name.contains('\0') {
            return Err(BadRow::new(at, "meter", &name, Reason::Empty));
        }
        if name.chars().count() > LONGEST_NAME {
            return Err(BadRow::new(at, "meter", &name, Reason::TooLong));
        }
        Ok(name)
    }

    /// The interval of the time that the row says, or that moment.
    fn span(&self, at: u64, time: Option<&Value>, end: Option<&Value>) -> Result<Span, BadRow> {
        if self.mapping.time_form == TimeForm::Arrival {
            return Ok(self.arrived());
        }
        let time = self.instant(at, "start", time)?;
        let other = end
            .map(|it| self.instant(at, "end", Some(it)))
            .transpose()?;
        let seconds = self.mapping.seconds;
        let (from, to) = match (self.mapping.said_of, other) {
            (SaidOf::Display, _) => (time, time),
            (_, Some(end)) => (time, end),
            (SaidOf::End, None) => (time.plus_seconds(-seconds), time),
            (SaidOf::Start, None) => (time, time.plus_seconds(seconds)),
        };
        if to < from || (to == from && self.mapping.said_of != SaidOf::Display) {
            return Err(BadRow::new(at, "end", "", Reason::Order));
        }
        Ok(Span { from, to })
    }

    /// The last whole interval before it came, by the site's clock; of a display that moment.
    fn arrived(&self) -> Span {
        if self.mapping.said_of == SaidOf::Display {
            return Span {
                from: self.at,
                to: self.at,
            };
        }
        let seconds = self.mapping.seconds.max(1);
        let midnight = self.zone.start_of(self.zone.date(self.at));
        let to = self.at.0 - (self.at.0 - midnight.0).rem_euclid(seconds);
        Span {
            from: Instant(to - seconds),
            to: Instant(to),
        }
    }

    fn instant(
        &self,
        at: u64,
        column: &'static str,
        value: Option<&Value>,
    ) -> Result<Instant, BadRow> {
        let text = value.map(word).unwrap_or_default();
        let bad = |reason| BadRow::new(at, column, &text, reason);
        if text.is_empty() {
            return Err(bad(Reason::Empty));
        }
        let found = match self.mapping.time_form {
            TimeForm::UnixSeconds => unix(&text, 1),
            TimeForm::UnixMillis => unix(&text, 1_000),
            _ => self.written(&text).map_err(bad)?,
        };
        let found = found.ok_or_else(|| bad(Reason::Time))?;
        if found < EARLIEST || found >= LATEST {
            return Err(bad(Reason::Year));
        }
        Ok(found)
    }

    /// Of an hour that the clock repeats, the first one is meant.
    fn written(&self, text: &str) -> Result<Option<Instant>, Reason> {
        let local = |seconds: i64| Instant(seconds).utc();
        Ok(match stamp(&whole_seconds(text)) {
            None => None,
            Some(Stamp::Instant(at)) => Some(at),
            Some(Stamp::DayEnd(seconds)) => Some(self.zone.start_of(local(seconds).date())),
            Some(Stamp::Local(seconds)) => {
                let all = self.zone.instants(local(seconds));
                Some(*all.first().ok_or(Reason::MissingTime)?)
            }
        })
    }

    fn row(&self, at: u64, meter: String, span: Span, value: &str) -> Row {
        let scale = self.mapping.unit.watt_hours(span.seconds().unsigned_abs());
        let wh = energy(exact(&plain(value)), scale);
        let wh = wh.map_err(|reason| BadRow::new(at, "value", value, reason))?;
        Ok(MessageRow { meter, span, wh })
    }
}

/// A field by its name, or where a pointer leads.
fn find<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    if name.starts_with('/') {
        value.pointer(name)
    } else {
        value.get(name)
    }
}

/// A text or a number as it is written; anything else is nothing.
fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => plain(&number.to_string()),
        _ => String::new(),
    }
}

/// Without an exponent, which programs write where people do not.
fn plain(text: &str) -> String {
    let written = |text: &str| Decimal::from_scientific(text).ok().map(|it| it.to_string());
    match text.contains(['e', 'E']) {
        true => written(text).unwrap_or_else(|| text.to_owned()),
        false => text.to_owned(),
    }
}

/// Whole seconds since 1970, rounded down, of a number with so many of its units in one.
fn unix(text: &str, units: i64) -> Option<Instant> {
    let number: Decimal = text.parse().ok()?;
    number
        .checked_div(Decimal::from(units))?
        .floor()
        .to_i64()
        .map(Instant)
}

/// Instants are whole seconds: a fraction of one is left out.
fn whole_seconds(text: &str) -> String {
    let Some(clock) = text.find(['T', ' ']) else {
        return text.to_owned();
    };
    let (date, time) = text.split_at(clock);
    let Some((whole, rest)) = time.split_once('.') else {
        return text.to_owned();
    };
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    format!("{date}{whole}{rest}")
}

#[cfg(test)]
mod tests;
