//! Racks of a site: columns `hall, row, rack, kind, slots, limit_kw, phase, feed_a, feed_b, zone`.
//!
//! Names of halls, rows, feeds and zones are given as written; whether they exist is for the
//! service to say, with bad rows of its own.

use std::collections::HashMap;
use std::io::Read;

use super::columns::{Column, Records, folded};
use super::number::{Exact, exact};
use super::{BadRow, FileError, Reason};
use crate::domain::site::{RackKind, RackPhase};
use crate::domain::units::Watts;
use crate::text::Locale;

const COLUMNS: [Column; 10] = [
    Column {
        code: "hall",
        names: &["hall", "зал"],
        required: true,
    },
    Column {
        code: "row",
        names: &["row", "ряд"],
        required: true,
    },
    Column {
        code: "rack",
        names: &["rack", "name", "стойка", "название"],
        required: true,
    },
    Column {
        code: "kind",
        names: &["kind", "type", "вид", "тип"],
        required: true,
    },
    Column {
        code: "slots",
        names: &["slots", "места", "мест", "число мест", "слоты"],
        required: true,
    },
    Column {
        code: "limit_kw",
        names: &[
            "limit kw",
            "limit",
            "kw",
            "предел квт",
            "предел, квт",
            "предел",
            "лимит квт",
            "лимит, квт",
            "квт",
        ],
        required: true,
    },
    Column {
        code: "phase",
        names: &["phase", "phases", "фаза", "фазы"],
        required: true,
    },
    Column {
        code: "feed_a",
        names: &["feed a", "feed", "фидер a", "фидер а", "фидер"],
        required: true,
    },
    Column {
        code: "feed_b",
        names: &["feed b", "фидер b", "фидер б", "фидер в"],
        required: false,
    },
    Column {
        code: "zone",
        names: &["zone", "cooling zone", "зона", "зона охлаждения"],
        required: true,
    },
];
const HALL: usize = 0;
const ROW: usize = 1;
const RACK: usize = 2;
const KIND: usize = 3;
const SLOTS: usize = 4;
const LIMIT: usize = 5;
const PHASE: usize = 6;
const FEED_A: usize = 7;
const FEED_B: usize = 8;
const ZONE: usize = 9;

/// A site has thousands of racks; more is another file by mistake.
pub const MAX_ROWS: usize = 50_000;
const MAX_SLOTS: u128 = 10_000;
const MAX_WATTS: u128 = 100_000_000;
/// Longer is no name that fits a label.
const MAX_NAME: usize = 120;

/// One rack as the file gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RackRow {
    pub line: u64,
    pub hall: String,
    pub row: String,
    pub rack: String,
    pub kind: RackKind,
    pub slots: i64,
    pub limit: Watts,
    pub phase: RackPhase,
    pub feed_a: String,
    pub feed_b: Option<String>,
    pub zone: String,
}

/// What a file of racks holds, in file order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Racks {
    pub rows: Vec<RackRow>,
    pub bad: Vec<BadRow>,
}

/// Reads a whole file of racks; a rack that stands there twice is bad from the second time on.
///
/// Errors: everything for which the file is refused as a whole, also more than [`MAX_ROWS`] rows.
pub fn read(source: impl Read) -> Result<Racks, FileError> {
    let mut records = Records::open(source, &COLUMNS)?;
    let mut racks = Racks::default();
    let mut seen: HashMap<String, u64> = HashMap::new();
    while let Some(next) = records.next_row()? {
        if racks.rows.len() + racks.bad.len() >= MAX_ROWS {
            return Err(FileError::TooManyRows(MAX_ROWS));
        }
        let rack = next.and_then(|()| row(&records)).and_then(|rack| {
            // Rack names are unique in a site, whatever the hall.
            match seen.insert(rack.rack.clone(), rack.line) {
                None => Ok(rack),
                Some(_) => Err(BadRow::new(
                    rack.line,
                    COLUMNS[RACK].code,
                    &rack.rack,
                    Reason::Repeated,
                )),
            }
        });
        match rack {
            Ok(rack) => racks.rows.push(rack),
            Err(bad) => racks.bad.push(bad),
        }
    }
    Ok(racks)
}

fn row<R: Read>(records: &Records<R>) -> Result<RackRow, BadRow> {
    let bad = |column: usize, reason| {
        BadRow::new(
            records.line(),
            COLUMNS[column].code,
            records.get(column),
            reason,
        )
    };
    let filled = |column: usize| match records.get(column) {
        "" => Err(bad(column, Reason::Empty)),
        text if text.chars().count() > MAX_NAME => Err(bad(column, Reason::TooLong)),
        text => Ok(text),
    };
    let positive = |column: usize| {
        let number = exact(filled(column)?).ok_or_else(|| bad(column, Reason::Number))?;
        if number.negative || number.digits == 0 {
            return Err(bad(column, Reason::Positive));
        }
        Ok(number)
    };
    let within =
        |column: usize, units: Option<i64>| units.ok_or_else(|| bad(column, Reason::TooLarge));
    let hall = filled(HALL)?.to_owned();
    let row = filled(ROW)?.to_owned();
    let rack = filled(RACK)?.to_owned();
    let kind = kind(filled(KIND)?).ok_or_else(|| bad(KIND, Reason::Word))?;
    let slots = positive(SLOTS)?;
    if !slots.is_whole(1) {
        return Err(bad(SLOTS, Reason::Whole));
    }
    let limit = positive(LIMIT)?;
    if !limit.is_whole(1_000) {
        return Err(bad(LIMIT, Reason::Whole));
    }
    Ok(RackRow {
        line: records.line(),
        hall,
        row,
        rack,
        kind,
        slots: within(SLOTS, slots.at_most(1, MAX_SLOTS))?,
        limit: Watts(within(LIMIT, limit.at_most(1_000, MAX_WATTS))?),
        phase: phase(filled(PHASE)?).ok_or_else(|| bad(PHASE, Reason::Word))?,
        feed_a: filled(FEED_A)?.to_owned(),
        feed_b: (!records.get(FEED_B).is_empty()).then(|| records.get(FEED_B).to_owned()),
        zone: filled(ZONE)?.to_owned(),
    })
}

impl Exact {
    /// Whether so many times the value is a whole number.
    fn is_whole(self, times: u128) -> bool {
        (self.digits * times).is_multiple_of(10_u128.pow(self.places))
    }

    fn at_most(self, times: u128, most: u128) -> Option<i64> {
        let units = self.scaled(times, 1)?;
        (units <= most).then(|| i64::try_from(units).ok()).flatten()
    }
}

fn kind(word: &str) -> Option<RackKind> {
    Some(match folded(word).as_str() {
        "frame" | "рама" | "каркас" | "стойка" => RackKind::Frame,
        "tank" | "бак" | "ванна" => RackKind::Tank,
        "container" | "контейнер" => RackKind::Container,
        _ => return None,
    })
}

fn phase(word: &str) -> Option<RackPhase> {
    Some(match folded(word).as_str() {
        "three" | "three-phase" | "3" | "три" | "трехфазная" | "l1l2l3" => {
            RackPhase::Three
        }
        "l1" => RackPhase::L1,
        "l2" => RackPhase::L2,
        "l3" => RackPhase::L3,
        _ => return None,
    })
}

/// A file to fill in: header and two example rows, as a spreadsheet of that language opens it.
pub fn template(locale: Locale) -> Vec<u8> {
    let text = match locale {
        Locale::Ru => {
            "зал;ряд;стойка;вид;места;предел кВт;фаза;фидер A;фидер B;зона охлаждения\r\n\
             Зал 1;A;A-01;рама;8;28,5;три;Ф-1;;Воздух 1\r\n\
             Зал 2;Б;Б-01;бак;24;120;три;Ф-2;Ф-3;Иммерсия 1\r\n"
        }
        Locale::En => {
            "hall,row,rack,kind,slots,limit_kw,phase,feed_a,feed_b,zone\r\n\
             Hall 1,A,A-01,frame,8,28.5,three,F-1,,Air 1\r\n\
             Hall 2,B,B-01,tank,24,120,three,F-2,F-3,Immersion 1\r\n"
        }
    };
    format!("\u{feff}{text}").into_bytes()
}
