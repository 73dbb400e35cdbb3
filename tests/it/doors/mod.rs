//! The doors, over HTTP: who may pass where, on the demo hotel.

mod bad_files;
mod journey;
mod queries;
mod rights;
