//! Energy of leases by local date, written with their half-hours: a year of a lease is 365 rows.

use crate::db::Conn;
use crate::db::schema::lease_days;
use crate::domain::calendar::Window;
use crate::domain::ids::*;
use crate::domain::units::WattHours;
use crate::error::Result;
use crate::on_each;
use chrono::NaiveDate;
use diesel::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = lease_days)]
pub struct LeaseDay {
    pub lease_id: LeaseId,
    pub day: NaiveDate,
    pub wh: WattHours,
    pub estimated_wh: WattHours,
}

/// Puts rows in the place of all that the lease has within these dates.
pub fn replace(conn: &mut Conn, lease: LeaseId, within: Window, rows: &[LeaseDay]) -> Result<()> {
    let end = within.to.unwrap_or(NaiveDate::MAX);
    diesel::delete(
        lease_days::table
            .filter(lease_days::lease_id.eq(lease))
            .filter(lease_days::day.ge(within.from))
            .filter(lease_days::day.lt(end)),
    )
    .execute(conn)?;
    for part in rows.chunks(5_000) {
        on_each!(conn, c => diesel::insert_into(lease_days::table).values(part).execute(c))?;
    }
    Ok(())
}
