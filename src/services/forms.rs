//! One-time form keys: a form that is submitted twice does its work once and gets one answer.

use crate::db::Db;
use crate::db::identity::forms;
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
    if is_known(db, user, key)? {
        return first_answer(db, user, key);
    }
    let (named, claim) = db.in_the_name_of(key, user, now);
    match work(&named) {
        Ok(location) => {
            let conn = &mut *db.get()?;
            if !forms::insert_once(conn, key, user, &location, now)? {
                forms::answer(conn, key, user, &location)?;
            }
            Ok(location)
        }
        // A part of the work was committed before the rest failed: it may be tried again.
        Err(error) if claim.is_taken() => {
            forms::delete(&mut *db.get()?, key, user)?;
            Err(error)
        }
        // Whatever it says, it may say so because the first submit was quicker.
        Err(error) => match is_known(db, user, key)? {
            true => first_answer(db, user, key),
            false => Err(error),
        },
    }
}

fn is_known(db: &Db, user: UserId, key: &str) -> Result<bool> {
    Ok(forms::get(&mut *db.get()?, key, user)?.is_some())
}

fn first_answer(db: &Db, user: UserId, key: &str) -> Result<String> {
    let mut waited = Duration::ZERO;
    loop {
        match forms::get(&mut *db.get()?, key, user)? {
            Some((location, _)) if location.starts_with('/') || waited >= PATIENCE => {
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
