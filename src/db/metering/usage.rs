//! What settling and pricing last made of a lease's month: rebuilt from readings, never the truth.

use crate::db::Conn;
use crate::db::schema::{allocations, lease_months, leases, reservations};
use crate::db::stays::{begins, ends};
use crate::domain::calendar::{Instant, Month};
use crate::domain::ids::*;
use crate::domain::money::Minor;
use crate::domain::units::{WattHours, Watts};
use crate::error::Result;
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Serialize;
use std::collections::HashMap;

/// `blockers`: JSON, why it cannot be billed. `plan`: the priced month as JSON, empty while blocked.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = lease_months)]
#[diesel(primary_key(lease_id, month))]
#[diesel(treat_none_as_null = true)]
pub struct LeaseMonth {
    pub lease_id: LeaseId,
    pub month: String,
    pub tenant_id: TenantId,
    pub site_id: SiteId,
    pub stale: bool,
    pub computed_at: Instant,
    pub wh: WattHours,
    pub estimated_wh: WattHours,
    pub last_reading_at: Option<Instant>,
    pub last_watts: Watts,
    pub currency: String,
    pub net: Minor,
    pub vat: Minor,
    pub total: Minor,
    pub forecast_total: Minor,
    pub blockers: String,
    pub plan: String,
}

pub fn month(conn: &mut Conn, lease: LeaseId, month: Month) -> Result<Option<LeaseMonth>> {
    Ok(lease_months::table
        .find((lease, month.to_string()))
        .first(conn)
        .optional()?)
}

/// Inserts or replaces.
pub fn put_month(conn: &mut Conn, row: &LeaseMonth) -> Result<()> {
    let changed = diesel::update(lease_months::table.find((row.lease_id, &row.month)))
        .set(row)
        .execute(conn)?;
    if changed == 0 {
        diesel::insert_into(lease_months::table)
            .values(row)
            .execute(conn)?;
    }
    Ok(())
}

/// True where a row was there to be marked.
pub fn set_stale(conn: &mut Conn, lease: LeaseId, month: Month) -> Result<bool> {
    let changed = diesel::update(lease_months::table.find((lease, month.to_string())))
        .set(lease_months::stale.eq(true))
        .execute(conn)?;
    Ok(changed > 0)
}

/// Every computed month of the lease from this one on.
pub fn months_from(conn: &mut Conn, lease: LeaseId, from: Month) -> Result<Vec<LeaseMonth>> {
    Ok(lease_months::table
        .filter(lease_months::lease_id.eq(lease))
        .filter(lease_months::month.ge(from.to_string()))
        .order(lease_months::month)
        .load(conn)?)
}

/// When the months from one to another were last computed: month, whether it is stale, when.
pub fn computed(
    conn: &mut Conn,
    lease: LeaseId,
    (from, to): (Month, Month),
) -> Result<Vec<(String, bool, Instant)>> {
    Ok(lease_months::table
        .filter(lease_months::lease_id.eq(lease))
        .filter(lease_months::month.between(from.to_string(), to.to_string()))
        .select((
            lease_months::month,
            lease_months::stale,
            lease_months::computed_at,
        ))
        .load(conn)?)
}

/// All leases' rows of a month.
pub fn of_month(conn: &mut Conn, month: Month) -> Result<Vec<LeaseMonth>> {
    Ok(lease_months::table
        .filter(lease_months::month.eq(month.to_string()))
        .order(lease_months::lease_id)
        .load(conn)?)
}

pub fn all_fresh(conn: &mut Conn) -> Result<Vec<LeaseMonth>> {
    Ok(lease_months::table
        .filter(lease_months::stale.eq(false))
        .order((lease_months::lease_id, lease_months::month))
        .load(conn)?)
}

/// A lease that stands, or stood, on a rack, with what it was assigned there.
#[derive(Clone, Debug, Queryable)]
pub struct Standing {
    pub rack_id: RackId,
    pub lease_id: LeaseId,
    pub number: String,
    pub start_date: NaiveDate,
    pub end_date: Option<NaiveDate>,
    pub units: i64,
    pub watts_each: Watts,
}

/// Leases on these racks, by rack, lease and allocation.
pub fn standing_on(conn: &mut Conn, racks: &[RackId]) -> Result<Vec<Standing>> {
    let mut rows = vec![];
    for part in racks.chunks(1_000) {
        rows.extend(
            allocations::table
                .inner_join(
                    leases::table.on(leases::reservation_id.eq(allocations::reservation_id)),
                )
                .inner_join(
                    reservations::table.on(reservations::id.eq(allocations::reservation_id)),
                )
                .filter(allocations::rack_id.eq_any(part))
                .order((allocations::rack_id, leases::id, allocations::id))
                .select((
                    allocations::rack_id,
                    leases::id,
                    leases::number,
                    begins(allocations::from_date, leases::start_date),
                    ends(allocations::to_date, leases::end_date),
                    allocations::units,
                    reservations::watts_each,
                ))
                .load::<Standing>(conn)?,
        );
    }
    Ok(rows)
}

/// What was computed for a month, by lease.
pub fn by_lease(conn: &mut Conn, month: Month) -> Result<HashMap<LeaseId, LeaseMonth>> {
    Ok(of_month(conn, month)?
        .into_iter()
        .map(|row| (row.lease_id, row))
        .collect())
}

/// Leases with an active day in the month that were billed for it or not, by id.
pub fn lease_ids_of_month(conn: &mut Conn, month: Month) -> Result<Vec<LeaseId>> {
    Ok(leases::table
        .filter(leases::start_date.lt(month.end()))
        .filter(
            leases::end_date
                .is_null()
                .or(leases::end_date.gt(month.first())),
        )
        .order(leases::id)
        .select(leases::id)
        .load(conn)?)
}
