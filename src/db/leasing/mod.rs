//! Rows of what is asked for, held and leased.

pub mod conflicts;
pub mod leases;
pub mod lists;
pub mod requests;
pub mod reservations;
pub mod stand;
