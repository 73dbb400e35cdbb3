//! Leasing: services on both databases, lists, pages over HTTP.

mod conflicts;
mod crowd;
mod lists;
mod pages;
mod services;
pub mod world;
