//! Energy of meters by local date, kept up with every reading that is written.

use crate::db::Conn;
use crate::db::schema::meter_days;
use crate::domain::ids::*;
use crate::domain::units::WattHours;
use crate::error::Result;
use crate::on_each;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use std::collections::BTreeMap;

/// What a meter measured of a local date: of `seconds` of it something is known. `intervals`: packed,
/// each with its method; `None` in an older house until its dates are counted again.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = meter_days)]
pub struct MeterDay {
    pub meter_id: MeterId,
    pub day: NaiveDate,
    pub wh: WattHours,
    pub estimated_wh: WattHours,
    pub seconds: i64,
    pub intervals: Option<Vec<u8>>,
}

/// What is known of these meters on dates `[from, to)`, by meter and date.
pub fn of_meters(
    conn: &mut Conn,
    meters: &[MeterId],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<MeterDay>> {
    let mut rows = vec![];
    for part in meters.chunks(1_000) {
        rows.extend(
            meter_days::table
                .filter(meter_days::meter_id.eq_any(part))
                .filter(meter_days::day.ge(from))
                .filter(meter_days::day.lt(to))
                .order((meter_days::meter_id, meter_days::day))
                .load::<MeterDay>(conn)?,
        );
    }
    Ok(rows)
}

/// What is known of these dates of meters.
pub fn of_keys(conn: &mut Conn, keys: &[(MeterId, NaiveDate)]) -> Result<Vec<MeterDay>> {
    let mut rows = vec![];
    for (meters, days) in named(keys) {
        let of = meter_days::meter_id
            .eq_any(meters)
            .and(meter_days::day.eq_any(days));
        rows.extend(meter_days::table.filter(of).load::<MeterDay>(conn)?);
    }
    Ok(rows)
}

/// Takes dates away, to be written anew or for good.
pub fn delete(conn: &mut Conn, keys: &[(MeterId, NaiveDate)]) -> Result<()> {
    for (meters, days) in named(keys) {
        let of = meter_days::meter_id
            .eq_any(meters)
            .and(meter_days::day.eq_any(days));
        diesel::delete(meter_days::table.filter(of)).execute(conn)?;
    }
    Ok(())
}

/// Keys as statements name them, each a date of many meters or a meter with many dates: whichever takes
/// fewer.
fn named(keys: &[(MeterId, NaiveDate)]) -> Vec<(Vec<MeterId>, Vec<NaiveDate>)> {
    let mut by_day: BTreeMap<NaiveDate, Vec<MeterId>> = BTreeMap::new();
    let mut by_meter: BTreeMap<MeterId, Vec<NaiveDate>> = BTreeMap::new();
    for (meter, day) in keys {
        by_day.entry(*day).or_default().push(*meter);
        by_meter.entry(*meter).or_default().push(*day);
    }
    let mut found = vec![];
    if by_day.len() < by_meter.len() {
        for (day, meters) in by_day {
            found.extend(meters.chunks(1_000).map(|part| (part.to_vec(), vec![day])));
        }
    } else {
        for (meter, days) in by_meter {
            found.extend(days.chunks(1_000).map(|part| (vec![meter], part.to_vec())));
        }
    }
    found
}

pub fn insert(conn: &mut Conn, rows: &[MeterDay]) -> Result<()> {
    for part in rows.chunks(5_000) {
        on_each!(conn, c => diesel::insert_into(meter_days::table).values(part).execute(c))?;
    }
    Ok(())
}

/// Puts rows in the place of all that a meter has.
pub fn replace(conn: &mut Conn, meter: MeterId, rows: &[MeterDay]) -> Result<()> {
    diesel::delete(meter_days::table.filter(meter_days::meter_id.eq(meter))).execute(conn)?;
    insert(conn, rows)
}

/// What a meter measured in a time: of `seconds` of it something is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, QueryableByName)]
pub struct Total {
    #[diesel(sql_type = BigInt)]
    pub meter_id: MeterId,
    #[diesel(sql_type = BigInt)]
    pub wh: WattHours,
    #[diesel(sql_type = BigInt)]
    pub seconds: i64,
}

/// One row for each meter of a site that has a day in `[from, to)`.
pub fn totals(conn: &mut Conn, site: SiteId, from: NaiveDate, to: NaiveDate) -> Result<Vec<Total>> {
    let site = site.0;
    let query = format!(
        "SELECT d.meter_id, CAST(SUM(d.wh) AS BIGINT) AS wh, CAST(SUM(d.seconds) AS BIGINT) AS \
         seconds FROM meters m JOIN meter_days d ON d.meter_id = m.id WHERE m.site_id = {site} \
         AND d.day >= '{from}' AND d.day < '{to}' GROUP BY d.meter_id"
    );
    Ok(diesel::sql_query(query).load(conn)?)
}

#[derive(QueryableByName)]
struct Unequal {
    #[diesel(sql_type = BigInt)]
    meter_id: MeterId,
}

/// Meters whose days do not add up to their readings.
pub fn unequal(conn: &mut Conn) -> Result<Vec<MeterId>> {
    let sums = |table: &str, seconds: &str, estimated: &str| {
        format!(
            "SELECT meter_id, CAST(SUM(wh) AS BIGINT) AS wh, CAST(SUM({estimated}) AS BIGINT) AS \
             estimated_wh, CAST(SUM({seconds}) AS BIGINT) AS seconds FROM {table} GROUP BY meter_id"
        )
    };
    let readings = sums(
        "readings",
        "end_at - start_at",
        "CASE WHEN estimated THEN wh ELSE 0 END",
    );
    let days = sums("meter_days", "seconds", "estimated_wh");
    let query = format!(
        "SELECT m.id AS meter_id FROM meters m LEFT JOIN ({readings}) r ON r.meter_id = m.id \
         LEFT JOIN ({days}) d ON d.meter_id = m.id WHERE COALESCE(r.wh, 0) <> COALESCE(d.wh, 0) \
         OR COALESCE(r.estimated_wh, 0) <> COALESCE(d.estimated_wh, 0) \
         OR COALESCE(r.seconds, 0) <> COALESCE(d.seconds, 0) ORDER BY m.id LIMIT 100"
    );
    let rows: Vec<Unequal> = diesel::sql_query(query).load(conn)?;
    Ok(rows.into_iter().map(|row| row.meter_id).collect())
}
