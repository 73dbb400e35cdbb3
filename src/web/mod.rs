//! The browser's door: pages in the reader's language, forms, lists, errors.

pub mod assets;
pub mod billing;
pub mod common;
pub mod door;
pub mod form;
pub mod guard;
pub mod home;
pub mod identity;
pub mod leasing;
pub mod list;
pub mod metering;
pub mod nav;
pub mod page;
pub mod parts;
pub mod problem;
pub mod reader;
pub mod routes;
pub mod server;
pub mod session;
pub mod site;
pub mod upload;
pub mod visit;

use routes::Wing;

/// The wings' route tables with what registers them.
pub const WINGS: &[Wing] = &[
    (common::ROUTES, common::configure),
    (home::ROUTES, home::configure),
    (identity::ROUTES, identity::configure),
    (leasing::ROUTES, leasing::configure),
    (metering::ROUTES, metering::configure),
    (site::ROUTES, site::configure),
    (site::machines::ROUTES, site::machines::configure),
    (site::floor::ROUTES, site::floor::configure),
    (billing::ROUTES, billing::configure),
];
