//! Documents and lists that go out, as bytes: PDF, CSV, XLSX and JSON. No database, no clock.

pub mod csv;
pub mod document;
pub mod json;
pub mod message80020;
pub mod pdf;
pub mod sheet;
pub mod table;
pub mod words;
pub mod xlsx;
