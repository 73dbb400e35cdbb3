//! Files of readings: handed in whole, checked whole, written in batches that survive a crash.
//!
//! A batch and the note of how far the import has come are one transaction, so after a crash it
//! goes on where it was. Rows are written in order of meter and time, whatever the file's order.

use super::intake::{self, Counts, Incoming, Source};
use super::quarantine;
use super::served::{self, Served};
use crate::codes;
use crate::db::metering::imports::{self, BadRow, Import};
use crate::db::trail::Change;
use crate::db::{Chain, Conn, Db, Tx};
use crate::domain::calendar::{Instant, Zone};
use crate::domain::identity::access::Role;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::*;
use crate::domain::message::Message;
use crate::domain::metering::meter::Reads;
use crate::domain::metering::method::Method;
use crate::domain::rows::{Aside, Reason};
use crate::error::{Error, FieldError, Result, require};
use crate::import::readings::MeterInfo;
use crate::import::{self, FileError};
use crate::services::jobs::{self, JobKind};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// What `imports.kind` says of a file of readings.
pub const KIND: &str = "readings";
/// Rows of one transaction.
pub const BATCH: usize = 5_000;
/// What is accepted unless the installation says otherwise.
pub const LIMIT_BYTES: usize = 64 << 20;
/// The same of what is packed in a file.
const UNPACKED_BYTES: usize = 256 << 20;
/// Bad rows that are kept for the report; all are counted.
const MOST_ERRORS: usize = 10_000;
const CHUNK: usize = 1 << 20;
/// How long a file that was refused for its bad rows waits for another decision.
const KEPT_HOURS: i64 = 7 * 24;

codes!(
    /// What to do where a file has bad rows.
    /// `CheckOnly` says what the file would do and waits to be told.
    Keep {
        CheckOnly = "check_only",
        AllOrNothing = "all_or_nothing",
        GoodRows = "good_rows",
    }
);

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
    if upload.content.len() > upload.limit_bytes {
        let most = (upload.limit_bytes >> 20) as i64;
        return Err(on_file(
            Message::new("imp-file-too-large").with("most", most),
        ));
    }
    if let Some(error) = fault(upload.content, now) {
        return Err(on_file(error.message()));
    }
    let hash = hex::encode(Sha256::digest(upload.content));
    db.write(Chain::Operator, |tx| {
        let name: String = upload.file_name.chars().take(200).collect();
        let bytes = upload.content.len();
        let mut row = Import {
            keep: upload.keep.code().to_owned(),
            created_by: who.user,
            ..Import::of_file(KIND, &name, hash.clone(), bytes, now)
        };
        row.id = imports::insert(tx.conn, &row)?;
        for (seq, chunk) in (0..).zip(upload.content.chunks(CHUNK)) {
            imports::insert_chunk(tx.conn, row.id, seq, chunk)?;
        }
        record(tx, who, now, "receive", &row)?;
        jobs::enqueue(tx, JobKind::ImportReadings, row.id.0, "", now)?;
        Ok(row.id)
    })
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

/// Works an import off to its end, from wherever it stands; returns what became of it.
pub fn run(db: &Db, id: ImportId, now: Instant) -> Result<Import> {
    run_batches(db, id, now, usize::MAX)
}

/// The same, but at most so many batches: a test stops in the middle with it.
pub fn run_batches(db: &Db, id: ImportId, now: Instant, most: usize) -> Result<Import> {
    let (mut import, content) = db.read(|conn| {
        let row = imports::get(conn, id)?;
        let content = imports::content(conn, id)?;
        Ok((row, content))
    })?;
    if import.state != imports::RUNNING {
        return Ok(import);
    }
    let (served, zone) = db.read(|conn| Ok((served::all(conn)?, served::house_zone(conn)?)))?;
    let file = match File::parse(&content, &served, zone, import.created_at) {
        Ok(file) => file,
        Err(error) => return fail(db, id, &error.message(), now),
    };
    drop(content);
    if import.phase == imports::CHECK {
        import = check(db, &import, &file, &served, now)?;
    }
    for _ in 0..most {
        if import.state != imports::RUNNING {
            break;
        }
        import = write_batch(db, &import, &file, &served, now)?;
    }
    Ok(import)
}

/// A file's rows in the order in which they are written, and its bad ones in file order.
struct File {
    rows: Vec<Incoming>,
    bad: Vec<Fault>,
    bad_count: i64,
    /// Rows that are whole and wait for their meter, or for the time that they name.
    aside: Vec<(Aside, Reason)>,
}

struct Fault {
    line: u64,
    column: &'static str,
    value: String,
    reason: Message,
}

impl File {
    /// `received`: when the file came in, so that a later run reads it the same.
    fn parse(
        content: &[u8],
        served: &HashMap<MeterId, Served>,
        zone: Zone,
        received: Instant,
    ) -> Result<Self, FileError> {
        let names = served::by_name(served);
        let lookup = |code: &str| {
            names.get(code).map(|it| MeterInfo {
                key: it.meter.id,
                zone: it.zone,
                register: it.meter.reads == Reads::Register,
            })
        };
        let mut file = Self {
            rows: vec![],
            bad: vec![],
            bad_count: 0,
            aside: vec![],
        };
        let strangers = Some(zone);
        for row in import::readings::rows(content, received, UNPACKED_BYTES, strangers, lookup)? {
            match row {
                Ok(row) => file.rows.push(Incoming {
                    meter: row.meter,
                    start: row.start,
                    line: row.line,
                    end: row.end,
                    wh: row.wh,
                }),
                Err(mut bad) => {
                    let aside = bad.aside.take().map(|it| (*it, bad.reason));
                    file.aside.extend(aside);
                    file.add(Fault {
                        line: bad.line,
                        column: bad.column,
                        reason: bad.message(),
                        value: bad.value,
                    });
                }
            }
        }
        file.rows.sort_unstable();
        Ok(file)
    }

    fn add(&mut self, fault: Fault) {
        self.bad_count += 1;
        if self.bad.len() < MOST_ERRORS {
            self.bad.push(fault);
        }
    }

    fn set_aside(&self, conn: &mut Conn, import: &Import) -> Result<()> {
        let rows = self.aside.iter().map(|(aside, reason)| {
            quarantine::of_aside(aside, *reason, import.id, import.created_at)
        });
        quarantine::put(conn, &rows.collect::<Vec<_>>())?;
        Ok(())
    }

    fn total(&self) -> i64 {
        self.rows.len() as i64 + self.bad_count
    }
}

/// Pass one: judges every row against what is stored and writes the report of the bad ones.
fn check(
    db: &Db,
    import: &Import,
    file: &File,
    served: &HashMap<MeterId, Served>,
    now: Instant,
) -> Result<Import> {
    let mut faults: Vec<(u64, BadRow)> = vec![];
    let mut bad = file.bad_count;
    for fault in &file.bad {
        faults.push((fault.line, bad_row(import.id, fault)?));
    }
    let mut counts = Counts::default();
    let who = author(import);
    let source = source(&who, import, now);
    // Whole meters: a row is held to all rows of its meter that stand before it.
    for batch in file.rows.chunk_by(|a, b| a.meter == b.meter) {
        let judged = db.read(|conn| intake::judge(conn, served, batch, &source))?;
        for (row, judgement) in batch.iter().zip(judged) {
            counts.add(judgement);
            let Some(reason) = judgement.fault() else {
                continue;
            };
            bad += 1;
            if faults.len() < MOST_ERRORS {
                let fault = Fault {
                    line: row.line,
                    column: "start",
                    value: local_start(served, row),
                    reason: Message::new(reason),
                };
                faults.push((row.line, bad_row(import.id, &fault)?));
            }
        }
    }
    faults.sort_by_key(|(line, _)| *line);
    let numbered = (0..).zip(faults);
    let rows: Vec<BadRow> = numbered
        .map(|(seq, (_, row))| BadRow { seq, ..row })
        .collect();
    db.write(Chain::Operator, |tx| {
        let mut row = imports::get(tx.conn, import.id)?;
        if row.state != imports::RUNNING || row.phase != imports::CHECK {
            return Ok(row);
        }
        imports::delete_errors(tx.conn, row.id)?;
        imports::insert_errors(tx.conn, &rows)?;
        row.rows_bad = bad;
        if row.keep == Keep::CheckOnly.code() {
            (row.rows_new, row.rows_same, row.rows_corrected) =
                (counts.new, counts.same, counts.corrected);
            row.state = imports::CHECKED.to_owned();
            imports::update(tx.conn, &row)?;
            record(tx, &author(&row), now, "check", &row)?;
            return Ok(row);
        }
        if bad > 0 && row.keep == Keep::AllOrNothing.code() {
            row.bytes_done = row.file_bytes;
            // How many it would be without the bad ones.
            row.rows_done = file.total() - bad;
            finish(tx, &author(&row), row.clone(), imports::REFUSED, now)?;
        } else {
            row.phase = imports::WRITE.to_owned();
            imports::update(tx.conn, &row)?;
        }
        imports::get(tx.conn, import.id)
    })
}

/// As the clock of the meter's site showed it: what the file says, or what it means.
fn local_start(served: &HashMap<MeterId, Served>, row: &Incoming) -> String {
    match served.get(&row.meter) {
        Some(of) => of
            .zone
            .local(row.start)
            .format("%Y-%m-%d %H:%M")
            .to_string(),
        None => row.start.to_string(),
    }
}

fn bad_row(import: ImportId, fault: &Fault) -> Result<BadRow> {
    Ok(BadRow {
        import_id: import,
        seq: 0,
        line: i64::try_from(fault.line).unwrap_or(i64::MAX),
        column_name: fault.column.to_owned(),
        value: fault.value.clone(),
        reason: serde_json::to_string(&fault.reason).map_err(anyhow::Error::from)?,
    })
}

/// Pass two, one batch: the rows, what they touch and how far the import is, together.
fn write_batch(
    db: &Db,
    import: &Import,
    file: &File,
    served: &HashMap<MeterId, Served>,
    now: Instant,
) -> Result<Import> {
    db.write(Chain::Operator, |tx| {
        let mut row = imports::get(tx.conn, import.id)?;
        if row.state != imports::RUNNING {
            return Ok(row);
        }
        let who = author(&row);
        let from = usize::try_from(row.rows_done)
            .unwrap_or(0)
            .min(file.rows.len());
        let batch = &file.rows[from..(from + BATCH).min(file.rows.len())];
        if from == 0 {
            file.set_aside(tx.conn, &row)?;
        }
        let judged = intake::take(tx, served, batch, &source(&who, &row, now))?;
        let counts = Counts::of(&judged);
        row.rows_done += batch.len() as i64;
        row.rows_new += counts.new;
        row.rows_same += counts.same;
        row.rows_corrected += counts.corrected;
        row.bytes_done = share(row.file_bytes, row.rows_done, file.rows.len() as i64);
        if row.rows_done >= file.rows.len() as i64 {
            // Rows that another import made bad between the passes are counted, too.
            row.rows_bad = file.total() - row.rows_new - row.rows_same - row.rows_corrected;
            finish(tx, &who, row, imports::DONE, now)?;
        } else {
            imports::update(tx.conn, &row)?;
        }
        imports::get(tx.conn, import.id)
    })
}

fn source<'a>(who: &'a Actor, import: &Import, now: Instant) -> Source<'a> {
    Source {
        who,
        import: import.id,
        method: Method::Measured,
        confirmed: false,
        reason: "",
        now,
    }
}

fn share(whole: i64, done: i64, of: i64) -> i64 {
    let part = i128::from(whole) * i128::from(done) / i128::from(of.max(1));
    i64::try_from(part).unwrap_or(whole)
}

fn fail(db: &Db, id: ImportId, message: &Message, now: Instant) -> Result<Import> {
    let text = serde_json::to_string(message).map_err(anyhow::Error::from)?;
    db.write(Chain::Operator, |tx| {
        let mut row = imports::get(tx.conn, id)?;
        if row.state == imports::RUNNING {
            row.error.clone_from(&text);
            finish(tx, &author(&row), row.clone(), imports::FAILED, now)?;
        }
        imports::get(tx.conn, id)
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

/// A job works in the name of who handed the file in.
fn author(row: &Import) -> Actor {
    Actor {
        user: row.created_by,
        role: Role::Staff,
        tenant: None,
    }
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
