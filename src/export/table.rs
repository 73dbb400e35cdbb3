//! A list as a value: typed columns and rows, from which every list format is written.

use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;

use crate::domain::money::{Currency, Minor};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Integer,
    /// So many decimal places.
    Decimal(u32),
    Money(Currency),
    Date,
    /// Local to the reader's site, in whole minutes.
    DateTime,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub header: String,
    pub kind: Kind,
    /// Summed under the list, where the format has sums.
    pub total: bool,
}

impl Column {
    pub fn new(header: impl Into<String>, kind: Kind) -> Self {
        Self {
            header: header.into(),
            kind,
            total: false,
        }
    }

    pub fn summed(header: impl Into<String>, kind: Kind) -> Self {
        Self {
            header: header.into(),
            kind,
            total: true,
        }
    }
}

/// One value of a row; `Empty` fits every column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Empty,
    Text(String),
    Integer(i64),
    Decimal(Decimal),
    Money(Minor),
    Date(NaiveDate),
    DateTime(NaiveDateTime),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}
impl From<Decimal> for Cell {
    fn from(number: Decimal) -> Self {
        Self::Decimal(number)
    }
}
impl From<Minor> for Cell {
    fn from(amount: Minor) -> Self {
        Self::Money(amount)
    }
}
impl From<NaiveDate> for Cell {
    fn from(day: NaiveDate) -> Self {
        Self::Date(day)
    }
}
impl From<NaiveDateTime> for Cell {
    fn from(at: NaiveDateTime) -> Self {
        Self::DateTime(at)
    }
}
impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

impl Cell {
    /// The exact number in it, if it is one: money in major units.
    pub fn number(&self) -> Option<Decimal> {
        match self {
            Self::Integer(number) => Some(Decimal::from(*number)),
            Self::Decimal(number) => Some(*number),
            Self::Money(amount) => Some(amount.major()),
            _ => None,
        }
    }
}

/// A list with its title (also the name of the sheet). Every row has a cell for every column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub title: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    pub fn new(title: impl Into<String>, columns: Vec<Column>) -> Self {
        Self {
            title: title.into(),
            columns,
            rows: Vec::new(),
        }
    }

    /// Adds a row; one that is too short is filled up with empty cells.
    pub fn push(&mut self, mut row: Vec<Cell>) {
        debug_assert!(row.len() <= self.columns.len(), "a cell without a column");
        row.resize(self.columns.len(), Cell::Empty);
        self.rows.push(row);
    }

    /// The exact sum of a column's numbers; empty cells count nothing. `None` beyond 28 digits.
    pub fn sum(&self, column: usize) -> Option<Decimal> {
        let numbers = self.rows.iter().filter_map(|row| row[column].number());
        numbers
            .into_iter()
            .try_fold(Decimal::ZERO, Decimal::checked_add)
    }
}
