//! What was used, and by whom.

mod import;
mod settle;
mod settle_properties;
