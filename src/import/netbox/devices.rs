//! Devices: those that draw power for somebody become machines. Where they stand in NetBox is noted
//! only: a slot here is a booking's.

use super::map::{Map, blank, given, keys_of, put, rack_key};
use super::records::Record;
use super::{Note, Table, Why};
use crate::domain::fold::fold;
use crate::domain::site::machine::MachineState;
use crate::domain::site::sheet::{Cell, FileRow, Noun, Sheet, Value};
use crate::domain::units::Watts;
use std::collections::{HashMap, HashSet};

/// The most that a machine draws.
const MOST_WATTS: i64 = 1_000_000;
/// Words of a role (their beginnings) whose devices carry the power or the network of others.
const NOT_MACHINES: [&str; 11] = [
    "pdu",
    "ups",
    "switch",
    "router",
    "firewall",
    "patch",
    "network",
    "ибп",
    "коммутатор",
    "маршрутизатор",
    "сетев",
];

struct Machine {
    row: FileRow,
    watts: i64,
    placed: bool,
    guessed: bool,
}

impl<'a> Map<'a> {
    pub(super) fn devices(&mut self) {
        let draws = self.draws();
        let named = self.out.tenants.iter().filter(|_| self.here.makes_tenants);
        let mut tenants: HashSet<String> = named.map(|name| fold(name)).collect();
        tenants.extend(self.here.tenants.iter().cloned());
        let mut seen: HashSet<String> = HashSet::new();
        let mut sheet = Sheet::empty(Noun::Machines);
        let (mut watts, mut placed, mut guessed) = (0, 0, 0);
        for device in self.own(Table::Devices) {
            match self.machine(device, &draws, &tenants, &mut seen) {
                Ok(machine) => {
                    watts += machine.watts;
                    placed += usize::from(machine.placed);
                    guessed += usize::from(machine.guessed);
                    sheet.rows.push(machine.row);
                }
                Err((why, detail)) => {
                    self.leave(Table::Devices, device.text("name"), why, &detail);
                }
            }
        }
        self.note(Note::Machines, sheet.rows.len(), "");
        if watts > 0 {
            let sum = Watts(watts).kilo().normalize().to_string();
            self.note(Note::Draw, sheet.rows.len(), sum);
        }
        self.note(Note::Placed, placed, "");
        self.note(Note::MachineGuess, guessed, "");
        if !sheet.rows.is_empty() {
            self.out.sheets.push(sheet);
        }
    }

    /// What the power ports of each device may draw together.
    fn draws(&self) -> HashMap<String, i64> {
        let mut draws: HashMap<String, i64> = HashMap::new();
        for port in self.export.rows(Table::Ports) {
            let watts = port
                .whole("maximum_draw")
                .or_else(|| port.whole("allocated_draw"));
            let device = port.field("device");
            if let (Some(key), Some(watts)) = (rack_key(device.id, &device.text), watts) {
                let sum = draws.entry(key).or_default();
                *sum = sum.saturating_add(watts);
            }
        }
        draws
    }

    fn machine(
        &self,
        device: &Record,
        draws: &HashMap<String, i64>,
        tenants: &HashSet<String>,
        seen: &mut HashSet<String>,
    ) -> Result<Machine, (Why, String)> {
        is_machine(device)?;
        let serial = match (device.text("serial"), device.text("asset_tag")) {
            ("", "") => return Err((Why::NoSerial, String::new())),
            ("", tag) => tag,
            (serial, _) => serial,
        };
        let tenant = device.text("tenant");
        if !tenants.contains(&fold(tenant)) {
            return Err((Why::NoTenant, tenant.to_owned()));
        }
        let model = model(device).ok_or((Why::NoModel, String::new()))?;
        let listed = self.here.models.get(&fold(&model)).copied();
        let draw = keys_of(device).into_iter().find_map(|key| draws.get(&key));
        let draw = draw.copied().filter(|w| (1..=MOST_WATTS).contains(w));
        if draw.is_none() && listed.is_none() {
            return Err((Why::NoDraw, model));
        }
        if !seen.insert(fold(serial)) {
            return Err((Why::SameSerial, serial.to_owned()));
        }
        let mut cells = blank(Noun::Machines);
        let mut set = |code, value| put(&mut cells, Noun::Machines, code, Cell::Initial(value));
        set("tenant", Value::text(tenant));
        set("model", Value::text(&model));
        set("watts", draw.map_or(Value::Empty, Value::Whole));
        // The catalogue says it, or it is a guess.
        if listed.is_none() {
            let kind = self.options.cooling.code();
            set("cooling", Value::Word(kind));
        }
        if listed != Some(true) {
            set("supply", Value::Word("single"));
        }
        set("state", Value::Word(state(device).code()));
        let place = place(device);
        set("note", Value::text(&place));
        put(&mut cells, Noun::Machines, "serial", given(serial));
        Ok(Machine {
            watts: draw.unwrap_or_default(),
            placed: !place.is_empty(),
            guessed: listed != Some(true),
            row: FileRow {
                line: device.line,
                cells,
            },
        })
    }
}

/// What gives others power, network or ports is no machine of a tenant.
fn is_machine(device: &Record) -> Result<(), (Why, String)> {
    let counts = [
        "power_outlet_count",
        "console_server_port_count",
        "front_port_count",
        "rear_port_count",
    ];
    let has = |name: &&str| device.whole(name).is_some_and(|count| count > 0);
    if counts.iter().any(has) {
        return Err((Why::Outlets, String::new()));
    }
    let role = device.text("role");
    let folded = fold(role);
    let mut words = folded.split(|c: char| !c.is_alphanumeric());
    if words.any(|word| NOT_MACHINES.iter().any(|start| word.starts_with(start))) {
        return Err((Why::Role, role.to_owned()));
    }
    Ok(())
}

/// Maker and type, as the catalogue calls them. A CSV has the type in a column of that name.
fn model(device: &Record) -> Option<String> {
    let kind = device.field("device_type");
    let (maker, name) = match (kind.name.as_str(), kind.text.as_str()) {
        ("", "") => (device.text("manufacturer"), device.text("type")),
        ("", text) => (device.text("manufacturer"), text),
        (name, _) => (kind.maker.as_str(), name),
    };
    let both = format!("{maker} {name}").trim().to_owned();
    (!name.is_empty()).then_some(both)
}

/// What has failed is in repair; what is planned is yet to come; the rest is here.
fn state(device: &Record) -> MachineState {
    match device.choice("status").as_str() {
        "planned" => MachineState::Expected,
        "failed" => MachineState::Repair,
        _ => MachineState::Received,
    }
}

/// `NetBox: А-01 (K1A01), U5`; empty where it stands in no rack.
fn place(device: &Record) -> String {
    let rack = device.text("rack");
    let unit = device.text("position").trim_end_matches(".0");
    match (rack, unit) {
        ("", _) => String::new(),
        (rack, "") => format!("NetBox: {rack}"),
        (rack, unit) => format!("NetBox: {rack}, U{unit}"),
    }
}
