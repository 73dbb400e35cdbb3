//! A file that was uploaded: kept while its trial is looked at, then written once.

use super::{Decided, How, Outcome, ensure_may, import_in, trial as plan_trial};
use crate::db::metering::imports::{self, BadRow, CANCELLED, DONE, Import};
use crate::db::{Chain, Conn, Db, Tx};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::{ImportId, SiteId};
use crate::domain::site::sheet::{Noun, NounPlan, OnExisting, Plan, Sheet, What};
use crate::error::{Error, Result, require};
use crate::import::sheet::read;
use sha2::{Digest, Sha256};

/// Tried, and waiting for somebody to have it written.
const TRIED: &str = "tried";
/// Of one stored piece.
const CHUNK: usize = 256 * 1024;
/// Bad rows that are kept with a written file.
const KEPT_ERRORS: usize = 500;
/// Older files than these were forgotten before.
const RECENT: i64 = 50;

/// What a kept file is.
pub struct Upload<'a> {
    /// What `imports.kind` says of it.
    pub kind: &'a str,
    /// How it is to be written.
    pub keep: String,
    pub name: &'a str,
    pub content: &'a [u8],
}

/// Keeps a file that can be read; an older one of the site and kind that nobody wrote is forgotten.
pub fn keep(db: &Db, who: &Actor, now: Instant, site: SiteId, upload: &Upload) -> Result<ImportId> {
    ensure_may(who, upload.kind == Noun::Machines.code())?;
    let (hash, bytes) = (Sha256::digest(upload.content), upload.content.len());
    let row = Import {
        site_id: Some(site),
        keep: upload.keep.clone(),
        state: TRIED.to_owned(),
        created_by: who.user,
        ..Import::of_file(upload.kind, upload.name, hex::encode(hash), bytes, now)
    };
    db.write(Chain::Site(site), |tx| {
        forget_tried(tx.conn, site, upload.kind)?;
        let id = imports::insert(tx.conn, &row)?;
        for (seq, piece) in (0_i64..).zip(upload.content.chunks(CHUNK)) {
            imports::insert_chunk(tx.conn, id, seq, piece)?;
        }
        Ok(id)
    })
}

fn forget_tried(conn: &mut Conn, site: SiteId, kind: &str) -> Result<()> {
    for row in imports::list(conn, kind, None, RECENT)? {
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
    if row.site_id == Some(site) && matches!(row.state.as_str(), TRIED | DONE) {
        Ok(row)
    } else {
        Err(Error::NotFound)
    }
}

/// The latest files of a site that can be looked at again, whatever became of them.
pub fn latest(conn: &mut Conn, site: SiteId, limit: i64) -> Result<Vec<Import>> {
    let kinds: Vec<&str> = Noun::ALL
        .iter()
        .map(|noun| noun.code())
        .chain([super::netbox::KIND])
        .collect();
    imports::of_site(conn, site, &[TRIED, DONE], &kinds, limit)
}

pub fn is_written(row: &Import) -> bool {
    row.state == DONE
}

/// The noun of a kept file of rows, and what becomes of existing ones.
pub fn choice(row: &Import) -> Option<(Noun, OnExisting)> {
    let on = OnExisting::parse(&row.keep).unwrap_or(OnExisting::Update);
    Noun::parse(&row.kind).map(|noun| (noun, on))
}

fn sheet(conn: &mut Conn, row: &Import) -> Result<(Sheet, OnExisting)> {
    let (noun, on) = choice(row).ok_or(Error::NotFound)?;
    let content = imports::content(conn, row.id)?;
    let sheet = read(noun, &content).map_err(|_| Error::NotFound)?;
    Ok((sheet, on))
}

/// What the kept file would do now; nothing is written.
pub fn trial(conn: &mut Conn, site: SiteId, row: &Import, now: Instant) -> Result<Plan> {
    let (sheet, on) = sheet(conn, row)?;
    plan_trial(conn, site, &[sheet], on, now)
}

/// Writes the kept file; one that was written already stays as it is. `None` where bad rows stopped it.
pub fn write(
    db: &Db,
    who: &Actor,
    now: Instant,
    site: SiteId,
    id: ImportId,
    decided: &Decided,
) -> Result<Option<Import>> {
    require(who, Permission::EditSite)?;
    db.write(Chain::Site(site), |tx| {
        let row = get(tx.conn, site, id)?;
        if is_written(&row) {
            return Ok(Some(row));
        }
        let (sheet, on) = sheet(tx.conn, &row)?;
        ensure_may(who, sheet.noun == Noun::Machines)?;
        let how = How {
            on,
            decided: decided.clone(),
        };
        let outcome = import_in(tx, who, now, site, &[sheet], &how)?;
        if !outcome.written {
            return Ok(None);
        }
        finish(tx, now, row, &outcome).map(Some)
    })
}

/// Closes a written file: its counts and bad rows stay, its content goes.
pub fn finish(tx: &mut Tx, now: Instant, row: Import, outcome: &Outcome) -> Result<Import> {
    let plan = &outcome.plan;
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let same = |part: &NounPlan| part.count(|w| matches!(w, What::Same | What::Skipped));
    let bad: usize = plan.nouns.iter().map(|part| part.bad.len()).sum();
    let done = Import {
        state: DONE.to_owned(),
        phase: imports::WRITE.to_owned(),
        bytes_done: row.file_bytes,
        rows_done: plan.nouns.iter().map(|part| part.steps.len() as i64).sum(),
        rows_new: count(plan.total(NounPlan::created)),
        rows_same: count(plan.total(same)),
        rows_corrected: count(plan.total(NounPlan::changed)),
        rows_bad: bad as i64,
        finished_at: Some(now),
        ..row
    };
    imports::update(tx.conn, &done)?;
    imports::delete_chunks(tx.conn, done.id)?;
    imports::delete_errors(tx.conn, done.id)?;
    imports::insert_errors(tx.conn, &errors(done.id, plan)?)?;
    Ok(done)
}

fn errors(id: ImportId, plan: &Plan) -> Result<Vec<BadRow>> {
    let bad = plan.nouns.iter().flat_map(|part| &part.bad);
    bad.take(KEPT_ERRORS)
        .zip(0_i64..)
        .map(|(bad, seq)| {
            Ok(BadRow {
                import_id: id,
                seq,
                line: i64::try_from(bad.line).unwrap_or(i64::MAX),
                column_name: bad.column.to_owned(),
                value: bad.value.clone(),
                reason: serde_json::to_string(&bad.message()).map_err(anyhow::Error::from)?,
            })
        })
        .collect()
}
