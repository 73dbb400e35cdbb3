//! Files that are none, through the door that a browser uses: each gets a clear answer in both
//! languages and leaves the data as they were.

use crate::identity::world::{PASSWORD, new_user};
use crate::on_both;
use crate::support::hotel::*;
use crate::support::process::{Browser, Told, file};
use crate::support::server::Server;
use crate::support::{Kind, Lot, NOW};
use innkeeper::db::Db;
use innkeeper::db::metering::{meters, readings};
use innkeeper::db::site::{halls, racks};
use innkeeper::domain::calendar::{Instant, Span};
use innkeeper::domain::identity::access::Role;
use innkeeper::domain::ids::SiteId;
use innkeeper::services::identity::users;
use innkeeper::services::metering::imports::Keep;
use innkeeper::text::{Arg, Locale, t, t_with};
use reqwest::blocking::multipart::Part;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_innkeeper");
const STAFF: &str = "staff@example.ru";
const LOCALES: [Locale; 2] = [Locale::Ru, Locale::En];
const READINGS: &str = "/readings";
const RACKS: &str = "/sites/1/data/racks/import";
const READING_HEAD: &str = "meter;start;end;value;unit\n";
const READING_ROW: &str = "M1;02.06.2026 00:00;02.06.2026 00:30;500;Wh\n";
const RACK_HEAD: &str = "hall;row;rack;kind;slots;limit_kw;phase;feed_a;feed_b;zone\n";
const RACK_ROW: &str = "1;1;A-09;frame;8;28,5;three;F;;Z\n";
const PDF: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n";
/// The file that is far too large, and what the program may grow by while it comes in.
const HUGE: u64 = 200 << 20;
const GROWTH_KIB: u64 = 32 << 10;

/// What an installation holds of what files bring.
#[derive(Debug, PartialEq)]
struct Holdings {
    readings: Vec<readings::Reading>,
    corrections: usize,
    /// As they are written out.
    racks: Vec<String>,
    halls: usize,
}

fn holdings(db: &Db) -> Holdings {
    let span = Span {
        from: Instant(0),
        to: Instant(i64::MAX),
    };
    db.read(|conn| {
        let ids: Vec<_> = meters::all(conn)?.iter().map(|it| it.id).collect();
        let racks = racks::of_site(conn, SiteId(1))?;
        Ok(Holdings {
            readings: readings::of_meters(conn, &ids, span)?,
            corrections: readings::corrections(conn, false, None, 1_000)?.len(),
            racks: racks.iter().map(|it| format!("{it:?}")).collect(),
            halls: halls::of_site(conn, SiteId(1))?.len(),
        })
    })
    .unwrap()
}

/// One rack, one meter with a day of readings, and staff.
fn build(db: &Db) {
    let hotel = Hotel::open(db, "Europe/Moscow");
    hotel.meter("M1", Some(hotel.rack("A-01", 10)), None, "2026-01-01");
    let day = half_hours("M1", at("2026-06-01T00:00:00+03:00"), 48, 500);
    hotel.import(&day, Keep::AllOrNothing, NOW);
    let new = new_user(STAFF, Role::Staff, None);
    users::create(db, &HOUSE, NOW, &new, PASSWORD).unwrap();
}

/// Staff in each language.
fn staff(base: &str) -> Vec<(Locale, Browser)> {
    let sign_in = |locale: Locale| {
        let browser = Browser::new(locale.code());
        let form = [("email", STAFF), ("password", PASSWORD)];
        assert_eq!(browser.post(base, "/sign-in", &form).unwrap().status, 303);
        let chosen = browser.post(base, "/preferences", &[("locale", locale.code())]);
        assert_eq!(chosen.unwrap().status, 303);
        (locale, browser)
    };
    LOCALES.into_iter().map(sign_in).collect()
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&#38;").replace('<', "&#60;");
    let text = text.replace('>', "&#62;").replace('"', "&#34;");
    text.replace('\'', "&#39;")
}

fn says(told: &Told, words: &str, what: &str) {
    let text = &told.text;
    assert!(text.contains(&escaped(words)), "{what}: {words}: {text}");
}

/// A file that is refused as a whole: its name, its bytes, the text and what it names.
type Whole = (&'static str, Vec<u8>, &'static str, &'static [&'static str]);

/// `short`: a header that lacks the columns `missing`; `book`: what is said of a broken workbook.
fn refused_whole(
    head: &str,
    short: &str,
    missing: &'static [&'static str],
    book: &'static str,
) -> Vec<Whole> {
    let utf16 = |text: &str| -> Vec<u8> {
        let units = text.encode_utf16().flat_map(u16::to_le_bytes);
        [0xFF, 0xFE].into_iter().chain(units).collect()
    };
    vec![
        ("empty.csv", vec![], "imp-file-empty", &[]),
        ("blank.csv", b"\n\n  \n".to_vec(), "imp-file-empty", &[]),
        ("head.csv", head.into(), "imp-file-header-only", &[]),
        ("wide.csv", utf16(head), "imp-file-utf16", &[]),
        ("renamed.csv", PDF.to_vec(), "imp-file-binary-pdf", &[]),
        (
            "book.csv",
            b"PK\x03\x04 [Content_Types].xml".to_vec(),
            book,
            &[],
        ),
        (
            "short.csv",
            format!("{short}\n1;2;3\n").into(),
            "imp-file-missing-columns",
            missing,
        ),
    ]
}

fn sentence(locale: Locale, key: &str, columns: &[&str]) -> String {
    let names: Vec<String> = columns
        .iter()
        .map(|code| t(locale, &format!("imp-column-{code}")))
        .collect();
    t_with(locale, key, &[("columns", Arg::Text(names.join(", ")))])
}

fn are_refused(base: &str, path: &str, files: &[Whole]) {
    for (locale, browser) in staff(base) {
        for (name, content, key, columns) in files {
            let keep = [("keep", "all_or_nothing")];
            let part = Some(file(name, content.clone()));
            let told = browser.post_parts(base, path, &keep, part).unwrap();
            assert_eq!(told.status, 422, "{path} {name}: {}", told.text);
            says(&told, &sentence(locale, key, columns), name);
        }
        // A form without the file, and a file that was not chosen.
        for part in [None, Some(file("", vec![]))] {
            let told = browser.post_parts(base, path, &[("keep", "good_rows")], part);
            let told = told.unwrap();
            assert_eq!(told.status, 422, "{path}: {}", told.text);
            says(&told, &t(locale, "form-required"), path);
        }
        let told = browser.post(base, path, &[("keep", "good_rows")]).unwrap();
        assert_eq!(
            told.status, 400,
            "{path}: no form with files: {}",
            told.text
        );
    }
}

/// A bad row: what stands in its line, the column's code, the value shown, and the reason's key.
type BadRow = (Vec<u8>, &'static str, &'static str, &'static str);

fn bad_readings() -> Vec<BadRow> {
    let row = |from: &str, to: &str| READING_ROW.replacen(from, to, 1).into_bytes();
    let mut other = READING_HEAD.replacen("unit", "единица", 1).into_bytes();
    other.extend(READING_ROW.as_bytes());
    other.extend(b"\xcc1;02.06.2026 00:30;02.06.2026 01:00;500;Wh\n");
    vec![
        (row(";500;", ";abc;"), "value", "abc", "number"),
        (row(";500;", ";;"), "value", "", "empty"),
        (row(";500;", ";-1;"), "value", "-1", "negative"),
        (row("M1", "M9"), "meter", "M9", "unknown-meter"),
        (
            row("02.06.2026 00:00", "01.01.1970 00:00"),
            "start",
            "01.01.1970 00:00",
            "year",
        ),
        (
            row("02.06.2026 00:00", "31.06.2026"),
            "start",
            "31.06.2026",
            "time",
        ),
        (
            row("02.06.2026 00:30", "02.06.2036 00:30"),
            "end",
            "02.06.2036 00:30",
            "duration",
        ),
        (row("Wh", "kVA"), "unit", "kVA", "unit"),
        (other, "", "", "encoding"),
    ]
}

fn bad_racks() -> Vec<BadRow> {
    let row = |from: &str, to: &str| RACK_ROW.replacen(from, to, 1).into_bytes();
    let twice = format!("{RACK_HEAD}{RACK_ROW}{RACK_ROW}").into_bytes();
    let mut other = RACK_HEAD.replacen("hall", "зал", 1).into_bytes();
    other.extend(RACK_ROW.as_bytes());
    other.extend(b"\xc7;1;A-10;frame;8;28,5;three;F;;Z\n");
    vec![
        (row(";8;", ";abc;"), "slots", "abc", "number"),
        (row("28,5", "-3"), "limit_kw", "-3", "positive"),
        (row("frame", "box"), "kind", "box", "word"),
        (
            other_rack(row(";F;", ";F-99;")),
            "feed_a",
            "F-99",
            "unknown-name",
        ),
        (
            other_rack(row(";Z", ";Z-99")),
            "zone",
            "Z-99",
            "unknown-name",
        ),
        (twice, "rack", "A-09", "repeated"),
        (other, "", "", "encoding"),
    ]
}

/// The same row for a rack that the file does not name before.
fn other_rack(row: Vec<u8>) -> Vec<u8> {
    let text = String::from_utf8(row).expect("UTF-8");
    text.replace("A-09", "A-10").into_bytes()
}

/// Each file has a good row in line 2 and the bad one in line 3, unless it brings its own header.
fn are_reported(base: &str, path: &str, (head, good): (&str, &str), rows: Vec<BadRow>) {
    let people = staff(base);
    let own = |content: &[u8]| content.iter().filter(|byte| **byte == b'\n').count() > 1;
    for (content, column, value, reason) in rows {
        let (locale, browser) = &people[0];
        let whole = match own(&content) {
            true => content,
            false => [head.as_bytes(), good.as_bytes(), &content].concat(),
        };
        let part = Some(file("bad.csv", whole));
        let told = browser.post_parts(base, path, &[("keep", "all_or_nothing")], part);
        let told = told.unwrap();
        assert_eq!(
            told.status,
            303,
            "{reason} {}: {}",
            locale.code(),
            told.text
        );
        for (locale, browser) in &people {
            let told = until_read(browser, base, &told.location);
            assert!(told.text.contains(">3</th>"), "{reason}: {}", told.text);
            for words in [
                value.to_owned(),
                t(*locale, &format!("imp-reason-{reason}")),
            ] {
                says(&told, &words, reason);
            }
            if !column.is_empty() {
                let name = t(*locale, &format!("imp-column-{column}"));
                says(&told, &name, reason);
            }
        }
    }
}

/// The report, once the background work has made it.
fn until_read(browser: &Browser, base: &str, path: &str) -> Told {
    loop {
        let told = browser.get(base, path).unwrap();
        assert_eq!(told.status, 200, "{}", told.text);
        if !told.text.contains("/progress\"") {
            return told;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Says that it sends more than it does, then falls silent; gives the answer.
fn cut_off(base: &str, path: &str, cookie: &str, whole: bool) -> String {
    let body =
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nmeter;sta";
    let length = if whole {
        body.len()
    } else {
        body.len() + 1_000
    };
    let host = base.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nCookie: session={cookie}\r\nConnection: close\r\n\
         Accept-Language: en\r\nContent-Type: multipart/form-data; boundary=x\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut answer = String::new();
    // Whoever hangs up need not be answered.
    let _ = stream.read_to_string(&mut answer);
    answer
}

on_both! {
    fn each_gets_a_clear_answer_and_changes_nothing(house: &House) {
        build(&house.db);
        let server = Server::start(&house.app(NOW));
        let base = server.base.as_str();
        let before = holdings(&house.db);
        let short = "meter;start;end;value";
        are_refused(base, READINGS, &refused_whole(READING_HEAD, short, &["unit"], "imp-file-binary-workbook"));
        // Racks may come without any column but their names, and as a workbook too.
        are_refused(base, RACKS, &refused_whole(RACK_HEAD, "hall;row;kind", &["rack"], "imp-file-workbook"));
        are_reported(base, READINGS, (READING_HEAD, READING_ROW), bad_readings());
        are_reported(base, RACKS, (RACK_HEAD, RACK_ROW), bad_racks());
        for path in [READINGS, RACKS] {
            let cookie = session(base);
            let answer = cut_off(base, path, &cookie, true);
            assert!(answer.starts_with("HTTP/1.1 400"), "{path}: {answer}");
            assert!(answer.contains(&t(Locale::En, "import-broken")), "{path}: {answer}");
            let answer = cut_off(base, path, &cookie, false);
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{path}: {answer}");
        }
        assert_eq!(holdings(&house.db), before);
    }

    fn the_same_file_twice_changes_once(house: &House) {
        build(&house.db);
        let server = Server::start(&house.app(NOW));
        let base = server.base.as_str();
        let (locale, browser) = &staff(base)[0];
        let mut held = vec![];
        for _ in 0..2 {
            let part = Some(file("day.csv", format!("{READING_HEAD}{READING_ROW}")));
            let told = browser.post_parts(base, READINGS, &[("keep", "good_rows")], part).unwrap();
            let report = until_read(browser, base, &told.location);
            says(&report, &t(*locale, "import-done"), "readings");
            let part = Some(file("racks.csv", format!("{RACK_HEAD}{RACK_ROW}")));
            let told = browser.post_parts(base, RACKS, &[], part).unwrap();
            let written = browser.post(base, &told.location, &[("rows", "whole")]).unwrap();
            assert_eq!(written.status, 303, "{}", written.text);
            held.push(holdings(&house.db));
        }
        assert_eq!((held[0].readings.len(), held[0].racks.len()), (49, 2));
        assert_eq!(held[0], held[1]);
    }
}

/// The cookie of somebody who signs in without a browser.
fn session(base: &str) -> String {
    let host = base.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).unwrap();
    let body = format!("email={STAFF}&password={}", PASSWORD.replace(' ', "+"));
    write!(
        stream,
        "POST /sign-in HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (_, cookie) = answer.split_once("session=").expect("a cookie");
    cookie.split(';').next().unwrap().to_owned()
}

/// Rows without an end, made while they are sent.
struct Rows;

impl Read for Rows {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        for (at, byte) in buffer.iter_mut().enumerate() {
            *byte = if at % 64 == 63 { b'\n' } else { b'1' };
        }
        Ok(buffer.len())
    }
}

#[test]
fn two_hundred_megabytes_are_refused_in_little_memory() {
    let lot = Lot::open(Kind::Sqlite).expect("SQLite is always there");
    lot.data.serve(PROGRAM, NOW).ready();
    build(&lot.db());
    let before = holdings(&lot.db());
    let mut process = lot.data.serve(PROGRAM, NOW);
    let base = process.ready();
    let (locale, browser) = &staff(&base)[0];
    let least = process.peak_kib();
    // With its length said before, as browsers do, and without.
    let parts = || {
        [
            Part::reader_with_length(Rows.take(HUGE), HUGE),
            Part::reader(Rows.take(HUGE)),
        ]
    };
    for (path, most) in [(READINGS, 64), (RACKS, 16)] {
        for part in parts() {
            let part = Some(part.file_name("huge.csv"));
            let told = browser.post_parts(&base, path, &[("keep", "good_rows")], part);
            let told = told.expect("an answer, not a broken connection");
            assert_eq!(told.status, 422, "{path}: {}", told.text);
            let sentence = t_with(*locale, "imp-file-too-large", &[("most", Arg::Int(most))]);
            says(&told, &sentence, path);
        }
    }
    if let (Some(least), Some(most)) = (least, process.peak_kib()) {
        assert!(most - least < GROWTH_KIB, "grew by {} KiB", most - least);
    }
    process.kill();
    assert_eq!(holdings(&lot.db()), before);
}
