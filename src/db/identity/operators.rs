//! The operator: one row with id 1.

use crate::db::Conn;
use crate::db::schema::operators;
use crate::error::Result;
use diesel::prelude::*;
use serde::Serialize;

/// The only id an operator has.
pub const ID: i64 = 1;

/// The company that runs the hotel, as its documents name it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = operators)]
pub struct Operator {
    pub id: i64,
    pub legal_name: String,
    pub short_name: String,
    /// ISO 3166 alpha-2.
    pub country: String,
    pub time_zone: String,
    pub inn: String,
    pub kpp: String,
    pub ogrn: String,
    pub address: String,
    pub email: String,
    pub phone: String,
    pub bank_name: String,
    pub bank_bic: String,
    pub bank_account: String,
    pub bank_corr_account: String,
    pub director: String,
    pub accountant: String,
    pub vat_payer: bool,
    pub locale: String,
}

/// `None` before the installation was set up.
pub fn get(conn: &mut Conn) -> Result<Option<Operator>> {
    Ok(operators::table.find(ID).first(conn).optional()?)
}

pub fn insert(conn: &mut Conn, row: &Operator) -> Result<()> {
    diesel::insert_into(operators::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

pub fn update(conn: &mut Conn, row: &Operator) -> Result<()> {
    diesel::update(operators::table.find(ID))
        .set(row)
        .execute(conn)?;
    Ok(())
}
