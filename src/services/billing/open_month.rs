//! What the running month lacks so far: time without readings, and what nobody measures.

use super::{operator_today, runs};
use crate::db::{Conn, Db};
use crate::domain::calendar::{Instant, Month};
use crate::domain::ids::LeaseId;
use crate::domain::message::{Arg, Message};
use crate::error::Result;
use chrono::NaiveDateTime;
use std::collections::BTreeSet;

/// Leases that are computed at most while somebody waits.
const MOST_COMPUTED: usize = 20;

/// One lease of the month to which something is missing before today.
#[derive(Clone, Debug)]
pub struct Lacks {
    pub lease: LeaseId,
    pub number: String,
    pub tenant: String,
    /// Meters, or racks without one, each with the times that nothing is known of.
    holes: BTreeSet<Hole>,
    /// Nothing measures it at all.
    pub no_meter: bool,
    /// There is more than was kept: the numbers are the least.
    pub more: bool,
}

/// The meter or rack, and from when to when by its own clock.
type Hole = (String, NaiveDateTime, NaiveDateTime);

#[derive(Clone, Debug)]
pub struct OpenMonth {
    pub month: Month,
    pub leases: usize,
    /// Leases whose numbers are still computed.
    pub waiting: usize,
    pub lacks: Vec<Lacks>,
}

fn places(holes: &BTreeSet<Hole>) -> usize {
    let places: BTreeSet<&str> = holes.iter().map(|hole| hole.0.as_str()).collect();
    places.len()
}

/// In whole minutes, as the times are kept.
fn minutes(holes: &BTreeSet<Hole>) -> i64 {
    let lengths = holes
        .iter()
        .map(|(_, from, to)| (*to - *from).num_minutes());
    lengths.sum()
}

impl Lacks {
    pub fn meters(&self) -> usize {
        places(&self.holes)
    }

    pub fn minutes(&self) -> i64 {
        minutes(&self.holes)
    }
}

impl OpenMonth {
    /// Of all leases together: a meter that several share counts once.
    pub fn meters(&self) -> usize {
        places(&self.holes())
    }

    pub fn minutes(&self) -> i64 {
        minutes(&self.holes())
    }

    fn holes(&self) -> BTreeSet<Hole> {
        let all = self.lacks.iter().flat_map(|it| it.holes.iter().cloned());
        all.collect()
    }
}

/// The running month by the operator's date, computed where that is soon done.
pub fn open_month(db: &Db, now: Instant) -> Result<OpenMonth> {
    let month = Month::of(db.read(|conn| operator_today(conn, now))?);
    runs::compute(db, month, now, MOST_COMPUTED)?;
    db.read(|conn| load(conn, month, now))
}

fn load(conn: &mut Conn, month: Month, now: Instant) -> Result<OpenMonth> {
    let preview = runs::preview(conn, month, now)?;
    let mut open = OpenMonth {
        month,
        leases: preview.entries.len(),
        waiting: preview.waiting(),
        lacks: vec![],
    };
    for entry in preview.entries {
        let said = |key: &str| entry.blockers.iter().any(|it| it.message.key == key);
        let found = Lacks {
            lease: entry.lease.id,
            number: entry.lease.number.clone(),
            tenant: entry.tenant.clone(),
            no_meter: said("blocker-no-meter"),
            more: said("blocker-more"),
            holes: entry
                .blockers
                .iter()
                .filter_map(|it| hole(&it.message))
                .collect(),
        };
        if found.no_meter || !found.holes.is_empty() {
            open.lacks.push(found);
        }
    }
    open.lacks
        .sort_by_key(|it| (!it.no_meter, -it.minutes(), it.lease));
    Ok(open)
}

/// The time that a reason names.
fn hole(message: &Message) -> Option<Hole> {
    if !["blocker-hole", "blocker-unmetered"].contains(&message.key.as_str()) {
        return None;
    }
    let said = |name: &str| {
        let arg = message.args.iter().find(|(known, _)| known == name);
        arg.and_then(|(_, value)| match value {
            Arg::Text(text) => Some(text.as_str()),
            Arg::Int(_) => None,
        })
    };
    let at = |name| NaiveDateTime::parse_from_str(said(name)?, "%Y-%m-%d %H:%M").ok();
    Some((said("place")?.to_owned(), at("from")?, at("to")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lacks(holes: &[(&str, &str, &str)]) -> Lacks {
        let reason = |(place, from, to): &(&str, &str, &str)| {
            let message = Message::new("blocker-hole").with("place", *place);
            hole(&message.with("from", *from).with("to", *to)).unwrap()
        };
        Lacks {
            lease: LeaseId(1),
            number: String::new(),
            tenant: String::new(),
            holes: holes.iter().map(reason).collect(),
            no_meter: false,
            more: false,
        }
    }

    #[test]
    fn a_meter_that_two_leases_share_counts_once() {
        let shared = ("M1", "2026-11-18 03:00", "2026-11-18 06:00");
        let open = OpenMonth {
            month: Month::parse("2026-11").unwrap(),
            leases: 2,
            waiting: 0,
            lacks: vec![
                lacks(&[shared, ("M2", "2026-11-18 03:00", "2026-11-18 03:30")]),
                lacks(&[shared]),
            ],
        };
        assert_eq!((open.meters(), open.minutes()), (2, 210));
        assert_eq!((open.lacks[0].meters(), open.lacks[0].minutes()), (2, 210));
        assert_eq!(hole(&Message::new("blocker-no-meter")), None);
    }
}
