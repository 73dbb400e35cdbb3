//! Energy of several meters or leases together, by date.

use crate::db::Conn;
use crate::domain::ids::*;
use crate::domain::units::WattHours;
use crate::error::Result;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date};

#[derive(Clone, Copy, Debug, PartialEq, Eq, QueryableByName)]
pub struct DaySum {
    #[diesel(sql_type = Date)]
    pub day: NaiveDate,
    #[diesel(sql_type = BigInt)]
    pub wh: WattHours,
    #[diesel(sql_type = BigInt)]
    pub estimated_wh: WattHours,
}

fn list(ids: impl Iterator<Item = i64>) -> String {
    let ids: Vec<String> = ids.map(|it| it.to_string()).collect();
    ids.join(", ")
}

/// By date, in `[from, to)`.
pub fn days(
    conn: &mut Conn,
    meters: &[MeterId],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<DaySum>> {
    let ids = list(meters.iter().map(|it| it.0));
    by_day(conn, ("meter_days", "meter_id"), &ids, (from, to))
}

/// Dates of leases together, in `[from, to)`.
pub fn lease_days(
    conn: &mut Conn,
    leases: &[LeaseId],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<DaySum>> {
    let ids = list(leases.iter().map(|it| it.0));
    by_day(conn, ("lease_days", "lease_id"), &ids, (from, to))
}

fn by_day(
    conn: &mut Conn,
    (table, whose): (&str, &str),
    ids: &str,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<DaySum>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let query = format!(
        "SELECT day, CAST(SUM(wh) AS BIGINT) AS wh, CAST(SUM(estimated_wh) AS BIGINT) AS \
         estimated_wh FROM {table} WHERE {whose} IN ({ids}) AND day >= '{from}' AND \
         day < '{to}' GROUP BY day ORDER BY day"
    );
    Ok(diesel::sql_query(query).load(conn)?)
}
