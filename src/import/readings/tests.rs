//! The forms of files beside tables: real samples, and what must be refused.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;
use crate::domain::calendar::Zone;

/// 2026-12-01T00:00:00Z.
const NOW: Instant = Instant(1_796_083_200);
const LIMIT: usize = 8 << 20;

/// The meters of the samples, in Moscow; a name that begins with `B` is one in Berlin.
fn meter(name: &str) -> Option<MeterInfo<String>> {
    let known = [
        "471070005107101",
        "471070005107102",
        "a galaxy far, far away",
    ];
    let zone = match name {
        _ if known.contains(&name) => "Europe/Moscow",
        _ if name.starts_with('B') => "Europe/Berlin",
        _ => return None,
    };
    Some(MeterInfo {
        key: name.to_owned(),
        zone: Zone::parse(zone)?,
        register: false,
    })
}

fn sample(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/readings");
    std::fs::read(format!("{folder}/{name}")).unwrap()
}

fn read(content: &[u8]) -> Vec<Row<String>> {
    super::read(content, NOW, LIMIT, None, meter).unwrap().rows
}

fn refused(content: &[u8]) -> FileError {
    let told = fault(content, NOW, LIMIT).expect("it is refused when it is handed in");
    let read = super::read(content, NOW, LIMIT, None, meter).expect_err("and when it is read");
    assert_eq!(told.to_string(), read.to_string());
    read
}

fn sum(rows: &[Row<String>], meter: &str) -> (usize, i64) {
    let own = rows.iter().flatten().filter(|row| row.meter == meter);
    (own.clone().count(), own.map(|row| row.wh.0).sum())
}

#[test]
fn a_day_as_80020_in_windows_1251() {
    let rows = read(&sample("80020_7800000012_20261102_1057.xml"));
    assert_eq!(sum(&rows, "471070005107101"), (48, 56_557_000));
    assert_eq!(
        sum(&rows, "471070005107102"),
        (46, 55_677_000),
        "two are not commercial"
    );
    let first = rows[0].as_ref().unwrap();
    assert_eq!(first.start.to_string(), "2026-11-01T21:00:00Z");
    assert_eq!(
        (first.end.0 - first.start.0, first.wh.0, first.line),
        (1_800, 1_159_000, 18)
    );
    let last = rows[47].as_ref().unwrap();
    assert_eq!(last.end.to_string(), "2026-11-02T21:00:00Z");
    let bad: Vec<&BadRow> = rows.iter().filter_map(|row| row.as_ref().err()).collect();
    assert_eq!(bad.len(), 48, "the house's own needs have no meter here");
    let told = (bad[0].line, bad[0].column, &bad[0].value[..], bad[0].reason);
    assert_eq!(
        told,
        (314, "meter", "471070005107201", Reason::UnknownMeter)
    );
}

fn message(day: &str, channel: &str, periods: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><message class=\"80020\" version=\"2\" number=\"1\">\
         <datetime><day>{day}</day></datetime><area><measuringpoint code=\"B1\">\
         <measuringchannel code=\"{channel}\">{periods}</measuringchannel></measuringpoint></area></message>"
    )
}

fn period(start: &str, end: &str, value: &str) -> String {
    format!("<period start=\"{start}\" end=\"{end}\"><value>{value}</value></period>")
}

#[test]
fn the_hour_that_is_repeated_comes_twice_in_80020() {
    let periods: String = [
        "0130 0200",
        "0200 0230",
        "0230 0300",
        "0200 0230",
        "0230 0300",
        "0300 0330",
    ]
    .iter()
    .map(|times| period(&times[..4], &times[5..], "1,5"))
    .collect();
    let rows = read(message("20261025", "01", &periods).as_bytes());
    let starts: Vec<String> = rows
        .iter()
        .map(|row| row.as_ref().unwrap().start.to_string())
        .collect();
    let expected = ["23:30", "00:00", "00:30", "01:00", "01:30", "02:00"];
    let clocks: Vec<&str> = starts.iter().map(|start| &start[11..16]).collect();
    assert_eq!(clocks, expected);
    assert!(
        rows.iter()
            .flatten()
            .all(|row| row.end.0 - row.start.0 == 1_800 && row.wh.0 == 1_500)
    );
}

#[test]
fn what_is_wrong_in_80020_is_named_row_by_row() {
    let periods = [
        period("0000", "0030", "x"),
        period("0030", "0100", "-1"),
        period("2461", "0100", "1"),
        period("0200", "0130", "1"),
        period("0200", "0230", "2"),
    ];
    let rows = read(message("20261101", "01", &periods.concat()).as_bytes());
    let told: Vec<_> = rows
        .iter()
        .map(|row| row.as_ref().map_err(|bad| (bad.column, bad.reason)))
        .collect();
    assert_eq!(told[0].unwrap_err(), ("value", Reason::Number));
    assert_eq!(told[1].unwrap_err(), ("value", Reason::Negative));
    assert_eq!(told[2].unwrap_err(), ("start", Reason::Time));
    assert_eq!(told[3].unwrap_err(), ("end", Reason::Order));
    assert_eq!(told[4].unwrap().wh, WattHours(2_000));
    let given_back = message("20261101", "02", &period("0000", "0030", "7"));
    assert!(matches!(
        refused(given_back.as_bytes()),
        FileError::HeaderOnly
    ));
}

#[test]
fn a_green_button_feed_names_its_meter_by_the_usage_point() {
    let rows = read(&sample("1hrLP_32Days.xml"));
    assert_eq!(sum(&rows, "a galaxy far, far away"), (768, 2_354_843));
    assert_eq!(rows.len(), 768);
    let first = rows[0].as_ref().unwrap();
    assert_eq!(
        (first.start, first.end.0 - first.start.0),
        (Instant(1_333_252_800), 3_600)
    );
    assert_eq!((first.wh, first.line), (WattHours(2_745), 125));
}

#[test]
fn a_green_button_value_has_its_power_of_ten_and_unit() {
    let text = String::from_utf8(sample("1hrLP_32Days.xml")).unwrap();
    let power = |power: &str| {
        let own = format!(
            "<powerOfTenMultiplier>{power}</powerOfTenMultiplier>\n                <timeAttribute>"
        );
        let zero =
            "<powerOfTenMultiplier>0</powerOfTenMultiplier>\n                <timeAttribute>";
        assert!(text.contains(zero));
        read(text.replacen(zero, &own, 1).as_bytes())
    };
    assert_eq!(power("3")[0].as_ref().unwrap().wh, WattHours(2_745_000));
    assert_eq!(power("-3")[0].as_ref().unwrap().wh, WattHours(3));
    assert_eq!(power("77")[0].as_ref().unwrap_err().reason, Reason::Unit);
    let gas = text.replace("<uom>72</uom>", "<uom>119</uom>");
    assert_eq!(
        read(gas.as_bytes())[0].as_ref().unwrap_err().reason,
        Reason::Unit
    );
}

fn packed(content: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(vec![], Compression::fast());
    packer.write_all(content).unwrap();
    packer.finish().unwrap()
}

#[test]
fn any_form_may_be_packed() {
    let plain = sample("80020_7800000012_20261101_1056.xml");
    assert_eq!(read(&packed(&plain)), read(&plain));
    let table = "meter,start,end,value,unit\nB1,2026-11-01 00:00,2026-11-01 00:30,1,kWh\n";
    assert_eq!(read(&packed(table.as_bytes())).len(), 1);
}

#[test]
fn what_could_harm_is_refused_with_its_cause() {
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE message [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;\">]>\
                <message class=\"80020\"><datetime><day>&b;</day></datetime></message>";
    assert!(matches!(refused(bomb.as_bytes()), FileError::Declarations));
    let entity = message("20261101", "01", &period("0000", "0030", "&wide;"));
    assert!(matches!(refused(entity.as_bytes()), FileError::Xml(1)));
    let whole = sample("80020_7800000012_20261101_1056.xml");
    assert!(matches!(refused(&whole[..5_000]), FileError::Xml(_)));
    let packed = packed(&vec![b'x'; LIMIT + 1]);
    assert!(matches!(refused(&packed), FileError::Unpacked(LIMIT)));
    assert!(matches!(
        refused(&packed[..packed.len() / 2]),
        FileError::Gzip
    ));
    assert!(matches!(
        refused(b"<html><body/></html>"),
        FileError::UnknownXml
    ));
    assert!(matches!(
        refused(b"<?xml version=\"1.0\"?>"),
        FileError::UnknownXml
    ));
    let dayless = message("", "01", &period("0000", "0030", "1"));
    assert!(matches!(refused(dayless.as_bytes()), FileError::NoDay));
    let deep = "<feed>".repeat(100_000);
    assert!(matches!(
        refused(deep.as_bytes()),
        FileError::Xml(_) | FileError::HeaderOnly
    ));
}

#[test]
fn a_numbered_message_says_which_edition_of_which_day_it_is() {
    let content = super::read(
        &sample("80020_7800000012_20261102_1057.xml"),
        NOW,
        LIMIT,
        None,
        meter,
    );
    let content = content.unwrap();
    let part = &content.parts[0];
    assert_eq!((content.parts.len(), part.edition.number), (1, 1_057));
    assert_eq!(part.rows, 0..content.rows.len());
    let of = &part.edition.subject;
    assert_eq!(
        (&of.sender[..], &of.area[..], of.day.to_string()),
        ("7800000012", "7800000012", "2026-11-02".to_owned())
    );
    // Without an INN the name counts; without a sender, or a number, nothing is known.
    let parts = |sender: &str, number: &str| {
        let text = message("20261101", "01", &period("0000", "0030", "1"));
        let text = text.replace("number=\"1\"", number);
        let text = text.replace("<area>", &format!("{sender}<area>"));
        super::read(text.as_bytes(), NOW, LIMIT, None, meter)
            .unwrap()
            .parts
    };
    let named = "<sender><name> Grid\n</name><inn/></sender>";
    let known = parts(named, "number=\"007\"").remove(0).edition;
    assert_eq!((known.number, &known.subject.sender[..]), (7, "Grid"));
    for (sender, number) in [
        ("", "number=\"7\""),
        (named, ""),
        (named, "number=\"\""),
        (named, "number=\"-7\""),
        (named, "number=\"7a\""),
        (named, "number=\"9999999999999999999\""),
    ] {
        assert_eq!(parts(sender, number), [], "{sender} {number}");
    }
}
