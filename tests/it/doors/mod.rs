//! The doors, over HTTP: who may pass where, on the demo hotel.

mod clerks;
mod journey;
mod kill;
mod rights;
