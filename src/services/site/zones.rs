//! Cooling zones with their units and derating.

use super::guard::{Consent, ensure_kept};
use crate::db::site::cooling::{self, CoolingUnit, CoolingZone, Derating};
use crate::db::trail::Change;
use crate::db::{Chain, Db};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::ZoneId;
use crate::domain::leasing::conflicts::CauseNoun;
use crate::domain::units::Watts;
use crate::error::{Error, Result, require};
use crate::services::leasing::conflicts::Cause;
use rust_decimal::Decimal;
use serde::Serialize;

/// A zone as a form gives it; `derating` by month (1–12), months at 1 left out.
#[derive(Clone, Debug, Serialize)]
pub struct ZoneForm {
    pub zone: CoolingZone,
    pub units: Vec<(String, Watts)>,
    pub derating: Vec<(i32, Decimal)>,
}

pub fn save(
    db: &Db,
    who: &Actor,
    now: Instant,
    form: &ZoneForm,
    consent: &Consent,
) -> Result<ZoneId> {
    require(who, Permission::EditSite)?;
    sane(form)?;
    let site = form.zone.site_id;
    db.write(Chain::Site(site), |tx| {
        let others = cooling::of_site(tx.conn, site)?;
        if others
            .iter()
            .any(|z| z.name == form.zone.name && z.id != form.zone.id)
        {
            return Err(Error::field("name", "site-error-taken"));
        }
        let (id, before) = if form.zone.id.0 == 0 {
            (cooling::insert(tx.conn, &form.zone)?, None)
        } else {
            let before = cooling::get(tx.conn, form.zone.id)?;
            cooling::update(tx.conn, &form.zone)?;
            (form.zone.id, Some(before))
        };
        let (units, deratings) = parts(form, id);
        cooling::replace_parts(tx.conn, id, &units, &deratings)?;
        if before.is_some() {
            let cause = Cause::new(CauseNoun::Zone, id.0, &form.zone.name);
            ensure_kept(tx, who, now, &[site], &cause, consent)?;
        }
        let action = if before.is_some() { "update" } else { "create" };
        let change = Change {
            action,
            noun: "zone",
            id: id.0,
            before: &before,
            after: form,
        };
        tx.record(who, now, change)?;
        Ok(id)
    })
}

fn sane(form: &ZoneForm) -> Result<()> {
    if form.units.is_empty() || form.units.iter().any(|(_, watts)| watts.0 <= 0) {
        return Err(Error::field("units", "site-error-units"));
    }
    let spare = form.zone.spare_units;
    if spare < 0 || spare >= form.units.len() as i64 {
        return Err(Error::field("spare_units", "site-error-spare"));
    }
    let in_range = |f: &Decimal| (Decimal::ZERO..=Decimal::ONE).contains(f);
    for (month, factor) in &form.derating {
        if !(1..=12).contains(month) || !in_range(factor) {
            return Err(Error::field(
                &format!("derate_{month}"),
                "site-error-derating",
            ));
        }
    }
    Ok(())
}

fn parts(form: &ZoneForm, zone_id: ZoneId) -> (Vec<CoolingUnit>, Vec<Derating>) {
    let site_id = form.zone.site_id;
    let units = form
        .units
        .iter()
        .map(|(name, watts)| CoolingUnit {
            id: 0,
            site_id,
            zone_id,
            name: name.clone(),
            watts: *watts,
        })
        .collect();
    let deratings = form
        .derating
        .iter()
        .filter(|(_, factor)| *factor != Decimal::ONE)
        .map(|(month, factor)| Derating {
            site_id,
            zone_id,
            month: *month,
            factor: factor.normalize().to_string(),
        })
        .collect();
    (units, deratings)
}
