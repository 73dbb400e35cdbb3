//! Which parts of a bench are wanted, and databases of its own to run them on.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

/// Parts named on the command line; all of them where none is.
pub fn wanted(part: &str) -> bool {
    let mut parts = std::env::args().skip(1).filter(|a| !a.starts_with('-'));
    let first = parts.next();
    first.is_none_or(|first| first == part || parts.any(|p| p == part))
}

/// PostgreSQL where `DATABASE_URL` names a server on which databases may be made.
pub fn names() -> Vec<&'static str> {
    let mut names = vec!["SQLite"];
    names.extend(
        std::env::var("DATABASE_URL")
            .is_ok()
            .then_some("PostgreSQL"),
    );
    names
}

/// An empty database, gone afterwards.
pub fn on_database(name: &str, work: impl FnOnce(&str)) {
    if name == "SQLite" {
        let folder = tempfile::tempdir().expect("a folder");
        return work(&folder.path().join("bench.db").display().to_string());
    }
    let server = std::env::var("DATABASE_URL").expect("a PostgreSQL server");
    let name = format!("innkeeper_bench_{}", std::process::id());
    let mut conn = PgConnection::establish(&server).expect("a PostgreSQL server");
    let mut run = |sql: String| conn.batch_execute(&sql).expect("a database of its own");
    run(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    run(format!("CREATE DATABASE {name}"));
    let (base, _) = server.rsplit_once('/').expect("postgres://host/database");
    work(&format!("{base}/{name}"));
    run(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
}
