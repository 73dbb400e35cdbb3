//! Invoices as files, under names that say what is in them.

use crate::domain::ids::InvoiceId;
use crate::export::{json, pdf};
use crate::services::billing::invoices;
use crate::web::door::Visit;
use crate::web::files::{self, sent};
use crate::web::problem::Problem;
use crate::web::visit::Answer;
use actix_web::web;

/// One invoice: its PDF and JSON as they went out, its lines as a sheet.
pub async fn invoice(visit: Visit, path: web::Path<(i64, String)>) -> Answer {
    let (id, format) = path.into_inner();
    let actor = visit.who.actor;
    let document = visit
        .run(move |app| invoices::document(&app.db, &actor, InvoiceId(id)))
        .await?;
    let name = format!("invoice-{}", document.number);
    match format.as_str() {
        "pdf" => {
            let made = web::block(move || pdf::invoice_pdf(&document));
            let bytes = made.await.map_err(Problem::internal)?;
            let bytes = bytes.map_err(Problem::internal)?;
            Ok(sent("application/pdf", "inline", &name, "pdf", bytes))
        }
        "json" => {
            let bytes = json::json(&document);
            let kind = "application/json; charset=utf-8";
            Ok(sent(kind, "inline", &name, "json", bytes))
        }
        _ => files::table(&visit, &document.lines_table(), &name, &format),
    }
}
