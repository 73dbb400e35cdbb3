//! Billing runs: one for each month.

use crate::db::Conn;
use crate::db::schema::billing_runs;
use crate::domain::calendar::{Instant, Month};
use crate::domain::ids::*;
use crate::error::{Result, found};
use diesel::prelude::*;
use serde::Serialize;

/// `total`, `done`: how many leases the running issue has before it and behind it.
#[derive(Clone, Debug, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = billing_runs)]
#[diesel(treat_none_as_null = true)]
pub struct Run {
    #[diesel(skip_insertion)]
    pub id: RunId,
    pub month: String,
    pub state: String,
    pub total: i64,
    pub done: i64,
    pub created_at: Instant,
    pub created_by: Option<UserId>,
    pub issued_at: Option<Instant>,
    pub issued_by: Option<UserId>,
}

impl Run {
    /// Months are checked when a run is written.
    pub fn month(&self) -> Result<Month> {
        Ok(Month::parse(&self.month)
            .ok_or_else(|| anyhow::anyhow!("run {} has the month {:?}", self.id, self.month))?)
    }
}

pub const OPEN: &str = "open";
pub const ISSUING: &str = "issuing";
pub const ISSUED: &str = "issued";

pub fn get(conn: &mut Conn, id: RunId) -> Result<Run> {
    found(billing_runs::table.find(id).first(conn).optional()?)
}

pub fn of_month(conn: &mut Conn, month: Month) -> Result<Option<Run>> {
    Ok(billing_runs::table
        .filter(billing_runs::month.eq(month.to_string()))
        .first(conn)
        .optional()?)
}

/// Latest month first.
pub fn all(conn: &mut Conn) -> Result<Vec<Run>> {
    Ok(billing_runs::table
        .order(billing_runs::month.desc())
        .load(conn)?)
}

pub fn insert(conn: &mut Conn, row: &Run) -> Result<RunId> {
    Ok(diesel::insert_into(billing_runs::table)
        .values(row)
        .returning(billing_runs::id)
        .get_result(conn)?)
}

pub fn update(conn: &mut Conn, row: &Run) -> Result<()> {
    diesel::update(billing_runs::table.find(row.id))
        .set(row)
        .execute(conn)?;
    Ok(())
}
