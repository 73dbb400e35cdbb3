//! The only place that knows diesel: rows in, rows out, no decisions.

pub mod connection;
pub mod identity;
pub mod leasing;
pub mod schema;
pub mod site;
pub mod trail;
pub mod types;

pub use connection::{Chain, Conn, Db, Tx};
