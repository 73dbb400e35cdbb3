//! What a facility is made of; a change that would break live bookings says so first.

pub mod climate;
pub mod data;
pub mod drawn;
pub mod elevation;
pub mod failures;
pub mod figures;
pub mod floor;
pub mod floor_plan;
pub mod guard;
pub mod halls;
pub mod kept;
pub mod machine_batch;
pub mod machines;
pub mod models;
pub mod nodes;
pub mod one_rack;
pub mod power;
pub mod rack_list;
pub mod racks;
pub mod sites;
pub mod zones;
