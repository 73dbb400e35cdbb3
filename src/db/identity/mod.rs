pub mod tenants;
pub mod users;
