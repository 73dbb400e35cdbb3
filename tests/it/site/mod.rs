//! Site: changes that would break live bookings, racks from files, the list of racks, pages over HTTP.

mod changes;
mod files;
mod floor;
mod lists;
mod machines;
mod pages;
mod weather;
