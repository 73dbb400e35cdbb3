//! Background jobs: work that was promised inside a use case and is done after it.
//!
//! Claiming and ending a job are single guarded statements: they stand in line behind no writer.

use crate::db::Conn;
use crate::db::schema::jobs;
use crate::domain::calendar::Instant;
use crate::domain::identity::JobState;
use crate::error::{Result, found};
use crate::on_each;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = jobs)]
pub struct Job {
    #[diesel(skip_insertion)]
    pub id: i64,
    pub kind: String,
    pub subject_id: i64,
    pub detail: String,
    pub state: JobState,
    /// How often it was claimed.
    pub attempts: i32,
    pub run_at: Instant,
    /// While running: when another process may take it over.
    pub leased_until: Instant,
    pub last_error: String,
    pub created_at: Instant,
    /// How often a try ended with an error; a process that died leaves none.
    pub failures: i32,
}

pub fn get(conn: &mut Conn, id: i64) -> Result<Job> {
    found(jobs::table.find(id).first(conn).optional()?)
}

/// `false` where the same job waits already.
pub fn insert_once(conn: &mut Conn, row: &Job) -> Result<bool> {
    let inserted = on_each!(conn, c => diesel::insert_into(jobs::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(inserted == 1)
}

/// A waiting job that was put off after a failure is due at `at` at the latest.
pub fn bring_forward(conn: &mut Conn, row: &Job) -> Result<()> {
    diesel::update(
        jobs::table
            .filter(jobs::kind.eq(&row.kind))
            .filter(jobs::subject_id.eq(row.subject_id))
            .filter(jobs::detail.eq(&row.detail))
            .filter(jobs::state.eq(JobState::Waiting))
            .filter(jobs::run_at.gt(row.run_at)),
    )
    .set(jobs::run_at.eq(row.run_at))
    .execute(conn)?;
    Ok(())
}

/// One of a kind and subject that nobody has claimed.
pub fn waiting(conn: &mut Conn, kind: &str, subject: i64) -> Result<Option<Job>> {
    Ok(jobs::table
        .filter(jobs::kind.eq(kind))
        .filter(jobs::subject_id.eq(subject))
        .filter(jobs::state.eq(JobState::Waiting))
        .first(conn)
        .optional()?)
}

/// Due jobs, and running ones whose process was not heard of before its lease ended.
pub fn due(conn: &mut Conn, now: Instant, most: i64) -> Result<Vec<Job>> {
    let waiting = jobs::state.eq(JobState::Waiting).and(jobs::run_at.le(now));
    let abandoned = jobs::state
        .eq(JobState::Running)
        .and(jobs::leased_until.le(now));
    Ok(jobs::table
        .filter(waiting.or(abandoned))
        .order((jobs::run_at, jobs::id))
        .limit(most)
        .load(conn)?)
}

/// Takes a job as it was read; `None` where another process was quicker.
pub fn claim(conn: &mut Conn, job: &Job, until: Instant) -> Result<Option<Job>> {
    let taken = diesel::update(
        jobs::table
            .find(job.id)
            .filter(jobs::state.eq(job.state))
            .filter(jobs::attempts.eq(job.attempts))
            .filter(jobs::leased_until.eq(job.leased_until)),
    )
    .set((
        jobs::state.eq(JobState::Running),
        jobs::attempts.eq(job.attempts + 1),
        jobs::leased_until.eq(until),
    ))
    .execute(conn)?;
    Ok((taken == 1).then(|| Job {
        state: JobState::Running,
        attempts: job.attempts + 1,
        leased_until: until,
        ..job.clone()
    }))
}

/// `false` where the lease was lost to another process.
pub fn renew(conn: &mut Conn, job: &Job, until: Instant) -> Result<bool> {
    let kept = diesel::update(held(job))
        .set(jobs::leased_until.eq(until))
        .execute(conn)?;
    Ok(kept == 1)
}

pub fn end(conn: &mut Conn, job: &Job, state: JobState, error: &str) -> Result<bool> {
    let ended = diesel::update(held(job))
        .set((jobs::state.eq(state), jobs::last_error.eq(error)))
        .execute(conn)?;
    Ok(ended == 1)
}

/// Waits for another try. Where the same job has been asked for again meanwhile, that one stands
/// for both. Not inside a transaction: PostgreSQL would give the whole of it up.
pub fn put_off(conn: &mut Conn, job: &Job, run_at: Instant, error: &str) -> Result<()> {
    let put_off = diesel::update(held(job))
        .set((
            jobs::state.eq(JobState::Waiting),
            jobs::run_at.eq(run_at),
            jobs::last_error.eq(error),
            jobs::failures.eq(job.failures + 1),
        ))
        .execute(conn);
    match put_off {
        Err(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {
            end(conn, job, JobState::Failed, error)?;
            Ok(())
        }
        other => Ok(other.map(|_| ())?),
    }
}

/// The job while this claim of it lasts: every claim counts an attempt, so the number names it.
#[diesel::dsl::auto_type(no_type_alias)]
fn held(job: &Job) -> _ {
    let id: i64 = job.id;
    let attempts: i32 = job.attempts;
    let running: JobState = JobState::Running;
    jobs::table
        .filter(jobs::id.eq(id))
        .filter(jobs::state.eq(running))
        .filter(jobs::attempts.eq(attempts))
}

/// Whether this claim still lasts.
pub fn is_held(conn: &mut Conn, job: &Job) -> Result<bool> {
    let count: i64 = held(job).count().get_result(conn)?;
    Ok(count == 1)
}

/// Jobs of a kind in one state; `None` counts all kinds.
pub fn count(conn: &mut Conn, kind: Option<&str>, state: JobState) -> Result<i64> {
    let mut query = jobs::table.filter(jobs::state.eq(state)).into_boxed();
    if let Some(kind) = kind {
        query = query.filter(jobs::kind.eq(kind.to_owned()));
    }
    Ok(query.count().get_result(conn)?)
}

pub fn delete_done_before(conn: &mut Conn, before: Instant) -> Result<usize> {
    Ok(diesel::delete(
        jobs::table
            .filter(jobs::state.eq(JobState::Done))
            .filter(jobs::created_at.lt(before)),
    )
    .execute(conn)?)
}
