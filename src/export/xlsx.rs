//! A list as a workbook: typed cells, a header that stays in view, a filter, and sums.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet,
    XlsxError,
};

use super::table::{Cell, Column, Kind, Table};
use crate::domain::calendar::Instant;
use crate::text::{Locale, t};

/// Bytes of an XLSX workbook with one sheet.
///
/// `created` is the moment that the file's properties name: the same list at the same moment gives
/// the same bytes. Errors: more than 1 048 576 rows, or a text above 32 767 characters.
pub fn xlsx(table: &Table, locale: Locale, created: Instant) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let properties = DocProperties::new().set_title(table.title.as_str());
    workbook.set_properties(&properties.set_creation_datetime(&date_time(created.utc())?));
    let sheet = workbook.add_worksheet();
    sheet.set_name(sheet_name(&table.title))?;
    write_header(sheet, table)?;
    for (index, column) in (0_u16..).zip(&table.columns) {
        write_column(sheet, table, index, column, locale)?;
    }
    write_totals(sheet, table, locale)?;
    sheet
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0);
    workbook.save_to_buffer()
}

fn write_header(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let bold = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_border_bottom(FormatBorder::Thin);
    for (index, column) in (0_u16..).zip(&table.columns) {
        let align = if column.kind == Kind::Text {
            FormatAlign::Left
        } else {
            FormatAlign::Right
        };
        sheet.write_string_with_format(0, index, &column.header, &bold.clone().set_align(align))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_repeat_rows(0, 0)?;
    let last = last_row(table);
    if !table.columns.is_empty() {
        sheet.autofilter(0, 0, last, table.columns.len() as u16 - 1)?;
    }
    Ok(())
}

/// The sheet's row of the last data row; the header's where there is none.
fn last_row(table: &Table) -> u32 {
    u32::try_from(table.rows.len()).unwrap_or(u32::MAX)
}

fn write_column(
    sheet: &mut Worksheet,
    table: &Table,
    index: u16,
    column: &Column,
    locale: Locale,
) -> Result<(), XlsxError> {
    let format = Format::new().set_num_format(number_format(column.kind, locale));
    let mut widest = column.header.chars().count();
    for (row, cells) in (1_u32..).zip(&table.rows) {
        let cell = &cells[usize::from(index)];
        widest = widest.max(width(cell));
        match cell {
            Cell::Empty => {}
            Cell::Text(text) => {
                sheet.write_string(row, index, text)?;
            }
            Cell::Date(day) => {
                sheet.write_datetime_with_format(row, index, date(*day)?, &format)?;
            }
            Cell::DateTime(at) => {
                sheet.write_datetime_with_format(row, index, date_time(*at)?, &format)?;
            }
            Cell::Integer(_) | Cell::Decimal(_) | Cell::Money(_) => {
                sheet.write_number_with_format(row, index, float(cell), &format)?;
            }
        }
    }
    sheet.set_column_width(index, (widest as f64 + 3.0).clamp(8.0, 60.0))?;
    Ok(())
}

/// A cell of a workbook is a binary float and nothing else: the one place where an amount becomes
/// one. Fifteen digits pass exactly, which is a trillion with kopecks.
fn float(cell: &Cell) -> f64 {
    cell.number()
        .and_then(|number| number.to_f64())
        .unwrap_or_default()
}

fn write_totals(sheet: &mut Worksheet, table: &Table, locale: Locale) -> Result<(), XlsxError> {
    if table.rows.is_empty() || !table.columns.iter().any(|column| column.total) {
        return Ok(());
    }
    let last = last_row(table);
    let bold = Format::new().set_bold().set_border_top(FormatBorder::Thin);
    for (index, column) in (0_u16..).zip(&table.columns) {
        if column.total {
            let letters = column_letters(index);
            // The sum is also stored as text of its value, for programs that do not calculate.
            let sum = table
                .sum(usize::from(index))
                .unwrap_or_default()
                .normalize();
            let formula =
                Formula::new(format!("=SUM({letters}2:{letters}{})", u64::from(last) + 1));
            let format = bold
                .clone()
                .set_num_format(number_format(column.kind, locale));
            sheet.write_formula_with_format(
                last + 1,
                index,
                formula.set_result(sum.to_string()),
                &format,
            )?;
        } else if index == 0 {
            sheet.write_string_with_format(last + 1, 0, t(locale, "doc-total"), &bold)?;
        } else {
            sheet.write_blank(last + 1, index, &bold)?;
        }
    }
    Ok(())
}

fn number_format(kind: Kind, locale: Locale) -> String {
    match (kind, locale) {
        (Kind::Text, _) => "@".into(),
        (Kind::Integer | Kind::Decimal(0), _) => "#,##0".into(),
        (Kind::Decimal(places), _) => format!("#,##0.{}", "0".repeat(places as usize)),
        (Kind::Money(_), _) => "#,##0.00".into(),
        (Kind::Date, Locale::Ru) => "dd\\.mm\\.yyyy".into(),
        (Kind::Date, Locale::En) => "yyyy\\-mm\\-dd".into(),
        (Kind::DateTime, Locale::Ru) => "dd\\.mm\\.yyyy\\ hh:mm".into(),
        (Kind::DateTime, Locale::En) => "yyyy\\-mm\\-dd\\ hh:mm".into(),
    }
}

fn width(cell: &Cell) -> usize {
    match cell {
        Cell::Empty => 0,
        Cell::Text(text) => text.chars().count(),
        Cell::Date(_) => 10,
        Cell::DateTime(_) => 16,
        number => {
            let digits = number.number().unwrap_or_default().to_string().len();
            digits + digits / 3
        }
    }
}

fn date(day: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(day.year()).unwrap_or_default();
    ExcelDateTime::from_ymd(year, day.month() as u8, day.day() as u8)
}

fn date_time(at: NaiveDateTime) -> Result<ExcelDateTime, XlsxError> {
    date(at.date())?.and_hms(at.hour() as u16, at.minute() as u8, at.second() as u8)
}

fn column_letters(index: u16) -> String {
    let mut letters = Vec::new();
    let mut rest = u32::from(index) + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// At most 31 characters, without those that a sheet's name may not have.
fn sheet_name(title: &str) -> String {
    let allowed = title
        .chars()
        .filter(|c| !c.is_control() && !"[]:*?/\\'".contains(*c));
    let name: String = allowed.take(31).collect();
    if name.trim().is_empty() {
        "1".into()
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};
    use rust_decimal::Decimal;

    use super::*;
    use crate::domain::money::{Currency, Minor};

    fn table() -> Table {
        let mut table = Table::new(
            "Счета: ноябрь/2026",
            vec![
                Column::new("Номер", Kind::Text),
                Column::new("Дата", Kind::Date),
                Column::summed("кВт·ч", Kind::Decimal(3)),
                Column::summed("Всего, ₽", Kind::Money(Currency::Rub)),
                Column::new("Отправлен", Kind::DateTime),
            ],
        );
        let day: NaiveDate = "2026-11-01".parse().unwrap();
        for (number, wh, total) in [("=1+1", 571_204_118, 530_538_278), ("2026-000413", 1, -1)] {
            let at = day.and_hms_opt(9, 5, 0).unwrap();
            let kwh = Decimal::new(wh, 3);
            table.push(vec![
                number.into(),
                day.into(),
                kwh.into(),
                Minor(total).into(),
                at.into(),
            ]);
        }
        table
    }

    #[test]
    fn it_is_read_back_with_the_same_types_and_sums() {
        let bytes = xlsx(&table(), Locale::Ru, Instant(1_793_491_200)).unwrap();
        let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        assert_eq!(workbook.sheet_names(), ["Счета ноябрь2026"]);
        let cells = workbook.worksheet_range_at(0).unwrap().unwrap();
        assert_eq!(cells.get_size(), (4, 5));
        assert_eq!(cells.get((1, 0)), Some(&Data::String("=1+1".into())));
        assert!(matches!(cells.get((1, 1)), Some(Data::DateTime(at)) if at.as_f64() == 46_327.0));
        assert!(matches!(cells.get((1, 4)), Some(Data::DateTime(_))));
        assert_eq!(cells.get((1, 2)), Some(&Data::Float(571_204.118)));
        assert_eq!(cells.get((1, 3)), Some(&Data::Float(5_305_382.78)));
        assert_eq!(cells.get((2, 3)), Some(&Data::Float(-0.01)));
        assert_eq!(cells.get((3, 0)), Some(&Data::String("Итого".into())));
        assert_eq!(cells.get((3, 3)), Some(&Data::Float(5_305_382.77)));
        let formulas = workbook.worksheet_formula("Счета ноябрь2026").unwrap();
        assert_eq!(
            formulas.get_value((3, 3)).map(String::as_str),
            Some("SUM(D2:D3)")
        );
    }

    #[test]
    fn the_same_list_gives_the_same_bytes() {
        let write = || xlsx(&table(), Locale::En, Instant(1_793_491_200)).unwrap();
        assert_eq!(write(), write());
    }

    #[test]
    fn an_empty_list_is_a_header() {
        let empty = Table {
            rows: vec![],
            ..table()
        };
        let bytes = xlsx(&empty, Locale::En, Instant(0)).unwrap();
        let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        assert_eq!(
            workbook.worksheet_range_at(0).unwrap().unwrap().get_size(),
            (1, 5)
        );
    }

    #[test]
    fn columns_are_lettered_as_in_a_sheet() {
        assert_eq!(
            [0, 25, 26, 701, 702].map(column_letters),
            ["A", "Z", "AA", "ZZ", "AAA"]
        );
    }
}
