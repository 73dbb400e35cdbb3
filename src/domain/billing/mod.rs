//! What a lease's month costs: plans in, a priced and explained month out.

pub mod case;
pub mod inputs;
pub mod invoice_plan;
pub mod plan;
pub mod rate;
pub mod standing;
