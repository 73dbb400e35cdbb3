//! One-time keys with what was answered: of filled-in forms and of programs that POST.

use crate::db::Conn;
use crate::db::schema::once_keys;
use crate::domain::calendar::Instant;
use crate::domain::ids::UserId;
use crate::error::{Error, Result};
use crate::on_each;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// How long an answer is kept: a form that was open longer is submitted as a new one.
pub const KEPT_HOURS: i64 = 7 * 24;
const SEE_OTHER: i64 = 303;

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = once_keys)]
pub struct Row {
    /// Each has keys of its own: `form 7` of user 7, `user 7` and `token 7` of programs.
    pub owner: String,
    pub once_key: String,
    /// Of the path and the body that a program sent; a form's key belongs to one form anyway.
    pub digest: String,
    pub status: i64,
    /// Of a form whose answer is not known yet: what its work was about (`payment 7`).
    pub location: Option<String>,
    pub body: String,
    pub expires_at: Instant,
}

impl Row {
    pub fn of_form(key: &str, user: UserId, location: &str, now: Instant) -> Self {
        Self {
            owner: format!("form {user}"),
            once_key: key.to_owned(),
            digest: String::new(),
            status: SEE_OTHER,
            location: Some(location.to_owned()),
            body: String::new(),
            expires_at: now.plus_hours(KEPT_HOURS),
        }
    }
}

pub fn get(conn: &mut Conn, owner: &str, key: &str) -> Result<Option<Row>> {
    Ok(once_keys::table.find((owner, key)).first(conn).optional()?)
}

/// `false` where the key was used before.
pub fn insert_once(conn: &mut Conn, row: &Row) -> Result<bool> {
    let inserted = on_each!(conn, c => diesel::insert_into(once_keys::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(inserted == 1)
}

/// A key that another transaction took meanwhile asks for the whole to be tried again: that one's
/// answer is then found.
pub fn insert(conn: &mut Conn, row: &Row) -> Result<()> {
    if insert_once(conn, row)? {
        return Ok(());
    }
    let taken = Box::new("the key was taken meanwhile".to_owned());
    let again = DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, taken);
    Err(Error::Database(again))
}

pub fn set_location(conn: &mut Conn, row: &Row) -> Result<()> {
    diesel::update(once_keys::table.find((&row.owner, &row.once_key)))
        .set(once_keys::location.eq(&row.location))
        .execute(conn)?;
    Ok(())
}

pub fn delete(conn: &mut Conn, owner: &str, key: &str) -> Result<()> {
    diesel::delete(once_keys::table.find((owner, key))).execute(conn)?;
    Ok(())
}

pub fn delete_expired(conn: &mut Conn, now: Instant) -> Result<usize> {
    Ok(diesel::delete(once_keys::table.filter(once_keys::expires_at.le(now))).execute(conn)?)
}
