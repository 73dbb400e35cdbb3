//! What is asked for, held and leased: pages and their words.

pub mod words;
