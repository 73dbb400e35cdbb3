//! Leasing: services on both databases, lists, pages over HTTP.

mod asking;
mod backdated;
mod brute;
mod conflicts;
mod crowd;
mod lists;
mod offered;
mod pages;
mod ready;
mod relocate;
mod search;
mod services;
pub mod world;

// The solver has more ways in than the services need.
#[allow(dead_code)]
#[path = "../../../src/domain/leasing/place/oracle.rs"]
mod oracle;

/// What the brute-force model speaks of.
mod types {
    pub use innkeeper::domain::leasing::place::*;
}
