//! What a month costs.

mod behaviours;
mod cases_end_to_end;
mod money;
mod plan;
mod rate_properties;
mod rating_cases;
mod reversals;
mod run;
pub mod world;
