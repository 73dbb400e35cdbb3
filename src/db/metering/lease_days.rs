//! Energy of leases by local date, written with their half-hours: a year of a lease is 365 rows.

use crate::db::Conn;
use crate::db::schema::lease_days;
use crate::domain::ids::*;
use crate::domain::units::WattHours;
use crate::error::Result;
use crate::on_each;
use chrono::NaiveDate;
use diesel::prelude::*;

/// `intervals`: packed, each with its estimated part.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = lease_days)]
pub struct LeaseDay {
    pub lease_id: LeaseId,
    pub day: NaiveDate,
    pub wh: WattHours,
    pub estimated_wh: WattHours,
    pub intervals: Vec<u8>,
}

/// Of these leases on dates `[from, to)`, by lease and date.
pub fn of_leases(
    conn: &mut Conn,
    leases: &[LeaseId],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<LeaseDay>> {
    let mut rows = vec![];
    for part in leases.chunks(1_000) {
        rows.extend(
            lease_days::table
                .filter(lease_days::lease_id.eq_any(part))
                .filter(lease_days::day.ge(from))
                .filter(lease_days::day.lt(to))
                .order((lease_days::lease_id, lease_days::day))
                .load::<LeaseDay>(conn)?,
        );
    }
    Ok(rows)
}

/// Puts rows in the place of all that the lease has on dates `[from, to)`.
pub fn replace(
    conn: &mut Conn,
    lease: LeaseId,
    (from, to): (NaiveDate, NaiveDate),
    rows: &[LeaseDay],
) -> Result<()> {
    diesel::delete(
        lease_days::table
            .filter(lease_days::lease_id.eq(lease))
            .filter(lease_days::day.ge(from))
            .filter(lease_days::day.lt(to)),
    )
    .execute(conn)?;
    for part in rows.chunks(5_000) {
        on_each!(conn, c => diesel::insert_into(lease_days::table).values(part).execute(c))?;
    }
    Ok(())
}
