//! Background jobs: rows of the use case that promises them, done after it by whichever process is
//! first. A process that dies loses its lease, and another one does the job again: every job must
//! be harmless to repeat.

use crate::codes;
use crate::db::identity::jobs::{self, Job};
use crate::db::{Db, Tx};
use crate::domain::calendar::Instant;
use crate::domain::identity::JobState;
use crate::error::{Error, Result};

codes!(
    /// What is done in the background; `src/jobs/handlers.rs` says how.
    JobKind {
        ImportReadings = "import_readings",
        RunMonth = "run_month",
        RecomputeMonths = "recompute_months",
        ApplyQuarantine = "apply_quarantine",
        CountMeterDays = "count_meter_days",
    }
);

/// A lease is renewed several times within this; a dead process's job is taken over after it.
pub const LEASE_SECONDS: i64 = 60;
/// Waits after each failed try; after the last one somebody has to look.
const BACKOFF_SECONDS: [i64; 4] = [30, 2 * 60, 10 * 60, 3_600];
const LONGEST_ERROR: usize = 500;

/// Promises a job; the same one (kind, subject, detail) waits only once. `true` where it is new.
pub fn enqueue(
    tx: &mut Tx,
    kind: JobKind,
    subject: i64,
    detail: &str,
    now: Instant,
) -> Result<bool> {
    let row = Job {
        id: 0,
        kind: kind.code().to_owned(),
        subject_id: subject,
        detail: detail.to_owned(),
        state: JobState::Waiting,
        attempts: 0,
        run_at: now,
        leased_until: Instant(0),
        last_error: String::new(),
        created_at: now,
        failures: 0,
    };
    let new = jobs::insert_once(tx.conn, &row)?;
    if !new {
        jobs::bring_forward(tx.conn, &row)?;
    }
    Ok(new)
}

/// Promises a job that its own process does at once: another one has it only if that process dies.
/// `None` where the same job is promised already.
pub fn begin(tx: &mut Tx, kind: JobKind, subject: i64, now: Instant) -> Result<Option<Job>> {
    if !enqueue(tx, kind, subject, "", now)? {
        return Ok(None);
    }
    match jobs::waiting(tx.conn, kind.code(), subject)? {
        Some(job) => jobs::claim(tx.conn, &job, now.plus_seconds(LEASE_SECONDS)),
        None => Ok(None),
    }
}

/// Takes the next due job, or one whose process died.
pub fn claim(db: &Db, now: Instant) -> Result<Option<Job>> {
    let conn = &mut *db.get()?;
    for job in jobs::due(conn, now, 10)? {
        if let Some(held) = jobs::claim(conn, &job, now.plus_seconds(LEASE_SECONDS))? {
            return Ok(Some(held));
        }
    }
    Ok(None)
}

/// Keeps a job; `false` where another process has taken it over.
pub fn renew(db: &Db, job: &Job, now: Instant) -> Result<bool> {
    jobs::renew(&mut *db.get()?, job, now.plus_seconds(LEASE_SECONDS))
}

/// For a handler's own transactions: an error where another process has taken the job over.
pub fn ensure_held(tx: &mut Tx, job: &Job) -> Result<()> {
    if jobs::is_held(tx.conn, job)? {
        Ok(())
    } else {
        Err(Error::rule("identity-job-lost"))
    }
}

pub fn complete(db: &Db, job: &Job) -> Result<()> {
    jobs::end(&mut *db.get()?, job, JobState::Done, "")?;
    Ok(())
}

/// Tries again later, and gives up after the last of the waits.
pub fn fail(db: &Db, job: &Job, error: &Error, now: Instant) -> Result<()> {
    let words: String = error.to_string().chars().take(LONGEST_ERROR).collect();
    let failed_before = usize::try_from(job.failures).unwrap_or(0);
    let conn = &mut *db.get()?;
    match BACKOFF_SECONDS.get(failed_before) {
        Some(seconds) => jobs::put_off(conn, job, now.plus_seconds(*seconds), &words),
        None => jobs::end(conn, job, JobState::Failed, &words).map(|_| ()),
    }
}
