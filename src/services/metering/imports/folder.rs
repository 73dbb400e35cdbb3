//! Files of a watched folder: the same imports as any, begun by the process that holds the file.

use super::{Upload, as_handed_in, finish, hash_of, kept, too_large, unfit};
use crate::db::identity::jobs::Job;
use crate::db::metering::imports::{self, Import};
use crate::db::metering::sources::Source;
use crate::db::{Chain, Db};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::Actor;
use crate::domain::ids::*;
use crate::domain::message::Message;
use crate::domain::metering::folder::FileForm;
use crate::error::Result;
use crate::import::readings;
use crate::services::jobs::{self, JobKind};

/// A file as it lay in a folder.
#[derive(Clone, Copy, Debug)]
pub struct Arrived<'a> {
    pub name: &'a str,
    pub bytes: u64,
    /// None of a file that is larger than is taken: it is not read.
    pub content: Option<&'a [u8]>,
}

/// An import of it, and the job of the process that began it.
#[derive(Clone, Debug)]
pub struct Begun {
    pub import: ImportId,
    pub job: Option<Job>,
}

/// Begins the import of a file, or goes on with one that another process began and did not end. What
/// cannot be a file of readings is kept as a failed import, so that it is seen.
pub fn begin(
    db: &Db,
    source: &Source,
    file: &Arrived,
    limit_bytes: usize,
    now: Instant,
) -> Result<Begun> {
    let rules = source.folder()?;
    let upload = Upload {
        file_name: file.name,
        content: file.content.unwrap_or_default(),
        keep: rules.keep,
        limit_bytes,
    };
    let why = match file.content {
        None => Some(too_large(limit_bytes)),
        Some(content) => unfit(&upload, now).or_else(|| other_form(content, rules.form)),
    };
    if let Some(why) = why {
        return refuse(db, source, &upload, file.bytes, &why, now);
    }
    let (name, hash) = (
        as_handed_in(&upload, None, now).file_name,
        hash_of(upload.content),
    );
    db.write(Chain::Operator, |tx| {
        if let Some(row) = imports::running_of_source(tx.conn, source.id, &name, &hash)? {
            return Ok(Begun {
                import: row.id,
                job: None,
            });
        }
        let row = kept(tx, &Actor::HOUSE, now, &upload, Some(source))?;
        Ok(Begun {
            import: row.id,
            job: jobs::begin(tx, JobKind::ImportReadings, row.id.0, now)?,
        })
    })
}

/// Why a file is none of those that its folder is for.
fn other_form(content: &[u8], wanted: FileForm) -> Option<Message> {
    if wanted == FileForm::Any {
        return None;
    }
    let found = readings::form(content, super::UNPACKED_BYTES);
    (found != Some(wanted))
        .then(|| Message::new(&format!("imp-file-no-{wanted}").replace('_', "-")))
}

fn refuse(
    db: &Db,
    source: &Source,
    upload: &Upload,
    bytes: u64,
    why: &Message,
    now: Instant,
) -> Result<Begun> {
    let error = serde_json::to_string(why).map_err(anyhow::Error::from)?;
    db.write(Chain::Operator, |tx| {
        let mut row = Import {
            file_bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
            error: error.clone(),
            ..as_handed_in(upload, Some(source), now)
        };
        row.id = imports::insert(tx.conn, &row)?;
        let import = row.id;
        finish(tx, &Actor::HOUSE, row, imports::FAILED, now)?;
        Ok(Begun { import, job: None })
    })
}
