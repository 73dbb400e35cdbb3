//! How transactions begin and end on either database, and the lines that writers of several processes
//! stand in.

use super::Conn;
use crate::error::Result;
use crate::on_each;
use diesel::PgConnection;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};

pub fn begin_write(conn: &mut Conn) -> Result<()> {
    begin(
        conn,
        "BEGIN IMMEDIATE",
        "BEGIN ISOLATION LEVEL SERIALIZABLE",
    )
}

/// Commits what went well, takes back what did not, and leaves the line. Says whether the connection
/// may be used again: one that could not leave its line may not.
pub fn end_write<T>(conn: &mut Conn, line: i64, result: Result<T>) -> (bool, Result<T>) {
    let result = match (conn, result) {
        (Conn::Postgres(c), Ok(value)) => match commit_and_unlock(c, line) {
            Ok(()) => return (true, Ok(value)),
            Err(error) => {
                roll_back(AnsiTransactionManager::rollback_transaction(c));
                return left(unlock_postgres(c, line), Err(error));
            }
        },
        (conn, Ok(value)) => commit(conn).map(|()| value),
        (conn, Err(error)) => {
            rollback(conn);
            let left_line = unlock(conn, line);
            return left(left_line, Err(error));
        }
    };
    (true, result)
}

fn left<T>(unlocked: Result<()>, result: Result<T>) -> (bool, Result<T>) {
    match unlocked {
        Ok(()) => (true, result),
        Err(error) => (false, result.and(Err(error))),
    }
}

/// One way to the server and back for both: what follows a commit that failed is not run, and diesel
/// takes from the server whether a transaction is open.
fn commit_and_unlock(conn: &mut PgConnection, line: i64) -> Result<()> {
    Ok(conn.batch_execute(&format!("COMMIT; {}", unlocking(line)))?)
}

/// Taken before the transaction begins, so that its snapshot is newer than the writer before it.
/// A session lock: it falls with the connection if the process dies. SQLite has one writer anyway.
pub fn lock(conn: &mut Conn, line: i64) -> Result<()> {
    match conn {
        Conn::Postgres(c) => {
            Ok(c.batch_execute(&format!("SELECT pg_advisory_lock({})", lock_key(line)))?)
        }
        Conn::Sqlite(_) => Ok(()),
    }
}

/// A range of its own among the advisory locks of a shared database.
fn lock_key(line: i64) -> i64 {
    (0x494e_4e4b << 32) + line
}

fn unlocking(line: i64) -> String {
    format!("SELECT pg_advisory_unlock({})", lock_key(line))
}

pub fn unlock(conn: &mut Conn, line: i64) -> Result<()> {
    match conn {
        Conn::Postgres(c) => unlock_postgres(c, line),
        Conn::Sqlite(_) => Ok(()),
    }
}

fn unlock_postgres(conn: &mut PgConnection, line: i64) -> Result<()> {
    Ok(conn.batch_execute(&unlocking(line))?)
}

pub fn begin(conn: &mut Conn, sqlite: &str, postgres: &str) -> Result<()> {
    match conn {
        Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, sqlite)?,
        Conn::Postgres(c) => AnsiTransactionManager::begin_transaction_sql(c, postgres)?,
    }
    Ok(())
}

pub fn commit(conn: &mut Conn) -> Result<()> {
    if let Err(error) = on_each!(conn, c => AnsiTransactionManager::commit_transaction(c)) {
        rollback(conn);
        return Err(error.into());
    }
    Ok(())
}

/// A failed rollback leaves a broken connection, which the pool throws away by itself.
pub fn rollback(conn: &mut Conn) {
    roll_back(on_each!(conn, c => AnsiTransactionManager::rollback_transaction(c)));
}

fn roll_back(done: diesel::QueryResult<()>) {
    if let Err(error) = done {
        tracing::debug!(%error, "rollback");
    }
}
