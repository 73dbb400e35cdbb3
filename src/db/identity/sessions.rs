//! Server-side sessions. Only the hash of a cookie's token is kept.
//!
//! Each function is one statement: a session stands in line behind no other writer.

use crate::db::Conn;
use crate::db::schema::sessions;
use crate::domain::calendar::Instant;
use crate::domain::ids::UserId;
use crate::error::Result;
use diesel::prelude::*;

#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = sessions)]
pub struct Session {
    pub token_hash: String,
    /// JSON of text by name.
    pub state: String,
    pub user_id: Option<UserId>,
    pub expires_at: Instant,
}

pub fn get(conn: &mut Conn, token_hash: &str, now: Instant) -> Result<Option<Session>> {
    Ok(sessions::table
        .find(token_hash)
        .filter(sessions::expires_at.gt(now))
        .first(conn)
        .optional()?)
}

pub fn insert(conn: &mut Conn, row: &Session) -> Result<()> {
    diesel::insert_into(sessions::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Whether there was such a session.
pub fn update(conn: &mut Conn, row: &Session) -> Result<bool> {
    let changed = diesel::update(sessions::table.find(&row.token_hash))
        .set((
            sessions::state.eq(&row.state),
            sessions::user_id.eq(row.user_id),
            sessions::expires_at.eq(row.expires_at),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

pub fn extend(conn: &mut Conn, token_hash: &str, expires_at: Instant) -> Result<()> {
    diesel::update(sessions::table.find(token_hash))
        .set(sessions::expires_at.eq(expires_at))
        .execute(conn)?;
    Ok(())
}

pub fn delete(conn: &mut Conn, token_hash: &str) -> Result<()> {
    diesel::delete(sessions::table.find(token_hash)).execute(conn)?;
    Ok(())
}

pub fn delete_of_user(conn: &mut Conn, user: UserId) -> Result<usize> {
    Ok(diesel::delete(sessions::table.filter(sessions::user_id.eq(user))).execute(conn)?)
}

pub fn delete_expired(conn: &mut Conn, now: Instant) -> Result<usize> {
    Ok(diesel::delete(sessions::table.filter(sessions::expires_at.le(now))).execute(conn)?)
}
