//! A file of racks that was uploaded: kept while its trial is looked at, then written once.

use super::guard::Consent;
use super::rack_import::{Mode, Report, import};
use crate::db::metering::imports::{self, BadRow, CANCELLED, DONE, Import};
use crate::db::{Chain, Conn, Db};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::{ImportId, SiteId};
use crate::domain::message::Message;
use crate::error::{Error, Result, require};
use crate::import::racks::{Racks, read};
use sha2::{Digest, Sha256};

/// What `imports.kind` says of these files.
const KIND: &str = "racks";
/// Tried, and waiting for somebody to have it written.
const TRIED: &str = "tried";
/// Of one stored piece.
const CHUNK: usize = 256 * 1024;
/// Bad rows that are kept with a written file.
const KEPT_ERRORS: usize = 500;
/// Older files than these were forgotten before.
const RECENT: i64 = 50;

/// Keeps a file that can be read; an older one of the site that nobody wrote is forgotten.
pub fn keep(
    db: &Db,
    who: &Actor,
    now: Instant,
    site: SiteId,
    name: &str,
    content: &[u8],
) -> Result<ImportId> {
    require(who, Permission::EditSite)?;
    let row = Import {
        id: ImportId(0),
        kind: KIND.to_owned(),
        site_id: Some(site),
        file_name: name.to_owned(),
        file_hash: hex::encode(Sha256::digest(content)),
        file_bytes: content.len() as i64,
        keep: String::new(),
        state: TRIED.to_owned(),
        phase: imports::CHECK.to_owned(),
        bytes_done: 0,
        rows_done: 0,
        rows_new: 0,
        rows_same: 0,
        rows_corrected: 0,
        rows_bad: 0,
        error: String::new(),
        created_at: now,
        created_by: who.user,
        finished_at: None,
    };
    db.write(Chain::Site(site), |tx| {
        forget_tried(tx.conn, site)?;
        let id = imports::insert(tx.conn, &row)?;
        for (seq, piece) in (0_i64..).zip(content.chunks(CHUNK)) {
            imports::insert_chunk(tx.conn, id, seq, piece)?;
        }
        Ok(id)
    })
}

fn forget_tried(conn: &mut Conn, site: SiteId) -> Result<()> {
    for row in imports::list(conn, KIND, None, RECENT)? {
        if row.site_id == Some(site) && row.state == TRIED {
            imports::delete_chunks(conn, row.id)?;
            let state = CANCELLED.to_owned();
            imports::update(conn, &Import { state, ..row })?;
        }
    }
    Ok(())
}

/// A file of this site, whatever became of it.
pub fn get(conn: &mut Conn, site: SiteId, id: ImportId) -> Result<Import> {
    let row = imports::get(conn, id)?;
    if row.kind == KIND && row.site_id == Some(site) && row.state != CANCELLED {
        Ok(row)
    } else {
        Err(Error::NotFound)
    }
}

pub fn is_written(row: &Import) -> bool {
    row.state == DONE
}

/// What the kept file would do now; nothing is written.
pub fn trial(db: &Db, who: &Actor, now: Instant, site: SiteId, id: ImportId) -> Result<Report> {
    let file = file(db, id)?;
    import(db, who, now, site, &file, Mode::DryRun, &Consent::none())
}

/// Writes the kept file; one that was written already stays as it is. `None` where bad rows stopped it.
pub fn write(
    db: &Db,
    who: &Actor,
    now: Instant,
    site: SiteId,
    id: ImportId,
    mode: Mode,
    consent: &Consent,
) -> Result<Option<Import>> {
    let row = get(&mut *db.get()?, site, id)?;
    if is_written(&row) {
        return Ok(Some(row));
    }
    let report = import(db, who, now, site, &file(db, id)?, mode, consent)?;
    if !report.written {
        return Ok(None);
    }
    // Killed before this, the file stays tried: writing it again changes nothing.
    db.write(Chain::Site(site), |tx| {
        let done = done(row.clone(), &report, now);
        imports::update(tx.conn, &done)?;
        imports::delete_chunks(tx.conn, id)?;
        imports::delete_errors(tx.conn, id)?;
        imports::insert_errors(tx.conn, &errors(id, &report)?)?;
        Ok(Some(done))
    })
}

fn done(row: Import, report: &Report, now: Instant) -> Import {
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    Import {
        state: DONE.to_owned(),
        phase: imports::WRITE.to_owned(),
        bytes_done: row.file_bytes,
        rows_done: count(report.created + report.updated + report.same),
        rows_new: count(report.created),
        rows_same: count(report.same),
        rows_corrected: count(report.updated),
        rows_bad: report.bad.len() as i64,
        finished_at: Some(now),
        ..row
    }
}

fn errors(id: ImportId, report: &Report) -> Result<Vec<BadRow>> {
    let kept = report.bad.iter().take(KEPT_ERRORS).zip(0_i64..);
    kept.map(|(bad, seq)| {
        let reason = Message::new(&format!("imp-reason-{}", bad.reason));
        Ok(BadRow {
            import_id: id,
            seq,
            line: i64::try_from(bad.line).unwrap_or(i64::MAX),
            column_name: bad.column.to_owned(),
            value: bad.value.clone(),
            reason: serde_json::to_string(&reason).map_err(anyhow::Error::from)?,
        })
    })
    .collect()
}

fn file(db: &Db, id: ImportId) -> Result<Racks> {
    let content = imports::content(&mut *db.get()?, id)?;
    read(content.as_slice()).map_err(|_| Error::NotFound)
}
