//! A file of racks that was uploaded: kept while its trial is looked at, then written once.

use super::rack_import::{Mode, Report, import};
use crate::db::site::uploads::{self, Upload, UploadError};
use crate::db::{Chain, Db};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::{ImportId, SiteId};
use crate::error::{Error, Result, require};
use crate::import::racks::{Racks, read};
use sha2::{Digest, Sha256};

/// Bad rows that are kept with a written file.
const KEPT_ERRORS: usize = 500;

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
    let hash = hex::encode(Sha256::digest(content));
    let upload = Upload {
        created_at: now,
        created_by: who.user,
        ..Upload::new(site, name.to_owned(), hash, content.len())
    };
    db.write(Chain::Site(site), |tx| {
        uploads::drop_tried(tx.conn, site)?;
        uploads::insert(tx.conn, &upload, content)
    })
}

/// What the kept file would do now; nothing is written.
pub fn trial(db: &Db, who: &Actor, now: Instant, site: SiteId, id: ImportId) -> Result<Report> {
    import(db, who, now, site, &file(db, site, id)?, Mode::DryRun)
}

/// Writes the kept file; one that was written already stays as it is. `None` where bad rows stopped it.
pub fn write(
    db: &Db,
    who: &Actor,
    now: Instant,
    site: SiteId,
    id: ImportId,
    mode: Mode,
) -> Result<Option<Upload>> {
    let upload = uploads::get(&mut *db.get()?, site, id)?;
    if upload.state == uploads::WRITTEN {
        return Ok(Some(upload));
    }
    let report = import(db, who, now, site, &file(db, site, id)?, mode)?;
    if !report.written {
        return Ok(None);
    }
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let done = Upload {
        state: uploads::WRITTEN.to_owned(),
        rows_new: count(report.created),
        rows_same: count(report.same),
        rows_corrected: count(report.updated),
        rows_bad: count(report.bad.len() as u64),
        finished_at: Some(now),
        ..upload
    };
    // Killed before this, the file stays tried: writing it again changes nothing.
    db.write(Chain::Site(site), |tx| {
        uploads::update(tx.conn, &done)?;
        uploads::drop_content(tx.conn, id)?;
        for (seq, bad) in (0_i64..).zip(report.bad.iter().take(KEPT_ERRORS)) {
            let row = UploadError {
                import_id: id,
                seq,
                line: count(bad.line),
                column_name: bad.column.to_owned(),
                value: bad.value.clone(),
                reason: bad.reason.code().to_owned(),
            };
            uploads::add_error(tx.conn, &row)?;
        }
        Ok(())
    })?;
    Ok(Some(done))
}

fn file(db: &Db, site: SiteId, id: ImportId) -> Result<Racks> {
    let content = {
        let mut conn = db.get()?;
        uploads::get(&mut conn, site, id)?;
        uploads::content(&mut conn, id)?
    };
    read(content.as_slice()).map_err(|_| Error::NotFound)
}
