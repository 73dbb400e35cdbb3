//! Files that were handed in: kept in pieces until they are worked off, with a report at the end.

use crate::db::Conn;
use crate::db::schema::{import_chunks, import_errors, imports, reading_sources, users};
use crate::domain::calendar::Instant;
use crate::domain::ids::*;
use crate::error::{Result, found};
use crate::on_each;
use diesel::prelude::*;
use serde::Serialize;
use std::collections::HashMap;

/// `keep`: `all_or_nothing` or `good_rows`. `state`: see the constants. `phase`: `check` or `write`.
#[derive(Clone, Debug, Queryable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = imports)]
#[diesel(treat_none_as_null = true)]
pub struct Import {
    #[diesel(skip_insertion)]
    pub id: ImportId,
    pub kind: String,
    pub site_id: Option<SiteId>,
    pub file_name: String,
    pub file_hash: String,
    pub file_bytes: i64,
    pub keep: String,
    pub state: String,
    pub phase: String,
    pub bytes_done: i64,
    pub rows_done: i64,
    pub rows_new: i64,
    pub rows_same: i64,
    pub rows_corrected: i64,
    pub rows_bad: i64,
    pub error: String,
    pub created_at: Instant,
    pub created_by: Option<UserId>,
    pub finished_at: Option<Instant>,
    /// The watched folder that it lay in.
    pub source_id: Option<SourceId>,
}

impl Import {
    /// A file that has just come in; nothing of it is read yet.
    pub fn of_file(kind: &str, name: &str, hash: String, bytes: usize, at: Instant) -> Self {
        Self {
            id: ImportId(0),
            kind: kind.to_owned(),
            site_id: None,
            file_name: name.to_owned(),
            file_hash: hash,
            file_bytes: bytes as i64,
            keep: String::new(),
            state: RUNNING.to_owned(),
            phase: CHECK.to_owned(),
            bytes_done: 0,
            rows_done: 0,
            rows_new: 0,
            rows_same: 0,
            rows_corrected: 0,
            rows_bad: 0,
            error: String::new(),
            created_at: at,
            created_by: None,
            finished_at: None,
            source_id: None,
        }
    }
}

/// Waiting to be worked off, or in the middle of it.
pub const RUNNING: &str = "running";
/// Everything that was to be kept is kept.
pub const DONE: &str = "done";
/// Looked through, nothing written: waits for somebody to say what to keep.
pub const CHECKED: &str = "checked";
/// Bad rows, and the choice was to keep nothing then; `rows_done` says how many good ones there are.
pub const REFUSED: &str = "refused";
/// Stopped by a person; what was written before stays.
pub const CANCELLED: &str = "cancelled";
/// The file as a whole cannot be read.
pub const FAILED: &str = "failed";

pub const CHECK: &str = "check";
pub const WRITE: &str = "write";

#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = import_errors)]
pub struct BadRow {
    pub import_id: ImportId,
    pub seq: i64,
    pub line: i64,
    pub column_name: String,
    pub value: String,
    /// A message as JSON.
    pub reason: String,
}

pub fn get(conn: &mut Conn, id: ImportId) -> Result<Import> {
    found(imports::table.find(id).first(conn).optional()?)
}

pub fn insert(conn: &mut Conn, row: &Import) -> Result<ImportId> {
    Ok(diesel::insert_into(imports::table)
        .values(row)
        .returning(imports::id)
        .get_result(conn)?)
}

pub fn update(conn: &mut Conn, row: &Import) -> Result<()> {
    diesel::update(imports::table.find(row.id))
        .set(row)
        .execute(conn)?;
    Ok(())
}

/// Latest first.
pub fn list(
    conn: &mut Conn,
    kind: &str,
    before: Option<ImportId>,
    limit: i64,
) -> Result<Vec<Import>> {
    let mut query = imports::table.filter(imports::kind.eq(kind)).into_boxed();
    if let Some(before) = before {
        query = query.filter(imports::id.lt(before));
    }
    Ok(query.order(imports::id.desc()).limit(limit).load(conn)?)
}

/// Files of a site's tables that were tried or written, latest first.
pub fn of_site(
    conn: &mut Conn,
    site: SiteId,
    states: &[&str],
    kinds: &[&str],
    limit: i64,
) -> Result<Vec<Import>> {
    Ok(imports::table
        .filter(imports::site_id.eq(site))
        .filter(imports::state.eq_any(states))
        .filter(imports::kind.eq_any(kinds))
        .order(imports::id.desc())
        .limit(limit)
        .load(conn)?)
}

/// Files that came through a source, latest first.
pub fn of_source(conn: &mut Conn, source: SourceId, limit: i64) -> Result<Vec<Import>> {
    Ok(imports::table
        .filter(imports::source_id.eq(source))
        .order(imports::id.desc())
        .limit(limit)
        .load(conn)?)
}

/// The same file of a source that is still worked on.
pub fn running_of_source(
    conn: &mut Conn,
    source: SourceId,
    name: &str,
    hash: &str,
) -> Result<Option<Import>> {
    Ok(imports::table
        .filter(imports::source_id.eq(source))
        .filter(imports::state.eq(RUNNING))
        .filter(imports::file_name.eq(name))
        .filter(imports::file_hash.eq(hash))
        .order(imports::id.desc())
        .first(conn)
        .optional()?)
}

/// By name who brought each of them: a person, or a source that is still there.
pub fn authors(conn: &mut Conn, rows: &[Import]) -> Result<HashMap<ImportId, String>> {
    let people: Vec<UserId> = rows.iter().filter_map(|it| it.created_by).collect();
    let people: HashMap<UserId, String> = users::table
        .filter(users::id.eq_any(people))
        .select((users::id, users::name))
        .load::<(UserId, String)>(conn)?
        .into_iter()
        .collect();
    let sources: Vec<SourceId> = rows.iter().filter_map(|it| it.source_id).collect();
    let sources: HashMap<SourceId, String> = reading_sources::table
        .filter(reading_sources::id.eq_any(sources))
        .select((reading_sources::id, reading_sources::name))
        .load::<(SourceId, String)>(conn)?
        .into_iter()
        .collect();
    let named = rows.iter().filter_map(|it| {
        let source = it.source_id.and_then(|id| sources.get(&id));
        let person = it.created_by.and_then(|id| people.get(&id));
        Some((it.id, source.or(person)?.clone()))
    });
    Ok(named.collect())
}

pub fn unfinished(conn: &mut Conn) -> Result<Vec<ImportId>> {
    Ok(imports::table
        .filter(imports::state.eq(RUNNING))
        .order(imports::id)
        .select(imports::id)
        .load(conn)?)
}

pub fn insert_chunk(conn: &mut Conn, import: ImportId, seq: i64, content: &[u8]) -> Result<()> {
    diesel::insert_into(import_chunks::table)
        .values((
            import_chunks::import_id.eq(import),
            import_chunks::seq.eq(seq),
            import_chunks::content.eq(content),
        ))
        .execute(conn)?;
    Ok(())
}

/// The whole file.
pub fn content(conn: &mut Conn, import: ImportId) -> Result<Vec<u8>> {
    let chunks: Vec<Vec<u8>> = import_chunks::table
        .filter(import_chunks::import_id.eq(import))
        .order(import_chunks::seq)
        .select(import_chunks::content)
        .load(conn)?;
    Ok(chunks.concat())
}

/// Whether the file itself is still there.
pub fn is_kept(conn: &mut Conn, import: ImportId) -> Result<bool> {
    let pieces = import_chunks::table.filter(import_chunks::import_id.eq(import));
    let first: Option<i64> = pieces.select(import_chunks::seq).first(conn).optional()?;
    Ok(first.is_some())
}

/// The pieces of files that were refused before.
pub fn delete_refused_chunks(conn: &mut Conn, before: Instant) -> Result<usize> {
    let refused = imports::table
        .filter(imports::state.eq(REFUSED))
        .filter(imports::finished_at.le(before))
        .select(imports::id);
    let pieces = import_chunks::table.filter(import_chunks::import_id.eq_any(refused));
    Ok(diesel::delete(pieces).execute(conn)?)
}

/// The pieces are only needed until the import has ended; its hash stays.
pub fn delete_chunks(conn: &mut Conn, import: ImportId) -> Result<()> {
    diesel::delete(import_chunks::table.filter(import_chunks::import_id.eq(import)))
        .execute(conn)?;
    Ok(())
}

pub fn insert_errors(conn: &mut Conn, rows: &[BadRow]) -> Result<()> {
    for part in rows.chunks(1_000) {
        on_each!(conn, c => diesel::insert_into(import_errors::table).values(part).execute(c))?;
    }
    Ok(())
}

pub fn delete_errors(conn: &mut Conn, import: ImportId) -> Result<()> {
    diesel::delete(import_errors::table.filter(import_errors::import_id.eq(import)))
        .execute(conn)?;
    Ok(())
}

/// In the order of the file; `after` is the last `seq` of the page before.
pub fn errors(
    conn: &mut Conn,
    import: ImportId,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<BadRow>> {
    Ok(import_errors::table
        .filter(import_errors::import_id.eq(import))
        .filter(import_errors::seq.gt(after.unwrap_or(-1)))
        .order(import_errors::seq)
        .limit(limit)
        .load(conn)?)
}
