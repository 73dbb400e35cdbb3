//! The door of programs: JSON under `/api/v1`, described by a document that is made from the tables
//! below. See docs/API.md.

pub mod ask;
pub mod check;
pub mod document;
pub mod door;
pub mod history;
pub mod leasing;
pub mod metering;
pub mod post;
pub mod problem;
pub mod query;
pub mod reply;
pub mod routes;
pub mod schema;
pub mod site;

use routes::Wing;

/// Where everything is.
pub const ROOT: &str = "/api/v1";
/// Public: what there is to ask for.
pub const DOCUMENT: &str = "/api/v1/openapi.json";
/// Public, and the browser's door serves it: the same to read.
pub const DOCS: &str = "/api/v1/docs";

/// The wings' route tables with what registers them.
pub const WINGS: &[Wing] = &[
    (site::ROUTES, site::configure),
    (leasing::ROUTES, leasing::configure),
    (metering::ROUTES, metering::configure),
];
