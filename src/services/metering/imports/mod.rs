//! Files of readings: handed in whole, checked whole, written in batches that survive a crash.
//!
//! A batch and the note of how far the import has come are one transaction, so after a crash it
//! goes on where it was. Rows are written in order of meter and time, whatever the file's order.

mod file;
mod folder;
mod work;

pub use crate::domain::rows::Keep;
pub use folder::{Arrived, Begun, begin};
pub use work::{run, run_batches};

use crate::db::metering::imports::{self, Import};
use crate::db::metering::sources::Source;
use crate::db::trail::Change;
use crate::db::{Chain, Conn, Db, Tx};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::*;
use crate::domain::message::Message;
use crate::error::{Error, FieldError, Result, require};
use crate::import::{self, FileError};
use crate::services::jobs::{self, JobKind};
use sha2::{Digest, Sha256};

/// What `imports.kind` says of a file of readings.
pub const KIND: &str = "readings";
/// Rows of one transaction.
pub const BATCH: usize = 5_000;
/// What is accepted unless the installation says otherwise.
pub const LIMIT_BYTES: usize = 64 << 20;
/// The same of what is packed in a file.
const UNPACKED_BYTES: usize = 256 << 20;
const CHUNK: usize = 1 << 20;
const NAME_MAX: usize = 200;
/// How long a file that was refused for its bad rows waits for another decision.
const KEPT_HOURS: i64 = 7 * 24;

/// A file as it was handed in.
#[derive(Clone, Copy, Debug)]
pub struct Upload<'a> {
    pub file_name: &'a str,
    pub content: &'a [u8],
    pub keep: Keep,
    pub limit_bytes: usize,
}

/// Takes a file in and enqueues its work. A file that cannot be one of readings changes nothing.
///
/// # Errors
/// `Invalid` on `file`, with the cause and the next step.
pub fn receive(db: &Db, who: &Actor, now: Instant, upload: &Upload) -> Result<ImportId> {
    require(who, Permission::ImportReadings)?;
    if let Some(why) = unfit(upload, now) {
        return Err(on_file(why));
    }
    db.write(Chain::Operator, |tx| {
        let row = kept(tx, who, now, upload, None)?;
        jobs::enqueue(tx, JobKind::ImportReadings, row.id.0, "", now)?;
        Ok(row.id)
    })
}

/// Why a file is not taken in at all.
fn unfit(upload: &Upload, now: Instant) -> Option<Message> {
    if upload.content.len() > upload.limit_bytes {
        return Some(too_large(upload.limit_bytes));
    }
    fault(upload.content, now).map(|error| error.message())
}

fn too_large(most: usize) -> Message {
    Message::new("imp-file-too-large").with("most", (most >> 20) as i64)
}

/// Keeps a file to be worked off; `source`: whose folder it lay in.
fn kept(
    tx: &mut Tx,
    who: &Actor,
    now: Instant,
    upload: &Upload,
    source: Option<&Source>,
) -> Result<Import> {
    let mut row = Import {
        created_by: who.user,
        ..as_handed_in(upload, source, now)
    };
    row.id = imports::insert(tx.conn, &row)?;
    for (seq, chunk) in (0..).zip(upload.content.chunks(CHUNK)) {
        imports::insert_chunk(tx.conn, row.id, seq, chunk)?;
    }
    record(tx, who, now, "receive", &row)?;
    Ok(row)
}

fn as_handed_in(upload: &Upload, source: Option<&Source>, now: Instant) -> Import {
    let name: String = upload.file_name.chars().take(NAME_MAX).collect();
    let bytes = upload.content.len();
    Import {
        keep: upload.keep.code().to_owned(),
        site_id: source.map(|it| it.site_id),
        source_id: source.map(|it| it.id),
        ..Import::of_file(KIND, &name, hash_of(upload.content), bytes, now)
    }
}

fn hash_of(content: &[u8]) -> String {
    hex::encode(Sha256::digest(content))
}

/// Why a file is none of readings: a table by its header, the other forms by all of it.
pub fn fault(content: &[u8], now: Instant) -> Option<FileError> {
    import::readings::fault(content, now, UNPACKED_BYTES)
}

fn on_file(message: Message) -> Error {
    Error::Invalid(vec![FieldError {
        field: "file".to_owned(),
        message,
    }])
}

/// Stops an import; batches that were written stay, and the same file handed in again goes on.
pub fn cancel(db: &Db, who: &Actor, now: Instant, id: ImportId) -> Result<()> {
    require(who, Permission::ImportReadings)?;
    db.write(Chain::Operator, |tx| {
        let row = imports::get(tx.conn, id)?;
        if row.state != imports::RUNNING && row.state != imports::CHECKED {
            return Err(Error::rule("import-ended-already"));
        }
        finish(tx, who, row, imports::CANCELLED, now)
    })
}

/// Until when a refused file can still be written; `None` where it is there no more.
pub fn kept_until(conn: &mut Conn, row: &Import, now: Instant) -> Result<Option<Instant>> {
    if row.state != imports::REFUSED {
        return Ok(None);
    }
    let until = row.finished_at.map(|at| at.plus_hours(KEPT_HOURS));
    match until.filter(|until| now < *until) {
        Some(until) if imports::is_kept(conn, row.id)? => Ok(Some(until)),
        _ => Ok(None),
    }
}

/// Throws a refused file away; its report stays. Doing it twice is harmless.
pub fn discard(db: &Db, who: &Actor, now: Instant, id: ImportId) -> Result<()> {
    require(who, Permission::ImportReadings)?;
    db.write(Chain::Operator, |tx| {
        let row = imports::get(tx.conn, id)?;
        if row.state != imports::REFUSED {
            return Err(Error::rule("import-ended-already"));
        }
        if !imports::is_kept(tx.conn, id)? {
            return Ok(());
        }
        imports::delete_chunks(tx.conn, id)?;
        record(tx, who, now, "discard", &row)
    })
}

/// Throws away what nobody decided on in time; returns how many pieces went.
pub fn clean_up(conn: &mut Conn, now: Instant) -> Result<usize> {
    imports::delete_refused_chunks(conn, now.plus_hours(-KEPT_HOURS))
}

/// Writes a file that was only checked, or refused for its bad rows: all of it, or its good rows.
/// Said twice, it is done once.
pub fn confirm(db: &Db, who: &Actor, now: Instant, id: ImportId, keep: Keep) -> Result<()> {
    require(who, Permission::ImportReadings)?;
    if keep == Keep::CheckOnly {
        return Err(Error::field("keep", "form-choose"));
    }
    db.write(Chain::Operator, |tx| {
        let mut row = imports::get(tx.conn, id)?;
        let said = row.state == imports::RUNNING || row.state == imports::DONE;
        if said && row.keep == keep.code() {
            return Ok(());
        }
        if row.state == imports::REFUSED && kept_until(tx.conn, &row, now)?.is_none() {
            return Err(Error::rule("import-file-gone"));
        }
        if row.state != imports::CHECKED && row.state != imports::REFUSED {
            return Err(Error::rule("import-ended-already"));
        }
        row.keep = keep.code().to_owned();
        row.state = imports::RUNNING.to_owned();
        row.phase = imports::CHECK.to_owned();
        (row.rows_done, row.bytes_done, row.finished_at) = (0, 0, None);
        (row.rows_new, row.rows_same, row.rows_corrected) = (0, 0, 0);
        imports::update(tx.conn, &row)?;
        record(tx, who, now, "confirm", &row)?;
        jobs::enqueue(tx, JobKind::ImportReadings, row.id.0, "", now)?;
        Ok(())
    })
}

/// The file itself is not needed any more, unless it was refused; its name, hash and report stay.
fn finish(tx: &mut Tx, who: &Actor, mut row: Import, state: &str, now: Instant) -> Result<()> {
    row.state = state.to_owned();
    row.finished_at = Some(now);
    imports::update(tx.conn, &row)?;
    if state != imports::REFUSED {
        imports::delete_chunks(tx.conn, row.id)?;
    }
    record(tx, who, now, state, &row)
}

fn record(tx: &mut Tx, who: &Actor, now: Instant, action: &str, row: &Import) -> Result<()> {
    let change = Change {
        action,
        noun: "import",
        id: row.id.0,
        before: &(),
        after: row,
    };
    tx.record(who, now, change)
}

/// An empty file to fill in, in the reader's language.
pub fn template(locale: crate::text::Locale) -> Vec<u8> {
    import::readings::template(locale)
}
