//! The only place that knows diesel: rows in, rows out, no decisions.

pub mod audit;
pub mod billing;
mod claim;
pub mod connection;
pub mod identity;
mod kept;
pub mod leasing;
mod lines;
pub mod metering;
mod pool;
mod prepared;
pub mod schema;
pub mod shared;
pub mod site;
mod stays;
pub mod trail;
mod transaction;
pub mod types;

pub use claim::Claim;
pub use connection::{Chain, Conn, Db, Tx};
