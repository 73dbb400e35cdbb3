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
    pub side: Side,
    /// Who did it; null for the house itself and for a service's token. A tenant reads the names of
    /// its own people alone.
    pub by: Option<String>,
}

/// Whose people did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Somebody of the tenant.
    Tenant,
    /// The facility's people.
    Operator,
    /// Nobody in person: the house itself, or a service's token.
    House,
}

pub fn history(conn: &mut Conn, who: &Actor, noun: &str, id: i64) -> Result<Vec<Happening>> {
    let done = trail::by_whom(conn, noun, id, MOST)?;
    let told = |done: trail::Done| {
        let side = match (done.row.user_id, done.tenant) {
            (None, _) => Side::House,
            (Some(_), Some(_)) => Side::Tenant,
            (Some(_), None) => Side::Operator,
        };
        // A row of a tenant is written by its own people and the operator's alone.
        let is_told = who.tenant.is_none() || (side == Side::Tenant && done.tenant == who.tenant);
        Happening {
            at: utc(done.row.at),
            action: done.row.action,
            side,
            by: done.name.filter(|_| is_told),
        }
    };
    Ok(done.into_iter().map(told).collect())
}
