//! Innkeeper runs a mining hotel. See ARCHITECTURE.md for the map.

pub mod api;
pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod courier;
pub mod db;
pub mod demo;
pub mod domain;
pub mod error;
pub mod export;
pub mod folder;
pub mod import;
pub mod import_cli;
pub mod jobs;
pub mod logging;
pub mod mail;
pub mod mqtt;
pub mod serve;
pub mod services;
pub mod text;
pub mod user_cli;
pub mod web;
