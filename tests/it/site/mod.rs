//! Site: changes that would break live bookings, racks from files, the list of racks, pages over HTTP.

mod changes;
mod files;
mod lists;
mod pages;
mod weather;
