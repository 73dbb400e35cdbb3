//! Readings that come one by one or in small lots: from programs and from meters themselves.

use super::editions::Numbers;
use super::intake::{self, Incoming, Judgement, LONGEST_SECONDS, Source};
use super::quarantine;
use super::served::{self, Served};
use crate::db::metering::imports::{self, Import};
use crate::db::metering::quarantine::Waiting;
use crate::db::{Conn, Tx};
use crate::domain::calendar::{Instant, Span, Zone};
use crate::domain::identity::access::Actor;
use crate::domain::ids::*;
use crate::domain::message::Message;
use crate::domain::metering::accept::Verdict;
use crate::domain::metering::edition::Edition;
use crate::domain::metering::meter::{QuarantineWhy, Reads};
use crate::domain::metering::method::Method;
use crate::domain::rows::{Aside, BadRow, Reason};
use crate::domain::units::WattHours;
use crate::error::Result;
use crate::import::readings::{CLOCK_TOLERANCE_SECONDS, Content, MeterInfo};
use crate::import::{self, FileError};
use std::collections::HashMap;
use std::sync::Arc;

/// What somebody sent of a meter; of a display, start and end are the moment at which it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The meter's number, or the code of its measuring point.
    pub meter: String,
    pub span: Span,
    pub wh: WattHours,
    /// The numbered message that it is of.
    pub edition: Option<Arc<Edition>>,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    New,
    Same,
    Corrected,
    /// It does not count yet.
    Waits(QuarantineWhy),
    Refused(Message),
}

/// The meters as they are known at the moment; good for as long as nobody changes one.
pub struct Book(HashMap<MeterId, Served>);

impl Book {
    pub fn load(conn: &mut Conn) -> Result<Self> {
        served::all(conn).map(Self)
    }

    /// By whatever a meter calls itself, also by the serial of the instrument that stands there now,
    /// where no other has it: its number and its site.
    pub fn names(&self, now: Instant) -> HashMap<String, (String, SiteId)> {
        let own = |it: &Served| (it.meter.code.clone(), it.meter.site_id);
        let mut names: HashMap<String, (String, SiteId)> = HashMap::new();
        let mut twice = vec![];
        for of in self.0.values() {
            let serial = of.device(now).map_or("", |it| it.serial.as_str());
            if !serial.is_empty() && names.insert(serial.to_owned(), own(of)).is_some() {
                twice.push(serial);
            }
        }
        for serial in twice {
            names.remove(serial);
        }
        let known = served::by_name(&self.0).into_iter();
        names.extend(known.map(|(name, of)| (name.to_owned(), own(of))));
        names
    }
}

/// A call that brought readings, as a row beside the files of readings: who, when and how many.
pub const KIND: &str = "readings_sent";

/// Takes what one call brought, with a row that says who brought it; one answer for each.
pub fn receive(
    tx: &mut Tx,
    book: &Book,
    rows: &[Sent],
    who: &Actor,
    source: &str,
    now: Instant,
) -> Result<Vec<Fate>> {
    let mut import = Import {
        created_by: who.user,
        state: imports::DONE.to_owned(),
        phase: imports::WRITE.to_owned(),
        finished_at: Some(now),
        ..Import::of_file(KIND, source, String::new(), 0, now)
    };
    import.id = imports::insert(tx.conn, &import)?;
    let fates = take(tx, book, rows, who, import.id, now)?;
    let count = |of: fn(&Fate) -> bool| fates.iter().filter(|it| of(it)).count() as i64;
    import.rows_done = rows.len() as i64;
    import.rows_new = count(|it| *it == Fate::New);
    import.rows_same = count(|it| *it == Fate::Same);
    import.rows_corrected = count(|it| *it == Fate::Corrected);
    import.rows_bad = import.rows_done - import.rows_new - import.rows_same - import.rows_corrected;
    imports::update(tx.conn, &import)?;
    Ok(fates)
}

/// Takes rows inside a transaction; one answer for each, in their order. Of two values for one time
/// in the same lot the later one counts.
pub fn take(
    tx: &mut Tx,
    book: &Book,
    rows: &[Sent],
    who: &Actor,
    import: ImportId,
    now: Instant,
) -> Result<Vec<Fate>> {
    let mut numbers = Numbers::default();
    let mut fates: Vec<Fate> = vec![Fate::New; rows.len()];
    for (row, fate) in rows.iter().zip(&mut fates) {
        if let Some(edition) = &row.edition
            && let Some(superseded) = numbers.superseded(tx.conn, edition)?
        {
            *fate = Fate::Refused(superseded.reason());
        }
    }
    let incoming = placed(tx.conn, book, rows, &mut fates, import, now)?;
    let source = Source {
        who,
        import,
        method: Method::Measured,
        confirmed: false,
        reason: "",
        now,
    };
    let judged = intake::take(tx, &book.0, &incoming, &source)?;
    for (row, judgement) in incoming.iter().zip(judged) {
        if let Some(fate) = usize::try_from(row.line)
            .ok()
            .and_then(|at| fates.get_mut(at))
        {
            *fate = fate_of(judgement);
        }
    }
    for (row, fate) in rows.iter().zip(&fates) {
        if let (Some(edition), true) = (&row.edition, !matches!(fate, Fate::Refused(_))) {
            numbers.took(edition);
        }
    }
    numbers.keep(tx.conn, import)?;
    Ok(fates)
}

/// The rows of known meters, in the order in which they are judged; puts aside what must wait. What is
/// refused already is passed over.
fn placed(
    conn: &mut Conn,
    book: &Book,
    rows: &[Sent],
    fates: &mut [Fate],
    import: ImportId,
    now: Instant,
) -> Result<Vec<Incoming>> {
    let names = served::by_name(&book.0);
    let latest = now.plus_seconds(CLOCK_TOLERANCE_SECONDS);
    let mut waiting: Vec<Waiting> = vec![];
    let mut incoming: Vec<Incoming> = vec![];
    for (at, row) in rows.iter().enumerate() {
        if fates[at] != Fate::New {
            continue;
        }
        let known = names.get(row.meter.as_str()).map(|it| &it.meter);
        if let Some(fault) = fault(row.span) {
            fates[at] = Fate::Refused(Message::new(fault));
        } else if row.span.to > latest {
            fates[at] = Fate::Waits(QuarantineWhy::Clock);
            waiting.push(Waiting {
                site_id: known.map(|it| it.site_id),
                meter_id: known.map(|it| it.id),
                ..aside(row, Reason::Future, import, now)
            });
        } else if let Some(meter) = known {
            incoming.push(Incoming {
                meter: meter.id,
                start: row.span.from,
                line: at as u64,
                end: row.span.to,
                wh: row.wh,
            });
        } else {
            fates[at] = Fate::Waits(QuarantineWhy::UnknownMeter);
            waiting.push(aside(row, Reason::UnknownMeter, import, now));
        }
    }
    quarantine::put(conn, &waiting)?;
    incoming.sort_unstable();
    Ok(incoming)
}

fn fault(span: Span) -> Option<&'static str> {
    if span.to < span.from {
        Some("imp-reason-order")
    } else if span.seconds() > LONGEST_SECONDS {
        Some("imp-reason-duration")
    } else {
        None
    }
}

fn aside(row: &Sent, reason: Reason, import: ImportId, now: Instant) -> Waiting {
    let aside = Aside {
        code: row.meter.clone(),
        start: row.span.from,
        end: row.span.to,
        wh: row.wh,
        zone: None,
    };
    quarantine::of_aside(&aside, reason, import, now)
}

fn fate_of(judgement: Judgement) -> Fate {
    match judgement {
        Judgement::Taken(Verdict::New) => Fate::New,
        Judgement::Taken(Verdict::Same) => Fate::Same,
        Judgement::Taken(Verdict::Corrected { .. }) => Fate::Corrected,
        Judgement::Waits(why) => Fate::Waits(why),
        other => Fate::Refused(Message::new(other.fault().unwrap_or("imp-reason-overlap"))),
    }
}

/// A row that was sent: with its place in what was sent, or why it cannot be read.
pub type SentRow = std::result::Result<Sent, BadRow>;

/// The rows of a file of any form that readings come in, as `take` wants them.
///
/// # Errors
/// Everything for which the whole file is refused.
pub fn rows_of_file(
    book: &Book,
    zone: Zone,
    content: &[u8],
    now: Instant,
    limit: usize,
) -> std::result::Result<Vec<SentRow>, FileError> {
    let names = served::by_name(&book.0);
    let lookup = |code: &str| {
        names.get(code).map(|it| MeterInfo {
            key: it.meter.code.clone(),
            zone: it.zone,
            register: it.meter.reads == Reads::Register,
        })
    };
    let Content { rows, parts } = import::readings::read(content, now, limit, Some(zone), lookup)?;
    let mut editions: Vec<Option<Arc<Edition>>> = vec![None; rows.len()];
    for part in parts {
        editions[part.rows].fill(Some(Arc::new(part.edition)));
    }
    let sent = |(row, edition): (import::readings::Row<String>, _)| match row {
        Ok(row) => Ok(Sent {
            meter: row.meter,
            span: Span {
                from: row.start,
                to: row.end,
            },
            wh: row.wh,
            edition,
        }),
        Err(mut bad) => match bad.aside.take() {
            Some(aside) => Ok(Sent {
                meter: aside.code,
                span: Span {
                    from: aside.start,
                    to: aside.end,
                },
                wh: aside.wh,
                edition,
            }),
            None => Err(bad),
        },
    };
    Ok(rows.into_iter().zip(editions).map(sent).collect())
}
