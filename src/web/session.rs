//! Sessions are rows: the cookie carries a random token, the house keeps its hash.

use super::door::SESSION_USER;
use crate::app::App;
use crate::db::identity::sessions::{self, Session as Row};
use crate::domain::ids::UserId;
use actix_session::SessionMiddleware;
use actix_session::config::{CookieContentSecurity, PersistentSession, TtlExtensionPolicy};
use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Key, SameSite};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

type State = HashMap<String, String>;

/// A working day without a click; then one signs in again.
const LENGTH: Duration = Duration::hours(12);
const COOKIE: &str = "session";
const TOKEN_BYTES: usize = 32;

pub struct Rows(App);

pub fn middleware(app: &App) -> SessionMiddleware<Rows> {
    // The token is random and checked against its row: signing it would add a key to keep.
    SessionMiddleware::builder(Rows(app.clone()), Key::from(&[0; 64]))
        .cookie_name(COOKIE.to_owned())
        .cookie_http_only(true)
        .cookie_same_site(SameSite::Lax)
        .cookie_secure(app.config.https())
        .cookie_content_security(CookieContentSecurity::Signed)
        .session_lifecycle(
            PersistentSession::default()
                .session_ttl(LENGTH)
                .session_ttl_extension_policy(TtlExtensionPolicy::OnStateChanges),
        )
        .build()
}

fn hash(key: &SessionKey) -> String {
    hex::encode(Sha256::digest(key.as_ref().as_bytes()))
}

fn new_key() -> anyhow::Result<SessionKey> {
    use rand::RngCore;
    let mut bytes = [0; TOKEN_BYTES];
    rand::rng().fill_bytes(&mut bytes);
    hex::encode(bytes)
        .try_into()
        .map_err(|error| anyhow::anyhow!("a session key: {error:?}"))
}

impl Rows {
    fn row(&self, key: &SessionKey, state: &State, ttl: &Duration) -> anyhow::Result<Row> {
        let user = state
            .get(SESSION_USER)
            .and_then(|text| text.parse().ok())
            .map(UserId);
        Ok(Row {
            token_hash: hash(key),
            state: serde_json::to_string(state)?,
            user_id: user,
            expires_at: self.0.now().plus_seconds(ttl.whole_seconds()),
        })
    }
}

impl SessionStore for Rows {
    async fn load(&self, key: &SessionKey) -> Result<Option<State>, LoadError> {
        let (hash, now) = (hash(key), self.0.now());
        let row = self
            .0
            .read(move |conn| sessions::get(conn, &hash, now))
            .await;
        match row.map_err(|error| LoadError::Other(error.into()))? {
            None => Ok(None),
            Some(row) => serde_json::from_str(&row.state)
                .map(Some)
                .map_err(|error| LoadError::Deserialization(error.into())),
        }
    }

    async fn save(&self, state: State, ttl: &Duration) -> Result<SessionKey, SaveError> {
        let key = new_key().map_err(SaveError::Other)?;
        let row = self
            .row(&key, &state, ttl)
            .map_err(SaveError::Serialization)?;
        let saved = self.0.read(move |conn| sessions::insert(conn, &row)).await;
        saved.map_err(|error| SaveError::Other(error.into()))?;
        Ok(key)
    }

    async fn update(
        &self,
        key: SessionKey,
        state: State,
        ttl: &Duration,
    ) -> Result<SessionKey, UpdateError> {
        let row = self
            .row(&key, &state, ttl)
            .map_err(UpdateError::Serialization)?;
        let updated = self.0.read(move |conn| sessions::update(conn, &row)).await;
        // One that ran out or was ended while this request was answered does not come back: its
        // cookie opens nothing.
        updated.map_err(|error| UpdateError::Other(error.into()))?;
        Ok(key)
    }

    async fn update_ttl(&self, key: &SessionKey, ttl: &Duration) -> Result<(), anyhow::Error> {
        let (hash, until) = (hash(key), self.0.now().plus_seconds(ttl.whole_seconds()));
        Ok(self
            .0
            .read(move |conn| sessions::extend(conn, &hash, until))
            .await?)
    }

    async fn delete(&self, key: &SessionKey) -> Result<(), anyhow::Error> {
        let hash = hash(key);
        Ok(self
            .0
            .read(move |conn| sessions::delete(conn, &hash))
            .await?)
    }
}
