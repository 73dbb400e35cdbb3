//! Sites and the restrictions of their regions.

use super::guard::{Consent, ensure_kept};
use crate::db::site::sites::{self, Restriction, Site};
use crate::db::trail::Change;
use crate::db::{Chain, Db};
use crate::domain::calendar::{Instant, Zone};
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::{RestrictionId, SiteId};
use crate::domain::leasing::conflicts::CauseNoun;
use crate::error::{Error, Result, require};
use crate::services::leasing::conflicts::Cause;
use crate::services::leasing::house::month_day;
use chrono::NaiveDate;

/// Creates a site, or changes it: its region brings restrictions with it.
pub fn save(db: &Db, who: &Actor, now: Instant, site: &Site, consent: &Consent) -> Result<SiteId> {
    require(who, Permission::EditSite)?;
    if Zone::parse(&site.time_zone).is_none() {
        return Err(Error::field("time_zone", "site-error-zone"));
    }
    if !(1..=24 * 365).contains(&site.hold_hours) {
        return Err(Error::field("hold_hours", "site-error-hold"));
    }
    // A new site has no chain yet: its birth is the operator's matter.
    let chain = if site.id.0 == 0 {
        Chain::Operator
    } else {
        Chain::Site(site.id)
    };
    db.write(chain, |tx| {
        let same_code = sites::all(tx.conn)?
            .iter()
            .any(|s| s.code == site.code && s.id != site.id);
        if same_code {
            return Err(Error::field("code", "site-error-taken"));
        }
        if site.id.0 == 0 {
            let id = sites::insert(tx.conn, site)?;
            let change = Change {
                action: "create",
                noun: "site",
                id: id.0,
                before: &(),
                after: site,
            };
            tx.record(who, now, change)?;
            return Ok(id);
        }
        let before = sites::get(tx.conn, site.id)?;
        sites::update(tx.conn, site)?;
        let cause = Cause::new(CauseNoun::Site, site.id.0, &site.name);
        ensure_kept(tx, who, now, &[site.id], &cause, consent)?;
        let change = Change {
            action: "update",
            noun: "site",
            id: site.id.0,
            before: &before,
            after: site,
        };
        tx.record(who, now, change)?;
        Ok(site.id)
    })
}

/// Creates or changes a restriction; what it would forbid on any site needs consent.
pub fn save_restriction(
    db: &Db,
    who: &Actor,
    now: Instant,
    row: &Restriction,
    consent: &Consent,
) -> Result<RestrictionId> {
    require(who, Permission::EditSite)?;
    check_restriction(row)?;
    db.write(Chain::Operator, |tx| {
        let (id, before) = if row.id.0 == 0 {
            (sites::insert_restriction(tx.conn, row)?, None)
        } else {
            let before = sites::restriction(tx.conn, row.id)?;
            sites::update_restriction(tx.conn, row)?;
            (row.id, Some(before))
        };
        let touched = |site: &Site| {
            site.region_code == row.region_code
                || before
                    .as_ref()
                    .is_some_and(|b| b.region_code == site.region_code)
        };
        let all = sites::all(tx.conn)?.into_iter().filter(touched);
        let touched: Vec<SiteId> = all.map(|site| site.id).collect();
        let cause = Cause::new(CauseNoun::Restriction, id.0, &row.region_name);
        ensure_kept(tx, who, now, &touched, &cause, consent)?;
        let action = if before.is_some() { "update" } else { "create" };
        let change = Change {
            action,
            noun: "restriction",
            id: id.0,
            before: &before,
            after: row,
        };
        tx.record(who, now, change)?;
        Ok(id)
    })
}

fn check_restriction(row: &Restriction) -> Result<()> {
    if row.valid_to.is_some_and(|to| to <= row.valid_from) {
        return Err(Error::field("valid_to", "site-error-window"));
    }
    if row.season_from.is_some() != row.season_to.is_some() {
        return Err(Error::field("season_to", "site-error-season"));
    }
    for (field, season) in [
        ("season_from", &row.season_from),
        ("season_to", &row.season_to),
    ] {
        let Some(text) = season else { continue };
        let day = month_day(text)
            .ok()
            .and_then(|(m, d)| NaiveDate::from_ymd_opt(2028, m, d));
        if day.is_none() {
            return Err(Error::field(field, "site-error-season"));
        }
    }
    if row.status != sites::IN_FORCE && row.status != sites::ANNOUNCED {
        return Err(Error::field("status", "form-choice"));
    }
    Ok(())
}
