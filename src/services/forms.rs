//! One-time form keys: a form that is submitted twice does its work once and gets one answer.

use crate::db::identity::forms;
use crate::db::{Db, Tx};
use crate::domain::calendar::Instant;
use crate::domain::ids::UserId;
use crate::error::{Error, Result};
use std::thread::sleep;
use std::time::Duration;

/// How long a second submit waits for the first one's answer.
const PATIENCE: Duration = Duration::from_secs(10);
const STEP: Duration = Duration::from_millis(50);

/// Inside a write transaction: `work` returns where its answer is found; the second submit of the
/// same form gets that place without doing the work. An empty key does the work always.
pub fn once(
    tx: &mut Tx,
    user: UserId,
    key: &str,
    now: Instant,
    work: impl FnOnce(&mut Tx) -> Result<String>,
) -> Result<String> {
    if key.is_empty() {
        return work(tx);
    }
    if let Some((location, _)) = forms::get(tx.conn, key, user)? {
        return Ok(location);
    }
    let location = work(tx)?;
    forms::insert_once(tx.conn, key, user, &location, now)?;
    Ok(location)
}

/// The same around a use case that has a transaction of its own: the key is claimed before the
/// work begins, and freed where the work fails.
///
/// Errors: `Rule` where the first submit is still at it, or died before it could answer.
pub fn once_around(
    db: &Db,
    user: UserId,
    key: &str,
    now: Instant,
    work: impl FnOnce() -> Result<String>,
) -> Result<String> {
    if key.is_empty() {
        return work();
    }
    if !forms::insert_once(&mut *db.get()?, key, user, "", now)? {
        return first_answer(db, user, key);
    }
    match work() {
        Ok(location) => {
            forms::answer(&mut *db.get()?, key, user, &location)?;
            Ok(location)
        }
        Err(error) => {
            forms::delete(&mut *db.get()?, key, user)?;
            Err(error)
        }
    }
}

fn first_answer(db: &Db, user: UserId, key: &str) -> Result<String> {
    let mut waited = Duration::ZERO;
    loop {
        match forms::get(&mut *db.get()?, key, user)? {
            Some((location, _)) if !location.is_empty() => return Ok(location),
            Some(_) if waited < PATIENCE => {
                sleep(STEP);
                waited += STEP;
            }
            _ => return Err(Error::rule("identity-form-in-progress")),
        }
    }
}
