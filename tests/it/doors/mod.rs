//! The doors, over HTTP: who may pass where, on the demo hotel.

mod bad_files;
mod clerks;
mod journey;
mod kill;
mod queries;
mod rights;
