//! What was used, and by whom.

mod alarms;
mod cases;
mod editions;
mod import;
mod legs;
mod load;
mod meters;
mod mqtt;
mod settle;
mod settle_properties;
mod webhooks;
