//! Use cases: load, decide, write. One transaction each; every write of the product is here.

pub mod billing;
pub mod check;
pub mod forms;
pub mod idempotency;
pub mod identity;
pub mod jobs;
pub mod leasing;
pub mod metering;
pub mod outbox;
pub mod seed;
pub mod site;
