//! Meters, their readings, and what leases used.

pub mod alarms;
pub mod balance;
pub mod checks;
pub mod curve;
pub mod devices;
pub mod direct;
pub mod editions;
pub mod edits;
pub mod estimates;
pub mod imports;
pub mod intake;
pub mod loads;
pub mod marks;
pub mod meters;
pub mod quarantine;
pub mod registers;
pub mod served;
pub mod settlement;
pub mod sources;
pub mod tariff_hours;
pub mod touched;
pub mod usage;
pub mod webhooks;
pub mod written;
