//! One connection type over both databases, its pool, and the one way to write.

use super::Claim;
use super::kept::Kept;
use super::lines::Lines;
use super::pool::{Manager, Prepare};
use super::shared::{Pooled, Shared};
use super::trail::Head;
use super::transaction::{begin, begin_write, commit, end_write, lock, rollback, unlock};
use crate::domain::calendar::Instant;
use crate::domain::ids::UserId;
use crate::error::{Error, Result};
use anyhow::Context;
use diesel::r2d2::{Pool, PooledConnection};
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

const SQLITE_MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES_MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// How often a write is tried again when the database asks for it (serialization, lock wait).
const WRITE_ATTEMPTS: u32 = 12;

/// The line in which processes stand that bring the schema up to date; chains count from 0.
const MIGRATION: i64 = -1;

#[derive(diesel::MultiConnection)]
pub enum Conn {
    Postgres(diesel::PgConnection),
    Sqlite(diesel::SqliteConnection),
}

/// Runs the same diesel code on each variant, for what the enum itself cannot express.
#[macro_export]
macro_rules! on_each {
    ($conn:expr, $inner:ident => $code:expr) => {
        match $conn {
            $crate::db::connection::Conn::Postgres($inner) => $code,
            $crate::db::connection::Conn::Sqlite($inner) => $code,
        }
    };
}

pub type Owned = PooledConnection<Manager>;

#[derive(Clone)]
pub struct Db {
    pool: Pool<Manager>,
    /// The form in whose name is written, if any.
    claim: Option<Arc<Claim>>,
    /// Writers of this process stand in line here, without holding a connection.
    lines: Arc<Lines>,
    kept: Kept,
    /// Set while everything runs inside one open transaction, see `together`.
    shared: Option<Arc<Shared>>,
}

/// Which writes stand in line behind each other, and which hash chain records them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chain {
    /// Identity, plans, documents and money.
    Operator,
    /// Capacity and leases of one site.
    Site(crate::domain::ids::SiteId),
}

impl Chain {
    pub fn key(self) -> i64 {
        match self {
            Self::Operator => 0,
            Self::Site(site) => site.0,
        }
    }
}

/// An open write transaction.
pub struct Tx<'a> {
    pub conn: &'a mut Conn,
    pub chain: Chain,
    /// What its first row of the trail is about: `payment 7`.
    pub(super) about: Option<String>,
    /// Where its chain stands, once that was asked: the chain's line keeps others from moving it.
    pub(super) head: Option<Head>,
}

impl<'a> Tx<'a> {
    fn open(conn: &'a mut Conn, chain: Chain) -> Self {
        Self {
            conn,
            chain,
            about: None,
            head: None,
        }
    }
}

impl Db {
    /// `url`: `postgres://…`, or the path of an SQLite file.
    pub fn open(url: &str, connections: u32) -> Result<Self> {
        Self::open_with(url, connections, None)
    }

    /// As `open`; every query of every connection is counted, so that a test can tell how many a
    /// page asks.
    pub fn open_counted(url: &str, connections: u32, queries: Arc<AtomicU64>) -> Result<Self> {
        Self::open_with(url, connections, Some(queries))
    }

    fn open_with(url: &str, connections: u32, queries: Option<Arc<AtomicU64>>) -> Result<Self> {
        let pool = Pool::builder()
            .max_size(connections)
            .min_idle(Some(1))
            .connection_timeout(Duration::from_secs(30))
            .connection_customizer(Box::new(Prepare { queries }))
            .build(Manager::new(url))
            .with_context(|| format!("cannot open the database {}", without_password(url)))?;
        Ok(Self {
            pool,
            claim: None,
            lines: Arc::new(Lines::new(url.starts_with("postgres"))),
            kept: Kept::default(),
            shared: None,
        })
    }

    /// The same database, whose first write keeps a form's one-time key with what it does.
    pub fn in_the_name_of(&self, key: &str, user: UserId, at: Instant) -> (Self, Arc<Claim>) {
        let claim = Arc::new(Claim::new(key, user, at));
        let named = Self {
            pool: self.pool.clone(),
            claim: Some(claim.clone()),
            lines: self.lines.clone(),
            kept: self.kept.clone(),
            shared: self.shared.clone(),
        };
        (named, claim)
    }

    /// What this process keeps between requests.
    pub fn kept(&self) -> &Kept {
        &self.kept
    }

    pub fn get(&self) -> Result<Pooled> {
        match &self.shared {
            Some(shared) => Shared::lend(shared),
            None => Ok(Pooled::own(self.pool.get()?)),
        }
    }

    /// Brings the schema up to date, all of it or nothing; returns the names of the migrations that
    /// ran. Processes that start side by side stand in line.
    pub fn migrate(&self) -> Result<Vec<String>> {
        let conn = &mut *self.get()?;
        lock(conn, MIGRATION)?;
        let ran = match is_up_to_date(conn) {
            Ok(true) => Ok(vec![]),
            Ok(false) => migrate(conn),
            Err(error) => Err(error),
        };
        unlock(conn, MIGRATION)?;
        ran
    }

    /// A consistent snapshot for what reads more than one row set.
    pub fn read<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        let mut conn = self.get()?;
        if self.shared.is_some() {
            return work(&mut conn);
        }
        begin(
            &mut conn,
            "BEGIN",
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        )?;
        let result = work(&mut conn);
        rollback(&mut conn);
        result
    }

    /// One use case: all of it or nothing, in line with the other writers of its chain.
    pub fn write<T>(&self, chain: Chain, work: impl FnMut(&mut Tx) -> Result<T>) -> Result<T> {
        self.write_then(chain, work, |_| ())
    }

    /// As `write`; `then` sees what was committed before the next writer of the chain in this
    /// process has its turn. It is left out inside `together`.
    pub fn write_then<T>(
        &self,
        chain: Chain,
        mut work: impl FnMut(&mut Tx) -> Result<T>,
        then: impl FnOnce(&T),
    ) -> Result<T> {
        let line = self.lines.of(chain);
        // Whoever writes inside `together` has its turn already. A writer that panicked wrote nothing:
        // its transaction is gone.
        let alone = self.shared.is_none();
        let _turn = alone.then(|| line.lock().unwrap_or_else(PoisonError::into_inner));
        let mut conn = self.get()?;
        let claim = self.claim.as_deref().filter(|it| !it.is_taken());
        let mut work = |tx: &mut Tx| {
            let Some(claim) = claim else { return work(tx) };
            claim.ensure_new(tx.conn)?;
            let done = work(tx)?;
            claim.take(tx)?;
            Ok(done)
        };
        if let Some(shared) = &self.shared {
            shared.ensure(chain)?;
            // What comes after the commit is not for a part of it.
            return work(&mut Tx::open(&mut conn, chain));
        }
        let done = retried(|| attempt_write(&mut conn, chain, &mut work));
        if let Ok(value) = &done {
            if let Some(claim) = claim {
                claim.committed();
            }
            then(value);
        }
        done
    }

    /// Whether this is the database as work inside `together` sees it: what it reads may never be
    /// committed.
    pub fn is_inside(&self) -> bool {
        self.shared.is_some()
    }

    /// Several use cases of one chain as one: all of them or none. `work` gets a database whose
    /// reads and writes all run inside the one transaction; it needs no second connection, so that
    /// writers who wait can not starve the one they wait for.
    pub fn together<T>(&self, chain: Chain, mut work: impl FnMut(&Db) -> Result<T>) -> Result<T> {
        if let Some(shared) = &self.shared {
            shared.ensure(chain)?;
            return work(self);
        }
        if self.claim.is_some() {
            let wrong = anyhow::anyhow!("a form's key is kept by one write, not by several");
            return Err(wrong.into());
        }
        let line = self.lines.of(chain);
        let _turn = line.lock().unwrap_or_else(PoisonError::into_inner);
        let mut conn = Some(self.pool.get()?);
        retried(|| {
            let own = match conn.take() {
                Some(own) => own,
                None => self.pool.get()?,
            };
            let (back, result) = self.attempt_together(chain, own, &mut work);
            conn = back;
            result
        })
    }

    fn attempt_together<T>(
        &self,
        chain: Chain,
        mut conn: Owned,
        work: &mut impl FnMut(&Db) -> Result<T>,
    ) -> (Option<Owned>, Result<T>) {
        if let Err(error) = lock(&mut conn, chain.key()) {
            return (None, Err(error));
        }
        if let Err(error) = begin_write(&mut conn) {
            let left = unlock(&mut conn, chain.key()).map(|()| conn).ok();
            return (left, Err(error));
        }
        let shared = Arc::new(Shared::new(chain, conn));
        let inside = Db {
            pool: self.pool.clone(),
            claim: None,
            lines: self.lines.clone(),
            kept: self.kept.clone(),
            shared: Some(shared.clone()),
        };
        let result = work(&inside);
        // Whoever kept the connection has broken the rule; dropping it rolls back.
        let Some(mut conn) = shared.take() else {
            let lost = anyhow::anyhow!("the connection of a shared transaction was kept");
            return (None, Err(lost.into()));
        };
        match end_write(&mut conn, chain.key(), result) {
            (true, result) => (Some(conn), result),
            (false, result) => (None, result),
        }
    }
}

/// Tries again what the database asks to try again.
fn retried<T>(mut work: impl FnMut() -> Result<T>) -> Result<T> {
    let mut attempt = 0;
    loop {
        attempt += 1;
        match work() {
            Err(Error::Database(e)) if attempt < WRITE_ATTEMPTS && asks_for_retry(&e) => {
                std::thread::sleep(Duration::from_millis(5 << attempt.min(7)));
            }
            done => return done,
        }
    }
}

fn is_up_to_date(conn: &mut Conn) -> Result<bool> {
    let pending = match conn {
        Conn::Sqlite(c) => c.has_pending_migration(SQLITE_MIGRATIONS),
        Conn::Postgres(c) => c.has_pending_migration(POSTGRES_MIGRATIONS),
    };
    let pending = pending.map_err(|e| anyhow::anyhow!("the schema's state is not known: {e}"))?;
    Ok(!pending)
}

/// One transaction: an upgrade that fails or is killed leaves the house as the older program knows it.
fn migrate(conn: &mut Conn) -> Result<Vec<String>> {
    begin(conn, "BEGIN IMMEDIATE", "BEGIN")?;
    let ran = match conn {
        Conn::Sqlite(c) => c.run_pending_migrations(SQLITE_MIGRATIONS),
        Conn::Postgres(c) => c.run_pending_migrations(POSTGRES_MIGRATIONS),
    };
    let names = ran.map(|ran| ran.iter().map(ToString::to_string).collect());
    match names {
        Ok(names) => {
            commit(conn)?;
            Ok(names)
        }
        Err(error) => {
            let error = anyhow::anyhow!("migration failed: {error}");
            rollback(conn);
            Err(error.into())
        }
    }
}

fn attempt_write<T>(
    conn: &mut Conn,
    chain: Chain,
    work: &mut impl FnMut(&mut Tx) -> Result<T>,
) -> Result<T> {
    lock(conn, chain.key())?;
    if let Err(error) = begin_write(conn) {
        unlock(conn, chain.key())?;
        return Err(error);
    }
    let result = work(&mut Tx::open(conn, chain));
    end_write(conn, chain.key(), result).1
}

fn asks_for_retry(error: &DieselError) -> bool {
    match error {
        DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        DieselError::DatabaseError(_, info) => {
            let message = info.message();
            message.contains("deadlock detected")
                || message.contains("database is locked")
                || message.contains("could not serialize")
        }
        DieselError::RollbackErrorOnCommit { commit_error, .. } => asks_for_retry(commit_error),
        _ => false,
    }
}

/// The address without its password, for messages and logs.
pub fn without_password(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn messages_never_show_a_password() {
        assert_eq!(
            super::without_password("postgres://a:secret@h:1/db"),
            "postgres://…@h:1/db"
        );
        assert_eq!(
            super::without_password("data/innkeeper.db"),
            "data/innkeeper.db"
        );
    }
}
