//! Connections of a process. One that is in use all the time is asked once a second whether it still
//! lives, not at each turn: on PostgreSQL that question is a way to the server and back.

use super::Conn;
use diesel::connection::{Connection, InstrumentationEvent, SimpleConnection};
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Error, ManageConnection};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// For how long a connection is believed to live.
const BELIEVED: Duration = Duration::from_secs(1);

/// The question, as diesel asks it: how often depends on the clock, so it is not counted.
const ALIVE: &str = "SELECT 1";

/// Makes connections and asks whether they live.
pub struct Manager(ConnectionManager<Conn>);

impl Manager {
    pub fn new(url: &str) -> Self {
        Self(ConnectionManager::new(url))
    }
}

/// A connection, and when it last answered the question.
pub struct Lent {
    conn: Conn,
    answered: Instant,
}

impl Deref for Lent {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

impl ManageConnection for Manager {
    type Connection = Lent;
    type Error = Error;

    fn connect(&self) -> Result<Lent, Error> {
        Ok(Lent {
            conn: self.0.connect()?,
            answered: Instant::now(),
        })
    }

    fn is_valid(&self, lent: &mut Lent) -> Result<(), Error> {
        if lent.answered.elapsed() < BELIEVED {
            return Ok(());
        }
        self.0.is_valid(&mut lent.conn)?;
        lent.answered = Instant::now();
        Ok(())
    }

    fn has_broken(&self, lent: &mut Lent) -> bool {
        self.0.has_broken(&mut lent.conn)
    }
}

/// Settings of a new connection; `queries` counts what is asked on it.
#[derive(Debug)]
pub struct Prepare {
    pub queries: Option<Arc<AtomicU64>>,
}

impl CustomizeConnection<Lent, Error> for Prepare {
    fn on_acquire(&self, lent: &mut Lent) -> Result<(), Error> {
        prepare(lent).map_err(Error::QueryError)?;
        if let Some(queries) = self.queries.clone() {
            lent.set_instrumentation(move |event: InstrumentationEvent<'_>| {
                if let InstrumentationEvent::StartQuery { query, .. } = event
                    && !query.to_string().starts_with(ALIVE)
                {
                    queries.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        Ok(())
    }
}

/// FULL: what was acknowledged survives power loss; NORMAL would lose the last commits in WAL mode.
fn prepare(conn: &mut Conn) -> diesel::QueryResult<()> {
    match conn {
        Conn::Sqlite(c) => c.batch_execute(
            "PRAGMA busy_timeout = 30000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             PRAGMA foreign_keys = ON; PRAGMA cache_size = -32000; PRAGMA temp_store = MEMORY;",
        ),
        Conn::Postgres(c) => c.batch_execute("SET TIME ZONE 'UTC'; SET lock_timeout = '60s';"),
    }
}
