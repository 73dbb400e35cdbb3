//! **source**: readings that arrive by themselves, and how a message is understood.

use crate::codes;
use serde::{Deserialize, Serialize};

codes!(
    /// What readings arrive through.
    SourceKind {
        Mqtt = "mqtt",
        Folder = "folder",
    }
);

codes!(
    /// The version of MQTT that a broker is spoken to in.
    Protocol {
        V311 = "mqtt311",
        V5 = "mqtt5",
    }
);

codes!(
    /// What the payload of a message is. `Table` is a file of any form that readings come in.
    Payload {
        Json = "json",
        Number = "number",
        Table = "table",
    }
);

codes!(
    /// Where the time of a reading stands and how. `Arrival`: it has none but that of its message.
    TimeForm {
        Iso = "iso",
        UnixSeconds = "unix_seconds",
        UnixMillis = "unix_millis",
        Arrival = "arrival",
    }
);

codes!(
    /// What a value is said of: the interval that ends or begins at its time, or what a display
    /// showed then.
    SaidOf {
        End = "interval_end",
        Start = "interval_start",
        Display = "display",
    }
);

codes!(
    /// Of energy, or of the mean power of an interval.
    SourceUnit {
        WattHour = "wh",
        KilowattHour = "kwh",
        MegawattHour = "mwh",
        Watt = "w",
        Kilowatt = "kw",
    }
);

impl SourceUnit {
    /// Watt-hours of one unit as `(numerator, denominator)`, for an interval of so many seconds.
    pub fn watt_hours(self, seconds: u64) -> (u128, u128) {
        let seconds = u128::from(seconds);
        match self {
            Self::WattHour => (1, 1),
            Self::KilowattHour => (1_000, 1),
            Self::MegawattHour => (1_000_000, 1),
            Self::Watt => (seconds, 3_600),
            Self::Kilowatt => (1_000 * seconds, 3_600),
        }
    }

    pub fn is_power(self) -> bool {
        matches!(self, Self::Watt | Self::Kilowatt)
    }
}

/// No interval is longer: a local date has 25 hours when the clocks go back.
const LONGEST_SECONDS: i64 = 25 * 3_600;
const DAY_SECONDS: i64 = 86_400;

/// How a message becomes readings. Fields of JSON are named, or pointed at (`/a/b`, RFC 6901).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// `plant/{meter}/energy`
    pub pattern: String,
    pub payload: Payload,
    /// Where the list of rows stands; empty: the message is a row, or a list of them.
    pub rows: String,
    pub meter: String,
    pub time: String,
    /// Where an interval says its other end; empty: it lasts `seconds`.
    pub end: String,
    pub value: String,
    pub time_form: TimeForm,
    pub said_of: SaidOf,
    pub unit: SourceUnit,
    pub seconds: i64,
}

impl Default for Mapping {
    fn default() -> Self {
        Self {
            pattern: "meters/{meter}/energy".to_owned(),
            payload: Payload::Json,
            rows: String::new(),
            meter: String::new(),
            time: "time".to_owned(),
            end: String::new(),
            value: "value".to_owned(),
            time_form: TimeForm::Iso,
            said_of: SaidOf::End,
            unit: SourceUnit::KilowattHour,
            seconds: 1_800,
        }
    }
}

impl Mapping {
    /// Whether the time at which a message arrives is that of its readings: then an old message
    /// says nothing, and the broker is not asked to keep any.
    pub fn is_live(&self) -> bool {
        self.payload == Payload::Number
            || (self.payload == Payload::Json && self.time_form == TimeForm::Arrival)
    }

    /// Fields that say nothing that can be worked with, each with the key of its sentence.
    pub fn faults(&self) -> Vec<(&'static str, &'static str)> {
        let mut faults = vec![];
        let pattern = TopicPattern::parse(&self.pattern);
        match &pattern {
            None => faults.push(("pattern", "source-error-pattern")),
            Some(_) if self.payload == Payload::Table => return faults,
            Some(pattern) => {
                let in_payload = self.payload == Payload::Json && !self.meter.is_empty();
                if !in_payload && !pattern.names_meter() {
                    faults.push(("pattern", "source-error-no-meter"));
                }
            }
        }
        if self.payload == Payload::Table {
            return faults;
        }
        if self.payload == Payload::Json {
            if self.value.is_empty() {
                faults.push(("value", "form-required"));
            }
            if self.time_form != TimeForm::Arrival && self.time.is_empty() {
                faults.push(("time", "form-required"));
            }
        }
        if self.said_of == SaidOf::Display {
            if self.unit.is_power() {
                faults.push(("unit", "source-error-power"));
            }
        } else if !(1..=LONGEST_SECONDS).contains(&self.seconds) {
            faults.push(("seconds", "source-error-seconds"));
        } else if self.is_live() && DAY_SECONDS % self.seconds != 0 {
            faults.push(("seconds", "source-error-grid"));
        }
        faults
    }
}

/// A topic with places: `{meter}` inside of a level, `+` for any level, `#` for the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicPattern(Vec<Level>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Level {
    Named(String),
    /// What stands before and after the meter's name.
    Meter(String, String),
    Any,
    Rest,
}

const METER: &str = "{meter}";
const LONGEST_TOPIC: usize = 500;

impl TopicPattern {
    /// `None` where a broker would not understand it, or it names the meter twice.
    pub fn parse(text: &str) -> Option<Self> {
        if !is_filter(&text.replace(METER, "m")) {
            return None;
        }
        let level = |part: &str| match (part, part.split_once(METER)) {
            ("+", _) => Some(Level::Any),
            ("#", _) => Some(Level::Rest),
            (_, Some((before, after))) => Some(Level::Meter(before.to_owned(), after.to_owned())),
            (_, None) => Some(Level::Named(part.to_owned())),
        };
        let levels: Option<Vec<Level>> = text.split('/').map(level).collect();
        (text.matches(METER).count() <= 1).then_some(Self(levels?))
    }

    pub fn names_meter(&self) -> bool {
        self.0.iter().any(|it| matches!(it, Level::Meter(..)))
    }

    /// What a broker is asked for.
    pub fn filter(&self) -> String {
        let word = |level: &Level| match level {
            Level::Named(name) => name.clone(),
            Level::Meter(..) | Level::Any => "+".to_owned(),
            Level::Rest => "#".to_owned(),
        };
        self.0.iter().map(word).collect::<Vec<_>>().join("/")
    }

    /// `None` where the topic is another one, else the meter that it names, if it does.
    pub fn meter_of<'a>(&self, topic: &'a str) -> Option<Option<&'a str>> {
        let mut meter = None;
        let mut parts = topic.split('/');
        for level in &self.0 {
            if *level == Level::Rest {
                return Some(meter);
            }
            let part = parts.next()?;
            match level {
                Level::Named(name) if name == part => {}
                Level::Meter(before, after) => {
                    let inner = part.strip_prefix(before.as_str())?;
                    let inner = inner.strip_suffix(after.as_str())?;
                    meter = Some(inner).filter(|it| !it.is_empty());
                    meter?;
                }
                Level::Any => {}
                _ => return None,
            }
        }
        parts.next().is_none().then_some(meter)
    }
}

/// Whether it can be subscribed to: `+` stands for a whole level, `#` for all that follow.
pub fn is_filter(text: &str) -> bool {
    let odd = |c: char| c.is_control() || c == '{' || c == '}';
    if text.is_empty() || text.len() > LONGEST_TOPIC || text.contains(odd) {
        return false;
    }
    let levels: Vec<&str> = text.split('/').collect();
    let last = levels.len() - 1;
    levels.iter().enumerate().all(|(at, level)| match *level {
        "+" => true,
        "#" => at == last,
        other => !other.contains(['+', '#']),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_names_its_meter() {
        for (pattern, topic, found) in [
            (
                "plant/{meter}/energy",
                "plant/M-1/energy",
                Some(Some("M-1")),
            ),
            ("plant/{meter}/energy", "plant/M-1/power", None),
            ("plant/{meter}/energy", "plant/M-1/energy/x", None),
            ("plant/{meter}/energy", "plant/energy", None),
            ("plant/{meter}/energy", "plant//energy", None),
            (
                "shelly-{meter}-em/+/kwh",
                "shelly-7-em/0/kwh",
                Some(Some("7")),
            ),
            ("shelly-{meter}-em/+/kwh", "shelly-em/0/kwh", None),
            ("plant/+/energy", "plant/M-1/energy", Some(None)),
            ("{meter}/#", "M-1", Some(Some("M-1"))),
            ("{meter}/#", "M-1/a/b", Some(Some("M-1"))),
            ("#", "whatever/there/is", Some(None)),
            ("завод/{meter}", "завод/СЧ-1", Some(Some("СЧ-1"))),
        ] {
            let pattern = TopicPattern::parse(pattern).expect(pattern);
            assert_eq!(pattern.meter_of(topic), found, "{pattern:?} {topic}");
        }
    }

    #[test]
    fn a_pattern_is_what_a_broker_understands() {
        for (pattern, filter) in [
            ("plant/{meter}/energy", Some("plant/+/energy")),
            ("a-{meter}/#", Some("+/#")),
            ("a/b", Some("a/b")),
            ("", None),
            ("a/#/b", None),
            ("a+/b", None),
            ("{meter}/{meter}", None),
            ("{meter}+", None),
            ("{site}/{meter}", None),
            ("a\0b", None),
        ] {
            let known = TopicPattern::parse(pattern).map(|it| it.filter());
            assert_eq!(known.as_deref(), filter, "{pattern:?}");
        }
    }

    #[test]
    fn what_cannot_be_worked_with_is_named() {
        let usual = Mapping::default();
        let json = |change: fn(&mut Mapping)| {
            let mut mapping = usual.clone();
            change(&mut mapping);
            mapping.faults()
        };
        assert_eq!(json(|_| {}), []);
        assert_eq!(
            json(|it| it.pattern = "plant/energy".to_owned()),
            [("pattern", "source-error-no-meter")]
        );
        assert_eq!(
            json(|it| {
                it.pattern = "plant/energy".to_owned();
                it.meter = "/id".to_owned();
            }),
            []
        );
        assert_eq!(
            json(|it| {
                it.said_of = SaidOf::Display;
                it.unit = SourceUnit::Kilowatt;
            }),
            [("unit", "source-error-power")]
        );
        assert_eq!(
            json(|it| {
                it.payload = Payload::Number;
                it.seconds = 700;
            }),
            [("seconds", "source-error-grid")]
        );
        assert_eq!(
            json(|it| it.seconds = 0),
            [("seconds", "source-error-seconds")]
        );
        assert_eq!(json(|it| it.time.clear()), [("time", "form-required")]);
        assert_eq!(json(|it| it.value.clear()), [("value", "form-required")]);
        assert_eq!(
            json(|it| {
                it.pattern = "all".to_owned();
                it.payload = Payload::Table;
            }),
            []
        );
    }
}
