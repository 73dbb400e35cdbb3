//! Intervals into sums by version and zone, and those into lines.

use super::RateError;
use super::coverage::Meters;
use super::exact::{Exact, fits};
use super::terms::{Day, Terms, window};
use crate::domain::billing::invoice_plan::{
    DayEnergy, EnergyExplain, Explain, Line, LineKind, MeterEnergy, Unit,
};
use crate::domain::billing::plan::{DayTime, PlanVersion};
use crate::domain::calendar::{Instant, Span};
use crate::domain::money::Minor;
use crate::domain::units::WattHours;
use chrono::Timelike;

/// Watt-hours of a month, summed where they are priced.
pub(super) struct Energy {
    /// One for each active version and zone, in the order of the lines.
    buckets: Vec<Bucket>,
    /// All billed intervals, before loss factors, estimates included.
    pub metered: i64,
    pub estimated: i64,
}

struct Bucket {
    version: usize,
    zone: usize,
    total: Sum,
    by_day: Vec<Sum>,
    by_meter: Vec<(String, Sum)>,
}

#[derive(Clone, Copy, Default)]
struct Sum {
    wh: i64,
    estimated: i64,
    intervals: u32,
}

impl Sum {
    fn add(&mut self, more: Sum) -> Option<()> {
        self.wh = self.wh.checked_add(more.wh)?;
        self.estimated = self.estimated.checked_add(more.estimated)?;
        self.intervals = self.intervals.checked_add(more.intervals)?;
        Some(())
    }
}

/// A stretch of one day whose energy goes into one bucket (none: no zone holds it).
struct Slot {
    to: Instant,
    day: usize,
    bucket: Option<usize>,
}

impl Energy {
    /// # Errors
    /// A time with an interval that no zone holds (the first of each stretch), sums beyond 64 bits.
    pub fn sum(terms: &Terms, meters: &Meters) -> Result<Self, Vec<RateError>> {
        let mut buckets = buckets(terms);
        let slots = slots(terms, &buckets);
        let mut unpriced = vec![None; slots.len()];
        for (name, meter) in &meters.0 {
            let mut sums = vec![Sum::default(); slots.len()];
            let mut at = 0;
            for interval in meter.intervals.iter() {
                if !terms.span.contains(interval.start) {
                    continue;
                }
                while interval.start >= slots[at].to {
                    at += 1;
                }
                if slots[at].bucket.is_none() && sums[at].intervals == 0 {
                    let first: &mut Option<Instant> = &mut unpriced[at];
                    *first = Some(first.map_or(interval.start, |first| first.min(interval.start)));
                }
                let wh = interval.wh.0;
                let estimated = if interval.estimated { wh } else { 0 };
                let added = sums[at].add(Sum {
                    wh,
                    estimated,
                    intervals: 1,
                });
                fits(added, "the metered energy").map_err(|error| vec![error])?;
            }
            let added = spread(&mut buckets, &slots, &sums, name);
            fits(added, "the metered energy").map_err(|error| vec![error])?;
        }
        let unpriced: Vec<_> = unpriced
            .into_iter()
            .flatten()
            .map(|start| no_zone(terms, start))
            .collect();
        if !unpriced.is_empty() {
            return Err(unpriced);
        }
        let mut all = Sum::default();
        let added = buckets.iter().try_for_each(|bucket| all.add(bucket.total));
        fits(added, "the metered energy").map_err(|error| vec![error])?;
        Ok(Self {
            buckets,
            metered: all.wh,
            estimated: all.estimated,
        })
    }

    /// One line for each version and zone that had an interval.
    pub fn lines(&self, terms: &Terms) -> Result<Vec<Line>, RateError> {
        let used = self
            .buckets
            .iter()
            .filter(|bucket| bucket.total.intervals > 0);
        used.map(|bucket| fits(bucket.line(terms), "an energy line"))
            .collect()
    }
}

impl Bucket {
    fn line(&self, terms: &Terms) -> Option<Line> {
        let version = terms.versions[self.version];
        let zone = &version.energy.zones[self.zone];
        let loss_factor = version.energy.loss_factor();
        let billed = Exact::whole(self.total.wh)
            .times(loss_factor)?
            .round_over(1, 0)?;
        let net = Exact::whole(billed)
            .times(zone.price)?
            .round_over(1_000, 2)?;
        let first = terms
            .days
            .iter()
            .position(|day| day.version == self.version)?;
        let last = terms
            .days
            .iter()
            .rposition(|day| day.version == self.version)?;
        Some(Line {
            kind: LineKind::Energy,
            net: Minor(net),
            quantity: Some(WattHours(billed).kilo()),
            unit: Some(Unit::Kwh),
            unit_price: Some(zone.price),
            zone: Some(zone.name.clone()),
            days: None,
            description: None,
            availability: None,
            version_from: Some(version.effective_from),
            window: window(&terms.days[first..=last]),
            explain: Explain::Energy(EnergyExplain {
                zone_from: zone.from,
                zone_to: zone.to,
                loss_factor,
                metered_wh: WattHours(self.total.wh),
                estimated_wh: WattHours(self.total.estimated),
                billed_wh: WattHours(billed),
                intervals: self.total.intervals,
                by_day: self.days(terms),
                by_meter: self.meters(),
            }),
        })
    }

    fn days(&self, terms: &Terms) -> Vec<DayEnergy> {
        let read = terms
            .days
            .iter()
            .zip(&self.by_day)
            .filter(|(_, sum)| sum.intervals > 0);
        read.map(|(day, sum)| DayEnergy {
            date: day.date,
            wh: WattHours(sum.wh),
        })
        .collect()
    }

    fn meters(&self) -> Vec<MeterEnergy> {
        let read = self.by_meter.iter().map(|(meter, sum)| MeterEnergy {
            meter: meter.clone(),
            wh: WattHours(sum.wh),
            estimated_wh: WattHours(sum.estimated),
        });
        read.collect()
    }
}

fn buckets(terms: &Terms) -> Vec<Bucket> {
    let days = terms.days.len();
    let versions = terms.by_version().map(|days| days[0].version);
    let bucket = |version, zone| Bucket {
        version,
        zone,
        total: Sum::default(),
        by_day: vec![Sum::default(); days],
        by_meter: vec![],
    };
    versions
        .flat_map(|version| {
            let zones = terms.versions[version].energy.zones.len();
            (0..zones).map(move |zone| (version, zone))
        })
        .map(|(version, zone)| bucket(version, zone))
        .collect()
}

/// One meter's sums by slot into the buckets.
fn spread(buckets: &mut [Bucket], slots: &[Slot], sums: &[Sum], meter: &str) -> Option<()> {
    for (slot, sum) in slots.iter().zip(sums) {
        let Some(bucket) = slot.bucket else { continue };
        if sum.intervals == 0 {
            continue;
        }
        let bucket = &mut buckets[bucket];
        bucket.total.add(*sum)?;
        bucket.by_day[slot.day].add(*sum)?;
        match bucket.by_meter.last_mut() {
            Some((name, by_meter)) if name == meter => by_meter.add(*sum)?,
            _ => bucket.by_meter.push((meter.to_owned(), *sum)),
        }
    }
    Some(())
}

/// The active days cut where the bucket changes, so that intervals need no look-up of local time.
fn slots(terms: &Terms, buckets: &[Bucket]) -> Vec<Slot> {
    let mut slots = vec![];
    for (index, day) in terms.days.iter().enumerate() {
        let base = buckets
            .iter()
            .position(|bucket| bucket.version == day.version)
            .unwrap_or(0);
        let mut open: Option<Option<usize>> = None;
        for (from, zone) in zone_changes(terms, day) {
            let bucket = zone.map(|zone| base + zone);
            if open != Some(bucket) {
                close(&mut slots, open, from, index);
                open = Some(bucket);
            }
        }
        close(&mut slots, open, day.span.to, index);
    }
    slots
}

fn close(slots: &mut Vec<Slot>, open: Option<Option<usize>>, to: Instant, day: usize) {
    if let Some(bucket) = open {
        slots.push(Slot { to, day, bucket });
    }
}

/// Instants of a day, ascending from its first, with the zone that holds from each on.
fn zone_changes(terms: &Terms, day: &Day) -> Vec<(Instant, Option<usize>)> {
    let version = terms.version(day);
    if is_plain(terms, day.span) {
        let start = day.span.from;
        let at = |minute: u16| start.plus_seconds(i64::from(minute) * 60);
        return boundaries(version)
            .into_iter()
            .map(|minute| (at(minute), zone_at(version, minute)))
            .collect();
    }
    // Where the clocks change, each minute is asked for: it happens on a day or two a year.
    let minutes = (day.span.seconds() + 59) / 60;
    (0..minutes)
        .map(|minute| {
            let at = day.span.from.plus_seconds(minute * 60);
            (at, zone_at(version, minute_of(terms, at)))
        })
        .collect()
}

/// Whether local time runs from 00:00 to 24:00 without a change.
fn is_plain(terms: &Terms, span: Span) -> bool {
    let last = span.to.plus_seconds(-1);
    span.seconds() == 86_400
        && terms
            .zone
            .local(span.from)
            .time()
            .num_seconds_from_midnight()
            == 0
        && terms.zone.local(last).time().num_seconds_from_midnight() == 86_399
}

/// Minutes of the day at which a zone may begin or end, ascending, with 0.
fn boundaries(version: &PlanVersion) -> Vec<u16> {
    let zones = version.energy.zones.iter();
    let mut minutes: Vec<u16> = zones
        .flat_map(|zone| [zone.from.minutes(), zone.to.minutes()])
        .chain([0])
        .collect();
    minutes.sort_unstable();
    minutes.dedup();
    minutes
}

/// The first listed zone that holds this minute.
fn zone_at(version: &PlanVersion, minute: u16) -> Option<usize> {
    let time = DayTime::from_minutes(minute)?;
    version
        .energy
        .zones
        .iter()
        .position(|zone| zone.holds(time))
}

fn minute_of(terms: &Terms, at: Instant) -> u16 {
    let time = terms.zone.local(at).time();
    u16::try_from(time.hour() * 60 + time.minute()).unwrap_or(0)
}

fn no_zone(terms: &Terms, at: Instant) -> RateError {
    let time = DayTime::from_minutes(minute_of(terms, at)).unwrap_or_default();
    RateError::NoZone {
        day: terms.zone.date(at),
        time,
    }
}
