//! Prices, documents and money.

pub mod blockers;
pub mod rating;
