//! What may be booked: the decision to place a request, and the worked cases it is checked by.

pub mod case;
pub mod conflicts;
pub mod failure;
pub mod place;
pub mod range;
pub mod state;
