//! Rows of what was measured: meters, readings, how they came in, and what was made of them.

pub mod alarms;
pub mod days;
pub mod devices;
pub mod drawn;
pub mod imports;
pub mod lease_days;
pub mod losses;
pub mod message_numbers;
pub mod meters;
pub mod quarantine;
pub mod readings;
pub mod silence;
pub mod sources;
pub mod sums;
pub mod usage;
pub mod watched;
pub mod webhooks;
