use std::io::{self, Read};

use super::readings::{MeterInfo, ReadingRow, Readings};
use super::*;
use crate::domain::calendar::{Instant, Zone};
use crate::domain::units::WattHours;

/// 2026-12-01T00:00:00Z.
const NOW: Instant = Instant(1_796_083_200);

type Outcome = Vec<Result<ReadingRow<u32>, BadRow>>;

/// Meters named `M…` stand in Moscow, `B…` in Berlin, `U…` in UTC; others are unknown.
fn meter(name: &str) -> Option<MeterInfo<u32>> {
    let zone = match name.chars().next()? {
        'M' => "Europe/Moscow",
        'B' => "Europe/Berlin",
        'U' => "UTC",
        _ => return None,
    };
    Some(MeterInfo {
        key: name[1..].parse().ok()?,
        zone: Zone::parse(zone)?,
        register: false,
    })
}

fn read(bytes: impl AsRef<[u8]>) -> Result<Outcome, FileError> {
    let rows = Readings::open(bytes.as_ref(), NOW, meter)?;
    Ok(rows
        .map(|row| match row {
            Ok(row) => Ok(row),
            Err(RowError::Bad(bad)) => Err(bad),
            Err(RowError::Read(error)) => panic!("a slice is always read: {error}"),
        })
        .collect())
}

fn rows(lines: &str) -> Outcome {
    read(format!("meter,start,end,value,unit\n{lines}")).unwrap()
}

/// Start, end and watt-hours of rows that are all good.
fn good(outcome: &Outcome) -> Vec<(String, String, i64)> {
    let row = |row: &Result<ReadingRow<u32>, BadRow>| {
        let row = row.as_ref().unwrap();
        (row.start.to_string(), row.end.to_string(), row.wh.0)
    };
    outcome.iter().map(row).collect()
}

#[test]
fn good_rows_of_every_spelling() {
    let expected = vec![(
        "2026-10-31T21:00:00Z".to_owned(),
        "2026-10-31T21:30:00Z".to_owned(),
        96_500,
    )];
    for (start, end, value, unit) in [
        ("2026-11-01 00:00", "2026-11-01 00:30", "96.5", "kWh"),
        ("01.11.2026 0:00", "01.11.2026 0:30", "\"96,5\"", "кВт·ч"),
        (
            "2026-10-31T21:00:00Z",
            "2026-10-31T21:30:00Z",
            "0.0965",
            "MWh",
        ),
        (
            "2026-11-01T00:00+03:00",
            "2026-11-01T02:30:00+05:00",
            "96500",
            "Wh",
        ),
        ("01.11.2026 00:00:00", "2026-11-01 00:30:00", "193", "kW"),
        (
            "\"01.11.2026 00:00\"",
            "01.11.2026 00:30",
            "\"96 500\"",
            " Вт·ч ",
        ),
    ] {
        let line = format!(" M7 ,{start},{end},{value},{unit}\n");
        assert_eq!(good(&rows(&line)), expected, "{line}");
    }
}

type BadCase = (String, &'static str, &'static str, Reason);

const HALF: &str = "2026-11-01 00:00,2026-11-01 00:30";

fn assert_bad(cases: impl IntoIterator<Item = BadCase>) {
    for (line, column, value, reason) in cases {
        let outcome = rows(&format!("{line}\nM2,{HALF},1,kWh\n"));
        // What waits is another test's.
        let bare = |bad| BadRow { aside: None, ..bad };
        assert_eq!(
            outcome[0].clone().map_err(bare),
            Err(BadRow {
                line: 2,
                column,
                value: value.into(),
                reason,
                said: None,
                aside: None,
            }),
            "{line}"
        );
        assert!(
            outcome[1].is_ok() && outcome.len() == 2,
            "the next row is read after {line}"
        );
    }
}

#[test]
fn bad_times_say_where_and_why() {
    use Reason::*;
    let cases = [
        (
            "M1,01.01.1970 00:00,01.01.1970 00:30,1,kWh",
            "start",
            "01.01.1970 00:00",
            Year,
        ),
        (
            "M1,1969-12-31T23:30:00Z,1970-01-01T00:00:00Z,1,kWh",
            "start",
            "1969-12-31T23:30:00Z",
            Year,
        ),
        (
            "M1,2026-11-01,2026-11-02,1,kWh",
            "start",
            "2026-11-01",
            Time,
        ),
        ("M1,,2026-11-01 00:30,1,kWh", "start", "", Empty),
        ("M1,2026-11-01 00:00,soon,1,kWh", "end", "soon", Time),
        (
            "M1,2026-10-31 24:00,2026-11-01 00:30,1,kWh",
            "start",
            "2026-10-31 24:00",
            Time,
        ),
        (
            "M1,2026-11-01 00:30,2026-11-01 00:30,1,kWh",
            "end",
            "2026-11-01 00:30",
            Order,
        ),
        (
            "M1,2026-11-01 00:30,2026-11-01 00:00,1,kWh",
            "end",
            "2026-11-01 00:00",
            Order,
        ),
        (
            "M1,2026-11-01 00:00,2026-11-03 00:00,1,kWh",
            "end",
            "2026-11-03 00:00",
            Duration,
        ),
        (
            "M1,2026-12-24 00:00,2026-12-24 00:30,1,kWh",
            "end",
            "2026-12-24 00:30",
            Future,
        ),
        (
            "B1,2026-03-29 02:30,2026-03-29 03:30,1,kWh",
            "start",
            "2026-03-29 02:30",
            MissingTime,
        ),
        (
            "B1,2026-03-29 01:30,2026-03-29 02:15,1,kWh",
            "end",
            "2026-03-29 02:15",
            MissingTime,
        ),
    ];
    assert_bad(cases.map(|(line, column, value, reason)| (line.to_owned(), column, value, reason)));
}

#[test]
fn bad_meters_values_and_units_say_where_and_why() {
    use Reason::*;
    let half = HALF;
    assert_bad([
        (format!(",{half},1,kWh"), "meter", "", Empty),
        (format!("X1,{half},1,kWh"), "meter", "X1", UnknownMeter),
        (format!("M1,{half},abc,kWh"), "value", "abc", Number),
        (format!("M1,{half},,kWh"), "value", "", Empty),
        (format!("M1,{half},-1,kWh"), "value", "-1", Negative),
        (
            format!("M1,{half},1000000000,MWh"),
            "value",
            "1000000000",
            TooLarge,
        ),
        (format!("M1,{half},1,kVAh"), "unit", "kVAh", Unit),
        (format!("M1,{half},1,"), "unit", "", Empty),
    ]);
}

#[test]
fn lines_that_are_no_rows_are_named() {
    use Reason::*;
    let half = "2026-11-01 00:00,2026-11-01 00:30";
    for (line, reason) in [
        (format!("M1,{half},96,5,kWh"), Fields),
        (format!("M1,{half}"), Fields),
        (format!("\"M1,{half},1,kWh"), OpenQuote),
        // So early in the file it would be no text at all.
        (format!("M1,{half},{}1\0,kWh", " ".repeat(600)), Control),
        (format!("M1,{half},{},kWh", "1".repeat(70_000)), TooLong),
        ("x".repeat(300_000), TooLong),
    ] {
        let outcome = rows(&format!("M0,{half},1,кВт·ч\n{line}\nM2,{half},1,kWh"));
        let bad = outcome[1].as_ref().unwrap_err();
        assert_eq!((bad.line, bad.column, bad.reason), (3, "", reason));
        assert!(
            bad.value.chars().count() <= 80 && outcome[2].is_ok(),
            "{reason}"
        );
    }
    let mut mixed = format!("meter,start,end,value,unit\nM0,{half},1,кВт·ч\n").into_bytes();
    mixed.extend_from_slice(b"M1,2026-11-01 00:00,2026-11-01 00:30,1,\xEA\xC2\xF2\n");
    assert_eq!(
        read(mixed).unwrap()[1].as_ref().unwrap_err().reason,
        Encoding
    );
}

#[test]
fn headers_in_both_languages_with_every_delimiter_and_encoding() {
    let russian = "Счётчик;НАЧАЛО; Конец ;Примечание;Значение;Единица\r\n\
                   M1;01.11.2026 00:00;01.11.2026 00:30;да;1 096,5;кВт·ч\r\n\r\n;;;;;\r\n";
    let (cyrillic, _, _) = encoding_rs::WINDOWS_1251.encode(russian);
    let tabs = russian.replace(';', "\t");
    let marked = format!("\u{feff}{russian}");
    let english = "\n\"UNIT\",Value,\"End\",start,METER,\nkWh,\"1096,5\",2026-11-01 00:30,2026-11-01 00:00,\"M1\",\n\n\n";
    for bytes in [
        russian.as_bytes(),
        &cyrillic,
        tabs.as_bytes(),
        marked.as_bytes(),
        english.as_bytes(),
    ] {
        let outcome = read(bytes).unwrap();
        assert_eq!(outcome.len(), 1);
        assert_eq!(outcome[0].as_ref().unwrap().wh, WattHours(1_096_500));
    }
}

#[test]
fn a_repeated_hour_is_taken_in_file_order() {
    let expected: Vec<_> = [
        ("2026-10-24T23:30:00Z", "2026-10-25T00:00:00Z"),
        ("2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z"),
        ("2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z"),
        ("2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z"),
        ("2026-10-25T01:30:00Z", "2026-10-25T02:00:00Z"),
        ("2026-10-25T02:00:00Z", "2026-10-25T02:30:00Z"),
    ]
    .map(|(start, end)| (start.to_owned(), end.to_owned(), 1_000))
    .into();
    // The end of the first pass as the clock showed it, and as start plus half an hour.
    for turn in ["02:00", "03:00"] {
        let labels = [
            ("01:30", "02:00"),
            ("02:00", "02:30"),
            ("02:30", turn),
            ("02:00", "02:30"),
            ("02:30", "03:00"),
            ("03:00", "03:30"),
        ];
        for meters in [&["B1"][..], &["B1", "B2"]] {
            let mut file = String::new();
            for (start, end) in labels {
                for meter in meters {
                    file += &format!("{meter},2026-10-25 {start},2026-10-25 {end},1,kWh\n");
                }
            }
            // The same file again behind itself says the same.
            let outcome = rows(&(file.clone() + &file));
            for meter in 1..=meters.len() as u32 {
                let own = outcome
                    .iter()
                    .filter(|r| r.as_ref().unwrap().meter == meter)
                    .cloned()
                    .collect();
                assert_eq!(
                    good(&own),
                    [expected.clone(), expected.clone()].concat(),
                    "{turn} {meters:?}"
                );
            }
        }
    }
}

#[test]
fn hours_and_days_across_the_change_of_clocks() {
    let hourly = rows(
        "B1,2026-10-25 01:00,2026-10-25 02:00,1,kWh\nB1,2026-10-25 02:00,2026-10-25 03:00,2,kWh\n\
         B1,2026-10-25 02:00,2026-10-25 03:00,3,kWh\nB1,2026-10-25 03:00,2026-10-25 04:00,4,kWh\n",
    );
    let ends: Vec<_> = good(&hourly)
        .into_iter()
        .map(|(_, end, wh)| (end, wh))
        .collect();
    let hour = |hour: u32, wh: i64| (format!("2026-10-25T0{hour}:00:00Z"), wh);
    assert_eq!(
        ends,
        [
            hour(0, 1_000),
            hour(1, 2_000),
            hour(2, 3_000),
            hour(3, 4_000)
        ]
    );
    let days = rows(
        "B1,2026-10-25 00:00,2026-10-25 24:00,1,kW\nB2,29.03.2026 00:00,29.03.2026 24:00,1,kW\n",
    );
    assert_eq!(
        days.iter()
            .map(|row| row.as_ref().unwrap().wh.0)
            .collect::<Vec<_>>(),
        [25_000, 23_000]
    );
}

#[test]
fn files_that_are_refused() {
    let utf16: Vec<u8> = "meter,start\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let marked = [&[0xFF, 0xFE][..], &utf16].concat();
    let header = "meter;start;end;value;unit";
    let long = format!("{}\nM1", "meter,".repeat(20_000));
    let cases: [(&[u8], &str); 15] = [
        (b"", "the file is empty"),
        (b"\xEF\xBB\xBF\r\n \r\n", "the file is empty"),
        (header.as_bytes(), "the file has a header and no rows"),
        (
            b"meter,start,end,value,unit\n\n,,,,\n",
            "the file has a header and no rows",
        ),
        (b"meter,start,end,value\nM1", "columns are missing: unit"),
        (
            b"\xF1\xF7\xE5\xF2\xF7\xE8\xEA;start;end\nM1",
            "columns are missing: value, unit",
        ),
        (
            b"hello",
            "columns are missing: meter, start, end, value, unit",
        ),
        (
            b"meter,start,end,value,unit,unit\nM1",
            "the column unit stands there twice",
        ),
        (long.as_bytes(), "the first line is longer than 65536 bytes"),
        (&utf16, "the text is UTF-16"),
        (&marked, "the text is UTF-16"),
        (b"%PDF-1.7\n1 0 obj", "not a text but: pdf"),
        (
            b"PK\x03\x04....[Content_Types].xml",
            "not a text but: workbook",
        ),
        (b"meter\0\x01\x02,start", "not a text but: other"),
        (b"\x89PNG\r\n", "not a text but: image"),
    ];
    for (bytes, expected) in cases {
        assert_eq!(read(bytes).unwrap_err().to_string(), expected);
    }
}

#[test]
fn every_reason_and_refusal_has_its_sentence() {
    for locale in Locale::ALL {
        for reason in Reason::ALL {
            assert!(
                crate::text::has(*locale, &format!("imp-reason-{reason}")),
                "{locale} {reason}"
            );
        }
        for kind in FileKind::ALL {
            assert!(
                crate::text::has(*locale, &format!("imp-file-binary-{kind}")),
                "{locale} {kind}"
            );
        }
    }
    let bad = BadRow::new(7, "value", "abc", Reason::Number);
    assert_eq!(
        bad.sentence(Locale::Ru),
        "Строка 7, значение: «abc» — не число"
    );
    assert_eq!(
        bad.sentence(Locale::En),
        "Line 7, value: “abc” — not a number"
    );
    let refused = FileError::MissingColumns(vec!["end", "unit"]).sentence(Locale::Ru);
    assert_eq!(
        refused,
        "Нет столбцов: конец, единица. Назовите их так, как в шаблоне."
    );
}

#[test]
fn templates_are_read_without_a_bad_row() {
    for locale in Locale::ALL {
        let lookup = |_: &str| meter("M1");
        let rows: Vec<_> = Readings::open(&readings::template(*locale)[..], NOW, lookup)
            .unwrap()
            .collect();
        assert!(
            rows.len() == 2 && rows.iter().all(Result::is_ok),
            "{rows:?}"
        );
    }
}

/// A source that breaks off with an error.
struct Broken(&'static [u8]);

impl Read for Broken {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.0.is_empty() {
            Err(io::Error::other("gone"))
        } else {
            self.0.read(to)
        }
    }
}

#[test]
fn a_source_that_breaks_off_is_no_end_of_file() {
    let result = Readings::open(Broken(b"meter,start,end,value,unit\nM1"), NOW, meter);
    assert!(matches!(result.err(), Some(FileError::Read(_))));
    let long = "M1,2026-11-01 00:00,2026-11-01 00:30,1,kWh\n".repeat(5_000);
    let file: &'static str = format!("meter,start,end,value,unit\n{long}").leak();
    let rows: Vec<_> = Readings::open(Broken(file.as_bytes()), NOW, meter)
        .unwrap()
        .collect();
    assert!(matches!(rows.last(), Some(Err(RowError::Read(_)))));
}

#[test]
fn memory_does_not_grow_with_a_line() {
    let endless = io::repeat(b'x').take(50_000_000);
    let file = (&b"meter,start,end,value,unit\n"[..]).chain(endless);
    let bad: Vec<_> = Readings::open(file, NOW, meter).unwrap().collect();
    assert!(matches!(&bad[..], [Err(RowError::Bad(bad))] if bad.reason == Reason::TooLong));
}

mod properties;
