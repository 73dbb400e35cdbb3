//! The suite: one binary, a folder for each wing.

mod api;
mod billing;
mod cases;
mod doors;
mod house;
mod identity;
mod leasing;
mod metering;
mod site;
mod support;

// The brute-force model beside the placement names its words from here.
use innkeeper::domain;
