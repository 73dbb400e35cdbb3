//! People, companies, mails, jobs and forms.

mod forms;
mod jobs;
mod operator;
mod outbox;
mod pages;
mod sign_in;
mod tenants;
pub mod users;
pub mod world;
