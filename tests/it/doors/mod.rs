//! The doors, over HTTP: who may pass where, on the demo hotel.

mod bad_files;
mod clerks;
mod editor;
mod everyone;
mod journey;
mod kill;
mod newcomer;
mod queries;
mod rights;
mod tour;
