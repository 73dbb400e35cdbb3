//! Which use case does which kind of job. A handler may be cut off and begun again at any moment.

use crate::app::App;
use crate::db::identity::jobs::Job;
use crate::domain::ids::InvoiceId;
use crate::error::Result;
use crate::mail::Attachment;
use crate::services::jobs::JobKind;
use anyhow::anyhow;

/// Does one job to its end. Its `subject_id` and `detail` are what it was promised with.
pub fn run(_app: &App, job: &Job) -> Result<()> {
    let kind =
        JobKind::parse(&job.kind).ok_or_else(|| anyhow!("no job is called {:?}", job.kind))?;
    match kind {
        JobKind::ImportReadings | JobKind::RunMonth | JobKind::RecomputeMonths => {
            Err(anyhow!("nobody does {kind} yet").into())
        }
    }
}

/// What is attached to an invoice's mail, made when the mail is sent.
pub fn documents(_app: &App, invoice: InvoiceId) -> Result<Vec<Attachment>> {
    Err(anyhow!("invoice {invoice} has no documents yet").into())
}
