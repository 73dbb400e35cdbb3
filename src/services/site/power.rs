//! Power nodes and planned outages.

use super::guard::{Consent, ensure_kept};
use crate::db::site::power::{self, Outage, PowerNode};
use crate::db::trail::Change;
use crate::db::{Chain, Db};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::{NodeId, OutageId, SiteId};
use crate::domain::leasing::conflicts::CauseNoun;
use crate::error::{Error, Result, require};
use crate::services::leasing::conflicts::{self, Cause};
use crate::services::leasing::house::decimal;
use rust_decimal::Decimal;
use std::collections::HashMap;

pub fn save(
    db: &Db,
    who: &Actor,
    now: Instant,
    node: &PowerNode,
    consent: &Consent,
) -> Result<NodeId> {
    require(who, Permission::EditSite)?;
    sane(node)?;
    db.write(Chain::Site(node.site_id), |tx| {
        let all = power::of_site(tx.conn, node.site_id)?;
        if all.iter().any(|n| n.name == node.name && n.id != node.id) {
            return Err(Error::field("name", "site-error-taken"));
        }
        in_tree(&all, node)?;
        if node.id.0 == 0 {
            let id = power::insert(tx.conn, node)?;
            let change = Change {
                action: "create",
                noun: "node",
                id: id.0,
                before: &(),
                after: node,
            };
            tx.record(who, now, change)?;
            return Ok(id);
        }
        let before = power::get(tx.conn, node.id)?;
        power::update(tx.conn, node)?;
        let cause = Cause::new(CauseNoun::Node, node.id.0, &node.name);
        ensure_kept(tx, who, now, &[node.site_id], &cause, consent)?;
        let change = Change {
            action: "update",
            noun: "node",
            id: node.id.0,
            before: &before,
            after: node,
        };
        tx.record(who, now, change)?;
        Ok(node.id)
    })
}

fn sane(node: &PowerNode) -> Result<()> {
    let usable = decimal(&node.usable)?;
    if usable <= Decimal::ZERO || usable > Decimal::ONE {
        return Err(Error::field("usable", "site-error-usable"));
    }
    let most = Decimal::from(10_000_000);
    if node.rating_watts.is_none() && node.volts.is_none()
        || node.volts.is_some() != node.amps.is_some()
    {
        return Err(Error::field("rating_kw", "site-error-rating-way"));
    }
    if node
        .rating_watts
        .is_some_and(|rating| rating.0 <= 0 || rating.0 > 10_000_000_000)
    {
        return Err(Error::field("rating_kw", "site-error-rating"));
    }
    for (field, text) in [("volts", &node.volts), ("amps", &node.amps)] {
        let Some(text) = text else { continue };
        let value = decimal(text)?;
        if value <= Decimal::ZERO || value > most {
            return Err(Error::field(field, "site-error-rating"));
        }
    }
    Ok(())
}

/// The parent is a node of the same site, and no node hangs below itself.
fn in_tree(all: &[PowerNode], node: &PowerNode) -> Result<()> {
    let parents: HashMap<NodeId, Option<NodeId>> =
        all.iter().map(|n| (n.id, n.parent_id)).collect();
    let mut above = node.parent_id;
    for _ in 0..=all.len() {
        let Some(id) = above else { return Ok(()) };
        if id == node.id {
            break;
        }
        match parents.get(&id) {
            Some(parent) => above = *parent,
            None => break,
        }
    }
    Err(Error::field("parent", "site-error-parent"))
}

/// A planned outage takes a node's power for whole local dates, `[from, to)`.
pub fn plan_outage(
    db: &Db,
    who: &Actor,
    now: Instant,
    outage: &Outage,
    consent: &Consent,
) -> Result<OutageId> {
    require(who, Permission::EditSite)?;
    if outage.to_date <= outage.from_date {
        return Err(Error::field("to", "site-error-window"));
    }
    db.write(Chain::Site(outage.site_id), |tx| {
        let node = power::get(tx.conn, outage.node_id)?;
        if node.site_id != outage.site_id {
            return Err(Error::field("node", "form-choice"));
        }
        let id = power::insert_outage(tx.conn, outage)?;
        let words = format!("{}: {}", node.name, outage.reason);
        let cause = Cause::new(CauseNoun::Outage, id.0, &words);
        ensure_kept(tx, who, now, &[outage.site_id], &cause, consent)?;
        let change = Change {
            action: "create",
            noun: "outage",
            id: id.0,
            before: &(),
            after: outage,
        };
        tx.record(who, now, change)?;
        Ok(id)
    })
}

/// Calls a planned outage off; doing it twice is harmless.
pub fn cancel_outage(db: &Db, who: &Actor, now: Instant, site: SiteId, id: OutageId) -> Result<()> {
    require(who, Permission::EditSite)?;
    db.write(Chain::Site(site), |tx| {
        let before = power::outage(tx.conn, id)?;
        if before.site_id != site {
            return Err(Error::NotFound);
        }
        if before.cancelled_at.is_some() {
            return Ok(());
        }
        let after = Outage {
            cancelled_at: Some(now),
            cancelled_by: who.user,
            ..before.clone()
        };
        power::update_outage(tx.conn, &after)?;
        let change = Change {
            action: "cancel",
            noun: "outage",
            id: id.0,
            before: &before,
            after: &after,
        };
        tx.record(who, now, change)?;
        conflicts::refresh(tx, who, now, site)
    })
}
