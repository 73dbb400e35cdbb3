//! People, companies, mails, jobs and forms.

mod forms;
mod jobs;
mod operator;
mod outbox;
mod pages;
mod sign_in;
mod tenants;
mod users;
pub mod world;
