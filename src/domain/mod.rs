//! The ground floor: pure decisions and the values they are made of.

pub mod billing;
pub mod calendar;
pub mod codes;
pub mod cursor;
pub mod fold;
pub mod identity;
pub mod ids;
pub mod leasing;
pub mod message;
pub mod metering;
pub mod money;
pub mod rows;
pub mod site;
pub mod units;
