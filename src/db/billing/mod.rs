//! Rows of prices, documents and money.

pub mod charges;
pub mod invoices;
pub mod ledger;
pub mod payments;
pub mod plans;
pub mod runs;
pub mod vat;
