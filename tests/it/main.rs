//! The suite: one binary, a folder for each wing.

mod billing;
mod house;
mod identity;
mod metering;
mod support;
