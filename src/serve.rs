//! `innkeeper serve`: the server and the background work, until it is asked to stop.

use crate::app::App;
use crate::error::Result;
use crate::{jobs, web};

/// Serves until SIGTERM or Ctrl-C; running requests and the job at hand are finished first.
pub fn run(app: &App) -> Result<()> {
    run_with(app, |_| {})
}

/// `ready` is told the bound address once it answers.
pub fn run_with(app: &App, ready: impl FnOnce(std::net::SocketAddr)) -> Result<()> {
    let system = actix_web::rt::System::new();
    system.block_on(async {
        let (server, address) = web::server::start(app)?;
        let background = jobs::start(app)?;
        tracing::info!(%address, "serving");
        ready(address);
        server.await.map_err(anyhow::Error::from)?;
        background.stop();
        tracing::info!("stopped");
        Ok(())
    })
}
