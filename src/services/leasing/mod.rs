//! From a wish to a lease.

pub mod answer;
pub mod assign;
pub mod availability;
pub mod conflicts;
pub mod events;
pub mod house;
pub mod leases;
pub mod near;
pub mod offered;
pub mod options;
pub mod play;
pub mod preview;
pub mod quality;
pub mod quote;
pub mod ready;
pub mod relocate;
pub mod replan;
pub mod requests;
pub mod reserve;
pub mod search;
pub mod together;
pub mod wish;
