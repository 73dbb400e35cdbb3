//! A file of half-hours through the whole path (checked against what is known, counted once, summed by
//! date, months marked), beside the database's own bulk load of the same rows into a plain table.

use crate::hotel::{Hotel, at};
use crate::report::Report;
use crate::{memory, number};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use innkeeper::db::{Chain, Conn, Db};
use innkeeper::domain::calendar::Instant;
use innkeeper::domain::ids::*;
use innkeeper::domain::metering::method::Method;
use innkeeper::domain::units::WattHours;
use innkeeper::services::metering::imports::{self, Keep, Upload};
use innkeeper::services::metering::intake::{self, Counts, Incoming, Source};
use innkeeper::services::metering::served;
use std::fmt::Write;
use std::time::{Duration, Instant as Watch};

/// "At least a third of the rows a second".
const THRICE: f64 = 3.0;
const METERS: i64 = 300;
const HALF_HOUR: i64 = 1_800;
/// Memory "does not grow with the file": of ten times the rows, room for what allocators keep.
const FLAT: f64 = 1.3;

fn begin() -> Instant {
    at("2026-01-01T00:00:00+03:00")
}

fn wh(meter: i64, half_hour: i64) -> i64 {
    1_500 + (meter * 37 + half_hour * 11) % 400
}

/// Half-hours `from..to` of every meter, day by day as a concentrator sends them.
fn file(from: i64, to: i64) -> String {
    let mut text = String::from("meter,start,end,value,unit\n");
    for day in from / 48..to / 48 {
        for meter in 0..METERS {
            for half_hour in day * 48..(day + 1) * 48 {
                let start = begin().plus_seconds(half_hour * HALF_HOUR);
                let end = start.plus_seconds(HALF_HOUR);
                let wh = wh(meter, half_hour);
                writeln!(text, "M{meter},{start},{end},{wh},Wh").expect("text");
            }
        }
    }
    text
}

fn import(db: &Db, content: &str) -> (Duration, u64, i64) {
    let now = at("2027-01-01T00:00:00+03:00");
    memory::begin();
    let begun = Watch::now();
    let upload = Upload {
        file_name: "readings.csv",
        content: content.as_bytes(),
        keep: Keep::AllOrNothing,
        limit_bytes: 1 << 30,
    };
    let id = imports::receive(db, &crate::hotel::HOUSE, now, &upload).expect("a file");
    let done = imports::run(db, id, now).expect("an import");
    let took = begun.elapsed();
    assert_eq!((done.rows_bad, done.error.as_str()), (0, ""), "all good");
    (took, memory::peak_kib(), done.rows_new)
}

/// The same numbers in a table without anything around it, written as fast as the database takes them.
fn bulk(db: &Db, from: i64, to: i64) -> Duration {
    db.write(Chain::Operator, |tx| {
        tx.conn.batch_execute(
            "CREATE TABLE IF NOT EXISTS plain (meter_id BIGINT NOT NULL, start_at BIGINT NOT NULL, \
             end_at BIGINT NOT NULL, wh BIGINT NOT NULL, estimated BOOLEAN NOT NULL, \
             import_id BIGINT NOT NULL, method INTEGER NOT NULL, PRIMARY KEY (meter_id, start_at))",
        )?;
        Ok(())
    })
    .expect("a table");
    let begun = Watch::now();
    db.write(Chain::Operator, |tx| {
        match tx.conn {
            Conn::Postgres(conn) => copy(conn, from, to),
            Conn::Sqlite(conn) => insert(conn, from, to),
        }
        Ok(())
    })
    .expect("a bulk load");
    begun.elapsed()
}

fn rows(from: i64, to: i64) -> impl Iterator<Item = [i64; 4]> {
    (0..METERS).flat_map(move |meter| {
        (from..to).map(move |half_hour| {
            let start = begin().plus_seconds(half_hour * HALF_HOUR).0;
            [meter + 1, start, start + HALF_HOUR, wh(meter, half_hour)]
        })
    })
}

fn copy(conn: &mut PgConnection, from: i64, to: i64) {
    let mut text = String::new();
    for [meter, start, end, wh] in rows(from, to) {
        writeln!(text, "{meter}\t{start}\t{end}\t{wh}\tf\t1\t0").expect("text");
    }
    use diesel::pg::CopyFormat;
    diesel::copy_from(plain::table)
        .from_raw_data(plain::table, |target| {
            let sent = std::io::Write::write_all(target, text.as_bytes());
            sent.map_err(|error| diesel::result::Error::SerializationError(error.into()))
        })
        .with_format(CopyFormat::Text)
        .execute(conn)
        .expect("a copy");
}

/// Many rows a statement: SQLite has no other way of its own.
fn insert(conn: &mut SqliteConnection, from: i64, to: i64) {
    let all: Vec<[i64; 4]> = rows(from, to).collect();
    for part in all.chunks(1_000) {
        let mut text = String::from("INSERT INTO plain VALUES ");
        for (at, [meter, start, end, wh]) in part.iter().enumerate() {
            let comma = if at > 0 { "," } else { "" };
            write!(text, "{comma}({meter},{start},{end},{wh},0,1,0)").expect("text");
        }
        conn.batch_execute(&text).expect("rows");
    }
}

diesel::table! {
    plain (meter_id, start_at) {
        meter_id -> BigInt,
        start_at -> BigInt,
        end_at -> BigInt,
        wh -> BigInt,
        estimated -> Bool,
        import_id -> BigInt,
        method -> Integer,
    }
}

pub fn run(report: &mut Report, db: &Db, name: &str) {
    let rows = number("ROWS", 1_000_000);
    let days = (rows / METERS / 48).max(10);
    let hotel = Hotel::open(db, "Europe/Moscow");
    for meter in 0..METERS {
        let rack = hotel.rack(&format!("R{meter}"), 40);
        hotel.meter(&format!("M{meter}"), Some(rack), None, "2026-01-01");
    }
    // A tenth of the file first: what memory it takes, and caches that are warm for both.
    let tenth = (days / 10).max(1) * 48;
    let (_, small, _) = import(db, &file(0, tenth));
    let _ = bulk(db, 0, tenth);
    let (from, to) = (tenth, tenth + days * 48);
    let text = file(from, to);
    let (took, peak, new) = import(db, &text);
    let plain = bulk(db, from, to);
    let held = text.len() as u64 / 1_024;
    println!(
        "       {name}: {new} rows, {:.0} a second",
        new as f64 / took.as_secs_f64()
    );
    report.ratio(
        &format!("{name}: a file of readings to a bulk load"),
        took,
        plain,
        THRICE,
    );
    // The bench holds the file itself.
    report.share(
        &format!("{name}: memory of a file to that of a tenth of it"),
        (peak.saturating_sub(held), small),
        FLAT,
    );
    let (again, ..) = import(db, &text);
    report.note(&format!("{name}: the same file again"), again);
}

/// Half-hours of these meters, as the house keeps them.
pub fn keep(db: &Db, meters: &[MeterId], from: Instant, count: i64) {
    let served = db.read(served::all).expect("meters");
    let source = Source {
        who: &crate::hotel::HOUSE,
        import: ImportId(0),
        method: Method::Measured,
        confirmed: false,
        reason: "",
        now: at("2027-01-01T00:00:00+03:00"),
    };
    for meter in meters {
        let rows: Vec<Incoming> = (0..count)
            .map(|half_hour| Incoming {
                meter: *meter,
                start: from.plus_seconds(half_hour * HALF_HOUR),
                line: 0,
                end: from.plus_seconds((half_hour + 1) * HALF_HOUR),
                wh: WattHours(wh(meter.0, half_hour)),
            })
            .collect();
        let judged = db.write(Chain::Operator, |tx| {
            intake::take(tx, &served, &rows, &source)
        });
        assert_eq!(Counts::of(&judged.expect("rows")).new, count);
    }
}
