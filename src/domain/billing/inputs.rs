//! What an invoice was computed from, kept with it: priced again, it gives the same bytes.

use super::plan::PlanVersion;
use super::rate::{
    Cause, Charge, Contracted, Interval, LeaseTerms, MeterUsage, OutageEvent, RackShare, RateInput,
    VatRate,
};
use crate::domain::calendar::{Instant, Month, Span, Window, Zone};
use crate::domain::money::Currency;
use crate::domain::units::WattHours;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A complete month as stored. Readings stand in runs of equal, adjoining intervals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inputs {
    currency: Currency,
    vat: Vec<VatRate>,
    zone: String,
    period: String,
    start: NaiveDate,
    end: Option<NaiveDate>,
    contracted: Vec<(NaiveDate, Decimal)>,
    racks: Vec<(String, NaiveDate, Option<NaiveDate>, Decimal)>,
    plan: Vec<PlanVersion>,
    outages: Vec<(Span, Decimal, Cause)>,
    charges: Vec<(NaiveDate, String, Decimal, Decimal)>,
    usage: Vec<Meter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Meter {
    meter: String,
    service: Option<Vec<Window>>,
    runs: Vec<Run>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Run {
    start: Instant,
    seconds: i64,
    estimated: bool,
    wh: Vec<WattHours>,
}

impl From<&RateInput> for Inputs {
    fn from(input: &RateInput) -> Self {
        let lease = &input.lease;
        let contracted = lease.contracted.iter().map(|row| (row.from, row.kw));
        let racks = lease.racks.iter();
        let outages = input.outages.iter().map(|it| (it.span, it.kw, it.cause));
        Self {
            currency: input.currency,
            vat: input.vat.clone(),
            zone: input.zone.name().to_owned(),
            period: input.period.to_string(),
            start: lease.start,
            end: lease.end,
            contracted: contracted.collect(),
            racks: racks
                .map(|it| (it.rack.clone(), it.from, it.to, it.share))
                .collect(),
            plan: input.plan.clone(),
            outages: outages.collect(),
            charges: input
                .charges
                .iter()
                .map(|it| (it.date, it.description.clone(), it.quantity, it.unit_price))
                .collect(),
            usage: input.usage.iter().map(Meter::of).collect(),
        }
    }
}

impl Inputs {
    /// `None` where the stored zone or month is none: the row was tampered with.
    pub fn into_rate_input(self) -> Option<RateInput> {
        let contracted = self.contracted.into_iter();
        let racks = self.racks.into_iter();
        let outages = self.outages.into_iter();
        let charges = self.charges.into_iter();
        Some(RateInput {
            currency: self.currency,
            vat: self.vat,
            zone: Zone::parse(&self.zone)?,
            period: Month::parse(&self.period)?,
            lease: LeaseTerms {
                start: self.start,
                end: self.end,
                contracted: contracted
                    .map(|(from, kw)| Contracted { from, kw })
                    .collect(),
                racks: racks
                    .map(|(rack, from, to, share)| RackShare {
                        rack,
                        from,
                        to,
                        share,
                    })
                    .collect(),
            },
            plan: self.plan,
            outages: outages
                .map(|(span, kw, cause)| OutageEvent { span, kw, cause })
                .collect(),
            charges: charges
                .map(|(date, description, quantity, unit_price)| Charge {
                    date,
                    description,
                    quantity,
                    unit_price,
                })
                .collect(),
            usage: self.usage.into_iter().map(Meter::into_usage).collect(),
            complete: true,
        })
    }
}

impl Meter {
    fn of(usage: &MeterUsage) -> Self {
        let mut runs: Vec<Run> = vec![];
        for interval in &usage.intervals {
            match runs.last_mut() {
                Some(run) if run.takes(interval) => run.wh.push(interval.wh),
                _ => runs.push(Run {
                    start: interval.start,
                    seconds: interval.seconds,
                    estimated: interval.estimated,
                    wh: vec![interval.wh],
                }),
            }
        }
        Self {
            meter: usage.meter.clone(),
            service: usage.service.clone(),
            runs,
        }
    }

    fn into_usage(self) -> MeterUsage {
        MeterUsage {
            meter: self.meter,
            service: self.service,
            intervals: self.runs.into_iter().flat_map(Run::intervals).collect(),
            holes: vec![],
        }
    }
}

impl Run {
    fn takes(&self, next: &Interval) -> bool {
        let end = self.seconds.saturating_mul(self.wh.len() as i64);
        (self.seconds, self.estimated) == (next.seconds, next.estimated)
            && self.start.plus_seconds(end) == next.start
    }

    fn intervals(self) -> impl Iterator<Item = Interval> {
        let Self {
            start,
            seconds,
            estimated,
            wh,
        } = self;
        (0_i64..).zip(wh).map(move |(at, wh)| Interval {
            start: start.plus_seconds(seconds.saturating_mul(at)),
            seconds,
            wh,
            estimated,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_break_where_intervals_do_and_come_back_as_they_were() {
        let at = |start, seconds, wh, estimated| Interval {
            start: Instant(start),
            seconds,
            wh: WattHours(wh),
            estimated,
        };
        let usage = MeterUsage {
            meter: "M1".into(),
            intervals: vec![
                at(0, 1800, 5, false),
                at(1800, 1800, 6, false),
                at(3600, 1800, 7, true),
                at(7200, 900, 8, true),
            ],
            ..MeterUsage::default()
        };
        let stored = Meter::of(&usage);
        assert_eq!(stored.runs.len(), 3);
        assert_eq!(stored.into_usage(), usage);
    }
}
