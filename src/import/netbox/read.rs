//! Files to records: which table it is, CSV or JSON, one page or a whole list.

use super::records::{FIELDS, Field, Record};
use super::{Export, Refused, Table};
use crate::import::FileError;
use crate::import::decode::sniff;
use serde_json::{Map, Value};
use std::collections::HashSet;

/// A table of NetBox is taken whole; more is another file by mistake.
const MAX_ROWS: usize = 200_000;

/// Reads several files, each one table or a page of one.
pub fn read(files: &[(String, Vec<u8>)]) -> Result<Export, Refused> {
    let mut export = Export::default();
    for (name, bytes) in files {
        let refuse = |error| Refused::File(name.clone(), error);
        let text = text(bytes).map_err(refuse)?;
        let (rows, table, count) = match text.trim_start().chars().next() {
            Some('{' | '[') => from_json(text).map_err(refuse)?,
            _ => from_csv(text).map_err(refuse)?,
        };
        if rows.len() > MAX_ROWS {
            return Err(refuse(FileError::TooManyRows(MAX_ROWS)));
        }
        let table = table.or_else(|| named(name));
        let Some(table) = table else {
            return Err(Refused::Unknown(name.clone()));
        };
        let all = export.counts.entry(table).or_default();
        *all = (*all).max(count);
        export.tables.entry(table).or_default().extend(rows);
    }
    for rows in export.tables.values_mut() {
        // The same row as CSV and as JSON, or on two pages, is one row.
        let mut seen = HashSet::new();
        rows.retain(|row| row.id().is_none_or(|id| seen.insert(id)));
    }
    Ok(export)
}

/// NetBox writes UTF-8 and nothing else.
fn text(bytes: &[u8]) -> Result<&str, FileError> {
    let mark = sniff(bytes)?;
    std::str::from_utf8(&bytes[mark..]).map_err(|_| FileError::Encoding)
}

type Rows = (Vec<Record>, Option<Table>, usize);

fn from_csv(text: &str) -> Result<Rows, FileError> {
    let header = text.lines().next().unwrap_or_default();
    let known = |delimiter: char| {
        header
            .split(delimiter)
            .filter(|l| field(l).is_some())
            .count()
    };
    let delimiter = [',', ';', '|', '\t']
        .into_iter()
        .max_by_key(|d| (known(*d), *d == ','));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter.map_or(b',', |d| d as u8))
        .flexible(true)
        .from_reader(text.as_bytes());
    let broken = |_| FileError::Encoding;
    let columns: Vec<_> = reader
        .headers()
        .map_err(broken)?
        .iter()
        .map(field)
        .collect();
    let mut rows = vec![];
    for row in reader.records() {
        let row = row.map_err(broken)?;
        let line = row.position().map_or(0, csv::Position::line);
        let mut record = Record {
            line,
            ..Record::default()
        };
        for (column, text) in columns.iter().zip(&row) {
            if let Some(name) = column {
                let text = text.trim().to_owned();
                let found = Field {
                    text,
                    ..Field::default()
                };
                record.fields.insert(name, found);
            }
        }
        rows.push(record);
    }
    let has: Vec<&str> = columns.into_iter().flatten().collect();
    if !has.contains(&"name") && !has.contains(&"device") && !has.contains(&"rack") {
        return Err(FileError::MissingColumns(vec!["name"]));
    }
    let count = rows.len();
    Ok((rows, of_fields(&has), count))
}

/// The REST name behind a CSV's label.
fn field(label: &str) -> Option<&'static str> {
    let label = label.trim().trim_matches('"').to_lowercase();
    let found = FIELDS
        .iter()
        .find(|(_, labels)| labels.contains(&label.as_str()));
    found.map(|(name, _)| *name)
}

fn from_json(text: &str) -> Result<Rows, FileError> {
    let value: Value = serde_json::from_str(text).map_err(|_| FileError::Json)?;
    let (list, count) = match value {
        Value::Array(list) => {
            let count = list.len();
            (list, count)
        }
        Value::Object(mut page) => match page.remove("results") {
            Some(Value::Array(list)) => {
                let count = page.get("count").and_then(Value::as_u64);
                let count = count.map_or(list.len(), |n| n as usize);
                (list, count)
            }
            // One object, as its own page gives it.
            None if page.contains_key("id") => (vec![Value::Object(page)], 1),
            _ => return Err(FileError::Json),
        },
        _ => return Err(FileError::Json),
    };
    let mut rows = vec![];
    let mut table = None;
    for (line, item) in (1_u64..).zip(list) {
        let Value::Object(item) = item else {
            return Err(FileError::Json);
        };
        table = table.or_else(|| of_object(&item));
        rows.push(record(line, &item));
    }
    Ok((rows, table, count))
}

fn record(line: u64, item: &Map<String, Value>) -> Record {
    let mut record = Record {
        line,
        ..Record::default()
    };
    for (name, _) in FIELDS {
        if let Some(value) = item.get(*name) {
            record.fields.insert(name, json_field(value));
        }
    }
    record
}

fn json_field(value: &Value) -> Field {
    let plain = |value: Option<&Value>| match value {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Bool(flag)) => flag.to_string(),
        _ => String::new(),
    };
    match value {
        Value::Object(object) if object.contains_key("value") => Field {
            text: plain(object.get("value")),
            ..Field::default()
        },
        Value::Object(object) => Field {
            text: plain(object.get("display").or_else(|| object.get("name"))),
            id: object.get("id").and_then(Value::as_i64),
            name: plain(object.get("name").or_else(|| object.get("model"))),
            maker: plain(object.get("manufacturer").and_then(|m| m.get("name"))),
        },
        other => Field {
            text: plain(Some(other)),
            ..Field::default()
        },
    }
}

/// By its own address, else by what it has.
fn of_object(item: &Map<String, Value>) -> Option<Table> {
    let url = item.get("url").and_then(Value::as_str).unwrap_or_default();
    let by_url = Table::ALL
        .iter()
        .find(|table| url.contains(&format!("/{table}/")));
    let has: Vec<&str> = item.keys().map(String::as_str).collect();
    if url.is_empty() {
        of_fields(&has)
    } else {
        by_url.copied()
    }
}

fn of_fields(has: &[&str]) -> Option<Table> {
    let any = |names: &[&str]| names.iter().any(|name| has.contains(name));
    let all = |names: &[&str]| names.iter().all(|name| has.contains(name));
    let table = if all(&["voltage", "amperage"]) {
        Table::Feeds
    } else if any(&["maximum_draw", "allocated_draw"]) {
        Table::Ports
    } else if all(&["units", "rack"]) {
        Table::Reservations
    } else if any(&["face", "position", "device_type"]) || all(&["rack", "role"]) {
        Table::Devices
    } else if any(&["facility_id", "u_height"]) {
        Table::Racks
    } else if all(&["powerfeed_count", "site"]) {
        Table::Panels
    } else if any(&["time_zone", "physical_address", "asn_count"]) {
        Table::Sites
    } else if all(&["parent", "site"]) || all(&["vlan_groups", "site"]) {
        Table::Locations
    } else {
        return None;
    };
    Some(table)
}

/// By the file's name: `netbox_power_feeds.csv`, `racks (1).json`. Types, roles and groups are other tables.
fn named(file: &str) -> Option<Table> {
    let plain: String = file
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    if ["-type", "-role", "-group"]
        .iter()
        .any(|other| plain.contains(other))
    {
        return None;
    }
    // The longer names first: `rack-reservations` are no racks.
    let mut tables: Vec<Table> = Table::ALL.to_vec();
    tables.sort_by_key(|table| std::cmp::Reverse(table.code().len()));
    tables
        .into_iter()
        .find(|table| plain.contains(table.code()))
}
