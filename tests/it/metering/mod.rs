//! What was used, and by whom.

mod alarms;
mod cases;
mod editions;
mod folder_files;
mod folders;
mod import;
mod legs;
mod load;
mod meters;
mod mqtt;
mod settle;
mod settle_properties;
mod webhooks;
