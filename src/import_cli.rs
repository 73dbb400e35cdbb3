//! `innkeeper import readings FILE`: the same import as on the page, with its report on the screen.

use crate::app::App;
use crate::db::metering::imports;
use crate::domain::identity::access::Actor;
use crate::error::Error;
use crate::services::metering::imports::{Keep, Upload, receive, run};
use crate::text::{Locale, say, t};
use anyhow::{Context, Result};
use std::path::Path;

/// Bad rows that are shown; all are counted.
const SHOWN: i64 = 1_000;

/// Exit code 0 where everything was taken, 1 where rows were bad or the file was refused.
pub fn readings(app: &App, file: &Path, good_rows: bool) -> Result<u8> {
    let limit_bytes = (app.config.import_max_mib as usize) << 20;
    let size = std::fs::metadata(file)
        .with_context(|| format!("cannot read {}", file.display()))?
        .len();
    anyhow::ensure!(
        size <= limit_bytes as u64,
        "{} has {} MiB, more than the {} MiB that are taken at once: split it by month or by meter",
        file.display(),
        size >> 20,
        app.config.import_max_mib
    );
    let content = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let name = file
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let keep = if good_rows {
        Keep::GoodRows
    } else {
        Keep::AllOrNothing
    };
    let upload = Upload {
        file_name: &name,
        content: &content,
        keep,
        limit_bytes,
    };
    let id = match receive(&app.db, &Actor::HOUSE, app.now(), &upload) {
        Ok(id) => id,
        Err(Error::Invalid(fields)) => {
            for field in fields {
                eprintln!("{}", say(Locale::En, &field.message));
            }
            return Ok(1);
        }
        Err(error) => return Err(error.into()),
    };
    let done = run(&app.db, id, app.now())?;
    // What the readings touch is priced again before the command ends.
    crate::jobs::work_off(app)?;
    for bad in imports::errors(&mut *app.db.get()?, id, None, SHOWN)? {
        let reason = t(Locale::En, &format!("imp-reason-{}", bad.reason));
        println!(
            "line {}, {}: {:?}: {reason}",
            bad.line, bad.column_name, bad.value
        );
    }
    println!(
        "{}: {} new, {} unchanged, {} corrected, {} bad",
        done.state, done.rows_new, done.rows_same, done.rows_corrected, done.rows_bad
    );
    Ok(u8::from(done.rows_bad > 0 || done.state != imports::DONE))
}
