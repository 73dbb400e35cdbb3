//! What is thrown away once it can serve no more.

use crate::db::Db;
use crate::db::identity::{api_answers, attempts, forms, jobs, sessions, tokens};
use crate::domain::calendar::Instant;
use crate::domain::identity::throttle::{PER_ADDRESS, PER_EMAIL};
use crate::error::Result;

/// A form that was open longer is submitted as a new one.
const FORM_KEY_HOURS: i64 = 7 * 24;
const DONE_JOB_HOURS: i64 = 30 * 24;

/// Returns how many rows went. Doing it twice, or by two processes at once, is harmless.
pub fn clean_up(db: &Db, now: Instant) -> Result<usize> {
    let conn = &mut *db.get()?;
    let attempts_before = PER_EMAIL.since(now).min(PER_ADDRESS.since(now));
    Ok(sessions::delete_expired(conn, now)?
        + tokens::delete_expired(conn, now)?
        + attempts::delete_before(conn, attempts_before)?
        + api_answers::delete_expired(conn, now)?
        + forms::delete_before(conn, now.plus_hours(-FORM_KEY_HOURS))?
        + jobs::delete_done_before(conn, now.plus_hours(-DONE_JOB_HOURS))?)
}
