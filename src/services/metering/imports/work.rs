//! An import is worked off: looked through whole, then written batch by batch.

use super::super::intake::{self, Counts, Incoming, Source};
use super::super::served::{self, Served};
use super::file::{Fault, File, MOST_ERRORS};
use super::{BATCH, Keep, finish, record};
use crate::db::metering::imports::{self, BadRow, Import};
use crate::db::site::sites;
use crate::db::{Chain, Db, Tx};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::{Actor, Role};
use crate::domain::ids::*;
use crate::domain::message::Message;
use crate::domain::metering::method::Method;
use crate::error::Result;
use std::collections::HashMap;

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
    let (served, zone) = db.read(|conn| {
        let zone = match import.site_id {
            Some(site) => sites::get(conn, site)?.zone(),
            None => served::house_zone(conn)?,
        };
        Ok((served::all(conn)?, zone))
    })?;
    let file = match File::parse(&content, &served, zone, &import) {
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

/// Pass one: judges every row against what is stored and writes the report of the bad ones.
fn check(
    db: &Db,
    import: &Import,
    file: &File,
    served: &HashMap<MeterId, Served>,
    now: Instant,
) -> Result<Import> {
    let standing = db.read(|conn| file.standing(conn))?;
    if let Some(refusal) = standing.refusal(false) {
        return fail(db, import.id, &refusal, now);
    }
    let (live, superseded) = standing.split(0..file.rows.len());
    let mut faults: Vec<(u64, BadRow)> = vec![];
    let mut bad = file.bad_count + superseded.len() as i64;
    for fault in file.bad.iter().chain(&superseded).take(MOST_ERRORS) {
        faults.push((fault.line, bad_row(import.id, fault)?));
    }
    let mut counts = Counts::default();
    let who = author(import);
    let source = source(&who, import, now);
    // Whole meters: a row is held to all rows of its meter that stand before it.
    for batch in live.chunk_by(|a, b| a.meter == b.meter) {
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
    let rows = numbered.map(|(seq, (_, row))| BadRow { seq, ..row });
    let rows: Vec<BadRow> = rows.collect();
    checked(db, import, (file.total(), bad), counts, &rows, now)
}

/// Keeps the report of the bad rows, and goes on as was chosen. `(total, bad)`: rows.
fn checked(
    db: &Db,
    import: &Import,
    (total, bad): (i64, i64),
    counts: Counts,
    faults: &[BadRow],
    now: Instant,
) -> Result<Import> {
    db.write(Chain::Operator, |tx| {
        let mut row = imports::get(tx.conn, import.id)?;
        if row.state != imports::RUNNING || row.phase != imports::CHECK {
            return Ok(row);
        }
        imports::delete_errors(tx.conn, row.id)?;
        imports::insert_errors(tx.conn, faults)?;
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
            row.rows_done = total - bad;
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
        let range = from..(from + BATCH).min(file.rows.len());
        // Another file may have been taken since the check.
        let mut standing = file.standing(tx.conn)?;
        if let Some(refusal) = standing.refusal(row.keep == Keep::AllOrNothing.code()) {
            return fail_in(tx, row, &refusal, now);
        }
        if from == 0 {
            standing.set_aside(tx.conn, &row)?;
        }
        let (live, _) = standing.split(range.clone());
        let judged = intake::take(tx, served, &live, &source(&who, &row, now))?;
        let counts = Counts::of(&judged);
        row.rows_done += range.len() as i64;
        standing.keep(tx.conn, range, &judged, row.id)?;
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
    db.write(Chain::Operator, |tx| {
        let row = imports::get(tx.conn, id)?;
        match row.state.as_str() {
            imports::RUNNING => fail_in(tx, row, message, now),
            _ => Ok(row),
        }
    })
}

fn fail_in(tx: &mut Tx, mut row: Import, message: &Message, now: Instant) -> Result<Import> {
    row.error = serde_json::to_string(message).map_err(anyhow::Error::from)?;
    let id = row.id;
    finish(tx, &author(&row), row, imports::FAILED, now)?;
    imports::get(tx.conn, id)
}

/// A job works in the name of who handed the file in.
fn author(row: &Import) -> Actor {
    Actor {
        user: row.created_by,
        role: Role::Staff,
        tenant: None,
    }
}
