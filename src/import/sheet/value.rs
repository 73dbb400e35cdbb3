//! One cell: what is typed becomes a value of its column's kind.

use crate::domain::rows::Reason;
use crate::domain::site::sheet::{Kind, Value, barred, collapsed, names_of, names_text};
use crate::domain::units::Watts;
use crate::import::columns::folded;
use crate::import::number::{Exact, exact};
use rust_decimal::Decimal;

/// Longer is no name that fits a label.
const MAX_NAME: usize = 120;
const MAX_SERIAL: usize = 64;
/// Of a list of names.
const MAX_NAMES: usize = 20_000;
/// Decimals of volts, amps and percents.
const PLACES: u32 = 3;

/// Reads a text that is not empty.
pub fn parse(kind: &Kind, text: &str) -> Result<Value, Reason> {
    match kind {
        Kind::Name | Kind::Ref(_) => name(text, MAX_NAME).map(Value::Text),
        Kind::Serial => match name(&collapsed(text), MAX_SERIAL) {
            Err(Reason::TooLong) => Err(Reason::Serial),
            other => other.map(Value::Text),
        },
        Kind::Text { most } => name(&collapsed(text), *most).map(Value::Text),
        Kind::Word(words) => {
            let said = folded(text);
            let is = |word: &str| folded(word) == said;
            let found = words.iter().find(|word| {
                is(word.code) || is(word.ru) || is(word.en) || word.also.iter().any(|w| is(w))
            });
            found.map(|word| Value::Word(word.code)).ok_or(Reason::Word)
        }
        Kind::Whole { least, most } => {
            let number = signed(text)?;
            if !number.is_whole(1) {
                return Err(Reason::Whole);
            }
            let whole = number.at_most(1, *most).ok_or(Reason::TooLarge)?;
            if whole < *least {
                return Err(Reason::Positive);
            }
            Ok(Value::Whole(whole))
        }
        Kind::Kilowatts { most } => watts(text, *most).map(Value::Watts),
        Kind::Decimal { most } => {
            let number = decimal(text).map_err(above_zero)?;
            match number {
                number if number.is_zero() => Err(Reason::Positive),
                number if number > Decimal::from(*most) => Err(Reason::TooLarge),
                number => Ok(Value::Decimal(number)),
            }
        }
        Kind::Percent { zero } => {
            let plain = text.strip_suffix('%').map_or(text, str::trim_end);
            let number = decimal(plain)?;
            if number > Decimal::ONE_HUNDRED || (number.is_zero() && !zero) {
                return Err(Reason::Percent);
            }
            Ok(Value::Decimal(number))
        }
        Kind::Units => units(text),
        Kind::Names => {
            let names = names_of(&name(&collapsed(text), MAX_NAMES)?);
            Ok(Value::text(&names_text(names)))
        }
    }
}

fn name(text: &str, most: usize) -> Result<String, Reason> {
    if text.chars().count() > most {
        Err(Reason::TooLong)
    } else if text.chars().any(char::is_control) {
        Err(Reason::Control)
    } else {
        Ok(text.to_owned())
    }
}

fn signed(text: &str) -> Result<Exact, Reason> {
    let number = exact(text).ok_or(Reason::Number)?;
    if number.negative && number.digits > 0 {
        return Err(Reason::Negative);
    }
    Ok(number)
}

fn decimal(text: &str) -> Result<Decimal, Reason> {
    let number = signed(text)?;
    let digits = i128::try_from(number.digits).map_err(|_| Reason::TooLarge)?;
    let value = Decimal::try_from_i128_with_scale(digits, number.places);
    let value = value.map_err(|_| Reason::TooLarge)?.normalize();
    if value.scale() > PLACES {
        return Err(Reason::Whole);
    }
    Ok(value)
}

/// Where even zero is too little.
fn above_zero(reason: Reason) -> Reason {
    match reason {
        Reason::Negative => Reason::Positive,
        other => other,
    }
}

/// Kilowatts to whole watts, above zero.
fn watts(text: &str, most: i64) -> Result<Watts, Reason> {
    let number = signed(text).map_err(above_zero)?;
    if number.digits == 0 {
        return Err(Reason::Positive);
    }
    if !number.is_whole(1_000) {
        return Err(Reason::Whole);
    }
    number
        .at_most(1_000, most)
        .map(Watts)
        .ok_or(Reason::TooLarge)
}

/// `A = 500 | B = 512,5`, names in order afterwards.
fn units(text: &str) -> Result<Value, Reason> {
    let mut units: Vec<(String, Watts)> = vec![];
    for part in barred(text) {
        let (named, power) = part.rsplit_once('=').ok_or(Reason::Units)?;
        let named = name(named.trim(), MAX_NAME)?;
        if named.is_empty() {
            return Err(Reason::Units);
        }
        units.push((named, watts(power.trim(), 10_000_000_000)?));
    }
    units.sort();
    if units.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return Err(Reason::Repeated);
    }
    Ok(Value::Units(units))
}

impl Exact {
    /// Whether so many times the value is a whole number.
    fn is_whole(self, times: u128) -> bool {
        (self.digits * times).is_multiple_of(10_u128.pow(self.places))
    }

    fn at_most(self, times: u128, most: i64) -> Option<i64> {
        let units = i64::try_from(self.scaled(times, 1)?).ok()?;
        (units <= most).then_some(units)
    }
}
