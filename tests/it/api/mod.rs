//! The API over HTTP: every answer is held against the document.

mod document;
mod idempotency;
mod lists;
mod machines;
mod mixed;
mod paging;
mod readings;
mod resources;
mod rights;
mod tokens;
pub mod world;
