//! The days of an allocation in a query: its own dates go before those of its booking.

use crate::domain::calendar::Instant;
use chrono::NaiveDate;
use diesel::sql_types::{Date, Nullable};

diesel::define_sql_function! {
    /// The first day of an allocation.
    #[sql_name = "coalesce"]
    fn begins(own: Nullable<Date>, booking: Date) -> Date;
}

diesel::define_sql_function! {
    /// The day on which an allocation ends.
    #[sql_name = "coalesce"]
    fn ends(own: Nullable<Date>, booking: Nullable<Date>) -> Nullable<Date>;
}

/// Whether an allocation has not ended on a day.
macro_rules! lasts {
    ($day:expr) => {
        crate::db::schema::allocations::to_date
            .is_null()
            .or(crate::db::schema::allocations::to_date.gt($day))
    };
}
pub(in crate::db) use lasts;

/// Whether an allocation has begun and not ended on a day, by its own dates.
macro_rules! stands {
    ($day:expr) => {
        crate::db::schema::allocations::from_date
            .is_null()
            .or(crate::db::schema::allocations::from_date.le($day))
            .and($crate::db::stays::lasts!($day))
    };
}
pub(in crate::db) use stands;

/// The same in words of SQL, with the booking `r` of the allocation `a`.
pub fn stands_sql(day: NaiveDate) -> String {
    format!(
        "r.from_date <= '{day}' AND (r.to_date IS NULL OR r.to_date > '{day}') \
         AND (a.from_date IS NULL OR a.from_date <= '{day}') \
         AND (a.to_date IS NULL OR a.to_date > '{day}')"
    )
}

/// Whether a booking `r` is leased, or still held.
pub fn live_sql(now: Instant) -> String {
    let now = now.0;
    format!("(r.state = 'leased' OR (r.state = 'held' AND r.hold_until > {now}))")
}
