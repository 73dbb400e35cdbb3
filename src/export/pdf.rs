//! An invoice as PDF, A4, in the form that Russian accountants know (bank block, parties, lines,
//! sums, amount in words), or the same in English.
//!
//! The same document gives the same bytes: dates come from the invoice, ids from its content.

mod blocks;
mod font;
pub mod labels;
mod lines;
mod sheet;

use chrono::Datelike;
use krilla::metadata::{DateTime, Metadata};
use krilla::{Document, SerializeSettings};

use super::document::InvoiceDocument;
use sheet::Sheet;

/// The document could not be written: only a broken font does that.
#[derive(Debug, thiserror::Error)]
#[error("the PDF cannot be written: {0}")]
pub struct PdfError(String);

/// Bytes of the invoice as a PDF with its fonts in it.
pub fn invoice_pdf(invoice: &InvoiceDocument) -> Result<Vec<u8>, PdfError> {
    let sheet = layout(invoice).ok_or_else(|| PdfError("the font cannot be read".into()))?;
    let settings = SerializeSettings {
        enable_tagging: false,
        ..Default::default()
    };
    let mut document = Document::new_with(settings);
    document.set_metadata(metadata(invoice));
    sheet.draw(&mut document);
    document
        .finish()
        .map_err(|error| PdfError(format!("{error:?}")))
}

/// Everything in its place on as many pages as it takes.
fn layout(invoice: &InvoiceDocument) -> Option<Sheet> {
    let mut sheet = Sheet::new()?;
    blocks::head(&mut sheet, invoice);
    lines::table(&mut sheet, invoice);
    lines::sums(&mut sheet, invoice);
    blocks::foot(&mut sheet, invoice);
    blocks::page_numbers(&mut sheet, invoice);
    Some(sheet)
}

fn metadata(invoice: &InvoiceDocument) -> Metadata {
    let day = invoice.issue_date;
    let year = u16::try_from(day.year()).unwrap_or_default();
    let date = DateTime::new(year)
        .month(day.month() as u8)
        .day(day.day() as u8)
        .hour(0)
        .minute(0)
        .second(0);
    Metadata::new()
        .title(invoice.title())
        .authors(vec![invoice.operator.name.clone()])
        .language(invoice.locale.code().into())
        .document_id(format!("innkeeper invoice {}", invoice.number))
        .creation_date(date.utc_offset_hour(0))
}

#[cfg(test)]
mod tests;
