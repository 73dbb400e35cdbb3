//! Messages of a source become readings: a batch in one transaction, through the house's one intake.

use super::super::direct::{self, Book, Fate, Sent};
use super::REFUSALS_KEPT;
use super::listen::{HELD_SECONDS, Listener};
use crate::db::metering::imports::{self, Import};
use crate::db::metering::sources::{self as rows, Refusal, Slot, Source};
use crate::db::site::sites;
use crate::db::trail::{self, Head};
use crate::db::{Chain, Conn, Db, Tx};
use crate::domain::calendar::{Instant, Zone};
use crate::domain::identity::access::Actor;
use crate::domain::ids::*;
use crate::domain::message::Message;
use crate::domain::metering::source::{Mapping, Payload};
use crate::error::Result;
use crate::import::messages::{self, Arrived};
use std::collections::HashMap;

/// What `imports.kind` says of what arrived at a source in a day.
pub const KIND: &str = "readings_arrived";
/// The most that a message may hold once unpacked.
const MOST_BYTES: usize = 16 << 20;
/// How much of a message that could not be taken is kept.
const SHOWN: usize = 400;

/// A message as it arrived.
#[derive(Clone, Debug)]
pub struct Arrival<'a> {
    pub topic: String,
    pub payload: &'a [u8],
    pub at: Instant,
    pub retained: bool,
}

impl Arrival<'_> {
    fn said(&self) -> Arrived<'_> {
        Arrived {
            topic: &self.topic,
            payload: self.payload,
            at: self.at,
            retained: self.retained,
        }
    }
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    pub new: i64,
    pub same: i64,
    pub corrected: i64,
    pub waiting: i64,
    pub refused: i64,
}

/// The meters as a process knows them between batches. Nothing is believed: the heads of the trail
/// are compared inside of each transaction.
#[derive(Default)]
pub struct Keeper(Option<Known>);

struct Known {
    heads: [Head; 2],
    book: Book,
    names: HashMap<String, (String, SiteId)>,
    zone: Zone,
}

impl Known {
    fn load(conn: &mut Conn, site: SiteId, heads: [Head; 2], now: Instant) -> Result<Self> {
        let book = Book::load(conn)?;
        Ok(Self {
            names: book.names(now),
            zone: sites::get(conn, site)?.zone(),
            heads,
            book,
        })
    }
}

impl Keeper {
    fn known(&mut self, tx: &mut Tx, site: SiteId, now: Instant) -> Result<&Known> {
        let heads = [tx.head()?, trail::head(tx.conn, Chain::Site(site).key())?];
        let kept = self.0.take().filter(|it| it.heads == heads);
        let known = match kept {
            Some(known) => known,
            None => Known::load(tx.conn, site, heads, now)?,
        };
        Ok(self.0.insert(known))
    }
}

/// A source as its listener knows it.
pub struct Work<'a> {
    pub source: &'a Source,
    pub mapping: &'a Mapping,
}

/// Rows of a batch, each with the message that it is of.
#[derive(Default)]
struct Read {
    rows: Vec<Sent>,
    of: Vec<usize>,
    refused: Vec<(usize, Message)>,
}

impl Read {
    fn add(&mut self, known: &Known, site: SiteId, at: usize, mut row: Sent) {
        match known.names.get(&row.meter) {
            Some((_, other)) if *other != site => {
                let said = Message::new("source-reason-other-site").with("meter", row.meter);
                return self.refused.push((at, said));
            }
            Some((code, _)) => row.meter.clone_from(code),
            None => {}
        }
        self.rows.push(row);
        self.of.push(at);
    }
}

/// Rows of all messages, or why they have none.
fn read(known: &Known, work: &Work, arrivals: &[Arrival], now: Instant) -> Read {
    let mut read = Read::default();
    let site = work.source.site_id;
    for (at, arrival) in arrivals.iter().enumerate() {
        match rows_of(known, work.mapping, arrival, now) {
            Err(reason) => read.refused.push((at, reason)),
            Ok(rows) => {
                for row in rows {
                    match row {
                        Ok(row) => read.add(known, site, at, row),
                        Err(reason) => read.refused.push((at, reason)),
                    }
                }
            }
        }
    }
    read
}

type Rows = Vec<std::result::Result<Sent, Message>>;

fn rows_of(
    known: &Known,
    mapping: &Mapping,
    arrival: &Arrival,
    now: Instant,
) -> std::result::Result<Rows, Message> {
    if mapping.payload == Payload::Table {
        messages::meter_of(mapping, &arrival.topic)?;
        let rows = direct::rows_of_file(&known.book, known.zone, arrival.payload, now, MOST_BYTES)
            .map_err(|error| error.message())?;
        return Ok(rows
            .into_iter()
            .map(|it| it.map_err(|bad| bad.message()))
            .collect());
    }
    let rows = messages::rows(mapping, known.zone, arrival.said())?;
    let sent = |row: messages::MessageRow| Sent {
        meter: row.meter,
        span: row.span,
        wh: row.wh,
        edition: None,
    };
    Ok(rows
        .into_iter()
        .map(|row| row.map(sent).map_err(|bad| bad.message()))
        .collect())
}

/// Takes a batch in: readings, what could not be taken, and the counts of the listener's slot, all
/// or nothing. `None` where the slot, or the source, is another's or gone: then nothing is taken.
pub fn take(
    db: &Db,
    keeper: &mut Keeper,
    listener: &Listener,
    work: &Work,
    arrivals: &[Arrival],
    now: Instant,
) -> Result<Option<Counted>> {
    db.write(Chain::Operator, |tx| {
        let held = rows::held(tx.conn, listener.source, listener.slot, &listener.holder)?;
        let Some(mut slot) = held else {
            return Ok(None);
        };
        let known = keeper.known(tx, work.source.site_id, now)?;
        let mut read = read(known, work, arrivals, now);
        let import = of_the_day(tx.conn, work.source, &slot, known.zone, now)?;
        let fates = direct::take(tx, &known.book, &read.rows, &Actor::HOUSE, import.id, now)?;
        let mut counted = Counted::default();
        for (fate, at) in fates.iter().zip(&read.of) {
            match fate {
                Fate::New => counted.new += 1,
                Fate::Same => counted.same += 1,
                Fate::Corrected => counted.corrected += 1,
                Fate::Waits(_) => counted.waiting += 1,
                Fate::Refused(why) => read.refused.push((*at, why.clone())),
            }
        }
        counted.refused = read.refused.len() as i64;
        refuse(tx.conn, work.source.id, arrivals, &read.refused)?;
        slot.import_id = Some(import.id);
        note_import(tx.conn, import, counted)?;
        note_slot(tx.conn, slot, arrivals.len() as i64, counted, now)?;
        Ok(Some(counted))
    })
}

/// Under what the readings of a day and a slot come in.
fn of_the_day(
    conn: &mut Conn,
    source: &Source,
    slot: &Slot,
    zone: Zone,
    now: Instant,
) -> Result<Import> {
    if let Some(id) = slot.import_id {
        let import = imports::get(conn, id)?;
        if zone.date(import.created_at) == zone.date(now) {
            return Ok(import);
        }
    }
    let mut import = Import {
        site_id: Some(source.site_id),
        state: imports::DONE.to_owned(),
        phase: imports::WRITE.to_owned(),
        finished_at: Some(now),
        ..Import::of_file(KIND, &source.name, String::new(), 0, now)
    };
    import.id = imports::insert(conn, &import)?;
    Ok(import)
}

fn note_import(conn: &mut Conn, mut import: Import, counted: Counted) -> Result<()> {
    import.rows_new += counted.new;
    import.rows_same += counted.same;
    import.rows_corrected += counted.corrected;
    import.rows_bad += counted.waiting + counted.refused;
    import.rows_done = import.rows_new + import.rows_same + import.rows_corrected + import.rows_bad;
    imports::update(conn, &import)
}

fn note_slot(
    conn: &mut Conn,
    mut slot: Slot,
    messages: i64,
    counted: Counted,
    now: Instant,
) -> Result<()> {
    slot.held_until = now.plus_seconds(HELD_SECONDS);
    slot.last_message_at = Some(now);
    slot.messages += messages;
    slot.rows_new += counted.new;
    slot.rows_same += counted.same;
    slot.rows_corrected += counted.corrected;
    slot.rows_waiting += counted.waiting;
    slot.refused += counted.refused;
    rows::update_slot(conn, &slot)
}

/// Keeps the last of what could not be taken, with how it began.
fn refuse(
    conn: &mut Conn,
    source: SourceId,
    arrivals: &[Arrival],
    refused: &[(usize, Message)],
) -> Result<()> {
    let most = usize::try_from(REFUSALS_KEPT).unwrap_or(0);
    let last = &refused[refused.len().saturating_sub(most)..];
    let mut kept = vec![];
    for (at, reason) in last {
        let arrival = &arrivals[*at];
        kept.push(Refusal {
            id: RefusalId(0),
            source_id: source,
            at: arrival.at,
            topic: shown(arrival.topic.as_bytes()),
            payload: shown(arrival.payload),
            reason: serde_json::to_string(reason).map_err(anyhow::Error::from)?,
        });
    }
    match kept.is_empty() {
        true => Ok(()),
        false => rows::refuse(conn, source, &kept, REFUSALS_KEPT),
    }
}

fn shown(bytes: &[u8]) -> String {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(SHOWN)]);
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    start.chars().map(plain).collect()
}

/// What a message would become, row by row.
#[derive(Clone, Debug)]
pub struct Tried {
    /// The meter's number, or the name that nobody knows.
    pub meter: String,
    pub known: bool,
    pub sent: Sent,
}

/// Tries a message out; nothing is written.
pub fn try_out(
    conn: &mut Conn,
    source: &Source,
    arrival: &Arrival,
    now: Instant,
) -> Result<(Vec<Tried>, Vec<Message>)> {
    let mapping = source.mapping()?;
    let work = Work {
        source,
        mapping: &mapping,
    };
    let known = Known::load(conn, source.site_id, Default::default(), now)?;
    let read = read(&known, &work, std::slice::from_ref(arrival), now);
    let tried = |sent: Sent| Tried {
        known: known.names.contains_key(&sent.meter),
        meter: sent.meter.clone(),
        sent,
    };
    let refused = read.refused.into_iter().map(|(_, reason)| reason);
    Ok((
        read.rows.into_iter().map(tried).collect(),
        refused.collect(),
    ))
}
