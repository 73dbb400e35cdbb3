//! One-time form keys: what a submitted form was answered with.

use crate::db::Conn;
use crate::db::schema::form_keys;
use crate::domain::calendar::Instant;
use crate::domain::ids::UserId;
use crate::error::Result;
use crate::on_each;
use diesel::prelude::*;

/// The answer, empty while the first submit is under way; and when it began.
pub fn get(conn: &mut Conn, key: &str, user: UserId) -> Result<Option<(String, Instant)>> {
    Ok(form_keys::table
        .find((key, user))
        .select((form_keys::location, form_keys::at))
        .first(conn)
        .optional()?)
}

/// `false` where the key was used before.
pub fn insert_once(
    conn: &mut Conn,
    key: &str,
    user: UserId,
    location: &str,
    now: Instant,
) -> Result<bool> {
    let inserted = on_each!(conn, c => diesel::insert_into(form_keys::table)
        .values((
            form_keys::form_key.eq(key),
            form_keys::user_id.eq(user),
            form_keys::at.eq(now),
            form_keys::location.eq(location),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(inserted == 1)
}

pub fn answer(conn: &mut Conn, key: &str, user: UserId, location: &str) -> Result<()> {
    diesel::update(form_keys::table.find((key, user)))
        .set(form_keys::location.eq(location))
        .execute(conn)?;
    Ok(())
}

pub fn delete(conn: &mut Conn, key: &str, user: UserId) -> Result<()> {
    diesel::delete(form_keys::table.find((key, user))).execute(conn)?;
    Ok(())
}

pub fn delete_before(conn: &mut Conn, before: Instant) -> Result<usize> {
    Ok(diesel::delete(form_keys::table.filter(form_keys::at.lt(before))).execute(conn)?)
}
