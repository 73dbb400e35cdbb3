//! Racks, one by one and from a file.

use super::guard::{Consent, ensure_kept};
use crate::db::site::racks::Rack;
use crate::db::site::{cooling, halls, power, racks};
use crate::db::trail::Change;
use crate::db::{Chain, Db, Tx};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::RackId;
use crate::domain::leasing::conflicts::CauseNoun;
use crate::error::{Error, Result, require};
use crate::services::leasing::conflicts::Cause;

pub fn save(db: &Db, who: &Actor, now: Instant, rack: &Rack, consent: &Consent) -> Result<RackId> {
    require(who, Permission::EditSite)?;
    db.write(Chain::Site(rack.site_id), |tx| {
        sane(tx, rack)?;
        let before = if rack.id.0 == 0 {
            None
        } else {
            Some(racks::get(tx.conn, rack.id)?)
        };
        let moved = before
            .as_ref()
            .is_some_and(|b: &Rack| b.hall_id != rack.hall_id);
        let mut rack = rack.clone();
        if moved {
            // Cells belong to a hall: in another one it has none yet.
            (rack.x, rack.y, rack.turn) = (None, None, None);
        }
        let id = write(tx, &rack)?;
        if before.is_some() {
            let cause = Cause::new(CauseNoun::Rack, id.0, &rack.name);
            ensure_kept(tx, who, now, &[rack.site_id], &cause, consent)?;
        }
        let action = if before.is_some() { "update" } else { "create" };
        let change = Change {
            action,
            noun: "rack",
            id: id.0,
            before: &before,
            after: &rack,
        };
        tx.record(who, now, change)?;
        Ok(id)
    })
}

/// Inserts a rack without an id, updates one that has it.
pub fn write(tx: &mut Tx, rack: &Rack) -> Result<RackId> {
    if rack.id.0 == 0 {
        racks::insert(tx.conn, rack)
    } else {
        racks::update(tx.conn, rack)?;
        Ok(rack.id)
    }
}

fn sane(tx: &mut Tx, rack: &Rack) -> Result<()> {
    if !(1..=10_000).contains(&rack.slots) {
        return Err(Error::field("slots", "site-error-slots"));
    }
    if rack.limit_watts.0 <= 0 || rack.limit_watts.0 > 100_000_000 {
        return Err(Error::field("limit_kw", "site-error-rating"));
    }
    if racks::by_name(tx.conn, rack.site_id, &rack.name)?.is_some_and(|r| r.id != rack.id) {
        return Err(Error::field("name", "site-error-taken"));
    }
    let row = halls::row(tx.conn, rack.row_id)?;
    if row.site_id != rack.site_id || row.hall_id != rack.hall_id {
        return Err(Error::field("row", "form-choice"));
    }
    if cooling::get(tx.conn, rack.zone_id)?.site_id != rack.site_id {
        return Err(Error::field("zone", "form-choice"));
    }
    if rack.feed_b == Some(rack.feed_a) {
        return Err(Error::field("feed_b", "site-error-same-feed"));
    }
    for (field, feed) in [("feed_a", Some(rack.feed_a)), ("feed_b", rack.feed_b)] {
        let Some(feed) = feed else { continue };
        if power::get(tx.conn, feed)?.site_id != rack.site_id {
            return Err(Error::field(field, "form-choice"));
        }
    }
    Ok(())
}
