//! Use cases: load, decide, write. One transaction each; every write of the product is here.

pub mod leasing;
pub mod seed;
pub mod site;
