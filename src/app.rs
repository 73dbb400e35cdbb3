//! What every door holds: the database, the clock and the settings.

use crate::clock::Clock;
use crate::config::Config;
use crate::db::{Conn, Db};
use crate::domain::calendar::Instant;
use crate::error::{Error, Result};
use crate::mail::PostOffice;
use crate::services::billing::vat;
use crate::services::seed;
use actix_web::web;
use std::sync::Arc;

#[derive(Clone)]
pub struct App {
    pub db: Db,
    pub clock: Clock,
    pub config: Arc<Config>,
}

impl App {
    /// Opens the database and brings its schema up to date.
    pub fn open(config: Config, clock: Clock) -> Result<Self> {
        std::fs::create_dir_all(&config.data_dir).map_err(anyhow::Error::from)?;
        let db = Db::open(&config.database(), config.database_connections)?;
        db.migrate()?;
        seed::ensure(&db)?;
        vat::seed(&db)?;
        Ok(Self {
            db,
            clock,
            config: Arc::new(config),
        })
    }

    /// The same house, written to through this handle.
    pub fn with_db(&self, db: &Db) -> Self {
        Self {
            db: db.clone(),
            ..self.clone()
        }
    }

    /// Where mails are handed in, as the settings say.
    pub fn post_office(&self) -> Result<PostOffice> {
        let config = &self.config;
        let office = PostOffice::open(&config.smtp_url, &config.mail_dir(), &config.mail_from)?;
        Ok(office)
    }

    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Runs a use case off the threads that answer requests.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&App) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let app = self.clone();
        web::block(move || work(&app))
            .await
            .map_err(|e| Error::Internal(anyhow::anyhow!("a request was cut off: {e}")))?
    }

    /// Reads for a page, off the threads that answer requests.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.run(move |app| work(&mut *app.db.get()?)).await
    }
}
