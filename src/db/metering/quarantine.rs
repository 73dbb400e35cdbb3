//! What came in and may not count yet.

use crate::db::Conn;
use crate::db::schema::quarantine;
use crate::domain::calendar::Instant;
use crate::domain::ids::*;
use crate::domain::metering::meter::{QuarantineState, QuarantineWhy};
use crate::domain::units::WattHours;
use crate::error::{Result, found};
use crate::on_each;
use diesel::prelude::*;
use serde::Serialize;

/// A reading of `code`; start and end are the same for what a display showed.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = quarantine)]
#[diesel(treat_none_as_null = true)]
pub struct Waiting {
    #[diesel(skip_insertion)]
    pub id: QuarantineId,
    pub site_id: Option<SiteId>,
    pub meter_id: Option<MeterId>,
    pub code: String,
    pub start_at: Instant,
    pub end_at: Instant,
    pub wh: WattHours,
    /// The zone in which its local times were understood; empty where they were given with theirs.
    pub zone: String,
    pub why: QuarantineWhy,
    pub state: QuarantineState,
    pub import_id: ImportId,
    pub received_at: Instant,
    pub decided_at: Option<Instant>,
    pub decided_by: Option<UserId>,
    pub reason: String,
}

pub fn get(conn: &mut Conn, id: QuarantineId) -> Result<Waiting> {
    found(quarantine::table.find(id).first(conn).optional()?)
}

/// Keeps rows; of one reading that comes again while it waits the latest value is kept, and what
/// somebody decided stays decided. Returns how many are new or changed.
pub fn put(conn: &mut Conn, rows: &[Waiting]) -> Result<usize> {
    use diesel::query_dsl::methods::FilterDsl;
    use diesel::upsert::excluded;
    let mut written = 0;
    // Diesel has no upsert of many rows on SQLite.
    for row in rows {
        written += on_each!(conn, c => FilterDsl::filter(
            diesel::insert_into(quarantine::table)
                .values(row)
                .on_conflict((quarantine::code, quarantine::start_at, quarantine::end_at))
                .do_update()
                .set((
                    quarantine::wh.eq(excluded(quarantine::wh)),
                    quarantine::import_id.eq(excluded(quarantine::import_id)),
                )),
            quarantine::state.eq(QuarantineState::Waiting),
        )
        .execute(c))?;
    }
    Ok(written)
}

pub fn update(conn: &mut Conn, row: &Waiting) -> Result<()> {
    diesel::update(quarantine::table.find(row.id))
        .set(row)
        .execute(conn)?;
    Ok(())
}

/// Which of them; `after`: the id that the page before ended with.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub state: Option<QuarantineState>,
    pub why: Option<QuarantineWhy>,
    pub code: String,
    pub after: Option<QuarantineId>,
    pub limit: i64,
}

pub fn list(conn: &mut Conn, filter: &Filter) -> Result<Vec<Waiting>> {
    let mut query = quarantine::table.into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(quarantine::state.eq(state));
    }
    if let Some(why) = filter.why {
        query = query.filter(quarantine::why.eq(why));
    }
    if !filter.code.is_empty() {
        query = query.filter(quarantine::code.like(format!("%{}%", filter.code)));
    }
    if let Some(after) = filter.after {
        query = query.filter(quarantine::id.gt(after));
    }
    Ok(query.order(quarantine::id).limit(filter.limit).load(conn)?)
}

/// Everything that waits for a meter of this name, in the order in which it came, at most so much.
pub fn of_unknown(conn: &mut Conn, codes: &[&str], limit: usize) -> Result<Vec<Waiting>> {
    Ok(quarantine::table
        .filter(quarantine::state.eq(QuarantineState::Waiting))
        .filter(quarantine::why.eq(QuarantineWhy::UnknownMeter))
        .filter(quarantine::code.eq_any(codes))
        .order(quarantine::id)
        .limit(limit as i64)
        .load(conn)?)
}

/// How many wait, by name of their meter: count, first and last moment.
pub fn unknown_codes(conn: &mut Conn, limit: i64) -> Result<Vec<(String, i64, Instant, Instant)>> {
    use diesel::dsl::{count_star, max, min};
    let rows: Vec<(String, i64, Option<Instant>, Option<Instant>)> = quarantine::table
        .filter(quarantine::state.eq(QuarantineState::Waiting))
        .filter(quarantine::why.eq(QuarantineWhy::UnknownMeter))
        .group_by(quarantine::code)
        .select((
            quarantine::code,
            count_star(),
            min(quarantine::start_at),
            max(quarantine::end_at),
        ))
        .order(quarantine::code)
        .limit(limit)
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(code, count, from, to)| {
            (
                code,
                count,
                from.unwrap_or_default(),
                to.unwrap_or_default(),
            )
        })
        .collect())
}

pub fn count_of_unknown(conn: &mut Conn, code: &str) -> Result<i64> {
    Ok(quarantine::table
        .filter(quarantine::state.eq(QuarantineState::Waiting))
        .filter(quarantine::why.eq(QuarantineWhy::UnknownMeter))
        .filter(quarantine::code.eq(code))
        .count()
        .get_result(conn)?)
}

/// Ends all that waits for a meter that nobody knows.
pub fn discard_unknown(
    conn: &mut Conn,
    code: &str,
    at: Instant,
    by: Option<UserId>,
    reason: &str,
) -> Result<usize> {
    Ok(diesel::update(
        quarantine::table
            .filter(quarantine::state.eq(QuarantineState::Waiting))
            .filter(quarantine::why.eq(QuarantineWhy::UnknownMeter))
            .filter(quarantine::code.eq(code)),
    )
    .set((
        quarantine::state.eq(QuarantineState::Discarded),
        quarantine::decided_at.eq(at),
        quarantine::decided_by.eq(by),
        quarantine::reason.eq(reason),
    ))
    .execute(conn)?)
}

pub fn waiting_count(conn: &mut Conn) -> Result<i64> {
    Ok(quarantine::table
        .filter(quarantine::state.eq(QuarantineState::Waiting))
        .count()
        .get_result(conn)?)
}
