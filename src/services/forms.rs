//! One-time form keys: a form that is submitted twice does its work once and gets one answer.

use crate::db::Db;
use crate::db::identity::answers::{self, Row};
use crate::domain::calendar::Instant;
use crate::domain::ids::UserId;
use crate::error::{Error, Result};
use std::thread::sleep;
use std::time::Duration;

/// How long a second submit waits for the first one's answer: its work is committed by then.
const PATIENCE: Duration = Duration::from_secs(2);
const STEP: Duration = Duration::from_millis(20);

/// Does the work of a filled-in form once: its first write keeps the key in its own transaction.
/// `work` gets the database to write through and returns where the answer is found. An empty key
/// does the work always.
///
/// The second submit gets the first one's answer; where that one died between its work and its
/// answer, it gets what the work was about (`payment 7`), which is no path.
pub fn once(
    db: &Db,
    user: UserId,
    key: &str,
    now: Instant,
    work: impl FnOnce(&Db) -> Result<String>,
) -> Result<String> {
    if key.is_empty() {
        return work(db);
    }
    let row = Row::of_form(key, user, "", now);
    if kept(db, &row)?.is_some() {
        return first_answer(db, &row);
    }
    let (named, claim) = db.in_the_name_of(key, user, now);
    match work(&named) {
        Ok(location) => {
            let conn = &mut *db.get()?;
            let row = Row::of_form(key, user, &location, now);
            if !answers::insert_once(conn, &row)? {
                answers::set_location(conn, &row)?;
            }
            Ok(location)
        }
        // A part of the work was committed before the rest failed: it may be tried again.
        Err(error) if claim.is_taken() => {
            answers::delete(&mut *db.get()?, &row.owner, key)?;
            Err(error)
        }
        // Whatever it says, it may say so because the first submit was quicker.
        Err(error) => match kept(db, &row)? {
            Some(_) => first_answer(db, &row),
            None => Err(error),
        },
    }
}

/// Where the key's first submit led, so far as is known.
fn kept(db: &Db, form: &Row) -> Result<Option<String>> {
    let row = answers::get(&mut *db.get()?, &form.owner, &form.once_key)?;
    Ok(row.map(|row| row.location.unwrap_or_default()))
}

fn first_answer(db: &Db, form: &Row) -> Result<String> {
    let mut waited = Duration::ZERO;
    loop {
        match kept(db, form)? {
            Some(location) if location.starts_with('/') || waited >= PATIENCE => {
                return Ok(location);
            }
            Some(_) => {
                sleep(STEP);
                waited += STEP;
            }
            // The first submit failed after all.
            None => return Err(Error::rule("identity-form-in-progress")),
        }
    }
}
