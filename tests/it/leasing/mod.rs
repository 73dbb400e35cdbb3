//! Leasing: services on both databases, lists, pages over HTTP.

mod crowd;
mod conflicts;
mod lists;
mod pages;
mod services;
pub mod world;
