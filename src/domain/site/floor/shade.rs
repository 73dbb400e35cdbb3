//! What colour a rack has on the floor: each choice has a few bands, from little to much.

use crate::codes;
use crate::domain::ids::TenantId;
use crate::domain::units::Watts;
use chrono::{Months, NaiveDate};

codes!(
    /// What the floor is coloured by.
    Colour {
        Sold = "sold",
        Drawn = "drawn",
        Slots = "slots",
        Legs = "legs",
        Cooling = "cooling",
        Tenant = "tenant",
        End = "end",
    }
);

/// A rack on a date, as far as its colour goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    pub on: NaiveDate,
    pub slots: i64,
    pub booked: i64,
    pub limit: Watts,
    pub sold: Watts,
    /// Sold on each leg of a rack that has three.
    pub legs: Option<[Watts; 3]>,
    /// What its meter, or its leases' usage, last said.
    pub drawn: Option<Watts>,
    /// What its cooling zone removes, and what is sold of that.
    pub cooling: (Watts, Watts),
    /// Who stands here; several are more than one.
    pub tenants: Vec<TenantId>,
    /// The day on which the last booking ends; `None` inside: without an end.
    pub end: Option<Option<NaiveDate>>,
}

/// The bands of each choice by their codes, as the legend names them; tenants are named by the page.
pub const BANDS: &[(Colour, &[&str])] = &[
    (Colour::Sold, &["empty", "low", "mid", "high", "full"]),
    (Colour::Drawn, &["unknown", "low", "mid", "high", "full"]),
    (Colour::Slots, &["all", "many", "some", "few", "none"]),
    (
        Colour::Legs,
        &["free", "even", "slight", "uneven", "strong"],
    ),
    (Colour::Cooling, &["plenty", "fair", "scarce", "none"]),
    (Colour::Tenant, &["free", "one", "several"]),
    (
        Colour::End,
        &["free", "open", "later", "year", "quarter", "month"],
    ),
];

impl Look {
    /// Whole percents of the limit that are sold; 100 only where nothing is left.
    pub fn sold_percent(&self) -> i64 {
        percent(self.sold, self.limit)
    }

    pub fn drawn_percent(&self) -> Option<i64> {
        self.drawn.map(|drawn| percent(drawn, self.limit))
    }

    pub fn free_slots(&self) -> i64 {
        (self.slots - self.booked).max(0)
    }

    /// How far apart the most and the least loaded leg are, in percent of what a leg may carry.
    pub fn imbalance(&self) -> Option<i64> {
        let legs = self.legs.filter(|_| self.sold.0 > 0)?;
        let most = legs.iter().max().copied().unwrap_or_default();
        let least = legs.iter().min().copied().unwrap_or_default();
        Some(percent(Watts((most.0 - least.0) * 3), self.limit))
    }

    /// Percents of the zone that are still to be sold; below zero where it is over.
    pub fn headroom(&self) -> i64 {
        let (usable, sold) = self.cooling;
        match usable.0 {
            ..=0 if sold.0 > 0 => -100,
            ..=0 => 0,
            all => (all - sold.0) * 100 / all,
        }
    }
}

fn percent(part: Watts, whole: Watts) -> i64 {
    match (part.0, whole.0) {
        (..=0, _) => 0,
        (_, ..=0) => 101,
        (part, whole) => (part * 100 / whole).max(1),
    }
}

/// The position of a rack's band among those of its choice.
pub fn band(colour: Colour, look: &Look) -> usize {
    let filled = |percent: i64| match percent {
        ..=50 => 1,
        51..=80 => 2,
        81..=95 => 3,
        _ => 4,
    };
    match colour {
        Colour::Sold if look.sold.0 == 0 => 0,
        Colour::Sold => filled(look.sold_percent()),
        Colour::Drawn => look.drawn_percent().map_or(0, filled),
        Colour::Slots => match (look.free_slots(), look.slots) {
            (0, _) => 4,
            (free, all) if free == all => 0,
            (free, all) if free * 2 >= all => 1,
            (free, all) if free * 5 >= all => 2,
            _ => 3,
        },
        Colour::Legs => match look.imbalance() {
            None => 0,
            Some(..=5) => 1,
            Some(6..=15) => 2,
            Some(16..=30) => 3,
            Some(_) => 4,
        },
        Colour::Cooling => match look.headroom() {
            50.. => 0,
            20..=49 => 1,
            1..=19 => 2,
            _ => 3,
        },
        Colour::Tenant => look.tenants.len().min(2),
        Colour::End => ending(look),
    }
}

fn ending(look: &Look) -> usize {
    let within = |end: NaiveDate, months: u32| end <= look.on + Months::new(months);
    match look.end {
        None => 0,
        Some(None) => 1,
        Some(Some(end)) if within(end, 1) => 5,
        Some(Some(end)) if within(end, 3) => 4,
        Some(Some(end)) if within(end, 12) => 3,
        Some(Some(_)) => 2,
    }
}
