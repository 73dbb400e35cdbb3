//! Innkeeper runs a mining hotel. See ARCHITECTURE.md for the map.

pub mod app;
pub mod clock;
pub mod config;
pub mod db;
pub mod domain;
pub mod error;
pub mod export;
pub mod import;
pub mod jobs;
pub mod logging;
pub mod mail;
pub mod services;
pub mod text;
pub mod web;
