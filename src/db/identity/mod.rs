//! Rows of people and companies, and of what the house does for them by mail and in the background.

pub mod answers;
pub mod api_tokens;
pub mod attempts;
pub mod jobs;
pub mod lists;
pub mod mails;
pub mod operators;
pub mod sessions;
pub mod tenants;
pub mod tokens;
pub mod users;
