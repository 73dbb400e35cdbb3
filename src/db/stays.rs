//! The days of an allocation in a query: its own dates go before those of its booking.

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
