//! NetBox's records to the nouns of a site: pure, and every row that stays out says why.
//!
//! A location is a hall, deeper ones are rows in it; a panel and its feeds are power nodes; the
//! primary feed of a rack is its feed A, the redundant one its feed B.

use super::power::{available, rating};
use super::racks::rack_row;
use super::records::Record;
use super::{Export, FeedPower, Here, Left, Mapped, NoSite, Note, Options, Table, Why};
use crate::domain::site::Leg;
use crate::domain::site::sheet::{Cell, FileRow, Noun, Sheet, Value};
use crate::domain::units::Watts;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What the only row of a hall is called.
pub(super) const ONLY_ROW: &str = "1";

/// Maps one site of the export.
///
/// Errors: where it is not clear which site is meant.
pub fn map(export: &Export, options: &Options, here: &Here) -> Result<Mapped, NoSite> {
    let site = chosen(export, options)?;
    let mut map = Map {
        export,
        options,
        here,
        site,
        out: Mapped::default(),
        racks: vec![],
        nodes: vec![],
    };
    map.pages();
    map.tenants();
    let panels = map.panels();
    let feeds = map.feeds(&panels);
    map.racks(&panels, &feeds);
    map.reservations();
    map.sheets();
    map.devices();
    Ok(map.out)
}

/// Name and slug of the site that is mapped; both empty where no file names one.
fn chosen(export: &Export, options: &Options) -> Result<(String, String), NoSite> {
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    for row in export.rows(Table::Sites) {
        all.insert(row.text("name").to_owned(), row.text("slug").to_owned());
    }
    for table in [Table::Locations, Table::Racks, Table::Panels] {
        for row in export.rows(table) {
            let site = row.text("site");
            if !site.is_empty() {
                all.entry(site.to_owned()).or_default();
            }
        }
    }
    let wanted = options.site.trim();
    if !wanted.is_empty() {
        let found = all
            .into_iter()
            .find(|(name, slug)| name == wanted || slug == wanted);
        return found.ok_or_else(|| NoSite::Unknown(wanted.to_owned()));
    }
    if all.len() > 1 {
        return Err(NoSite::Many(all.into_keys().collect()));
    }
    Ok(all.into_iter().next().unwrap_or_default())
}

/// A rack that is taken.
pub(super) struct Rack<'a> {
    pub(super) record: &'a Record,
    pub(super) name: String,
    pub(super) hall: String,
    pub(super) row: String,
    pub(super) feeds: Vec<String>,
    pub(super) leg: Option<Leg>,
    pub(super) limit: Watts,
}

pub(super) struct Feed<'a> {
    pub(super) record: &'a Record,
    pub(super) name: String,
    pub(super) three: bool,
    pub(super) leg: Option<Leg>,
    pub(super) power: Watts,
    pub(super) volts: i64,
    pub(super) amps: i64,
    pub(super) percent: i64,
    pub(super) panel: String,
}

pub(super) struct Panel<'a> {
    pub(super) record: &'a Record,
    pub(super) name: String,
}

/// A power node as it is written to the sheet.
pub(super) struct Node {
    pub(super) line: u64,
    pub(super) cells: Vec<Cell>,
}

pub(super) struct Map<'a> {
    pub(super) export: &'a Export,
    pub(super) options: &'a Options,
    pub(super) here: &'a Here,
    pub(super) site: (String, String),
    pub(super) out: Mapped,
    pub(super) racks: Vec<Rack<'a>>,
    pub(super) nodes: Vec<Node>,
}

impl<'a> Map<'a> {
    pub(super) fn leave(&mut self, table: Table, name: &str, why: Why, detail: &str) {
        self.out.left.push(Left {
            table,
            name: name.to_owned(),
            why,
            detail: detail.to_owned(),
        });
    }

    pub(super) fn note(&mut self, note: Note, count: usize, text: impl Into<String>) {
        if count > 0 {
            self.out.notes.push((note, count as i64, text.into()));
        }
    }

    /// Rows of a table that belong to the site; the others are left out.
    pub(super) fn own(&mut self, table: Table) -> Vec<&'a Record> {
        let (mine, others): (Vec<_>, Vec<_>) = self.export.rows(table).iter().partition(|row| {
            let site = row.text("site");
            site.is_empty() || site == self.site.0
        });
        for row in others {
            self.leave(table, &row.display(), Why::OtherSite, row.text("site"));
        }
        mine
    }

    /// Lists of which only a page was handed in.
    fn pages(&mut self) {
        for table in Table::ALL {
            let (have, all) = (
                self.export.count(*table),
                self.export.counts.get(table).copied().unwrap_or_default(),
            );
            if have < all {
                self.note(Note::Pages, all - have, table.code());
            }
        }
    }

    fn tenants(&mut self) {
        let names = self
            .export
            .rows(Table::Tenants)
            .iter()
            .map(|row| row.text("name"));
        let mut seen = HashSet::new();
        self.out.tenants = names
            .filter(|name| !name.is_empty() && seen.insert(*name))
            .map(str::to_owned)
            .collect();
        self.note(Note::Tenants, self.out.tenants.len(), "");
    }

    fn panels(&mut self) -> Vec<Panel<'a>> {
        let mut panels = vec![];
        for record in self.own(Table::Panels) {
            match record.text("name") {
                "" => self.leave(Table::Panels, "", Why::NoName, ""),
                name => panels.push(Panel {
                    record,
                    name: name.to_owned(),
                }),
            }
        }
        panels
    }

    /// The feeds in service; every panel that has one becomes a node, and each of them.
    fn feeds(&mut self, panels: &[Panel<'a>]) -> Vec<Feed<'a>> {
        let records = self.own(Table::Feeds);
        let mut names: HashMap<&str, usize> = HashMap::new();
        let named = records.iter().map(|r| r.text("name"));
        for name in named.chain(panels.iter().map(|p| p.name.as_str())) {
            *names.entry(name).or_default() += 1;
        }
        let mut feeds: Vec<Feed> = vec![];
        let mut renamed = 0;
        for record in records {
            match feed(record, panels) {
                Err((why, detail)) => {
                    self.leave(Table::Feeds, record.text("name"), why, &detail);
                }
                Ok(mut feed) => {
                    // A feed's name is its own in its panel only.
                    if names.get(feed.name.as_str()).is_some_and(|n| *n > 1) {
                        feed.name = format!("{} / {}", feed.panel, feed.name);
                        renamed += 1;
                    }
                    feeds.push(feed);
                }
            }
        }
        self.note(Note::RenamedFeeds, renamed, "");
        self.legs(&mut feeds);
        self.power_nodes(panels, &feeds);
        feeds
    }

    /// NetBox does not know the leg of a single-phase feed: in turn, panel by panel; the two feeds
    /// of one rack on the same.
    fn legs(&mut self, feeds: &mut [Feed]) {
        let mut turns: HashMap<String, usize> = HashMap::new();
        let mut of_rack: HashMap<String, Leg> = HashMap::new();
        let mut guessed = 0;
        for feed in feeds.iter_mut().filter(|feed| !feed.three) {
            let rack = feed.record.field("rack");
            let rack = rack_key(rack.id, &rack.text);
            let other = rack.as_ref().and_then(|rack| of_rack.get(rack));
            let known = self.here.legs.get(&feed.name).or(other).copied();
            let leg = known.unwrap_or_else(|| {
                let turn = turns.entry(feed.panel.clone()).or_default();
                *turn += 1;
                guessed += 1;
                Leg::ALL[(*turn - 1) % Leg::ALL.len()]
            });
            feed.leg = Some(leg);
            if let Some(rack) = rack {
                of_rack.insert(rack, leg);
            }
        }
        self.note(Note::Legs, guessed, "");
    }

    fn power_nodes(&mut self, panels: &[Panel], feeds: &[Feed]) {
        let mut rated = 0;
        for panel in panels {
            let own = feeds.iter().filter(|feed| feed.panel == panel.name);
            let sum: Watts = own.map(|feed| rating(feed.power, feed.percent)).sum();
            if sum == Watts::ZERO {
                self.leave(Table::Panels, &panel.name, Why::NoRating, "");
                continue;
            }
            rated += 1;
            let mut cells = blank(Noun::Power);
            put(&mut cells, Noun::Power, "node", given(&panel.name));
            put(
                &mut cells,
                Noun::Power,
                "kind",
                Cell::Given(Value::Word("panel")),
            );
            put(
                &mut cells,
                Noun::Power,
                "rating_kw",
                Cell::Initial(Value::Watts(sum)),
            );
            let line = panel.record.line;
            self.nodes.push(Node { line, cells });
        }
        self.note(Note::PanelRatings, rated, "");
        for feed in feeds {
            let number = |n: i64| Cell::Given(Value::Decimal(Decimal::from(n)));
            let mut cells = blank(Noun::Power);
            let mut set = |code, cell| put(&mut cells, Noun::Power, code, cell);
            set("node", given(&feed.name));
            set("kind", Cell::Given(Value::Word("feed")));
            set("parent", given(&feed.panel));
            let rating = rating(feed.power, feed.percent);
            set("rating_kw", Cell::Given(Value::Watts(rating)));
            set("volts", number(feed.volts));
            set("amps", number(feed.amps));
            let leg = feed.leg.map_or(Value::Empty, |leg| Value::Word(leg.code()));
            set("leg", Cell::Initial(leg));
            set("usable", number(feed.percent));
            let line = feed.record.line;
            self.nodes.push(Node { line, cells });
            self.out.feeds.push(FeedPower {
                name: feed.name.clone(),
                power: feed.power,
            });
        }
    }

    fn reservations(&mut self) {
        for row in self.export.rows(Table::Reservations) {
            let rack = row.field("rack");
            let tenant = row.text("tenant");
            self.leave(Table::Reservations, &rack.text, Why::Reservation, tenant);
        }
    }

    fn sheets(&mut self) {
        let mut racks = Sheet::empty(Noun::Racks);
        let mut heat: BTreeMap<&str, Watts> = BTreeMap::new();
        for rack in &self.racks {
            *heat.entry(&rack.hall).or_default() += rack.limit;
            racks.rows.push(rack_row(rack, self.options));
        }
        let mut zones = Sheet::empty(Noun::Zones);
        for (hall, watts) in &heat {
            let mut cells = blank(Noun::Zones);
            let mut set = |code, cell| put(&mut cells, Noun::Zones, code, cell);
            set("zone", given(hall));
            set(
                "kind",
                Cell::Initial(Value::Word(self.options.cooling.code())),
            );
            let units = vec![(ONLY_ROW.to_owned(), *watts)];
            set("units", Cell::Initial(Value::Units(units)));
            zones.rows.push(FileRow { line: 0, cells });
        }
        let (zone_count, limits) = (heat.len(), self.racks.len());
        let mut power = Sheet::empty(Noun::Power);
        let nodes = std::mem::take(&mut self.nodes).into_iter();
        power.rows = nodes
            .map(|Node { line, cells }| FileRow { line, cells })
            .collect();
        let sheets = [self.halls(), power, zones, racks];
        self.out.sheets = sheets.into_iter().filter(|s| !s.rows.is_empty()).collect();
        self.note(Note::Zones, zone_count, "");
        if self.options.limit.is_none() {
            self.note(Note::Limits, limits, "");
        }
    }

    /// Top locations, also those without a rack yet.
    fn halls(&self) -> Sheet {
        let mut sheet = Sheet::empty(Noun::Halls);
        for row in self.export.rows(Table::Locations) {
            let own = row.text("site").is_empty() || row.text("site") == self.site.0;
            if own && row.text("parent").is_empty() && !row.text("name").is_empty() {
                let mut cells = vec![Cell::Absent; Noun::Halls.columns().len()];
                put(&mut cells, Noun::Halls, "hall", given(row.text("name")));
                sheet.rows.push(FileRow {
                    line: row.line,
                    cells,
                });
            }
        }
        sheet
    }
}

fn feed<'a>(record: &'a Record, panels: &[Panel]) -> Result<Feed<'a>, (Why, String)> {
    let name = record.text("name");
    let status = record.choice("status");
    if name.is_empty() {
        return Err((Why::NoName, String::new()));
    }
    if !matches!(status.as_str(), "" | "active") {
        return Err((Why::Status, record.text("status").to_owned()));
    }
    let panel = record.text("power_panel");
    if !panels.iter().any(|p| p.name == panel) {
        return Err((Why::NoPanel, panel.to_owned()));
    }
    let number = |code: &str| {
        let bad = || (Why::BadNumber, format!("{code}: {}", record.text(code)));
        record.whole(code).ok_or_else(bad)
    };
    let (volts, amps) = (number("voltage")?.abs(), number("amperage")?);
    let percent = match record.text("max_utilization") {
        "" => 80,
        _ => number("max_utilization")?,
    };
    let three = record.choice("phase") == "three-phase";
    let own = record.whole("available_power").map(Watts);
    let power = own.or_else(|| available(volts, amps, percent, three));
    match power {
        Some(power) if power.0 > 0 && amps > 0 && (1..=100).contains(&percent) => Ok(Feed {
            record,
            name: name.to_owned(),
            three,
            leg: None,
            power,
            volts,
            amps,
            percent,
            panel: panel.to_owned(),
        }),
        _ => Err((Why::BadNumber, format!("{volts} V, {amps} A, {percent} %"))),
    }
}

pub(super) fn blank(noun: Noun) -> Vec<Cell> {
    vec![Cell::Absent; noun.columns().len()]
}

pub(super) fn put(cells: &mut [Cell], noun: Noun, code: &str, cell: Cell) {
    cells[noun.at(code)] = cell;
}

pub(super) fn given(name: &str) -> Cell {
    Cell::Given(Value::text(name))
}

/// How other tables name a row: JSON by id, CSV by its display name.
pub(super) fn rack_key(id: Option<i64>, display: &str) -> Option<String> {
    match id {
        Some(id) => Some(format!("#{id}")),
        None => (!display.is_empty()).then(|| display.to_owned()),
    }
}

pub(super) fn keys_of(record: &Record) -> Vec<String> {
    let id = record.id().map(|id| format!("#{id}"));
    id.into_iter().chain([record.display()]).collect()
}
