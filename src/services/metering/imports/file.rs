//! A file of readings as its import works on it.

use super::super::editions::Numbers;
use super::super::intake::{Incoming, Judgement};
use super::super::quarantine;
use super::super::served::{self, Served};
use super::UNPACKED_BYTES;
use crate::db::Conn;
use crate::db::metering::imports::Import;
use crate::domain::calendar::Zone;
use crate::domain::ids::*;
use crate::domain::message::Message;
use crate::domain::metering::edition::{Edition, Superseded};
use crate::domain::metering::meter::Reads;
use crate::domain::rows::{Aside, BadRow, Reason};
use crate::error::Result;
use crate::import::FileError;
use crate::import::readings::{self, MeterInfo, ReadingRow};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// Bad rows that are kept for the report; all are counted.
pub(super) const MOST_ERRORS: usize = 10_000;

/// A file's rows in the order in which they are written, and its bad ones in file order.
pub(super) struct File {
    pub rows: Vec<Incoming>,
    /// Of which numbered message each of the rows is; empty where the file has none.
    of: Vec<Part>,
    editions: Vec<Edition>,
    pub bad: Vec<Fault>,
    pub bad_count: i64,
    /// Rows that are whole and wait for their meter, or for the time that they name.
    aside: Vec<(Aside, Reason, Part)>,
}

/// The place of a message among the file's; none of what no number is known of.
type Part = Option<u32>;

pub(super) struct Fault {
    pub line: u64,
    pub column: &'static str,
    pub value: String,
    pub reason: Message,
}

/// What of a file counts at the moment: a message of its may have been taken the place of.
pub(super) struct Standing<'a> {
    file: &'a File,
    numbers: Numbers<'a>,
    superseded: Vec<Option<Superseded>>,
}

impl File {
    /// Read as of when the file came in, so that a later run reads it the same. One that came through a
    /// source speaks of the meters of its site alone.
    pub fn parse(
        content: &[u8],
        served: &HashMap<MeterId, Served>,
        zone: Zone,
        import: &Import,
    ) -> std::result::Result<Self, FileError> {
        let names = served::by_name(served);
        let lookup = |code: &str| {
            names.get(code).map(|it| MeterInfo {
                key: it.meter.id,
                zone: it.zone,
                register: it.meter.reads == Reads::Register,
            })
        };
        let read = readings::read(
            content,
            import.created_at,
            UNPACKED_BYTES,
            Some(zone),
            lookup,
        )?;
        let mut file = Self {
            rows: vec![],
            of: vec![],
            editions: vec![],
            bad: vec![],
            bad_count: 0,
            aside: vec![],
        };
        let mut of: Vec<Part> = vec![];
        for (part, number) in read.parts.into_iter().zip(0..) {
            of.resize(read.rows.len(), None);
            of[part.rows].fill(Some(number));
            file.editions.push(part.edition);
        }
        let is_other = |of: Option<&Served>| match (import.site_id, of) {
            (Some(site), Some(of)) => of.meter.site_id != site,
            _ => false,
        };
        let mut rows = vec![];
        for (at, row) in read.rows.into_iter().enumerate() {
            let part = of.get(at).copied().flatten();
            match row {
                Ok(row) if is_other(served.get(&row.meter)) => file.add(elsewhere(served, &row)),
                Ok(row) => rows.push((incoming(row), part)),
                Err(bad) => {
                    let of = bad.aside.as_ref().and_then(|it| names.get(&it.code[..]));
                    file.set_bad(bad, part, is_other(of.copied()));
                }
            }
        }
        if file.editions.is_empty() {
            file.rows = rows.into_iter().map(|(row, _)| row).collect();
            file.rows.sort_unstable();
        } else {
            rows.sort_unstable();
            (file.rows, file.of) = rows.into_iter().unzip();
        }
        Ok(file)
    }

    /// What is said of another site's meter does not wait for its time either.
    fn set_bad(&mut self, mut bad: BadRow, part: Part, stranger: bool) {
        let aside = bad.aside.take().filter(|_| !stranger);
        self.aside.extend(aside.map(|it| (*it, bad.reason, part)));
        self.add(Fault {
            line: bad.line,
            column: bad.column,
            reason: bad.message(),
            value: bad.value,
        });
    }

    fn add(&mut self, fault: Fault) {
        self.bad_count += 1;
        if self.bad.len() < MOST_ERRORS {
            self.bad.push(fault);
        }
    }

    pub fn total(&self) -> i64 {
        self.rows.len() as i64 + self.bad_count
    }

    /// What of it counts.
    pub fn standing(&self, conn: &mut Conn) -> Result<Standing<'_>> {
        let mut numbers = Numbers::default();
        let mut superseded = vec![];
        for edition in &self.editions {
            superseded.push(numbers.superseded(conn, edition)?);
        }
        Ok(Standing {
            file: self,
            numbers,
            superseded,
        })
    }
}

fn elsewhere(served: &HashMap<MeterId, Served>, row: &ReadingRow<MeterId>) -> Fault {
    let code = served.get(&row.meter).map(|it| it.meter.code.as_str());
    let code = code.unwrap_or_default();
    Fault {
        line: row.line,
        column: "meter",
        value: code.to_owned(),
        reason: Message::new("source-reason-other-site").with("meter", code),
    }
}

fn incoming(row: ReadingRow<MeterId>) -> Incoming {
    Incoming {
        meter: row.meter,
        start: row.start,
        line: row.line,
        end: row.end,
        wh: row.wh,
    }
}

impl<'a> Standing<'a> {
    /// Why nothing of the file is taken any more. `whole`: then one late message is enough.
    pub fn refusal(&self, whole: bool) -> Option<Message> {
        if !whole && !self.superseded.iter().all(Option::is_some) {
            return None;
        }
        let mut said = self.superseded.iter().zip(&self.file.editions);
        said.find_map(|(it, edition)| Some(it.as_ref()?.refusal(&edition.subject)))
    }

    /// Those of the rows that count, and why the others do not.
    pub fn split(&self, range: Range<usize>) -> (Cow<'a, [Incoming]>, Vec<Fault>) {
        let rows = &self.file.rows[range.clone()];
        if self.superseded.iter().all(Option::is_none) {
            return (Cow::Borrowed(rows), vec![]);
        }
        let mut live = vec![];
        let mut faults = vec![];
        for (row, part) in rows.iter().zip(&self.file.of[range]) {
            match self.of(*part) {
                None => live.push(*row),
                Some(superseded) => faults.push(Fault {
                    line: row.line,
                    column: "number",
                    value: superseded.number.to_string(),
                    reason: superseded.reason(),
                }),
            }
        }
        (Cow::Owned(live), faults)
    }

    fn of(&self, part: Part) -> Option<Superseded> {
        let at = usize::try_from(part?).ok()?;
        *self.superseded.get(at)?
    }

    fn took(&mut self, part: Part) {
        let edition = part.and_then(|at| self.file.editions.get(usize::try_from(at).ok()?));
        if let Some(edition) = edition {
            self.numbers.took(edition);
        }
    }

    pub fn set_aside(&mut self, conn: &mut Conn, import: &Import) -> Result<()> {
        let mut rows = vec![];
        for (aside, reason, part) in &self.file.aside {
            if self.of(*part).is_none() {
                self.took(*part);
                let waiting = quarantine::of_aside(aside, *reason, import.id, import.created_at);
                rows.push(waiting);
            }
        }
        quarantine::put(conn, &rows)?;
        Ok(())
    }

    /// Keeps the numbers of the messages of which something is taken: of the rows in the range that
    /// count, each was judged.
    pub fn keep(
        mut self,
        conn: &mut Conn,
        range: Range<usize>,
        judged: &[Judgement],
        import: ImportId,
    ) -> Result<()> {
        let file = self.file;
        let parts = file.of.get(range).unwrap_or_default();
        let live = parts.iter().filter(|part| self.of(**part).is_none());
        let live: Vec<Part> = live.copied().collect();
        for (part, judgement) in live.into_iter().zip(judged) {
            if judgement.fault().is_none() || matches!(judgement, Judgement::Waits(_)) {
                self.took(part);
            }
        }
        self.numbers.keep(conn, import)
    }
}
