//! Racks: where they stand, what they are called, what they hang on.

use super::map::{Feed, Map, ONLY_ROW, Panel, Rack, blank, given, keys_of, put, rack_key};
use super::records::Record;
use super::{Note, Options, Table, Why};
use crate::domain::site::Leg;
use crate::domain::site::sheet::{Cell, FileRow, Noun, Value};
use crate::domain::units::Watts;
use std::collections::HashMap;

/// Of a rack that NetBox gives no height.
const USUAL_HEIGHT: i64 = 42;

impl Map<'_> {
    pub(super) fn racks(&mut self, panels: &[Panel], feeds: &[Feed]) {
        let records = self.own(Table::Racks);
        let site = self.site.0.clone();
        let places = Places::of(self.export.rows(Table::Locations), &site);
        let names = rack_names(&records);
        let mut fed: HashMap<String, Vec<&Feed>> = HashMap::new();
        for feed in feeds {
            let rack = feed.record.field("rack");
            if let Some(key) = rack_key(rack.id, &rack.text) {
                fed.entry(key).or_default().push(feed);
            }
        }
        let (mut renamed, mut unfed, mut rented) = (0, 0, 0);
        for (record, name) in records.into_iter().zip(names) {
            let status = record.choice("status");
            if name.is_empty() {
                self.leave(Table::Racks, "", Why::NoName, "");
                continue;
            }
            if matches!(status.as_str(), "planned" | "deprecated") {
                self.leave(
                    Table::Racks,
                    &record.display(),
                    Why::Status,
                    record.text("status"),
                );
                continue;
            }
            let own = keys_of(record).into_iter().filter_map(|key| fed.get(&key));
            let own: Vec<&Feed> = own.flatten().copied().collect();
            let (hall, row) = places.of_rack(record);
            let Some(supply) = self.supply(record, &own, panels, feeds) else {
                continue;
            };
            renamed += usize::from(name != record.text("name"));
            unfed += usize::from(own.is_empty());
            rented += usize::from(!record.text("tenant").is_empty());
            self.racks.push(Rack {
                record,
                name,
                hall,
                row,
                feeds: supply.names,
                leg: supply.leg,
                limit: self.options.limit.unwrap_or(supply.limit),
            });
        }
        self.note(Note::RenamedRacks, renamed, "");
        self.note(Note::NestedRows, places.nested(), "");
        self.note(Note::Unfed, unfed, "");
        self.note(Note::Rented, rented, "");
    }

    /// What a rack hangs on; `None` where it hangs on nothing and stays out.
    fn supply(
        &mut self,
        record: &Record,
        own: &[&Feed],
        panels: &[Panel],
        feeds: &[Feed],
    ) -> Option<Supply> {
        let mut own = own.to_vec();
        own.sort_by_key(|feed| {
            let order = if feed.record.choice("type") == "redundant" {
                1
            } else {
                0
            };
            (order, feed.name.clone())
        });
        for feed in own.iter().skip(2) {
            self.leave(Table::Feeds, &feed.name, Why::ThirdFeed, &record.display());
        }
        own.truncate(2);
        if let Some(limit) = own.iter().map(|feed| feed.power).min() {
            return Some(Supply {
                names: own.iter().map(|feed| feed.name.clone()).collect(),
                leg: own.iter().find_map(|feed| feed.leg),
                limit,
            });
        }
        if !self.options.unfed_on_panel {
            self.leave(Table::Racks, &record.display(), Why::NoFeed, "");
            return None;
        }
        let place = record.text("location");
        let mut here = panels
            .iter()
            .filter(|panel| panel.record.text("location") == place);
        let panel = match (here.next(), here.next()) {
            (Some(panel), None) => panel,
            _ => {
                self.leave(Table::Racks, &record.display(), Why::NoPanel, place);
                return None;
            }
        };
        let feeds = feeds.iter().filter(|feed| feed.panel == panel.name);
        let limit: Watts = feeds.map(|feed| feed.power).sum();
        if limit == Watts::ZERO {
            self.leave(Table::Racks, &record.display(), Why::NoRating, &panel.name);
            return None;
        }
        Some(Supply {
            names: vec![panel.name.clone()],
            leg: None,
            limit,
        })
    }
}

struct Supply {
    names: Vec<String>,
    leg: Option<Leg>,
    limit: Watts,
}

pub(super) fn rack_row(rack: &Rack, options: &Options) -> FileRow {
    let mut cells = blank(Noun::Racks);
    let mut set = |code, cell| put(&mut cells, Noun::Racks, code, cell);
    set("hall", given(&rack.hall));
    set("row", given(&rack.row));
    set("rack", given(&rack.name));
    set("kind", Cell::Initial(Value::Word("frame")));
    let height = rack.record.whole("u_height").filter(|height| *height > 0);
    let slots = options.slots.or(height).unwrap_or(USUAL_HEIGHT);
    set("slots", Cell::Initial(Value::Whole(slots)));
    set("limit_kw", Cell::Initial(Value::Watts(rack.limit)));
    let phase = rack.leg.map_or("three", Leg::code);
    set("phase", Cell::Initial(Value::Word(phase)));
    set(
        "feed_a",
        given(rack.feeds.first().map_or("", String::as_str)),
    );
    set(
        "feed_b",
        given(rack.feeds.get(1).map_or("", String::as_str)),
    );
    set("zone", Cell::Initial(Value::text(&rack.hall)));
    FileRow {
        line: rack.record.line,
        cells,
    }
}

/// A rack's name is its own in its location only: one that comes twice in the site is called as
/// NetBox shows it (with its facility id), or by its location too.
fn rack_names(records: &[&Record]) -> Vec<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for record in records {
        for name in [record.text("name").to_owned(), record.display()] {
            *counts.entry(name).or_default() += 1;
        }
    }
    let several = |record: &Record, name: &str| {
        let twice = if name == record.text("name") && name == record.display() {
            2
        } else {
            1
        };
        counts.get(name).is_some_and(|count| *count > twice)
    };
    let name = |record: &&Record| {
        let (name, display) = (record.text("name"), record.display());
        if !several(record, name) {
            name.to_owned()
        } else if !several(record, &display) {
            display
        } else {
            format!("{} / {display}", record.text("location"))
        }
    };
    records.iter().map(name).collect()
}

/// Where a location stands: its top one is the hall, what is between is the row.
struct Places<'a> {
    parents: HashMap<&'a str, &'a str>,
    site: &'a str,
}

impl<'a> Places<'a> {
    fn of(locations: &'a [Record], site: &'a str) -> Self {
        let own = locations.iter().filter(|row| {
            let of = row.text("site");
            of.is_empty() || of == site
        });
        let parents = own.map(|row| (row.text("name"), row.text("parent")));
        Self {
            parents: parents.collect(),
            site,
        }
    }

    fn nested(&self) -> usize {
        self.parents
            .values()
            .filter(|parent| !parent.is_empty())
            .count()
    }

    fn of_rack(&self, rack: &Record) -> (String, String) {
        let mut path = vec![];
        let mut at = rack.text("location");
        while !at.is_empty() && path.len() <= self.parents.len() {
            path.push(at);
            at = self.parents.get(at).copied().unwrap_or_default();
        }
        let hall = path.pop().unwrap_or(if self.site.is_empty() {
            ONLY_ROW
        } else {
            self.site
        });
        path.reverse();
        let row = match path.join(" / ") {
            row if row.is_empty() => prefix(rack.text("name")),
            row => row,
        };
        (hall.to_owned(), row)
    }
}

/// The row that a rack's name tells: `А-01` stands in А, `К1-4` in К1; a mere number in row 1.
fn prefix(name: &str) -> String {
    let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let row = letters.trim_end_matches(['-', '.', '_', ' ', '/']);
    if row.is_empty() || letters == name {
        ONLY_ROW
    } else {
        row
    }
    .to_owned()
}
