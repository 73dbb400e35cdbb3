//! Interval readings and the corrections of them.

use crate::db::Conn;
use crate::db::schema::{meters, reading_corrections, readings, users};
use crate::domain::calendar::{Instant, Span};
use crate::domain::ids::*;
use crate::domain::units::WattHours;
use crate::error::{Result, found};
use crate::on_each;
use diesel::prelude::*;
use serde::Serialize;

/// SQLite binds at most 32 766 values in one statement; seven for each row.
const ROWS_PER_INSERT: usize = 4_500;
/// More than these are worth a stream of their own to PostgreSQL.
const FEW: usize = 100;

/// Energy of `[start_at, end_at)`; `import_id` 0 is a value that staff entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable, Insertable, Serialize)]
#[diesel(table_name = readings)]
#[diesel(treat_none_as_default_value = false)]
pub struct Reading {
    pub meter_id: MeterId,
    pub start_at: Instant,
    pub end_at: Instant,
    pub wh: WattHours,
    pub estimated: bool,
    pub import_id: ImportId,
    /// How it came to be: see `Method::number`.
    pub method: i32,
}

/// One value that took another's place.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, Serialize)]
#[diesel(table_name = reading_corrections)]
pub struct Correction {
    #[diesel(skip_insertion)]
    pub id: i64,
    pub meter_id: MeterId,
    pub site_id: SiteId,
    pub start_at: Instant,
    pub end_at: Instant,
    pub old_wh: WattHours,
    pub new_wh: WattHours,
    pub old_estimated: bool,
    pub new_estimated: bool,
    pub old_import_id: ImportId,
    pub new_import_id: ImportId,
    pub reason: String,
    pub after_issue: bool,
    pub at: Instant,
    pub by_user: Option<UserId>,
}

/// Readings that start in the span, by start.
pub fn of_meter(conn: &mut Conn, meter: MeterId, span: Span) -> Result<Vec<Reading>> {
    of_meters(conn, &[meter], span)
}

/// Readings that start in the span, by meter and start.
pub fn of_meters(conn: &mut Conn, meters: &[MeterId], span: Span) -> Result<Vec<Reading>> {
    let mut rows = vec![];
    for part in meters.chunks(500) {
        rows.extend(
            readings::table
                .filter(readings::meter_id.eq_any(part))
                .filter(readings::start_at.ge(span.from))
                .filter(readings::start_at.lt(span.to))
                .order((readings::meter_id, readings::start_at))
                .load::<Reading>(conn)?,
        );
    }
    Ok(rows)
}

pub fn insert(conn: &mut Conn, rows: &[Reading]) -> Result<()> {
    match conn {
        Conn::Postgres(c) if rows.len() > FEW => {
            diesel::copy_from(readings::table)
                .from_insertable(rows)
                .execute(c)?;
        }
        _ => {
            for part in rows.chunks(ROWS_PER_INSERT) {
                on_each!(conn, c => diesel::insert_into(readings::table).values(part).execute(c))?;
            }
        }
    }
    Ok(())
}

/// Puts a new value in the place of the one with the same meter and start.
pub fn replace(conn: &mut Conn, row: &Reading) -> Result<()> {
    diesel::update(readings::table.find((row.meter_id, row.start_at)))
        .set((
            readings::end_at.eq(row.end_at),
            readings::wh.eq(row.wh),
            readings::estimated.eq(row.estimated),
            readings::import_id.eq(row.import_id),
            readings::method.eq(row.method),
        ))
        .execute(conn)?;
    Ok(())
}

/// Takes values away: of a register whose reading no longer counts.
pub fn delete(conn: &mut Conn, meter: MeterId, starts: &[Instant]) -> Result<()> {
    for part in starts.chunks(1_000) {
        diesel::delete(
            readings::table
                .filter(readings::meter_id.eq(meter))
                .filter(readings::start_at.eq_any(part)),
        )
        .execute(conn)?;
    }
    Ok(())
}

pub fn get(conn: &mut Conn, meter: MeterId, start: Instant) -> Result<Reading> {
    found(
        readings::table
            .find((meter, start))
            .first(conn)
            .optional()?,
    )
}

/// Corrections of a meter's readings that start in the span, in the order in which they were made.
pub fn corrections_within(conn: &mut Conn, meter: MeterId, span: Span) -> Result<Vec<Correction>> {
    Ok(reading_corrections::table
        .filter(reading_corrections::meter_id.eq(meter))
        .filter(reading_corrections::start_at.ge(span.from))
        .filter(reading_corrections::start_at.lt(span.to))
        .order(reading_corrections::id)
        .load(conn)?)
}

/// Intervals in the span whose values were corrected, the latest corrections first, at most `limit`.
pub fn corrected_within(
    conn: &mut Conn,
    meters: &[MeterId],
    span: Span,
    limit: usize,
) -> Result<Vec<Span>> {
    let mut found: Vec<(i64, Instant, Instant)> = vec![];
    for part in meters.chunks(500) {
        let rows: Vec<(i64, Instant, Instant)> = reading_corrections::table
            .filter(reading_corrections::meter_id.eq_any(part))
            .filter(reading_corrections::start_at.ge(span.from))
            .filter(reading_corrections::start_at.lt(span.to))
            .order(reading_corrections::id.desc())
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .select((
                reading_corrections::id,
                reading_corrections::start_at,
                reading_corrections::end_at,
            ))
            .load(conn)?;
        found.extend(rows);
    }
    found.sort_unstable_by_key(|(id, ..)| std::cmp::Reverse(*id));
    found.truncate(limit);
    let spans = found.into_iter().map(|(_, from, to)| Span { from, to });
    Ok(spans.collect())
}

/// Which import the present value came with.
pub fn import_of(conn: &mut Conn, meter: MeterId, start: Instant) -> Result<ImportId> {
    Ok(readings::table
        .find((meter, start))
        .select(readings::import_id)
        .first(conn)?)
}

pub fn insert_corrections(conn: &mut Conn, rows: &[Correction]) -> Result<()> {
    for part in rows.chunks(1_000) {
        on_each!(conn, c => diesel::insert_into(reading_corrections::table).values(part).execute(c))?;
    }
    Ok(())
}

/// A correction with its meter's code and the name of who made it.
pub type NamedCorrection = (Correction, String, Option<String>);

macro_rules! named {
    () => {
        reading_corrections::table
            .inner_join(meters::table.on(meters::id.eq(reading_corrections::meter_id)))
            .left_join(users::table.on(users::id.nullable().eq(reading_corrections::by_user)))
            .select((
                reading_corrections::all_columns,
                meters::code,
                users::name.nullable(),
            ))
    };
}

/// Latest first; `before` is the id that the page before ended with.
pub fn corrections(
    conn: &mut Conn,
    only_after_issue: bool,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<NamedCorrection>> {
    let mut query = named!().into_boxed();
    if only_after_issue {
        query = query.filter(reading_corrections::after_issue.eq(true));
    }
    if let Some(before) = before {
        query = query.filter(reading_corrections::id.lt(before));
    }
    Ok(query
        .order(reading_corrections::id.desc())
        .limit(limit)
        .load(conn)?)
}

pub fn corrections_of_meter(
    conn: &mut Conn,
    meter: MeterId,
    limit: i64,
) -> Result<Vec<NamedCorrection>> {
    Ok(named!()
        .filter(reading_corrections::meter_id.eq(meter))
        .order(reading_corrections::id.desc())
        .limit(limit)
        .load(conn)?)
}

/// What was corrected after an invoice of the span was issued, for the meters given.
pub fn corrections_after_issue(
    conn: &mut Conn,
    meters: &[MeterId],
    span: Span,
) -> Result<Vec<Correction>> {
    let mut rows = vec![];
    for part in meters.chunks(500) {
        rows.extend(
            reading_corrections::table
                .filter(reading_corrections::after_issue.eq(true))
                .filter(reading_corrections::meter_id.eq_any(part))
                .filter(reading_corrections::start_at.ge(span.from))
                .filter(reading_corrections::start_at.lt(span.to))
                .order(reading_corrections::id)
                .load::<Correction>(conn)?,
        );
    }
    Ok(rows)
}

/// Meters with two readings that overlap: none, if every writer did its work.
pub fn overlapping(conn: &mut Conn) -> Result<Vec<(MeterId, Instant)>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        meter_id: MeterId,
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        start_at: Instant,
    }
    let rows: Vec<Row> = diesel::sql_query(
        "SELECT meter_id, start_at FROM (SELECT meter_id, start_at, end_at, \
         LEAD(start_at) OVER (PARTITION BY meter_id ORDER BY start_at) AS next_start \
         FROM readings) AS r WHERE next_start < end_at OR end_at <= start_at \
         ORDER BY meter_id, start_at LIMIT 100",
    )
    .load(conn)?;
    Ok(rows.into_iter().map(|r| (r.meter_id, r.start_at)).collect())
}

/// Corrections whose latest value is not what the reading says, and chains that do not join.
pub fn inconsistent_corrections(conn: &mut Conn) -> Result<Vec<(MeterId, Instant)>> {
    let rows: Vec<Correction> = reading_corrections::table
        .order((
            reading_corrections::meter_id,
            reading_corrections::start_at,
            reading_corrections::id,
        ))
        .load(conn)?;
    let mut wrong = vec![];
    for chain in rows.chunk_by(|a, b| (a.meter_id, a.start_at) == (b.meter_id, b.start_at)) {
        let joined = chain.windows(2).all(|pair| {
            (pair[0].new_wh, pair[0].new_estimated) == (pair[1].old_wh, pair[1].old_estimated)
        });
        let last = &chain[chain.len() - 1];
        let now: Option<(WattHours, bool)> = readings::table
            .find((last.meter_id, last.start_at))
            .select((readings::wh, readings::estimated))
            .first(conn)
            .optional()?;
        // What a register no longer says is gone, and was corrected to nothing.
        let gone = now.is_none() && last.new_wh == WattHours::ZERO;
        if !joined || !(gone || now == Some((last.new_wh, last.new_estimated))) {
            wrong.push((last.meter_id, last.start_at));
        }
    }
    Ok(wrong)
}
