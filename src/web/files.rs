//! A table as the file that was asked for: the answer of every list and every noun that goes out.

use super::door::Visit;
use super::problem::Problem;
use super::visit::Answer;
use crate::export::table::Table;
use crate::export::{csv, xlsx};
use actix_web::HttpResponse;
use actix_web::http::header;

const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// CSV or XLSX in the reader's language; any other format is no page. `name`: without its end.
pub fn table(visit: &Visit, table: &Table, name: &str, format: &str) -> Answer {
    let locale = visit.reader.locale;
    let (mime, bytes) = match format {
        "csv" => ("text/csv; charset=utf-8", csv::csv(table, locale)),
        "xlsx" => {
            let bytes = xlsx::xlsx(table, locale, visit.now).map_err(Problem::internal)?;
            (WORKBOOK, bytes)
        }
        _ => return Err(Problem::NotFound),
    };
    Ok(sent(mime, "attachment", name, format, bytes))
}

/// Bytes under a name that says what is in them; `how`: `inline` or `attachment`.
pub fn sent(mime: &str, how: &str, name: &str, end: &str, bytes: Vec<u8>) -> HttpResponse {
    let disposition = format!("{how}; filename=\"{name}.{end}\"");
    HttpResponse::Ok()
        .content_type(mime)
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .body(bytes)
}
