//! What was used, and by whom.

mod settle;
mod settle_properties;
