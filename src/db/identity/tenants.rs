//! Tenants.

use crate::db::Conn;
use crate::db::schema::tenants;
use crate::domain::calendar::Instant;
use crate::domain::identity::TenantKind;
use crate::domain::ids::{TenantId, UserId};
use crate::domain::site::Redundancy;
use crate::error::{Result, found};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = tenants)]
#[diesel(treat_none_as_null = true)]
pub struct Tenant {
    #[diesel(skip_insertion)]
    pub id: TenantId,
    pub kind: TenantKind,
    pub name: String,
    pub name_folded: String,
    pub inn: String,
    pub kpp: String,
    pub ogrn: String,
    pub address: String,
    pub email: String,
    pub phone: String,
    pub contact: String,
    pub bank_details: String,
    /// The number in the state's register of miners, and its date.
    pub registry_number: String,
    pub registry_date: Option<NaiveDate>,
    pub locale: String,
    pub created_at: Instant,
    pub created_by: Option<UserId>,
    /// The rule of admission that holds for what it books, wherever.
    pub redundancy: Redundancy,
}

pub fn all(conn: &mut Conn) -> Result<Vec<Tenant>> {
    Ok(tenants::table
        .order((tenants::name_folded, tenants::id))
        .load(conn)?)
}

/// Whether the house has any tenant.
pub fn any(conn: &mut Conn) -> Result<bool> {
    let first: Option<TenantId> = tenants::table.select(tenants::id).first(conn).optional()?;
    Ok(first.is_some())
}

pub fn get(conn: &mut Conn, id: TenantId) -> Result<Tenant> {
    found(tenants::table.find(id).first(conn).optional()?)
}

pub fn insert(conn: &mut Conn, row: &Tenant) -> Result<TenantId> {
    Ok(diesel::insert_into(tenants::table)
        .values(row)
        .returning(tenants::id)
        .get_result(conn)?)
}

pub fn update(conn: &mut Conn, row: &Tenant) -> Result<()> {
    diesel::update(tenants::table.find(row.id))
        .set(row)
        .execute(conn)?;
    Ok(())
}
