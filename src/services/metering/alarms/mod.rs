//! Alarms: the rules of a site, incidents that open and close by them, and people who take note.

mod legs;
mod observe;
mod sweep;
mod tell;

pub use legs::node_of;
pub use sweep::{LIVE, SLOW, sweep, sweep_kinds};
pub use tell::{line, said};

use crate::db::metering::alarms::{self as rows, Rule};
use crate::db::site::sites;
use crate::db::trail::Change;
use crate::db::{Chain, Conn, Db};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::identity::email::is_email;
use crate::domain::ids::*;
use crate::domain::metering::alarm::Kind;
use crate::domain::metering::webhook::Event;
use crate::error::{Error, Result, require};
use crate::services::metering::webhooks;
use std::ops::RangeInclusive;

/// The longest that a value is waited for: a week.
pub const LONGEST_SECONDS: i64 = 7 * 24 * 3_600;
const MOST_RECIPIENTS: usize = 20;

/// What may be chosen as the limit of a kind, in its unit.
pub fn range(kind: Kind) -> RangeInclusive<i64> {
    match kind {
        Kind::Silent => 10..=43_200,
        Kind::OverAllocation | Kind::LegOver => 1..=500,
        Kind::IdleRack => 1..=99,
        // All on one of three legs is two hundred percent above the mean.
        Kind::LegImbalance => 1..=200,
        Kind::Unaccounted => 1..=10_000_000,
    }
}

/// The rule of each kind that can be watched, as chosen or as built in.
pub fn rules(conn: &mut Conn, site: SiteId) -> Result<Vec<Rule>> {
    let chosen = rows::rules_of_site(conn, site)?;
    let rule = |kind: &Kind| {
        let own = chosen.iter().find(|it| it.kind == *kind);
        own.cloned().unwrap_or_else(|| usual(site, *kind))
    };
    Ok(Kind::ALL.iter().map(rule).collect())
}

pub fn rule(conn: &mut Conn, site: SiteId, kind: Kind) -> Result<Rule> {
    let mut all = rules(conn, site)?.into_iter();
    crate::error::found(all.find(|it| it.kind == kind))
}

fn usual(site: SiteId, kind: Kind) -> Rule {
    let limits = kind.usual();
    Rule {
        site_id: site,
        kind,
        enabled: true,
        raise: limits.raise,
        clear: limits.clear,
        hold_seconds: limits.hold_seconds,
        calm_seconds: limits.calm_seconds,
        recipients: String::new(),
    }
}

/// Chooses a rule. It holds from the next look on; what it switches off is cleared then.
pub fn save_rule(db: &Db, who: &Actor, now: Instant, rule: &Rule) -> Result<()> {
    require(who, Permission::EditSite)?;
    let rule = Rule {
        recipients: rule.addresses().collect::<Vec<_>>().join(", "),
        ..rule.clone()
    };
    sane(&rule)?;
    db.write(Chain::Site(rule.site_id), |tx| {
        sites::get(tx.conn, rule.site_id)?;
        let before = self::rule(tx.conn, rule.site_id, rule.kind)?;
        if before == rule {
            return Ok(());
        }
        rows::put_rule(tx.conn, &rule)?;
        let change = Change {
            action: "update",
            noun: "alarm_rule",
            id: rule.site_id.0,
            before: &before,
            after: &rule,
        };
        tx.record(who, now, change)
    })
}

fn sane(rule: &Rule) -> Result<()> {
    let range = range(rule.kind);
    let stay = 0..=LONGEST_SECONDS;
    if !range.contains(&rule.raise) {
        return Err(Error::field("raise", "alarm-error-range"));
    }
    if !range.contains(&rule.clear) {
        return Err(Error::field("clear", "alarm-error-range"));
    }
    if rule.clear > rule.raise {
        return Err(Error::field("clear", "alarm-error-clear"));
    }
    if !stay.contains(&rule.hold_seconds) {
        return Err(Error::field("hold", "alarm-error-range"));
    }
    if !stay.contains(&rule.calm_seconds) {
        return Err(Error::field("calm", "alarm-error-range"));
    }
    if rule.addresses().count() > MOST_RECIPIENTS || !rule.addresses().all(is_email) {
        return Err(Error::field("recipients", "alarm-error-recipients"));
    }
    Ok(())
}

/// Somebody knows of an incident, and says what it is.
pub fn acknowledge(
    db: &Db,
    base_url: &str,
    who: &Actor,
    now: Instant,
    id: IncidentId,
    note: &str,
) -> Result<()> {
    require(who, Permission::RecordEvents)?;
    let site = db.read(|conn| rows::get(conn, id))?.site_id;
    db.write(Chain::Site(site), |tx| {
        let before = rows::get(tx.conn, id)?;
        if before.acknowledged_at.is_some() {
            return Err(Error::rule("incident-known-already"));
        }
        let after = rows::Incident {
            acknowledged_at: Some(now),
            acknowledged_by: who.user,
            note: note.to_owned(),
            ..before.clone()
        };
        rows::update(tx.conn, &after)?;
        let site = sites::get(tx.conn, site)?;
        let news = [(Event::Acknowledged, after.clone())];
        webhooks::announce(tx, &site, base_url, &news, now)?;
        let change = Change {
            action: "acknowledge",
            noun: "incident",
            id: id.0,
            before: &before,
            after: &after,
        };
        tx.record(who, now, change)
    })
}
