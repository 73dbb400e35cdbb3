//! What a POST of a program was answered with, by its Idempotency-Key.

use crate::db::Conn;
use crate::db::schema::api_answers;
use crate::domain::calendar::Instant;
use crate::error::{Error, Result};
use crate::on_each;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = api_answers)]
pub struct Row {
    pub owner: String,
    pub idempotency_key: String,
    /// Of the method, the path and the body.
    pub digest: String,
    pub status: i64,
    pub location: Option<String>,
    pub body: String,
    pub expires_at: Instant,
}

pub fn get(conn: &mut Conn, owner: &str, key: &str) -> Result<Option<Row>> {
    Ok(api_answers::table
        .find((owner, key))
        .first(conn)
        .optional()?)
}

/// A key that another transaction took meanwhile asks for the whole to be tried again: that one's
/// answer is then found.
pub fn insert(conn: &mut Conn, row: &Row) -> Result<()> {
    let inserted = on_each!(conn, c => diesel::insert_into(api_answers::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    if inserted == 1 {
        return Ok(());
    }
    let taken = Box::new("the key was taken meanwhile".to_owned());
    let again = DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, taken);
    Err(Error::Database(again))
}

pub fn delete(conn: &mut Conn, owner: &str, key: &str) -> Result<()> {
    diesel::delete(api_answers::table.find((owner, key))).execute(conn)?;
    Ok(())
}

pub fn delete_expired(conn: &mut Conn, now: Instant) -> Result<usize> {
    Ok(diesel::delete(api_answers::table.filter(api_answers::expires_at.le(now))).execute(conn)?)
}
