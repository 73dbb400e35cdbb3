//! Lists and invoices as files, under names that say what is in them.

use crate::domain::ids::InvoiceId;
use crate::export::table::Table;
use crate::export::{csv, json, pdf, xlsx};
use crate::services::billing::invoices;
use crate::web::door::Visit;
use crate::web::problem::Problem;
use crate::web::visit::Answer;
use actix_web::http::header;
use actix_web::{HttpResponse, web};

const SHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

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
            Ok(answer("application/pdf", "inline", &name, "pdf", bytes))
        }
        "json" => {
            let bytes = json::json(&document);
            let kind = "application/json; charset=utf-8";
            Ok(answer(kind, "inline", &name, "json", bytes))
        }
        _ => list(&visit, &document.lines_table(), &name, &format),
    }
}

/// A list as CSV or XLSX.
pub fn list(visit: &Visit, table: &Table, name: &str, format: &str) -> Answer {
    let locale = visit.reader.locale;
    let (kind, bytes) = match format {
        "csv" => ("text/csv; charset=utf-8", csv::csv(table, locale)),
        "xlsx" => {
            let bytes = xlsx::xlsx(table, locale, visit.now).map_err(Problem::internal)?;
            (SHEET, bytes)
        }
        _ => return Err(Problem::NotFound),
    };
    Ok(answer(kind, "attachment", name, format, bytes))
}

fn answer(kind: &str, how: &str, name: &str, end: &str, bytes: Vec<u8>) -> HttpResponse {
    let disposition = format!("{how}; filename=\"{name}.{end}\"");
    HttpResponse::Ok()
        .content_type(kind)
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .body(bytes)
}
