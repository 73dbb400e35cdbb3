//! The doors, over HTTP: who may pass where, on the demo hotel.

mod journey;
mod rights;
