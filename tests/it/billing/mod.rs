//! What a month costs.

mod behaviours;
mod plan;
mod rate_properties;
mod rating_cases;
mod world;
