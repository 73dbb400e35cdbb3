//! Halls and their rows.

use super::super::ask::Ask;
use super::super::reply::Reply;
use super::super::routes::Answer;
use super::super::schema::Listed;
use crate::db::site::halls as rows;
use crate::domain::cursor::Cursor;
use crate::domain::ids::{HallId, RowId, SiteId, TenantId};
use crate::domain::site::OfferedTo;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct Hall {
    pub id: HallId,
    pub site: SiteId,
    pub name: String,
    /// To all tenants, to those of `tenants`, or to nobody: then only staff book in it.
    pub offered: OfferedTo,
    /// Of a hall that is offered to chosen tenants: who they are. A tenant reads of itself alone.
    pub tenants: Vec<TenantId>,
}

#[derive(Serialize, ToSchema)]
pub struct Row {
    pub id: RowId,
    pub site: SiteId,
    pub hall: HallId,
    pub name: String,
}

pub async fn list(ask: Ask) -> Answer<Listed<Hall>> {
    let (site, limit) = (ask.query.id("site"), ask.query.limit() + 1);
    let after = HallId(ask.query.after_id().unwrap_or(0));
    let tenant = ask.actor().tenant;
    let (found, chosen) = ask
        .read(move |conn| {
            let found = rows::page(conn, site, tenant, after, limit)?;
            let ids: Vec<HallId> = found.iter().map(|row| row.id).collect();
            let mut chosen = rows::offers_of(conn, &ids)?;
            chosen.retain(|(_, named)| tenant.is_none_or(|own| own == *named));
            Ok((found, chosen))
        })
        .await?;
    let of = |hall: HallId| {
        let named = chosen.iter().filter(move |(at, _)| *at == hall);
        named.map(|(_, tenant)| *tenant).collect()
    };
    Reply::page(
        &ask,
        found,
        |row| Cursor::new("", row.id.0),
        |row| Hall {
            tenants: of(row.id),
            id: row.id,
            site: row.site_id,
            name: row.name,
            offered: row.offered,
        },
    )
}

pub async fn rows(ask: Ask) -> Answer<Listed<Row>> {
    let (site, hall) = (ask.query.id("site"), ask.query.id("hall"));
    let after = RowId(ask.query.after_id().unwrap_or(0));
    let limit = ask.query.limit() + 1;
    let found = ask
        .read(move |conn| rows::rows_page(conn, site, hall, after, limit))
        .await?;
    Reply::page(
        &ask,
        found,
        |row| Cursor::new("", row.id.0),
        |row| Row {
            id: row.id,
            site: row.site_id,
            hall: row.hall_id,
            name: row.name,
        },
    )
}
