//! The nouns of a site as tables: one list of columns per noun, from which files are read and
//! written, and the plan of what a file changes.
//!
//! Rows are found by their natural key (names), never by an id, so a file can go to another house.

mod halls;
pub mod machines;
pub mod nouns;
mod plan;

use crate::codes;
use crate::domain::rows::Reason;
use crate::domain::site::OfferedTo;
use crate::domain::units::Watts;
use rust_decimal::Decimal;

pub use plan::{Change, NounPlan, Plan, Step, Stock, What, plan};

codes!(
    /// What a file holds the rows of; the order in which they are written.
    Noun {
        Halls = "halls",
        Rows = "rows",
        Power = "power",
        Zones = "zones",
        Racks = "racks",
        Machines = "machines",
    }
);

codes!(
    /// What becomes of a row that the site already has.
    OnExisting { Update = "update", Skip = "skip", Fail = "fail" }
);

/// A word of a closed list: its code, and what a file may say for it.
#[derive(Debug)]
pub struct Word {
    pub code: &'static str,
    pub ru: &'static str,
    pub en: &'static str,
    pub also: &'static [&'static str],
}

/// What a column holds.
#[derive(Debug)]
pub enum Kind {
    Name,
    /// What a machine is known by: whatever its case, unique in the house.
    Serial,
    /// Blanks and line ends within it count as one blank.
    Text {
        most: usize,
    },
    /// The name of a row of that noun.
    Ref(Noun),
    Word(&'static [Word]),
    Whole {
        least: i64,
        most: i64,
    },
    /// Kilowatts in the file, whole watts in the house; above zero.
    Kilowatts {
        most: i64,
    },
    /// Above zero, with at most three places.
    Decimal {
        most: i64,
    },
    /// 0 to 100; zero only where that means something.
    Percent {
        zero: bool,
    },
    /// Named units with their power: `A = 500 | B = 500`.
    Units,
    /// Names in order, each once: `A | B`.
    Names,
}

/// Whether a row needs the column.
#[derive(Debug)]
pub enum Need {
    /// Part of what a row is found by.
    Key,
    /// Of a new row; an existing one keeps what it has where the file lacks the column.
    Required,
    /// Empty says that there is none.
    Optional,
    /// Empty says this.
    Or(Value),
    /// Empty says what the catalogue has of the machine's model.
    Catalogue,
}

/// A column: code, names by which a header may call it (lower case, е for ё, blanks for `_`), and
/// what stands there in a template (Russian, English).
#[derive(Debug)]
pub struct Column {
    pub code: &'static str,
    pub names: &'static [&'static str],
    pub kind: Kind,
    pub need: Need,
    pub sample: [&'static str; 2],
}

/// What a cell holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Empty,
    Text(String),
    Whole(i64),
    Watts(Watts),
    Decimal(Decimal),
    Word(&'static str),
    /// In the order of their names.
    Units(Vec<(String, Watts)>),
}

impl Value {
    pub fn text(text: &str) -> Self {
        if text.is_empty() {
            Self::Empty
        } else {
            Self::Text(text.to_owned())
        }
    }

    /// A name; empty where there is none.
    pub fn name(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }

    /// As a program writes it: points, no groups. For keys, reports and trails.
    pub fn plain(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Whole(number) => number.to_string(),
            Self::Watts(watts) => watts.kilo().normalize().to_string(),
            Self::Decimal(number) => number.normalize().to_string(),
            Self::Word(code) => (*code).to_owned(),
            Self::Units(units) => units_text(units),
        }
    }
}

/// One blank wherever there are several, or a line's end: a cell is one line.
pub fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `A = 500 | B = 512.5`; a bar within a name is written `\|`.
pub fn units_text(units: &[(String, Watts)]) -> String {
    let one = |(name, watts): &(String, Watts)| {
        format!("{} = {}", unbarred(name), watts.kilo().normalize())
    };
    units.iter().map(one).collect::<Vec<_>>().join(" | ")
}

fn unbarred(name: &str) -> String {
    name.replace('\\', "\\\\").replace('|', "\\|")
}

/// Names as one text: `A | B`, in order, each once.
pub fn names_text(mut names: Vec<String>) -> String {
    names.sort_unstable();
    names.dedup();
    let all: Vec<String> = names.iter().map(|name| unbarred(name)).collect();
    all.join(" | ")
}

/// The names of such a text, blanks around them left out.
pub fn names_of(text: &str) -> Vec<String> {
    let parts = barred(text).into_iter();
    let names = parts.map(|part| collapsed(&part));
    names.filter(|name| !name.is_empty()).collect()
}

/// Cut at bars that no backslash precedes.
pub fn barred(text: &str) -> Vec<String> {
    let mut parts = vec![];
    let mut part = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '|' => parts.push(std::mem::take(&mut part)),
            '\\' => part.extend(characters.next()),
            other => part.push(other),
        }
    }
    parts.push(part);
    parts
}

/// What a file says of a column of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing: the file lacks the column.
    Absent,
    Given(Value),
    /// Where the row is new; one that exists keeps what it has.
    Initial(Value),
}

/// A row of a file; a cell for each column of its noun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRow {
    pub line: u64,
    pub cells: Vec<Cell>,
}

/// What a file holds of one noun: rows, and lines that are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub noun: Noun,
    pub rows: Vec<FileRow>,
    pub bad: Vec<crate::domain::rows::BadRow>,
}

impl Sheet {
    pub fn empty(noun: Noun) -> Self {
        Self {
            noun,
            rows: vec![],
            bad: vec![],
        }
    }
}

/// A row that the site has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Existing {
    pub id: i64,
    pub cells: Vec<Value>,
}

impl Noun {
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Halls => &nouns::HALLS,
            Self::Rows => &nouns::ROWS,
            Self::Power => &nouns::POWER,
            Self::Zones => &nouns::ZONES,
            Self::Racks => &nouns::RACKS,
            Self::Machines => &nouns::MACHINES,
        }
    }

    /// Where a column stands; the codes are written in this crate alone.
    pub fn at(self, code: &str) -> usize {
        let found = self.columns().iter().position(|c| c.code == code);
        found.unwrap_or_else(|| panic!("{self} has no column {code}"))
    }

    /// Nouns whose missing rows are made along: a rack's hall and row, a row's hall.
    fn makes(self, other: Self) -> bool {
        matches!(
            (self, other),
            (Self::Racks, Self::Halls | Self::Rows) | (Self::Rows, Self::Halls)
        )
    }

    /// What a whole row must obey, beyond its single values.
    fn objection(self, cells: &[Value]) -> Option<(usize, Reason)> {
        let at = |code: &str| self.at(code);
        let is_empty = |code: &str| cells[at(code)] == Value::Empty;
        match self {
            Self::Halls => {
                let chosen = cells[at("offered")] == Value::Word(OfferedTo::Chosen.code());
                let wrong = match (chosen, is_empty("tenants")) {
                    (true, true) => Reason::Empty,
                    (false, false) => Reason::NotChosen,
                    _ => return None,
                };
                Some((at("tenants"), wrong))
            }
            Self::Rows => None,
            Self::Power => {
                if is_empty("volts") != is_empty("amps") {
                    let lacking = if is_empty("volts") { "volts" } else { "amps" };
                    return Some((at(lacking), Reason::Rating));
                }
                let unrated = is_empty("rating_kw") && is_empty("volts");
                unrated.then(|| (at("rating_kw"), Reason::Rating))
            }
            Self::Zones => {
                let Value::Units(units) = &cells[at("units")] else {
                    return Some((at("units"), Reason::Empty));
                };
                let spare = match cells[at("spare_units")] {
                    Value::Whole(spare) => spare,
                    _ => 0,
                };
                (spare >= units.len() as i64).then(|| (at("spare_units"), Reason::Spare))
            }
            Self::Racks => {
                let same = !is_empty("feed_b") && cells[at("feed_a")] == cells[at("feed_b")];
                same.then(|| (at("feed_b"), Reason::SameFeed))
            }
            Self::Machines => machines::objection(cells),
        }
    }
}

#[cfg(test)]
mod tests;
