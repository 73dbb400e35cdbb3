//! What may be booked: the decision to place a request, and the words around it.

pub mod place;
pub mod state;
