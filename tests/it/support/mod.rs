//! A fresh database for every test, on SQLite and on PostgreSQL.
//!
//! `INNKEEPER_TEST_POSTGRES` is the address of a PostgreSQL server where databases may be made. Without
//! it tests run on SQLite alone; with `INNKEEPER_TEST_FULL=1` they fail rather than leave one out.

pub mod broker;
pub mod browser;
pub mod crowd;
pub mod demo;
pub mod hotel;
mod postgres;
pub mod process;
pub mod receiver;
pub mod server;

use innkeeper::app::App;
use innkeeper::clock::Clock;
use innkeeper::config::Config;
use innkeeper::db::Db;
use innkeeper::db::identity::jobs;
use innkeeper::domain::calendar::Instant;
use innkeeper::domain::identity::JobState;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// 2026-11-20 09:00:00 UTC: the moment at which tests begin.
pub const NOW: Instant = Instant(1_795_165_200);

/// Enough for what a test runs side by side.
const CONNECTIONS: u32 = 20;

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// An empty, migrated house of a test's own; it is gone with the value.
pub struct House {
    pub db: Db,
    pub kind: Kind,
    url: String,
    dir: tempfile::TempDir,
    /// Dropped after the pool of `db`.
    _postgres: Option<postgres::Database>,
}

impl House {
    /// `None` where that database is not there and need not be.
    pub fn open(kind: Kind) -> Option<Self> {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let (url, made) = match kind {
            Kind::Sqlite => (dir.path().join("innkeeper.db").display().to_string(), None),
            Kind::Postgres => {
                let made = postgres::Database::create()?;
                (made.url.clone(), Some(made))
            }
        };
        let db = Db::open(&url, CONNECTIONS).expect("a database");
        db.migrate().expect("migrations");
        Some(Self {
            db,
            kind,
            url,
            dir,
            _postgres: made,
        })
    }

    /// The database as another process has it.
    pub fn another(&self) -> Db {
        Db::open(&self.url, CONNECTIONS).expect("a database")
    }

    /// A house on SQLite whose database is this file's content.
    fn with_file(content: &[u8]) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let path = dir.path().join("innkeeper.db");
        std::fs::write(&path, content).expect("a file");
        let url = path.display().to_string();
        Self {
            db: Db::open(&url, CONNECTIONS).expect("a database"),
            kind: Kind::Sqlite,
            url,
            dir,
            _postgres: None,
        }
    }

    /// Where it lies, for a process of the program.
    pub fn data(&self) -> process::Data {
        process::Data {
            dir: self.dir.path().to_owned(),
            url: match self.kind {
                Kind::Sqlite => String::new(),
                Kind::Postgres => self.url.clone(),
            },
        }
    }

    /// The folder of this house: data, mails.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Where its watched folders lie.
    pub fn folders(&self) -> PathBuf {
        let base = self.dir.path().join("folders");
        std::fs::create_dir_all(&base).expect("a folder");
        base
    }

    /// The whole house at `now`, as the doors hold it.
    pub fn app(&self, now: Instant) -> App {
        let config = Config {
            data_dir: self.dir.path().to_owned(),
            database_url: self.url.clone(),
            listen: "127.0.0.1:0".to_owned(),
            workers: 2,
            readings_folder_base: self.folders(),
            ..Config::default()
        };
        App {
            db: self.db.clone(),
            clock: Clock::starting_at(now),
            config: Arc::new(config),
        }
    }

    /// As `app`, with a count of the queries that it makes.
    pub fn counted(&self, now: Instant) -> (App, Arc<AtomicU64>) {
        let queries = Arc::new(AtomicU64::new(0));
        let db = Db::open_counted(&self.url, CONNECTIONS, queries.clone()).expect("a database");
        let app = App {
            db,
            ..self.app(now)
        };
        (app, queries)
    }

    /// Each mail that was sent, as its file's text, in the order of sending.
    pub fn mails(&self) -> Vec<String> {
        let Ok(folder) = std::fs::read_dir(self.dir.path().join("mail")) else {
            return vec![];
        };
        let mut paths: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
            .iter()
            .map(|path| std::fs::read_to_string(path).unwrap())
            .collect()
    }

    /// Fails where a test promised a job and left it undone.
    pub fn assert_no_jobs_left(&self) {
        let conn = &mut *self.db.get().unwrap();
        for state in [JobState::Waiting, JobState::Running, JobState::Failed] {
            assert_eq!(jobs::count(conn, None, state).unwrap(), 0, "jobs {state}");
        }
    }
}

/// An empty place for a process of the program: no schema yet. It is gone with the value.
pub struct Lot {
    pub data: process::Data,
    dir: tempfile::TempDir,
    postgres: Option<postgres::Database>,
}

impl Lot {
    /// `None` where that database is not there and need not be.
    pub fn open(kind: Kind) -> Option<Self> {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let postgres = match kind {
            Kind::Sqlite => None,
            Kind::Postgres => Some(postgres::Database::create_empty()?),
        };
        let data = process::Data {
            dir: dir.path().to_owned(),
            url: postgres
                .as_ref()
                .map_or(String::new(), |made| made.url.clone()),
        };
        Some(Self {
            data,
            dir,
            postgres,
        })
    }

    /// The database as no process holds it: to be dropped before the next process starts.
    pub fn db(&self) -> Db {
        let url = match &self.postgres {
            Some(made) => made.url.clone(),
            None => self.dir.path().join("innkeeper.db").display().to_string(),
        };
        Db::open(&url, 2).expect("a database")
    }
}

/// Runs one test body on both databases: `on_both! { fn name(house: &House) { … } }`.
#[macro_export]
macro_rules! on_both {
    ($($(#[$meta:meta])* fn $name:ident($house:ident: &House) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            fn body($house: &$crate::support::House) $body

            #[test]
            $(#[$meta])*
            fn sqlite() {
                let house = $crate::support::House::open($crate::support::Kind::Sqlite);
                body(&house.expect("SQLite is always there"));
            }

            #[test]
            $(#[$meta])*
            fn postgres() {
                if let Some(house) = $crate::support::House::open($crate::support::Kind::Postgres) {
                    body(&house);
                }
            }
        }
    )+};
}
