//! What happened to a row.

use super::schema::utc;
use crate::db::{Conn, trail};
use crate::domain::identity::access::Actor;
use crate::error::Result;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

const MOST: i64 = 50;

/// One entry of the trail, the latest first.
#[derive(Serialize, ToSchema)]
pub struct Happening {
    pub at: DateTime<Utc>,
    /// `reserve`, `assign`, `cancel` …
    pub action: String,
    /// Who did it; null for the house itself, for a machine's token, and where a tenant asks.
    pub by: Option<String>,
}

pub fn history(conn: &mut Conn, who: &Actor, noun: &str, id: i64) -> Result<Vec<Happening>> {
    let rows = trail::of(conn, noun, id, MOST)?;
    let operator = who.tenant.is_none();
    Ok(rows
        .into_iter()
        .map(|(row, name)| Happening {
            at: utc(row.at),
            action: row.action,
            by: name.filter(|_| operator),
        })
        .collect())
}
