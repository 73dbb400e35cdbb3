//! Meters, their readings, and what leases used.

pub mod estimates;
pub mod imports;
pub mod intake;
pub mod meters;
pub mod settlement;
pub mod touched;
pub mod usage;
