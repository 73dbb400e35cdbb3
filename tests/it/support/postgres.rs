//! Databases on a PostgreSQL server, copied from one that was migrated once for the whole run.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use innkeeper::db::Db;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

const SERVER: &str = "INNKEEPER_TEST_POSTGRES";
const FULL: &str = "INNKEEPER_TEST_FULL";

static TEMPLATE: OnceLock<String> = OnceLock::new();
static MADE: AtomicU32 = AtomicU32::new(0);

/// A database that goes with the value.
pub struct Database {
    pub url: String,
    name: String,
}

impl Database {
    /// Migrated; `None` without a server, unless everything has to run.
    pub fn create() -> Option<Self> {
        let server = server()?;
        let template = TEMPLATE.get_or_init(|| make_template(&server));
        Some(Self::copy(&server, template))
    }

    /// The same with nothing in it, not even a schema.
    pub fn create_empty() -> Option<Self> {
        Some(Self::copy(&server()?, "template0"))
    }

    fn copy(server: &str, template: &str) -> Self {
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("innkeeper_it_{}_{number}", std::process::id());
        run(
            server,
            &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
        );
        run(
            server,
            &format!("CREATE DATABASE {name} TEMPLATE {template}"),
        );
        Self {
            url: address(server, &name),
            name,
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(server) = server() {
            run(
                &server,
                &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name),
            );
        }
    }
}

fn server() -> Option<String> {
    match std::env::var(SERVER) {
        Ok(url) if !url.is_empty() => Some(url),
        _ => {
            let full = std::env::var(FULL).is_ok_and(|value| value == "1");
            assert!(!full, "{FULL}=1 demands PostgreSQL: set {SERVER}");
            None
        }
    }
}

/// One migration for all tests of this process. A copy needs that nobody is connected to it.
fn make_template(server: &str) -> String {
    let name = format!("innkeeper_it_template_{}", std::process::id());
    run(
        server,
        &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
    );
    run(server, &format!("CREATE DATABASE {name}"));
    let db = Db::open(&address(server, &name), 1).expect("the template");
    db.migrate().expect("migrations");
    drop(db);
    let wait = format!(
        "DO $$ BEGIN FOR i IN 1..200 LOOP \
           EXIT WHEN NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = '{name}'); \
           PERFORM pg_sleep(0.05); PERFORM pg_stat_clear_snapshot(); \
         END LOOP; END $$"
    );
    run(server, &wait);
    name
}

fn address(server: &str, database: &str) -> String {
    let (base, query) = match server.split_once('?') {
        Some((base, query)) => (base, format!("?{query}")),
        None => (server, String::new()),
    };
    let (scheme, rest) = base.split_once("://").expect("a postgres:// address");
    let host = rest.split('/').next().unwrap_or(rest);
    format!("{scheme}://{host}/{database}{query}")
}

fn run(server: &str, sql: &str) {
    let mut conn = PgConnection::establish(server).expect("the test server");
    conn.batch_execute(sql)
        .unwrap_or_else(|e| panic!("{sql}: {e}"));
}
