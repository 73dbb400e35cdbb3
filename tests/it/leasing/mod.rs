//! Leasing: services on both databases, lists, pages over HTTP.

mod brute;
mod conflicts;
mod crowd;
mod lists;
mod pages;
mod search;
mod services;
pub mod world;

#[path = "../../../src/domain/leasing/place/oracle.rs"]
mod oracle;

/// What the brute-force model speaks of.
mod types {
    pub use innkeeper::domain::leasing::place::*;
}
