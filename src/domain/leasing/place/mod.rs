//! `place`: may this request be booked beside what is live, and where would it stand?
//!
//! Pure and in whole numbers; only `bound` computes in floats, and what it finds is checked.
//!
//! First everything stays where it is (`beside`): a greedy filling, then a largest flow (`fit`), on
//! a large site of a few feeds (`shortlist`). Then the
//! unassigned bookings may move: one packing problem (`model`), solved by branch and bound
//! (`bound`), spread over the racks (`spread`) and replayed before it is believed (`scene`). Where
//! that search runs out, everything movable is placed anew in a few orders (`anew`). The
//! parts of a mixed request are placed one beside the other, each free to move (`together`). What
//! is accepted is then made better where it costs nobody anything (`quality`).

mod anew;
mod beside;
mod bound;
mod decide;
mod fit;
mod flow;
mod ground;
mod grove;
mod lows;
mod model;
mod overload;
mod peak;
mod profile;
mod quality;
mod rating;
mod refuse;
mod replan;
mod scene;
mod season;
mod shortlist;
mod spread;
mod standing;
mod sweep;
mod together;
mod types;
mod verify;

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;

pub use decide::{check_assignment, most_units, place};
pub use ground::chain;
pub use overload::{Overload, overloads};
pub use peak::{Peak, node_peaks};
pub use quality::{Quality, quality};
pub use rating::{
    legs_from_rating, legs_from_supply, legs_from_watts, usable_watts, watts_without_spare,
};
pub use replan::{Aim, Figures, Replan, may_move, replan};
pub use season::seasonal;
pub use standing::{Standing, availability};
pub use together::place_all;
pub use types::*;
pub use verify::{capacity_on, spots, usage_on, verify};
