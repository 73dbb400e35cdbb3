//! Why a month cannot be priced.

use crate::domain::billing::plan::DayTime;
use crate::domain::calendar::{Month, Span, Window};
use chrono::NaiveDate;
use thiserror::Error;

/// A reason not to bill: usage is never silently zero, terms are never guessed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RateError {
    #[error("the lease has no active day in {period}")]
    NoActiveDay { period: Month },
    #[error("no plan version is in force on {}", named(.days))]
    NoVersion { days: Window },
    #[error("no contracted power is stated for {}", named(.days))]
    NoContractedPower { days: Window },
    #[error("no price zone of the plan holds {day} {time}")]
    NoZone { day: NaiveDate, time: DayTime },
    #[error("no VAT rate is in force on {day}")]
    NoVatRate { day: NaiveDate },
    #[error("the lease has no meter")]
    NoMeter,
    #[error("meter {meter} has no readings from {} to {}", .span.from, .span.to)]
    Hole { meter: String, span: Span },
    #[error("meter {meter} has overlapping readings from {} to {}", .span.from, .span.to)]
    Overlap { meter: String, span: Span },
    #[error("meter {meter} shows less than the meters behind it from {} to {}", .span.from, .span.to)]
    Negative { meter: String, span: Span },
    #[error("rack {rack} has no meter from {} to {}", .span.from, .span.to)]
    Unmetered { rack: String, span: Span },
    #[error("{what} is too large to compute")]
    Overflow { what: &'static str },
}

impl RateError {
    /// The key of its translation.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoActiveDay { .. } => "no_active_day",
            Self::NoVersion { .. } => "no_version",
            Self::NoContractedPower { .. } => "no_contracted_power",
            Self::NoZone { .. } => "no_zone",
            Self::NoVatRate { .. } => "no_vat_rate",
            Self::NoMeter => "no_meter",
            Self::Hole { .. } => "hole",
            Self::Overlap { .. } => "overlap",
            Self::Negative { .. } => "negative",
            Self::Unmetered { .. } => "unmetered",
            Self::Overflow { .. } => "overflow",
        }
    }

    /// The meter (or rack) and the time that the error is about, if it is about readings.
    pub fn place(&self) -> Option<(&str, Span)> {
        match self {
            Self::Hole { meter, span }
            | Self::Overlap { meter, span }
            | Self::Negative { meter, span }
            | Self::Unmetered { rack: meter, span } => Some((meter, *span)),
            _ => None,
        }
    }
}

fn named(window: &Window) -> String {
    let last = window.to.and_then(|to| to.pred_opt());
    match last {
        Some(last) if last > window.from => format!("{} to {last}", window.from),
        _ => window.from.to_string(),
    }
}
