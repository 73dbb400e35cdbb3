//! The form of a case: meters, and readings in the order of their arrival.

use super::{Outcome, moment};
use crate::domain::calendar::{Instant, Span, Zone};
use crate::domain::metering::register::Device;
use crate::domain::metering::validate::Rules;
use crate::domain::units::{WattHours, Watts};
use serde::Deserialize;
use thiserror::Error;

/// A case that cannot be read: the sentence says where and why.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct CaseError(pub String);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    pub meters: Vec<Meter>,
    pub arrivals: Vec<Arrival>,
    /// Seconds by which a reading may end after it was received.
    pub clock_tolerance: i64,
    /// Ends of tariff zones, versions and months.
    pub boundaries: Vec<Instant>,
    /// Whether gaps are filled with proposals.
    pub estimate: bool,
    pub expected: Outcome,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meter {
    pub code: String,
    pub reads: Reads,
    pub rules: Rules,
    pub zone: Zone,
    /// When it must have usage; none is from its first to its last.
    pub service: Option<Span>,
    /// What comes before waits in quarantine.
    pub created: Option<Instant>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reads {
    Intervals,
    Register(Vec<Device>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    pub received: Instant,
    pub meter: String,
    pub said: Said,
    /// Staff said it, and why; without, the meter did.
    pub reason: Option<String>,
    /// Staff filled it in for want of a reading.
    pub estimated: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    Energy {
        span: Span,
        wh: WattHours,
    },
    /// What the display showed, before the ratio.
    State {
        at: Instant,
        wh: WattHours,
    },
}

impl Said {
    /// A state has no length.
    pub fn span(self) -> Span {
        match self {
            Self::Energy { span, .. } => span,
            Self::State { at, .. } => Span { from: at, to: at },
        }
    }

    pub fn wh(self) -> WattHours {
        match self {
            Self::Energy { wh, .. } | Self::State { wh, .. } => wh,
        }
    }
}

/// Reads the text of a case file.
///
/// # Errors
/// Not JSON, a missing, unknown or misspelt field or value.
pub fn parse(text: &str) -> Result<Case, CaseError> {
    let raw: RawCase = serde_json::from_str(text).map_err(|error| CaseError(error.to_string()))?;
    let meter = |meter: RawMeter| meter.read(&raw.zone);
    let meters = raw.meters.into_iter().map(meter);
    let arrivals: Result<Vec<_>, _> = raw.arrivals.into_iter().map(RawArrival::read).collect();
    let boundaries = raw.boundaries.iter().map(|text| moment::read(text));
    Ok(Case {
        meters: meters.collect::<Result<_, _>>()?,
        arrivals: arrivals?.into_iter().flatten().collect(),
        clock_tolerance: raw.clock_tolerance,
        boundaries: boundaries.collect::<Result<_, _>>()?,
        estimate: raw.estimate,
        expected: raw.expected,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCase {
    #[serde(rename = "about")]
    _about: String,
    zone: String,
    #[serde(default = "five_minutes")]
    clock_tolerance: i64,
    #[serde(default)]
    boundaries: Vec<String>,
    #[serde(default)]
    estimate: bool,
    meters: Vec<RawMeter>,
    arrivals: Vec<RawArrival>,
    expected: Outcome,
}

fn five_minutes() -> i64 {
    300
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMeter {
    code: String,
    reads: RawReads,
    #[serde(default)]
    rated: Option<Watts>,
    #[serde(default)]
    spike_times: Option<i64>,
    #[serde(default)]
    stuck_count: Option<usize>,
    #[serde(default)]
    zone: Option<String>,
    #[serde(default)]
    service: Option<RawSpan>,
    #[serde(default, with = "moment::maybe")]
    created: Option<Instant>,
    #[serde(default)]
    devices: Vec<RawDevice>,
}

#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawReads {
    Interval,
    Register,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSpan {
    #[serde(with = "moment")]
    from: Instant,
    #[serde(with = "moment")]
    to: Instant,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDevice {
    #[serde(rename = "serial")]
    _serial: String,
    #[serde(with = "moment")]
    from: Instant,
    #[serde(default, with = "moment::maybe")]
    to: Option<Instant>,
    digits: u32,
    unit: WattHours,
    #[serde(default = "one")]
    ratio: i64,
    #[serde(default)]
    initial: Option<WattHours>,
    #[serde(default, rename = "final")]
    last: Option<WattHours>,
}

fn one() -> i64 {
    1
}

impl RawMeter {
    fn read(self, zone: &str) -> Result<Meter, CaseError> {
        let zone = self.zone.as_deref().unwrap_or(zone);
        let usual = Rules::default();
        if (self.reads == RawReads::Register) == self.devices.is_empty() {
            let code = &self.code;
            return Err(CaseError(format!(
                "meter {code}: a register has devices, others none"
            )));
        }
        let device = |it: RawDevice| Device {
            from: it.from,
            to: it.to,
            digits: it.digits,
            unit: it.unit,
            ratio: it.ratio,
            initial: it.initial,
            last: it.last,
            rated: self.rated,
        };
        Ok(Meter {
            reads: match self.reads {
                RawReads::Interval => Reads::Intervals,
                RawReads::Register => {
                    Reads::Register(self.devices.into_iter().map(device).collect())
                }
            },
            rules: Rules {
                rated: self.rated,
                spike_times: self.spike_times.unwrap_or(usual.spike_times),
                stuck_count: self.stuck_count.unwrap_or(usual.stuck_count),
            },
            zone: Zone::parse(zone)
                .ok_or_else(|| CaseError(format!("time zone '{zone}' is not known")))?,
            service: self.service.map(|it| Span {
                from: it.from,
                to: it.to,
            }),
            created: self.created,
            code: self.code,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawArrival {
    #[serde(with = "moment")]
    received: Instant,
    meter: String,
    #[serde(default, with = "moment::maybe")]
    start: Option<Instant>,
    #[serde(default, with = "moment::maybe")]
    end: Option<Instant>,
    #[serde(default)]
    seconds: Option<i64>,
    #[serde(default)]
    wh: Option<Energy>,
    #[serde(default, with = "moment::maybe")]
    at: Option<Instant>,
    #[serde(default)]
    state: Option<WattHours>,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    estimated: bool,
}

/// One value, or those of intervals that follow each other; `null` is one that did not come.
#[derive(Deserialize)]
#[serde(untagged)]
enum Energy {
    One(WattHours),
    Row(Vec<Option<WattHours>>),
}

impl RawArrival {
    fn read(self) -> Result<Vec<Arrival>, CaseError> {
        let said = match &self {
            Self {
                start: Some(from),
                end: Some(to),
                wh: Some(Energy::One(wh)),
                at: None,
                state: None,
                seconds: None,
                ..
            } => {
                let (from, to) = (*from, *to);
                let span = Span { from, to };
                vec![Said::Energy { span, wh: *wh }]
            }
            Self {
                start: Some(from),
                seconds: Some(seconds),
                wh: Some(Energy::Row(row)),
                at: None,
                state: None,
                end: None,
                ..
            } => energies(*from, *seconds, row),
            Self {
                at: Some(at),
                state: Some(wh),
                start: None,
                end: None,
                seconds: None,
                wh: None,
                ..
            } => vec![Said::State { at: *at, wh: *wh }],
            _ => {
                let text = "an arrival has start, end and wh; start, seconds and wh as a list; \
                            or at and state";
                return Err(CaseError(format!(
                    "{text}: {}, {}",
                    self.meter, self.received
                )));
            }
        };
        let arrival = |said| Arrival {
            received: self.received,
            meter: self.meter.clone(),
            said,
            reason: self.reason.clone(),
            estimated: self.estimated,
        };
        Ok(said.into_iter().map(arrival).collect())
    }
}

fn energies(start: Instant, seconds: i64, row: &[Option<WattHours>]) -> Vec<Said> {
    let said = |(index, wh): (i64, &Option<WattHours>)| {
        let from = start.plus_seconds(index * seconds);
        let to = from.plus_seconds(seconds);
        let span = Span { from, to };
        wh.map(|wh| Said::Energy { span, wh })
    };
    (0..).zip(row).filter_map(said).collect()
}
