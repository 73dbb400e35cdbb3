//! Meters that stopped speaking.

use crate::db::Conn;
use crate::domain::calendar::Instant;
use crate::domain::ids::*;
use crate::error::Result;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

/// A meter in service and the end of its last reading.
#[derive(Clone, Debug, QueryableByName)]
pub struct Silent {
    #[diesel(sql_type = BigInt)]
    pub id: MeterId,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub last_at: Option<Instant>,
}

/// Meters of intervals in service on `today` (registers are read when somebody comes by) whose last
/// reading ended before `since`, longest silent first; without those that an incident tells of.
/// One look at the end of each meter's key instead of a pass over all readings.
pub fn silent(
    conn: &mut Conn,
    since: Instant,
    today: NaiveDate,
    limit: i64,
) -> Result<Vec<Silent>> {
    let since = since.0;
    let query = format!(
        "SELECT id, code, last_at FROM (SELECT m.id, m.code, (SELECT r.end_at FROM readings r \
         WHERE r.meter_id = m.id ORDER BY r.start_at DESC LIMIT 1) AS last_at FROM meters m \
         WHERE m.reads = 'interval' AND m.from_date <= '{today}' AND (m.to_date IS NULL OR m.to_date > '{today}') \
         AND NOT EXISTS (SELECT 1 FROM incidents i WHERE i.site_id = m.site_id AND i.kind = 'silent' \
         AND i.subject = 'meter-' || m.id AND i.cleared_at IS NULL)) spoken \
         WHERE last_at IS NULL OR last_at < {since} ORDER BY COALESCE(last_at, 0), id LIMIT {limit}"
    );
    Ok(diesel::sql_query(query).load(conn)?)
}
