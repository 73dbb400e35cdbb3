//! The HTTP server: layers around the routes, and a graceful end.

use super::door::admit;
use super::guard::{GuardSettings, guard};
use super::{WINGS, assets, session};
use crate::api;
use crate::app::App;
use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App as Actix, HttpServer, web};
use anyhow::{Context, Result};
use tracing_actix_web::TracingLogger;

/// Seconds that running requests have to finish at the end.
const SHUTDOWN_SECONDS: u64 = 20;
/// Everything but an uploaded file; files are streamed and have a limit of their own.
const FORM_BYTES: usize = 256 * 1024;

/// Everything that the house answers.
pub fn routes(config: &mut web::ServiceConfig) {
    WINGS
        .iter()
        .for_each(|(_, configure)| configure(&mut *config));
}

/// Binds and starts; SIGTERM and Ctrl-C end it after the running requests. Returns the bound address.
pub fn start(app: &App) -> Result<(Server, std::net::SocketAddr)> {
    start_with(app, routes)
}

/// The same layers and doors around other answers: a bench compares pages with one of its own.
pub fn start_with(
    app: &App,
    routes: fn(&mut web::ServiceConfig),
) -> Result<(Server, std::net::SocketAddr)> {
    let state = app.clone();
    let mut server = HttpServer::new(move || {
        Actix::new()
            .app_data(web::Data::new(state.clone()))
            .app_data(web::Data::new(GuardSettings {
                https: state.config.https(),
            }))
            .app_data(web::FormConfig::default().limit(FORM_BYTES))
            .wrap(from_fn(admit))
            .wrap(session::middleware(&state))
            .wrap(from_fn(guard))
            .wrap(Compress::default())
            .wrap(TracingLogger::default())
            .configure(routes)
            .service(
                web::scope("/api")
                    .wrap(from_fn(api::door::admit))
                    .configure(api::door::configure),
            )
    })
    .shutdown_timeout(SHUTDOWN_SECONDS);
    if app.config.workers > 0 {
        server = server.workers(app.config.workers);
    }
    let server = server
        .bind(&app.config.listen)
        .with_context(|| format!("cannot listen on {}", app.config.listen))?;
    let address = server
        .addrs()
        .first()
        .copied()
        .context("no address was bound")?;
    assets::warm_up();
    Ok((server.run(), address))
}
