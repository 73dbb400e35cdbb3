//! What is thrown away once it can serve no more.

use crate::db::Db;
use crate::db::identity::{answers, attempts, jobs, sessions, tokens};
use crate::db::metering::webhooks;
use crate::domain::calendar::Instant;
use crate::domain::identity::throttle::{PER_ADDRESS, PER_EMAIL};
use crate::error::Result;

const DONE_JOB_HOURS: i64 = 30 * 24;
/// What was told to programs is shown for so long.
const DONE_MESSAGE_HOURS: i64 = 30 * 24;

/// Returns how many rows went. Doing it twice, or by two processes at once, is harmless.
pub fn clean_up(db: &Db, now: Instant) -> Result<usize> {
    let conn = &mut *db.get()?;
    let attempts_before = PER_EMAIL.since(now).min(PER_ADDRESS.since(now));
    Ok(sessions::delete_expired(conn, now)?
        + tokens::delete_expired(conn, now)?
        + attempts::delete_before(conn, attempts_before)?
        + answers::delete_expired(conn, now)?
        + jobs::delete_done_before(conn, now.plus_hours(-DONE_JOB_HOURS))?
        + webhooks::delete_done_before(conn, now.plus_hours(-DONE_MESSAGE_HOURS))?)
}
