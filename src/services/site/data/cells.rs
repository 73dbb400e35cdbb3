//! A planned row's cells by the code of their column.

use crate::domain::site::sheet::{Noun, Value};
use crate::domain::units::Watts;
use crate::error::{Error, Result};
use rust_decimal::Decimal;
use std::collections::HashMap;

pub struct Cells<'a> {
    pub noun: Noun,
    pub cells: &'a [Value],
}

impl<'a> Cells<'a> {
    fn get(&self, code: &str) -> &'a Value {
        &self.cells[self.noun.at(code)]
    }

    fn odd(&self, code: &str) -> Error {
        let value = self.get(code);
        Error::Internal(anyhow::anyhow!("{} {code}: {value:?}", self.noun))
    }

    /// A name; empty where there is none.
    pub fn name(&self, code: &str) -> &'a str {
        self.get(code).name()
    }

    pub fn whole(&self, code: &str) -> Result<i64> {
        match self.get(code) {
            Value::Whole(number) => Ok(*number),
            _ => Err(self.odd(code)),
        }
    }

    pub fn watts(&self, code: &str) -> Option<Watts> {
        match self.get(code) {
            Value::Watts(watts) => Some(*watts),
            _ => None,
        }
    }

    pub fn decimal(&self, code: &str) -> Option<Decimal> {
        match self.get(code) {
            Value::Decimal(number) => Some(*number),
            _ => None,
        }
    }

    /// A percentage as a share of one.
    pub fn share(&self, code: &str) -> Result<Decimal> {
        let percent = self.decimal(code).ok_or_else(|| self.odd(code))?;
        Ok((percent / Decimal::ONE_HUNDRED).normalize())
    }

    /// A code of a closed list; `None` where the cell is empty.
    pub fn code<T>(&self, code: &str, parse: fn(&str) -> Option<T>) -> Option<T> {
        match self.get(code) {
            Value::Word(word) => parse(word),
            _ => None,
        }
    }

    pub fn must<T>(&self, code: &str, parse: fn(&str) -> Option<T>) -> Result<T> {
        self.code(code, parse).ok_or_else(|| self.odd(code))
    }

    pub fn units(&self) -> &'a [(String, Watts)] {
        match self.get("units") {
            Value::Units(units) => units,
            _ => &[],
        }
    }

    /// The id behind a name that the plan has checked.
    pub fn id<I: Copy>(&self, ids: &HashMap<String, I>, code: &str) -> Result<I> {
        let found = ids.get(self.name(code)).copied();
        found.ok_or_else(|| self.odd(code))
    }
}
