//! A sheet of labels, A4 in three columns of eight (70 × 37 mm, cut or self-adhesive): a name, a few
//! lines, and a QR code drawn as vectors.

use super::PdfError;
use super::sheet::{Sheet, Style, WIDTH};
use krilla::metadata::Metadata;
use krilla::{Document, SerializeSettings};
use qrcode::{Color, EcLevel, QrCode};

const COLUMNS: usize = 3;
const ROWS: usize = 8;
const CELL: (f32, f32) = (WIDTH / COLUMNS as f32, 841.89 / ROWS as f32);
/// The side of a code with its quiet zone, and where it stands in its label.
const CODE: f32 = 76.0;
const PAD: f32 = 11.0;
/// Light modules around a code, as the standard asks.
const QUIET: usize = 4;
const NAME: Style = Style::new(13.0).bold();
const TEXT: Style = Style::new(8.0);

/// What a label says, and where its code leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub name: String,
    pub lines: Vec<String>,
    pub url: String,
}

/// The sheets as a PDF with its fonts in it; without a label one empty sheet.
pub fn labels_pdf(title: &str, labels: &[Label]) -> Result<Vec<u8>, PdfError> {
    let sheet = layout(labels)?;
    let settings = SerializeSettings {
        enable_tagging: false,
        ..Default::default()
    };
    let mut document = Document::new_with(settings);
    document.set_metadata(Metadata::new().title(title.to_owned()));
    sheet.draw(&mut document);
    document
        .finish()
        .map_err(|error| PdfError(format!("{error:?}")))
}

/// Every label in its place on as many sheets as it takes.
fn layout(labels: &[Label]) -> Result<Sheet, PdfError> {
    let mut sheet = Sheet::new().ok_or_else(|| PdfError("the font cannot be read".into()))?;
    for (index, label) in labels.iter().enumerate() {
        let at = index % (COLUMNS * ROWS);
        if index > 0 && at == 0 {
            sheet.new_page();
        }
        let corner = (
            (at % COLUMNS) as f32 * CELL.0,
            (at / COLUMNS) as f32 * CELL.1,
        );
        one(&mut sheet, corner, label)?;
    }
    Ok(sheet)
}

fn one(sheet: &mut Sheet, (left, top): (f32, f32), label: &Label) -> Result<(), PdfError> {
    code(sheet, (left + PAD, top + (CELL.1 - CODE) / 2.0), &label.url)?;
    let x = left + PAD + CODE + 4.0;
    let width = left + CELL.0 - 8.0 - x;
    let mut y = top + (CELL.1 - CODE) / 2.0 + 6.0;
    let bottom = top + CELL.1 - 10.0;
    let lines = std::iter::once((&label.name, NAME)).chain(label.lines.iter().map(|l| (l, TEXT)));
    for (text, style) in lines {
        for part in sheet.wrap(text, width, style).iter().take(3) {
            // What no longer fits the label is left to the page behind its code.
            if y + style.leading() > bottom {
                return Ok(());
            }
            sheet.text(x, y, part, style);
            y += style.leading();
        }
        y += 2.0;
    }
    Ok(())
}

/// Runs of dark modules, each drawn as one line as thick as a module.
fn code(sheet: &mut Sheet, (left, top): (f32, f32), url: &str) -> Result<(), PdfError> {
    let code = QrCode::with_error_correction_level(url, EcLevel::M)
        .map_err(|error| PdfError(format!("{url}: {error}")))?;
    let side = code.width();
    let module = CODE / (side + 2 * QUIET) as f32;
    let dark = |x: usize, y: usize| code[(x, y)] == Color::Dark;
    for y in 0..side {
        let mut x = 0;
        while x < side {
            let from = x;
            while x < side && dark(x, y) {
                x += 1;
            }
            if x > from {
                let at = |x: usize| left + (QUIET + x) as f32 * module;
                let middle = top + (QUIET + y) as f32 * module + module / 2.0;
                // A hair thicker, so that no light seam shows between two rows.
                sheet.rule((at(from), middle), (at(x), middle), module * 1.04);
            }
            x += 1;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(count: usize) -> Vec<Label> {
        let label = |n: usize| Label {
            name: format!("1А-{n:02}"),
            lines: vec!["12 мест".into(), "Сосновый Бор".into()],
            url: format!("https://hotel.example.org/racks/{n}"),
        };
        (0..count).map(label).collect()
    }

    #[test]
    fn twenty_four_labels_fill_a_sheet() {
        for (count, sheets) in [(0, 1), (1, 1), (24, 1), (25, 2), (49, 3)] {
            assert_eq!(layout(&labels(count)).unwrap().pages(), sheets, "{count}");
        }
        let bytes = labels_pdf("Зал 1", &labels(25)).unwrap();
        assert!(bytes.starts_with(b"%PDF-"));
    }

    #[test]
    fn a_code_that_holds_no_more_is_refused_in_words() {
        let label = Label {
            name: "X".into(),
            lines: vec![],
            url: "x".repeat(4_000),
        };
        assert!(labels_pdf("X", &[label]).is_err());
    }
}
