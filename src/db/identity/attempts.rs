//! Sign-in attempts that failed or are under way; a success removes its own.

use crate::db::Conn;
use crate::db::schema::sign_in_attempts as attempts;
use crate::domain::calendar::Instant;
use crate::error::Result;
use diesel::prelude::*;

pub fn insert(conn: &mut Conn, email: &str, address: &str, at: Instant) -> Result<i64> {
    Ok(diesel::insert_into(attempts::table)
        .values((
            attempts::email.eq(email),
            attempts::address.eq(address),
            attempts::at.eq(at),
        ))
        .returning(attempts::id)
        .get_result(conn)?)
}

/// Other attempts on this e-mail after `since`, latest first.
pub fn of_email(conn: &mut Conn, email: &str, since: Instant, but: i64) -> Result<Vec<Instant>> {
    Ok(attempts::table
        .filter(attempts::email.eq(email))
        .filter(attempts::at.gt(since).and(attempts::id.ne(but)))
        .order(attempts::at.desc())
        .select(attempts::at)
        .limit(100)
        .load(conn)?)
}

/// Other attempts from this network address after `since`, latest first.
pub fn of_address(
    conn: &mut Conn,
    address: &str,
    since: Instant,
    but: i64,
) -> Result<Vec<Instant>> {
    Ok(attempts::table
        .filter(attempts::address.eq(address))
        .filter(attempts::at.gt(since).and(attempts::id.ne(but)))
        .order(attempts::at.desc())
        .select(attempts::at)
        .limit(100)
        .load(conn)?)
}

pub fn delete(conn: &mut Conn, id: i64) -> Result<()> {
    diesel::delete(attempts::table.find(id)).execute(conn)?;
    Ok(())
}

pub fn delete_of_email(conn: &mut Conn, email: &str) -> Result<()> {
    diesel::delete(attempts::table.filter(attempts::email.eq(email))).execute(conn)?;
    Ok(())
}

pub fn delete_before(conn: &mut Conn, before: Instant) -> Result<usize> {
    Ok(diesel::delete(attempts::table.filter(attempts::at.lt(before))).execute(conn)?)
}
