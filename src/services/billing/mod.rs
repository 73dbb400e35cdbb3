//! Prices, documents and money.

pub mod blockers;
pub mod charges;
pub mod home;
pub mod invoices;
pub mod issue;
pub mod open_month;
pub mod payments;
pub mod plans;
pub mod rating;
pub mod reversals;
pub mod runs;
pub mod vat;

use crate::db::Conn;
use crate::db::identity::operators;
use crate::domain::calendar::{Instant, Zone};
use crate::error::Result;
use chrono::NaiveDate;

/// The zone by which documents are dated.
pub fn operator_zone(conn: &mut Conn) -> Result<Zone> {
    let operator = operators::get(conn)?;
    let zone = operator.and_then(|it| Zone::parse(&it.time_zone));
    Ok(zone.unwrap_or(Zone(chrono_tz::UTC)))
}

/// The operator's date: of issue, of being overdue, of postings.
pub fn operator_today(conn: &mut Conn, now: Instant) -> Result<NaiveDate> {
    Ok(operator_zone(conn)?.date(now))
}
