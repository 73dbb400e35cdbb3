//! Files of racks between their trial and their writing.

use crate::db::Conn;
use crate::db::schema::{import_chunks, import_errors, imports};
use crate::domain::calendar::Instant;
use crate::domain::ids::{ImportId, SiteId, UserId};
use crate::error::{Result, found};
use diesel::prelude::*;

/// What `imports.kind` says of these files.
const KIND: &str = "racks";
/// Waits for its writing.
pub const TRIED: &str = "tried";
pub const WRITTEN: &str = "written";
/// Of one stored piece.
const CHUNK: usize = 256 * 1024;

/// `rows_*` are counted once the file is written.
#[derive(Clone, Debug, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = imports)]
#[diesel(treat_none_as_null = true)]
pub struct Upload {
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
}

impl Upload {
    pub fn new(site: SiteId, file_name: String, file_hash: String, bytes: usize) -> Self {
        Self {
            id: ImportId(0),
            kind: KIND.to_owned(),
            site_id: Some(site),
            file_name,
            file_hash,
            file_bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
            keep: String::new(),
            state: TRIED.to_owned(),
            phase: String::new(),
            bytes_done: 0,
            rows_done: 0,
            rows_new: 0,
            rows_same: 0,
            rows_corrected: 0,
            rows_bad: 0,
            error: String::new(),
            created_at: Instant(0),
            created_by: None,
            finished_at: None,
        }
    }
}

pub fn insert(conn: &mut Conn, upload: &Upload, content: &[u8]) -> Result<ImportId> {
    let id: ImportId = diesel::insert_into(imports::table)
        .values(upload)
        .returning(imports::id)
        .get_result(conn)?;
    for (seq, piece) in (0_i64..).zip(content.chunks(CHUNK)) {
        diesel::insert_into(import_chunks::table)
            .values((
                import_chunks::import_id.eq(id),
                import_chunks::seq.eq(seq),
                import_chunks::content.eq(piece),
            ))
            .execute(conn)?;
    }
    Ok(id)
}

pub fn get(conn: &mut Conn, site: SiteId, id: ImportId) -> Result<Upload> {
    found(
        imports::table
            .find(id)
            .filter(imports::kind.eq(KIND).and(imports::site_id.eq(site)))
            .first(conn)
            .optional()?,
    )
}

pub fn content(conn: &mut Conn, id: ImportId) -> Result<Vec<u8>> {
    let pieces: Vec<Vec<u8>> = import_chunks::table
        .filter(import_chunks::import_id.eq(id))
        .order(import_chunks::seq)
        .select(import_chunks::content)
        .load(conn)?;
    Ok(pieces.concat())
}

pub fn update(conn: &mut Conn, upload: &Upload) -> Result<()> {
    diesel::update(imports::table.find(upload.id))
        .set(upload)
        .execute(conn)?;
    Ok(())
}

/// Forgets a file's content; its counts stay.
pub fn drop_content(conn: &mut Conn, id: ImportId) -> Result<()> {
    diesel::delete(import_chunks::table.filter(import_chunks::import_id.eq(id))).execute(conn)?;
    Ok(())
}

/// Forgets the site's files that nobody wrote.
pub fn drop_tried(conn: &mut Conn, site: SiteId) -> Result<()> {
    let tried: Vec<ImportId> = imports::table
        .filter(imports::kind.eq(KIND).and(imports::site_id.eq(site)))
        .filter(imports::state.eq(TRIED))
        .select(imports::id)
        .load(conn)?;
    for id in tried {
        drop_content(conn, id)?;
        diesel::delete(imports::table.find(id)).execute(conn)?;
    }
    Ok(())
}

/// A bad row as it is kept: its column and reason by their codes.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = import_errors)]
pub struct UploadError {
    pub import_id: ImportId,
    pub seq: i64,
    pub line: i64,
    pub column_name: String,
    pub value: String,
    pub reason: String,
}

pub fn add_error(conn: &mut Conn, row: &UploadError) -> Result<()> {
    diesel::insert_into(import_errors::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

pub fn errors(conn: &mut Conn, id: ImportId, most: i64) -> Result<Vec<UploadError>> {
    Ok(import_errors::table
        .filter(import_errors::import_id.eq(id))
        .order(import_errors::seq)
        .limit(most)
        .load(conn)?)
}
