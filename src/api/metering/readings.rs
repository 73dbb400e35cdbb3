//! Readings that programs send.

use super::super::ask::{Ask, Done};
use super::super::post;
use super::super::problem::{Problem, said};
use super::super::routes::Answer;
use super::lines::{Form, Lines, MOST_UNPACKED};
use crate::db::{Chain, Conn};
use crate::domain::calendar::{Instant, Span};
use crate::domain::message::Message;
use crate::domain::rows::{BadRow, Reason};
use crate::import::number::{self, Unit};
use crate::services::metering::direct::{self, Book, Fate, Sent, SentRow};
use crate::services::metering::served;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Rows of one call.
const MOST_ROWS: usize = 100_000;

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReadings {
    #[schema(min_items = 1, max_items = 100000)]
    pub readings: Vec<NewReading>,
}

/// Energy of an interval (`start`, `end`), or what a register's display showed (`at`, before its
/// transformers' ratio).
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReading {
    /// The meter's number, or the code of its measuring point.
    #[schema(min_length = 1, max_length = 60)]
    pub meter: String,
    /// With its offset: `2026-11-01T00:00:00+03:00`.
    pub start: Option<chrono::DateTime<chrono::Utc>>,
    pub end: Option<chrono::DateTime<chrono::Utc>>,
    pub at: Option<chrono::DateTime<chrono::Utc>>,
    /// A decimal, as text: `12.5`.
    #[schema(min_length = 1, max_length = 40)]
    pub value: String,
    pub unit: ReadingUnit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
pub enum ReadingUnit {
    Wh,
    #[serde(rename = "kWh")]
    KiloWh,
    #[serde(rename = "MWh")]
    MegaWh,
    /// Mean power of the interval.
    #[serde(rename = "kW")]
    KiloW,
}

/// What became of the rows.
#[derive(Serialize, ToSchema)]
pub struct Taken {
    pub new: i64,
    /// Known already with this very value.
    pub same: i64,
    /// Another value for a known time: it counts from now on, the old one is kept.
    pub corrected: i64,
    /// In quarantine: see `rows`.
    pub waiting: i64,
    pub refused: i64,
    /// Every row that is not simply taken.
    pub rows: Vec<TakenRow>,
}

#[derive(Serialize, ToSchema)]
pub struct TakenRow {
    /// Its place in what was sent, from 1; of a table the line.
    pub row: i64,
    pub fate: RowFate,
    pub reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowFate {
    Waiting,
    Refused,
}

pub async fn create(ask: Ask, lines: Lines) -> Answer<Taken> {
    let (actor, now) = (ask.actor(), ask.now);
    let (form, content) = (lines.form, lines.content);
    let rows = match form {
        Form::Json => {
            let new: NewReadings = post::parse(&content)?;
            new.readings
                .iter()
                .zip(1..)
                .map(|(it, at)| sent(it, at))
                .collect()
        }
        Form::JsonLines => json_lines(&content),
        Form::Table => {
            let load = |conn: &mut Conn| Ok((Book::load(conn)?, served::house_zone(conn)?));
            let (book, zone) = ask.read(load).await?;
            direct::rows_of_file(&book, zone, &content, now, MOST_UNPACKED)
                .map_err(|error| Problem::bad_request(said(&error.message())))?
        }
    };
    if rows.len() > MOST_ROWS {
        return Err(Problem::too_large());
    }
    ask.once(
        &lines.given,
        |_| Ok(Chain::Operator),
        move |db| {
            let good: Vec<Sent> = rows
                .iter()
                .filter_map(|it| it.as_ref().ok())
                .cloned()
                .collect();
            let fates = db.write(Chain::Operator, |tx| {
                let book = Book::load(tx.conn)?;
                direct::receive(tx, &book, &good, &actor, "POST /api/v1/readings", now)
            })?;
            Ok(Done::Changed(taken(&rows, &fates)))
        },
    )
    .await
}

fn json_lines(content: &[u8]) -> Vec<SentRow> {
    let lines = content.split(|byte| *byte == b'\n').zip(1..);
    let filled = lines.filter(|(line, _)| !line.trim_ascii().is_empty());
    filled
        .map(
            |(line, at)| match serde_json::from_slice::<NewReading>(line) {
                Ok(row) => sent(&row, at),
                Err(error) => {
                    let text = String::from_utf8_lossy(line);
                    let said = Message::new("imp-reason-json").with("error", error.to_string());
                    Err(BadRow::refused(at, "", &text, said))
                }
            },
        )
        .collect()
}

/// Its interval or moment, and its energy.
fn sent(row: &NewReading, at: u64) -> SentRow {
    let bad = |column, value: &str, reason| BadRow::new(at, column, value, reason);
    let instant = |it: chrono::DateTime<chrono::Utc>| Instant(it.timestamp());
    let span = match (row.start, row.end, row.at) {
        (Some(start), Some(end), None) if start < end => Span {
            from: instant(start),
            to: instant(end),
        },
        (Some(_), Some(_), None) => return Err(bad("end", "", Reason::Order)),
        (None, None, Some(moment)) => Span {
            from: instant(moment),
            to: instant(moment),
        },
        _ => return Err(bad("at", "", Reason::Time)),
    };
    let unit = match row.unit {
        ReadingUnit::Wh => Unit::WattHour,
        ReadingUnit::KiloWh => Unit::KilowattHour,
        ReadingUnit::MegaWh => Unit::MegawattHour,
        ReadingUnit::KiloW if span.from == span.to => return Err(bad("unit", "kW", Reason::Unit)),
        ReadingUnit::KiloW => Unit::Kilowatt,
    };
    if row.meter.trim().is_empty() || row.meter.contains('\0') {
        return Err(bad("meter", &row.meter, Reason::Empty));
    }
    let scale = unit.watt_hours(span.seconds().unsigned_abs());
    let wh = crate::import::readings::energy(number::exact(&row.value), scale)
        .map_err(|reason| bad("value", &row.value, reason))?;
    Ok(Sent {
        meter: row.meter.trim().to_owned(),
        span,
        wh,
        edition: None,
    })
}

fn taken(rows: &[SentRow], fates: &[Fate]) -> Taken {
    let mut taken = Taken {
        new: 0,
        same: 0,
        corrected: 0,
        waiting: 0,
        refused: 0,
        rows: vec![],
    };
    let mut fates = fates.iter();
    for (at, row) in (1..).zip(rows) {
        let fate = match row {
            Ok(_) => fates.next(),
            Err(bad) => {
                let line = i64::try_from(bad.line).unwrap_or(i64::MAX);
                taken.add(line, RowFate::Refused, &bad.message());
                continue;
            }
        };
        match fate {
            Some(Fate::New) => taken.new += 1,
            Some(Fate::Same) => taken.same += 1,
            Some(Fate::Corrected) => taken.corrected += 1,
            Some(Fate::Waits(why)) => {
                let key = format!("quarantine-why-{}", why.code());
                taken.add(at, RowFate::Waiting, &Message::new(&key));
            }
            Some(Fate::Refused(why)) => taken.add(at, RowFate::Refused, why),
            None => {}
        }
    }
    taken
}

impl Taken {
    fn add(&mut self, row: i64, fate: RowFate, reason: &Message) {
        match fate {
            RowFate::Waiting => self.waiting += 1,
            RowFate::Refused => self.refused += 1,
        }
        self.rows.push(TakenRow {
            row,
            fate,
            reason: said(reason),
        });
    }
}
