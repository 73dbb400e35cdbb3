//! Halls and rows.

use crate::db::identity::tenants;
use crate::db::site::halls::{self, Hall, Row};
use crate::db::trail::Change;
use crate::db::{Chain, Db};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::{HallId, RowId, TenantId};
use crate::domain::site::OfferedTo;
use crate::error::{Error, Result, field_of, require};
use serde::Serialize;

/// A hall as the trail keeps it.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    hall: &'a Hall,
    #[serde(skip_serializing_if = "<[TenantId]>::is_empty")]
    tenants: &'a [TenantId],
}

/// `tenants`: to whom a hall is offered that is offered to chosen ones. Who has a place in it keeps
/// that, whoever it is offered to from now on.
pub fn save(
    db: &Db,
    who: &Actor,
    now: Instant,
    hall: &Hall,
    tenants: &[TenantId],
) -> Result<HallId> {
    require(who, Permission::EditSite)?;
    let mut tenants = match hall.offered {
        OfferedTo::Chosen => tenants.to_vec(),
        OfferedTo::All | OfferedTo::Nobody => vec![],
    };
    tenants.sort_unstable();
    tenants.dedup();
    if hall.offered == OfferedTo::Chosen && tenants.is_empty() {
        return Err(Error::field("offered", "site-error-offered"));
    }
    db.write(Chain::Site(hall.site_id), |tx| {
        let others = halls::of_site(tx.conn, hall.site_id)?;
        if others
            .iter()
            .any(|h| h.name == hall.name && h.id != hall.id)
        {
            return Err(Error::field("name", "site-error-taken"));
        }
        for &tenant in &tenants {
            field_of("offered", tenants::get(tx.conn, tenant))?;
        }
        let told = |hall, tenants| Told { hall, tenants };
        if hall.id.0 == 0 {
            let id = halls::insert(tx.conn, hall)?;
            let hall = Hall { id, ..hall.clone() };
            halls::replace_offers(tx.conn, &hall, &tenants)?;
            let change = Change {
                action: "create",
                noun: "hall",
                id: id.0,
                before: &(),
                after: &told(&hall, &tenants),
            };
            tx.record(who, now, change)?;
            return Ok(id);
        }
        let before = halls::get(tx.conn, hall.id)?;
        let had: Vec<TenantId> = halls::offers_of(tx.conn, &[hall.id])?
            .into_iter()
            .map(|(_, tenant)| tenant)
            .collect();
        halls::update(tx.conn, hall)?;
        halls::replace_offers(tx.conn, hall, &tenants)?;
        let change = Change {
            action: "update",
            noun: "hall",
            id: hall.id.0,
            before: &told(&before, &had),
            after: &told(hall, &tenants),
        };
        tx.record(who, now, change)?;
        Ok(hall.id)
    })
}

pub fn save_row(db: &Db, who: &Actor, now: Instant, row: &Row) -> Result<RowId> {
    require(who, Permission::EditSite)?;
    db.write(Chain::Site(row.site_id), |tx| {
        if halls::get(tx.conn, row.hall_id)?.site_id != row.site_id {
            return Err(Error::field("hall", "form-choice"));
        }
        let others = halls::rows_of_site(tx.conn, row.site_id)?;
        if others
            .iter()
            .any(|r| r.hall_id == row.hall_id && r.name == row.name && r.id != row.id)
        {
            return Err(Error::field("name", "site-error-taken"));
        }
        if row.id.0 == 0 {
            let id = halls::insert_row(tx.conn, row)?;
            let change = Change {
                action: "create",
                noun: "row",
                id: id.0,
                before: &(),
                after: row,
            };
            tx.record(who, now, change)?;
            return Ok(id);
        }
        let before = halls::row(tx.conn, row.id)?;
        halls::update_row(tx.conn, row)?;
        let change = Change {
            action: "update",
            noun: "row",
            id: row.id.0,
            before: &before,
            after: row,
        };
        tx.record(who, now, change)?;
        Ok(row.id)
    })
}
