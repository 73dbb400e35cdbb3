//! One-off charges on leases.

use crate::db::Conn;
use crate::db::schema::{charges, leases, tenants};
use crate::domain::calendar::Instant;
use crate::domain::ids::*;
use crate::error::{Result, found};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Serialize;

/// `quantity`, `unit_price`: decimals as finance wrote them; a negative quantity is a credit.
#[derive(Clone, Debug, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = charges)]
#[diesel(treat_none_as_null = true)]
pub struct Charge {
    #[diesel(skip_insertion)]
    pub id: ChargeId,
    pub lease_id: LeaseId,
    pub tenant_id: TenantId,
    pub site_id: SiteId,
    pub date: NaiveDate,
    pub description: String,
    pub quantity: String,
    pub unit_price: String,
    pub created_at: Instant,
    pub created_by: Option<UserId>,
    pub removed_at: Option<Instant>,
    pub removed_by: Option<UserId>,
}

/// With the lease's number and the tenant's name.
pub type ListedCharge = (Charge, String, String);

pub fn get(conn: &mut Conn, id: ChargeId) -> Result<Charge> {
    found(charges::table.find(id).first(conn).optional()?)
}

/// Charges that were not taken back and are dated in `[from, to)`, by date and order of entry.
pub fn of_lease(
    conn: &mut Conn,
    lease: LeaseId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Charge>> {
    Ok(charges::table
        .filter(charges::lease_id.eq(lease))
        .filter(charges::removed_at.is_null())
        .filter(charges::date.ge(from))
        .filter(charges::date.lt(to))
        .order((charges::date, charges::id))
        .load(conn)?)
}

/// Latest first; `before` is the id that the page before ended with.
pub fn list(
    conn: &mut Conn,
    lease: Option<LeaseId>,
    before: Option<ChargeId>,
    limit: i64,
) -> Result<Vec<ListedCharge>> {
    let mut query = charges::table
        .inner_join(leases::table.on(leases::id.eq(charges::lease_id)))
        .inner_join(tenants::table.on(tenants::id.eq(charges::tenant_id)))
        .filter(charges::removed_at.is_null())
        .select((charges::all_columns, leases::number, tenants::name))
        .into_boxed();
    if let Some(lease) = lease {
        query = query.filter(charges::lease_id.eq(lease));
    }
    if let Some(before) = before {
        query = query.filter(charges::id.lt(before));
    }
    Ok(query.order(charges::id.desc()).limit(limit).load(conn)?)
}

pub fn insert(conn: &mut Conn, row: &Charge) -> Result<ChargeId> {
    Ok(diesel::insert_into(charges::table)
        .values(row)
        .returning(charges::id)
        .get_result(conn)?)
}

pub fn update(conn: &mut Conn, row: &Charge) -> Result<()> {
    diesel::update(charges::table.find(row.id))
        .set(row)
        .execute(conn)?;
    Ok(())
}
