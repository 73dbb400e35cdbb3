//! What is written is read back, in both languages and formats; bad cells are named.

use super::*;
use crate::domain::calendar::Instant;
use crate::domain::rows::Reason::{self, *};
use crate::domain::site::sheet::{Kind, collapsed, names_text};
use crate::domain::units::Watts;
use crate::export::{csv, sheet as export, xlsx};
use crate::import::columns::folded;
use crate::text::Locale;
use proptest::prelude::*;
use rust_decimal::Decimal;

const HEADER: &str = "Зал;Ряд;Стойка;Вид;Места;Предел, кВт;Фаза;Фидер А;Фидер B;Зона охлаждения\n";

fn told(sheet: &Sheet) -> Vec<(u64, &'static str, Reason)> {
    let bad = sheet.bad.iter();
    bad.map(|bad| (bad.line, bad.column, bad.reason)).collect()
}

#[test]
fn racks_good_and_bad() {
    let text = format!(
        "{HEADER}З1;A;A-01;Рама;8;28,5;три;Ф1;;В1\nЗ1;A;A-02;шкаф;8;28;L1;Ф1;Ф2;В1\n\
         З1;A;A-03;бак;2,5;28;L1;Ф1;;В1\nЗ1;A;A-04;бак;0;28;L1;Ф1;;В1\n\
         З1;A;A-05;бак;8;0,0005;L1;Ф1;;В1\nЗ1;A;A-06;бак;8;28;L4;Ф1;;В1\nЗ1;A;A-07;бак;8;28;L2;;;В1\n\
         З1;A;A-08;бак;x;28;L2;Ф1;;В1\nЗ1;A;A-09;бак;99999999;28;L2;Ф1;;В1\nЗ1;A;;бак;9;28;L2;Ф1;;В1\n\
         З1;A;A-10;бак;9;-28;L2;Ф1;;В1\n"
    );
    let sheet = read(Noun::Racks, text.as_bytes()).unwrap();
    let [row] = sheet.rows.as_slice() else {
        panic!("{:?}", sheet.rows)
    };
    let given = |code: &str| row.cells[Noun::Racks.at(code)].clone();
    assert_eq!(given("limit_kw"), Cell::Given(Value::Watts(Watts(28_500))));
    assert_eq!(given("kind"), Cell::Given(Value::Word("frame")));
    assert_eq!(given("feed_b"), Cell::Given(Value::Empty));
    let expected = [
        (3, "kind", Word),
        (4, "slots", Whole),
        (5, "slots", Positive),
        (6, "limit_kw", Whole),
        (7, "phase", Word),
        (8, "feed_a", Empty),
        (9, "slots", Number),
        (10, "slots", TooLarge),
        (11, "rack", Empty),
        (12, "limit_kw", Positive),
    ];
    assert_eq!(told(&sheet), expected);
}

#[test]
fn power_and_zones_good_and_bad() {
    let text = "node,kind,parent,rating_kw,volts,amps,leg,usable\nA,feed,,,400,63,,80 %\nB,feed,A,10,,,L2,\n\
                C,feed,,10,,,,0\nD,feed,,10,,,,101\nE,feed,,,400.1234,63,,80\n";
    let sheet = read(Noun::Power, text.as_bytes()).unwrap();
    assert_eq!(sheet.rows.len(), 2);
    assert_eq!(
        told(&sheet),
        [
            (4, "usable", Percent),
            (5, "usable", Percent),
            (6, "volts", Whole)
        ]
    );
    let zones = "зона;вид;установки, кВт;резерв;июль, %\nВ;воздух;В-2 = 500 | В-1 = 512,5;1;80\n\
                 Г;гидро;500;0;\nД;гидро;x = 1 | x = 2;0;\nЕ;гидро;x = 1;0;-1\n";
    let sheet = read(Noun::Zones, zones.as_bytes()).unwrap();
    let units = vec![
        ("В-1".to_owned(), Watts(512_500)),
        ("В-2".to_owned(), Watts(500_000)),
    ];
    let at = Noun::Zones.at("units");
    assert_eq!(sheet.rows[0].cells[at], Cell::Given(Value::Units(units)));
    let bad = [
        (3, "units", Units),
        (4, "units", Repeated),
        (5, "derate_7", Negative),
    ];
    assert_eq!(told(&sheet), bad);
}

#[test]
fn a_file_may_hold_some_columns_only_but_not_lack_its_key() {
    let sheet = read(Noun::Racks, "стойка;предел, кВт\nA-01;30\n".as_bytes()).unwrap();
    assert_eq!(sheet.rows[0].cells[Noun::Racks.at("slots")], Cell::Absent);
    let refused = read(Noun::Racks, "зал;предел, кВт\nЗ1;30\n".as_bytes());
    assert!(matches!(refused, Err(FileError::MissingColumns(columns)) if columns == ["rack"]));
    let windows = encoding_rs::WINDOWS_1251
        .encode("стойка;предел, кВт\nА-01;30\n")
        .0;
    assert_eq!(read(Noun::Racks, &windows).unwrap().rows.len(), 1);
}

#[test]
fn headers_and_words_of_both_languages_are_read() {
    for noun in Noun::ALL {
        for column in noun.columns() {
            for locale in Locale::ALL {
                let header = folded(&export::header(column, *locale));
                assert!(column.names.contains(&header.as_str()), "{noun}: {header}");
            }
            let code = folded(column.code);
            assert!(column.names.contains(&code.as_str()), "{noun}: {code}");
            let Kind::Word(words) = &column.kind else {
                continue;
            };
            for word in *words {
                for said in [word.code, word.ru, word.en] {
                    assert_eq!(
                        parse(&column.kind, said),
                        Ok(Value::Word(word.code)),
                        "{noun}"
                    );
                }
            }
        }
        let names = noun.columns().iter().flat_map(|column| column.names);
        let mut all: Vec<_> = names.collect();
        all.sort();
        assert!(
            all.windows(2).all(|pair| pair[0] != pair[1]),
            "{noun}: {all:?}"
        );
    }
}

#[test]
fn templates_are_read_without_a_bad_row() {
    for noun in Noun::ALL {
        for locale in Locale::ALL {
            let table = export::template(*noun, "T", *locale);
            for bytes in [
                csv::csv(&table, *locale),
                xlsx::xlsx(&table, *locale, Instant(0)).unwrap(),
            ] {
                let sheet = read(*noun, &bytes).unwrap();
                assert_eq!((sheet.rows.len(), sheet.bad), (1, vec![]), "{noun}");
            }
        }
    }
}

#[test]
fn machines_good_and_bad() {
    let long = "x".repeat(65);
    let text = format!(
        "Серийный номер;Арендатор;Модель;Мощность, Вт;Охлаждение;Подключение;Бронь;Состояние;Стойка;Место;Фаза\n\
         WM  1;ООО  «Я»;S21;3500;воздух;одна фаза;12;в стойке;A-01;1;L2\nWM-2;Я;S21;;;;;принята;;;\n\
         WM-3;Я;S21;3,5;;;;принята;;;\nWM-4;Я;S21;0;;;;принята;;;\nWM-5;Я;S21;1000001;;;;принята;;;\n\
         WM-6;Я;S21;;;;x;принята;;;\nWM-7;Я;S21;;;;;потеряна;;;\nWM-8;Я;S21;;;;;;;;\n\
         WM-9;;S21;;;;;принята;;;\n{long};Я;S21;;;;;принята;;;\nWM-10;Я;S21;;;;;принята;;0;L4\n"
    );
    let sheet = read(Noun::Machines, text.as_bytes()).unwrap();
    let given = |code: &str| sheet.rows[0].cells[Noun::Machines.at(code)].clone();
    assert_eq!(sheet.rows.len(), 2);
    assert_eq!(given("serial"), Cell::Given(Value::text("WM 1")));
    assert_eq!(given("tenant"), Cell::Given(Value::text("ООО «Я»")));
    assert_eq!(given("booking"), Cell::Given(Value::Whole(12)));
    assert_eq!(given("state"), Cell::Given(Value::Word("racked")));
    assert_eq!(given("note"), Cell::Absent);
    let expected = [
        (4, "watts", Whole),
        (5, "watts", Positive),
        (6, "watts", TooLarge),
        (7, "booking", Number),
        (8, "state", Word),
        (9, "state", Empty),
        (10, "tenant", Empty),
        (11, "serial", Serial),
        (12, "slot", Positive),
    ];
    assert_eq!(told(&sheet), expected);
}

fn names() -> impl Strategy<Value = String> {
    // What a form takes: trimmed, and not what a spreadsheet's apostrophe hides.
    "[А-Яа-яA-Za-z0-9ё«»\"|\\\\=;,+#.%-]([А-Яа-яA-Za-z0-9 ё«»\"'|\\\\=;,+#./%-]{0,20}[А-Яа-яA-Za-z0-9ё|\\\\=])?"
}

fn value(kind: &'static Kind, empty: bool) -> BoxedStrategy<Value> {
    let watts = (1_i64..10_000_000).prop_map(Watts);
    let full = match kind {
        Kind::Name | Kind::Ref(_) => names().prop_map(Value::Text).boxed(),
        // A cell of these is one line with single blanks.
        Kind::Serial | Kind::Text { .. } => names()
            .prop_map(|name| Value::Text(collapsed(&name)))
            .boxed(),
        Kind::Names => proptest::collection::vec(names(), 1..4)
            .prop_map(|all| all.iter().map(|name| collapsed(name)).collect())
            .prop_map(|all: Vec<String>| Value::Text(names_text(all)))
            .boxed(),
        Kind::Word(words) => (0..words.len())
            .prop_map(|at| Value::Word(words[at].code))
            .boxed(),
        Kind::Whole { least, most } => (*least..=*most).prop_map(Value::Whole).boxed(),
        Kind::Kilowatts { .. } => watts.prop_map(Value::Watts).boxed(),
        Kind::Decimal { .. } => (1_i64..1_000_000)
            .prop_map(|n| Value::Decimal(Decimal::new(n, 3)))
            .boxed(),
        Kind::Percent { .. } => (1_i64..=100_000)
            .prop_map(|n| Value::Decimal(Decimal::new(n, 3)))
            .boxed(),
        Kind::Units => proptest::collection::btree_map(names(), watts, 1..4)
            .prop_map(|units| Value::Units(units.into_iter().collect()))
            .boxed(),
    };
    if empty {
        prop_oneof![Just(Value::Empty), full].boxed()
    } else {
        full
    }
}

fn rows(noun: Noun) -> impl Strategy<Value = Vec<Vec<Value>>> {
    let row: Vec<_> = noun
        .columns()
        .iter()
        .map(|column| {
            value(
                &column.kind,
                matches!(column.need, Need::Optional | Need::Catalogue),
            )
        })
        .collect();
    proptest::collection::vec(row, 1..6)
}

fn any_rows() -> impl Strategy<Value = (Noun, Vec<Vec<Value>>)> {
    (0..Noun::ALL.len())
        .prop_flat_map(|at| rows(Noun::ALL[at]).prop_map(move |r| (Noun::ALL[at], r)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_is_exported_is_read_back((noun, rows) in any_rows(), language in 0_usize..2, workbook: bool) {
        let locale = Locale::ALL[language];
        let table = export::table(noun, &rows, "T", locale);
        let bytes = if workbook {
            xlsx::xlsx(&table, locale, Instant(0)).unwrap()
        } else {
            csv::csv(&table, locale)
        };
        let sheet = read(noun, &bytes).unwrap();
        prop_assert_eq!(&sheet.bad, &vec![]);
        let given: Vec<Vec<Value>> = sheet.rows.into_iter().map(|row| row.cells.into_iter().map(|cell| match cell {
            Cell::Given(value) => value,
            other => panic!("{other:?}"),
        }).collect()).collect();
        prop_assert_eq!(given, rows);
    }

    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..400), start in 0_usize..3, noun in 0..Noun::ALL.len()) {
        let head: &[u8] = [&b""[..], b"rack;hall;row;limit_kw\n", b"PK\x03\x04"][start];
        let _ = read(Noun::ALL[noun], &[head, &bytes].concat());
    }
}
