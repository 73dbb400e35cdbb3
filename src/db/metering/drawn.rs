//! What the racks' meters said last.

use crate::db::Conn;
use crate::domain::calendar::Instant;
use crate::domain::ids::*;
use crate::domain::units::WattHours;
use crate::error::Result;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

/// The latest reading of one meter of a rack.
#[derive(Clone, Debug, QueryableByName)]
pub struct Spoken {
    #[diesel(sql_type = BigInt)]
    pub rack_id: RackId,
    #[diesel(sql_type = BigInt)]
    pub start_at: Instant,
    #[diesel(sql_type = BigInt)]
    pub end_at: Instant,
    #[diesel(sql_type = BigInt)]
    pub wh: WattHours,
}

/// One row a meter that hangs on a rack of the site, is in service on `today`, and has a reading that
/// ended after `since`: one look at the end of each meter's key.
pub fn of_racks(
    conn: &mut Conn,
    site: SiteId,
    since: Instant,
    today: NaiveDate,
) -> Result<Vec<Spoken>> {
    let (site, since) = (site.0, since.0);
    let query = format!(
        "SELECT m.rack_id, r.start_at, r.end_at, r.wh FROM meters m JOIN readings r \
         ON r.meter_id = m.id AND r.start_at = (SELECT MAX(l.start_at) FROM readings l \
         WHERE l.meter_id = m.id) WHERE m.site_id = {site} AND m.rack_id IS NOT NULL \
         AND m.from_date <= '{today}' AND (m.to_date IS NULL OR m.to_date > '{today}') \
         AND r.end_at > {since}"
    );
    Ok(diesel::sql_query(query).load(conn)?)
}
