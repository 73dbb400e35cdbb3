//! Rows of a facility: its halls, racks, power, cooling, outages, and what the region forbids.

pub mod catalogue;
pub mod climate;
pub mod cooling;
pub mod floor;
pub mod halls;
mod machine_list;
pub mod machines;
pub mod on_rack;
pub mod power;
pub mod racks;
pub mod sites;

/// Rows of one batch: a statement takes a limited number of values.
const CHUNK: usize = 500;

/// A text inside a LIKE pattern, as itself.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_")
}
