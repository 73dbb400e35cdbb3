//! The doors, over HTTP: who may pass where, on the demo hotel.

mod bad_files;
mod editor;
mod everyone;
mod journey;
mod rights;
mod tour;
