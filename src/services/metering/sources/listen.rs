//! Who listens at a source. Every process that serves the house has a slot of its own, so that a
//! broker knows it again after a restart; a slot that nobody holds any more is emptied by another
//! process: what the broker kept for it comes in, and its share of the subscription is given up.

use crate::db::metering::imports::{DONE, Import};
use crate::db::metering::sources::{self as rows, Slot, Source};
use crate::db::{Chain, Db};
use crate::domain::calendar::Instant;
use crate::domain::ids::*;
use crate::error::Result;

/// A process that did not renew its slot for so long is believed dead.
pub const HELD_SECONDS: i64 = 20;
const LONGEST_ERROR: usize = 300;

/// A slot that this process holds from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    pub slot: i64,
    /// What the broker has it subscribed to.
    pub subscribed: String,
    /// Another process left it: it is emptied and given up.
    pub leaves: bool,
}

struct Choice {
    slot: Slot,
    is_new: bool,
    leaves: bool,
}

/// Which slot is free for a process. `has_own`: it needs none for itself.
fn choose(source: &Source, slots: &[Slot], has_own: bool, now: Instant) -> Option<Choice> {
    let free = |it: &&Slot| !it.is_held(now);
    let chosen = |slot: &Slot, leaves| Choice {
        slot: slot.clone(),
        is_new: false,
        leaves,
    };
    if has_own {
        let kept = |it: &&Slot| free(it) && !it.subscribed.is_empty();
        return slots.iter().find(kept).map(|it| chosen(it, true));
    }
    let shared = !source.share_group.is_empty();
    let may = |it: &&Slot| free(it) && (shared || it.slot == 0);
    if let Some(slot) = slots.iter().find(may) {
        return Some(chosen(slot, false));
    }
    let last = slots.iter().map(|it| it.slot).max();
    let next = last.map_or(0, |it| it + 1);
    let first = !slots.iter().any(|it| it.slot == 0);
    let number = if shared {
        Some(next)
    } else {
        first.then_some(0)
    };
    number.map(|number| Choice {
        slot: Slot::new(source.id, number),
        is_new: true,
        leaves: false,
    })
}

/// Takes a slot for a process, if there is one for it.
pub fn claim(
    db: &Db,
    source: &Source,
    holder: &str,
    has_own: bool,
    now: Instant,
) -> Result<Option<Claimed>> {
    let slots = db.read(|conn| rows::slots(conn, source.id))?;
    if choose(source, &slots, has_own, now).is_none() {
        return Ok(None);
    }
    db.write(Chain::Operator, |tx| {
        let live = rows::enabled(tx.conn, source.kind)?;
        if !live.iter().any(|it| it.id == source.id) {
            return Ok(None);
        }
        let slots = rows::slots(tx.conn, source.id)?;
        let Some(choice) = choose(source, &slots, has_own, now) else {
            return Ok(None);
        };
        let row = Slot {
            holder: holder.to_owned(),
            held_until: now.plus_seconds(HELD_SECONDS),
            connected_at: None,
            ..choice.slot
        };
        if choice.is_new {
            rows::insert_slot(tx.conn, &row)?;
        } else {
            rows::update_slot(tx.conn, &row)?;
        }
        Ok(Some(Claimed {
            slot: row.slot,
            subscribed: row.subscribed,
            leaves: choice.leaves,
        }))
    })
}

/// A process at its slot.
#[derive(Clone, Debug)]
pub struct Listener {
    pub source: SourceId,
    pub slot: i64,
    pub holder: String,
}

impl Listener {
    /// Changes its row; `false` where it holds the slot no more.
    fn change(&self, db: &Db, change: impl Fn(&mut Slot)) -> Result<bool> {
        db.write(Chain::Operator, |tx| {
            match rows::held(tx.conn, self.source, self.slot, &self.holder)? {
                None => Ok(false),
                Some(mut row) => {
                    change(&mut row);
                    rows::update_slot(tx.conn, &row)?;
                    Ok(true)
                }
            }
        })
    }

    pub fn renew(&self, db: &Db, now: Instant) -> Result<bool> {
        self.change(db, |row| row.held_until = now.plus_seconds(HELD_SECONDS))
    }

    /// The broker listens to it; `subscribed`: what it keeps messages of from now on.
    pub fn connected(&self, db: &Db, subscribed: &str, now: Instant) -> Result<bool> {
        self.change(db, |row| {
            row.held_until = now.plus_seconds(HELD_SECONDS);
            row.connected_at = Some(now);
            row.subscribed = subscribed.to_owned();
        })
    }

    pub fn lost(&self, db: &Db, error: &str, now: Instant) -> Result<bool> {
        let odd = |c: char| if c.is_control() { ' ' } else { c };
        let error: String = error.chars().take(LONGEST_ERROR).map(odd).collect();
        self.change(db, |row| {
            row.held_until = now.plus_seconds(HELD_SECONDS);
            row.connected_at = None;
            row.last_error.clone_from(&error);
            row.error_at = Some(now);
        })
    }

    /// A file of its folder came to its end.
    pub fn noted(&self, db: &Db, import: &Import, now: Instant) -> Result<bool> {
        self.change(db, |row| {
            row.held_until = now.plus_seconds(HELD_SECONDS);
            row.last_message_at = Some(now);
            row.messages += 1;
            row.rows_new += import.rows_new;
            row.rows_same += import.rows_same;
            row.rows_corrected += import.rows_corrected;
            row.refused += i64::from(import.state != DONE);
            row.import_id = Some(import.id);
        })
    }

    /// Gives the slot back; `emptied`: the broker keeps nothing for it any more.
    pub fn release(&self, db: &Db, emptied: bool) -> Result<bool> {
        self.change(db, |row| {
            row.holder.clear();
            row.held_until = Instant(0);
            row.connected_at = None;
            if emptied {
                row.subscribed.clear();
            }
        })
    }
}
