//! VAT rates by country and date.

use crate::db::Conn;
use crate::db::schema::vat_rates;
use crate::domain::billing::rate;
use crate::error::{Result, found};
use anyhow::Context;
use chrono::NaiveDate;
use diesel::prelude::*;
use rust_decimal::Decimal;
use serde::Serialize;

/// `rate`: a decimal share, `0.22`.
#[derive(Clone, Debug, Queryable, Insertable, Serialize)]
#[diesel(table_name = vat_rates)]
pub struct VatRow {
    #[diesel(skip_insertion)]
    pub id: i64,
    pub country: String,
    pub category: String,
    pub rate: String,
    pub effective_from: NaiveDate,
}

pub const STANDARD: &str = "standard";

pub fn all(conn: &mut Conn) -> Result<Vec<VatRow>> {
    Ok(vat_rates::table
        .order((
            vat_rates::country,
            vat_rates::category,
            vat_rates::effective_from,
        ))
        .load(conn)?)
}

pub fn get(conn: &mut Conn, id: i64) -> Result<VatRow> {
    found(vat_rates::table.find(id).first(conn).optional()?)
}

/// The country's standard rates, as pricing wants them.
pub fn standard(conn: &mut Conn, country: &str) -> Result<Vec<rate::VatRate>> {
    let rows: Vec<VatRow> = vat_rates::table
        .filter(vat_rates::country.eq(country))
        .filter(vat_rates::category.eq(STANDARD))
        .order(vat_rates::effective_from)
        .load(conn)?;
    rows.iter()
        .map(|row| {
            let rate: Decimal = row
                .rate
                .parse()
                .with_context(|| format!("VAT rate {}", row.id))?;
            Ok(rate::VatRate {
                from: row.effective_from,
                rate,
            })
        })
        .collect()
}

pub fn exists(conn: &mut Conn, row: &VatRow) -> Result<bool> {
    let same = vat_rates::table
        .filter(vat_rates::country.eq(&row.country))
        .filter(vat_rates::category.eq(&row.category))
        .filter(vat_rates::effective_from.eq(row.effective_from));
    Ok(diesel::select(diesel::dsl::exists(same)).get_result(conn)?)
}

pub fn insert(conn: &mut Conn, row: &VatRow) -> Result<i64> {
    Ok(diesel::insert_into(vat_rates::table)
        .values(row)
        .returning(vat_rates::id)
        .get_result(conn)?)
}

pub fn delete(conn: &mut Conn, id: i64) -> Result<()> {
    diesel::delete(vat_rates::table.find(id)).execute(conn)?;
    Ok(())
}
