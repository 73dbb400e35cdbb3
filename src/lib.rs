//! Innkeeper runs a mining hotel. See ARCHITECTURE.md for the map.

pub mod clock;
pub mod db;
pub mod domain;
pub mod error;
pub mod services;
