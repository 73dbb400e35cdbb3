//! What was used, and by whom.

mod alarms;
mod cases;
mod import;
mod settle;
mod settle_properties;
