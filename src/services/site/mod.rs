//! What a facility is made of; a change that would break live bookings says so first.

pub mod failures;
pub mod figures;
pub mod guard;
pub mod halls;
pub mod models;
pub mod power;
pub mod rack_import;
pub mod rack_upload;
pub mod racks;
pub mod sites;
pub mod zones;
