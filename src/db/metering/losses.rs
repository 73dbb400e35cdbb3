//! What nodes lose by their nature.

use crate::db::Conn;
use crate::db::schema::technical_losses;
use crate::domain::ids::*;
use crate::error::Result;
use diesel::prelude::*;
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::HashMap;

/// In percent of what flows into the node.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, Serialize)]
#[diesel(table_name = technical_losses)]
pub struct Losses {
    pub node_id: NodeId,
    pub site_id: SiteId,
    pub percent: String,
}

pub fn of_site(conn: &mut Conn, site: SiteId) -> Result<HashMap<NodeId, Decimal>> {
    let rows: Vec<Losses> = technical_losses::table
        .filter(technical_losses::site_id.eq(site))
        .load(conn)?;
    let known = rows.into_iter();
    Ok(known
        .filter_map(|row| Some((row.node_id, row.percent.parse().ok()?)))
        .collect())
}

/// None takes the value away.
pub fn put(conn: &mut Conn, row: &Losses, percent: Option<Decimal>) -> Result<()> {
    diesel::delete(technical_losses::table.find(row.node_id)).execute(conn)?;
    if percent.is_some() {
        diesel::insert_into(technical_losses::table)
            .values(row)
            .execute(conn)?;
    }
    Ok(())
}
