//! The doors, over HTTP: who may pass where, on the demo hotel.

mod bad_files;
mod everyone;
mod journey;
mod rights;
