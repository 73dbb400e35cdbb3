//! Invitations and password resets by link. Only the hash of a link's token is kept.

use crate::db::Conn;
use crate::db::schema::user_tokens as tokens;
use crate::domain::calendar::Instant;
use crate::domain::identity::TokenKind;
use crate::domain::ids::UserId;
use crate::error::Result;
use diesel::prelude::*;

#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = tokens)]
pub struct Token {
    pub token_hash: String,
    pub user_id: UserId,
    pub kind: TokenKind,
    pub expires_at: Instant,
    pub used_at: Option<Instant>,
}

/// A token that still opens something.
pub fn get(
    conn: &mut Conn,
    token_hash: &str,
    kind: TokenKind,
    now: Instant,
) -> Result<Option<Token>> {
    Ok(tokens::table
        .find(token_hash)
        .filter(tokens::kind.eq(kind))
        .filter(tokens::expires_at.gt(now))
        .filter(tokens::used_at.is_null())
        .first(conn)
        .optional()?)
}

pub fn insert(conn: &mut Conn, row: &Token) -> Result<()> {
    diesel::insert_into(tokens::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Closes every open token of a user: a link works once, and an older one not at all.
pub fn close_all(conn: &mut Conn, user: UserId, now: Instant) -> Result<()> {
    diesel::update(
        tokens::table
            .filter(tokens::user_id.eq(user))
            .filter(tokens::used_at.is_null()),
    )
    .set(tokens::used_at.eq(now))
    .execute(conn)?;
    Ok(())
}

pub fn delete_expired(conn: &mut Conn, now: Instant) -> Result<usize> {
    Ok(diesel::delete(tokens::table.filter(tokens::expires_at.le(now))).execute(conn)?)
}
