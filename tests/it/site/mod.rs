//! Site: changes that would break live bookings, data in and out, the list of racks, pages over HTTP.

mod changes;
mod data;
mod data_pages;
mod drawn;
mod floor;
mod lists;
mod machines;
mod pages;
mod weather;
