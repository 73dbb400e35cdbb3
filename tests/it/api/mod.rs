//! The API over HTTP: every answer is held against the document.

mod document;
mod idempotency;
mod paging;
mod resources;
mod rights;
mod tokens;
pub mod world;
