//! Who may do what.

pub mod access;

use crate::codes;

codes!(
    /// What kind of customer a tenant is: it decides which legal details are asked for.
    TenantKind { Company = "company", SoleTrader = "sole_trader", Person = "person" }
);
