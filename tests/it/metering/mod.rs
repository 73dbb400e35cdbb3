//! What was used, and by whom.

mod cases;
mod import;
mod meters;
mod settle;
mod settle_properties;
