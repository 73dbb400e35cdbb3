//! Instants as RFC 3339 with any offset; written in UTC.

use super::CaseError;
use crate::domain::calendar::Instant;
use chrono::DateTime;
use serde::{Deserialize, Deserializer, Serializer, de::Error};

pub fn read(text: &str) -> Result<Instant, CaseError> {
    let at = DateTime::parse_from_rfc3339(text);
    let at = at.map_err(|error| CaseError(format!("time '{text}': {error}")))?;
    Ok(Instant(at.timestamp()))
}

pub fn serialize<S: Serializer>(at: &Instant, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(at)
}

pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Instant, D::Error> {
    read(&String::deserialize(from)?).map_err(D::Error::custom)
}

pub mod maybe {
    use super::{Deserialize, Deserializer, Error, Instant, read};

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Instant>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        let at = text.map(|text| read(&text).map_err(D::Error::custom));
        at.transpose()
    }
}
