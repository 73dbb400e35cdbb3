//! The active days of a lease in a month, each with the version and power that hold then.

use super::{RateError, RateInput};
use crate::domain::billing::plan::PlanVersion;
use crate::domain::calendar::{Span, Window, Zone};
use chrono::NaiveDate;
use rust_decimal::Decimal;

/// Everything that the lines need to know about days; `days` is never empty.
pub(super) struct Terms<'a> {
    pub zone: Zone,
    /// Ascending by date.
    pub versions: Vec<&'a PlanVersion>,
    pub days: Vec<Day>,
    /// Calendar days in the month, `D` of the rules.
    pub days_in_month: u32,
    /// All active days.
    pub span: Span,
}

/// One active day.
#[derive(Clone, Copy)]
pub(super) struct Day {
    pub date: NaiveDate,
    pub span: Span,
    /// Index into `Terms::versions`.
    pub version: usize,
    /// Contracted power.
    pub kw: Decimal,
}

impl Day {
    pub fn next(&self) -> NaiveDate {
        self.date + chrono::Days::new(1)
    }
}

/// The lease's `[start, end)` within the period; always with an end.
pub(super) fn active_window(input: &RateInput) -> Option<Window> {
    Window::new(input.lease.start, input.lease.end)?.intersect(input.period.window())
}

impl<'a> Terms<'a> {
    /// # Errors
    /// Days without a version or without contracted power, joined where they follow one another.
    /// No active day at all gives no error here.
    pub fn of(input: &'a RateInput) -> Result<Self, Vec<RateError>> {
        let mut versions: Vec<_> = input.plan.iter().collect();
        versions.sort_by_key(|version| version.effective_from);
        let dates: Vec<NaiveDate> = active_window(input).map(dates).unwrap_or_default();
        let (mut days, mut no_version, mut no_power) = (vec![], vec![], vec![]);
        let mut start = dates.first().map(|first| input.zone.start_of(*first));
        for date in dates {
            let end = input.zone.start_of(date + chrono::Days::new(1));
            let span = Span {
                from: start.unwrap_or(end),
                to: end,
            };
            start = Some(end);
            let version = versions
                .iter()
                .rposition(|version| version.effective_from <= date);
            let held = input.lease.contracted.iter().filter(|row| row.from <= date);
            let kw = held.max_by_key(|row| row.from).map(|row| row.kw);
            match (version, kw) {
                (Some(version), Some(kw)) => days.push(Day {
                    date,
                    span,
                    version,
                    kw,
                }),
                (version, kw) => {
                    no_version.extend(version.is_none().then_some(date));
                    no_power.extend(kw.is_none().then_some(date));
                }
            }
        }
        let no_version = stretches(&no_version).map(|days| RateError::NoVersion { days });
        let no_power = stretches(&no_power).map(|days| RateError::NoContractedPower { days });
        let errors: Vec<_> = no_version.chain(no_power).collect();
        match (days.first(), days.last()) {
            (Some(first), Some(last)) if errors.is_empty() => Ok(Self {
                zone: input.zone,
                versions,
                span: Span {
                    from: first.span.from,
                    to: last.span.to,
                },
                days,
                days_in_month: input.period.days(),
            }),
            _ => Err(errors),
        }
    }

    pub fn version(&self, day: &Day) -> &'a PlanVersion {
        self.versions[day.version]
    }

    /// The version in force on the last active day.
    pub fn last_version(&self) -> &'a PlanVersion {
        self.versions[self.days[self.days.len() - 1].version]
    }

    /// All active days.
    pub fn window(&self) -> Window {
        window(&self.days)
    }

    /// The active days of each version that has some, ascending.
    pub fn by_version(&self) -> impl Iterator<Item = &[Day]> {
        self.days.chunk_by(|a, b| a.version == b.version)
    }
}

/// From the first of these days to the day after the last; they are not empty.
pub(super) fn window(days: &[Day]) -> Window {
    Window {
        from: days[0].date,
        to: Some(days[days.len() - 1].next()),
    }
}

fn dates(window: Window) -> Vec<NaiveDate> {
    window
        .from
        .iter_days()
        .take_while(|day| window.contains(*day))
        .collect()
}

fn stretches(days: &[NaiveDate]) -> impl Iterator<Item = Window> {
    days.chunk_by(|a, b| a.succ_opt() == Some(*b))
        .map(|run| Window {
            from: run[0],
            to: run[run.len() - 1].succ_opt(),
        })
}
