//! What was used, and by whom.

mod cases;
mod import;
mod settle;
mod settle_properties;
