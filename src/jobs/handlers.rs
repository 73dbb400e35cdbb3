//! Which use case does which kind of job. A handler may be cut off and begun again at any moment.

use crate::app::App;
use crate::db::identity::jobs::Job;
use crate::domain::calendar::Month;
use crate::domain::identity::access::Actor;
use crate::domain::ids::{ImportId, InvoiceId, LeaseId, MeterId, RunId};
use crate::error::Result;
use crate::export::json::json;
use crate::export::pdf::invoice_pdf;
use crate::mail::Attachment;
use crate::services::billing::{invoices, runs};
use crate::services::jobs::JobKind;
use crate::services::metering::{imports, meters, quarantine, usage};
use anyhow::{Context, anyhow};

/// Does one job to its end. Its `subject_id` and `detail` are what it was promised with.
pub fn run(app: &App, job: &Job) -> Result<()> {
    let kind =
        JobKind::parse(&job.kind).ok_or_else(|| anyhow!("no job is called {:?}", job.kind))?;
    let (db, now) = (&app.db, app.now());
    match kind {
        JobKind::ImportReadings => {
            imports::run(db, ImportId(job.subject_id), now)?;
        }
        JobKind::RunMonth => {
            runs::work(db, &app.config.base_url(), RunId(job.subject_id), now)?;
        }
        JobKind::RecomputeMonths => {
            let month = Month::parse(&job.detail)
                .with_context(|| format!("{:?} is no month", job.detail))?;
            usage::fresh(db, LeaseId(job.subject_id), month, now)?;
        }
        JobKind::ApplyQuarantine => {
            quarantine::apply(db, MeterId(job.subject_id), now)?;
        }
        JobKind::CountMeterDays => meters::count_days(db)?,
    }
    Ok(())
}

/// What is attached to an invoice's mail, made when the mail is sent.
pub fn documents(app: &App, invoice: InvoiceId) -> Result<Vec<Attachment>> {
    let document = invoices::document(&app.db, &Actor::HOUSE, invoice)?;
    let attachment = |end: &str, media_type: &str, bytes| Attachment {
        name: format!("{}.{end}", document.number),
        media_type: media_type.to_owned(),
        bytes,
    };
    let pdf = invoice_pdf(&document).map_err(anyhow::Error::from)?;
    Ok(vec![
        attachment("pdf", "application/pdf", pdf),
        attachment("json", "application/json", json(&document)),
    ])
}
