//! Forms: what was typed, one error per field, and parsers from the one to domain values.
//!
//! A form comes back filled in. A parser answers `None` after it noted the field's error, so a handler
//! parses every field first and gives up once.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use chrono::NaiveDate;
use rand::RngCore;
use rust_decimal::Decimal;

use crate::domain::calendar::Month;
use crate::domain::identity::email;
use crate::text::{Arg, Message};

/// The name of the hidden field that makes a second submit harmless.
pub const FORM_KEY: &str = "form_key";
const FORM_KEY_BYTES: usize = 16;

#[derive(Clone, Debug, Default)]
pub struct Form {
    values: HashMap<String, String>,
    errors: HashMap<String, Message>,
    general: Vec<Message>,
    /// One per filled-in form: the server answers the second submit as the first.
    pub form_key: String,
}

/// Sixteen random bytes in hex.
pub fn new_form_key() -> String {
    let mut bytes = [0; FORM_KEY_BYTES];
    rand::rng().fill_bytes(&mut bytes);
    hex::encode(bytes)
}

impl Form {
    pub fn blank() -> Self {
        Self {
            form_key: new_form_key(),
            ..Self::default()
        }
    }

    /// What came with a POST; its one-time key stays with it.
    pub fn from_values(values: HashMap<String, String>) -> Self {
        let sent = values.get(FORM_KEY).filter(|key| is_form_key(key)).cloned();
        Self {
            form_key: sent.unwrap_or_else(new_form_key),
            values,
            ..Self::default()
        }
    }

    /// Fills a field before the form is first shown.
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.values.insert(name.to_owned(), value.to_string());
        self
    }

    pub fn value(&self, name: &str) -> &str {
        self.values
            .get(name)
            .map(String::as_str)
            .unwrap_or_default()
    }

    /// Every value, to be sent once more unseen; the one-time key and `but` go their own way.
    pub fn carried(&self, but: &str) -> Vec<(String, String)> {
        let own = |name: &str| name == FORM_KEY || name == but;
        let mut all: Vec<(String, String)> = self
            .values
            .iter()
            .filter(|(name, _)| !own(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        all.sort();
        all
    }

    pub fn checked(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    pub fn error(&self, name: &str) -> Option<&Message> {
        self.errors.get(name)
    }

    /// What is wrong with the form as a whole.
    pub fn general(&self) -> &[Message] {
        &self.general
    }

    pub fn field_error_count(&self) -> usize {
        self.errors.len()
    }

    pub fn ok(&self) -> bool {
        self.errors.is_empty() && self.general.is_empty()
    }

    /// Notes an error; a field keeps its first one. A field that the form does not have: `fail_all`.
    pub fn fail(&mut self, name: &str, message: Message) {
        self.errors.entry(name.to_owned()).or_insert(message);
    }

    pub fn fail_all(&mut self, message: Message) {
        self.general.push(message);
    }

    fn refuse<T>(&mut self, name: &str, message: Message) -> Option<T> {
        self.fail(name, message);
        None
    }

    fn trimmed(&self, name: &str) -> String {
        self.value(name).trim().to_owned()
    }

    fn required(&mut self, name: &str) -> Option<String> {
        let value = self.trimmed(name);
        if value.is_empty() {
            self.refuse(name, Message::new("form-required"))
        } else {
            Some(value)
        }
    }

    /// A field that may stay empty: `form.optional("to", |form| form.date("to"))`.
    pub fn optional<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<Option<T>> {
        if self.trimmed(name).is_empty() {
            Some(None)
        } else {
            parse(self).map(Some)
        }
    }

    /// Trimmed, not empty, at most `max` characters.
    pub fn text(&mut self, name: &str, max: usize) -> Option<String> {
        let value = self.required(name)?;
        if value.chars().count() > max {
            return self.refuse(name, Message::new("form-too-long").with("max", whole(max)));
        }
        Some(value)
    }

    /// As typed, untrimmed: passwords.
    pub fn secret(&mut self, name: &str, length: RangeInclusive<usize>) -> Option<String> {
        let value = self.value(name).to_owned();
        let count = value.chars().count();
        if count == 0 {
            self.refuse(name, Message::new("form-required"))
        } else if count < *length.start() {
            self.refuse(
                name,
                Message::new("form-too-short").with("min", whole(*length.start())),
            )
        } else if count > *length.end() {
            self.refuse(
                name,
                Message::new("form-too-long").with("max", whole(*length.end())),
            )
        } else {
            Some(value)
        }
    }

    pub fn integer(&mut self, name: &str, range: RangeInclusive<i64>) -> Option<i64> {
        let text = plain_number(&self.required(name)?);
        let Ok(value) = text.parse::<i64>() else {
            return self.refuse(name, Message::new("form-integer"));
        };
        if range.contains(&value) {
            return Some(value);
        }
        let bounds = Message::new("form-range")
            .with("min", *range.start())
            .with("max", *range.end());
        self.refuse(name, bounds)
    }

    /// A number with a comma or a point and at most `places` decimals.
    pub fn decimal(
        &mut self,
        name: &str,
        range: RangeInclusive<Decimal>,
        places: u32,
    ) -> Option<Decimal> {
        let text = plain_number(&self.required(name)?).replace(',', ".");
        let digits = |c: char| c.is_ascii_digit() || "+-.".contains(c);
        let value = Some(&text)
            .filter(|text| text.chars().all(digits))
            .and_then(|text| text.parse::<Decimal>().ok());
        let Some(value) = value else {
            return self.refuse(name, Message::new("form-number"));
        };
        if value.normalize().scale() > places {
            return self.refuse(
                name,
                Message::new("form-places").with("places", i64::from(places)),
            );
        }
        if range.contains(&value) {
            return Some(value);
        }
        let bounds = Message::new("form-range")
            .with("min", bound(*range.start()))
            .with("max", bound(*range.end()));
        self.refuse(name, bounds)
    }

    /// `2026-11-20`, as a date field sends it, or `20.11.2026`.
    pub fn date(&mut self, name: &str) -> Option<NaiveDate> {
        let text = self.required(name)?;
        match parse_date(&text) {
            Some(day) => Some(day),
            None => self.refuse(name, Message::new("form-date")),
        }
    }

    /// `2026-11`, as a month field sends it, or `11.2026`.
    pub fn month(&mut self, name: &str) -> Option<Month> {
        let text = self.required(name)?;
        let swapped = text
            .split_once('.')
            .map(|(month, year)| format!("{year}-{month}"));
        match Month::parse(swapped.as_deref().unwrap_or(&text)) {
            Some(month) => Some(month),
            None => self.refuse(name, Message::new("form-month")),
        }
    }

    /// In lower case.
    pub fn email(&mut self, name: &str) -> Option<String> {
        let text = self.text(name, email::LONGEST)?.to_lowercase();
        match email::is_email(&text) {
            true => Some(text),
            false => self.refuse(name, Message::new("form-email")),
        }
    }

    /// A code of a closed list: `form.choice("currency", Currency::parse)`; an id: `|text| text.parse().ok()`.
    pub fn choice<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let text = self.trimmed(name);
        if text.is_empty() {
            return self.refuse(name, Message::new("form-choose"));
        }
        match parse(&text) {
            Some(value) => Some(value),
            None => self.refuse(name, Message::new("form-choice")),
        }
    }
}

fn is_form_key(text: &str) -> bool {
    text.len() == FORM_KEY_BYTES * 2 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A whole bound is grouped for the reader, another one is shown as it is.
fn bound(value: Decimal) -> Arg {
    match i64::try_from(value) {
        Ok(number) if Decimal::from(number) == value => number.into(),
        _ => value.into(),
    }
}

/// Without the spaces that group digits, with an ASCII minus.
fn plain_number(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| if c == '\u{2212}' { '-' } else { c })
        .collect()
}

/// `2026-11-20` or `20.11.2026`; four digits of a year.
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let shape = if text.contains('.') {
        "%d.%m.%Y"
    } else {
        "%Y-%m-%d"
    };
    let day = NaiveDate::parse_from_str(text, shape).ok()?;
    let years = NaiveDate::from_ymd_opt(1_000, 1, 1)?..NaiveDate::from_ymd_opt(10_000, 1, 1)?;
    years.contains(&day).then_some(day)
}

#[cfg(test)]
mod tests;
