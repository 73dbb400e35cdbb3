use super::*;
use crate::domain::metering::source::SourceUnit;

const ZONE: Zone = Zone(chrono_tz::Europe::Moscow);
/// 2026-11-20 12:00:07 in Moscow.
const NOW: Instant = Instant(1_795_165_207);
const NOON: i64 = 1_795_165_200;

fn read(mapping: &Mapping, topic: &str, payload: &str) -> Result<Vec<Row>, Message> {
    let said = Arrived {
        topic,
        payload: payload.as_bytes(),
        at: NOW,
        retained: false,
    };
    rows(mapping, ZONE, said)
}

/// Meter, start, end and watt-hours of each row; of a bad one its reason.
fn told(mapping: &Mapping, topic: &str, payload: &str) -> Vec<String> {
    let rows = read(mapping, topic, payload).unwrap_or_else(|it| panic!("{payload}: {it:?}"));
    rows.into_iter()
        .map(|row| match row {
            Ok(row) => {
                let (from, to) = (row.span.from.0 - NOON, row.span.to.0 - NOON);
                format!("{} {from} {to} {}", row.meter, row.wh.0)
            }
            Err(bad) => format!("{} {} {}", bad.line, bad.column, bad.reason),
        })
        .collect()
}

fn usual(change: impl FnOnce(&mut Mapping)) -> Mapping {
    let mut mapping = Mapping {
        pattern: "plant/{meter}/energy".to_owned(),
        ..Mapping::default()
    };
    change(&mut mapping);
    assert_eq!(mapping.faults(), []);
    mapping
}

const TOPIC: &str = "plant/M-1/energy";

#[test]
fn json_is_read_by_names_and_pointers() {
    let plain = usual(|_| {});
    for (payload, row) in [
        (
            r#"{"time": "2026-11-20T12:00:00+03:00", "value": 1.5}"#,
            "M-1 -1800 0 1500",
        ),
        (
            r#"{"time": "2026-11-20T09:00:00.123Z", "value": "1,5"}"#,
            "M-1 -1800 0 1500",
        ),
        (
            r#"{"time": "2026-11-20 12:00", "value": 0}"#,
            "M-1 -1800 0 0",
        ),
        (
            r#"{"time": "20.11.2026 12:00", "value": 1e-3}"#,
            "M-1 -1800 0 1",
        ),
        (
            r#"{"time": "2026-11-20T12:00:00+03:00", "value": 12345678.9}"#,
            "M-1 -1800 0 12345678900",
        ),
        (r#"{"time": "2026-11-20T12:00:00+03:00"}"#, "1 value empty"),
        (
            r#"{"time": "2026-11-20T12:00:00+03:00", "value": null}"#,
            "1 value number",
        ),
        (
            r#"{"time": "2026-11-20T12:00:00+03:00", "value": "NaN"}"#,
            "1 value number",
        ),
        (
            r#"{"time": "2026-11-20T12:00:00+03:00", "value": -1}"#,
            "1 value negative",
        ),
        (
            r#"{"time": "2026-11-20T12:00:00+03:00", "value": 1e300}"#,
            "1 value number",
        ),
        (r#"{"time": "yesterday", "value": 1}"#, "1 start time"),
        (
            r#"{"time": "1970-01-01T00:00:00Z", "value": 1}"#,
            "1 start year",
        ),
        (r#"{"value": 1}"#, "1 start empty"),
    ] {
        assert_eq!(told(&plain, TOPIC, payload), [row], "{payload}");
    }
    let deep = usual(|it| {
        it.pattern = "plant/+/energy".to_owned();
        it.rows = "/data/rows".to_owned();
        it.meter = "id".to_owned();
        it.time = "/at".to_owned();
        it.value = "/reading/0".to_owned();
        it.time_form = TimeForm::UnixMillis;
        it.said_of = SaidOf::Start;
        it.unit = SourceUnit::Watt;
        it.seconds = 900;
    });
    let payload = r#"{"at": 1795165200999, "data": {"rows": [
        {"id": "A", "reading": [400]}, {"id": 7, "reading": ["8"]}, {"reading": [1]}]}}"#;
    let rows = ["A 0 900 100", "7 0 900 2", "3 meter empty"];
    assert_eq!(told(&deep, TOPIC, payload), rows);
}

#[test]
fn a_row_may_say_both_ends_or_what_a_display_showed() {
    let both = usual(|it| {
        it.time = "from".to_owned();
        it.end = "to".to_owned();
        it.time_form = TimeForm::UnixSeconds;
        it.unit = SourceUnit::Kilowatt;
    });
    let payload = r#"[{"from": 1795165200, "to": 1795168800, "value": 2},
        {"from": 1795165200, "value": 2}, {"from": 1795165200, "to": 1795165200, "value": 2}]"#;
    let rows = ["M-1 0 3600 2000", "M-1 -1800 0 1000", "3 end order"];
    assert_eq!(told(&both, TOPIC, payload), rows);
    let display = usual(|it| it.said_of = SaidOf::Display);
    let payload = r#"{"time": "2026-11-20T12:00:00+03:00", "value": 10452.3}"#;
    assert_eq!(told(&display, TOPIC, payload), ["M-1 0 0 10452300"]);
}

#[test]
fn a_plain_number_is_of_the_last_whole_interval() {
    let number = usual(|it| {
        it.payload = Payload::Number;
        it.unit = SourceUnit::Watt;
    });
    assert_eq!(told(&number, TOPIC, " 3000 \n"), ["M-1 -1800 0 1500"]);
    assert_eq!(told(&number, TOPIC, "on"), ["1 value number"]);
    let display = usual(|it| {
        it.payload = Payload::Number;
        it.said_of = SaidOf::Display;
    });
    assert_eq!(told(&display, TOPIC, "17.25"), ["M-1 7 7 17250"]);
    let said = Arrived {
        topic: TOPIC,
        payload: b"17",
        at: NOW,
        retained: true,
    };
    let kept = rows(&display, ZONE, said).unwrap_err();
    assert_eq!(
        kept.key, "source-reason-retained",
        "it is of an older moment"
    );
}

#[test]
fn what_says_nothing_is_refused_as_a_whole() {
    let plain = usual(|_| {});
    let rows = usual(|it| it.rows = "rows".to_owned());
    for (mapping, topic, payload, key) in [
        (&plain, "plant/M-1/power", "{}", "source-reason-topic"),
        (&plain, TOPIC, "no json", "imp-reason-json"),
        (&plain, TOPIC, "", "imp-reason-json"),
        (&plain, TOPIC, "17", "source-reason-rows"),
        (&rows, TOPIC, r#"{"row": []}"#, "source-reason-rows"),
        (&plain, TOPIC, &"[".repeat(100_000), "imp-reason-json"),
        (
            &plain,
            TOPIC,
            &format!("[{}0]", "0,".repeat(10_000)),
            "imp-file-too-many-rows",
        ),
    ] {
        assert_eq!(read(mapping, topic, payload).unwrap_err().key, key);
    }
    let long = format!("plant/{}/energy", "M".repeat(61));
    let payload = r#"{"time": "2026-11-20T12:00:00+03:00", "value": 1}"#;
    assert_eq!(told(&plain, &long, payload), ["1 meter too-long"]);
}
