//! Energy of several meters together, by the time at which intervals begin or by date.

use crate::db::Conn;
use crate::domain::calendar::{Instant, Span};
use crate::domain::ids::*;
use crate::domain::units::WattHours;
use crate::error::Result;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date};

/// Of `[start_at, end_at)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, QueryableByName)]
pub struct Sum {
    #[diesel(sql_type = BigInt)]
    pub start_at: Instant,
    #[diesel(sql_type = BigInt)]
    pub end_at: Instant,
    #[diesel(sql_type = BigInt)]
    pub wh: WattHours,
    #[diesel(sql_type = BigInt)]
    pub estimated_wh: WattHours,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, QueryableByName)]
pub struct DaySum {
    #[diesel(sql_type = Date)]
    pub day: NaiveDate,
    #[diesel(sql_type = BigInt)]
    pub wh: WattHours,
    #[diesel(sql_type = BigInt)]
    pub estimated_wh: WattHours,
}

fn ids(meters: &[MeterId]) -> String {
    let ids: Vec<String> = meters.iter().map(|it| it.0.to_string()).collect();
    ids.join(", ")
}

pub fn intervals(conn: &mut Conn, meters: &[MeterId], span: Span) -> Result<Vec<Sum>> {
    if meters.is_empty() {
        return Ok(vec![]);
    }
    let (ids, from, to) = (ids(meters), span.from.0, span.to.0);
    let query = format!(
        "SELECT start_at, MAX(end_at) AS end_at, CAST(SUM(wh) AS BIGINT) AS wh, \
         CAST(SUM(CASE WHEN estimated THEN wh ELSE 0 END) AS BIGINT) AS estimated_wh \
         FROM readings WHERE meter_id IN ({ids}) AND start_at >= {from} AND start_at < {to} \
         GROUP BY start_at ORDER BY start_at"
    );
    Ok(diesel::sql_query(query).load(conn)?)
}

/// By date, in `[from, to)`.
pub fn days(
    conn: &mut Conn,
    meters: &[MeterId],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<DaySum>> {
    if meters.is_empty() {
        return Ok(vec![]);
    }
    let ids = ids(meters);
    let query = format!(
        "SELECT day, CAST(SUM(wh) AS BIGINT) AS wh, CAST(SUM(estimated_wh) AS BIGINT) AS \
         estimated_wh FROM meter_days WHERE meter_id IN ({ids}) AND day >= '{from}' AND \
         day < '{to}' GROUP BY day ORDER BY day"
    );
    Ok(diesel::sql_query(query).load(conn)?)
}
